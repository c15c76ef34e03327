import pytest

from syndication.feeds.fragments import Fragments


def test_a_fragment_is_made_once():
    made = []
    fragments = Fragments(capacity=100)
    for _ in range(2):
        assert fragments.get("key", lambda: made.append(1) or b"text") == b"text"
    assert made == [1]


def test_the_least_recently_used_gives_way():
    fragments = Fragments(capacity=10)
    fragments.get("a", lambda: b"12345")
    fragments.get("b", lambda: b"12345")
    fragments.get("a", bytes)
    fragments.get("c", lambda: b"12345")
    assert fragments.size == 10
    assert fragments.get("a", bytes) == b"12345"
    assert fragments.get("b", lambda: b"again") == b"again"


def test_a_fragment_larger_than_the_whole_is_given_and_not_kept():
    fragments = Fragments(capacity=3)
    assert fragments.get("a", lambda: b"12345") == b"12345"
    assert fragments.size == 0


def test_a_failure_keeps_nothing():
    fragments = Fragments(capacity=3)
    with pytest.raises(ZeroDivisionError):
        fragments.get("a", lambda: b"" * (1 // 0))
    assert fragments.get("a", lambda: b"1") == b"1"
