# ruff: noqa: INP001 - a script
"""What a record and a question cost as an archive grows: at ten thousand, a hundred thousand and a million releases.

    python benchmarks/growth.py --data DIR --texts texts.ndjson.gz [--sizes 10000 100000 1000000] [--rounds 5] [--save]

`million.py` makes the archives in `DIR/<size>`, once; their months are closed and they are indexed. A directory that
`search.py` has filled may be copied there, and gets what it lacks; `search.py`, `web.py` and `charts.py` may be asked
of `DIR/1000000` after that. In each round all archives have their turn at each cost, by CPU time, of whatever has to be
read once before:

- the intake of three hundred new releases, into a copy of the database, which is thrown away;
- the newest fifty of a province, and of a source: the median of all provinces and sources;
- the newest fifty that have a word which one in a few dozen of the texts has: the median of such words;
- NDJSON of all records, by a process of its own;
- an RSS feed of the newest fifty, nothing of it held;
- every chart of the whole archive, no drawing held.

A figure is the cost at the largest archive over that at the smallest. Status 1 where one has grown by more than half.
"""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median

import charts
import exports
import feeds
import figures
import intake
import million
import search
from starlette.datastructures import QueryParams

from archive import Archive, Query
from archive.database import sqlite_url
from sources import Catalogue
from syndication.feeds.announced import FRAGMENTS
from syndication.web import drawings
from syndication.web.room import Room

GOAL = 1.5
TAKEN_IN = 300  # releases in a round
BEYOND = 1_100_000  # the number of the first of them, which no archive holds


@dataclass(frozen=True, kw_only=True)
class Sized:
    """An archive of some size, and another of the same releases that may be written to."""

    directory: Path
    archive: Archive
    spare: Archive
    room: Room
    words: Sequence[str]
    numbers: Iterator[int]
    """First numbers of the releases of each round."""


Cost = Callable[[Sized], float]


def taken_in(sized: Sized) -> float:
    articles = intake.readings(TAKEN_IN, sized.room.catalogue, first=next(sized.numbers))
    return 1000 * figures.taken(lambda: intake.take_in(sized.spare, articles)).cpu / TAKEN_IN


def asked(queries: Callable[[Sized], Sequence[Query]]) -> Cost:
    """The median of a page of each query."""

    def cost(sized: Sized) -> float:
        asking = [lambda query=query: list(sized.archive.articles(query)) for query in queries(sized)]
        return search.median(asking)

    return cost


def exported(sized: Sized) -> float:
    done = exports.measured(sized.directory, "ndjson")
    (sized.directory / "out.ndjson").unlink()
    return 1e6 * done["cpu"] / done["records"]


def rendered(sized: Sized) -> float:
    FRAGMENTS.clear()
    return 1000 * figures.taken(lambda: feeds.newest(sized.archive, 50)).cpu


def drawn(sized: Sized) -> float:
    everything = drawings.Asked.of(QueryParams(""), sized.room.catalogue)
    return sum(charts.drawn(sized.room, everything, name) for name in drawings.CHARTS)


COSTS: dict[str, Cost] = {
    "a release taken in, ms": taken_in,
    "a page of a province, ms": asked(
        lambda sized: [
            Query(provinces=(iso,), limit=search.PAGE) for iso in _held(sized, lambda each: each.province.iso)
        ]
    ),
    "a page of a source, ms": asked(
        lambda sized: [Query(sources=(id_,), limit=search.PAGE) for id_ in _held(sized, lambda each: each.id)]
    ),
    "a search, ms": asked(lambda sized: [Query(text=word, limit=search.PAGE) for word in sized.words]),
    "a record of NDJSON, µs": exported,
    "a feed of fifty, ms": rendered,
    "the charts, ms": drawn,
}


def _held(sized: Sized, key: Callable[..., str]) -> list[str]:
    return sorted({key(each) for each in sized.room.catalogue.sources.values()})


# ---- the archives ----


def opened(directory: Path, texts: list[million.Text], size: int, stack: ExitStack) -> Sized:
    """The archive of a directory, made or given what it lacks."""
    directory.mkdir(parents=True, exist_ok=True)
    archive = stack.enter_context(Archive(sqlite_url(directory / "monadi.db"), directory / "search"))
    if not (directory / "monadi.db").exists():
        million.fill(archive, texts, size)
    archive.close_months(settled=True)
    charts.follow(archive)
    search.index(archive)
    held = archive.count(Query())
    if held != size:
        raise SystemExit(f"{directory} holds {held:,} releases, not {size:,}")
    place = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=directory)))
    with (
        closing(sqlite3.connect(directory / "monadi.db")) as one,
        closing(sqlite3.connect(place / "monadi.db")) as other,
    ):
        one.backup(other)  # page by page
    spare = stack.enter_context(Archive(sqlite_url(place / "monadi.db"), place / "search"))
    return Sized(
        directory=directory,
        archive=archive,
        spare=spare,
        room=charts.room_of(archive, Catalogue.load()),
        words=search.words_of(texts)["mid word"],
        numbers=count(BEYOND, TAKEN_IN),
    )


# ---- the whole ----


def main() -> None:
    parser = figures.options(__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory for the archives: 20 GB for the three")
    parser.add_argument("--texts", type=Path, help="NDJSON of texts to multiply, may be gzipped")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], metavar="N")
    options = parser.parse_args()
    sizes, texts = sorted(options.sizes), million.read_texts(options.texts)
    with ExitStack() as stack:
        archives = {size: opened(options.data / str(size), texts, size, stack) for size in sizes}
        found = {name: measured(cost, archives, options.rounds) for name, cost in COSTS.items()}
    table = figures.Table(
        title="CPU time",
        columns=[f"{size:,}" for size in sizes],
        rows={name: [median(rounds) for rounds in each.values()] for name, each in found.items()},
    )
    told = [grown(name.partition(",")[0], each) for name, each in found.items()]
    command = "python benchmarks/growth.py --data DIR --texts texts.ndjson.gz"
    note = f"archives of {' '.join(f'{size:,}' for size in sizes)} releases; {options.rounds} rounds"
    figures.finish("growth", command, told, [note], save=options.save, tables=[table])


def measured(cost: Cost, archives: dict[int, Sized], rounds: int) -> dict[int, list[float]]:
    return figures.by_turns(rounds, {size: partial(cost, each) for size, each in archives.items()}, warming=1)


def grown(what: str, rounds: dict[int, list[float]]) -> figures.Figure:
    """The cost at the largest archive over that at the smallest."""
    smallest, *_, largest = rounds
    return figures.of_rounds(
        figures.ratios(rounds[largest], rounds[smallest]),
        what=f"growth of {what}, {smallest:,} to {largest:,}",
        unit="×",
        goal=GOAL,
    )


if __name__ == "__main__":
    main()
