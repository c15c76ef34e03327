"""Whether it is the network that is down and not the offices: judged of the crawls of all processes together."""

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

import sqlalchemy as sa

from archive import crawls
from archive.crawls import Crawl, Outcome
from archive.tables import sources
from spiders.health import is_outage

WINDOW: Final = timedelta(minutes=30)  # in which the newest crawls of different hosts are taken together
HOSTS: Final = 10  # so many of them, the newest: an outage of many sources is not to wait until half an hour is over
AWAY: Final = (Outcome.UNREACHABLE, Outcome.OUTAGE)
ANSWERED: Final = frozenset({"tls-expired", "tls-host", "tls-old"})
"""Classes of a host that was reached, and whose certificate or ciphers are at fault."""


def called(connection: sa.Connection, now: datetime) -> set[str]:
    """Call what ended as unreachable within the window an outage, if most of the newest hosts did; returns those
    sources' ids.

    Several sources of one host count once, and as unreachable when none of them could be reached.
    """
    lately = [crawl for crawl in crawls.latest(connection) if crawl.finished_at and now - crawl.finished_at <= WINDOW]
    told = [crawl for crawl in lately if crawl.outcome and crawl.outcome is not Outcome.STOPPED]
    urls = {row.id: row.url for row in connection.execute(sa.select(sources.c.id, sources.c.url))}
    if not is_outage(_by_host(told, urls)):
        return set()
    away = {crawl.source for crawl in told if _is_away(crawl)}
    crawls.call_outage(connection, sorted(away))
    return away


def _by_host(told: list[Crawl], urls: dict[str, str]) -> list[Outcome]:
    """What the hosts came to whose crawls ended last."""
    hosts: dict[str, list[Crawl]] = defaultdict(list)
    for crawl in sorted(told, key=lambda each: each.finished_at or each.started_at, reverse=True):
        hosts[urlsplit(urls[crawl.source]).netloc.removeprefix("www.")].append(crawl)
    return [
        Outcome.UNREACHABLE if all(map(_is_away, of_host)) else Outcome.OK for of_host in islice(hosts.values(), HOSTS)
    ]


def _is_away(crawl: Crawl) -> bool:
    return crawl.outcome in AWAY and crawl.kind not in ANSWERED
