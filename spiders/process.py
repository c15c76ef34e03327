"""One Scrapy process for many crawls at once. Its event loop can be started once in a process of the system."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, cast

from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings
from scrapy.utils.reactor import install_reactor
from twisted.internet.defer import Deferred, DeferredList, DeferredSemaphore
from twisted.internet.error import ReactorNotRunning

from archive import logs
from archive.configuration import read_configuration
from spiders import settings as our_settings
from spiders.guard import Guard

QUIETER = ("scrapy", "twisted")  # at each answer they make lines of DEBUG, which Scrapy's handler would drop
AT_ONCE = 16  # crawls in one process; their requests share CONCURRENT_REQUESTS by host


def crawler_process(*, log_level: str, **changes: Any) -> CrawlerProcess:
    """A process under our settings, of which some are changed. Raises `SpiderError` for a setting that is wrong."""
    logs.configure(read_configuration().log)
    settings = Settings()
    settings.setmodule(our_settings, priority="project")
    settings.update({"LOG_LEVEL": log_level, **changes}, priority="cmdline")
    Guard.from_setting(settings["MONADI_ALLOW_HOSTS"])
    install_reactor(settings["TWISTED_REACTOR"])
    process = CrawlerProcess(settings)
    for name in QUIETER:
        logging.getLogger(name).setLevel(log_level)
    return process


def run(process: CrawlerProcess, crawls: Sequence[Callable[[], Deferred[None]]]) -> None:
    """Run these crawls, some at once, and return when all of them have ended.

    Raises `KeyboardInterrupt` where Ctrl-C met one that was beginning: Scrapy hears of it only once its loop runs.
    """
    gate = DeferredSemaphore(AT_ONCE)
    ends: list[tuple[bool, Any]] = []

    def stop(found: list[tuple[bool, Any]]) -> None:
        ends.extend(found)
        from twisted.internet import reactor  # noqa: PLC0415 - importing it would install another than ours

        with suppress(ReactorNotRunning):
            cast("Any", reactor).stop()

    DeferredList([gate.run(crawl) for crawl in crawls], consumeErrors=True).addCallback(stop)
    if not ends:  # what has ended before the loop runs cannot end it
        process.start(stop_after_crawl=False)
    for succeeded, end in ends:
        if not succeeded and isinstance(end.value, KeyboardInterrupt):
            end.raiseException()
