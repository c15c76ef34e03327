# ruff: noqa: INP001, S603, T201 - a script that prints, and runs programs
"""Reading an archive's pages again, beside reading its WARC files alone.

    pip install fastwarc
    python benchmarks/rereading.py NEWSROOM [--articles 100] [--rounds 5] [--save]

NEWSROOM is the folder of the imitation newsrooms, all of which are harvested once. `monadi archive reextract` then
reads every page from its record again, with today's extractors, compares and writes; beside it, in every round, warcio
and fastwarc read all records of the same files and take the payload of each answer, no more. Pages, or records, per
second of CPU time, of ours with the start of its process. Every page must be read as before. Status 1 where a goal
is missed.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import figures
from harvest import HARVEST, serving
from programs import MONADI, used
from warcio.archiveiterator import ArchiveIterator

GOAL = 0.3


def by_warcio(files: Sequence[Path]) -> int:
    records = 0
    for file in files:
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "response":
                    record.content_stream().read()
                    records += 1
    return records


def by_fastwarc(files: Sequence[Path]) -> int:
    from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415 - it may not be installed

    records = 0
    for file in files:
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
                record.reader.read()
                records += 1
    return records


def pace(read: Callable[[Sequence[Path]], int], files: Sequence[Path]) -> float:
    began = time.process_time()
    records = read(files)
    return records / (time.process_time() - began)


def readers() -> Iterator[tuple[str, Callable[[Sequence[Path]], int]]]:
    yield "warcio", by_warcio
    try:
        import fastwarc.warc  # noqa: F401, PLC0415
    except ImportError as error:
        print(f"fastwarc: left out ({error})")
    else:
        yield "fastwarc", by_fastwarc


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("newsroom", type=Path)
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--save", action="store_true")
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
        paces: dict[str, list[float]] = {"monadi": []} | {name: [] for name, _ in readers()}
        for _ in range(options.rounds):
            paces["monadi"].append(pages / used(again, ours).seconds)
            for name, read in readers():
                paces[name].append(pace(read, files))
    told = [
        figures.of_rounds(taken, what=f"pages a CPU second, {name}", against="", unit="pages/s", at_least=True)
        for name, taken in paces.items()
    ]
    for name, others in paces.items():
        if name != "monadi":
            ratios = [own / other for own, other in zip(paces["monadi"], others, strict=True)]
            beside = f"{name}, reading alone"
            told.append(
                figures.of_rounds(ratios, what="re-extraction", against=beside, unit="×", goal=GOAL, at_least=True)
            )
    print(*told, sep="\n")
    if options.save:
        command = f"python benchmarks/rereading.py ../shared/newsroom --articles {options.articles}"
        figures.keep("rereading", command, told, [f"{pages:,} pages of 31 offices; {options.rounds} rounds; one core"])
    sys.exit(not all(each.holds for each in told))


if __name__ == "__main__":
    main()
