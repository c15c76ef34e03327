"""Pages from templates: the environment, and how values are shown in it."""

import hashlib
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from archive import ArchivedArticle
from archive.search.highlights import Highlights
from persian.dates import TEHRAN
from persian.markup import safe_html
from persian.text import persian_digits
from sources import Catalogue
from syndication import feeds
from syndication.addresses import address
from syndication.feeds.documents import Format
from syndication.web import dates
from syndication.web.words import STATES, word

HERE = Path(__file__).parent
FORMAT_NAMES = {Format.RSS: "RSS", Format.ATOM: "Atom", Format.JSON: "JSON"}
KILO = 1024
NOTHING_SOUGHT = Highlights("")
PERSIAN_RUN = re.compile("[«»\u0600-\u06ff\u200c]+(?: [«»\u0600-\u06ff\u200c]+)*")


class Views:
    """Renders templates for one catalogue, reached by readers at `base_url`; what a client says of it is not asked."""

    def __init__(self, catalogue: Catalogue, base_url: str) -> None:
        self.catalogue = catalogue
        self.base_url = base_url
        self._prefix = urlsplit(base_url).path.rstrip("/")
        self._every = feeds.find("all", catalogue)
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(FILTERS, office=self.office)
        self._templates.globals.update(
            catalogue=catalogue,
            base_url=base_url,
            here=self.here,
            address=self.address,
            article_path=article_path,
            formats=tuple(Format),
            style_version=_version(HERE / "static" / "style.css"),
        )

    def page(
        self, template: str, *, place: str, status: int = 200, feed: feeds.Feed | None = None, **values: Any
    ) -> HTMLResponse:
        """A page of the menu's `place`; it tells feed readers of `feed` too."""
        listened = [self._every] if feed is None else [self._every, feed]
        text = self._templates.get_template(template).render(place=place, feed=feed, listened=listened, **values)
        return HTMLResponse(text, status_code=status, headers={"Cache-Control": "no-cache"})

    def here(self, path: str) -> str:
        """A path on this Monadi, for links that a reader follows."""
        return self._prefix + path

    def address(self, path: str) -> str:
        """The whole address of a path, for what leaves this Monadi."""
        return self.base_url + path

    def office(self, item: ArchivedArticle) -> str:
        """The office's name, or the id of a source that the catalogue holds no more."""
        source = self.catalogue.sources.get(item.article.source)
        return source.name_fa if source else item.article.source


def article_path(item: ArchivedArticle) -> str:
    return "/articles/" + quote(item.id, safe="/")


def _version(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:8]


def _number(number: int) -> str:
    return persian_digits(f"{number:,}".replace(",", "٬"))


def _clock(item: ArchivedArticle) -> str:
    """The time of day that an office stated, or nothing."""
    published = item.article.published
    return persian_digits(f"{published.at.astimezone(TEHRAN):%H:%M}") if published and published.at else ""


def _size(length: int) -> str:
    if length < KILO * KILO:
        return f"{_number(max(1, round(length / KILO)))} کیلوبایت"
    return f"{_number(round(length / KILO / KILO))} مگابایت"


def _readable(url: str) -> str:
    """An address as people read it: Persian letters instead of escapes, where they hide nothing."""
    shown = unquote(url)
    return shown if shown.replace("\u200c", "").isprintable() else url


def _isolated(line: str) -> Markup:
    """A line of English whose Persian words leave the order of the others alone."""
    return Markup(PERSIAN_RUN.sub(r"<bdi>\g<0></bdi>", str(escape(line))))  # noqa: S704 - escaped here


def _file_name(url: str) -> str:
    return _readable(urlsplit(url).path.rpartition("/")[2]) or url


def _marked(text: str, highlights: Highlights | None, field: str) -> Markup:
    """A text with what was searched in `<mark>`."""
    return _with_marks(text, highlights.spans(text, field) if highlights else ())


def _passage(text: str, highlights: Highlights | None, field: str, length: int) -> Markup:
    """About so many letters of a text that show what was searched; its beginning where nothing was."""
    passage = (highlights or NOTHING_SOUGHT).passage(text, field, length)
    dots = ("" if passage.opens else "… ", "" if passage.closes else "…")
    return Markup(dots[0]) + _with_marks(passage.text, passage.spans) + Markup(dots[1])  # noqa: S704 - our own dots


def _with_marks(text: str, spans: Iterable[tuple[int, int]]) -> Markup:
    told, done = Markup(), 0
    for start, end in spans:
        told += escape(text[done:start]) + Markup("<mark>%s</mark>") % text[start:end]
        done = end
    return told + escape(text[done:])


FILTERS: dict[str, Callable[..., Any]] = {
    "clock": _clock,
    "file_name": _file_name,
    "format_name": FORMAT_NAMES.__getitem__,
    "isolated": _isolated,
    "marked": _marked,
    "moment": dates.of_moment,
    "number": _number,
    "passage": _passage,
    "readable": _readable,
    "safe_html": lambda html: Markup(safe_html(html, images=False)),  # noqa: S704 - the sanitizer has the last word
    "size": _size,
    "state": lambda state: word(STATES, state),
    "web_address": address,
}
