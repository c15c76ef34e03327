"""What every page is made with: the archive, and the views of the reader's language."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import groupby
from typing import Final, TypeAlias

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from archive import Archive, ArchivedArticle, Query
from archive.search.highlights import Highlights
from persian.calendars import TEHRAN
from sources import Catalogue
from syndication import feeds
from syndication.errors import NoSuchFeed
from syndication.web import dates
from syndication.web.counts import Counted
from syndication.web.hits import NOTHING_SOUGHT, Day, Hit
from syndication.web.language import Language
from syndication.web.memory import Memory
from syndication.web.tokens import Tokens
from syndication.web.views import Views

KEPT: Final = 512  # charts and ledgers
SECONDS: Final = 5.0  # that a page may ask the archive


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """The reading room in one language."""

    archive: Archive
    views: Views
    counted: Counted
    tokens: Tokens
    memory: Memory

    @property
    def catalogue(self) -> Catalogue:
        return self.views.catalogue

    @property
    def language(self) -> Language:
        return self.views.language

    def reading(self, query: Query | None = None) -> AbstractContextManager[sa.Connection]:
        """One state of the archive, for `SECONDS` at most, with the search index that a query needs."""
        return self.archive.bounded(SECONDS, query)

    def feed(self, kind: str, key: str) -> feeds.Feed | None:
        """The feed of a province, an agency, a source or a tag; None for one that the catalogue holds no more."""
        try:
            return feeds.find(f"{kind}/{key}", self.catalogue)
        except NoSuchFeed:
            return None

    def by_day(self, items: Iterable[ArchivedArticle], highlights: Highlights = NOTHING_SOUGHT) -> list[Day]:
        """Articles in their order, parted where the day in Tehran changes, with what was searched marked."""
        days = groupby(items, key=lambda item: item.article.ordering.astimezone(TEHRAN).date())
        return [
            Day(dates.of_day(day, self.language), [Hit.of(item, highlights) for item in told]) for day, told in days
        ]


Endpoint: TypeAlias = Callable[[Room, Request], Response]
"""How a page is answered. It is synchronous, so Starlette runs it in a thread and the loop stays free."""
