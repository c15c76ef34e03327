"""Whose clock a page's dates refer to."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from web_poet import HttpResponse

WRONG = timedelta(days=366)  # between a site's clock and ours: by such a one nothing is counted


def site_clock(response: HttpResponse, fetched_at: datetime) -> datetime:
    """The instant at which the site made the page, by its own clock: «۲ ساعت پیش» was counted on that one.

    A page that states no `Date` (a recording, a damaged header) was made when it was fetched.
    """
    stated = response.headers.get("Date")
    if not stated:
        return fetched_at
    try:
        told = parsedate_to_datetime(stated).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return fetched_at
    return told if abs(told - fetched_at) < WRONG else fetched_at
