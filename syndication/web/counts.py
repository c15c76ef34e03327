"""How many articles the archive holds of each source and province."""

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

import sqlalchemy as sa

from archive import Archive, changes
from archive.tables import counts as kept
from archive.tables import sources


@dataclass(frozen=True, slots=True)
class Counts:
    """Articles by source id and by ISO code of the province, 0 for any that has none."""

    sources: Counter[str] = field(default_factory=Counter)
    provinces: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.sources.total()


class Counted:
    """The counts of an archive, counted again only when its change log has moved."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._lock = Lock()
        self._seq = -1
        self._counts = Counts()

    def now(self) -> Counts:
        with self._lock, self._archive.reading() as connection:
            seq = changes.newest(connection)
            if seq != self._seq:
                self._counts, self._seq = count(connection), seq
            return self._counts


def count(connection: sa.Connection) -> Counts:
    """From the counts that the archive keeps."""
    columns = kept.c.source, sources.c.province
    statement = sa.select(*columns, sa.func.sum(kept.c.articles)).join(sources, sources.c.id == kept.c.source)
    counts = Counts()
    for source, province, number in connection.execute(statement.group_by(*columns)):
        counts.sources[source] += number
        counts.provinces[province] += number
    return counts
