"""What goes wrong is said as a problem (RFC 9457) that names the parameter; nothing that can be sent is a fault."""

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.database import sqlite_url
from sources import Catalogue
from syndication.web import create_app
from syndication.web.api import answering
from tests.syndication.api.conftest import BASE, Ask
from tests.syndication.asking import Client

BOTH = pytest.mark.parametrize("filled", ["sqlite", "postgresql"], indirect=True)


@pytest.mark.parametrize(
    ("target", "parameter"),
    [
        ("/articles?x=1", "x"),
        ("/articles?text=یزد", "text"),
        ("/articles?limit=0", "limit"),
        ("/articles?limit=1001", "limit"),
        ("/articles?limit=ten", "limit"),
        ("/articles?limit=1&limit=2", "limit"),
        ("/articles?limit=", "limit"),
        ("/articles?province=atlantis", "province"),
        ("/articles?province=", "province"),
        ("/articles?province=%20", "province"),
        ("/articles?source=mcls-yazd&source=nobody", "source"),
        ("/articles?agency=nobody", "agency"),
        ("/articles?state=lost", "state"),
        ("/articles?since=never", "since"),
        ("/articles?until=99999-01-01", "until"),
        ("/articles?changed-since=-1", "changed-since"),
        ("/articles?changed-since=99999999999999999999999", "changed-since"),
        ("/articles?collapse-copies=perhaps", "collapse-copies"),
        ("/articles?sort=sideways", "sort"),
        ("/articles?sort=best", "sort"),
        ("/articles?cursor=abc", "cursor"),
        ("/articles?q=روابط&sort=best&cursor=WyIyMDIxLTEyLTA2VDA5OjAwOjAwKzAwOjAwIiwgNTAwXQ", "cursor"),
        ("/articles?fields=id,nonsense", "fields"),
        ("/articles?fields=", "fields"),
        ("/articles?q=" + "x" * 1001, "q"),
        ("/articles?" + "&".join(["tag=x"] * 101), "tag"),
        ("/articles/mcls-yazd/5?limit=1", "limit"),
        ("/articles/mcls-yazd/5/revisions?x=1", "x"),
        ("/articles/mcls-yazd/5/revisions/0", "n"),
        ("/articles/mcls-yazd/5/revisions/99999999999999999999", "n"),
        ("/articles/mcls-yazd/5/diff/1/two", "b"),
        ("/changes?since=1400", None),
        ("/changes?since=x", "since"),
        ("/changes?kind=odd", "kind"),
        ("/changes?q=یزد", "q"),
        ("/counts?by=weekday", "by"),
        ("/counts?limit=5", "limit"),
        ("/coverage?tag=یزد", "tag"),
        ("/coverage?source=nobody", "source"),
        ("/coverage?until=۱۳/۱۳/۱۳", "until"),
        ("/sources?since=1400", "since"),
    ],
)
def test_a_parameter_that_is_wrong_is_named(ask: Ask, target: str, parameter: str | None):
    answer = ask(target)
    if parameter is None:
        assert answer.status == 200
        return
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    told = answer.json()
    assert (told["parameter"], told["status"]) == (parameter, 400)
    assert told["detail"].startswith(f"{parameter}: ")
    assert answer.headers["cache-control"] == "no-store"
    assert len(answer.body) < 1500


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("target", ["/articles", "/articles/mcls-yazd/5", "/sources", "/openapi.json"])
def test_a_method_that_changes_things_is_a_problem_of_405(ask: Ask, method: str, target: str):
    answer = ask(target, method)
    assert (answer.status, answer.headers["content-type"]) == (405, "application/problem+json")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("target", ["/nowhere", "/", "/articles/", "/sources/mcls-yazd/x"])
def test_an_address_of_nothing_is_a_problem_of_404(ask: Ask, target: str):
    answer = ask(target)
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("target", "headers", "status"),
    [
        ("/articles?q=" + "x" * 8200, {}, 414),
        ("/articles/" + "x" * 4100, {}, 414),
        ("/articles", {"content_length": "70000"}, 413),
        ("/articles", {"content_length": "-1"}, 413),
        ("/articles", {"content_length": "12"}, 200),
    ],
)
def test_what_is_too_long_is_refused_before_it_is_read(ask: Ask, target: str, headers: dict[str, str], status: int):
    assert ask(target, **headers).status == status


HOSTILE = [
    *("\x00", "a\x00b", "\ud800", "\ufffe", "\u202e", "'; DROP TABLE articles;--", "%", "\\", "x" * 900, "(" * 300),
    *('"', "title:", "NOT", "OR OR", "*", "a" * 200, "۹" * 200, "-1", "1e309", "NaN", "\u200c", "../../etc/passwd"),
]


@BOTH
@pytest.mark.parametrize("value", HOSTILE, ids=ascii)
def test_nothing_that_can_be_sent_is_a_fault(ask: Ask, value: str):
    escaped = quote(value.encode(errors="surrogatepass"))
    words = ("q", "tag", "province", "since", "limit", "cursor", "fields", "changed-since", "state", escaped)
    targets = [f"/articles?{word}={escaped}" for word in words]
    targets += [f"/changes?since={escaped}", f"/counts?by={escaped}", f"/counts?by=month&q={escaped}"]
    sent = value.encode(errors="replace").decode()
    targets += [f"/articles/{sent}", f"/articles/{sent}/revisions/1", f"/articles/{sent}/copies", f"/sources/{sent}"]
    for target in targets:
        assert ask(target).status in (200, 400, 404, 405), target


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.text(max_size=20), st.binary(max_size=40))
def test_no_word_is_a_fault(ask: Ask, text: str, value: str, cursor: bytes):
    escaped = quote(text.encode(errors="surrogatepass"))
    told = ask(f"/articles?q={escaped}&limit=2")
    assert told.status == 200
    assert ask(f"/articles?tag={quote(value.encode(errors='surrogatepass'))}&limit=2").status in (200, 400)
    assert ask(f"/articles?cursor={quote(cursor)}").status in (200, 400)


def test_without_an_archive_programs_are_told_to_come_again(tmp_path: Path, catalogue: Catalogue):
    with Archive(sqlite_url(tmp_path / "monadi.db"), tmp_path / "search") as archive:
        answer = Client(create_app(archive, catalogue, BASE))("/api/v1/articles")
        assert (answer.status, answer.headers["content-type"]) == (503, "application/problem+json")
        assert answer.headers["retry-after"] == "60"
        assert str(tmp_path) not in answer.text
        assert Client(create_app(archive, catalogue, BASE))("/api/v1/openapi.json").status == 200


@BOTH
def test_a_question_that_takes_too_long_is_given_up(ask: Ask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(answering, "SECONDS", 0.0)
    answer = ask("/counts?by=month")
    assert (answer.status, answer.headers["retry-after"]) == (503, "60")
    assert answer.json()["type"].endswith("/too-costly")
    monkeypatch.undo()
    assert ask("/counts?by=month").status == 200


def test_a_fault_of_ours_is_a_problem_without_its_details(filled: Archive, catalogue: Catalogue, monkeypatch):
    def broken(*_):
        raise RuntimeError("division")

    client = Client(create_app(filled, catalogue, BASE))
    monkeypatch.setattr("syndication.web.api.counts.facets.counts", broken)
    answer = client("/api/v1/counts", fails=True)
    assert (answer.status, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "division" not in answer.text
