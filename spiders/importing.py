"""Filling an archive from WARC files made elsewhere: by wget, browsertrix, pywb or Monadi itself. Nobody is contacted.

Whatever the files hold of the catalogue's sources is read as a harvest reads it, at the instant at which it was
fetched, in the order of these instants, and copied into the archive's own snapshots.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import IO, TypeVar
from urllib.parse import urlsplit

from archive import Archive, Article, articles, crawls, intake, snapshots, warc
from archive.crawls import Outcome, Quarantined, Result
from archive.errors import ArchiveError, ArchiveUnavailable, WarcDamaged
from archive.identity import DEFAULT_PORTS, keys
from archive.warc import Exchange, Headers, Message, Record
from sources import Source
from spiders import keeping, reading
from spiders.capture import response_of
from spiders.errors import NotAnArticle, PageError, SoftNotFound
from spiders.failures import plain
from spiders.harvest import Report
from spiders.health import judge
from spiders.platforms import platform
from spiders.reach import Reach
from spiders.rereading import reader_of
from spiders.responses import page_response
from spiders.sightings import Reading, Unread

Item = TypeVar("Item")

logger = logging.getLogger(__name__)

BATCH = 100  # pages that are kept in one transaction
NOTHING = "the files hold no page of it"


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What came of some files: `reports` of the sources that they hold pages of, and where files broke off."""

    reports: list[Report]
    breaks: list[str]


def import_files(
    archive: Archive | None,
    files: Sequence[Path],
    offices: Sequence[Source],
    reach: Reach,
    *,
    named: bool = False,
    report: Callable[[Report], None] = lambda _: None,
) -> Imported:
    """Read what WARC files hold of these sources; without an archive nothing is kept.

    Sources that are `named` are reported even where the files hold nothing of them. Raises `NotWarc` for a file that is
    none, before anything is kept, and `ArchiveUnavailable` where there is no room to lay the pages aside; one that
    breaks off is read as far as it is whole.
    """
    with TemporaryFile() as spool:
        shelf = Shelf(offices, spool)
        for file in files:
            with _laid_aside(spool):
                shelf.fill(file)
        reports = []
        for office in offices:
            began = time.monotonic()
            result = _Import(archive, office, reach).run(shelf.pages(office))
            if result.counts or named:
                reports.append(Report(source=office, result=result, seconds=time.monotonic() - began))
                report(reports[-1])
        if archive:
            archive.find_copies()
            archive.follow_timings()
        return Imported(reports=reports, breaks=shelf.breaks)


@contextmanager
def _laid_aside(spool: IO[bytes]) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        with suppress(OSError):  # which would try once more to write what it holds
            spool.close()
        raise ArchiveUnavailable(
            f"{gettempdir()}: what the files hold cannot be laid aside: {error.strerror or error}; "
            "name a directory with room in TMPDIR"
        ) from error


# ---- what the files hold ----


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page of a source as a file holds it; `place` and `length` say where its body lies in the spool."""

    office: str
    record: Record
    answer: Message
    date: datetime
    place: int
    length: int


@dataclass(slots=True)
class Shelf:
    """The pages of some sources that files hold, their bodies in a temporary file."""

    offices: Sequence[Source]
    spool: IO[bytes]
    breaks: list[str] = field(default_factory=list)
    found: dict[str, list[Page]] = field(default_factory=dict)
    by_id: dict[str, Page] = field(default_factory=dict)
    by_digest: dict[str, Page] = field(default_factory=dict)
    requests: dict[str, Headers] = field(default_factory=dict)

    def fill(self, file: Path) -> None:
        """Take in a file; raises `NotWarc`."""
        try:
            for record in warc.records(file):
                self.put(record)
        except WarcDamaged as error:
            self.breaks.append(str(error))

    def put(self, record: Record) -> None:
        office = office_of(record.url, self.offices)
        if office is None:
            return
        concurrent = warc.bare(record.fields.get("warc-concurrent-to", ""))
        if record.type == "request":
            headers = warc.message(record.block).headers
            self.requests |= {id_: headers for id_ in (record.id, concurrent) if id_}
        elif record.type in ("response", "revisit") and record.date:
            answer = warc.message(record.block)
            place = self.spool.seek(0, 2)
            self.spool.write(answer.body)
            self.spool.flush()  # or what finds no room would be met where it is closed
            page = Page(
                office=office.id,
                record=replace(record, block=b""),
                answer=replace(answer, body=b""),
                date=record.date,
                place=place,
                length=len(answer.body),
            )
            if record.type == "response":
                self.by_id[record.id] = page
                self.by_digest.setdefault(record.digest, page)
            self.found.setdefault(office.id, []).append(page)

    def pages(self, office: Source) -> Iterator[Exchange | None]:
        """The pages of a source that were answered, oldest first; None for a revisit of what no file holds."""
        for page in sorted(self.found.get(office.id, ()), key=lambda page: page.date):
            held = page if page.record.type == "response" else self.original(page)
            if held is None:
                yield None
                continue
            status = page.answer.status or held.answer.status
            headers = page.answer.headers or held.answer.headers
            if status == HTTPStatus.OK and _is_page(headers):
                yield Exchange(
                    url=page.record.url,
                    status=status,
                    headers=headers,
                    body=self.body(held),
                    fetched_at=page.date,
                    request_headers=self.request(page),
                )

    def original(self, page: Page) -> Page | None:
        """The page whose payload a revisit stands for."""
        return self.by_id.get(page.record.refers_to) or self.by_digest.get(page.record.digest or "none")

    def request(self, page: Page) -> Headers:
        concurrent = warc.bare(page.record.fields.get("warc-concurrent-to", ""))
        return self.requests.get(page.record.id) or self.requests.get(concurrent, ())

    def body(self, page: Page) -> bytes:
        self.spool.seek(page.place)
        return self.spool.read(page.length)


def office_of(url: str, offices: Iterable[Source]) -> Source | None:
    """The source whose host an address is on; of several on one host the one whose own path it is under."""
    here = [office for office in offices if host_of(office.url) == host_of(url)]
    path = urlsplit(url).path
    under = [office for office in here if path.startswith(urlsplit(office.url).path.rstrip("/") + "/")]
    return max(under or here, key=lambda office: len(office.url), default=None)


def host_of(url: str) -> str | None:
    """Host and port of an address, without `www` and a scheme's own port; None for what is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        return None
    host = parts.hostname.removeprefix("www.")
    return host if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"


def _is_page(headers: Headers) -> bool:
    types = [value.lower() for name, value in headers if name.lower() == "content-type"]
    return not types or any("html" in value for value in types)


# ---- one source ----


class _Import:
    """One source's crawl of what files hold of it."""

    def __init__(self, archive: Archive | None, office: Source, reach: Reach) -> None:
        self.archive = archive
        self.office = office
        self.reach = reach
        self.counts: Counter[str] = Counter()
        self.crawl: int | None = None
        self.unkept: list[str] = []

    def run(self, pages: Iterable[Exchange | None]) -> Result:
        """Raises `ArchiveError` for an archive that takes nothing; its crawl is stopped with that reason."""
        try:
            for some in _batches(self.read(pages)):
                self.keep(some)
            return self.end()
        except ArchiveError as error:
            with suppress(ArchiveError):  # it may not even take that
                self.finish(Result(outcome=Outcome.STOPPED, reason=str(error), swept=False, counts=self.told()))
            raise

    def told(self) -> dict[str, int]:
        return {name: count for name, count in sorted(self.counts.items()) if count}

    def end(self) -> Result:
        counts = self.told()
        found = judge(counts, finished=True, reason=None)
        outcome, reason = found.outcome, found.reason
        if not counts.get("listed"):
            outcome, reason = Outcome.EMPTY, NOTHING
        revisits = f"{self.counts['unresolved']} revisits of pages that the files do not hold"
        lost = keeping.told(self.unkept) if self.unkept else None
        reason = "; ".join(filter(None, (reason, revisits if self.counts["unresolved"] else None, lost))) or None
        result = Result(outcome=outcome, reason=reason, swept=False, counts=counts)
        self.finish(result)
        return result

    def finish(self, result: Result) -> None:
        """Close the crawl's row, if there is one."""
        if self.archive and self.crawl is not None:
            with self.archive.writing() as connection:
                crawls.finish(connection, self.crawl, at=datetime.now(UTC), result=result)

    def begin(self) -> None:
        """Open the crawl's row, once there is anything to tell of."""
        if self.archive and self.crawl is None:
            with self.archive.writing() as connection:
                crawls.register(connection, [self.office])
                self.crawl = crawls.begin(connection, self.office.id, datetime.now(UTC))

    def read(self, pages: Iterable[Exchange | None]) -> Iterator[Reading | Unread]:
        """What the pages say that are articles, within the reach of the run."""
        read = 0
        for exchange in self.fresh(pages):
            if self.reach.limit and read >= self.reach.limit:
                return
            item = self.item(exchange)
            if isinstance(item, Reading) and not self.reach.includes(item.article.ordering):
                self.counts["out-of-range"] += 1
            elif item:
                read += isinstance(item, Reading)
                yield item

    def fresh(self, pages: Iterable[Exchange | None]) -> Iterator[Exchange]:
        """The pages that are not kept yet."""
        for some in _batches(pages):
            exchanges = [page for page in some if page]
            self.counts["unresolved"] += len(some) - len(exchanges)
            held = self.held(exchange.url for exchange in exchanges)
            for exchange in exchanges:
                if (exchange.url, exchange.fetched_at) in held:
                    self.begin()
                    self.counts.update(("listed", "unchanged"))
                else:
                    yield exchange

    def held(self, urls: Iterable[str]) -> set[tuple[str, datetime]]:
        if self.archive is None:
            return set()
        with self.archive.reading() as connection:
            return snapshots.held(connection, self.office.id, urls)

    def item(self, exchange: Exchange) -> Reading | Unread | None:
        """A page's article, or a page that should be one and cannot be read; None for any other page."""
        stated = self.office.platform not in ("auto", "generic")
        if stated and not platform(self.office.platform).is_article(exchange.url):
            return None
        reader = platform("generic")
        try:
            page, _ = page_response(response_of(exchange))
            reader = reader_of(self.office, page)
            if not reader.is_article(exchange.url):
                return None
            article = reading.read_kept(reader, page, source=self.office, fetched_at=exchange.fetched_at)
        except PageError as error:
            if not stated and isinstance(error, NotAnArticle | SoftNotFound):
                return None
            kind, reason = error.kind, str(error)
        except Exception as error:
            logger.exception("%s cannot be read", exchange.url)
            kind, reason = "parse", keeping.said(error)
        else:
            self.counts.update(("listed", "fetched"))
            if article.extractor == platform("generic").page.extractor() and not self.office.selectors.settle:
                self.counts["generic"] += 1
            return Reading(article, exchange)
        self.counts.update(("listed", "fetched"))
        return self.unread(exchange, kind, reason, reader.page.extractor())

    def unread(self, exchange: Exchange, kind: str, reason: str, extractor: str) -> Unread:
        """A page that is held in quarantine."""
        headers = {name: value for name, value in exchange.headers if name.lower() not in warc.SECRETS}
        held = Quarantined(
            source=self.office.id,
            url=exchange.url,
            kind=kind,
            reason=reason,
            extractor=extractor,
            status=exchange.status,
            headers=headers,
            body=exchange.body,
        )
        return Unread(held, exchange)

    def keep(self, items: Sequence[Reading | Unread]) -> None:
        """Keep a batch as a harvest does: first the answers, then what was read of them."""
        if self.archive is None:
            self.counts["quarantined"] += sum(isinstance(item, Unread) for item in items)
            self.counts["new"] += len({next(iter(_keys(each.article))) for each in items if isinstance(each, Reading)})
            return
        self.begin()
        captures = {id(item.capture): item.capture for item in items if item.capture}
        with self.archive.reading() as connection:
            records = keeping.answers(self.archive, connection, self.office.id, captures, self.give_up_answer)
        keeping.by_halves(items, partial(self.write, self.archive, records), partial(self.give_up, self.archive))

    def write(self, archive: Archive, records: keeping.Answers, items: Sequence[Reading | Unread]) -> None:
        """Keep a batch, or a part of one, in one transaction."""
        kept = [records[id(item.capture)] for item in items if id(item.capture) in records]
        placed = [keeping.with_record(item, records) for item in items if isinstance(item, Reading)]
        unread = [item.page for item in items if isinstance(item, Unread)]
        with archive.writing() as connection:
            snapshots.index(connection, kept)
            seen = articles.last_seen(connection, self.office.id, (key for each in placed for key in _keys(each)))
            later = [each for each in placed if _read_at(each, seen) <= each.fetched_at]
            saved = intake.save(connection, later, self.crawl)
            crawls.hold(connection, unread, datetime.now(UTC))
        self.counts["quarantined"] += len(unread)
        self.counts["older"] += len(placed) - len(later)
        self.counts.update(str(item.kind) if item.kind else "unchanged" for item in saved)

    def give_up(self, archive: Archive, item: Reading | Unread, error: Exception) -> None:
        """Name what cannot be kept; the page of a release is held."""
        address = item.article.url if isinstance(item, Reading) else item.page.url
        self.name(address, error)
        if not (isinstance(item, Reading) and item.capture):
            self.counts[f"failed/{keeping.UNKEPT}"] += 1
            return
        self.counts[f"held/{keeping.UNKEPT}"] += 1
        held = self.unread(item.capture, keeping.UNKEPT, keeping.said(error), item.article.extractor)
        keeping.by_halves(
            [replace(held, capture=None)], partial(self.write, archive, {}), partial(self.give_up, archive)
        )

    def give_up_answer(self, what: str, error: Exception) -> None:
        self.counts[keeping.ANSWERS] += 1
        self.name(what, error)

    def name(self, what: str, error: Exception) -> None:
        """Note what is not kept, to be told when the run has ended."""
        self.unkept.append(plain(f"{what}: {keeping.said(error)}"))
        logger.error("not kept: %s", self.unkept[-1], exc_info=error if len(self.unkept) == 1 else None)


def _read_at(article: Article, seen: Mapping[str, datetime]) -> datetime:
    """When the page of an article was last read, by its strongest key that is known; else now."""
    return next((seen[key] for key in _keys(article) if key in seen), article.fetched_at)


def _keys(article: Article) -> list[str]:
    return list(keys(article.native_id, article.url, article.aliases))


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
