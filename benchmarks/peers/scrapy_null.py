# ruff: noqa: INP001, T201 - a program of its own
"""Stock Scrapy over a list of addresses, its callback doing nothing: `python scrapy_null.py ADDRESSES [SETTINGS]`.

SETTINGS, a module, are taken in the place of Scrapy's own. Prints how many answers came.
"""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings

ADDRESSES = Path(sys.argv[1]).read_text("ascii").split()


class NullSpider(scrapy.Spider):
    """Asks for every address once."""

    name = "null"
    answers = 0
    source: Any = None

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for address in ADDRESSES:
            yield scrapy.Request(address, dont_filter=True)

    def parse(self, _response: Any) -> None:
        NullSpider.answers += 1


settings = Settings({"LOG_LEVEL": "WARNING"})
if len(sys.argv) > 2:  # noqa: PLR2004
    settings.setmodule(sys.argv[2], priority="project")
    ours = {"LOG_LEVEL": "WARNING", "ITEM_PIPELINES": {}, "ROBOTSTXT_OBEY": False}
    ours |= {"MONADI_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 8}  # the pace that the catalogue states
    ours |= {"SPIDER_MODULES": [], "SPIDER_LOADER_CLASS": Settings()["SPIDER_LOADER_CLASS"]}  # none but this one
    settings.update(ours, priority="cmdline")
process = CrawlerProcess(settings)
process.crawl(NullSpider)
process.start()
print(NullSpider.answers)
