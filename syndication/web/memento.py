"""Memento (RFC 7089): how programs ask for the past of an office's page.

The original resource is the page at its office; the mementos are the permalinks of its revisions here, each of the
instant at which the page was first read so. The pattern is 2.1 (§4.2.1): a remote TimeGate, `/timegate/{url}`, which
redirects (302) to mementos with addresses of their own. `/timemap/link/{url}` (§5) lists them in the link format of
RFC 6690, `/timemap/json/{url}` as JSON in the shape that other archives use.

Which page an address means is told as the archive tells it when it harvests, so its scheme, `www`, slug and tracking
do not matter, nor that the page has moved since. A TimeGate leads to nothing but permalinks of this Monadi.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from archive import Archive, ArchivedArticle
from archive.article import stamp
from archive.mementos import Memento, mementos
from syndication import permalinks
from syndication.addresses import address
from syndication.web import room
from syndication.web.responses import kept

LINK_FORMAT: Final = "application/link-format"
SCHEMES: Final = ("http:", "https:")
UNKNOWN: Final = "This archive holds no reading of {}"
MALFORMED: Final = "Accept-Datetime: {!r} is no date of RFC 1123, such as 'Mon, 06 Dec 2021 05:49:00 GMT'"


@dataclass(frozen=True, kw_only=True, slots=True)
class Original:
    """A page at its office, by its address in ASCII, and where this Monadi at `base_url` tells of its past."""

    url: str
    base_url: str

    @property
    def timegate(self) -> str:
        return f"{self.base_url}/timegate/{self.url}"

    def timemap(self, form: str = "link") -> str:
        return f"{self.base_url}/timemap/{form}/{self.url}"

    def links(self, read: Sequence[Memento] = ()) -> list[str]:
        """The links of §2.2 that every answer about the page has; the TimeMap's span where its mementos are known."""
        span = f'; from="{_gmt(read[0].seen_at)}"; until="{_gmt(read[-1].seen_at)}"' if read else ""
        return [
            f'<{self.url}>; rel="original"',
            f'<{self.timegate}>; rel="timegate"',
            f'<{self.timemap()}>; rel="timemap"; type="{LINK_FORMAT}"{span}',
        ]


def add_links(response: Response, item: ArchivedArticle, base_url: str) -> None:
    """Have the page of a release say where the past of its original is told."""
    url = address(item.article.url)
    if url:
        response.headers["Link"] = ", ".join(Original(url=url, base_url=base_url).links())


def add_memento(response: Response, item: ArchivedArticle, read: Sequence[Memento], base_url: str) -> None:
    """Make the answer to a permalink a memento (§2.1.1, §2.2): `read` are all readings of the release, oldest first."""
    url = address(item.article.url)
    if not url:
        return
    place = next(place for place, each in enumerate(read) if each.number == item.revision)
    links = [*Original(url=url, base_url=base_url).links(read), *_around(read, place, base_url)]
    response.headers["Link"] = ", ".join(links)
    response.headers["Memento-Datetime"] = _gmt(item.revised_at)


@dataclass(frozen=True, slots=True)
class TimeTravel:
    """Endpoints; each is synchronous, so Starlette runs it in a thread."""

    archive: Archive
    base_url: str

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/timegate/{url:path}", self.timegate),
            Route("/timemap/link/{url:path}", self.timemap),
            Route("/timemap/json/{url:path}", self.timemap_json),
        ]

    def timegate(self, request: Request) -> Response:
        """302 to the reading that was the newest at an instant, to the first for an earlier one (§4.5.3)."""
        original, read = self._found(request)
        if original is None or not read:
            return _refusal(HTTPStatus.NOT_FOUND, UNKNOWN.format(_asked(request)), [], vary=True)
        stated = request.headers.get("accept-datetime")
        at = None if stated is None else _instant(stated)
        if stated is not None and at is None:
            links = original.links(read)
            return _refusal(HTTPStatus.BAD_REQUEST, MALFORMED.format(stated[:50]), links, vary=True)
        seconds = [each.seen_at.replace(microsecond=0) for each in read]
        place = max(0, bisect_right(seconds, at) - 1) if at else len(read) - 1
        headers = {
            "Location": _permalink(read[place], self.base_url),
            "Vary": "Accept-Datetime",
            "Link": ", ".join([*original.links(read), *_around(read, place, self.base_url)]),
            "Cache-Control": "no-cache",
        }
        return Response(status_code=HTTPStatus.FOUND, headers=headers)

    def timemap(self, request: Request) -> Response:
        original, read = self._found(request)
        if original is None or not read:
            return _refusal(HTTPStatus.NOT_FOUND, UNKNOWN.format(_asked(request)), [])
        first, last = _gmt(read[0].seen_at), _gmt(read[-1].seen_at)
        lines = [
            f'<{original.url}>; rel="original"',
            f'<{original.timemap()}>; rel="self"; type="{LINK_FORMAT}"; from="{first}"; until="{last}"',
            f'<{original.timegate}>; rel="timegate"',
            *(_link(each, _ends(read, place), self.base_url) for place, each in enumerate(read)),
        ]
        return kept(request.headers, ",\n".join(lines).encode(), LINK_FORMAT, seconds=0)

    def timemap_json(self, request: Request) -> Response:
        original, read = self._found(request)
        if original is None or not read:
            return _refusal(HTTPStatus.NOT_FOUND, UNKNOWN.format(_asked(request)), [])
        listed = [{"datetime": stamp(each.seen_at), "uri": _permalink(each, self.base_url)} for each in read]
        told: dict[str, Any] = {
            "original_uri": original.url,
            "self": original.timemap("json"),
            "timegate_uri": original.timegate,
            "timemap_uri": {"link_format": original.timemap(), "json_format": original.timemap("json")},
            "mementos": {"first": listed[0], "last": listed[-1], "list": listed},
        }
        return kept(request.headers, orjson.dumps(told), "application/json", seconds=0)

    def _found(self, request: Request) -> tuple[Original | None, list[Memento]]:
        asked = _asked(request)
        url = address(asked)
        if url is None:
            return None, []
        with self.archive.reading(room.SECONDS) as connection:
            return Original(url=url, base_url=self.base_url), mementos(connection, asked)


def _asked(request: Request) -> str:
    """The address that the path holds, its query with it; proxies make one slash of two."""
    url, query = request.path_params["url"], request.scope["query_string"].decode("latin-1")
    scheme, colon, rest = url.partition("/")
    url = f"{scheme}//{rest.lstrip('/')}" if scheme.lower() in SCHEMES and colon else f"http://{url}"
    return f"{url}?{query}" if query else str(url)


def _instant(stated: str) -> datetime | None:
    """An rfc1123-date (§2.1.1.1), whose weekday and letters must be right; None for anything else."""
    try:
        at = parsedate_to_datetime(stated)
        return at.astimezone(UTC) if at.tzinfo and _gmt(at) == stated.strip() else None
    except (ValueError, OverflowError):
        return None


def _around(read: Sequence[Memento], place: int, base_url: str) -> Iterator[str]:
    """The first, the one before, itself, the one after and the last, each told once."""
    names: dict[int, list[str]] = {}
    for name, at in (("first", 0), ("prev", place - 1), ("", place), ("next", place + 1), ("last", len(read) - 1)):
        if 0 <= at < len(read):
            names.setdefault(at, []).append(name)
    for at, told in sorted(names.items()):
        yield _link(read[at], [name for name in told if name], base_url)


def _ends(read: Sequence[Memento], place: int) -> list[str]:
    return [name for name, at in (("first", 0), ("last", len(read) - 1)) if at == place]


def _link(memento: Memento, names: Sequence[str], base_url: str) -> str:
    relation = " ".join([*names, "memento"])
    return f'<{_permalink(memento, base_url)}>; rel="{relation}"; datetime="{_gmt(memento.seen_at)}"'


def _permalink(memento: Memento, base_url: str) -> str:
    return base_url + permalinks.of_revision(memento.id, memento.number)


def _gmt(moment: datetime) -> str:
    """As headers state it: "Mon, 06 Dec 2021 05:49:00 GMT"."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def _refusal(status: HTTPStatus, line: str, links: Sequence[str], *, vary: bool = False) -> Response:
    headers = {"Cache-Control": "no-store"}
    if vary:
        headers["Vary"] = "Accept-Datetime"
    if links:
        headers["Link"] = ", ".join(links)
    return PlainTextResponse(f"{line}\n".encode(errors="replace"), status, headers)
