"""Where addresses of articles were seen: the union of what listing pages, feeds and sitemaps say, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import takewhile
from typing import Any

import sqlalchemy as sa

from archive.database import upserting
from archive.tables import aliases, articles, links
from persian.dates import Published

BATCH = 100  # rows in one statement; SQLite's oldest limit on parameters is 999


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """An article's address as a list gave it: `place` is "listing", "feed", "sitemap" or "front" (the front page, where
    it is no list), `key` the item's best key.
    """

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


def lacking(connection: sa.Connection, source: str, now: datetime, limit: int = 20) -> list[tuple[str, datetime]]:
    """The addresses of the releases that are newer than all that listing pages have ever named, with when each was
    first seen; the newest first.

    Of two of one date the one that was read later is the newer. Of the newest `limit` releases, future dates aside:
    feeds, sitemaps or the front page led to them.
    """
    named = sa.exists(
        sa.select(links.c.key)
        .join(aliases, (aliases.c.source == links.c.source) & (aliases.c.key == links.c.key))
        .where(links.c.source == source, links.c.place == "listing", aliases.c.article == articles.c.pk)
        .correlate(articles)
    )
    newest = (
        sa.select(articles.c.url, articles.c.first_seen, named.label("named"))
        .where(articles.c.source == source, articles.c.ordered_at <= now)
        .order_by(articles.c.ordered_at.desc(), articles.c.first_seen.desc())
        .limit(limit)
    )
    rows = list(connection.execute(newest))
    found = [(row.url, row.first_seen) for row in takewhile(lambda row: not row.named, rows)]
    return found if len(found) < len(rows) else []


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
