"""What a site sent does nothing to the terminal or the log of the person who looks at it."""

import json
import logging
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive import Archive, crawls, intake
from archive.article import Attachment
from archive.crawls import Outcome, Result
from archive.database import sqlite_url
from monadi import _Printable
from sources import Catalogue
from tests.test_command import environment

ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]")
OURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r\n")  # what rich writes to colour and to draw, a terminal's line ends
CLEARS = "\x1b[2J\x1b]0;owned\x07\x9b31mرخنه\u202egnp\x85\x08\x08\r\x7f\u2028"
FORGED = "\nmcls-fars: ok, 99 new"
HOSTILE = f"{CLEARS}{FORGED}\tx\ud800"

ASKED = {
    "query": ["query"],
    "query, found": ["query", "نشست"],
    "query as NDJSON": ["query", "--format", "ndjson"],
    "query as JSON": ["query", "--format", "json"],
    "query as CSV": ["query", "--format", "csv"],
    "show": ["show", "mcls-yazd/1"],
    "show as JSON": ["show", "mcls-yazd/1", "--json"],
    "a difference": ["show", "mcls-yazd/1", "--diff"],
    "a difference as JSON": ["show", "mcls-yazd/1", "--diff", "--json"],
    "a citation": ["show", "mcls-yazd/1", "--cite", "text"],
    "BibTeX": ["show", "mcls-yazd/1", "--cite", "bibtex"],
    "status": ["status"],
    "status as JSON": ["status", "--json"],
    "an error": ["show", f"mcls-yazd/{HOSTILE[:40]}".replace("\x00", "")],
    "a wrong filter": ["query", "--province", CLEARS],
}


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory, make: Callable[..., object]) -> dict[str, str]:
    """An archive of what no reader of ours would pass on today, but another one may have kept."""
    place = tmp_path_factory.mktemp("terminal")
    kept = environment(place)
    del kept["MONADI_CATALOGUE"]
    (place / "data").mkdir()
    text = HOSTILE.replace("\ud800", "")
    first = make(
        title=f"نشست {text}",
        kicker=text,
        lead=text,
        body=f"بند نخست {text}",
        byline=text,
        category=text,
        tags=(text,),
        url=f"https://yazd.mcls.gov.ir/fa/news/1/{text}",
        image=f"https://yazd.mcls.gov.ir/{text}.jpg",
        attachments=(Attachment(url=f"https://yazd.mcls.gov.ir/{text}.pdf", title=text, type=text),),
        extractor=f"generic/1{text}",
    )
    first = replace(first, published=first.published and replace(first.published, raw=text))
    second = replace(first, body=f"بند دیگر {text}{text}", fetched_at=first.fetched_at + timedelta(hours=1))
    with Archive(sqlite_url(place / "data/monadi.db"), place / "data/search") as archive:
        archive.upgrade()
        with archive.writing() as connection:
            crawls.register(connection, Catalogue.load().sources.values())
            for reading in (first, second):
                intake.save(connection, [reading])
            begun = crawls.begin(connection, "mcls-yazd", first.fetched_at)
            result = Result(outcome=Outcome.UNREACHABLE, reason=f"answered {text}", swept=False, counts={})
            crawls.finish(connection, begun, at=first.fetched_at, result=result)
    return kept


def piped(surroundings: dict[str, str], words: list[str]) -> str:
    command = [sys.executable, "-m", "monadi", *words]
    done = subprocess.run(command, env=surroundings, capture_output=True, timeout=60, check=False)
    assert b"Traceback" not in done.stderr
    return (done.stdout + done.stderr).decode()


def on_a_terminal(surroundings: dict[str, str], words: list[str]) -> str:
    ours, theirs = pty.openpty()
    env = {**surroundings, "TERM": "xterm-256color", "COLUMNS": "200"}
    with subprocess.Popen(
        [sys.executable, "-m", "monadi", *words], env=env, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        said = bytearray()
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # Linux's way to say that nobody writes any more
                break
            if not piece:
                break
            said += piece
        process.wait(60)
    os.close(ours)
    assert b"Traceback" not in said
    return said.decode()


@pytest.mark.parametrize("words", ASKED.values(), ids=ASKED)
def test_nothing_acts_on_a_terminal(surroundings: dict[str, str], words: list[str]):
    said = on_a_terminal(surroundings, words)
    assert said.strip()
    shown = OURS.sub("\n", said)
    assert ACTING.findall(shown) == []
    assert "2J" not in "".join(OURS.findall(said))
    assert not re.search(r"^mcls-fars: ok", shown, re.MULTILINE) or words[0] == "show" or "csv" in words


@pytest.mark.parametrize("name", ["show", "a difference", "an error", "a wrong filter"])
def test_nothing_acts_in_what_is_piped(surroundings: dict[str, str], name: str):
    said = piped(surroundings, ASKED[name])
    assert said.strip()
    assert ACTING.findall(said) == []


@pytest.mark.parametrize("words", [["query"], ["status"]])
def test_a_row_is_a_line_whatever_a_cell_holds(surroundings: dict[str, str], words: list[str]):
    said = piped(surroundings, words)
    assert ACTING.findall(said) == []
    (row,) = said.splitlines()
    assert len(row.split("\t")) == (4 if words == ["query"] else 7)


@pytest.mark.parametrize("words", [["show", "mcls-yazd/1", "--json"], ["status", "--json"]])
def test_json_still_says_what_was_sent(surroundings: dict[str, str], words: list[str]):
    record = json.loads(
        piped(surroundings, words).splitlines()[0] if words[0] == "status" else piped(surroundings, words)
    )
    assert "\x1b[2J" in (record["reason"] if words[0] == "status" else record["url"])


def test_a_message_of_a_log_is_told_from_the_lines_that_a_site_put_into_it():
    record = _Printable("spiders", logging.INFO, "x.py", 1, "%s: %s", ("mcls-yazd", f"a{CLEARS}{FORGED}"), None)
    assert ACTING.findall(record.getMessage()) == []
    assert record.getMessage().splitlines()[1] == "    mcls-fars: ok, 99 new"


def test_every_line_is_printed_by_the_one_function_that_makes_it_harmless():
    source = (Path(__file__).parents[1] / "monadi.py").read_text("utf-8")
    assert source.count("typer.echo(") == 1
    assert "print(" not in re.sub(r"(?:console|Console\(.*\)|progress|bar\.console|def|self)\.?\s?print\(", "", source)
