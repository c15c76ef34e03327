"""Asking the web face, the way a server would."""

import asyncio
import json
import re
from contextlib import nullcontext
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from starlette.types import ASGIApp


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def without_data(self) -> str:
        """A page without its block of JSON-LD, which no text in it may end; any other script stays where it is."""
        return re.sub(r'<script type="application/ld\+json">[^<]*</script>', "", self.text, count=1)

    def json(self):
        return json.loads(self.body)


class Client:
    """Asks an ASGI application, the way a server would: the path decoded, the query not."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def __call__(
        self, target: str, method: str = "GET", *, fails: bool = False, body: bytes = b"", **headers: str
    ) -> Answer:
        path, _, query = target.partition("?")
        fields = {"host": "evil.example", **{name.replace("_", "-"): value for name, value in headers.items()}}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": quote(path).encode(),
            "root_path": "",
            "query_string": quote(query, safe="=&%+").encode(),
            "headers": [(name.encode(), value.encode()) for name, value in fields.items()],
            "server": ("evil.example", 80),
            "client": ("127.0.0.1", 1),
        }
        sent = []
        asked = []

        async def receive():
            if asked:
                await asyncio.Event().wait()  # the client stays
            asked.append(True)
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message):
            sent.append(message)

        with pytest.raises(RuntimeError) if fails else nullcontext():  # a fault goes on to the server's log
            asyncio.run(self.app(scope, receive, send))
        answered = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], answered, b"".join(message.get("body", b"") for message in sent[1:]))
