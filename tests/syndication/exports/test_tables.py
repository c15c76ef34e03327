"""CSV, Parquet and SQLite: what each says is what the record says, as their own readers read it."""

import csv
import io
import json
import sqlite3
from datetime import UTC, date, datetime

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Query
from syndication.errors import CannotWrite
from syndication.exports import export, parquet, sheets
from syndication.exports.fields import COLUMNS, RECORD, Type


@pytest.fixture(scope="module")
def place(tmp_path_factory, hard):
    """A directory with the archive in every format."""
    directory = tmp_path_factory.mktemp("tables")
    for name in ("all.csv", "all.parquet", "all.db", "dataset"):
        export(hard, Query(), directory / name, directory=name == "dataset", with_manifest=True)
    return directory


@pytest.fixture(scope="module")
def rows(place):
    with (place / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def database(place):
    connection = sqlite3.connect(place / "all.db")
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


def test_the_fields_are_the_record_name_by_name(records):
    for record in records:
        assert list(record) == [field.name for field in RECORD]
        for field in RECORD:
            value, names = record[field.name], {part.name for part in field.fields if part.derived is None}
            inner = value if field.type is Type.OBJECTS else [value] if field.type is Type.OBJECT and value else []
            assert all(set(each) == names for each in inner)
            assert value is not None or not field.required


# ---- CSV ----


def test_csv_has_a_bom_and_ends_its_lines_as_rfc_4180_asks(place):
    content = (place / "all.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfid,source,agency,province_iso,province_fa,")
    assert content.endswith(b"\r\n")


def test_csv_gives_every_value_back(rows, records):
    back = {
        Type.INTEGER: int,
        Type.SMALL: int,
        Type.LIST: lambda cell: sheets.parted(sheets.original(cell)),
        Type.OBJECTS: lambda cell: json.loads(cell) if cell else [],
        Type.INSTANT: str,
        Type.DAY: str,
    }
    for row, record in zip(rows, records, strict=True):
        for column in COLUMNS:
            value, cell = column.value(record), row[column.name]
            if value in (None, "", []):
                assert cell == ""
            else:
                assert back.get(column.type, sheets.original)(cell) == value


def test_no_cell_is_a_formula_and_numbers_stay_numbers(rows):
    texts = {cell for row in rows for cell in row.values()}
    assert {"'=HYPERLINK(1)", "'+1", "'＝جمع", "'\tانتها", "'' عدد"} <= texts
    assert not [cell for cell in texts if cell.startswith(sheets.HARMFUL)]
    assert {row["published_jalali_year"] for row in rows} == {"1397", "1398", "1399", "1400", ""}


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\ta", "\ra", "\na", "＝1", "＋1", "－1", "＠a", "'a"])
def test_what_could_run_is_made_harmless(text):
    assert sheets.harmless(text) == f"'{text}"


@given(st.text())
def test_harmless_can_be_undone(text):
    assert sheets.original(sheets.harmless(text)) == text


@given(st.lists(st.text(alphabet="ab|\\\u200cن", min_size=1)))
def test_a_joined_list_can_be_parted(texts):
    assert sheets.parted(sheets.joined(texts)) == texts


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2))
def test_any_text_stands_in_a_cell(texts):
    stream = io.BytesIO()
    record = {"published": None, "modified": None, "snapshot": None, "province": dict.fromkeys(("iso", "fa", "en"), "")}
    record = {field.name: None for field in RECORD} | record
    sheets.sheet([record | {"title": text} for text in texts], stream)
    read = csv.DictReader(io.StringIO(stream.getvalue().decode("utf-8-sig"), newline=""))
    assert [sheets.original(row["title"]) for row in read] == texts


def test_pandas_reads_the_csv(place, records):
    frame = pd.read_csv(place / "all.csv", parse_dates=["published_on", "first_seen"])
    assert list(frame["id"]) == [record["id"] for record in records]
    assert frame["published_on"].max() == pd.Timestamp("2021-12-06")
    assert frame["change"].sum() == sum(record["change"] for record in records)
    assert set(frame["title"].str.removeprefix("'")) == {record["title"] for record in records}


def test_duckdb_reads_the_csv(place, records):
    with duckdb.connect() as connection:
        found = connection.sql(f"SELECT id, body, revision FROM read_csv('{place / 'all.csv'}')").fetchall()
    assert [row[0] for row in found] == [record["id"] for record in records]
    assert [sheets.original(row[1]) for row in found] == [record["body"] for record in records]


# ---- Parquet ----


def test_parquet_gives_every_value_back(place, records):
    table = pq.read_table(place / "all.parquet")
    assert table.column_names == [column.name for column in COLUMNS]
    for column in COLUMNS:
        values = [column.value(record) for record in records]
        if column.type is Type.INSTANT:
            values = [value and datetime.fromisoformat(value) for value in values]
        elif column.type is Type.DAY:
            values = [value and date.fromisoformat(value) for value in values]
        assert table.column(column.name).to_pylist() == values, column.name


def test_parquet_is_typed():
    typed = parquet.schema()
    words = pa.dictionary(pa.int32(), pa.string())
    assert {typed.field(name).type for name in ("source", "agency", "province_iso", "state")} == {words}
    assert typed.field("published_at").type == pa.timestamp("us", "UTC")
    assert typed.field("published_on").type == pa.date32()
    assert typed.field("published_jalali_year").type == pa.int16()
    assert typed.field("tags").type == pa.list_(pa.string())
    assert typed.field("attachments").type.value_type.field("length").type == pa.int64()
    assert typed.field("title").metadata == {b"description": b"title"}


def test_row_groups_are_bounded(place, hard, monkeypatch):
    monkeypatch.setattr(parquet, "ROWS", 10)
    export(hard, Query(), place / "groups.parquet")
    groups = pq.ParquetFile(place / "groups.parquet").metadata
    assert [groups.row_group(number).num_rows for number in range(groups.num_row_groups)] == [10] * 6 + [3]


def test_a_directory_is_a_dataset_by_jalali_year_and_province(place, records):
    paths = {path.relative_to(place / "dataset").as_posix() for path in (place / "dataset").rglob("*.parquet")}
    assert "jalali_year=1400/province=IR-21/part-0.parquet" in paths
    assert "jalali_year=__HIVE_DEFAULT_PARTITION__/province=IR-21/part-0.parquet" in paths
    found = ds.dataset(place / "dataset", partitioning="hive", exclude_invalid_files=True).to_table()
    assert sorted(found.column("id").to_pylist()) == sorted(record["id"] for record in records)
    assert set(found.column("jalali_year").to_pylist()) == {1397, 1398, 1399, 1400, None}


def test_duckdb_reads_the_dataset(place):
    with duckdb.connect() as connection:
        files = f"read_parquet('{place}/dataset/**/*.parquet', hive_partitioning = true)"
        found = connection.sql(f"SELECT province, count(*) FROM {files} WHERE jalali_year = 1400 GROUP BY 1")
        assert dict(found.fetchall()) == {"IR-01": 1, "IR-21": 18}


@pytest.mark.parametrize(("limit", "value"), [("WAITING", 1), ("OPEN", 1), ("GROUPS", 1), ("ROWS", 2)])
def test_a_dataset_is_whole_however_little_may_wait(limit, value, hard, records, tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, limit, value)
    export(hard, Query(), tmp_path / "set", directory=True)
    found = ds.dataset(tmp_path / "set", partitioning="hive").to_table()
    assert sorted(found.column("id").to_pylist()) == sorted(record["id"] for record in records)


def test_a_dataset_takes_the_place_of_the_one_before(hard, tmp_path):
    for query in (Query(), Query(sources=("mcls-gilan",))):
        export(hard, query, tmp_path / "set", directory=True)
    assert [path.name for path in tmp_path.iterdir()] == ["set"]
    assert [path.name for path in tmp_path.rglob("province=*")] == ["province=IR-01"]


def test_a_directory_with_anything_else_in_it_is_left_alone(hard, tmp_path):
    (tmp_path / "thesis.docx").touch()
    with pytest.raises(CannotWrite, match=r"holds thesis\.docx, which is no export's; name an empty directory"):
        export(hard, Query(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_dataset_that_breaks_off_leaves_the_old_one(hard, tmp_path, monkeypatch):
    export(hard, Query(), tmp_path / "set", directory=True)
    before = sorted(tmp_path.rglob("*"))

    def full_disk(self, key):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parquet._Partitions, "_write", full_disk)
    with pytest.raises(CannotWrite, match="set cannot be written: no space left on device"):
        export(hard, Query(), tmp_path / "set", directory=True)
    assert sorted(tmp_path.rglob("*")) == before


# ---- SQLite ----


def test_sqlite_gives_every_value_back(database, records):
    found = {row["id"]: row for row in database.execute("SELECT * FROM articles")}
    for record in records:
        for column in COLUMNS:
            if column.type in (Type.LIST, Type.OBJECTS):
                query = f"SELECT * FROM {column.name} WHERE article = ? ORDER BY place"
                listed = [dict(row) for row in database.execute(query, (record["id"],))]
                values = [each if isinstance(each, dict) else {"value": each} for each in column.value(record) or ()]
                assert [
                    {name: row[name] for name in row if name not in ("article", "place")} for row in listed
                ] == values
            else:
                assert found[record["id"]][column.name] == column.value(record)


def test_sqlite_is_one_sound_file(place, database):
    assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert sorted(path.name for path in place.glob("all.db*")) == ["all.db", "all.db.datapackage.json"]


def test_sqlite_has_the_offices_and_the_readings_that_were_superseded(database):
    assert database.execute("SELECT fa FROM provinces WHERE iso = 'IR-21'").fetchone()[0] == "یزد"
    assert database.execute("SELECT count(*) FROM sources").fetchone()[0] == 62
    bodies = database.execute("SELECT body FROM readings WHERE article = 'mcls-yazd/100' ORDER BY number").fetchall()
    assert [row[0] for row in bodies] == ["-2\n@x", "متن دوم", "متن سوم"]


def test_sqlite_answers_what_is_asked_most(database):
    office = database.execute("SELECT office, jalali FROM releases WHERE id = 'mcls-gilan/62'").fetchone()
    months = database.execute("SELECT sum(articles) FROM by_month WHERE jalali_year = 1400").fetchone()
    tag = database.execute("SELECT tag, articles FROM by_tag").fetchone()
    assert (office[0][-5:], office[1]) == ("گیلان", "1400-09-15T09:19:00")
    assert months[0] == 19
    assert tuple(tag) == ("اشتغال", 61) or tuple(tag) == ("یزد", 61)


def test_sqlite_bears_its_manifest(database):
    meta = dict(database.execute("SELECT name, value FROM meta").fetchall())
    assert json.loads(meta["manifest"])["counts"]["articles"] == 63
    assert int(meta["change"]) == json.loads(meta["manifest"])["change"] == 65


def test_instants_are_utc(database):
    at = database.execute("SELECT published_at FROM articles WHERE id = 'mcls-gilan/62'").fetchone()[0]
    assert datetime.fromisoformat(at) == datetime(2021, 12, 6, 5, 49, tzinfo=UTC)
