"""Addresses as `urllib.parse` joins and unquotes them, quickly where they need no second look."""

import re
from urllib.parse import urljoin, urlsplit

from persian.text import without_forbidden

_PLAIN = re.compile(r"(?P<origin>https?://[a-z0-9.-]+(?::[0-9]+)?)?/(?!/)[^\s;?#]*(?:\?[^\s#]+)?")
_BREAKS = re.compile(r"[\t\r\n]")
_QUOTED = re.compile(r"(?:%[0-9a-f]{2})+", re.IGNORECASE)


def joined(base: str, link: str) -> str:
    """The address of a link on a page; raises ValueError for what is none. Signs that no XML may hold go, and breaks of
    lines, which browsers pass over.
    """
    link = _BREAKS.sub("", without_forbidden(link))
    found = _PLAIN.fullmatch(link)
    if found and found["origin"] and base:
        return link
    if found and "/." not in link and (origin := _origin(base)):
        return origin + link
    return urljoin(base, link)


def _origin(base: str) -> str | None:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else None


def unquoted(text: str) -> str:
    """A part of an address in the characters that it means; what is no UTF-8 becomes U+FFFD.

    The words of a slug are unquoted in one go, for which the hyphens between them are quoted too.
    """
    return _QUOTED.sub(
        lambda found: bytes.fromhex(found[0].replace("%", "")).decode(errors="replace"), text.replace("-", "%2d")
    )
