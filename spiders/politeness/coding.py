"""Taking off the codings of an answer (gzip, deflate, br, zstd), as far as one that means well has them."""

from typing import Self, cast

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from spiders.errors import Garbled, TooLarge

CODINGS = 3  # put over each other; there is no reason for two
SMALL = 2**20  # decoded bytes, up to which any ratio is believed: a short page of blanks is no bomb


class CodingMiddleware(HttpCompressionMiddleware):
    """Scrapy's own, which bounds what each coding may unfold to, under bounds of how many there are and how much they
    save. Raises `Garbled` or `TooLarge`.
    """

    ratio = 200

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        made: Self = super().from_crawler(crawler)
        made.ratio = crawler.settings.getint("MONADI_RATIO")
        return made

    def process_response(self, request: Request, response: Response, spider: Spider | None = None) -> Response:  # noqa: ARG002 - Scrapy's
        to_decode, _ = self._split_encodings(response.headers.getlist("Content-Encoding"))
        if len(to_decode) > CODINGS:
            raise Garbled(f"it comes in {len(to_decode)} codings over each other")
        try:
            decoded = cast("Response", super().process_response(request, response))
        except IgnoreRequest:
            raise TooLarge("its answer is larger than is read") from None
        except Exception as error:  # of four libraries
            raise Garbled(f"its coding cannot be taken off ({type(error).__name__})") from error
        if SMALL < len(decoded.body) > self.ratio * len(response.body):
            raise TooLarge(f"it unfolds to more than {self.ratio} times of what came")
        return decoded
