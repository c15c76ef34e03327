"""From the spider into the archive: batches of readings, and the row that tells of the run."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any, Self

import sqlalchemy as sa
from scrapy import signals
from scrapy.crawler import Crawler

from archive import Archive, Article, absences, crawls, intake, links, validators
from archive.configuration import read_configuration
from archive.crawls import Quarantined, Result
from archive.errors import ArchiveError
from archive.intake import Saved
from archive.store import open_archive
from spiders.health import judge
from spiders.newsroom import NewsroomSpider
from spiders.sightings import Confirmed, Listed, Missed, Unlisted

BATCH = 100  # readings, or what else a walk tells, kept in one transaction


def sum_up(spider: NewsroomSpider, kept: Counter[str], *, finished: bool) -> Result:
    """What a run came to, from what its spider counted and what became of its readings."""
    counts = {name: count for name, count in sorted({**spider.counts, **kept}.items()) if count}
    outcome, reason = judge(counts, finished=finished, reason=spider.reason)
    reason = "; ".join(filter(None, (reason, *spider.remarks))) or None
    swept = finished and not outcome.failed and not spider.reach.partial and not spider.listing_failures
    return Result(outcome=outcome, reason=reason, swept=swept, counts=counts, whole=swept and spider.is_whole)


class ArchivePipeline:
    """Keeps `Article` and `Quarantined` records and what else a walk tells, and opens and closes the crawl's own row.

    A batch is one transaction: its articles, their change rows and what left quarantine. A run that is killed loses
    nothing that it said was kept, and what it had not kept yet is asked for again by the next one. An archive that
    cannot be written to ends the run.
    """

    def __init__(self, archive: Archive, crawler: Crawler, *, own: bool) -> None:
        self.archive = archive
        self.crawler = crawler
        self.own = own  # opened here, so to be closed here
        self.crawl: int | None = None
        self.readings: list[Article] = []
        self.held: list[Quarantined] = []
        self.told: list[Listed | Missed | Confirmed | Unlisted] = []
        self.counts: Counter[str] = Counter()
        self.broken: ArchiveError | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        shared = crawler.spider.archive if isinstance(crawler.spider, NewsroomSpider) else None
        pipeline = cls(shared or open_archive(read_configuration()), crawler, own=shared is None)
        crawler.signals.connect(pipeline.spider_closed, signal=signals.spider_closed)
        return pipeline

    def open_spider(self) -> None:
        if self.own:
            self.archive.upgrade()
        spider = self.spider()
        spider.archive = self.archive
        with self.archive.writing() as connection:
            crawls.register(connection, [spider.source])
            self.crawl = crawls.begin(connection, spider.source.id, datetime.now(UTC))

    def process_item(self, item: Any) -> Any:
        if isinstance(item, Article):
            self.readings.append(item)
        elif isinstance(item, Quarantined):
            self.held.append(item)
        elif isinstance(item, Listed | Missed | Confirmed | Unlisted):
            self.told.append(item)
        if len(self.readings) + len(self.held) + len(self.told) >= BATCH:
            self.flush()
        return item

    def flush(self) -> None:
        """Keep what has been gathered."""
        readings, self.readings = self.readings, []
        held, self.held = self.held, []
        told, self.told = self.told, []
        if self.broken or not (readings or held or told):
            return
        try:
            saved = self._keep(readings, held)
            self._note(told)
        except ArchiveError as error:
            self.broken = error
            self.spider().logger.error("%s", error)
            self.spider().stop(str(error))
            return
        self.counts.update(str(item.kind) if item.kind else "unchanged" for item in saved)
        self.counts.update({"quarantined": sum(page.body is not None for page in held)})

    def _keep(self, readings: list[Article], held: list[Quarantined]) -> list[Saved]:
        source = self.spider().source.id
        with self.archive.writing() as connection:
            saved = intake.save(connection, readings, self.crawl)
            crawls.release(connection, source, self.spider().recovered)
            crawls.hold(connection, held, datetime.now(UTC))
        return saved

    def _note(self, told: list[Listed | Missed | Confirmed | Unlisted]) -> None:
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

    def spider_closed(self, spider: NewsroomSpider, reason: str) -> None:
        self.flush()
        result = self._result(spider, reason)
        spider.result = result
        if not self.broken and self.crawl is not None:
            with self.archive.writing() as connection:
                crawls.finish(connection, self.crawl, at=datetime.now(UTC), result=result)
                if result.swept:  # what the answers lead to has all been read
                    self._remember(connection, spider)
        if self.own:
            self.archive.close()

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
        if isinstance(item, Quarantined):
            self.counts["quarantined"] += item.body is not None
        elif isinstance(item, Article):
            self.counts["new"] += 1
        return item

    def spider_closed(self, spider: NewsroomSpider, reason: str) -> None:
        spider.result = sum_up(spider, self.counts, finished=reason == "finished")
