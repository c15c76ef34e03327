"""The home page: the newest releases by day, and the provinces."""

from datetime import datetime, time

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive import Query
from persian.dates import TEHRAN
from syndication.web.room import Room
from syndication.web.search import PAGE, Search


def home(room: Room, request: Request) -> Response:
    """An address with words is that of a search: feeds link to the page of their query in this form."""
    if request.query_params:
        return RedirectResponse(room.views.to(Search.of(request.query_params).path))
    items = list(room.archive.articles(Query(limit=PAGE + 1)))
    shown = items[:PAGE]
    more = room.archive.cursor_after(shown[-1]) if len(items) > PAGE else None
    counts = room.counted.now()
    return room.views.page(
        request,
        "home.html",
        place="/",
        days=room.by_day(shown),
        total=counts.total,
        following=Search().page_after(more) if more else None,
        counts=counts.provinces,
        today=_today(room),
    )


def _today(room: Room) -> dict[str, int]:
    """How many releases each province has published today, by its ISO code."""
    midnight = datetime.combine(datetime.now(TEHRAN).date(), time(), TEHRAN)
    counts = room.archive.counts(Query(since=midnight), by=("province",))
    return {iso: number for (iso,), number in counts}
