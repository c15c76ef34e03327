"""The one spider: walks any office's newsroom by its platform."""

import math
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlsplit

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from web_poet import HttpResponse

from archive import Archive, Article, crawls
from archive import articles as kept
from archive.crawls import Quarantined, Result
from archive.errors import ArchiveError
from archive.identity import keys
from persian.dates import Published, parse_period
from sources import Source
from spiders import failures, walls
from spiders.detect import recognise
from spiders.errors import Busy, Ended, NotAnArticle, PageError, SoftNotFound, Wall
from spiders.hosts import on_this_machine
from spiders.listing import Link, Listing, SitemapListing, XmlListing
from spiders.platforms import platform
from spiders.platforms.cms import Platform
from spiders.responses import page_response, xml_response

SETTLED_PAGES = 2  # listing pages in a row with nothing unsettled, after which a walk ends
WALLS = 3  # pages in a row that are none (a challenge, a login), after which a run ends
LONGEST = 7 * 86_400  # seconds; a host that asks us back later than that is asked again all the same
LISTING_PAGES = 5_000  # a pager longer than this is a trap


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """How much of a newsroom a run asks for; `since` and `until` are instants in UTC (half-open)."""

    since: datetime | None = None
    until: datetime | None = None
    full: bool = False
    limit: int | None = None

    @property
    def partial(self) -> bool:
        """A run that leaves some out can't say that all that is listed has been seen."""
        return bool(self.since or self.until or self.limit)

    def includes(self, moment: datetime) -> bool:
        return (self.since is None or moment >= self.since) and (self.until is None or moment < self.until)


class NewsroomSpider(scrapy.Spider):
    """Yields `Article` records, and `Quarantined` for every page that gave none.

    It goes from listing pages, feed and (on a first or full run) sitemaps to article pages. An article that the
    archive knows is not fetched again unless `full`; a walk over listing pages ends at the second page in a row that
    holds nothing but articles settled by an earlier complete run.

    Arguments of `scrapy crawl <source> -a`: `since`, `until` (Jalali or Gregorian), `full=1`, `limit`.
    """

    source: Source

    def __init__(self, archive: Archive | None = None, reach: Reach | None = None, name: str | None = None) -> None:
        super().__init__(name)
        self.archive = archive
        self.reach = reach or Reach()
        self.platform: Platform | None = None
        self.settled_until: datetime | None = None
        self.asked: set[str] = set()
        self.retries: set[str] = set()
        self.recovered: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.reason: str | None = None
        self.remarks: list[str] = []
        self.ended = False
        self.walls_in_a_row = 0
        self.listing_failures = 0
        self.article_requests = 0
        self.result: Result | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *_: Any, **words: Any) -> Self:
        reach = words.pop("reach", None) or _reach(words)
        spider = cls(archive=words.pop("archive", None), reach=reach, name=words.pop("name", None))
        spider._set_crawler(crawler)
        if not (crawler.settings.get("MONADI_CONTACT") or on_this_machine(spider.source.host)):
            spider.logger.warning("set MONADI_CONTACT to your address: the sites see it in the User-Agent")
        crawler.signals.connect(spider.broke, signal=signals.spider_error)
        return spider

    # ---- the walk ----

    async def start(self) -> AsyncIterator[Any]:
        if self.source.platform == "auto":
            yield self.home_request()
            return
        self.platform = platform(self.source.platform)
        if self.platform.asks_front_page(self.source):
            yield self.home_request()
            return
        try:
            requests = list(self.first_requests())
        except ArchiveError as error:
            self.stop(str(error))
            return
        for request in requests:
            yield request

    def home_request(self) -> scrapy.Request:
        """The front page, which may be asked for again as a listing."""
        return scrapy.Request(self.source.url, self.parse_home, errback=self.listing_failed, dont_filter=True)

    def parse_home(self, response: Response) -> Iterator[Any]:
        """Find out what a source with `platform = "auto"` runs on, and where the front page leads."""
        front = self.page(response)
        if self.platform is None:
            found = recognise(front)
            self.platform = found.platform if found else platform("generic")
            evidence = "; ".join(found.evidence) if found else "nothing gives away another"
            self.logger.info("%s runs on %s (%s)", self.source.id, self.platform.key, evidence)
        yield from self.first_requests()
        for url, kind in self.reader.entrances_in(front, self.source):
            if url == response.url:
                yield from self.parse_listing(response, kind, page=1, settled=0)
            else:
                yield self.listing_request(url, kind)

    def first_requests(self) -> Iterator[scrapy.Request]:
        self.remember()
        for url in sorted(self.retries):
            yield from self.article_request(Link(url=url))
        whole = self.reach.full or self.settled_until is None
        for url, kind in self.reader.entrances(
            self.source, whole=whole, since=self.reach.since, until=self.reach.until
        ):
            yield self.listing_request(url, kind)

    def remember(self) -> None:
        """Recall what earlier runs left: until when all is settled, and which pages are worth another visit."""
        if self.archive is None:
            return
        with self.archive.reading() as connection:
            self.settled_until = crawls.settled_until(connection, self.source.id)
            self.retries = set(crawls.to_retry(connection, self.source.id, self.reader.page.extractor()))

    def listing_request(self, url: str, kind: type[Listing], page: int = 1, settled: int = 0) -> scrapy.Request:
        return scrapy.Request(
            url,
            self.parse_listing,
            errback=self.listing_failed,
            cb_kwargs={"kind": kind, "page": page, "settled": settled},
        )

    def parse_listing(self, response: Response, kind: type[Listing], page: int, settled: int) -> Iterator[Any]:
        answer = xml_response(response) if issubclass(kind, XmlListing) else self.page(response)
        listing = kind(response=answer, source=self.source, fetched_at=datetime.now(UTC))
        links = [link for link in listing.links() if self.reader.is_article(link.url)]
        self.count("listed", len(links))
        if page == 1 and not links and walls.missing(answer.text):
            self.count("unlisted/soft-404")
            self.reason = self.reason or f"{response.url}: the site says there is no such page"
        known = self.known(links)
        unsettled = [link for link in links if not self.is_settled(known.get(link.url))]
        for link in links:
            if (self.reach.full or link.url not in known) and self.wanted(link):
                yield from self.article_request(link)
        if unsettled:
            settled = 0
        elif links or not issubclass(kind, SitemapListing):  # an index of sitemaps settles nothing
            settled += 1
        if self.goes_on(links, page, settled):
            for url in listing.next_urls():
                if not issubclass(kind, SitemapListing) or self.reader.sitemap_path.search(urlsplit(url).path):
                    yield self.listing_request(url, kind, page + 1, settled)

    def goes_on(self, links: list[Link], page: int, settled: int) -> bool:
        if self.reach.limit and self.article_requests >= self.reach.limit:
            return False
        if page >= LISTING_PAGES:
            self.listing_failures += 1
            self.logger.warning("%s: stopped after %d listing pages", self.source.id, page)
            return False
        if (
            links
            and self.reach.since
            and all(link.published and link.published.ordering < self.reach.since for link in links)
        ):
            return False
        return self.reach.full or settled < SETTLED_PAGES

    def known(self, links: list[Link]) -> dict[str, datetime]:
        """Of these links, those that lead to archived articles, each with when its article was first seen."""
        if self.archive is None:
            return {}
        by_key = {key: link.url for link in links for key in keys(self.reader.native_id(link.url), link.url)}
        with self.archive.reading() as connection:
            found = kept.known(connection, self.source.id, by_key)
        return {by_key[key]: first_seen for key, first_seen in found.items()}

    def is_settled(self, first_seen: datetime | None) -> bool:
        return bool(first_seen and self.settled_until and first_seen <= self.settled_until)

    def wanted(self, link: Link) -> bool:
        return link.published is None or self.reach.includes(link.published.ordering)

    def article_request(self, link: Link) -> Iterator[scrapy.Request]:
        key = next(iter(keys(self.reader.native_id(link.url), link.url)))
        if key in self.asked or (self.reach.limit and self.article_requests >= self.reach.limit):
            return
        self.asked.add(key)
        self.article_requests += 1
        yield scrapy.Request(
            link.url,
            self.parse_article,
            errback=self.article_failed,
            priority=10,
            cb_kwargs={"listed": link.published},
        )

    # ---- pages ----

    def parse_article(self, response: Response, listed: Published | None = None) -> Iterator[Article | Quarantined]:
        self.count("fetched")
        self.walls_in_a_row = 0
        try:
            page = self.page(response)
            article = self.read(page, listed)
        except PageError as error:
            if isinstance(error, NotAnArticle) and walls.missing(page.text):
                error = SoftNotFound("the page says that there is no such page")
            yield self.quarantined(response, error.kind, str(error))
        except Exception as error:
            self.logger.exception("%s cannot be read", response.url)
            yield self.quarantined(response, "parse", f"{type(error).__name__}: {error}")
        else:
            if walls.is_notice(article.title, article.body):
                yield self.quarantined(response, SoftNotFound.kind, f"the page says: {article.title}")
                return
            asked = tuple(response.meta.get("redirect_urls", ()))
            self.recovered.update(self.retries & {response.url, *asked})
            if self.reach.includes(article.ordering):
                yield replace(article, aliases=(*article.aliases, *asked))
            else:
                self.count("out-of-range")

    def read(self, page: HttpResponse, listed: Published | None) -> Article:
        """The record of a page by its platform, or by the generic reader where the platform finds no article."""
        known = {"source": self.source, "fetched_at": datetime.now(UTC), "listed": listed}
        generic = platform("generic")
        try:
            article = self.reader.read(page, **known)
        except NotAnArticle as error:
            if self.reader is generic or walls.missing(page.text):
                raise
            try:
                article = generic.read(page, **known)
            except PageError:
                raise error from None
        if article.extractor == generic.page.extractor() and not self.source.selectors.settle:
            self.count("generic")
        return article

    def article_failed(self, failure: Any) -> Iterator[Quarantined]:
        """A page that did not answer is held, to be asked for again by the next run."""
        kind, reason = failures.classify(failure.value)
        self.count(f"failed/{kind}")
        self.turned_away(failure.value)
        if kind not in failures.OUR_REFUSALS:
            response = getattr(failure.value, "response", None)
            yield Quarantined(
                source=self.source.id,
                url=failure.request.url,
                kind=kind,
                reason=reason,
                extractor=self.reader.page.extractor(),
                status=getattr(response, "status", None),
                headers={},
            )

    def listing_failed(self, failure: Any) -> None:
        """A listing that cannot be had leaves the walk incomplete; a site without a feed or sitemap just has none."""
        kind, reason = failures.classify(failure.value)
        optional = getattr(failure.request.cb_kwargs.get("kind"), "optional", False)
        if optional and kind in failures.OUR_REFUSALS:
            self.count(f"left-out/{kind}")
            self.turned_away(failure.value)
            return
        self.count(f"unlisted/{kind}")
        if optional and kind.startswith("http-4"):
            return
        self.listing_failures += 1
        self.reason = self.reason or f"{failure.request.url}: {reason}"
        self.turned_away(failure.value)

    def turned_away(self, error: Exception) -> None:
        """End the run where the host will have us no longer, or the window in which it began has closed."""
        if isinstance(error, Ended):
            self.stop(str(error))
        elif isinstance(error, Busy):
            self.count("barred/busy")
            self.counts["come-back"] = min(math.ceil(error.seconds or 0), LONGEST)
            self.stop(str(error))
        elif isinstance(error, Wall):
            self.walls_in_a_row += 1
            if self.walls_in_a_row >= WALLS:
                self.count(f"barred/{error.kind}")
                self.stop(str(error))

    def quarantined(self, response: Response, kind: str, reason: str) -> Quarantined:
        headers = {
            name.decode("latin-1"): b", ".join(values).decode("latin-1") for name, values in response.headers.items()
        }
        return Quarantined(
            source=self.source.id,
            url=response.url,
            kind=kind,
            reason=reason,
            extractor=self.reader.page.extractor(),
            status=response.status,
            headers={name: value for name, value in headers.items() if name.lower() != "set-cookie"},
            body=response.body,
        )

    @property
    def reader(self) -> Platform:
        if self.platform is None:
            raise RuntimeError(f"{self.source.id}: its platform is not known yet")
        return self.platform

    def broke(self, failure: Any, response: Response) -> None:
        """An error of our own or of the archive in mid-walk: the walk is incomplete, and the run says why."""
        self.count("failed/walk")
        self.listing_failures += 1
        self.reason = self.reason or f"{response.url}: {type(failure.value).__name__}: {failure.value}"

    def page(self, response: Response) -> HttpResponse:
        """A response as page objects take it; a charset that was not what the page declared is counted."""
        page, flags = page_response(response)
        for flag in flags:
            self.count(f"charset/{flag}")
        return page

    def remark(self, text: str) -> None:
        """Say something beside the outcome, once."""
        if text not in self.remarks:
            self.logger.info("%s", text)
            self.remarks.append(text)

    def count(self, name: str, by: int = 1) -> None:
        self.counts[name] += by

    def stop(self, reason: str) -> None:
        """End the run before its time; what has been read so far is kept."""
        if self.ended:
            return
        self.ended = True
        self.reason = reason
        if self.crawler.engine:
            self.crawler.engine.close_spider(self, "stopped")


def _reach(words: dict[str, Any]) -> Reach:
    """The reach that `scrapy crawl -a name=value` words state."""
    since, until, full, limit = (words.pop(name, None) for name in ("since", "until", "full", "limit"))
    return Reach(
        since=parse_period(since).start if since else None,
        until=parse_period(until).end if until else None,
        full=str(full or "").lower() in ("1", "true", "yes"),
        limit=int(limit) if limit else None,
    )
