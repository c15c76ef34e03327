"""Which texts may stand in a feed's lines."""

from persian.text import display


def line(text: str | None) -> str:
    """A text as one line of legal characters, or "" where it would show nothing (half-spaces and marks alone)."""
    shown = display(text or "")
    return shown if any(letter.isprintable() and not letter.isspace() for letter in shown) else ""
