"""Receivers on loopback: a web hook and a mail server, which keep what they are told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller


class Hook(ThreadingHTTPServer):
    """Takes what apprise's `json://` posts, or answers `status`."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told = []
        self.status = 200

    @property
    def address(self):
        return f"json://operator:s3cret-word@127.0.0.1:{self.server_port}/hooks/t0ken-of-ours"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.status < 300:
            self.server.told.append((said["title"], said["message"]))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def a_hook() -> Iterator[Hook]:
    with Hook() as hook:
        thread = threading.Thread(target=hook.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield hook
        finally:
            hook.shutdown()
            thread.join()


class Mailbox:
    """The mail that came."""

    def __init__(self):
        self.mails = []
        self.port = 0

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"

    @property
    def address(self):
        return f"mailto://127.0.0.1:{self.port}?mode=insecure&from=monadi@example.ir&to=operator@example.ir"


@contextmanager
def a_mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=_free())
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()


def _free():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        return server.server_port
