"""The coverage ledger: for each source and Jalali day, how much its lists named, how much of it is archived, what could
not be read, and which numbers of its own are missing.

It is the denominator of whatever is counted in the archive, made from what is kept anyway (`links`, `articles`,
`quarantine`, `crawls`) when it is asked for. A day is that of publication in Tehran; an item whose date nobody stated
stands at the day it was first seen.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

import sqlalchemy as sa

from archive.article import stamp
from archive.identity import keys
from archive.offices import offices
from archive.query import Query
from archive.tables import aliases, articles, crawls, links, quarantine
from persian.calendars import TEHRAN, to_jalali

FEWEST: Final = 20  # numbers of a source, below which nothing is said of those between them
DENSE: Final = 0.5  # share of the numbers between a source's first and last that are its releases'
NUMBER: Final = re.compile(r"[0-9]{1,15}")
JUMP: Final = 1000  # numbers left out at once: a CMS that began anew, or counts something else too


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """One Jalali day ("1400-09-15") of a source, in items.

    `listed` were named by its lists, `fetched` are archived, `quarantined` answered and could not be read. `missing`
    are ranges (first, last) of its own numbers that no list named and no page had, behind that day's.
    """

    day: str
    listed: int = 0
    fetched: int = 0
    quarantined: int = 0
    missing: tuple[tuple[int, int], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "day": self.day,
            "listed": self.listed,
            "fetched": self.fetched,
            "quarantined": self.quarantined,
            "missing": [list(span) for span in self.missing],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A source's days, in order. `sequential` says whether its numbers follow each other, so that gaps mean something.

    `last_sweep` is the end (UTC) of the newest run that walked its lists to their ends and left nothing unread.
    """

    source: str
    sequential: bool
    last_sweep: datetime | None
    days: tuple[Day, ...]

    @property
    def missing(self) -> int:
        return sum(last - first + 1 for day in self.days for first, last in day.missing)

    def to_dict(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "listed": sum(day.listed for day in self.days),
            "fetched": sum(day.fetched for day in self.days),
            "quarantined": sum(day.quarantined for day in self.days),
            "missing": self.missing if self.sequential else None,
            "sequential": self.sequential,
            "last_sweep": self.last_sweep and stamp(self.last_sweep),
            "days": [day.to_dict() for day in self.days],
        }


def ledger(connection: sa.Connection, query: Query | None = None) -> Iterator[Account]:
    """The accounts of the sources that a query asks for, by their ids, with the days between its dates.

    Of a query its provinces, agencies, sources, `since` and `until` are asked for.
    """
    query = query or Query()
    first = query.since and _day_of(query.since)
    behind = query.until and _day_of(query.until)
    for source in offices(connection, query):
        yield _account(connection, source, first or date.min, behind or date.max)


def _account(connection: sa.Connection, source: str, first: date, behind: date) -> Account:
    named = _named(connection, source)
    kept = sa.select(articles.c.native_id, articles.c.ordered_at).where(articles.c.source == source)
    archived = [(native_id, _day_of(ordered_at)) for native_id, ordered_at in connection.execute(kept)]
    listed = Counter(named.values())
    fetched = Counter(day for _, day in archived)
    held = _held(connection, source, named)
    numbers = {int(native_id): day for native_id, day in archived if native_id and NUMBER.fullmatch(native_id)}
    for key, day in named.items():
        if key.startswith("id:") and NUMBER.fullmatch(key[3:]):
            numbers.setdefault(int(key[3:]), day)
    sequential = is_sequential(numbers)
    missing = _by_day(gaps(numbers), numbers) if sequential else {}
    known = listed.keys() | fetched.keys() | held.keys() | missing.keys()
    return Account(
        source=source,
        sequential=sequential,
        last_sweep=_last_sweep(connection, source),
        days=tuple(
            Day(
                day=_jalali(day),
                listed=listed[day],
                fetched=fetched[day],
                quarantined=held[day],
                missing=tuple(missing.get(day, ())),
            )
            for day in sorted(day for day in known if first <= day < behind)
        ),
    )


# ---- numbers that follow each other ----


def is_sequential(numbers: Iterable[int]) -> bool:
    """Whether most numbers from the first to the last are there, greater jumps aside."""
    ordered = sorted(numbers)
    left_out = sum(span for one, other in pairwise(ordered) if (span := other - one - 1) < JUMP)
    return len(ordered) >= FEWEST and len(ordered) >= DENSE * (len(ordered) + left_out)


def gaps(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """The ranges (first, last) of numbers that are left out between the first and the last, greater jumps aside."""
    return [(one + 1, other - 1) for one, other in pairwise(sorted(numbers)) if 1 < other - one <= JUMP]


def _by_day(missing: Sequence[tuple[int, int]], numbers: dict[int, date]) -> dict[date, list[tuple[int, int]]]:
    """Missing ranges by the day of the known number before them."""
    ordered = sorted(numbers)
    found: dict[date, list[tuple[int, int]]] = {}
    for first, last in missing:
        before = ordered[bisect_right(ordered, first) - 1]
        found.setdefault(numbers[before], []).append((first, last))
    return found


# ---- what is kept ----


def _named(connection: sa.Connection, source: str) -> dict[str, date]:
    """The items that lists named, by key, each with its day: its article's, its list's, or that of its first sight."""
    columns = links.c.key, links.c.published, links.c.first_at, articles.c.ordered_at, articles.c.pk
    statement = (
        sa.select(*columns)
        .outerjoin(aliases, sa.and_(aliases.c.source == links.c.source, aliases.c.key == links.c.key))
        .outerjoin(articles, articles.c.pk == aliases.c.article)
        .where(links.c.source == source)
        .order_by(links.c.first_at.desc())
    )
    found: dict[str, date] = {}
    of_article: dict[int, str] = {}
    for row in connection.execute(statement):
        key = of_article.setdefault(row.pk, row.key) if row.pk else row.key  # an article may be named by several keys
        stated = row.ordered_at or (row.published and row.published.ordering)
        if stated or key not in found:
            found[key] = _day_of(stated or row.first_at)
    return found


def _held(connection: sa.Connection, source: str, named: dict[str, date]) -> Counter[date]:
    """Pages in quarantine that had an answer, by the day that lists gave them, else that of the first try."""
    columns = quarantine.c.url, quarantine.c.first_at
    statement = sa.select(*columns).where(quarantine.c.source == source, quarantine.c.body.is_not(None))
    by_url = {key: day for key, day in named.items() if key.startswith("url:")}
    of_links = dict(connection.execute(sa.select(links.c.url, links.c.key).where(links.c.source == source)).all())
    found: Counter[date] = Counter()
    for url, first_at in connection.execute(statement):
        key = of_links.get(url)
        days = (named.get(key or ""), *(by_url.get(each) for each in keys(None, url)))
        found[next(filter(None, days), None) or _day_of(first_at)] += 1
    return found


def _last_sweep(connection: sa.Connection, source: str) -> datetime | None:
    statement = sa.select(sa.func.max(crawls.c.finished_at)).where(crawls.c.source == source, crawls.c.whole)
    ended: datetime | None = connection.scalar(statement)
    return ended


def _day_of(moment: datetime) -> date:
    return moment.astimezone(TEHRAN).date()


@lru_cache(maxsize=1 << 15)
def _jalali(day: date) -> str:
    year, month, of_month = to_jalali(day)
    return f"{year}-{month:02}-{of_month:02}"
