"""Where addresses of articles were seen: the union of what listing pages, feeds and sitemaps say, and when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import takewhile
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from archive.articles import chunks
from archive.database import upserting
from archive.tables import aliases, articles, links
from persian.published import Published


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


def dates(connection: sa.Connection, source: str, keys: Iterable[str]) -> Mapping[str, Published]:
    """What the lists said of the dates of these items, a feed before a listing page."""
    return {key: published for _, key, published in reversed(_stated(connection, source, keys))}


def stated(
    connection: sa.Connection, source: str, items: Mapping[str, Iterable[str]]
) -> Mapping[str, Sequence[Published]]:
    """The dates that the source's lists state of items, a feed's before a listing page's; of each item the keys are
    given by which it is known.
    """
    keys = {name: set(known) for name, known in items.items()}
    found = _stated(connection, source, set().union(*keys.values()))
    return {name: [published for _, key, published in found if key in known] for name, known in keys.items()}


def _stated(connection: sa.Connection, source: str, keys: Iterable[str]) -> list[tuple[str, str, Published]]:
    """Of each date that the lists state its place, its key and itself, in this order."""
    columns = links.c.place, links.c.key, links.c.published
    dated = sa.select(*columns).where(links.c.source == source, links.c.published.is_not(None))
    rows = [tuple(row) for some in chunks(keys) for row in connection.execute(dated.where(links.c.key.in_(some)))]
    return sorted(rows, key=itemgetter(0, 1))
