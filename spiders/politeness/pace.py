"""How fast one host is asked: pure arithmetic on seconds, so that it can be tested without waiting.

The pace is the delay that the catalogue states, raised by a Crawl-delay and by the host's own slowness, and broken off
for a while when the host says 429 or 503. Clocks are passed in; they only have to run forward.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

SLOWEST = 60.0  # seconds between requests, whatever a Crawl-delay or a slow host would come to
HELD_UP = 0.05  # seconds more than are asked for: a request that is held up on its way comes closer to the next
PATIENCE = 900.0  # seconds of backing off in a row, after which a run ends instead
REFUSALS = 5  # answers of 429 or 503 in a row, after which a run ends
REFUSED = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


@dataclass(kw_only=True, slots=True)
class Pace:
    """The pace of one host. `free` is a host of the operator's own, whose slowness is nobody's but ours."""

    delay: float = 0.0
    free: bool = False
    between: float = field(init=False)  # seconds between two starts, now
    last: float = field(init=False, default=float("-inf"))  # the newest start
    shut_until: float = field(init=False, default=float("-inf"))
    refused_at: float = field(init=False, default=float("-inf"))
    refusals: int = field(init=False, default=0)  # in a row
    waited: float = field(init=False, default=0.0)  # for them

    def __post_init__(self) -> None:
        self.between = self.delay

    def raise_to(self, delay: float) -> None:
        """Keep at least `delay` from now on."""
        self.delay = max(self.delay, delay)
        self.between = max(self.between, self.delay)

    def wait(self, now: float) -> float:
        """Seconds until the next request may start; none or less is now."""
        between = self.between + HELD_UP if self.between else 0.0
        return max(self.last + between, self.shut_until) - now

    def start(self, now: float) -> None:
        self.last = now

    def answered(self, latency: float, *, well: bool) -> None:
        """Follow the host's latency, never below the stated delay; only an answer that is well may quicken the pace.

        The rule is that of Scrapy's AutoThrottle with a target concurrency of one: at once up to the latency, and
        halfway down towards it.
        """
        if well:
            self.refusals, self.waited = 0, 0.0
        if not self.free:
            aimed = max(latency, (self.between + latency) / 2, self.delay)
            aimed = min(aimed, max(SLOWEST, self.delay))
            self.between = aimed if well else max(aimed, self.between)

    def refused(self, now: float, *, began: float, after: float | None) -> float | None:
        """Break off after an answer of 429 or 503 to a request that `began`; `after` is what its Retry-After says.

        Returns the seconds for which nothing is asked, or None when that would be longer than a run waits.
        """
        if began < self.refused_at:  # it was under way when the host first said so
            return max(self.shut_until - now, 0.0)
        self.refused_at = now
        self.refusals += 1
        wait = max(1.0, 2 * self.delay) * 2 ** (self.refusals - 1) if after is None else after
        self.shut_until = now + wait
        self.waited += wait
        return None if self.refusals >= REFUSALS or self.waited > PATIENCE else wait


def retry_after(value: str | None, *, date: str | None = None, now: datetime | None = None) -> float | None:
    """The seconds of a Retry-After (RFC 9110 §10.2.3), none below zero; None where it says nothing that can be read.

    A moment is measured from the answer's own `Date`, since a host's clock may be wrong; without one from `now`.
    """
    value = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,12}", value):
        return float(value)
    moment = _moment(value)
    if moment is None:
        return None
    return max((moment - (_moment(date) or now or datetime.now(UTC))).total_seconds(), 0.0)


def _moment(value: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value or "")
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC)
