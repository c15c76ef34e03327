"""The hosts that a process reads, each asked at one pace whatever number of sources live there."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from spiders.errors import Busy
from spiders.politeness.pace import REFUSED, Pace, retry_after

MANY = 1_000  # connections to a host of which no source has said anything yet


class Host:
    """The door of one host: at most `connections` inside at once, and a delay between two that enter.

    Of several sources at one host the most careful counts.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.pace = Pace()
        self.connections = MANY
        self.inside = 0
        self.unsent: float | None = None  # the turn whose request is not on its way yet
        self.door = asyncio.Lock()  # passed in the order of arrival
        self.left = asyncio.Event()
        self.closed: Busy | None = None

    def join(self, *, delay: float, connections: int, free: bool = False) -> None:
        """Take in a source's pace; `free` says that it is a host of the operator's own."""
        first = self.connections == MANY
        self.connections = min(self.connections, connections)
        self.pace.free = free and (first or self.pace.free)
        self.pace.raise_to(delay)

    async def enter(self) -> float:
        """Wait for a turn; returns when the request began, for `leave`. Raises `Busy` when the host is past waiting."""
        async with self.door:
            while self.closed is None and (self.inside >= self.connections or self.unsent is not None):
                self.left.clear()
                await self.left.wait()
            while self.closed is None and (wait := self.pace.wait(self.clock())) > 0:  # noqa: ASYNC110
                await asyncio.sleep(min(wait, 1.0))  # the pace may change, or the host close, meanwhile
            if self.closed:
                raise self.closed
            self.inside += 1
            now = self.clock()
            self.pace.start(now)
            if self.pace.between:
                self.unsent = now
            return now

    def sent(self) -> None:
        """Note that a request has left: the delay runs from here, however long it waited for its connection or turn."""
        self.pace.start(self.clock())
        self.unsent = None
        self.left.set()

    def leave(self, began: float) -> None:
        self.inside -= 1
        if self.unsent == began:
            self.unsent = None
        self.left.set()

    def note(self, status: int, *, began: float, latency: float, after: str | None, date: str | None) -> float:
        """Learn from an answer; returns the seconds to back off. Raises `Busy` when they are more than a run waits."""
        if status not in REFUSED:
            self.pace.answered(latency, well=status == 200)  # noqa: PLR2004 - as in Scrapy's AutoThrottle
            return 0.0
        asked = retry_after(after, date=date)
        wait = self.pace.refused(self.clock(), began=began, after=asked)
        if wait is None:
            self.closed = Busy(_words(status, asked, self.pace.refusals), seconds=asked)
            self.left.set()
            raise self.closed
        return wait


def _words(status: int, asked: float | None, times: int) -> str:
    if asked is None:
        return f"it has too much to do ({status}, {times} times in a row)"
    try:
        moment = datetime.now(UTC) + timedelta(seconds=asked)
    except OverflowError:
        return f"it has too much to do ({status}) and asks us back in {asked:.0f} s"
    return f"it has too much to do ({status}) and asks us back after {moment:%Y-%m-%d %H:%M} UTC"


_hosts: dict[str, Host] = {}


def host(name: str) -> Host:
    """The one `Host` of this process for a host name, with or without its `www.`."""
    return _hosts.setdefault(name.lower().removeprefix("www."), Host())


def on_this_machine(name: str) -> bool:
    """Whether a host name as a URL spells it is this machine's own."""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
