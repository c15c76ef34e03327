"""How often one client may ask: so many requests in a window that begins with its first.

The header fields are those of draft-ietf-httpapi-ratelimit-headers-10, which say the policy and what is left of it.
Of a client two numbers are kept until its window ends, and of however many clients only the newest `MOST`: a flood of
addresses makes the oldest begin anew, and takes no memory.
"""

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from threading import Lock
from time import monotonic
from typing import Final, Self

from syndication.errors import WrongSetting

UNITS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
NONE: Final = "none"
MOST: Final = 50_000  # clients that are remembered, some ten megabytes
STATED: Final = re.compile(rf"([1-9][0-9]{{0,8}})\s*/\s*({'|'.join(UNITS)})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds."""

    requests: int
    seconds: int

    @classmethod
    def parse(cls, stated: str) -> Self | None:
        """From "120/minute"; None for "none". Raises `WrongSetting`."""
        if stated.strip().lower() == NONE:
            return None
        parts = STATED.fullmatch(stated.strip())
        if parts is None:
            raise WrongSetting(f'MONADI_RATE: {stated!r} is no rate; write one like "120/minute", or "none"')
        return cls(int(parts[1]), UNITS[parts[2].lower()])


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a client has left: `left` requests, none of which this one was if `refused`, until in `reset` seconds."""

    rate: Rate
    left: int
    reset: int
    refused: bool

    @property
    def headers(self) -> dict[str, str]:
        fields = {
            "RateLimit-Policy": f'"client";q={self.rate.requests};w={self.rate.seconds}',
            "RateLimit": f'"client";r={self.left};t={self.reset}',
        }
        return fields | ({"Retry-After": str(self.reset)} if self.refused else {})


class Limiter:
    """Counts the requests of clients; `clock` tells seconds that never go back."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = monotonic, most: int = MOST) -> None:
        self._rate, self._clock, self._most = rate, clock, most
        self._lock = Lock()
        self._windows: OrderedDict[str, tuple[float, int]] = OrderedDict()  # when each ends, and how many asked in it

    def __len__(self) -> int:
        return len(self._windows)

    def ask(self, client: str) -> Allowance:
        """Count a request of a client."""
        now = self._clock()
        with self._lock:
            self._forget(now, self._most - (client not in self._windows))
            end, asked = self._windows.get(client, (now + self._rate.seconds, 0))
            refused = asked >= self._rate.requests
            self._windows[client] = end, asked if refused else asked + 1
        left = max(0, self._rate.requests - asked - 1)
        return Allowance(self._rate, left, max(1, ceil(end - now)), refused)

    def _forget(self, now: float, most: int) -> None:
        """Drop what has ended, and the oldest of more than `most`: windows, all of one length, end in their order."""
        while self._windows:
            client, (end, _) = next(iter(self._windows.items()))
            if end > now and len(self._windows) <= most:
                return
            del self._windows[client]
