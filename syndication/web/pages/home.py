"""The home page: the newest releases by day, and the provinces."""

from datetime import datetime, time

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive import Query, answers, facets
from persian.calendars import TEHRAN
from syndication.web.drawings import tile_map
from syndication.web.room import Room
from syndication.web.search import PAGE, Search


def home(room: Room, request: Request) -> Response:
    """An address with words is that of a search: feeds link to the page of their query in this form."""
    if request.query_params:
        return RedirectResponse(room.views.to(Search.of(request.query_params).path))
    with room.reading() as connection:
        items = list(answers.select(connection, Query(limit=PAGE + 1), room.archive.index))
        shown = items[:PAGE]
        more = answers.cursor_after(connection, shown[-1].id) if len(items) > PAGE else None
        today = _today(connection, room)
    counts = room.counted.now()
    return room.views.page(
        request,
        "home.html",
        place="/",
        days=room.by_day(shown),
        total=counts.total,
        following=Search().page_after(more) if more else None,
        counts=counts.provinces,
        map=tile_map(room, today, name="today", told="today"),
    )


def _today(connection: sa.Connection, room: Room) -> dict[str, int]:
    """How many releases each province has published today, by its ISO code."""
    midnight = datetime.combine(datetime.now(TEHRAN).date(), time(), TEHRAN)
    counts = facets.counts(connection, Query(since=midnight), room.archive.index, by=("province",))
    return {iso: number for (iso,), number in counts}
