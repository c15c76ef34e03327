"""A response of Scrapy's as page objects take it (web-poet's), in the charset that it is really written in,
and its tree.
"""

import zlib
from typing import cast

from lxml import etree
from lxml.html import HtmlComment, HtmlElement
from scrapy.http import Response
from web_poet import HttpResponse

from persian.decoding import decode
from spiders import complexity
from spiders.errors import TooComplex

GZIP = b"\x1f\x8b\x08"
LARGEST = 50 * 1024 * 1024  # bytes of a sitemap when it is opened (sitemaps.org)


def page_response(response: Response) -> tuple[HttpResponse, tuple[str, ...]]:
    """A page as UTF-8 whatever it declares, and the flags of `persian.decoding`; of what is no text nothing is left.

    Raises `TooComplex`.
    """
    headers = _headers(response)
    declared = next((value for name, value in headers if name.lower() == "content-type"), None)
    read = decode(response.body, header=declared)
    text = read.text.encode()
    complexity.check(text)
    page = HttpResponse(response.url, body=text, status=response.status, headers=headers, encoding="utf-8")
    return page, read.flags


def xml_response(response: Response) -> HttpResponse:
    """A feed or a sitemap, byte for byte, for XML states its charset itself; one that is a file of gzip is opened."""
    return HttpResponse(response.url, body=_opened(response.body), status=response.status, headers=_headers(response))


def _opened(body: bytes) -> bytes:
    if not body.startswith(GZIP):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, LARGEST)
    except zlib.error:
        return body


def _headers(response: Response) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]


def _parser() -> etree.HTMLParser:
    """Lxml's own way to choose an element's class asks Python for each one: half of the time of a walk."""
    parser = etree.HTMLParser(encoding="utf-8")
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment))
    return parser


_PARSER = _parser()


def root_of(response: HttpResponse) -> HtmlElement:
    """The tree of a page, straight from its bytes where they are UTF-8; an empty one of what is no markup.

    Raises `TooComplex` for one that is nested deeper than `complexity.NESTING`.
    """
    body = bytes(response.body)
    if response.encoding != "utf-8" or not is_utf8(body):
        body = response.text.encode("utf-8", "replace")
    root = _parsed(body.replace(b"\x00", b"").strip())
    return cast("HtmlElement", _parsed(b"<html/>")) if root is None else root


def _parsed(body: bytes) -> HtmlElement | None:
    try:
        root = cast("HtmlElement | None", etree.fromstring(body, _PARSER))
    except etree.XMLSyntaxError:
        root = None
    last = _PARSER.error_log.last_error
    if last is not None and last.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        raise TooComplex(f"its elements are nested more than {complexity.NESTING} deep")
    return root


def is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
