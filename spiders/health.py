"""How a run ended, in one word with its evidence: pure functions of what was counted and of the source's own past."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from archive.article import stamp
from archive.crawls import Outcome
from archive.habits import Habit
from spiders.drift import SUMMED, drifts
from spiders.failures import NETWORK, OUR_REFUSALS
from spiders.politeness.walls import KINDS

BLOCKING = frozenset({"http-401", "http-403", "http-429", "http-451", "busy", *KINDS})
GONE = frozenset({"http-404", "http-410"})
MOST = 0.8  # of at least three sources unreachable at once: the network, not the offices
FEWEST = 3
TOLD = ("new", "revised", "reread", "gone", "back")  # what the change log tells of
GENERIC = "{} pages were read by the generic reader: state the site's selectors in its TOML"

FALSE_ALARM: Final = 2.0
"""Years in which an office is called silent once though nothing is wrong. With N releases a year there are N gaps
between them at most, so a gap is called a silence when the chance of one as long is below 1 / (N · years).
"""
UNUSUAL: Final = 0.01
"""The chance above which a gap is never called a silence, however seldom the office publishes."""
KNOWN: Final = 80
"""Days that a habit's level rests on (see `chance_of_none`)."""
EXPECTED: Final = 1.0
"""Releases that are to be expected since the newest one, and since the last such look, when the front page is asked for
a second look: some 0.6 looks a release.
"""
ABSENT: Final = 3  # visits in a row that asked for a feed and found none, after which the front page is asked instead
FEED_AGAIN: Final = timedelta(days=3)  # after which such a feed is asked for once more
LACKING: Final = 2
"""Releases named elsewhere, and not by the lists, that show that these have stopped; one that was archived by an
earlier visit is enough: what is put on the site between two requests is on the list by the next visit.
"""
PROMPT: Final = 20
"""Releases that lists have named, lacking none at any visit, before one that by its own date was out at the visit
before is enough, too. Offices date what they publish back, so of lists that lag behind (caches do) it shows nothing.
"""
COMPARED: Final = 10
USUALLY: Final = 0.05
"""Good crawls in which a source's lists were compared with other places, before lacking anything shows something, and
the share of them that lacked something, above which it shows nothing: a feed may tell of more than the list is for.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A trouble that the last crawl ended in, and that one that reads no page cannot clear."""

    outcome: Outcome
    kind: str
    reason: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """A source's own past, before a crawl: what it usually publishes, when its newest release was out (UTC), and what
    crawls counted. `good` are the sums of its recent good crawls, of which there are `runs`; `last` is what each of the
    last crawls that read a page counted, the newest first, which are no part of them. `looked` is when
    the front page was last asked for a second look, `feedless` when the last of some visits in a row found no feed.
    """

    habit: Habit | None = None
    newest: datetime | None = None
    good: Mapping[str, int] = field(default_factory=dict)
    runs: int = 0
    last: tuple[Mapping[str, int], ...] = ()
    standing: Standing | None = None
    looked: datetime | None = None
    feedless: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a crawl ended, why, and the class of what is wrong with it, if anything is (see `spiders.failures`)."""

    outcome: Outcome
    reason: str | None = None
    kind: str | None = None


def judge(
    counts: Mapping[str, int],
    *,
    finished: bool,
    reason: str | None,
    history: History | None = None,
    now: datetime | None = None,
) -> Verdict:
    """The outcome of one crawl and why, from its counts ("listed", "new", "unlisted/dns", …) and the source's past.

    Without a past, or without the clock, nothing is held against either.
    """
    barred = _classes(counts, "barred/")
    if barred:
        return Verdict(Outcome.BLOCKED, reason, _worst(barred))
    if not finished:
        return Verdict(Outcome.STOPPED, reason or "stopped before its end", "store" if "store" in counts else None)
    return (
        _unread(counts, reason)
        or _lists(counts, reason, history)
        or _unanswered(counts)
        or _pages(counts, reason, history)
        or _kept_up(counts, history)
        or (Verdict(Outcome.OK, reason) if any(counts.get(name) for name in TOLD) else None)
        or (_silence(history, now) if history and now else None)
        or _quiet(counts, reason)
    )


# ---- what kept it from reading ----


def _unread(counts: Mapping[str, int], reason: str | None) -> Verdict | None:
    """What it is when no list was read, by the classes of what failed."""
    if counts.get("listed") or counts.get("lists-unchanged"):
        return None
    failed = _classes(counts, "unlisted/")
    if looks := _looks(counts):
        said = f"nothing on its lists was recognised, and its pages look like {looks}: state that platform in its TOML"
        return Verdict(Outcome.EMPTY, said, "wrong-adapter")
    if "parked" in failed:
        return Verdict(Outcome.EMPTY, reason, "parked")
    if failed and failed <= GONE:
        said = f"the site is gone: neither its lists nor its front page are there ({', '.join(sorted(failed))})"
        return Verdict(Outcome.EMPTY, "; ".join(filter(None, (said, reason))), "site-gone")
    outcome = _of_silence(failed)
    said = "it answered, and nothing on its listing pages was recognised"
    return Verdict(outcome, reason or said, _worst(failed) or "empty")


def _unanswered(counts: Mapping[str, int]) -> Verdict | None:
    """When it lists pages and none of those asked for could be read."""
    if any(counts.get(name) for name in TOLD):
        return None
    unanswered = _classes(counts, "failed/") - OUR_REFUSALS
    if unanswered and not counts.get("fetched"):
        said = f"no page that it lists answered ({', '.join(sorted(unanswered))})"
        return Verdict(_of_silence(unanswered), said, _worst(unanswered))
    fetched, held = counts.get("fetched", 0), counts.get("quarantined", 0)
    if not (fetched and held == fetched):
        return None
    if looks := _looks(counts):
        said = f"none of {fetched} pages that it lists could be read, and they look like {looks}"
        return Verdict(Outcome.EMPTY, f"{said}: state that platform in its TOML", "wrong-adapter")
    kinds = _classes(counts, "held/")
    said = f"no page that it lists could be read ({fetched} were held"
    return Verdict(
        Outcome.EMPTY, f"{said}: {', '.join(sorted(kinds))})" if kinds else f"{said})", _worst(kinds) or "parse"
    )


def _of_silence(failed: set[str]) -> Outcome:
    """What it is when nothing was read, by the classes of what failed."""
    if failed & BLOCKING:
        return Outcome.BLOCKED
    if failed & {*NETWORK, "robots-unreachable"}:
        return Outcome.UNREACHABLE
    return Outcome.BLOCKED if "robots" in failed else Outcome.EMPTY


def _classes(counts: Mapping[str, int], prefix: str) -> set[str]:
    return {name.removeprefix(prefix) for name, count in counts.items() if count and name.startswith(prefix)}


def _worst(kinds: set[str]) -> str | None:
    """The class that a crawl is known by: what blocks, then what the network does, then the rest."""
    for group in (BLOCKING, NETWORK):
        if kinds & group:
            return min(kinds & group)
    return min(kinds, default=None)


def _looks(counts: Mapping[str, int]) -> str | None:
    """The platform whose marks are on the pages in which none of the stated one was found."""
    return min(_classes(counts, "looks/"), default=None)


# ---- what has changed ----


def _lists(counts: Mapping[str, int], reason: str | None, history: History | None) -> Verdict | None:
    """Lists that have moved, or that no longer name what other places of the site do."""
    if history is None:
        return None
    if counts.get("moved") and history.runs and not history.good.get("moved"):
        said = "its list is not where it was, and the front page is read in its place"
        return Verdict(Outcome.DRIFTED, "; ".join(filter(None, (said, reason))), "list-moved")
    known, fresh = counts.get("lacking/known", 0), counts.get("lacking/new", 0)
    overdue = counts.get("lacking/overdue") and _are_prompt(history)
    if (known or overdue or fresh >= LACKING) and _are_complete(history):
        said = f"its lists do not name {known + fresh} releases that its feed, sitemap or front page does"
        evidence = f"{said}, and that are newer than all that they name: they have stopped, or moved"
        return Verdict(Outcome.DRIFTED, "; ".join(filter(None, (evidence, reason))), "list-frozen")
    return None


def _are_complete(history: History) -> bool:
    """Whether its lists have usually named all that other places of the site did."""
    compared = history.good.get("compared", 0)
    return compared >= COMPARED and history.good.get("lacking", 0) <= USUALLY * compared


def _are_prompt(history: History) -> bool:
    """Whether its lists have named releases at once, and lately never lacked one."""
    return history.good.get("read", 0) >= PROMPT and not history.good.get("lacking")


def _pages(counts: Mapping[str, int], reason: str | None, history: History | None) -> Verdict | None:
    """Pages that are not what this source's were, or that the generic reader had to read."""
    found = _drifts(counts, history) if history else []
    generic, looks = counts.get("generic", 0), _looks(counts)
    if looks and 2 * generic > counts.get("read", 0):
        said = f"{generic} of {counts.get('read', 0)} pages had to be read by the generic reader, and look like {looks}"
        outcome = Outcome.DRIFTED if found else Outcome.DEGRADED
        return Verdict(outcome, f"{said}: state that platform in its TOML", "wrong-adapter")
    if found:
        return Verdict(
            Outcome.DRIFTED, "; ".join(filter(None, (*(line for _, line in found[:3]), reason))), found[0][0]
        )
    if generic:
        return Verdict(Outcome.DEGRADED, reason or GENERIC.format(generic), "layout")
    return None


def _drifts(counts: Mapping[str, int], history: History) -> list[tuple[str, str]]:
    """What has changed by this crawl's pages, else by these and those of the one before, and so on; each time against
    all that is older, which for an office that publishes seldom are the last crawls' pages, too. A new source, of which
    there are hardly more, is held against nothing.
    """
    known = history.good.get("read") or history.good.get("compared", 0) >= COMPARED
    if not known or not (counts.get("read") or counts.get("quarantined")):
        return []
    together = Counter({name: counts[name] for name in SUMMED if name in counts})
    older = sum(map(Counter, history.last), Counter(history.good))
    for before in (Counter[str](), *history.last):
        together.update(before)
        older.subtract(before)
        if found := drifts(together, older):
            return [(each.kind, each.evidence) for each in found]
    return []


def _kept_up(counts: Mapping[str, int], history: History | None) -> Verdict | None:
    """A trouble of before that this crawl saw nothing to clear."""
    standing = history.standing if history else None
    if standing is None:
        return None
    of_lists = standing.kind.startswith("list-")
    seen = counts.get("compared") if of_lists else counts.get("read")
    return None if seen else Verdict(standing.outcome, standing.reason, standing.kind)


# ---- when nothing has come ----


def _silence(history: History, now: datetime) -> Verdict | None:
    """Whether an office that has published nothing new should have, by its habit."""
    habit, since = history.habit, history.newest
    if habit is None or since is None or habit.a_year <= 0:
        return None
    chance = chance_of_none(habit, since, now)
    if chance >= min(1 / (habit.a_year * FALSE_ALARM), UNUSUAL):
        return None
    expected, usual = habit.expected(since, now), habit.a_year / 365
    said = f"nothing new since {stamp(since)}, in which time {expected:.1f} releases were to be expected"
    rate = f"{usual:.1f} a day" if usual >= 1 else f"{7 * usual:.1f} a week"
    return Verdict(Outcome.SILENT, f"{said} (it publishes {rate}; the chance of that is {chance:.1g})", "silence")


def chance_of_none(habit: Habit, since: datetime, now: datetime) -> float:
    """How probable it is that an office that goes on as ever publishes nothing between two instants, from 0 to 1.

    Releases come in bursts whose sizes are geometric: with a variance of D times the mean there are 2 / (D + 1) bursts
    a release (Pólya–Aeppli). How many bursts come in a time is itself known from no more than those that the habit was
    learned from (k of them, with its half-life of four weeks those of some 80 days), so the chance of none where x are
    to be expected is (1 + x/k)⁻ᵏ and not e⁻ˣ. Negative-binomial numbers are too sure of offices that publish in bursts:
    in the simulation of `tests/spiders/test_silence.py` they raised three false alarms where this raises one.
    """
    bursts = 2 / (habit.dispersion + 1)
    known = max(1.0, bursts * habit.a_year / 365 * min(habit.days, KNOWN))
    return float((1 + bursts * habit.expected(since, now) / known) ** -known)


def second_look(history: History, now: datetime) -> bool:
    """Whether so much is to be expected by now, since the newest release and the last such look, that the front page is
    asked whether the lists are complete.
    """
    since = max(filter(None, (history.newest, history.looked)), default=None)
    return bool(history.habit and history.newest and since and history.habit.expected(since, now) >= EXPECTED)


def lacks_feed(history: History, now: datetime) -> bool:
    """Whether there is no feed to ask for, so that the front page alone is asked at a visit for as many requests."""
    return history.feedless is not None and now - history.feedless < FEED_AGAIN


def _quiet(counts: Mapping[str, int], reason: str | None) -> Verdict:
    if counts.get("failed/robots") and not counts.get("fetched"):
        return Verdict(Outcome.QUIET, reason or "robots.txt asks not to read what is new")
    return Verdict(Outcome.QUIET, reason)


# ---- of many ----


def is_outage(outcomes: Sequence[Outcome]) -> bool:
    """Whether so many sources were unreachable at once that it was the network."""
    unreachable = sum(outcome is Outcome.UNREACHABLE for outcome in outcomes)
    return len(outcomes) >= FEWEST and unreachable >= MOST * len(outcomes)
