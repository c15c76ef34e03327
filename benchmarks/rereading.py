# ruff: noqa: INP001, S603, T201 - a script that prints, and runs programs
"""Reading an archive's pages again, beside reading its WARC files alone.

    pip install fastwarc
    python benchmarks/rereading.py NEWSROOM [--articles 100] [--rounds 5] [--save]

NEWSROOM is the folder of the imitation newsrooms, all of which are harvested once. `monadi archive reextract` then
reads every page from its record again, with today's extractors, compares and writes; beside it, in every round, warcio
and fastwarc read all records of the same files and take the payload of each answer, no more. Pages, or records, per
second by the clock, with the start of our process, which has every core that there is, as each of them reads some
pages; warcio and fastwarc read in one process. Beside it stands what ours is on one core, per second of CPU time. Every
page must be read as before. Status 1 where a goal is missed.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import figures
import lxml.html
from harvest import HARVEST, serving
from programs import MONADI, used
from warcio.archiveiterator import ArchiveIterator

GOAL = 0.3
READING = ("warcio", "fastwarc")  # that the goal is held against
ONE_CORE = ("taskset", "--cpu-list", "0")
Count = Callable[[Sequence[Path]], int]


def by_warcio(files: Sequence[Path]) -> int:
    return sum(1 for _ in payloads(files))


def by_warcio_and_lxml(files: Sequence[Path]) -> int:
    """The least that any reader of pages must do besides."""
    return sum(lxml.html.fromstring(payload or b"<html/>") is not None for payload in payloads(files))


def payloads(files: Sequence[Path]) -> Iterator[bytes]:
    for file in files:
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "response":
                    yield record.content_stream().read()


def by_fastwarc(files: Sequence[Path]) -> int:
    from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415 - it may not be installed

    records = 0
    for file in files:
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
                record.reader.read()
                records += 1
    return records


def readers() -> Iterator[tuple[str, Count]]:
    yield "warcio", by_warcio
    yield "warcio, each parsed by lxml.html", by_warcio_and_lxml
    try:
        import fastwarc.warc  # noqa: F401, PLC0415
    except ImportError as error:
        print(f"fastwarc: left out ({error})")
    else:
        yield "fastwarc", by_fastwarc


def pace(work: Callable[[], int]) -> float:
    """Pages, or records, per second by the clock."""
    began = time.perf_counter()
    pages = work()
    return pages / (time.perf_counter() - began)


def main() -> None:
    parser = figures.options(__doc__)
    parser.add_argument("newsroom", type=Path)
    parser.add_argument("--articles", type=int, default=100)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="monadi-rereading-") as folder,
        serving(options.newsroom, Path(folder), options.articles) as room,
    ):
        ours = room.surroundings
        subprocess.run(HARVEST, env=ours, check=True, capture_output=True)
        files = sorted((room.folder / "data/snapshots").glob("*.warc.gz"))
        again = [*MONADI, "archive", "reextract"]
        said = subprocess.run(again, env=ours, check=True, capture_output=True, text=True).stdout
        pages = sum(int(found) for found in re.findall(r"(\d+) as before", said))
        if pages != len(room.releases()):
            sys.exit(f"of {len(room.releases())} pages, {pages} were read as before")

        def reread() -> int:
            used(again, ours)
            return pages

        contenders = {"monadi": reread} | {name: partial(read, files) for name, read in readers()}
        paces: dict[str, list[float]] = {name: [] for name in contenders}
        alone: list[float] = []
        for _ in range(options.rounds):
            for name, work in contenders.items():
                paces[name].append(pace(work))
            alone.append(pages / used([*ONE_CORE, *again], ours).seconds)
    shown = {f"pages a second, {name}": taken for name, taken in paces.items()}
    shown["pages a CPU second, monadi on one core"] = alone
    told = [
        figures.of_rounds(taken, what=what, against="", unit="pages/s", at_least=True) for what, taken in shown.items()
    ]
    for name in filter(paces.__contains__, READING):
        ratios = figures.ratios(paces["monadi"], paces[name])
        beside = f"{name}, reading alone"
        told.append(figures.of_rounds(ratios, what="re-extraction", against=beside, unit="×", goal=GOAL, at_least=True))
    command = f"python benchmarks/rereading.py ../shared/newsroom --articles {options.articles}"
    notes = f"{pages:,} pages of 31 offices", f"{options.rounds} rounds, on {os.cpu_count()} cores"
    figures.finish("rereading", command, told, notes, save=options.save)


if __name__ == "__main__":
    main()
