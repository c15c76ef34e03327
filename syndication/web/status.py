"""What the newest crawl of every source did, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archive.crawls import Crawl
from persian.text import persian_digits
from sources import Catalogue
from syndication.web import dates
from syndication.web.words import COUNTS, OUTCOMES, RUNNING, word


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One source; `mood` is failed, running or fine."""

    source: str
    name: str
    mood: str
    outcome: str
    reason: str | None
    date: dates.Shown
    counts: list[tuple[str, int]]
    kept: int
    quarantined: int


def lines(
    newest: Iterable[Crawl], catalogue: Catalogue, *, kept: Mapping[str, int], quarantined: Mapping[str, int]
) -> list[Line]:
    """A line a source that was ever read, the failed ones first."""
    found = [
        Line(
            source=crawl.source,
            name=_name(crawl.source, catalogue),
            mood=_mood(crawl),
            outcome=word(OUTCOMES, crawl.outcome) if crawl.outcome else RUNNING,
            reason=crawl.reason,
            date=dates.of_moment(crawl.finished_at or crawl.started_at),
            counts=[(word(COUNTS, name), count) for name, count in crawl.counts.items() if count],
            kept=kept.get(crawl.source, 0),
            quarantined=quarantined.get(crawl.source, 0),
        )
        for crawl in newest
    ]
    return sorted(found, key=lambda line: (line.mood != "failed", line.name))


def summary(lines: Iterable[Line]) -> str:
    """«۳۱ منبع خوانده شده: ۲۹ درست، ۲ با گرفتاری»."""
    moods = [line.mood for line in lines]
    if not moods:
        return "هنوز هیچ منبعی خوانده نشده است."
    named = (("fine", "درست"), ("failed", "با گرفتاری"), ("running", "نیمه\u200cتمام"))
    parts = [f"{moods.count(mood)} {name}" for mood, name in named if mood in moods]
    return persian_digits(f"{len(moods)} منبع خوانده شده: {'، '.join(parts)}")


def _name(source: str, catalogue: Catalogue) -> str:
    known = catalogue.sources.get(source)
    return known.name_fa if known else source


def _mood(crawl: Crawl) -> str:
    if crawl.outcome is None:
        return "running"
    return "failed" if crawl.outcome.failed else "fine"
