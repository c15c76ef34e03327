"""Logs for programs: a line of JSON a crawl, without secrets."""

import json
import logging
import subprocess
import sys

import pytest

from archive import logs
from archive.crawls import Outcome, Result
from archive.logs import _written, stripped

SAID = """
import logging
from archive import logs
from archive.crawls import Outcome, Result
logs.configure({form!r})
logs.configure({form!r})
result = Result(outcome=Outcome.BLOCKED, reason="403", swept=False, counts={{"new": 0, "listed": 3}})
logs.crawl_ended("mcls-yazd", result, 1.234)
logging.getLogger("spiders.station").warning("no way to postgresql://me:hidden@db/monadi for %s", "یزد")
"""


def lines(form):
    done = subprocess.run([sys.executable, "-c", SAID.format(form=form)], capture_output=True, text=True, check=True)
    return done.stderr.splitlines()


def test_a_crawl_is_one_line_of_json():
    first, second = map(json.loads, lines("json"))
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "event": "crawl ended",
        "level": "info",
        "logger": "monadi.crawl",
        "source": "mcls-yazd",
        "outcome": "blocked",
        "reason": "403",
        "seconds": 1.2,
        "counts": {"listed": 3},
    }
    assert (second["event"], second["level"]) == ("no way to postgresql://…@db/monadi for یزد", "warning")


def test_for_people_nothing_changes():
    assert lines("text") == ["no way to postgresql://me:hidden@db/monadi for یزد"]


@pytest.mark.parametrize("name", ["password", "api_key", "Authorization", "bot_token", "client_secret"])
def test_what_is_called_a_secret_is_left_out(name):
    assert stripped(None, "", {name: "x", "source": "y"}) == {name: "…", "source": "y"}


def test_json_does_nothing_to_a_terminal_and_says_all_the_same():
    written = _written({"reason": "a\x1b[2J\x9b31m\u202e\n«یزد»"})
    assert written == '{"reason": "a\\u001b[2J\\u009b31m\\u202e\\n«یزد»"}'
    assert json.loads(written) == {"reason": "a\x1b[2J\x9b31m\u202e\n«یزد»"}


@pytest.fixture
def loggers():
    """Ours, to be left as they were."""
    found = [logging.getLogger(name) for name in (*logs.OURS, logs.CRAWLS)]
    before = [(each, list(each.handlers), each.propagate, each.level) for each in found]
    yield found
    for each, handlers, propagate, level in before:
        each.handlers[:], each.propagate = handlers, propagate
        each.setLevel(level)


def test_what_is_written_for_programs_is_written_once_however_often_it_is_asked_for(loggers, capsys):
    for form in ("text", "json", "json"):
        logs.configure(form)

    logs.crawl_ended(
        "mcls-yazd", Result(outcome=Outcome.OK, reason=None, swept=True, counts={"new": 2, "gone": 0}), 1.26
    )

    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["source"], told["outcome"], told["seconds"], told["counts"]) == ("mcls-yazd", "ok", 1.3, {"new": 2})
