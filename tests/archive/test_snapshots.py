"""Snapshots: what a site answered comes back byte for byte, once on disk however often it was sent."""

import gzip
import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive import Archive, snapshots, tables, warc
from archive.errors import ArchiveUnavailable, SnapshotDamaged
from archive.snapshots import Snapshot, Snapshots, _Volume, is_due
from archive.warc import Exchange

SOURCE = "mcls-yazd"
FETCHED = datetime(2026, 11, 28, 18, 50, 28, 123456, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def engine() -> str:
    """Files are the same beside either; what is asked of the database is tested on both below."""
    return "sqlite"


def exchange(number: int = 1, **changes: object) -> Exchange:
    values = {
        "url": f"https://yazd.mcls.gov.ir/fa/news/{number}?page=%DB%8C",
        "status": 200,
        "headers": (
            ("Content-Type", "text/html"),
            ("Date", "Sat, 28 Nov 2026 18:50:28 GMT"),
            ("X-Note", "\xd9\x85\x85"),
        ),
        "request_headers": (("Host", "yazd.mcls.gov.ir"), ("User-Agent", "Monadi")),
        "body": f"متن خبر شماره {number}".encode() * 50,
        "fetched_at": FETCHED + timedelta(minutes=number),
    }
    return Exchange(**{**values, **changes})


def keep(archive: Archive, *exchanges: Exchange, source: str = SOURCE) -> list[Snapshot]:
    with archive.reading() as connection:
        kept = archive.snapshots.write(connection, source, exchanges)
    with archive.writing() as connection:
        snapshots.index(connection, kept)
    return kept


def read(archive: Archive, kept: Snapshot) -> Exchange:
    with archive.reading() as connection:
        return archive.snapshots.read(connection, kept.record)


def wrong(archive: Archive) -> list[str]:
    with archive.reading() as connection:
        return list(archive.snapshots.verify(connection))


def types(archive: Archive) -> list[str]:
    return [record.type for file in archive.snapshots.files() for record in warc.records(file)]


def checked(archive: Archive) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "warcio.cli", "check", "-v", *map(str, archive.snapshots.files())]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_exchange_comes_back_as_it_was(archive: Archive) -> None:
    given = exchange()

    (kept,) = keep(archive, given)

    found = read(archive, kept)
    assert found == replace(given, headers=(*given.headers, ("Content-Length", str(len(given.body)))))
    assert (kept.url, kept.status, kept.fetched_at, kept.purpose) == (given.url, 200, given.fetched_at, "article")
    assert wrong(archive) == []


def test_a_body_is_kept_as_it_was_encoded_and_without_its_chunks(archive: Archive) -> None:
    body = gzip.compress(b"<p>")
    framed = (("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("Content-Length", "7"))

    (kept,) = keep(archive, exchange(body=body, headers=framed))

    found = read(archive, kept)
    assert found.body == body
    assert found.headers == (("Content-Encoding", "gzip"), ("Content-Length", str(len(body))))


def test_secrets_never_reach_the_files(archive: Archive) -> None:
    sent = (("Cookie", "session=SECRET1"), ("authorization", "Basic SECRET2"), ("Accept", "*/*"))
    given = exchange(request_headers=sent, headers=(("Set-Cookie", "session=SECRET3"), ("Server", "x")))

    (kept,) = keep(archive, given)

    assert b"SECRET" not in b"".join(gzip.decompress(file.read_bytes()) for file in archive.snapshots.files())
    assert read(archive, kept).request_headers == (("Host", "yazd.mcls.gov.ir"), ("Accept", "*/*"))


def test_warcio_finds_every_digest_right(archive: Archive) -> None:
    keep(archive, exchange(1), exchange(2), exchange(3, body=exchange(1).body), exchange(4, body=b"", status=404))

    done = checked(archive)

    assert done.returncode == 0, done.stdout
    assert done.stdout.count("digest pass") == 8
    assert "failed" not in done.stdout


def test_a_payload_that_is_there_is_kept_as_a_revisit_of_it(archive: Archive) -> None:
    first, *_ = keep(archive, exchange(1), exchange(2))

    again, twice = keep(archive, exchange(5, body=exchange(1).body), exchange(6, body=exchange(1).body))

    assert read(archive, again).body == read(archive, twice).body == exchange(1).body
    assert read(archive, again).url == exchange(5).url
    written = {record.id: record for file in archive.snapshots.files() for record in warc.records(file)}
    for revisit in (again, twice):
        fields = written[revisit.record].fields
        assert fields["warc-type"] == "revisit"
        assert fields["warc-profile"] == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
        assert fields["warc-refers-to"] == f"<{first.record}>"
        assert fields["warc-refers-to-target-uri"] == exchange(1).url
        assert fields["warc-refers-to-date"] == warc.write_date(exchange(1).fetched_at)
        assert fields["warc-payload-digest"] == first.digest
    assert wrong(archive) == []


@pytest.mark.parametrize(
    ("changes", "source"),
    [({}, "mcls-hormozgan"), ({"body": b""}, SOURCE)],
    ids=["another source's", "nothing"],
)
def test_a_payload_is_kept_anew(archive: Archive, changes: dict, source: str) -> None:
    keep(archive, exchange(1, **changes))

    keep(archive, exchange(2, body=changes.get("body", exchange(1).body)), source=source)

    assert "revisit" not in types(archive)


def test_a_revisit_refers_to_a_payload_even_where_an_older_exchange_was_kept_later(archive: Archive) -> None:
    original, _ = keep(archive, exchange(9), exchange(1, body=exchange(9).body))

    (kept,) = keep(archive, exchange(10, body=exchange(9).body))

    assert read(archive, kept).body == exchange(9).body
    with archive.reading() as connection:
        assert archive.snapshots._read(kept).refers_to == original.record
        assert list(archive.snapshots.verify(connection)) == []


def test_a_payload_whose_file_is_lost_is_kept_anew(archive: Archive) -> None:
    (lost,) = keep(archive, exchange(1))
    file = archive.snapshots.directory / "monadi-20260101000000-00000.warc.gz"
    set_columns(archive, lost, file=file.name)

    (kept,) = keep(archive, exchange(2, body=exchange(1).body))

    assert read(archive, kept).body == exchange(1).body
    assert wrong(archive) == [f"{file}: missing, and 1 snapshots with it"]


def test_a_file_that_is_full_is_followed_by_another(archive: Archive) -> None:
    archive.snapshots.rotation = 3_000

    kept = keep(archive, *(exchange(number, body=os.urandom(1_000)) for number in range(8)))

    files = archive.snapshots.files()
    assert len(files) == 4
    assert [next(warc.records(file)).type for file in files] == ["warcinfo"] * 4
    assert len({read(archive, each).body for each in kept}) == 8
    assert checked(archive).returncode == 0


def test_the_newest_file_is_continued(archive: Archive) -> None:
    keep(archive, exchange(1))
    archive.snapshots.close()

    keep(archive, exchange(2))

    assert types(archive) == ["warcinfo", "response", "request", "response", "request"]


def test_two_that_write_at_once_write_into_two_files(archive: Archive) -> None:
    keep(archive, exchange(1))
    other = Snapshots(archive.snapshots.directory)
    with archive.reading() as connection:
        (kept,) = other.write(connection, SOURCE, [exchange(2)])
    with archive.writing() as connection:
        snapshots.index(connection, [kept])
    keep(archive, exchange(3))
    other.close()

    assert len(archive.snapshots.files()) == 2
    assert wrong(archive) == []


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_what_a_crash_cut_off_is_removed_by_the_next_writer_and_what_is_whole_stays(archive: Archive, cut: int) -> None:
    kept = keep(archive, exchange(1))
    with archive.reading() as connection:
        archive.snapshots.write(connection, SOURCE, [exchange(2), exchange(3)])  # and never indexed
    archive.snapshots.close()
    (file,) = archive.snapshots.files()
    os.truncate(file, file.stat().st_size - cut)
    (line,) = wrong(archive)
    assert line.startswith(f"{file}: ")
    assert "no whole record" in line

    kept += keep(archive, exchange(4))

    assert [read(archive, each).body for each in kept] == [exchange(1).body, exchange(4).body]
    assert wrong(archive) == []
    assert checked(archive).returncode == 0
    assert types(archive).count("response") >= 3


def test_a_file_that_has_lost_what_was_known_is_not_written_to_again(archive: Archive) -> None:
    lost, _ = keep(archive, exchange(1), exchange(2))
    archive.snapshots.close()
    (file,) = archive.snapshots.files()
    os.truncate(file, lost.start + 100)

    (kept,) = keep(archive, exchange(3))

    assert kept.file != file.name
    assert file.stat().st_size == lost.start + 100


def test_a_full_disk_is_one_clear_line_and_nothing_half_written(archive: Archive) -> None:
    kept = keep(archive, exchange(1))
    (file,) = archive.snapshots.files()
    size = file.stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 5_000, hard))
    try:
        with archive.reading() as connection, pytest.raises(ArchiveUnavailable) as caught:
            archive.snapshots.write(connection, SOURCE, [exchange(2, body=os.urandom(20_000))])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)

    assert str(caught.value).startswith(f"{file}: snapshots cannot be written: File too large; make room")
    assert file.stat().st_size == size
    kept += keep(archive, exchange(2))
    assert [read(archive, each).body for each in kept] == [exchange(1).body, exchange(2).body]


def test_a_directory_that_cannot_be_made_is_one_clear_line(archive: Archive) -> None:
    archive.snapshots.directory.write_text("a file")

    with archive.reading() as connection, pytest.raises(ArchiveUnavailable, match="snapshots cannot be written"):
        archive.snapshots.write(connection, SOURCE, [exchange()])


def damage(archive: Archive, kept: Snapshot, harm: Callable[[bytearray], object]) -> Path:
    archive.snapshots.close()
    file = archive.snapshots.directory / kept.file
    data = bytearray(file.read_bytes())
    harm(data)
    file.write_bytes(bytes(data))
    return file


def set_columns(archive: Archive, kept: Snapshot, **values: object) -> None:
    with archive.writing() as connection:
        this = tables.snapshots.c.record == kept.record
        connection.execute(sa.update(tables.snapshots).where(this).values(**values))


def test_a_damaged_record_is_named_and_the_others_are_read(archive: Archive) -> None:
    first, second = keep(archive, exchange(1), exchange(2))
    damage(archive, first, lambda data: data.__setitem__(slice(first.start + 60, first.start + 90), b"x" * 30))

    with pytest.raises(SnapshotDamaged, match=rf"{first.file} at byte {first.start}: the record of .* is damaged"):
        read(archive, first)

    assert read(archive, second).body == exchange(2).body
    assert len(wrong(archive)) == 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"digest": "sha256:0"}, "is not the one that was kept"),
        ({"url": "https://yazd.mcls.gov.ir/else"}, "not https://yazd.mcls.gov.ir/else of"),
        ({"fetched_at": FETCHED}, "of 2026-11-28T18:51:28.123456Z, not "),
        ({"start": 0}, "at byte 0: holds another record"),
        ({"file": "monadi-20260101000000-00000.warc.gz"}, "missing, and 1 snapshots"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_the_database_says_of_a_record_is_held_against_it(archive: Archive, values: dict, said: str) -> None:
    first, _ = keep(archive, exchange(1), exchange(2))
    set_columns(archive, first, **values)

    (line,) = wrong(archive)

    assert said in line


def test_a_revisit_whose_payload_is_lost_is_named(archive: Archive) -> None:
    original, _ = keep(archive, exchange(1), exchange(2, body=exchange(1).body))
    with archive.writing() as connection:
        connection.execute(sa.delete(tables.snapshots).where(tables.snapshots.c.record == original.record))

    (line,) = wrong(archive)

    assert f"a revisit whose payload cannot be had: {original.record}: no such snapshot" in line


def test_files_that_nobody_knows_are_no_fault(archive: Archive) -> None:
    keep(archive, exchange(1))
    other = archive.snapshots.directory / "monadi-20200101000000-00000.warc.gz"
    other.write_bytes(b"from elsewhere")

    with archive.reading() as connection:
        assert archive.snapshots.unknown(connection) == [other]
    assert wrong(archive) == []


TEHRAN_MIDNIGHT = datetime(2026, 11, 28, 20, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("kept_at", "now", "due"),
    [
        (None, TEHRAN_MIDNIGHT, True),
        (TEHRAN_MIDNIGHT, TEHRAN_MIDNIGHT + MINUTE, False),
        (TEHRAN_MIDNIGHT, TEHRAN_MIDNIGHT + timedelta(days=1) - MINUTE, False),
        (TEHRAN_MIDNIGHT - MINUTE, TEHRAN_MIDNIGHT, True),
        (TEHRAN_MIDNIGHT, TEHRAN_MIDNIGHT + timedelta(days=1), True),
        (TEHRAN_MIDNIGHT, TEHRAN_MIDNIGHT - timedelta(days=1), False),
    ],
    ids=["never", "the same day", "the day's end", "past midnight in Tehran", "a day later", "a clock set back"],
)
def test_a_list_is_kept_once_a_day_of_tehran(kept_at, now, due) -> None:
    assert is_due(kept_at, now) is due


def test_both_engines_tell_the_same_of_what_is_kept(both: tuple[Archive, Archive]) -> None:
    page, news = exchange(1), replace(exchange(2), purpose="list")
    for archive in both:
        kept = keep(archive, page, news, exchange(3, body=page.body))
        with archive.reading() as connection:
            assert [archive.snapshots.read(connection, each.record).body for each in kept] == [
                page.body,
                news.body,
                page.body,
            ]
            assert snapshots.held(connection, SOURCE, [page.url, "x"]) == {(page.url, page.fetched_at)}
            assert snapshots.held(connection, "mcls-hormozgan", [page.url]) == set()
            assert snapshots.last_lists(connection, SOURCE, [page.url, news.url]) == {news.url: news.fetched_at}
        assert wrong(archive) == []
        set_columns(archive, kept[1], digest="sha256:0")
        assert len(wrong(archive)) == 1


def test_of_the_lists_of_a_day_the_first_is_kept() -> None:
    lists = [exchange(number, url=url) for number, url in ((1, "a"), (2, "a"), (3, "b"), (1500, "a"))]

    assert snapshots.thinned(lists, {"b": FETCHED}) == [lists[0], lists[3]]


WRITER = """
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from archive import Archive, snapshots
from archive.warc import Exchange

url, search = sys.argv[1:]
with Archive(url, Path(search)) as archive:
    for number in range(100_000):
        exchanges = [
            Exchange(
                url=f"https://yazd.mcls.gov.ir/fa/news/{number}/{part}", status=200, headers=(),
                body=f"{number} {part} ".encode() * 9_000, fetched_at=datetime.now(UTC),
            )
            for part in range(10)
        ]
        with archive.reading() as connection:
            kept = archive.snapshots.write(connection, "mcls-yazd", exchanges)
        with archive.writing() as connection:
            snapshots.index(connection, kept)
        print(number, flush=True)
"""


def test_a_writer_that_is_killed_leaves_no_row_without_its_record(archive: Archive, url: str, tmp_path: Path) -> None:
    for batches in (2, 5):
        command = [sys.executable, "-c", WRITER, url, str(tmp_path / "search")]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            for line in process.stdout:
                if int(line) == batches:
                    process.kill()
                    break
        assert [line for line in wrong(archive) if "no whole record" not in line] == []

    keep(archive, exchange(1))

    assert wrong(archive) == []
    assert checked(archive).returncode == 0
    with archive.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.snapshots)) >= 90


# ---- what others write ----


@pytest.mark.parametrize("stated", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "", "2021", "x" * 5000])
def test_a_date_that_no_year_holds_is_none(stated):
    assert warc.read_date(stated) is None


# ---- what else is asked of it ----


def test_the_newest_answer_of_an_address_is_told(archive: Archive) -> None:
    first = keep(archive, exchange(1))[0]
    later = keep(archive, exchange(2, url=first.url))[0]
    with archive.reading() as connection:
        assert snapshots.newest(connection, SOURCE, first.url) == later.record
        assert snapshots.newest(connection, SOURCE, "https://elsewhere.ir/") is None


def test_nothing_to_keep_makes_no_file(archive: Archive) -> None:
    assert keep(archive) == []
    assert archive.snapshots.files() == []


def test_a_payload_that_is_not_what_was_kept_is_not_given_out(archive: Archive) -> None:
    (kept,) = keep(archive, exchange(1))
    set_columns(archive, kept, digest="sha256:0")
    with pytest.raises(SnapshotDamaged, match="is not the one that was kept"):
        read(archive, kept)


def test_revisions_of_a_snapshot_that_is_not_there_are_named(archive: Archive, save, make) -> None:
    (kept,) = keep(archive, exchange(1))
    save(make(1, snapshot=kept.record))
    with closing(sqlite3.connect(archive.database.file)) as connection:  # which holds no references
        connection.execute("DELETE FROM snapshots")
        connection.commit()
    assert wrong(archive) == [f"{kept.record}: 1 revisions refer to this snapshot, and there is none"]


def test_an_answer_whose_request_is_damaged_is_read_without_it(archive: Archive) -> None:
    (kept,) = keep(archive, exchange(1))
    end = kept.start + kept.length
    damage(archive, kept, lambda data: data.__setitem__(slice(end + 20, end + 60), b"x" * 40))
    assert (read(archive, kept).body, read(archive, kept).request_headers) == (exchange(1).body, ())


def test_a_record_that_holds_another_payload_than_is_said_of_it_is_not_referred_to(archive: Archive) -> None:
    (kept,) = keep(archive, exchange(1))
    set_columns(archive, kept, digest=exchange(2).digest)
    (again,) = keep(archive, exchange(2))
    assert types(archive).count("revisit") == 0
    assert read(archive, again).body == exchange(2).body


def test_a_new_file_that_another_process_is_quicker_to_take_is_left_to_it(archive: Archive, monkeypatch) -> None:
    locked, met = _Volume.locked, []

    def taken(path: Path) -> _Volume | None:
        met.append(path)
        return locked(path) if len(met) > 1 else None

    monkeypatch.setattr(_Volume, "locked", taken)
    (kept,) = keep(archive, exchange(1))
    assert kept.file == met[-1].name != met[0].name
    assert len(archive.snapshots.files()) == 2


def test_answers_that_cannot_be_written_for_an_unknown_reason_leave_nothing_in_the_files(archive):
    keep(archive, exchange(1))
    size = archive.snapshots.files()[0].stat().st_size
    with archive.reading() as connection, pytest.raises(TypeError):
        archive.snapshots.write(connection, SOURCE, [exchange(2), exchange(3, url=None)])

    assert archive.snapshots.files()[0].stat().st_size == size
    (kept,) = keep(archive, exchange(4))
    assert (kept.start, read(archive, kept).body) == (size, exchange(4).body)
