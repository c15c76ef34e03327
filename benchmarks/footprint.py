# ruff: noqa: INP001, T201 - a script that prints, and runs programs
"""What starting Monadi costs, and how much memory it has: idle, and in a crawl of ten thousand pages.

    python benchmarks/footprint.py [--rounds 5] [--pages 10000] [--million DIR] [--save]

Starts are CPU time of whole processes, all in every round, beside `scrapy version` and `datasette --version` where
these are installed; DIR is a data directory that `search.py` has filled, for a query among a million releases. Idle is
`monadi up` over the sample newsroom when nothing is due: the memory of all its processes, of which shared pages are
counted once (PSS), at its most in half a minute after its first harvest has ended. The crawl reads one office of so
many releases, served by this script; its figure is the most that was resident. Status 1 where a goal is missed.
"""

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import figures
from programs import MONADI, free, running, used

from archive import Query
from archive.errors import ArchiveMissing, SchemaTooOld
from archive.store import open_archive
from persian.calendars import to_jalali
from sources.sample import Release, SampleNewsroom, read_releases

HELP, QUERY = 0.3, 0.5  # seconds of CPU time
IDLE, CRAWL = 150, 250  # MB
LOOKS = 30  # a second apart
# ---- starts ----


def starts(rounds: int, million: Path | None, surroundings: Mapping[str, str]) -> Iterator[figures.Figure]:
    commands = {"monadi --help": ([*MONADI, "--help"], HELP)}
    if million:
        commands["monadi query, a million releases"] = ([*MONADI, "query", "--limit", "20"], QUERY)
        surroundings = {**surroundings, "MONADI_DATA": str(million)}
    beside = Path(sys.executable).parent
    for name, words in (("scrapy", ["scrapy", "version"]), ("datasette", ["datasette", "--version"])):
        if program := shutil.which(name, path=str(beside)):
            commands[" ".join(words)] = ([program, *words[1:]], None)
        else:
            print(f"{name}: left out, it is not installed")
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, (words, _goal) in commands.items():
            taken[name].append(used(words, surroundings).seconds)
    for name, (_words, goal) in commands.items():
        yield figures.of_rounds(taken[name], what=name, against="", unit="s of CPU", goal=goal)


# ---- memory ----


def idle(folder: Path, surroundings: Mapping[str, str]) -> figures.Figure:
    port = free()
    with SampleNewsroom() as newsroom:
        newsroom.write_catalogue(folder / "catalogue")
        with running([*MONADI, "up", "--port", str(port)], port, surroundings) as process:
            _until_harvested(folder / "data", len(newsroom.releases))
            looks = []
            for _ in range(LOOKS):
                time.sleep(1)
                looks.append(sum(map(_share, _family(process.pid))))
    return figures.of_rounds(looks, what="monadi up, idle, all processes", against="", unit="MB", goal=IDLE)


def _until_harvested(data: Path, releases: int) -> None:
    for _ in range(240):
        time.sleep(1)
        with suppress(ArchiveMissing, SchemaTooOld), open_archive(data=data) as archive:
            if archive.count(Query()) >= releases:
                time.sleep(10)  # its crawls end, and it looks once more
                return
    sys.exit("monadi up did not harvest the sample newsroom")


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text("ascii").split():
            yield from _family(int(child))


def _share(pid: int) -> float:
    """MB of a process, of which shared pages are counted in part."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:  # it has ended
        return 0.0
    found = re.search(r"Pss:\s+(\d+)", told)
    return int(found[1]) / 1024 if found else 0.0


def releases(number: int) -> list[Release]:
    """The releases of one office of the sample over and over, an hour apart."""
    those = [each for each in read_releases() if each.office == "yazd"]
    made = []
    for each in range(number):
        like = those[each % len(those)]
        moment = those[0].moment - timedelta(hours=each)
        year, month, day = to_jalali(moment.date())
        jalali = f"{year}-{month:02}-{day:02}T{moment:%H:%M:%S}"
        made.append(replace(like, id=str(100_000 - each), title=f"{like.title} {each}", slug="", jalali=jalali))
    return made


def crawl(folder: Path, pages: int, surroundings: Mapping[str, str]) -> figures.Figure:
    with SampleNewsroom(releases=releases(pages)) as newsroom:
        newsroom.write_catalogue(folder / "catalogue")
        most = used([*MONADI, "harvest", "sample-yazd"], surroundings).megabytes
    with open_archive(data=folder / "data") as archive:
        found = archive.count(Query())
    if found != pages:
        sys.exit(f"of {pages} pages, {found} were archived")
    return figures.of_rounds([most], what=f"a crawl of {pages:,} pages", against="", unit="MB", goal=CRAWL)


def main() -> None:
    parser = figures.options(__doc__)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--million", type=Path)
    options = parser.parse_args()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MONADI_")}
    kept |= {"MONADI_ALLOW_HOSTS": "127.0.0.0/8", "MONADI_CONTACT": "https://monadi.example/"}
    told = list(starts(options.rounds, options.million, kept))
    for measure in (idle, lambda folder, ours: crawl(folder, options.pages, ours)):
        with tempfile.TemporaryDirectory(prefix="monadi-footprint-") as name:
            folder = Path(name)
            ours = {"MONADI_DATA": str(folder / "data"), "MONADI_CATALOGUE": str(folder / "catalogue")}
            told.append(measure(folder, kept | ours))
    figures.finish("footprint", "python benchmarks/footprint.py --million DIR", told, save=options.save)


if __name__ == "__main__":
    main()
