# ruff: noqa: INP001, S603 - a module beside scripts, which runs their programs
"""Programs that a benchmark runs: what one uses, and a server that is there while it is measured."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

MONADI = (sys.executable, "-P", "-m", "monadi")
SOON = 60  # seconds in which a server listens


class Used(NamedTuple):
    """What a program used: seconds of CPU time, and the most MB that were resident."""

    seconds: float
    megabytes: float


def used(
    words: Sequence[str | Path],
    surroundings: Mapping[str, str] | None = None,
    *,
    cwd: Path | None = None,
    said: IO[str] | int = subprocess.DEVNULL,
) -> Used:
    """Run a program to its end; a status that is not 0 ends the script. What it prints goes to `said`."""
    command = [str(word) for word in words]
    process = subprocess.Popen(command, env=surroundings, cwd=cwd, stdout=said, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)}: status {process.returncode}")
    return Used(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def free() -> int:
    """A port of loopback that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str | Path], port: int, surroundings: Mapping[str, str] | None = None, *, cwd: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A server that listens at a port of loopback while the context lasts."""
    words = [str(word) for word in command]
    with subprocess.Popen(
        words, env=surroundings, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _until_it_listens(process, port)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)


def _until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + SOON
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                sys.exit(f"{process.args!r} does not listen; is it installed?")
            time.sleep(0.05)
        else:
            return
