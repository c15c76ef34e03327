"""What a walk tells the archive: the articles that it read, and what else it saw.

`capture` is always what the site answered, as it came; None where that is not known.
"""

from dataclasses import dataclass

from archive import Article
from archive.crawls import Quarantined
from archive.links import Sighting
from archive.warc import Exchange


@dataclass(frozen=True, slots=True)
class Reading:
    """An article and the answer that it was read from."""

    article: Article
    capture: Exchange | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A page that gave no article."""

    page: Quarantined
    capture: Exchange | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """The links to articles of one list."""

    links: tuple[Sighting, ...]
    capture: Exchange | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """The page of an archived article is not there; `key` is one of its article's."""

    key: str
    capture: Exchange | None = None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The page of an archived article is as it was read, says its site."""

    key: str


@dataclass(frozen=True, slots=True)
class Unlisted:
    """The page of an archived article answers, though lists that go further back name it no more."""

    key: str
