"""Dates: the gold set (`gold/dates.tsv`), of which `gold/write_dates.py` says where each expectation comes from."""

import csv
import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from persian.dates import DateError, parse

TABLE = Path(__file__).parent / "gold/dates.tsv"
NOW = datetime(2026, 1, 10, 12, 0, 30, tzinfo=UTC)
OPTIONS = {"fetched_at": datetime.fromisoformat, "since": date.fromisoformat, "hint": str}


def unescaped(text):
    return re.sub(r"\\(?:u([0-9a-f]{4})|\\)", lambda found: chr(int(found[1], 16)) if found[1] else "\\", text)


def options(text):
    stated = dict(option.split("=") for option in text.split())
    return {"fetched_at": NOW} | {name: OPTIONS[name](value) for name, value in stated.items()}


def rows():
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield {name: unescaped(value) for name, value in row.items()}


ROWS = list(rows())


@pytest.mark.parametrize("row", ROWS, ids=[f"{number}-{row['form']}" for number, row in enumerate(ROWS, start=2)])
def test_the_gold_set(row):
    expected = (row["expected"], row["jalali"], row["precision"], row["flags"])
    assert reading(row["text"], row["options"], expected) == expected, row["rule"]


def reading(text, stated, expected):
    try:
        published = parse(text, **options(stated))
    except DateError as error:
        return "DateError", expected[1] if str(error).startswith(expected[1]) else str(error), "", ""
    instant = published.at.strftime("%Y-%m-%dT%H:%M:%SZ") if published.at else published.on.isoformat()
    return instant, published.jalali, published.precision, " ".join(published.flags)


def test_the_gold_set_is_large_and_says_nothing_twice():
    assert len(ROWS) >= 500
    assert [text for text, times in Counter((row["text"], row["options"]) for row in ROWS).items() if times > 1] == []
