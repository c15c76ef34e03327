"""The process that crawls: every office of a catalogue once, at the same time, and then what came of each.

Prints a JSON value a line: one for each office (`Came` without the addresses it was asked for), and then the process's
peak of resident memory and the seconds it took.
"""

import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa


def _main(settings: str, visits: str) -> None:
    from twisted.internet.defer import inlineCallbacks  # noqa: PLC0415 - Scrapy has to choose the reactor first

    from archive import Query  # noqa: PLC0415
    from archive.configuration import read_configuration  # noqa: PLC0415
    from archive.store import open_archive  # noqa: PLC0415
    from archive.tables import quarantine  # noqa: PLC0415
    from sources import Catalogue  # noqa: PLC0415
    from spiders.loader import spider_of  # noqa: PLC0415
    from spiders.process import crawler_process, run  # noqa: PLC0415
    from spiders.reach import Reach  # noqa: PLC0415

    configuration = read_configuration()
    catalogue = Catalogue.load(configuration.data)
    process = crawler_process(**{"log_level": "WARNING", **json.loads(settings)})
    archive = open_archive(configuration)
    archive.upgrade()
    results: dict[str, Any] = {}

    def crawls(office: Any) -> Any:
        @inlineCallbacks
        def crawl() -> Iterator[Any]:
            for _ in range(int(visits)):
                began = time.monotonic()
                crawler = process.create_crawler(spider_of(office))
                yield process.crawl(crawler, archive=archive, reach=Reach())
                spider: Any = crawler.spider
                results[office.id] = (spider.result, time.monotonic() - began)

        return crawl

    run(process, [crawls(office) for office in catalogue.sources.values()])
    articles = list(archive.articles(Query()))
    with archive.reading() as connection:
        held = connection.execute(sa.select(quarantine.c.source, quarantine.c.url, quarantine.c.kind)).all()
    for office in catalogue.sources.values():
        result, seconds = results[office.id]
        came = {
            "office": office.id,
            "outcome": result.outcome,
            "reason": result.reason,
            "counts": dict(result.counts),
            "seconds": seconds,
            "articles": {each.article.url: each.to_dict() for each in articles if each.article.source == office.id},
            "held": {row.url: row.kind for row in held if row.source == office.id},
        }
        sys.stdout.write(json.dumps(came, ensure_ascii=True) + "\n")
    archive.close()
    sys.stdout.write(json.dumps({"megabytes": _peak(), "seconds": time.process_time()}) + "\n")


def _peak() -> float:
    """The most memory that this process has had, in MB; `getrusage` counts what it was forked from."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    _main(*sys.argv[1:])
