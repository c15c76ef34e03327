"""Entries for those who cite, of a release as it is now and of each of its revisions."""

import re

import bibtexparser
import pytest

from archive import Archive
from tests.syndication.asking import Client
from tests.syndication.web.conftest import BASE

PAGE = "/articles/mcls-yazd/1"


@pytest.mark.parametrize(("path", "number"), [(PAGE, 3), (f"{PAGE}/revisions/1", 1)])
def test_an_entry_leads_to_the_permalink_of_the_revision(ask: Client, edited: Archive, path: str, number: int):
    item = edited.article("mcls-yazd/1", number)
    bib, ris = ask(f"{path}.bib"), ask(f"{path}.ris")
    (entry,) = bibtexparser.parse_string(bib.text).entries
    assert (entry.key, entry["url"]) == (f"mcls-yazd-1-r{number}", f"{BASE}{PAGE}/revisions/{number}")
    fields = dict(re.findall(r"^([A-Z][A-Z0-9])  - (.*?)\r$", ris.text, re.MULTILINE))
    assert (fields["UR"], fields["TI"]) == (f"{BASE}{PAGE}/revisions/{number}", item.article.title)
    for text in (bib.text, ris.text):
        assert item.content_hash in text


@pytest.mark.parametrize(
    ("extension", "media_type"),
    [("bib", "application/x-bibtex; charset=utf-8"), ("ris", "application/x-research-info-systems; charset=utf-8")],
)
def test_an_entry_is_offered_as_a_file(ask: Client, extension: str, media_type: str):
    answer = ask(f"{PAGE}/revisions/2.{extension}")
    assert answer.headers["content-type"] == media_type
    assert answer.headers["content-disposition"] == f'attachment; filename="mcls-yazd-1-r2.{extension}"'


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/revisions/2", f"/en{PAGE}"])
def test_a_page_cites_itself_with_both_dates_and_leads_to_the_entries(ask: Client, path: str):
    page = ask(path).text
    revision = 2 if path.endswith("2") else 3
    cited = re.search(r'<p class="citation"[^>]*>(.*?)</p>', page)[1]
    text = re.sub("<[^>]*>", "", cited)
    for told in ("دوشنبه ۱۵ آذر ۱۴۰۰، ۰۹:۱۹", "1400-09-15T09:19:00", "2021-12-06T09:19:00+03:30"):
        assert told in text
    assert f"{BASE}{PAGE}/revisions/{revision}" in text
    here = path.removeprefix("/en")
    for extension in ("bib", "ris"):
        assert f'href="/monadi{here}.{extension}"' in page
