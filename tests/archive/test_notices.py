"""Messages wait until each destination has taken them, and one of two who send gets each."""

from datetime import UTC, datetime, timedelta

import pytest

from archive import notices

NOON = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def do(archive, function, *words):
    with archive.writing() as connection:
        return function(connection, *words)


@pytest.fixture
def posted(archive):
    do(archive, notices.post, ["a", "b", "a"], "title", "body", NOON)
    return archive


def test_a_message_is_due_once_for_each_destination(posted):
    taken = do(posted, notices.take, ["a", "b"], NOON)
    assert [(each.destination, each.title, each.body, each.attempts) for each in taken] == [
        ("a", "title", "body", 1),
        ("b", "title", "body", 1),
    ]


def test_who_comes_second_gets_nothing_until_the_first_is_given_up(posted):
    do(posted, notices.take, ["a"], NOON)
    assert do(posted, notices.take, ["a"], NOON + MINUTE) == []
    assert len(do(posted, notices.take, ["a"], NOON + notices.HELD)) == 1


def test_a_destination_that_is_no_setting_any_more_gets_nothing(posted):
    assert do(posted, notices.take, ["c"], NOON) == []


def test_what_was_sent_is_sent(posted):
    (notice,) = do(posted, notices.take, ["a"], NOON)
    do(posted, notices.sent, notice, NOON)
    assert do(posted, notices.take, ["a"], NOON + timedelta(days=1)) == []
    assert next(each.sent_at for each in do(posted, notices.newest) if each.destination == "a") == NOON


def test_what_could_not_be_sent_is_tried_again_ever_less_and_then_given_up(posted):
    now, waits = NOON, []
    while taken := do(posted, notices.take, ["a"], now):
        again = do(posted, notices.failed, taken[0], "refused", now)
        if again is None:
            break
        assert [each.failure for each in do(posted, notices.waiting)] == ["refused"]
        waits.append((again - now) / MINUTE)
        now = again
    assert waits[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert now - NOON > timedelta(days=6)
    assert do(posted, notices.waiting) == []


def test_what_nobody_took_for_a_week_is_given_up_and_forgotten_in_the_end(posted):
    do(posted, notices.forget, NOON + notices.GIVEN_UP + MINUTE)
    assert do(posted, notices.take, ["a", "b"], NOON + notices.GIVEN_UP + MINUTE) == []
    assert len(do(posted, notices.newest)) == 2
    do(posted, notices.forget, NOON + notices.KEPT + MINUTE)
    assert do(posted, notices.newest) == []


def test_a_message_to_nobody_is_none(archive):
    do(archive, notices.post, [], "title", "body", NOON)
    with archive.reading() as connection:
        assert not notices.any_due(connection, ["a"], NOON)
