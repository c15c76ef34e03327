"""The station of `monadi up` and `monadi schedule run`: asks the schedule what is due, and has it read."""

import logging
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Protocol, Self

import sqlalchemy as sa
from apscheduler.schedulers.background import BackgroundScheduler

from archive import Archive, following, orders, tables
from archive.errors import ArchiveError
from archive.orders import Order
from sources import Catalogue, Source
from spiders.records import Records
from spiders.schedule import Record, chosen, due, next_visit

logger = logging.getLogger(__name__)

TICK = 60.0  # seconds between two looks at the whole schedule
POLL = 2.0  # seconds between two looks at what operators ask for, and which crawls have ended
HOUR = 3600.0  # seconds after which what follows from readings is done though nothing is new: months end by the clock


class Crawls(Protocol):
    """Whoever crawls: processes here (`spiders.processes`), or workers anywhere (`spiders.workers`)."""

    @property
    def at_once(self) -> int:
        """How many sources may be read, or wait for it, at present."""

    def running(self) -> set[str]:
        """The ids of sources that are being read, or wait for it."""

    def begin(self, office: Source, record: Record) -> None:
        """Have a source read, unless it has been since this was recorded."""

    def reap(self) -> Mapping[str, int]:
        """The sources whose crawls have ended since the last time, each with what was its newest crawl before."""

    def stop(self) -> None:
        """Begin no more; what is being read here is given up."""


@dataclass(slots=True)
class _Seen:
    """What stood when the schedule was looked at, to tell whether there is anything new."""

    asked: dict[str, tuple[datetime | None, datetime | None]] = field(default_factory=dict)
    until: float = 0.0  # of the clock


class Station:
    """Has a catalogue's scheduled sources read at their pace, and what operators want at once, from entering the block
    to leaving it. What it intends stands in the archive (`archive.orders`); it knows nothing else, so another one goes
    on where one was ended, and two at once do no harm: a source that is claimed is left alone, whoever reads it.

    What operators want does not wait for a crawl to end: there may be one more than `at_once`.
    """

    def __init__(
        self,
        archive: Archive,
        catalogue: Catalogue,
        crawls: Crawls,
        *,
        follow: Sequence[str] = following.COMMAND,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.archive = archive
        self.catalogue = catalogue
        self.crawls = crawls
        self.clock = clock
        self.records = Records(archive, catalogue, clock=clock)
        self.following = Following(archive, follow, clock)
        self.scheduler = BackgroundScheduler(timezone=UTC)
        self._seen = _Seen()
        self._put_off: dict[str, float] = {}
        self._blind_until = 0.0

    def __enter__(self) -> Self:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a look that is skipped while one lasts is no news
        self.scheduler.add_job(self.look, "interval", seconds=POLL, next_run_time=datetime.now(UTC), max_instances=1)
        self.scheduler.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.scheduler.remove_all_jobs()
        self.scheduler.shutdown()  # after a look that is under way
        self.crawls.stop()
        self.following.stop()

    def look(self) -> None:
        """See what is to be done, and do it; while the archive does not let us, in a line a minute."""
        if self.clock() < self._blind_until:
            return
        try:
            self._look()
        except ArchiveError as error:
            logger.error("nothing is harvested on schedule: %s", error)  # noqa: TRY400 - one line
            self._blind_until = self.clock() + TICK

    def _look(self) -> None:
        """See whether a crawl has ended, an operator has asked for something, or it is time; if so, look at all."""
        ended = self.crawls.reap()
        with self.archive.reading() as connection:
            standing = orders.read(connection)
        asked = {source: order.asked for source, order in standing.items() if any(order.asked)}
        if ended or asked != self._seen.asked or self.clock() >= self._seen.until:
            waits = self.tick(standing, ended)
            self._seen = _Seen(asked=asked, until=self.clock() + (POLL if waits else TICK))
        self.following.look(idle=bool(ended) and not self.crawls.running())

    def tick(self, standing: Mapping[str, Order], ended: Mapping[str, int] | None = None) -> bool:
        """Begin what is due now, and write down the next visits where they are others than before; whether something
        that an operator wants has to wait.

        Where a crawl has ended before it began, the source is put off: it is not tried all the time.
        """
        now = datetime.now(UTC)
        records = self.records.at(now, standing)
        unread = [source for source, before in (ended or {}).items() if records.get(source, Record()).newest <= before]
        self._put_off |= dict.fromkeys(unread, self.clock() + TICK)
        offices = [office for office in self.catalogue.sources.values() if self._is_ours(office, records)]
        self._plan(offices, records, standing, now)
        return self._begin(due(offices, records, now), records, now)

    def _is_ours(self, office: Source, records: Mapping[str, Record]) -> bool:
        """Whether a source is read without being named: one that is on schedule, or that an operator wants."""
        return not office.unverified or records[office.id].wanted is not None

    def _plan(
        self,
        offices: Sequence[Source],
        records: Mapping[str, Record],
        standing: Mapping[str, Order],
        now: datetime,
    ) -> None:
        visits = {office.id: next_visit(office, records[office.id], now) for office in offices}
        if visits != {source: order.visit for source, order in standing.items() if order.visit}:
            with self.archive.writing() as connection:
                orders.plan(connection, visits)

    def _begin(self, offices: Sequence[Source], records: Mapping[str, Record], now: datetime) -> bool:
        """Begin the crawls that there is room for, of sources that are neither put off nor being read."""
        reading = self.crawls.running()
        running = [office for office in self.catalogue.sources.values() if office.id in reading]
        claimed = self.archive.claimed(office.id for office in offices)
        elsewhere = [office for office in offices if office.id in claimed - reading]
        busy = claimed | reading
        ready = [
            office for office in offices if office.id not in busy and self._put_off.get(office.id, 0.0) <= self.clock()
        ]
        more = any(records[office.id].wanted for office in ready)
        found = chosen(ready, [*running, *elsewhere], records, now, self.crawls.at_once + len(elsewhere) + more)
        for office in found:
            self.crawls.begin(office, records[office.id])
        return any(records[office.id].wanted for office in offices if office not in found)


class Following:
    """Has what follows from readings done (`archive.following`), in a process of its own, when something is new: once
    in a while, or when all crawls have ended.
    """

    def __init__(self, archive: Archive, command: Sequence[str], clock: Callable[[], float]) -> None:
        self.archive = archive
        self.command = command
        self.clock = clock
        self.process: subprocess.Popen[bytes] | None = None
        self.followed = -1  # up to which change
        self.next = 0.0
        self.by = 0.0

    def look(self, *, idle: bool) -> None:
        now = self.clock()
        if (self.process and self.process.poll() is None) or not (idle or now >= self.next):
            return
        self.next = now + TICK
        with self.archive.reading() as connection:
            newest = connection.scalar(sa.select(sa.func.max(tables.changes.c.seq))) or 0
        if newest != self.followed or now >= self.by:
            self.followed, self.by = newest, now + HOUR
            self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603 - our own command

    def stop(self) -> None:
        if self.process:
            self.process.terminate()  # stopped at any point, the next one goes on from there
            self.process.wait()
