"""The CMSs that newsrooms run on: one module each, with a page class, a listing class and the `Platform` of both.

To add one: write `spiders/platforms/<key>.py` with a `PLATFORM`, name it in READ, and record a page for its tests.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from spiders.errors import UnreadablePlatform

if TYPE_CHECKING:
    from spiders.platforms.cms import Platform

READ = ("fa_portal", "iransamaneh", "wordpress")


@cache
def platform(key: str) -> Platform:
    """The platform of a catalogue's key; raises `UnreadablePlatform` where this version reads it not yet."""
    if key not in READ:
        raise UnreadablePlatform(f'platform "{key}" is not read by this version, which reads {", ".join(READ)}')
    found: Platform = import_module(f"spiders.platforms.{key}").PLATFORM
    return found
