# ruff: noqa: INP001, T201, S603 - a script that prints, and runs itself in processes of its own
"""Static publishing: how long a whole archive takes, in how much memory, and how soon one new release is out.

    python benchmarks/publishing.py [--sizes 20000 100000] [--rounds 5] [--data DIR] [--texts texts.ndjson.gz]
        [--tags N] [--hollow] [--save]

`million.py` makes the archives: twelve years of every office of the catalogue. Every measurement is a process of its
own; memory is its peak resident set. A whole publication writes every feed and every archived month of it, each in
three formats with `.gz` and `.br` beside, once. Then in each round one release is taken in and published, by the clock;
beside it stands a call when nothing has happened. What is written by such a call must be the files of a known handful
of feeds. `--tags 0` leaves the feeds of tags out. A million releases make some 200 GB: with `--hollow` (Linux) another
process takes the blocks of files that stand for a minute, of which the sizes stay, so that nothing is written anew that
would not be otherwise. Status 1 where a goal is missed.
"""

import argparse
import ctypes
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import exports
import figures
import million

from archive import Archive, Article, intake
from archive.database import sqlite_url
from persian.dates import parse
from sources import Catalogue
from syndication.publish import TAGGED, Publication, publish

BASE = "https://news.example.ir"
AT_ONCE = 1.0  # seconds until one new release is out
FLAT = 1.15  # the larger archive's peak memory over the smaller one's
STANDING = 60  # seconds after which a file is hollowed
KEEP_SIZE, PUNCH_HOLE = 1, 2  # linux/falloc.h
HOLLOW = 8  # blocks that are left of a file
FILES = 60  # files that one new release may change: at most three documents, in three formats, of each of its feeds


def opened(directory: Path) -> Archive:
    return Archive(sqlite_url(directory / "monadi.db"), directory / "search")


def release(number: int) -> Article:
    """A new release of an office, under two of the tags of `million.py`."""
    at = datetime.now(UTC)
    return Article(
        source="mcls-yazd",
        url=f"https://mcls-yazd.example.ir/new/{number}",
        native_id=f"new-{number}",
        title=f"خبر تازه‌ی شماره‌ی {number}",
        body="این خبر تازه است.",
        tags=million.TAGS[:2],
        published=parse(at.isoformat(), fetched_at=at),
        extractor="fa_portal/1",
        fetched_at=at,
    )


# ---- in a process of its own ----


def measure(directory: Path, rounds: int, tags: int) -> dict[str, Any]:
    """Seconds and files of one whole publication, or of one after each of several releases; peak memory in bytes."""
    catalogue = Catalogue.load()
    found: dict[str, list[float]] = {"clock": [], "cpu": [], "written": [], "idle": []}
    with opened(directory) as archive:
        for number in range(max(1, rounds)):
            if rounds:
                with archive.writing() as connection:
                    intake.save(connection, [release(time.time_ns() + number)])
            took, written = published(archive, catalogue, directory, tags)
            found["clock"].append(took.clock)
            found["cpu"].append(took.cpu)
            found["written"].append(written)
            if rounds:
                found["idle"].append(published(archive, catalogue, directory, tags)[0].clock)
    return {**found, "peak": exports.peak()}


def published(archive: Archive, catalogue: Catalogue, directory: Path, tags: int) -> tuple[figures.Taken, int]:
    """What a publication took, and how many files it wrote."""
    done: list[Publication] = []
    took = figures.taken(lambda: done.append(publish(archive, catalogue, directory / "site", BASE, tags=tags)))
    return took, done[0].written


@contextmanager
def hollowing(directory: Path) -> Iterator[None]:
    """As long as the block lasts, files below a directory lose their blocks some time after they were written."""
    process = subprocess.Popen([sys.executable, __file__, "--hollowing", directory])
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def hollow(directory: Path) -> None:
    """Go on until the process is ended."""
    allocate = ctypes.CDLL(None, use_errno=True).fallocate
    allocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_longlong, ctypes.c_longlong]
    while True:
        for file in directory.glob("feeds/**/*.*"):
            try:
                stated = file.stat()
                if stated.st_blocks <= HOLLOW or time.time() - stated.st_mtime < STANDING:
                    continue
                with file.open("r+b") as opened_:
                    if allocate(opened_.fileno(), KEEP_SIZE | PUNCH_HOLE, 0, stated.st_size):
                        sys.exit(f"{file} cannot be hollowed: {os.strerror(ctypes.get_errno())}")
            except FileNotFoundError:  # replaced by now
                continue
        time.sleep(STANDING / 2)


# ---- the whole ----


def measured(directory: Path, rounds: int, tags: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--measure", str(directory), "--rounds", str(rounds), "--tags", str(tags)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def of_size(
    directory: Path, size: int, texts: list[million.Text], options: argparse.Namespace
) -> tuple[float, list[figures.Figure]]:
    """Peak memory of a whole publication, and what it and those of one release take."""
    directory.mkdir(parents=True, exist_ok=True)
    if not (directory / "monadi.db").exists():
        with opened(directory) as archive:
            million.fill(archive, texts, size)
    with hollowing(directory / "site") if options.hollow else nullcontext():
        whole, one = (measured(directory, rounds, options.tags) for rounds in (0, options.rounds))
    of = f"{size:,} articles"
    idle = {"nothing new": statistics.median(one["idle"])}
    return whole["peak"], [
        figures.of_rounds(whole["cpu"], what=f"{of}, a whole publication", unit="s of CPU"),
        figures.of_rounds(whole["written"], what=f"{of}, files of it", unit="files"),
        figures.of_rounds(one["clock"], what=f"{of}, one new release", unit="s", goal=AT_ONCE, peers=idle),
        figures.of_rounds([max(one["written"])], what=f"{of}, files of one release", unit="files", goal=FILES),
    ]


def main() -> None:
    parser = figures.options(__doc__)
    parser.add_argument("--sizes", type=int, nargs=2, default=[20_000, 100_000], metavar="N")
    parser.add_argument("--data", type=Path, help="directory to keep archives and sites in: 25 GB for 100,000 articles")
    parser.add_argument("--texts", type=Path, help="NDJSON of texts to multiply, may be gzipped")
    parser.add_argument("--tags", type=int, default=TAGGED, help="releases of a tag that has a feed; 0 for none")
    parser.add_argument("--hollow", action="store_true", help="let go of what was written")
    parser.add_argument("--measure", type=Path, metavar="DIR", help="one measurement, as JSON")
    parser.add_argument("--hollowing", type=Path, metavar="DIR", help="what --hollow runs beside")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, options.rounds, options.tags)))
        return
    if options.hollowing:
        hollow(options.hollowing)
    texts = million.read_texts(options.texts)
    with tempfile.TemporaryDirectory(prefix="monadi-publishing-") as temporary:
        folder = options.data or Path(temporary)
        (small, few), (large, many) = (of_size(folder / str(size), size, texts, options) for size in options.sizes)
    memory = "peak memory of a whole publication, larger archive over smaller"
    told = [*few, *many, figures.of_rounds([large / small], what=memory, unit="×", goal=FLAT)]
    command = " ".join(
        [
            f"python benchmarks/publishing.py --sizes {options.sizes[0]} {options.sizes[1]} --data DIR",
            *(["--texts texts.ndjson.gz"] if options.texts else []),
            *([f"--tags {options.tags}"] if options.tags != TAGGED else []),
            *(["--hollow"] if options.hollow else []),
        ]
    )
    figures.finish("publishing", command, told, [f"{options.rounds} rounds"], save=options.save)


if __name__ == "__main__":
    main()
