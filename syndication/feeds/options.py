"""How a feed tells what it announces, apart from which releases these are: the words that only feeds know.

content=full|summary|none   how much of a text an entry carries
changed=yes                 an edit of substance is announced as an entry of its own
date-line=yes               the text begins with the Jalali date in words
include=RE, exclude=RE      only, or no, releases whose words match a regular expression
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, Self

from archive.errors import QueryError
from archive.query import yes
from syndication.feeds.pattern import Pattern


class Content(StrEnum):
    """How much of a release's text an entry carries."""

    FULL = "full"
    SUMMARY = "summary"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """`include` and `exclude` leave releases out; the others say how much of one is told, and when again."""

    content: Content = Content.FULL
    changed: bool = False
    date_line: bool = False
    include: Pattern | None = None
    exclude: Pattern | None = None

    @classmethod
    def parse(cls, name: str, value: str, so_far: Self) -> Self:
        """The options with one more word; raises `QueryError` naming it."""
        return replace(so_far, **PARSERS[name](name, value))

    @property
    def picks(self) -> bool:
        """Whether releases are left out by their words."""
        return self.include is not None or self.exclude is not None

    def admits(self, words: str) -> bool:
        """Whether a release with these words (search keys) is announced."""
        return (self.include is None or self.include.found_in(words)) and not (
            self.exclude is not None and self.exclude.found_in(words)
        )


def _content(name: str, value: str) -> dict[str, Any]:
    try:
        return {"content": Content(value)}
    except ValueError:
        raise QueryError(name, f"{value!r} is none of {', '.join(Content)}") from None


USUAL: Final = Options()

PARSERS: Final[dict[str, Callable[[str, str], dict[str, Any]]]] = {
    "content": _content,
    "changed": lambda name, value: {"changed": yes(name, value)},
    "date-line": lambda name, value: {"date_line": yes(name, value)},
    "include": lambda name, value: {"include": Pattern.compiled(name, value)},
    "exclude": lambda name, value: {"exclude": Pattern.compiled(name, value)},
}
