# ruff: noqa: INP001, T201, S603 - a script that prints, and runs itself in processes of its own
"""Static publishing: how long a whole archive takes, in how much memory, and how soon one new release is out.

    python benchmarks/publishing.py [--sizes 20000 100000] [--rounds 5] [--data DIR] [--texts texts.ndjson.gz]

`million.py` makes the archives: twelve years of every office of the catalogue. Every measurement is a process of its
own; memory is its peak resident set. A whole publication writes every feed and every archived month of it, each in
three formats with `.gz` and `.br` beside. Then releases are taken in one by one, each is published, and the median of
the calls counts, by the clock; so does the median of calls when nothing has happened. What is written by such a call
must be the files of a known handful of feeds. Exit status 1 where a limit is missed.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import exports
import million

from archive import Archive, Article, intake
from archive.database import sqlite_url
from persian.dates import parse
from sources import Catalogue
from syndication.publish import Publication, publish

BASE = "https://news.example.ir"
AT_ONCE = 1.0  # seconds until one new release is out
FLAT = 1.15  # the larger archive's peak memory over the smaller one's
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


def measure(directory: Path, rounds: int) -> dict[str, Any]:
    """The seconds of one publication, or of several after one release each, and of as many after nothing."""
    catalogue = Catalogue.load()
    with opened(directory) as archive:
        if not rounds:
            seconds, cpu, done = timed(archive, catalogue, directory)
            return {"seconds": seconds, "cpu": cpu, "written": done.written, "peak": exports.peak()}
        told = []
        for number in range(rounds):
            with archive.writing() as connection:
                intake.save(connection, [release(time.time_ns() + number)])
            told.append((timed(archive, catalogue, directory), timed(archive, catalogue, directory)))
        return {
            "seconds": statistics.median(new[0] for new, _ in told),
            "cpu": statistics.median(new[1] for new, _ in told),
            "written": max(new[2].written for new, _ in told),
            "idle": statistics.median(idle[0] for _, idle in told),
            "peak": exports.peak(),
        }


def timed(archive: Archive, catalogue: Catalogue, directory: Path) -> tuple[float, float, Publication]:
    began, used = time.perf_counter(), time.process_time()
    done = publish(archive, catalogue, directory / "site", BASE)
    return time.perf_counter() - began, time.process_time() - used, done


# ---- the whole ----


def measured(directory: Path, rounds: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--measure", str(directory), "--rounds", str(rounds)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def of_size(directory: Path, size: int, texts: list[million.Text], rounds: int) -> tuple[float, list[str]]:
    """Peak memory of a whole publication, and the limits that were missed."""
    directory.mkdir(parents=True, exist_ok=True)
    if not (directory / "monadi.db").exists():
        with opened(directory) as archive:
            million.fill(archive, texts, size)
    whole = measured(directory, 0)
    print(
        f"{size:>9,} articles: {whole['written']:,} files in {whole['seconds']:.0f} s ({whole['cpu']:.0f} s of CPU "
        f"time), peak memory {whole['peak'] / 1e6:.0f} MB",
        flush=True,
    )
    one = measured(directory, rounds)
    print(
        f"{'':>9} one new release: {one['seconds']:.2f} s ({one['cpu']:.2f} s of CPU time), {one['written']} files; "
        f"nothing new: {one['idle']:.2f} s",
        flush=True,
    )
    missed = [f"one new release at {size:,}"] if one["seconds"] > AT_ONCE else []
    return whole["peak"], missed + ([f"files of one release at {size:,}"] if one["written"] > FILES else [])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs=2, default=[20_000, 100_000], metavar="N")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data", type=Path, help="directory to keep archives and sites in: 25 GB for 100,000 articles")
    parser.add_argument("--texts", type=Path, help="NDJSON of texts to multiply, may be gzipped")
    parser.add_argument("--measure", type=Path, metavar="DIR", help="one measurement, as JSON")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, options.rounds)))
        return 0
    texts = million.read_texts(options.texts)
    with tempfile.TemporaryDirectory(prefix="monadi-publishing-") as temporary:
        folder = options.data or Path(temporary)
        told = [of_size(folder / str(size), size, texts, options.rounds) for size in options.sizes]
    (small, _), (large, _) = told
    missed = [name for _, names in told for name in names]
    missed += ["memory"] if large > FLAT * small else []
    print(f"missed: {', '.join(missed)}" if missed else "every limit is held")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
