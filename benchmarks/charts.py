# ruff: noqa: INP001, T201 - a script that prints
"""What is promised of charts at a million releases: each is asked for and drawn within 50 ms, whatever narrows it.

    python benchmarks/charts.py --data /var/tmp/charts [--articles N]

`million.py` makes the articles, once, and they are dated here: three in four to the minute, first read up to two weeks
after. A figure is the time from the question to the SVG, its table and its sentence, no drawing kept before; medians
and 95th percentiles in ms of CPU time, so that other work on the machine does not count but for what it takes of the
caches. Following the log is told a release. The exit status is 1 where a limit is missed.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

import million
import sqlalchemy as sa
from starlette.datastructures import QueryParams

from archive import Archive
from archive.database import sqlite_url
from archive.tables import changes
from sources import Catalogue
from syndication.web import drawings
from syndication.web.counts import Counted
from syndication.web.language import PERSIAN
from syndication.web.room import Room
from syndication.web.views import Views

LIMIT = 50  # ms, at the 95th percentile
ROUNDS = 15
ASKED = ("", "by=province", "agency=mcls", "province=yazd", "source=mcls-yazd", "since=1401&until=1402")

DATED = (
    """UPDATE revisions SET published = (
        SELECT json_object(
            'gregorian', CASE WHEN pk % 4 THEN replace(datetime(ordered_at, '+210 minutes'), ' ', 'T') || '+03:30'
                ELSE date(ordered_at, '+210 minutes') END,
            'precision', CASE WHEN pk % 4 THEN 'minute' ELSE 'day' END,
            'raw', '', 'origin', 'page', 'flags', json_array()
        ) FROM articles WHERE pk = article)""",
    """UPDATE articles SET first_seen =
        strftime('%Y-%m-%d %H:%M:%S.000000', ordered_at, '+' || (pk * 7919 % 20000) || ' minutes')""",
    """INSERT INTO crawls (source, started_at, swept, counts)
        SELECT id, '2015-03-21 00:00:00.000000', 0, '{}' FROM sources""",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="directory for a million articles: 8 GB")
    parser.add_argument("--articles", type=int, default=1_000_000)
    options = parser.parse_args()
    options.data.mkdir(parents=True, exist_ok=True)
    begun = (options.data / "monadi.db").exists()
    with Archive(sqlite_url(options.data / "monadi.db"), options.data / "search") as archive:
        if not begun:
            million.fill(archive, million.read_texts(None), options.articles)
            _date(archive)
        _follow(archive)
        missed = _measured(archive)
    print(f"missed: {', '.join(missed)}" if missed else "every limit is held")
    return 1 if missed else 0


def _date(archive: Archive) -> None:
    with archive.writing() as connection:
        for statement in DATED:
            connection.exec_driver_sql(statement)


def _follow(archive: Archive) -> None:
    with archive.reading() as connection:
        number = connection.scalar(sa.select(sa.func.count()).select_from(changes)) or 1
    begun = time.process_time()
    archive.follow_timings()
    taken = time.process_time() - begun
    if taken > 1:
        print(f"the log followed in {taken:.0f} s, {taken / number * 1e6:.0f} µs a release", flush=True)


def _measured(archive: Archive) -> list[str]:
    catalogue = Catalogue.load()
    room = Room(archive=archive, views=Views(catalogue, "https://x.ir", PERSIAN), counted=Counted(archive))
    missed = []
    print(f"{'ms: p50, p95':<40}{'limit':>8}{'monadi':>16}")
    for words in ASKED:
        asked = drawings.Asked.of(QueryParams(words), catalogue)
        for name in drawings.CHARTS:
            _timed(room, asked, name)
            taken = sorted(_timed(room, asked, name) for _ in range(ROUNDS))
            p50, p95 = statistics.median(taken), taken[int(len(taken) * 0.95)]
            print(f"{f'{name}?{words}':<40}{LIMIT:>8}{f'{p50:.1f}, {p95:.1f}':>16}", flush=True)
            if p95 > LIMIT:
                missed.append(f"{name}?{words}")
    return missed


def _timed(room: Room, asked: drawings.Asked, name: str) -> float:
    with room.archive.reading() as connection:
        begun = time.process_time()
        drawings.CHARTS[name](room, connection, asked, "")
        return (time.process_time() - begun) * 1000


if __name__ == "__main__":
    sys.exit(main())
