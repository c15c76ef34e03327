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
from urllib.parse import quote
from archive import Archive
from sources import Catalogue
from syndication.web import serve
with Archive(sys.argv[1], Path(sys.argv[2])) as archive:
    serve(archive, Catalogue.load(), port=0, announce=lambda line: print(line, flush=True))
print("stopped", flush=True)
"""


@contextmanager
def served(url: str, search: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = [sys.executable, "-W", "error", "-c", SERVE, url, str(search)]
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
