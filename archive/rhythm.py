"""The rhythm of an archive, for charts: releases by day, by hour of the week, by lag; edits and removals by month.

Everything is answered from what `archive.timings` keeps along the change log, whatever the size of the archive, and
tells of releases in any state. A chart counts whole Jalali months: a `Query` whose dates lie within one is widened to
its ends (`whole_months`). Of a query its provinces, agencies, sources and dates are heard.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Self

import sqlalchemy as sa

from archive.article import MONTHS, month_after, month_begins, month_of
from archive.changes import Kind
from archive.filters import Filters
from archive.query import Query
from archive.tables import sources, tallies, timings
from archive.timings import ALL, HOURS, TALLIED

BEFORE_ALL: Final = "0000-00"
AFTER_ALL: Final = "9999-99"


def whole_months(query: Query) -> Query:
    """The same question of the whole Jalali months that its dates touch."""
    first, last = span(query)
    since = None if first == BEFORE_ALL else month_begins(first)
    until = None if last == AFTER_ALL else month_begins(month_after(last))
    return query.narrowed(since=since, until=until)


def span(query: Query) -> tuple[str, str]:
    """The first and the last Jalali month that the dates of a query touch ("1403-05"); without dates, beyond all."""
    first = _month(query.since) if query.since else BEFORE_ALL
    last = _month(query.until - timedelta(microseconds=1)) if query.until else AFTER_ALL
    return first or BEFORE_ALL, last or AFTER_ALL


def month_before(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year - (number == 1)}-{(number - 2) % MONTHS + 1:02}"


def _month(moment: datetime) -> str:
    try:
        return month_of(moment)
    except (ValueError, OverflowError):  # no year of the calendar
        return ""


# ---- what is asked ----


def days(connection: sa.Connection, query: Query) -> dict[str, int]:
    """Releases by Jalali day ("1403-05-12"), those days that have any."""
    where = _Where.of(connection, query)
    day = tallies.c.month, tallies.c.value
    found = Counter({f"{month}-{day:02}": number for month, day, number in where.tallied(connection, ["day"], day)})
    found.update(dict(where.timed(connection, timings.c.day)))
    return dict(sorted(found.items()))


def counted(connection: sa.Connection, query: Query, *by: str) -> dict[tuple[str, ...], int] | None:
    """Releases as `archive.facets.counts` tells them by some of "month", "agency" and "province", in fewer rows.

    None where these cannot tell: for sources, and for provinces of agencies.
    """
    names = {"agency": query.agencies, "province": query.provinces}
    parts = [name for name in names if name in by]
    narrowed = [name for name, values in names.items() if values]
    if query.sources or "source" in by or len({*parts, *narrowed}) > 1:
        return None
    first, last = span(query)
    kinds = parts or narrowed
    column = tallies.c.scope if kinds else sa.literal(ALL)
    columns = {"month": tallies.c.month, "agency": column, "province": column}
    wanted = [columns[name] for name in by]
    where = tallies.c.measure == "month", tallies.c.month >= first, tallies.c.month <= last
    scopes = _scopes(connection, kinds[0], names[kinds[0]]) if kinds else [ALL]
    statement = sa.select(*wanted, sa.func.sum(tallies.c.number)).where(*where, tallies.c.scope.in_(scopes))
    rows = connection.execute(statement.group_by(*wanted)).all()
    return {tuple(value.rpartition(":")[2] for value in key): number for *key, number in rows if number}


def _scopes(connection: sa.Connection, kind: str, names: Sequence[str]) -> list[str]:
    return [f"{kind}:{name}" for name in names or connection.scalars(sa.select(sources.c[kind]).distinct())]


def newest(connection: sa.Connection, query: Query) -> str:
    """The last Jalali month that has releases, "" where none has."""
    where = _Where.of(connection, query)
    days = sa.select(sa.func.max(timings.c.day)).where(*where.of_timings())
    months = sa.select(sa.func.max(tallies.c.month)).where(*where.of_tallies(["day"]))
    found = connection.scalar(months), (connection.scalar(days) or "")[:7] if where.sources else ""
    return max(each or "" for each in found)


def hours(connection: sa.Connection, query: Query) -> dict[tuple[int, int], int]:
    """Releases by day of the week (Saturday 0, Friday 6) and hour in Tehran, of those whose date has a time."""
    where = _Where.of(connection, query)
    return {divmod(hour, HOURS): number for hour, number in where.by_value(connection, "hour", timings.c.hour).items()}


def lags(connection: sa.Connection, query: Query) -> dict[int, int]:
    """Releases by the class of their lag (`archive.timings.LAGS`), of those that have one to tell."""
    return _Where.of(connection, query).by_value(connection, "lag", timings.c.lag)


def edits(connection: sa.Connection, query: Query) -> dict[tuple[str, Kind], int]:
    """Edits (REVISED), removals (GONE), UNLISTED and BACK by the Jalali month in which they were found."""
    where = _Where.of(connection, query)
    where = replace(where, scopes=[*where.scopes, *(f"source:{source}" for source in where.sources)])
    kind = tallies.c.month, tallies.c.measure
    rows = where.tallied(connection, [str(kind) for kind in TALLIED], kind)
    return {(month, Kind(kind)): number for month, kind, number in sorted(rows)}


# ---- what is narrowed to ----


@dataclass(frozen=True, kw_only=True, slots=True)
class _Where:
    """Scopes of `tallies` and, where these do not tell, sources; the first month and the last."""

    scopes: Sequence[str]
    sources: Sequence[str]
    first: str
    last: str

    @classmethod
    def of(cls, connection: sa.Connection, query: Query) -> Self:
        first, last = span(query)
        asked = Filters.of(connection, query).sources
        scopes, rest = ([ALL], []) if asked is None else _covering(connection, set(asked))
        return cls(scopes=scopes, sources=rest, first=first, last=last)

    def by_value(self, connection: sa.Connection, measure: str, column: sa.Column[Any]) -> dict[int, int]:
        found = Counter(dict(self.tallied(connection, [measure], [tallies.c.value])))
        found.update(dict(self.timed(connection, column)))
        return dict(sorted(found.items()))

    def tallied(
        self, connection: sa.Connection, measures: Sequence[str], by: Sequence[sa.Column[Any]]
    ) -> Iterable[Any]:
        """Values of some columns of `tallies`, and the sum of the numbers there."""
        if not self.scopes:
            return []
        statement = sa.select(*by, sa.func.sum(tallies.c.number)).where(*self.of_tallies(measures))
        return connection.execute(statement.group_by(*by)).all()

    def timed(self, connection: sa.Connection, by: sa.Column[Any]) -> Iterable[Any]:
        """Values of a column of `timings`, and how many articles of the sources have each."""
        if not self.sources:
            return []
        statement = sa.select(by, sa.func.count()).where(*self.of_timings(), by.is_not(None))
        return connection.execute(statement.group_by(by)).all()

    def of_tallies(self, measures: Sequence[str]) -> list[sa.ColumnElement[bool]]:
        months = tallies.c.month >= self.first, tallies.c.month <= self.last
        return [tallies.c.scope.in_(self.scopes), tallies.c.measure.in_(measures), *months]

    def of_timings(self) -> list[sa.ColumnElement[bool]]:
        days = timings.c.day >= self.first, timings.c.day <= f"{self.last}-99"
        return [timings.c.source.in_(self.sources), *days]


def _covering(connection: sa.Connection, wanted: set[str]) -> tuple[list[str], list[str]]:
    """The scopes that hold nothing but sources that are wanted, and the sources that are in none of these."""
    rows = connection.execute(sa.select(sources.c.id, sources.c.agency, sources.c.province)).all()
    if len(wanted) == len(rows):
        return [ALL], []
    scopes = []
    for kind in ("agency", "province"):
        members: dict[str, set[str]] = {}
        for row in rows:
            members.setdefault(getattr(row, kind), set()).add(row.id)
        for name, ids in sorted(members.items()):
            if ids <= wanted:
                scopes.append(f"{kind}:{name}")
                wanted = wanted - ids
    return scopes, sorted(wanted)
