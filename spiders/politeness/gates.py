"""What an answer asks before it shows a page: a cookie is sent back, a wall is called what it is.

Scrapy's cookie jar stays off. No script is ever run, and no login ever tried.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares import offsite, redirect
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from w3lib.url import canonicalize_url

from spiders.errors import Offsite, Wall
from spiders.politeness import walls

COOKIES = 4_096  # bytes that are sent back: servers refuse a request for a longer head, and would shut us out by it
ROUNDS = 3  # of a gate that sends a request to where it came from


class OffsiteMiddleware(offsite.OffsiteMiddleware):
    """Refuses every request that leaves the source's host.

    Scrapy's own lets one with `dont_filter` pass, which every retried request has, and the redirects that follow it.
    """

    def process_request(self, request: Request, spider: Spider | None = None) -> None:  # noqa: ARG002 - Scrapy's
        if self.crawler.spider and not self.should_follow(request, self.crawler.spider):
            raise IgnoreRequest(f"Filtered offsite request to {urlparse_cached(request).hostname!r}")


class RedirectMiddleware(redirect.RedirectMiddleware):
    """Follows redirects as Scrapy does, and tells no host where it came from.

    Scrapy's own asks for what would make a Referer, and warns in every log that there is none.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        made = cls(crawler.settings)
        made.crawler = crawler
        return made


class GateMiddleware:
    """Passes the gates that send a request in a circle to see whether it keeps a cookie; stands before redirects.

    The cookies of such a circle go back to the origin that set them, for the length of the run. A circle that sets
    none, or goes on, is the wall "cookie-gate"; a redirect to a login page is the wall "login" and is not followed, nor
    is one that leaves `domains`.
    """

    def __init__(self, domains: Sequence[str] = ()) -> None:
        self.domains = tuple(domains)
        self.cookies: dict[str, dict[str, str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(getattr(crawler.spider, "allowed_domains", None) or ())

    def process_request(self, request: Request) -> None:
        cookies = self.cookies.get(_origin(request))
        if cookies:
            request.headers["Cookie"] = _newest(cookies)
        else:
            request.headers.pop("Cookie", None)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        location = response.headers.get("Location")
        if not (HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST and location):
            return response
        try:
            target = urljoin(request.url, location.decode("latin-1").strip())
            host = urlsplit(target).hostname or ""
        except ValueError:
            raise Offsite("it leads to no address") from None
        if self.domains and not any(host == domain or host.endswith(f".{domain}") for domain in self.domains):
            raise Offsite(f"it leads to another host, {host}")  # Scrapy would drop it without a word
        if walls.leads_to_login(target) and not walls.leads_to_login(request.url):
            raise Wall(f"it asks for a login ({target})", "login")
        origin = _origin(request)
        given = {**request.meta.pop("gate_cookies", {}), **_cookies(response)}
        if not target.lower().startswith(f"{origin}/"):
            return response
        request.meta["gate_cookies"] = given  # which a redirect takes along
        if not _is_circle(request, target):
            return response
        passed = self.cookies.setdefault(origin, {})
        rounds = request.meta.get("gate_rounds", 0) + 1
        if given.items() <= passed.items() or rounds > ROUNDS:
            raise Wall("it sends every request back to where it came from, whatever cookie it gets", "cookie-gate")
        passed.update(given)
        again = request.replace(url=target, dont_filter=True)
        again.meta["gate_rounds"] = rounds
        return again


class WallMiddleware:
    """Raises `Wall` for an answer that is no page: a challenge, a CAPTCHA, a login. Stands after decompression."""

    @classmethod
    def from_crawler(cls, _: Crawler) -> Self:
        return cls()

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        stated = ((name, response.headers.get(name)) for name in walls.HEADERS)
        headers = {name: value.decode("latin-1") for name, value in stated if value}
        found = walls.wall(response.status, headers, response.body)
        if found:
            raise Wall(found.reason, found.kind)
        return response


def _origin(request: Request) -> str:
    parts = urlparse_cached(request)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _is_circle(request: Request, target: str) -> bool:
    been = (request.url, *request.meta.get("redirect_urls", ()))
    try:
        return canonicalize_url(target) in {canonicalize_url(url) for url in been}
    except ValueError:
        return False


def _newest(cookies: Mapping[str, str]) -> str:
    """As many cookies as a request has room for, those that were set last."""
    sent: list[str] = []
    room = COOKIES
    for name, value in reversed(list(cookies.items())):
        pair = f"{name}={value}"
        room -= len(pair) + 2
        if room < 0:
            break
        sent.insert(0, pair)
    return "; ".join(sent)


def _cookies(response: Response) -> dict[str, str]:
    """The cookies that an answer sets for its own host, and does not take back at once."""
    cookies = {}
    for line in response.headers.getlist("Set-Cookie"):
        pair, *attributes = (part.strip() for part in line.decode("latin-1").split(";"))
        name, separator, value = pair.partition("=")
        stated = {key.strip().lower(): rest.strip() for key, _, rest in (each.partition("=") for each in attributes)}
        host = urlparse_cached(response).hostname or ""
        domain = stated.get("domain", "").lstrip(".").lower()
        here = not domain or host == domain or host.endswith(f".{domain}")
        if (
            separator
            and name
            and here
            and pair.isprintable()
            and len(pair) < COOKIES // 2
            and not stated.get("max-age", "1").startswith(("0", "-"))
        ):
            cookies[name] = value
    return cookies
