"""The station that `monadi up` runs: ticks, asks the schedule what is due, and has it harvested in another process."""

import logging
import signal
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from archive import crawls
from archive.configuration import Configuration
from archive.store import open_archive
from sources import Catalogue, Source
from spiders.schedule import Record, due, is_readable

TICK = 60  # seconds


class Station:
    """Harvests a catalogue's scheduled sources at their pace until it is told to stop.

    Each round of crawls is a process of its own (Scrapy's event loop runs once), so a crash of one takes nothing with
    it, and the next tick finds what is still due.
    """

    def __init__(self, configuration: Configuration, catalogue: Catalogue) -> None:
        self.archive = open_archive(configuration)
        self.offices = [office for office in catalogue.scheduled if is_readable(office)]
        self.round: subprocess.Popen[bytes] | None = None

    def run(self, until: "subprocess.Popen[bytes]") -> None:
        """Tick until a process (the web server) ends or a signal comes."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that is skipped while a round runs is no news
        signal.signal(signal.SIGTERM, _interrupt)
        scheduler = BackgroundScheduler(timezone=UTC)
        scheduler.add_job(self.tick, "interval", seconds=TICK, next_run_time=datetime.now(UTC), max_instances=1)
        scheduler.start()
        try:
            until.wait()
        except KeyboardInterrupt:
            pass
        finally:
            if self.round:
                self.round.terminate()
            scheduler.shutdown()
            self.archive.close()

    def tick(self) -> None:
        """One round: what is due now is harvested."""
        offices = due(self.offices, self.records(), datetime.now(UTC))
        if offices:
            command = [sys.executable, "-m", "monadi", "harvest", *(office.id for office in offices)]
            self.round = subprocess.Popen(command)  # noqa: S603 - our own command
            self.round.wait()

    def records(self) -> dict[str, Record]:
        with self.archive.reading() as connection:
            latest = {crawl.source: crawl for crawl in crawls.latest(connection)}
            return {office.id: self._record(connection, office, latest) for office in self.offices}

    def _record(self, connection: Any, office: Source, latest: dict[str, crawls.Crawl]) -> Record:
        return Record(latest=latest.get(office.id), failures=crawls.failures_in_a_row(connection, office.id))


def _interrupt(_signal: int, _frame: Any) -> None:
    raise KeyboardInterrupt
