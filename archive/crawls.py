"""What each run of each source did, and the pages it could not use.

A crawl row is written when the run begins and closed when it ends, so a run that was killed shows as one without an
end. `swept` says that a run saw everything that its source lists: what was archived by then is settled, and a later
run may stop where it meets only settled items.
"""

import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from itertools import takewhile
from typing import Any

import sqlalchemy as sa

from archive import timings
from archive.article import stamp
from archive.tables import SUCCEEDED, crawls, quarantine, sources
from sources import Source

OTHERS_FAULT = ("outage", "stopped")  # outcomes that say nothing about the source
LEFT = "its process ended before it could say what it came to"
DOUBTED = "doubted"  # the kind of a page in quarantine that would make of an article what nobody may have written
MAX_ATTEMPTS = 5  # visits to a page that does not answer, before only a full harvest asks for it again


class Outcome(StrEnum):
    """How a crawl ended; what each means is in the table of docs/health.md."""

    OK = "ok"
    QUIET = "quiet"
    SILENT = "silent"
    DEGRADED = "degraded"
    DRIFTED = "drifted"
    EMPTY = "empty"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    OUTAGE = "outage"
    STOPPED = "stopped"

    @property
    def failed(self) -> bool:
        """Whether the run did not read what it should."""
        return self not in (Outcome.OK, Outcome.QUIET, Outcome.SILENT, Outcome.DEGRADED, Outcome.DRIFTED)

    @property
    def trouble(self) -> bool:
        """Whether an operator is to be told."""
        return self not in (Outcome.OK, Outcome.QUIET, Outcome.STOPPED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What a run came to; `counts` is by name (listed, fetched, new, revised, unchanged, quarantined, …).

    `swept` says that it left nothing unread that its source lists, `whole` that it walked the lists to their ends.
    """

    outcome: Outcome
    reason: str | None
    swept: bool
    counts: Mapping[str, int]
    whole: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Crawl:
    """One run of one source, instants in UTC; what a `Result` says is None until the run has ended."""

    id: int
    source: str
    started_at: datetime
    finished_at: datetime | None
    outcome: Outcome | None
    reason: str | None
    swept: bool
    counts: Mapping[str, int]
    whole: bool = False

    @property
    def kind(self) -> str | None:
        """The class of what was wrong with it ("dns", "list-frozen", …); None where nothing was."""
        return next((name.removeprefix("class/") for name in self.counts if name.startswith("class/")), None)

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "source": self.source,
            "started_at": stamp(self.started_at),
            "finished_at": self.finished_at and stamp(self.finished_at),
            "outcome": self.outcome and str(self.outcome),
            "reason": self.reason,
            "swept": self.swept,
            "whole": self.whole,
            "counts": dict(self.counts),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Quarantined:
    """A page that could not be read or fetched: why, and the response as it came where there was one."""

    source: str
    url: str
    kind: str
    reason: str
    extractor: str
    status: int | None = None
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A page in quarantine whose response is kept; instants of the first and the last visit, in UTC."""

    source: str
    url: str
    first_at: datetime
    last_at: datetime
    kind: str
    reason: str
    extractor: str
    status: int | None
    headers: Mapping[str, str]
    body: bytes


def register(connection: sa.Connection, offices: Iterable[Source]) -> None:
    """Make the archive know these sources under their present names."""
    offices = list(offices)
    held = {row.id: (row.agency, row.province) for row in connection.execute(sa.select(sources))}
    if any(
        held.get(each.id, (each.agency.id, each.province.iso)) != (each.agency.id, each.province.iso)
        for each in offices
    ):
        timings.forget(connection)  # they are added up by agency and province
    for source in offices:
        row = {
            "agency": source.agency.id,
            "agency_fa": source.agency.name_fa,
            "agency_en": source.agency.name_en,
            "province": source.province.iso,
            "province_key": source.province.key,
            "province_fa": source.province.fa,
            "province_en": source.province.en,
            "county": source.county,
            "name_fa": source.name_fa,
            "name_en": source.name_en,
            "platform": source.platform,
            "url": source.url,
        }
        if not connection.execute(sa.update(sources).where(sources.c.id == source.id).values(**row)).rowcount:
            connection.execute(sa.insert(sources).values(id=source.id, **row))


def begin(connection: sa.Connection, source: str, at: datetime) -> int:
    row = {"source": source, "started_at": at, "swept": False, "counts": {}}
    return int(connection.execute(sa.insert(crawls).values(**row).returning(crawls.c.id)).scalar_one())


def finish(connection: sa.Connection, crawl: int, *, at: datetime, result: Result) -> None:
    row = {
        "finished_at": at,
        "outcome": str(result.outcome),
        "reason": result.reason,
        "swept": result.swept,
        "whole": result.whole,
        "counts": dict(result.counts),
    }
    connection.execute(sa.update(crawls).where(crawls.c.id == crawl).values(**row))


def close_left(connection: sa.Connection, source: str, at: datetime, reason: str = LEFT) -> int:
    """Close the crawls of a source that have no end, as stopped for a reason, and return how many there were.

    Whoever calls it holds the claim of the source (`archive.claims`), so whatever has no end is not running.
    """
    left = sa.update(crawls).where(crawls.c.source == source, crawls.c.finished_at.is_(None))
    return connection.execute(left.values(finished_at=at, outcome=str(Outcome.STOPPED), reason=reason)).rowcount


def call_outage(connection: sa.Connection, offices: Iterable[str]) -> None:
    """Note that the newest crawls of these sources failed with most others: the network's fault, not theirs."""
    newest = sa.select(sa.func.max(crawls.c.id)).where(crawls.c.source.in_(list(offices))).group_by(crawls.c.source)
    connection.execute(sa.update(crawls).where(crawls.c.id.in_(newest)).values(outcome=str(Outcome.OUTAGE)))


def latest(connection: sa.Connection, source: str | None = None) -> list[Crawl]:
    """The newest crawl of every source, or of one."""
    newest = _newest()
    if source is not None:
        newest = newest.where(sources.c.id == source)
    statement = sa.select(crawls).where(crawls.c.id.in_(newest)).order_by(crawls.c.source)
    return [_crawl(row) for row in connection.execute(statement)]


def last_successes(connection: sa.Connection) -> dict[str, datetime]:
    """The end of each source's newest crawl that did not fail, of those that have one."""
    newest = sa.select(sa.func.max(crawls.c.finished_at)).where(crawls.c.source == sources.c.id, SUCCEEDED)
    statement = sa.select(sources.c.id, newest.correlate(sources).scalar_subquery())  # a look into the index each
    return {source: moment for source, moment in connection.execute(statement) if moment}


def failing(connection: sa.Connection, limit: int = 10) -> dict[str, list[Crawl]]:
    """The newest finished crawls, newest first, of each source whose last one failed, up to one that did not.

    Outages and stops say nothing about a source and are left out; at most `limit` of each are told.
    """
    last = _newest(crawls.c.outcome.not_in(OTHERS_FAULT))
    failed = [str(each) for each in Outcome if each.failed]
    statement = sa.select(crawls.c.source).where(crawls.c.id.in_(last), crawls.c.outcome.in_(failed))
    found = {}
    for source in connection.scalars(statement.order_by(crawls.c.source)).all():
        rows = sa.select(crawls).where(crawls.c.source == source, crawls.c.outcome.not_in(OTHERS_FAULT))
        told = map(_crawl, connection.execute(rows.order_by(crawls.c.id.desc()).limit(limit)))
        found[source] = list(takewhile(lambda crawl: crawl.outcome is not None and crawl.outcome.failed, told))
    return found


def _newest(*where: sa.ColumnElement[bool]) -> sa.Select[tuple[int]]:
    """The ids of the newest crawl of every source, of those that fulfil something: a look into the index each."""
    newest = sa.select(crawls.c.id).where(crawls.c.source == sources.c.id, *where).order_by(crawls.c.id.desc()).limit(1)
    return sa.select(newest.correlate(sources).scalar_subquery()).select_from(sources)


def finished(connection: sa.Connection, source: str, since: datetime, limit: int) -> list[Crawl]:
    """The crawls of a source that ended after an instant, the newest first; at most `limit`."""
    statement = (
        sa.select(crawls)
        .where(crawls.c.source == source, crawls.c.outcome.is_not(None), crawls.c.started_at >= since)
        .order_by(crawls.c.id.desc())
        .limit(limit)
    )
    return [_crawl(row) for row in connection.execute(statement)]


def last_begun(connection: sa.Connection) -> datetime | None:
    """When a crawl began last, of whatever source."""
    newest = sa.select(crawls.c.started_at).order_by(crawls.c.id.desc()).limit(1)
    moment: datetime | None = connection.scalar(newest)
    return moment


def settled_until(connection: sa.Connection, source: str) -> datetime | None:
    """The end of the last crawl that saw everything listed; None when there has been none."""
    statement = sa.select(sa.func.max(crawls.c.finished_at)).where(crawls.c.source == source, crawls.c.swept)
    until: datetime | None = connection.scalar(statement)
    return until


def hold(connection: sa.Connection, pages: Sequence[Quarantined], at: datetime) -> None:
    """Put pages into quarantine, or note one more attempt at pages that are there."""
    for page in pages:
        row = {
            "last_at": at,
            "kind": page.kind,
            "reason": page.reason,
            "extractor": page.extractor,
            "status": page.status,
            "headers": dict(page.headers),
            "body": None if page.body is None else gzip.compress(page.body, mtime=0),
        }
        this = (quarantine.c.source == page.source) & (quarantine.c.url == page.url)
        again = sa.update(quarantine).where(this).values(attempts=quarantine.c.attempts + 1, **row)
        if not connection.execute(again).rowcount:
            new = {"source": page.source, "url": page.url, "first_at": at, "attempts": 1}
            connection.execute(sa.insert(quarantine).values(**new, **row))


def release(connection: sa.Connection, source: str, urls: Iterable[str]) -> None:
    """Take pages out of quarantine that have been read after all."""
    for url in urls:
        connection.execute(sa.delete(quarantine).where(quarantine.c.source == source, quarantine.c.url == url))


def to_retry(connection: sa.Connection, source: str, extractor: str) -> list[str]:
    """Addresses worth another visit: pages that did not answer, and pages that another extractor could not read."""
    statement = sa.select(quarantine.c.url).where(
        quarantine.c.source == source,
        sa.or_(
            sa.and_(quarantine.c.body.is_(None), quarantine.c.attempts < MAX_ATTEMPTS),
            sa.and_(quarantine.c.kind == DOUBTED, quarantine.c.attempts < MAX_ATTEMPTS),
            quarantine.c.extractor != extractor,
        ),
    )
    return list(connection.scalars(statement.order_by(quarantine.c.pk)))


def held(connection: sa.Connection) -> Iterator[Held]:
    """The pages in quarantine that gave a response, in the order in which they came there."""
    columns = [quarantine.c[field.name] for field in fields(Held)]
    kept = sa.select(*columns).where(quarantine.c.body.is_not(None)).order_by(quarantine.c.pk)
    for row in connection.execute(kept):
        yield Held(**{**row._asdict(), "body": gzip.decompress(row.body)})


def quarantined(connection: sa.Connection) -> dict[str, int]:
    """How many pages each source has in quarantine."""
    statement = sa.select(quarantine.c.source, sa.func.count()).group_by(quarantine.c.source)
    return {row[0]: row[1] for row in connection.execute(statement)}


def _crawl(row: Any) -> Crawl:
    outcome = row.outcome and Outcome(row.outcome)
    return Crawl(**{**row._asdict(), "outcome": outcome})
