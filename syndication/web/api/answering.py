"""What the endpoints share: how the archive is read for them, and how an answer is sent."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from archive import Archive, Query
from archive.database import json_text
from sources import Catalogue
from syndication.web.api.problems import Unacceptable
from syndication.web.responses import Representation

JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"
SECONDS: Final = 5.0  # that the database may take for an answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """Where endpoints work: the archive, the catalogue, and `here`, the address of the API."""

    archive: Archive
    catalogue: Catalogue
    here: str

    def reading(self, query: Query | None = None) -> AbstractContextManager[sa.Connection]:
        """One state of the archive, for `SECONDS` at most. Raises `TookTooLong`."""
        return self.archive.bounded(SECONDS, query)


def answer(request: Request, value: Any) -> Response:
    """JSON; raises `Unacceptable` for a client that takes none."""
    accepted(request, JSON)
    return sent(request, json_text(value).encode(), JSON)


def sent(request: Request, body: bytes, media_type: str, following: str | None = None) -> Response:
    """The bytes in the coding that the client takes, or 304 if it has them; `following` is where the next ones are."""
    representation = Representation(
        body,
        media_type,
        seconds=0,
        vary="Accept, Accept-Encoding",
        links=f'<{following}>; rel="next"' if following else "",
    )
    made = representation.answer(request.headers)
    response = Response(made.body, status_code=made.status)
    response.raw_headers = made.fields
    return response


def page(request: Request, name: str, lines: Sequence[bytes], rest: dict[str, Any]) -> Response:
    """Some of many: an object with the lines of JSON under a name and the `rest`, or the lines alone as NDJSON.

    `rest["next"]` is the address of those that follow, if any do.
    """
    media_type = accepted(request, JSON, NDJSON)
    if media_type == NDJSON:
        body = b"".join(line + b"\n" for line in lines)
    else:
        body = b'{"' + name.encode() + b'":[' + b",".join(lines) + b"]," + json_text(rest).encode()[1:]
    return sent(request, body, media_type, rest["next"])


def accepted(request: Request, *offered: str) -> str:
    """The media type of those offered that the client likes best, the first where it does not say (RFC 9110 §12.5.1).

    Raises `Unacceptable` where it likes none of them.
    """
    ranges = list(_ranges(",".join(request.headers.getlist("accept"))))
    if not ranges:
        return offered[0]
    best = max(offered, key=lambda media_type: _weight(media_type, ranges))  # of equals the first
    if _weight(best, ranges) <= 0:
        raise Unacceptable(", ".join(offered))
    return best


def _ranges(stated: str) -> Iterator[tuple[str, float]]:
    for each in stated.lower().split(","):
        media_range, *parameters = (part.strip() for part in each.split(";"))
        if media_range:
            yield media_range, _quality(parameters)


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0


def _weight(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    """By the most specific range that the type is of."""
    for wanted in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
        weights = [weight for each, weight in ranges if each == wanted]
        if weights:
            return max(weights)
    return 0.0
