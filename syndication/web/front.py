"""What stands before the application: feeds that are held are sent at once, everything else is passed on.

It speaks RSGI (https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md), granian's own interface, for
an answer costs half as much there as by ASGI; the application behind it is any of ASGI.
"""

import asyncio
from contextlib import AsyncExitStack
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syndication.web.api.app import PATH as API
from syndication.web.clients import Proxies
from syndication.web.documents import FeedDocuments
from syndication.web.turns import Turns

LONGEST: Final = 16 * 2**10  # bytes of what a client sends; short forms are all there is
SENDING: Final = 10  # seconds, for all of it
LONGEST_HEAD: Final = 32 * 2**10
"""Bytes of address and fields, as many as nginx takes. granian's own limit is one of its buffer, past which it reads
whatever comes in one piece.
"""
TOO_LONG: Final = b"the head of a request is 32 KB at most\n"
PLAIN: Final = [("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store")]
ASCII: Final = "".join(map(chr, range(0x21, 0x7F)))
ASGI: Final = {"version": "3.0", "spec_version": "2.3"}


class Front:
    """An application of RSGI, and of ASGI for servers that know no other."""

    def __init__(self, app: ASGIApp, documents: FeedDocuments, proxies: Proxies) -> None:
        self.app = app
        self._documents = documents
        self._proxies = proxies
        self._turns = Turns()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        if scope.method == "GET":
            answer = self._documents.quick(scope.path, scope.query_string, scope.headers)
            if answer:
                if answer.body:
                    protocol.response_bytes(answer.status, answer.lines, answer.body)
                else:
                    protocol.response_empty(answer.status, answer.lines)
                return
        await asyncio.sleep(0)  # from here on in the loop's thread (`syndication.web.loop`)
        asked = _scope(scope)
        if _length(asked) > LONGEST_HEAD:
            protocol.response_bytes(int(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE), PLAIN, TOO_LONG)
            return
        client = self._proxies.client(asked["client"][0], Headers(scope=asked))
        async with await self._turns.begun(client) as turn:
            exchange = _Exchange(protocol, turn)
            await self.app(asked, exchange.receive, exchange.send)


class _Exchange:
    """One request and its answer, as ASGI has them; the client's turn ends when the answer begins."""

    def __init__(self, protocol: Any, turn: AsyncExitStack) -> None:
        self._protocol = protocol
        self._turn = turn
        self._asked = False
        self._status = 0
        self._lines: list[tuple[str, str]] = []
        self._stream: Any = None

    async def receive(self) -> Message:
        if self._asked:
            await self._protocol.client_disconnect()
            return {"type": "http.disconnect"}
        self._asked = True
        return {"type": "http.request", "body": await self._body(), "more_body": False}

    async def _body(self) -> bytes:
        """What the client sends; raises `HTTPException` for more than so many bytes, or more than so many seconds."""
        told = bytearray()
        try:
            async with asyncio.timeout(SENDING):
                async for piece in self._protocol:
                    told += piece
                    if len(told) > LONGEST:
                        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except TimeoutError:
            raise HTTPException(HTTPStatus.REQUEST_TIMEOUT) from None
        return bytes(told)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._turn.aclose()
            self._status = message["status"]
            fields = message.get("headers", ())
            self._lines = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in fields]
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._stream is None and not more:
            if body:
                self._protocol.response_bytes(self._status, self._lines, body)
            else:
                self._protocol.response_empty(self._status, self._lines)
            return
        if self._stream is None:
            self._stream = self._protocol.response_stream(self._status, self._lines)
        if body:
            await self._stream.send_bytes(body)


def _length(asked: Scope) -> int:
    """Bytes of a request's head, but for the marks between its parts; of the API's without the address, which its gate
    bounds and refuses in the API's own words.
    """
    fields = sum(len(name) + len(value) for name, value in asked["headers"])
    if asked["path"].startswith(f"{API}/"):
        return fields
    return fields + len(asked["raw_path"]) + len(asked["query_string"])


def _scope(scope: Any) -> Scope:
    host, _, port = scope.client.rpartition(":")
    here, _, at = scope.server.rpartition(":")
    return {
        "type": "http",
        "asgi": ASGI,
        "http_version": scope.http_version,
        "method": scope.method,
        "scheme": scope.scheme,
        "path": scope.path,
        "raw_path": quote(scope.path).encode(),
        "query_string": quote(scope.query_string, safe=ASCII).encode(),  # some clients send letters as they are
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in scope.headers.items()],
        "client": (host, int(port or 0)),
        "server": (here, int(at or 0)),
    }
