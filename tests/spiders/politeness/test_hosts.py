"""The door of one host, with a clock that runs."""

import asyncio
import time
from itertools import pairwise

import pytest

from spiders.errors import Busy
from spiders.politeness.hosts import Host, host, on_this_machine


async def visit(door, log, lasting=0.02):
    began = await door.enter()
    door.sent()
    log.append((time.monotonic(), +1))
    try:
        await asyncio.sleep(lasting)
    finally:
        log.append((time.monotonic(), -1))
        door.leave(began)


def run(doors, count, **kind):
    async def visits():
        log = []
        await asyncio.gather(*(visit(doors[number % len(doors)], log, **kind) for number in range(count)))
        return log

    log = asyncio.run(visits())
    inside, most = 0, 0
    for _, step in log:
        inside += step
        most = max(most, inside)
    return [moment for moment, step in log if step > 0], most


@pytest.mark.parametrize("connections", [1, 2, 4])
def test_no_more_are_inside_than_the_host_has_connections(connections):
    door = Host()
    door.join(delay=0.0, connections=connections, free=True)

    _, most = run([door], 12)

    assert most == connections


def test_the_delay_lies_between_two_that_enter():
    door = Host()
    door.join(delay=0.05, connections=2)

    starts, most = run([door], 6, lasting=0.15)

    assert min(later - earlier for earlier, later in pairwise(starts)) >= 0.049
    assert most == 2


def test_of_two_sources_at_one_host_the_most_careful_counts():
    door = Host()
    door.join(delay=0.0, connections=8, free=True)
    door.join(delay=0.05, connections=1)

    starts, most = run([door], 4, lasting=0.01)

    assert min(later - earlier for earlier, later in pairwise(starts)) >= 0.049
    assert most == 1


def test_a_host_is_one_whatever_the_spelling_of_its_name():
    assert host("www.Yazd.example.ir") is host("yazd.example.ir")
    assert host("yazd.example.ir") is not host("qom.example.ir")


def test_the_next_one_waits_until_a_slow_connection_has_sent_its_request():
    door = Host()
    door.join(delay=0.05, connections=2)

    async def slow_then_quick():
        log = []
        first = await door.enter()
        second = asyncio.create_task(visit(door, log))
        await asyncio.sleep(0.1)  # the connection is still being made, longer than the delay
        assert log == []
        door.sent()
        sent = time.monotonic()
        await second
        door.leave(first)
        return log[0][0] - sent

    assert asyncio.run(slow_then_quick()) >= 0.049


def test_a_request_that_was_never_sent_keeps_nobody_out():
    door = Host()
    door.join(delay=0.01, connections=2)

    async def broken_then_next():
        began = await door.enter()
        door.leave(began)
        return await asyncio.wait_for(door.enter(), 1)

    assert asyncio.run(broken_then_next())


def test_a_host_that_is_too_busy_is_closed_to_all_who_wait():
    door = Host()
    door.join(delay=0.0, connections=1)

    async def closed():
        began = await door.enter()
        waiting = asyncio.create_task(door.enter())
        await asyncio.sleep(0)
        with pytest.raises(Busy, match=r"asks us back after \d{4}-\d\d-\d\d \d\d:\d\d UTC") as raised:
            door.note(503, began=began, latency=0.1, after="86400", date=None)
        assert raised.value.seconds == 86_400.0
        with pytest.raises(Busy):
            await asyncio.wait_for(waiting, 1)

    asyncio.run(closed())


def test_a_moment_that_no_calendar_has_is_told_in_seconds():
    with pytest.raises(Busy, match=r"back in 999999999999 s"):
        Host().note(429, began=0.0, latency=0.1, after="999999999999", date=None)


@pytest.mark.parametrize(
    ("name", "ours"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("10.0.0.1", False), ("a", False)],
)
def test_a_host_on_this_machine_is_known_by_its_name(name, ours):
    assert on_this_machine(name) is ours
