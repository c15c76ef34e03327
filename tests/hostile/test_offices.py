"""Whatever an office leads to: its sound releases are read, nobody else is asked, and the crawl comes to an end."""

import re

import pytest

from tests.hostile.offices import OFFICES, SLOW, Comes
from tests.hostile.sites import Came

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e]")
MEMORY = 1000  # MB


@pytest.mark.parametrize("name", OFFICES)
def test_a_crawl_of_it_comes_to(offices, name):
    _came_to(offices.came[name], OFFICES[name][1])


@pytest.mark.parametrize("name", SLOW)
def test_one_that_keeps_us_waiting_is_left(slow, name):
    _came_to(slow.came[name], SLOW[name][1])
    assert slow.came[name].seconds < 60


def _came_to(came: Came, comes: Comes) -> None:
    sound = [path for path in came.paths if path.startswith("/sound-")]

    assert len(sound) == comes.sound
    assert [path for path in came.paths if path not in sound] == sorted(comes.others)
    assert len(came.asked) <= comes.most
    assert comes.outcome in (None, came.outcome)
    assert comes.because in (came.reason or "")
    assert [path for path in comes.held if not came.of(path).startswith("held/")] == []
    assert "failed/walk" not in came.counts


def test_nobody_else_is_asked(offices):
    assert offices.trapped == []


def test_what_operators_are_told_is_one_line(offices):
    reasons = [came.reason for came in offices.came.values() if came.reason]

    assert not [reason for reason in reasons if CONTROLS.search(reason)]


def test_memory_and_time_are_bounded(offices):
    assert offices.megabytes < MEMORY
    assert offices.seconds < 90  # of CPU
