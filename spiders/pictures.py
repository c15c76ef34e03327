"""The images of releases, fetched behind the pages of a run where the operator turns the cache on."""

from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from archive import Archive, Article, images, rasters
from archive.errors import ArchiveError, reason_of
from archive.rasters import NoRaster, TooSmall
from spiders import failures
from spiders.errors import Busy, Ended, Wall

if TYPE_CHECKING:
    from archive.images import Image
    from spiders.newsroom import NewsroomSpider

LARGEST = 5 * 2**20  # bytes
AT_ONCE = 50  # requests that are handed over at a time, and images whose rows are written in one transaction


class Pictures:
    """Fetches the images of releases and keeps them; a failure of one is counted and named, and fails nothing else.

    Its requests go the way of all others (guard, robots.txt, pace, the source's host), after the pages. Only an image
    at the very host of the source is asked for, and none that is held. Counts: `images` that were kept,
    `images-failed`, and `images-left-out`: at other hosts, disallowed, too small to be looked at, or not asked for
    because the host will have us no longer.
    """

    def __init__(self, archive: Archive, spider: "NewsroomSpider") -> None:
        self.archive = archive
        self.spider = spider
        self.waiting: deque[str] = deque()
        self.asked: set[str] = set()
        self.kept: list[Image] = []
        self.named: str | None = None

    def ask(self, article: Article) -> None:
        """Have the images of a release fetched when there is time."""
        for url in images.addresses(article):
            if url not in self.asked:
                self.asked.add(url)
                self.waiting.append(url)

    def go_on(self) -> bool:
        """Hand over requests for the next images; whether there are any."""
        self.flush()
        while self.waiting and not self.spider.ended:
            some = [self.waiting.popleft() for _ in range(min(AT_ONCE, len(self.waiting)))]
            ours = [url for url in some if self._is_ours(url)]
            self.spider.count("images-left-out", len(some) - len(ours))
            with self.archive.reading() as connection:
                held = images.held(connection, self.spider.source.id, ours)
            wanted = [url for url in ours if url not in held]
            for number, url in enumerate(wanted):
                self.spider.crawler.engine.crawl(self._request(url, number))
            if wanted:
                return True
        return False

    def _is_ours(self, url: str) -> bool:
        host = urlsplit(url).hostname or ""
        return host.removeprefix("www.") == self.spider.source.host.removeprefix("www.")

    def _request(self, url: str, number: int) -> Request:
        return Request(
            url,
            self.received,
            errback=self.failed,
            priority=-number,  # in the order in which they are shown
            dont_filter=True,  # which address is asked for is ours to know
            headers={"Accept": ", ".join(rasters.TYPES.values())},
            meta={"download_maxsize": LARGEST},
            cb_kwargs={"stated": url},
        )

    def received(self, response: Response, stated: str) -> None:
        try:
            raster = rasters.read(response.body)
            source = self.spider.source.id
            self.kept.append(self.archive.images.keep(raster, source=source, url=stated, at=datetime.now(UTC)))
        except TooSmall:
            self.spider.count("images-left-out")
        except (NoRaster, ArchiveError) as error:
            self._name(stated, str(error))
        if len(self.kept) >= AT_ONCE:
            self.flush()

    def failed(self, failure: Any) -> None:
        error, stated = failure.value, failure.request.cb_kwargs["stated"]
        kind, reason = failures.classify(error)
        if isinstance(error, Busy):
            self.spider.comes_back(error)
        if isinstance(error, Busy | Ended | Wall):
            self.spider.count("images-left-out", len(self.waiting))
            self.waiting.clear()
        if kind in failures.OUR_REFUSALS:
            self.spider.count("images-left-out")
        else:
            self._name(stated, reason)

    def flush(self) -> None:
        """Keep the rows of what has been fetched."""
        kept, self.kept = self.kept, []
        if not kept:
            return
        try:
            with self.archive.writing() as connection:
                images.index(connection, kept)
        except Exception as error:  # noqa: BLE001 - a failure of images fails nothing else
            for image in kept:
                self._name(image.url, reason_of(error))
        else:
            self.spider.count("images", len(kept))

    def close(self) -> None:
        """Keep what there is, and tell of what is missing."""
        self.flush()
        self.spider.count("images-left-out", len(self.waiting))
        if self.named:
            self.spider.remark(f"{self.spider.counts['images-failed']} images are not kept, such as {self.named}")

    def _name(self, url: str, reason: str) -> None:
        self.spider.count("images-failed")
        self.spider.logger.info("the image %s is not kept: %s", url, reason)
        self.named = self.named or f"{url}: {reason}"
