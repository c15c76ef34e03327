"""One release."""

from starlette.requests import Request
from starlette.responses import Response

from syndication.web import dates
from syndication.web.room import Room


def article(room: Room, request: Request) -> Response:
    item = room.archive.article(request.path_params["id"])
    published, modified = item.article.published, item.article.modified
    feed = room.feed("source", item.article.source)
    return room.views.page(
        request,
        "article.html",
        feeds_of=[feed] if feed else [],
        feed=feed,
        item=item,
        history=room.archive.history(item.id),
        published=published and dates.of_published(published, room.language),
        modified=modified and dates.of_published(modified, room.language),
    )
