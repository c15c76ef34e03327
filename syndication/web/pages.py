"""The pages for readers. Each endpoint is synchronous, so Starlette runs it in a thread and the loop stays free."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from archive import Archive, ArchivedArticle, Query, changes, crawls
from archive.errors import ArchiveError, QueryError
from archive.search.highlights import Highlights
from persian.dates import TEHRAN
from sources import Catalogue, Source
from syndication import directory, feeds
from syndication.errors import NoSuchFeed
from syndication.feeds.documents import PUBLISHER
from syndication.omissions import OMISSIONS
from syndication.web import dates, status
from syndication.web.counts import Counted, Counts
from syndication.web.responses import kept
from syndication.web.search import Search
from syndication.web.views import Views
from syndication.web.words import FILTERS, word

PAGING = ("cursor", "limit")  # what a page asks for itself
MOST_SOURCES_OFFERED = 100  # in one <select>; of more, the form asks for the id


@dataclass(frozen=True, slots=True)
class Day:
    """The releases of one day in Tehran."""

    date: dates.Shown
    items: list[ArchivedArticle]


@dataclass(frozen=True, slots=True)
class Group:
    """The feeds of one kind."""

    name: str
    feeds: list[feeds.Feed]


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of an answer; `following` is the path of the next one."""

    days: list[Day]
    total: int
    following: str | None


class Pages:
    """What readers see of an archive."""

    def __init__(self, archive: Archive, views: Views) -> None:
        self._archive = archive
        self._views = views
        self._catalogue = views.catalogue
        self._counted = Counted(archive)

    def home(self, request: Request) -> Response:
        """The newest releases by day, or those that the address asks for."""
        search = Search.of(request.query_params)
        counts = self._counted.now()
        try:
            query = search.query(self._catalogue)
            answer = self._answer(search, query, counts)
        except QueryError as error:
            return self._mistaken(search, error, counts)
        return self._views.page(
            "home.html",
            place="/",
            feed=_feed_of(search, query, self._catalogue),
            heading=_heading(search, query, self._catalogue),
            search=search,
            query=query,
            highlights=Highlights(query.text) if query.text else None,
            answer=answer,
            counts=counts,
            sources_offered=self._offered(counts, query),
            mistake=None,
        )

    def article(self, request: Request) -> Response:
        item = self._archive.article(request.path_params["id"])
        published, modified = item.article.published, item.article.modified
        return self._views.page(
            "article.html",
            place="",
            feed=_feed("source", item.article.source, self._catalogue),
            item=item,
            history=self._archive.history(item.id),
            published=published and dates.of_published(published),
            modified=modified and dates.of_published(modified),
        )

    def record(self, request: Request) -> Response:
        """The article as every export states it."""
        item = self._archive.article(request.path_params["id"])
        body = json.dumps(item.to_dict(), ensure_ascii=False, separators=(",", ":")).encode()
        return kept(request.headers, body, "application/json", seconds=0)

    def directory(self, _: Request) -> Response:
        groups = [Group(name, found) for name, found in directory.groups(self._catalogue)]
        return self._views.page("feeds.html", place="/feeds/", groups=groups, publisher=f"{PUBLISHER}: ")

    def status(self, _: Request) -> Response:
        with self._archive.reading() as connection:
            newest, quarantined = crawls.latest(connection), crawls.quarantined(connection)
        counts = self._counted.now()
        lines = status.lines(newest, self._catalogue, kept=counts.sources, quarantined=quarantined)
        visited = {line.source for line in lines}
        return self._views.page(
            "status.html",
            place="/status",
            lines=lines,
            summary=status.summary(lines),
            left_out=OMISSIONS.all(),
            unvisited=[source for source in self._catalogue.sources.values() if source.id not in visited],
        )

    def health(self, _: Request) -> Response:
        """Whether the archive answers; the words are for programs, in English."""
        headers = {"Cache-Control": "no-store"}
        try:
            with self._archive.reading() as connection:
                newest = changes.newest(connection)
        except ArchiveError as error:
            return JSONResponse({"status": "unavailable", "reason": str(error)}, status_code=503, headers=headers)
        return JSONResponse({"status": "ok", "change": newest}, headers=headers)

    def _answer(self, search: Search, query: Query, counts: Counts) -> Answer:
        items = list(self._archive.articles(query))
        more = len(items) == query.limit
        shown = items[:-1] if more else items
        following = search.continued(self._archive.cursor_after(shown[-1])) if more else None
        total = self._archive.count(query) if search.filtered else counts.total
        return Answer(list(by_day(shown)), total, following)

    def _mistaken(self, search: Search, error: QueryError, counts: Counts) -> Response:
        nothing = Query()
        return self._views.page(
            "home.html",
            place="/",
            status=400,
            heading="پرسش نادرست",
            search=search,
            query=nothing,
            highlights=None,
            answer=Answer([], 0, None),
            counts=counts,
            sources_offered=self._offered(counts, nothing),
            mistake=(word(FILTERS, error.parameter), str(error)),
        )

    def _offered(self, counts: Counts, query: Query) -> list[Source]:
        """The sources worth choosing: those that hold something, in the province asked for."""
        offered = [
            source
            for source in self._catalogue.sources.values()
            if (counts.sources[source.id] and (not query.provinces or source.province.iso in query.provinces))
            or source.id in query.sources
        ]
        return offered if len(offered) <= MOST_SOURCES_OFFERED else []


def by_day(items: Iterable[ArchivedArticle]) -> Iterable[Day]:
    """Articles in their order, parted where the day in Tehran changes."""
    for day, of_day in groupby(items, key=lambda item: item.article.ordering.astimezone(TEHRAN).date()):
        yield Day(dates.of_day(day), list(of_day))


def _heading(search: Search, query: Query, catalogue: Catalogue) -> str:
    if not search.filtered:
        return "تازه\u200cترین خبرها"
    if query.text:
        return f"یافته\u200cها برای «{query.text}»"
    if search.only and query.provinces:
        return f"خبرهای استان {catalogue.province(query.provinces[0]).fa}"
    if search.only and query.agencies:
        return f"خبرهای {catalogue.agency(query.agencies[0]).name_fa}"
    if search.only and query.sources:
        return f"خبرهای {catalogue.source(query.sources[0]).name_fa}"
    return "یافته\u200cها"


def _feed_of(search: Search, query: Query, catalogue: Catalogue) -> feeds.Feed | None:
    """The feed that asks the same, if anything is asked."""
    provinces = [catalogue.province(iso).key for iso in query.provinces]
    kinds = (("province", provinces), ("agency", query.agencies), ("source", query.sources), ("tag", query.tags))
    if search.only:
        named = next((_feed(kind, keys[0], catalogue) for kind, keys in kinds if len(keys) == 1), None)
        if named:
            return named
    asked = [pair for pair in search.asked if pair[0] not in PAGING]
    return feeds.find("query", catalogue, asked) if asked else None


def _feed(kind: str, key: str, catalogue: Catalogue) -> feeds.Feed | None:
    try:
        return feeds.find(f"{kind}/{key}", catalogue)
    except NoSuchFeed:
        return None
