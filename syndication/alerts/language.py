"""The language of messages to operators: Persian, or English where the settings say so (`words.toml`)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from persian.calendars import TEHRAN, WEEKDAYS, DateError, to_jalali
from persian.text import persian_digits
from syndication.charts.words import ENGLISH_DAYS, day_name
from syndication.tongue import Tongue

FILE: Final = Path(__file__).with_name("words.toml")
OTHER_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Speech(Tongue):
    """`say` is what is said, by table and key."""

    say: Mapping[str, Mapping[str, str]]

    def listed(self, parts: list[str]) -> str:
        return self.say["site"]["comma"].join(parts)

    def moment(self, moment: datetime) -> str:
        """An instant in Tehran in both calendars, the language's own first.

        «یکشنبه ۸ آذر ۱۴۰۵، ۰۹:۳۰ (29 November 2026)"; "Sunday, 29 November 2026, 09:30 (8 Azar 1405)".
        """
        there = moment.astimezone(TEHRAN)
        gregorian = f"{there.day} {OTHER_MONTHS[there.month - 1]} {there.year}"
        try:
            year, month, day = to_jalali(there.date())
        except DateError:  # a clock far off
            return f"{gregorian}, {there:%H:%M}"
        jalali = day_name(f"{year}-{month:02}-{day:02}", self)
        if self.is_persian:
            return f"{WEEKDAYS[there.weekday()]} {jalali}، {persian_digits(f'{there:%H:%M}')} ({gregorian})"
        return f"{ENGLISH_DAYS[there.weekday()]}, {gregorian}, {there:%H:%M} ({jalali})"

    def isolated(self, text: str) -> str:
        """A text of unknown direction within a line of this one: Unicode's FSI … PDI."""
        return f"\u2068{text}\u2069" if self.is_persian else text


def _read(place: int, code: str) -> Speech:
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Speech(
        code=code, say={table: {key: said[place] for key, said in keys.items()} for table, keys in tables.items()}
    )


PERSIAN: Final = _read(0, "fa")
ENGLISH: Final = _read(1, "en")
SPEECHES: Final = {"fa": PERSIAN, "en": ENGLISH}
