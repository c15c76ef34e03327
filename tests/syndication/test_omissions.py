"""One bad release is left out by name, and never takes its feed with it."""

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
import sqlalchemy as sa

from archive.tables import revisions
from syndication import omissions
from syndication.feeds import Format, find, render
from syndication.omissions import FILE, OMISSIONS, Omissions
from syndication.publish import publish

BASE = "https://news.example.ir"


@pytest.fixture
def broken(archive, keep, make):
    """Three releases, one of them damaged in the archive: its tags are numbers."""
    keep(make(1, title="نخست"), make(2, title="شکسته"), make(3, title="واپسین"))
    damage(archive, [5])
    return archive


def damage(archive, tags):
    with archive.writing() as connection:
        connection.execute(sa.update(revisions).where(revisions.c.title == "شکسته").values(tags=tags))


@pytest.mark.parametrize("format_", Format)
def test_the_others_are_told_as_if_it_were_not_there(format_, broken, catalogue):
    document = render(broken, find("all", catalogue), format_, BASE)
    if format_ is Format.JSON:
        assert [item["title"] for item in json.loads(document)["items"]] == ["واپسین", "نخست"]
    else:
        read = feedparser.parse(document)
        assert not read.bozo
        assert [entry.title for entry in read.entries] == ["واپسین", "نخست"]


def test_it_is_named_once_in_the_log_and_in_the_file(broken, catalogue, caplog, tmp_path):
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            render(broken, find("all", catalogue), "atom", BASE)
    (line,) = caplog.messages
    assert line.startswith("mcls-yazd/2 is left out of feeds as atom: TypeError: ")
    assert "\n" not in line
    (named,) = omissions.read(tmp_path)
    assert (named.item, named.format, named.reason) == ("mcls-yazd/2", "atom", line.partition("atom: ")[2])
    assert OMISSIONS.all() == [named]


def test_publishing_goes_on_and_names_it(broken, catalogue, tmp_path):
    publish(broken, catalogue, tmp_path / "site", BASE)
    assert "واپسین" in (tmp_path / "site/feeds/source/mcls-yazd.rss").read_text(encoding="utf-8")
    assert {(each.item, each.format) for each in omissions.read(tmp_path)} == {
        ("mcls-yazd/2", format_) for format_ in Format
    }


def test_an_edit_is_left_out_of_the_feed_of_edits_alone(archive, keep, make, catalogue, tmp_path):
    keep(make(1), make(2))
    later = datetime(2021, 12, 9, tzinfo=UTC)
    keep(make(1, title="شکسته", fetched_at=later), make(2, title="ویراسته", fetched_at=later))
    damage(archive, [5])
    entries = feedparser.parse(render(archive, find("changes", catalogue), "rss", BASE)).entries
    assert [entry.title.partition(": ")[2] for entry in entries] == ["ویراسته"]
    assert [each.item for each in omissions.read(tmp_path)] == ["mcls-yazd/1 (change 3)"]


def test_what_is_mended_is_named_no_more(broken, catalogue, tmp_path):
    render(broken, find("all", catalogue), "rss", BASE)
    render(broken, find("all", catalogue), "json", BASE)
    damage(broken, ["درست"])
    assert "شکسته".encode() in render(broken, find("all", catalogue), "rss", BASE)
    assert [each.format for each in omissions.read(tmp_path)] == ["json"]


def test_two_processes_share_the_file(tmp_path):
    serving, publishing = Omissions(), Omissions()
    serving.keep_in(tmp_path)
    publishing.keep_in(tmp_path)
    serving.left_out("a/1", "rss", ValueError("x"))
    publishing.left_out("a/2", "rss", ValueError("y\n\ud800"))
    assert [(each.item, each.reason) for each in serving.all()] == [
        ("a/1", "ValueError: x"),
        ("a/2", "ValueError: y \\ud800"),
    ]
    later = Omissions()
    later.keep_in(tmp_path)
    later.told("a/1", "rss")
    later.told("a/9", "rss")
    assert [each.item for each in omissions.read(tmp_path)] == ["a/2"]


def test_what_was_left_out_long_ago_is_named_no_more(tmp_path):
    kept = Omissions()
    kept.keep_in(tmp_path)
    kept.left_out("a/1", "rss", ValueError("x"))
    (noted,) = omissions.read(tmp_path)
    old = replace(noted, at=datetime.now(UTC) - omissions.RECENT - timedelta(seconds=1))
    (tmp_path / FILE).write_text(json.dumps([old.to_dict()]))
    assert omissions.read(tmp_path) == []


@pytest.mark.parametrize(
    "written", ["", "{}", "[1]", '[{"item": "a"}]', '[{"item":"a","format":"","reason":"","at":"x"}]']
)
def test_a_file_that_cannot_be_read_names_nothing(written, tmp_path):
    (tmp_path / FILE).write_text(written)
    assert omissions.read(tmp_path) == []


def test_a_directory_that_cannot_be_written_breaks_nothing(tmp_path, caplog):
    kept = Omissions()
    kept.keep_in(tmp_path / "none")
    kept.left_out("a/1", "rss", ValueError())
    assert caplog.messages == ["a/1 is left out of feeds as rss: ValueError: no more is known"]
