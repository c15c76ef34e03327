"""Dates: the strings and promises of tests/persian/fuzz_dates.py."""

from functools import cache

from benchmarks.fuzzing.chance import NUMBERS, ODD, Chance, Target
from tests.persian import fuzz_dates as dates


@cache
def texts() -> list[str]:
    return dates.gold()


def make(chance: Chance) -> str:
    kind = chance.randrange(4)
    if kind == 0:
        return dates.mangled(chance, texts())
    return dates.arbitrary(chance) if kind == 1 else dates.mixed(chance)


def grown(chance: Chance, size: int) -> str:
    pieces = [*dates.SIGNS, *dates.PHRASES, *dates.NAMES, *dates.DIGITS, *ODD, *NUMBERS]
    return chance.choice(texts()) + str(chance.repeated(pieces, size))


def check(text: str) -> str:
    return f"{dates.check_date(text)}, {dates.check_period(text)} as a period"


TARGET = Target(name="dates", make=make, check=check, grown=grown, seconds=0.5)
