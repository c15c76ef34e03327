# ruff: noqa: INP001, T201 - a script that prints
"""Persian dates and texts against the libraries one would otherwise take: speed, and what each makes of the gold sets.

    python benchmarks/language.py [--rounds 7] [--save]

Contenders take turns in every round, in one process; a figure is CPU time, and medians and worst rounds are printed.
Each of `LIMITS` is a claim: where it is missed the script ends with status 1. A peer that this interpreter does not
have is said to be missing, and its limits are not held; `contenders.py` says how to have them all. `--save` writes what
was measured to `language.json`, of which `persian_doc.py` makes docs/persian.md.

Dates: strings of the form «۱۵ آذر ۱۴۰۰ ۰۹:۱۹», every day from 1390 through 1403 once, with a time of day. Texts: 10 MB
of news, the paragraphs of the sample newsroom over and over, by turns as they are, in Arabic letters as older CMSs have
them, and so with no-break spaces and direction marks too.
"""

import argparse
import importlib
import json
import platform
import random
import statistics
import sys
import time
import unicodedata
from collections import Counter
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from itertools import cycle
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

import contenders
import gold
from contenders import OURS, Contender

from persian.calendars import MONTHS, TEHRAN, from_jalali, to_jalali
from persian.text import persian_digits

RESULTS = Path(__file__).with_name("language.json")
NEWS = 10_000_000  # bytes of UTF-8


class Limit(NamedTuple):
    """How many times the CPU time of ours a peer takes at least, by the medians."""

    of: str
    peer: str
    times: float


LIMITS = (
    Limit("dates", "persiantools strptime", 1.5),
    Limit("dates", "dateparser", 100),  # as people call it; with its languages stated it is faster, and shown too
    Limit("texts", "hazm Normalizer", 5),
)


# The material -------------------------------------------------------------------------------------------------------


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


def news() -> list[str]:
    """10 MB of paragraphs."""
    releases = importlib.import_module("sources.sample.releases").read_releases()
    paragraphs = [text for release in releases for text in (release.title, release.lead, *release.paragraphs) if text]
    arabic = [text.replace("ی", "ي").replace("ک", "ك") for text in paragraphs]
    marked = [f"\u200f{text.replace(' و ', chr(0xA0) + 'و ')}\u200f" for text in arabic]
    found, size = [], 0
    for text in cycle((*paragraphs, *arabic, *marked)):
        found.append(text)
        size += len(text.encode())
        if size >= NEWS:
            return found
    raise ValueError("there are no releases")


# Measuring ----------------------------------------------------------------------------------------------------------


def seconds(rounds: int, those: list[Contender], material: list[str]) -> dict[str, list[float]]:
    """The CPU time each contender takes in every round for one string or one byte of the material."""
    parts = {each.name: shared(each, material) for each in those}
    times: dict[str, list[float]] = {each.name: [] for each in those}
    for number in range(rounds):
        for each in those[number % len(those) :] + those[: number % len(those)]:
            began = time.process_time()
            for text in parts[each.name]:
                gold.answer(each.read, text)
            times[each.name].append((time.process_time() - began) / len(parts[each.name]))
    return times


def shared(contender: Contender, material: list[Any]) -> list[Any]:
    return (material * ceil(contender.share))[: max(5, int(len(material) * contender.share))]


def right_by_form(rows: list[gold.Row], right: list[bool]) -> dict[str, int]:
    return dict(Counter(row["form"] for row, is_right in zip(rows, right, strict=True) if is_right))


def measured(contender: Contender, times: dict[str, list[float]], unit: float) -> dict[str, Any]:
    median, worst, ours = (
        statistics.median(times[contender.name]),
        max(times[contender.name]),
        statistics.median(times[OURS]),
    )
    return {
        "name": contender.name,
        "package": contender.package,
        "version": contender.version,
        "median": rounded(median * unit),
        "worst": rounded(worst * unit),
        "times": rounded(median / ours),
    }


def rounded(figure: float) -> float:
    return float(f"{figure:.3g}")


def figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004


def dates(rounds: int) -> dict[str, Any]:
    found = list(contenders.present(contenders.DATES))
    those = [each for each in found if isinstance(each, Contender)]
    timed, rows = strings(), gold.dates()
    times = seconds(rounds, those, [text for text, _ in timed])
    results, answers = [], {}
    for each in those:
        read = answers[each.name] = [gold.answer(each.read, row["text"]) for row in rows]
        right = [gold.is_right_date(row, what) for row, what in zip(rows, read, strict=True)]
        results.append(
            measured(each, times, 1e6)
            | {
                "timed": rounded(of_the_timed(each, timed)),
                "right": right_by_form(rows, right),
                "refused": share(right, [row["expected"] == "DateError" for row in rows]),
                "dated": share(right, [row["expected"] != "DateError" for row in rows]),
            }
        )
    return {
        "unit": "µs a string",
        "material": f"{len(timed):,} strings like «{timed[0][0]}»",
        "rows": dict(Counter(row["form"] for row in rows)),
        "contenders": results,
        "missing": [each for each in found if isinstance(each, str)],
        "wrong": telling_dates(rows, answers),
    }


def of_the_timed(contender: Contender, timed: list[tuple[str, datetime]]) -> float:
    """How many of the very strings it was timed on a contender reads rightly, which no speed makes up for."""
    return statistics.fmean(
        gold.is_right_date(
            {"expected": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "precision": "minute"}, gold.answer(contender.read, text)
        )
        for text, at in shared(contender, timed)
    )


def share(right: list[bool], among: list[bool]) -> float:
    return rounded(statistics.fmean(is_right for is_right, counts in zip(right, among, strict=True) if counts))


def telling_dates(rows: list[gold.Row], answers: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Of each form the row that most peers read as another date, which is worse than to refuse it."""

    def wrong(place: int) -> dict[str, str]:
        return {
            name: written(read[place])
            for name, read in answers.items()
            if read[place] is not None and not gold.is_right_date(rows[place], read[place])
        }

    found: dict[str, tuple[int, dict[str, str]]] = {}
    for place, row in enumerate(rows):
        said = wrong(place)
        if len(said) > len(found.get(row["form"], (0, {}))[1]):
            found[row["form"]] = place, said
    return [
        {"form": form, "text": rows[place]["text"], "expected": rows[place]["expected"], "answers": said}
        for form, (place, said) in found.items()
    ]


def written(read: Any) -> str:
    return read.isoformat(timespec="minutes") if isinstance(read, datetime) else str(read)


def texts(rounds: int) -> dict[str, Any]:
    found = list(contenders.present(contenders.TEXTS))
    those = [each for each in found if isinstance(each, Contender)]
    rows, material = gold.texts(), news()
    size = len("".join(material).encode())
    times = seconds(rounds, those, material)
    results = []
    for each in those:
        right = [gold.is_right_text(row, each.read, each.key) for row in rows]
        results.append(
            measured(each, times, len(material))
            | {
                "right": right_by_form(rows, right),
                **{
                    relation: share(right, [row["relation"] == relation for row in rows])
                    for relation in ("repaired", "kept", "same key", "other key")
                },
            }
        )
    return {
        "unit": "s for 10 MB",
        "material": f"{len(material):,} paragraphs of news, {size / 1e6:.1f} MB of UTF-8",
        "rows": dict(Counter(row["form"] for row in rows)),
        "contenders": results,
        "missing": [each for each in found if isinstance(each, str)],
        "wrong": telling_texts(rows, those),
    }


def telling_texts(rows: list[gold.Row], those: list[Contender]) -> list[dict[str, Any]]:
    """Of each form the text that most peers show otherwise than they should, and how; best one that should be kept."""
    found: dict[str, tuple[tuple[bool, int], dict[str, Any]]] = {}
    for row in rows:
        if row["relation"] not in gold.SHOWN:
            continue
        said = {each.name: gold.answer(each.read, row["text"]) for each in those}
        said = {name: text for name, text in said.items() if not is_alike(text, gold.shown(row))}
        rank = (row["relation"] == "kept" and len(said) > 1, len(said))
        if said and (row["form"] not in found or rank > found[row["form"]][0]):
            case = {"form": row["form"], "text": row["text"], "expected": gold.shown(row), "answers": said}
            found[row["form"]] = rank, case
    return [case for _, case in found.values()]


def is_alike(text: str | None, expected: str) -> bool:
    """Whether a reader would see no difference but in normal form."""
    return text is not None and unicodedata.normalize("NFC", text) == unicodedata.normalize("NFC", expected)


def leap_years() -> dict[str, Any]:
    found = list(contenders.present(contenders.LEAP_YEARS))
    return {
        "contenders": [
            {
                "name": each.name,
                "version": each.version,
                "wrong": [
                    year for year, leap in gold.leap_years() if bool(gold.answer(each.read, str(year))) is not leap
                ],
            }
            for each in found
            if isinstance(each, Contender)
        ],
        "missing": [each for each in found if isinstance(each, str)],
    }


# What is printed ----------------------------------------------------------------------------------------------------


def show(name: str, results: dict[str, Any], shares: tuple[str, ...]) -> None:
    print(f"\n{name}: {results['material']}; {results['unit']}, then per cent done rightly of the gold set")
    print(f"{'':<26} {'version':<8}" + "".join(f"{head:>11}" for head in ("median", "worst", "× ours", *shares)))
    for each in results["contenders"]:
        figures = "".join(f"{figure(each[head]):>11}" for head in ("median", "worst", "times"))
        print(f"{each['name']:<26} {each['version']:<8}{figures}" + "".join(f"{each[head]:>11.1%}" for head in shares))
    for package in results["missing"]:
        print(f"{package}: not installed here, so not compared")


def is_held(limit: Limit, results: dict[str, Any]) -> bool:
    times = {each["name"]: each["times"] for each in results["contenders"]}
    if limit.peer not in times:
        print(f"not held: {limit.of} at least {limit.times:g} times as fast as {limit.peer}, which is missing")
        return True
    held: bool = times[limit.peer] >= limit.times
    print(
        f"{'held' if held else 'MISSED'}: {limit.of} at least {limit.times:g} times as fast as {limit.peer},"
        f" measured {times[limit.peer]:g}"
    )
    return held


def main() -> None:
    options = argparse.ArgumentParser(description="Persian dates and texts against other libraries.")
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--save", action="store_true", help=f"write what was measured to {RESULTS.name}")
    asked = options.parse_args()
    rounds = max(5, asked.rounds)
    results = {"dates": dates(rounds), "texts": texts(rounds)}
    show("Dates", results["dates"], ("timed", "dated", "refused"))
    show("Texts", results["texts"], ("repaired", "kept", "same key", "other key"))
    print()
    held = [is_held(limit, results[limit.of]) for limit in LIMITS]
    if asked.save:
        told = {"python": platform.python_version(), "rounds": rounds, "limits": [limit._asdict() for limit in LIMITS]}
        document = told | results | {"leap years": leap_years()}
        RESULTS.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if not all(held):
        sys.exit(1)


if __name__ == "__main__":
    main()
