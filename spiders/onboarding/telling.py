"""What a visit found, in words: blocks for people, JSON for programs. Functions of values alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from persian.addresses import readable
from persian.published import Published, written
from sources.writing import Draft, toml_of
from spiders.onboarding.guesses import Guess
from spiders.onboarding.proposal import Proposal
from spiders.onboarding.recording import record_of
from spiders.onboarding.visit import Candidate, Sample, Tried, Visit

OPENING = 200  # characters of a text that are shown
GENERIC_NAME = "generic"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads: a table on a terminal, tab-separated lines elsewhere."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


Block = str | Table


def told(visit: Visit, proposal: Proposal) -> Iterator[Block]:
    """The whole of `monadi source add`, from the platform to the entry of the catalogue."""
    title = visit.title or ("nothing was seen of" if visit.problem else "a page without a title")
    yield f"{title}\n{visit.source.url}"
    yield from _platform(visit)
    if visit.tried:
        yield "\nlists"
        yield Table(("kind", "entries", "newest", "address"), [_entrance(tried) for tried in visit.tried])
        if visit.untried:
            yield f"and {visit.untried} more that were not asked"
    for number, sample in enumerate(visit.samples, 1):
        yield f"\narticle {number} of {len(visit.samples)}"
        yield from _article(sample)
    if visit.samples:
        yield f"\nconfidence {visit.confidence:.2f} over {len(visit.samples)} articles; {_time(visit)}"
    yield from (f"note: {note}" for note in visit.notes)
    yield from _selectors(visit)
    yield from (f"problem: {problem}" for problem in visit.failures)
    if not visit.problem:
        yield from _entry(proposal)


def _platform(visit: Visit) -> Iterator[Block]:
    if visit.problem:
        return
    best = visit.best
    if best:
        yield f"\nplatform: {best.platform} ({best.surety}, {best.score} points)"
        yield from (f"  {evidence}" for evidence in best.evidence)
        for other in visit.close:
            yield f"close to it: {other.platform} ({other.score} points): {'; '.join(other.evidence)}"
        return
    made = f'; the page says that "{visit.generated}" made it' if visit.generated else ""
    yield f"\nplatform: none of those known here, so the generic reader reads it{made}"
    for other in visit.candidates:
        yield f"  a hint of {other.platform}, not enough: {'; '.join(other.evidence)}"


def _entrance(tried: Tried) -> tuple[str, str, str, str]:
    newest = tried.newest.jalali if tried.newest else ""
    return tried.kind, _said_of(tried), newest, readable(tried.url)


def _said_of(tried: Tried) -> str:
    more = f" and {tried.more} more to follow" if tried.more else ""
    return tried.problem or f"{tried.entries}{more}"


def _article(sample: Sample) -> Iterator[str]:
    if sample.article is None:
        yield f"  {readable(sample.url)}\n  could not be read: {sample.problem}"
        return
    article = sample.article
    facts = {
        "title": article.title,
        "kicker": article.kicker,
        "lead": article.lead and opening(article.lead),
        "published": _date(article.published),
        "text": opening(article.body),
        "image": article.image and readable(article.image),
        "attachments": ", ".join(readable(file.url) for file in article.attachments),
        "address": readable(article.url),
    }
    yield from (f"  {name:<12} {value}" for name, value in facts.items() if value)
    yield f"  {'empty':<12} {', '.join(sample.empty) or 'nothing'}"
    yield f"  {'confidence':<12} {sample.confidence:.2f}" + (f": {'; '.join(sample.reasons)}" if sample.reasons else "")


def _date(published: Published | None) -> str:
    """Both dates and what stands on the page."""
    if published is None:
        return ""
    flags = f" ({', '.join(published.flags)})" if published.flags else ""
    return f"{written(published)} = {published.gregorian} (the {published.origin}: {published.raw}){flags}"


def opening(text: str, length: int = OPENING) -> str:
    """The first characters of a text, cut between words."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[:length].rpartition(" ")[0] + " …"


def _selectors(visit: Visit) -> Iterator[str]:
    if visit.platform != GENERIC_NAME or not visit.articles:
        return
    yield (
        "\nselectors for its TOML: these lead to what the generic reader chose on "
        f"all {len(visit.articles)} articles; hold them against the site, and fill in the others"
    )
    yield selectors_line(visit)
    if visit.missing_selectors:
        yield f"found on the pages, but by no one selector: {', '.join(visit.missing_selectors)}"


def selectors_line(visit: Visit) -> str:
    """A line for the office's table; what has no suggestion is left to fill in."""
    draft = Draft(agency="a", name="b", values={"selectors": dict(visit.selectors)})
    line = toml_of(draft).splitlines()[1]
    parts = ("title", "body", "date", "lead", "kicker", "listing")
    todo = [part for part in parts if part not in visit.selectors]
    return line + (f"  # to fill in, if the site has them: {', '.join(todo)}" if todo else "")


def _entry(proposal: Proposal) -> Iterator[str]:
    named = (("agency", proposal.agency), ("province", proposal.province))
    yield "\nin the catalogue"
    yield from (f"  {name}: {_guess(guess)}" for name, guess in named)
    if proposal.twin:
        yield f"  it is there already: {proposal.twin}"
    elif proposal.draft:
        yield f"  id: {proposal.draft.id}"


def _guess(guess: Guess | None) -> str:
    if guess is None:
        return "cannot be told from the address or the title"
    return guess.value + (f" (a guess: {guess.why})" if guess.why else "")


def outcome(visit: Visit, proposal: Proposal, done: Mapping[str, str], *, asked: bool, options: str) -> Iterator[Block]:
    """How `monadi source add` ends: the TOML, where it is, and what to do next.

    `done` says what was "written" and "recorded", `options` what the next command needs as this one did.
    """
    draft = proposal.draft
    fits = draft is not None and visit.articles and not proposal.twin
    if draft and fits:
        yield f"\n{toml_of(draft, whole=True).rstrip()}"
    if draft and "written" in done:
        yield f"\nwritten to {done['written']}"
        yield from recorded(done["recorded"])
        yield f"read it now: monadi harvest {draft.id}{options}"
    elif visit.articles and not proposal.twin:
        yield f"\nnothing is written; write it with {' '.join(['--write', *proposal.missing])}"
    elif asked:
        yield "\nnothing is written, for nothing could be read"


def recorded(directory: Path | str) -> Iterator[Block]:
    yield f"recorded in {directory}"
    yield 'hold its article.json against the page, then say so in response.json: "looked_at": "<the day>"'


# ---- one line a source ----

CHECKED = ("source", "", "platform", "stated", "lists", "newest", "notes")


def checked(visit: Visit) -> tuple[str, ...]:
    """The row of one source in `monadi source check`."""
    found = visit.best.platform if visit.best else "" if visit.problem else GENERIC_NAME
    verdict = "failed" if visit.problem else "differs" if visit.differs else "look" if visit.failures else "ok"
    lists = ", ".join(f"{tried.kind} {_said_of(tried)}" for tried in visit.tried)
    newest = visit.newest.jalali if visit.newest else ""
    notes = "; ".join([*visit.failures, *_safety(visit), *visit.notes])
    return visit.source.id, verdict, found, visit.source.platform, lists, newest, notes


def _safety(visit: Visit) -> Iterator[str]:
    if visit.source.url.startswith("http:"):
        yield "no TLS"
    if visit.source.leniency:
        yield visit.source.leniency


def _time(visit: Visit) -> str:
    return f"{visit.requests} requests in {visit.seconds:.1f} s"


# ---- for programs ----


def to_dict(visit: Visit) -> dict[str, Any]:
    """A visit as JSON; the pages themselves are left out."""
    return {
        "source": visit.source.id,
        "url": visit.source.url,
        "visited": visit.began.isoformat(timespec="seconds"),
        "seconds": round(visit.seconds, 3),
        "requests": visit.requests,
        "title": visit.title,
        "problem": visit.problem,
        "failures": list(visit.failures),
        "platform": visit.platform,
        "stated": visit.source.platform,
        "known": visit.best is not None,
        "candidates": [_candidate(each) for each in visit.candidates],
        "lists": [
            {
                "kind": tried.kind,
                "url": tried.url,
                "entries": tried.entries,
                "more": tried.more,
                "newest": tried.newest and tried.newest.to_dict(),
                "problem": tried.problem,
            }
            for tried in visit.tried
        ],
        "articles": [_sample(sample) for sample in visit.samples],
        "confidence": round(visit.confidence, 3),
        "newest": visit.newest and visit.newest.to_dict(),
        "selectors": dict(visit.selectors),
        "missing_selectors": list(visit.missing_selectors),
        "notes": [*_safety(visit), *visit.notes],
    }


def proposal_to_dict(proposal: Proposal) -> dict[str, Any]:
    draft = proposal.draft
    return {
        "agency": _guess_to_dict(proposal.agency),
        "province": _guess_to_dict(proposal.province),
        "id": draft and draft.id,
        "already": proposal.twin,
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "platform": candidate.platform,
        "score": candidate.score,
        "surety": candidate.surety,
        "evidence": list(candidate.evidence),
    }


def _sample(sample: Sample) -> dict[str, Any]:
    return {
        "url": sample.url,
        "problem": sample.problem,
        "confidence": round(sample.confidence, 3),
        "reasons": list(sample.reasons),
        "empty": list(sample.empty),
        "article": sample.article and record_of(sample.article),
    }


def _guess_to_dict(guess: Guess | None) -> dict[str, Any] | None:
    return {"value": guess.value, "guessed_by": guess.why} if guess else None
