"""What a harvest keeps of the answers, and what can be made of them: read again, or read into another archive."""

import errno
import gzip
import multiprocessing
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing import forkserver
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import sqlalchemy as sa
from scrapy.downloadermiddlewares.httpcompression import ACCEPTED_ENCODINGS

from archive import Archive, ArchivedArticle, Query, StatedDate, crawls, intake, tables, warc
from archive.crawls import Outcome
from archive.database import sqlite_url
from archive.errors import ArchiveUnavailable, NotWarc
from archive.warc import Exchange
from persian.dates import parse
from sources import Catalogue
from sources.sample import SampleNewsroom
from spiders import reading, rereading
from spiders.capture import response_of
from spiders.errors import NotAnArticle, ReaderEnded
from spiders.importing import Imported, host_of, import_files, office_of
from spiders.reach import Reach
from spiders.rereading import listed_date, reextract

NOW = datetime(2026, 11, 28, tzinfo=UTC)
LATER = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class World:
    """A newsroom that was harvested twice, the second time in full, with the archive and the catalogue of that."""

    newsroom: SampleNewsroom
    directory: Path
    surroundings: dict[str, str]
    after_first: dict[str, str]

    @property
    def catalogue(self) -> Catalogue:
        return Catalogue.load(self.directory / "catalogue")

    def run(self, *words: str, **changes: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "monadi", *words]
        return subprocess.run(
            command,
            env={**self.surroundings, **changes},
            cwd=self.directory,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@contextmanager
def opened(data: Path) -> Iterator[Archive]:
    with Archive(sqlite_url(data / "monadi.db"), data / "search") as archive:
        yield archive


def snapshots_of(archive: Archive) -> dict[str, str]:
    return {item.id: item.article.snapshot for item in archive.articles(Query())}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    directory = tmp_path_factory.mktemp("world")
    with SampleNewsroom() as newsroom:
        newsroom.write_catalogue(directory / "catalogue")
        surroundings = {
            "MONADI_DATA": str(directory / "data"),
            "MONADI_CATALOGUE": str(directory / "catalogue"),
            "MONADI_ALLOW_HOSTS": "127.0.0.0/8",
        }
        made = World(newsroom=newsroom, directory=directory, surroundings=surroundings, after_first={})
        assert made.run("harvest").returncode == 0
        with opened(directory / "data") as archive:
            made.after_first.update(snapshots_of(archive))
        assert made.run("harvest", "--full").returncode == 0
        yield made


@pytest.fixture
def archive(world: World, tmp_path: Path) -> Iterator[Archive]:
    """The harvested archive, a copy for this test."""
    shutil.copytree(world.directory / "data", tmp_path / "data")
    with opened(tmp_path / "data") as copy:
        yield copy


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Archive]:
    with opened(tmp_path / "other") as other:
        other.upgrade()
        yield other


@pytest.fixture
def files(world: World) -> list[Path]:
    return sorted((world.directory / "data" / "snapshots").iterdir())


def wrong(archive: Archive) -> list[str]:
    with archive.reading() as connection:
        return list(archive.snapshots.verify(connection))


def said(item: ArchivedArticle) -> dict:
    return {name: value for name, value in item.to_dict().items() if name not in ("snapshot", "change", "stated_dates")}


# ---- what a harvest keeps ----


def test_what_a_harvest_wrote_passes_the_check_of_warcio(files) -> None:
    command = [sys.executable, "-m", "warcio.cli", "check", "-v", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "digest pass" in done.stdout
    assert "failed" not in done.stdout


def test_every_reading_knows_the_answer_that_it_was_read_from(world, archive) -> None:
    items = list(archive.articles(Query()))

    assert wrong(archive) == []
    assert len(items) == len(world.newsroom.releases)
    for item in items:
        assert item.snapshot
        assert (archive.snapshots.directory / item.snapshot.warc).exists()
        with archive.reading() as connection:
            exchange = archive.snapshots.read(connection, item.snapshot.record)
        assert (exchange.url, exchange.status, exchange.purpose) == (item.article.url, 200, "article")
        assert exchange.fetched_at == item.article.fetched_at
        assert dict(exchange.request_headers)["User-Agent"].startswith("Monadi/")


def test_a_visit_that_finds_nothing_new_is_kept_and_leaves_the_reading_with_the_answer_that_it_was_read_from(
    world, archive
) -> None:
    kinds = Counter(record.type for file in archive.snapshots.files() for record in warc.records(file))

    assert kinds["request"] == kinds["response"] + kinds["revisit"] > 2 * len(world.newsroom.releases)
    assert snapshots_of(archive) == world.after_first


def test_lists_are_kept_once_a_day(archive) -> None:
    with archive.reading() as connection:
        rows = connection.execute(sa.select(tables.snapshots.c.url).where(tables.snapshots.c.purpose == "list"))
        lists = Counter(row.url for row in rows)

    assert lists
    assert set(lists.values()) == {1}


def test_a_place_that_cannot_be_written_to_ends_the_run_with_one_line_and_keeps_nothing(world, tmp_path) -> None:
    data = tmp_path / "other"
    data.mkdir()
    (data / "snapshots").write_text("no directory")

    done = world.run("harvest", "sample-gilan", MONADI_DATA=str(data))

    (line,) = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (1, "")
    assert line.startswith("sample-gilan: stopped, 0 new, ")
    assert f"({data / 'snapshots'}: snapshots cannot be written: " in line
    with opened(data) as archive:
        assert archive.count(Query()) == 0


# ---- reading again ----


def again(world: World, archive: Archive, query: Query | None = None) -> tuple[Counter, list[str]]:
    problems: list[str] = []
    found = reextract(archive, query or Query(), world.catalogue, problem=problems.append)
    return sum((each.counts for each in found), Counter()), problems


def test_pages_that_are_read_again_by_the_same_extractors_say_the_same(world, archive, told) -> None:
    before = [item.to_dict() for item in archive.articles(Query())]

    assert again(world, archive) == (Counter(same=len(before)), [])

    assert [item.to_dict() for item in archive.articles(Query())] == before
    assert len(told(archive)) == len(before)


def misread(archive: Archive, id_: str, **columns: object) -> None:
    """Let the reading of an article be one that an older extractor made."""
    with archive.writing() as connection:
        pk = connection.scalar(sa.select(tables.articles.c.pk).where(tables.articles.c.id == id_))
        columns |= {"extractor": "wordpress/0"}
        connection.execute(sa.update(tables.revisions).where(tables.revisions.c.article == pk).values(**columns))
        connection.execute(sa.update(tables.articles).where(tables.articles.c.pk == pk).values(extractor="wordpress/0"))


def test_a_better_reading_takes_the_place_of_the_old_one_and_is_no_edit(world, archive, told) -> None:
    before = next(iter(archive.articles(Query())))
    misread(archive, before.id, title="منو", tags=["منو"], content_hash="sha256:0")

    counts, problems = again(world, archive)

    assert (counts["reread"], problems) == (1, [])
    (change,) = told(archive, len(world.newsroom.releases))
    assert (change.kind, change.article, change.revision) == ("reread", before.id, 1)
    assert change.content_hash == before.content_hash
    after = archive.article(before.id)
    assert after == replace(before, change=change.seq)
    assert again(world, archive)[0]["reread"] == 0
    assert len(told(archive)) == len(world.newsroom.releases) + 1


def test_a_reading_that_says_the_same_notes_the_newer_extractor(world, archive) -> None:
    before = next(iter(archive.articles(Query())))
    misread(archive, before.id)

    assert again(world, archive)[0]["reread"] == 0

    assert archive.article(before.id) == before


def test_an_older_revision_is_read_again_in_its_place(world, archive, tmp_path, told) -> None:
    (edited, *_) = (release for release in world.newsroom.releases if release.office == "gilan")
    id_ = f"sample-gilan/{edited.id}"
    (kept,) = exchanges(world, archive, id_)
    later = replace(kept, body=kept.body.replace(edited.title.encode(), "عنوان دیگر".encode()), fetched_at=LATER)
    imported(world, archive, write(tmp_path / "later.warc", later))
    assert archive.article(id_).revision == 2
    with archive.writing() as connection:
        first = tables.revisions.c.snapshot == world.after_first[id_]
        connection.execute(sa.update(tables.revisions).where(first).values(lead="بد خوانده", extractor="wordpress/0"))

    assert again(world, archive, Query(sources=("sample-gilan",)))[0]["reread"] == 1

    assert archive.article(id_, 1).article.lead == edited.lead
    assert archive.article(id_).article.title == "عنوان دیگر"
    assert [(change.kind, change.revision) for change in told(archive)][-2:] == [("revised", 2), ("reread", 1)]


def test_a_page_that_cannot_be_read_any_more_is_named_and_keeps_its_reading(world, archive, tmp_path) -> None:
    before = next(iter(archive.articles(Query())))
    with archive.writing() as connection:
        this = tables.snapshots.c.record == before.article.snapshot
        connection.execute(sa.update(tables.snapshots).where(this).values(file="monadi-lost.warc.gz"))

    done = world.run("archive", "reextract", "--source", before.article.source, MONADI_DATA=str(tmp_path / "data"))

    assert done.returncode == 1
    first, last = done.stdout.splitlines()
    assert first.startswith(f"{before.id} revision 1: ")
    assert "cannot be read: No such file" in first
    assert last.startswith(f"{before.article.source}: 0 reread, ")
    assert last.endswith("1 not readable")
    assert archive.article(before.id).article == before.article
    none = world.run("archive", "reextract", "--since", "1300", "--until", "1301", MONADI_DATA=str(tmp_path / "data"))
    assert (none.returncode, none.stderr) == (3, "monadi: no article matches\n")


def test_a_reading_without_a_snapshot_is_counted_and_left(world, archive) -> None:
    with archive.writing() as connection:
        connection.execute(sa.update(tables.revisions).values(snapshot=None))

    assert again(world, archive) == (Counter(unkept=len(world.newsroom.releases)), [])


@pytest.fixture
def cores(monkeypatch) -> Iterator[None]:
    """So few articles that are read by two processes, as many are."""
    for name, value in {"_cores": lambda: 2, "WORTH_IT": 1, "BATCH": 2}.items():
        monkeypatch.setattr(rereading, name, value)
    yield
    forkserver._forkserver._stop()  # it has this test's surroundings, which are no other's


@pytest.mark.usefixtures("cores")
def test_what_several_processes_read_is_what_one_reads(world, archive, told) -> None:
    first, *others = archive.articles(Query())
    misread(archive, first.id, title="منو", tags=["منو"], content_hash="sha256:0")
    misread(archive, others[-1].id)
    with archive.writing() as connection:
        lost = tables.snapshots.c.record == others[0].article.snapshot
        connection.execute(sa.update(tables.snapshots).where(lost).values(file="monadi-lost.warc.gz"))

    counts, problems = again(world, archive)

    assert counts == Counter(reread=1, same=len(others) - 1, unread=1)
    assert [problem.partition(": ")[0] for problem in problems] == [f"{others[0].id} revision 1"]
    assert [change.article for change in told(archive, len(world.newsroom.releases))] == [first.id]
    assert replace(archive.article(first.id), change=first.change) == first
    assert archive.article(others[-1].id) == others[-1]


@pytest.mark.usefixtures("cores")
def test_a_process_that_is_ended_while_it_reads_ends_the_command_by_name(world, archive) -> None:
    before = [item.to_dict() for item in archive.articles(Query())]

    def kill() -> None:
        for process in multiprocessing.active_children():
            process.kill()

    with pytest.raises(ReaderEnded, match="can be run again"):
        reextract(archive, Query(), world.catalogue, problem=print, step=kill)

    assert [item.to_dict() for item in archive.articles(Query())] == before


@pytest.mark.usefixtures("cores")
def test_ctrl_c_while_processes_that_read_begin_ends_the_command_once_they_have(world, archive, monkeypatch) -> None:
    begun, submit = [], ProcessPoolExecutor.submit

    def interrupted(pool, *task):
        signal.raise_signal(signal.SIGINT)
        begun.append(submit(pool, *task))
        return begun[-1]

    monkeypatch.setattr(ProcessPoolExecutor, "submit", interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background of a shell it is ignored
    try:
        with pytest.raises(KeyboardInterrupt):
            again(world, archive)
        assert signal.getsignal(signal.SIGINT) == signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)

    assert len(begun) == 1
    assert multiprocessing.active_children() == []


def test_processes_that_read_end_with_the_one_that_began_them(world, archive) -> None:
    script = f"""
        import multiprocessing, os, signal
        from archive import Archive, Query
        from sources import Catalogue
        from spiders import rereading

        def die():
            print(*(process.pid for process in multiprocessing.active_children()), flush=True)
            os.kill(os.getpid(), signal.SIGKILL)

        if __name__ == "__main__":
            from pathlib import Path
            rereading._cores, rereading.WORTH_IT, rereading.BATCH = lambda: 2, 1, 2
            kept = Archive({str(archive.database.url)!r}, Path("search"), Path({str(archive.snapshots.directory)!r}))
            rereading.reextract(kept, Query(), Catalogue.load(Path("catalogue")), problem=print, step=die)
    """
    (world.directory / "killed.py").write_text(dedent(script), "utf-8")
    command = [sys.executable, "killed.py"]

    done = subprocess.run(command, cwd=world.directory, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == -signal.SIGKILL, done.stderr
    begun = done.stdout.split()
    assert len(begun) == 2
    until = time.monotonic() + 30
    while any(is_running(pid) for pid in begun):
        assert time.monotonic() < until
        time.sleep(0.05)


def is_running(pid: str) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text("ascii").rpartition(")")[2].split()[0] != "Z"


def date(raw: str, origin: str):
    return parse(raw, fetched_at=NOW, origin=origin)


PAGE, FEED, LISTING = (date("۱۵ آذر ۱۴۰۰", origin) for origin in ("page", "feed", "listing"))


@pytest.mark.parametrize(
    ("published", "stated", "remembered", "expected"),
    [
        (FEED, [FEED], [LISTING], FEED),
        (PAGE, [PAGE], [LISTING], None),
        (None, [], [FEED, LISTING], FEED),
        (PAGE, [PAGE, LISTING], [FEED, LISTING], LISTING),
        (PAGE, [PAGE, LISTING], [FEED], LISTING),
        (None, [], [], None),
    ],
    ids=["believed", "none stated", "no date at all", "remembered", "only stated", "nothing"],
)
def test_a_page_is_read_again_with_the_date_of_the_list_that_it_was_read_with(
    make, world, published, stated, remembered, expected
) -> None:
    dates = tuple(StatedDate(of="published", origin=each.origin, raw=each.raw) for each in stated)
    held = replace(make(), published=published, stated_dates=dates)

    assert listed_date(held, remembered, NOW, world.catalogue.source("sample-gilan")) == expected


# ---- reading into another archive ----


def imported(world: World, archive: Archive | None, *files: Path, reach: Reach | None = None) -> Imported:
    offices = list(world.catalogue.sources.values())
    return import_files(archive, files, offices, reach or Reach())


def counted(done: Imported) -> Counter:
    return sum((Counter(report.result.counts) for report in done.reports), Counter())


def exchanges(world: World, archive: Archive, *ids: str) -> list[Exchange]:
    with archive.reading() as connection:
        return [archive.snapshots.read(connection, world.after_first[id_]) for id_ in ids]


def write(file: Path, *given: Exchange) -> Path:
    """A WARC file, not compressed."""
    members = [warc.info(file.name)]
    for each in given:
        record = warc.new_id()
        members += [warc.request(each, record), warc.response(each, record)]
    file.write_bytes(b"".join(map(gzip.decompress, members)))
    return file


@pytest.mark.parametrize(
    ("module", "name", "kind"), [(intake, "save", "unkept"), (reading, "read_kept", "parse")], ids=["kept", "read"]
)
def test_a_page_that_cannot_be_taken_in_costs_no_other_and_is_held(
    world, empty, files, monkeypatch, module, name, kind
) -> None:
    bad = world.newsroom.url(next(each.id for each in world.newsroom.releases if each.office == "yazd"))
    sound = getattr(module, name)

    def failing(*given: Any, **known: Any) -> Any:
        read = [each.url for each in given[1]] if kind == "unkept" else [str(given[1].url)]
        if bad in read:
            raise ZeroDivisionError("of nobody knows what")
        return sound(*given, **known)

    monkeypatch.setattr(module, name, failing)

    done = imported(world, empty, *files)

    assert counted(done)["new"] == len(world.newsroom.releases) - 1
    with empty.reading() as connection:
        (page,) = crawls.held(connection)
        assert all(row.finished_at for row in crawls.latest(connection))
    assert (page.url, page.kind) == (bad, kind)
    assert page.reason == "ZeroDivisionError: of nobody knows what"
    named = [report.result.reason for report in done.reports if bad in (report.result.reason or "")]
    assert len(named) == (kind == "unkept")
    assert wrong(empty) == []


def test_an_archive_is_filled_from_warc_files_and_a_second_import_says_nothing_new(
    world, archive, empty, files
) -> None:
    done = imported(world, empty, *files)

    assert done.breaks == []
    assert counted(done)["new"] == len(world.newsroom.releases)
    assert {report.result.outcome for report in done.reports} == {"ok"}
    expected = {item.id: said(item) for item in archive.articles(Query())}
    assert {item.id: said(item) for item in empty.articles(Query())} == expected
    assert wrong(empty) == []
    before, size = empty.stats(), empty.snapshots.files()[0].stat().st_size

    again = counted(imported(world, empty, *files))

    assert again["unchanged"] == again["listed"]
    assert {name: value for name, value in empty.stats().items() if name not in ("crawls", "bytes")} == {
        name: value for name, value in before.items() if name not in ("crawls", "bytes")
    }
    assert empty.snapshots.files()[0].stat().st_size == size


def test_an_archive_that_wrote_the_files_learns_nothing_from_them(world, archive, files, told) -> None:
    done = counted(imported(world, archive, *files))

    assert done["unchanged"] == done["listed"] > 0
    assert len(told(archive)) == len(world.newsroom.releases)


@pytest.mark.parametrize("form", ["plain", "one gzip stream"])
def test_files_are_read_however_they_are_compressed(world, empty, files, tmp_path, form) -> None:
    data = b"".join(gzip.decompress(file.read_bytes()) for file in files)
    file = tmp_path / "all.warc"
    file.write_bytes(data if form == "plain" else gzip.compress(data))

    assert counted(imported(world, empty, file))["new"] == len(world.newsroom.releases)


def test_a_body_may_be_chunked_and_compressed_and_its_address_in_brackets(world, archive, empty, tmp_path) -> None:
    id_ = next(iter(world.after_first))
    (page,) = exchanges(world, archive, id_)
    packed = gzip.compress(page.body)
    chunks = b"%x\r\n%s\r\n%x;x=y\r\n%s\r\n0\r\n\r\n" % (20, packed[:20], len(packed) - 20, packed[20:])
    head = b"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nContent-Encoding: gzip\nContent-Type: text/html\n\n"
    fields = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <{page.url}>\r\nWARC-Date: 2024-05-01T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:1>\r\nContent-Length: {len(head + chunks)}\r\n\r\n"
    )
    file = tmp_path / "wget.warc"
    file.write_bytes(fields.encode() + head + chunks + b"\r\n\r\n")

    done = imported(world, empty, file)

    assert counted(done)["new"] == 1
    item = empty.article(id_)
    assert item.article.body == archive.article(id_).article.body
    assert item.article.fetched_at == datetime(2024, 5, 1, 10, tzinfo=UTC)
    with empty.reading() as connection:
        kept = empty.snapshots.read(connection, item.article.snapshot)
    assert kept.body == packed
    assert dict(kept.headers) == {
        "Content-Encoding": "gzip",
        "Content-Type": "text/html",
        "Content-Length": str(len(packed)),
    }


def test_an_answer_that_cannot_be_written_costs_no_release_and_is_named(world, empty, files, monkeypatch) -> None:
    bad = world.newsroom.url(next(each.id for each in world.newsroom.releases if each.office == "yazd"))
    sound = warc.response

    def failing(exchange: Exchange, *more: Any) -> bytes:
        if exchange.url == bad:
            raise ZeroDivisionError("of nobody knows what")
        return sound(exchange, *more)

    monkeypatch.setattr(warc, "response", failing)

    done = imported(world, empty, *files)

    assert counted(done)["new"] == len(world.newsroom.releases)
    assert counted(done)["answers-unkept"] >= 1
    kept = {item.article.url: item.article.snapshot for item in empty.articles(Query())}
    assert [url for url, record in kept.items() if record is None] == [bad]
    (told,) = [report.result.reason for report in done.reports if report.source.id == "sample-yazd"]
    assert f"such as the answer of {bad}: ZeroDivisionError: of nobody knows what" in told
    with empty.reading() as connection:
        assert all(row.finished_at for row in crawls.latest(connection))
        indexed = connection.scalar(sa.select(sa.func.count()).select_from(tables.snapshots))
    written = [record for file in empty.snapshots.files() for record in warc.records(file)]
    assert sum(record.type in ("response", "revisit") for record in written) == indexed
    assert wrong(empty) == []


def test_an_import_that_the_archive_ends_is_stopped_and_says_why(world, empty, files, monkeypatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.pwrite", full)

    with pytest.raises(ArchiveUnavailable, match="No space left on device; make room"):
        imported(world, empty, *files)

    with empty.reading() as connection:
        (crawl,) = crawls.latest(connection)
    assert crawl.outcome is Outcome.STOPPED
    assert "No space left on device" in crawl.reason


def test_what_was_fetched_before_the_archive_read_the_page_is_kept_and_is_no_edit(world, archive, tmp_path) -> None:
    id_ = next(iter(world.after_first))
    before = archive.article(id_)
    (page,) = exchanges(world, archive, id_)
    older = replace(
        page,
        body=page.body.replace(before.article.title.encode(), "عنوان پیشین".encode()),
        fetched_at=page.fetched_at - timedelta(days=900),
    )

    done = imported(world, archive, write(tmp_path / "older.warc", older))

    assert counted(done)["older"] == 1
    assert archive.article(id_) == before
    with archive.reading() as connection:
        urls = sa.select(tables.snapshots.c.record).where(tables.snapshots.c.fetched_at == older.fetched_at)
        assert archive.snapshots.read(connection, connection.scalar(urls)).body == older.body


def test_pages_are_read_in_the_order_in_which_they_were_fetched(world, archive, empty, tmp_path) -> None:
    release = next(release for release in world.newsroom.releases if release.office == "gilan")
    id_, title = f"sample-gilan/{release.id}", release.title
    (page,) = exchanges(world, archive, id_)
    newer = replace(page, body=page.body.replace(title.encode(), "عنوان تازه".encode()), fetched_at=LATER)

    imported(world, empty, write(tmp_path / "a.warc", newer), write(tmp_path / "b.warc", page))

    assert [change.kind for change in empty.changes()] == ["new", "revised"]
    assert empty.article(id_).article.title == "عنوان تازه"
    assert empty.article(id_).first_seen == page.fetched_at


def test_a_page_of_an_article_that_cannot_be_read_is_quarantined_with_its_answer(world, archive, empty, tmp_path):
    (page,) = exchanges(world, archive, next(iter(world.after_first)))
    broken = replace(page, body=b"<html><p>no article</p></html>")

    done = imported(world, empty, write(tmp_path / "a.warc", broken))

    assert counted(done)["quarantined"] == 1
    with empty.reading() as connection:
        assert connection.scalar(sa.select(tables.quarantine.c.url)) == page.url
        assert connection.scalar(sa.select(tables.snapshots.c.url)) == page.url


@pytest.mark.parametrize(
    ("reach", "count"),
    [(Reach(limit=2), 6), (Reach(since=LATER), 0)],
    ids=["a limit", "a span"],
)
def test_an_import_has_the_reach_of_a_harvest(world, empty, files, reach, count) -> None:
    assert counted(imported(world, empty, *files, reach=reach))["new"] == count
    assert empty.count(Query()) == count


def test_a_dry_run_tells_what_would_be_new(world, files) -> None:
    assert counted(imported(world, None, *files))["new"] == len(world.newsroom.releases)


def test_a_file_that_breaks_off_is_read_as_far_as_it_is_whole(world, files, tmp_path) -> None:
    cut = tmp_path / "cut.warc.gz"
    data = files[0].read_bytes()
    cut.write_bytes(data[: len(data) // 4])

    done = world.run("harvest", "--from-warc", str(cut), MONADI_DATA=str(tmp_path / "other"))

    assert done.returncode == 1
    assert done.stdout.count(" new, ") >= 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{cut}: breaks off after ")
    assert line.endswith("what stands before that was read")
    with opened(tmp_path / "other") as archive:
        assert 0 < archive.count(Query()) < len(world.newsroom.releases)
        assert wrong(archive) == []


def test_what_is_no_warc_file_is_said_in_one_line(world, files, tmp_path) -> None:
    (tmp_path / "page.warc").write_text("<html>")

    done = world.run(
        "harvest", "--from-warc", str(files[0]), str(tmp_path / "page.warc"), MONADI_DATA=str(tmp_path / "other")
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"monadi: {tmp_path / 'page.warc'}: not a WARC file\n"
    with opened(tmp_path / "other") as archive:
        assert archive.count(Query()) == 0


@pytest.mark.parametrize("content", [b"", b"\x1f\x8bno gzip", b"WARC/1.0\r\nno length\r\n\r\n", None])
def test_what_is_no_warc_file_is_called_so(tmp_path, content) -> None:
    file = tmp_path / "x.warc"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(NotWarc, match=r"x\.warc: (not a WARC file|cannot be read)"):
        list(warc.records(file))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.yazd.example.ir/a", "yazd.example.ir"),
        ("http://yazd.example.ir:80/", "yazd.example.ir"),
        ("http://yazd.example.ir:8080/", "yazd.example.ir:8080"),
        ("http://[", None),
        ("http://x:port/", None),
        ("dns:yazd.example.ir", None),
    ],
)
def test_an_address_belongs_to_its_host(url, host) -> None:
    assert host_of(url) == host


def test_of_two_sources_on_a_host_a_page_belongs_to_the_one_that_it_is_under(world) -> None:
    source = world.catalogue.source("sample-gilan")
    one, other = replace(source, url="https://x.ir/"), replace(source, url="https://x.ir/gilan/")

    assert office_of("https://x.ir/gilan/news/1", [one, other]) == other
    assert office_of("https://x.ir/news/1", [one, other]) == one
    assert office_of("https://y.ir/news/1", [one, other]) is None


HAS_ZSTD = b"zstd" in ACCEPTED_ENCODINGS
ZSTD = pytest.param("zstd", marks=pytest.mark.skipif(not HAS_ZSTD, reason="no decoder of zstd is installed"))


@pytest.mark.parametrize("encoding", ["deflate", "br", "gzip", ZSTD])
def test_a_body_that_is_not_compressed_as_it_says_is_no_article(encoding) -> None:
    page = Exchange(
        url="https://yazd.example.ir/1",
        status=200,
        headers=(("Content-Encoding", encoding),),
        body=b"\x1f\x8b\x08\x06\x07" + "متن".encode(),
        fetched_at=datetime(2026, 11, 28, tzinfo=UTC),
    )
    with pytest.raises(NotAnArticle, match="its compressed body cannot be read"):
        response_of(page)
