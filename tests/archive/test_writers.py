"""Many writers and sudden deaths: no article lost or doubled, no gap in the log, nothing half-written."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import random
from threading import Event, Thread
from time import sleep

import pytest

from archive import Archive, Kind, Query

ROOT = Path(__file__).parents[2]
BATCH = 20


@contextmanager
def running(*jobs: Callable[[], None]) -> Iterator[list[BaseException]]:
    """Run jobs in threads of their own until the block and all of them have ended; what they raise is collected."""
    failures: list[BaseException] = []

    def run(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:  # noqa: BLE001 - a thread's failure is the test's
            failures.append(error)

    threads = [Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    yield failures
    for thread in threads:
        thread.join()


@pytest.fixture
def opened(url: str, tmp_path: Path) -> Callable[[], Archive]:
    """Opens the archive of the test once more, as another process would."""
    return lambda: Archive(url, tmp_path / "search")


def test_two_that_save_overlapping_batches_at_once_lose_and_double_nothing(archive, opened, keep, make, assert_whole):
    batches = [[make(number) for number in range(start, start + BATCH)] for start in range(0, 150, BATCH // 2)]

    def save(order: list[list]) -> None:
        with opened() as other:
            for batch in order:
                keep(other, *batch)

    with running(lambda: save(batches), lambda: save(batches[::-1])) as failures:
        pass
    assert failures == []
    assert archive.count(Query()) == 160
    assert {change.kind for change in archive.changes()} == {Kind.NEW}
    assert_whole(archive)


def test_two_that_save_different_readings_of_one_item_at_once_keep_every_edit_in_one_line(
    archive, opened, keep, make, assert_whole
):
    def save(name: str) -> None:
        with opened() as other:
            for number in range(15):
                keep(other, make(1, body=f"متن {name} {number}"))

    with running(lambda: save("الف"), lambda: save("ب")) as failures:
        pass
    assert failures == []
    assert [line.number for line in archive.history("mcls-yazd/1")] == list(range(1, 31))
    assert_whole(archive)


def test_whoever_follows_the_log_while_two_write_misses_nothing(archive, opened, keep, make):
    seen: list[int] = []
    done = Event()

    def save(numbers: range) -> None:
        with opened() as other:
            for number in numbers:
                keep(other, make(number), make(number + 1000))

    def follow() -> None:
        with opened() as other:
            while not done.is_set() or len(seen) < 80:
                seen.extend(change.seq for change in other.changes(seen[-1] if seen else 0))
                sleep(0.002)

    with running(follow) as lost:
        with running(lambda: save(range(20)), lambda: save(range(20, 40))) as failures:
            pass
        done.set()
    assert failures == lost == []
    assert seen == list(range(1, 81))


# ---- sudden death ----

WRITER = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path

from archive import Archive, Article, intake

url, search, first, last, size, stay = *sys.argv[1:3], *map(int, sys.argv[3:])
now = datetime(2021, 12, 6, 8, tzinfo=UTC)


def reading(number):
    return Article(
        source="mcls-yazd", url=f"https://yazd.mcls.gov.ir/fa/news/{number}", native_id=str(number), fetched_at=now,
        title=f"خبر {number}", body="متن خبر " * 300, extractor="fa_portal/1", tags=("یزد",),
    )


with Archive(url, Path(search)) as archive:
    for batch in range(first, last):
        with archive.writing() as connection:
            intake.save(connection, [reading(number) for number in range(batch * size, batch * size + size)])
            if batch == stay:
                print("writing", batch, flush=True)
                time.sleep(60)
        print("kept", batch, flush=True)
"""


@contextmanager
def writer(url: str, search: Path, first: int, last: int, stay: int = -1) -> Iterator[subprocess.Popen[str]]:
    """A process that saves numbered batches and says so; in batch `stay` it stops before the transaction ends."""
    numbers = (str(number) for number in (first, last, BATCH, stay))
    command = [sys.executable, "-c", WRITER, url, str(search), *numbers]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_process_killed_in_mid_save_leaves_a_whole_archive_and_the_next_run_completes_it(
    archive, url, tmp_path, assert_whole
):
    with writer(url, tmp_path, 0, 4, stay=2) as process:
        assert [process.stdout.readline().split() for _ in range(3)] == [["kept", "0"], ["kept", "1"], ["writing", "2"]]
        process.kill()
    assert archive.count(Query()) == 2 * BATCH
    assert_whole(archive)
    with writer(url, tmp_path, 0, 4) as process:
        assert process.wait(30) == 0
    assert archive.count(Query()) == 4 * BATCH
    assert [change.kind for change in archive.changes()] == [Kind.NEW] * 4 * BATCH
    assert_whole(archive)


def test_what_a_killed_process_said_it_kept_is_kept(archive, url, tmp_path, assert_whole):
    with writer(url, tmp_path, 0, 1000) as process:
        assert process.stdout.readline() == "kept 0\n"
        sleep(0.02 * random())
        process.kill()
        said = 1 + len([line for line in process.stdout if line.endswith("\n")])
    kept = archive.count(Query())
    assert kept % BATCH == 0
    assert kept // BATCH in (said, said + 1)  # it may die between its deed and its word
    assert_whole(archive)
