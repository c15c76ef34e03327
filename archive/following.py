"""What follows from readings: copies are looked for, charts brought up to date, months closed that are over, quiet
crawls of long ago thinned.

A harvest by hand does it at its end; a scheduler has it done when something is new, in a process of its own:
`python -P -m archive.following`.
"""

import logging
import sys
from datetime import UTC, datetime

from archive.errors import ArchiveError, Claimed
from archive.store import Archive, open_archive

logger = logging.getLogger(__name__)

COMMAND = (sys.executable, "-P", "-m", "archive.following")  # -P: what lies in the working directory is not ours
ALL = "*following*"  # claimed by whoever does it; no source has such an id


def follow_up(archive: Archive, *, settled: bool = False) -> None:
    """Do it; where the archive does not let us, or another process is doing it, the next time goes on with it.

    `settled` says that all sources that are to be read have been (`Archive.close_months`).
    """
    try:
        with archive.claim(ALL):
            archive.find_copies()
            archive.follow_timings()
            archive.close_months(settled=settled)
            archive.thin_crawls(datetime.now(UTC))
    except Claimed:
        return
    except ArchiveError as error:
        logger.error("copies are not looked for, charts not brought up to date, months not closed: %s", error)  # noqa: TRY400 - one line


if __name__ == "__main__":
    with open_archive() as kept:
        follow_up(kept)
