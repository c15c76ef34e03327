"""The CMSs that newsrooms run on: one module each, with a page class, a listing class and the `Platform` of both.

To add one: write `spiders/platforms/<key>.py` with a `PLATFORM`, name it in `sources.PLATFORMS`, and record a page for
its tests.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from sources import PLATFORMS

if TYPE_CHECKING:
    from spiders.platforms.cms import Platform

CMSS = tuple(key for key in PLATFORMS if key not in ("generic", "auto"))
"""The keys of the platforms that have marks to be known by."""


@cache
def platform(key: str) -> Platform:
    """The platform of a catalogue's key other than "auto"."""
    found: Platform = import_module(f"spiders.platforms.{key}").PLATFORM
    return found
