# ruff: noqa: INP001, T201 - a script that prints
"""What is promised of charts at a million releases: each is asked for and drawn within 50 ms, whatever narrows it.

    python benchmarks/charts.py --data /var/tmp/charts [--articles N] [--rounds 5] [--save]

`million.py` makes the articles, once. A time is that from the question to the SVG, its table and its sentence, no
drawing kept before, in ms of CPU time, so that other work on the machine does not count but for what it takes of the
caches. The figure of a chart is the 95th percentile of the narrowing that takes it longest. Following the log is told a
release. Status 1 where a goal is missed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import figures
import million
import sqlalchemy as sa
from starlette.datastructures import QueryParams

from archive import Archive, Query
from archive.database import sqlite_url
from archive.tables import changes
from sources import Catalogue
from syndication.web import drawings
from syndication.web.counts import Counted
from syndication.web.language import PERSIAN
from syndication.web.memory import Memory
from syndication.web.room import KEPT, Room
from syndication.web.tokens import Tokens
from syndication.web.views import Views

GOAL = 50  # ms, at the 95th percentile
REPEATED = 15  # in a round
ASKED = ("", "by=province", "agency=mcls", "province=yazd", "source=mcls-yazd", "since=1401&until=1402")


def main() -> None:
    parser = figures.options(__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory for a million articles: 8 GB")
    parser.add_argument("--articles", type=int, default=1_000_000)
    options = parser.parse_args()
    with filled(options.data, options.articles) as archive:
        note = f"{archive.count(Query()):,} releases; {options.rounds} rounds; each asked in {len(ASKED)} ways"
        told = list(_measured(archive, options.rounds))
    figures.finish("charts", "python benchmarks/charts.py --data DIR", told, [note], save=options.save)


@contextmanager
def filled(directory: Path, number: int) -> Iterator[Archive]:
    """The archive of a directory, filled where it was not there."""
    directory.mkdir(parents=True, exist_ok=True)
    begun = (directory / "monadi.db").exists()
    with Archive(sqlite_url(directory / "monadi.db"), directory / "search") as archive:
        if not begun:
            million.fill(archive, million.read_texts(None), number)
        follow(archive)
        yield archive


def follow(archive: Archive) -> None:
    with archive.reading() as connection:
        number = connection.scalar(sa.select(sa.func.count()).select_from(changes)) or 1
    taken = figures.taken(archive.follow_timings).cpu
    if taken > 1:
        print(f"the log followed in {taken:.0f} s, {taken / number * 1e6:.0f} µs a release", flush=True)


def _measured(archive: Archive, rounds: int) -> Iterator[figures.Figure]:
    catalogue = Catalogue.load()
    room = room_of(archive, catalogue)
    asked = [drawings.Asked.of(QueryParams(words), catalogue) for words in ASKED]
    for name in drawings.CHARTS:
        slowest = [max(_late(room, each, name) for each in asked) for _ in range(rounds)]
        yield figures.of_rounds(slowest, what=f"{name}, 95th percentile", unit="ms of CPU", goal=GOAL)


def room_of(archive: Archive, catalogue: Catalogue) -> Room:
    """The reading room in Persian, which remembers nothing."""
    views = Views(catalogue, "https://news.example.ir", PERSIAN)
    return Room(archive=archive, views=views, counted=Counted(archive), tokens=Tokens(), memory=Memory(KEPT))


def _late(room: Room, asked: drawings.Asked, name: str) -> float:
    """The 95th percentile of milliseconds, once it has been drawn."""
    drawn(room, asked, name)
    return figures.late([drawn(room, asked, name) for _ in range(REPEATED)])


def drawn(room: Room, asked: drawings.Asked, name: str) -> float:
    """Milliseconds of drawing a chart."""
    with room.archive.reading() as connection:
        return 1000 * figures.taken(lambda: drawings.CHARTS[name](room, connection, asked, "")).cpu


if __name__ == "__main__":
    main()
