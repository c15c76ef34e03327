"""A served archive of releases of every shape, and a real browser: Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser, sync_playwright

from archive import Archive, intake
from archive.database import sqlite_url
from sources import Catalogue
from tests.syndication.conftest import module
from tests.syndication.serving import served

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
LONG = "این بند دراز است و از کارگاه‌های آموزشی استان می‌گوید. " * 30
MIXED = "نمایشگاه ITEX 2024 در https://yazd.example.ir/fa?page=2 با ۳۰ غرفه"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of a module alone: while Playwright runs, no other event loop may begin in this thread."""
    program = os.environ.get("MONADI_CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not program:
        pytest.skip("no Chromium on this machine: apt-get install chromium, or name one in MONADI_CHROMIUM")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Monadi with 70 releases: edited, removed, hostile, empty, long, in two directions, copied."""
    place = tmp_path_factory.mktemp("site")
    kinds = module("monadi_kinds", Path(__file__).parents[1] / "syndication/kinds.py")
    url = sqlite_url(place / "monadi.db")
    with Archive(url, place / "search") as archive:
        archive.upgrade()
        kinds.fill(archive, Catalogue.load())
        with archive.writing() as connection:
            intake.save(connection, list(_more(kinds)))
        archive.find_copies()
        archive.follow_timings()
    with served(url, place / "search") as (_, port):
        yield f"http://127.0.0.1:{port}"


def _more(kinds: ModuleType) -> Iterator[object]:
    mixed = kinds.release(90, "۱۶ آذر ۱۴۰۰ ۰۸:۰۰", title=MIXED, lead=f"{MIXED}.", body=LONG, body_html="")
    yield mixed
    yield replace(mixed, body=LONG.replace("دراز", "بلند"), fetched_at=mixed.fetched_at + timedelta(days=2))
    yield replace(mixed, source="mcls-hormozgan", native_id="90", url="https://hormozgan.mcls.gov.ir/fa/news/90")
    cells = "".join(f"<td>ستون شماره‌ی {number} با متنی دراز</td>" for number in range(12))
    wide = f"<p>{'نشانی‌بسیاردراز' * 20}</p><table><tr>{cells}</tr></table><pre>{'x' * 300}</pre>"
    yield kinds.release(91, "۱۷ آذر ۱۴۰۰ ۰۸:۰۰", title="جدول پهن", body="جدول", body_html=wide)
    at = datetime.now(UTC)
    yield kinds.release(92, at.isoformat(), title="خبر امروز", fetched_at=at)
