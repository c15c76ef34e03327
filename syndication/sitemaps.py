"""Sitemaps of the pages of articles (https://www.sitemaps.org/protocol.html), one a Jalali month, and that of the news
of the last two days (https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap).
"""

import re
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from lxml import etree

from archive import Archive, State
from archive.tables import articles, counts, revisions
from syndication import permalinks
from syndication.characters import line
from syndication.errors import NoSuchFeed
from syndication.feeds.documents import LANGUAGE, PUBLISHER
from syndication.feeds.elements import add
from syndication.feeds.instants import rfc3339

SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS: Final = "http://www.google.com/schemas/sitemap-news/0.9"
LONGEST: Final = 50_000  # addresses in one sitemap, by the protocol
NEWEST: Final = 1000  # of news, by Google's rule
LATELY: Final = timedelta(days=2)  # the age of news, by the same
SHOWN: Final = (str(State.LIVE), str(State.UNLISTED), str(State.GONE))
NAME: Final = re.compile(r"(\d{4}-\d\d)-([1-9]\d{0,5})")


def index(archive: Archive, base_url: str) -> bytes:
    """The sitemaps that there are: `sitemap/1403-05-1.xml` is the first of a month."""
    root = _root("sitemapindex")
    with archive.reading() as connection:
        statement = sa.select(counts.c.month, sa.func.sum(counts.c.articles)).group_by(counts.c.month)
        for month, number in connection.execute(statement.order_by(counts.c.month)):
            for part in range(1, -(-number // LONGEST) + 1):
                _add(_add(root, "sitemap"), "loc", f"{base_url}/sitemap/{month}-{part}.xml")
    return _written(root)


def month(archive: Archive, name: str, base_url: str) -> bytes:
    """The pages of a month's articles ("1403-05-1"), with when they last changed. Raises `NoSuchFeed`."""
    found = NAME.fullmatch(name)
    rows = _pages(archive, found[1], int(found[2])) if found else []
    if not rows:
        raise NoSuchFeed(f'no sitemap "{name}"; /sitemap.xml has those there are')
    root = _root("urlset")
    for row in rows:
        page = _add(root, "url")
        _add(page, "loc", _address(row.id, base_url))
        _add(page, "lastmod", rfc3339(row.ordered_at if row.revision == 1 else row.seen_at))
    return _written(root)


def news(archive: Archive, base_url: str) -> bytes:
    """The pages of the last two days before the newest release; what is undated is no news to Google."""
    root = _root("urlset", news=NEWS)
    for row in _latest(archive):
        page = _add(root, "url")
        _add(page, "loc", _address(row.id, base_url))
        told = add(page, f"{{{NEWS}}}news")
        publication = add(told, f"{{{NEWS}}}publication")
        add(publication, f"{{{NEWS}}}name", PUBLISHER)
        add(publication, f"{{{NEWS}}}language", LANGUAGE)
        add(told, f"{{{NEWS}}}publication_date", rfc3339(row.ordered_at))
        add(told, f"{{{NEWS}}}title", line(row.title) or row.id)
    return _written(root)


def _pages(archive: Archive, month_: str, part: int) -> list[Any]:
    columns = articles.c.id, articles.c.ordered_at, articles.c.revision, revisions.c.seen_at
    statement = (
        sa.select(*columns)
        .join(revisions, sa.and_(revisions.c.article == articles.c.pk, revisions.c.number == articles.c.revision))
        .where(articles.c.month == month_)
        .order_by(articles.c.pk)
        .offset((part - 1) * LONGEST)
        .limit(LONGEST)
    )
    with archive.reading() as connection:
        return list(connection.execute(statement))


def _latest(archive: Archive) -> list[Any]:
    columns = articles.c.id, articles.c.ordered_at, revisions.c.title
    this = sa.and_(revisions.c.article == articles.c.pk, revisions.c.number == articles.c.revision)
    announced = articles.c.state == str(State.LIVE), revisions.c.published.is_not(None)
    statement = sa.select(*columns).join(revisions, this).where(*announced)
    statement = statement.order_by(articles.c.ordered_at.desc(), articles.c.pk.desc()).limit(NEWEST)
    with archive.reading() as connection:
        rows = list(connection.execute(statement))
    return [row for row in rows if row.ordered_at > rows[0].ordered_at - LATELY]


def _address(id_: str, base_url: str) -> str:
    return base_url + permalinks.of_article(id_)


def _root(name: str, **namespaces: str) -> Any:
    known: dict[str | None, str] = {None: SITEMAP}
    known.update(namespaces)
    return etree.Element(f"{{{SITEMAP}}}{name}", nsmap=known)


def _add(parent: Any, name: str, text: str | None = None) -> Any:
    return add(parent, f"{{{SITEMAP}}}{name}", text)


def _written(root: Any) -> bytes:
    text: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"
