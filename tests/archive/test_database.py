"""The database: made, brought up to date, refused by name where it cannot be used; one schema on both engines."""

import importlib.resources
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread, Timer
from zipfile import Path as ZipPath
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from archive import Archive, Query, chains, counts, crawls, database, intake, migrations, tables
from archive.database import Database, sqlite_url
from archive.errors import ArchiveError, ArchiveMissing, ArchiveUnavailable, SchemaTooNew, SchemaTooOld
from persian.dates import TEHRAN

NOBODY = 65534
NEXT_MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None


def upgrade():
    op.add_column("articles", sa.Column("mood", sa.Text(), nullable=True))
"""


@pytest.fixture
def blank(blank_url: str, tmp_path: Path) -> Iterator[Archive]:
    """An archive that has not been made yet."""
    with Archive(blank_url, tmp_path / "search") as archive:
        yield archive


@pytest.fixture
def become_the_next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """From then on this Monadi is the next one, with a migration of its own; gives the schema of the one before."""
    (tmp_path / "next").mkdir()
    config, known = migrations.config, migrations.revisions()
    head = known[-1]
    (tmp_path / "next" / "9999_next.py").write_text(NEXT_MIGRATION.replace("{head}", head))

    def next_config():
        made = config()
        ours = Path(database.__file__).parent / "migrations" / "versions"
        made.set_main_option("version_locations", os.pathsep.join([str(ours), str(tmp_path / "next")]))
        return made

    def become() -> str:
        monkeypatch.setattr(migrations, "config", next_config)
        monkeypatch.setattr(migrations, "revisions", lambda: (*known, "9999"))
        return head

    return become


ROWS_OF_0003 = (
    "pk",
    "id",
    "guid",
    "source",
    "url",
    "article",
    "number",
    "seen_at",
    "body",
    "key",
    "seq",
    "at",
    "revision",
)


def set_version(archive: Archive, version: str) -> None:
    with archive.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def fresh(archive: Archive) -> Database:
    """The same database as another process opens it."""
    return Database(archive.database.url.render_as_string(hide_password=False))


def told(error: pytest.ExceptionInfo[ArchiveError]) -> str:
    text = str(error.value)
    assert "\n" not in text
    return text


# ---- made and brought up to date ----


def test_upgrade_makes_the_archive(blank):
    before, after = blank.upgrade()
    assert before is None
    assert after == migrations.revisions()[-1]
    assert blank.count(Query()) == 0


def test_the_revisions_are_those_of_alembic():
    scripts = ScriptDirectory.from_config(migrations.config())
    assert [each.revision for each in scripts.walk_revisions()] == [*reversed(migrations.revisions())]


def test_upgrade_again_changes_nothing(blank):
    _, made = blank.upgrade()
    assert blank.upgrade() == (made, made)


def test_upgrade_makes_the_directories_above_a_file(tmp_path):
    with Archive(sqlite_url(tmp_path / "a" / "b" / "monadi.db"), tmp_path / "search") as archive:
        archive.upgrade()
    assert (tmp_path / "a" / "b" / "monadi.db").is_file()


def of_this_engine(connection):
    """The names of the indexes that the tables have on it; Alembic compares those of the other engine, too."""
    made = []
    tables.metadata.create_all(sa.create_mock_engine(connection.engine.url, lambda each, *_, **__: made.append(each)))
    return {each.element.name for each in made if isinstance(each, sa.schema.CreateIndex)}


def test_the_migrations_make_the_tables_that_the_program_uses(blank):
    blank.upgrade()
    with blank.reading() as connection:
        indexes = of_this_engine(connection)
        options = {
            "compare_type": True,
            "compare_server_default": True,
            "include_object": lambda _, name, kind, kept, __: kept or kind != "index" or name in indexes,
        }
        assert compare_metadata(MigrationContext.configure(connection, opts=options), tables.metadata) == []


def test_the_tables_are_made_with_indexes_of_some_rows_on_either_engine(blank):
    with blank.writing() as connection:
        tables.metadata.create_all(connection)
        made = [index for name in ("crawls", "changes") for index in sa.inspect(connection).get_indexes(name)]
    partial = {index["name"] for index in made if any("where" in each for each in index.get("dialect_options", {}))}
    assert partial == {"ix_crawls_succeeded", "ix_changes_kind_seq"}


def test_an_older_archive_is_refused_until_it_is_upgraded_with_its_data_in_place(
    blank, keep, make, catalogue, become_the_next_version
):
    blank.upgrade()
    with blank.writing() as connection:
        crawls.register(connection, catalogue.sources.values())
    keep(blank, make(1), make(2))
    head = become_the_next_version()
    newer = fresh(blank)
    with pytest.raises(SchemaTooOld) as error, newer.reading():
        pass
    assert f"has schema {head}, this Monadi needs 9999; run `monadi archive upgrade`" in told(error)
    assert newer.upgrade() == (head, "9999")
    with newer.reading() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM articles WHERE mood IS NULL")) == 2
    newer.close()


def test_an_archive_of_before_chains_and_counts_has_both_once_it_is_upgraded(blank, older, keep, make):
    older(blank.database.url.render_as_string(hide_password=False))
    assert blank.upgrade()[0] == "0003"
    assert [found for found in blank.verify() if found.mismatches] == []
    with blank.reading() as connection:
        assert counts.kept(connection)[0] == {("mcls-yazd", "1400-09", "live"): 1, ("mcls-yazd", "1400-10", "live"): 1}
        assert [(seal.day, seal.first, seal.last, seal.links) for seal in chains.seals(connection)] == [
            ("2021-12-06", 1, 5, 5)
        ]
    keep(blank, make(1, body="باز هم تازه"))
    assert [found for found in blank.verify() if found.mismatches] == []


def test_the_order_of_an_older_archive_is_brought_to_whole_seconds(blank, older):
    older(blank.database.url.render_as_string(hide_password=False))
    ordered = sa.select(tables.articles.c.ordered_at).order_by(tables.articles.c.pk)
    with blank.writing() as connection:
        first, second = connection.scalars(ordered).all()
        fraction = sa.update(tables.articles).where(tables.articles.c.pk == 1)
        connection.execute(fraction.values(ordered_at=first.replace(microsecond=987_654)))
    blank.upgrade()
    with blank.reading() as connection:
        assert connection.scalars(ordered).all() == [first, second]


def test_rows_are_the_same_after_an_upgrade_that_copies_their_tables(blank, older, keep, make):
    older(blank.database.url.render_as_string(hide_password=False))
    written = (tables.articles, tables.revisions, tables.aliases, tables.tags, tables.changes)
    columns = {table: [table.c[name] for name in ROWS_OF_0003 if name in table.c] for table in written}

    def rows() -> list:
        with blank.database.engine.connect() as connection:
            return [sorted(map(tuple, connection.execute(sa.select(*columns[table])))) for table in written]

    before = rows()
    blank.upgrade()
    assert rows() == before
    keep(blank, make(1, body="باز هم تازه"))
    assert [line.number for line in blank.history("mcls-yazd/1")] == [1, 2, 3]


def test_an_upgrade_that_finds_a_row_of_nobody_leaves_the_archive_as_it_was(older, tmp_path):
    file = tmp_path / "monadi.db"
    older(sqlite_url(file))
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("INSERT INTO tags (key, article) VALUES ('x', 99)")
        connection.commit()
    with (
        Archive(sqlite_url(file), tmp_path / "search") as archive,
        pytest.raises(RuntimeError, match="of tags refers to a row of articles that is not there"),
    ):
        archive.upgrade()
    assert Database(sqlite_url(file)).revision() == "0003"


def test_migrations_that_are_packed_in_a_zip_are_laid_out(tmp_path, monkeypatch):
    with ZipFile(tmp_path / "monadi.egg", "w") as egg:
        egg.writestr("archive/migrations/env.py", "the environment")
        egg.writestr("archive/migrations/versions/0001_first.py", "the first")
    with ZipFile(tmp_path / "monadi.egg") as egg:
        monkeypatch.setattr(importlib.resources, "files", lambda name: ZipPath(egg, f"{name}/"))
        place = migrations.directory.__wrapped__()
    assert (place / "env.py").read_text() == "the environment"
    assert (place / "versions" / "0001_first.py").read_text() == "the first"


def test_references_are_held_again_after_an_upgrade(blank, older):
    older(blank.database.url.render_as_string(hide_password=False))
    blank.upgrade()
    with pytest.raises(sa.exc.IntegrityError), blank.writing() as connection:
        connection.execute(sa.insert(tables.tags), [{"key": "یزد", "article": 99}])


def test_two_that_upgrade_at_once_make_one_archive(blank_url, tmp_path):
    barrier, failures = Barrier(4), []

    def upgrade(number: int) -> None:
        with Archive(blank_url, tmp_path / f"search{number}") as archive:
            barrier.wait()
            try:
                archive.upgrade()
            except ArchiveError as error:
                failures.append(error)

    threads = [Thread(target=upgrade, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with Archive(blank_url, tmp_path / "search") as archive:
        assert archive.count(Query()) == 0


# ---- refused ----


def test_an_archive_that_is_not_there_is_missing(blank):
    with pytest.raises(ArchiveMissing) as error:
        blank.count(Query())
    assert "`monadi harvest` or `monadi demo` begins one" in told(error)


def test_asking_for_an_archive_that_is_not_there_makes_no_file(tmp_path):
    with Archive(sqlite_url(tmp_path / "monadi.db"), tmp_path / "search") as archive, pytest.raises(ArchiveMissing):
        archive.count(Query())
    assert list(tmp_path.iterdir()) == []


def test_an_archive_of_a_newer_program_is_refused(archive):
    head = migrations.revisions()[-1]
    set_version(archive, "ffff")
    newer = fresh(archive)
    for use in (newer.check, newer.upgrade):
        with pytest.raises(SchemaTooNew) as error:
            use()
        assert "has schema ffff" in told(error)
        assert "upgrade Monadi" in told(error)
    newer.close()
    set_version(archive, head)


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path):
    file = tmp_path / "monadi.db"
    file.write_bytes("خبرنامه".encode() * 2000)
    before = file.read_bytes()
    with Archive(sqlite_url(file), tmp_path / "search") as archive:
        for use in (archive.upgrade, archive.stats):
            with pytest.raises(ArchiveUnavailable) as error:
                use()
            advice = "name another one in MONADI_ARCHIVE, or restore a backup of it"
            assert told(error) == f"{file} is not an archive of Monadi; {advice}"
    assert file.read_bytes() == before


def test_a_database_of_another_program_is_refused_and_left_as_it_is(tmp_path):
    with sqlite3.connect(tmp_path / "monadi.db") as connection:
        connection.execute("CREATE TABLE articles (name TEXT)")
    connection.close()
    with Archive(sqlite_url(tmp_path / "monadi.db"), tmp_path / "search") as archive:
        with pytest.raises(ArchiveUnavailable) as error:
            archive.upgrade()
        with archive.database.engine.connect() as other:
            assert sa.inspect(other).get_table_names() == ["articles"]
    assert "it holds tables of another program" in told(error)


BAD_PATHS = {
    "under a file": ("file/data/monadi.db", "cannot be made (Not a directory); name another one in MONADI_DATA"),
    "a directory": ("directory", "unable to open database file; make its directory writable"),
    "in a directory of the system's": ("/proc/monadi.db", "unable to open database file; make its directory writable"),
    "under one of the system's": ("/proc/data/monadi.db", "cannot be made (No such file or directory); name another"),
}


@pytest.mark.parametrize(("path", "advice"), BAD_PATHS.values(), ids=BAD_PATHS)
def test_a_place_where_no_file_can_be_is_named_with_advice(tmp_path, path, advice):
    (tmp_path / "file").touch()
    (tmp_path / "directory").mkdir()
    with (
        Archive(sqlite_url(tmp_path / path), tmp_path / "search") as archive,
        pytest.raises(ArchiveUnavailable) as error,
    ):
        archive.upgrade()
    assert str(tmp_path / path).removesuffix("/monadi.db") in told(error)
    assert advice in told(error)


@pytest.fixture
def as_nobody() -> Iterator[None]:
    """Root may write everywhere, so a test of what may not be written is run as somebody else."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    yield
    if root:
        os.seteuid(0)


@pytest.fixture
def read_only(sqlite_template: Path) -> Iterator[Path]:
    """An archive's file that everybody may read and nobody may write, in such a directory."""
    directory = Path(tempfile.mkdtemp(prefix="monadi-"))  # pytest's own are closed to others
    shutil.copy(sqlite_template, directory / "monadi.db")
    (directory / "monadi.db").chmod(0o444)
    directory.chmod(0o555)
    yield directory / "monadi.db"
    directory.chmod(0o755)
    shutil.rmtree(directory)


def test_a_file_that_may_not_be_written_is_named_with_advice(read_only, tmp_path, as_nobody):
    with (
        Archive(sqlite_url(read_only), tmp_path / "search") as archive,
        pytest.raises(ArchiveUnavailable) as error,
        archive.writing(),
    ):
        pass
    assert told(error).startswith(f"the archive at {read_only} cannot be used: ")
    assert told(error).endswith("; make its directory writable, or name another one in MONADI_DATA")


def test_a_new_file_in_a_directory_that_may_not_be_written_is_named_with_advice(read_only, tmp_path, as_nobody):
    with (
        Archive(sqlite_url(read_only.with_name("other.db")), tmp_path / "search") as archive,
        pytest.raises(ArchiveUnavailable) as error,
    ):
        archive.upgrade()
    assert told(error).endswith("; make its directory writable, or name another one in MONADI_DATA")


ADDRESSES = {
    "nothing": ("", "'' is no database address; write one like sqlite:////"),
    "a path": ("/var/lib/monadi.db", "is no database address; write one like sqlite:////"),
    "two slashes": ("sqlite://monadi.db", "'sqlite://monadi.db' is no database address"),
    "a port that is none": ("postgresql+psycopg://db:port/monadi", "is no database address"),
    "another database": ("nosuch://db/monadi", "no driver for nosuch"),
    "a driver that is not installed": ("postgresql+nosuch://db/monadi", "no driver for postgresql+nosuch"),
    "a database of others": ("mysql+nosuch://db/monadi", "no driver for mysql+nosuch"),
}


@pytest.mark.parametrize(("address", "reason"), ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_that_cannot_be_used_is_named_with_advice(address, reason):
    with pytest.raises(ArchiveUnavailable) as error:
        Database(address)
    assert told(error).startswith("MONADI_ARCHIVE: ")
    assert reason in told(error)
    assert "postgresql+psycopg://" in told(error)


def test_a_server_that_does_not_answer_is_named_without_its_password():
    with pytest.raises(ArchiveUnavailable) as error:
        Database("postgresql+psycopg://monadi:secret@127.0.0.1:1/monadi").check()
    assert "the archive at postgresql+psycopg://monadi:***@127.0.0.1:1/monadi cannot be used: " in told(error)
    assert "secret" not in told(error)
    assert told(error).endswith("see that its server runs and MONADI_ARCHIVE is right")


def test_a_database_that_the_server_does_not_have_is_named(postgres):
    missing = Database(postgres.url("nowhere"))
    with pytest.raises(ArchiveUnavailable, match='database "nowhere" does not exist; see that its server runs'):
        missing.upgrade()
    missing.close()


def test_an_archive_that_another_process_keeps_locked_is_named(tmp_path, sqlite_template, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 50)
    shutil.copy(sqlite_template, tmp_path / "monadi.db")
    one, other = (Archive(sqlite_url(tmp_path / "monadi.db"), tmp_path / "search") for _ in range(2))
    with one, other, one.writing():
        assert other.count(Query()) == 0  # readers are not kept out
        with pytest.raises(ArchiveUnavailable) as error, other.writing():
            pass
    assert "database is locked; another process has been writing" in told(error)


def test_a_new_file_that_another_process_is_making_is_waited_for(tmp_path):
    with closing(sqlite3.connect(tmp_path / "monadi.db", isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN EXCLUSIVE")
        Timer(0.2, lambda: other.execute("COMMIT")).start()
        with closing(sqlite3.connect(tmp_path / "monadi.db", timeout=0)) as ours:
            database._write_ahead(ours)
            assert ours.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_new_file_that_another_process_keeps_is_waited_for_no_longer_than_any(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 50)
    with (
        closing(sqlite3.connect(tmp_path / "monadi.db", isolation_level=None)) as other,
        closing(sqlite3.connect(tmp_path / "monadi.db", timeout=0)) as ours,
    ):
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            database._write_ahead(ours)


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        ("disk I/O error", "see that its disk has room"),
        ("database or disk is full", "make room on the disk"),
        ("attempt to write a readonly database", "make its directory writable"),
        ("connection refused", "see that its server runs"),
    ],
)
def test_what_to_do_follows_from_what_the_engine_says(reason, advice):
    assert advice in database._advice(reason)


def test_a_full_disk_is_named_and_nothing_is_half_written(tmp_path, sqlite_template, make, assert_whole):
    shutil.copy(sqlite_template, tmp_path / "monadi.db")
    with Archive(sqlite_url(tmp_path / "monadi.db"), tmp_path / "search") as archive:

        def fill() -> None:
            with archive.writing() as connection:
                pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
                connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
                intake.save(connection, [make(number, body="متن " * 9000) for number in range(50)])

        with pytest.raises(ArchiveUnavailable) as error:
            fill()
        assert "full; make room on the disk" in told(error)
        assert archive.count(Query()) == 0
        assert_whole(archive)


def test_a_server_that_goes_away_in_mid_batch_is_named_and_nothing_is_half_written(
    postgres, emptied, tmp_path, make, keep, assert_whole
):
    with Archive(emptied(), tmp_path / "search") as archive:

        def save() -> None:
            with archive.writing() as connection:
                intake.save(connection, [make(1)])
                session = connection.scalar(sa.func.pg_backend_pid())
                postgres.connection.execute(f"SELECT pg_terminate_backend({session}, 5000)")
                intake.save(connection, [make(2)])

        with pytest.raises(ArchiveUnavailable) as error:
            save()
        assert "terminating connection" in told(error)
        assert archive.count(Query()) == 0
        keep(archive, make(1), make(2))
        assert_whole(archive)


def test_a_connection_that_the_server_has_closed_meanwhile_is_made_anew(postgres, emptied, tmp_path):
    with Archive(emptied(), tmp_path / "search") as archive:
        with archive.reading() as connection:
            session = connection.scalar(sa.func.pg_backend_pid())
        postgres.connection.execute(f"SELECT pg_terminate_backend({session}, 5000)")
        assert archive.count(Query()) == 0


# ---- how it is kept ----

PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "page_size": 8192, "foreign_keys": 1, "busy_timeout": 30_000}


@pytest.mark.parametrize(("pragma", "value"), PRAGMAS.items(), ids=PRAGMAS)
def test_sqlite_is_set_to_lose_nothing(tmp_path, pragma, value):
    with Archive(sqlite_url(tmp_path / "monadi.db"), tmp_path / "search") as archive:
        archive.upgrade()
        with archive.reading() as connection:
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_rows_of_nobody_are_refused(archive):
    with pytest.raises(sa.exc.IntegrityError), archive.writing() as connection:
        crawls.begin(connection, "nobody-knows", datetime(2021, 12, 6, tzinfo=UTC))


def test_a_reader_sees_one_state_from_its_first_look_to_its_end(archive, save, make):
    save(make(1))
    with archive.reading() as connection:
        one = connection.scalar(sa.select(sa.func.count()).select_from(tables.articles))
        save(make(2))
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.articles)) == one == 1


def test_what_a_reader_writes_is_not_kept(archive, save, make):
    save(make(1))
    with archive.reading() as connection:
        connection.execute(sa.update(tables.articles).values(state="gone"))
    assert archive.article("mcls-yazd/1").state == "live"


NAMES = ["یزد.db", "a b.db", "a?b.db", "a#b.db", "100%41.db"]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_may_have_any_name(tmp_path, name):
    with Archive(sqlite_url(tmp_path / name), tmp_path / "search") as archive:
        archive.upgrade()
        assert archive.database.name == (tmp_path / name).as_posix()
    assert (tmp_path / name).is_file()


def test_an_archive_behind_a_uri_can_be_read(tmp_path, sqlite_template):
    shutil.copy(sqlite_template, tmp_path / "monadi.db")
    with Archive(f"sqlite:///file:{tmp_path}/monadi.db?mode=ro&uri=true", tmp_path / "search") as archive:
        assert archive.count(Query()) == 0
        with pytest.raises(ArchiveUnavailable, match="make its directory writable"), archive.writing() as connection:
            connection.execute(sa.delete(tables.sources))


# ---- rows as the driver takes them ----

MOMENTS = {
    "in UTC": datetime(2021, 12, 6, 8, 3, tzinfo=UTC),
    "with a fraction": datetime(2021, 12, 6, 8, 3, 0, 7, tzinfo=UTC),
    "in Tehran": datetime(2021, 12, 6, 8, 3, tzinfo=TEHRAN),
    "in the hour that Tehran's clocks showed first": datetime(2021, 9, 21, 23, 30, tzinfo=TEHRAN),
    "in the hour that they showed again": datetime(2021, 9, 21, 23, 30, tzinfo=TEHRAN, fold=1),
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_a_plain_instant_is_kept_as_the_column_would_keep_it(archive, make, keep, moment):
    keep(archive, make(1, fetched_at=moment))
    with archive.writing() as connection:
        connection.execute(sa.update(tables.articles).values(first_seen=moment))
        columns = ("first_seen", "last_seen")
        one, other = connection.execute(sa.text(f"SELECT {', '.join(columns)} FROM articles")).one()
        assert one == other
        row = connection.execute(sa.select(tables.articles.c.last_seen)).scalar_one()
    assert row == moment.astimezone(UTC)


def test_what_no_64_bits_hold_is_json_still():
    assert database.json_text([2**70, "یزد"]) == f'[{2**70},"یزد"]'
