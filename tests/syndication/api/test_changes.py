"""A mirror follows the change log by one number."""

import json

import pytest

from archive import Archive
from syndication.web.api import changes
from tests.syndication.api.conftest import BASE, Ask


def followed(ask: Ask, words: str = "") -> list[dict]:
    found, target = [], f"/changes?since=0&{words}"
    while target:
        told = ask(target).json()
        found += told["changes"]
        target = told["next"] and told["next"].removeprefix(f"{BASE}/api/v1")
    assert ask(f"/changes?since={told['since']}&{words}").json() == {
        "changes": [],
        "since": told["since"],
        "next": None,
    }
    return found


def test_whoever_follows_the_log_is_told_each_change_once(ask: Ask, filled: Archive):
    whole = [change.to_dict() for change in filled.changes()]
    assert followed(ask, "limit=4") == whole
    assert followed(ask) == whole


@pytest.mark.parametrize("looked_through", [1, 3, 10_000])
@pytest.mark.parametrize(
    ("words", "answers"),
    [
        ("kind=gone", lambda change: change["kind"] == "gone"),
        ("kind=gone&kind=revised", lambda change: change["kind"] in ("gone", "revised")),
        ("source=mcls-hormozgan", lambda change: change["article"].startswith("mcls-hormozgan/")),
        ("province=yazd&kind=copied", lambda change: change["kind"] == "copied" and "yazd" in change["article"]),
        ("province=tehran", lambda change: False),
    ],
)
def test_filters_pass_over_the_rest_however_much_that_is(
    ask: Ask, filled: Archive, monkeypatch: pytest.MonkeyPatch, looked_through: int, words: str, answers
):
    monkeypatch.setattr(changes, "LOOKED_THROUGH", looked_through)
    wanted = [change.to_dict() for change in filled.changes() if answers(change.to_dict())]
    assert followed(ask, words) == wanted
    assert followed(ask, f"{words}&limit=1") == wanted


def test_a_number_that_is_yet_to_come_is_asked_for_again(ask: Ask):
    assert ask("/changes?since=99999").json() == {"changes": [], "since": 99999, "next": None}


def test_ndjson_is_a_change_a_line(ask: Ask):
    answer = ask("/changes?limit=2", accept="application/x-ndjson")
    assert [json.loads(line)["seq"] for line in answer.body.splitlines()] == [1, 2]
    assert answer.headers["link"] == f'<{BASE}/api/v1/changes?limit=2&since=2>; rel="next"'
