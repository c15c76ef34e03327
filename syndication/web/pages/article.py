"""One release: as it reads now, and as each of its revisions read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from archive import ArchivedArticle, Revision, articles, copies
from archive.copies import Copy
from archive.differences import Class, compare
from archive.mementos import Memento
from syndication import permalinks
from syndication.exports import citation
from syndication.web import dates, images, memento
from syndication.web.newsarticle import data_block
from syndication.web.readings import reading
from syndication.web.records import office_of
from syndication.web.room import Room

COPIES: Final = 50  # that are shown
LISTED: Final = 100  # revisions
TOLD: Final = 10  # revisions that are told by what they changed; each is a comparison of two texts


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A revision in the list of a page; `classes` is None where it was not compared with the one before it.

    `reread` says that another extractor read it than the one before, so that what changed may be Monadi's doing.
    """

    revision: Revision
    seen: dates.Shown
    classes: tuple[Class, ...] | None
    reread: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Elsewhere:
    """A release of the same text; `percent` is its similarity to the first of them."""

    item: ArchivedArticle
    date: dates.Shown | None
    percent: int
    is_first: bool


def article(room: Room, request: Request) -> Response:
    """As it reads now."""
    with room.reading() as connection:
        item = articles.get(connection, request.path_params["id"])
        response, _ = _page(room, request, connection, item, permanent=False)
    memento.add_links(response, item, room.views.base_url)
    return response


def revision(room: Room, request: Request) -> Response:
    """As it read once; this page is a memento of that at the office."""
    with room.reading() as connection:
        item = reading(connection, request.path_params["id"], request.path_params["number"])
        response, history = _page(room, request, connection, item, permanent=True)
    read = [Memento(id=item.id, number=each.number, seen_at=each.seen_at) for each in history]
    memento.add_memento(response, item, read, room.views.base_url)
    return response


def _page(
    room: Room, request: Request, connection: sa.Connection, item: ArchivedArticle, *, permanent: bool
) -> tuple[Response, list[Revision]]:
    """The page of a reading, under its permalink or not, and all readings of the release."""
    published, modified = item.article.published, item.article.modified
    history = articles.history(connection, item.id)
    office = office_of(connection, item)
    cluster = copies.earliest(connection, item.id, COPIES)
    feed = room.feed("source", item.article.source)
    permalink = room.views.address(permalinks.of_revision(item.id, item.revision))
    here = permalinks.of_revision(item.id, item.revision) if permanent else permalinks.of_article(item.id)
    response = room.views.page(
        request,
        "article.html",
        feeds_of=[feed] if feed else [],
        feed=feed,
        item=item,
        here_path=here,
        permanent=permanent,
        permalink=permalink,
        citation=citation.parts(item, office, permalink),
        held=images.held(connection, item.article),
        news_article=data_block(item, office, room.views.base_url),
        lines=_lines(room, connection, item, history),
        published=published and dates.of_published(published, room.language),
        modified=modified and dates.of_published(modified, room.language),
        total=cluster.total,
        copies=[_elsewhere(room, copy, is_first=place == 0) for place, copy in enumerate(cluster.copies)],
        first=cluster.copies[0].article if cluster.copies else None,
    )
    return response, history


def _lines(room: Room, connection: sa.Connection, item: ArchivedArticle, history: Sequence[Revision]) -> list[Line]:
    """The newest first."""
    if len(history) == 1:
        return []
    extractors = {each.number: each.extractor for each in history}
    read = articles.readings(connection, item.id, [each.number for each in history[-TOLD - 1 :]])
    return [
        Line(
            revision=each,
            seen=dates.of_moment(each.seen_at, room.language),
            classes=_classes(read.get(each.number - 1), read.get(each.number)),
            reread=extractors.get(each.number - 1, each.extractor) != each.extractor,
        )
        for each in reversed(history[-LISTED:])
    ]


def _classes(before: ArchivedArticle | None, after: ArchivedArticle | None) -> tuple[Class, ...] | None:
    return compare(before.article, after.article).classes if before and after else None


def _elsewhere(room: Room, copy: Copy, *, is_first: bool) -> Elsewhere:
    published = copy.article.article.published
    return Elsewhere(
        item=copy.article,
        date=dates.of_published(published, room.language) if published else None,
        percent=round(copy.similarity * 100),
        is_first=is_first,
    )
