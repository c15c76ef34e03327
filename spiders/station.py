"""The station of `monadi up`: asks the schedule every minute what is due, and has it harvested in another process."""

import logging
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from apscheduler.schedulers.background import BackgroundScheduler

from archive import Archive, crawls
from sources import Catalogue
from spiders.schedule import Record, due

TICK = 60  # seconds


class Station:
    """Harvests a catalogue's scheduled sources at their pace, from entering the block to leaving it.

    A round of crawls is a process of its own, `harvest` with the ids of what is due (Scrapy's event loop runs once), so
    a crash of one takes nothing with it, and the next tick finds what is still due. While a round runs no other begins.
    """

    def __init__(self, archive: Archive, catalogue: Catalogue, harvest: Sequence[str]) -> None:
        self.archive = archive
        self.offices = catalogue.scheduled
        self.harvest = harvest
        self.round: subprocess.Popen[bytes] | None = None
        self.scheduler = BackgroundScheduler(timezone=UTC)

    def __enter__(self) -> Self:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that is skipped while a round runs is no news
        self.scheduler.add_job(self.tick, "interval", seconds=TICK, next_run_time=datetime.now(UTC), max_instances=1)
        self.scheduler.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.scheduler.remove_all_jobs()
        if self.round:
            self.round.terminate()
        self.scheduler.shutdown()

    def tick(self) -> None:
        """One round: what is due now is harvested."""
        offices = due(self.offices, self.records(), datetime.now(UTC))
        if offices:
            command = [*self.harvest, *(office.id for office in offices)]
            self.round = subprocess.Popen(command)  # noqa: S603 - our own command
            self.round.wait()

    def records(self) -> dict[str, Record]:
        """What the archive knows of each source's crawls."""
        with self.archive.reading() as connection:
            latest = {crawl.source: crawl for crawl in crawls.latest(connection)}
            failures = {office.id: crawls.failures_in_a_row(connection, office.id) for office in self.offices}
        return {source: Record(latest=latest.get(source), failures=count) for source, count in failures.items()}
