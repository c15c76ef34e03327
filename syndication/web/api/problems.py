"""What a program is told when there is no answer: problem details (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from archive.errors import ArchiveError, NoSuchArticle, QueryError, TookTooLong
from sources import UnknownSource
from syndication.web import discretion

MEDIA_TYPE: Final = "application/problem+json"
AGAIN: Final = 60  # seconds after which what is away may be back
LONGEST_QUOTE: Final = 100  # letters of what was asked that a problem says again
METHODS: Final = "GET, HEAD, OPTIONS"

KINDS: Final[Mapping[HTTPStatus, tuple[str, str]]] = {
    HTTPStatus.BAD_REQUEST: ("wrong-parameter", "A parameter is wrong"),
    HTTPStatus.UNAUTHORIZED: ("wrong-token", "The token is not known here"),
    HTTPStatus.NOT_FOUND: ("not-found", "There is no such thing"),
    HTTPStatus.METHOD_NOT_ALLOWED: ("reading-only", "The API is for reading"),
    HTTPStatus.NOT_ACCEPTABLE: ("not-acceptable", "There is no answer in a format that is accepted"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("body-too-large", "The request has a body, which is too large"),
    HTTPStatus.REQUEST_URI_TOO_LONG: ("address-too-long", "The address is too long"),
    HTTPStatus.TOO_MANY_REQUESTS: ("too-many-requests", "Too many requests"),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("fault", "Something is wrong with this server"),
    HTTPStatus.SERVICE_UNAVAILABLE: ("unavailable", "The archive does not answer now"),
}
"""The last part of `type` and the title of each status."""

TOO_COSTLY: Final = ("too-costly", "The question takes too long to answer")


class Unacceptable(Exception):
    """No representation that the client accepts."""


def problem(
    status: HTTPStatus,
    detail: str,
    *,
    kind: tuple[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """An answer that says what is wrong; `more` are members besides, such as the `parameter`."""
    name, title = kind or KINDS.get(status, ("refused", status.phrase))
    told = {"type": f"tag:monadi,2026:problem/{name}", "title": title, "status": int(status), "detail": detail, **more}
    fields = {"Cache-Control": "no-store", **(headers or {})}
    return Response(orjson.dumps(told), status_code=status, media_type=MEDIA_TYPE, headers=fields)


def wrong(parameter: str, reason: str) -> Response:
    """400 for a parameter."""
    return problem(HTTPStatus.BAD_REQUEST, f"{parameter}: {reason}", parameter=parameter)


# ---- what the endpoints raise ----


def _invalid(_: Request, error: Exception) -> Response:
    """The first of what is wrong with the parameters as they are declared."""
    first = error.errors()[0] if isinstance(error, RequestValidationError) else {}
    place, reason = first.get("loc", ()), str(first.get("msg", "cannot be understood"))
    parameter = str(place[1])[:LONGEST_QUOTE] if len(place) > 1 else "query"
    if first.get("type") == "extra_forbidden":
        return wrong(parameter, "no such parameter here")
    return wrong(parameter, reason[:1].lower() + reason[1:])


def _mistaken(_: Request, error: Exception) -> Response:
    parameter = error.parameter if isinstance(error, QueryError) else "query"
    reason = str(error).removeprefix(f"{parameter}: ")
    return wrong("q" if parameter == "text" else parameter, reason)


def _unknown(_: Request, error: Exception) -> Response:
    return problem(HTTPStatus.NOT_FOUND, str(error).partition(" (see ")[0])  # a command that programs cannot run


def _too_costly(_: Request, error: Exception) -> Response:
    status, headers = HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": str(AGAIN)}
    return problem(status, f"the question was {error}", kind=TOO_COSTLY, headers=headers)


def _away(_: Request, error: Exception) -> Response:
    told = discretion.of_error(error)
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, told, headers={"Retry-After": str(AGAIN)})


def _refused(_: Request, error: Exception) -> Response:
    status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) else HTTPStatus.BAD_REQUEST
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        return problem(status, f"what can be done here is {METHODS}", headers={"Allow": METHODS})
    if status is HTTPStatus.NOT_FOUND:
        return problem(status, "there is nothing at this address; openapi.json tells what there is")
    return problem(status, status.description or status.phrase)


def _unacceptable(_: Request, error: Exception) -> Response:
    return problem(HTTPStatus.NOT_ACCEPTABLE, f"what there is here is {error}")


def _fault(_: Request, _error: Exception) -> Response:
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "what happened is in the server's log")


HANDLERS: Final[dict[int | type[Exception], ExceptionHandler]] = {
    RequestValidationError: _invalid,
    QueryError: _mistaken,
    NoSuchArticle: _unknown,
    UnknownSource: _unknown,
    TookTooLong: _too_costly,
    ArchiveError: _away,
    HTTPException: _refused,
    Unacceptable: _unacceptable,
    Exception: _fault,
}
