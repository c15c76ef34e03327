"""What one polite visit to a newsroom found: values, made by the visitor and told by `spiders.onboarding.telling`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from archive import Article
from persian.published import Published
from sources import Source
from spiders.extraction.headline import folded
from spiders.listing import Link
from spiders.platforms.marks import ENOUGH

NEWEST = 5  # articles that a visit reads
CLOSE = 0.5  # of the best one's score: another platform that comes as near is shown beside it
FEW_WORDS = 100  # characters; a shorter body may be a part of one

FIELDS = ("kicker", "lead", "byline", "category", "tags", "image", "attachments", "modified")
"""The fields that a good reading may leave empty; without title, body or `published` it is none."""

UNSURE = {"sure": 0.0, "likely": 0.1, "guess": 0.25}


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A platform that the pages point to; `surety` is "sure", "likely" or "guess"."""

    platform: str
    score: int
    surety: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """An entrance that was asked: `kind` is listing, feed, sitemap or interface.

    `entries` are its links to articles, `more` the further lists that it leads to; `problem` says why it gave nothing.
    """

    kind: str
    url: str
    entries: int = 0
    more: int = 0
    newest: Published | None = None
    problem: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A page as it came: what a recording keeps. Header names are as the host wrote them, Set-Cookie is left out."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """One of the newest articles; where it could not be read, `article` is None and `problem` says why.

    `confidence` is in 0…1, `reasons` what it rests on, each with its weight.
    """

    url: str
    article: Article | None = None
    problem: str | None = None
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()
    answer: Answer | None = None

    @property
    def empty(self) -> tuple[str, ...]:
        """The fields that were not found, those that every article should have first."""
        if self.article is None:
            return ()
        return tuple(name for name in ("published", "body", *FIELDS) if not getattr(self.article, name))


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """What came of a visit. `problem` says why it ended before anything was read.

    `platform` is the one that the articles were read by: what the source states, or the best of `candidates`, or
    "generic" where nothing gives a CMS away. `selectors` are suggestions for such a site, by part; `generated` is what
    the page says made it.
    """

    source: Source
    began: datetime
    seconds: float = 0.0
    requests: int = 0
    problem: str | None = None
    title: str | None = None
    generated: str | None = None
    platform: str | None = None
    candidates: tuple[Candidate, ...] = ()
    tried: tuple[Tried, ...] = ()
    untried: int = 0
    samples: tuple[Sample, ...] = ()
    selectors: Mapping[str, str] = field(default_factory=dict)
    missing_selectors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def best(self) -> Candidate | None:
        """The platform that the pages give away; None for a CMS that is not known here."""
        return self.candidates[0] if self.candidates and self.candidates[0].score >= ENOUGH else None

    @property
    def close(self) -> tuple[Candidate, ...]:
        """The other platforms that come near to the best one."""
        most = self.candidates[0].score if self.candidates else 0
        return tuple(each for each in self.candidates[1:] if each.score >= most * CLOSE)

    @property
    def confidence(self) -> float:
        """The mean over the articles, of which one that could not be read counts as 0."""
        return sum(sample.confidence for sample in self.samples) / len(self.samples) if self.samples else 0.0

    @property
    def articles(self) -> tuple[Article, ...]:
        return tuple(sample.article for sample in self.samples if sample.article)

    @property
    def newest(self) -> Published | None:
        """The newest date that an article or a list shows."""
        read = [article.published for article in self.articles if article.published]
        listed = [tried.newest for tried in self.tried if tried.newest]
        return max(read or listed, key=lambda published: published.ordering, default=None)

    @property
    def differs(self) -> str | None:
        """How the platform that the source states differs from what its pages give away; None where it does not."""
        stated, found = self.source.platform, self.best
        if stated == "auto" or found is None or found.platform == stated:
            return None
        return f'the catalogue states "{stated}", and its pages are those of "{found.platform}"'

    @property
    def failures(self) -> tuple[str, ...]:
        """What an operator has to look into, a line each; none where all is well."""
        if self.problem:
            return (self.problem,)
        lists = [tried for tried in self.tried if tried.kind == "listing"]
        dry = lists and not any(tried.entries for tried in self.tried)
        found = [self.differs, "no list on it leads to an article" if dry or not self.samples else None]
        found += [f"{sample.url}: {sample.problem}" for sample in self.samples if sample.problem]
        return tuple(filter(None, found))


def newest_first(lists: Sequence[Sequence[Link]], count: int = NEWEST) -> list[Link]:
    """The newest links of several lists, of which the first that has any counts.

    A list that dates all its entries is sorted; where the first does not, one that does is preferred; a list without
    dates is believed to be in order.
    """
    full = [[*{link.url: link for link in links}.values()] for links in lists if links]
    dated = [links for links in full if all(link.published for link in links)]
    if not full:
        return []
    chosen = next((links for links in dated if len(links) >= min(count, len(full[0]))), full[0])
    if chosen in dated:
        chosen = sorted(chosen, key=_moment, reverse=True)
    return chosen[:count]


def _moment(link: Link) -> datetime:
    if link.published is None:
        raise ValueError(f"{link.url} has no date")
    return link.published.ordering


def confidence(article: Article, *, surety: str, title: str | None) -> tuple[float, tuple[str, ...]]:
    """How sure a reading by a platform is, in 0…1, and what it rests on: "-0.30 no date".

    `surety` is that of the platform, `title` what the generic reader takes for the title of the same page.
    """
    published = article.published
    doubts = [
        (UNSURE[surety], f"the platform is no more than a {surety} one"),
        (0.4 if not article.body else 0.0, "no text"),
        (0.15 if 0 < len(article.body) < FEW_WORDS else 0.0, f"a text of {len(article.body)} characters"),
        (0.3 if published is None else 0.0, "no date"),
        (0.1 if published and published.origin != "page" else 0.0, "a date that readers do not see"),
        (0.1 if published and published.flags else 0.0, f"the date: {', '.join(published.flags if published else ())}"),
        (0.15 if title and not _agree(title, article.title) else 0.0, f"another line looks like the title: {title}"),
    ]
    counted = [(weight, why) for weight, why in doubts if weight]
    reasons = tuple(f"-{weight:.2f} {why}" for weight, why in counted)
    return max(0.0, 1.0 - sum(weight for weight, _ in counted)), reasons


def _agree(one: str, other: str) -> bool:
    first, second = folded(one), folded(other)
    return first in second or second in first
