"""The readings of a page by its address: what an archive of the web knows as its mementos (RFC 7089)."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from archive.identity import url_key
from archive.tables import aliases, articles, revisions, sources

NUMBERED: Final = re.compile(r"([^?]*/([0-9]+))(?:/[^/?]*)?")  # a key that ends in a number, or in a number and a slug


@dataclass(frozen=True, kw_only=True, slots=True)
class Memento:
    """A revision of an article, and the instant (UTC) at which its page was read so first."""

    id: str
    number: int
    seen_at: datetime


def mementos(connection: sa.Connection, url: str) -> list[Memento]:
    """The revisions of all articles that were ever met under an address, oldest first.

    The address may be written in any way that `archive.identity.url_key` sees through, and with another slug behind
    the number of the article. Offices that share a site may each have an article there.
    """
    key = url_key(url)
    pks = _met_under(connection, f"url:{key}") or _numbered(connection, key)
    columns = articles.c.id, revisions.c.number, revisions.c.seen_at
    joined = sa.select(*columns).join(revisions, revisions.c.article == articles.c.pk).where(articles.c.pk.in_(pks))
    ordered = joined.order_by(revisions.c.seen_at, articles.c.id, revisions.c.number)
    return [Memento(**row._asdict()) for row in connection.execute(ordered)]


def _met_under(connection: sa.Connection, key: str) -> set[int]:
    """The articles that have a key in whichever source; the index of `aliases` begins with the source."""
    statement = sa.select(aliases.c.article).where(aliases.c.source.in_(sa.select(sources.c.id)), aliases.c.key == key)
    return set(connection.scalars(statement))


def _numbered(connection: sa.Connection, key: str) -> set[int]:
    """Those whose own id is the number in an address, and whose page has the same address up to that."""
    found = NUMBERED.fullmatch(key)
    if not found:
        return set()
    start, number = found.groups()
    pks = _met_under(connection, f"id:{number}")
    rows = connection.execute(sa.select(articles.c.pk, articles.c.url).where(articles.c.pk.in_(pks)))
    return {pk for pk, url in rows if f"{url_key(url)}/".startswith(f"{start}/")}
