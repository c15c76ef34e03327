"""Which feeds say something else than before, by the change log."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from archive import Kind, changes
from archive.tables import articles, tags
from archive.tables import changes as log
from sources import Catalogue
from syndication.feeds.feed import Feed, known, of_tag

TOLD: Final = (Kind.NEW, Kind.REVISED, Kind.GONE, Kind.UNLISTED, Kind.BACK)
"""What subscribers are told of; copies and better readings change an entry here and there, and are no news."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Affected:
    """The feeds with news after one number of the log, up to `seq`."""

    seq: int
    feeds: tuple[Feed, ...]


def affected(connection: sa.Connection, catalogue: Catalogue, since: int) -> Affected:
    """The feeds in which something happened after `since`, in the catalogue's order, then those of tags."""
    here = log.c.seq > since, log.c.kind.in_([str(kind) for kind in TOLD])
    joined = sa.select(articles.c.source, log.c.kind).join(articles, articles.c.pk == log.c.article)
    happened = {(row.source, Kind(row.kind)) for row in connection.execute(joined.where(*here).distinct())}
    told = sa.select(tags.c.key).join(log, log.c.article == tags.c.article).where(*here).distinct()
    keys = sorted(connection.scalars(told))
    paths = set()
    for source, kind in happened:
        paths |= {"all", f"source/{source}"} | ({"changes"} if kind is not Kind.NEW else set())
        if office := catalogue.sources.get(source):
            paths |= {f"agency/{office.agency.id}", f"province/{office.province.key}"}
    found = [feed for feed in known(catalogue) if feed.path in paths]
    return Affected(seq=changes.newest(connection), feeds=(*found, *map(of_tag, keys)))
