"""How much one record may say, and what is left of one that says more.

What is too long to be what it is called (a title, a text) makes its page no release. Of lists the beginning is kept,
and an address that is none that a server would take is passed over.
"""

import re
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from archive import Article
from archive.article import Attachment
from persian.text import without_forbidden
from spiders.errors import TooComplex

LETTERS: Final = {"title": 2**17, "kicker": 2**17, "lead": 2**18, "body": 2**21}  # the longest laws have 2**19
MARKUP: Final = 2**23  # characters of a body with its tags
WORD: Final = 500  # characters of a tag, a category or an office's name
TAGS: Final = 200
FILES: Final = 500
ALIASES: Final = 20  # addresses of one page
DATES: Final = 50  # that are stated of one page
DATE_LINE: Final = 2000  # characters in which it is looked for
DATE: Final = 200  # characters that are kept of what was stated
ADDRESS: Final = 4_096  # characters; servers refuse longer ones
LARGEST: Final = 2**50  # bytes that a file may be said to have

_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def bounded(article: Article) -> Article:
    """The record within its bounds, the same one where it is. Raises `TooComplex`."""
    for name, most in LETTERS.items():
        if len(getattr(article, name) or "") > most:
            raise TooComplex(f"its {name} has more than {most} characters")
    if len(article.body_html) > MARKUP:
        raise TooComplex(f"its markup has more than {MARKUP} characters")
    kept: dict[str, Any] = {
        "aliases": tuple(_each_address(article.aliases))[:ALIASES],
        "category": _word(article.category),
        "byline": _word(article.byline),
        "trailer": _word(article.trailer),
        "tags": tuple(tag for tag in article.tags[: 2 * TAGS] if len(tag) <= WORD)[:TAGS],
        "image": next(iter(_each_address((article.image,))), None),
        "attachments": tuple(_each_file(article.attachments[:FILES])),
        "stated_dates": tuple(
            replace(date, raw=without_forbidden(date.raw[:DATE])) for date in article.stated_dates[:DATES]
        ),
    }
    changed = {name: value for name, value in kept.items() if value != getattr(article, name)}
    return replace(article, **changed) if changed else article


def size(digits: str) -> int | None:
    """The bytes that some digits say; None for what no file has."""
    number = int(digits) if digits.isdecimal() and len(digits) <= len(str(LARGEST)) else LARGEST
    return number if number < LARGEST else None


def address(url: str) -> str | None:
    """An address without what a reader does not see; None for one that is too long."""
    if len(url) > ADDRESS:
        return None
    return _UNSEEN.sub(lambda found: quote(found[0], errors="replace"), url)


def _each_address(urls: tuple[str | None, ...]) -> list[str]:
    return [kept for url in urls if url and (kept := address(url))]


def _each_file(files: tuple[Attachment, ...]) -> list[Attachment]:
    kept = []
    for file in files:
        if url := address(file.url):
            length = file.length if file.length is not None and file.length < LARGEST else None
            kept.append(replace(file, url=url, title=_word(file.title), length=length))
    return kept


def _word(text: str | None) -> str | None:
    return text if text is None or len(text) <= WORD else None
