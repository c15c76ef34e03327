"""What is held is answered in the thread that has read the request, over a real socket."""

import os
import signal
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path
from time import monotonic, sleep
from urllib.request import urlopen

import pytest

from archive.database import sqlite_url

BUSY = 3  # seconds
SERVE = """
import asyncio, signal, sys, time
from pathlib import Path
from archive import Archive
from sources import Catalogue
from syndication.web import documents, serve
documents.TRUSTED = 600
def ready(line):
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, time.sleep, int(sys.argv[3]))
    print(line.split()[3], flush=True)
with Archive(sys.argv[1], Path(sys.argv[2])) as archive:
    serve(archive, Catalogue.load(), port=0, announce=ready)
"""


def asked(url: str) -> tuple[bytes, float]:
    """An answer, and after how many seconds it was there."""
    begun = monotonic()
    with urlopen(url, timeout=BUSY * 4) as answer:
        assert answer.status == HTTPStatus.OK
        return answer.read(), monotonic() - begun


def test_a_feed_that_is_held_does_not_wait_for_what_the_loop_is_at(tmp_path: Path, keep, make):
    keep(make(1, "۱ آذر ۱۴۰۰"))
    command = [sys.executable, "-W", "error", "-c", SERVE, sqlite_url(tmp_path / "monadi.db"), str(tmp_path), str(BUSY)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as server:
        try:
            feed = server.stdout.readline().strip() + "feeds/all.rss"
            first, _ = asked(feed)
            server.send_signal(signal.SIGUSR1)
            sleep(BUSY / 5)
            assert asked(feed) == (first, pytest.approx(0, abs=BUSY / 5))
            _, seconds = asked(feed + "?limit=1")
            assert seconds > BUSY / 5, "the loop was not at anything: this test shows nothing"
        finally:
            server.kill()
