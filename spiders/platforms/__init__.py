"""The CMSs that newsrooms run on: one module each, with a page class, a listing class and the `Platform` of both.

To add one: write `spiders/platforms/<key>.py` with a `PLATFORM`, name it in MODULES, and record a page for its tests.
"""

from functools import cache
from importlib import import_module

from spiders.errors import UnreadablePlatform
from spiders.platforms.platform import Platform

MODULES = ("fa_portal", "iransamaneh", "wordpress")

__all__ = ["MODULES", "Platform", "platform", "recognise"]


@cache
def platform(key: str) -> Platform:
    """The platform of a catalogue's key; raises `UnreadablePlatform` where this version reads it not yet."""
    if key not in MODULES:
        raise UnreadablePlatform(f'platform "{key}" is not read by this version, which reads {", ".join(MODULES)}')
    found: Platform = import_module(f"spiders.platforms.{key}").PLATFORM
    return found


def recognise(page: str) -> tuple[Platform, list[str]] | None:
    """The platform whose marks a page's markup bears most of, with those marks; None for an unknown one."""
    found = [(platform(key), platform(key).marks_in(page)) for key in MODULES]
    best, marks = max(found, key=lambda pair: len(pair[1]))
    return (best, marks) if marks else None
