"""What stands before the endpoints: reading from any origin, sizes, tokens, and how often one client may ask."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syndication.web.access import Access
from syndication.web.api.limits import Limiter
from syndication.web.api.problems import METHODS, problem

LONGEST_QUERY: Final = 8192  # bytes of a query string
LONGEST_PATH: Final = 4096  # bytes
LARGEST_BODY: Final = 65_536  # bytes, none of which is read
BEARER: Final = "bearer "
CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="monadi", error="invalid_token"'}

EXPOSED: Final = "ETag, Link, Retry-After, RateLimit, RateLimit-Policy, Deprecation, Sunset"
EVERYWHERE: Final = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}
PREFLIGHT: Final = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Accept, Authorization, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class Gate:
    """Lets through to the application what may be asked; HEAD as GET, for what is sent leaves the body out."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access
        self._limiter = Limiter(access.rate) if access.rate else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        added = dict(EVERYWHERE)
        answer = self._answer(scope, added)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_raw(added)]
            await send(message)

        inner = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        await (answer or self._app)(inner, receive, sending)

    def _answer(self, scope: Scope, added: dict[str, str]) -> Response | None:
        """What is said at once, None for what the endpoints are to answer; fields of whatever is sent are `added`."""
        if scope["method"] == "OPTIONS":
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=PREFLIGHT)
        headers = Headers(scope=scope)
        return self._limited(scope, headers, added) or _too_long(scope, headers)

    def _limited(self, scope: Scope, headers: Headers, added: dict[str, str]) -> Response | None:
        stated = headers.get("authorization", "")
        token = stated[len(BEARER) :].strip() if stated.lower().startswith(BEARER) else None
        if token is not None and self._access.tokens.holder(token):
            return None
        if self._limiter is not None:
            peer = scope.get("client") or ("", 0)
            allowance = self._limiter.ask(self._access.proxies.client(peer[0], headers))
            added.update(allowance.headers)
            if allowance.refused:
                asked = f"{allowance.rate.requests} requests in {allowance.rate.seconds} seconds are the most"
                return problem(HTTPStatus.TOO_MANY_REQUESTS, f"{asked}; go on in {allowance.reset} seconds")
        if token is not None:
            told = "this token is none of this Monadi's; leave it out to read as anybody may"
            return problem(HTTPStatus.UNAUTHORIZED, told, headers=CHALLENGE)
        return None


def _too_long(scope: Scope, headers: Headers) -> Response | None:
    if len(scope["query_string"]) > LONGEST_QUERY:
        return problem(HTTPStatus.REQUEST_URI_TOO_LONG, f"a query of more than {LONGEST_QUERY} bytes")
    if len(scope["path"].encode(errors="replace")) > LONGEST_PATH:
        return problem(HTTPStatus.REQUEST_URI_TOO_LONG, f"a path of more than {LONGEST_PATH} bytes")
    length = headers.get("content-length", "0")
    if not (
        length.isascii()
        and length.isdecimal()
        and len(length) <= len(str(LARGEST_BODY))
        and int(length) <= LARGEST_BODY
    ):
        return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "nothing is read of a body here; send none")
    return None


def _raw(fields: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in fields.items()]
