"""Feeds as bytes ready to send, rendered once for each state of the archive.

An answer that is held is sent from memory, before anything else looks at the request (`syndication.web.front`). Every
`TRUSTED` seconds one request asks the archive whether it has changed, the others trust what it said last meanwhile, for
as many seconds at most.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock
from time import monotonic
from typing import Final
from urllib.parse import parse_qsl

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from archive import Archive, changes, closings
from sources import Catalogue
from syndication import feeds
from syndication.feeds.issue import Issue, Slice
from syndication.web import room
from syndication.web.memory import Memory
from syndication.web.responses import OK, Answer, Representation, Stated, tags_of

FRESH: Final = 300  # seconds that a current document may be kept
CLOSED: Final = 7 * 86_400  # seconds that one may which does not change
TRUSTED: Final = 1.0  # seconds
HELD: Final = 64 * 2**20  # bytes of rendered feeds in memory
REPLAYED: Final = 8  # feeds whose archived documents' places are remembered: half a kilobyte for each document
REMEMBERED: Final = 20  # earlier states of a feed that a delta can begin at
AS_PAGE: Final = "application/xml; charset=utf-8"
"""The type by which a browser shows a feed in its style sheet; of others it shows the source, or offers a download."""

IM_USED: Final = 226

Key = tuple[str, str]  # path and query string


@dataclass(frozen=True, slots=True, eq=False)
class Rendered:
    """A feed as it was when the change log ended at `seq`; `said` has a digest of each of its entries."""

    seq: int
    feed: feeds.Feed
    format_: feeds.Format
    issue: Issue
    representation: Representation
    said: Sequence[bytes]


class FeedDocuments:
    """The ASGI endpoint of /feeds/{path}.{extension}."""

    def __init__(self, archive: Archive, catalogue: Catalogue, place: feeds.Place) -> None:
        self._archive = archive
        self._catalogue = catalogue
        self._place = place
        self._lock = Lock()
        self._held: OrderedDict[Key, Rendered] = OrderedDict()
        self._size = 0
        self._earlier: OrderedDict[tuple[Key, str], frozenset[bytes]] = OrderedDict()
        self._slices = Memory(REPLAYED)
        self._asking = 0.0  # when a request last set out to ask the archive
        self._asked = 0.0  # when the one set out that was answered last
        self._seq = -1  # what it was told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's own
        key = scope["path"], scope["query_string"].decode("latin-1")
        rendered = await run_in_threadpool(self.rendered, scope["path_params"], key)
        await self._answer(rendered, key, Headers(scope=scope)).send(send)

    def quick(self, path: str, query: str, headers: Stated) -> Answer | None:
        """The answer, if it is held and needs no look at the archive."""
        key = path, query
        held = self._held.get(key)
        if held is None or held.seq != self._seq or (monotonic() - self._asked > TRUSTED and self._must_ask()):
            return None
        return self._answer(held, key, headers)

    def _must_ask(self) -> bool:
        """Whether no other request is about to ask the archive again, or what it said is too old to wait for that."""
        now = monotonic()
        if now - self._asking <= TRUSTED and now - self._asked <= 2 * TRUSTED:
            return False
        self._asking = now
        return True

    def rendered(self, asked: dict[str, str], key: Key) -> Rendered:
        """Raises `NoSuchFeed`, `UnknownFormat`, `QueryError`, or `ArchiveMissing` and its kin."""
        format_ = feeds.feed_format(asked["extension"])
        path, part = feeds.located(asked["path"])
        words = [
            (name, value)
            for name, value in parse_qsl(key[1], keep_blank_values=True)
            if not (part and name == "change")  # which makes the address of an open document that of its state
        ]
        feed = feeds.find(path, self._catalogue, words)
        seq = self._newest()
        with self._lock:
            held = self._held.get(key)
        if held and held.seq == seq:
            return held
        issue = feeds.issue_of(self._archive, feed, part, seconds=room.SECONDS, slicing=self._sliced)
        body = feeds.compose(feed, issue, format_, self._place)
        representation = Representation(
            body,
            f"{format_.media_type}; charset=utf-8",
            seconds=CLOSED if issue.closed else FRESH,
            modified=issue.at,
            vary="Accept, Accept-Encoding, A-IM",
            browsers=None if format_ is feeds.Format.JSON else AS_PAGE,
            links=self._links(feed, format_) if part is None else "",
        )
        told = list(feeds.fragments(issue, format_))
        issue = replace(issue, entries=[each for each, _ in told])
        said = [hashlib.sha256(fragment).digest() for _, fragment in told]
        rendered = Rendered(seq, feed, format_, issue, representation, said)
        self._hold(key, rendered)
        return rendered

    def _sliced(self, connection: sa.Connection, feed: feeds.Feed) -> Sequence[Slice]:
        """The places of a feed's archived documents; whoever replays it asks for one document after the other."""
        told = changes.newest(connection), closings.newest(connection)
        state = feed.path, feed.query, feed.archived, *told
        return self._slices.get(state, lambda: feeds.slices_of(connection, feed))

    def _links(self, feed: feeds.Feed, format_: feeds.Format) -> str:
        """What a subscriber looks for first (WebSub §4)."""
        if not self._place.hub:
            return ""
        return f'<{self._place.hub}>; rel="hub", <{feed.address(format_, self._place.base_url)}>; rel="self"'

    def _newest(self) -> int:
        begun = monotonic()
        with self._archive.reading() as connection:
            self._seq = changes.newest(connection)
        self._asked = begun
        return self._seq

    def _answer(self, rendered: Rendered, key: Key, headers: Stated) -> Answer:
        answer = rendered.representation.answer(headers)
        if answer.status == OK and "feed" in headers.get("a-im", ""):
            return self._delta(rendered, key, headers.get("if-none-match", "")) or answer
        return answer

    def _delta(self, rendered: Rendered, key: Key, stated: str) -> Answer | None:
        """What has been said since a state that the client has (RFC 3229, A-IM: feed), if it is remembered."""
        earlier = next((said for tag in tags_of(stated) if (said := self._earlier.get((key, tag)))), None)
        if earlier is None:
            return None
        new = [entry for entry, said in zip(rendered.issue.entries, rendered.said, strict=True) if said not in earlier]
        part = replace(rendered.issue, entries=new, complete=False)
        body = feeds.compose(rendered.feed, part, rendered.format_, self._place)
        representation = rendered.representation
        fields = [
            (b"im", b"feed"),
            (b"etag", f'"{representation.tag}"'.encode()),
            (b"cache-control", b"no-store, im"),
            (b"content-type", f"{rendered.format_.media_type}; charset=utf-8".encode()),
            (b"content-length", str(len(body)).encode()),
        ]
        return Answer.of(IM_USED, fields, body, rendered.format_.media_type)

    def _hold(self, key: Key, rendered: Rendered) -> None:
        with self._lock:
            old = self._held.pop(key, None)
            self._size += len(rendered.representation.body) - (len(old.representation.body) if old else 0)
            self._held[key] = rendered
            while self._size > HELD and len(self._held) > 1:
                _, oldest = self._held.popitem(last=False)
                self._size -= len(oldest.representation.body)
            self._earlier[key, rendered.representation.tag] = frozenset(rendered.said)
            while len(self._earlier) > REMEMBERED * max(len(self._held), REMEMBERED):
                self._earlier.popitem(last=False)
