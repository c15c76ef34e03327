"""The one spider: walks any office's newsroom by its platform."""

import math
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from web_poet import HttpResponse

from archive import Archive, Article, crawls
from archive.absences import AGAIN
from archive.crawls import Quarantined, Result
from archive.errors import ArchiveError
from archive.links import Sighting
from persian.published import Published
from persian.text import without_forbidden
from sources import Source
from spiders import drift, failures, reading
from spiders.capture import captured
from spiders.detect import recognise
from spiders.errors import Busy, Ended, NotAnArticle, PageError, SoftNotFound, Wall
from spiders.health import lacks_feed, second_look
from spiders.listing import FeedListing, Link, Listing, SitemapListing, XmlListing
from spiders.memory import Memory
from spiders.platforms import platform
from spiders.platforms.cms import Platform
from spiders.politeness import walls
from spiders.politeness.hosts import on_this_machine
from spiders.politeness.robots import RobotsMiddleware, origin_of
from spiders.reach import Reach
from spiders.responses import page_response, xml_response
from spiders.sightings import Confirmed, Listed, Missed, Reading, Unlisted, Unread
from spiders.sizes import with_sizes
from spiders.unchanged import answer_of, conditions, is_unchanged

if TYPE_CHECKING:
    from archive.validators import Validator
    from spiders.health import History

SETTLED_PAGES = 2  # listing pages in a row with nothing unsettled, after which a walk ends
WALLS = 3  # pages in a row that are none (a challenge, a login), after which a run ends
LONGEST = 7 * 86_400  # seconds; a host that asks us back later than that is asked again all the same
LISTING_PAGES = 5_000  # a pager longer than this is a trap
REPEATS = 200  # pages in a row that hold what others of the run do: addresses without end for one release
NESTED = 3  # sitemaps within each other; an index of indexes is none that sitemaps.org knows
LINKS = 50_000  # that are taken from one list, as many as a sitemap may have (sitemaps.org)
LISTS = 100  # lists that a front page, or sitemaps that a robots.txt, may lead to
VOTED = 64  # pages a vote of the generic reader, the first of a run being one; it costs about as much as a reading
MISSING = frozenset({"http-404", "http-410"})


class NewsroomSpider(scrapy.Spider):
    """Yields a `Reading` of every article, `Unread` for every page that gave none, and what the lists said.

    It goes from listing pages, feed and (on a first or full run) sitemaps to article pages; the front page stands in
    for a listing that is gone. A walk over listing pages ends at a list that has not changed since a complete run, or
    at the second page in a row that holds nothing but articles settled by one, or nothing that it has not held before.
    An article that the archive knows is fetched again only on a thinning schedule after its publication, or on a `full`
    run, which also visits the archived pages that no list names any more.

    Arguments of `scrapy crawl <source> -a`: `since`, `until` (Jalali or Gregorian), `full=1`, `limit`.
    """

    source: Source

    def __init__(self, archive: Archive | None = None, reach: Reach | None = None, name: str | None = None) -> None:
        super().__init__(name)
        self.archive = archive
        self.reach = reach or Reach()
        self.platform: Platform | None = None
        self.memory: Memory | None = None
        self.asked: set[str] = set()
        self.seen: set[str] = set()
        self.walks: dict[str, set[str]] = {}
        self.answers: dict[str, Validator] = {}
        self.recovered: set[str] = set()
        self.front_asked = False
        self.rounded_off = False
        self.off_the_lists: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.reason: str | None = None
        self.remarks: list[str] = []
        self.ended = False
        self.claimed = False  # by another crawl, so this one has asked for nothing
        self.walls_in_a_row = 0
        self.listing_failures = 0
        self.article_requests = 0
        self.listing_requests = 0
        self.contents: set[str] = set()
        self.repeats = 0
        self.history: History | None = None
        self.listed_at_all = False
        self.fresh = 0
        self.looked_again = False
        self.spares_feed = False
        self.looked_at = False
        self.instants: list[datetime] = []
        self.stamped: dict[str, datetime] = {}  # when the releases that are new were out, by their own dates
        self.lacking: str | None = None
        self.read_last: str | None = None
        self.doubted: list[tuple[Reading, Unread]] = []
        self.result: Result | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *_: Any, **words: Any) -> Self:
        reach = words.pop("reach", None) or Reach.of_words(words)
        spider = cls(archive=words.pop("archive", None), reach=reach, name=words.pop("name", None))
        spider._set_crawler(crawler)
        if not (crawler.settings.get("MONADI_CONTACT") or on_this_machine(spider.source.host)):
            spider.logger.warning("set MONADI_CONTACT to your address: the sites see it in the User-Agent")
        crawler.signals.connect(spider.broke, signal=signals.spider_error)
        crawler.signals.connect(spider.round_off, signal=signals.spider_idle)
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
        if robots := self.robots:
            await robots.rules(origin_of(self.source.url))
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
        try:
            front = self.page(response)
        except PageError as error:
            self.unlisted(response, error)
            yield from self.first_requests() if self.platform else ()
            return
        if self.platform is None:
            found = recognise(front)
            self.platform = found.platform if found else platform("generic")
            evidence = "; ".join(found.evidence) if found else "nothing gives away another"
            self.logger.info("%s runs on %s (%s)", self.source.id, self.platform.key, evidence)
        yield from self.first_requests()
        lists = self.reader.entrances_in(front, self.source)
        if len(lists) > LISTS:
            self.count("left-out/lists", len(lists) - LISTS)
        for url, kind in lists[:LISTS]:
            if url == response.url:
                self.front_asked = True
                yield from self.parse_listing(response, kind, page=1, settled=0)
            else:
                yield self.listing_request(url, kind)

    def first_requests(self) -> Iterator[scrapy.Request]:
        memory = self.recall()
        self.spares_feed = self.can_spare_feed()
        for url in sorted(memory.retries):
            yield from self.article_request(memory.link(url))
        for page in memory.due:
            yield from self.article_request(memory.link(page.url), known=True)
        for url, kind in self.reader.entrances(
            self.source,
            whole=self.is_whole,
            since=self.reach.since,
            until=self.reach.until,
            sitemaps=self.stated_sitemaps(),
        ):
            if not (self.spares_feed and issubclass(kind, FeedListing)):
                yield self.listing_request(url, kind)

    def can_spare_feed(self) -> bool:
        """Whether the feed has not been there of late, so that the front page is asked in its place (`look_again`)."""
        usual = not (self.is_whole or self.reach.partial or self.source.feed)
        return usual and self.history is not None and lacks_feed(self.history, datetime.now(UTC))

    @property
    def is_whole(self) -> bool:
        """Whether this run walks the lists to their ends: a full one, and any before a first complete one."""
        return self.reach.full or self.memory is None or self.memory.settled_until is None

    def stated_sitemaps(self) -> list[str]:
        """Those that the robots.txt files name which this run has read."""
        stated = [url for rules in (self.robots.heard if self.robots else ()) for url in rules.sitemaps]
        if len(stated) > LISTS:
            self.count("left-out/lists", len(stated) - LISTS)
        return stated[:LISTS]

    @property
    def robots(self) -> RobotsMiddleware | None:
        found: RobotsMiddleware | None = self.crawler.get_downloader_middleware(RobotsMiddleware)
        return found

    def recall(self) -> Memory:
        """What earlier runs left."""
        self.memory = Memory(self.source.id, self.reader, self.archive)
        self.memory.recall(datetime.now(UTC))
        return self.memory

    # ---- lists ----

    def listing_request(
        self, url: str, kind: type[Listing], page: int = 1, settled: int = 0, walk: str | None = None
    ) -> scrapy.Request:
        self.listing_requests += 1
        return scrapy.Request(
            url,
            self.parse_listing,
            errback=self.listing_failed,
            headers=self.conditions(url) if page == 1 else None,
            meta={"handle_httpstatus_list": [HTTPStatus.NOT_MODIFIED]},
            cb_kwargs={"kind": kind, "page": page, "settled": settled, "walk": walk or url},
        )

    def parse_listing(
        self, response: Response, kind: type[Listing], page: int, settled: int, walk: str | None = None
    ) -> Iterator[Any]:
        if page == 1 and not issubclass(kind, XmlListing):
            self.listed_at_all = True
            self.note_move(response)
        if page == 1 and issubclass(kind, FeedListing):
            self.count("feeds")
        if page == 1 and self.is_unchanged(response):
            self.count("lists-unchanged")
            yield Listed((), captured(response))
            return
        try:
            answer = xml_response(response) if issubclass(kind, XmlListing) else self.page(response)
            listing = kind(response=answer, source=self.source, fetched_at=datetime.now(UTC))
            links = self.articles_in(listing)
        except PageError as error:
            self.unlisted(response, error)
            return
        self.count("listed", len(links))
        if page == 1 and not links:
            self.look_at_empty(answer, kind)
        yield Listed(tuple(self.sighting(link, kind) for link in links), captured(response))
        known = self.remembered.known(links)
        unsettled = [link for link in links if not self.remembered.is_settled(known.get(link.url))]
        yield from self.pages_of(links, known)
        if self.is_new_to(walk or response.url, links) and (unsettled or self.reach.full):
            settled = 0
        elif links or not issubclass(kind, SitemapListing):  # an index of sitemaps settles nothing
            settled += 1
        if self.goes_on(links, page, settled):
            for url in self.next_of(listing, page):
                yield self.listing_request(url, kind, page + 1, settled, walk)

    def next_of(self, listing: Listing, page: int) -> Iterator[str]:
        """The further lists that a list leads to, of sitemaps those of releases."""
        sitemaps = isinstance(listing, SitemapListing)
        if sitemaps and page >= NESTED:
            return
        for url in listing.next_urls():
            if self.listing_requests >= self.crawler.settings.getint("MONADI_LISTS"):
                self.leave_out("lists", self.listing_requests)
                return
            if not sitemaps or self.reader.sitemap_path.search(urlsplit(url).path):
                yield url

    def articles_in(self, listing: Listing) -> list[Link]:
        """The links of a list that lead to articles, each once, in order; what is beyond `LINKS` is left out."""
        found: dict[str, Link] = {}
        for link in listing.links():
            if self.reader.is_article(link.url):
                found.setdefault(link.url, link)
                if len(found) >= LINKS:
                    self.count("left-out/links")
                    break
        return list(found.values())

    def unlisted(self, response: Response, error: PageError) -> None:
        """Note a list that nobody can read: the walk is incomplete."""
        self.count(f"unlisted/{error.kind}")
        self.listing_failures += 1
        self.reason = self.reason or f"{response.url}: {error}"

    def pages_of(self, links: list[Link], known: Mapping[str, datetime]) -> Iterator[scrapy.Request]:
        """Requests for the pages that a list names: those that the archive does not know, on a full run all."""
        self.fresh += sum(link.url not in known for link in links)
        for link in links:
            if (self.reach.full or link.url not in known) and self.wanted(link):
                yield from self.article_request(link, known=link.url in known)

    def goes_on(self, links: list[Link], page: int, settled: int) -> bool:
        if self.reach.limit and self.article_requests >= self.reach.limit:
            return False
        if self.counts["left-out/pages"]:
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
        return settled < SETTLED_PAGES

    def is_new_to(self, walk: str, links: list[Link]) -> bool:
        """Whether a list names anything that this walk has not met: a pager that goes in circles ends."""
        met = self.walks.setdefault(walk, set())
        fresh = {self.remembered.key(link.url) for link in links} - met
        met |= fresh
        return bool(fresh)

    def sighting(self, link: Link, kind: type[Listing]) -> Sighting:
        self.seen.update(self.remembered.keys(link.url))
        place = (
            "feed" if issubclass(kind, FeedListing) else "sitemap" if issubclass(kind, SitemapListing) else "listing"
        )
        return Sighting(key=self.remembered.key(link.url), url=link.url, place=place, published=link.published)

    def wanted(self, link: Link) -> bool:
        return link.published is None or self.reach.includes(link.published.ordering)

    def conditions(self, url: str) -> dict[str, str]:
        """What asks for a page only if it has changed; a run that is to see all, or some, believes no answer of old."""
        if self.reach.full or self.reach.partial:
            return {}
        return conditions(self.remembered.answers.get(url), datetime.now(UTC))

    def is_unchanged(self, response: Response) -> bool:
        """Whether an answer is as it was; what it is now is remembered."""
        url, now = response.request.url if response.request else response.url, datetime.now(UTC)
        before = None if self.reach.full or self.reach.partial else self.remembered.answers.get(url)
        self.answers[url] = answer_of(response, before, now)
        return is_unchanged(response, before, now)

    # ---- pages ----

    def article_request(self, link: Link, *, known: bool = False) -> Iterator[scrapy.Request]:
        """The request for a page that has not been asked for yet; `known` says that the archive has its article."""
        key = self.remembered.key(link.url)
        if key in self.asked or (self.reach.limit and self.article_requests >= self.reach.limit):
            return
        if self.article_requests >= self.crawler.settings.getint("MONADI_PAGES"):
            self.leave_out("pages", self.article_requests)
            return
        self.asked.add(key)
        self.article_requests += 1
        yield scrapy.Request(
            link.url,
            self.parse_article,
            errback=self.article_failed,
            priority=10,
            headers=self.conditions(link.url) if known else None,
            meta={"handle_httpstatus_list": [HTTPStatus.NOT_MODIFIED]} if known else None,
            cb_kwargs={"listed": link.published, "known": known, "sizes": link.sizes},
        )

    def leave_out(self, what: str, asked: int) -> None:
        """Note that more was named than one run asks for: the walk is incomplete, and the next run goes on."""
        if not self.counts[f"left-out/{what}"]:
            self.listing_failures += 1
            self.remark(f"more is listed than is read in one run, which is {asked} {what}; the next one goes on")
        self.count(f"left-out/{what}")

    def parse_article(
        self,
        response: Response,
        listed: Published | None = None,
        *,
        known: bool = False,
        sizes: tuple[tuple[str, int], ...] = (),
    ) -> Iterator[Any]:
        self.count("fetched")
        self.walls_in_a_row = 0
        asked = (response.url, *response.meta.get("redirect_urls", ()))
        if response.status == HTTPStatus.NOT_MODIFIED:
            self.is_unchanged(response)
            yield Confirmed(self.remembered.key(response.url))
            yield from self.still_answers(asked)
            return
        try:
            page = self.page(response)
        except PageError as error:
            yield self.quarantined(response, error.kind, str(error))
            return
        try:
            article = with_sizes(self.read(page, response, listed), dict(sizes))
        except PageError as error:
            yield self.refused(response, page, error, asked, known=known)
        except Exception as error:
            self.logger.exception("%s cannot be read", response.url)
            yield self.quarantined(response, "parse", f"{type(error).__name__}: {error}")
        else:
            yield from self.taken(response, page, article, asked, known=known)

    def refused(
        self, response: Response, page: HttpResponse, error: PageError, asked: tuple[str, ...], *, known: bool
    ) -> Missed | Unread:
        """A page in which there is no article: of an archived one, that it is missing."""
        if isinstance(error, NotAnArticle):
            self.look_at(page)
            if walls.missing(page.text):
                error = SoftNotFound("the page says that there is no such page")
        if known and isinstance(error, SoftNotFound):
            return Missed(self.remembered.key(asked[-1] if len(asked) == 1 else asked[1]), captured(response))
        return self.quarantined(response, error.kind, str(error))

    def taken(
        self, response: Response, page: HttpResponse, article: Article, asked: tuple[str, ...], *, known: bool
    ) -> Iterator[Any]:
        """What is told of a page that was read."""
        if walls.is_notice(article.title, article.body):
            yield self.quarantined(response, SoftNotFound.kind, f"the page says: {article.title}")
            return
        self.note_reading(page, article, known=known)
        self.note_content(article)
        item = Reading(replace(article, aliases=(*article.aliases, *asked[1:])), captured(response))
        if doubt := self.doubt(article, known=known or bool(self.remembered.retries & set(asked))):
            yield from self.held_back(item, self.unread(response, *doubt))
            return
        self.recovered.update(self.remembered.retries & set(asked))
        if article.fetched_at - article.ordering < AGAIN[-1]:  # it will be asked for again
            self.is_unchanged(response)
        if self.reach.includes(article.ordering):
            yield item
            yield from self.still_answers(asked)
        else:
            self.count("out-of-range")

    def note_content(self, article: Article) -> None:
        """End the run where one address after another gives the same."""
        self.repeats = self.repeats + 1 if article.content_hash in self.contents else 0
        self.contents.add(article.content_hash)
        if self.repeats >= REPEATS:
            self.stop(f"{self.repeats} pages in a row held what others do, the last of them {article.url}")

    def held_back(self, item: Reading, unread: Unread) -> Iterator[Unread]:
        """A reading that is not believed; where a field is missing, it is judged when the run has ended."""
        if unread.page.kind == crawls.DOUBTED:
            self.doubted.append((item, unread))
        else:
            self.count(f"held/{unread.page.kind}")
            yield unread

    def read(self, page: HttpResponse, response: Response, listed: Published | None) -> Article:
        """The record of a page; one that its platform did not find an article in is counted as read by the generic."""
        capture = captured(response)
        fetched_at = capture.fetched_at if capture else datetime.now(UTC)
        article = reading.read(self.reader, page, source=self.source, fetched_at=fetched_at, listed=listed)
        if article.extractor == platform("generic").page.extractor() and not self.source.selectors.settle:
            self.count("generic")
            self.look_at(page)
        return article

    # ---- what it is judged by ----

    def note_reading(self, page: HttpResponse, article: Article, *, known: bool) -> None:
        """Count what a reading has, and on the first page and every so many have the generic reader vote on it."""
        self.read_last = article.url
        for name in drift.told_by(article, fresh=not known and not self.is_whole):
            self.count(name)
        if not known and article.published and article.published.at:
            self.instants.append(article.published.at)
            self.stamped[article.url] = article.published.at
            self.counts["odd/same"] = drift.same_dates(self.instants[-LISTS:])
        generic = platform("generic")
        if self.counts["read"] % VOTED != 1 or article.extractor == generic.page.extractor():
            return
        self.count("votes")
        try:
            other = generic.read(page, source=self.source, fetched_at=article.fetched_at)
        except PageError:
            return
        for name in drift.agreed(article, other):
            self.count(name)

    def doubt(self, article: Article, *, known: bool) -> tuple[str, str] | None:
        """Why the reading of an archived article may be the fault of a changed layout, and no edit by its office.

        What a fallback reads of an article that its platform has read before is never taken for it; where a field has
        gone, the pages of the whole run tell (`settle_doubts`).
        """
        held = self.remembered.held(article.url) if known else None
        if held is None:
            return None
        generic = platform("generic").page.extractor()
        if article.extractor == generic != held.extractor and self.reader.page.extractor() != generic:
            return "layout", f"{held.extractor} read it before, and finds no article in it now"
        lost = drift.lost(held, article)
        return (crawls.DOUBTED, f"it had a {', a '.join(lost)} before") if lost else None

    def settle_doubts(self) -> list[Reading | Unread]:
        """When the run has ended: the doubted readings are edits, unless the source's pages have changed or more than
        one has lost the same.
        """
        drifting = bool(self.history and drift.drifts(self.counts, self.history.good, drift.DOUBT))
        same = Counter(unread.page.reason for _, unread in self.doubted)
        settled: list[Reading | Unread] = []
        for item, unread in self.doubted:
            if drifting or same[unread.page.reason] > 1:
                self.count(f"held/{crawls.DOUBTED}")
                settled.append(unread)
            else:
                self.recovered.add(item.article.url)
                settled.append(item)
        return settled

    def look_at_empty(self, page: HttpResponse, kind: type[Listing]) -> None:
        """See what a list is on which nothing was recognised: none, of another platform, or of nobody any more."""
        if walls.missing(page.text):
            self.count("unlisted/soft-404")
            self.reason = self.reason or f"{page.url}: the site says there is no such page"
            return
        if issubclass(kind, XmlListing):
            return
        if walls.parked(page.text):
            self.count("unlisted/parked")
            self.reason = self.reason or f"{page.url}: the domain is for sale, or the site suspended"
        self.look_at(page)

    def look_at(self, page: HttpResponse) -> None:
        """Note once what platform's marks are on a page that the stated one finds nothing in."""
        if self.looked_at:
            return
        self.looked_at = True
        try:
            found = recognise(page)
        except Exception:
            self.logger.exception("%s: its platform cannot be told", page.url)
            return
        if found and found.platform is not self.reader and self.reader.key != "generic":
            self.count(f"looks/{found.platform.key}")

    def note_move(self, response: Response) -> None:
        """Note that a list leads to the front page instead."""
        steps: list[str] = [*response.meta.get("redirect_urls", ()), response.url]
        first = steps[0]
        if not is_front(first, self.source) and any(is_front(url, self.source) for url in steps[1:]):
            self.count("moved")
            self.remark(f"{first} leads to the front page, which is read as the list")

    def compare_lists(self) -> None:
        """When the run has ended: whether releases are known that are newer than all that listing pages name."""
        if self.memory is None or self.is_whole or self.listing_failures or not self.listed_at_all:
            return
        began, before = self.memory.recalled_at, self.memory.settled_until
        lacking = self.memory.lacking(datetime.now(UTC))
        self.count("compared")
        if lacking:
            new = [url for url, seen in lacking if seen >= began]
            self.count("lacking")
            self.count("lacking/known", len(lacking) - len(new))
            self.count("lacking/new", len(new))
            self.count("lacking/overdue", sum(bool(before and self.stamped.get(url, began) < before) for url in new))
            self.lacking = lacking[0][0]

    def look_again(self) -> bool:
        """When nothing new was listed, and there is no feed or something is to be expected: ask the front page, once,
        for what it names.
        """
        due = self.history is not None and (self.has_no_feed or second_look(self.history, datetime.now(UTC)))
        if self.looked_again or self.fresh or self.ended or not due or self.is_whole or self.reach.partial:
            return False
        self.looked_again = True
        if self.front_asked or not self.listed_at_all or any(is_front(url, self.source) for url in self.walks):
            return False
        request = scrapy.Request(
            self.source.url,
            self.parse_front,
            errback=self.front_failed,
            headers=self.conditions(self.source.url),
            meta={"handle_httpstatus_list": [HTTPStatus.NOT_MODIFIED]},
        )
        self.crawler.engine.crawl(request)
        return True

    @property
    def has_no_feed(self) -> bool:
        """Whether the last visits found no feed, and this one, if it asked, none either."""
        absent = self.history is not None and self.history.feedless is not None and not self.counts["feeds"]
        return absent and not self.source.feed

    def parse_front(self, response: Response) -> Iterator[Any]:
        """What the front page names that no list does."""
        self.count("second-looks")
        if self.is_unchanged(response):
            return
        try:
            page = self.page(response)
            listing = self.reader.listing(response=page, source=self.source, fetched_at=datetime.now(UTC))
            links = self.articles_in(listing)
        except PageError as error:
            self.unlisted(response, error)
            return
        known = self.remembered.known(links)
        yield Listed(tuple(replace(self.sighting(link, type(listing)), place="front") for link in links))
        for link in links:
            if link.url not in known:
                yield from self.article_request(link)

    def front_failed(self, failure: Any) -> None:
        self.count(f"left-out/{failures.classify(failure.value)[0]}")
        self.turned_away(failure.value)

    # ---- the end ----

    def round_off(self) -> None:
        """When a walk has ended: take a second look where nothing has come; of a full one, visit the archived pages
        that no list names any more.
        """
        if self.look_again():
            raise DontCloseSpider
        complete = self.reach.full and not self.reach.partial and not self.listing_failures and not self.ended
        if self.memory is None or self.rounded_off or not complete:
            return
        self.rounded_off = True
        pages = [page for page in self.memory.unseen(self.seen) if self.memory.key(page.url) not in self.asked]
        reach = self.memory.lists_reach(self.seen)
        self.off_the_lists.update(self.memory.key(page.url) for page in pages if reach and reach < page.published_at)
        for page in pages:
            for request in self.article_request(self.memory.link(page.url), known=True):
                self.crawler.engine.crawl(request)
        if pages:
            self.count("not-listed", len(pages))
            raise DontCloseSpider

    def still_answers(self, asked: tuple[str, ...]) -> Iterator[Unlisted]:
        """A page that is there though lists that go further back name it no more."""
        yield from (Unlisted(key) for key in map(self.remembered.key, asked) if key in self.off_the_lists)

    # ---- what fails ----

    def article_failed(self, failure: Any) -> Iterator[Any]:
        """A page that did not answer is held, to be asked for by the next run; of a known one the absence is noted."""
        kind, reason = failures.classify(failure.value)
        response = getattr(failure.value, "response", None)
        if failure.request.cb_kwargs.get("known"):
            self.turned_away(failure.value)
            if kind in MISSING:
                yield Missed(self.remembered.key(failure.request.url), captured(response))
            else:
                self.count(f"failed/{kind}")
            return
        self.count(f"failed/{kind}")
        self.turned_away(failure.value)
        if kind not in failures.OUR_REFUSALS:
            page = Quarantined(
                source=self.source.id,
                url=failure.request.url,
                kind=kind,
                reason=reason,
                extractor=self.reader.page.extractor(),
                status=getattr(response, "status", None),
                headers={},
            )
            yield Unread(page)

    def listing_failed(self, failure: Any) -> Iterator[scrapy.Request]:
        """A listing that cannot be had leaves the walk incomplete; a site without a feed or sitemap just has none.

        For a listing that is not there the front page stands in.
        """
        kind, reason = failures.classify(failure.value)
        asked = failure.request.cb_kwargs
        optional = getattr(asked.get("kind"), "optional", False)
        if optional and kind in failures.OUR_REFUSALS:
            self.count(f"left-out/{kind}")
            self.turned_away(failure.value)
            return
        if kind in MISSING and asked.get("page") == 1 and not optional and self.front_stands_in(failure.request.url):
            self.count("moved")
            self.remark(f"{failure.request.url}: {reason}, so the front page is read as the list")
            yield self.listing_request(self.source.url, self.reader.listing)
            return
        self.count(f"unlisted/{kind}")
        if kind in MISSING and issubclass(asked.get("kind", Listing), FeedListing):
            self.count("feeds-absent")
        if optional and kind.startswith("http-4"):
            return
        self.listing_failures += 1
        self.reason = self.reason or f"{failure.request.url}: {reason}"
        self.turned_away(failure.value)

    def front_stands_in(self, gone: str) -> bool:
        """Whether the front page may be read in the place of a listing, which it is once."""
        free = not self.front_asked and gone != self.source.url
        self.front_asked = True
        return free

    def turned_away(self, error: Exception) -> None:
        """End the run where the host will have us no longer, or the window in which it began has closed."""
        if isinstance(error, Ended):
            self.stop(str(error))
        elif isinstance(error, Busy):
            self.count("barred/busy")
            self.comes_back(error)
            self.stop(str(error))
        elif isinstance(error, Wall):
            self.walls_in_a_row += 1
            if self.walls_in_a_row >= WALLS:
                self.count(f"barred/{error.kind}")
                self.stop(str(error))

    def comes_back(self, error: Busy) -> None:
        """Note when a host asks us back."""
        self.counts["come-back"] = min(math.ceil(error.seconds or 0), LONGEST)

    def quarantined(self, response: Response, kind: str, reason: str) -> Unread:
        self.count(f"held/{kind}")
        return self.unread(response, kind, reason)

    def unread(self, response: Response, kind: str, reason: str) -> Unread:
        headers = {
            name.decode("latin-1"): b", ".join(values).decode("latin-1") for name, values in response.headers.items()
        }
        page = Quarantined(
            source=self.source.id,
            url=response.url,
            kind=kind,
            reason=failures.plain(reason),
            extractor=self.reader.page.extractor(),
            status=response.status,
            headers={name: without_forbidden(value) for name, value in headers.items() if name.lower() != "set-cookie"},
            body=response.body,
        )
        return Unread(page, captured(response))

    @property
    def reader(self) -> Platform:
        if self.platform is None:
            raise RuntimeError(f"{self.source.id}: its platform is not known yet")
        return self.platform

    @property
    def remembered(self) -> Memory:
        if self.memory is None:
            raise RuntimeError(f"{self.source.id}: nothing has been recalled yet")
        return self.memory

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
        text = failures.plain(text)
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
        self.reason = failures.plain(reason)
        if self.crawler.engine:
            self.crawler.engine.close_spider(self, "stopped")


def is_front(url: str, source: Source) -> bool:
    """Whether an address is the front page of a source."""
    return urlsplit(url).path.rstrip("/") in {"", urlsplit(source.url).path.rstrip("/")} and not urlsplit(url).query
