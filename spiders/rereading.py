"""Reading archived pages again from their snapshots, with the extractors of today.

What comes of it follows from the snapshot, the catalogue and the extractors alone: relative dates are counted from the
clock of the answer, and a date that a list stated is the one that the reading was made with.
"""

import multiprocessing
import os
import signal
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import sqlalchemy as sa
from web_poet import HttpResponse

from archive import Archive, ArchivedArticle, Article, Query, articles, intake, links, snapshots
from archive.answers import Reference
from archive.cycles import collect_seldom
from archive.database import Database
from archive.errors import SnapshotDamaged
from archive.identity import keys
from archive.snapshots import Snapshot, Snapshots
from persian import dates
from persian.calendars import DateError
from persian.published import Published
from sources import Catalogue, Source, UnknownSource
from spiders import reading
from spiders.capture import response_of
from spiders.clock import site_clock
from spiders.detect import recognise
from spiders.errors import PageError, ReaderEnded
from spiders.platforms import CMSS, platform
from spiders.platforms.cms import Platform
from spiders.responses import page_response
from spiders.sizes import with_sizes

BATCH = 50  # articles whose readings are written in one transaction
WORTH_IT = 10  # batches that take as long to read as a process takes to begin
AHEAD = 3  # batches that each process may have been given before the oldest is written
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
    only: Callable[[Reference], bool] = lambda _: True,
) -> list[Rereadings]:
    """Read every revision of the articles that answer a query again, or `only` of some; what came of it by source.

    A page that cannot be read any more is told to `problem` in one line and keeps the reading that it has. `step` is
    called for each article. Of many articles every core reads some; this process alone writes. Raises `ReaderEnded`.
    """
    found: dict[str, Rereadings] = {}
    items = sorted(filter(only, archive.references(query)), key=attrgetter("source"))
    ids = [item.id for item in items]
    batches = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
    reader = _Reader(archive.database, archive.snapshots, catalogue)
    with closing(_read(reader, batches)) as outcomes:
        for some, read in zip(batches, outcomes, strict=True):
            with archive.writing() as connection:
                kinds = intake.reread(connection, read.otherwise, datetime.now(UTC))
            for (held, _), kind in zip(read.otherwise, kinds, strict=True):
                read.counts[held.article.source]["reread" if kind else "same"] += 1
            for source, counts in read.counts.items():
                found.setdefault(source, Rereadings(source)).counts.update(counts)
            for line in read.problems:
                problem(line)
            for _ in some:
                step()
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


# ---- a batch ----


@dataclass(slots=True)
class _Read:
    """What came of a batch: the revisions that read otherwise now, each with its reading; the others by source and the
    name of what came of them; and a line for each that could not be read.
    """

    otherwise: list[tuple[ArchivedArticle, Article]] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads archived pages by the catalogue; what is needed for many is asked of the database at once."""

    database: Database
    snapshots: Snapshots
    catalogue: Catalogue

    def read(self, ids: Sequence[str]) -> _Read:
        """Read every revision of some articles of one or more sources, which stand together."""
        found = _Read()
        with self.database.reading() as connection:
            held = list(articles.revisions_of(connection, ids))
            records = (each.article.snapshot for each in held)
            kept = snapshots.found_of(connection, filter(None, records))
            for source, of_source in groupby(held, key=lambda each: each.article.source):
                some = list(of_source)
                listed = links.stated(connection, source, {each.id: _keys(each.article) for each in some})
                for each in some:
                    self._read(connection, each, kept, listed[each.id], found)
        return found

    def _read(
        self,
        connection: sa.Connection,
        held: ArchivedArticle,
        kept: Mapping[str, Snapshot],
        listed: Sequence[Published],
        found: _Read,
    ) -> None:
        counts, record = found.counts[held.article.source], held.article.snapshot
        if record is None:
            counts["unkept"] += 1
            return
        try:
            article = self._again(connection, held.article, kept[record], listed)
        except (SnapshotDamaged, PageError, UnknownSource) as error:
            counts["unread"] += 1
            found.problems.append(f"{held.id} revision {held.revision}: {error}")
            return
        if article == held.article:
            counts["same"] += 1
        else:
            found.otherwise.append((held, article))

    def _again(
        self, connection: sa.Connection, was: Article, snapshot: Snapshot, remembered: Sequence[Published]
    ) -> Article:
        """The reading of a revision's snapshot in its place; raises `SnapshotDamaged` or `PageError`."""
        source = self.catalogue.source(was.source)
        exchange = self.snapshots.answer(connection, snapshot)
        page, _ = page_response(response_of(exchange))
        listed = listed_date(was, remembered, site_clock(page, exchange.fetched_at), source)
        reader = reader_of(source, page, was.extractor)
        article = reading.read_kept(reader, page, source=source, fetched_at=exchange.fetched_at, listed=listed)
        sizes = {file.url: file.length for file in was.attachments if file.length}  # a feed's, too
        return intake.in_the_place_of(was, with_sizes(article, sizes))


def _keys(article: Article) -> Mapping[str, str]:
    return keys(article.native_id, article.url, article.aliases)


# ---- on every core ----


def _read(reader: _Reader, batches: Sequence[Sequence[str]]) -> Generator[_Read, None, None]:
    """What comes of each batch of articles, in their order."""
    processes = min(_cores(), len(batches) // WORTH_IT)
    if processes <= 1:
        yield from map(reader.read, batches)
        return
    context = multiprocessing.get_context("forkserver")  # of this one threads and connections would be copied
    context.set_forkserver_preload([__name__])
    url = reader.database.url.render_as_string(hide_password=False)
    pool = ProcessPoolExecutor(processes, context, _begin, (url, reader.snapshots.directory, reader.catalogue))
    given: deque[Future[_Read]] = deque()
    try:
        for ids in batches:
            with nullcontext() if given else _undisturbed():  # the first has the processes begin
                given.append(pool.submit(_read_here, ids))
            if len(given) > AHEAD * processes:
                yield given.popleft().result()
        while given:
            yield given.popleft().result()
    except BrokenProcessPool:
        raise ReaderEnded(
            "a process that read pages was ended from outside, perhaps for want of memory; what was read before is "
            "kept, and the command can be run again"
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits until the block has ended, and what begins in the block never hears it.

    A process that is interrupted while it loads ends in a traceback of its own.
    """
    if threading.current_thread() is not threading.main_thread():  # which alone may say what a signal does
        yield
        return
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # new processes and threads have the mask of this one
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        signal.signal(signal.SIGINT, before)
    if heard:
        signal.raise_signal(signal.SIGINT)


def _cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_here: list[_Reader] = []  # the reader of a process of the pool


def _begin(url: str, directory: Path, catalogue: Catalogue) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for the process that writes to end this one
    collect_seldom()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _here.append(_Reader(Database(url), Snapshots(directory), catalogue))


def _end_with_parent() -> None:
    """A pool's process would wait for ever for one that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _read_here(ids: Sequence[str]) -> _Read:
    return _here[0].read(ids)
