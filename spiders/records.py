"""What the schedule goes by, as the archive has it."""

import math
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from archive import Archive, crawls, habits, orders
from archive.errors import ArchiveMissing
from archive.orders import Order
from sources import Catalogue
from spiders.schedule import Record, weight

if TYPE_CHECKING:
    from archive.habits import Habit

HABITS = 3600.0  # seconds between two looks at what sources usually publish: a second for a million releases


class Records:
    """The records of a catalogue's sources: their crawls, their habits, and what operators ask of them."""

    def __init__(self, archive: Archive, catalogue: Catalogue, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.archive = archive
        self.catalogue = catalogue
        self.clock = clock
        self._habits: Mapping[str, Habit] = {}
        self._habits_until = -math.inf

    def at(self, now: datetime, standing: Mapping[str, Order] | None = None) -> dict[str, Record]:
        """Each source's record by its id; `standing` is what stands of orders where that has been read already.

        Where there is no archive yet, nobody has been visited.
        """
        with suppress(ArchiveMissing), self.archive.reading() as connection:
            standing = orders.read(connection) if standing is None else standing
            latest = {crawl.source: crawl for crawl in crawls.latest(connection)}
            failing = crawls.failing(connection)
            if self.clock() >= self._habits_until:
                self._habits = habits.habits(connection, now)
                self._habits_until = self.clock() + HABITS
            return {
                source: Record(
                    latest=latest.get(source),
                    failures=weight(failing.get(source, ())),
                    habit=self._habits.get(source),
                    paused=standing[source].paused_since if source in standing else None,
                    wanted=standing[source].wanted_since if source in standing else None,
                )
                for source in self.catalogue.sources
            }
        return {source: Record() for source in self.catalogue.sources}
