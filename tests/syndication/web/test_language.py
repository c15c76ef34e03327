"""What pages say: in both languages, and nothing that no page says."""

import re
import tomllib
from pathlib import Path

import pytest

from archive.alarms import Matter
from archive.article import State
from archive.changes import Kind
from archive.crawls import Outcome
from archive.differences import Class
from archive.orders import Why
from syndication.web.language import ENGLISH, FILE, PERSIAN, language_of

WEB = FILE.parent
TABLES = tomllib.loads(FILE.read_text(encoding="utf-8"))
COUNTED = TABLES.pop("counted")
OF_THE_ARCHIVE = (
    *("states", "outcomes", "crawl_counts", "kinds", "classes", "parts"),
    *("precisions", "origins", "flags", "filters", "reasons", "matters"),
)
COMPOSED = re.compile("(done|wrong)_|_(text|said)$")  # keys that templates put together
SOURCES = "\n".join(file.read_text(encoding="utf-8") for file in (*WEB.rglob("*.py"), *WEB.rglob("*.html")))


@pytest.mark.parametrize("table", TABLES)
def test_everything_is_said_in_both_languages(table: str):
    for key, said in TABLES[table].items():
        assert len(said) == 2, key
        persian, english = said
        assert persian or english, key  # one language may need no word there
        assert sorted(re.findall(r"\{\w*\}", persian)) == sorted(re.findall(r"\{\w*\}", english)), key
        assert not re.search(r"[كي0-9]", re.sub(r"\{\w*\}", "", persian)), (
            f"{key}: letters or digits that are not Persian"
        )


@pytest.mark.parametrize("table", [table for table in TABLES if table not in OF_THE_ARCHIVE])
def test_no_word_is_kept_that_no_page_says(table: str):
    unused = [key for key in TABLES[table] if not COMPOSED.search(key) and not re.search(rf"\b{key}\b", SOURCES)]
    assert unused == []


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("states", State),
        ("outcomes", Outcome),
        ("kinds", Kind),
        ("classes", Class),
        ("reasons", Why),
        ("matters", Matter),
    ],
)
def test_whatever_the_archive_names_has_its_words(table: str, names: type):
    assert {str(name) for name in names} <= set(TABLES[table])


def test_numbers_are_those_of_the_language():
    assert (PERSIAN.number(1234567), ENGLISH.number(1234567)) == ("۱٬۲۳۴٬۵۶۷", "1,234,567")
    assert (ENGLISH.counted("release", 1), ENGLISH.counted("release", 2)) == ("1 release", "2 releases")
    assert PERSIAN.counted("release", 2) == "۲ خبر"
    assert set(COUNTED["release"]) == {"one", "many"}


@pytest.mark.parametrize(
    ("path", "code"), [("/", "fa"), ("/en", "en"), ("/en/", "en"), ("/en/search", "en"), ("/energy", "fa")]
)
def test_the_path_says_the_language(path: str, code: str):
    assert language_of(path).code == code
    assert Path(FILE).is_file()
