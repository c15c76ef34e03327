"""The musts of JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), checked by hand."""

import json
from datetime import datetime

import pytest

from syndication.feeds import entries, find, render

BASE = "https://news.example.ir"


@pytest.fixture
def document(full, catalogue):
    return render(full, find("all", catalogue), "json", BASE)


@pytest.fixture
def feed(document):
    return json.loads(document)


def is_address(value):
    return isinstance(value, str) and value.startswith(("https://", "http://"))


def test_the_head_has_what_it_must(feed):
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["feed_url"] == f"{BASE}/feeds/all.json"
    assert feed["home_page_url"] == f"{BASE}/"
    assert feed["language"] == "fa"
    assert isinstance(feed["items"], list)


def test_each_item_has_what_it_must_and_no_nulls(feed):
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"]) == 50
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["content_html"]
        assert all(is_address(item[key]) for key in ("url", "image") if key in item)
        assert all(datetime.fromisoformat(item[key]).tzinfo for key in ("date_published", "date_modified"))
        assert all(set(author) & {"name", "url", "avatar"} for author in item["authors"])
        assert all(isinstance(tag, str) for tag in item["tags"])
        assert None not in item.values()
        assert [key for key in item if key.startswith("_")] == ["_jalali"]
        for file in item.get("attachments", []):
            assert is_address(file["url"])
            assert isinstance(file["mime_type"], str)
            assert isinstance(file.get("size_in_bytes", 0), int)


def test_it_announces_the_archives_newest_at_its_instants(feed, newest):
    assert [item["id"] for item in feed["items"]] == [item.guid for item in newest]
    instants = [datetime.fromisoformat(item["date_published"]) for item in feed["items"]]
    assert instants == [entries.published(item) for item in newest]


def test_it_is_written_in_one_order_one_item_a_line_in_persian(document):
    text = document.decode()
    lines = text.splitlines()
    assert text.startswith('{"version": ')
    assert text.endswith("\n]}\n")
    assert len(lines) == 52
    assert "تنها روز" in text
    keys = [list(json.loads(line.removesuffix(","))) for line in lines[1:-1]]
    assert all(each[0] == "id" and each[-1] == "_jalali" for each in keys)


def test_an_empty_feed_has_no_items(archive, catalogue):
    assert json.loads(render(archive, find("all", catalogue), "json", BASE))["items"] == []
