"""Answers that a client may keep: bytes under a strong validator (RFC 9110 §8.8.3)."""

import hashlib

from starlette.datastructures import Headers
from starlette.responses import Response


def etag_of(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def kept(headers: Headers, body: bytes, media_type: str, *, seconds: int, etag: str | None = None) -> Response:
    """The body, or 304 for a client that holds it already; fresh for so many seconds."""
    etag = etag or etag_of(body)
    validators = {"ETag": etag, "Cache-Control": f"public, max-age={seconds}"}
    if _holds(headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=validators)
    return Response(body, headers={**validators, "Content-Type": media_type})


def _holds(stated: str, etag: str) -> bool:
    held = [tag.strip().removeprefix("W/") for tag in stated.split(",")]
    return etag in held or held == ["*"]
