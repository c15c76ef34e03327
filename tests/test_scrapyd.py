"""The egg of the project on a scrapyd: deployed and scheduled over its HTTP API, run out of a zip file."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from archive import Archive, Query
from archive.database import sqlite_url
from archive.version import MONADI_VERSION
from sources.sample import SampleNewsroom
from tests.test_documents import ROOT

pytest.importorskip("scrapyd", reason="scrapyd is not installed")

OF_THE_EGG = f"{MONADI_VERSION}+egg"  # which tells what ran from what is installed beside it
BUILD = [sys.executable, "-c", "import setuptools; setuptools.setup()", "-q", "bdist_egg", "--dist-dir"]
SERVE = [sys.executable, "-c", "from scrapyd.__main__ import main; main()"]
SERVER = """
[scrapyd]
http_port = {port}
poll_interval = 0.1
"""
TROUBLE = re.compile(r"(?:WARNING|ERROR|CRITICAL): .*|Traceback.*")
PATIENCE = 60.0  # seconds

Call = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def egg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `scrapyd-deploy --build-egg` makes it, of a copy in which the version is another."""
    tree, made = tmp_path_factory.mktemp("tree") / "monadi", tmp_path_factory.mktemp("egg")
    left_out = shutil.ignore_patterns(
        ".*", "build", "tests", "docs", "benchmarks", "*.egg-info", "__pycache__", "monadi-*"
    )
    shutil.copytree(ROOT, tree, ignore=left_out)
    version = tree / "archive" / "version.py"
    version.write_text(version.read_text("utf-8").replace(MONADI_VERSION, OF_THE_EGG), "utf-8")
    subprocess.run([*BUILD, made], cwd=tree, check=True, capture_output=True, timeout=PATIENCE)
    return next(made.glob("*.egg"))


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[SampleNewsroom]:
    with SampleNewsroom() as opened:
        opened.write_catalogue(tmp_path / "catalogue")
        yield opened


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    data = tmp_path / "data"
    with Archive(sqlite_url(data / "monadi.db"), data / "search", data / "snapshots") as opened:
        yield opened


@pytest.fixture
def scrapyd(tmp_path: Path, newsroom: SampleNewsroom, egg: Path) -> Iterator[Call]:
    """Asks a scrapyd that has the egg: the words of a method, and what it answered."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "scrapyd.conf").write_text(SERVER.format(port=port), "utf-8")
    surroundings = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("MONADI_", "SCRAPY"))},
        "MONADI_DATA": str(tmp_path / "data"),
        "MONADI_CATALOGUE": str(tmp_path / "catalogue"),
        "MONADI_ALLOW_HOSTS": "127.0.0.0/8",
    }

    def call(method: str, **words: str | bytes) -> dict[str, Any]:
        query = urlencode({"project": "monadi", **words})
        address = f"http://127.0.0.1:{port}/{method}.json"
        with urlopen(f"{address}?{query}") if method.startswith("list") else urlopen(address, query.encode()) as answer:
            said = json.load(answer)
        assert said["status"] == "ok", said
        return said

    with (tmp_path / "scrapyd.log").open("wb") as log:
        server = subprocess.Popen(SERVE, env=surroundings, cwd=tmp_path, stdout=log, stderr=log)
    try:
        until(lambda: b"Site starting" in (tmp_path / "scrapyd.log").read_bytes())
        call("addversion", version="r1", egg=egg.read_bytes())
        yield call
    finally:
        server.terminate()
        server.wait(PATIENCE)


def until(happened: Callable[[], object]) -> None:
    end_at = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end_at
        time.sleep(0.1)


@pytest.fixture
def crawl(scrapyd: Call, tmp_path: Path) -> Callable[..., str]:
    """Has scrapyd read a source, and gives the log of the job when it has ended."""

    def run(source: str, **words: str) -> str:
        job = scrapyd("schedule", spider=source, **words)["jobid"]
        until(lambda: job in {each["id"] for each in scrapyd("listjobs")["finished"]})
        return (tmp_path / "logs" / "monadi" / source / f"{job}.log").read_text("utf-8")

    return run


def test_the_spiders_of_an_egg_are_the_sources_of_the_catalogue(scrapyd):
    assert scrapyd("listspiders")["spiders"] == ["sample-gilan", "sample-hormozgan", "sample-yazd"]


def test_a_source_is_read_out_of_an_egg_and_archived(crawl, newsroom, archive):
    log = crawl("sample-gilan")

    assert f"'USER_AGENT': 'Monadi/{OF_THE_EGG} (" in log
    assert TROUBLE.findall(log) == []
    assert {item.article.source for item in archive.articles(Query())} == {"sample-gilan"}
    assert archive.count(Query()) == sum(release.office == "gilan" for release in newsroom.releases)


def test_arguments_of_a_spider_are_taken(crawl, archive):
    crawl("sample-yazd", limit="2")

    assert archive.count(Query()) == 2


def test_a_source_that_another_process_reads_is_left_to_it(crawl, newsroom, archive):
    archive.upgrade()
    with archive.claim("sample-yazd"):
        log = crawl("sample-yazd")

    assert (newsroom.requests, TROUBLE.findall(log)) == ([], [])
    assert "sample-yazd: it is being read by another process, and was left to it" in log
