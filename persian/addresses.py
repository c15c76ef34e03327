"""Web addresses as people read them: `%D8%AE%D8%A8%D8%B1` is «خبر».

Only for what people look at; programs get addresses as they are.
"""

import re
from typing import Final

ZWNJ: Final = "\u200c"

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"«»]*[^\s<>\"«».,:;()]", re.IGNORECASE)
"""One in a line, without the punctuation that follows it there."""
_ESCAPED: Final = re.compile(r"(?:%[89A-F][0-9A-F])+", re.IGNORECASE)
"""Bytes beyond ASCII; an escape of ASCII (`%2F`, `%20`) means another address than the character that it stands for."""


def readable(address: str) -> str:
    """An address in its letters; what is escaped stays so where it is no UTF-8, or where a character comes of it that
    does not show itself: of control, of direction, of space.

    It reads back to the same address: its letters escaped again give the escapes (RFC 3987 §3.1).
    """
    return _ESCAPED.sub(_letters, address)


def readable_in(line: str) -> str:
    """A line whose addresses are readable."""
    return _ADDRESS.sub(lambda found: readable(found[0]), line)


def parts_of(line: str) -> list[tuple[str, bool]]:
    """A line in parts, and of each whether it is an address, which are readable ones."""
    parts, done = [], 0
    for found in _ADDRESS.finditer(line):
        parts += [(line[done : found.start()], False), (readable(found[0]), True)]
        done = found.end()
    return [(part, is_address) for part, is_address in [*parts, (line[done:], False)] if part]


def _letters(found: re.Match[str]) -> str:
    try:
        text = bytes.fromhex(found[0].replace("%", "")).decode()
    except UnicodeDecodeError:
        return found[0]
    return text if text.replace(ZWNJ, "").isprintable() else found[0]
