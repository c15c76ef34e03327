import json
from pathlib import Path

import pytest

from archive import Query
from syndication import exports
from syndication.errors import CannotWrite, UnknownFormat
from syndication.exports import export


@pytest.fixture
def records(full):
    return [item.to_dict() for item in full.articles(Query())]


def test_ndjson_is_one_record_a_line(full, records, tmp_path):
    target = tmp_path / "all.ndjson"
    assert export(full, Query(), target, "ndjson") == len(records) == 60
    assert [json.loads(line) for line in target.read_bytes().splitlines()] == records


def test_json_is_one_array_one_record_a_line(full, records, tmp_path):
    target = tmp_path / "all.json"
    assert export(full, Query(), target, "json") == 60
    assert json.loads(target.read_bytes()) == records
    assert len(target.read_bytes().splitlines()) == 62


@pytest.mark.parametrize(("format_", "empty"), [("ndjson", b""), ("json", b"[]\n")])
def test_an_answer_without_records_is_an_empty_file(format_, empty, archive, tmp_path):
    assert export(archive, Query(), tmp_path / "none", format_) == 0
    assert (tmp_path / "none").read_bytes() == empty


def test_what_is_exported_answers_the_query(full, tmp_path):
    assert export(full, Query(sources=("mcls-hormozgan",)), tmp_path / "x", "ndjson") == 1
    assert export(full, Query(limit=7), tmp_path / "x", "ndjson") == 7


def test_persian_stands_as_itself(full, tmp_path):
    export(full, Query(), tmp_path / "x", "ndjson")
    assert "روابط عمومی‌ها" in (tmp_path / "x").read_text(encoding="utf-8")


def test_without_a_target_it_goes_to_standard_output(full, capfdbinary):
    assert export(full, Query(limit=1), None, "ndjson") == 1
    exports.sys.stdout.flush()
    assert json.loads(capfdbinary.readouterr().out)["source"]


def test_a_missing_directory_is_refused_and_not_made(full, tmp_path):
    with pytest.raises(CannotWrite, match=r"there is no directory .*; make it first"):
        export(full, Query(), tmp_path / "no" / "x.json", "json")
    assert not (tmp_path / "no").exists()


def test_a_directory_is_no_target(full, tmp_path):
    with pytest.raises(CannotWrite, match="is a directory"):
        export(full, Query(), tmp_path, "json")


def test_an_unknown_format_is_refused(full, tmp_path):
    with pytest.raises(UnknownFormat, match='no export format "xml"; there are ndjson, json'):
        export(full, Query(), tmp_path / "x", "xml")


def test_an_export_that_fails_leaves_the_old_file_and_no_draft(full, tmp_path, monkeypatch):
    target = tmp_path / "site" / "x.json"
    target.parent.mkdir()
    target.write_bytes(b"old")

    def broken(records, stream):
        stream.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exports, "FORMATS", {"json": broken})
    with pytest.raises(CannotWrite, match="no space left on device"):
        export(full, Query(), target, "json")
    assert [path.name for path in Path(target.parent).iterdir()] == ["x.json"]
    assert target.read_bytes() == b"old"


def test_two_exports_are_the_same_bytes(full, tmp_path):
    for name in ("a", "b"):
        export(full, Query(), tmp_path / name, "json")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
