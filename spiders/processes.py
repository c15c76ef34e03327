"""Crawls in processes of their own on this machine: begun, held to their time, and their ends told where the crawl
itself could not.
"""

import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, Self

from archive import Archive, crawls
from archive.errors import ArchiveError, Claimed
from sources import Source
from spiders.schedule import Record

logger = logging.getLogger(__name__)

GRACE = 30.0  # seconds between asking a process to end, asking again (SIGTERM), and ending it (SIGKILL)
COMMAND = (sys.executable, "-P", "-m", "spiders.crawl")  # -P: what lies in the working directory is not ours
CLAIMED = 75  # the exit status of a crawl that found its source being read (EX_TEMPFAIL)


class Process(Protocol):
    """What is used of `subprocess.Popen`."""

    @property
    def returncode(self) -> int | None: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


Launch = Callable[[Sequence[str]], Process]
"""Begins a crawl, given the words that follow its command: `spiders.crawl`.

The process is in a session of its own, so that an end of the terminal's foreground group is told it by us alone; where
we are killed it goes on, and holds its claim until it is done.
"""


def afresh(command: Sequence[str]) -> Launch:
    """Crawls by a command of the system."""

    def launch(words: Sequence[str]) -> Process:
        return subprocess.Popen([*command, *words], start_new_session=True)  # noqa: S603 - our own command

    return launch


@dataclass(slots=True, eq=False)
class Run:
    """A process that reads a source, since an instant of a clock, for `limit` seconds at most. `after` is the id of the
    source's newest crawl when it was asked for.
    """

    source: str
    after: int
    process: Process
    since: float
    limit: float
    asked: bool = False

    @classmethod
    def begin(cls, launch: Launch, source: str, after: int, *, now: float, limit: float) -> Self:
        """Have a source read, unless another crawl than the one known has begun meanwhile."""
        return cls(source=source, after=after, process=launch([source, "--after", str(after)]), since=now, limit=limit)

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def hold_to_limit(self, now: float) -> None:
        """End a process that goes on though its crawl should have stopped by itself."""
        late = now - self.since - self.limit
        if late > 2 * GRACE:
            self.process.kill()
        elif late > GRACE:
            self.ask_to_end()

    def ask_to_end(self) -> None:
        """Once: a crawl that is asked twice tells nothing more, and drops what it has not kept."""
        if not self.asked:
            self.asked = True
            self.process.terminate()

    def end(self, seconds: float = GRACE) -> None:
        """Return when the process has ended; one that does not within so many seconds of being asked is ended."""
        self.ask_to_end()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def tell(self, archive: Archive) -> None:
        """Close the row of a crawl whose process did not come to it; nothing where another one reads the source now."""
        status = self.process.wait()
        if status in (0, CLAIMED):
            return
        reason = written(status)
        logger.error("%s: %s", self.source, reason)
        try:
            with archive.claim(self.source), archive.writing() as connection:
                crawls.close_left(connection, self.source, datetime.now(UTC), reason)
        except Claimed:
            return
        except ArchiveError as error:
            logger.error("%s: %s", self.source, error)  # noqa: TRY400 - one line


def written(status: int) -> str:
    """Why a process ended, by its exit status: "its process was ended by SIGKILL"."""
    if status < 0:
        return f"its process was ended by {signal.Signals(-status).name}"
    return f"its process ended with status {status}"


class Processes:
    """Crawls here, so many `at_once`, each for so many seconds at most.

    A crash of one touches no other.
    """

    def __init__(
        self,
        archive: Archive,
        launch: Launch,
        *,
        at_once: int,
        limit: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.archive = archive
        self.launch = launch
        self.at_once = at_once
        self.limit = limit
        self.clock = clock
        self.runs: list[Run] = []

    def running(self) -> set[str]:
        return {run.source for run in self.runs}

    def begin(self, office: Source, record: Record) -> None:
        run = Run.begin(self.launch, office.id, record.newest, now=self.clock(), limit=self.limit)
        self.runs.append(run)

    def reap(self) -> Mapping[str, int]:
        """What a crawl did not come to tell is told."""
        now = self.clock()
        for run in self.runs:
            run.hold_to_limit(now)
        ended = [run for run in self.runs if run.ended]
        self.runs = [run for run in self.runs if run not in ended]
        for run in ended:
            run.tell(self.archive)
        return {run.source: run.after for run in ended}

    def stop(self) -> None:
        """Ask all to end, and return when they have; what does not is ended."""
        for run in self.runs:
            run.ask_to_end()
        until = time.monotonic() + GRACE
        for run in self.runs:
            run.end(max(until - time.monotonic(), 0))
        self.reap()
