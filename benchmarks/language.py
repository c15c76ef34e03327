# ruff: noqa: INP001, T201 - a script that prints
"""Persian dates against the libraries one would otherwise take: speed in CPU time, and what each reads of the gold set.

    python benchmarks/language.py [--rounds 7]

Contenders take turns in every round, in one process; a round's figure is the CPU time of one string, and medians and
worst rounds are printed. A peer that this interpreter does not have is said to be missing; to have them all:

    python -m venv /tmp/peers && /tmp/peers/bin/pip install -e . persiantools 'dateparser[calendars]' htmldate
    /tmp/peers/bin/python benchmarks/language.py

The strings are of the form «۱۵ آذر ۱۴۰۰ ۰۹:۱۹»: every day from 1390 through 1403 once, with a time of day.
"""

import argparse
import csv
import importlib
import importlib.metadata
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any, NamedTuple

from persian.calendars import MONTHS, TEHRAN, from_jalali, to_jalali
from persian.dates import parse
from persian.text import persian_digits

GOLD = Path(__file__).parents[1] / "tests/persian/gold/dates.tsv"
NOW = datetime(2026, 1, 10, 12, 0, 30, tzinfo=UTC)
SEED_FORM = "%d %B %Y %H:%M"


class Contender(NamedTuple):
    """One way of reading: it returns a datetime or date, or None or any exception for what it cannot read."""

    name: str
    package: str
    read: Callable[[str], Any]
    share: float  # of the strings it is timed on, so that a slow one does not hold up the rest


def contenders() -> Iterator[Contender | str]:
    """Every contender, or the name of a package that is not installed."""
    yield Contender("monadi", "monadi", lambda text: parse(text, fetched_at=NOW), 1)
    for package, make in {
        "persiantools": _persiantools,
        "jdatetime": _jdatetime,
        "dateparser": _dateparser,
        "htmldate": _htmldate,
    }.items():
        try:
            yield from make()
        except ImportError:
            yield package


def _persiantools() -> list[Contender]:
    read = importlib.import_module("persiantools.jdatetime").JalaliDateTime.strptime
    return [
        Contender(
            "persiantools strptime", "persiantools", lambda text: read(text, SEED_FORM, locale="fa").to_gregorian(), 0.2
        )
    ]


def _jdatetime() -> list[Contender]:
    module = importlib.import_module("jdatetime")
    module.set_locale("fa_IR")
    read = module.datetime.strptime
    return [Contender("jdatetime strptime", "jdatetime", lambda text: read(text, SEED_FORM).togregorian(), 0.2)]


def _dateparser() -> list[Contender]:
    module = importlib.import_module("dateparser")
    settings = {"TIMEZONE": "Asia/Tehran", "RELATIVE_BASE": NOW.astimezone(TEHRAN).replace(tzinfo=None)}

    def read(text: str, languages: list[str] | None = None) -> Any:
        return module.parse(text, languages=languages, settings=settings)

    found = [
        Contender("dateparser", "dateparser", read, 0.002),
        Contender("dateparser, fa and en", "dateparser", lambda text: read(text, ["fa", "en"]), 0.02),
    ]
    try:
        calendar = importlib.import_module("dateparser.calendars.jalali").JalaliCalendar
    except ImportError:  # an extra of the package
        return found

    def read_jalali(text: str) -> Any:
        return calendar(text).get_date().date_obj

    return [*found, Contender("dateparser JalaliCalendar", "dateparser", read_jalali, 0.002)]


def _htmldate() -> list[Contender]:
    module = importlib.import_module("htmldate.extractors")
    first, last = datetime(1900, 1, 1, tzinfo=UTC).replace(tzinfo=None), NOW.replace(tzinfo=None)

    def read(text: str) -> Any:
        found = module.custom_parse(text, "%Y-%m-%d", first, last)
        return found and date.fromisoformat(found)

    return [Contender("htmldate", "htmldate", read, 0.02)]


# Speed --------------------------------------------------------------------------------------------------------------


def strings() -> list[tuple[str, datetime]]:
    """Each with its instant; never within an hour in which Tehran's clocks changed."""
    chance = random.Random(1400)  # noqa: S311 - the same strings in every run
    first, after = from_jalali(1390, 1, 1), from_jalali(1404, 1, 1)
    found = []
    for on in (first + timedelta(days=days) for days in range((after - first).days)):
        at = datetime.combine(on, clock(chance.randrange(2, 23), chance.randrange(60)), TEHRAN)
        year, month, day = to_jalali(on)
        found.append((persian_digits(f"{day} {MONTHS[month - 1]} {year} {at:%H:%M}"), at.astimezone(UTC)))
    chance.shuffle(found)
    return found


def shared(contender: Contender, texts: list[Any]) -> list[Any]:
    return texts[: max(5, int(len(texts) * contender.share))]


def seconds_a_string(contender: Contender, texts: list[str]) -> float:
    began = time.process_time()
    for text in texts:
        answer(contender, text)
    return (time.process_time() - began) / len(texts)


def answer(contender: Contender, text: str) -> Any:
    try:
        return contender.read(text)
    except Exception:  # noqa: BLE001 - whatever a peer raises, it did not read the string
        return None


# Correctness --------------------------------------------------------------------------------------------------------


def gold() -> list[dict[str, str]]:
    with GOLD.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    unescaped = re.compile(r"\\(?:u([0-9a-f]{4})|\\)")
    for row in rows:
        row["text"] = unescaped.sub(lambda found: chr(int(found[1], 16)) if found[1] else "\\", row["text"])
    return [row for row in rows if not row["options"]]  # the options are ours alone


def is_right(row: dict[str, str], read: Any) -> bool:
    """Whether an answer is the instant or day of a row; a naive time counts as Tehran's, a day may have any time."""
    if hasattr(read, "precision"):
        read = read.at or read.on
    if row["expected"] == "DateError" or read is None:
        return row["expected"] == "DateError" and read is None
    if row["precision"] in {"day", "month"}:
        return bool((read.date() if isinstance(read, datetime) else read).isoformat() == row["expected"])
    if not isinstance(read, datetime):
        return False
    aware = read if read.tzinfo else read.replace(tzinfo=TEHRAN)
    return aware.astimezone(UTC).replace(microsecond=0) == datetime.fromisoformat(row["expected"])


# The tables ---------------------------------------------------------------------------------------------------------


def dates(rounds: int) -> None:
    found = list(contenders())
    present = [each for each in found if isinstance(each, Contender)]
    texts, rows = strings(), gold()
    timed = {contender.name: [text for text, _ in shared(contender, texts)] for contender in present}
    times: dict[str, list[float]] = {contender.name: [] for contender in present}
    for number in range(rounds):
        for contender in present[number % len(present) :] + present[: number % len(present)]:
            times[contender.name].append(seconds_a_string(contender, timed[contender.name]))
    ours = statistics.median(times["monadi"])
    dated = [row for row in rows if row["expected"] != "DateError"]
    refused = [row for row in rows if row["expected"] == "DateError"]
    print(f"Dates: {len(texts):,} strings like {texts[0][0]}; {rounds} rounds; µs of CPU time a string")
    print(
        f"Gold set: {len(dated)} dates and {len(refused)} strings to refuse; per cent done rightly, as of those timed\n"
    )
    heads = ("median", "worst", "× ours", "timed", "dates", "refused")
    print(f"{'':<26} {'version':<8} " + " ".join(f"{head:>10}" for head in heads))
    for contender in present:
        median, worst = statistics.median(times[contender.name]), max(times[contender.name])
        read = [
            statistics.fmean(is_right(row, answer(contender, row["text"])) for row in part) for part in (dated, refused)
        ]
        print(
            f"{contender.name:<26} {version(contender.package):<8} {median * 1e6:>10,.2f} {worst * 1e6:>10,.2f}"
            f" {median / ours:>10,.1f} {seed_form(contender, texts):>10.1%} {read[0]:>10.1%} {read[1]:>10.1%}"
        )
    for package in found:
        if isinstance(package, str):
            print(f"{package}: not installed here, so not compared")


def seed_form(contender: Contender, texts: list[tuple[str, datetime]]) -> float:
    """How many of the very strings it was timed on a contender reads rightly, which no speed makes up for."""
    return statistics.fmean(
        is_right({"expected": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "precision": "minute"}, answer(contender, text))
        for text, at in shared(contender, texts)
    )


def version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "here"


def main() -> None:
    options = argparse.ArgumentParser(description="Persian dates against other libraries.")
    options.add_argument("--rounds", type=int, default=7)
    dates(max(5, options.parse_args().rounds))


if __name__ == "__main__":
    main()
