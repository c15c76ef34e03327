"""Which CMS a newsroom runs on, judged by what its answers bear, with the evidence."""

from collections.abc import Iterable
from dataclasses import dataclass

from web_poet import HttpResponse

from spiders.platforms import CMSS, platform
from spiders.platforms.cms import Platform
from spiders.platforms.marks import ENOUGH, SURE, Shown


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A platform that answers point to; `score` is the sum of the weights of its marks, `evidence` the marks' words."""

    platform: Platform
    score: int
    evidence: tuple[str, ...]

    @property
    def confidence(self) -> str:
        """In a word: "sure" by a mark that nobody else has, "likely" by several that others could have, or "guess"."""
        return "sure" if self.score >= SURE else "likely" if self.is_enough else "guess"

    @property
    def is_enough(self) -> bool:
        """Whether the marks name the platform: one that others could have is not enough."""
        return self.score >= ENOUGH


def findings(responses: Iterable[HttpResponse]) -> list[Finding]:
    """The platforms that pages of one site point to, the best first. A mark counts once, on whatever page it stands."""
    shown = [Shown(response) for response in responses]
    found = []
    for key in CMSS:
        borne = {mark: words for each in shown for mark, words in platform(key).evidence(each)}
        if borne:
            score = sum(mark.weight for mark in borne)
            found.append(Finding(platform=platform(key), score=score, evidence=tuple(borne.values())))
    return sorted(found, key=lambda finding: -finding.score)


def recognise(*responses: HttpResponse) -> Finding | None:
    """The platform that pages of one site point to; None where nothing does, or not enough."""
    best = next(iter(findings(responses)), None)
    return best if best and best.is_enough else None
