"""A message to operators about alarms: plain text, short, in Persian or English.

Each paragraph says what, since when in both calendars, the evidence, what to do (with the entry of the playbook) and
which command. What happened to many alarms of one kind is one paragraph.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from archive.alarms import Alarm, Event, Matter, Told
from persian.addresses import readable_in
from sources import Source
from syndication.alerts.language import Speech

NAMED: Final = 5  # sources by their names in a paragraph of many
PARAGRAPHS: Final = 8  # in a message
LONGEST: Final = 300  # letters of evidence
PLAYBOOK: Final = "docs/operating.md#{}"
ORDER: Final = ("opened", "again", "reminded", "resolved", "passed")


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """`urgent` says that it does not wait for the end of quiet hours."""

    title: str
    body: str
    urgent: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Writer:
    """Writes for operators of these sources; `status` is the address of the page that shows more, if there is one."""

    speech: Speech
    sources: Mapping[str, Source]
    status: str | None = None

    def message(self, events: Iterable[Told]) -> Message | None:
        """What is to be told of these in one message; None where there is nothing."""
        found = _by_what(events)
        if not found:
            return None
        say = self.speech.say
        counts: dict[str, int] = defaultdict(int)
        for (what, _), told in found.items():
            counts[what] += len(told)
        heads = [say["heads"][what].format(self.speech.number(counts[what])) for what in ORDER if counts[what]]
        parts = [self._paragraph(what, alarms) for (what, _), alarms in list(found.items())[:PARAGRAPHS]]
        if left := len(found) - PARAGRAPHS if len(found) > PARAGRAPHS else 0:
            parts.append(say["site"]["more"].format(self.speech.number(left)))
        parts.append(
            say["lines"]["page"].format(self.status) if self.status else say["site"]["all"].format("monadi status")
        )
        return Message(
            title=say["heads"]["title"].format(self.speech.listed(heads)),
            body="\n\n".join(parts),
            urgent=any(alarm.matter.urgent for alarms in found.values() for alarm in alarms),
        )

    def _paragraph(self, what: str, alarms: Sequence[Alarm]) -> str:
        say, first = self.speech.say, min(alarms, key=lambda alarm: alarm.since)
        named = self._subject(alarms)
        matter = say["matters"][first.matter]
        head = f"[{say['marks'][what]}] " + (f"{named}: {matter}" if named else matter)
        if what in ("resolved", "passed"):
            until = max(alarm.well_since or alarm.resolved_at or alarm.told_at for alarm in alarms)
            return f"{head}\n" + say["lines"]["lasted"].format(
                self.speech.moment(first.since), self.speech.moment(until)
            )
        lines = say["lines"]
        source = first.sources[0] if first.sources else ""
        return "\n".join(
            (
                head,
                lines["since"].format(self.speech.moment(first.since)),
                lines["evidence"].format(self.speech.isolated(_short(first.evidence))),
                lines["do"].format(f"{say['advice'][first.matter]} ({PLAYBOOK.format(first.matter)})"),
                lines["command"].format(say["commands"][first.matter].format(source)),
            )
        )

    def _subject(self, alarms: Sequence[Alarm]) -> str:
        """«روابط عمومی … (mcls-yazd)» of one source; how many, and the first few names, of several."""
        say = self.speech.say
        sources = sorted({source for alarm in alarms for source in alarm.sources})
        if not sources:
            return ""
        if len(sources) == 1:
            return self._name(sources[0])
        number = self.speech.number(len(sources))
        if len(alarms) == 1 and alarms[0].of_platform:
            return say["lines"]["on_platform"].format(number, self.speech.isolated(alarms[0].subject))
        counted = say["lines"]["sources"].format(number)
        if alarms[0].matter is Matter.OUTAGE:
            return counted
        names = [self._name(source) for source in sources[:NAMED]]
        if len(sources) > NAMED:
            names.append(say["site"]["more"].format(self.speech.number(len(sources) - NAMED)))
        return f"{counted} ({self.speech.listed(names)})"

    def _name(self, source: str) -> str:
        known = self.sources.get(source)
        return f"{self.speech.name_of(known)} ({source})" if known else source


def _by_what(events: Iterable[Told]) -> dict[tuple[str, Matter], list[Alarm]]:
    """Alarms by what is to be told of them in all, and what they are of, in the order of telling."""
    by_alarm: dict[int | None, list[Told]] = defaultdict(list)
    for each in events:
        by_alarm[each.alarm.id].append(each)
    found: dict[tuple[str, Matter], list[Alarm]] = defaultdict(list)
    for told in by_alarm.values():
        found[_what(told), told[-1].alarm.matter].append(told[-1].alarm)
    matters = list(Matter)
    return dict(sorted(found.items(), key=lambda item: (ORDER.index(item[0][0]), -matters.index(item[0][1]))))


def _what(told: Sequence[Told]) -> str:
    """What happened to one alarm in all, since it was told of last."""
    first, last = told[0].event, told[-1].event
    if last is Event.RESOLVED:
        return "passed" if first is Event.OPENED else "resolved"
    if first is Event.OPENED or last is Event.OPENED:
        return "again" if told[-1].alarm.relapses else "opened"
    return "reminded"


def _short(evidence: str) -> str:
    line = readable_in(" ".join(evidence.split()))
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
