"""Fetching as a guest: the one place where connections are opened, at the host's pace and under the source's TLS."""

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urldefrag, urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, ResponseDataLossError
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.interfaces import IHandshakeListener, ISSLTransport
from twisted.internet.protocol import connectionDone
from twisted.web._newclient import BODY
from zope.interface import implementer

from spiders.errors import Ended, SpiderError, Stalled, TooLarge, Untrusted
from spiders.politeness import hosts
from spiders.politeness.hosts import Host, on_this_machine
from spiders.politeness.tls import Trust
from spiders.windows import is_open

if TYPE_CHECKING:
    from sources import Source

logger = logging.getLogger(__name__)


class GuestHandler(HTTP11DownloadHandler):
    """Scrapy's handler of http and https, behind the door of each host.

    Settings: MONADI_DELAY (seconds between two starts at a host), CONCURRENT_REQUESTS_PER_DOMAIN, MONADI_TLS,
    MONADI_HEAD, MONADI_HEADERS, MONADI_IDLE, MONADI_VOLUME. Scrapy's own DOWNLOAD_DELAY stays 0: it
    spreads its delays around the one that is stated, and knows one crawl only.
    """

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self.delay = settings.getfloat("MONADI_DELAY")
        self.connections = settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self.trust = Trust(settings["MONADI_TLS"])
        self.headers = settings.getint("MONADI_HEADERS")
        self.volume = settings.getint("MONADI_VOLUME")
        self.limits = Limits(head=settings.getint("MONADI_HEAD"), idle=settings.getfloat("MONADI_IDLE"))
        self._pool._factory = cast("Any", partial(_Connections, self.limits))  # noqa: SLF001
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
        except Exception as error:
            if stopped := self.stopped(request):
                raise stopped from error
            if isinstance(error, DownloadFailedError) and (problem := self.trust.problems.get(name)):
                raise Untrusted(problem.reason, problem.kind) from error
            raise
        finally:
            host.leave(began)
        if stopped := self.stopped(request):  # what had come by then would pass for the whole
            raise stopped
        self.weigh(response)
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

    def stopped(self, request: Request) -> SpiderError | None:
        """Why we broke off the answer to a request, if we did."""
        return self.limits.broken.pop(urldefrag(request.url)[0], None)

    def weigh(self, response: Response) -> None:
        """Count what an answer weighs; raise `TooLarge` for more headers than are read, and an error of Scrapy's for a
        part of a page, which nobody has asked for.
        """
        if response.status == HTTPStatus.PARTIAL_CONTENT:
            raise ResponseDataLossError("it sent a part of its answer")
        if sum(len(values) for _, values in response.headers.items()) > self.headers:
            raise TooLarge("its answer has more headers than are read")
        self.volume -= len(response.body)
        if self.volume < 0 and hasattr(self.spider, "stop"):
            self.spider.stop("it has sent more than is read in one run; the next one goes on")

    def note(self, host: Host, request: Request, response: Response, began: float) -> None:
        after, date = (_header(response, name) for name in ("Retry-After", "Date"))
        latency = request.meta.get("download_latency", 0.0)
        wait = host.note(response.status, began=began, latency=latency, after=after, date=date)
        if wait:
            logger.info("%s answered %d: nothing is asked of it for %.0f s", request.url, response.status, wait)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What an answer is given: bytes for its `head`, seconds for it to be `idle`. `broken` says by address why one was
    broken off.
    """

    head: int
    idle: float
    broken: dict[str, SpiderError] = field(default_factory=dict)


@implementer(IHandshakeListener)
class Connection(_LenientHTTP11ClientProtocol):
    """Tells a host's door when a request has left, which no signal of Scrapy's does.

    Being handed over is not leaving: Twisted keeps a request until its loop comes round, which takes as long as the
    pages that are being read meanwhile, and until TLS is agreed on.
    """

    asked: Host | None = None
    """The host of the request that is on its way and not answered yet."""

    limits: "Limits"
    url = ""
    head = 0  # bytes of an answer whose body has not begun
    heard: float | None = None  # when the newest piece of an answer came
    watch: Any = None  # the call that will look whether it goes on

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
        self.url = request.absoluteURI.decode("ascii")
        self.asked = hosts.host(urlsplit(self.url).hostname or "")
        self.head, self.heard = 0, None
        self.look_after(self.limits.idle)
        return super().request(request)

    def written(self) -> None:
        """Note that what was waiting has gone to the network."""
        if self.asked and self.greeted:
            self.asked.sent()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        self.asked = None
        self.heard = monotonic()
        parser: Any = self._parser
        if parser is not None and parser.state != BODY:
            self.head += len(data)
            if self.head > self.limits.head:
                self.break_off(TooLarge("the head of its answer is larger than is read"))
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def look_after(self, seconds: float) -> None:
        """See after some seconds whether an answer that has begun still goes on."""
        from twisted.internet import reactor  # noqa: PLC0415 - importing it would install another than ours

        self.stop_looking()
        self.watch = cast("Any", reactor).callLater(seconds, self.look)

    def look(self) -> None:
        self.watch = None
        silent = monotonic() - self.heard if self.heard else 0.0
        if silent >= self.limits.idle:
            self.break_off(Stalled("its answer stopped in the midst"))
        else:
            self.look_after(max(self.limits.idle - silent, 0.1))

    def stop_looking(self) -> None:
        if self.watch and self.watch.active():
            self.watch.cancel()
        self.watch = None

    def break_off(self, reason: SpiderError) -> None:
        self.limits.broken[self.url] = reason
        self.stop_looking()
        cast("Any", self.transport).abortConnection()

    def _finishResponse(self, rest: bytes) -> None:  # noqa: N802 - Twisted's name
        self.stop_looking()
        super()._finishResponse(rest)

    def connectionLost(self, reason: Any = connectionDone) -> None:  # noqa: N802 - Twisted's name
        self.stop_looking()
        super().connectionLost(reason)  # type: ignore[no-untyped-call]


class _Connections(_LenientHTTP11ClientFactory):
    def __init__(self, limits: Limits, *words: Any) -> None:
        super().__init__(*words)  # type: ignore[no-untyped-call]
        self.limits = limits

    def buildProtocol(self, _: Any) -> Connection:  # noqa: N802 - Twisted's name
        made = Connection(self._quiescentCallback)  # type: ignore[no-untyped-call]
        made.limits = self.limits
        return made


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
