"""Releases that a feed could not tell: each left out by its name and with the reason, while all others are told.

What was left out stands in a small file of the data directory, so that `monadi status` and /status name it whichever
process wrote the feed; it is no part of the archive, which keeps the release all the same.
"""

import json
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Final

from archive.article import stamp
from syndication.errors import CannotWrite
from syndication.files import replacing

FILE: Final = "left-out.json"
LISTED: Final = 1000  # that the file names at most
RECENT: Final = timedelta(days=30)  # that one is named after it was last left out
REPEATED: Final = timedelta(hours=12)  # after which being left out again is written down again

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Omission:
    """`item` is the id of a release, and of an edit its change too; `at` when it was last left out, in UTC."""

    item: str
    format: str
    reason: str
    at: datetime

    @property
    def key(self) -> tuple[str, str]:
        return self.item, self.format

    def to_dict(self) -> dict[str, str]:
        return asdict(self) | {"at": stamp(self.at)}


class Omissions:
    """What this process left out, and what the file said before. Threads may share it."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], Omission] = {}
        self._directory: Path | None = None
        self._lock = Lock()

    def keep_in(self, directory: Path) -> None:
        """Write into a file of this data directory from now on, and go on from what it says."""
        with self._lock:
            self._directory = directory
            self._held = {each.key: each for each in read(directory)}

    def left_out(self, item: str, format_: str, error: Exception) -> None:
        """Note it; the log says it once."""
        omission = Omission(item=item, format=format_, reason=_reason(error), at=datetime.now(UTC))
        with self._lock:
            known = self._held.get(omission.key)
            if known and known.reason == omission.reason and omission.at - known.at < REPEATED:
                return
            self._held[omission.key] = omission
            self._write({omission.key: omission})
        logger.warning("%s is left out of feeds as %s: %s", item, format_, omission.reason)

    def told(self, item: str, format_: str) -> None:
        """Forget it: what could not be told once is told now."""
        if (item, format_) not in self._held:
            return
        with self._lock:
            self._held.pop((item, format_), None)
            self._write({(item, format_): None})

    def names(self, item: str, format_: str) -> bool:
        """Whether something is left out."""
        return (item, format_) in self._held

    def all(self) -> list[Omission]:
        """What is left out by any process of the data directory, or by this one where there is none."""
        return read(self._directory) if self._directory else _newest_first(self._held.values())

    def _write(self, changed: dict[tuple[str, str], Omission | None]) -> None:
        if not self._directory:
            return
        known: dict[tuple[str, str], Omission | None] = {each.key: each for each in read(self._directory)}
        left = _newest_first(each for each in (known | changed).values() if each)
        with suppress(CannotWrite), replacing(self._directory / FILE) as stream:  # the log has it all the same
            stream.write(json.dumps([each.to_dict() for each in left], ensure_ascii=False, indent=1).encode())


def read(directory: Path) -> list[Omission]:
    """What the file of a data directory names, the newest first; nothing where there is none that can be read."""
    try:
        written = json.loads((directory / FILE).read_bytes())
        return _newest_first(_omission(each) for each in written)
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _omission(written: dict[str, Any]) -> Omission:
    texts = {name: str(written[name]) for name in ("item", "format", "reason")}
    return Omission(**texts, at=datetime.fromisoformat(written["at"]))


def _newest_first(omissions: Iterable[Omission]) -> list[Omission]:
    since = datetime.now(UTC) - RECENT
    found = sorted((each for each in omissions if each.at > since), key=lambda each: each.key)
    return sorted(found, key=lambda each: each.at, reverse=True)[:LISTED]


def _reason(error: Exception) -> str:
    """One line of text that can be written anywhere."""
    said = " ".join(str(error).split()) or "no more is known"
    return f"{type(error).__name__}: {said[:300]}".encode(errors="backslashreplace").decode()


OMISSIONS: Final = Omissions()
