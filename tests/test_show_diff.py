"""`monadi show ID --diff [N]`: what an edit changed, for people, for pipes and for programs."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive import Archive, Article, crawls, intake
from archive.database import sqlite_url
from sources import Catalogue

Show = Callable[..., subprocess.CompletedProcess[str]]
BODY = (
    "این بند دراز است و در آن هیچ چیز دگرگون نشد تا خواننده تنها آنچه را که ویرایش شده است ببیند و بس. پایان آن {} نفر"
)


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory, make: Callable[..., Article]) -> dict[str, str]:
    """An archive with an article of three revisions and one of a single revision."""
    data = tmp_path_factory.mktemp("data")
    first = make(body=BODY.format("۱۲۰"), title="نشست خبري استاندار یزد")
    edits = ({"body": BODY.format("۲۱۰")}, {"title": "نشست خبری استاندار یزد."})
    with Archive(sqlite_url(data / "monadi.db"), data / "search") as archive:
        archive.upgrade()
        with archive.writing() as connection:
            crawls.register(connection, Catalogue.load().sources.values())
            reading = first
            intake.save(connection, [first, make(2, title="دیگر", url="https://yazd.mcls.gov.ir/fa/news/2/")])
            for hours, edit in enumerate(edits, start=1):
                reading = replace(reading, fetched_at=first.fetched_at + timedelta(hours=hours), **edit)
                intake.save(connection, [reading])
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MONADI_", "FORCE_", "NO_COLOR"))}
    return {**kept, "MONADI_DATA": str(data)}


def command(words: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "monadi", "show", *words]


@pytest.fixture
def show(surroundings: dict[str, str], tmp_path: Path) -> Show:
    def shown(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(words), env=surroundings, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
        )

    return shown


SECOND = """\
mcls-yazd/1  revision 1 → 2
material: number-changed

body: number-changed
… ویرایش شده است ببیند و بس. پایان آن [-۱۲۰-]{+۲۱۰+} نفر
"""
THIRD = """\
mcls-yazd/1  revision 2 → 3
quiet: typo

title: typo
نشست [-خبري-]{+خبری+} استاندار یزد{+.+}
"""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["mcls-yazd/1", "--diff", "2"], SECOND),
        (["--diff", "2", "mcls-yazd/1"], SECOND),
        (["mcls-yazd/1", "--diff=2"], SECOND),
        (["mcls-yazd/1", "--diff", "۲"], SECOND),
        (["mcls-yazd/1", "--diff", "3"], THIRD),
        (["mcls-yazd/1", "--diff"], THIRD),
        (["--diff", "mcls-yazd/1"], THIRD),
        (["--diff", "--", "mcls-yazd/1"], THIRD),
    ],
)
def test_a_pipe_gets_marks_and_context(show: Show, words: list[str], expected: str) -> None:
    done = show(*words)

    assert (done.returncode, done.stderr, done.stdout) == (0, "", expected)


@pytest.mark.parametrize("words", [["--diff", "2", "--json"], ["--json", "--diff=2"], ["--diff", "--json"]])
def test_a_program_gets_the_value(show: Show, words: list[str]) -> None:
    told = json.loads(show("mcls-yazd/1", *words).stdout)

    new = 2 if "2" in "".join(words) else 3
    assert (told["id"], told["old"], told["new"]) == ("mcls-yazd/1", new - 1, new)
    assert told["classes"] == (["number-changed"] if new == 2 else ["typo"])
    assert told["severity"] == ("material" if new == 2 else "quiet")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["mcls-yazd/2", "--diff"], 3, "mcls-yazd/2 has only one revision: nothing stands before it"),
        (["mcls-yazd/1", "--diff", "1"], 3, "mcls-yazd/1 begins with revision 1: nothing stands before it"),
        (["mcls-yazd/1", "--diff", "9"], 3, "mcls-yazd/1 has no revision 9; its revisions are 1 to 3"),
        (["mcls-yazd/1", "--diff", "2", "--revision", "2"], 2, "--revision and --diff exclude each other"),
    ],
)
def test_where_there_is_no_difference_one_line_says_why(show: Show, words: list[str], status: int, said: str) -> None:
    done = show(*words)

    assert (done.returncode, done.stdout, done.stderr) == (status, "", f"monadi: {said}\n")


def on_a_terminal(surroundings: dict[str, str], *words: str) -> str:
    main, terminal = pty.openpty()
    done = subprocess.run(command(words), env=surroundings, stdout=terminal, stderr=terminal, check=False)
    os.close(terminal)
    told = b""
    try:
        while part := os.read(main, 1 << 16):
            told += part
    except OSError:  # how Linux says that the terminal is closed
        pass
    os.close(main)
    assert done.returncode == 0
    return told.decode()


def test_a_terminal_gets_colours(surroundings: dict[str, str]) -> None:
    told = on_a_terminal({**surroundings, "TERM": "xterm-256color"}, "mcls-yazd/1", "--diff", "2")

    assert "پایان آن \x1b[9;31m۱۲۰\x1b[0m\x1b[4;32m۲۱۰\x1b[0m نفر" in told
    assert "[-" not in told


def test_a_terminal_without_colours_gets_marks(surroundings: dict[str, str]) -> None:
    assert "[-۱۲۰-]{+۲۱۰+}" in on_a_terminal({**surroundings, "TERM": "dumb"}, "mcls-yazd/1", "--diff", "2")
