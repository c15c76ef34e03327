"""Sites on loopback, and crawls of them in a process of their own, for Scrapy's event loop can be run once.

with serve(site) as url: ...                     a site that `answer`s each address
told("tests.spiders.faults", "list-frozen")  →   what that module's process printed, a JSON value a line
"""

import json
import os
import socketserver
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol

from sources.sample.site import Answer

ROOT = Path(__file__).parents[2]
HEAD = '[agency]\nname_fa = "آزمون"\nname_en = "Test"\ndelay = 0.0\n'


class Wire(Protocol):
    """A connection whose request has been read: whatever is written to it is the answer."""

    def send(self, data: bytes) -> None: ...


Spoken = Callable[[Wire], None]
"""An answer that is no HTTP, or that takes its time: it writes to the wire, which is closed behind it."""


class Site(Protocol):
    def answer(self, target: str) -> Answer | Spoken | None:
        """What is answered to an address; None for no answer at all."""


class Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        answer = self.site.answer(self.path)
        if isinstance(answer, Answer):
            self.write(answer)
            return
        self.close_connection = True
        if answer is not None:
            answer(self)

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def write(self, answer: Answer) -> None:
        body = answer.data or answer.text.replace("\ue000", "۱۲").encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(body)))
        if answer.location:
            self.send_header("Location", answer.location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # which asks no resolver for a name

    def handle_error(self, *_: object) -> None:
        """A client that has had enough is no error of the site's."""


@contextmanager
def serve(site: Site, address: str = "127.0.0.1") -> Iterator[str]:
    """A site at a port of its own; gives its address, "http://127.0.0.1:40123"."""
    server = _Server((address, 0), type("Handler", (Handler,), {"site": site}))
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    try:
        yield f"http://{address}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def write_catalogue(directory: Path, offices: Mapping[str, str]) -> None:
    """A catalogue of one agency, "test": by the key of each office, the lines of TOML that it is."""
    place = directory / "agencies" / "test.toml"
    place.parent.mkdir(parents=True, exist_ok=True)
    tables = "".join(f'[{key}]\nprovince = "IR-21"\nname_fa = "{key}"\n{lines}\n' for key, lines in offices.items())
    place.write_text(HEAD + tables, "utf-8")


def told(module: str, *words: str, timeout: float = 900, **surroundings: str) -> list[Any]:
    """What a module of ours prints that is run with a directory of its own, `MONADI_DATA`, a JSON value a line."""
    with tempfile.TemporaryDirectory(prefix="monadi-crawl-") as directory:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MONADI_")}
        environment |= {"MONADI_DATA": directory, "MONADI_CATALOGUE": directory, "PYTHONPATH": str(ROOT)}
        environment |= surroundings
        done = subprocess.run(
            [sys.executable, "-m", module, *words],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
    return [json.loads(line) for line in done.stdout.splitlines()]
