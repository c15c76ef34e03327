"""From the spider into the archive: batches of readings, and the row that tells of the run."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Self

import sqlalchemy as sa
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DontCloseSpider

from archive import Archive, absences, crawls, intake, links, logs, orders, snapshots, validators
from archive.configuration import read_configuration
from archive.crawls import Outcome, Result
from archive.errors import ArchiveError
from archive.store import open_archive
from archive.warc import Exchange
from spiders import keeping, outages
from spiders.capture import response_of
from spiders.claiming import Claiming
from spiders.failures import plain
from spiders.health import History, Verdict, judge
from spiders.history import history_of
from spiders.newsroom import NewsroomSpider
from spiders.pictures import Pictures
from spiders.sightings import Confirmed, Listed, Missed, Reading, Unlisted, Unread

BATCH = 100  # readings, or what else a walk tells, kept in one transaction
WEIGHT = 16 * 2**20  # bytes of the pages that wait to be kept

Item = Reading | Unread | Listed | Missed | Confirmed | Unlisted
Captured = Reading | Unread | Listed | Missed


def sum_up(spider: NewsroomSpider, kept: Counter[str], *, finished: bool) -> Result:
    """What a run came to, from what its spider counted and what became of its readings."""
    counts = {name: count for name, count in sorted({**spider.counts, **kept}.items()) if count}
    found = judge(counts, finished=finished, reason=spider.reason, history=spider.history, now=datetime.now(UTC))
    seen = f"see {address}" if (address := _evidence(spider, found)) else None
    reason = plain("; ".join(filter(None, (found.reason, seen, *spider.remarks)))) or None
    swept = finished and not found.outcome.failed and not spider.reach.partial and not spider.listing_failures
    if found.kind:
        counts[f"class/{found.kind}"] = 1
    return Result(outcome=found.outcome, reason=reason, swept=swept, counts=counts, whole=swept and spider.is_whole)


def _evidence(spider: NewsroomSpider, found: Verdict) -> str | None:
    """An address at which an operator sees what has changed."""
    if found.outcome not in (Outcome.DRIFTED, Outcome.DEGRADED) or found.kind == "list-moved":
        return None
    return spider.lacking if found.kind == "list-frozen" else spider.read_last


class ArchivePipeline:
    """Keeps what a walk read and what else it tells, and opens and closes the crawl's own row.

    What the sites answered reaches the disk first. Then a batch is one transaction: where its answers are, its
    articles, their change rows, what left quarantine and what was seen of pages. A run that is killed loses nothing
    that it said was kept, and what it had not kept yet is asked for again by the next one. An archive that cannot be
    written to ends the run. Of a batch that it does not take for any other reason all is kept that can be by itself;
    the page of a release that cannot is held in quarantine, and the run names it.
    """

    def __init__(self, archive: Archive, crawler: Crawler, *, own: bool) -> None:
        self.archive = archive
        self.crawler = crawler
        self.own = own  # opened here, so to be closed here
        self.crawl: int | None = None
        self.began = monotonic()
        self.claiming: Claiming | None = None
        self.pictures: Pictures | None = None
        self.gathered: list[Item] = []
        self.weight = 0
        self.unkept: list[str] = []
        self.counts: Counter[str] = Counter()
        self.broken: ArchiveError | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        shared = crawler.spider.archive if isinstance(crawler.spider, NewsroomSpider) else None
        pipeline = cls(shared or open_archive(read_configuration()), crawler, own=shared is None)
        crawler.signals.connect(pipeline.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(pipeline.spider_idle, signal=signals.spider_idle)
        return pipeline

    def open_spider(self) -> None:
        """Raises `CloseSpider` where another crawl reads the source, and where the archive cannot be written to."""
        spider = self.spider()
        try:
            self._begin(spider)
        except ArchiveError as error:
            self.broken, spider.reason = error, str(error)
            spider.logger.error("%s", error)  # noqa: TRY400 - one line
            raise CloseSpider("archive") from None

    def _begin(self, spider: NewsroomSpider) -> None:
        if self.own:
            self.archive.upgrade()
        spider.archive = self.archive
        self.claiming = Claiming(self.archive, spider)
        with self.archive.writing() as connection:
            crawls.register(connection, [spider.source])
            if crawls.close_left(connection, spider.source.id, datetime.now(UTC)):
                spider.remark("recovered: its last run was cut off; what that one kept stands, the rest is read anew")
            spider.history = self._history(connection, spider)
            self.crawl = crawls.begin(connection, spider.source.id, datetime.now(UTC))
            orders.begun(connection, spider.source.id)
        if self.crawler.settings.getbool("MONADI_IMAGES"):
            self.pictures = Pictures(self.archive, spider)

    def _history(self, connection: sa.Connection, spider: NewsroomSpider) -> History:
        """The source's own past; a run that leaves some out says nothing of what has not come."""
        past = history_of(connection, spider.source.id, datetime.now(UTC))
        return replace(past, habit=None) if spider.reach.partial else past

    def process_item(self, item: Any) -> Any:
        if isinstance(item, Item):
            self.gathered.append(item)
        if isinstance(item, Captured) and item.capture:
            self.weight += len(item.capture.body)
        if len(self.gathered) >= BATCH or self.weight >= WEIGHT:
            self.flush()
        return _told_to_users(item)

    def flush(self) -> None:
        """Keep what has been gathered."""
        batch, self.gathered = self.gathered, []
        self.weight = 0
        if self.broken or not batch:
            return
        try:
            self._keep(batch, self._keep_answers([each for each in batch if isinstance(each, Captured)]))
        except ArchiveError as error:
            self.broken = error
            self.spider().logger.error("%s", error)
            self.spider().stop(str(error))

    def _keep_answers(self, items: Sequence[Captured]) -> keeping.Answers:
        """Write what the sites answered, lists once a day."""
        lists, pages = dict[int, Exchange](), dict[int, Exchange]()
        for each in items:
            if each.capture and isinstance(each, Listed):
                lists[id(each.capture)] = replace(each.capture, purpose="list")
            elif each.capture:
                pages[id(each.capture)] = each.capture
        with self.archive.reading() as connection:
            last = snapshots.last_lists(connection, self.spider().source.id, (each.url for each in lists.values()))
            due = {id(each) for each in snapshots.thinned(lists.values(), last)}
            chosen = {**pages, **{key: each for key, each in lists.items() if id(each) in due}}
            source = self.spider().source.id
            written = keeping.answers(self.archive, connection, source, chosen, self._give_up_answer)
        while self.archive.snapshots.recovered:
            self.spider().remark(self.archive.snapshots.recovered.pop())
        return written

    def _give_up_answer(self, what: str, error: Exception) -> None:
        self.counts[keeping.ANSWERS] += 1
        self._name(what, error)

    def _keep(self, batch: Sequence[Item], answers: keeping.Answers) -> None:
        """Keep what the archive takes of a batch, and give up the rest."""
        keeping.by_halves(
            batch, lambda some: self._write(some, answers), lambda item, error: self._give_up(item, error, answers)
        )

    def _write(self, batch: Sequence[Item], answers: keeping.Answers) -> None:
        """Keep a batch in one transaction, and count what became of it."""
        source, now = self.spider().source.id, datetime.now(UTC)
        readings = [each for each in batch if isinstance(each, Reading)]
        pages = [each.page for each in batch if isinstance(each, Unread)]
        captures = {id(each.capture) for each in batch if isinstance(each, Captured)}
        with self.archive.writing() as connection:
            snapshots.index(connection, [snapshot for key, snapshot in answers.items() if key in captures])
            saved = intake.save(connection, [keeping.with_record(each, answers) for each in readings], self.crawl)
            crawls.release(connection, source, self.spider().recovered)
            crawls.hold(connection, pages, now)
            noted = self._note(connection, batch, now)
        self.counts.update(str(item.kind) if item.kind else "unchanged" for item in saved)
        self.counts.update({"quarantined": sum(page.body is not None for page in pages)})
        self.counts.update(noted)
        for each, item in zip(readings, saved, strict=True):
            if self.pictures and (item.kind or self.spider().reach.full):
                self.pictures.ask(each.article)

    def _note(self, connection: sa.Connection, batch: Sequence[Item], now: datetime) -> Mapping[str, int]:
        """Keep what lists and sites said of pages; what came of it, by name."""
        source = self.spider().source.id
        sightings = [link for each in batch if isinstance(each, Listed) for link in each.links]
        missed = [each.key for each in batch if isinstance(each, Missed)]
        confirmed = [each.key for each in batch if isinstance(each, Confirmed)]
        unlisted = [each.key for each in batch if isinstance(each, Unlisted)]
        links.seen(connection, source, sightings, now)
        back = absences.listed(connection, source, [link.key for link in sightings], now, self.crawl)
        absences.confirmed(connection, source, confirmed, now)
        gone = absences.missed(connection, source, missed, now, self.crawl)
        off = absences.unlisted(connection, source, unlisted, now, self.crawl)
        told = {"unchanged": len(confirmed), "missing": len(missed) - len(gone), "gone": len(gone)}
        return {**told, "unlisted": len(off), "back": len(back)}

    def _give_up(self, item: Item, error: Exception, answers: keeping.Answers) -> None:
        """Name what cannot be kept. The page of a release is held; where nothing is, the run has not seen all."""
        self._name(_address(item), error)
        if not (isinstance(item, Reading) and item.capture):
            self.spider().count(f"failed/{keeping.UNKEPT}")
            self.spider().listing_failures += 1
            return
        self.spider().recovered -= {item.article.url, item.capture.url, *item.article.aliases}
        held = self.spider().quarantined(response_of(item.capture), keeping.UNKEPT, keeping.said(error))
        self._keep([replace(held, capture=item.capture)], answers)

    def _name(self, what: str, error: Exception) -> None:
        """Note what is not kept, to be told when the run has ended."""
        self.unkept.append(plain(f"{what}: {keeping.said(error)}"))
        first = len(self.unkept) == 1
        self.spider().logger.error("not kept: %s", self.unkept[-1], exc_info=error if first else None)

    def spider_idle(self, spider: NewsroomSpider) -> None:
        """When the pages have been read: fetch the images of those that gave something new."""
        if self.pictures and not spider.ended:
            self.flush()
            if self.pictures.go_on():
                raise DontCloseSpider

    def spider_closed(self, spider: NewsroomSpider, reason: str) -> None:
        finished = reason == "finished"
        try:
            self._settle(spider)
        except Exception as error:
            spider.logger.exception("%s: its crawl does not end as it should", spider.source.id)
            finished, spider.reason = False, keeping.said(error)
        result = sum_up(spider, self.counts, finished=finished and self.broken is None)
        spider.result = result
        if self.crawl is not None:
            logs.crawl_ended(spider.source.id, result, monotonic() - self.began)
        if not self.broken and self.crawl is not None:
            self._close(spider, self.crawl, result)
        if self.own:
            self.archive.close()

    def _settle(self, spider: NewsroomSpider) -> None:
        """Keep and compare what can be only when the walk has ended."""
        for item in spider.settle_doubts():
            self.process_item(item)
        self.flush()
        with suppress(ArchiveError):  # then nothing is known of the lists
            spider.compare_lists()
        if self.pictures:
            self.pictures.close()
        if self.unkept:
            spider.remark(keeping.told(self.unkept))

    def _close(self, spider: NewsroomSpider, crawl: int, result: Result) -> None:
        """Close the crawl's row; where that fails the next run does."""
        try:
            self._finish(spider, crawl, result)
        except Exception as error:  # noqa: BLE001 - it has to be told of all the same
            said = str(error) if isinstance(error, ArchiveError) else keeping.said(error)
            spider.logger.error("%s", said)  # noqa: TRY400 - one line
            spider.result = replace(result, outcome=Outcome.STOPPED, reason=said, swept=False, whole=False)

    def _finish(self, spider: NewsroomSpider, crawl: int, result: Result) -> None:
        with self.archive.writing() as connection:
            now = datetime.now(UTC)
            crawls.finish(connection, crawl, at=now, result=result)
            if result.outcome is Outcome.UNREACHABLE and spider.source.id in outages.called(connection, now):
                spider.result = replace(result, outcome=Outcome.OUTAGE)
            if result.swept:  # what the answers lead to has all been read
                self._remember(connection, spider)

    def _remember(self, connection: sa.Connection, spider: NewsroomSpider) -> None:
        """Keep what addresses answered; lists called unchanged while others led to something new are not believed."""
        lies = [answer.url for answer in spider.answers.values() if answer.unchanged and self.counts["new"]]
        validators.forget(connection, spider.source.id, lies)
        believed = (answer for answer in spider.answers.values() if answer.url not in lies)
        validators.keep(connection, spider.source.id, believed)

    def spider(self) -> NewsroomSpider:
        spider = self.crawler.spider
        if not isinstance(spider, NewsroomSpider):
            raise TypeError("the archive takes what NewsroomSpider reads")
        return spider


class DryRunPipeline:
    """Counts what a run reads and keeps none of it."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pipeline = cls()
        crawler.signals.connect(pipeline.spider_closed, signal=signals.spider_closed)
        return pipeline

    def process_item(self, item: Any) -> Any:
        if isinstance(item, Unread):
            self.counts["quarantined"] += item.page.body is not None
        elif isinstance(item, Reading):
            self.counts["new"] += 1
        return _told_to_users(item)

    def spider_closed(self, spider: NewsroomSpider, reason: str) -> None:
        spider.result = sum_up(spider, self.counts, finished=reason == "finished")


def _address(item: Item) -> str:
    """What an item is named by to operators."""
    if isinstance(item, Reading):
        return item.article.url
    if isinstance(item, Unread):
        return item.page.url
    if isinstance(item, Listed):
        return f"the list {item.capture.url}" if item.capture else f"a list of {len(item.links)} releases"
    return item.key


def _told_to_users(item: Any) -> Any:
    """What Scrapy's own exports show of an item: the record, without the answer that it was read from."""
    return item.article if isinstance(item, Reading) else item.page if isinstance(item, Unread) else item
