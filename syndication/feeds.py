"""A feed is a query with subscribers: which feeds there are, and their documents.

feed = find("province/yazd", catalogue)
render(archive, feed, Format.ATOM, "https://news.example.ir")
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import uuid5

import sqlalchemy as sa

from archive import Archive, ArchivedArticle, Query, State
from archive.identity import NAMESPACE
from archive.tables import sources
from sources import Agency, Catalogue, Province, Source
from syndication import atom, entries, jsonfeed, rss
from syndication.documents import Document, Format, Link
from syndication.errors import NoSuchFeed, UnknownFormat
from syndication.fragments import Fragments

NEWEST = Query(states=(State.LIVE, State.UNLISTED), limit=50)  # what an office has removed is announced no more
EMPTY_SINCE = datetime(2026, 11, 22, tzinfo=UTC)  # a feed without entries must bear a date: that of the first feeds


class Writer(NamedTuple):
    """How a format is written: an entry as a fragment, and a head with fragments as a document."""

    item: Callable[[entries.Entry], bytes]
    document: Callable[[Document, Iterable[bytes]], bytes]


WRITERS = {
    Format.RSS: Writer(rss.item, rss.document),
    Format.ATOM: Writer(atom.item, atom.document),
    Format.JSON: Writer(jsonfeed.item, jsonfeed.document),
}


FRAGMENTS = Fragments(capacity=64 * 2**20)


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """A query under a path of its own ("all", "province/yazd"), with the texts that stand above its entries.

    `words` are the query as a reader's page takes it (`{"province": "yazd"}`).
    """

    path: str
    title: str
    description: str
    query: Query
    words: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        """A URN that follows from the path alone, so that no move of the server announces a feed anew."""
        return uuid5(NAMESPACE, f"feed/{self.path}").urn

    def address(self, format_: Format, base_url: str) -> str:
        return f"{base_url.rstrip('/')}/feeds/{self.path}.{format_}"

    def page(self, base_url: str) -> str:
        """The page of the same query for readers."""
        query = f"?{urlencode(self.words)}" if self.words else ""
        return f"{base_url.rstrip('/')}/{query}"


def feeds(catalogue: Catalogue) -> list[Feed]:
    """Every feed: all, then one a province, an agency and a source, in the catalogue's order."""
    return [
        _of_all(),
        *map(_of_province, catalogue.provinces.values()),
        *map(_of_agency, catalogue.agencies.values()),
        *map(_of_source, catalogue.sources.values()),
    ]


def find(path: str, catalogue: Catalogue) -> Feed:
    """The feed of a path. Raises `NoSuchFeed`."""
    kind, _, key = path.partition("/")
    if path == "all":
        return _of_all()
    if kind == "province" and key in catalogue.provinces:
        return _of_province(catalogue.provinces[key])
    if kind == "agency" and key in catalogue.agencies:
        return _of_agency(catalogue.agencies[key])
    if kind == "source" and key in catalogue.sources:
        return _of_source(catalogue.sources[key])
    raise NoSuchFeed(f'no feed "{path}"; `monadi feeds list` shows those there are')


def render(archive: Archive, feed: Feed, format_: str, base_url: str) -> bytes:
    """A feed's document as subscribers get it, the same bytes until the archive says something new.

    `base_url` is where they reach this Monadi. Raises `UnknownFormat`, and `ArchiveError` for an archive or a query
    that cannot be read.
    """
    return compose(feed, newest(archive, feed), format_, base_url)


@dataclass(frozen=True, kw_only=True, slots=True)
class Announced:
    """An article in a feed, with its office's name."""

    item: ArchivedArticle
    office: str

    def fragment(self, format_: Format) -> bytes:
        """Its entry in a format, rendered once for all that it says."""
        item = self.item
        said = hash((item.guid, item.revision, item.first_seen, item.revised_at, item.article, self.office))
        return FRAGMENTS.get((format_, item.id, said), lambda: WRITERS[format_].item(entries.entry(item, self.office)))


def newest(archive: Archive, feed: Feed) -> list[Announced]:
    """What a feed announces, the newest first."""
    items = list(archive.articles(feed.query))
    offices = _offices(archive, {item.article.source for item in items})
    return [Announced(item=item, office=offices[item.article.source]) for item in items]


def compose(feed: Feed, announced: Sequence[Announced], format_: str, base_url: str) -> bytes:
    """The document of a feed whose articles are at hand. Raises `UnknownFormat`."""
    format_ = feed_format(format_)
    updated = max((entries.updated(each.item) for each in announced), default=EMPTY_SINCE)
    fragments = [each.fragment(format_) for each in announced]
    return WRITERS[format_].document(_head(feed, format_, base_url, updated), fragments)


def feed_format(name: str) -> Format:
    try:
        return Format(name)
    except ValueError:
        raise UnknownFormat(f'no feed format "{name}"; there are {", ".join(Format)}') from None


def _head(feed: Feed, format_: Format, base_url: str, updated: datetime) -> Document:
    page = feed.page(base_url)
    others = [other for other in Format if other is not format_]
    return Document(
        id=feed.id,
        title=feed.title,
        description=feed.description,
        page=page,
        links=(
            Link(rel="self", href=feed.address(format_, base_url), type=format_.media_type),
            Link(rel="alternate", href=page, type="text/html"),
            *(Link(rel="alternate", href=feed.address(each, base_url), type=each.media_type) for each in others),
        ),
        updated=updated,
    )


def _offices(archive: Archive, ids: Iterable[str]) -> Mapping[str, str]:
    with archive.reading() as connection:
        rows = connection.execute(sa.select(sources.c.id, sources.c.name_fa).where(sources.c.id.in_(sorted(ids))))
        return {row.id: row.name_fa for row in rows}


def _of_all() -> Feed:
    return Feed(
        path="all",
        title="منادی: خبرهای دستگاه\u200cهای استانی",
        description="تازه\u200cترین خبرهای روابط عمومی دستگاه\u200cهای استانی ایران، با تاریخ شمسی و میلادی",
        query=NEWEST,
    )


def _of_province(province: Province) -> Feed:
    return Feed(
        path=f"province/{province.key}",
        title=f"منادی: استان {province.fa}",
        description=f"تازه\u200cترین خبرهای روابط عمومی دستگاه\u200cهای استان {province.fa}، با تاریخ شمسی و میلادی",
        query=NEWEST.narrowed(provinces=(province.iso,)),
        words=(("province", province.key),),
    )


def _of_agency(agency: Agency) -> Feed:
    return Feed(
        path=f"agency/{agency.id}",
        title=f"منادی: {agency.name_fa}",
        description=f"تازه\u200cترین خبرهای دستگاه\u200cهای استانی {agency.name_fa}، با تاریخ شمسی و میلادی",
        query=NEWEST.narrowed(agencies=(agency.id,)),
        words=(("agency", agency.id),),
    )


def _of_source(source: Source) -> Feed:
    return Feed(
        path=f"source/{source.id}",
        title=f"منادی: {source.name_fa}",
        description=f"تازه\u200cترین خبرهای {source.name_fa}، با تاریخ شمسی و میلادی",
        query=NEWEST.narrowed(sources=(source.id,)),
        words=(("source", source.id),),
    )
