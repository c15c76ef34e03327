"""What a host's certificate has to be, by the `tls` of its source."""

import ipaddress
import os
from functools import cache
from typing import NamedTuple

from OpenSSL import SSL
from OpenSSL.crypto import X509
from service_identity import VerificationError
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.protocols.tls import TLSMemoryBIOProtocol
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer


class Problem(NamedTuple):
    """What is wrong with a certificate: one of `spiders.failures.TLS`, and a line."""

    kind: str
    reason: str


EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED
UNKNOWN = "its certificate is issued by nobody that this machine trusts"
WEAK = 'too weak; tls = "old-ciphers" in its TOML lets that through'
PROBLEMS = {  # verification errors of OpenSSL (X509_V_ERR_…) that operators meet
    2: Problem("tls-issuer", "it does not send the certificate of its issuer"),
    9: Problem("tls", "its certificate is not valid yet"),
    EXPIRED: Problem("tls-expired", 'its certificate has expired; tls = "expired" in its TOML lets that through'),
    18: Problem("tls-issuer", "its certificate is signed by itself"),
    19: Problem("tls-issuer", UNKNOWN),
    20: Problem("tls-issuer", f"{UNKNOWN}, or it does not send its issuer's"),
    21: Problem("tls-issuer", f"{UNKNOWN}, or it does not send its issuer's"),
    23: Problem("tls", "its certificate has been revoked"),
    66: Problem("tls-old", f"its key is {WEAK}"),
    67: Problem("tls-old", f"its issuer's key is {WEAK}"),
    68: Problem("tls-old", f"its signature is {WEAK}"),
}
OLD = 0x4  # SSL_OP_LEGACY_SERVER_CONNECT: servers that have never heard of RFC 5746 (2010)


STORES = ("SSL_CERT_FILE", "SSL_CERT_DIR")  # where OpenSSL is told to find whom to trust


@cache
def _context(*_: str | None, old: bool) -> SSL.Context:
    """What the connections of a process have in common: whom this machine trusts is read once, not for each crawl."""
    context = SSL.Context(SSL.TLS_METHOD)
    context.set_default_verify_paths()
    context.set_min_proto_version(SSL.TLS1_VERSION if old else SSL.TLS1_2_VERSION)
    context.set_cipher_list(b"DEFAULT:@SECLEVEL=0" if old else b"DEFAULT:@SECLEVEL=2")
    if old:
        context.set_options(OLD)
    return context


@implementer(IPolicyForHTTPS)
class Trust:
    """Certificates are verified: the chain, the host's name, the dates.

    "old-ciphers" also lets TLS 1.0, ciphers and keys through that are now thought weak; "expired" forgives that a
    certificate has expired, and nothing else. `problems` says by host what was wrong with its certificate.
    """

    def __init__(self, way: str) -> None:
        self.expired = way == "expired"
        self.problems: dict[str, Problem] = {}
        self.context = _context(*map(os.environ.get, STORES), old=way == "old-ciphers")

    def creatorForNetloc(self, hostname: bytes, port: int) -> "Greeting":  # noqa: ARG002, N802 - Twisted's name
        return Greeting(self, hostname.decode("ascii"))

    def verified(self, host: str, certificate: X509, error: int, depth: int, *, ok: bool) -> bool:
        """Whether OpenSSL's finding on one certificate of the chain lets the connection through."""
        if not ok and not (error == EXPIRED and self.expired):
            unnamed = Problem("tls", f"its certificate cannot be verified (OpenSSL's error {error})")
            self.problems[host] = PROBLEMS.get(error, unnamed)
            return False
        if depth == 0:
            try:
                verify_service_identity(extract_patterns(certificate), [_identity(host)], [])
            except (VerificationError, ValueError):
                self.problems[host] = Problem("tls-host", "its certificate is of another host")
                return False
            self.problems.pop(host, None)
        return True


@implementer(IOpenSSLClientConnectionCreator)
class Greeting:
    """Opens connections to one host."""

    def __init__(self, trust: Trust, host: str) -> None:
        self.trust = trust
        self.host = host

    def clientConnectionForTLS(self, protocol: TLSMemoryBIOProtocol) -> SSL.Connection:  # noqa: ARG002, N802
        connection = SSL.Connection(self.trust.context, None)
        if isinstance(_identity(self.host), DNS_ID):  # an address is no server name (RFC 6066 §3)
            connection.set_tlsext_host_name(self.host.encode("ascii"))
        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, self.verify)
        return connection

    def verify(self, _: SSL.Connection, certificate: X509, error: int, depth: int, ok: int) -> bool:
        try:
            return self.trust.verified(self.host, certificate, error, depth, ok=bool(ok))
        except Exception as failure:  # noqa: BLE001 - OpenSSL would swallow it
            self.trust.problems[self.host] = Problem("tls", f"its certificate cannot be verified ({failure})")
            return False


def _identity(host: str) -> DNS_ID | IPAddress_ID:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return DNS_ID(host)
    return IPAddress_ID(host)
