"""The event loop of the server, which is not woken for an answer that needs no waiting."""

import asyncio
from collections.abc import Callable
from contextvars import Context
from types import CoroutineType
from typing import Any, Final

try:
    from uvloop import Loop as Base  # half again as many short answers a second
except ImportError:  # not made for Windows
    from asyncio import SelectorEventLoop as Base  # type: ignore[assignment]

GRANIAN: Final = "granian._futures"
"""Where granian hands a request over, as `call_soon_threadsafe(its own function, the request's coroutine, ...)`."""


class Loop(Base):
    """Begins a request in the thread of granian's that has read it, and takes over where the request first waits.

    To wake another thread, and to have two of them ask for the interpreter in turns, takes longer than to send what is
    held. So whatever a request does before its first `await` must be safe in any thread, and must not want a loop.
    Where granian hands requests over in another way they all begin here, which is slower and no different otherwise.
    """

    def call_soon_threadsafe(  # type: ignore[override]  # granian keeps no handle
        self, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.Handle | None:
        if args and isinstance(args[0], CoroutineType) and callback.__module__ == GRANIAN:
            try:
                args[0].send(None)
            except StopIteration:  # its first step was its last; no error comes out of granian's coroutine
                return None
        return super().call_soon_threadsafe(callback, *args, context=context)
