"""How large a file is, where a page or a feed says so beside its link; nothing is ever asked for to learn it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from archive import Article
from persian.markup import line_in
from spiders.bounds import size

ATTRIBUTES = ("data-size", "data-filesize", "data-file-size", "data-length")
NEAR = 3  # elements around a link, in which a size is its own
LONGEST = 200  # characters that may stand there
DIGITS = 15  # of a number of bytes that a file may have; of more than 4,300 Python makes no number at all

POWERS = {
    0: r"بایت|bytes?|b",
    1: r"کیلو[ \u200c]?بایت|kilobytes?|ki?b",
    2: r"مگا[ \u200c]?بایت|مگ|megabytes?|mi?b",
    3: r"گیگا[ \u200c]?بایت|گیگ|gigabytes?|gi?b",
}
UNIT = "|".join(f"(?P<u{power}>{words})" for power, words in POWERS.items())
NUMBER = rf"\d{{1,3}}(?:[,٬،]\d{{3}}){{1,4}}(?:[.٫]\d{{1,3}})?|\d{{1,{DIGITS}}}(?:[.٫/,]\d{{1,3}})?"
KINDS = r"pdf|docx?|xlsx?|pptx?|zip|rar|7z|mp[34]|jpe?g|png|tiff?|فایل|پی ?دی ?اف|ورد|اکسل|word|excel"
LABELS = r"حجم|اندازه|سایز|size"
BEFORE = rf"(?:^|[(\[{{|:،,؛;·•—–/-]|\b(?:{KINDS}|{LABELS})(?:[ ](?:فایل|file))?)[ ]*"
AFTER = rf"(?=[ ]*(?:$|[)\]}}|،,؛;.·•—–-]|(?:{KINDS}|دانلود|دریافت)\b))"
SIZE = re.compile(rf"{BEFORE}(?P<number>{NUMBER})[ \u200c]?(?:{UNIT})(?!\w){AFTER}", re.IGNORECASE)
TURNED = re.compile(rf"[(\[][ ]*(?:{UNIT})[ ]?(?P<number>{NUMBER})[ ]*[)\]]", re.IGNORECASE)
GROUPS = re.compile(r"[,٬،](?=\d{3}(?!\d))")
SAME = str.maketrans("يىك٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "ییک01234567890123456789") | dict.fromkeys(
    map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)


def size_in(text: str) -> int | None:
    """The bytes that a text beside a link states («(۱۲۳ کیلوبایت)», "PDF - 1.2 MB"); None where it states no one size.

    The number has to stand apart (in brackets, behind a label or a kind of file, between separators): titles tell of
    gigabytes too. A kilobyte is 1024 bytes, as file managers and the CMSs count; the result is rounded.
    """
    plain = " ".join(text.translate(SAME).split())
    found = {_bytes(match) for match in SIZE.finditer(plain)} or {_bytes(match) for match in TURNED.finditer(plain)}
    return found.pop() if len(found) == 1 else None


def size_of(link: HtmlElement) -> int | None:
    """The bytes that a page states of the file behind a link: in an attribute, its text, or around it."""
    return next((size for size in _stated(link) if size), None)


def with_sizes(article: Article, sizes: Mapping[str, int]) -> Article:
    """A record with the sizes that a feed gave, by address, where its page gave none."""
    files = tuple(
        replace(file, length=sizes.get(file.url)) if file.length is None else file for file in article.attachments
    )
    return article if files == article.attachments else replace(article, attachments=files)


def _stated(link: HtmlElement) -> Iterator[int | None]:
    for name in ATTRIBUTES:
        value = (link.get(name) or "").translate(SAME).strip()
        yield size(value) if value.isdecimal() else size_in(value)
    yield size_in(line_in(link))
    yield size_in(link.get("title") or "")
    yield size_in(_behind(link))
    for around in islice(link.iterancestors(), NEAR):
        if _is_shared(around, link):
            return
        said = [str(text) for text in around.itertext(etree.Element)]
        if sum(map(len, said)) > LONGEST:
            return
        yield size_in(" | ".join(said)) or size_in("".join(said))


def _bytes(match: re.Match[str]) -> int | None:
    number = re.sub("[٫/,]", ".", GROUPS.sub("", match["number"]))
    power = next(power for power in POWERS if match[f"u{power}"])
    return size(f"{float(number) * 1024.0**power:.0f}")


def _behind(link: HtmlElement) -> str:
    """What stands between a link and the next one in the same element."""
    said = [link.tail or ""]
    for node in link.itersiblings():
        if not isinstance(node.tag, str) or node.tag in ("a", "br") or next(node.iter("a"), None) is not None:
            break
        said += [line_in(node), node.tail or ""]
    return " ".join(said)


def _is_shared(around: HtmlElement, link: HtmlElement) -> bool:
    """Whether an element holds links to anything else."""
    return any(other.get("href") not in (None, link.get("href")) for other in around.iter("a"))
