"""An archive whose releases are hard to write down; it is made once, for an export only reads."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, Article, Query, crawls, intake
from archive.article import Attachment
from archive.database import sqlite_url
from persian.dates import parse
from sources import Catalogue

MakeArticle = Callable[..., Article]
HARD = (
    {"title": "=HYPERLINK(1)", "lead": "+1", "kicker": "＝جمع", "body": "-2\n@x", "tags": ("a|b", "c\\d", "'e", "=f")},
    {"title": '"نقل", قول', "lead": None, "kicker": "", "body": "سطر\nسطر", "trailer": "\tانتها", "category": "' عدد"},
    {"title": "{باز \\ % & _ # $ ~ ^", "tags": (), "byline": "روابط\u200cعمومی", "body_html": ""},
)


@contextmanager
def opened(directory: Path) -> Iterator[Archive]:
    with Archive(sqlite_url(directory / "monadi.db"), directory / "search") as archive:
        yield archive


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    """The directory of an archive that knows every source and holds nothing."""
    directory = tmp_path_factory.mktemp("blank")
    with opened(directory) as archive:
        archive.upgrade()
        with archive.writing() as connection:
            crawls.register(connection, catalogue.sources.values())
    return directory


@pytest.fixture(scope="session")
def kept(blank: Path, tmp_path_factory: pytest.TempPathFactory, make: MakeArticle) -> Path:
    """The directory of an archive of 63 releases.

    They are of two offices and four Jalali years, undated, dated to the day, with files, edited twice, and with texts
    that break careless writers.
    """
    directory = tmp_path_factory.mktemp("archives") / "kept"
    shutil.copytree(blank, directory)
    file = Attachment(url="https://yazd.mcls.gov.ir/a.pdf", title="گزارش؛ «یک»", length=12345)
    gilan = {"source": "mcls-gilan", "url": "https://gilan.mcls.gov.ir/fa/news/62"}
    dated = [
        make(number, f"{number % 29 + 1} آبان {1397 + number % 4} 0{number % 10}:1{number % 6}") for number in range(57)
    ]
    undated = make(60, None, title="بی\u200cتاریخ")
    day = make(61, "۱۲ آذر ۱۴۰۰", title="تنها روز", modified=parse("آذر ۱۴۰۰", fetched_at=undated.fetched_at))
    hard = [make(100 + number, **texts, attachments=(file,)) for number, texts in enumerate(HARD)]
    with opened(directory) as archive, archive.writing() as connection:
        intake.save(connection, [*dated, undated, day, make(62, **gilan), *hard])
        for body in ("متن دوم", "متن سوم"):
            intake.save(connection, [make(100, **(HARD[0] | {"body": body}), attachments=(file,))])
    return directory


@pytest.fixture(scope="session")
def empty(blank: Path) -> Iterator[Archive]:
    with opened(blank) as archive:
        yield archive


@pytest.fixture(scope="session")
def hard(kept: Path) -> Iterator[Archive]:
    with opened(kept) as archive:
        yield archive


@pytest.fixture
def growing(kept: Path, tmp_path: Path) -> Iterator[Archive]:
    """A copy of it that may be written to."""
    shutil.copytree(kept, tmp_path / "growing")
    with opened(tmp_path / "growing") as archive:
        yield archive


@pytest.fixture(scope="session")
def records(hard: Archive) -> list[dict[str, Any]]:
    return [item.to_dict() for item in hard.articles(Query())]
