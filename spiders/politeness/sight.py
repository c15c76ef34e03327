"""What a reader sees of a page, told without a parser: in time that grows with its length, whatever is opened in it and
never closed.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from typing import Final

_TAG: Final = re.compile(r"<[^>]*>")
_UNSEEN: Final = re.compile(r"<(script|style|noscript|template|head)\b|<(!)--", re.IGNORECASE)
_HEADING: Final = re.compile(r"<(title|h[1-6]|legend)\b[^>]*>", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s+")


def seen(text: str) -> str:
    """The text of a page without its head, scripts and comments, on one line."""
    shown, place = [], 0
    for _, start, _, end in _elements(text, _UNSEEN):
        shown.append(text[place:start])
        place = end
    return _plain(" ".join((*shown, text[place:])))


def headings(text: str) -> Iterator[str]:
    """The title and the headings, in the page's order."""
    for inside, _, close, _ in _elements(text[: text.rfind(">") + 1], _HEADING):
        yield _plain(text[inside:close])


def _elements(text: str, opening: re.Pattern[str]) -> Iterator[tuple[int, int, int, int]]:
    """Where elements are, none within another: their inside, their start, the end of the inside, their end.

    One that is never closed is none, and what would close it is not looked for again.
    """
    unclosed: set[str] = set()
    place = 0
    while found := opening.search(text, place):
        name = next(filter(None, found.groups())).lower()
        place = found.end()
        closing = None if name in unclosed else _closing(name).search(text, place)
        if closing:
            yield found.end(), found.start(), closing.start(), closing.end()
            place = closing.end()
        else:
            unclosed.add(name)


def _closing(name: str) -> re.Pattern[str]:
    return re.compile("-->" if name == "!" else rf"</{name}\s*>", re.IGNORECASE)  # which `re` keeps compiled


def _plain(markup: str) -> str:
    end = markup.rfind(">") + 1  # behind it no tag is closed
    text = _TAG.sub(" ", markup[:end]) + markup[end:]
    with suppress(ValueError):  # for a reference by more digits than Python reads
        text = unescape(text)
    return _SPACE.sub(" ", text).strip()
