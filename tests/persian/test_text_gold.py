r"""Text: the gold set (`gold/text.tsv`), every case of it written by hand.

A row's relation says what holds of its text and what is expected: `repaired` (`display` gives it), `kept` (`display`
changes nothing), `same key` and `other key` (`search_key` of both), `found` and `not found` (a text, and a search for
it), `paragraphs` and `captions` (HTML, and its lines parted by ¶). `\u200c` and the like stand for what cannot be seen.
"""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from lxml.html import fragment_fromstring

from persian.markup import captions, paragraphs
from persian.spelling import runs, spellings, tokens
from persian.text import display, search_key

TABLE = Path(__file__).parent / "gold/text.tsv"


def unescaped(text):
    return re.sub(r"\\(?:u([0-9a-f]{4})|\\)", lambda found: chr(int(found[1], 16)) if found[1] else "\\", text)


def rows():
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield {name: unescaped(value) for name, value in row.items()}


ROWS = list(rows())


def lines(expected):
    return expected.split(" ¶ ") if expected else []


def body(html):
    return fragment_fromstring(html, create_parent="div")


def finds(text, asked):
    """Whether one of the token sequences asked for stands in the text, token after token."""
    places = set(tokens(text))
    return any(
        all((token, start + place) in places for place, token in enumerate(sequence))
        for sequence in spellings(runs(asked))
        for _, start in places
    )


HOLDS = {
    "repaired": lambda text, expected: display(text) == expected != text,
    "kept": lambda text, expected: display(text) == text and expected == "",
    "same key": lambda text, other: search_key(text) == search_key(other) != "" and text != other,
    "other key": lambda text, other: search_key(text) != search_key(other),
    "found": finds,
    "not found": lambda text, asked: not finds(text, asked),
    "paragraphs": lambda html, expected: paragraphs(body(html)) == lines(expected),
    "captions": lambda html, expected: captions(body(html)) == lines(expected),
}


@pytest.mark.parametrize("row", ROWS, ids=[f"{number}-{row['form']}" for number, row in enumerate(ROWS, start=2)])
def test_the_gold_set(row):
    assert HOLDS[row["relation"]](row["text"], row["expected"]), row["rule"]


@pytest.mark.parametrize("row", [row for row in ROWS if row["relation"] == "repaired"], ids=lambda row: row["rule"])
def test_what_was_repaired_is_kept(row):
    assert display(row["expected"]) == row["expected"]


def test_the_gold_set_is_large_and_says_nothing_twice():
    assert len(ROWS) >= 350
    said = Counter((row["relation"], row["text"], row["expected"]) for row in ROWS)
    assert [case for case, times in said.items() if times > 1] == []
