"""What a page does when the archive takes too long, and what it keeps so that it need not ask again."""

import pytest

from archive import Archive, Query, facets
from archive.errors import ArchiveUnavailable, TookTooLong
from archive.search import SearchIndex
from sources import Catalogue
from syndication.web import create_app, downloads, room
from syndication.web.api import answering
from syndication.web.memory import Memory
from syndication.web.pages import places
from tests.syndication.asking import Client


@pytest.fixture
def ask(full: Archive, catalogue: Catalogue) -> Client:
    return Client(create_app(full, catalogue, "https://news.example.ir"))


@pytest.mark.parametrize("path", ["/", "/search?q=نشست", "/changes", "/provinces/yazd", "/en/articles/mcls-yazd/1"])
def test_a_question_that_takes_too_long_is_given_up_and_named(ask: Client, monkeypatch: pytest.MonkeyPatch, path: str):
    monkeypatch.setattr(room, "SECONDS", 0.0)
    answer = ask(path)
    assert (answer.status, answer.headers["retry-after"]) == (503, "60")
    assert "پرسش سنگین" in answer.text or "A heavy question" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/query.atom?q=نشست",
        "/feeds/all.rss",
        "/feeds/changes.json",
        "/exports/releases.csv",
        "/articles/mcls-yazd/1.json",
        "/timemap/json/https://yazd.mcls.gov.ir/fa/news/1",
        "/badges/all.svg",
        "/api/v1/articles?q=نشست",
    ],
)
def test_so_is_what_programs_ask(ask: Client, monkeypatch: pytest.MonkeyPatch, path: str):
    monkeypatch.setattr(room, "SECONDS", 0.0)
    monkeypatch.setattr(answering, "SECONDS", 0.0)
    monkeypatch.setattr(downloads, "SECONDS", 0.0)
    answer = ask(path)
    assert (answer.status, answer.headers["retry-after"]) == (503, "60")


def test_whoever_waits_for_a_file_holds_no_thread_for_long(ask: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(downloads, "PATIENCE", 0.01)
    with downloads.AT_ONCE, downloads.AT_ONCE:
        assert ask("/exports/releases.csv").status == 503
    assert ask("/exports/releases.csv").status == 200


def test_a_source_whose_ledger_takes_too_long_shows_the_rest(ask: Client, monkeypatch: pytest.MonkeyPatch):
    def give_up(*_: object) -> None:
        raise TookTooLong("it took too long")

    monkeypatch.setattr(places, "_account", give_up)
    answer = ask("/en/sources/mcls-yazd")
    assert answer.status == 200
    assert "It took too long to count" in answer.text
    assert "<h3" in answer.text


def test_a_ledger_is_made_once_until_the_archive_moves(ask: Client, keep, make, monkeypatch: pytest.MonkeyPatch):
    made = []
    real = places._account
    monkeypatch.setattr(places, "_account", lambda *asked: made.append(asked) or real(*asked))
    for _ in range(3):
        ask("/sources/mcls-yazd")
    assert len(made) == 1
    keep(make(300, title="تازه"))
    assert "تازه" in ask("/sources/mcls-yazd").text
    assert len(made) == 2


def test_an_index_that_another_thread_finds_damaged_is_asked_again(full: Archive, monkeypatch: pytest.MonkeyPatch):
    query = Query(text="نشست")
    with full.reading() as connection:
        expected = facets.spread(connection, query, full.index, ["province", "month"])

        def damaged(*_: object) -> None:
            raise ArchiveUnavailable("the search index is damaged")

        class Broken:
            tallies = damaged

        monkeypatch.setattr(SearchIndex, "find", lambda *_: Broken())
        assert facets.spread(connection, query, full.index, ["province", "month"]) == expected
        for name, told in expected.items():
            assert told == facets.counts(connection, query, full.index, (name,))


def test_a_memory_lets_go_of_what_was_not_used_for_longest():
    memory = Memory(2)
    for key in ("a", "b", "a", "c"):
        memory.get(key, lambda key=key: key.upper())
    assert memory.get("a", lambda: "made again") == "A"
    assert memory.get("b", lambda: "made again") == "made again"
