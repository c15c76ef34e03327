"""How a crawl holds the claim of its source: from before it asks for anything until it has told what it came to."""

import logging
import os
import threading
from collections.abc import Callable

from scrapy import signals
from scrapy.exceptions import CloseSpider

from archive import Archive, crawls
from archive.errors import Claimed
from spiders.newsroom import NewsroomSpider

logger = logging.getLogger(__name__)

STOP = 10.0  # seconds in which a crawl that has lost its claim is to end; see `archive.claims.SERVER`
LOST = 70  # the exit status of a process that has not


class Claiming:
    """The claim of a running crawl. When it is lost nothing more is asked for; a crawl that does not end then in time
    is ended with its process, for another one may begin.
    """

    def __init__(self, archive: Archive, spider: NewsroomSpider, leave: Callable[[int], object] = os._exit) -> None:
        """Raises `CloseSpider` when another crawl reads the source, or has done so meanwhile: the end of this one."""
        self.spider = spider
        self.leave = leave
        self.ended = threading.Event()
        try:
            self.claim = archive.claim(spider.source.id, self._lost)
        except Claimed as error:
            raise self._left(str(error)) from None
        if self._read_meanwhile(archive):
            self.claim.close()
            raise self._left(f"{spider.source.id} has been read by another process meanwhile")
        spider.crawler.signals.connect(self.close, signal=signals.engine_stopped)

    def _left(self, reason: str) -> CloseSpider:
        self.spider.claimed, self.spider.reason = True, reason
        logger.info("%s, and was left to it", reason)
        return CloseSpider("claimed")

    def _read_meanwhile(self, archive: Archive) -> bool:
        """Whether a crawl has begun that whoever asked for this one did not know of (`Reach.after`)."""
        after = self.spider.reach.after
        if after is None:
            return False
        with archive.reading() as connection:
            return any(crawl.id > after for crawl in crawls.latest(connection, self.spider.source.id))

    def close(self) -> None:
        self.ended.set()
        self.claim.close()

    def _lost(self) -> None:
        """Called in the thread that watches the claim."""
        from twisted.internet import reactor  # noqa: PLC0415 - importing it would install another than ours

        reason = "the connection to the archive that keeps others from this source was lost"
        reactor.callFromThread(self.spider.stop, reason)
        if not self.ended.wait(STOP):
            logger.critical("%s: %s, and the crawl did not end in %d s", self.spider.source.id, reason, STOP)
            self.leave(LOST)
