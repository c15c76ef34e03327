"""Persian text in two forms and no more: `display`, which is stored and shown, and `search_key`, which is matched."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

ZWNJ: Final = "\u200c"

_ARTEFACT = re.compile(
    "[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069"
    "\ufb50-\ufdef\ufe70-\ufeff\ud800-\udfff\ufffe\uffff]"
)
_PRESENTED = re.compile("[\ufb50-\ufdef\ufe70-\ufefe]")
_FORBIDDEN = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]")
_ACTING = re.compile("[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\ud800-\udfff]")
_ACTING_IN_LINES = re.compile(
    _ACTING.pattern.replace("\u0000-\u001f", "\u0000-\u0008\u000b\u000c\u000e-\u001f") + "|\r(?!\n)"
)
_JOINERS = re.compile(f"\u200d*{ZWNJ}[{ZWNJ}\u200d]*")
_PUNCTUATION = (
    r"\s!-/:-@\[-^`{-~\u00a1\u00a7\u00ab\u00b6\u00b7\u00bb\u00bf\u060c\u060d\u061b\u061d-\u061f\u066a-\u066d\u06d4"
    r"\u2010-\u2027\u2030-\u205e\u2e00-\u2e5d\u3000-\u3003\u3008-\u301f\ufd3e\ufd3f\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff0f"
)
_IDLE_ZWNJ = re.compile(rf"{ZWNJ}(?:(?=[{_PUNCTUATION}]|\Z)|(?<=[{_PUNCTUATION}]{ZWNJ})|(?<=\A{ZWNJ}))")
_DIGITS: Final = str.maketrans("0123456789٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹" * 2)


def _repaired(found: re.Match[str]) -> str:
    if not _PRESENTED.match(found[0]):
        return ""
    letters = unicodedata.normalize("NFKC", found[0]).strip()  # a lone haraka comes with a space
    return _persian(letters)


def letters(text: str) -> str:
    """The text in Persian letters, without artefacts, its white space and half-spaces as they are: `display`'s part
    for a piece of a line, such as the text of one element.
    """
    text = _persian(unicodedata.normalize("NFC", text))
    return _ARTEFACT.sub(_repaired, text) if _ARTEFACT.search(text) else text


def _persian(text: str) -> str:
    return text.replace("ي", "ی").replace("ى", "ی").replace("ك", "ک")


def display(text: str) -> str:
    """One line of text as stored and shown: what is surely an artefact is repaired, nothing else changes.

    NFC; Arabic ي ى ك and presentation forms become Persian letters (ligature words such as ﷺ and ﷼ stay); every
    white space one space; direction marks, soft hyphens and all that XML 1.0 forbids go, also where an editor typed
    one for a half-space, which only a reader can tell; a half-space stays only between letters. Digits, punctuation,
    addresses, ۀ and hamza are as written. Idempotent; total on any string.
    """
    text = text.strip()
    sound = _is_sound(text)
    text = _persian(text) if sound else letters(text)
    if ZWNJ in text:
        if ZWNJ * 2 in text or "\u200d" in text:
            text = _JOINERS.sub(ZWNJ, text)
        repaired = _IDLE_ZWNJ.sub("", text)
        sound = sound and repaired == text
        text = repaired
    if sound and "  " not in text:
        return text
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _is_sound(text: str) -> bool:
    """Whether nothing in a text needs repair but its letters, spaces and half-spaces, as in most texts: what prints
    and is in NFKC, and so in NFC, holds no artefact.
    """
    return text.replace(ZWNJ, "").isprintable() and unicodedata.is_normalized("NFKC", text)


def _key_letters() -> dict[int, str]:
    pairs = {"أإٱآ": "ا", "ؤ": "و", "ئېۍێےۑ": "ی", "ۀةەہھۂۃ": "ه", "ڪ": "ک", "ءـ": "", ZWNJ: " "}
    return {ord(letter): base for letters, base in pairs.items() for letter in letters}


_WORD_LIGATURES: Final = range(0xFDF0, 0xFDFD)  # «الله», «ریال» and others that are one character


class _Keys(dict[int, str]):
    """What each character becomes in a key, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        words = letters(unicodedata.normalize("NFKC", character)) if code in _WORD_LIGATURES else ""
        if words:
            key = words.translate(self)
            key = key if category == "Lo" and " " not in words else f" {key} "  # «عبدﷲ» is one word, «۵۰۰﷼» two
        elif category == "Nd":
            key = str(unicodedata.decimal(character))
        elif category in {"Mn", "Me", "Cf"}:
            key = ""
        else:
            key = character if category[0] in "LMN" else " "
        self[code] = key
        return key


_KEYS: Final = _Keys(_key_letters())
_TO_FOLD = re.compile("[^ 0-9a-zابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی]+")
"""What stands between letters that are their own keys, which are most of a text: it alone is looked up."""
_BETWEEN: Final = 8  # characters that are usual there: «»، » or «. »


def _keyed(found: re.Match[str]) -> str:
    between = found[0]
    return _usual_key(between) if len(between) <= _BETWEEN else between.translate(_KEYS)


@lru_cache(4096)
def _usual_key(between: str) -> str:
    return between.translate(_KEYS)


_EZAFE = re.compile(r"(?<=ه)(?: ی)+(?= |\Z)")  # «ه ی» is what «ۀ» was split into


def search_key(text: str) -> str:
    """The words of a text as they are matched, parted by single spaces; a half-space parts words too.

    `display`, then one letter for all spellings of alef, vav, yeh, kaf and heh, no hamza, harakat or tatweel, ASCII
    digits, folded case, no punctuation, ligature words spelt out; an ezafe written «ه\u200cی» or «ه ی» reads as «ۀ».
    Idempotent, total, and `search_key(display(x)) == search_key(x)`. For spellings with and without the half-space see
    `persian.spelling`.
    """
    shown = display(text)
    folded = shown.casefold()
    if folded != shown:
        folded = unicodedata.normalize("NFD", shown).casefold()
    words = " ".join(_TO_FOLD.sub(_keyed, unicodedata.normalize("NFC", folded)).split())
    return unicodedata.normalize("NFC", _EZAFE.sub("", words) if "ه ی" in words else words)


def persian_digits(value: str | int) -> str:
    """The same text or number with Persian digits for ASCII and Arabic-Indic ones."""
    return str(value).translate(_DIGITS)


def without_forbidden(text: str) -> str:
    """The text without the characters XML 1.0 §2.2 forbids (lone surrogates among them); nothing else changes."""
    return _FORBIDDEN.sub("", text)


def printable(text: str, *, lines: bool = False) -> str:
    r"""The text for a terminal or a log, where it only shows: what moves the cursor, colours, ends a line or turns its
    order around stands as an escape of JSON, "\u001b". With `lines` line ends and tabs stay.
    """
    return (_ACTING_IN_LINES if lines else _ACTING).sub(lambda found: f"\\u{ord(found[0]):04x}", text)
