"""Months that are closed: what was announced of each, kept as it was then, so that it can be replayed for ever.

A subscriber who has read an archived document (RFC 5005 §4) never reads it again, so what it holds must never change
and nothing may be put into one that is closed. A closing takes all that no closing has taken before it, of every Jalali
month that is over: releases, and the revisions of releases that an earlier one took as they were. What comes to light
later of a month that is closed, by a harvest that goes further back, is of a later closing and stands in a volume of
its own. So the volumes are a log: in their order they replay everything, and those of a closing stay as they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from archive import changes
from archive.article import ArchivedArticle, State, month_of
from archive.articles import SELECTED, assemble
from archive.changes import Kind
from archive.filters import Filters
from archive.tables import announced, announced_tags, articles, closings, revisions, tags
from archive.tables import changes as log
from persian.calendars import MONTHS, instant, month_start

GRACE: Final = timedelta(days=3)
"""After the end of a month: offices publish on the first what they date on the last."""

MARGIN: Final = timedelta(days=2)
"""More than a month and the instant that articles are ordered by may ever disagree."""

FIRST: Final = timedelta(days=1)
"""From the beginning of the log: so long its sources may be new, and what they published long ago comes in."""

ANNOUNCED: Final = (str(State.LIVE), str(State.UNLISTED))
"""The states of what feeds announce."""

LAST: Final = 1_000
"""Articles that were closed last, among which a tag is looked for before all that are under it are gathered."""

TOLD: Final = (str(Kind.NEW), str(Kind.REVISED), str(Kind.BACK))
"""What makes an article one to be announced."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """`number` counts them from 1; `seq` is the number of the change log at which it was made, `month` ("1400-09") the
    last month that it closed, with all before it.
    """

    number: int
    seq: int
    at: datetime
    month: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """Articles of a volume that follow each other in the order of their keys: `size` of them, from place `start` on.

    A volume is what one closing took of one month ("1400-09"), or what none has taken yet (`closing` is None: it is
    open). `first` and `last` are the keys of an open section's articles, `change` is their newest change; these three
    and the size are others whenever its articles are, or say something new. They are 0 in one that changes no more.
    """

    month: str
    closing: int | None
    start: int
    size: int
    first: int = 0
    last: int = 0
    change: int = 0


class Place(NamedTuple):
    """Where a section stands: the how-manieth it is of its month, and the newest change of all up to it."""

    month: str
    number: int
    change: int


def newest(connection: sa.Connection, before: int = 0) -> Closing | None:
    """The newest closing, or one so many before it."""
    statement = sa.select(closings).order_by(closings.c.number.desc()).offset(before).limit(1)
    row = connection.execute(statement).one_or_none()
    return Closing(**row._asdict()) if row else None


def closable(at: datetime) -> str:
    """The last month that may be closed at an instant."""
    year, month = map(int, month_of(at - GRACE).split("-"))
    return f"{year}-{month - 1:02}" if month > 1 else f"{year - 1}-12"


def due(connection: sa.Connection, at: datetime, *, settled: bool = False) -> bool:
    """Whether there is something to close; for the first time a day after the log began, or once all is `settled`."""
    last = newest(connection)
    if last:
        return last.month < closable(at)
    began = connection.scalar(sa.select(log.c.at).order_by(log.c.seq).limit(1))
    return began is not None and (settled or at - began >= FIRST)


def close(connection: sa.Connection, at: datetime) -> Closing | None:
    """Close the months that are over; None where that was done before, or where there is nothing to close."""
    if not due(connection, at, settled=True):
        return None
    last, month, seq = newest(connection), closable(at), changes.newest(connection)
    closing = Closing(number=last.number + 1 if last else 1, seq=seq, at=at, month=month)
    number = sa.literal(closing.number).label("closing")
    article = articles.c
    taken = sa.select(article.pk, article.revision, number, article.month, article.source, article.url).where(
        article.month <= month, *_left()
    )
    connection.execute(sa.insert(closings), asdict(closing))
    connection.execute(sa.insert(announced).from_select([column.name for column in announced.c], taken))
    filed = sa.select(tags.c.key, announced.c.article, announced.c.revision).join(
        announced, announced.c.article == tags.c.article
    )
    these = filed.where(announced.c.closing == closing.number)
    connection.execute(sa.insert(announced_tags).from_select([column.name for column in announced_tags.c], these))
    return closing


def sections(connection: sa.Connection, filters: Filters, longest: int) -> list[Section]:
    """The volumes of the articles that pass the filters, cut into sections, in the order in which they are replayed."""
    return [*_closed(connection, filters, longest), *_open(connection, filters, longest)]


def last_place(connection: sa.Connection, filters: Filters, longest: int) -> Place | None:
    """Where the last of `sections` stands, without counting what is closed; None where there is none."""
    open_ = list(_open(connection, filters, longest))
    month = open_[-1].month if open_ else _last_closed(connection, filters)
    if month is None:
        return None
    number = _number_closed(connection, filters, longest, month) + sum(each.month == month for each in open_)
    return Place(month, number, max((each.change for each in open_), default=0))


def contents(connection: sa.Connection, filters: Filters, section: Section) -> Sequence[ArchivedArticle]:
    """The articles of a section in the order of their keys: as they were when it was closed."""
    if section.closing is None:
        statement = SELECTED.where(
            revisions.c.number == articles.c.revision,
            articles.c.month == section.month,
            articles.c.pk.between(section.first, section.last),
            *_open_conditions(newest(connection), filters),
        )
    else:
        this = sa.and_(announced.c.article == articles.c.pk, announced.c.revision == revisions.c.number)
        statement = (
            SELECTED.add_columns(announced.c.url.label("address"))
            .join(announced, this)
            .where(announced.c.closing == section.closing, announced.c.month == section.month)
            .where(*_of_closed(filters, within=True))
            .offset(section.start)
        )
    rows = connection.execute(statement.order_by(articles.c.pk).limit(section.size)).all()
    items = assemble(connection, rows)
    if section.closing is None:
        return items
    return [
        item if item.article.url == row.address else replace(item, article=replace(item.article, url=row.address))
        for row, item in zip(rows, items, strict=True)
    ]


def _closed(connection: sa.Connection, filters: Filters, longest: int) -> Iterator[Section]:
    columns = announced.c.closing, announced.c.month
    statement = sa.select(*columns, sa.func.count().label("size")).where(*_of_closed(filters))
    for row in connection.execute(statement.group_by(*columns).order_by(*columns)):
        for start in range(0, row.size, longest):
            size = min(longest, row.size - start)
            yield Section(month=row.month, closing=row.closing, start=start, size=size)


def _last_closed(connection: sa.Connection, filters: Filters) -> str | None:
    """The month of the last closed volume: with tags, of what was closed last if one of that is under them."""
    if filters.tags:
        wider = _of_closed(replace(filters, tags=()))
        last = sa.select(announced).where(*wider).order_by(*_last_first(announced)).limit(LAST).subquery("last")
        months = sa.select(last.c.month).where(_filed(last, filters)).order_by(*_last_first(last))
        found: str | None = connection.scalar(months.limit(1))
        if found:
            return found
    all_months = sa.select(announced.c.month).where(*_of_closed(filters)).order_by(*_last_first(announced))
    month: str | None = connection.scalar(all_months.limit(1))
    return month


def _last_first(volumes: sa.FromClause) -> tuple[sa.ColumnElement[Any], ...]:
    return volumes.c.closing.desc(), volumes.c.month.desc()


def _number_closed(connection: sa.Connection, filters: Filters, longest: int, month: str) -> int:
    """How many closed sections a month has, in the volumes of all closings."""
    each = announced.c.closing.in_(sa.select(closings.c.number))  # by which the indexes begin
    sizes = sa.select(sa.func.count()).where(each, announced.c.month == month, *_of_closed(filters, within=True))
    return sum(-(-size // longest) for size in connection.scalars(sizes.group_by(announced.c.closing)))


def _of_closed(filters: Filters, *, within: bool = False) -> list[sa.ColumnElement[bool]]:
    """Volumes keep what has gone since, so states do not count; nor do tags that a release was given since.

    `within` a volume, each of its articles is asked for its tags; else all under them are gathered first.
    """
    of_source = [] if filters.sources is None else [announced.c.source.in_(filters.sources)]
    filed = sa.select(announced_tags.c.article, announced_tags.c.revision).where(announced_tags.c.key.in_(filters.tags))
    gathered = sa.tuple_(announced.c.article, announced.c.revision).in_(filed)
    of_tag = [_filed(announced, filters) if within else gathered] if filters.tags else []
    narrower = replace(filters, states=(), tags=()).narrower()
    rest = [announced.c.article.in_(sa.select(articles.c.pk).where(*narrower))] if narrower else []
    return [*of_source, *of_tag, *rest]


def _filed(volume: sa.FromClause, filters: Filters) -> sa.ColumnElement[bool]:
    """That an article of a volume was under one of the tags when it was closed."""
    this = announced_tags.c.article == volume.c.article, announced_tags.c.revision == volume.c.revision
    return sa.exists().where(announced_tags.c.key.in_(filters.tags), *this)


def _open(connection: sa.Connection, filters: Filters, longest: int) -> Iterator[Section]:
    place = sa.func.row_number().over(partition_by=articles.c.month, order_by=articles.c.pk)
    number = (sa.type_coerce(place, sa.Integer) - 1) // longest
    columns = articles.c.month, articles.c.pk, articles.c.change, number.label("number")
    rows = sa.select(*columns).where(*_open_conditions(newest(connection), filters)).subquery()
    key, pk = (rows.c.month, rows.c.number), rows.c.pk
    told = sa.func.count(), sa.func.min(pk), sa.func.max(pk), sa.func.max(rows.c.change)
    for month, cut, size, first, last, change in connection.execute(
        sa.select(*key, *told).group_by(*key).order_by(*key)
    ):
        yield Section(month=month, closing=None, start=cut * longest, size=size, first=first, last=last, change=change)


def _open_conditions(last: Closing | None, filters: Filters) -> list[sa.ColumnElement[bool]]:
    passing = filters.stateless()
    conditions = [*(passing.judged() if last else passing.conditions()), *_left()]
    if last:  # what it left: newer months, and what was told of since
        told = sa.select(log.c.article).where(log.c.seq > last.seq, log.c.kind.in_(TOLD))
        newer = articles.alias("newer")
        since = _begun_after(last.month) - MARGIN  # which has an index; of the months themselves there is none
        these = sa.select(newer.c.pk).where(newer.c.ordered_at >= since, newer.c.month > last.month)
        conditions.append(articles.c.pk.in_(sa.union(told, these)))
    return conditions


def _begun_after(month: str) -> datetime:
    """The instant at which the month after one begins in Tehran."""
    year, number = map(int, month.split("-"))
    first = month_start(year, number + 1) if number < len(MONTHS) else month_start(year + 1, 1)
    return instant(datetime.combine(first, time()))[0]


def _left() -> list[sa.ColumnElement[bool]]:
    """What is announced, and stands in no closed volume as it reads now."""
    taken = sa.exists().where(announced.c.article == articles.c.pk, announced.c.revision == articles.c.revision)
    return [articles.c.state.in_(ANNOUNCED), ~taken]
