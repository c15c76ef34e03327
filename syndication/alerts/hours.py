"""When operators are told: quiet hours, and the hour of the weekly digest, both on Tehran's clock."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final, Self

from persian.calendars import TEHRAN
from syndication.charts.words import ENGLISH_DAYS
from syndication.errors import WrongSetting

CLOCK: Final = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
DAYS: Final = tuple(day.lower() for day in ENGLISH_DAYS)
WEEK: Final = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Quiet:
    """Hours of the day; `end` may be before `begin`, after midnight. The same twice is none."""

    begin: time = time()
    end: time = time()

    @classmethod
    def read(cls, written: str) -> Self:
        """From the setting `MONADI_QUIET` ("22:00-07:00", "" for none); raises `WrongSetting`."""
        if not written:
            return cls()
        if not re.fullmatch(f"{CLOCK}-{CLOCK}", written):
            raise WrongSetting(f'MONADI_QUIET: {written!r} are no hours; write them like "22:00-07:00", in Tehran')
        begin, _, end = written.partition("-")
        return cls(begin=time.fromisoformat(begin), end=time.fromisoformat(end))

    def holds(self, moment: datetime) -> bool:
        clock = moment.astimezone(TEHRAN).time()
        if self.begin <= self.end:
            return self.begin <= clock < self.end
        return clock >= self.begin or clock < self.end


NEVER: Final = Quiet()


@dataclass(frozen=True, kw_only=True, slots=True)
class Weekly:
    """A day of the week (0 is Monday) and a time of it."""

    day: int
    clock: time

    @classmethod
    def read(cls, written: str) -> Self | None:
        """From the setting `MONADI_DIGEST` ("saturday 08:00"), None for "none"; raises `WrongSetting`."""
        if written.strip().lower() in ("", "none"):
            return None
        day, _, clock = written.strip().lower().partition(" ")
        if day not in DAYS or not re.fullmatch(CLOCK, clock.strip()):
            raise WrongSetting(f'MONADI_DIGEST: {written!r} is no time of the week; write one like "saturday 08:00"')
        return cls(day=DAYS.index(day), clock=time.fromisoformat(clock.strip()))

    def newest(self, now: datetime) -> datetime:
        """The newest such instant (UTC) that is not after `now`."""
        there = now.astimezone(TEHRAN)
        day = there.date() - timedelta(days=(there.weekday() - self.day) % WEEK)
        found = datetime.combine(day, self.clock, TEHRAN)
        if found > there:
            found = datetime.combine(day - timedelta(days=WEEK), self.clock, TEHRAN)
        return found.astimezone(UTC)
