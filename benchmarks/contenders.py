# ruff: noqa: INP001 - a part of the script beside it
"""The libraries one would otherwise take, each called as its documentation calls it, and ours among them.

To have them all (hazm needs Python 3.12):

    python3.12 -m venv peers
    peers/bin/pip install . persiantools 'dateparser[calendars]' htmldate hazm shekar parsivar khayyam convertdate
"""

import importlib
import importlib.metadata
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from gold import NOW

from persian.calendars import TEHRAN, from_jalali, to_jalali
from persian.dates import parse
from persian.text import display, search_key

SEED_FORM = "%d %B %Y %H:%M"
OURS = "monadi"


class Contender(NamedTuple):
    """One way of reading a date or a text; it gives None or any exception for what it cannot read.

    `key` is what two spellings are compared by, for texts. `share` is the part of the material that it is timed on,
    more than all of it for a fast one, so that a round of each takes long enough to measure and not much longer.
    """

    name: str
    package: str
    read: Callable[[str], Any]
    share: float = 1
    key: Callable[[str], Any] = str

    @property
    def version(self) -> str:
        return importlib.metadata.version(self.package)


Makers = dict[str, Callable[[], list[Contender]]]


def present(makers: Makers) -> Iterator[Contender | str]:
    """Every contender, or the name of a package that this interpreter does not have."""
    for package, make in makers.items():
        try:
            yield from make()
        except ImportError:
            yield package


# Dates --------------------------------------------------------------------------------------------------------------


def _ours() -> list[Contender]:
    return [Contender(OURS, "monadi", lambda text: parse(text, fetched_at=NOW), 4)]


def _persiantools() -> list[Contender]:
    read = importlib.import_module("persiantools.jdatetime").JalaliDateTime.strptime
    return [
        Contender(
            "persiantools strptime", "persiantools", lambda text: read(text, SEED_FORM, locale="fa").to_gregorian()
        )
    ]


def _jdatetime() -> list[Contender]:
    module = importlib.import_module("jdatetime")
    module.set_locale("fa_IR")
    read = module.datetime.strptime
    return [Contender("jdatetime strptime", "jdatetime", lambda text: read(text, SEED_FORM).togregorian())]


def _dateparser() -> list[Contender]:
    """`dateparser.parse(text)`, told only Tehran's zone and when the text was fetched, as ours is."""
    module = importlib.import_module("dateparser")
    settings = {"TIMEZONE": "Asia/Tehran", "RELATIVE_BASE": NOW.astimezone(TEHRAN).replace(tzinfo=None)}

    def read(text: str, languages: list[str] | None = None) -> Any:
        return module.parse(text, languages=languages, settings=settings)

    found = [
        Contender("dateparser", "dateparser", read, 0.002),
        Contender("dateparser, fa and en", "dateparser", lambda text: read(text, ["fa", "en"]), 0.1),
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

    return [Contender("htmldate", "htmldate", read, 4)]


DATES: Makers = {
    "monadi": _ours,
    "persiantools": _persiantools,
    "jdatetime": _jdatetime,
    "dateparser": _dateparser,
    "htmldate": _htmldate,
}


# Texts --------------------------------------------------------------------------------------------------------------


def _our_text() -> list[Contender]:
    return [Contender(OURS, "monadi", display, key=search_key)]


def _hazm() -> list[Contender]:
    normalize = importlib.import_module("hazm").Normalizer().normalize
    return [Contender("hazm Normalizer", "hazm", normalize, key=normalize)]


def _shekar() -> list[Contender]:
    normalize = importlib.import_module("shekar").Normalizer()
    return [Contender("shekar Normalizer", "shekar", normalize, 0.1, key=normalize)]


def _parsivar() -> list[Contender]:
    normalize = importlib.import_module("parsivar").Normalizer().normalize
    return [Contender("parsivar Normalizer", "parsivar", normalize, 0.05, key=normalize)]


def _persiantools_text() -> list[Contender]:
    convert = importlib.import_module("persiantools.characters").ar_to_fa
    return [Contender("persiantools ar_to_fa", "persiantools", convert, key=convert)]


TEXTS: Makers = {
    "monadi": _our_text,
    "hazm": _hazm,
    "shekar": _shekar,
    "parsivar": _parsivar,
    "persiantools": _persiantools_text,
}


# Leap years ---------------------------------------------------------------------------------------------------------


def _has_a_thirtieth_of_esfand(year: str) -> bool:
    return to_jalali(from_jalali(int(year), 12, 30)) == (int(year), 12, 30)


def _leap(name: str, package: str, module: str, is_leap: Callable[[Any, int], Any]) -> Callable[[], list[Contender]]:
    def make() -> list[Contender]:
        found = importlib.import_module(module)
        return [Contender(name, package, lambda year: bool(is_leap(found, int(year))))]

    return make


LEAP_YEARS: Makers = {
    "monadi": lambda: [Contender(OURS, "monadi", _has_a_thirtieth_of_esfand)],
    "persiantools": _leap(
        "persiantools", "persiantools", "persiantools.jdatetime", lambda module, year: module.JalaliDate.is_leap(year)
    ),
    "jdatetime": _leap("jdatetime", "jdatetime", "jdatetime", lambda module, year: module.date(year, 1, 1).isleap()),
    "khayyam": _leap("khayyam", "khayyam", "khayyam", lambda module, year: module.JalaliDate(year, 1, 1).isleap),
    "convertdate": _leap("convertdate", "convertdate", "convertdate.persian", lambda module, year: module.leap(year)),
}
