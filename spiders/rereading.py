"""Reading archived pages again from their snapshots, with the extractors of today.

What comes of it follows from the snapshot, the catalogue and the extractors alone: relative dates are counted from the
clock of the answer, and a date that a list stated is the one that the reading was made with.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import sqlalchemy as sa
from web_poet import HttpResponse

from archive import Archive, ArchivedArticle, Article, Query, articles, intake, links
from archive.errors import SnapshotDamaged
from archive.identity import keys
from persian import dates
from persian.dates import DateError, Published
from sources import Catalogue, Source, UnknownSource
from spiders import reading
from spiders.capture import response_of
from spiders.clock import site_clock
from spiders.detect import recognise
from spiders.errors import PageError
from spiders.platforms import CMSS, platform
from spiders.platforms.cms import Platform
from spiders.responses import page_response
from spiders.sizes import with_sizes

BATCH = 50  # articles whose readings are written in one transaction
OF_PAGES = frozenset({"page", "meta"})  # origins of dates that the page itself states


@dataclass(slots=True)
class Rereadings:
    """What came of one source's pages, by revision.

    `counts` are by name: "reread" says something else than before, "same" does not, "unkept" has no snapshot,
    "unread" could not be read; of what was in quarantine also "new" and "revised" (see `spiders.readmission`).
    """

    source: str
    counts: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        words = {
            "new": "new",
            "revised": "revised",
            "reread": "reread",
            "same": "as before",
            "unkept": "without a snapshot",
            "unread": "not readable",
        }
        told = (f"{self.counts[name]} {said}" for name, said in words.items() if self.counts[name] or name == "reread")
        return f"{self.source}: {', '.join(told)}"


def reextract(
    archive: Archive,
    query: Query,
    catalogue: Catalogue,
    *,
    problem: Callable[[str], None],
    step: Callable[[], None] = lambda: None,
    only: Callable[[ArchivedArticle], bool] = lambda _: True,
) -> list[Rereadings]:
    """Read every revision of the articles that answer a query again, or `only` of some; what came of it by source.

    A page that cannot be read any more is told to `problem` in one line and keeps the reading that it has. `step` is
    called for each article.
    """
    found: dict[str, Rereadings] = {}
    ids = [item.id for item in archive.articles(query) if only(item)]
    for start in range(0, len(ids), BATCH):
        read: list[tuple[ArchivedArticle, Article]] = []
        with archive.reading() as connection:
            for held in _revisions(connection, ids[start : start + BATCH]):
                if held.revision == held.revisions:  # the newest comes last
                    step()
                source = held.article.source
                counts = found.setdefault(source, Rereadings(source)).counts
                if held.article.snapshot is None:
                    counts["unkept"] += 1
                    continue
                try:
                    read.append((held, _again(archive, connection, held, catalogue.source(source))))
                except (SnapshotDamaged, PageError, UnknownSource) as error:
                    counts["unread"] += 1
                    problem(f"{held.id} revision {held.revision}: {error}")
        with archive.writing() as connection:
            kinds = intake.reread(connection, read, datetime.now(UTC))
        for (held, _), kind in zip(read, kinds, strict=True):
            found[held.article.source].counts["reread" if kind else "same"] += 1
    archive.find_copies()
    archive.follow_timings()
    return [found[source] for source in sorted(found)]


def reader_of(source: Source, page: HttpResponse, extractor: str = "") -> Platform:
    """The platform that reads a page: the one that its source states, else its former extractor's, else the page's."""
    if source.platform != "auto":
        return platform(source.platform)
    former = extractor.partition("/")[0]
    if former in CMSS:
        return platform(former)
    recognised = recognise(page)
    return recognised.platform if recognised else platform("generic")


def listed_date(held: Article, remembered: Sequence[Published], clock: datetime, source: Source) -> Published | None:
    """The date of a list that a reading was made with.

    It is the one that was believed; else of those that the lists are remembered by the one that the reading states;
    else what it states, counted from `clock`. A reading that has no date at all gets what the lists say.
    """
    if held.published and held.published.origin not in OF_PAGES:
        return held.published
    stated = {(date.origin, date.raw): None for date in held.stated_dates if date.origin not in OF_PAGES}
    if not stated:
        return None if held.published else next(iter(remembered), None)
    same = next((date for date in remembered if (date.origin, date.raw) in stated), None)
    if same:
        return same
    origin, raw = next(iter(stated))
    try:
        return dates.parse(raw, fetched_at=clock, origin=origin, since=source.began)
    except DateError:
        return None


def _revisions(connection: sa.Connection, ids: Sequence[str]) -> Iterator[ArchivedArticle]:
    for id_ in ids:
        newest = articles.get(connection, id_)
        yield from (articles.get(connection, id_, number) for number in range(1, newest.revision))
        yield newest


def _again(archive: Archive, connection: sa.Connection, held: ArchivedArticle, source: Source) -> Article:
    """The reading of a revision's snapshot; raises `SnapshotDamaged` or `PageError`."""
    was = held.article
    exchange = archive.snapshots.read(connection, was.snapshot or "")
    page, _ = page_response(response_of(exchange))
    remembered = links.stated(connection, source.id, list(keys(was.native_id, was.url, was.aliases)))
    listed = listed_date(was, remembered, site_clock(page, exchange.fetched_at), source)
    reader = reader_of(source, page, was.extractor)
    article = reading.read_kept(reader, page, source=source, fetched_at=exchange.fetched_at, listed=listed)
    return with_sizes(article, {file.url: file.length for file in was.attachments if file.length})  # a feed's, too
