"""The page of edits and removals, with what changed word by word."""

from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from archive import Query
from archive.changes import Kind
from archive.differences import Difference, Operation, compare, excerpts
from archive.edits import TOLD, Edit, edits
from archive.errors import QueryError
from archive.filters import Filters
from syndication import feeds
from syndication.web.room import Room
from syndication.web.search import Search

PATH: Final = "/changes"
PAGE: Final = 20  # edits on a page
LONGEST: Final = 3000  # letters that are shown of a part
LAST: Final = 10**15  # a number that no change log reaches
NARROWING: Final = ("province", "agency", "source")


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A part of the release that changed, as operations to be shown."""

    name: str
    operations: list[Operation]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """An edit, and what it changed where that is known."""

    edit: Edit
    difference: Difference | None
    parts: list[Part]


def changes(room: Room, request: Request) -> Response:
    """The newest first, narrowed by office and kind; `before` is the number of a change to go on from."""
    asked = Search.of(request.query_params)
    query, kinds, before = _asked(room, asked)
    with room.reading() as connection:
        filters = Filters.of(connection, query)
        found = edits(connection, filters, to=before - 1, limit=PAGE + 1, kinds=kinds or TOLD)
    more = found[PAGE - 1].seq if len(found) > PAGE else None
    return room.views.page(
        request,
        "changes.html",
        place=PATH,
        feeds_of=[feeds.find(feeds.CHANGES, room.catalogue)],
        feed=feeds.find(feeds.CHANGES, room.catalogue),
        kinds=TOLD,
        kind=kinds[0] if kinds else None,
        asked=asked,
        query=query,
        edits=[shown(edit) for edit in found[:PAGE]],
        following=None if more is None else _path(asked, more),
        first=before == LAST,
    )


def shown(edit: Edit) -> Shown:
    difference = compare(edit.before.article, edit.item.article) if edit.before else None
    parts = [
        Part(name=part.part, operations=_within(excerpts(part.operations)))
        for part in (difference.parts if difference else ())
    ]
    return Shown(edit=edit, difference=difference, parts=parts)


def _within(operations: list[Operation]) -> list[Operation]:
    """As many of them as have `LONGEST` letters together."""
    taken, letters = [], 0
    for operation in operations:
        if letters > LONGEST:
            break
        taken.append(operation)
        letters += len(operation.text)
    return taken


def _asked(room: Room, asked: Search) -> tuple[Query, tuple[Kind, ...], int]:
    words: dict[str, list[str]] = {}
    for name, value in asked.asked:
        if name not in (*NARROWING, "kind", "before"):
            known = ", ".join((*NARROWING, "kind", "before"))
            raise QueryError(name, f"no such parameter here; there are {known}")
        words.setdefault(name, []).append(value)
    kinds, before = words.pop("kind", []), words.pop("before", [str(LAST)])[-1]
    wrong = [kind for kind in kinds if kind not in TOLD]
    if wrong:
        raise QueryError("kind", f"{wrong[0]!r} is none of {', '.join(TOLD)}")
    if not (before.isascii() and before.isdecimal() and len(before) <= len(str(LAST))):
        raise QueryError("before", f"{before[:50]!r} is no number of a change")
    query: Any = Query.parse(words, room.catalogue)
    return query, tuple(Kind(kind) for kind in kinds), int(before)


def _path(asked: Search, before: int) -> str:
    words = Search(tuple(pair for pair in asked.asked if pair[0] != "before")).asked
    return f"{PATH}?{Search((*words, ('before', str(before)))).words_but()}"
