"""Where a request may go: the source's own host, at a public address, or at one that the operator names.

`MONADI_ALLOW_HOSTS` ("127.0.0.0/8,10.1.2.3,intranet.example") is the only thing that opens an address that is not
public. Names are judged by what they resolve to at the moment of dialling, so a name cannot point inward later.
"""

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from spiders.errors import Forbidden, SpiderError

Address = IPv4Address | IPv6Address

NAME = re.compile(r"(?:[\w-]+\.)*(?![\d-]+$)[\w-]+")
V4 = 4
UNICAST = IPv6Network("2000::/3")  # all of IPv6 that is routed (IANA); ip_address calls more of it global


refused_names: dict[str, str] = {}  # with the reason, which Twisted passes on for no name that it cannot resolve


class Guard:
    """Judges addresses by `allowed`: networks, addresses and host names that are open though they are not public."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self.networks: list[IPv4Network | IPv6Network] = []
        self.names: set[str] = set()
        for entry in filter(None, (entry.strip().lower() for entry in allowed)):
            try:
                self.networks.append(ip_network(entry, strict=False))
            except ValueError:
                if not NAME.fullmatch(entry):
                    raise SpiderError(
                        f"MONADI_ALLOW_HOSTS: {entry!r} is no host name, address or network, such as 127.0.0.0/8"
                    ) from None
                self.names.add(entry)

    @classmethod
    def from_setting(cls, value: str) -> Self:
        return cls(value.split(","))

    def allows(self, address: Address) -> bool:
        """Whether an address may be dialled; an IPv6 address that holds an IPv4 one is judged by that."""
        inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
        address = inner or address
        public = address.is_global and not address.is_multicast and (address.version == V4 or address in UNICAST)
        return public or any(address in network for network in self.networks)

    def check(self, url: str) -> None:
        """Raise `Forbidden` for an address that a URL spells out and that may not be dialled."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            raise Forbidden(f"{url}: only http and https are fetched")
        address = _literal(parts.hostname or "")
        if address is not None and not self.allows(address):
            raise Forbidden(f"{address} is not a public address; name it in MONADI_ALLOW_HOSTS if it is yours")

    def check_resolved(self, name: str, address: str) -> None:
        """Raise `Forbidden` when a name leads to an address that may not be dialled."""
        if name.lower() not in self.names and not self.allows(ip_address(address)):
            raise Forbidden(
                f"{name} leads to {address}, which is not public; name it in MONADI_ALLOW_HOSTS if it is yours"
            )


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
        return cls(Guard.from_setting(crawler.settings.get("MONADI_ALLOW_HOSTS", "")))

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
