"""How many articles answer a query, by Jalali month, province, agency, source, state and tag.

Three ways lead to the same numbers: the counts that are kept as articles change (`archive.counts`), wherever they can
tell; the search index for a text; the articles themselves for the rest.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from archive import clusters, order
from archive.article import month_after, month_begins, month_of
from archive.articles import chunks
from archive.errors import ArchiveUnavailable, QueryError
from archive.filters import Filters
from archive.query import Query
from archive.search import Matches, SearchIndex
from archive.tables import articles, sources, tag_counts, tags
from archive.tables import counts as maintained

DIMENSIONS: Final = ("month", "province", "agency", "source", "state", "tag")
PLACES: Final = frozenset({"province", "agency", "source"})
WALKERS: Final = ThreadPoolExecutor(2, "facets")  # the index is walked through without the interpreter's lock
AT_ONCE: Final = 10_000  # matches in memory while they are counted one by one

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """Numbers of articles by the dimensions `by`: what has articles, in the order of its keys.

    Iterating gives (key, number), a key as one value a dimension: months "1400-09", provinces as ISO codes, agencies
    and sources as ids, states, tags as search keys. An article counts once a tag of its.
    """

    by: tuple[str, ...]
    rows: tuple[tuple[Key, int], ...]

    def __iter__(self) -> Iterator[tuple[Key, int]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def to_dict(self) -> dict[str, Any]:
        """As JSON: `{"by": ["month"], "counts": [{"month": "1400-09", "articles": 3}, …]}`."""
        told = [{**dict(zip(self.by, key, strict=True)), "articles": number} for key, number in self.rows]
        return {"by": list(self.by), "counts": told}


def count(connection: sa.Connection, query: Query, index: SearchIndex) -> int:
    """How many articles answer a query, its limit and cursor aside."""
    return sum(number for _, number in counts(connection, query, index))


def counts(connection: sa.Connection, query: Query, index: SearchIndex, by: Sequence[str] = ()) -> Facets:
    """How many articles answer a query by some of `DIMENSIONS`, its limit and cursor aside.

    Raises `QueryError` for another dimension.
    """
    for name in by:
        if name not in DIMENSIONS:
            raise QueryError("by", f"{name!r} is none of {', '.join(DIMENSIONS)}")
    names = tuple(dict.fromkeys(by))
    filters = Filters.of(connection, query)
    if query.text:
        found = _matching(connection, query, filters, index.search(connection, query.text, filters), names)
    else:
        found = Counter[Key]()
        for part in [filters] if query.collapse_copies else _parts(filters):  # the first of a text may be in another
            kept = _kept(query, part, names)
            found += _grouped(connection, _counted(query, part, names) if kept is None else kept)
    return Facets(names, tuple(sorted((key, number) for key, number in found.items() if number)))


def spread(connection: sa.Connection, query: Query, index: SearchIndex, dimensions: Sequence[str]) -> dict[str, Facets]:
    """The counts by each of some dimensions alone, which for a text are told by one walk through what matches."""
    return spreading(connection, query, index, dimensions)()


def spreading(
    connection: sa.Connection, query: Query, index: SearchIndex, dimensions: Sequence[str]
) -> Callable[[], dict[str, Facets]]:
    """`spread`, begun at once: the index is walked through in another thread, until the numbers are asked for."""
    alone = [name for name in dimensions if not query.text or query.collapse_copies or name == "tag"]
    found = {name: counts(connection, query, index, (name,)) for name in alone}
    others = [name for name in dimensions if name not in found]
    if not others:
        return lambda: found
    index.catch_up(connection)
    filters = Filters.of(connection, query)
    offices = {row.id: row for row in connection.execute(_offices())}
    fields = sorted({"source" if name in PLACES else name for name in others})
    walk = WALKERS.submit(index.find(query.text, filters).tallies, fields)

    def told() -> dict[str, Facets]:
        try:
            tallies = walk.result()
        except ArchiveUnavailable:  # a damaged index is mended by whoever holds the connection
            tallies = index.search(connection, query.text, filters).tallies(fields)
        return found | {name: _alone(name, tallies, offices) for name in others}

    return told


def _alone(name: str, tallies: Mapping[str, Mapping[Key, int]], offices: Mapping[str, Any]) -> Facets:
    numbers: Counter[Key] = Counter()
    for key, number in tallies["source" if name in PLACES else name].items():
        numbers[(getattr(offices[key[0]], name),) if name in PLACES else key] += number
    return Facets((name,), tuple(sorted((key, number) for key, number in numbers.items() if number)))


# ---- by the database ----


def _parts(filters: Filters) -> Iterable[Filters]:
    """The same range of days in parts: its whole months, which counts are kept of, and what it has of others."""
    since, until = filters.since, filters.until
    try:
        first, behind = since and _month_from(since), until and _month_of(until)
    except (ValueError, OverflowError):  # no year of the calendar
        return [filters]
    if first and behind and first > behind:  # all within a month
        return [filters]
    parts = [replace(filters, since=first, until=behind)]
    if since and first and since < first:
        parts.append(replace(filters, until=first))
    if until and behind and behind < until:
        parts.append(replace(filters, since=behind))
    return parts


def _month_of(moment: datetime) -> datetime:
    """The instant at which the Jalali month of another one begins in Tehran."""
    return month_begins(month_of(moment))


def _month_from(moment: datetime) -> datetime:
    """The first instant, from another one on, at which a Jalali month begins in Tehran."""
    month = month_of(moment)
    begun = month_begins(month)
    return begun if begun == moment else month_begins(month_after(month))


def _kept(query: Query, filters: Filters, by: Sequence[str]) -> sa.Select[Any] | None:
    """The kept counts that answer a query; None where they do not tell."""
    by_tag = bool(filters.tags) or "tag" in by
    ambiguous = len(filters.tags) > 1 or (filters.tags and "tag" in by)
    begun = [moment and _month_begun(moment) for moment in (filters.since, filters.until)]
    if ambiguous or "" in begun or filters.changed_since is not None or query.collapse_copies:
        return None
    table = tag_counts if by_tag else maintained
    tested: Any = (
        (table.c.source.in_, filters.sources),
        (table.c.state.in_, [str(state) for state in filters.states] or None),
        (tag_counts.c.tag.in_, filters.tags or None),
        (table.c.month.__ge__, begun[0]),
        (table.c.month.__lt__, begun[1]),
    )
    conditions = [test(value) for test, value in tested if value is not None]
    return _by(by, table.c, tag_counts.c.tag, table, sa.func.sum(table.c.articles)).where(*conditions)


def _month_begun(moment: datetime) -> str:
    """The Jalali month that begins in Tehran at an instant, "" where none does."""
    try:
        return month_of(moment) if _month_of(moment) == moment else ""
    except (ValueError, OverflowError):  # no year of the calendar
        return ""


def _counted(query: Query, filters: Filters, by: Sequence[str]) -> sa.Select[Any]:
    """The articles themselves."""
    return _of_articles(by).where(*clusters.answering(filters, collapsed=query.collapse_copies))


def _of_articles(by: Sequence[str]) -> sa.Select[Any]:
    table = articles.join(tags, tags.c.article == articles.c.pk) if "tag" in by else articles
    return _by(by, articles.c, tags.c.key, table, sa.func.count())


def _by(by: Sequence[str], columns: Any, tag: Any, table: sa.FromClause, number: Any) -> sa.Select[Any]:
    """The dimensions' columns and a number of each of their values."""
    known = {"month": columns.month, "source": columns.source, "state": columns.state, "tag": tag}
    known |= {"province": sources.c.province, "agency": sources.c.agency}
    if {"province", "agency"} & set(by):
        table = table.join(sources, sources.c.id == columns.source)
    wanted = [known[name] for name in by]
    return sa.select(*wanted, number).select_from(table).group_by(*wanted)


def _grouped(connection: sa.Connection, statement: sa.Select[Any]) -> Counter[Key]:
    return Counter({tuple(row[:-1]): row[-1] for row in connection.execute(statement).all() if row[-1]})


# ---- by the search index ----


def _matching(
    connection: sa.Connection, query: Query, filters: Filters, matches: Matches, by: Sequence[str]
) -> Counter[Key]:
    found: Counter[Key] = Counter()
    if "tag" in by:
        found += _one_by_one(connection, _all(matches), by)
    elif "month" in by or not PLACES.intersection(by):  # sources by months are so many that one after another is faster
        for place, ids in _places(connection, filters, by):
            for key, number in matches.tally([name for name in by if name not in PLACES], ids).items():
                following = iter(key)
                found[tuple(place[name] if name in PLACES else next(following) for name in by)] += number
    else:
        offices = {row.id: row for row in connection.execute(_offices())}
        others = [name for name in by if name not in PLACES]
        for (source, *rest), number in matches.tally(["source", *others]).items():
            known = dict(zip(others, rest, strict=True))
            found[tuple(known.get(name) or getattr(offices[source], name) for name in by)] += number
    if query.collapse_copies:
        found -= _one_by_one(connection, clusters.all_hidden(connection, filters, matches, AT_ONCE), by)
    return found


def _places(
    connection: sa.Connection, filters: Filters, by: Sequence[str]
) -> Iterable[tuple[dict[str, str], list[str] | None]]:
    """The values of the dimensions that say where, each time with the sources there."""
    wanted = [name for name in by if name in PLACES]
    if not wanted:
        return [({}, None)]
    statement = _offices()
    if filters.sources is not None:
        statement = statement.where(sources.c.id.in_(filters.sources))
    there: dict[Key, list[str]] = {}
    for row in connection.execute(statement):
        there.setdefault(tuple(getattr(row, name) for name in wanted), []).append(row.id)
    return [(dict(zip(wanted, place, strict=True)), ids) for place, ids in there.items()]


def _offices() -> sa.Select[Any]:
    return sa.select(sources.c.id, sources.c.province, sources.c.agency, sources.c.id.label("source"))


def _all(matches: Matches) -> Iterator[list[int]]:
    after = None
    while numbers := matches.ordered(AT_ONCE, newest=True, after=after):
        yield [order.pk_of(number) for number in numbers]
        after = numbers[-1]


def _one_by_one(connection: sa.Connection, pages: Iterable[Iterable[int]], by: Sequence[str]) -> Counter[Key]:
    found: Counter[Key] = Counter()
    statement = _of_articles(by)
    for pks in pages:
        for some in chunks(pks):
            found.update(_grouped(connection, statement.where(articles.c.pk.in_(some))))
    return found
