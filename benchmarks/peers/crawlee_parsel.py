# ruff: noqa: INP001, T201 - a program of its own
"""crawlee's ParselCrawler over a list of addresses: `python crawlee_parsel.py ADDRESSES SELECTORS`.

SELECTORS is JSON: of each host, of each field, the CSS selectors of which the first that finds something is taken.
What is read is pushed to crawlee's dataset, which is a file for each. Prints how many pages had a title and a body.
"""

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from crawlee import ConcurrencySettings
from crawlee.crawlers import ParselCrawler, ParselCrawlingContext


async def main(addresses: list[str], selectors: dict[str, dict[str, list[str]]]) -> None:
    crawler = ParselCrawler(
        max_request_retries=0,
        request_handler_timeout=timedelta(seconds=60),
        concurrency_settings=ConcurrencySettings(desired_concurrency=16, max_concurrency=16),
        configure_logging=False,
    )
    read = 0

    @crawler.router.default_handler
    async def handle(context: ParselCrawlingContext) -> None:
        nonlocal read
        record = {"url": context.request.url}
        for field, tried in selectors[urlsplit(context.request.url).hostname].items():
            found = next((nodes for css in tried if (nodes := context.selector.css(css))), [])
            record[field] = "\n".join(" ".join(node.css("::text").getall()).strip() for node in found)
        read += bool(record["title"] and record["body"])
        await context.push_data(record)

    await crawler.run(addresses)
    print(read)


asyncio.run(main(Path(sys.argv[1]).read_text("ascii").split(), json.loads(Path(sys.argv[2]).read_text("utf-8"))))
