"""A source's own past as crawls are judged by it, from the archive, in three queries."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

import sqlalchemy as sa

from archive import articles, crawls
from archive.crawls import Crawl, Outcome
from archive.habits import habits
from spiders.drift import SUMMED
from spiders.health import ABSENT, History, Standing

MEMORY: Final = timedelta(days=60)
"""How far back crawls are summed: a change that an office has made for good is what is usual after so long."""
CRAWLS: Final = 400
PAGES: Final = 400  # of good crawls, after which older ones are not summed
RECENT: Final = 6  # pages of the newest crawls, that are judged together with those of a crawl
GOOD: Final = frozenset({Outcome.OK, Outcome.QUIET, Outcome.SILENT, Outcome.DEGRADED})


def history_of(connection: sa.Connection, source: str, now: datetime) -> History:
    """The past of a source before a crawl that begins now."""
    past = past_of(crawls.finished(connection, source, now - MEMORY, CRAWLS))
    habit = habits(connection, now, [source]).get(source)
    return replace(past, habit=habit, newest=articles.last_out(connection, source, now))


def past_of(newest_first: list[Crawl]) -> History:
    """What crawls say of a source; a function of them."""
    good, last, recent, runs = Counter[str](), list[Mapping[str, int]](), 0, 0
    for crawl in newest_first:
        counts = crawl.counts
        pages = counts.get("read", 0) + counts.get("quarantined", 0)
        if pages and not good.get("read") and recent + pages <= RECENT:
            recent += pages
            last.append({name: number for name, number in counts.items() if name in SUMMED})
        elif crawl.outcome in GOOD:
            runs += 1
            for name, number in counts.items():
                if name in SUMMED:
                    good[name] += number
            if pages and good["read"] >= PAGES:
                break
    looked = next((crawl.started_at for crawl in newest_first if crawl.counts.get("second-looks")), None)
    return History(
        good=good,
        last=tuple(last),
        runs=runs,
        standing=_standing(newest_first),
        looked=looked,
        feedless=_feedless(newest_first),
    )


def _feedless(newest_first: list[Crawl]) -> datetime | None:
    """When the newest visit asked for feeds, where it and some before it found that there is none."""
    of_feeds = (crawl for crawl in newest_first if crawl.counts.get("feeds") or crawl.counts.get("feeds-absent"))
    asked = list(islice(of_feeds, ABSENT))
    in_vain = len(asked) == ABSENT and not any(crawl.counts.get("feeds") for crawl in asked)
    return asked[0].started_at if in_vain else None


def _standing(newest_first: list[Crawl]) -> Standing | None:
    """What the newest crawl that read anything ended as, where that is a trouble."""
    told = next((crawl for crawl in newest_first if crawl.outcome and not crawl.outcome.failed), None)
    if told is None or told.outcome not in (Outcome.DRIFTED, Outcome.DEGRADED):
        return None
    return Standing(outcome=told.outcome, kind=told.kind or "layout", reason=told.reason)
