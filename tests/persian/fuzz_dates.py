# ruff: noqa: T201 - a script that prints
"""Random strings against the readers of dates: only `DateError` may come out, and what is read must hold together.

    python -m tests.persian.fuzz_dates --count 1000000 --seed 1400

Strings are mixed from the words and signs of dates, from mangled rows of the gold set, and from arbitrary characters.
Prints the seed, how many of each outcome there were, and the first string that breaks a promise (exit status 1).
"""

import argparse
import csv
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from persian import dates, words
from persian.calendars import TEHRAN, DateError

NOW = datetime(2026, 1, 10, 12, 0, 30, tzinfo=UTC)
SINCE = date(2011, 3, 21)
SIGNS = [
    *" " * 12,
    *"//--::..،,|–;()+Ztآءۀ&#'",
    "\u200c",
    "\u200f",
    "\u202b",
    "\u0640",
    "\u00a0",
    "&zwnj;",
    "&nbsp",
    "\ud800",
]
PHRASES = [
    *("1400", "۱۴۰۰/۰۹/۱۵", "2021-12-06", "09:19", "۲۳:۳۰", "T09:19:46", "+03:30", "GMT", "25", "31", "30", "0", "99"),
    *("پیش", "قبل", "ساعت", "دقیقه", "روز", "هفته", "ماه", "سال", "نیم", "ربع", "و", "چند", "دیروز", "پریروز", "امروز"),
    *("ق.ظ", "ب.ظ", "صبح", "عصر", "شب", "ظهر", "قمری", "ه.ق", "هجری", "شمسی", "تا", "از", "..", "ago", "pm"),
    "تاریخ انتشار:",
    *("محرم", "رمضان", "جمادی الاول", "کد خبر: ۳۹۸۰۵۰", "۱۵ آذر ۱۴۰۰", "۲ فروردین ۱۴۰۰ ۰۰:۳۰", "Mon, 06 Dec 2021"),
]  # fmt: skip
NAMES = [*words.MONTH_NAMES, *words.NUMBERS, *words.WEEKDAY_NAMES, *words.DAY_WORDS, *dates.MONTHS, *dates.WEEKDAYS]
DIGITS = "0123456789۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩"


def gold() -> list[str]:
    with Path(__file__).with_name("gold").joinpath("dates.tsv").open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def mixed(chance: random.Random) -> str:
    tokens = (
        chance.choice(chance.choice((SIGNS, PHRASES, NAMES, DIGITS, SIGNS))) for _ in range(chance.randint(1, 12))
    )
    return chance.choice(("", " ")).join(tokens)


def mangled(chance: random.Random, texts: list[str]) -> str:
    letters = list(chance.choice(texts))
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(letters) + 1)
        letters[at : at + chance.randint(0, 2)] = chance.choice(("", *SIGNS, *DIGITS))
    return "".join(letters)


def arbitrary(chance: random.Random) -> str:
    blocks = ((0, 0x80), (0x600, 0x700), (0, 0x110000))
    return "".join(chr(chance.randrange(*chance.choice(blocks))) for _ in range(chance.randint(0, 30)))


def check_refusal(error: DateError) -> str:
    reason = str(error)
    assert reason.isprintable()
    return "refused"


def check_date(text: str) -> str:
    try:
        published = dates.parse(text, fetched_at=NOW, since=SINCE)
    except DateError as error:
        return check_refusal(error)
    assert published == dates._parse(text, NOW, None, "page", SINCE)
    assert published.raw == text
    assert (published.at is None) == (published.precision in {"day", "month"})
    assert published.at is None or published.at.astimezone(TEHRAN).date() == published.on
    assert dates.Published.from_dict(published.to_dict()) == published
    assert ("before-source" in published.flags) <= (published.on < SINCE)
    assert published.at is None or ("future" in published.flags) == (published.at > NOW + timedelta(days=1))
    for form in (published.jalali, dates.written(published), published.rfc9557):
        if "[" in form and published.precision == "month":
            continue
        again = dates.parse(form, fetched_at=NOW)
        assert again.on == published.on
        assert published.at is None or again.at is None or abs(again.at - published.at) <= timedelta(hours=1)
    return published.precision


def check_period(text: str) -> str:
    try:
        period = dates.parse_period(text)
    except DateError as error:
        return check_refusal(error)
    assert period.start < period.end
    return "period"


def run(count: int, seed: int, tell: Callable[[str], None]) -> Counter[str]:
    chance = random.Random(seed)
    texts = gold()
    totals: Counter[str] = Counter()
    for number in range(count):
        kind = chance.choice(("mixed", "mixed", "mangled", "arbitrary"))
        text = mixed(chance) if kind == "mixed" else mangled(chance, texts) if kind == "mangled" else arbitrary(chance)
        try:
            totals[f"{kind}: {check_date(text)}"] += 1
            totals[f"{kind} as a period: {check_period(text)}"] += 1
        except Exception:
            tell(f"seed {seed}, string {number}: {text!r}")
            raise
    return totals


def main() -> None:
    options = argparse.ArgumentParser(description="Random strings against the readers of dates.")
    options.add_argument("--count", type=int, default=1_000_000)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    asked = options.parse_args()
    print(f"seed {asked.seed}", flush=True)
    began = time.process_time()
    totals = run(asked.count, asked.seed, lambda line: print(line, file=sys.stderr))
    print(f"{asked.count:,} strings in {time.process_time() - began:.0f} s of CPU time, every promise kept")
    for outcome, times in sorted(totals.items()):
        print(f"{times:>10,}  {outcome}")


if __name__ == "__main__":
    main()
