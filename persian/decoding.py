"""Bytes of a page to text, for pages that lie about their charset: the right text or a flag, never silent mojibake.

    decode("گزارش".encode("cp1256"), header="text/html; charset=utf-8").text == "گزارش"

windows-1256 has no ی, so such pages come back with ي and ك as they were written; `persian.text.display`
makes them Persian. Standard library codecs and a table of names; every step is linear.
"""

import codecs
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NamedTuple

_HEAD: Final = 4096  # where a page may declare its charset, and what binary files are known by
_SAMPLE: Final = 1 << 16  # bytes that show what the whole is
_SURE: Final = 8  # well-formed sequences to each broken one that leave no doubt
_LEAST_SHARE: Final = 0.1  # of the Persian letters: less may be a quotation, and is flagged instead of repaired
_CONTROLS_OF_TEXT: Final = 0.05
_REPLACEMENT: Final = "\ufffd"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoded:
    """The text of a body; `encoding` is what it was read by (ascii, utf-8, windows-1256…), None for what is no text.

    Flags: declared-otherwise (the bytes are not what was declared), unknown-charset (a declared name that means
    nothing), guessed (nothing usable was declared), cut-off (the last character is incomplete, and dropped),
    broken-bytes (unreadable ones are U+FFFD), mojibake-repaired, mojibake (seen, and left), binary.
    """

    text: str
    encoding: str | None
    flags: tuple[str, ...] = ()


class _Read(NamedTuple):
    text: str
    encoding: str
    flags: tuple[str, ...] = ()


def decode(body: bytes, *, header: str | None = None) -> Decoded:
    """The text of a body without its byte order mark. `header` is its Content-Type, or a charset alone. Total.

    In this order: a byte order mark; what the bytes prove (UTF-8, or UTF-16 without a mark); the header's charset; the
    page's own (`<meta>`, XML declaration, in the first 4 KB); windows-1256. Single-byte charsets are held against the
    bytes too: windows-1256 and ISO-8859-6 are told apart, and Persian is never read as Latin-1.
    """
    declared, flags = _declared(body[:_HEAD], header)
    mark, codec = next((marked for marked in _MARKS if body.startswith(marked[0])), (b"", None))
    if body.startswith(_BINARY):
        return Decoded(text="", encoding=None, flags=("binary",))
    body = body[len(mark) :]
    text = _as_declared(body) if (codec or declared) == declared == "utf-8" else None
    if text is not None:
        read: _Read | None = _Read(text, "utf-8")
    else:
        read = _marked(body, codec) if codec and codec != "utf-8" else _read(body, codec or declared)
    if read is None:
        return Decoded(text="", encoding=None, flags=("binary",))
    flags += read.flags
    if read.encoding != "ascii":
        named = [name for name in (declared, codec) if name]
        if any(not _same(name, read.encoding) for name in named):
            flags = ("declared-otherwise", *flags)
        elif not named and read.encoding in _GUESSES:
            flags = ("guessed", *flags)
    text, mended = _mended(read.text)
    return Decoded(text=text, encoding=read.encoding, flags=flags + mended)


_GUESSES: Final = ("windows-1256", "iso-8859-6")
_MARKS: Final[tuple[tuple[bytes, str], ...]] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY: Final = (
    b"%PDF-",
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"\xd0\xcf\x11\xe0",
)


# --- what is declared

_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([^\s"';,]+)""", re.IGNORECASE)
_PAGE = re.compile(
    rb"""<meta\b[^>]{0,500}?\bcharset\s*=\s*["']?\s*([^\s"'/>;]+)|<\?xml\b[^>]{0,500}?\bencoding\s*=\s*["']([^"']+)""",
    re.IGNORECASE,
)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)


def _declared(head: bytes, header: str | None) -> tuple[str | None, tuple[str, ...]]:
    """The first charset that is declared and known, and whether one was not."""
    names: list[str] = []
    if header:
        found = _CHARSET.search(header)
        names += [found[1]] if found else [] if "/" in header or "=" in header else [header]
    page = _PAGE.search(_COMMENT.sub(b"", head))
    if page:
        names.append((page[1] or page[2]).decode("ascii", "replace"))
    codecs_named = [_codec(name) for name in names]
    known = next(filter(None, codecs_named), None)
    return known, () if all(codecs_named) else ("unknown-charset",)


def _names() -> dict[str, str]:
    names = {
        "utf-8": "utf8 utf8mb3 utf8mb4 utf8bom utf8sig unicode11utf8 windowsutf8 winutf8 utf unicodeutf8",
        "windows-1256": "windows1256 window1256 cp1256 win1256 ms1256 msarab 1256 ansi1256 windowsarabic windowsfarsi"
        " windowspersian farsi persian fa",
        "iso-8859-6": "iso88596 iso88596e iso88596i iso885961987 isoir127 arabic asmo708 ecma114 csisolatinarabic",
        "windows-1252": "windows1252 cp1252 win1252 ascii usascii iso88591 iso885911 latin1 l1 ansi"
        " isoir100 csisolatin1",
        "utf-16-le": "utf16 utf16le ucs2 unicode iso10646ucs2 csunicode",
        "utf-16-be": "utf16be unicodefffe",
    }
    return {spelling: name for name, spellings in names.items() for spelling in spellings.split()}


_NAMES: Final = _names()
_LEGACY = re.compile(
    r"cp\d+|iso8859-\d+|koi8-[rtu]|mac-\w+|gb\w+|big5\w*|euc_\w+|shift_jis\w*|iso2022_\w+|tis-620|johab|utf-32\S*"
)
_LONGEST_NAME: Final = 40


def _codec(name: str) -> str | None:
    """The codec a declared name means, invented ones (`windows-utf-8`, `utf8mb4`, `x-…`) included."""
    name = "-".join(re.findall("[a-z0-9]+", name[:_LONGEST_NAME].lower()))
    name = name.removeprefix("x-")
    known = _NAMES.get(name.replace("-", ""))
    if known or not name:
        return known
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return None
    return found if _LEGACY.fullmatch(found) else None


def _same(declared: str, used: str) -> bool:
    return declared == used or (declared.startswith("utf-16") and used.startswith("utf-16"))


# --- what the bytes are

_ASCII: Final = bytes(range(0x80))
_ALEF: Final = "ا".encode()
_HIGH: Final = bytes(range(0x80, 0x100))
_TABLE_1256: Final = bytes(range(256)).decode("cp1256")
_TABLE_1252: Final = "".join(bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(256))  # as WHATWG
_PERSIAN: Final = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگک\u200c،؛؟ـًٌٍَُِّْ"
_LETTERS: Final = _PERSIAN.encode("cp1256")
_SHARED: Final = bytes(code for code in range(0x80, 0x100) if _TABLE_1252[code] == _TABLE_1256[code])
_ONLY_1256: Final = "پچژگک\u200cغـفقكىي".encode("cp1256")  # undefined or a rare haraka in ISO-8859-6
_ONLY_6: Final = "قهوىي".encode("iso-8859-6")  # accented Latin letters in windows-1256
_WORDS = re.compile(rb"[\xc1-\xf2]{2,}")
_ARABIC = re.compile("[\u0600-\u06ff]")
_CONTROLS: Final = bytes({*range(0x20)} - {*b"\t\n\f\r\x1b"})
_WIDE_HIGHS: Final = b"\x00\x06\x20\xfb\xfc\xfd\xfe"


def _count(body: bytes, these: bytes) -> int:
    return len(body) - len(body.translate(None, these))


def _read(body: bytes, declared: str | None) -> _Read | None:
    """By what the bytes prove, else by the declared codec; None for what is no text."""
    wide = _wide(body, declared)
    if wide:
        return wide
    if _is_utf8(body):
        return _utf8(body)
    if _count(body[:_HEAD], _CONTROLS) > _CONTROLS_OF_TEXT * len(body[:_HEAD]):
        return None
    if body.isascii():
        return _Read(body.decode("ascii"), "ascii")
    return _legacy(body, declared)


def _as_declared(body: bytes) -> str | None:
    """The text of what was said to be UTF-8 and surely is: well-formed to its end, with an alef, whose bytes no text of
    windows-1256 has in a row, and with none of the bytes that UTF-16 is known by. Most pages are such.
    """
    if _ALEF not in body or b"\x00" in body[:_HEAD] or b"\x06" in body[:_HEAD]:
        return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _marked(body: bytes, codec: str) -> _Read:
    whole, rest = divmod(len(body), int(codec[4:6]) // 8)
    text = body[: len(body) - rest].decode(codec, "replace") if whole else ""
    return _Read(text, codec, _flags(broken=_REPLACEMENT in text, cut=rest > 0))


def _wide(body: bytes, declared: str | None) -> _Read | None:
    """UTF-16 by its many bytes 00 and 06, UTF-32 if it was declared and is no nonsense."""
    if declared and declared.startswith("utf-32"):
        return _strictly(body, declared)
    head = body[:_HEAD]
    least = 1 if declared and declared.startswith("utf-16") else 2
    for codec, highs in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        fitting, usual = _count(highs, _WIDE_HIGHS), _count(highs, b"\x00\x06")
        if len(highs) >= least and fitting * 10 >= len(highs) * 9 and usual * 2 >= len(highs):
            text = head.decode(codec, "replace")
            odd = _count(text.encode("latin-1", "replace"), _CONTROLS)
            if odd <= _CONTROLS_OF_TEXT * len(text):
                return _marked(body, codec)
    return None


def _strictly(body: bytes, codec: str) -> _Read | None:
    try:
        return _Read(body.decode(codec), codec)
    except UnicodeDecodeError:
        return None


def _flags(*, broken: bool = False, cut: bool = False) -> tuple[str, ...]:
    return ("broken-bytes",) * broken + ("cut-off",) * cut


def _is_utf8(body: bytes) -> bool:
    """Whether the bytes prove it: well-formed sequences of several bytes, and few that are not.

    windows-1256 makes such pairs too, with پ چ ژ گ ک («شک» is also U+0518), so a text of nothing but Persian letters
    there must be well-formed to its end here and nothing but Persian too.
    """
    sample = body if len(body) <= _SAMPLE else body.translate(None, _ASCII)[:_SAMPLE]
    text, used, broken = _lenient(sample)
    cut = sample is body and used < len(body)
    good = len(text) - len(sample.translate(None, _HIGH)) - broken
    broken += cut
    persian = len(_ARABIC.findall(text))
    high = sample.translate(None, _ASCII)
    worded = not high.translate(None, _LETTERS)
    if worded:
        return 0 < good == persian and not broken
    return good >= _SURE * broken or persian >= broken


def _lenient(body: bytes) -> tuple[str, int, int]:
    """The text as UTF-8, the bytes it took (a sequence cut off at the end is left), and how many were broken."""
    try:
        return (*codecs.utf_8_decode(body, "strict", False), 0)  # noqa: FBT003 - positional in the standard library
    except UnicodeDecodeError:
        text, used = codecs.utf_8_decode(body, "replace", False)  # noqa: FBT003
        return text, used, text.count(_REPLACEMENT) - body.count(_REPLACEMENT.encode())


def _utf8(body: bytes) -> _Read:
    text, used, broken = _lenient(body)
    return _Read(text, "utf-8", _flags(broken=broken > 0, cut=used < len(body)))


def _legacy(body: bytes, declared: str | None) -> _Read:
    """By a single-byte charset, or by the declared one where the bytes do not speak against it."""
    high = body.translate(None, _ASCII)
    if declared == "utf-8":
        text, _, broken = _lenient(high[:_SAMPLE])
        seen = _LETTERS if len(text) > broken else _LETTERS + _SHARED  # é and “ are the same in windows-1256
        if _count(high, seen) * 2 < len(high):
            return _utf8(body)
    elif declared == "windows-1252":
        if not _in_words(high, body):
            return _Read(_latin(body), declared)
    elif declared and declared not in {"windows-1256", "iso-8859-6"} and not declared.startswith("utf-"):
        read = _strictly(body, declared)
        if read or _count(high, _LETTERS) * 2 < len(high):
            return read or _Read(body.decode(declared, "replace"), declared, ("broken-bytes",))
    if _is_8859_6(high, body, declared):
        text = body.decode("iso-8859-6", "replace")
        return _Read(text, "iso-8859-6", _flags(broken=_REPLACEMENT in text))
    return _Read(body.decode("cp1256"), "windows-1256")


def _latin(body: bytes) -> str:
    return body.decode("latin-1").translate(_CONTROLS_1252)


def _in_words(high: bytes, body: bytes) -> bool:
    """Whether most of the high bytes stand side by side, as letters of Persian do and accents do not."""
    first = body.find(high[:1])
    sample = body[first : first + _SAMPLE]
    return sum(map(len, _WORDS.findall(sample))) * 2 >= _count(sample, _HIGH)


def _is_8859_6(high: bytes, body: bytes, declared: str | None) -> bool:
    """By the letters that only one of the two charsets has; where none occurs, by what was declared."""
    for_6, against = _count(high, _ONLY_6), _count(high, _ONLY_1256)
    if declared == "iso-8859-6":
        return for_6 >= against
    return for_6 > against and _in_words(high, body)


# --- text that was misread before it was sent


class _Misreading(NamedTuple):
    """`hint` is surely it. `back` gives what was meant, or raises UnicodeError; `run` are the pieces it gives
    exactly where the whole text is not misread, but for those `spared`; `left` shows that something was lost.
    """

    hint: re.Pattern[str]
    back: Callable[[str], str]
    run: re.Pattern[str]
    spared: Callable[[str], bool]
    left: re.Pattern[str]


def _any(characters: str) -> str:
    return f"[{re.escape(characters)}]"


_NEXT: Final = _any(_TABLE_1256[0x80:0xC0])  # what the second byte of a UTF-8 sequence was read as
_NEXT_1252: Final = _any(_TABLE_1252[0x80:0xC0] + "".join(map(chr, range(0x80, 0xA0))))
_NO_LETTER: Final = "".join(set(_TABLE_1256[0x80:0xC0]) - set(_PERSIAN + "\u200d\xa0«»"))
_SYMBOL: Final = "".join(set(_NO_LETTER) - set("…–—‘’“”‹›•·\xad®©™ٹڈڑںھ"))  # never stands after a letter
_ODD_PAIR = re.compile(f"[طظعغ]{_any(_SYMBOL)}|â€Œ")
_ODD_RUN = re.compile(f"[طظعغ]{_any(_NO_LETTER)}|â€Œ")
_PAIR: Final = 2
_ENCODING_1252: Final = codecs.charmap_build(_TABLE_1252)
_CONTROLS_1252: Final = {code: _TABLE_1252[code] for code in range(0x80, 0xA0)}
_LATIN: Final = "".join({_TABLE_1252[code] for code in _LETTERS} | {chr(code) for code in _LETTERS})
_ACCENT = re.compile("[A-Za-z][À-ÿ]|[À-ÿ][A-Za-z]")
_WORD: Final = f"(?<![A-Za-zÀ-ÿ]){_any(_LATIN)}"


def _bytes_1252(text: str) -> bytes:
    with suppress(UnicodeEncodeError):
        return codecs.charmap_encode(text, "strict", _ENCODING_1252)[0]
    with suppress(UnicodeEncodeError):
        return text.encode("latin-1")
    return codecs.charmap_encode(text.translate(_CONTROLS_1252), "strict", _ENCODING_1252)[0]


def _persian_1256(text: str) -> str:
    if _ACCENT.search(text):
        raise UnicodeError("Latin words stand in it")
    return _bytes_1252(text).decode("cp1256")


def _natural(run: str) -> bool:
    return not (_ODD_RUN if len(run) > _PAIR else _ODD_PAIR).search(run)


_MISREADINGS: Final = (
    _Misreading(  # «ط¨ظ‡ ع¯ط²ط§ط±ط´»: UTF-8 read as windows-1256
        hint=re.compile(f"[طظعغ]{_any(_NO_LETTER)}[طظعغâ]{_NEXT}"),
        back=lambda text: text.encode("cp1256").decode(),
        run=re.compile(
            "(?<![\u0620-\u06ff]){0}(?: {0})*+".format(f"(?:[آأطظعغ]{_NEXT}|[âï]{_NEXT}{_NEXT})++(?![\u0620-\u06ff])")
        ),
        spared=_natural,
        left=re.compile(f"[طظعغ]{_any(_SYMBOL)}"),
    ),
    _Misreading(  # «Ø¨Ù‡ Ú¯Ø²Ø§Ø±Ø´»: UTF-8 read as windows-1252
        hint=re.compile(f"[ØÙÚÛ]{_NEXT_1252}[ØÙÚÛâ]{_NEXT_1252}"),
        back=lambda text: _bytes_1252(text).decode(),
        run=re.compile("{0}(?: {0})*+".format(f"(?:[Â-ß]{_NEXT_1252}|[á-ìîï]{_NEXT_1252}{_NEXT_1252})++")),
        spared=lambda _: False,
        left=re.compile(r"[ØÙÚÛ](?![A-Za-z])"),
    ),
    _Misreading(  # «Èå ÒÇÑÔ»: windows-1256 read as windows-1252
        hint=re.compile(f"{_WORD}{{3,}}(?![A-Za-zÀ-ÿ])"),
        back=_persian_1256,
        run=re.compile("{0}(?: {0})*+".format(f"{_WORD}++(?![A-Za-zÀ-ÿ])")),
        spared=lambda _: False,
        left=re.compile(f"{_WORD}{{3,}}"),
    ),
)
_LATIN_LEAD: Final = b"\xc3"  # of À–ÿ, in UTF-8


def _mended(text: str) -> tuple[str, tuple[str, ...]]:
    """The text as it was meant, where what was misread comes back without a loss and makes up a good part of it."""
    foreign = text.encode("utf-8", "replace").translate(None, _ASCII)
    of_1256, *of_1252 = _MISREADINGS
    hinted = (of_1256,) if of_1256.hint.search(foreign.decode()) else ()  # of letters beyond ASCII, side by side
    for misreading in (*hinted, *(of_1252 if _LATIN_LEAD in foreign else ())):
        if misreading.hint.search(text):
            mended = _meant(text, misreading)
            return (text, ("mojibake",)) if mended is None else (mended, ("mojibake-repaired",))
    return text, ()


def _meant(text: str, misreading: _Misreading) -> str | None:
    try:
        return misreading.back(text)
    except UnicodeError:
        pass
    regained = 0

    def meant(found: re.Match[str]) -> str:
        nonlocal regained
        if misreading.spared(found[0]):
            return found[0]
        right = misreading.back(found[0])
        regained += len(right)
        return right

    mended = misreading.run.sub(meant, text)
    lost = not regained or _REPLACEMENT in mended or misreading.left.search(mended)
    rare = regained < _LEAST_SHARE * _persian_letters(mended) or regained < _SURE * len(_ACCENT.findall(mended))
    return None if lost or rare else mended


def _persian_letters(text: str) -> int:
    return _count(text.encode("utf-8", "replace"), b"\xd8\xd9\xda\xdb")  # the lead bytes of U+0600–06FF
