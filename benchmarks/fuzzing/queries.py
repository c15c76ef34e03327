"""Questions as a command line, an address of a page, a feed's address and the API's parameters might ask them."""

import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from archive import Archive, Article, Query, crawls, intake
from archive.database import sqlite_url
from archive.errors import QueryError
from archive.query import PARSERS, cursor_of, position
from archive.search.grammar import parse
from benchmarks.fuzzing.chance import CONTROLS, NUMBERS, ODD, Chance, Target
from benchmarks.hostile import TEXTS, WORDS
from persian.dates import parse as parse_date
from sources import Catalogue
from syndication.web.search import Search

ASKED = 64  # every so many questions are asked of an archive, too
NAMES = [*PARSERS, *PARSERS, "q", "q", "q", "since-year", "since-month", "since-day", "until-year", "nosuch", ""]
VALUES = [
    *(
        "yazd",
        "IR-21",
        "یزد",
        "mcls",
        "mcls-yazd",
        "live",
        "gone",
        "1400-09-15",
        "۱۴۰۰/۰۹",
        "2021-12",
        "best",
        "newest",
    ),
    *("yes", "no", "10", "0", "روابط عمومی", "اشتغال", cursor_of(datetime(2021, 12, 6, tzinfo=UTC), 3), "1400", "13"),
    *("W10", "WzEsMl0", "bnVsbA", "WyI5OTk5LTEyLTMxVDIzOjU5OjU5IiwgMV0", "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzIzOjU5IiwgMV0"),
]
SIGNS = [
    *'""()«»“”',
    "(" * 500,
    '"' * 101,
    "OR",
    "AND",
    "NOT",
    "-",
    "--",
    "title:",
    "kicker:",
    "body:",
    "lead:",
    "NOT " * 300,
]


@cache
def catalogue() -> Catalogue:
    return Catalogue.load()


@cache
def archive() -> Archive:
    """An archive of twenty releases, in a place that is gone when the program ends."""
    folder = tempfile.TemporaryDirectory(prefix="monadi-fuzz-")
    made = Archive(sqlite_url(Path(folder.name) / "monadi.db"), Path(folder.name) / "search")
    made.upgrade()
    made.folder = folder  # type: ignore[attr-defined]
    with made.writing() as connection:
        crawls.register(connection, catalogue().sources.values())
        intake.save(connection, [_release(number) for number in range(20)], None)
    return made


def _release(number: int) -> Article:
    at = datetime(2021, 12, 6, 8, number, tzinfo=UTC)
    return Article(
        source="mcls-yazd",
        url=f"https://yazd.mcls.gov.ir/fa/news/{number}",
        native_id=str(number),
        title=f"نشست شماره‌ی {number} روابط عمومی‌ها",
        body="بند نخست.\nمدیرکل گفت: درازای این پل سی و شش متر است.",
        extractor="fa_portal/1",
        fetched_at=at,
        tags=("اشتغال",),
        published=parse_date("۱۵ آذر ۱۴۰۰ ۰۹:۱۹", fetched_at=at + timedelta(days=number)),
    )


def make(chance: Chance) -> list[tuple[str, str]]:
    return [(chance.choice(NAMES), _value(chance)) for _ in range(chance.randint(1, 4))]


def _value(chance: Chance) -> str:
    if chance.random() < 0.4:
        return chance.choice(VALUES)
    pieces = chance.pieces(12, SIGNS, WORDS, VALUES, ODD, NUMBERS, TEXTS, CONTROLS)
    return chance.choice(("", " ")).join(pieces)


def grown(chance: Chance, size: int) -> list[tuple[str, str]]:
    return [("q", str(chance.repeated([*SIGNS, *WORDS, *ODD, "a", " ", "ه ی", "ها", "می"], size)))]


def check(words: list[tuple[str, str]]) -> str:
    """Asked by words (a command, a feed), by an address, and now and then of an archive."""
    for name, value in words:
        if name in ("q", "text"):
            assert parse(value) == parse(value)
    outcome = _asked_by_words(words)
    search = Search.of(QueryParams(urlencode([(name, value.encode("utf-8", "replace")) for name, value in words])))
    try:
        search = search.settled(QueryParams(urlencode(list(search.asked))))
        query: Any = search.query(catalogue())
    except QueryError as error:
        _hold_refusal(error)
        return f"{outcome}; refused as an address"
    assert Search.of(QueryParams(search.path.partition("?")[2])).query(catalogue()) == query, (
        "its own address asks else"
    )
    if sum(map(len, (value for _, value in words))) % ASKED == 0:
        _asked_of_archive(query)
        return f"{outcome}; answered"
    return outcome


def _asked_by_words(words: list[tuple[str, str]]) -> str:
    given: dict[str, list[str]] = {}
    for name, value in words:
        given.setdefault("text" if name == "q" else name, []).append(value)
    try:
        query = Query.parse(given, catalogue())
    except QueryError as error:
        _hold_refusal(error)
        return "refused"
    assert query.limit is None or 1 <= query.limit < 2**63
    assert query.changed_since is None or 0 <= query.changed_since < 2**63
    assert query.since is None or query.since.tzinfo is UTC
    if query.cursor:
        moment, number = position(query.cursor)
        assert moment.tzinfo is UTC
        assert 0 <= number < 2**63
    return "understood"


def _asked_of_archive(query: Query) -> None:
    try:
        found = list(archive().articles(query.narrowed(limit=5)))
        assert archive().count(query) >= len(found)
    except QueryError as error:
        _hold_refusal(error)


def _hold_refusal(error: QueryError) -> None:
    assert "\n" not in str(error), f"a message of several lines: {str(error)[:80]!r}"
    assert len(str(error)) < 100_000


TARGET = Target(name="queries", make=make, check=check, grown=grown, seconds=1.0)
