"""Whose clock a page's dates refer to."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from web_poet import HttpResponse


def site_clock(response: HttpResponse, fetched_at: datetime) -> datetime:
    """The instant at which the site made the page, by its own clock: «۲ ساعت پیش» was counted on that one.

    A page that states no `Date` (a recording, a damaged header) was made when it was fetched.
    """
    stated = response.headers.get("Date")
    if not stated:
        return fetched_at
    try:
        return parsedate_to_datetime(stated).astimezone(UTC)
    except (ValueError, TypeError):
        return fetched_at
