"""What faults leave of an archive: a process that is killed, a disk that is full or cannot be written to, a clock that
is set back. Nothing is lost that was said to be kept, nothing is there twice, and the next one says what it recovered.
"""

import itertools
import logging
import os
import signal
import subprocess
import warnings
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa

from archive import Archive, Query, intake, migrations
from archive.database import Database, sqlite_url
from archive.drafts import draft_of, is_special, old_of, recover, sweep
from archive.errors import ArchiveUnavailable

NOBODY = 65534
VERSION = ("UPDATE alembic_version", "INSERT INTO alembic_version")


def killed(work: Callable[[], object]) -> int:
    """Do some work in a process that kills itself in the midst of it; returns its number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads that a child does not have: it makes its own
        child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(1)  # it was not killed
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL
    return child


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def rows(url: str) -> dict[str, list[tuple]]:
    """All that stands in a database, whatever its schema."""
    database, held = Database(url), sa.MetaData()
    with database.engine.connect() as connection:
        held.reflect(connection)
        found = {name: sorted(map(repr, connection.execute(sa.select(table)))) for name, table in held.tables.items()}
    database.close()
    return found


def faults(archive: Archive) -> list[str]:
    return [line for found in archive.verify() for line in found.lines]


# ---- kill -9 ----


def upgrade_killed_at(url: str, number: int) -> Callable[[], None]:
    """An upgrade that ends when all that a migration does is done, and nothing of it is committed."""

    def upgrade() -> None:
        database, met = Database(url), itertools.count(1)

        def before(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith(VERSION) and next(met) == number:
                die()

        sa.event.listen(database.engine, "before_cursor_execute", before)
        database.upgrade()

    return upgrade


def migrations_after(revision: str | None) -> int:
    return sum(each > (revision or "") for each in migrations.revisions())


def test_an_upgrade_that_is_killed_in_any_migration_leaves_the_archive_as_it_was(blank_url, older, tmp_path):
    older(blank_url)
    before, steps = rows(blank_url), migrations_after("0003")
    assert steps > 10

    for number in range(1, steps + 1):
        killed(upgrade_killed_at(blank_url, number))
        assert rows(blank_url) == before

    with Archive(blank_url, tmp_path / "search") as archive:
        assert archive.upgrade()[0] == "0003"
        assert archive.count(Query()) == 2
        assert faults(archive) == []


def test_an_archive_whose_making_is_killed_is_made_by_the_next(blank_url, tmp_path):
    for number in (1, 2, 3, migrations_after(None)):
        killed(upgrade_killed_at(blank_url, number))
        assert rows(blank_url) == {}

    with Archive(blank_url, tmp_path / "search") as archive:
        assert archive.upgrade()[0] is None
        assert faults(archive) == []


def test_a_killed_backup_leaves_the_older_one_and_the_next_clears_up(archive, url, save, make, tmp_path, caplog):
    save(make(1))
    target = tmp_path / "backup.db"
    archive.backup(target)
    save(make(2))
    older = target.read_bytes()

    def backup() -> None:
        Archive(url, tmp_path / "other").backup(target, die)

    child = killed(backup)

    assert target.read_bytes() == older
    assert (tmp_path / f".backup.db.{child}.tmp").is_file()
    with caplog.at_level(logging.WARNING):
        archive.backup(target)
    assert f"recovered: {tmp_path / f'.backup.db.{child}.tmp'} is removed" in caplog.text
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert len(rows(sqlite_url(target))["articles"]) == 2


def test_a_copy_that_is_killed_is_made_by_the_next(archive, url, save, make, tmp_path):
    save(make(1), make(2))
    target = sqlite_url(tmp_path / "copy.db")

    killed(lambda: Archive(url, tmp_path / "other").copy_to(target, die))

    archive.copy_to(target)
    with Archive(target, tmp_path / "copied") as copied:
        assert [item.id for item in copied.articles(Query())] == [item.id for item in archive.articles(Query())]
        assert faults(copied) == []


def test_a_batch_that_is_killed_before_its_end_is_kept_in_none_of_its_parts(archive, url, save, make, assert_whole):
    save(make(1))

    def write() -> None:
        other = Archive(url, Path(archive.index.directory))
        with other.writing() as connection:
            connection.execute(sa.text("DELETE FROM tags"))
            intake.save(connection, [make(1, body="متن تازه"), make(2)], None)
            die()

    killed(write)

    assert [item.article.body for item in archive.articles(Query(tags=("یزد",)))] == [make(1).body]
    assert_whole(archive)
    save(make(1, body="متن تازه"), make(2))
    assert [change.seq for change in archive.changes()] == [1, 2, 3]
    assert faults(archive) == []


# ---- what is left of drafts ----


def dead() -> int:
    """The number of a process that is no more."""
    return killed(die)


def test_the_draft_of_a_process_that_runs_is_left_alone(tmp_path):
    draft, old = draft_of(tmp_path / "a.db"), old_of(tmp_path / "a.db")
    draft.touch()
    old.touch()

    recover(tmp_path / "a.db")
    assert sweep(tmp_path) == 0

    assert draft.exists()
    assert old.exists()


def test_what_killed_processes_left_anywhere_in_a_directory_is_swept_away(tmp_path):
    (tmp_path / "feeds").mkdir()
    for place in (tmp_path, tmp_path / "feeds"):
        (place / f".all.atom.{dead()}.tmp").touch()
    (tmp_path / "feeds" / "all.atom").touch()

    assert sweep(tmp_path) == 2

    assert [path.name for path in tmp_path.rglob("*")] == ["feeds", "all.atom"]


def test_what_was_moved_out_of_the_way_is_put_back_unless_its_place_is_taken(tmp_path, caplog):
    for name in ("gone", "taken"):
        (tmp_path / f".{name}.{dead()}.old").mkdir()
    (tmp_path / "taken").mkdir()

    recover(tmp_path / "gone")
    recover(tmp_path / "taken")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["gone", "taken"]
    assert "gone is put back, which a write that was cut off had moved away" in caplog.text


@pytest.mark.parametrize("name", ["a[1].db", "a*.db", "a?.db", "ی.db"])
def test_only_what_is_left_of_a_target_itself_is_cleared_away(tmp_path, name):
    process = dead()
    (tmp_path / f".{name}.{process}.tmp").touch()
    others = [f".other.db.{process}.tmp", f".{name}.tmp", f".{name}.x.tmp", f"{name}.{process}.tmp", "a1.db"]
    for other in others:
        (tmp_path / other).touch()

    recover(tmp_path / name)

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(others)


# ---- disks ----


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A disk of its own, whose size and state can be changed."""
    place = tmp_path / "disk"
    place.mkdir()

    def mounted(options: str, *remount: str) -> subprocess.CompletedProcess[bytes]:
        command = ["mount", "-t", "tmpfs", "-o", ",".join((*remount, options)), "tmpfs", str(place)]
        return subprocess.run(command, capture_output=True, check=False)

    try:
        made = mounted("size=64m").returncode == 0
    except OSError:
        made = False
    if not made:
        pytest.skip("no tmpfs can be mounted here")

    def changed(options: str) -> Path:
        assert mounted(options, "remount").returncode == 0
        return place

    yield changed
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Callable[[str], Path], left: int) -> Path:
    """Leave so many bytes of room on a disk."""
    place = disk("size=64m")
    state = os.statvfs(place)
    disk(f"size={(state.f_blocks - state.f_bfree) * state.f_frsize + left}")
    return place


@pytest.mark.parametrize("left", [4_096, 40_000, 400_000])
def test_a_disk_that_is_full_takes_no_backup_and_no_copy_and_nothing_of_one(archive, save, make, disk, left):
    save(*(make(number, body="متن خبر " * 5000) for number in range(20)))
    place = fill(disk, left)

    for write in (lambda: archive.backup(place / "b.db"), lambda: archive.copy_to(sqlite_url(place / "c.db"))):
        with pytest.raises(ArchiveUnavailable) as caught:
            write()
        assert "room" in str(caught.value)
        assert "\n" not in str(caught.value)
    assert list(place.iterdir()) == []

    disk("size=64m")
    archive.backup(place / "b.db")
    assert len(rows(sqlite_url(place / "b.db"))["articles"]) == 20


def test_an_archive_on_a_full_disk_says_so_and_goes_on_once_there_is_room(
    sqlite_template, make, keep, disk, assert_whole
):
    place = disk("size=64m")
    (place / "monadi.db").write_bytes(sqlite_template.read_bytes())
    with Archive(sqlite_url(place / "monadi.db"), place / "search") as archive:
        keep(archive, make(1))
        fill(disk, 20_000)
        with pytest.raises(ArchiveUnavailable, match="full; make room on the disk"):
            keep(archive, *(make(number, body="متن خبر " * 5000) for number in range(2, 20)))
        assert [item.id for item in archive.articles(Query())] == ["mcls-yazd/1"]
        disk("size=64m")
        keep(archive, make(2))
        assert archive.count(Query()) == 2
        assert_whole(archive)
        assert faults(archive) == []


def test_an_archive_on_a_disk_without_any_room_says_what_is_needed(sqlite_template, make, keep, disk):
    place = disk("size=64m")
    (place / "monadi.db").write_bytes(sqlite_template.read_bytes())
    with Archive(sqlite_url(place / "monadi.db"), place / "search") as archive:
        keep(archive, make(1))
    fill(disk, 0)
    with (
        Archive(sqlite_url(place / "monadi.db"), place / "search") as archive,
        pytest.raises(ArchiveUnavailable, match="disk I/O error; see that its disk has room"),
    ):
        archive.count(Query())


def test_an_archive_on_a_disk_that_cannot_be_written_to_is_read_as_one_that_does_not_change(
    sqlite_template, make, keep, disk, tmp_path
):
    place = disk("size=64m")
    (place / "monadi.db").write_bytes(sqlite_template.read_bytes())
    with Archive(sqlite_url(place / "monadi.db"), tmp_path / "search") as archive:
        keep(archive, make(1))
    disk("ro")

    with (
        Archive(sqlite_url(place / "monadi.db"), tmp_path / "search") as archive,
        pytest.raises(ArchiveUnavailable, match="make its directory writable"),
    ):
        archive.count(Query())
    with Archive(f"sqlite:///file:{place}/monadi.db?immutable=1&uri=true", tmp_path / "search") as archive:
        archive.backup(tmp_path / "backup.db")

    assert len(rows(sqlite_url(tmp_path / "backup.db"))["articles"]) == 1


# ---- clocks ----


def test_a_clock_that_is_set_back_loses_no_edit_and_turns_no_time_around(archive, save, make, assert_whole):
    save(make(1))
    now = make(1).fetched_at
    save(make(1, body="متن تازه", fetched_at=now - timedelta(days=400)))
    save(make(1, body="متن تازه‌تر", fetched_at=now - timedelta(days=399)))

    item = archive.article("mcls-yazd/1")
    assert item.article.body == "متن تازه‌تر"
    assert [revision.number for revision in archive.history("mcls-yazd/1")] == [1, 2, 3]
    assert item.last_seen >= item.first_seen == now
    assert_whole(archive)
    assert faults(archive) == []


# ---- processes ----


def test_the_draft_of_a_process_of_another_user_that_runs_is_left_alone():
    before = os.geteuid()
    with TemporaryDirectory() as place:
        draft = Path(place, ".a.db.1.tmp")  # the first process of the system
        draft.touch()
        Path(place).chmod(0o777)
        if not before:
            os.setresuid(NOBODY, NOBODY, 0)
        try:
            recover(Path(place, "a.db"))
            assert draft.exists()
        finally:
            os.setresuid(-1, before, -1)
            os.setresuid(before, before, before)


@pytest.mark.parametrize(
    ("make", "special"),
    [
        (lambda place: None, False),
        (lambda place: place.write_text("a file"), False),
        (lambda place: place.mkdir(), False),
        (lambda place: place.symlink_to(place.with_name("elsewhere")), False),
        (lambda place: place.symlink_to("/proc/self/fd/1"), True),
        (os.mkfifo, True),
    ],
)
def test_what_nothing_may_be_written_over_is_told_from_files(tmp_path, make, special):
    place = tmp_path / "place"
    make(place)
    assert is_special(place) is special
