"""An increment on top of a base is a full export, whatever happened between them."""

import itertools
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Query, State, absences, identity, intake
from persian.dates import parse
from syndication.exports import export

QUERIES = (
    Query(),
    Query(states=(State.LIVE,)),
    Query(tags=("یزد",), states=(State.LIVE, State.UNLISTED)),
    Query(text="ویراست"),
    Query(sources=("mcls-yazd",), until=datetime(2021, 12, 1, tzinfo=UTC)),
)
UNTOLD = {"last_seen", "url", "aliases"}
NUMBERS = itertools.count(1)
EVENTS = st.lists(
    st.tuples(st.sampled_from(["new", "edit", "untag", "redate", "remove"]), st.integers(1, 6)), max_size=6
)


def happen(archive, make, events):
    """What offices do to their first six releases, and to six new ones."""
    for event, which in events:
        number, item = next(NUMBERS), make(which)
        at = item.fetched_at + timedelta(days=number)
        readings = {
            "new": {"number": 200 + which, "title": f"تازه {which}"},
            "edit": {"number": which, "title": f"ویراست {number}"},
            "untag": {"number": which, "tags": (), "body": f"بی‌برچسب {number}"},
            "redate": {"number": which, "published": parse("۱ دی ۱۴۰۰", fetched_at=at), "body": f"دیگر {number}"},
        }
        with archive.writing() as connection:
            if event == "remove":
                keys = list(identity.keys(item.native_id, item.url, ()))
                for visit in (at, at + absences.SURELY):
                    absences.missed(connection, item.source, keys, visit)
            else:
                intake.save(connection, [make(**{"fetched_at": at, **readings[event]})])


def content(records):
    """Records without what a visit may learn that changes nothing."""
    return {id_: {name: record[name] for name in record.keys() - UNTOLD} for id_, record in records.items()}


def exported(archive, query, target, **options):
    done = export(archive, query, target, "ndjson", **options)
    return done, {record["id"]: record for record in map(json.loads, target.read_bytes().splitlines())}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS, query=st.sampled_from(QUERIES))
def test_base_and_increment_are_a_full_export(growing, make, tmp_path, events, query):
    base, mirror = exported(growing, query, tmp_path / "x")
    happen(growing, make, events)
    increment, changed = exported(growing, query, tmp_path / "x", since_change=base.change)
    whole, full = exported(growing, query, tmp_path / "x")

    mirror |= changed
    for id_ in increment.left:
        mirror.pop(id_, None)
    if query.states:
        mirror = {id_: record for id_, record in mirror.items() if record["state"] in query.states}
    assert content(mirror) == content(full)
    assert increment.change == whole.change


@pytest.fixture
def edited(growing, make):
    """An archive in which after change 65 one release was removed, one untagged and one came new."""
    happen(growing, make, [("remove", 1), ("untag", 2), ("new", 3)])
    return growing


def test_an_increment_tells_of_removals_whatever_state_is_asked_for(edited, tmp_path):
    done, changed = exported(edited, Query(states=(State.LIVE,)), tmp_path / "x", since_change=65)
    assert {id_: record["state"] for id_, record in changed.items()} == {
        "mcls-yazd/1": "gone",
        "mcls-yazd/2": "live",
        "mcls-yazd/203": "live",
    }
    assert (done.articles, done.gone, done.left, done.change) == (3, 1, (), 68)


def test_what_an_edit_took_out_of_the_answer_is_named(edited, tmp_path):
    done, changed = exported(edited, Query(tags=("یزد",)), tmp_path / "x", since_change=65)
    assert sorted(changed) == ["mcls-yazd/1", "mcls-yazd/203"]
    assert done.left == ("mcls-yazd/2",)


def test_nothing_new_is_an_empty_increment_that_goes_on_from_the_same_number(edited, tmp_path):
    done, changed = exported(edited, Query(), tmp_path / "x", since_change=68)
    assert (changed, done.change) == ({}, 68)


def test_what_changed_since_stays_a_filter_like_any_other(edited, tmp_path):
    _, changed = exported(edited, Query(changed_since=65, states=(State.LIVE,)), tmp_path / "x")
    assert sorted(changed) == ["mcls-yazd/2", "mcls-yazd/203"]
