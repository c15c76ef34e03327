"""A database that is damaged, or that is none of ours, is told by name, with what to do, whoever meets it where."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from archive import Archive, Query, damage
from archive.database import PAGE_SIZE, sqlite_url
from archive.errors import ArchiveDamaged, ArchiveUnavailable, BackupRefused, NotAnArchive, SchemaTooNew

NOBODYS = b"a page that nobody wrote" * 400


def overwrite(file: Path, page: int, data: bytes = bytes(PAGE_SIZE)) -> None:
    """Write over a page, the first of which is 1."""
    with file.open("r+b") as stream:
        stream.seek((page - 1) * PAGE_SIZE)
        stream.write(data[:PAGE_SIZE])


def root_of(file: Path, table: str) -> int:
    with closing(sqlite3.connect(file)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    return int(page)


def change(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            connection.execute(statement)


def _cut_off(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.truncate(file.stat().st_size // 2)


def _cut_off_in_its_schema(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.truncate(PAGE_SIZE * 2 - 100)


def _zeroed(file: Path) -> None:
    overwrite(file, root_of(file, "articles"))
    overwrite(file, root_of(file, "revisions"))


def _of_other_bytes(file: Path) -> None:
    for table in ("articles", "revisions"):
        overwrite(file, root_of(file, table), NOBODYS)


def _schema_of_no_text(file: Path) -> None:
    change(file, "UPDATE sqlite_master SET sql = CAST(X'D4D4' AS TEXT) WHERE name = 'revisions'")


def _schema_of_no_sql(file: Path) -> None:
    change(file, "UPDATE sqlite_master SET sql = 'CREATE NOTHING' WHERE name = 'revisions'")


def _table_gone(file: Path) -> None:
    change(file, "DELETE FROM sqlite_master WHERE tbl_name = 'revisions'")


def _text_of_no_letters(file: Path) -> None:
    change(file, "UPDATE articles SET id = CAST(X'D4D4' AS TEXT)")


def _no_json(file: Path) -> None:
    change(file, "UPDATE revisions SET published = '{'")


def _no_instant(file: Path) -> None:
    change(file, "UPDATE articles SET first_seen = 'once'")


DAMAGES = {
    function.__name__.strip("_"): function
    for function in (
        _cut_off,
        _cut_off_in_its_schema,
        _zeroed,
        _of_other_bytes,
        _schema_of_no_text,
        _schema_of_no_sql,
        _table_gone,
        _text_of_no_letters,
        _no_json,
        _no_instant,
    )
}
OF_ROWS = ("text_of_no_letters", "no_json", "no_instant")
READ: dict[str, Callable[[Archive], object]] = {
    "articles": lambda archive: list(archive.articles(Query())),
    "records": lambda archive: list(archive.records(Query())),
    "one": lambda archive: archive.article("mcls-yazd/1"),
}


@pytest.fixture
def file(tmp_path: Path, sqlite_template: Path, make, keep) -> Path:
    """The file of an archive of one release, with nothing beside it."""
    place = tmp_path / "monadi.db"
    place.write_bytes(sqlite_template.read_bytes())
    with Archive(sqlite_url(place), tmp_path / "search") as archive:
        keep(archive, make(1))
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    return place


@pytest.fixture
def opened(file: Path, tmp_path: Path) -> Iterator[Archive]:
    with Archive(sqlite_url(file), tmp_path / "search") as archive:
        yield archive


def told(error: pytest.ExceptionInfo[Exception]) -> str:
    line = str(error.value)
    assert "\n" not in line
    return line


MET = [
    pytest.param(damage, READ[read], id=f"{name} met by {read}")
    for name, damage in DAMAGES.items()
    for read in READ
    if (name, read) not in {("no_instant", "records"), ("text_of_no_letters", "one")}  # who do not look at it
]


@pytest.mark.parametrize(("damage", "read"), MET)
def test_damage_is_told_by_whoever_meets_it_with_the_file_and_what_to_do(file, opened, damage, read):
    damage(file)

    with pytest.raises(ArchiveDamaged) as error:
        read(opened)

    assert told(error).startswith(f"the archive at {file} is damaged: ")
    assert "restore a backup (`monadi archive restore`)" in told(error)


@pytest.mark.parametrize("damage", [DAMAGES[name] for name in DAMAGES if name not in OF_ROWS])
def test_damage_is_told_to_whoever_writes(file, opened, damage, make, keep):
    damage(file)

    with pytest.raises(ArchiveDamaged):
        keep(opened, make(2))


@pytest.mark.parametrize("damage", [_zeroed, _table_gone, *(DAMAGES[name] for name in OF_ROWS)])
def test_verifying_a_damaged_archive_goes_on_with_what_can_be_read(file, opened, damage):
    damage(file)

    found = {each.check: each for each in opened.verify()}

    assert found["search index"].check
    assert found["revisions and their hashes"].mismatches
    assert not found["counts"].mismatches or damage is not _text_of_no_letters


def test_a_backup_of_a_damaged_archive_leaves_no_file(file, opened, tmp_path):
    _zeroed(file)

    with pytest.raises(ArchiveDamaged):
        opened.backup(tmp_path / "backup.db")

    assert [each.name for each in tmp_path.iterdir() if "backup" in each.name] == []


def test_a_damaged_backup_is_named_and_nothing_is_restored_of_it(file, tmp_path):
    _zeroed(file)
    with Archive(sqlite_url(tmp_path / "other.db"), tmp_path / "other") as other:
        with pytest.raises(BackupRefused) as error:
            other.restore(file)
        assert told(error).startswith(f"{file} is damaged (")
        assert other.count(Query()) == 0


# ---- what is no archive ----


def _foreign(file: Path) -> None:
    file.unlink()
    change(file, "CREATE TABLE bookmarks (name TEXT)")


def _foreign_with_versions(file: Path) -> None:
    file.unlink()
    change(file, "CREATE TABLE alembic_version (version_num TEXT)", "INSERT INTO alembic_version VALUES ('3f2a')")


def _without_its_head(file: Path) -> None:
    overwrite(file, 1)


def _of_letters(file: Path) -> None:
    file.write_text("خبرنامه\n" * 2000)


@pytest.mark.parametrize("make_it", [_foreign, _foreign_with_versions, _without_its_head, _of_letters])
def test_a_file_of_another_program_is_no_archive_and_is_left_as_it_is(file, tmp_path, make_it):
    make_it(file)
    before = file.read_bytes()

    for use in (Archive.upgrade, Archive.stats, lambda archive: archive.count(Query())):
        with Archive(sqlite_url(file), tmp_path / "search") as archive, pytest.raises(NotAnArchive) as error:
            use(archive)
        assert told(error).startswith(f"{file} is not an archive of Monadi")
        assert "MONADI_ARCHIVE" in told(error)

    with closing(sqlite3.connect(file)) as connection:
        if before.startswith(b"SQLite"):
            connection.execute("PRAGMA journal_mode = DELETE")
    assert len(file.read_bytes()) == len(before)
    assert file.read_bytes()[100:] == before[100:]  # but for the header, which says how it was opened last


def test_an_archive_of_a_newer_monadi_is_no_file_of_another_program(file, opened):
    change(file, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(SchemaTooNew):
        opened.stats()


@pytest.mark.parametrize("room", [2048, 50_000])
def test_an_upgrade_that_finds_no_room_says_so_and_not_what_its_tidying_up_met(tmp_path, room):
    """SQLite undoes the whole transaction by itself then, so that Alembic's own clearing away finds no table."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        with (
            Archive(sqlite_url(tmp_path / "monadi.db"), tmp_path / "search") as archive,
            pytest.raises(ArchiveUnavailable) as error,
        ):
            archive.upgrade()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "disk I/O error; see that its disk has room" in told(error)


# ---- PostgreSQL ----


def served(url: str) -> str:
    return url.replace("+psycopg", "")


@pytest.fixture
def cluster(postgres, postgres_template) -> Iterator[tuple[str, Path]]:
    """A database that nothing of is in the server's memory, and where the server has its files."""
    with postgres.database(postgres_template) as url:
        yield url, Path(postgres.connection.execute("SHOW data_directory").fetchone()[0])


def file_of(url: str, place: Path, table: str) -> Path:
    with psycopg.connect(served(url)) as connection:
        (path,) = connection.execute("SELECT pg_relation_filepath(%s)", (table,)).fetchone()
    return place / path


@pytest.mark.parametrize("damage", ["gone", "zeroed", "dropped"])
def test_damage_on_a_server_is_told_in_the_same_way(cluster, tmp_path, damage):
    url, place = cluster
    file = file_of(url, place, "sources")
    if damage == "dropped":
        with psycopg.connect(served(url), autocommit=True) as connection:
            connection.execute("DROP TABLE sources CASCADE")
    elif damage == "gone":
        file.unlink()
    else:
        overwrite(file, 1, NOBODYS)

    with Archive(url, tmp_path / "search") as archive:
        with pytest.raises(ArchiveDamaged) as error:
            archive.rows()
        assert "is damaged: " in told(error)
        assert "restore a backup" in told(error)


def test_a_server_that_is_not_there_is_not_damaged(tmp_path):
    with (
        Archive("postgresql+psycopg://postgres@127.0.0.1:1/none", tmp_path / "search") as archive,
        pytest.raises(ArchiveUnavailable) as error,
    ):
        archive.stats()
    assert not isinstance(error.value, ArchiveDamaged | NotAnArchive)


def test_a_mistake_in_what_is_asked_is_no_damage(archive):
    with pytest.raises((ArchiveUnavailable, sa.exc.ProgrammingError)) as error, archive.reading() as connection:
        connection.exec_driver_sql("SELECT FROM WHERE")
    assert not isinstance(error.value, ArchiveDamaged)


def test_tables_of_another_program_on_a_server_are_left_as_they_are(postgres, tmp_path):
    with postgres.database() as url, Archive(url, tmp_path / "search") as archive:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("CREATE TABLE articles (price int)")
        with pytest.raises(NotAnArchive, match="tables of another program"):
            archive.upgrade()
        with archive.database.engine.connect() as connection:
            assert sa.inspect(connection).get_table_names() == ["articles"]


def test_a_message_of_sqlite_that_is_no_text_tells_of_a_malformed_file():
    with pytest.raises(sqlite3.DatabaseError, match="malformed"), damage.decoding():
        b"\xff".decode()
