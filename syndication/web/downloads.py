"""The answer to a question as a file, at the address of `/exports/releases.{format}`.

It is made whole before the first byte is sent, so that a slow client holds no state of the archive.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from threading import Semaphore
from typing import IO, BinaryIO, Final, cast

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from archive import Archive
from archive.errors import TookTooLong
from sources import Catalogue
from syndication import exports
from syndication.exports.extract import extract
from syndication.web.search import Search

FORMATS: Final = ("csv", "ndjson", "json")
MOST: Final = 10_000  # releases in a file; `monadi export` has no bound, and the API goes on page by page
AT_ONCE: Final = Semaphore(2)  # that are made at the same time
IN_MEMORY: Final = 4 * 2**20  # bytes of a file, before it goes to the disk
SECONDS: Final = 30.0  # that the archive may be asked for one
PATIENCE: Final = 2.0  # seconds that one waits for its turn; a thread that waits answers nobody else
PIECE: Final = 64 * 2**10  # bytes sent at a time


@dataclass(frozen=True, slots=True)
class Downloads:
    archive: Archive
    catalogue: Catalogue

    def endpoint(self, request: Request) -> Response:
        """Raises `QueryError`, and `UnknownFormat` for a format that is no stream of text."""
        name = request.path_params["format"]
        if name not in FORMATS:
            raise exports.UnknownFormat(f'no such file "{name}" of a search; there are {", ".join(FORMATS)}')
        query = Search.of(request.query_params).query(self.catalogue)
        size = min(query.limit or MOST, MOST)
        format_ = exports.named(name, None)
        assert format_.write  # noqa: S101 - as all of `FORMATS` have
        with _turn(), ExitStack() as stack:
            whole = stack.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
            with extract(self.archive, query.narrowed(limit=size), seconds=SECONDS) as read:
                format_.write(read, cast("BinaryIO", whole))
            stack.pop_all()  # it is closed when it is sent
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="monadi-releases.{name}"',
            "Content-Length": str(whole.tell()),
        }
        whole.seek(0)
        kind = f"{format_.mediatype}; charset=utf-8"
        return StreamingResponse(_pieces(whole), HTTPStatus.OK, headers, kind)


@contextmanager
def _turn() -> Iterator[None]:
    """Raises `TookTooLong` when others are being made all the while."""
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise TookTooLong("given up, for other files are being made")
    try:
        yield
    finally:
        AT_ONCE.release()


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece
