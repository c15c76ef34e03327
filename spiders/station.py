"""The station of `monadi up`: asks the schedule what is due, and has it harvested in another process."""

import logging
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from apscheduler.schedulers.background import BackgroundScheduler

from archive import Archive, orders
from archive.errors import ArchiveError
from archive.orders import Order
from sources import Catalogue, Source
from spiders.records import Records
from spiders.schedule import Record, due, host_of, next_visit

logger = logging.getLogger(__name__)

TICK = 60.0  # seconds between two looks at the whole schedule
POLL = 2.0  # seconds between two looks at what operators ask for, and whether a round has ended


@dataclass(slots=True)
class Round:
    """Sources that a process harvests, by id, since an instant."""

    process: subprocess.Popen[bytes]
    offices: Mapping[str, Source]
    began: datetime

    def busy(self, records: Mapping[str, Record]) -> list[Source]:
        """Those that it reads, or is going to."""
        return [office for office in self.offices.values() if not self._has_read(records.get(office.id, Record()))]

    def _has_read(self, record: Record) -> bool:
        latest = record.latest
        return latest is not None and latest.started_at >= self.began and latest.finished_at is not None


@dataclass(slots=True)
class _Seen:
    """What stood when the schedule was looked at, to tell whether there is anything new."""

    asked: dict[str, tuple[datetime | None, datetime | None]] = field(default_factory=dict)
    until: float = 0.0  # of the clock


class Station:
    """Harvests a catalogue's scheduled sources at their pace, and what operators want at once, from entering the block
    to leaving it. What it intends stands in the archive (`archive.orders`).

    A round of crawls is a process of its own, `harvest` with the ids of what is due (Scrapy's event loop runs once), so
    a crash of one takes nothing with it, and the next look finds what is still due. Beside a round of the schedule runs
    at most one of what operators want: it does not wait for the round to end. No source is read by two at once, nor is
    a host, whose pace one process keeps.
    """

    def __init__(
        self,
        archive: Archive,
        catalogue: Catalogue,
        harvest: Sequence[str],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.archive = archive
        self.catalogue = catalogue
        self.harvest = harvest
        self.clock = clock
        self.records = Records(archive, catalogue, clock=clock)
        self.rounds: list[Round] = []
        self.ordered: list[Round] = []
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
        for each in (*self.rounds, *self.ordered):
            each.process.terminate()
        for each in (*self.rounds, *self.ordered):
            each.process.wait()

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
        """See whether a round has ended, an operator has asked for something, or it is time; if so, look at all."""
        ended = self._reap()
        with self.archive.reading() as connection:
            standing = orders.read(connection)
        asked = {source: order.asked for source, order in standing.items() if any(order.asked)}
        if ended or asked != self._seen.asked or self.clock() >= self._seen.until:
            self.tick(standing, ended)
            self._seen = _Seen(asked=asked, until=self.clock() + TICK)

    def tick(self, standing: Mapping[str, Order], ended: Iterable[Round] = ()) -> None:
        """Begin the rounds of what is due now, and write down the next visits where they are others than before.

        What a round that has ended did not come to is put off: a harvest that cannot begin is not tried all the time.
        """
        now = datetime.now(UTC)
        records = self.records.at(now, standing)
        self._put_off |= {office.id: self.clock() + TICK for each in ended for office in each.busy(records)}
        offices = [office for office in self.catalogue.sources.values() if self._is_ours(office, records)]
        self._plan(offices, records, standing, now)
        found = due(offices, records, now)
        if not self.ordered:
            self._begin(self.ordered, [office for office in found if records[office.id].wanted], records, now)
        if not self.rounds:
            self._begin(self.rounds, [office for office in found if not records[office.id].wanted], records, now)

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

    def _begin(
        self, rounds: list[Round], offices: Sequence[Source], records: Mapping[str, Record], now: datetime
    ) -> None:
        """Begin a round of those sources that are not put off and whose hosts are not being read."""
        hosts = {host_of(busy) for each in (*self.rounds, *self.ordered) for busy in each.busy(records)}
        ready = [office for office in offices if self._put_off.get(office.id, 0.0) <= self.clock()]
        free = {office.id: office for office in ready if host_of(office) not in hosts}
        if free:
            process = subprocess.Popen([*self.harvest, *free])  # noqa: S603 - our own command
            rounds.append(Round(process=process, offices=free, began=now))

    def _reap(self) -> list[Round]:
        """The rounds that have ended since the last look."""
        ended = [each for each in (*self.rounds, *self.ordered) if each.process.poll() is not None]
        self.rounds = [each for each in self.rounds if each not in ended]
        self.ordered = [each for each in self.ordered if each not in ended]
        return ended
