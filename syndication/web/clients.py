"""Whose a request is: the address that is counted, where nothing that a client says of itself is believed.

Behind a proxy every peer is that proxy, so the operator names the networks of theirs (`MONADI_PROXIES`). Only what such
a peer says of where a request came from counts: the rightmost address that is none of those proxies, for all left of it
was said by the client.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, Self

from starlette.datastructures import Headers

from syndication.errors import WrongSetting

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

SUBSCRIBER: Final = 64  # bits of an IPv6 address that name a network of one client, RFC 6177 §2
FOR: Final = re.compile(r'\bfor="?(\[[^\]"]*\]|[^;,\s"]*)', re.IGNORECASE)  # of `Forwarded`, RFC 7239 §4
PORT: Final = re.compile(r"^(\d+\.\d+\.\d+\.\d+|\[.*\]):\d+$")


@dataclass(frozen=True, slots=True)
class Proxies:
    """The networks whose word is taken; none unless they are named."""

    networks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, stated: str) -> Self:
        """From addresses and networks with commas between; raises `WrongSetting`."""
        try:
            return cls(tuple(ip_network(part.strip()) for part in stated.split(",") if part.strip()))
        except ValueError as error:
            raise WrongSetting(f"MONADI_PROXIES: {error}; name networks such as 127.0.0.0/8,10.0.0.4") from None

    def client(self, peer: str, headers: Headers) -> str:
        """Who is counted: an IPv4 address, the /64 of an IPv6 address, or the peer's own name where it has none."""
        address = _address(peer)
        if address is None:
            return peer
        if self._ours(address):
            address = self._behind(address, _told(headers))
        return _counted(address)

    def holder(self, peer: str) -> str | None:
        """Whose a connection is, None for one of our own proxies: they hold those of many."""
        address = _address(peer)
        if address is None:
            return peer
        return None if self._ours(address) else _counted(address)

    def _behind(self, proxy: Address, told: Sequence[str]) -> Address:
        """The first from the right that is no proxy of ours; what is no address was told by one who hides it."""
        for each in reversed(told):
            address = _address(each)
            if address is None:
                return proxy
            if not self._ours(address):
                return address
            proxy = address
        return proxy

    def _ours(self, address: Address) -> bool:
        return any(address in network for network in self.networks)


def _told(headers: Headers) -> list[str]:
    """The addresses that proxies noted, the nearest last.

    `Forwarded` (RFC 7239) is read only where there is no `X-Forwarded-For`: proxies that write the one hand on whatever
    a client states as the other.
    """
    noted = headers.getlist("x-forwarded-for")
    if noted:
        return [part.strip() for line in noted for part in line.split(",")]
    return list(_forwarded(headers.getlist("forwarded")))


def _forwarded(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield from FOR.findall(line)


def _address(written: str) -> Address | None:
    with_port = PORT.match(written)
    bare = (with_port[1] if with_port else written).strip("[]")
    try:
        address = ip_address(bare.partition("%")[0])  # without a zone
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _counted(address: Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((address, SUBSCRIBER), strict=False))
