"""Feeds as bytes ready to send, rendered once for each state of the archive."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from archive import Archive, changes
from sources import Catalogue
from syndication import feeds
from syndication.documents import Format
from syndication.web.responses import etag_of, kept

FRESH = 300  # seconds
HELD = 8 * 2**20  # bytes of rendered feeds in memory


@dataclass(frozen=True, slots=True)
class Rendered:
    """A feed as it was when the change log ended at `seq`."""

    seq: int
    body: bytes
    etag: str


class FeedDocuments:
    """The ASGI endpoint of /feeds/{path}.{extension}."""

    def __init__(self, archive: Archive, catalogue: Catalogue, base_url: str) -> None:
        self._archive = archive
        self._catalogue = catalogue
        self._base_url = base_url
        self._lock = Lock()
        self._held: OrderedDict[tuple[str, Format], Rendered] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["path_params"]
        format_ = feeds.feed_format(asked["extension"])
        rendered = await run_in_threadpool(self.rendered, asked["path"], format_)
        media_type = f"{format_.media_type}; charset=utf-8"
        response = kept(Headers(scope=scope), rendered.body, media_type, seconds=FRESH, etag=rendered.etag)
        await response(scope, receive, send)

    def rendered(self, path: str, format_: Format) -> Rendered:
        """Raises `NoSuchFeed`, or `ArchiveMissing` and its kin."""
        feed = feeds.find(path, self._catalogue)
        with self._archive.reading() as connection:
            seq = changes.newest(connection)
        with self._lock:
            held = self._held.get((path, format_))
        if held and held.seq == seq:
            return held
        body = feeds.render(self._archive, feed, format_, self._base_url)
        rendered = Rendered(seq, body, etag_of(body))
        self._hold((path, format_), rendered)
        return rendered

    def _hold(self, key: tuple[str, Format], rendered: Rendered) -> None:
        with self._lock:
            self._held.pop(key, None)
            self._held[key] = rendered
            while sum(len(each.body) for each in self._held.values()) > HELD:
                self._held.popitem(last=False)
