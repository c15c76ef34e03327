"""From the spider into the archive: batches of readings, and the row that tells of the run."""

from collections import Counter
from collections.abc import Sequence
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
from archive.intake import Saved
from archive.snapshots import Snapshot
from archive.store import open_archive
from spiders import outages
from spiders.claiming import Claiming
from spiders.failures import plain
from spiders.health import History, Verdict, judge
from spiders.history import history_of
from spiders.newsroom import NewsroomSpider
from spiders.pictures import Pictures
from spiders.sightings import Confirmed, Listed, Missed, Reading, Unlisted, Unread

BATCH = 100  # readings, or what else a walk tells, kept in one transaction
WEIGHT = 16 * 2**20  # bytes of the pages that wait to be kept

Told = Listed | Missed | Confirmed | Unlisted
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
    articles, their change rows and what left quarantine. A run that is killed loses nothing that it said was kept, and
    what it had not kept yet is asked for again by the next one. An archive that cannot be written to ends the run.
    """

    def __init__(self, archive: Archive, crawler: Crawler, *, own: bool) -> None:
        self.archive = archive
        self.crawler = crawler
        self.own = own  # opened here, so to be closed here
        self.crawl: int | None = None
        self.began = monotonic()
        self.claiming: Claiming | None = None
        self.pictures: Pictures | None = None
        self.readings: list[Reading] = []
        self.unread: list[Unread] = []
        self.told: list[Told] = []
        self.weight = 0
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
        if isinstance(item, Reading):
            self.readings.append(item)
        elif isinstance(item, Unread):
            self.unread.append(item)
        elif isinstance(item, Told):
            self.told.append(item)
        if isinstance(item, Captured) and item.capture:
            self.weight += len(item.capture.body)
        if len(self.readings) + len(self.unread) + len(self.told) >= BATCH or self.weight >= WEIGHT:
            self.flush()
        return _told_to_users(item)

    def flush(self) -> None:
        """Keep what has been gathered."""
        readings, self.readings = self.readings, []
        unread, self.unread = self.unread, []
        told, self.told = self.told, []
        self.weight = 0
        if self.broken or not (readings or unread or told):
            return
        try:
            kept = self._keep_answers([*readings, *unread, *(each for each in told if isinstance(each, Captured))])
            saved = self._keep(readings, unread, kept)
            self._note(told)
        except ArchiveError as error:
            self.broken = error
            self.spider().logger.error("%s", error)
            self.spider().stop(str(error))
            return
        self.counts.update(str(item.kind) if item.kind else "unchanged" for item in saved)
        for each, item in zip(readings, saved, strict=True):
            if self.pictures and (item.kind or self.spider().reach.full):
                self.pictures.ask(each.article)
        self.counts.update({"quarantined": sum(each.page.body is not None for each in unread)})

    def _keep_answers(self, items: Sequence[Captured]) -> dict[int, Snapshot]:
        """Write what the sites answered, lists once a day; where each is, by the identity of its capture."""
        source = self.spider().source.id
        lists = [replace(each.capture, purpose="list") for each in items if isinstance(each, Listed) and each.capture]
        pages = [each.capture for each in items if not isinstance(each, Listed) and each.capture]
        with self.archive.reading() as connection:
            last = snapshots.last_lists(connection, source, (each.url for each in lists))
            exchanges = [*pages, *snapshots.thinned(lists, last)]
            written = self.archive.snapshots.write(connection, source, exchanges)
        while self.archive.snapshots.recovered:
            self.spider().remark(self.archive.snapshots.recovered.pop())
        return {id(exchange): snapshot for exchange, snapshot in zip(exchanges, written, strict=True)}

    def _keep(self, readings: list[Reading], unread: list[Unread], kept: dict[int, Snapshot]) -> list[Saved]:
        source = self.spider().source.id
        articles = [
            replace(each.article, snapshot=snapshot.record if (snapshot := kept.get(id(each.capture))) else None)
            for each in readings
        ]
        with self.archive.writing() as connection:
            snapshots.index(connection, kept.values())
            saved = intake.save(connection, articles, self.crawl)
            crawls.release(connection, source, self.spider().recovered)
            crawls.hold(connection, [each.page for each in unread], datetime.now(UTC))
        return saved

    def _note(self, told: list[Told]) -> None:
        """Keep what lists and sites said of pages."""
        source, now = self.spider().source.id, datetime.now(UTC)
        sightings = [link for each in told if isinstance(each, Listed) for link in each.links]
        missed = [each.key for each in told if isinstance(each, Missed)]
        confirmed = [each.key for each in told if isinstance(each, Confirmed)]
        unlisted = [each.key for each in told if isinstance(each, Unlisted)]
        if not (sightings or missed or confirmed or unlisted):
            return
        with self.archive.writing() as connection:
            links.seen(connection, source, sightings, now)
            back = absences.listed(connection, source, [link.key for link in sightings], now, self.crawl)
            absences.confirmed(connection, source, confirmed, now)
            gone = absences.missed(connection, source, missed, now, self.crawl)
            off = absences.unlisted(connection, source, unlisted, now, self.crawl)
        self.counts.update({"unchanged": len(confirmed), "missing": len(missed) - len(gone), "gone": len(gone)})
        self.counts.update({"unlisted": len(off), "back": len(back)})

    def spider_idle(self, spider: NewsroomSpider) -> None:
        """When the pages have been read: fetch the images of those that gave something new."""
        if self.pictures and not spider.ended:
            self.flush()
            if self.pictures.go_on():
                raise DontCloseSpider

    def spider_closed(self, spider: NewsroomSpider, reason: str) -> None:
        for item in spider.settle_doubts():
            self.process_item(item)
        self.flush()
        with suppress(ArchiveError):  # then nothing is known of the lists
            spider.compare_lists()
        if self.pictures:
            self.pictures.close()
        result = self._result(spider, reason)
        spider.result = result
        if self.crawl is not None:
            logs.crawl_ended(spider.source.id, result, monotonic() - self.began)
        if not self.broken and self.crawl is not None:
            try:
                self._finish(spider, self.crawl, result)
            except ArchiveError as error:  # the next run closes this one's row
                spider.logger.error("%s", error)  # noqa: TRY400 - one line
                spider.result = replace(result, outcome=Outcome.STOPPED, reason=str(error), swept=False, whole=False)
        if self.own:
            self.archive.close()

    def _finish(self, spider: NewsroomSpider, crawl: int, result: Result) -> None:
        with self.archive.writing() as connection:
            now = datetime.now(UTC)
            crawls.finish(connection, crawl, at=now, result=result)
            if result.outcome is Outcome.UNREACHABLE and spider.source.id in outages.called(connection, now):
                spider.result = replace(result, outcome=Outcome.OUTAGE)
            if result.swept:  # what the answers lead to has all been read
                self._remember(connection, spider)

    def _result(self, spider: NewsroomSpider, reason: str) -> Result:
        return sum_up(spider, self.counts, finished=reason == "finished" and self.broken is None)

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


def _told_to_users(item: Any) -> Any:
    """What Scrapy's own exports show of an item: the record, without the answer that it was read from."""
    return item.article if isinstance(item, Reading) else item.page if isinstance(item, Unread) else item
