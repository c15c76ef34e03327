"""What holds for every export, whatever its format."""

import json
import os
import resource
import stat
import sys
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest

from archive import Query
from syndication import exports
from syndication.errors import CannotWrite, MissingExtra, UnknownFormat
from syndication.exports import FORMATS, export, formats, lines

FILES = tuple(FORMATS)


def held(target: Path) -> list[str]:
    return sorted(path.name for path in target.iterdir())


def test_ndjson_is_one_record_a_line(hard, records, tmp_path):
    target = tmp_path / "all.ndjson"
    assert export(hard, Query(), target).articles == len(records) == 63
    assert [json.loads(line) for line in target.read_bytes().splitlines()] == records


def test_json_is_one_array_one_record_a_line(hard, records, tmp_path):
    target = tmp_path / "all.json"
    assert export(hard, Query(), target).articles == 63
    assert json.loads(target.read_bytes()) == records
    assert len(target.read_bytes().splitlines()) == 65


@pytest.mark.parametrize(("format_", "content"), [("ndjson", b""), ("json", b"[]\n")])
def test_an_answer_without_records_is_an_empty_file(format_, content, empty, tmp_path):
    assert export(empty, Query(), tmp_path / "none", format_).articles == 0
    assert (tmp_path / "none").read_bytes() == content


@pytest.mark.parametrize("format_", FILES)
def test_every_format_can_be_empty(format_, empty, tmp_path):
    assert export(empty, Query(), tmp_path / "none", format_, with_manifest=True).articles == 0
    assert held(tmp_path) == ["none", "none.datapackage.json"]


def test_what_is_exported_answers_the_query(hard, tmp_path):
    assert export(hard, Query(sources=("mcls-gilan",)), tmp_path / "x", "ndjson").articles == 1
    assert export(hard, Query(limit=7), tmp_path / "x", "ndjson").articles == 7
    assert export(hard, Query(text="بی‌تاریخ", sort="best"), tmp_path / "x", "ndjson").articles == 1


def test_persian_stands_as_itself(hard, tmp_path):
    export(hard, Query(), tmp_path / "x", "ndjson")
    assert "روابط عمومی‌ها" in (tmp_path / "x").read_text(encoding="utf-8")


def test_without_a_target_it_goes_to_standard_output(hard, capfdbinary):
    assert export(hard, Query(limit=1), None).articles == 1
    exports.sys.stdout.flush()
    assert json.loads(capfdbinary.readouterr().out)["source"]


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_tables_go_to_standard_output_as_to_a_file(format_, hard, tmp_path, capfdbinary):
    export(hard, Query(), tmp_path / "x", format_)
    export(hard, Query(), None, format_)
    exports.sys.stdout.flush()
    assert capfdbinary.readouterr().out == (tmp_path / "x").read_bytes()


@pytest.mark.parametrize(
    ("name", "format_"),
    [
        ("a.ndjson", "ndjson"),
        ("a.jsonl", "ndjson"),
        ("a.JSON", "json"),
        ("a.csv", "csv"),
        ("a.parquet", "parquet"),
        ("a.db", "sqlite"),
        ("a.sqlite", "sqlite"),
    ],
)
def test_a_suffix_says_the_format(name, format_):
    assert formats.named(None, Path(name)).name == format_


def test_a_stated_format_wins_over_the_suffix():
    assert formats.named("json", Path("a.csv")).name == "json"


def test_a_suffix_that_says_nothing_asks_for_a_format():
    with pytest.raises(UnknownFormat, match=r"a\.xls does not say its format; state one: --format ndjson\|json\|csv"):
        formats.named(None, Path("a.xls"))


def test_an_unknown_format_is_refused(hard, tmp_path):
    with pytest.raises(UnknownFormat, match='no export format "xml"; there are ndjson, json, csv, parquet, sqlite'):
        export(hard, Query(), tmp_path / "x", "xml")


def test_a_missing_extra_says_what_to_install_before_anything_is_begun(hard, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"Parquet needs pyarrow .*; install monadi\[parquet\]"):
        export(hard, Query(), tmp_path / "x.parquet")
    assert held(tmp_path) == []


def test_what_is_no_file_is_not_replaced_by_one(hard, tmp_path):
    pipe, link = tmp_path / "pipe.ndjson", tmp_path / "output.ndjson"
    os.mkfifo(pipe)
    link.symlink_to("/proc/self/fd/1")

    for target in (pipe, link):
        with pytest.raises(CannotWrite, match="is no file; name one, or - for standard output"):
            export(hard, Query(), target)

    assert pipe.is_fifo()
    assert link.is_symlink()


def test_a_missing_directory_is_refused_and_not_made(hard, tmp_path):
    with pytest.raises(CannotWrite, match=r"there is no directory .*; make it first"):
        export(hard, Query(), tmp_path / "no" / "x.json")
    assert not (tmp_path / "no").exists()


def test_only_parquet_fills_a_directory(hard, tmp_path):
    with pytest.raises(CannotWrite, match="is a directory, which only parquet fills; name a file in it"):
        export(hard, Query(), tmp_path, "json")


def test_sqlite_and_manifests_need_a_file(hard):
    with pytest.raises(CannotWrite, match="sqlite needs a file of its own"):
        export(hard, Query(), None, "sqlite")
    with pytest.raises(CannotWrite, match="a manifest stands beside a file"):
        export(hard, Query(), None, with_manifest=True)


@pytest.fixture
def site(tmp_path):
    """A directory in which an export was made before."""
    directory = tmp_path / "site"
    directory.mkdir()
    (directory / "x").write_bytes(b"old")
    return directory


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), SystemExit(143)])
@pytest.mark.parametrize("format_", FILES)
def test_an_export_that_breaks_off_leaves_the_old_file_and_no_draft(format_, error, hard, site, monkeypatch):
    def broken(self):
        yield from ()
        raise error

    for way in ("records", "lines"):
        monkeypatch.setattr(exports.Extract, way, broken)
    with pytest.raises(CannotWrite if isinstance(error, OSError) else type(error)):
        export(hard, Query(), site / "x", format_, with_manifest=True)
    assert held(site) == ["x"]
    assert (site / "x").read_bytes() == b"old"


@pytest.mark.parametrize("format_", FILES)
def test_a_disk_that_takes_no_more_is_said_in_one_line(format_, hard, site):
    with room_for(4096), pytest.raises(CannotWrite, match=r"(x|the SQLite file) cannot be written: "):
        export(hard, Query(), site / "x", format_)
    assert held(site) == ["x"]
    assert (site / "x").read_bytes() == b"old"


@contextmanager
def room_for(size):
    """No file of this process may grow beyond a size."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_manifest_that_cannot_be_written_takes_the_file_with_it(hard, site, monkeypatch):
    def full_disk(stream):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exports, "settle", full_disk)
    with pytest.raises(CannotWrite, match="no space left on device"):
        export(hard, Query(), site / "x", "json", with_manifest=True)
    assert held(site) == ["x"]
    assert (site / "x").read_bytes() == b"old"


def test_a_manifest_never_tells_of_another_file(hard, tmp_path):
    export(hard, Query(), tmp_path / "x.csv", with_manifest=True)
    assert (tmp_path / "x.csv.datapackage.json").exists()
    export(hard, Query(limit=1), tmp_path / "x.csv")
    assert not (tmp_path / "x.csv.datapackage.json").exists()


@pytest.mark.parametrize("format_", FILES)
def test_two_exports_are_the_same_bytes(format_, hard, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        export(hard, Query(), tmp_path / name / "x", format_, created=exports.datetime(2026, 1, 1, tzinfo=exports.UTC))
    assert (tmp_path / "a/x").read_bytes() == (tmp_path / "b/x").read_bytes()


@pytest.mark.parametrize("format_", FILES)
def test_an_export_is_a_file_as_any_program_makes_one(format_, hard, tmp_path):
    (tmp_path / "any").touch()
    export(hard, Query(), tmp_path / "x", format_)
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == stat.S_IMODE((tmp_path / "any").stat().st_mode)


def test_lines_are_written_as_they_come(records):
    class Stream:
        written = 0

        def writelines(self, blocks):
            for some in blocks:
                self.written += some.count(b"\n")

    def told(stream):
        for number, record in enumerate(records):
            assert stream.written == number
            yield [orjson.dumps(record)]

    stream = Stream()
    lines.ndjson(told(stream), stream)
    assert stream.written == len(records)
