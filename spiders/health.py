"""How a run ended, in one word with its evidence: pure functions of what was counted."""

from collections.abc import Mapping, Sequence

from archive.crawls import Outcome
from spiders.failures import NETWORK, OUR_REFUSALS
from spiders.politeness.walls import KINDS

BLOCKING = frozenset({"http-401", "http-403", "http-429", "busy", *KINDS})
MOST = 0.8  # of at least three sources unreachable at once: the network, not the offices
FEWEST = 3
TOLD = ("new", "revised", "reread", "gone", "back")  # what the change log tells of
GENERIC = "{} pages were read by the generic reader: state the site's selectors in its TOML"


def judge(counts: Mapping[str, int], *, finished: bool, reason: str | None) -> tuple[Outcome, str | None]:
    """The outcome of one crawl and why, from its counts ("listed", "new", "unlisted/dns", …)."""
    if any(name.startswith("barred/") for name in counts):
        return Outcome.BLOCKED, reason
    if not finished:
        return Outcome.STOPPED, reason or "stopped before its end"
    failed = {name.partition("/")[2] for name in counts if name.startswith("unlisted/")}
    if not (counts.get("listed") or counts.get("lists-unchanged")):
        return _of_silence(failed), reason or "it answered, and nothing on its listing pages was recognised"
    if counts.get("generic"):
        return Outcome.DEGRADED, reason or GENERIC.format(counts["generic"])
    if any(counts.get(name) for name in TOLD):
        return Outcome.OK, reason
    unanswered = {name.partition("/")[2] for name in counts if name.startswith("failed/")} - OUR_REFUSALS
    if unanswered and not counts.get("fetched"):
        return _of_silence(unanswered), f"no page that it lists answered ({', '.join(sorted(unanswered))})"
    if counts.get("fetched") and counts.get("quarantined", 0) == counts["fetched"]:
        return Outcome.EMPTY, "no page that it lists could be read"
    if counts.get("failed/robots") and not counts.get("fetched"):
        return Outcome.QUIET, reason or "robots.txt asks not to read what is new"
    return Outcome.QUIET, reason


def _of_silence(failed: set[str]) -> Outcome:
    """What it is when nothing was read, by the classes of what failed."""
    if failed & BLOCKING:
        return Outcome.BLOCKED
    if failed & {*NETWORK, "robots-unreachable"}:
        return Outcome.UNREACHABLE
    return Outcome.BLOCKED if "robots" in failed else Outcome.EMPTY


def is_outage(outcomes: Sequence[Outcome]) -> bool:
    """Whether so many sources were unreachable at once that it was the network."""
    unreachable = sum(outcome is Outcome.UNREACHABLE for outcome in outcomes)
    return len(outcomes) >= FEWEST and unreachable >= MOST * len(outcomes)
