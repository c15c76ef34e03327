"""Which addresses may be dialled, judged at the moment when they are: what crawls, pings and alerts have in common.

`MONADI_ALLOW_HOSTS` ("127.0.0.0/8,10.1.2.3,intranet.example") is the only thing that opens an address that is not
public to crawls. What is told of news (a hub, the destinations of alerts) is named by the operator, so its own host is
dialled wherever it is; where it sends us on to is not.
"""

import re
import socket
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final
from urllib.parse import urlsplit

from archive.configuration import read_configuration

Address = IPv4Address | IPv6Address

NAME: Final = re.compile(r"(?:[\w-]+\.)*(?![\d-]+$)[\w-]+")
V4: Final = 4
UNICAST: Final = IPv6Network("2000::/3")  # all of IPv6 that is routed (IANA); ip_address calls more of it global
METADATA: Final = frozenset(map(ip_address, ("168.63.129.16", "192.0.0.192")))  # of two clouds; they look public
RELAY: Final = IPv4Network("192.88.99.0/24")  # of 6to4, and given up (RFC 7526)


class Refused(OSError):
    """An address that may not be dialled."""


class Open:
    """The addresses that are open: all public ones, and the `allowed` networks, addresses and host names.

    Raises `ValueError` for an entry that is nothing of the kind.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self.networks: list[IPv4Network | IPv6Network] = []
        self.names: set[str] = set()
        for entry in filter(None, (entry.strip().lower() for entry in allowed)):
            try:
                self.networks.append(ip_network(entry, strict=False))
            except ValueError:
                if not NAME.fullmatch(entry):
                    raise ValueError(
                        f"MONADI_ALLOW_HOSTS: {entry!r} is no host name, address or network, such as 127.0.0.0/8"
                    ) from None
                self.names.add(entry)

    def allows(self, address: Address) -> bool:
        """Whether an address may be dialled; an IPv6 address that holds an IPv4 one is judged by that."""
        inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
        address = inner or address
        return _is_public(address) or any(address in network for network in self.networks)


def _is_public(address: Address) -> bool:
    if not address.is_global or address.is_multicast or address in METADATA:
        return False
    return address not in RELAY if address.version == V4 else address in UNICAST


@dataclass(slots=True)
class _Guarding:
    """What a block may dial: what is open, and the host that was named. `looked_up` is the name asked for last."""

    open: Open
    named: str
    looked_up: str = ""


_guarding: Final[ContextVar[_Guarding | None]] = ContextVar("guarding", default=None)


@contextmanager
def guarded(named: str) -> Iterator[None]:
    """Within the block what runs in its context dials the host of an address that the operator names, and else what is
    open. The context is that of `contextvars`: apprise hands it on to the threads that it sends by.

    Whatever library does it: it is Python that asks before it looks a name up and before it connects (PEP 578). What
    a library does in C of its own would go unseen; none that Monadi sends by does.
    """
    _watch()
    open_ = Open(read_configuration().allow_hosts.split(","))
    token = _guarding.set(_Guarding(open=open_, named=(urlsplit(named).hostname or "").lower()))
    try:
        yield
    finally:
        _guarding.reset(token)


@cache
def _watch() -> None:
    sys.addaudithook(_audit)


def _audit(event: str, words: tuple[Any, ...]) -> None:
    if not event.startswith("socket.") or (guarding := _guarding.get()) is None:
        return
    if event == "socket.getaddrinfo":
        host = words[0]
        guarding.looked_up = (host.decode("ascii", "replace") if isinstance(host, bytes) else host or "").lower()
    elif event in ("socket.connect", "socket.sendto") and words[0].family in (socket.AF_INET, socket.AF_INET6):
        _judge(guarding, str(words[1][0]))


def _judge(guarding: _Guarding, spelled: str) -> None:
    names = {guarding.named, *guarding.open.names} - {""}
    if guarding.looked_up in names or spelled in names:
        return
    try:
        address = ip_address(spelled)
    except ValueError:
        raise Refused(f"{spelled} is no address; a name is looked up before it is dialled") from None
    if not guarding.open.allows(address):
        raise Refused(f"{address} is not a public address; name it in MONADI_ALLOW_HOSTS if it is yours")
