"""Whatever happened between two publications, and on whichever engine: the files are those of publishing anew."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Archive, absences, crawls, intake
from archive.database import sqlite_url
from sources import Catalogue
from syndication.feeds import edits, issue
from syndication.publish import publish

BASE = "https://news.example.ir"
NOW = datetime.now(UTC)
MONTH = timedelta(days=31)
PROVINCES = """
[yazd]
iso = "IR-21"
fa = "یزد"
en = "Yazd"

[hormozgan]
iso = "IR-22"
fa = "هرمزگان"
en = "Hormozgan"
"""
OFFICES = """
[agency]
name_fa = "کار"
name_en = "Labour"
platform = "fa_portal"

[yazd]
url = "https://yazd.mcls.gov.ir/"

[hormozgan]
url = "https://hormozgan.mcls.gov.ir/"
"""
SOURCES = ("mcls-yazd", "mcls-hormozgan")


def contents(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes() for path in directory.rglob("*") if path.is_file()
    }


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Catalogue:
    """Two offices in two provinces."""
    directory = tmp_path_factory.mktemp("catalogue")
    (directory / "agencies").mkdir()
    (directory / "provinces.toml").write_text(PROVINCES, encoding="utf-8")
    (directory / "agencies/mcls.toml").write_text(OFFICES, encoding="utf-8")
    return Catalogue.load(directory)


def begun(url: str, search: Path, offices: Catalogue) -> Archive:
    archive = Archive(url, search)
    archive.upgrade()
    with archive.writing() as connection:
        crawls.register(connection, offices.sources.values())
    return archive


@pytest.fixture(scope="module")
def template(tmp_path_factory, small) -> Path:
    """An empty archive of these offices."""
    directory = tmp_path_factory.mktemp("template")
    begun(sqlite_url(directory / "monadi.db"), directory / "search", small).close()
    return directory / "monadi.db"


# ---- what can happen ----


@dataclass(frozen=True)
class Read:
    """A page is read: a new release, an edit of one, or one that is back."""

    number: int
    date: str
    title: str
    tags: tuple[str, ...]

    def happen(self, archive, at, make):
        source = SOURCES[self.number % 2]
        url = f"https://{source.removeprefix('mcls-')}.mcls.gov.ir/fa/news/{self.number}/{self.title}"
        text = {"title": f"{self.title} {self.number}", "tags": self.tags, "lead": "/".join(self.tags) + self.date}
        with archive.writing() as connection:
            intake.save(connection, [make(self.number, self.date, source=source, url=url, fetched_at=at, **text)])


@dataclass(frozen=True)
class Gone:
    number: int

    def happen(self, archive, at, make):
        with archive.writing() as connection:
            for hours in (0, 7):
                at += timedelta(hours=hours)
                absences.missed(connection, SOURCES[self.number % 2], [f"id:{self.number}"], at)


@dataclass(frozen=True)
class Unlisted:
    number: int

    def happen(self, archive, at, make):
        with archive.writing() as connection:
            absences.unlisted(connection, SOURCES[self.number % 2], [f"id:{self.number}"], at)


class Copies:
    def happen(self, archive, at, make):
        archive.find_copies()


class Closing:
    """Months pass, and what they published is closed."""


class Publishing:
    pass


numbers = st.integers(1, 9)
events = st.one_of(
    st.builds(
        Read,
        numbers,
        st.sampled_from(["۳ آبان ۱۴۰۰", "۵ آذر ۱۴۰۰", "۱ دی ۱۴۰۵", "۱ بهمن ۱۴۰۵"]),
        st.sampled_from(["نخست", "دیگر"]),
        st.sampled_from([(), ("الف",), ("الف", "ب")]),
    ),
    st.builds(Gone, numbers),
    st.builds(Unlisted, numbers),
    st.just(Copies()),
    st.just(Closing()),
    st.just(Publishing()),
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=st.lists(events, min_size=5, max_size=24))
def test_what_is_published_bit_by_bit_is_what_is_published_at_once(told, template, small, make):
    with tempfile.TemporaryDirectory(prefix="monadi-") as temporary, pytest.MonkeyPatch.context() as patch:
        patch.setattr(issue, "LONGEST", 2)
        patch.setattr(edits, "BLOCK", 4)
        patch.setattr("syndication.feeds.feed.NEWEST", issue.Query(states=("live", "unlisted"), limit=3))
        directory = Path(temporary)
        shutil.copy(template, directory / "monadi.db")
        with Archive(sqlite_url(directory / "monadi.db"), directory / "search") as archive:
            at = NOW
            for event in told:
                at += timedelta(hours=8)
                if isinstance(event, Publishing):
                    publish(archive, small, directory / "site", BASE, tags=1)
                elif isinstance(event, Closing):
                    at += MONTH
                    archive.close_months(at)
                else:
                    event.happen(archive, at, make)
            publish(archive, small, directory / "site", BASE, tags=1)
            publish(archive, small, directory / "fresh", BASE, tags=1)
        assert contents(directory / "site") == contents(directory / "fresh")


def test_an_archive_moved_to_the_other_engine_publishes_the_same_and_goes_on(template, small, make, tmp_path, postgres):
    shutil.copy(template, tmp_path / "monadi.db")
    history = [Read(number, f"{number} آبان ۱۴۰۰", "نخست", ("الف",)) for number in range(1, 8)]
    history += [Read(2, "۲ آبان ۱۴۰۰", "دیگر", ("ب",)), Gone(3)]
    later = [Read(20, "۵ آذر ۱۴۰۰", "تازه", ("الف",)), Read(4, "۴ آبان ۱۴۰۰", "دیگر", ()), Gone(5)]
    with postgres.database() as url, Archive(url, tmp_path / "served") as served:
        with Archive(sqlite_url(tmp_path / "monadi.db"), tmp_path / "search") as embedded:
            for event in history:
                event.happen(embedded, NOW, make)
            publish(embedded, small, tmp_path / "site", BASE, tags=1)
            embedded.backup(tmp_path / "backup.db")
            for event in later:
                event.happen(embedded, NOW + MONTH, make)
            publish(embedded, small, tmp_path / "later", BASE, tags=1)
        served.upgrade()
        served.restore(tmp_path / "backup.db")
        publish(served, small, tmp_path / "elsewhere", BASE, tags=1)
        assert contents(tmp_path / "elsewhere") == contents(tmp_path / "site")
        assert publish(served, small, tmp_path / "site", BASE, tags=1).written == 0
        for event in later:
            event.happen(served, NOW + MONTH, make)
        publish(served, small, tmp_path / "site", BASE, tags=1)
        assert contents(tmp_path / "site") == contents(tmp_path / "later")
