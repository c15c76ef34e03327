"""A response of Scrapy's as page objects take it (web-poet's), in the charset that it is really written in."""

from scrapy.http import Response
from web_poet import HttpResponse

from persian.decoding import decode


def page_response(response: Response) -> tuple[HttpResponse, tuple[str, ...]]:
    """A page as UTF-8 whatever it declares, and the flags of `persian.decoding`; of what is no text nothing is left."""
    headers = _headers(response)
    declared = next((value for name, value in headers if name.lower() == "content-type"), None)
    read = decode(response.body, header=declared)
    page = HttpResponse(
        response.url, body=read.text.encode(), status=response.status, headers=headers, encoding="utf-8"
    )
    return page, read.flags


def xml_response(response: Response) -> HttpResponse:
    """A feed or a sitemap, byte for byte: XML states its charset itself."""
    return HttpResponse(response.url, body=response.body, status=response.status, headers=_headers(response))


def _headers(response: Response) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]
