"""Months that are closed: what was announced of each, kept as it was then, so that it can be replayed for ever.

A subscriber who has read an archived document (RFC 5005 §4) never reads it again, so what it holds must never change
and nothing may be put into one that is closed. A closing takes all that no closing has taken before it, of every Jalali
month that is over: releases, and the revisions of releases that an earlier one took as they were. What comes to light
later of a month that is closed, by a harvest that goes further back, is of a later closing and stands in a volume of
its own. So the volumes are a log: in their order they replay everything, and those of a closing stay as they are.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from archive import changes
from archive.article import ArchivedArticle, State, month_of
from archive.articles import SELECTED, assemble
from archive.changes import Kind
from archive.filters import Filters
from archive.tables import announced, articles, closings, revisions
from archive.tables import changes as log

GRACE: Final = timedelta(days=3)
"""After the end of a month: offices publish on the first what they date on the last."""

FIRST: Final = timedelta(days=1)
"""From the beginning of the log: so long its sources may be new, and what they published long ago comes in."""

ANNOUNCED: Final = (str(State.LIVE), str(State.UNLISTED))
"""The states of what feeds announce."""

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
class Volume:
    """What one closing took of one month ("1400-09"), or what none has taken yet (`closing` is None: it is open).

    `change` is the newest change of the articles in an open volume, 0 in one that changes no more.
    """

    month: str
    closing: int | None
    size: int
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
    return closing


def volumes(connection: sa.Connection, filters: Filters) -> list[Volume]:
    """The volumes of the articles that pass the filters, in the order in which they are replayed."""
    return [*_closed(connection, filters), *_open(connection, filters)]


def contents(
    connection: sa.Connection, filters: Filters, volume: Volume, start: int, size: int
) -> Sequence[ArchivedArticle]:
    """Articles of a volume from place `start` on, in the order of their keys: as they were when it was closed."""
    if volume.closing is None:
        statement = SELECTED.where(
            revisions.c.number == articles.c.revision,
            articles.c.month == volume.month,
            *_open_conditions(newest(connection), filters),
        )
    else:
        this = sa.and_(announced.c.article == articles.c.pk, announced.c.revision == revisions.c.number)
        statement = (
            SELECTED.add_columns(announced.c.url.label("address"))
            .join(announced, this)
            .where(announced.c.closing == volume.closing, announced.c.month == volume.month, *_of_closed(filters))
        )
    rows = connection.execute(statement.order_by(articles.c.pk).offset(start).limit(size)).all()
    items = assemble(connection, rows)
    if volume.closing is None:
        return items
    return [
        item if item.article.url == row.address else replace(item, article=replace(item.article, url=row.address))
        for row, item in zip(rows, items, strict=True)
    ]


def _closed(connection: sa.Connection, filters: Filters) -> list[Volume]:
    columns = announced.c.closing, announced.c.month
    statement = sa.select(*columns, sa.func.count().label("size")).where(*_of_closed(filters))
    rows = connection.execute(statement.group_by(*columns).order_by(*columns))
    return [Volume(**row._asdict(), change=0) for row in rows]


def _of_closed(filters: Filters) -> list[sa.ColumnElement[bool]]:
    """Volumes keep what has gone since, so states do not count."""
    of_source = [] if filters.sources is None else [announced.c.source.in_(filters.sources)]
    narrower = filters.stateless().narrower()
    return [*of_source, *([announced.c.article.in_(sa.select(articles.c.pk).where(*narrower))] if narrower else [])]


def _open(connection: sa.Connection, filters: Filters) -> list[Volume]:
    counted = sa.func.count().label("size"), sa.func.max(articles.c.change).label("change")
    statement = sa.select(articles.c.month, *counted).where(*_open_conditions(newest(connection), filters))
    rows = connection.execute(statement.group_by(articles.c.month).order_by(articles.c.month))
    return [Volume(**row._asdict(), closing=None) for row in rows]


def _open_conditions(last: Closing | None, filters: Filters) -> list[sa.ColumnElement[bool]]:
    conditions = [*filters.stateless().conditions(), *_left()]
    if last:  # what it left: newer months, and what was told of since
        told = sa.select(log.c.article).where(log.c.seq > last.seq, log.c.kind.in_(TOLD))
        conditions.append(sa.or_(articles.c.month > last.month, articles.c.pk.in_(told)))
    return conditions


def _left() -> list[sa.ColumnElement[bool]]:
    """What is announced, and stands in no closed volume as it reads now."""
    taken = sa.exists().where(announced.c.article == articles.c.pk, announced.c.revision == articles.c.revision)
    return [articles.c.state.in_(ANNOUNCED), ~taken]
