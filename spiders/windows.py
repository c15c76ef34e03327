"""The hours in which an office lets itself be visited: the `windows` of its entry, such as "08:00-14:30", in Tehran's
time. One may pass midnight.
"""

from datetime import datetime, time, timedelta

from persian.calendars import TEHRAN
from sources import Source

DAY = timedelta(days=1)


def is_open(office: Source, now: datetime) -> bool:
    """Whether the source's windows let it be visited now."""
    if not office.windows:
        return True
    clock = now.astimezone(TEHRAN).time()
    return any(_within(clock, window) for window in office.windows)


def opening(office: Source, moment: datetime) -> datetime | None:
    """The instant at which the source's windows open next after a moment; None where they are open at it."""
    if is_open(office, moment):
        return None
    there = moment.astimezone(TEHRAN)
    begins = [time.fromisoformat(window.partition("-")[0]) for window in office.windows]
    days = (there.date() + DAY * number for number in range(3))  # an hour that summer time skips is there a day later
    moments = (datetime.combine(day, begin, TEHRAN).astimezone(moment.tzinfo) for day in days for begin in begins)
    return min(each for each in moments if each > moment and is_open(office, each))


def _within(clock: time, window: str) -> bool:
    begin, end = (time.fromisoformat(part) for part in window.split("-"))
    return begin <= clock < end if begin <= end else clock >= begin or clock < end
