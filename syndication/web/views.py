"""Pages from templates: the environment of one language, and how values are shown in it."""

import hashlib
import re
from collections.abc import Callable, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from archive import ArchivedArticle
from persian import addresses
from persian.calendars import TEHRAN
from sources import Catalogue
from syndication import feeds, permalinks
from syndication.addresses import address
from syndication.charts.words import day_name, month_name
from syndication.feeds.documents import PUBLISHER, Format
from syndication.web import dates, discretion
from syndication.web.body import body, picture
from syndication.web.language import LANGUAGES, Language
from syndication.web.responses import kept

HERE: Final = Path(__file__).parent
FORMAT_NAMES: Final = {Format.RSS: "RSS", Format.ATOM: "Atom", Format.JSON: "JSON"}
HTML: Final = "text/html; charset=utf-8"
KILO: Final = 1024
PERSIAN_RUN: Final = re.compile("[«»\u0600-\u06ff\u200c]+(?: [«»\u0600-\u06ff\u200c]+)*")

LETTERS_RUN: Final = re.compile(r"[^\x00-\x7f]+(?:[-_.][^\x00-\x7f]+)*")
"""Words of an address that are no ASCII, as they follow each other from right to left."""
LATIN_RUN: Final = re.compile(r"[A-Za-z0-9][!-'*-~]*(?: [!-'*-~]+)*")
"""Words of ASCII without parentheses, which belong to what is around them."""


class Views:
    """Renders templates in one language for one catalogue, reached by readers at `base_url`; what a client says of it
    is not asked.
    """

    def __init__(self, catalogue: Catalogue, base_url: str, language: Language) -> None:
        self.catalogue = catalogue
        self.base_url = base_url
        self.language = language
        self._prefix = urlsplit(base_url).path.rstrip("/")
        self._every = feeds.find("all", catalogue)
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(FILTERS)
        self._templates.filters.update(
            clock=self.clock,
            counted=lambda number, thing: language.counted(thing, number),
            feed_name=self.feed_name,
            jalali_day=lambda day: day_name(day, language),
            jalali_month=lambda month: month_name(month, language),
            body=lambda html, held: body(html, held, self._prefix),
            picture=lambda image, alt: picture(image, alt, self._prefix),
            moment=lambda moment: dates.of_moment(moment, language),
            name=language.name_of,
            number=language.number,
            office=self.office,
            size=self.size,
            word=lambda name, table: language.word(table, name),
        )
        self._templates.globals.update(
            address=self.address,
            article_path=article_path,
            comparison_path=permalinks.of_comparison,
            revision_path=permalinks.of_revision,
            base_url=base_url,
            catalogue=catalogue,
            charts_version=_version(HERE / "static" / "charts.css"),
            formats=tuple(Format),
            here=self.here,
            language=language,
            say=language.say,
            style_version=_version(HERE / "static" / "style.css"),
            to=self.to,
        )

    def page(
        self,
        request: Request,
        template: str,
        *,
        place: str = "",
        status: int = HTTPStatus.OK,
        feeds_of: Sequence[feeds.Feed] = (),
        **values: Any,
    ) -> Response:
        """A page of the menu's `place`; it tells feed readers of some feeds, and of that of everything."""
        text = self._templates.get_template(template).render(
            place=place,
            listened=[self._every, *feeds_of],
            elsewhere=[(language, self._same(request, language)) for language in LANGUAGES],
            **values,
        )
        body = text.encode(errors="replace")
        if status == HTTPStatus.OK:
            return kept(request.headers, body, HTML, seconds=0)
        return Response(body, status_code=status, headers={"Cache-Control": "no-store", "Content-Type": HTML})

    def here(self, path: str) -> str:
        """A path on this Monadi that is the same in every language, for links that a reader follows."""
        return self._prefix + path

    def to(self, path: str) -> str:
        """The path of a page in the language of this one."""
        return self._prefix + self.language.prefix + path

    def address(self, path: str) -> str:
        """The whole address of a path, for what leaves this Monadi."""
        return self.base_url + path

    def office(self, item: ArchivedArticle) -> str:
        """The office's name, or the id of a source that the catalogue holds no more."""
        source = self.catalogue.sources.get(item.article.source)
        return self.language.name_of(source) if source else item.article.source

    def feed_name(self, feed: feeds.Feed) -> str:
        """What a feed is of, without the publisher."""
        kind, _, key = feed.path.partition("/")
        known: dict[str, Any] = {
            "province": self.catalogue.provinces,
            "agency": self.catalogue.agencies,
            "source": self.catalogue.sources,
        }
        if kind in known and not feed.asked:
            return self.language.name_of(known[kind][key])
        if feed.path in ("all", feeds.CHANGES) and not feed.asked:
            return self.language.say["directory"][feed.path]
        return feed.title.removeprefix(f"{PUBLISHER}: ")

    def clock(self, item: ArchivedArticle) -> str:
        """The time of day that an office stated, or nothing."""
        published = item.article.published
        return self.language.digits(f"{published.at.astimezone(TEHRAN):%H:%M}") if published and published.at else ""

    def size(self, length: int) -> str:
        if length < KILO * KILO:
            return self.language.counted("kilobyte", max(1, round(length / KILO)))
        return self.language.counted("megabyte", round(length / KILO / KILO))

    def _same(self, request: Request, language: Language) -> str:
        """The path of the page that was asked for, in a language."""
        path = quote(request.scope["path"].removeprefix(self.language.prefix) or "/", safe="/:@!$&'()*+,;=")
        query = request.scope["query_string"].decode("latin-1")
        return self._prefix + language.prefix + path + (f"?{query}" if query else "")


def article_path(item: ArchivedArticle) -> str:
    return permalinks.of_article(item.id)


def _version(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:8]


def _with_addresses(line: str) -> Markup:
    """A line for operators, its addresses in their letters: each isolated, its steps in the order in which they are
    written.
    """
    shown = (_address(part) if is_address else escape(part) for part, is_address in addresses.parts_of(line))
    return Markup().join(shown)


def _address(text: str) -> Markup:
    if text.isascii():
        return escape(text)
    return Markup('<bdi dir="ltr">%s</bdi>') % Markup(LETTERS_RUN.sub(r"<bdi>\g<0></bdi>", str(escape(text))))  # noqa: S704 - escaped here


def _isolated(line: str) -> Markup:
    """A line of English whose Persian words leave the order of the others alone."""
    return Markup(PERSIAN_RUN.sub(r"<bdi>\g<0></bdi>", str(escape(line))))  # noqa: S704 - escaped here


def _in_persian(text: str) -> Markup:
    """A text within a Persian line, what is Latin in it kept in its own order."""
    if LATIN_RUN.match(text):
        return Markup('<bdi dir="ltr">%s</bdi>') % text
    told, done = Markup(), 0
    for run in LATIN_RUN.finditer(text):
        told += escape(text[done : run.start()]) + Markup('<bdi dir="ltr">%s</bdi>') % run[0]
        done = run.end()
    return Markup("<bdi>%s</bdi>") % (told + escape(text[done:]))


def _file_name(url: str) -> str:
    name = unquote(urlsplit(url).path.rpartition("/")[2])  # of a file: what is escaped of ASCII is of it, too
    return name if name and name.replace(addresses.ZWNJ, "").isprintable() else url


FILTERS: dict[str, Callable[..., Any]] = {
    "discreet": discretion.of_line,
    "file_name": _file_name,
    "format_name": FORMAT_NAMES.__getitem__,
    "in_persian": _in_persian,
    "isolated": _isolated,
    "readable": addresses.readable,
    "web_address": address,
    "with_addresses": _with_addresses,
}
