"""What is wrong with a catalogue, or is not in it. Each message is one line, fit to be shown to an operator as it is.

CatalogueError          the catalogue cannot be used: "<file>: [table] key: what is wrong; did you mean …?"
├── UnknownSource       no source has this id
├── UnknownAgency       no agency has this id
└── UnknownProvince     this names no province
"""

import difflib
from collections.abc import Iterable

LONGEST = 100  # letters of a word that a message says again


class CatalogueError(Exception):
    """The catalogue cannot be used, or does not hold what was asked for."""


class UnknownSource(CatalogueError):
    """No source has this id."""


class UnknownAgency(CatalogueError):
    """No agency has this id."""


class UnknownProvince(CatalogueError):
    """No province has this key, code, name or variant."""


def nearest(word: str, choices: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(word, list(choices), n=1)), None)


def quoted(word: str) -> str:
    """A word that somebody gave, as a message says it: within its line, and not without end."""
    shown = "".join(
        letter if letter.isprintable() or letter == "\u200c" else "\N{REPLACEMENT CHARACTER}" for letter in word
    )
    return f'"{shown[:LONGEST]}…"' if len(shown) > LONGEST else f'"{shown}"'


def did_you_mean(choice: str | None) -> str:
    return f'; did you mean "{choice}"?' if choice else ""
