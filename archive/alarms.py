"""Alarms: troubles that an operator is told of, from the first message to the last.

What is in trouble now follows from the newest crawls (`troubles`); what is to be told of it follows from that and from
what stands (`reconcile`), a pure function of both and the clock, so that whoever looks, and however often, tells the
same once. There is no alarm of a page. An alarm opens when a source has been in the same kind of trouble at two visits
in a row, at once where one visit proves it (`AT_ONCE`); it is reminded of after a day, then after three, then weekly;
it is resolved when all is well. Many at once are one alarm: an outage, or a platform whose sources drift or come up
empty on one day.

What comes and goes is not told each time. A trouble that is back within three days is a relapse: its alarm opens again,
and the next time is only resolved when all has been well for six hours, then twelve, and so on up to a week.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from archive.article import stamp
from archive.crawls import Outcome
from archive.database import among
from archive.tables import alarm_events, alarms, crawls, sources

VISITS: Final = 2  # in a row that an outcome is met at before it is told of
REMINDERS: Final = (timedelta(days=1), timedelta(days=3), timedelta(days=7))  # the last of them over and over
RELAPSE: Final = timedelta(days=3)  # after an alarm was resolved, in which the same trouble opens it again
CALM: Final = timedelta(hours=6)  # that all has to be well after a first relapse; twice that after each further one
LONGEST_CALM: Final = timedelta(days=7)
MANY: Final = 3  # sources of a platform in the same trouble, from which on it is the platform's
TOGETHER: Final = timedelta(days=1)  # in which they got into it
KEPT: Final = timedelta(days=400)  # that the history of an alarm is kept after it was resolved


class Matter(StrEnum):
    """What an alarm is of: how crawls ended, as in `Outcome`, or something else that keeps Monadi from its work."""

    SILENT = "silent"
    DEGRADED = "degraded"
    DRIFTED = "drifted"
    EMPTY = "empty"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    OUTAGE = "outage"
    FEEDS = "feeds"  # leave releases out
    SCHEDULE = "schedule"  # visits are due, and no crawl begins
    WORKERS = "workers"  # crawls wait, and nobody takes them
    DISK = "disk"  # is nearly full
    ARCHIVE = "archive"  # does not answer

    @property
    def urgent(self) -> bool:
        """Whether it is told of in quiet hours too: all is lost as long as it lasts."""
        return self in (Matter.OUTAGE, Matter.SCHEDULE, Matter.WORKERS, Matter.DISK, Matter.ARCHIVE)


AT_ONCE: Final = frozenset({Matter.SILENT, Matter.DRIFTED})  # one visit proves them
SHARED: Final = frozenset({Matter.DRIFTED, Matter.EMPTY})  # which a platform's sources have in common


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """Something that is wrong now, instants in UTC.

    `subject` says of what: a source's id, and nothing for what there is once. `evidence` is a line in English.
    `platform` is that of the source.
    """

    matter: Matter
    since: datetime
    evidence: str
    subject: str = ""
    platform: str = ""
    sources: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """By which it is known again; what is wrong with a source may change, it is the source's trouble all along."""
        return f"source/{self.subject}" if self.subject else str(self.matter)


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """A trouble that an operator is or was told of, instants in UTC.

    `since` is when the trouble began, `told_at` when it was last told of, `reminders` how often since it opened.
    `well_since` is set where all is well by now, and it is not believed yet. `id` is None until it is kept.
    """

    key: str
    matter: Matter
    since: datetime
    opened_at: datetime
    told_at: datetime
    evidence: str
    sources: tuple[str, ...] = ()
    reminders: int = 0
    relapses: int = 0
    well_since: datetime | None = None
    resolved_at: datetime | None = None
    id: int | None = None

    @property
    def standing(self) -> bool:
        return self.resolved_at is None

    @property
    def subject(self) -> str:
        """The source or the platform that it is of; nothing where it is of neither."""
        return self.key.split("/")[1] if "/" in self.key else ""

    @property
    def of_platform(self) -> bool:
        return self.key.startswith("platform/")

    def to_dict(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "matter": str(self.matter),
            "since": stamp(self.since),
            "opened_at": stamp(self.opened_at),
            "reminders": self.reminders,
            "relapses": self.relapses,
            "resolved_at": self.resolved_at and stamp(self.resolved_at),
            "evidence": self.evidence,
            "sources": list(self.sources),
        }


class Event(StrEnum):
    """What happened to an alarm."""

    OPENED = "opened"
    REMINDED = "reminded"
    RESOLVED = "resolved"
    JOINED = "joined"  # it is part of a greater one from now on, and no more told of by itself


@dataclass(frozen=True, kw_only=True, slots=True)
class Reconciled:
    """Alarms as they are from now on: those to be told of, by what happened to them, those that go on in a greater one,
    and those of which only what is known has changed.
    """

    opened: tuple[Alarm, ...] = ()
    reminded: tuple[Alarm, ...] = ()
    resolved: tuple[Alarm, ...] = ()
    joined: tuple[Alarm, ...] = ()
    changed: tuple[Alarm, ...] = ()

    @property
    def anything(self) -> bool:
        return any((self.opened, self.reminded, self.resolved, self.joined, self.changed))

    @property
    def events(self) -> list[tuple[Event, Alarm]]:
        return [
            *((Event.OPENED, alarm) for alarm in self.opened),
            *((Event.REMINDED, alarm) for alarm in self.reminded),
            *((Event.RESOLVED, alarm) for alarm in self.resolved),
            *((Event.JOINED, alarm) for alarm in self.joined),
        ]


def reconcile(known: Iterable[Alarm], troubles: Iterable[Trouble], now: datetime) -> Reconciled:
    """What is to be told now. `known` are the alarms that stand, and those resolved within `RELAPSE` (see `read`)."""
    newest = {alarm.key: alarm for alarm in sorted(known, key=lambda alarm: alarm.opened_at)}
    found = {trouble.key: trouble for trouble in _grouped(troubles, newest)}
    there = [_met(newest.get(key), trouble, now) for key, trouble in found.items()]
    shared = {source for trouble in found.values() if isinstance(trouble, _Group) for source in trouble.sources}
    over = [_passed(alarm, shared, now) for key, alarm in newest.items() if key not in found and alarm.standing]
    by_event: dict[Event | None, list[Alarm]] = defaultdict(list)
    for event, alarm in (*there, *over):
        by_event[event].append(alarm)
    before = set(newest.values())
    return Reconciled(
        opened=tuple(by_event[Event.OPENED]),
        reminded=tuple(by_event[Event.REMINDED]),
        resolved=tuple(by_event[Event.RESOLVED]),
        joined=tuple(by_event[Event.JOINED]),
        changed=tuple(alarm for alarm in by_event[None] if alarm not in before),
    )


def _met(alarm: Alarm | None, trouble: Trouble, now: datetime) -> tuple[Event | None, Alarm]:
    """What becomes of the alarm of a trouble that is there."""
    if alarm is None or (alarm.resolved_at and now - alarm.resolved_at >= RELAPSE):
        return Event.OPENED, _opened(trouble, now)
    if alarm.resolved_at:
        return Event.OPENED, _relapsed(alarm, trouble, now)
    current = _current(alarm, trouble)
    if now - alarm.told_at >= _wait(alarm, current):
        return Event.REMINDED, replace(current, told_at=now, reminders=alarm.reminders + 1)
    return None, current


def _passed(alarm: Alarm, shared: Collection[str], now: datetime) -> tuple[Event | None, Alarm]:
    """What becomes of an alarm whose trouble is there no more, or is shared by these sources."""
    if alarm.sources and set(alarm.sources) <= set(shared):
        return Event.JOINED, replace(alarm, resolved_at=now, well_since=None)
    well_since = alarm.well_since or now
    if now - well_since >= _calm(alarm):
        return Event.RESOLVED, replace(alarm, resolved_at=now, well_since=well_since)
    return None, replace(alarm, well_since=well_since)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Group(Trouble):
    """The same trouble of many sources of a platform."""

    @property
    def key(self) -> str:
        return f"platform/{self.subject}/{self.matter}"


def _grouped(troubles: Iterable[Trouble], known: Mapping[str, Alarm]) -> list[Trouble]:
    """The troubles, those that a platform's sources share as one; who is in a group stays in it while it stands."""
    alone: list[Trouble] = []
    shared: dict[tuple[str, Matter], list[Trouble]] = defaultdict(list)
    for trouble in troubles:
        if trouble.subject and trouble.platform and trouble.matter in SHARED:
            shared[trouble.platform, trouble.matter].append(trouble)
        else:
            alone.append(trouble)
    for (platform, matter), each in shared.items():
        standing = known.get(f"platform/{platform}/{matter}")
        members = _together(each, standing.sources if standing and standing.standing else ())
        alone += [trouble for trouble in each if trouble not in members]
        if members:
            alone.append(_group(platform, matter, members))
    return alone


def _together(troubles: Sequence[Trouble], already: Collection[str]) -> list[Trouble]:
    """Those that are one: what is already, and who got into it within a day of each other, if they are many."""
    in_order = sorted(troubles, key=lambda trouble: (trouble.since, trouble.subject))
    windows = (
        [trouble for trouble in in_order if first.since <= trouble.since <= first.since + TOGETHER]
        for first in in_order
    )
    most: list[Trouble] = max(windows, key=len)
    many = most if len(most) >= MANY else []
    return [trouble for trouble in in_order if trouble.subject in already or trouble in many]


def _group(platform: str, matter: Matter, members: Sequence[Trouble]) -> _Group:
    first = min(members, key=lambda trouble: trouble.since)
    return _Group(
        matter=matter,
        subject=platform,
        platform=platform,
        since=first.since,
        evidence=f"{first.subject}: {first.evidence}",
        sources=tuple(sorted(trouble.subject for trouble in members)),
    )


def _opened(trouble: Trouble, now: datetime) -> Alarm:
    return Alarm(
        key=trouble.key,
        matter=trouble.matter,
        since=trouble.since,
        opened_at=now,
        told_at=now,
        evidence=trouble.evidence,
        sources=trouble.sources or ((trouble.subject,) if trouble.subject else ()),
    )


def _relapsed(alarm: Alarm, trouble: Trouble, now: datetime) -> Alarm:
    """Its reminders go on thinning."""
    current = _current(alarm, trouble)
    return replace(current, since=trouble.since, told_at=now, relapses=alarm.relapses + 1, resolved_at=None)


def _current(alarm: Alarm, trouble: Trouble) -> Alarm:
    """The alarm by what is known of its trouble now."""
    named = trouble.sources or alarm.sources
    return replace(alarm, matter=trouble.matter, evidence=trouble.evidence, sources=named, well_since=None)


def _wait(alarm: Alarm, current: Alarm) -> timedelta:
    """How long after it was told of last an alarm is reminded of: a day, where it is of something else by now."""
    if current.matter is not alarm.matter:
        return REMINDERS[0]
    return REMINDERS[min(alarm.reminders, len(REMINDERS) - 1)]


def _calm(alarm: Alarm) -> timedelta:
    """How long all has to be well before it is believed."""
    if not alarm.relapses:
        return timedelta()
    doubled: int = 2 ** min(alarm.relapses - 1, 10)
    return min(CALM * doubled, LONGEST_CALM)


# ---- what is in trouble, by the newest crawls ----


@dataclass(frozen=True, kw_only=True, slots=True)
class Streak:
    """A source's crawls since the last one that went well: how many were in trouble, since when, and the newest.

    Outages and runs that were stopped say nothing of the source and do not count. `away` says that its newest crawl of
    all was part of an outage, and `well_at` when one last went well.
    """

    visits: int
    since: datetime | None
    outcome: Outcome | None
    reason: str | None
    away: datetime | None
    well_at: datetime | None


def of_sources(streaks: Mapping[str, Streak], platforms: Mapping[str, str]) -> list[Trouble]:
    """The troubles of these sources, which are named with their platforms; of others nothing is said."""
    found = [
        Trouble(
            matter=matter,
            since=streak.since,
            evidence=streak.reason or f"its newest crawl ended as {streak.outcome}",
            subject=source,
            platform=platforms[source],
            sources=(source,),
        )
        for source, streak in streaks.items()
        if source in platforms and (matter := _matter(streak)) and streak.since
    ]
    outage = _outage({source: streak for source, streak in streaks.items() if source in platforms})
    return [*found, outage] if outage else found


def _matter(streak: Streak) -> Matter | None:
    if streak.outcome is None or not streak.outcome.trouble:
        return None
    matter = Matter(str(streak.outcome))
    return matter if streak.visits >= VISITS or matter in AT_ONCE else None


def _outage(streaks: Mapping[str, Streak]) -> Trouble | None:
    """One trouble of all that are away, until more of the others have been read well since it began."""
    away = {source: streak.away for source, streak in streaks.items() if streak.away}
    if not away:
        return None
    since = min(away.values())
    well = [streak for streak in streaks.values() if not streak.away and streak.well_at and streak.well_at > since]
    if len(well) >= len(away):
        return None
    evidence = f"{len(away)} sources cannot be reached; {len(well)} were read well since"
    return Trouble(matter=Matter.OUTAGE, since=since, evidence=evidence, sources=tuple(sorted(away)))


def streaks(connection: sa.Connection) -> dict[str, Streak]:
    """What the crawls of each source came to lately, of those that have one that ended."""
    aside = (str(Outcome.OUTAGE), str(Outcome.STOPPED))
    judged = crawls.c.outcome.is_not(None), crawls.c.outcome.not_in(aside)
    well = [str(outcome) for outcome in Outcome if not outcome.trouble and outcome is not Outcome.STOPPED]
    newest, last_well, last_at_all = (
        sa.select(sa.func.max(crawls.c.id)).where(crawls.c.source == sources.c.id, *which).correlate(sources)
        for which in (judged, (crawls.c.outcome.in_(well),), (crawls.c.outcome != aside[1],))
    )
    each = sa.select(
        sources.c.id.label("source"),
        newest.scalar_subquery().label("newest"),
        last_well.scalar_subquery().label("well"),
        last_at_all.scalar_subquery().label("last"),
    ).subquery()
    rows = {row.source: row for row in connection.execute(sa.select(each)) if row.last is not None}
    ids = {number for row in rows.values() for number in (row.newest, row.well, row.last) if number is not None}
    crawled = _crawls(connection, ids)
    troubled = [row.source for row in rows.values() if row.newest is not None and row.newest != row.well]
    counted = _counted(connection, troubled, well, judged)
    return {source: _streak(row, crawled, counted.get(source)) for source, row in rows.items()}


def _crawls(connection: sa.Connection, ids: Collection[int]) -> dict[int, Any]:
    these = sa.select(crawls.c.id, crawls.c.finished_at, crawls.c.outcome, crawls.c.reason)
    return {row.id: row for row in connection.execute(these.where(among(connection, crawls.c.id, ids)))}


def _counted(
    connection: sa.Connection, troubled: Sequence[str], well: Sequence[str], judged: Sequence[sa.ColumnElement[bool]]
) -> dict[str, Any]:
    """How many crawls of these sources went wrong since the last that went well, and when the first of them ended."""
    other = crawls.alias()
    last_well = (
        sa.select(sa.func.coalesce(sa.func.max(other.c.id), 0))
        .where(other.c.source == crawls.c.source, other.c.outcome.in_(list(well)))
        .correlate(crawls)
        .scalar_subquery()
    )
    statement = (
        sa.select(crawls.c.source, sa.func.count().label("visits"), sa.func.min(crawls.c.finished_at).label("since"))
        .where(crawls.c.source.in_(list(troubled)), crawls.c.id > last_well, *judged)
        .group_by(crawls.c.source)
    )
    return {row.source: row for row in connection.execute(statement)} if troubled else {}


def _streak(row: Any, crawled: Mapping[int, Any], counted: Any) -> Streak:
    newest, well, last = (crawled.get(number) for number in (row.newest, row.well, row.last))
    return Streak(
        visits=counted.visits if counted else 0,
        since=counted.since if counted else None,
        outcome=Outcome(newest.outcome) if newest else None,
        reason=newest.reason if newest else None,
        away=last.finished_at if last and last.outcome == Outcome.OUTAGE else None,
        well_at=well.finished_at if well else None,
    )


# ---- what is kept ----


def read(connection: sa.Connection, now: datetime) -> list[Alarm]:
    """The alarms that stand, and those that were resolved so lately that a relapse would open them again."""
    statement = sa.select(alarms).where(sa.or_(alarms.c.resolved_at.is_(None), alarms.c.resolved_at > now - RELAPSE))
    return [_alarm(row) for row in connection.execute(statement.order_by(alarms.c.id))]


def standing(connection: sa.Connection) -> list[Alarm]:
    """The alarms that stand, the oldest first."""
    statement = sa.select(alarms).where(alarms.c.resolved_at.is_(None)).order_by(alarms.c.since, alarms.c.id)
    return [_alarm(row) for row in connection.execute(statement)]


def keep(connection: sa.Connection, reconciled: Reconciled, now: datetime) -> None:
    """Write down what happened to alarms; what is to be told of waits until it is put into a message."""
    for event, alarm in reconciled.events:
        row = {
            "alarm": _save(connection, alarm),
            "at": now,
            "kind": str(event),
            "matter": str(alarm.matter),
            "evidence": alarm.evidence,
            "told_at": now if event is Event.JOINED else None,
        }
        connection.execute(sa.insert(alarm_events).values(**row))
    for alarm in reconciled.changed:
        _save(connection, alarm)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """Something that happened to an alarm, with the alarm as it is now."""

    id: int
    at: datetime
    event: Event
    alarm: Alarm
    told_at: datetime | None = None


def untold(connection: sa.Connection) -> list[Told]:
    """What happened and waits to be told, in its order."""
    return _events(connection, alarm_events.c.told_at.is_(None))


def history(connection: sa.Connection, limit: int = 100) -> list[Told]:
    """What happened to alarms, the newest first."""
    statement = sa.select(sa.func.max(alarm_events.c.id))
    newest = connection.scalar(statement) or 0
    return _events(connection, alarm_events.c.id > newest - limit)[::-1]


def told(connection: sa.Connection, events: Iterable[Told], now: datetime) -> None:
    """Note that these have been put into a message."""
    ids = [each.id for each in events]
    connection.execute(sa.update(alarm_events).where(alarm_events.c.id.in_(ids)).values(told_at=now))


def forget(connection: sa.Connection, now: datetime) -> None:
    """Let go of the history of alarms that were resolved more than a year ago."""
    old = sa.select(alarms.c.id).where(alarms.c.resolved_at < now - KEPT)
    connection.execute(sa.delete(alarm_events).where(alarm_events.c.alarm.in_(old)))
    connection.execute(sa.delete(alarms).where(alarms.c.resolved_at < now - KEPT))


def _events(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[Told]:
    statement = (
        sa.select(
            alarm_events.c.id.label("event_id"),
            alarm_events.c.at.label("event_at"),
            alarm_events.c.kind,
            alarm_events.c.matter.label("event_matter"),
            alarm_events.c.evidence.label("event_evidence"),
            alarm_events.c.told_at.label("event_told_at"),
            alarms,
        )
        .join(alarms, alarms.c.id == alarm_events.c.alarm)
        .where(which)
        .order_by(alarm_events.c.id)
    )
    return [
        Told(
            id=row.event_id,
            at=row.event_at,
            event=Event(row.kind),
            alarm=replace(_alarm(row), matter=Matter(row.event_matter), evidence=row.event_evidence),
            told_at=row.event_told_at,
        )
        for row in connection.execute(statement)
    ]


def _save(connection: sa.Connection, alarm: Alarm) -> int:
    row = {column.name: getattr(alarm, column.name) for column in alarms.columns if column.name != "id"}
    row |= {"matter": str(alarm.matter), "sources": list(alarm.sources)}
    if alarm.id is not None:
        connection.execute(sa.update(alarms).where(alarms.c.id == alarm.id).values(**row))
        return alarm.id
    return int(connection.execute(sa.insert(alarms).values(**row).returning(alarms.c.id)).scalar_one())


def _alarm(row: Any) -> Alarm:
    values = {column.name: getattr(row, column.name) for column in alarms.columns}
    return Alarm(**values | {"matter": Matter(row.matter), "sources": tuple(row.sources)})
