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
from archive.articles import SELECTED, assemble
from archive.changes import of_kind
from archive.differences import Difference, Op, Operation, compare, excerpts
from archive.filters import Filters
from archive.identity import first_address
from persian.dates import TEHRAN, Published
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

TOLD: Final = (Kind.REVISED, Kind.GONE, Kind.UNLISTED, Kind.BACK)

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
    """A row of the change log in a feed: `item` is the article as it was left, `before` what a revision replaced."""

    seq: int
    at: datetime
    kind: Kind
    item: ArchivedArticle
    before: ArchivedArticle | None
    office: str
    content: Content

    @property
    def name(self) -> str:
        return f"{self.item.id} (change {self.seq})"

    @property
    def updated(self) -> datetime:
        return self.at

    def fragment(self, format_: Format) -> bytes:
        """Its entry in a format."""
        said = hash((self.item.article, self.before and self.before.article, self.office, self.content))
        return FRAGMENTS.get((format_, self.seq, said), lambda: RENDERERS[format_](self._entry()))

    def _entry(self) -> Entry:
        item, before = self.item, self.before
        difference = compare(before.article, item.article) if before else None
        release = entries.entry(item, self.office, content=Content.SUMMARY)
        told = [CLASSES[each] for each in difference.classes] if difference else []
        head = HEADS[self.kind] + (f" ({'، '.join(told)})" if told else "")
        return replace(
            release,
            guid=uuid5(UUID(item.guid), f"change/{self.seq}").urn,
            about=item.guid,
            title=f"{head}: {release.title}",
            summary="" if self.content is Content.NONE else line(SAID.get(self.kind, head)),
            content=_content(self.kind, difference) if self.content is Content.FULL else "",
            categories=(str(self.kind), *(map(str, difference.classes) if difference else ())),
            enclosures=(),
            published=self.at,
            updated=self.at,
            jalali=terms(_noticed(self.at)),
            change=self._change(difference),
        )

    def _change(self, difference: Difference | None) -> dict[str, Any]:
        """The row of the log as JSON values, with what was made of an edit."""
        row = {"kind": str(self.kind), "seq": self.seq, "article": self.item.id, "revision": self.item.revision}
        if not difference:
            return row
        return row | {"severity": str(difference.severity), "classes": [*map(str, difference.classes)]}


def current(connection: sa.Connection, feed: Feed) -> Issue:
    """The newest edits and removals."""
    filters = Filters.of(connection, feed.query).stateless()
    rows = list(_rows(connection, filters, limit=feed.query.limit))
    removed = [row for row in rows if row.kind == Kind.GONE and row.state == State.GONE]
    previous = _address(rows[0].seq, changes.newest(connection)) if rows else None
    return _issue(connection, rows, removed, feed.options, previous=previous)


def archived(connection: sa.Connection, feed: Feed, this: Slice) -> Issue:
    """The edits and removals of one block of the log. It follows from the block alone, so that it stays as it is."""
    filters = Filters.of(connection, feed.query).stateless()
    first = (this.part.number - 1) * BLOCK
    rows = list(_rows(connection, filters, after=first, to=first + BLOCK))
    newest = {row.article: row for row in reversed(rows)}  # of each release
    removed = [row for row in rows if row.kind == Kind.GONE and row is newest[row.article]]
    more = {"part": this.part, "previous": this.previous, "closed": this.closed}
    return _issue(connection, rows, removed, feed.options, first_addresses=True, **more)


def slices_of(connection: sa.Connection, feed: Feed) -> list[Slice]:
    """The blocks that tell of something, in the order of their replay."""
    filters = Filters.of(connection, feed.query).stateless()
    newest = changes.newest(connection)
    told = _told(filters).with_only_columns(((tables.changes.c.seq - 1) // BLOCK).label("block"), tables.changes.c.seq)
    rows = told.subquery()
    statement = sa.select(sa.func.max(rows.c.seq)).group_by(rows.c.block).order_by(rows.c.block)
    addresses = [_address(seq, newest) for seq in connection.scalars(statement)]
    return [
        Slice(part=part, change=change, previous=previous)
        for (part, change), previous in zip(addresses, [None, *addresses], strict=False)
    ]


def _issue(
    connection: sa.Connection,
    rows: Sequence[Any],
    removed: Iterable[Any],
    options: Options,
    *,
    first_addresses: bool = False,
    **more: Any,
) -> Issue:
    wanted = {(row.article, number) for row in rows for number in (row.revision, row.revision - 1) if number}
    read = _read(connection, wanted)
    if first_addresses:
        read = _at_first(connection, read)
    offices = offices_of(connection, {row.source for row in rows})
    told = [
        Told(
            seq=row.seq,
            at=row.at,
            kind=Kind(row.kind),
            item=read[row.article, row.revision],
            before=read.get((row.article, row.revision - 1)) if row.kind == Kind.REVISED else None,
            office=offices[row.source],
            content=options.content,
        )
        for row in rows
        if (row.article, row.revision) in read
    ]
    gone = {row.guid: row.at for row in reversed([*removed])}
    return Issue(
        entries=told,
        removed=tuple(Removed(guid=guid, at=at) for guid, at in gone.items()),
        at=rows[0].at if rows else None,
        **more,
    )


def _at_first(
    connection: sa.Connection, read: dict[tuple[int, int], ArchivedArticle]
) -> dict[tuple[int, int], ArchivedArticle]:
    """The same under the addresses that they were first met at, for documents that must not follow an address."""
    met: dict[int, dict[str, str]] = {}
    keys = tables.aliases.c
    for some in articles.chunks(sorted({pk for pk, _ in read})):
        for pk, key, url in connection.execute(
            sa.select(keys.article, keys.key, keys.url).where(keys.article.in_(some))
        ):
            met.setdefault(pk, {})[key] = url
    return {
        (pk, number): replace(
            item, article=replace(item.article, url=first_address(item.id, met.get(pk, {})) or item.article.url)
        )
        for (pk, number), item in read.items()
    }


def _read(connection: sa.Connection, wanted: set[tuple[int, int]]) -> dict[tuple[int, int], ArchivedArticle]:
    """Readings by the key of their article and their number."""
    found: dict[tuple[int, int], ArchivedArticle] = {}
    for some in articles.chunks(sorted({pk for pk, _ in wanted})):
        rows = connection.execute(SELECTED.where(tables.articles.c.pk.in_(some))).all()
        rows = [row for row in rows if (row.pk, row.number) in wanted]
        found.update(((row.pk, row.number), item) for row, item in zip(rows, assemble(connection, rows), strict=True))
    return found


def _rows(
    connection: sa.Connection, filters: Filters, *, after: int = 0, to: int | None = None, limit: int | None = None
) -> Iterator[Any]:
    """Rows of the log that are told of, with a number after one and up to another, the newest first."""
    seq = tables.changes.c.seq
    statement = _told(filters).where(seq > after, *([] if to is None else [seq <= to]))
    yield from connection.execute(statement.order_by(seq.desc()).limit(limit)).all()


def _told(filters: Filters) -> sa.Select[Any]:
    told, article = tables.changes.c, tables.articles.c
    columns = told.seq, told.at, told.kind, told.article, told.revision, article.guid, article.source, article.state
    joined = sa.select(*columns).join(tables.articles, article.pk == told.article)
    return joined.where(*of_kind(*TOLD), *filters.conditions())


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
