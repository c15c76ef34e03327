# ruff: noqa: INP001, T201, S603 - a script that prints, and runs itself in processes of its own
"""Exports: how fast each format is written, and how much memory it takes, at two sizes of an archive.

    python benchmarks/exports.py [--sizes 20000 200000] [--rounds 5] [--save]

The archive holds the releases of the sample newsroom over and over: the first thousands are taken in by
`archive.intake`, the rest multiplied from them by SQL, each with its own id, address, date and change. Every
measurement is a process of its own; memory is its peak resident set. NDJSON is held against writing the very same
lines, ready in memory, one after the other to a file in the same directory, which is flushed and synced as an export
is: the goal is by the clock, in which both wait for the disk; CPU time is told too. Beside it stands what Python's own
driver leaves of that pace: it reads the same columns as texts, and the ready lines are written. All take turns in every
round. The figure of memory is the format whose peak grows most from the smaller archive to the larger. Status 1 where a
goal is missed.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

import figures

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
    """Records, seconds, bytes and peak memory of one export, or of writing the lines of `lines.ndjson`."""
    target = directory / f"out.{what}"
    if what in BARE:
        lines = (directory / "lines.ndjson").read_bytes().splitlines(keepends=True)
        read = lines if what == "writing" else (line for line, _ in zip(lines, rows(directory), strict=True))
        taken, count = figures.taken(lambda: write(read, target)), len(lines)
    else:
        with opened(directory) as archive:
            archive.count(Query(limit=1))
            format_ = "parquet" if what == DATASET else what
            done: list[int] = []
            taken = figures.taken(
                lambda: done.append(export(archive, Query(), target, format_, directory=what == DATASET).articles)
            )
            count = done[0]
    return {
        "records": count,
        **taken._asdict(),
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


Rounds = dict[str, list[dict[str, float]]]


def compared(found: Rounds) -> Iterator[figures.Figure]:
    """NDJSON's part of the pace of each bare way."""
    for by, told in (("clock", "by the clock"), ("cpu", "by CPU time")):
        taken = {what: [each[by] for each in rounds] for what, rounds in found.items()}
        for what in BARE:
            yield figures.of_rounds(
                figures.ratios(taken[what], taken["ndjson"]),
                what=f"NDJSON, {told}",
                against=f"{what} the same lines",
                unit="×",
                goal=OF_WRITING if (what, by) == ("writing", "clock") else None,
                at_least=True,
            )


def grown(small: Rounds, large: Rounds) -> figures.Figure:
    """The format whose memory grows most."""
    rounds = {
        what: figures.ratios(*([each["peak"] for each in found[what]] for found in (large, small))) for what in small
    }
    most = max(rounds, key=lambda what: median(rounds[what]))
    told = f"peak memory, larger archive over smaller, {most}"
    return figures.of_rounds(rounds[most], what=told, unit="×", goal=FLAT)


def table(found: Sequence[Rounds], sizes: Sequence[int]) -> figures.Table:
    """Medians of every format; paces are those of the larger archive."""

    def middle(told: Rounds, what: str, value: Callable[[dict[str, float]], float]) -> float:
        return median(map(value, told[what]))

    rows = {
        what: [
            middle(found[-1], what, lambda each: each["records"] / each["cpu"]),
            middle(found[-1], what, lambda each: each["bytes"] / each["clock"] / 1e6),
            *(middle(told, what, lambda each: each["peak"] / 1e6) for told in found),
        ]
        for what in found[0]
    }
    columns = ["records a CPU second", "MB/s", *(f"peak MB of {size:,}" for size in sizes)]
    return figures.Table(title="formats", columns=columns, rows=rows)


def main() -> None:
    parser = figures.options(__doc__)
    parser.add_argument("--sizes", type=int, nargs=2, default=[20_000, 200_000], metavar="N")
    parser.add_argument("--measure", nargs=2, metavar=("DIR", "WHAT"), help="one measurement, as JSON")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(Path(options.measure[0]), options.measure[1])))
        return
    found: list[Rounds] = []
    with tempfile.TemporaryDirectory(prefix="monadi-exports-") as folder:
        for size in options.sizes:
            directory = Path(folder) / str(size)
            directory.mkdir()
            fill(directory, size)
            if not found:
                with opened(directory) as archive:
                    export(archive, Query(), directory / "lines.ndjson")
                bare = figures.by_turns(
                    options.rounds, {what: partial(measured, directory, what) for what in (*BARE, "ndjson")}
                )
            formats = {what: partial(measured, directory, what) for what in (*FORMATS, DATASET)}
            found.append(figures.by_turns(options.rounds, formats))
    told = [*compared(bare), grown(*found)]
    note = f"archives of {options.sizes[0]:,} and {options.sizes[1]:,} records; {options.rounds} rounds"
    tables = [table(found, options.sizes)]
    figures.finish("exports", "python benchmarks/exports.py", told, [note], save=options.save, tables=tables)


if __name__ == "__main__":
    main()
