"""The manifest is a Data Package, it is true, and it is the same for the same state of the archive."""

import hashlib
import json
import re
import warnings
from datetime import UTC, datetime

import pytest

from archive import Query, State, chains, crawls
from archive.crawls import Outcome, Result
from syndication.exports import FORMATS, export, manifest
from syndication.exports.fields import COLUMNS, RECORD

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # frictionless is older than its libraries
    from frictionless import Package, system

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ASKED = Query(provinces=("IR-21",), states=(State.LIVE,), since=datetime(2018, 3, 20, 20, 30, tzinfo=UTC))


def described(archive, target, query=ASKED, **options):
    export(archive, query, target, with_manifest=True, created=NOW, **options)
    return json.loads(target.with_name(f"{target.name}.datapackage.json").read_bytes())


@pytest.fixture(scope="module")
def package(hard, tmp_path_factory):
    return described(hard, tmp_path_factory.mktemp("manifest") / "Yazd 1.csv")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["all.csv", "all.ndjson"])
def test_frictionless_finds_package_and_data_valid(name, hard, tmp_path):
    described(hard, tmp_path / name, Query())
    with system.use_context(trusted=True):
        report = Package(str(tmp_path / f"{name}.datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])
    assert report.stats["tasks"] == 1


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["all.json", "all.parquet", "all.db", "set"])
def test_frictionless_finds_the_package_valid(name, hard, tmp_path):
    export(hard, Query(), tmp_path / name, directory=name == "set", with_manifest=True)
    file = tmp_path / (f"{name}.datapackage.json" if name != "set" else "set/datapackage.json")
    assert list(Package.metadata_validate(json.loads(file.read_bytes()))) == []


@pytest.mark.parametrize("format_", FORMATS)
def test_the_file_is_described_to_the_byte(format_, hard, tmp_path):
    (resource,) = described(hard, tmp_path / "x", format_=format_)["resources"]
    content = (tmp_path / resource["path"]).read_bytes()
    assert resource["bytes"] == len(content)
    assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert (resource["format"], resource["mediatype"]) == (format_, FORMATS[format_].mediatype)


def test_every_file_of_a_dataset_is_described(hard, tmp_path):
    export(hard, Query(), tmp_path / "set", directory=True, with_manifest=True)
    resources = json.loads((tmp_path / "set/datapackage.json").read_bytes())["resources"]
    files = {path.relative_to(tmp_path / "set").as_posix() for path in (tmp_path / "set").rglob("*.parquet")}
    assert {resource["path"] for resource in resources} == files
    assert len({resource["name"] for resource in resources}) == len(files)
    assert (tmp_path / "set" / resources[0]["schema"]).is_file()


def test_it_says_what_was_asked(package):
    assert package["description"] == (
        "articles, of province IR-21, whose state is live, from 1397-01-01 (2018-03-21); newest first"
    )
    assert package["query"] == {
        "provinces": ["IR-21"],
        "states": ["live"],
        "since": "2018-03-20T20:30:00Z",
        "sort": "newest",
    }
    assert manifest.described(Query()) == "every article; newest first"


def test_it_counts(package):
    assert package["counts"] == {
        "articles": 62,
        "by_state": {"live": 62},
        "by_source": {"mcls-yazd": 62},
        "by_jalali_year": {"1397": 15, "1398": 14, "1399": 14, "1400": 18, "undated": 1},
    }
    assert package["extractors"] == {"fa_portal/1": 62}
    assert (package["change"], package["since_change"], package["left"]) == (65, None, [])


def test_its_schema_is_the_one_definition():
    assert [field["name"] for field in manifest.schema("csv")["fields"]] == [column.name for column in COLUMNS]
    assert [field["name"] for field in manifest.schema("ndjson")["fields"]] == [field.name for field in RECORD]
    assert all(field["description"] for format_ in FORMATS for field in manifest.schema(format_)["fields"])


def test_offices_are_named_whether_or_not_they_published_anything(hard, tmp_path):
    package = described(hard, tmp_path / "x.csv", Query(provinces=("IR-01",)))
    assert len(package["sources"]) == len(package["coverage"]) == 2
    assert package["counts"]["by_source"] == {"mcls-gilan": 1}


def test_coverage_is_the_ledger_with_the_newest_run_and_the_newest_link(growing, tmp_path):
    with growing.writing() as connection:
        for whole, outcome in ((True, Outcome.OK), (False, Outcome.BLOCKED)):
            at = NOW if whole else NOW.replace(day=2)
            crawl = crawls.begin(connection, "mcls-gilan", at)
            result = Result(outcome=outcome, reason=None, swept=whole, counts={}, whole=whole)
            crawls.finish(connection, crawl, at=at, result=result)
    query = Query(provinces=("IR-01",))
    gilan, never = described(growing, tmp_path / "x.csv", query)["coverage"]
    accounts = [account.to_dict() for account in growing.coverage(query)]
    with growing.reading() as connection:
        seal = chains.newest(connection, ["mcls-gilan"])["mcls-gilan"]
    assert gilan == {
        **accounts[0],
        "crawled": "2026-01-02T00:00:00Z",
        "outcome": "blocked",
        "chain": {"day": seal.day, "change": seal.last, "hash": seal.hash},
    }
    assert (gilan["last_sweep"], gilan["fetched"]) == ("2026-01-01T00:00:00Z", len(gilan["days"]))
    assert never == {**accounts[1], "crawled": None, "outcome": None, "chain": None}


def test_it_tells_how_to_cite_the_export(package):
    text, bibtex = package["citation"]["text"], package["citation"]["bibtex"]
    assert text.startswith("Press releases of Iranian provincial offices: 62 articles of 1 offices; articles, of ")
    assert f"at change 65 ({package['as_of']}), {package['resources'][0]['hash']}." in text
    assert bibtex.startswith("@dataset{monadi-65,\n")


def test_it_is_the_same_but_for_when_it_was_created(hard, tmp_path):
    first = described(hard, tmp_path / "x.csv")
    export(hard, ASKED, tmp_path / "x.csv", with_manifest=True)
    second = json.loads((tmp_path / "x.csv.datapackage.json").read_bytes())
    assert first.pop("created") != second.pop("created")
    assert first == second


@pytest.mark.parametrize(
    ("name", "slug"), [("Yazd 1", "yazd-1"), ("یزد", "monadi"), ("a.b_c", "a.b_c"), ("-.", "monadi")]
)
def test_names_are_such_as_a_data_package_takes(name, slug):
    assert manifest.slug(name) == slug
    assert re.fullmatch("[a-z0-9._-]+", slug)
