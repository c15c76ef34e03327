"""Running crawls: many sources at once in one process, each a crawl of its own, reported as they end."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

from scrapy.crawler import Crawler
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from archive import Archive, crawls
from archive.crawls import Outcome, Result
from archive.following import follow_up
from persian.addresses import readable_in
from sources import Source
from spiders.loader import spider_of
from spiders.newsroom import NewsroomSpider
from spiders.process import crawler_process, run
from spiders.reach import Reach

NAMED = (
    "new",
    "revised",
    "reread",
    "back",
    "gone",
    "missing",
    "unlisted",
    "unchanged",
    "older",
    "quarantined",
    "images",
)
"""The counts that a line about a crawl tells of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What came of one source; `seconds` is the run's own time. One that is `claimed` is being read by another process,
    and was left to it.
    """

    source: Source
    result: Result
    seconds: float
    claimed: bool = False

    def __str__(self) -> str:
        """One line: "mcls-yazd: ok, 3 new, 1 unchanged, 4.2 s"."""
        result = self.result
        if self.claimed:
            return f"{result.reason}, and was left to it"
        counts = ", ".join(f"{result.counts.get(n, 0)} {n}" for n in NAMED if result.counts.get(n) or n == "new")
        said = "; ".join(filter(None, (result.reason, self.source.leniency)))
        reason = f" ({readable_in(said)})" if said else ""
        return f"{self.source.id}: {result.outcome}, {counts}, {self.seconds:.1f} s{reason}"


def harvest(
    archive: Archive,
    offices: Sequence[Source],
    reach: Reach,
    *,
    everything: bool = False,
    dry_run: bool = False,
    follow: bool = True,
    seconds: float | None = None,
    log_level: str = "CRITICAL",
    report: Callable[[Report], None] = lambda _: None,
) -> list[Report]:
    """Crawl these sources and return what came of each, in the order in which they ended; then look for copies, and
    close the months that are over.

    Can be called once in a process: Scrapy's event loop cannot be started again. `everything` says that these
    are all the sources that are read. Without `follow` copies and months are left to whoever does it
    (`archive.following`). A crawl that lasts `seconds` is stopped; the next one goes on. A `dry_run` fetches
    and reads, and keeps nothing. Raises `SpiderError` for a setting or a source's selector that is wrong, before
    anything is fetched.
    """
    spiders = {office.id: spider_of(office) for office in offices}
    dry = {"ITEM_PIPELINES": {"spiders.pipelines.DryRunPipeline": 100}, "MONADI_DRY_RUN": True} if dry_run else {}
    process = crawler_process(log_level=log_level, **dry)
    reports: list[Report] = []

    def crawl(office: Source) -> Deferred[None]:
        crawler, began = process.create_crawler(spiders[office.id]), time.monotonic()

        def ended(end: Any) -> Any:
            if isinstance(end, Failure) and isinstance(end.value, KeyboardInterrupt):
                return end
            spider, seconds = crawler.spider, time.monotonic() - began
            claimed = isinstance(spider, NewsroomSpider) and spider.claimed
            reports.append(Report(source=office, result=_result(spider), seconds=seconds, claimed=claimed))
            report(reports[-1])
            return None

        if seconds is not None:
            _stop_after(seconds, crawler)
        return process.crawl(crawler, archive=None if dry_run else archive, reach=reach).addBoth(ended)

    run(process, [partial(crawl, office) for office in offices])
    if dry_run:
        return reports
    if follow:
        follow_up(archive, settled=everything)
    return _with_outage(archive, reports)


def _stop_after(seconds: float, crawler: Crawler) -> None:
    from twisted.internet import reactor  # noqa: PLC0415 - importing it would install another than ours

    def stop() -> None:
        if isinstance(crawler.spider, NewsroomSpider):
            crawler.spider.stop(
                f"it took more than {seconds / 60:.3g} minutes, which is the limit; the next run goes on"
            )

    cast("Any", reactor).callLater(seconds, stop)


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
