"""The schema's revisions, one after another, as Alembic runs them.

Whether an archive has the newest one is asked by every command, so Alembic itself, which takes a fifth of a second of
CPU time to load, is loaded by an upgrade alone.
"""

import atexit
import importlib.resources
import re
import tempfile
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

VERSION = sa.table("alembic_version", sa.column("version_num", sa.String))
"""Where Alembic notes the revision that a database has."""

_FILE = re.compile(r"(\d{4})_\w+\.py")


@cache
def revisions() -> tuple[str, ...]:
    """The revisions that this Monadi knows, oldest first: "0001", …, as their files are named."""
    named = (_FILE.fullmatch(each.name) for each in (_packed() / "versions").iterdir())
    return tuple(sorted(each[1] for each in named if each))


def current(connection: sa.Connection) -> str | None:
    """The revision that a database has; None where it holds no archive."""
    if not sa.inspect(connection).has_table(VERSION.name):
        return None
    return connection.scalar(sa.select(VERSION.c.version_num))


def upgrade(connection: sa.Connection, to: str = "head") -> None:
    """Run the migrations that a database lacks, in the transaction of this connection."""
    from alembic import command  # noqa: PLC0415 - see above

    made = config()
    made.attributes["connection"] = connection
    command.upgrade(made, to)


def config() -> Any:
    """What Alembic is to know: its `Config`."""
    from alembic.config import Config  # noqa: PLC0415 - see above

    made = Config()
    made.set_main_option("script_location", str(directory()))
    made.set_main_option("path_separator", "os")
    return made


@cache
def directory() -> Path:
    """Where Alembic finds this folder: it takes nothing but a directory, so an egg's, a zip file, is laid out in one
    that is there until the process ends.
    """
    packed = _packed()
    if isinstance(packed, Path):
        return packed
    laid_out = tempfile.TemporaryDirectory(prefix="monadi-")
    atexit.register(laid_out.cleanup)
    _lay_out(packed, Path(laid_out.name))
    return Path(laid_out.name)


def _packed() -> Traversable:
    return importlib.resources.files("archive") / "migrations"


def _lay_out(packed: Traversable, place: Path) -> None:
    for each in packed.iterdir():
        if each.is_dir():
            (place / each.name).mkdir()
            _lay_out(each, place / each.name)
        else:
            (place / each.name).write_bytes(each.read_bytes())
