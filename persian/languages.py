"""Whether a text can be Persian: told by its script, and from Arabic by the small words that only one of them has."""

from typing import Final

_LEADS: Final = b"\xd8\xd9\xda\xdb"  # of U+0600–06FF in UTF-8
_LIGATURE: Final = b"\xef\xb7"  # the first bytes of U+FDC0–FDFF: «ﷲ», «﷼»
_SMALL: Final = bytes(range(0xC0))
_LATIN: Final = bytes([*range(0x41, 0x5B), *range(0x61, 0x7B)])
_FEW: Final = 40  # letters, of which nothing can be told
_LEAST: Final = 0.3  # of the letters; a release about standards is half Latin
_ARABIC: Final = frozenset(
    "فی إلی التی الذی الذین هذا هذه أن إن مع کما وقد ذلک خلال قال کان لم وأن التابعة أو هو".split()  # noqa: SIM905 - words are read as words
)
_PERSIAN: Final = frozenset(
    "که است این را های برای شد با از در به می آن خود کرد و شده بود نیز گفت خواهد هم".split()  # noqa: SIM905
)
_SURE: Final = 5  # Arabic words
_MORE: Final = 2  # of them for each Persian one; «و» stands before a word in Arabic, and alone in Persian


def is_foreign(text: str) -> bool:
    """Whether a text in display form is surely in another language than those of Iran that are written in its script.

    Azeri, Kurdish, Luri and others are not told from Persian.
    """
    data = text.encode("utf-8", "replace")
    written = len(data) - len(data.translate(None, _LEADS)) + data.count(_LIGATURE)
    beyond = len(data.translate(None, _SMALL))  # the first byte of each character beyond ASCII
    letters = beyond + len(data) - len(data.translate(None, _LATIN))
    if letters < _FEW:
        return False
    return written < _LEAST * letters or _is_arabic(text)


def _is_arabic(text: str) -> bool:
    words = text.split()
    arabic = sum(map(_ARABIC.__contains__, words))
    return arabic >= _SURE and arabic > _MORE * sum(map(_PERSIAN.__contains__, words))
