"""What the newest crawl of every source did, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from archive.alarms import Alarm
from archive.crawls import Crawl
from archive.orders import Order, Why
from syndication.web import dates
from syndication.web.language import Language
from syndication.web.room import Room

FAILED: Final = ("failed/", "unlisted/", "barred/")  # counts of requests, each with its class
MOODS = ("fine", "failed", "running")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One source; `mood` is failed, running or fine, `why` says what its next visit follows from."""

    source: str
    name: str
    mood: str
    outcome: str
    reason: str | None
    date: dates.Shown
    counts: list[tuple[str, int]]
    kept: int
    quarantined: int
    success: dates.Shown | None
    visit: dates.Shown | None
    why: str
    why_word: str


def lines(
    newest: Iterable[Crawl],
    room: Room,
    *,
    kept: Mapping[str, int],
    quarantined: Mapping[str, int],
    successes: Mapping[str, datetime],
    standing: Mapping[str, Order],
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
            counts=_counted(crawl, language),
            kept=kept.get(crawl.source, 0),
            quarantined=quarantined.get(crawl.source, 0),
            success=_moment(successes.get(crawl.source), language),
            **next_visit(standing.get(crawl.source), language),
        )
        for crawl in newest
    ]
    return sorted(found, key=lambda line: (line.mood != "failed", line.name))


def _counted(crawl: Crawl, language: Language) -> list[tuple[str, int]]:
    """What a crawl counted that there is a word for: what health is judged by says nothing to readers. Requests that
    failed are told in one number, where they are a trouble.
    """
    told = {name: count for name, count in crawl.counts.items() if count and name in language.say["crawl_counts"]}
    failed = sum(count for name, count in crawl.counts.items() if name.startswith(FAILED))
    if failed and crawl.outcome and crawl.outcome.trouble:
        told["failed"] = failed
    return [(language.word("crawl_counts", name), count) for name, count in told.items()]


def summary(lines: Iterable[Line], language: Language) -> str:
    """«۳۱ منبع خوانده شده: ۲۹ درست، ۲ با گرفتاری»."""
    said, moods = language.say["status"], [line.mood for line in lines]
    if not moods:
        return said["none_read"]
    parts = [said[mood].format(language.number(moods.count(mood))) for mood in MOODS if mood in moods]
    comma = "، " if language.is_persian else ", "
    return said["read"].format(language.counted("source", len(moods)), comma.join(parts))


def next_visit(order: Order | None, language: Language) -> dict[str, Any]:
    """`visit`, None where there is none or it is due at once, and `why`, as a name and as a word ("" for unknown)."""
    why = ""
    if order:
        why = Why.PAUSED if order.paused_since else Why.WANTED if order.wanted_since else ""
        why = str(why or (order.visit.why if order.visit else ""))
    at = order.visit.at if order and order.visit and why not in (Why.PAUSED, Why.WANTED) else None
    return {"visit": _moment(at, language), "why": why, "why_word": language.word("reasons", why) if why else ""}


def _moment(moment: datetime | None, language: Language) -> dates.Shown | None:
    return dates.of_moment(moment, language) if moment else None


def mood(crawl: Crawl) -> str:
    """One of `MOODS`."""
    if crawl.outcome is None:
        return "running"
    return "failed" if crawl.outcome.trouble else "fine"


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """An alarm that stands; `names` are those of its sources, "" where there are none, `anchor` leads to the table."""

    matter: str
    names: str
    since: dates.Shown
    evidence: str
    source: str


NAMED: Final = 5


def alarms(standing: Iterable[Alarm], room: Room) -> list[Standing]:
    """What operators are told of, the oldest first."""
    return [
        Standing(
            matter=room.language.word("matters", alarm.matter),
            names=_names(alarm.sources, room),
            since=dates.of_moment(alarm.since, room.language),
            evidence=alarm.evidence,
            source=alarm.sources[0] if len(alarm.sources) == 1 else "",
        )
        for alarm in standing
    ]


def _names(sources: Sequence[str], room: Room) -> str:
    if len(sources) > NAMED:
        return room.language.counted("source", len(sources))
    comma = "، " if room.language.is_persian else ", "
    return comma.join(_name(source, room) for source in sources)


def _name(source: str, room: Room) -> str:
    known = room.catalogue.sources.get(source)
    return room.language.name_of(known) if known else source
