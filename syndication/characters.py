"""Which texts may stand in feeds."""

import re
from typing import Final

from persian.text import ZWNJ, display, without_forbidden

LONGEST: Final = 10_000
"""Letters of a line. No newsroom writes a title or a lead of that length; whoever does is not to fill every feed."""

_DISCOURAGED = re.compile(
    "[\x7f-\x9f\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(1 << 16, 17 << 16, 1 << 16))
    + "]"
)


def legal(text: str) -> str:
    """The text without what XML 1.0 §2.2 forbids, and what it discourages: controls and noncharacters, which show
    nothing and which some parsers refuse.
    """
    return text if _prints(text) else _DISCOURAGED.sub("", without_forbidden(text))


def _prints(text: str) -> bool:
    """Whether all that stands in a text prints, half-spaces aside, as in most texts: what does is legal, and to look
    for each of the others takes twenty times as long.
    """
    return text.replace(ZWNJ, "").isprintable()


def line(text: str | None) -> str:
    """A text as one line of legal characters, or "" where it would show nothing (half-spaces and marks alone)."""
    text = text or ""
    shown = display(text[:LONGEST])
    shown = shown if _prints(shown) else _DISCOURAGED.sub("", shown)
    if not any(letter.isprintable() and not letter.isspace() for letter in shown):
        return ""
    return shown + ("…" if len(text) > LONGEST else "")
