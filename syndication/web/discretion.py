"""What strangers may read of what is said to operators: what is wrong, and not where the archive is or who keeps it.

The log, `monadi status` and alerts have the full words; answers to clients have none of their paths, hosts of servers
and addresses of databases.
"""

import logging
import re
from dataclasses import dataclass
from time import monotonic
from typing import Final

from archive.errors import ArchiveMissing

MISSING: Final = "nothing has been archived here yet"
AWAY: Final = "the archive does not answer"
OMITTED: Final = "…"
AGAIN: Final = 60.0  # seconds after which the log says once more what it has said

_OF_THE_ARCHIVE: Final = re.compile(r"\bthe (archive|queue|search index) (?:at|of) .*", re.DOTALL)
_SERVER: Final = re.compile(r"\bconnection to server .*", re.DOTALL)
_PLACE: Final = re.compile(
    r"""\b(?:postgresql|sqlite)(?:\+\w+)?:\S+  # of a database
    |(?<![^\s"'`(=,])/(?:[^\s/"'`();,]+/)+[^\s"'`();,:]*  # a path, which is no part of a web address""",
    re.VERBOSE,
)

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Logged:
    """What the log was told last, and when: whoever asks again and again shall not fill it."""

    line: str = ""
    at: float = 0.0

    def tell(self, line: str) -> None:
        now = monotonic()
        if line != self.line or now - self.at >= AGAIN:
            self.line, self.at = line, now
            logger.warning("%s", line)


_LOGGED: Final = _Logged()


def of_error(error: Exception) -> str:
    """What is told of an archive that cannot answer; the log gets what is the matter with it, once a minute."""
    _LOGGED.tell(str(error))
    return MISSING if isinstance(error, ArchiveMissing) else AWAY


def of_line(line: str) -> str:
    """A line for operators, of which what tells of this machine and its neighbours is left out."""
    line = _OF_THE_ARCHIVE.sub(r"the \1 cannot be used", line)
    return _PLACE.sub(OMITTED, _SERVER.sub(OMITTED, line))
