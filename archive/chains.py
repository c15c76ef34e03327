"""Tamper evidence: every row of the change log is a link in the chain of its source, sealed by day.

A link is the SHA-256 of the link before it and of what its row says: number, instant, kind, article, revision and the
hash of that revision's content. `chains` holds, for each source and day of writing (UTC), the newest link. Whoever has
noted one such hash can tell later whether any text, date or removal of that source up to that day has been altered,
left out or put in behind its back: `verify` makes the links anew from the log.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache, reduce
from itertools import groupby
from typing import Any, Protocol

import sqlalchemy as sa

from archive.article import stamp
from archive.database import execute_among, upserting
from archive.tables import articles, chains, changes

BEGINNING = ""  # stands before the first link of a source


_NEWEST = """
SELECT source, day, first, last, links, hash FROM chains
WHERE day = (SELECT max(later.day) FROM chains AS later WHERE later.source = chains.source) AND source"""


class Told(Protocol):
    """What a row of the change log says."""

    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def revision(self) -> int: ...
    @property
    def content_hash(self) -> str: ...
    @property
    def source(self) -> str: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Seal:
    """A source's chain as it stood at the end of a day ("2026-11-28", UTC): its newest link, in hex.

    `first` and `last` are numbers of the change log, `links` how many rows of that source lie between them.
    """

    source: str
    day: str
    first: int
    last: int
    links: int
    hash: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def link(before: str, row: Told) -> str:
    """The link of a row of the log behind another link."""
    said = before, row.seq, stamp(row.at), row.kind, row.id, row.revision, row.content_hash
    return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()


def extend(connection: sa.Connection, rows: Iterable[Told], now: datetime) -> None:
    """Chain rows, one at least, that were just written to the log, in its order, to those of their sources before."""
    by_source = groupby(sorted(rows, key=lambda row: (row.source, row.seq)), key=lambda row: row.source)
    told = {source: list(its) for source, its in by_source}
    known = newest(connection, told)
    today = f"{now.astimezone(UTC):%Y-%m-%d}"
    made = []
    for source, its in told.items():
        before = known.get(source)
        day = max(today, before.day if before else "")  # a clock that was set back
        hash_ = reduce(link, its, before.hash if before else BEGINNING)
        same = before if before and before.day == day else None
        first, links = (same.first, same.links) if same else (its[0].seq, 0)
        seal = Seal(source=source, day=day, first=first, last=its[-1].seq, links=links + len(its), hash=hash_)
        made.append(seal.to_dict())
    connection.execute(_sealing(connection.dialect.name), made)


@cache
def _sealing(dialect: str) -> Any:
    statement = upserting(dialect)(chains)
    told_anew = {name: statement.excluded[name] for name in ("last", "links", "hash")}
    return statement.on_conflict_do_update(index_elements=["source", "day"], set_=told_anew)


def seals(connection: sa.Connection) -> list[Seal]:
    """Every seal, by source and day."""
    return [
        Seal(**row._asdict()) for row in connection.execute(sa.select(chains).order_by(chains.c.source, chains.c.day))
    ]


def newest(connection: sa.Connection, sources: Iterable[str]) -> dict[str, Seal]:
    """The newest seal of each of these sources that has one."""
    return {row.source: Seal(**row._asdict()) for row in execute_among(connection, _NEWEST, list(sources))}


def verify(connection: sa.Connection) -> Iterator[str]:
    """Make every link anew from the log; yields one line for each seal that does not hold."""
    sealed: dict[str, list[Seal]] = {}
    for seal in seals(connection):
        sealed.setdefault(seal.source, []).append(seal)
    columns = (
        *(changes.c[name] for name in ("seq", "at", "kind", "revision", "content_hash")),
        articles.c.id,
        articles.c.source,
    )
    statement = sa.select(*columns).join(articles, articles.c.pk == changes.c.article)
    statement = statement.order_by(articles.c.source, changes.c.seq)
    log = connection.execute(statement.execution_options(yield_per=1000))
    unsealed = set(sealed)
    for source, rows in groupby(log, key=lambda row: row.source):
        unsealed.discard(source)
        yield from _broken(source, rows, sealed.get(source, []))
    for source in sorted(unsealed):
        yield f"{source}: its chain is sealed up to change {sealed[source][-1].last}, the log has no row of it"


def _broken(source: str, rows: Iterable[Told], seals_: list[Seal]) -> Iterator[str]:
    """Seals of a source that its rows do not make; each is judged from the hash of the seal before it."""
    waiting = iter(seals_)
    seal = next(waiting, None)
    hash_, links = BEGINNING, 0
    for row in rows:
        while seal and row.seq > seal.last:
            yield _line(seal, "the row that it ends with is not in the log")
            hash_, links, seal = seal.hash, 0, next(waiting, None)
        if seal is None:
            yield f"{source}: change {row.seq} and what follows are in the log, but in no sealed day"
            return
        hash_, links = link(hash_, row), links + 1
        if row.seq == seal.last:
            if (hash_, links) != (seal.hash, seal.links):
                yield _line(seal, "the log says something else than what was sealed")
            hash_, links, seal = seal.hash, 0, next(waiting, None)
    if seal:
        yield _line(seal, "the row that it ends with is not in the log")


def _line(seal: Seal, reason: str) -> str:
    return f"{seal.source}: the chain of {seal.day} (changes {seal.first} to {seal.last}) does not hold: {reason}"
