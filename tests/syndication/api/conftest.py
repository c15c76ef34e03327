"""An archive with something of everything that the API tells of, and its API; tests only read, so they share it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archive import Archive, Article, absences, crawls, intake
from archive.crawls import Outcome, Result
from archive.database import sqlite_url
from sources import Catalogue
from syndication.web import create_app
from tests.syndication.asking import Answer, Client

BASE = "https://news.example.ir/monadi"
LATER = datetime(2021, 12, 8, tzinfo=UTC)
NOTICE = "\n".join(f"بند {number} از آیین‌نامهٔ تازهٔ بیمهٔ کارگران فصلی در استان." for number in range(30))
Ask = Callable[..., Answer]


def fill(archive: Archive, catalogue: Catalogue, make: Callable[..., Article]) -> None:
    """26 releases; of them mcls-yazd/5 has two revisions, mcls-yazd/9 is gone, and 70 and 71 are of one text."""
    with archive.writing() as connection:
        crawls.register(connection, catalogue.sources.values())
    elsewhere = {"source": "mcls-hormozgan", "url": "https://hormozgan.mcls.gov.ir/fa/news/71", "native_id": "71"}
    copied = {"title": "آیین‌نامهٔ بیمهٔ کارگران فصلی", "body": NOTICE, "lead": None}
    readings = [make(number, f"{number + 1} آبان ۱۴۰۰ 0{number % 10}:1{number % 6}") for number in range(20)]
    readings += [make(60, None, title="بی‌تاریخ"), make(61, "۱۲ آذر ۱۴۰۰", title="تنها روز")]
    readings += [make(62, "آذر ۱۴۰۰", title="تنها ماه"), make(63, title="", lead=None, kicker=None, body="", tags=())]
    readings += [make(70, **copied), make(71, **copied, **elsewhere)]
    edited = replace(make(5, "6 آبان ۱۴۰۰ 05:15", lead="در این نشست ۲۱ تن گرد آمدند."), fetched_at=LATER)
    for some in (readings, [edited]):
        with archive.writing() as connection:
            intake.save(connection, some)
    with archive.writing() as connection:
        for hours in (0, 7):
            absences.missed(connection, "mcls-yazd", ["id:9"], LATER + timedelta(hours=hours))
        run = crawls.begin(connection, "mcls-yazd", LATER)
        done = Result(outcome=Outcome.OK, reason=None, swept=True, counts={"new": 26})
        crawls.finish(connection, run, at=LATER + timedelta(minutes=1), result=done)
    archive.find_copies()


@pytest.fixture(scope="session", params=["sqlite"])
def filled(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    catalogue: Catalogue,
    make: Callable[..., Article],
) -> Iterator[Archive]:
    """An archive on SQLite, or on each engine where a test asks so."""
    directory = tmp_path_factory.mktemp("api")
    with _database(request, sqlite_url(directory / "monadi.db")) as url, Archive(url, directory / "search") as archive:
        archive.upgrade()
        fill(archive, catalogue, make)
        yield archive


def _database(request: pytest.FixtureRequest, file: str) -> AbstractContextManager[str]:
    return nullcontext(file) if request.param == "sqlite" else request.getfixturevalue("postgres").database()


@pytest.fixture
def ask(filled: Archive, catalogue: Catalogue) -> Ask:
    """Its API, behind a proxy that strips a path."""
    client = Client(create_app(filled, catalogue, BASE))
    return lambda target, *more, **headers: client(f"/api/v1{target}", *more, **headers)
