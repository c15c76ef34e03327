# ruff: noqa: INP001, T201, S603 - a script that prints, and runs itself in processes of its own
"""Exports: how fast each format is written, and how much memory it takes, at two sizes of an archive.

    python benchmarks/exports.py [--sizes 20000 200000] [--rounds 5]

The archive holds the releases of the sample newsroom over and over: the first thousands are taken in by
`archive.intake`, the rest multiplied from them by SQL, each with its own id, address, date and change. Every
measurement is a process of its own; memory is its peak resident set. NDJSON is held against writing the very same
lines, ready in memory, one after the other to a file in the same directory, which is flushed and synced as an export
is; both take turns, and the median of the rounds counts, once by the clock and once by CPU time (for a machine that
has other work). Beside it stands what Python's own driver leaves of that pace: it reads the same columns as
texts, and the ready lines are written. Exit status 1 where a limit is missed.
"""

import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from archive import Archive, Article, Attachment, Query, crawls, intake
from archive.database import sqlite_url
from persian.dates import TEHRAN, Published
from sources import Catalogue
from sources.sample.releases import Release, read_releases
from syndication.exports import FORMATS, export

OF_WRITING = 0.4  # NDJSON's part of the pace of writing the same bytes
FLAT = 1.15  # the larger archive's peak memory over the smaller one's
TAKEN_IN = 2_000  # by intake, before SQL multiplies them
FIRST_DAY = datetime(2011, 3, 21, 5, tzinfo=UTC)
DATASET = "dataset"
BARE = ("writing", "reading and writing")


def reading(number: int, release: Release, source: str, url: str) -> Article:
    """A sample release as the page of another number and day would have given it."""
    at = FIRST_DAY + timedelta(minutes=37 * number)
    on: date = at.astimezone(TEHRAN).date()
    file = Attachment(url=f"{url}files/{number}.pdf", type="application/pdf", title=release.attachment, length=123_456)
    return Article(
        source=source,
        url=f"{url}fa/news/{number}",
        native_id=str(number),
        kicker=release.kicker,
        title=f"{release.title} {number}",
        lead=release.lead,
        body="\n".join(release.paragraphs),
        body_html="".join(f"<p>{paragraph}</p>" for paragraph in release.paragraphs),
        category=release.category,
        tags=release.tags,
        attachments=(file,) if release.attachment else (),
        published=Published(at=at, on=on, precision="minute", raw=release.jalali),
        extractor="fa_portal/1",
        fetched_at=at + timedelta(hours=1),
    )


def fill(directory: Path, size: int) -> None:
    offices = list(Catalogue.load().sources.values())
    releases = read_releases()
    readings = [
        reading(number, releases[number % len(releases)], office.id, office.url)
        for number in range(min(size, TAKEN_IN))
        for office in (offices[number % len(offices)],)
    ]
    with opened(directory) as archive:
        archive.upgrade()
        with archive.writing() as connection:
            crawls.register(connection, offices)
            intake.save(connection, readings)
    multiply(directory / "monadi.db", size)


def multiply(file: Path, size: int) -> None:
    """Copy what is in the archive, under other keys and later days, until it holds so many."""
    changed = {
        "articles": {"pk": "pk + :n", "id": "id || '-' || :n", "guid": "guid || '-' || :n", "url": "url || '-' || :n"},
        "revisions": {"article": "article + :n"},
        "aliases": {"article": "article + :n", "key": "key || '-' || :n", "url": "url || '-' || :n"},
        "tags": {"article": "article + :n"},
        "changes": {"article": "article + :n", "seq": "seq + :n"},
    }
    changed["articles"] |= {"change": "change + :n", "ordered_at": "datetime(ordered_at, :days) || '.000000'"}
    connection = sqlite3.connect(file)
    for start in range(TAKEN_IN, size, TAKEN_IN):
        for table, columns in changed.items():
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            values = ", ".join(columns.get(name, name) for name in names)
            key = "seq" if table == "changes" else "pk" if table == "articles" else "article"
            statement = f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} WHERE {key} <= :first"  # noqa: S608
            words = {"n": start, "days": f"+{start // TAKEN_IN} days", "first": min(TAKEN_IN, size - start)}
            connection.execute(statement, words)
        connection.commit()
    connection.close()


def opened(directory: Path) -> Archive:
    return Archive(sqlite_url(directory / "monadi.db"), directory / "search")


# ---- in a process of its own ----


def measure(directory: Path, what: str) -> dict[str, float]:
    """Seconds, bytes and peak memory of one export, or of writing the lines of `lines.ndjson`."""
    target = directory / f"out.{what}"
    if what in BARE:
        lines = (directory / "lines.ndjson").read_bytes().splitlines(keepends=True)
        began, used = time.perf_counter(), time.process_time()
        write(lines if what == "writing" else (line for line, _ in zip(lines, rows(directory), strict=True)), target)
        count = len(lines)
    else:
        with opened(directory) as archive:
            archive.count(Query(limit=1))
            began, used = time.perf_counter(), time.process_time()
            format_ = "parquet" if what == DATASET else what
            count = export(archive, Query(), target, format_, directory=what == DATASET).articles
    return {
        "records": count,
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - used,
        "bytes": sum(path.stat().st_size for path in (target, *target.rglob("*")) if path.is_file()),
        "peak": peak(),
    }


def rows(directory: Path) -> Iterator[tuple[object, ...]]:
    """The columns of the records as the bare driver reads them."""
    connection = sqlite3.connect(directory / "monadi.db")
    yield from connection.execute(
        "SELECT a.id, a.source, a.url, a.native_id, a.first_seen, a.last_seen, a.state, a.change, r.* FROM articles a "
        "JOIN revisions r ON r.article = a.pk AND r.number = a.revision ORDER BY a.ordered_at DESC, a.pk DESC"
    )
    connection.close()


def write(lines: Iterable[bytes], target: Path) -> None:
    with target.open("wb") as stream:
        for line in lines:
            stream.write(line)
        stream.flush()
        os.fsync(stream.fileno())


def peak() -> int:
    """The peak resident set in bytes; of this program alone, unlike getrusage after a fork."""
    status = Path("/proc/self/status").read_text("utf-8")
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


# ---- the whole ----


def measured(directory: Path, what: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--measure", str(directory), what]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def compared(directory: Path, rounds: int) -> dict[str, dict[str, float]]:
    """NDJSON's part of the pace of each bare way, by the clock and by CPU time."""
    with opened(directory) as archive:
        export(archive, Query(), directory / "lines.ndjson")
    parts: dict[str, dict[str, list[float]]] = {what: {"seconds": [], "cpu": []} for what in BARE}
    for _ in range(rounds):
        told = {what: measured(directory, what) for what in (*BARE, "ndjson")}
        for what in BARE:
            for by, values in parts[what].items():
                values.append(told[what][by] / told["ndjson"][by])
        costs = (f"{what} {each['seconds'] / each['records'] * 1e6:.1f}" for what, each in told.items())
        print(f"  µs a record: {', '.join(costs)}")
    return {what: {by: statistics.median(values) for by, values in each.items()} for what, each in parts.items()}


def formats(directory: Path, size: int) -> Iterator[tuple[str, dict[str, float]]]:
    for what in (*FORMATS, DATASET):
        told = measured(directory, what)
        pace = told["records"] / told["seconds"]
        print(
            f"  {size:>9,} {what:<8} {pace:>8,.0f} records/s {told['bytes'] / told['seconds'] / 1e6:>6.1f} MB/s "
            f"{told['bytes'] / 1e6:>8.1f} MB, peak memory {told['peak'] / 1e6:.0f} MB"
        )
        yield what, told


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs=2, default=[20_000, 200_000], metavar="N")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--measure", nargs=2, metavar=("DIR", "WHAT"), help="one measurement, as JSON")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(Path(options.measure[0]), options.measure[1])))
        return 0
    missed, peaks = [], []
    with tempfile.TemporaryDirectory(prefix="monadi-exports-") as folder:
        for size in options.sizes:
            directory = Path(folder) / str(size)
            directory.mkdir()
            fill(directory, size)
            if size == options.sizes[0]:
                parts = compared(directory, options.rounds)
                for what, part in parts.items():
                    print(f"NDJSON: {part['seconds']:.2f} of the pace of {what} ({part['cpu']:.2f} by CPU time)")
                missed += ["NDJSON's pace"] if parts["writing"]["seconds"] < OF_WRITING else []
            peaks.append({what: told["peak"] for what, told in formats(directory, size)})
    missed += [f"{what}'s memory" for what in peaks[0] if peaks[1][what] > FLAT * peaks[0][what]]
    print(f"missed: {', '.join(missed)}" if missed else "every limit is held")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
