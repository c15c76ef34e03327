"""Crawls as forks of one process that has loaded all that a crawl needs.

To load it takes longer than a visit that finds nothing new (docs/scaling.md has the figures), so who crawls all the
time, a worker, does it once. It is the forkserver of the standard library: forks come of a process of one thread, not
of ours. Where the system has no fork, crawls are processes begun afresh.
"""

import multiprocessing
import os
import sys
import threading
from collections.abc import Sequence
from multiprocessing.connection import wait
from subprocess import TimeoutExpired

from spiders.processes import COMMAND, Launch, afresh

LOADED = ["spiders.crawl", "typer"]  # and what the command line runs again in a fork


_one_at_a_time = threading.Lock()
"""Over all that reads how a fork ended. The status comes through a pipe, once, and who looks for it beside somebody
else finds the pipe closed, which the standard library takes for status 255; to start a fork looks after all others.
"""


class Fork:
    """A fork that reads a source, with the face of `subprocess.Popen`; threads may share it."""

    def __init__(self, words: Sequence[str]) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(LOADED)
        self._process = context.Process(target=_crawl, args=(list(words),))
        with _one_at_a_time:
            self._process.start()

    @property
    def returncode(self) -> int | None:
        return self.poll()

    def poll(self) -> int | None:
        with _one_at_a_time:
            return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        wait([self._process.sentinel], timeout)
        status = self.poll()
        if status is None:
            raise TimeoutExpired("a crawl", timeout or 0.0)
        return status

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()


def forked() -> Launch:
    """What begins a crawl of the source that the words name (`spiders.crawl`) with the least work."""
    return afresh(COMMAND) if sys.platform == "win32" else Fork


def _crawl(words: list[str]) -> None:
    from spiders.crawl import main  # noqa: PLC0415 - it is loaded there, and not here

    os.setsid()
    sys.exit(main(words))
