"""An archive to publish from, and the releases it holds."""

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from jsonschema import Draft202012Validator
from lxml import etree

from archive import Archive, ArchivedArticle, Article, Query, State, crawls, intake
from archive.article import Attachment
from archive.database import sqlite_url
from sources import Catalogue
from syndication.feeds.announced import FRAGMENTS
from syndication.feeds.documents import Format
from syndication.omissions import OMISSIONS

FETCHED = datetime(2021, 12, 6, 8, tzinfo=UTC)

MakeArticle = Callable[..., Article]
Keep = Callable[..., None]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture
def archive(tmp_path: Path, catalogue: Catalogue) -> Iterator[Archive]:
    """An empty archive that knows every source."""
    FRAGMENTS.clear()
    OMISSIONS.keep_in(tmp_path)
    with Archive(sqlite_url(tmp_path / "monadi.db"), tmp_path / "search") as opened:
        opened.upgrade()
        with opened.writing() as connection:
            crawls.register(connection, catalogue.sources.values())
        yield opened


@pytest.fixture
def keep(archive: Archive) -> Keep:
    """Save readings into the archive."""

    def kept(*readings: Article) -> None:
        with archive.writing() as connection:
            intake.save(connection, readings)

    return kept


@pytest.fixture
def full(archive: Archive, keep: Keep, make: MakeArticle) -> Archive:
    """An archive with 60 releases of two offices, one of them undated, one dated to the day, one with three files."""
    files = tuple(Attachment(url=f"https://yazd.mcls.gov.ir/{name}", length=9) for name in ("a.pdf", "b.docx", "c.mp3"))
    releases = [make(number, f"{number % 29 + 1} آبان ۱۴۰۰ 0{number % 10}:1{number % 6}") for number in range(57)]
    keep(
        *releases,
        make(60, None, title="بی‌تاریخ"),
        make(61, "۱۲ آذر ۱۴۰۰", title="تنها روز"),
        make(
            62,
            source="mcls-hormozgan",
            url="https://hormozgan.mcls.gov.ir/fa/news/62",
            title="پیوست‌دار",
            attachments=files,
        ),
    )
    return archive


@pytest.fixture
def archived(catalogue: Catalogue, make: MakeArticle) -> Callable[..., ArchivedArticle]:
    """A release as the archive would hand it out, without an archive: for texts that no database takes."""

    def made(**changes: object) -> ArchivedArticle:
        article = make(**changes)
        return ArchivedArticle(
            id="mcls-yazd/1",
            guid="urn:uuid:7a5a4a0a-8f0c-5a36-8a9b-6a8f3f0f2c11",
            article=article,
            agency="mcls",
            province=catalogue.province("yazd"),
            first_seen=FETCHED,
            last_seen=FETCHED,
            revised_at=FETCHED,
            state=State.LIVE,
            revision=1,
            revisions=1,
            content_hash="sha256:0",
            change=1,
        )

    return made


@pytest.fixture
def newest(full: Archive) -> list[ArchivedArticle]:
    """What a feed of everything announces."""
    return list(full.articles(Query(limit=50)))


ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def kinds() -> ModuleType:
    """`kinds.py` beside this file: an archive of releases of every shape, and every kind of document of it."""
    return module("monadi_kinds", Path(__file__).with_name("kinds.py"))


@pytest.fixture(scope="session")
def hostile() -> ModuleType:
    """benchmarks/hostile.py: articles that break feeds, and the judge of what becomes of them."""
    return module("monadi_hostile", ROOT / "benchmarks/hostile.py")


@pytest.fixture(scope="session")
def schemas() -> dict[Format, Callable[[bytes], None]]:
    """What raises unless a document is valid by its format's schema in docs/schemas."""
    schema = json.loads((ROOT / "docs/schemas/feed.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    of_json = Draft202012Validator(schema)
    of_xml = {
        format_: etree.RelaxNG(etree.parse(ROOT / f"docs/schemas/{format_}.rng"))
        for format_ in (Format.RSS, Format.ATOM)
    }
    return {
        Format.RSS: lambda document: of_xml[Format.RSS].assertValid(etree.fromstring(document)),
        Format.ATOM: lambda document: of_xml[Format.ATOM].assertValid(etree.fromstring(document)),
        Format.JSON: lambda document: of_json.validate(json.loads(document)),
    }


def module(name: str, file: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, file)
    assert specification
    assert specification.loader
    made = importlib.util.module_from_spec(specification)
    sys.modules[name] = made
    specification.loader.exec_module(made)
    return made
