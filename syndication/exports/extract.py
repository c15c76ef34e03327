"""What is exported: the records that answer a query in one state of the archive, counted as they pass."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from archive import Archive, Query, chains, changes, crawls
from archive.article import stamp
from archive.articles import chunks
from archive.ledger import ledger
from archive.offices import Office, offices
from archive.records import Kind, kind, lines, records
from archive.search import SearchIndex
from archive.tables import articles
from archive.tables import changes as log
from archive.tables import revisions as readings

UNDATED = "undated"


@dataclass(slots=True)
class Tally:
    """How many records there were, and of which kinds."""

    kinds: Counter[Kind] = field(default_factory=Counter)

    @property
    def articles(self) -> int:
        return self.kinds.total()

    @property
    def sources(self) -> Counter[str]:
        return self._by(lambda kind: kind[0])

    @property
    def states(self) -> Counter[str]:
        return self._by(lambda kind: kind[1])

    @property
    def extractors(self) -> Counter[str]:
        return self._by(lambda kind: kind[2])

    @property
    def years(self) -> Counter[str]:
        return self._by(lambda kind: kind[3] or UNDATED)

    def _by(self, value: Callable[[Kind], str]) -> Counter[str]:
        counted = Counter[str]()
        for each, number in self.kinds.items():
            counted[value(each)] += number
        return counted

    def to_dict(self) -> dict[str, Any]:
        counted = {"by_state": self.states, "by_source": self.sources, "by_jalali_year": self.years}
        return {"articles": self.articles, **{name: dict(sorted(counts.items())) for name, counts in counted.items()}}


class Extract:
    """One state of an archive as a query sees it. `records()` or `lines()` is walked once; `tally` counts what it gave.

    `change` is the number of the newest change that this state knows: the next increment begins there. With `since` it
    is an increment: what changed after that number, whatever became of it, so that a mirror learns of removals too.
    """

    def __init__(self, connection: sa.Connection, query: Query, index: SearchIndex, since: int | None = None) -> None:
        self.connection = connection
        self.asked = query
        self.since = since
        self.query = query if since is None else incremental(query, since)
        self.index = index
        self.change = changes.newest(connection)
        self.tally = Tally()

    def records(self) -> Iterator[dict[str, Any]]:
        """What answers the query, in its order; memory stays flat."""
        kinds = self.tally.kinds
        for record in records(self.connection, self.query, self.index):
            kinds[kind(record)] += 1
            yield record

    def lines(self) -> Iterator[list[bytes]]:
        """The same as JSON in UTF-8, some records at a time."""
        for some in lines(self.connection, self.query, self.index):
            self.tally.kinds.update(some.kinds)
            yield some.json

    @cached_property
    def offices(self) -> Mapping[str, Office]:
        """Those that the query is about, whether or not anything of theirs answers it."""
        return offices(self.connection, self.query)

    @cached_property
    def left(self) -> list[str]:
        """Ids that a mirror must drop: known before `since`, changed after it, answering the query no more.

        An edit can take an article out of a text, a tag or a range of days.
        """
        query = self.query
        if self.since is None or not (query.text or query.tags or query.since or query.until):
            return []
        known = sa.select(log.c.article).where(log.c.seq <= self.since)
        statement = (
            sa.select(articles.c.id)
            .where(articles.c.change > self.since, articles.c.pk.in_(known), articles.c.source.in_(self.offices))
            .order_by(articles.c.id)
        )
        answering = {record["id"] for record in records(self.connection, query.narrowed(limit=None), self.index)}
        return [id_ for id_ in self.connection.scalars(statement) if id_ not in answering]

    def coverage(self) -> list[dict[str, Any]]:
        """By source how complete it is: its account in the ledger, its newest run, and the newest link of its chain."""
        runs = {crawl.source: crawl for crawl in crawls.latest(self.connection)}
        seals = chains.newest(self.connection, self.offices)
        told = []
        for account in ledger(self.connection, self.asked):
            run, seal = runs.get(account.source), seals.get(account.source)
            told.append(
                {
                    **account.to_dict(),
                    "crawled": run and run.finished_at and stamp(run.finished_at),
                    "outcome": run and run.outcome and str(run.outcome),
                    "chain": seal and {"day": seal.day, "change": seal.last, "hash": seal.hash},
                }
            )
        return told

    def earlier(self, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
        """The readings of these articles that a later one superseded, oldest first."""
        columns = (readings.c.number, readings.c.seen_at, readings.c.extractor, readings.c.content_hash)
        texts = (readings.c.kicker, readings.c.title, readings.c.lead, readings.c.body, readings.c.published)
        for some in chunks(ids):
            statement = (
                sa.select(articles.c.id.label("article"), *columns, *texts)
                .join(articles, articles.c.pk == readings.c.article)
                .where(articles.c.id.in_(some), readings.c.number < articles.c.revision)
                .order_by(articles.c.id, readings.c.number)
            )
            for row in self.connection.execute(statement):
                published = row.published and row.published.gregorian
                yield {**row._asdict(), "seen_at": stamp(row.seen_at), "published": published}


def incremental(query: Query, since: int) -> Query:
    """What changed after a number: whichever its state is now, for a removal is a change to tell of."""
    after = max(since, query.changed_since or 0)
    return query.narrowed(changed_since=after, states=())


@contextmanager
def extract(
    archive: Archive, query: Query, since: int | None = None, *, seconds: float | None = None
) -> Iterator[Extract]:
    """One state of the archive for as long as the block lasts; raises `ArchiveError`, and `TookTooLong` after so many
    `seconds`.
    """
    asking = archive.bounded(seconds, query) if seconds is not None else archive.reading()
    with asking as connection:
        yield Extract(connection, query, archive.index, since)
