# ruff: noqa: INP001 - a part of the scripts beside it
"""The gold sets of dates and texts, and whether what somebody makes of a row is right."""

import csv
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeAlias

from persian.calendars import TEHRAN, DateError, to_jalali

Row: TypeAlias = dict[str, str]

GOLD = Path(__file__).parents[1] / "tests/persian/gold"
NOW = datetime(2026, 1, 10, 12, 0, 30, tzinfo=UTC)  # when the dates of the gold set were fetched
SHOWN = frozenset({"repaired", "kept"})  # the relations that say what is shown
KEYED = frozenset({"same key", "other key"})  # the relations between two texts

_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|\\)")


def rows(name: str) -> list[Row]:
    """Every row of a set, `dates` or `text`."""
    with (GOLD / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return [
            {key: _unescaped(value) for key, value in row.items()}
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else "\\", text)


def dates() -> list[Row]:
    """The dates that any library can be asked for; those with options of `parse` are left out."""
    return [row for row in rows("dates") if not row["options"]]


def texts() -> list[Row]:
    """What is shown and which texts share a key; spellings and HTML are left out, which no peer reads."""
    return [row for row in rows("text") if row["relation"] in SHOWN | KEYED]


def answer(call: Callable[[str], Any], text: str) -> Any:
    try:
        return call(text)
    except Exception:  # noqa: BLE001 - whatever a peer raises, it did not read the string
        return None


def is_right_date(row: Row, read: Any) -> bool:
    """Whether an answer is what a row says, as far as the answer and the row go.

    A naive time counts as Tehran's; the seconds of a row without them do not count, nor does the time of a row that is
    a day, nor the day of one that is a month. Of whoever gives days alone no time is asked.
    """
    if hasattr(read, "precision"):
        read = read.at or read.on
    if row["expected"] == "DateError" or read is None:
        return row["expected"] == "DateError" and read is None
    if row["precision"] not in {"day", "month"}:
        expected = datetime.fromisoformat(row["expected"])
        if not isinstance(read, datetime):
            return bool(read == expected.astimezone(TEHRAN).date())
        at = (read if read.tzinfo else read.replace(tzinfo=TEHRAN)).astimezone(UTC).replace(microsecond=0)
        return expected == (at if row["precision"] == "second" else at.replace(second=0))
    day = read.date() if isinstance(read, datetime) else read
    return bool(_written(day, row) == _written(date.fromisoformat(row["expected"]), row))


def _written(day: date, row: Row) -> tuple[int, ...]:
    try:
        return to_jalali(day)[: 2 if row["precision"] == "month" else 3]
    except DateError:
        return (day.toordinal(),)


def is_right_text(row: Row, show: Callable[[str], Any], key: Callable[[str], Any]) -> bool:
    """Whether a text is shown as its row says, or its key is or is not that of the other text."""
    if row["relation"] in SHOWN:
        return bool(answer(show, row["text"]) == shown(row))
    first, second = answer(key, row["text"]), answer(key, row["expected"])
    return first is not None and (first == second) == (row["relation"] == "same key")


def shown(row: Row) -> str:
    return row["text"] if row["relation"] == "kept" else row["expected"]


def leap_years() -> Iterator[tuple[int, bool]]:
    """1206–1498: the 33-year rule, which is the University of Tehran's table for these years."""
    for year in range(1206, 1499):
        yield year, (25 * year + 11) % 33 < 8  # noqa: PLR2004
