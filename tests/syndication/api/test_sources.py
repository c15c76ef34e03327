"""Who publishes, how many releases there are of each, and how complete that is."""

import pytest

from archive import Archive, Query
from sources import Catalogue
from syndication.web.api import counts
from tests.syndication.api.conftest import Ask


def test_a_source_is_told_by_the_catalogue_its_articles_and_its_newest_run(ask: Ask, catalogue: Catalogue):
    told = ask("/sources/mcls-yazd").json()
    source = catalogue.source("mcls-yazd")
    assert (told["fa"], told["url"], told["platform"]) == (source.name_fa, source.url, source.platform)
    assert told["province"] == {"iso": "IR-21", "fa": "یزد", "en": "Yazd"}
    assert told["agency"]["id"] == "mcls"
    assert told["articles"] == 25
    assert told["crawl"] == {
        "started_at": "2021-12-08T00:00:00Z",
        "finished_at": "2021-12-08T00:01:00Z",
        "outcome": "ok",
        "reason": None,
        "counts": {"new": 26},
    }


def test_all_sources_are_listed_or_those_that_are_asked_for(ask: Ask, catalogue: Catalogue):
    told = ask("/sources").json()["sources"]
    assert [source["id"] for source in told] == list(catalogue.sources)
    assert sum(source["articles"] for source in told) == 26
    assert ask("/sources/mcls-yazd").json() in told
    asked = ask("/sources?province=یزد&agency=mcls").json()["sources"]
    assert [source["id"] for source in asked] == ["mcls-yazd"]


def test_a_source_that_is_not_in_the_catalogue_is_a_problem_of_404(ask: Ask):
    answer = ask("/sources/mcls-yaz")
    assert answer.status == 404
    assert "mcls-yazd" in answer.json()["detail"]


@pytest.mark.parametrize("by", ["", "month", "month,province", "state", "agency,source", "tag", "tag,state"])
@pytest.mark.parametrize(
    ("words", "query"),
    [("", Query()), ("q=نشست", Query(text="نشست")), ("province=yazd&state=live", None), ("since=1400-09", None)],
)
def test_counts_are_those_of_the_archive(
    ask: Ask, filled: Archive, catalogue: Catalogue, by: str, words: str, query: Query | None
):
    told = ask(f"/counts?{words}&by={by}" if by else f"/counts?{words}").json()
    asked = dict(pair.split("=") for pair in words.split("&") if "=" in pair)
    query = query or Query.parse(asked, catalogue)
    wanted = filled.counts(query, by.split(",") if by else ())
    assert told == wanted.to_dict() | {"total": filled.count(query)}


def test_more_numbers_than_an_answer_may_have_are_refused(ask: Ask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(counts, "MOST", 1)
    answer = ask("/counts?by=month")
    assert (answer.status, answer.json()["parameter"]) == (400, "by")


def test_coverage_is_the_ledger_of_the_sources_that_are_asked_for(ask: Ask, filled: Archive):
    told = ask("/coverage?province=yazd&since=1400").json()
    assert told == {"sources": [account.to_dict() for account in filled.coverage(Query(provinces=("IR-21",)))]}
    assert sum(source["fetched"] for source in told["sources"]) > 0
