"""The status page: how every source fares."""

from starlette.requests import Request
from starlette.responses import Response

from archive import crawls
from syndication.omissions import OMISSIONS
from syndication.web import status as told
from syndication.web.room import Room


def status(room: Room, request: Request) -> Response:
    with room.archive.reading() as connection:
        newest, quarantined = crawls.latest(connection), crawls.quarantined(connection)
    lines = told.lines(newest, room, kept=room.counted.now().sources, quarantined=quarantined)
    visited = {line.source for line in lines}
    return room.views.page(
        request,
        "status.html",
        place="/status",
        lines=lines,
        summary=told.summary(lines, room.language),
        left_out=OMISSIONS.all(),
        unvisited=[source for source in room.catalogue.sources.values() if source.id not in visited],
    )
