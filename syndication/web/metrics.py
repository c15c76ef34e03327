"""/metrics: what Prometheus asks for (https://prometheus.io/docs/instrumenting/exposition_formats/).

Numbers of the archive are read when they are asked for, in a handful of questions that look into indexes, so that they
are those of the archive, whoever harvests it. Nothing is labelled with a release; the labels are sources, outcomes and
matters of alarms. `monadi_crawls_total` and the durations begin at zero with each server, as counters may.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from threading import Lock
from time import monotonic
from typing import Any, Final

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from archive import Archive, alarms, changes, crawls, notices, queue
from archive.tables import articles, counts, orders, sources
from archive.tables import crawls as table
from sources import Catalogue
from syndication.alerts.watch import LATE, room

SECONDS: Final = 5.0  # that the archive may be asked
BUCKETS: Final = (1.0, 3.0, 10.0, 30.0, 60.0, 180.0, 600.0, 1800.0, 3600.0)  # seconds of a crawl
A_MINUTE: Final = 60.0  # seconds
NEVER: Final = "never"
RUNNING: Final = "running"
PAUSED: Final = "paused"


class Metrics:
    """The metrics of an archive and of this process."""

    def __init__(self, archive: Archive, catalogue: Catalogue) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.registry.register(_Collector(archive, catalogue))

    def endpoint(self, _: Request) -> Response:
        """Raises what the archive does, so that a scrape of an archive that is away fails."""
        text = generate_latest(self.registry)
        return Response(text, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4, "Cache-Control": "no-store"})


class _Collector:
    def __init__(self, archive: Archive, catalogue: Catalogue) -> None:
        self._archive = archive
        self._catalogue = catalogue
        self._ended = _Ended()
        self._added_up: tuple[float, int] | None = None

    def describe(self) -> list[Metric]:
        return []  # so that registering asks nothing

    def collect(self) -> Iterator[Metric]:
        now = datetime.now(UTC)
        with self._archive.reading(SECONDS) as connection:
            yield from self._ended.told(connection)
            yield from self._of_sources(connection, now)
            yield from self._of_queue(connection)
            yield from self._of_alarms(connection)
            yield from self._of_archive(connection)

    def _of_sources(self, connection: sa.Connection, now: datetime) -> Iterator[Metric]:
        newest, paused = _newest(connection), set(connection.scalars(_PAUSED))
        states = Counter(PAUSED if each in paused else newest.get(each, NEVER) for each in self._catalogue.sources)
        yield _labelled("monadi_sources", "Sources by what their newest crawl came to.", "state", states)
        due, late, first = connection.execute(_visits(now)).one()
        yield _one("monadi_sources_due", "Visits that are due.", due or 0)
        yield _one("monadi_sources_overdue", "Visits that have been due for more than half an hour.", late or 0)
        if first:
            yield _one("monadi_next_visit_timestamp_seconds", "The earliest next visit.", first.timestamp())
        if begun := crawls.last_begun(connection):
            yield _one("monadi_last_crawl_timestamp_seconds", "When a crawl began last.", begun.timestamp())
        said = "When the newest release of a source came out."
        yield _labelled("monadi_source_newest_release_timestamp_seconds", said, "source", _newest_releases(connection))
        held = crawls.quarantined(connection)
        yield _labelled("monadi_source_quarantined_pages", "Pages in quarantine.", "source", held)
        yield _one("monadi_quarantined_pages", "Pages in quarantine in all.", sum(held.values()))

    def _of_queue(self, connection: sa.Connection) -> Iterator[Metric]:
        """Where crawls are handed out to workers."""
        if stands := queue.standing(connection):
            states = {"waiting": len(stands.waiting), "taken": len(stands.taken)}
            yield _labelled("monadi_queue_crawls", "Crawls that wait for a worker, or that one reads.", "state", states)
            yield _one("monadi_workers", "Workers that were heard of in the last minute.", stands.workers)

    def _of_alarms(self, connection: sa.Connection) -> Iterator[Metric]:
        matters: Counter[str] = Counter(dict.fromkeys(map(str, alarms.Matter), 0))
        matters.update(str(alarm.matter) for alarm in alarms.standing(connection))
        yield _labelled("monadi_alarms", "Alarms that stand.", "matter", matters)
        waiting = len(notices.waiting(connection))
        yield _one("monadi_notices_unsent", "Messages to operators that were tried in vain.", waiting)

    def _of_archive(self, connection: sa.Connection) -> Iterator[Metric]:
        yield _one("monadi_releases", "Releases in the archive, as of a minute ago.", self._total(connection))
        yield _one("monadi_change", "The number of the newest row of the change log.", changes.newest(connection))
        file = self._archive.database.file
        if file:
            log = file.with_name(f"{file.name}-wal")
            size = file.stat().st_size + (log.stat().st_size if log.exists() else 0)
        else:
            size = connection.scalar(sa.select(sa.func.pg_database_size(sa.func.current_database()))) or 0
        yield _one("monadi_archive_bytes", "The size of the database.", size)
        yield _one(
            "monadi_disk_free_bytes", "Free where the snapshots are.", room(self._archive.snapshots.directory)[1]
        )

    def _total(self, connection: sa.Connection) -> int:
        """Added up once a minute: there is a number for each source, month and state."""
        if self._added_up is None or monotonic() - self._added_up[0] > A_MINUTE:
            total = connection.scalar(sa.select(sa.func.coalesce(sa.func.sum(counts.c.articles), 0))) or 0
            self._added_up = monotonic(), total
        return self._added_up[1]


class _Ended:
    """Counts crawls that end from now on, by looking at those that were not counted yet."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._begun: int | None = None  # all up to this one are counted or among those that run
        self._running: set[int] = set()
        self._outcomes: Counter[str] = Counter(dict.fromkeys(map(str, crawls.Outcome), 0))
        self._buckets = [0] * (len(BUCKETS) + 1)
        self._seconds = 0.0

    def told(self, connection: sa.Connection) -> Iterator[Metric]:
        with self._lock:
            self._count(connection)
            yield _counted(self._outcomes)
            bounds = [*(str(bound) for bound in BUCKETS), "+Inf"]
            totals = [sum(self._buckets[: place + 1]) for place in range(len(bounds))]
            yield HistogramMetricFamily(
                "monadi_crawl_seconds",
                "How long crawls took that ended since this server began.",
                buckets=list(zip(bounds, totals, strict=True)),
                sum_value=self._seconds,
            )

    def _count(self, connection: sa.Connection) -> None:
        newest = connection.scalar(sa.select(sa.func.max(table.c.id))) or 0
        columns = table.c.id, table.c.outcome, table.c.started_at, table.c.finished_at
        if self._begun is None:
            unended = sa.select(table.c.id).where(table.c.outcome.is_(None), table.c.id > newest - 1000)
            self._running, self._begun = set(connection.scalars(unended)), newest
            return
        which = sa.or_(table.c.id > self._begun, table.c.id.in_(self._running))
        for row in connection.execute(sa.select(*columns).where(which)):
            self._running.discard(row.id)
            if row.outcome is None:
                self._running.add(row.id)
                continue
            self._outcomes[row.outcome] += 1
            took = (row.finished_at - row.started_at).total_seconds()
            self._buckets[next((n for n, bound in enumerate(BUCKETS) if took <= bound), len(BUCKETS))] += 1
            self._seconds += took
        self._begun = newest


def _newest(connection: sa.Connection) -> dict[str, str]:
    """What the newest crawl of each source came to, or that it runs."""
    outcome = (
        sa.select(sa.func.coalesce(table.c.outcome, RUNNING))
        .where(table.c.source == sources.c.id)
        .order_by(table.c.id.desc())
        .limit(1)
        .correlate(sources)
        .scalar_subquery()
    )
    return {source: state for source, state in connection.execute(sa.select(sources.c.id, outcome)) if state}


def _newest_releases(connection: sa.Connection) -> dict[str, float]:
    newest = sa.select(sa.func.max(articles.c.ordered_at)).where(articles.c.source == sources.c.id)
    statement = sa.select(sources.c.id, newest.correlate(sources).scalar_subquery())  # a look into the index each
    return {source: at.timestamp() for source, at in connection.execute(statement) if at}


_PAUSED: Final = sa.select(orders.c.source).where(orders.c.paused_since.is_not(None))


def _visits(now: datetime) -> sa.Select[Any]:
    """How many visits are due and how many late, and the first of all, of sources that are not paused."""
    due = sa.func.sum(sa.case((orders.c.next_visit <= now, 1), else_=0))
    late = sa.func.sum(sa.case((orders.c.next_visit < now - LATE, 1), else_=0))
    return sa.select(due, late, sa.func.min(orders.c.next_visit)).where(orders.c.paused_since.is_(None))


def _one(name: str, said: str, value: float) -> Metric:
    return GaugeMetricFamily(name, said, value=value)


def _labelled(name: str, said: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, said, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _counted(outcomes: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily("monadi_crawls", "Crawls that ended since this server began.", labels=["outcome"])
    for outcome, number in outcomes.items():
        family.add_metric([outcome], number)
    return family
