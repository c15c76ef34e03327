"""Answers that a client may keep: bytes in several content codings, under strong validators (RFC 9110 §8.8)."""

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from typing import Final, NamedTuple, Protocol, Self

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Send

from syndication.compression import CODINGS, SMALLEST
from syndication.web.safety import Fields, added

IDENTITY: Final = "identity"
OK, NOT_MODIFIED = 200, 304


class Stated(Protocol):
    """The headers of a request, by names in lower case."""

    def get(self, key: str, default: str, /) -> str: ...


class Answer(NamedTuple):
    """What ASGI sends; `lines` are the same fields as RSGI takes them, with those of every answer."""

    status: int
    fields: Fields
    body: bytes
    lines: list[tuple[str, str]]

    @classmethod
    def of(cls, status: int, fields: Fields, body: bytes, media_type: str) -> Self:
        safety = [] if status == NOT_MODIFIED else added(media_type)  # a client has kept them with what it has
        lines = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in (*fields, *safety)]
        return cls(status, fields, body, lines)

    async def send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.fields})
        await send({"type": "http.response.body", "body": self.body})


class Representation:
    """Bytes ready to be sent, each coding of them made when it is first asked for.

    `seconds` is how long they are fresh; `modified`, where it is known, the instant at which they last changed.
    `browsers` is the media type for clients that ask for pages, where it is another. `links` is a header `Link`. The
    entity tag follows from the bytes, and says in which coding they are.
    """

    def __init__(
        self,
        body: bytes,
        media_type: str,
        *,
        seconds: int,
        modified: datetime | None = None,
        vary: str = "Accept-Encoding",
        browsers: str | None = None,
        links: str = "",
    ) -> None:
        self.body = body
        self.tag = hashlib.sha256(body).hexdigest()[:32]
        self._codable = len(body) >= SMALLEST
        self.modified = modified and modified.replace(microsecond=0)
        self._common: Fields = [
            (b"cache-control", f"public, max-age={seconds}".encode()),
            (b"vary", vary.encode()),
        ]
        if links:
            self._common.append((b"link", links.encode()))
        if self.modified:
            stated = format_datetime(self.modified.astimezone(UTC), usegmt=True)
            self._common.append((b"last-modified", stated.encode()))
        self._media_type = media_type
        self._browsers = browsers or media_type
        self._made: dict[tuple[str, str], tuple[Answer, Answer]] = {}

    def answer(self, headers: Stated) -> Answer:
        """200 with the bytes, or 304 for a client that has them."""
        coding = _coding(headers.get("accept-encoding", "")) if self._codable else IDENTITY
        media_type = self._browsers if "text/html" in headers.get("accept", "") else self._media_type
        whole, unchanged = self._made.get((coding, media_type)) or self._make(coding, media_type)
        return unchanged if self._held(headers) else whole

    def _make(self, coding: str, media_type: str) -> tuple[Answer, Answer]:
        coded = coding in CODINGS
        body = CODINGS[coding](self.body) if coded else self.body
        tag = f'"{self.tag}-{coding}"' if coded else f'"{self.tag}"'
        validators = [(b"etag", tag.encode()), *self._common]
        stated = [(b"content-type", media_type.encode()), (b"content-length", str(len(body)).encode())]
        coded_as = [(b"content-encoding", coding.encode())] if coded else []
        made = (
            Answer.of(OK, [*validators, *stated, *coded_as], body, media_type),
            Answer.of(NOT_MODIFIED, validators, b"", media_type),
        )
        self._made[coding, media_type] = made
        return made

    def _held(self, headers: Stated) -> bool:
        """Whether the client's conditions say that it has these bytes in some coding; tags count before dates."""
        stated = headers.get("if-none-match", "")
        if stated:
            return self.tag in stated or stated.strip() == "*"  # no other tag has so many of these digits in it
        since = headers.get("if-modified-since", "")
        if not since or self.modified is None:
            return False
        try:
            return self.modified <= parsedate_to_datetime(since)
        except (ValueError, TypeError):  # no date, or one without a zone
            return False


def tags_of(stated: str) -> list[str]:
    """The bytes' tags of an `If-None-Match`, whatever coding they are of."""
    return [tag.strip().removeprefix("W/").strip('"').partition("-")[0] for tag in stated.split(",")]


def kept(headers: Headers, body: bytes, media_type: str, *, seconds: int) -> Response:
    """The body, or 304 for a client that holds it already; fresh for so many seconds."""
    answer = Representation(body, media_type, seconds=seconds).answer(headers)
    response = Response(answer.body, status_code=answer.status)
    response.raw_headers = answer.fields
    return response


@lru_cache(maxsize=256)  # of what clients send there are few kinds
def _coding(stated: str) -> str:
    """The best coding that a client takes (RFC 9110 §12.5.3)."""
    taken = {}
    for each in stated.lower().split(","):
        name, _, weight = each.partition(";")
        taken[name.strip()] = weight.strip().removeprefix("q=").strip() not in ("0", "0.0", "0.00", "0.000")
    return next((coding for coding in CODINGS if taken.get(coding, False)), IDENTITY)
