"""A server on loopback that sends everybody on to the address in the path, `/to/<url>`; it notes what is asked."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer

ONE_SLASH = re.compile("^http:/(?!/)")  # which apprise makes of two


class Redirecting(ThreadingHTTPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked = []

    def server_bind(self):
        TCPServer.server_bind(self)  # without asking for the machine's name


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(307 if self.path.startswith("/to/") else 200)
        self.send_header("Location", ONE_SLASH.sub("http://", self.path.removeprefix("/to/")))
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET  # noqa: N815 - the names are http.server's

    def log_message(self, *_):
        pass


@contextmanager
def redirecting() -> Iterator[Redirecting]:
    with Redirecting() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        yield server
        server.shutdown()
        thread.join()
