"""An archive on either engine: what touches the database is tested on SQLite and on a real PostgreSQL alike."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from archive import Archive, Article, crawls, identity, intake, migrations, tables
from archive.database import Database, sqlite_url
from archive.intake import Saved
from sources import Catalogue

ENGINES = ("sqlite", "postgresql")
TEMPLATE = "template_archive"

Make = Callable[..., Article]
Save = Callable[..., list[Saved]]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load()


def _fill(url: str, search: Path, catalogue: Catalogue) -> None:
    with Archive(url, search) as archive:
        archive.upgrade()
        with archive.writing() as connection:
            crawls.register(connection, catalogue.sources.values())


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    directory = tmp_path_factory.mktemp("template")
    _fill(sqlite_url(directory / "monadi.db"), directory / "search", catalogue)
    return directory / "monadi.db"


@pytest.fixture(scope="session")
def postgres_template(postgres: Any, catalogue: Catalogue) -> str:
    _fill(postgres.create(TEMPLATE), postgres.directory / "search", catalogue)
    return TEMPLATE


@pytest.fixture(scope="session")
def emptied(postgres: Any, postgres_template: str) -> Iterator[Callable[[], str]]:
    """Empties the one database that tests share, far quicker than one is made, and says where it is."""
    written = [table.name for table in reversed(tables.metadata.sorted_tables) if table.name != "sources"]
    with (
        postgres.database(postgres_template) as url,
        psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection,
    ):
        connection.execute("SET lock_timeout = '5s'")

        def empty() -> str:
            connection.execute(";".join(f"DELETE FROM {name}" for name in written))
            return url

        yield empty


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def blank_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where an archive could be made."""
    if engine == "sqlite":
        yield sqlite_url(tmp_path / "monadi.db")
        return
    with request.getfixturevalue("postgres").database() as url:
        yield url


@pytest.fixture
def url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Where an empty archive is that knows every source."""
    if engine == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "monadi.db")
        return sqlite_url(tmp_path / "monadi.db")
    return str(request.getfixturevalue("emptied")())


@pytest.fixture
def archive(url: str, tmp_path: Path) -> Iterator[Archive]:
    """An empty archive that knows every source, on each engine."""
    with Archive(url, tmp_path / "search") as opened:
        yield opened


@pytest.fixture
def both(tmp_path: Path, sqlite_template: Path, emptied: Callable[[], str]) -> Iterator[tuple[Archive, Archive]]:
    """Two empty archives, one on each engine."""
    shutil.copy(sqlite_template, tmp_path / "both.db")
    with (
        Archive(sqlite_url(tmp_path / "both.db"), tmp_path / "sqlite") as embedded,
        Archive(emptied(), tmp_path / "postgresql") as served,
    ):
        yield embedded, served


@pytest.fixture(scope="session")
def keep() -> Save:
    """Save a batch into an archive, in one transaction."""

    def kept(archive: Archive, *readings: Article, crawl: int | None = None) -> list[Saved]:
        with archive.writing() as connection:
            return intake.save(connection, readings, crawl)

    return kept


@pytest.fixture
def save(archive: Archive, keep: Save) -> Save:
    """Save a batch into the archive of the test."""

    def saved(*readings: Article, crawl: int | None = None) -> list[Saved]:
        return keep(archive, *readings, crawl=crawl)

    return saved


@pytest.fixture(scope="session")
def assert_whole() -> Callable[[Archive], None]:
    """Check that nothing is half-written: every article with its revisions, keys and rows of a gapless log."""

    def checked(archive: Archive) -> None:
        with archive.reading() as connection:
            seqs = list(connection.scalars(sa.select(tables.changes.c.seq).order_by(tables.changes.c.seq)))
            rows = connection.execute(sa.select(tables.articles)).all()
            last = _numbers(connection, tables.changes.c.article, sa.func.max(tables.changes.c.seq))
            new = _numbers(connection, tables.changes.c.article, sa.func.count(), tables.changes.c.kind == "new")
            revisions = _numbers(connection, tables.revisions.c.article, sa.func.count())
            keys = _numbers(connection, tables.aliases.c.article, sa.func.count())
        assert seqs == list(range(1, len(seqs) + 1))
        assert {row.pk: row.change for row in rows} == last
        assert {row.pk: row.revision for row in rows} == revisions
        assert new == {row.pk: 1 for row in rows}
        assert keys.keys() == {row.pk for row in rows}

    return checked


def _numbers(
    connection: sa.Connection, key: sa.Column[int], number: sa.ColumnElement[int], *where: sa.ColumnElement[bool]
) -> dict[int, int]:
    statement = sa.select(key, number).where(*where).group_by(key)
    return dict(connection.execute(statement).all())


@pytest.fixture(scope="session")
def older(make: Make, catalogue: Catalogue) -> Callable[[str], None]:
    """Make an archive as Monadi wrote it at schema 0003: two articles, one of them revised, removed and back."""

    def made(url: str) -> None:
        database = Database(url)
        with database.writing() as connection:
            migrations.upgrade(connection, "0003")
            crawls.register(connection, [catalogue.source("mcls-yazd")])
            held = sa.MetaData()
            held.reflect(connection)
            for name, rows in _of_0003(make).items():
                connection.execute(sa.insert(held.tables[name]), rows)
        database.close()

    return made


def _of_0003(make: Make) -> dict[str, list[dict[str, Any]]]:
    """Rows by table, in an order in which they refer to each other."""
    first, edited, other = make(1), make(1, body="متن تازه"), make(2, date="۱ دی ۱۴۰۰")
    at = first.fetched_at
    newest = {1: (edited, 2, 5), 2: (other, 1, 2)}  # reading, revision, change
    readings = ((1, 1, first), (1, 2, edited), (2, 1, other))
    log = ((1, "new", 1, 1), (2, "new", 2, 1), (3, "revised", 1, 2), (4, "gone", 1, 2), (5, "back", 1, 2))
    source = {"source": "mcls-yazd"}
    return {
        "articles": [
            {
                **source,
                "pk": pk,
                "id": f"mcls-yazd/{pk}",
                "guid": f"urn:{pk}",
                "native_id": str(pk),
                "url": reading.url,
                "title_key": identity.title_key(reading),
                "ordered_at": reading.ordering,
                "first_seen": at,
                "last_seen": at,
                "state": "live",
                "revision": revision,
                "content_hash": reading.content_hash,
                "extractor": reading.extractor,
                "change": change,
            }
            for pk, (reading, revision, change) in newest.items()
        ],
        "revisions": [
            {
                "article": pk,
                "number": number,
                "seen_at": at,
                "extractor": reading.extractor,
                "content_hash": reading.content_hash,
                "kicker": reading.kicker,
                "title": reading.title,
                "lead": reading.lead,
                "body": reading.body,
                "body_html": reading.body_html,
                "tags": ["یزد"],
                "attachments": [],
                "published": reading.published.to_dict(),
            }
            for pk, number, reading in readings
        ],
        "aliases": [{**source, "key": f"id:{pk}", "article": pk, "url": newest[pk][0].url} for pk in newest],
        "tags": [{"key": "یزد", "article": pk} for pk in newest],
        "changes": [
            {"seq": seq, "at": at, "kind": kind, "article": pk, "revision": revision} for seq, kind, pk, revision in log
        ],
    }
