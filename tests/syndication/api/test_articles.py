"""What the API says of articles is what every other face says of them."""

import gzip
import json
from urllib.parse import quote

import brotli
import pytest

from archive import Archive, Query, State
from archive.query import Sort
from tests.syndication.api.conftest import BASE, Ask


def ids(answer):
    return [record["id"] for record in answer.json()["articles"]]


def test_an_article_is_the_record_of_every_export(ask: Ask, filled: Archive):
    assert ask("/articles?limit=1000").json()["articles"] == list(filled.records(Query()))
    assert ask("/articles/mcls-yazd/5").json() == filled.article("mcls-yazd/5").to_dict()
    assert ask("/articles/mcls-yazd/5/revisions/1").json() == filled.article("mcls-yazd/5", 1).to_dict()


@pytest.mark.parametrize(
    ("words", "query"),
    [
        ("q=نشست", Query(text="نشست")),
        ("q=title:تنها OR بی‌تاریخ", Query(text="title:تنها OR بی‌تاریخ")),
        ("province=IR-22", Query(provinces=("IR-22",))),
        ("province=هرمزگان&province=yazd", Query(provinces=("IR-22", "IR-21"))),
        ("agency=mcls&source=mcls-hormozgan", Query(sources=("mcls-hormozgan",))),
        ("tag=اشتغال", Query(tags=("اشتغال",))),
        ("tag=-", Query(tags=("",))),
        ("state=gone", Query(states=(State.GONE,))),
        ("changed-since=25", Query(changed_since=25)),
        ("sort=oldest", Query(sort=Sort.OLDEST)),
        ("q=نشست&sort=best", Query(text="نشست", sort=Sort.BEST)),
    ],
)
def test_the_filters_are_those_of_every_face(ask: Ask, filled: Archive, words: str, query: Query):
    answer = ask(f"/articles?limit=1000&{words}")
    assert ids(answer) == [item.id for item in filled.articles(query)]
    assert answer.json()["next"] is None
    assert answer.json()["cursor"] is None


def test_a_range_of_days_includes_the_one_that_ends_it(ask: Ask):
    assert len(ids(ask("/articles?since=1400-08-01&until=۱۴۰۰/۰۸/۰۳"))) == 3
    assert len(ids(ask("/articles?since=1400-08&until=1400-08&limit=100"))) == 20


def test_of_one_text_the_earliest_is_told_where_that_is_asked(ask: Ask):
    assert len(ids(ask(f"/articles?q={quote('آیین‌نامه')}"))) == 2
    assert len(ids(ask(f"/articles?q={quote('آیین‌نامه')}&collapse-copies=yes"))) == 1


@pytest.mark.parametrize("words", ["limit=7", "limit=7&sort=oldest", "limit=7&q=نشست", "limit=7&q=نشست&sort=best"])
@pytest.mark.parametrize("by", ["next", "cursor", "link"])
def test_pages_follow_each_other_to_the_end_without_repetition(ask: Ask, words: str, by: str):
    whole, found, target = ids(ask(f"/articles?{words.replace('limit=7', 'limit=1000')}")), [], f"/articles?{words}"
    while target:
        answer = ask(target)
        found += ids(answer)
        told = answer.json()
        if by == "cursor":
            target = told["cursor"] and f"/articles?{words}&cursor={told['cursor']}"
        else:
            linked = answer.headers.get("link", "").removeprefix("<").removesuffix('>; rel="next"') or None
            assert linked == told["next"]
            target = told["next"] and told["next"].removeprefix(f"{BASE}/api/v1")
    assert found == whole


def test_only_the_names_are_told_that_are_asked_for(ask: Ask):
    told = ask("/articles?limit=2&fields=title,id,published").json()["articles"]
    assert [list(record) for record in told] == [["title", "id", "published"]] * 2
    assert ask("/articles/mcls-yazd/5?fields=revision").json() == {"revision": 2}
    assert ask("/articles/mcls-yazd/5/revisions/1?fields=revision,revisions").json() == {"revision": 1, "revisions": 2}


def test_ndjson_is_a_record_a_line_and_links_to_the_next_ones(ask: Ask):
    answer = ask("/articles?limit=3", accept="application/x-ndjson")
    told = ask("/articles?limit=3").json()
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line) for line in answer.body.splitlines()] == told["articles"]
    assert answer.headers["link"] == f'<{told["next"]}>; rel="next"'
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("accept", "told"),
    [
        ("*/*", "application/json"),
        ("application/*;q=0.5", "application/json"),
        ("application/x-ndjson, application/json;q=0.9", "application/x-ndjson"),
        ("application/x-ndjson;q=0.1, */*", "application/json"),
        ("text/html,application/xml;q=0.9,*/*;q=0.8", "application/json"),
        ("application/json;q=0, application/x-ndjson", "application/x-ndjson"),
        ("nonsense, application/json;q=many, */*", "application/x-ndjson"),
        ("", "application/json"),
        ("text/csv", "application/problem+json"),
        ("*/*;q=0", "application/problem+json"),
    ],
)
def test_the_format_is_what_the_client_likes_best(ask: Ask, accept: str, told: str):
    answer = ask("/articles?limit=1", accept=accept)
    assert answer.headers["content-type"] == told
    assert answer.status == (406 if "problem" in told else 200)


@pytest.mark.parametrize(
    "target", ["/articles", "/articles/mcls-yazd/5", "/changes", "/sources", "/counts", "/coverage", "/openapi.json"]
)
def test_an_answer_is_sent_again_only_when_it_says_something_new(ask: Ask, target: str):
    answer = ask(target)
    again = ask(target, if_none_match=answer.headers["etag"])
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", answer.headers["etag"])
    assert not answer.headers["etag"].startswith("W/")
    assert ask(target, if_none_match='"something else"').status == 200


def test_answers_are_compressed_for_whoever_takes_that(ask: Ask):
    plain = ask("/articles").body
    for coding, decompress in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        answer = ask("/articles", accept_encoding=coding)
        assert answer.headers["content-encoding"] == coding
        assert len(answer.body) < len(plain) / 4
        assert decompress(answer.body) == plain


def test_head_gives_the_headers_of_get_alone(ask: Ask):
    whole, head = ask("/articles"), ask("/articles", "HEAD")
    assert (head.status, head.body, head.headers) == (200, b"", whole.headers)


def test_revisions_stand_in_their_order(ask: Ask, filled: Archive):
    told = ask("/articles/mcls-yazd/5/revisions").json()
    assert told["id"] == "mcls-yazd/5"
    assert [each["number"] for each in told["revisions"]] == [1, 2]
    assert told["revisions"][1]["seen_at"] == "2021-12-08T00:00:00Z"
    assert told["revisions"][1]["content_hash"] == filled.article("mcls-yazd/5").content_hash


def test_a_difference_is_the_one_of_the_command(ask: Ask, filled: Archive):
    told = ask("/articles/mcls-yazd/5/diff/1/2").json()
    assert told == {"id": "mcls-yazd/5", "old": 1, "new": 2} | filled.difference("mcls-yazd/5", 1, 2).to_dict()
    assert told["classes"]
    assert ask("/articles/mcls-yazd/5/diff/2/2").json()["parts"] == []


def test_copies_are_told_in_the_order_of_publication(ask: Ask):
    told = ask("/articles/mcls-hormozgan/71/copies").json()
    assert {copy["id"] for copy in told["copies"]} == {"mcls-yazd/70", "mcls-hormozgan/71"}
    assert told["copies"][0]["similarity"] == 1
    assert ask("/articles/mcls-yazd/5/copies").json() == {"id": "mcls-yazd/5", "copies": []}


@pytest.mark.parametrize(
    "target",
    [
        "/articles/mcls-yazd/none",
        "/articles/nobody",
        "/articles/mcls-yazd/5/revisions/3",
        "/articles/mcls-yazd/5/diff/1/3",
        "/articles/mcls-yazd/none/copies",
        "/articles/mcls-yazd/none/revisions",
    ],
)
def test_what_is_not_there_is_a_problem_of_404(ask: Ask, target: str):
    answer = ask(target)
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
    assert "monadi query" not in answer.json()["detail"]
