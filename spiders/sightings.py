"""What a walk tells the archive beside the articles that it read."""

from dataclasses import dataclass

from archive.links import Sighting


@dataclass(frozen=True, slots=True)
class Listed:
    """The links to articles of one list."""

    links: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """The page of an archived article is not there; `key` is one of its article's."""

    key: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The page of an archived article is as it was read, says its site."""

    key: str


@dataclass(frozen=True, slots=True)
class Unlisted:
    """The page of an archived article answers, though lists that go further back name it no more."""

    key: str
