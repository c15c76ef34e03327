"""A polite visit to a newsroom: its front page, what gives its CMS away, its lists, its newest articles.

It goes through the same doors as a harvest (guard, robots.txt, pace, TLS, walls), one request at a time.
"""

import re
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.defer import Deferred
from web_poet import HttpResponse

from archive import Article
from persian.text import display
from sources import Source
from spiders import failures
from spiders.detect import findings
from spiders.errors import Busy, NotAnArticle, PageError, SoftNotFound, Unanswered, Wall
from spiders.listing import FeedListing, Link, Listing, SitemapListing, XmlListing
from spiders.loader import check_selectors, settings_of
from spiders.onboarding.onward import led_by_script, led_on
from spiders.onboarding.suggestions import Page, suggest
from spiders.onboarding.visit import NEWEST, Answer, Candidate, Sample, Tried, Visit, confidence, newest_first
from spiders.page import text_of
from spiders.platforms import platform
from spiders.platforms.cms import Entrance, Platform
from spiders.platforms.generic import GenericPage
from spiders.platforms.marks import ENOUGH
from spiders.politeness import walls
from spiders.politeness.robots import RobotsMiddleware, Rules
from spiders.process import crawler_process, run
from spiders.responses import page_response, root_of, xml_response

LISTS, FEEDS = 3, 3  # of each kind, that are asked; a front page may lead to a hundred
PARTS = 2  # of an index of sitemaps, that are asked at most for one that holds articles
GENERIC = "generic"
NO_LOADER = "scrapy.spiderloader.DummySpiderLoader"  # the catalogue in use may not have an office yet
FEED_TYPE = re.compile(r"application/(?:rss|atom)\+xml", re.IGNORECASE)
FEED_PATH = re.compile(r"/(?:rss|feed)s?(?:/|\.\w+)?$|[?&]feed=|\brss\b", re.IGNORECASE)


def visit(
    offices: Sequence[Source],
    *,
    articles: int = NEWEST,
    page: str | None = None,
    log_level: str = "CRITICAL",
    report: Callable[[Visit], None] = lambda _: None,
) -> list[Visit]:
    """Visit these sources and return what came of each, in the order in which they ended.

    `articles` of the newest are read, or the one `page` that is named. Nothing is kept. Can be called once in a
    process. Raises `SpiderError` for a setting or a source's selector that is wrong, before anything is fetched.
    """
    for office in offices:
        check_selectors(office)
    changes = {"ITEM_PIPELINES": {}, "MONADI_DRY_RUN": True, "SPIDER_LOADER_CLASS": NO_LOADER}
    process = crawler_process(log_level=log_level, **changes)
    visits: list[Visit] = []

    def begin(office: Source) -> Deferred[None]:
        crawler, began = process.create_crawler(_spider_of(office)), datetime.now(UTC)

        def ended(_: Any) -> None:
            spider: Any = crawler.spider
            nothing = Visit(source=office, began=began, problem="the visit did not start; see the log")
            visits.append((spider and spider.visit) or nothing)
            report(visits[-1])

        return process.crawl(crawler, articles=articles, page=page).addBoth(ended)

    run(process, [partial(begin, office) for office in offices])
    return visits


def _spider_of(source: Source) -> type["VisitingSpider"]:
    attributes: dict[str, Any] = {
        "name": source.id,
        "source": source,
        "allowed_domains": [source.host.removeprefix("www.")],
        "custom_settings": settings_of(source),
        "__module__": VisitingSpider.__module__,
    }
    return type("VisitingSpider", (VisitingSpider,), attributes)


class VisitingSpider(scrapy.Spider):
    """Asks one thing after the other and leaves what it found in `visit`; it yields nothing."""

    source: Source

    def __init__(self, articles: int = NEWEST, page: str | None = None, name: str | None = None) -> None:
        super().__init__(name)
        self.wanted = articles
        self.asked_page = page
        self.visit: Visit | None = None
        self.requests = 0
        self.title: str | None = None
        self.generated: str | None = None
        self.front: HttpResponse | None = None
        self.platform: Platform | None = None
        self.candidates: tuple[Candidate, ...] = ()
        self.tried: dict[str, Tried] = {}
        self.lists: dict[str, tuple[str, list[Link]]] = {}
        self.pages: dict[str, tuple[Response, HttpResponse, datetime]] = {}
        self.unanswered: dict[str, str] = {}
        self.known: list[Page] = []
        self.list_page: HttpResponse | None = None
        self.untried: set[str] = set()
        self.samples: list[Sample] = []
        self.notes: list[str] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler, *_: Any, **words: Any) -> Self:
        spider = cls(articles=words.get("articles", NEWEST), page=words.get("page"))
        spider._set_crawler(crawler)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        began, clock, problem = datetime.now(UTC), time.monotonic(), None
        try:
            await self.look()
        except Unanswered as error:
            problem = str(error)
        except Exception as error:
            self.logger.exception("%s: the visit broke off", self.source.id)
            problem = f"the visit broke off: {type(error).__name__}: {error}"
        self.note_robots()
        found = Visit(
            source=self.source,
            began=began,
            requests=self.requests,
            problem=problem,
            title=self.title,
            generated=self.generated,
            platform=self.platform.key if self.platform else None,
            candidates=self.candidates,
            tried=tuple(self.tried.values()),
            untried=len(self.untried - self.tried.keys()),
            samples=tuple(self.samples),
            notes=tuple(dict.fromkeys(self.notes)),
        )
        self.visit = replace(self.with_selectors(found), seconds=time.monotonic() - clock)
        if self.visit is None:  # never: it is what makes this a generator, as Scrapy wants it
            yield None

    # ---- the visit ----

    async def look(self) -> None:
        self.front = await self.front_page()
        root = root_of(self.front)
        self.title = next((text for node in root.iter("title") if (text := text_of(node))), None)
        generators = (
            node.get("content", "") for node in root.iter("meta") if node.get("name", "").lower() == "generator"
        )
        self.generated = next((text for each in generators if (text := display(each))), None)
        self.judge(self.front)
        await self.look_around()
        links = [Link(url=self.asked_page)] if self.asked_page else self.newest()
        for link in links[:1]:
            await self.fetch(link)
        if first := next((page for _, page, _ in self.pages.values()), None):
            before = self.platform
            self.judge(self.front, first)
            if self.platform is not before:  # the article gives away what the front page did not
                self.lists.clear()
                await self.look_around()
                links = links if self.asked_page else self.newest()
        for link in links:
            self.samples.append(await self.sample(link))

    async def front_page(self) -> HttpResponse:
        """The newsroom's front page, also where the address that was given is that of one release."""
        try:
            front = self.read(await self.ask(self.source.url))
        except Unanswered as error:
            if self.source.url.startswith("https:") and not isinstance(error.error, Wall | Busy):
                self.notes.append("if it is a site without TLS, give its address with http://")
            raise
        if moved := moved_to(self.source.url, str(front.url)):
            self.notes.append(f"it answers at {moved}")
            self.source = replace(self.source, url=moved)
        if onward := led_on(front):
            self.notes.append(f"its front page only leads on to {onward}")
            self.source = replace(self.source, url=onward)
            front = self.read(await self.ask(onward))
        elif led_by_script(front):
            self.notes.append("its front page only runs a script, which is not done here; give the address it leads to")
        parts = urlsplit(self.source.url)
        found = findings([front])
        if found and parts.path.strip("/") and found[0].score >= ENOUGH and self.source.platform == "auto":
            key = found[0].platform
            root = urljoin(self.source.url, "/")
            if key.is_article(self.source.url) and not self.leads_on(key, front):
                self.notes.append(f"that is the page of one release; the newsroom is taken to be at {root}")
                self.source = replace(self.source, url=root)
                return self.read(await self.ask(root))
        return front

    def leads_on(self, found: Platform, front: HttpResponse) -> bool:
        """Whether a page whose address could be an article's is a list after all."""
        try:
            found.read(front, source=self.source, fetched_at=datetime.now(UTC))
        except PageError:
            return True
        return False

    def judge(self, *pages: HttpResponse) -> None:
        """Name the platform that pages give away; what the source states is read all the same."""
        self.candidates = tuple(
            Candidate(
                platform=found.platform.key, score=found.score, surety=found.confidence, evidence=tuple(found.evidence)
            )
            for found in findings(pages)
        )
        stated = self.source.platform
        best = self.candidates[0].platform if self.candidates and self.candidates[0].score >= ENOUGH else GENERIC
        self.platform = platform(best if stated == "auto" else stated)

    async def look_around(self) -> None:
        """Ask the entrances of the platform, and those that the site itself announces."""
        counts: dict[str, int] = {}
        for url, kind in self.entrances():
            name = kind_of(kind)
            counts[name] = counts.get(name, 0) + 1
            if counts[name] > (LISTS if name == "listing" else FEEDS):
                self.untried.add(url)
            else:
                await self.enter(url, kind)

    def entrances(self) -> list[Entrance]:
        found = [
            *self.reader.entrances(self.source, whole=True, sitemaps=self.stated_sitemaps()),
            *self.reader.entrances_in(self.front_seen, self.source),
        ]
        kinds = {kind_of(kind) for _, kind in found}
        if "feed" not in kinds:
            found += [(url, FeedListing) for url in self.announced_feeds()]
        if "sitemap" not in kinds:
            found.append((urljoin(self.source.url, "/sitemap.xml"), SitemapListing))  # where most sites have theirs
        front = str(self.front_seen.url)
        unique = {(front if same(url, front) else url): kind for url, kind in found}
        return list(unique.items())

    def announced_feeds(self) -> Iterator[str]:
        """The feeds of the site's own that its front page names, comments' apart."""
        base = str(self.front_seen.url)
        root = root_of(self.front_seen)
        links = (node for node in root.iter("link") if "alternate" in node.get("rel", "").lower())
        named = [node.get("href", "") for node in links if FEED_TYPE.match(node.get("type", ""))]
        named += [href for node in root.iter("a") if FEED_PATH.search(href := node.get("href", ""))]
        for href in filter(None, dict.fromkeys(named)):
            try:
                url = urljoin(base, href.strip())
                here = urlsplit(url).hostname == urlsplit(base).hostname
            except ValueError:
                continue
            if here and "comment" not in url:
                yield url

    def stated_sitemaps(self) -> list[str]:
        return [url for rules in self.rules() for url in rules.sitemaps]

    async def enter(self, url: str, kind: type[Listing]) -> None:
        name = kind_of(kind)
        try:
            listing = await self.list_at(url, kind)
            links, more = self.articles_in(listing), listing.next_urls()
            if isinstance(listing, SitemapListing) and not links:
                links, more = await self.look_into(listing)
        except Unanswered as error:
            self.tried[url] = Tried(kind=name, url=url, problem=str(error))
            if isinstance(error.error, Wall | Busy):
                raise
            return
        if name == "listing" and links and self.list_page is None:
            self.list_page = listing.response
        dates = [link.published for link in links if link.published]
        self.lists[url] = name, links
        self.tried[url] = Tried(
            kind=name,
            url=url,
            entries=len({link.url for link in links}),
            more=len(more),
            newest=max(dates, key=lambda date: date.ordering, default=None),
        )

    async def list_at(self, url: str, kind: type[Listing]) -> Listing:
        """Raises `Unanswered`."""
        if url == str(self.front_seen.url):
            answer = self.front_seen
        else:
            response = await self.ask(url)
            answer = xml_response(response) if issubclass(kind, XmlListing) else self.read(response)
        return kind(response=answer, source=self.source, fetched_at=datetime.now(UTC))

    async def look_into(self, index: SitemapListing) -> tuple[list[Link], list[str]]:
        """What the parts of an index hold, of which the newest that has articles is read, and the parts left over.

        Those are asked that a harvest would ask. Raises `Unanswered`.
        """
        parts = [url for url in index.newest_parts() if self.reader.sitemap_path.search(urlsplit(url).path)]
        links: list[Link] = []
        for url in parts[:PARTS]:
            try:
                links = self.articles_in(await self.list_at(url, type(index)))
            except Unanswered as error:
                raise Unanswered(f"its part {url}: {error}", error.error) from error
            if links:
                return links, [each for each in parts if each != url]
        return links, parts[PARTS:]

    def articles_in(self, listing: Listing) -> list[Link]:
        return [link for link in listing.links() if self.reader.is_article(link.url)]

    def newest(self) -> list[Link]:
        kinds = ("listing", "feed", "interface", "sitemap")
        found = [links for kind in kinds for name, links in self.lists.values() if name == kind]
        if not any(found):
            listing = self.reader.listing(
                response=self.front_seen, source=self.source, fetched_at=datetime.now(UTC)
            ).links()
            found = [[link for link in listing if self.reader.is_article(link.url)]]
        return newest_first(found, self.wanted)

    # ---- pages ----

    async def fetch(self, link: Link) -> None:
        """Ask for a page, once."""
        if link.url in self.pages or link.url in self.unanswered:
            return
        try:
            response = await self.ask(link.url)
            self.pages[link.url] = response, self.read(response), datetime.now(UTC)
        except Unanswered as error:
            self.unanswered[link.url] = str(error)

    async def sample(self, link: Link) -> Sample:
        await self.fetch(link)
        if link.url in self.unanswered:
            return Sample(url=link.url, problem=self.unanswered[link.url])
        response, page, at = self.pages[link.url]
        answer = Answer(
            url=response.url, status=response.status, headers=_headers(response), body=response.body, fetched_at=at
        )
        try:
            article = self.article(page, link, at)
        except PageError as error:
            if isinstance(error, NotAnArticle) and walls.missing(page.text):
                error = SoftNotFound("the page says that there is no such page")
            return Sample(url=response.url, problem=str(error), answer=answer)
        self.known.append(Page(response=page, article=article))
        generic = GenericPage(response=page, source=self.source, fetched_at=at)
        if article.extractor == GenericPage.extractor():
            sure, reasons = generic.confidence(), generic.reasons()
            if self.reader.key != GENERIC:
                reasons = (f"{self.reader.key} finds no article in it, so the generic reader read it", *reasons)
        else:
            found = next((each for each in self.candidates if each.platform == self.reader.key), None)
            surety = found.surety if found and found.score >= ENOUGH else "guess"
            sure, reasons = confidence(article, surety=surety, title=generic.title())
        return Sample(url=response.url, article=article, confidence=sure, reasons=tuple(reasons), answer=answer)

    def article(self, page: HttpResponse, link: Link, at: datetime) -> Article:
        """As the harvest reads it: by the platform, or by the generic reader where that finds no article."""
        known = {"source": self.source, "fetched_at": at, "listed": link.published}
        try:
            return self.reader.read(page, **known)
        except NotAnArticle as error:
            if self.reader.key == GENERIC or walls.missing(page.text):
                raise
            try:
                return platform(GENERIC).read(page, **known)
            except PageError:
                raise error from None

    def with_selectors(self, found: Visit) -> Visit:
        """The visit to a site of no known CMS with suggestions of what its TOML may state."""
        stated = self.source.selectors.settle
        if found.platform != GENERIC or stated or not found.articles:
            return found
        suggested = suggest(self.known, self.list_page, self.source)
        return replace(found, selectors=suggested.selectors, missing_selectors=suggested.missing)

    # ---- requests ----

    async def ask(self, url: str) -> Response:
        """The answer to one request; raises `Unanswered`."""
        self.requests += 1
        if self.crawler.engine is None:
            raise RuntimeError("a visit needs a running engine")
        try:
            response: Response = await self.crawler.engine.download_async(scrapy.Request(url))
            if not 200 <= response.status < 300:  # noqa: PLR2004 - success
                raise HttpError(response)  # noqa: TRY301 - as Scrapy does between downloader and spider
        except Exception as error:
            raise Unanswered(failures.classify(error)[1], error) from error
        return response

    def read(self, response: Response) -> HttpResponse:
        try:
            page, flags = page_response(response)
        except PageError as error:
            raise Unanswered(str(error), error) from error
        self.notes += [f"charset: {flag}" for flag in flags]
        return page

    def remark(self, text: str) -> None:
        self.notes.append(text)

    def rules(self) -> list[Rules]:
        """What the robots.txt of the hosts that were asked says to us."""
        middleware = self.crawler.get_downloader_middleware(RobotsMiddleware)
        return middleware.heard if middleware else []

    def note_robots(self) -> None:
        for rules in self.rules():
            if rules.crawl_delay:
                self.notes.append(f"robots.txt asks for {rules.crawl_delay:g} s between requests")

    @property
    def reader(self) -> Platform:
        if self.platform is None:
            raise RuntimeError("the platform is not known yet")
        return self.platform

    @property
    def front_seen(self) -> HttpResponse:
        if self.front is None:
            raise RuntimeError("the front page has not been seen yet")
        return self.front


def kind_of(kind: type[Listing]) -> str:
    """What an entrance is to an operator."""
    if issubclass(kind, FeedListing):
        return "feed"
    if issubclass(kind, SitemapListing):
        return "sitemap"
    return "interface" if kind.optional else "listing"


def moved_to(given: str, final: str) -> str | None:
    """The address that was given under the scheme and the name of the host that it led to; None where it is that."""
    asked, answered = urlsplit(given), urlsplit(final)
    moved = asked._replace(scheme=answered.scheme, netloc=answered.netloc)
    return moved.geturl() if moved != asked else None


def same(one: str, other: str) -> bool:
    """Whether two addresses are one but for the slash of an empty path and a fragment."""
    return one.partition("#")[0].rstrip("/") == other.partition("#")[0].rstrip("/")


def _headers(response: Response) -> dict[str, str]:
    named = {name.decode("latin-1"): b", ".join(values).decode("latin-1") for name, values in response.headers.items()}
    return {name: value for name, value in named.items() if name.lower() != "set-cookie"}
