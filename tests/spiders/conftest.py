"""A source to read for, and pages written in the test itself."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from web_poet import HttpResponse

from archive import Archive, Change, Kind
from archive.database import sqlite_url
from sources import Agency, Catalogue, Selectors, Source
from sources.sample import SampleNewsroom

MakeSource = Callable[..., Source]


@pytest.fixture(scope="session")
def office() -> MakeSource:
    """A source at https://yazd.example.ir/; selectors are stated as keywords of their own."""
    province = Catalogue.load().province("yazd")

    def made(selectors: dict[str, str] | None = None, **changes: Any) -> Source:
        values = {
            "id": "nemuneh-yazd",
            "agency": Agency(id="nemuneh", name_fa="نمونه", name_en="Sample"),
            "province": province,
            "name_fa": "نمونه یزد",
            "name_en": "Sample, Yazd",
            "platform": "fa_portal",
            "url": "https://yazd.example.ir/",
            "selectors": Selectors(**selectors or {}),
        }
        return Source(**{**values, **changes})

    return made


@pytest.fixture
def newsroom() -> Iterator[SampleNewsroom]:
    with SampleNewsroom() as opened:
        yield opened


@pytest.fixture
def catalogue(newsroom: SampleNewsroom, tmp_path: Path) -> Catalogue:
    """That of the sample newsroom, in `catalogue` of the temporary directory."""
    newsroom.write_catalogue(tmp_path / "catalogue")
    return Catalogue.load(tmp_path / "catalogue")


@pytest.fixture(params=["sqlite", "postgresql"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    """An archive that knows nothing, on each engine."""
    with ExitStack() as stack:
        url = sqlite_url(tmp_path / "monadi.db")
        if request.param == "postgresql":
            url = stack.enter_context(request.getfixturevalue("postgres").database())
        made = stack.enter_context(Archive(url, tmp_path / "search", tmp_path / "snapshots"))
        made.upgrade()
        yield made


@pytest.fixture(scope="session")
def respond() -> Callable[..., HttpResponse]:
    """A response as the spider hands it to a page object."""

    def made(body: str | bytes, url: str = "https://yazd.example.ir/fa/news/12/khabar", **headers: str) -> HttpResponse:
        content = body.encode() if isinstance(body, str) else body
        named = {"Content-Type": "text/html; charset=utf-8"} | {k.replace("_", "-"): v for k, v in headers.items()}
        return HttpResponse(url, body=content, status=200, headers=named)

    return made


@pytest.fixture(scope="session")
def told() -> Callable[..., list[Change]]:
    """What the log says of pages after a number of it; that releases are copies of each other is said beside it."""

    def rows(archive: Archive, since: int = 0) -> list[Change]:
        return [change for change in archive.changes(since) if change.kind is not Kind.COPIED]

    return rows
