"""The directory of feeds."""

from starlette.requests import Request
from starlette.responses import Response

from syndication import directory as listed
from syndication.web.room import Room


def directory(room: Room, request: Request) -> Response:
    return room.views.page(request, "feeds.html", place="/feeds/", groups=listed.by_kind(room.catalogue))
