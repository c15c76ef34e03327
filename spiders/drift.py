"""Whether the pages of a source are still what they were: what is counted of each, and the test that judges it.

A page that is read adds to counts by name, so that crawls can be summed: "read" pages, "filled/lead" of them with a
lead, "odd/short" with hardly any text, "agreed/title" of the "votes" in which the generic reader was asked too. What a
crawl counted is held against the sums of the source's own recent good crawls by Fisher's exact test, one-sided: how
probable it is that as many pages (or fewer) have a field if their share has not changed. It is exact however few pages
there are, so two pages without a lead tell of an office whose last 200 all had one, and tell nothing of one in which
half of them do.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import exp, lgamma
from typing import Final

from archive import Article
from persian.text import search_key

ALPHA: Final = 1e-4
"""The chance of a false alarm of one test. Of some 15 measures, each judged at each of an office's some 500 crawls a
year that read anything, that is at most 0.75 a year if every measure were at the edge; of counts as small as these the
exact test stays far below its level, and most measures are near 0 or 1: simulated, less than 0.05 a source and year
(`tests/spiders/test_drift.py`).
"""
DOUBT: Final = 0.02
"""The same, to hold back what would rewrite an archived article: nothing is lost by waiting for the next visit."""
FEWEST: Final = 20  # pages that a source must have shown before anything is held against them
SOUND: Final = 150
"""Pages without a fault that stand in for a source's own past where it has shown few pages, or of late only crawls that
found nothing new, and none had one of `NEVER`: what no office does on purpose is seen in two pages, of an office with
one release in a month, too.
"""
LESS: Final = 0.5  # of the former share, which a field has to fall below
MORE: Final = 0.3  # share of pages, which an oddity has to reach
HARDLY: Final = 150  # letters, below which a body is short
FUTURE: Final = timedelta(days=1)
OLD: Final = timedelta(days=60)
REDATED: Final = timedelta(days=30)
SAME: Final = 3  # pages of one and the same instant, from which on they are counted as such

FIELDS: Final = ("kicker", "lead", "tags", "image", "byline", "category", "date", "time")
ODDITIES: Final[Mapping[str, str]] = {
    "generic": "had to be read by the generic reader",
    "quarantined": "could not be read",
    "odd/garbled": "hold letters in a wrong charset",
    "odd/short": "have hardly any text",
    "odd/future": "are dated in the future",
    "odd/old": "are dated long before they were listed",
    "odd/same": "have one and the same date",
    "odd/listed": "have another date than their list says",
    "odd/stated": "have another date than their metadata says",
}
NEVER: Final = frozenset({"quarantined", "odd/garbled", "odd/future", "odd/old"})
VOTES: Final[Mapping[str, str]] = {
    "agreed/title": "title",
    "agreed/body": "text",
}
KINDS: Final[Mapping[str, str]] = {
    "generic": "layout",
    "quarantined": "parse",
    "odd/garbled": "charset",
    "odd/short": "short",
    "odd/future": "date",
    "odd/old": "date",
    "odd/same": "date",
    "odd/listed": "date",
    "odd/stated": "date",
}
"""The class of each oddity; of a field that vanishes it is "fields", of a lost vote "layout"."""
SUMMED: Final = frozenset(
    {
        *("read", "fetched", "votes", "moved", "compared", "lacking"),
        *(f"filled/{field}" for field in FIELDS),
        *ODDITIES,
        *VOTES,
    }
)
"""The counts that are held against those of other crawls."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One thing that has changed: its class, and a line with the numbers."""

    kind: str
    evidence: str


# ---- what is counted ----


def told_by(article: Article, *, fresh: bool) -> Iterator[str]:
    """The names of the counts that a reading adds one to; `fresh` says that a list led to it just now."""
    yield "read"
    published = article.published
    filled = {
        "kicker": article.kicker,
        "lead": article.lead,
        "tags": article.tags,
        "image": article.image,
        "byline": article.byline,
        "category": article.category,
        "date": published,
        "time": published and published.at,
    }
    yield from (f"filled/{field}" for field in FIELDS if filled[field])
    if len(article.body) < HARDLY:
        yield "odd/short"
    if is_garbled(article.title) or is_garbled(article.body):
        yield "odd/garbled"
    if published is None:
        return
    if article.ordering > article.fetched_at + FUTURE:
        yield "odd/future"
    elif fresh and article.ordering < article.fetched_at - OLD:
        yield "odd/old"
    flags = set(published.flags)
    if flags & {"listing-disagrees", "feed-disagrees"}:
        yield "odd/listed"
    if "metadata-disagrees" in flags:
        yield "odd/stated"


def lost(held: Article, read: Article) -> list[str]:
    """The fields that an article had and that a reading does not give, and those that it gives far less of."""
    gone = [
        name
        for name in ("kicker", "lead", "tags", "image", "byline")
        if getattr(held, name) and not getattr(read, name)
    ]
    if held.published and (read.published is None or abs(held.published.on - read.published.on) > REDATED):
        gone.append("date")
    if 2 * len(read.body) < len(held.body):
        gone.append("body")
    return [*gone, "charset"] if is_garbled(read.body) and not is_garbled(held.body) else gone


def agreed(article: Article, other: Article) -> Iterator[str]:
    """What of an article two readers agree on."""
    ours, theirs = search_key(article.title), search_key(other.title)
    if ours in theirs or theirs in ours:
        yield "agreed/title"
    if len(article.body) < 2 * len(other.body) and len(other.body) < 2 * len(article.body):
        yield "agreed/body"


def same_dates(instants: Iterable[object]) -> int:
    """How many of these dates are one and the same, where so many are that it cannot be chance; else 0."""
    most = Counter(instants).most_common(1)
    return most[0][1] if most and most[0][1] >= SAME else 0


def is_garbled(text: str) -> bool:
    """Whether letters were lost: replacement characters, question marks in their place, or UTF-8 read as Latin-1."""
    return "\ufffd" in text or "????" in text or any(pair in text for pair in ("Ø§", "Ù†", "ÛŒ", "Ø±"))


# ---- how it is judged ----


def drifts(counts: Mapping[str, int], before: Mapping[str, int], alpha: float = ALPHA) -> list[Drift]:
    """What of a crawl's pages differs from what the source's good crawls counted, the surest first."""
    found = [*_oddities(counts, before), *_fields(counts, before), *_votes(counts, before)]
    return [drift for chance, drift in sorted(found, key=lambda each: each[0]) if chance < alpha]


def _oddities(counts: Mapping[str, int], before: Mapping[str, int]) -> Iterator[tuple[float, Drift]]:
    for name, said in ODDITIES.items():
        if not (odd := counts.get(name)):
            continue
        of = "fetched" if name == "quarantined" else "read"
        pages, were, total = max(counts.get(of, 0), odd), before.get(name, 0), before.get(of, 0)
        line = f"{odd} of {pages} pages {said}; before, {were} of {total} did"
        if name in NEVER and (total or before.get("compared")) and not were:
            total = max(total, SOUND)
        if total < FEWEST or odd < MORE * pages:
            continue
        yield as_few(pages - odd, pages, total - min(were, total), total), Drift(KINDS[name], line)


def _fields(counts: Mapping[str, int], before: Mapping[str, int]) -> Iterator[tuple[float, Drift]]:
    pages, total = counts.get("read", 0), before.get("read", 0)
    if not pages or total < FEWEST:
        return
    for field in FIELDS:
        name = f"filled/{field}"
        filled, were = counts.get(name, 0), before.get(name, 0)
        if filled * total < LESS * were * pages:
            line = f"{filled} of {pages} pages have a {field}; before, {were} of {total} had"
            yield as_few(filled, pages, were, total), Drift("fields", line)


def _votes(counts: Mapping[str, int], before: Mapping[str, int]) -> Iterator[tuple[float, Drift]]:
    votes, total = counts.get("votes", 0), before.get("votes", 0)
    if not votes or total < FEWEST:
        return
    for name, part in VOTES.items():
        agreed, were = counts.get(name, 0), before.get(name, 0)
        if agreed * total < LESS * were * votes and (chance := as_few(agreed, votes, were, total)) < ALPHA:
            line = (
                f"the generic reader finds the same {part} in {agreed} of {votes} pages; before, in {were} of {total}"
            )
            yield chance, Drift("layout", line)


def as_few(have: int, pages: int, had: int, total: int) -> float:
    """How probable it is that of `pages` no more than `have` have what `had` of `total` had (Fisher, one-sided)."""
    with_it, all_ = have + had, pages + total
    least = max(0, with_it - total)
    whole = _ways(all_, pages)
    terms = (_ways(with_it, k) + _ways(all_ - with_it, pages - k) - whole for k in range(least, have + 1))
    return min(1.0, sum(map(exp, terms)))


def _ways(of: int, some: int) -> float:
    """The logarithm of the number of ways to choose some of them."""
    return lgamma(of + 1) - lgamma(some + 1) - lgamma(of - some + 1)
