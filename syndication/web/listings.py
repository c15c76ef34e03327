"""What leads programs to feeds and pages: OPML, the directory as JSON, sitemaps, robots.txt."""

from collections.abc import Callable
from html import escape
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from archive import Archive
from sources import Catalogue
from syndication import directory, opml, sitemaps
from syndication.web.responses import kept

FRESH: Final = 3600  # seconds
XML: Final = "application/xml; charset=utf-8"
OPML: Final = f"{opml.MEDIA_TYPE}; charset=utf-8"


class Listings:
    """Endpoints; each is synchronous, so Starlette runs it in a thread."""

    def __init__(self, archive: Archive, catalogue: Catalogue, base_url: str) -> None:
        self._archive = archive
        self._catalogue = catalogue
        self._base_url = base_url

    @property
    def routes(self) -> list[Route]:
        made: dict[str, tuple[Callable[[], bytes], str]] = {
            "/feeds.opml": (lambda: opml.tree(self._catalogue, self._base_url), OPML),
            "/feeds-flat.opml": (lambda: opml.flat(self._catalogue, self._base_url), OPML),
            "/feeds.json": (lambda: directory.as_json(self._catalogue, self._base_url), "application/json"),
            "/sitemap.xml": (lambda: sitemaps.index(self._archive, self._base_url), XML),
            "/news-sitemap.xml": (lambda: sitemaps.news(self._archive, self._base_url), XML),
            "/opensearch.xml": (self._description, "application/opensearchdescription+xml"),
            "/robots.txt": (self._robots, "text/plain; charset=utf-8"),
        }
        return [
            *(Route(path, _endpoint(make, media_type)) for path, (make, media_type) in made.items()),
            Route("/sitemap/{name}.xml", self.month),
        ]

    def month(self, request: Request) -> Response:
        body = sitemaps.month(self._archive, request.path_params["name"], self._base_url)
        return kept(request.headers, body, XML, seconds=FRESH)

    def _description(self) -> bytes:
        """What lets a browser search here from its address bar (OpenSearch 1.1)."""
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">'
            "<ShortName>منادی</ShortName><Description>خبرهای اداره\u200cهای استان\u200cهای ایران</Description>"
            "<InputEncoding>UTF-8</InputEncoding>"
            f'<Url type="text/html" template="{escape(self._base_url)}/search?q={{searchTerms}}"/>'
            "</OpenSearchDescription>\n"
        ).encode()

    def _robots(self) -> bytes:
        """Everything may be read; what search pages answer need not be."""
        maps = "".join(f"Sitemap: {self._base_url}/{name}\n" for name in ("sitemap.xml", "news-sitemap.xml"))
        return f"User-agent: *\nDisallow: /api/\n\n{maps}".encode()


def _endpoint(make: Callable[[], bytes], media_type: str) -> Callable[[Request], Response]:
    return lambda request: kept(request.headers, make(), media_type, seconds=FRESH)
