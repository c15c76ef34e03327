"""The week in a message: what was harvested, and what is missing of what there was."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import sqlalchemy as sa

from archive import Kind, alarms, changes, crawls, followers, ledger
from archive.alarms import Alarm
from archive.query import Query
from archive.tables import followers as table
from sources import Catalogue
from syndication.alerts.language import Speech
from syndication.alerts.messages import PLAYBOOK, Message

FOLLOWER: Final = "digest"  # of the change log, at the version of its week
WEEK: Final = timedelta(days=7)
NAMED: Final = 5  # sources in a line
STANDING: Final = 10  # alarms


def is_first(connection: sa.Connection) -> bool:
    """Whether no week has been told yet: the one in which Monadi was installed is not."""
    return connection.scalar(sa.select(sa.func.count()).where(table.c.name == FOLLOWER)) == 0


def is_told(connection: sa.Connection, week: datetime) -> bool:
    """Whether the week that ended at an instant has been told."""
    return followers.place(connection, FOLLOWER, week.isoformat()) is not None


def told(connection: sa.Connection, week: datetime) -> None:
    followers.move(connection, FOLLOWER, changes.newest(connection), week.isoformat())


def written(
    connection: sa.Connection, catalogue: Catalogue, speech: Speech, now: datetime, since: datetime | None = None
) -> Message:
    """The digest of what was written since a day, a week ago by default, and of what is missing now."""
    since = since or now - WEEK
    say = speech.say["digest"]
    lines = [
        say["span"].format(speech.moment(since), speech.moment(now)),
        "",
        *_harvested(connection, catalogue, speech, since),
        "",
        f"{say['missing']}:",
        *(_missing(connection, catalogue, speech, since) or [say["complete"]]),
        "",
        *_standing(alarms.standing(connection), catalogue, speech),
    ]
    return Message(title=say["title"], body="\n".join(lines))


def _harvested(connection: sa.Connection, catalogue: Catalogue, speech: Speech, since: datetime) -> list[str]:
    kinds: Counter[Kind] = Counter()
    by_source: Counter[str] = Counter()
    for source, kind, count in changes.counted(connection, changes.number_at(connection, since.astimezone(UTC).date())):
        kinds[kind] += count
        by_source[source] += count if kind is Kind.NEW else 0
    say, number = speech.say["digest"], speech.number
    sources = [source for source, count in by_source.items() if count]
    lines = [
        say["new"].format(number(kinds[Kind.NEW]), number(len(sources))) if kinds[Kind.NEW] else say["nothing"],
        *(say["revised"].format(number(kinds[Kind.REVISED])) for _ in range(kinds[Kind.REVISED] > 0)),
        *(say["gone"].format(number(kinds[Kind.GONE])) for _ in range(kinds[Kind.GONE] > 0)),
    ]
    if sources:
        busiest = [f"{_name(source, catalogue, speech)} {number(n)}" for source, n in by_source.most_common(NAMED) if n]
        lines.append(say["busiest"].format(speech.listed(busiest)))
    return lines


def _missing(connection: sa.Connection, catalogue: Catalogue, speech: Speech, since: datetime) -> list[str]:
    say = speech.say["digest"]
    visited = {crawl.source for crawl in crawls.latest(connection)}
    never = [source.id for source in catalogue.scheduled if source.id not in visited]
    unverified = len(catalogue.sources) - len(catalogue.scheduled)
    quarantined = crawls.quarantined(connection)
    accounts = ledger.ledger(connection, Query(sources=tuple(visited), since=since)) if visited else ()
    lost = {account.source: account.missing for account in accounts if account.sequential and account.missing}
    lines = []
    for key, found in (("quarantined", quarantined), ("ids", lost)):
        if found:
            most = _most(found, catalogue, speech)
            lines.append(say[key].format(speech.number(sum(found.values())), most))
    if never:
        lines.append(say["never"].format(speech.number(len(never)), _names(never, catalogue, speech)))
    if unverified:
        lines.append(say["unverified"].format(speech.number(unverified)))
    return lines


def _standing(standing: Sequence[Alarm], catalogue: Catalogue, speech: Speech) -> list[str]:
    say = speech.say["digest"]
    if not standing:
        return [say["no_alarms"]]
    lines = [f"{say['alarms']}:"]
    for alarm in standing[:STANDING]:
        of = _names(alarm.sources, catalogue, speech)
        what = speech.say["matters"][alarm.matter]
        since = speech.say["lines"]["since"].format(speech.moment(alarm.since))
        lines.append(f"- {of}: {what}. {since} ({PLAYBOOK.format(alarm.matter)})" if of else f"- {what}. {since}")
    if len(standing) > STANDING:
        lines.append(speech.say["site"]["more"].format(speech.number(len(standing) - STANDING)))
    return lines


def _most(found: Mapping[str, int], catalogue: Catalogue, speech: Speech) -> str:
    return _names([source for source, _ in Counter(found).most_common()], catalogue, speech)


def _names(ids: Iterable[str], catalogue: Catalogue, speech: Speech) -> str:
    names = [_name(source, catalogue, speech) for source in ids]
    more = [speech.say["site"]["more"].format(speech.number(len(names) - NAMED))] if len(names) > NAMED else []
    return speech.listed([*names[:NAMED], *more])


def _name(source: str, catalogue: Catalogue, speech: Speech) -> str:
    known = catalogue.sources.get(source)
    return speech.name_of(known) if known else source
