"""Content codings (RFC 9110 §8.4.1): the same bytes for the same bytes, on every machine and day."""

import gzip
from collections.abc import Callable
from typing import Final

import brotli

SMALLEST: Final = 512  # bytes; of less, a coding saves nothing worth a header

Compress = Callable[[bytes], bytes]

CODINGS: Final[dict[str, Compress]] = {
    "br": lambda body: brotli.compress(body, mode=brotli.MODE_TEXT, quality=5),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
"""By the name of the coding, the better one first; both take a few milliseconds for a feed."""

SUFFIXES: Final = {"br": ".br", "gzip": ".gz"}
"""What web servers look for beside a file."""
