"""What operators ask of the schedule and what it intends, kept between the two."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from archive import Archive, orders
from archive.orders import Order, Visit, Why

NOON = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
YAZD, GILAN = "mcls-yazd", "ostandari-gilan"


def read(archive: Archive) -> dict[str, Order]:
    with archive.reading() as connection:
        return orders.read(connection)


def do(archive: Archive, function, *words):
    with archive.writing() as connection:
        return function(connection, *words)


def test_nothing_stands_until_somebody_asks(archive):
    assert read(archive) == {}


def test_a_source_is_paused_once_and_by_the_first_who_asks(archive):
    assert do(archive, orders.pause, [YAZD, GILAN, YAZD], NOON, "maryam") == [YAZD, GILAN]
    assert do(archive, orders.pause, [YAZD], LATER, "reza") == []
    assert read(archive)[YAZD] == Order(source=YAZD, paused_since=NOON, paused_by="maryam")


def test_a_paused_source_is_resumed(archive):
    do(archive, orders.pause, [YAZD], NOON, "maryam")
    assert do(archive, orders.resume, [YAZD, GILAN], LATER, "reza") == [YAZD]
    assert do(archive, orders.resume, [YAZD], LATER, "reza") == []
    assert read(archive)[YAZD] == Order(source=YAZD)


def test_a_harvest_is_wanted_until_one_begins(archive):
    assert do(archive, orders.want, [YAZD, GILAN], NOON, "maryam") == [YAZD, GILAN]
    assert do(archive, orders.want, [YAZD], LATER, "reza") == []
    do(archive, orders.begun, YAZD)
    assert read(archive) == {
        YAZD: Order(source=YAZD),
        GILAN: Order(source=GILAN, wanted_since=NOON, wanted_by="maryam"),
    }


def test_what_is_asked_for_does_not_touch_the_rest(archive):
    visit = Visit(at=LATER, why=Why.FAILING)
    do(archive, orders.plan, {YAZD: visit})
    do(archive, orders.want, [YAZD], NOON, "maryam")
    do(archive, orders.pause, [YAZD], LATER, "reza")
    whole = Order(source=YAZD, paused_since=LATER, paused_by="reza", wanted_since=NOON, wanted_by="maryam", visit=visit)
    assert read(archive)[YAZD] == whole
    do(archive, orders.begun, YAZD)
    do(archive, orders.resume, [YAZD], LATER, "reza")
    assert read(archive)[YAZD] == Order(source=YAZD, visit=visit)


def test_a_plan_takes_the_place_of_the_one_before(archive):
    do(archive, orders.pause, [GILAN], NOON, "maryam")
    do(archive, orders.plan, {YAZD: Visit(at=NOON, why=Why.PACE), GILAN: Visit(at=None, why=Why.PAUSED)})
    do(archive, orders.plan, {YAZD: Visit(at=None, why=Why.NEW)})
    assert read(archive) == {
        YAZD: Order(source=YAZD, visit=Visit(at=None, why=Why.NEW)),
        GILAN: Order(source=GILAN, paused_since=NOON, paused_by="maryam"),
    }
    do(archive, orders.plan, {})
    assert [order.visit for order in read(archive).values()] == [None, None]


@pytest.mark.parametrize("why", Why)
def test_every_reason_comes_back_as_it_was_kept(archive, why):
    do(archive, orders.plan, {YAZD: Visit(at=NOON, why=why)})
    assert read(archive)[YAZD].visit == Visit(at=NOON, why=why)


def test_who_asked_and_when_is_a_line_in_the_log(archive, caplog):
    with caplog.at_level(logging.WARNING, "archive.orders"):
        do(archive, orders.pause, [YAZD], NOON, "maryam")
        do(archive, orders.pause, [YAZD], NOON, "maryam")
        do(archive, orders.resume, [YAZD], NOON, "reza")
        do(archive, orders.want, [YAZD], NOON, "reza")
    assert caplog.messages == [
        "mcls-yazd: paused, asked for by maryam at 2026-11-29T08:30:00Z",
        "mcls-yazd: resumed, asked for by reza at 2026-11-29T08:30:00Z",
        "mcls-yazd: to be harvested, asked for by reza at 2026-11-29T08:30:00Z",
    ]


SHOWN = {
    "nothing": (Order(source=YAZD), ""),
    "due at once": (Order(source=YAZD, visit=Visit(at=None, why=Why.NEW)), "new"),
    "later": (Order(source=YAZD, visit=Visit(at=NOON, why=Why.PACE)), "2026-11-29T08:30:00Z (pace)"),
    "wanted": (Order(source=YAZD, wanted_since=NOON, visit=Visit(at=NOON, why=Why.PACE)), "wanted"),
    "paused": (Order(source=YAZD, paused_since=NOON, wanted_since=NOON), "paused"),
}


@pytest.mark.parametrize(("order", "shown"), SHOWN.values(), ids=SHOWN)
def test_what_comes_next_is_shown_in_a_word(order, shown):
    assert str(order) == shown


def test_what_operators_asked_for_is_told_apart_from_what_is_planned():
    order = Order(source=YAZD, paused_since=NOON, wanted_since=LATER, visit=Visit(at=LATER, why=Why.PACE))
    assert order.asked == (NOON, LATER)
    assert Order(source=YAZD, visit=Visit(at=LATER, why=Why.PACE)).asked == (None, None)


def test_an_order_is_exported_in_plain_values():
    order = Order(source=YAZD, paused_since=NOON, paused_by="maryam", visit=Visit(at=None, why=Why.PAUSED))
    assert order.to_dict() == {
        "paused_since": "2026-11-29T08:30:00Z",
        "paused_by": "maryam",
        "wanted_since": None,
        "wanted_by": None,
        "next_visit": None,
        "next_visit_reason": "paused",
    }
