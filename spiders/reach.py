"""How much of a newsroom a run asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from persian.dates import parse_period


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """`since` and `until` are instants in UTC (half-open); a `full` run reads again what the archive knows.

    `after` is the number of the newest crawl, 0 for none, that whoever asks for this one knows of: where another one
    has begun since, there is nothing to do.
    """

    since: datetime | None = None
    until: datetime | None = None
    full: bool = False
    limit: int | None = None
    after: int | None = None

    @classmethod
    def of_words(cls, words: Mapping[str, Any]) -> Self:
        """The reach that `scrapy crawl -a name=value` words state; raises `DateError` or `ValueError`."""
        since, until, full, limit = (words.get(name) for name in ("since", "until", "full", "limit"))
        return cls(
            since=parse_period(since).start if since else None,
            until=parse_period(until).end if until else None,
            full=str(full or "").lower() in ("1", "true", "yes"),
            limit=int(limit) if limit else None,
        )

    @property
    def partial(self) -> bool:
        """A run that leaves some out can't say that all that is listed has been seen."""
        return bool(self.since or self.until or self.limit)

    def includes(self, moment: datetime) -> bool:
        return (self.since is None or moment >= self.since) and (self.until is None or moment < self.until)
