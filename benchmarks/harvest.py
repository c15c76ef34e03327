# ruff: noqa: INP001, T201 - a script that prints, and runs programs
"""A whole harvest beside what one would otherwise run over the same pages, by CPU time.

    python benchmarks/harvest.py NEWSROOM [--articles 100] [--rounds 5] [--save]
        [--crawlee PYTHON] [--news-please PYTHON]

NEWSROOM is the folder of the imitation newsrooms (its `serve.py` answers on loopback, in a process that is not
counted). A harvest reads robots.txt, lists, feeds and sitemaps of every office, and each release; it fetches, reads,
normalizes, keeps the answers, archives, logs and looks for copies, in one process and one archive on SQLite. Beside it,
each a process of its own, one after the other in every round:

- stock Scrapy, its callback doing nothing, and the same under our settings, over all addresses that the harvest asked;
- crawlee's ParselCrawler with the selectors of our platform classes, and news-please, over the releases alone, each by
  an interpreter that has it (`python -m venv crawlee && crawlee/bin/pip install 'crawlee[parsel]'`; `python -m venv np
  && np/bin/pip install news-please lxml_html_clean`). They keep no answers and find no pages.

A figure is pages per second of CPU time, starts of processes included: answers of any kind beside Scrapy, releases
beside the others. Every contender must have read all of them. Status 1 where a goal is missed.
"""

import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import figures
from programs import MONADI, free, running, used

from sources import Catalogue
from spiders.platforms import platform

HERE = Path(__file__).parent
PEERS = HERE / "peers"
FIELDS = ("kicker", "title", "lead", "body", "date", "category", "tags", "image")
GOALS = {"stock Scrapy": 0.5, "crawlee": 1.5, "news-please": 3.0}
COUNTED = re.compile(r"\d+")


@dataclass(frozen=True, kw_only=True)
class Contender:
    """`run` does the work once and tells how many pages it read; `pages` says how many there are."""

    name: str
    command: Sequence[str]
    pages: int
    counts: Callable[[str], int]


@dataclass(frozen=True, kw_only=True)
class Newsroom:
    """The offices that answer: their catalogue, the log of what was asked, the addresses of their releases."""

    folder: Path
    port: int

    @property
    def surroundings(self) -> dict[str, str]:
        return {
            **os.environ,
            "MONADI_CATALOGUE": str(self.folder / "catalogue"),
            "MONADI_ALLOW_HOSTS": "127.0.0.0/8",
            "MONADI_DATA": str(self.folder / "data"),
            "MONADI_CONTACT": "https://monadi.example/",
            "PYTHONPATH": str(HERE.parent),
            "https_proxy": "http://127.0.0.1:9",  # Scrapy's cookies would have a list of suffixes from elsewhere
        }

    def releases(self) -> list[str]:
        lines = (self.folder / "truth.ndjson").read_text("utf-8").splitlines()
        return [each["url"] for each in map(json.loads, lines) if each["state_day2"] != "new"]

    def asked(self) -> list[str]:
        """Every address that was answered with a page, each once."""
        lines = (self.folder / "log").read_text("utf-8").splitlines()
        ok = (each for each in map(json.loads, lines) if each["status"] == 200)  # noqa: PLR2004
        return list(dict.fromkeys(f"http://{each['host']}:{self.port}{each['target']}" for each in ok))

    def selectors(self) -> dict[str, dict[str, list[str]]]:
        """By host, what our platform classes look for; of the seed's portal and others without such, the generic's."""
        found = {}
        for source in Catalogue.load(self.folder / "catalogue").sources.values():
            page = platform(source.platform).page
            host = source.url.partition("//")[2].partition(":")[0]
            found[host] = {field: list(getattr(page, f"{field}_css", ())) for field in FIELDS}
        return found


@contextmanager
def serving(newsroom: Path, folder: Path, articles: int) -> Iterator[Newsroom]:
    port = free()
    words = ["--port", str(port), "--articles", str(articles), "--truth", str(folder / "truth.ndjson")]
    words += ["--sources", str(folder / "sources.json"), "--catalogue", str(folder / "catalogue")]
    command = [sys.executable, "serve.py", *words, "--log", str(folder / "log")]
    with running(command, port, cwd=newsroom):
        yield Newsroom(folder=folder, port=port)


def contenders(room: Newsroom, crawlee: str | None, news_please: str | None) -> Iterator[Contender]:
    """What is run; a first harvest has told all addresses."""
    releases, asked = room.releases(), room.asked()
    (room.folder / "releases").write_text("\n".join(releases), "ascii")
    (room.folder / "asked").write_text("\n".join(asked), "ascii")
    (room.folder / "selectors").write_text(json.dumps(room.selectors()), "utf-8")
    null = [sys.executable, str(PEERS / "scrapy_null.py"), str(room.folder / "asked")]
    yield Contender(name="harvest", command=HARVEST, pages=len(releases), counts=archived)
    yield Contender(name="stock Scrapy", command=null, pages=len(asked), counts=int)
    yield Contender(name="our settings", command=[*null, "spiders.settings"], pages=len(asked), counts=int)
    for name, interpreter, script in (
        ("crawlee", crawlee, ["crawlee_parsel.py", "releases", "selectors"]),
        ("news-please", news_please, ["newsplease_read.py", "releases"]),
    ):
        if interpreter:
            words = [str(PEERS / script[0]), *(str(room.folder / each) for each in script[1:])]
            yield Contender(name=name, command=[interpreter, *words], pages=len(releases), counts=int)
        else:
            print(f"{name}: left out, no interpreter was named that has it", flush=True)


HARVEST = [*MONADI, "harvest"]


def archived(said: str) -> int:
    """The releases that the lines of a harvest tell of: "n01: ok, 100 new, …"."""
    return sum(int(found) for found in re.findall(r": ok, (\d+) new", said))


def run(contender: Contender, room: Newsroom) -> float:
    """Seconds of CPU time of one run from an empty directory; ends the script where a page was not read."""
    with (
        tempfile.TemporaryDirectory(dir=room.folder) as place,
        (room.folder / "said").open("w+", encoding="utf-8") as said,
    ):
        surroundings = room.surroundings | {"MONADI_DATA": place, "CRAWLEE_STORAGE_DIR": place}
        seconds = used(contender.command, surroundings, cwd=Path(place), said=said).seconds
        said.seek(0)
        words = said.read()
    if contender.counts(words) < contender.pages:
        sys.exit(f"{contender.name} read not all of {contender.pages} pages: {words[-400:]}")
    return seconds


def main() -> None:
    parser = figures.options(__doc__)
    parser.add_argument("newsroom", type=Path)
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--crawlee")
    parser.add_argument("--news-please")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="monadi-harvest-") as folder,
        serving(options.newsroom, Path(folder), options.articles) as room,
    ):
        first = Contender(name="harvest", command=HARVEST, pages=len(room.releases()), counts=archived)
        run(first, room)
        those = list(contenders(room, options.crawlee, options.news_please))
        asked, releases = len(room.asked()), len(room.releases())
        seconds: dict[str, list[float]] = {each.name: [] for each in those}
        for number in range(options.rounds):
            for each in those:
                seconds[each.name].append(run(each, room))
            each_took = ", ".join(f"{name} {taken[-1]:.1f} s" for name, taken in seconds.items())
            print(f"round {number + 1}: {each_took}", flush=True)
    told = list(promises(seconds, asked, releases))
    command = f"python benchmarks/harvest.py ../shared/newsroom --articles {options.articles}"
    note = f"{asked:,} answers, {releases:,} of them releases, of 31 offices; {options.rounds} rounds"
    figures.finish("harvest", command, told, [note], save=options.save)


def promises(seconds: dict[str, list[float]], asked: int, releases: int) -> Iterator[figures.Figure]:
    ours = seconds["harvest"]
    for name, taken in seconds.items():
        whole = asked if name in ("harvest", "stock Scrapy", "our settings") else releases
        rates = [whole / each for each in taken]
        yield figures.of_rounds(rates, what=f"pages a CPU second, {name}", against="", unit="pages/s", at_least=True)
    for name, goal in GOALS.items():
        if name in seconds:
            ratios = figures.ratios(seconds[name], ours)
            yield figures.of_rounds(ratios, what="whole harvest", against=name, unit="×", goal=goal, at_least=True)
    ratios = figures.ratios(seconds["stock Scrapy"], seconds["our settings"])
    yield figures.of_rounds(
        ratios, what="no-parse crawl, our settings", against="stock Scrapy", unit="×", goal=1.4, at_least=True
    )


if __name__ == "__main__":
    main()
