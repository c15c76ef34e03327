"""The content of an entry: a release's body as HTML that a reader can show wherever it is, and that does nothing.

What may stay is said by `persian.markup.safe_html`. Here addresses become absolute, since a reader knows no page that
they could be relative to, every image gets an `alt`, and a text that is too long for feeds is cut.
"""

import re
from functools import lru_cache
from html import escape, unescape
from typing import Final, NamedTuple
from urllib.parse import urljoin

from archive.article import Article
from persian.markup import safe_html
from syndication.addresses import address
from syndication.characters import legal

LONGEST: Final = 1_000_000
"""Letters of a body's markup that an entry carries; the longest release of a newsroom has a tenth of them. A subscriber
gets fifty entries at once, so what is longer is cut, and a link leads to all of it."""

CUT: Final = "متن کوتاه شده است؛ همهٔ آن در سایت اداره است."

_TAG = re.compile(r'<(?:a|img)\b(?:[^>"]|"[^"]*")*>')
_ADDRESS = re.compile(r' (?:href|src)="([^"]*)"')
_USABLE = re.compile(
    r' (?:href|src)="https?://[a-z0-9.-]+(?:[/?#](?:[\w\-.~:/?@!$()*+,;=]|%[0-9A-Fa-f]{2}|&amp;)*)?"', re.ASCII
)
"""An address that stays as it is: what most bodies have."""

_REFERENCE = re.compile(r"&[#\w]{0,31}$")
_OTHER_SCHEMES: Final = ("mailto:", "tel:")


class Image(NamedTuple):
    """The picture of a release, and what it is called where it cannot be seen."""

    url: str
    alt: str


def content_of(article: Article, *, dated: str, kicker: str, lead: str, image: Image | None) -> str:
    """The body with lines of text (or "") and the picture above it, unless it shows that itself."""
    whole = article.body_html if article.body_html.strip() else _paragraphs(article.body)
    body = absolute(safe_html(cut(whole)), article.url)
    parts = [f"<p><small>{escape(text)}</small></p>" for text in (dated, kicker) if text]
    if lead:
        parts.append(f"<p><strong>{escape(lead)}</strong></p>")
    if image and f'src="{escape(image.url)}"' not in body:
        parts.append(f'<p><img src="{escape(image.url)}" alt="{escape(image.alt)}"></p>')
    parts.append(body)
    if len(whole) > LONGEST:
        parts.append(_more(article.url))
    return legal(f'<div dir="rtl" lang="fa">{"".join(parts)}</div>')


def cut(html: str) -> str:
    """Markup of `LONGEST` letters at most, cut neither in a tag nor in a character reference."""
    if len(html) <= LONGEST:
        return html
    html = html[:LONGEST]
    opened = html.rfind("<")
    return html[:opened] if opened > html.rfind(">") else _REFERENCE.sub("", html)


def absolute(html: str, base: str) -> str:
    """Safe markup whose links and images bear absolute addresses; an image without one goes, a link stays as text."""
    return _TAG.sub(lambda tag: _absolute(tag[0], base), html)


def _absolute(tag: str, base: str) -> str:
    if "<" in tag[1:] or ">" in tag[:-1]:  # in a title or an alt, where not every reader knows it from a tag
        tag = "<" + tag[1:-1].replace("<", "&lt;").replace(">", "&gt;") + ">"
    if _USABLE.search(tag):
        return _with_alt(tag)
    found = _ADDRESS.search(tag)
    url = _resolved(unescape(found[1]), base) if found else None
    if found:
        tag = (
            tag[: found.start()] + (f'{found[0].partition("=")[0]}="{escape(url)}"' if url else "") + tag[found.end() :]
        )
    return _with_alt(tag) if url or not tag.startswith("<img") else ""


def _with_alt(tag: str) -> str:
    return tag if ' alt="' in tag or not tag.startswith("<img") else f'{tag.removesuffix(">")} alt="">'


@lru_cache(maxsize=4096)  # every format asks for the same ones
def _resolved(url: str, base: str) -> str | None:
    if url.lower().startswith(_OTHER_SCHEMES):
        return url
    try:
        return address(urljoin(base, url.strip()))
    except ValueError:  # of a base or an address that is none
        return None


def _more(url: str) -> str:
    here = address(url)
    return f'<p><a href="{escape(here)}">{CUT}</a></p>' if here else f"<p>{CUT}</p>"


def _paragraphs(body: str) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in body.split("\n") if paragraph.strip())
