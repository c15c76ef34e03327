"""Fetching as a guest: the one place where connections are opened, at the host's pace and under the source's TLS."""

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.interfaces import IHandshakeListener, ISSLTransport
from zope.interface import implementer

from spiders.errors import Ended, Untrusted
from spiders.politeness import hosts
from spiders.politeness.hosts import Host, on_this_machine
from spiders.politeness.tls import Trust
from spiders.schedule import is_open

if TYPE_CHECKING:
    from sources import Source

logger = logging.getLogger(__name__)


class GuestHandler(HTTP11DownloadHandler):
    """Scrapy's handler of http and https, behind the door of each host.

    Settings: MONADI_DELAY (seconds between two starts at a host), CONCURRENT_REQUESTS_PER_DOMAIN, MONADI_TLS. Scrapy's
    own DOWNLOAD_DELAY stays 0: it spreads its delays around the one that is stated, and knows one crawl only.
    """

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self.delay = settings.getfloat("MONADI_DELAY")
        self.connections = settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self.trust = Trust(settings["MONADI_TLS"])
        self._pool._factory = _Connections  # noqa: SLF001
        # Scrapy's setting of a context factory is deprecated, and nothing has taken its place
        self._contextFactory: Any = self.trust
        self.spider: Any = crawler.spider
        self.source: Source | None = getattr(self.spider, "source", None)
        self.windowed = bool(self.source and self.source.windows and is_open(self.source, datetime.now(UTC)))
        self.joined: set[Host] = set()

    async def download_request(self, request: Request) -> Response:
        name = urlparse_cached(request).hostname or ""
        host = self.host(name)
        self.check_open()
        began = await host.enter()
        try:
            self.check_open()
            response = await super().download_request(request)
        except DownloadFailedError as error:
            if problem := self.trust.problems.get(name):
                raise Untrusted(problem.reason, problem.kind) from error
            raise
        finally:
            host.leave(began)
        self.note(host, request, response, began)
        return response

    def host(self, name: str) -> Host:
        host = hosts.host(name)
        if host not in self.joined:
            self.joined.add(host)
            free = self.delay == 0 and on_this_machine(name)
            host.join(delay=self.delay, connections=self.connections, free=free)
        return host

    def check_open(self) -> None:
        """Raise `Ended` when nothing more is to be sent: the run has ended, or the window in which it began."""
        if getattr(self.spider, "ended", False):
            raise Ended("the run has ended")
        if self.windowed and self.source and not is_open(self.source, datetime.now(UTC)):
            raise Ended(f"its window has closed ({', '.join(self.source.windows)}); the next one goes on")

    def note(self, host: Host, request: Request, response: Response, began: float) -> None:
        after, date = (_header(response, name) for name in ("Retry-After", "Date"))
        latency = request.meta.get("download_latency", 0.0)
        wait = host.note(response.status, began=began, latency=latency, after=after, date=date)
        if wait:
            logger.info("%s answered %d: nothing is asked of it for %.0f s", request.url, response.status, wait)


@implementer(IHandshakeListener)
class Connection(_LenientHTTP11ClientProtocol):
    """Tells a host's door when a request has left, which no signal of Scrapy's does.

    Being handed over is not leaving: Twisted keeps a request until its loop comes round, which takes as long as the
    pages that are being read meanwhile, and until TLS is agreed on.
    """

    asked: Host | None = None
    """The host of the request that is on its way and not answered yet."""

    def connectionMade(self) -> None:  # noqa: N802 - Twisted's name
        super().connectionMade()
        self.greeted = not ISSLTransport.providedBy(self.transport)
        wire: Any = self.transport
        while hasattr(wire, "transport"):  # TLS lies over TCP
            wire = wire.transport
        write = wire.doWrite

        def do_write() -> Any:
            outcome = write()
            self.written()
            return outcome

        wire.doWrite = do_write

    def handshakeCompleted(self) -> None:  # noqa: N802 - Twisted's name
        self.greeted = True

    def request(self, request: Any) -> Any:
        self.asked = hosts.host(urlsplit(request.absoluteURI.decode("ascii")).hostname or "")
        return super().request(request)

    def written(self) -> None:
        """Note that what was waiting has gone to the network."""
        if self.asked and self.greeted:
            self.asked.sent()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        self.asked = None
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class _Connections(_LenientHTTP11ClientFactory):
    def buildProtocol(self, _: Any) -> Connection:  # noqa: N802 - Twisted's name
        return Connection(self._quiescentCallback)  # type: ignore[no-untyped-call]


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
