"""How many requests of one client are worked at together; its others wait, and nobody else's do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

MOST: Final = 4  # half of the threads that answer


class Turns:
    """Of one event loop."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._held: dict[str, tuple[asyncio.Semaphore, int]] = {}  # with how many ask for it, so that it can go again

    async def begun(self, client: str) -> AsyncExitStack:
        """Wait for a client's turn; closing what is returned ends it, and closing it again does nothing."""
        stack = AsyncExitStack()
        await stack.enter_async_context(self._turn(client))
        return stack

    @asynccontextmanager
    async def _turn(self, client: str) -> AsyncIterator[None]:
        semaphore, asking = self._held.get(client) or (asyncio.Semaphore(self._most), 0)
        self._held[client] = semaphore, asking + 1
        try:
            async with semaphore:
                yield
        finally:
            _, asking = self._held.pop(client)
            if asking > 1:
                self._held[client] = semaphore, asking - 1

    def __len__(self) -> int:
        return len(self._held)
