"""A crawl whose claim the server takes away: it ends, if need be with its process, and the next one goes on."""

import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive import Archive, Kind, Query
from sources import Catalogue
from sources.sample import SampleNewsroom
from spiders.claiming import LOST

YAZD = "sample-yazd"
CRAWL = """
import sys
from spiders import claiming, crawl, pipelines
claiming.STOP, pipelines.BATCH = 1.0, 3
sys.exit(crawl.main(sys.argv[1:]))
"""
ARTICLE = re.compile(r"^/fa/news/\d+")
READ = 6  # articles, after which the office answers no more
PATIENCE = 30.0  # seconds


class Slow:
    """The office of Yazd, which keeps whoever asks for more than some articles waiting until `go`."""

    def __init__(self, newsroom: SampleNewsroom) -> None:
        self.site = newsroom._sites["yazd"]
        self.answer = self.site.answer
        self.asked = 0
        self.waits, self.go = threading.Event(), threading.Event()
        self.site.answer = self.answer_late

    def answer_late(self, target: str, *words: object) -> object:
        self.asked += bool(ARTICLE.match(target))
        if self.asked > READ:
            self.waits.set()
            self.go.wait(PATIENCE)
        return self.answer(target, *words)


@pytest.fixture
def slow(newsroom: SampleNewsroom, catalogue: Catalogue) -> Iterator[Slow]:
    office = Slow(newsroom)
    yield office
    office.go.set()


@pytest.fixture
def archive(postgres, tmp_path: Path) -> Iterator[Archive]:
    data = tmp_path / "data"
    with postgres.database() as url, Archive(url, data / "search", data / "snapshots") as opened:
        opened.upgrade()
        yield opened


@pytest.fixture
def surroundings(archive: Archive, tmp_path: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("MONADI_")},
        "MONADI_ARCHIVE": archive.database.url.render_as_string(hide_password=False),
        "MONADI_DATA": str(tmp_path / "data"),
        "MONADI_CATALOGUE": str(tmp_path / "catalogue"),
        "MONADI_ALLOW_HOSTS": "127.0.0.0/8",
    }


@pytest.fixture
def crawl(surroundings: dict[str, str], tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    begun = []

    def begin() -> subprocess.Popen[str]:
        command = [sys.executable, "-P", "-c", CRAWL, YAZD]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        begun.append(subprocess.Popen(command, env=surroundings, cwd=tmp_path, **pipes))
        return begun[-1]

    yield begin
    for process in begun:
        process.kill()
        process.communicate()


def cut(archive: Archive) -> None:
    """End the connection that holds the claim, as a server does that goes down or is told to."""
    statement = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'monadi claim' AND datname = current_database()"
    )
    with archive.reading() as connection:
        assert list(connection.scalars(sa.text(statement))) == [True]


def outcomes(archive: Archive) -> list[str | None]:
    statement = sa.text("SELECT outcome FROM crawls ORDER BY id")
    with archive.reading() as connection:
        return list(connection.scalars(statement))


def test_a_crawl_that_has_lost_its_claim_and_does_not_end_is_ended_and_the_next_one_goes_on(
    archive, newsroom, slow, crawl
):
    released = {release.id for release in newsroom.releases if release.office == "yazd"}
    lost = crawl()
    assert slow.waits.wait(PATIENCE)
    cut(archive)
    _, said = lost.communicate(timeout=PATIENCE)
    kept = archive.count(Query())
    slow.go.set()
    going_on = crawl()
    told, _ = going_on.communicate(timeout=PATIENCE)

    assert lost.returncode == LOST
    assert "the connection to the archive that keeps others from this source was lost" in said
    assert 0 < kept < len(released)
    assert (going_on.returncode, told.startswith(f"{YAZD}: ok, {len(released) - kept} new")) == (0, True)
    assert {item.article.native_id for item in archive.articles(Query())} == released
    assert Counter(change.kind for change in archive.changes(0)) == {Kind.NEW: len(released)}
    assert outcomes(archive) == ["stopped", "ok"]


def test_one_that_ends_in_time_says_why(archive, slow, crawl):
    lost = crawl()
    assert slow.waits.wait(PATIENCE)
    cut(archive)
    time.sleep(0.3)
    slow.go.set()
    told, _ = lost.communicate(timeout=PATIENCE)

    assert lost.returncode == 0
    assert "stopped" in told
    assert "the connection to the archive that keeps others from this source was lost" in told
    assert outcomes(archive) == ["stopped"]
