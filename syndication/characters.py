"""Which texts may stand in a feed's lines."""

from typing import Final

from persian.text import display

LONGEST: Final = 10_000
"""Letters of a line. No newsroom writes a title or a lead of that length; whoever does is not to fill every feed."""


def line(text: str | None) -> str:
    """A text as one line of legal characters, or "" where it would show nothing (half-spaces and marks alone)."""
    text = text or ""
    shown = display(text[:LONGEST])
    if not any(letter.isprintable() and not letter.isspace() for letter in shown):
        return ""
    return shown + ("…" if len(text) > LONGEST else "")
