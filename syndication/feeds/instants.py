"""Instants as feeds state them: in the Gregorian calendar, in Tehran's offset of that day."""

from datetime import UTC, datetime
from email.utils import format_datetime

from persian.calendars import TEHRAN


def tehran(moment: datetime) -> datetime:
    """The same instant on a clock in Tehran, to the second.

    Before 1946 that clock was 3:25:44 ahead, which neither RFC 3339 nor RFC 5322 can write; such an instant is in UTC.
    """
    local = moment.astimezone(TEHRAN).replace(microsecond=0)
    offset = local.utcoffset()
    return local if offset is not None and offset.seconds % 60 == 0 else local.astimezone(UTC)


def rfc3339(moment: datetime) -> str:
    """As Atom and JSON Feed write it: 2021-12-06T09:19:00+03:30."""
    return tehran(moment).isoformat()


def rfc822(moment: datetime) -> str:
    """As RSS writes it: Mon, 06 Dec 2021 09:19:00 +0330."""
    return format_datetime(tehran(moment))
