"""The feed of what became of releases: edits, with what they changed word by word and their classes, and removals.

Its entries are rows of the change log, so nothing in it is ever announced twice; its archived documents (RFC 5005) are
blocks of the log, named by their number ("changes/12").
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from typing import Any, Final
from uuid import UUID, uuid5

import sqlalchemy as sa

from archive import ArchivedArticle, Kind, State, articles, changes, tables
from archive.article import stamp
from archive.differences import Difference, Op, Operation, compare, excerpts
from archive.edits import Edit, edits, told
from archive.filters import Filters
from archive.identity import first_address
from persian.calendars import TEHRAN
from persian.published import Published
from syndication.characters import legal, line
from syndication.feeds import entries
from syndication.feeds.announced import FRAGMENTS, RENDERERS
from syndication.feeds.documents import Format, Removed
from syndication.feeds.entries import Entry
from syndication.feeds.feed import Feed, Part
from syndication.feeds.issue import Address, Issue, Slice, offices_of
from syndication.feeds.jalali import terms
from syndication.feeds.options import Content, Options

BLOCK: Final = 1000
"""Rows of the change log whose edits one archived document holds; those that are closed were cut by it."""

LONGEST: Final = 100_000
"""Letters that an entry shows of a part that changed."""

HEADS: Final = {
    Kind.REVISED: "ویرایش",
    Kind.GONE: "برداشته شد",
    Kind.UNLISTED: "از فهرست افتاد",
    Kind.BACK: "بازگشت",
}
SAID: Final = {
    Kind.GONE: "این خبر دیگر در سایت اداره نیست. متن آن در بایگانی مانده است.",
    Kind.UNLISTED: "این خبر هنوز در سایت اداره هست، ولی فهرست\u200cهای سایت دیگر از آن نام نمی\u200cبرند.",
    Kind.BACK: "این خبر دوباره در سایت اداره هست.",
}
CLASSES: Final = {
    "number-changed": "عددی عوض شد",
    "name-removed": "نامی برداشته شد",
    "date-changed": "تاریخی عوض شد",
    "attachment-changed": "پیوست عوض شد",
    "material": "متن عوض شد",
    "moved": "جای متن عوض شد",
    "typo": "نگارش درست شد",
}
PARTS: Final = {
    "kicker": "روتیتر",
    "title": "تیتر",
    "lead": "لید",
    "body": "متن",
    "attachments": "پیوست\u200cها",
    "published": "تاریخ انتشار",
}
MARKS: Final = {Op.REMOVED: "del", Op.ADDED: "ins"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An edit in a feed."""

    edit: Edit
    office: str
    content: Content

    @property
    def name(self) -> str:
        return f"{self.edit.item.id} (change {self.edit.seq})"

    @property
    def updated(self) -> datetime:
        return self.edit.at

    def fragment(self, format_: Format) -> bytes:
        """Its entry in a format."""
        item, before = self.edit.item, self.edit.before
        said = hash((item.article, before and before.article, self.office, self.content))
        return FRAGMENTS.get((format_, self.edit.seq, said), lambda: RENDERERS[format_](self._entry()))

    def _entry(self) -> Entry:
        edit, item, before = self.edit, self.edit.item, self.edit.before
        difference = compare(before.article, item.article) if before else None
        release = entries.entry(item, self.office, content=Content.SUMMARY)
        classes = [CLASSES[each] for each in difference.classes] if difference else []
        head = HEADS[edit.kind] + (f" ({'، '.join(classes)})" if classes else "")
        return replace(
            release,
            guid=uuid5(UUID(item.guid), f"change/{edit.seq}").urn,
            about=item.guid,
            title=f"{head}: {release.title}",
            summary="" if self.content is Content.NONE else line(SAID.get(edit.kind, head)),
            content=_content(edit.kind, difference) if self.content is Content.FULL else "",
            categories=(str(edit.kind), *(map(str, difference.classes) if difference else ())),
            enclosures=(),
            published=edit.at,
            updated=edit.at,
            jalali=terms(_noticed(edit.at)),
            change=self._change(difference),
        )

    def _change(self, difference: Difference | None) -> dict[str, Any]:
        """The row of the log as JSON values, with what was made of an edit."""
        edit = self.edit
        row = {"kind": str(edit.kind), "seq": edit.seq, "article": edit.item.id, "revision": edit.item.revision}
        if not difference:
            return row
        return row | {"severity": str(difference.severity), "classes": [*map(str, difference.classes)]}


def current(connection: sa.Connection, feed: Feed) -> Issue:
    """The newest edits and removals."""
    found = edits(connection, Filters.of(connection, feed.query), limit=feed.query.limit)
    removed = [edit for edit in found if edit.kind is Kind.GONE and edit.state is State.GONE]
    previous = _address(found[0].seq, changes.newest(connection)) if found else None
    return _issue(connection, found, removed, feed.options, previous=previous)


def archived(connection: sa.Connection, feed: Feed, this: Slice) -> Issue:
    """The edits and removals of one block of the log. It follows from the block alone, so that it stays as it is."""
    first = (this.part.number - 1) * BLOCK
    found = edits(connection, Filters.of(connection, feed.query), after=first, to=first + BLOCK)
    newest = {edit.pk: edit for edit in reversed(found)}  # of each release
    removed = [edit for edit in found if edit.kind is Kind.GONE and edit is newest[edit.pk]]
    more = {"part": this.part, "previous": this.previous, "closed": this.closed}
    return _issue(connection, _at_first(connection, found), removed, feed.options, **more)


def slices_of(connection: sa.Connection, feed: Feed) -> list[Slice]:
    """The blocks that tell of something, in the order of their replay."""
    newest = changes.newest(connection)
    statement = told(Filters.of(connection, feed.query))
    blocks = statement.with_only_columns(
        ((tables.changes.c.seq - 1) // BLOCK).label("block"), tables.changes.c.seq
    ).subquery()
    last = sa.select(sa.func.max(blocks.c.seq)).group_by(blocks.c.block).order_by(blocks.c.block)
    addresses = [_address(seq, newest) for seq in connection.scalars(last)]
    return [
        Slice(part=part, change=change, previous=previous)
        for (part, change), previous in zip(addresses, [None, *addresses], strict=False)
    ]


def _issue(
    connection: sa.Connection, found: Sequence[Edit], removed: Sequence[Edit], options: Options, **more: Any
) -> Issue:
    offices = offices_of(connection, {edit.item.article.source for edit in found})
    gone = {edit.item.guid: edit.at for edit in reversed(removed)}
    return Issue(
        entries=[Told(edit=edit, office=offices[edit.item.article.source], content=options.content) for edit in found],
        removed=tuple(Removed(guid=guid, at=at) for guid, at in gone.items()),
        at=found[0].at if found else None,
        **more,
    )


def _at_first(connection: sa.Connection, found: Sequence[Edit]) -> list[Edit]:
    """The same under the addresses that they were first met at, for documents that must not follow an address."""
    met: dict[int, dict[str, str]] = {}
    keys = tables.aliases.c
    for some in articles.chunks(sorted({edit.pk for edit in found})):
        for pk, key, url in connection.execute(
            sa.select(keys.article, keys.key, keys.url).where(keys.article.in_(some))
        ):
            met.setdefault(pk, {})[key] = url

    def moved(pk: int, item: ArchivedArticle) -> ArchivedArticle:
        url = first_address(item.id, met.get(pk, {})) or item.article.url
        return replace(item, article=replace(item.article, url=url))

    return [
        replace(edit, item=moved(edit.pk, edit.item), before=edit.before and moved(edit.pk, edit.before))
        for edit in found
    ]


def turned(before: int, now: int) -> bool:
    """Whether a block has ended since the log did at another number: the current document names it by another address
    then, though nothing was edited.
    """
    return before // BLOCK != now // BLOCK


def _address(seq: int, newest: int) -> Address:
    """The block that a change is in; while the log has not come to its end, with the newest that it tells of."""
    number = (seq - 1) // BLOCK + 1
    return Part(number=number), 0 if number * BLOCK <= newest else seq


def _content(kind: Kind, difference: Difference | None) -> str:
    parts = [f"<p>{escape(SAID[kind])}</p>"] if kind in SAID else []
    for part in difference.parts if difference else ():
        text = "".join(map(_marked, _within(excerpts(part.operations), LONGEST))).replace("\n", "<br>")
        parts.append(f"<p><strong>{escape(PARTS.get(part.part, part.part))}</strong></p><p>{text}</p>")
    return f'<div dir="rtl" lang="fa">{"".join(parts)}</div>'


def _within(operations: Iterable[Operation], letters: int) -> Iterator[Operation]:
    """As many of them as have so many letters together, the last one cut."""
    for operation in operations:
        if len(operation.text) > letters:
            yield replace(operation, text=operation.text[:letters] + "…")
            return
        letters -= len(operation.text)
        yield operation


def _marked(operation: Operation) -> str:
    text = escape(legal(operation.text))
    mark = MARKS.get(operation.op)
    return f"<{mark}>{text}</{mark}>" if mark else text


def _noticed(at: datetime) -> Published:
    """The instant at which Monadi noticed something, as a date."""
    local = at.astimezone(TEHRAN).replace(microsecond=0)
    return Published(at=local.astimezone(UTC), on=local.date(), precision="second", raw=stamp(at), origin="archive")
