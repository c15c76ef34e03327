"""A real server, in a process of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVE = """
import sys
from pathlib import Path
from archive import Archive
from sources import Catalogue
from syndication.web import front, serve, server
server.HEAD = server.UNREAD = front.SENDING = int(sys.argv[3])
with Archive(sys.argv[1], Path(sys.argv[2])) as archive:
    serve(archive, Catalogue.load(), port=0, announce=lambda line: print(line, flush=True))
print("stopped", flush=True)
"""


@contextmanager
def served(url: str, search: Path, patience: int = 30) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The process and its port; it waits so many seconds for a client that says or takes nothing."""
    command = [sys.executable, "-W", "error", "-c", SERVE, url, str(search), str(patience)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ
    ) as server:
        try:
            line = server.stdout.readline()
            port = re.fullmatch(r"Monadi answers at http://127\.0\.0\.1:(\d+)/ \(Ctrl\+C stops it\)\n", line)
            assert port, line + server.stdout.read()
            yield server, int(port[1])
        finally:
            server.kill()
