"""WebSub (https://www.w3.org/TR/websub/): telling a hub which feeds have news, so that it tells their subscribers.

`Announcer` follows the change log. How far it has told the hub is kept in the archive, and moves on only when the hub
has taken everything; so a hub that is away is told later.
"""

import logging
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from datetime import timedelta
from http import HTTPStatus
from threading import Event, Thread
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlencode, urlsplit

import sqlalchemy as sa

from archive import Archive, Kind, changes, followers
from archive.dialling import guarded
from archive.errors import ArchiveError
from archive.version import MONADI_VERSION
from sources import Catalogue
from syndication.errors import HubAway, WrongHub
from syndication.feeds import Feed, Format, Place, known
from syndication.feeds.feed import of_tag
from syndication.feeds.touched import Touched

TOPICS: Final = 50  # in one request
TIMEOUT: Final = 10  # seconds
TICK: Final = timedelta(seconds=15)  # between two looks at the log
LONGEST: Final = timedelta(hours=1)  # between two attempts at a hub that is away
AGAIN: Final = frozenset({408, 425, 429})  # refusals that do not last

TOLD: Final = (Kind.NEW, Kind.REVISED, Kind.GONE, Kind.UNLISTED, Kind.BACK)
"""What subscribers are told of; copies and better readings change an entry here and there, and are no news."""

logger = logging.getLogger(__name__)

Post = Callable[[str, Sequence[tuple[str, str]]], int]
"""Sends a form to an address; returns the status. Raises `HubAway` where there is no answer."""


class Announcer:
    """Tells the hub of a place what is new, from entering the block to leaving it; without a hub it does nothing."""

    def __init__(self, archive: Archive, catalogue: Catalogue, place: Place, post: Post | None = None) -> None:
        if place.hub:
            check(place.hub)
        self._archive = archive
        self._catalogue = catalogue
        self._place = place
        self._post = post or send
        self._follower = f"websub {place.base_url}"
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="websub", daemon=True)

    def __enter__(self) -> Self:
        if self._place.hub:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(TIMEOUT + 1)

    def announce(self) -> int:
        """Tell the hub of what has happened since it was told last; returns how many addresses it was told.

        The first time there is nothing to tell: whoever subscribes reads the feed. Raises `HubAway`, and then all of it
        is told again.
        """
        hub = self._place.hub or ""
        with self._archive.reading() as connection:
            since = followers.place(connection, self._follower, hub)
            seq = changes.newest(connection)
            feeds = [] if since is None or since == seq else self._with_news(connection, since)
        topics = [feed.address(format_, self._place.base_url) for feed in feeds for format_ in Format]
        for start in range(0, len(topics), TOPICS):
            self._tell(hub, topics[start : start + TOPICS])
        if seq != since:
            with self._archive.writing() as connection:
                followers.move(connection, self._follower, seq, hub)
        return len(topics)

    def _with_news(self, connection: sa.Connection, since: int) -> list[Feed]:
        """The feeds in which something happened after a number of the log, then those of tags."""
        touched = Touched.since(connection, since, TOLD)
        if touched is None:
            return known(self._catalogue)
        found = [feed for feed in known(self._catalogue) if touched.concerns(feed)]
        return [*found, *map(of_tag, sorted(touched.tags or ()))]

    def _tell(self, hub: str, topics: Sequence[str]) -> None:
        status = self._post(hub, [("hub.mode", "publish"), *(("hub.url", topic) for topic in topics)])
        if status in AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise HubAway(f"the hub {hub} answers {status}; it is told again later")
        if status >= HTTPStatus.MULTIPLE_CHOICES:  # a redirect is not followed, and so a refusal as well
            logger.warning("the hub %s answers %s to news of %s and %s more", hub, status, topics[0], len(topics) - 1)

    def _run(self) -> None:
        wait = TICK
        while not self._stopped.wait(wait.total_seconds()):
            try:
                self.announce()
                wait = TICK
            except (HubAway, ArchiveError) as error:
                wait = min(wait * 2, LONGEST)
                logger.warning("%s (again in %s s)", error, round(wait.total_seconds()))


def check(hub: str) -> None:
    """Raises `WrongHub` for what is no address that can be told anything."""
    parts = urlsplit(hub)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WrongHub(f"MONADI_HUB: {hub!r} is no address of a hub; write one like https://hub.example.ir/")


def send(hub: str, form: Sequence[tuple[str, str]]) -> int:
    """Post a form to the hub that the operator names, and to nobody else: no redirect is followed, no proxy asked, no
    other host dialled.
    """
    headers = {"User-Agent": f"Monadi/{MONADI_VERSION}", "Content-Type": "application/x-www-form-urlencoded"}
    request = urllib.request.Request(hub, urlencode(form).encode(), headers, method="POST")  # noqa: S310 - see `check`
    try:
        with guarded(hub), OPENER.open(request, timeout=TIMEOUT) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise HubAway(f"the hub {hub} does not answer: {reason}") from None


class _Staying(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


OPENER: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Staying)
