"""What is held to a time fails when it takes longer (`tests/pace.py`)."""

import time

import pytest

from tests import pace
from tests.pace import within


def work(seconds: float) -> None:
    began = time.process_time()
    while time.process_time() - began < seconds:
        pass


def test_what_takes_longer_than_its_limit_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_chore", lambda: pace.ORDINARY)
    with pytest.raises(AssertionError, match=r"1\.0 times as slow"), within(0.01):
        work(0.02)
    with within(0.02):
        work(0.01)


def test_a_slow_machine_has_longer_and_a_fast_one_no_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_chore", lambda: pace.ORDINARY * 4)
    with within(0.01):
        work(0.02)
    monkeypatch.setattr(pace, "_chore", lambda: pace.ORDINARY / 4)
    with within(0.02):
        work(0.01)


def test_an_error_within_is_told_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError), within(0.0):
        raise ZeroDivisionError
