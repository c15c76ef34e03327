"""Quiet hours and the hour of the week, on Tehran's clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian.calendars import TEHRAN
from syndication.alerts.hours import Quiet, Weekly
from syndication.errors import WrongSetting


def at(clock):
    return datetime.fromisoformat(f"2026-11-29T{clock}+03:30").astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "clock", "quiet"),
    [
        ("22:00-07:00", "23:15", True),
        ("22:00-07:00", "06:59", True),
        ("22:00-07:00", "07:00", False),
        ("22:00-07:00", "12:00", False),
        ("13:00-15:00", "14:00", True),
        ("13:00-15:00", "15:00", False),
        ("", "03:00", False),
    ],
)
def test_it_is_quiet(hours, clock, quiet):
    assert Quiet.read(hours).holds(at(clock)) is quiet


@pytest.mark.parametrize("wrong", ["22-7", "25:00-07:00", "at night", "22:00"])
def test_what_are_no_hours_is_refused(wrong):
    with pytest.raises(WrongSetting, match="MONADI_QUIET"):
        Quiet.read(wrong)


@pytest.mark.parametrize("wrong", ["8:00", "samstag 08:00", "saturday", "saturday 24:00"])
def test_what_is_no_time_of_the_week_is_refused(wrong):
    with pytest.raises(WrongSetting, match="MONADI_DIGEST"):
        Weekly.read(wrong)


def test_there_may_be_no_digest():
    assert Weekly.read("none") is None


@given(st.integers(1_577_836_800, 2_208_988_800))
def test_the_newest_instant_of_the_week_is_within_it(seconds):
    now = datetime.fromtimestamp(seconds, UTC)
    found = Weekly.read("Saturday 08:00").newest(now)
    there = found.astimezone(TEHRAN)
    assert (there.weekday(), f"{there:%H:%M}") == (5, "08:00")
    assert timedelta() <= now - found < timedelta(days=7, hours=1)  # summer time ended within some weeks
