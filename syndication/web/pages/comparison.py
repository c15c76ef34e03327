"""Two revisions of a release side by side, word by word."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive import ArchivedArticle, articles
from archive.differences import Class, PartDifference, compare
from syndication import permalinks
from syndication.web import dates
from syndication.web.readings import reading
from syndication.web.room import Room
from syndication.web.sides import Stretch, stretches

OFFERED: Final = 200  # revisions in one <select>; of more, the form asks for the number
LEFT_TO_RIGHT: Final = ("attachments", "published")  # parts that are no Persian text


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A part of the release that differs."""

    name: str
    classes: tuple[Class, ...]
    stretches: list[Stretch]
    is_persian: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One of the two readings: when it was first seen, and the date that it stated."""

    item: ArchivedArticle
    seen: dates.Shown
    published: dates.ShownPublished | None


def comparison(room: Room, request: Request) -> Response:
    asked = request.path_params
    with room.reading() as connection:
        old, new = (reading(connection, asked["id"], asked[name]) for name in ("old", "new"))
        history = articles.history(connection, new.id)
    found = compare(old.article, new.article)
    return room.views.page(
        request,
        "comparison.html",
        item=new,
        sides=[_side(room, item) for item in (old, new)],
        difference=found,
        parts=[_part(part) for part in found.parts],
        offered=[(each.number, dates.of_moment(each.seen_at, room.language)) for each in history]
        if len(history) <= OFFERED
        else [],
        json_path=f"{permalinks.of_comparison(new.id, old.revision, new.revision)}.json",
    )


def chosen(room: Room, request: Request) -> Response:
    """The comparison that the form asks for, or of the newest revision with the one before it."""
    with room.reading() as connection:
        item = articles.get(connection, request.path_params["id"])
    newest = {"old": str(max(1, item.revisions - 1)), "new": str(item.revisions)}
    old, new = (
        quote(request.query_params.get(name, "").strip()[:20], safe="") or usual for name, usual in newest.items()
    )
    return RedirectResponse(room.views.to(f"{permalinks.of_article(item.id)}/diff/{old}/{new}"))


def _side(room: Room, item: ArchivedArticle) -> Side:
    published = item.article.published
    return Side(
        item=item,
        seen=dates.of_moment(item.revised_at, room.language),
        published=dates.of_published(published, room.language) if published else None,
    )


def _part(part: PartDifference) -> Part:
    return Part(
        name=part.part,
        classes=part.classes,
        stretches=stretches(part.operations),
        is_persian=part.part not in LEFT_TO_RIGHT,
    )
