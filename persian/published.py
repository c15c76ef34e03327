"""When something was published: an instant or a day, its precision, where it was read, and what was odd about it.

The value alone; `persian.dates` reads it of texts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final, Literal, Self

from persian.calendars import MONTHS, TEHRAN, WEEKDAYS, to_jalali
from persian.text import persian_digits

Precision = Literal["second", "minute", "day", "month"]

_NOON: Final = time(12)


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """When something was published, as far as its page says.

    `at` is the instant in UTC, None for the precisions "day" and "month"; `on` the Gregorian day in Tehran (of a month,
    its first); `raw` the very string that was read; `origin` the field it came from: page, meta, feed, listing.
    """

    at: datetime | None
    on: date
    precision: Precision
    raw: str
    origin: str = "page"
    flags: tuple[str, ...] = ()

    @property
    def gregorian(self) -> str:
        """RFC 3339 with Tehran's offset of that moment, or the day alone."""
        return (self.on if self.at is None else self.at.astimezone(TEHRAN)).isoformat()

    @property
    def jalali(self) -> str:
        """The Jalali date in the manner of ISO 8601, in Tehran's time without an offset: 1400-09-15T09:19:00."""
        return self._jalali(None if self.at is None else self.at.astimezone(TEHRAN))

    @property
    def rfc9557(self) -> str:
        """The Gregorian form with the zone and calendar suffixes of RFC 9557 §4."""
        return self._rfc9557(self.gregorian)

    @property
    def ordering(self) -> datetime:
        """An instant in UTC to sort by, and for formats that demand one; a day counts as its noon in Tehran."""
        return self.at or datetime.combine(self.on, _NOON, TEHRAN).astimezone(UTC)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of a record; `from_dict` is its inverse."""
        local = None if self.at is None else self.at.astimezone(TEHRAN)
        gregorian = (local or self.on).isoformat()
        return {
            "gregorian": gregorian,
            "jalali": self._jalali(local),
            "rfc9557": self._rfc9557(gregorian),
            "precision": self.precision,
            "raw": self.raw,
            "origin": self.origin,
            "flags": list(self.flags),
        }

    def _jalali(self, local: datetime | None) -> str:
        year, month, day = to_jalali(self.on)
        if self.precision == "month":
            return f"{year}-{month:02}"
        clock = "" if local is None else f"T{local.time().isoformat()}"
        return f"{year}-{month:02}-{day:02}{clock}"

    def _rfc9557(self, gregorian: str) -> str:
        return f"{gregorian}{'' if self.at is None else '[Asia/Tehran]'}[u-ca=persian]"

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Self:
        """What `to_dict` gave: gregorian, precision, raw, origin and flags are read. Raises KeyError, ValueError."""
        moment = datetime.fromisoformat(value["gregorian"])
        exact = value["precision"] in {"second", "minute"}
        return cls(
            at=moment.astimezone(UTC) if exact else None,
            on=moment.date(),
            precision=value["precision"],
            raw=value["raw"],
            origin=value["origin"],
            flags=tuple(value["flags"]),
        )


def written(published: Published) -> str:
    """As a Persian reader writes it: «دوشنبه ۱۵ آذر ۱۴۰۰، ۰۹:۱۹», a day without its time, a month as «آذر ۱۴۰۰»."""
    year, month, day = to_jalali(published.on)
    if published.precision == "month":
        return persian_digits(f"{MONTHS[month - 1]} {year}")
    clock = "" if published.at is None else f"، {published.at.astimezone(TEHRAN):%H:%M}"
    return persian_digits(f"{WEEKDAYS[published.on.weekday()]} {day} {MONTHS[month - 1]} {year}{clock}")
