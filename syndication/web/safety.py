"""What every answer carries, whoever made it."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

OF_ALL: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
OF_PAGES: Final = OF_ALL | {
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
PAGES: Final = ("text/html", "application/xml", "image/svg+xml")  # what browsers open as a page of its own

Fields = list[tuple[bytes, bytes]]


def _raw(headers: dict[str, str]) -> Fields:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


_OF_ALL, _OF_PAGES = _raw(OF_ALL), _raw(OF_PAGES)


def added(media_type: str) -> Fields:
    """What an answer of this media type carries; data that is polled does without what concerns pages alone."""
    return _OF_PAGES if media_type.startswith(PAGES) else _OF_ALL


class Safety:
    """Adds the headers, and leaves the body out of answers to HEAD."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                stated = message.get("headers", ())
                media_type = next((value for name, value in stated if name == b"content-type"), b"")
                message["headers"] = [*stated, *added(media_type.decode("latin-1"))]
            elif message["type"] == "http.response.body" and scope["method"] == "HEAD":
                message["body"] = b""
            await send(message)

        await self.app(scope, receive, sending)
