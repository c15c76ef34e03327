"""Where addresses of articles were seen: the union of what listing pages, feeds and sitemaps say, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from archive.database import upserting
from archive.tables import links
from persian.dates import Published

BATCH = 100  # rows in one statement; SQLite's oldest limit on parameters is 999


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """An article's address as a list gave it; `place` is "listing", "feed" or "sitemap", `key` the item's best key."""

    key: str
    url: str
    place: str
    published: Published | None = None


def seen(connection: sa.Connection, source: str, sightings: Sequence[Sighting], at: datetime) -> None:
    """Note that these links stood in the source's lists at an instant."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for each in sightings:
        row = {"url": each.url, "published": each.published, "first_at": at, "last_at": at}
        rows[each.key, each.place] = {"source": source, "key": each.key, "place": each.place, **row}
    if rows:
        connection.execute(_noting(connection.dialect.name), list(rows.values()))


@cache
def _noting(dialect: str) -> Any:
    statement = upserting(dialect)(links)
    told: dict[str, Any] = {name: statement.excluded[name] for name in ("url", "last_at")}
    told["published"] = sa.func.coalesce(statement.excluded.published, links.c.published)
    return statement.on_conflict_do_update(index_elements=["source", "key", "place"], set_=told)


def dates(connection: sa.Connection, source: str, keys: Sequence[str]) -> Mapping[str, Published]:
    """What the lists said of the dates of these items, a feed before a listing page."""
    found: dict[str, Published] = {}
    for start in range(0, len(keys), BATCH):
        statement = sa.select(links.c.key, links.c.published).where(
            links.c.source == source,
            links.c.key.in_(keys[start : start + BATCH]),
            links.c.published.is_not(None),
        )
        found |= {row.key: row.published for row in connection.execute(statement.order_by(links.c.place.desc()))}
    return found


def stated(connection: sa.Connection, source: str, keys: Sequence[str]) -> list[Published]:
    """The dates that the source's lists state of the item with these keys, a feed's before a listing page's."""
    statement = sa.select(links.c.published).where(
        links.c.source == source, links.c.key.in_(keys), links.c.published.is_not(None)
    )
    return list(connection.scalars(statement.order_by(links.c.place, links.c.key)))
