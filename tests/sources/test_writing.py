"""Offices are written so that the catalogue has them, and nothing else in a file changes."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from sources import Catalogue, CatalogueError
from sources.writing import Draft, agency_head, defaults_of, existing, place, stranger, toml_of, write_office

HEAD = {"name_fa": "سازمان نمونه", "name_en": "Sample Agency", "platform": "wordpress"}
WRITTEN = """\
# by hand
[agency]
name_fa = "سازمان نمونه"     # a remark
name_en = 'Sample Agency'
platform = "iransamaneh"
delay = 2
unverified = true

[gilan]
url = "https://gilan.example.ir/"
"""


def draft(**changes: Any) -> Draft:
    values = {"url": "https://yazd.example.ir/", "platform": "iransamaneh", "delay": 2.0, "unverified": False}
    return Draft(**{"agency": "sample", "name": "yazd", "values": values, "head": HEAD, **changes})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "agencies").mkdir()
    path = tmp_path / "agencies" / "sample.toml"
    path.write_text(WRITTEN, "utf-8")
    return path


def test_only_what_differs_from_the_agency_is_written_after_what_is_there(file: Path, tmp_path: Path) -> None:
    written, source = write_office(draft(), tmp_path)

    assert written == file
    assert file.read_text("utf-8") == WRITTEN + '\n[yazd]\nurl = "https://yazd.example.ir/"\nunverified = false\n'
    assert (source.id, source.platform, source.delay, source.unverified) == ("sample-yazd", "iransamaneh", 2.0, False)
    assert [path.name for path in file.parent.iterdir()] == ["sample.toml"]


def test_the_first_office_of_an_agency_makes_its_file(tmp_path: Path) -> None:
    values = {"url": "https://yazd.example.ir/", "platform": "wordpress", "delay": 1.0}

    file, source = write_office(draft(values=values), tmp_path)

    assert file.read_text("utf-8").endswith('platform = "wordpress"\n\n[yazd]\nurl = "https://yazd.example.ir/"\n')
    assert source == Catalogue.load(tmp_path).source("sample-yazd")
    assert source.agency.name_fa == "سازمان نمونه"


@pytest.mark.parametrize("before", [WRITTEN.rstrip("\n"), WRITTEN.replace("\n", "\r\n"), "\ufeff" + WRITTEN])
def test_a_file_of_any_editor_is_continued_in_its_own_way(file: Path, tmp_path: Path, before: str) -> None:
    file.write_bytes(before.encode())

    write_office(draft(), tmp_path)

    content = file.read_bytes().decode()
    assert content.startswith(before)
    assert ("\r\n" in before) == ("\r\n" in content[len(before) :])
    assert "yazd" in tomllib.loads(content.removeprefix("\ufeff"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "gilan"}, 'the id "sample-gilan" is taken by https://gilan.example.ir/'),
        ({"name": "kashan"}, r"agencies/sample.toml: \[kashan\] province: is missing"),
        ({"name": "Yazd"}, '"Yazd" cannot be part of an id'),
        ({"name": "agency"}, '"agency" cannot be part of an id'),
        ({"values": {"url": "ftp://yazd.example.ir/"}}, r"sample.toml: \[yazd\] url: no address"),
    ],
)
def test_what_the_catalogue_would_refuse_changes_nothing(
    file: Path, tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(CatalogueError, match=said) as refused:
        write_office(draft(**changes), tmp_path)

    assert file.read_text("utf-8") == WRITTEN
    assert "monadi-catalogue-" not in str(refused.value)
    assert [path.name for path in file.parent.iterdir()] == ["sample.toml"]


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "agencies").touch()

    with pytest.raises(CatalogueError, match=r"agencies.*: cannot be written"):
        write_office(draft(), tmp_path)


def test_values_of_every_kind_are_read_back_as_they_were() -> None:
    values = {
        "url": 'a"b\\c',
        "delay": 0.5,
        "unverified": True,
        "selectors": {"title": "[id$='_x']", "body": "p\u200cq"},
    }

    assert tomllib.loads(toml_of(draft(values=values)))["yazd"] == values


def test_a_catalogue_of_ones_own_may_be_empty_and_the_built_in_one_is_that_of_a_working_copy(tmp_path: Path) -> None:
    assert not existing(tmp_path / "none").sources
    assert len(existing(tmp_path / "none").provinces) == 31
    assert place(tmp_path) == tmp_path
    assert (place(None) / "agencies" / "mcls.toml").is_file()


def test_what_an_agency_says_holds_for_its_draft() -> None:
    assert defaults_of(draft(agency="mcls"), None) == {"platform": "fa_portal", "unverified": True}
    assert defaults_of(draft(agency="new"), None) == {"platform": "wordpress"}
    assert agency_head("new", None) is None


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("yazd.mcls.gov.ir", "https://yazd.mcls.gov.ir/"),
        ("http://yazd.mcls.gov.ir", "http://yazd.mcls.gov.ir/"),
        ("https://yazd.mcls.gov.ir/fa/", "https://yazd.mcls.gov.ir/fa/"),
    ],
)
def test_an_address_is_visited_as_it_was_meant(url: str, read: str) -> None:
    assert stranger(url, None, None, delay=None, tls=None).url == read


@pytest.mark.parametrize(
    ("url", "changes", "said"),
    [
        ("ftp://x.ir/", {}, '^url: no address of http or https "ftp://x.ir/"$'),
        ("https://x y/", {}, "^url: no address"),
        ("https://x.ir/", {"tls": "never"}, '^tls: no way of TLS "never"'),
        ("https://x.ir/", {"delay": 100_000.0}, "^delay: expected a number of seconds"),
    ],
)
def test_a_wrong_word_is_named_before_anything_is_visited(url: str, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(CatalogueError, match=said):
        stranger(url, None, None, **{"delay": None, "tls": None, **changes})
