"""What a site answered, byte for byte, on its way from the network to the archive, and back into a response."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response

from archive.warc import Exchange
from archive.warc import Headers as Pairs
from spiders.errors import NotAnArticle, TurnedAway
from spiders.politeness.coding import CodingMiddleware

CAPTURE = "capture"  # in a request's meta
ASKED = Request("http://localhost/")  # by whomever: only its method and meta are looked at, and each takes time to make
LARGEST = 10 * 2**20  # bytes of a page once it is decompressed, as in a harvest


class CaptureMiddleware:
    """Keeps with a request the last answer to it as it came; stands nearest to the network, before decompression.

    "Not modified" is no page and is not kept.
    """

    @classmethod
    def from_crawler(cls, _: Crawler) -> Self:
        return cls()

    def process_response(self, request: Request, response: Response) -> Response:
        request.meta.pop(CAPTURE, None)
        if response.status != HTTPStatus.NOT_MODIFIED:
            request.meta[CAPTURE] = exchange_of(request, response, datetime.now(UTC))
        return response


def captured(response: Response | None) -> Exchange | None:
    """The exchange that a response is of; None where it was not captured."""
    request = response.request if response else None
    found: Exchange | None = request.meta.get(CAPTURE) if request else None
    return found


def exchange_of(request: Request, response: Response, at: datetime) -> Exchange:
    """A request and its response of this instant."""
    return Exchange(
        url=response.url,
        status=response.status,
        headers=_pairs(response.headers),
        body=response.body,
        fetched_at=at,
        request_headers=_pairs(request.headers),
        method=request.method,
    )


def response_of(exchange: Exchange) -> Response:
    """The response of an exchange as a harvest sees it, decompressed; raises `NotAnArticle` where it cannot be."""
    headers = Headers()
    for name, value in exchange.headers:
        headers.appendlist(name.encode("latin-1"), value.encode("latin-1"))
    response = Response(exchange.url, status=exchange.status, headers=headers, body=exchange.body)
    try:
        decoded = _Decompression().process_response(ASKED, response)
    except TurnedAway as error:
        raise NotAnArticle(f"its compressed body cannot be read: {error}") from None
    return decoded if isinstance(decoded, Response) else response


def _pairs(headers: Headers) -> Pairs:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values
    )


class _Decompression(CodingMiddleware):
    """That of a harvest, without a crawl around it."""

    def __init__(self) -> None:
        self.stats = None
        self._max_size = LARGEST
        self._warn_size = 0
