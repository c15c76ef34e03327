"""What a host's robots.txt asks (RFC 9309), learned before anything else is fetched and kept for a day.

A file that is not there asks nothing. One that cannot be had, because the host answers 429 or 5xx or not at all, means
that nothing is read until it answers, which Scrapy's own middleware takes for leave.
"""

import asyncio
import json
import logging
import os
import re
import tempfile
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urljoin, urlsplit

from protego import Protego
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured, StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from spiders.errors import Disallowed, Offsite, RobotsUnreachable, SpiderError
from spiders.failures import classify
from spiders.politeness import hosts
from spiders.politeness.hosts import on_this_machine
from spiders.politeness.pace import SLOWEST

logger = logging.getLogger(__name__)

TOKEN = "Monadi"  # noqa: S105 - the product token of RFC 9309 §2.2.1
MOST = 500 * 1024  # bytes that are read (§2.5)
REDIRECTS = 5  # that are followed (§2.3.1.2)
DAY = 86_400  # seconds for which an answer holds (§2.4)

AGENT = re.compile(r"user[-\s]?agent\s*[:\s]\s*(.*)", re.IGNORECASE)
INDEX = re.compile(r"(allow\s*[:\s]\s*\S*/index\.html)\s*", re.IGNORECASE)
LINES = re.compile(r"\r\n|\r|\n")
OTHER_LINES = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")  # that str.splitlines would split at as well
OCTETS = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")


class Rules:
    """The rules for us in a robots.txt: those of every group that names us, or else those for all."""

    def __init__(self, text: str) -> None:
        self.parser = Protego.parse(normal_text(text))
        delay = self.parser.crawl_delay(TOKEN)
        self.crawl_delay: float | None = delay  # seconds
        self.sitemaps = tuple(dict.fromkeys(self.parser.sitemaps))  # addresses, of every group

    def allows(self, url: str) -> bool:
        """Whether the longest rule that matches says so; of two as long, the one that allows (§2.2.2)."""
        return bool(self.parser.can_fetch(normal_octets(url), TOKEN))


def text_of(body: bytes) -> str:
    """The text of a robots.txt, which is UTF-8; what is not becomes percent-encoded octets. At most 500 KiB are read.

    The line in the midst of which the reading ends is left out: half of "Disallow: /archive" may be "Disallow: /".
    """
    if len(body) > MOST:
        body = body[:MOST]
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1]
    text = body.removeprefix(b"\xef\xbb\xbf").decode(errors="surrogateescape")
    return re.sub("[\udc80-\udcff]", lambda stray: f"%{ord(stray[0]) - 0xDC00:02X}", text)


def normal_text(text: str) -> str:
    """The text in the form that Protego reads as the RFC does.

    Protego would find us in any name that ours begins with ("Mona"), and not in "Monadi/1.0"; it would take leave for
    "/" from leave for "/index.html"; and it splits lines at more characters than ends them.
    """
    lines = []
    for line in LINES.split(OTHER_LINES.sub(lambda end: quote(end[0]), text)):
        rule = line.partition("#")[0].strip()
        if agent := AGENT.fullmatch(rule):
            rule = f"User-agent: {_token(agent[1])}"
        elif index := INDEX.fullmatch(rule):
            rule = f"{index[1]}*"
        lines.append(normal_octets(rule))
    return "\n".join(lines)


def _token(name: str) -> str:
    if name.startswith("*"):
        return "*"
    token = re.match(r"[A-Za-z_-]*", name)
    return TOKEN if token and token[0].lower() == TOKEN.lower() else "others"


def normal_octets(text: str) -> str:
    """Text or URL whose encoded octets Protego compares as the RFC does.

    Those that are no UTF-8 it would take for equal, and a "/" in a query for another than its code (figure 3).
    """
    if "%" not in text:
        return text
    path, mark, query = OCTETS.sub(_kept, text).partition("?")
    return path + mark + query.replace("%2F", "/").replace("%2f", "/")


def _kept(octets: re.Match[str]) -> str:
    try:
        bytes.fromhex(octets[0].replace("%", "")).decode()
    except UnicodeDecodeError:
        return octets[0].upper().replace("%", "%25")
    return octets[0]


class Shelf:
    """Keeps robots.txt files for a day, one file an origin, for the runs and processes that share a directory.

    A file appears whole or not at all, so readers and writers need no lock; of two writers the later wins. What cannot
    be kept is asked for again.
    """

    def __init__(self, directory: Path, *, keeps: bool = True, clock: Callable[[], float] = time.time) -> None:
        self.directory = directory
        self.keeps = keeps
        self.clock = clock

    def read(self, origin: str) -> tuple[str, float] | None:
        """The text kept for an origin and the seconds for which it still holds."""
        try:
            kept = json.loads(self._file(origin).read_text("utf-8"))
            left = kept["at"] + DAY - self.clock()
            text = kept["text"] if kept["origin"] == origin else None
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return (text, left) if isinstance(text, str) and 0 < left <= DAY else None

    def write(self, origin: str, text: str) -> None:
        if not self.keeps:
            return
        kept = json.dumps({"origin": origin, "at": self.clock(), "text": text}, ensure_ascii=False)
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            number, name = tempfile.mkstemp(dir=self.directory, suffix=".new")
            try:
                with os.fdopen(number, "w", encoding="utf-8") as file:
                    file.write(kept)
                Path(name).replace(self._file(origin))
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            logger.warning("%s: robots.txt of %s cannot be kept: %s", self.directory, origin, error)

    def _file(self, origin: str) -> Path:
        return self.directory / f"{quote(origin, safe='')[:200]}.json"


class RobotsMiddleware:
    """Lets a request through only where the robots.txt of its origin does, and keeps the Crawl-delay.

    Raises `Disallowed` or `RobotsUnreachable`; what keeps us from robots.txt itself (the guard, a wall, a host that is
    too busy) is passed on as it is. A robots.txt that cannot be had is not asked for twice in one run.
    """

    def __init__(self, shelf: Shelf, fetch: Callable[[Request], Any], *, delay: float = 0.0) -> None:
        self.shelf = shelf
        self.fetch = fetch
        self.delay = delay
        self.known: dict[str, tuple[Rules | SpiderError, float]] = {}  # with the moment until when it holds
        self.asking: dict[str, asyncio.Lock] = {}
        self.remark: Callable[[str], None] = logger.info

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        if not settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        shelf = Shelf(Path(settings["MONADI_DATA"]) / "robots", keeps=not settings.getbool("MONADI_DRY_RUN"))

        async def fetch(request: Request) -> Response:
            return await crawler.engine.download_async(request)

        middleware = cls(shelf, fetch, delay=settings.getfloat("MONADI_DELAY"))
        middleware.remark = getattr(crawler.spider, "remark", logger.info)
        crawler.signals.connect(enough, signal=signals.bytes_received)
        return middleware

    async def process_request(self, request: Request) -> None:
        if "robots" in request.meta:
            return
        found = await self.rules(origin_of(request.url))
        if isinstance(found, SpiderError):
            raise found
        if not found.allows(request.url):
            raise Disallowed("robots.txt asks not to")

    @property
    def heard(self) -> list[Rules]:
        """What the origins that were asked so far say to us."""
        return [rules for rules, _ in self.known.values() if isinstance(rules, Rules)]

    async def rules(self, origin: str) -> Rules | SpiderError:
        """What the robots.txt of an origin asks, or why that cannot be learned; each is asked for once at a time."""
        known = self.known.get(origin)
        if known and known[1] > time.time():
            return known[0]
        async with self.asking.setdefault(origin, asyncio.Lock()):
            known = self.known.get(origin)
            if not known or known[1] <= time.time():
                known = self.known[origin] = await self.learn(origin)
        return known[0]

    async def learn(self, origin: str) -> tuple[Rules | SpiderError, float]:
        kept = self.shelf.read(origin)
        if kept is None:
            try:
                text = await self.ask(origin)
            except SpiderError as error:
                return error, float("inf")  # for this run
            self.shelf.write(origin, text)
            kept = text, DAY
        rules = Rules(kept[0])
        self.slow_down(origin, rules.crawl_delay)
        return rules, time.time() + kept[1]

    async def ask(self, origin: str) -> str:
        """The text of an origin's robots.txt, "" where there is none."""
        url = f"{origin}/robots.txt"
        for _ in range(REDIRECTS + 1):
            response = await self.answer(url)
            location = response.headers.get("Location")
            if not (HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST and location):
                return _text_in(response)
            url = urljoin(url, location.decode("latin-1"))
        return ""  # §2.3.1.2: after five redirects it may be taken for unavailable

    async def answer(self, url: str) -> Response:
        meta = {"robots": True, "dont_redirect": True, "handle_httpstatus_all": True, "download_maxsize": 0}
        headers = {"Accept-Encoding": "identity"}  # so that it can be cut
        request = Request(url, NO_CALLBACK, headers=headers, meta=meta, priority=1000)
        try:
            response: Response = await self.fetch(request)
        except Exception as error:
            if isinstance(error, SpiderError) and not isinstance(error, Offsite):
                raise
            raise _unreachable(classify(error)[1]) from error
        return response

    def slow_down(self, origin: str, asked: float | None) -> None:
        """Keep a Crawl-delay, up to the slowest pace; a host of the operator's own, read without delay, has none."""
        name = urlparse_cached(Request(origin)).hostname or ""
        if asked is None or (self.delay == 0 and on_this_machine(name)):
            return
        if asked > SLOWEST:
            self.remark(f"robots.txt asks for {asked:g} s between requests; {SLOWEST:g} s are kept")
        hosts.host(name).pace.raise_to(min(asked, SLOWEST))


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def enough(data: bytes, request: Request, spider: Any) -> None:  # noqa: ARG001 - what Scrapy's signal brings
    """End the download of a robots.txt that is longer than is read (a handler of `bytes_received`)."""
    if "robots" in request.meta:
        read = request.meta["robots_read"] = request.meta.get("robots_read", 0) + len(data)
        if read > MOST:
            raise StopDownload(fail=False)


def _text_in(response: Response) -> str:
    status = response.status
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise _unreachable(f"it answered {status}")
    return text_of(response.body) if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES else ""


def _unreachable(reason: str) -> RobotsUnreachable:
    return RobotsUnreachable(f"robots.txt cannot be had ({reason}), and nothing is read until it can")
