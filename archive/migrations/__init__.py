"""The schema's revisions, one after another, as Alembic runs them."""

import atexit
import importlib.resources
import tempfile
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path


@cache
def directory() -> Path:
    """Where Alembic finds this folder: it takes nothing but a directory, so an egg's, a zip file, is laid out in one
    that is there until the process ends.
    """
    packed = importlib.resources.files("archive") / "migrations"
    if isinstance(packed, Path):
        return packed
    laid_out = tempfile.TemporaryDirectory(prefix="monadi-")
    atexit.register(laid_out.cleanup)
    _lay_out(packed, Path(laid_out.name))
    return Path(laid_out.name)


def _lay_out(packed: Traversable, place: Path) -> None:
    for each in packed.iterdir():
        if each.is_dir():
            (place / each.name).mkdir()
            _lay_out(each, place / each.name)
        else:
            (place / each.name).write_bytes(each.read_bytes())
