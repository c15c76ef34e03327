"""Any string: its display form, its search key, its spellings, its markup made safe, its bytes read by any charset."""

import unicodedata
from functools import cache

from web_poet import HttpResponse

from benchmarks.fuzzing.chance import CONTROLS, NUMBERS, ODD, Chance, Target
from benchmarks.fuzzing.held import hold_line, hold_markup
from benchmarks.hostile import MARKUP, TEXTS, WORDS
from persian.decoding import decode
from persian.markup import paragraphs, safe_html
from persian.spelling import runs, spellings
from persian.text import display, search_key, without_forbidden
from spiders.errors import TooComplex
from spiders.responses import root_of

BLOCKS = ((0x20, 0x7F), (0x600, 0x700), (0xFB50, 0xFE00), (0xFE70, 0xFF00))
LETTERS = [chr(code) for block in BLOCKS for code in range(*block)]
PHRASES = ["می\u200cشود", "خانه\u200cی", "كتاب‌هاي", "ۀ", "ه ی", "﷼۵۰۰", "ﷺ", "٤٥٦", "İı", "ǅ", "a\u0323\u0307", "ﬁ"]
CHARSETS = ["utf-8", "cp1256", "iso-8859-6", "utf-16", "utf-16-le", "utf-32", "nosuch", "text/html; charset=x", ""]


@cache
def pieces() -> list[list[str]]:
    return [
        LETTERS,
        LETTERS,
        ODD,
        CONTROLS,
        PHRASES,
        WORDS,
        [*TEXTS, *NUMBERS, " ", "\u200c", "\u200c\u200c", "\u0654"],
    ]


def make(chance: Chance) -> str:
    if chance.random() < 0.1:
        return "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randrange(40)))
    text = "".join(chance.pieces(30, *pieces()))
    return "".join((text, *chance.pieces(4, MARKUP))) if chance.random() < 0.1 else text


def grown(chance: Chance, size: int) -> str:
    return str(chance.repeated([*map(str, (*PHRASES, *ODD, *LETTERS, *TEXTS, *MARKUP, " ", "\u200c"))], size))


def check(text: str) -> str:
    shown = display(text)
    hold_line(shown)
    key = search_key(text)
    assert search_key(shown) == key, "the key of the display form is another"
    assert search_key(key) == key, "a key of a key is another"
    assert unicodedata.is_normalized("NFC", key)
    assert key == " ".join(key.split())
    assert spellings(runs(text)) == spellings(runs(text))
    without_forbidden(text).encode()
    data = text.encode("utf-8", "surrogatepass")
    read = decode(data, header=CHARSETS[len(data) % len(CHARSETS)])
    assert (read.encoding is None) == ("binary" in read.flags)
    read.text.encode()
    if "<" in text:
        _hold_html(text)
    return "nothing shown" if not shown else "as it was" if shown == text else "repaired"


def _hold_html(text: str) -> None:
    safe = safe_html(text)
    hold_markup(safe, resolved=False)
    assert safe_html(safe) == safe.removeprefix("\ufeff"), "what is safe is made safe again otherwise"
    page = HttpResponse("https://e.ir/", body=text.encode("utf-8", "replace"), encoding="utf-8")
    try:
        root = root_of(page)
    except TooComplex:
        return
    for line in paragraphs(root):
        hold_line(line)
        assert line


TARGET = Target(name="texts", make=make, check=check, grown=grown, seconds=0.5)
