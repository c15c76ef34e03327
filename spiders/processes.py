"""Crawls in processes of their own on this machine: begun, held to their time, and their ends told where the crawl
itself could not.
"""

import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from archive import Archive, crawls
from archive.errors import ArchiveError, Claimed
from sources import Source
from spiders.schedule import Record

logger = logging.getLogger(__name__)

GRACE = 30.0  # seconds between asking a process to end, asking again (SIGTERM), and ending it (SIGKILL)
COMMAND = (sys.executable, "-P", "-m", "spiders.crawl")  # -P: what lies in the working directory is not ours
CLAIMED = 75  # the exit status of a crawl that found its source being read (EX_TEMPFAIL)


@dataclass(slots=True, eq=False)
class Run:
    """A process that reads a source, since an instant; `since` is of a clock, `limit` in seconds."""

    office: Source
    process: subprocess.Popen[bytes]
    began: datetime
    since: float
    limit: float

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def hold_to_limit(self, now: float) -> None:
        """End a process that goes on though its crawl should have stopped by itself."""
        late = now - self.since - self.limit
        if late > 2 * GRACE:
            self.process.kill()
        elif late > GRACE:
            self.process.terminate()

    def has_read(self, record: Record) -> bool:
        """Whether a crawl has begun since this process has."""
        return record.latest is not None and record.latest.started_at >= self.began

    def tell(self, archive: Archive) -> None:
        """Close the row of a crawl whose process did not come to it; nothing where another one reads the source now."""
        if self.process.returncode in (0, CLAIMED):
            return
        reason = written(self.process.returncode)
        logger.error("%s: %s", self.office.id, reason)
        try:
            with archive.claim(self.office.id), archive.writing() as connection:
                crawls.close_left(connection, self.office.id, datetime.now(UTC), reason)
        except Claimed:
            return
        except ArchiveError as error:
            logger.error("%s: %s", self.office.id, error)  # noqa: TRY400 - one line


def written(status: int) -> str:
    """Why a process ended, by its exit status: "its process was ended by SIGKILL"."""
    if status < 0:
        return f"its process was ended by {signal.Signals(-status).name}"
    return f"its process ended with status {status}"


class Processes:
    """Crawls here, so many `at_once`, each for so many seconds at most: `command` with the id of a source.

    A crash of one touches no other. They are in sessions of their own, so that an end of the terminal's foreground
    group is told them by us alone; where we are killed they go on, and hold their claims until they are done.
    """

    def __init__(
        self,
        archive: Archive,
        command: Sequence[str],
        *,
        at_once: int,
        limit: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.archive = archive
        self.command = command
        self.at_once = at_once
        self.limit = limit
        self.clock = clock
        self.runs: list[Run] = []

    def running(self) -> list[Source]:
        return [run.office for run in self.runs]

    def begin(self, office: Source, record: Record) -> None:
        """Have a source read, unless it has been since this was recorded."""
        after = record.latest.id if record.latest else 0
        command = [*self.command, office.id, "--after", str(after)]
        process = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own command
        began = datetime.now(UTC)
        self.runs.append(Run(office=office, process=process, began=began, since=self.clock(), limit=self.limit))

    def reap(self) -> list[Run]:
        """Those that have ended since the last time; what they did not tell is told."""
        now = self.clock()
        for run in self.runs:
            run.hold_to_limit(now)
        ended = [run for run in self.runs if run.ended]
        self.runs = [run for run in self.runs if run not in ended]
        for run in ended:
            run.tell(self.archive)
        return ended

    def stop(self) -> None:
        """Ask all to end, and return when they have; what does not is ended."""
        for run in self.runs:
            run.process.terminate()
        until = time.monotonic() + GRACE
        for run in self.runs:
            try:
                run.process.wait(max(until - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                run.process.kill()
                run.process.wait()
        self.reap()
