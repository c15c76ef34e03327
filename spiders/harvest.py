"""Running crawls: many sources at once in one process, each a crawl of its own, reported as they end."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from twisted.internet.defer import Deferred

from archive import Archive, crawls
from archive.crawls import Outcome, Result
from archive.errors import ArchiveError
from sources import Source
from spiders.loader import spider_of
from spiders.newsroom import NewsroomSpider
from spiders.process import crawler_process, run
from spiders.reach import Reach

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What came of one source; `seconds` is the run's own time. One that is `claimed` is being read by another process,
    and was left to it.
    """

    source: Source
    result: Result
    seconds: float
    claimed: bool = False


def harvest(
    archive: Archive,
    offices: Sequence[Source],
    reach: Reach,
    *,
    everything: bool = False,
    dry_run: bool = False,
    log_level: str = "CRITICAL",
    report: Callable[[Report], None] = lambda _: None,
) -> list[Report]:
    """Crawl these sources and return what came of each, in the order in which they ended; then look for copies, and
    close the months that are over.

    Can be called once in a process: Scrapy's event loop cannot be started again. `everything` says that these
    are all the sources that are read. A `dry_run` fetches and reads, and
    keeps nothing. Raises `SpiderError` for a setting or a source's selector that is wrong, before anything is fetched.
    """
    spiders = {office.id: spider_of(office) for office in offices}
    dry = {"ITEM_PIPELINES": {"spiders.pipelines.DryRunPipeline": 100}, "MONADI_DRY_RUN": True} if dry_run else {}
    process = crawler_process(log_level=log_level, **dry)
    reports: list[Report] = []

    def crawl(office: Source) -> Deferred[None]:
        crawler, began = process.create_crawler(spiders[office.id]), time.monotonic()

        def ended(_: Any) -> None:
            spider, seconds = crawler.spider, time.monotonic() - began
            claimed = isinstance(spider, NewsroomSpider) and spider.claimed
            reports.append(Report(source=office, result=_result(spider), seconds=seconds, claimed=claimed))
            report(reports[-1])

        return process.crawl(crawler, archive=None if dry_run else archive, reach=reach).addBoth(ended)

    run(process, [partial(crawl, office) for office in offices])
    if dry_run:
        return reports
    _follow(archive, everything=everything)
    return _with_outage(archive, reports)


def _follow(archive: Archive, *, everything: bool) -> None:
    """What follows from the readings; where the archive does not let us, the next harvest goes on with it."""
    try:
        archive.find_copies()
        archive.follow_timings()
        archive.close_months(settled=everything)
    except ArchiveError as error:
        logger.error("copies are not looked for, charts not brought up to date, months not closed: %s", error)  # noqa: TRY400 - one line


def _with_outage(archive: Archive, reports: list[Report]) -> list[Report]:
    """The reports, in which what a crawl that ended later showed to be an outage is called one."""
    if not any(report.result.outcome is Outcome.UNREACHABLE for report in reports):
        return reports
    with archive.reading() as connection:
        out = {crawl.source for crawl in crawls.latest(connection) if crawl.outcome is Outcome.OUTAGE}
    return [
        replace(report, result=replace(report.result, outcome=Outcome.OUTAGE))
        if report.result.outcome is Outcome.UNREACHABLE and report.source.id in out
        else report
        for report in reports
    ]


def _result(spider: Any) -> Result:
    if isinstance(spider, NewsroomSpider) and spider.result:
        return spider.result
    return Result(outcome=Outcome.STOPPED, reason="the crawl did not start; see the log", swept=False, counts={})
