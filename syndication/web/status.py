"""What the newest crawl of every source did, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archive.crawls import Crawl
from syndication.web import dates
from syndication.web.language import Language
from syndication.web.room import Room

MOODS = ("fine", "failed", "running")


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
    newest: Iterable[Crawl], room: Room, *, kept: Mapping[str, int], quarantined: Mapping[str, int]
) -> list[Line]:
    """A line a source that was ever read, the failed ones first."""
    language = room.language
    found = [
        Line(
            source=crawl.source,
            name=_name(crawl.source, room),
            mood=mood(crawl),
            outcome=language.word("outcomes", crawl.outcome or "running"),
            reason=crawl.reason,
            date=dates.of_moment(crawl.finished_at or crawl.started_at, language),
            counts=[(language.word("crawl_counts", name), count) for name, count in crawl.counts.items() if count],
            kept=kept.get(crawl.source, 0),
            quarantined=quarantined.get(crawl.source, 0),
        )
        for crawl in newest
    ]
    return sorted(found, key=lambda line: (line.mood != "failed", line.name))


def summary(lines: Iterable[Line], language: Language) -> str:
    """«۳۱ منبع خوانده شده: ۲۹ درست، ۲ با گرفتاری»."""
    said, moods = language.say["status"], [line.mood for line in lines]
    if not moods:
        return said["none_read"]
    parts = [said[mood].format(language.number(moods.count(mood))) for mood in MOODS if mood in moods]
    comma = "، " if language.is_persian else ", "
    return said["read"].format(language.counted("source", len(moods)), comma.join(parts))


def mood(crawl: Crawl) -> str:
    """One of `MOODS`."""
    if crawl.outcome is None:
        return "running"
    return "failed" if crawl.outcome.failed else "fine"


def _name(source: str, room: Room) -> str:
    known = room.catalogue.sources.get(source)
    return room.language.name_of(known) if known else source
