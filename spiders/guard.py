"""Where a request may go: the source's own host, at a public address, or at one that the operator names.

`MONADI_ALLOW_HOSTS` ("127.0.0.0/8,10.1.2.3,intranet.example") is the only thing that opens an address that is not
public. Names are judged by what they resolve to at the moment of dialling, so a name cannot point inward later.
"""

from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from archive.dialling import Address, Open
from sources import Source
from spiders.errors import Forbidden, SpiderError

PORTS = {"http": 80, "https": 443}


refused_names: dict[str, str] = {}  # with the reason, which Twisted passes on for no name that it cannot resolve


class Guard(Open):
    """Judges addresses by what is open, and by `ports`, which are the only ones that are dialled; None is all."""

    def __init__(self, allowed: Iterable[str] = (), ports: Iterable[int | None] | None = None) -> None:
        self.ports = None if ports is None else frozenset(filter(None, ports))
        try:
            super().__init__(allowed)
        except ValueError as error:
            raise SpiderError(str(error)) from None

    @classmethod
    def from_setting(cls, value: str, ports: Iterable[int | None] | None = None) -> Self:
        return cls(value.split(","), ports)

    @classmethod
    def of_crawler(cls, crawler: Crawler) -> Self:
        """As the settings have it, at the ports that a source may be read at: the web's, and those that it states."""
        settings = crawler.settings
        source = getattr(crawler.spider or crawler.spidercls, "source", None)
        ports = {*settings.getlist("MONADI_PORTS"), *map(port_of, addresses_of(source))} if source else None
        return cls.from_setting(settings.get("MONADI_ALLOW_HOSTS", ""), ports)

    def check(self, url: str) -> None:
        """Raise `Forbidden` for an address that a URL spells out and that may not be dialled."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            raise Forbidden(f"{url}: only http and https are fetched")
        if self.ports is not None and port_of(url) not in self.ports:
            raise Forbidden(f"{url}: its port is none of the web's, and its source's TOML does not state it")
        address = _literal(parts.hostname or "")
        if address is not None and not self.allows(address):
            raise Forbidden(f"{address} is not a public address; name it in MONADI_ALLOW_HOSTS if it is yours")

    def check_resolved(self, name: str, address: str) -> None:
        """Raise `Forbidden` when a name leads to an address that may not be dialled."""
        if name.lower() not in self.names and not self.allows(ip_address(address)):
            raise Forbidden(
                f"{name} leads to {address}, which is not public; name it in MONADI_ALLOW_HOSTS if it is yours"
            )


def port_of(url: str) -> int | None:
    """The port that an address is dialled at; None for what is no address."""
    try:
        parts = urlsplit(url)
        return parts.port if parts.port is not None else PORTS.get(parts.scheme)
    except ValueError:
        return None


def addresses_of(source: Source) -> list[str]:
    """The addresses that a source's TOML states."""
    return [url for url in (source.url, source.listing, source.feed, source.sitemap) if url]


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


class GuardMiddleware:
    """Refuses requests, redirected ones too, whose URL spells out an address that may not be dialled."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Guard.of_crawler(crawler))

    def process_request(self, request: Request) -> None:
        self.guard.check(request.url)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raise `Forbidden` where a name cannot be resolved because the resolver refuses where it leads."""
        reason = refused_names.get(urlsplit(request.url).hostname or "")
        if reason and isinstance(exception, CannotResolveHostError):
            raise Forbidden(reason) from exception


class GuardedResolver(CachingThreadedResolver):
    """Resolves names and lets only those through that lead where a request may go."""

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float, guard: Guard) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.guard = guard

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        settings = crawler.settings
        cache_size = settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0
        guard = Guard.from_setting(settings.get("MONADI_ALLOW_HOSTS", ""))
        return cls(reactor, cache_size, settings.getfloat("DNS_TIMEOUT"), guard)

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 - Twisted's name
        def judged(address: Any) -> Any:
            try:
                self.guard.check_resolved(name, address)
            except Forbidden as error:
                refused_names[name.lower()] = str(error)
                raise DNSLookupError(str(error)) from None
            refused_names.pop(name.lower(), None)
            return address

        return super().getHostByName(name, timeout).addCallback(judged)
