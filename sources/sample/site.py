"""What the sample offices' sites have in common: addresses, feeds, site maps, files, and pieces of a page."""

from __future__ import annotations

import itertools
import re
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qsl, quote, unquote

from sources.sample.media import JPEG, PDF, STYLE

if TYPE_CHECKING:
    from sources.sample.releases import Block, Release

Params = Mapping[str, str]
"""The named groups of an address and the query, of which the groups win."""
Handler = Callable[[Params], "Answer | None"]

VIEWS = "\ue000"
"""Stands in a page for its view counter, so that the counter does not alter the ETag."""
MONTHS = ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"]
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
NOTE = (
    "این تارنما نمونه\u200cای ساختگی است که همراه برنامه منادی می\u200cآید؛ "
    "هیچ اداره\u200cای این خبرها را منتشر نکرده است."
)
IN_FEED = 20


@dataclass(frozen=True, kw_only=True)
class Office:
    """One office of the sample; `url` is empty until its server has started."""

    key: str
    name_fa: str
    name_en: str
    province: str
    """ISO 3166-2:IR, the codes of 2020."""
    platform: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a site answers; `text` may hold `VIEWS`."""

    text: str = ""
    data: bytes = b""
    type: str = "text/html; charset=utf-8"
    status: int = 200
    location: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a list, with the numbers of its neighbours (0: none)."""

    releases: Sequence[Release]
    number: int
    following: int

    @classmethod
    def cut(cls, releases: Sequence[Release], number: str, size: int) -> Page | None:
        """Page `number` of the list; None where the list has no such page."""
        page = int(number) if re.fullmatch("[0-9]{1,6}", number) else 1
        part = releases[(page - 1) * size : page * size] if page else ()
        if not part and page != 1:
            return None
        return cls(releases=part, number=page, following=page + 1 if len(releases) > page * size else 0)


class Site(ABC):
    """One office's site. A platform states its addresses and its pages; it never sees a socket."""

    platform: ClassVar[str]
    feed: ClassVar[str]
    site_map: ClassVar[str]
    disallowed: ClassVar[tuple[str, ...]] = ("/admin/",)
    style: ClassVar[str] = "/assets/site.css"

    def __init__(self, office: Office) -> None:
        self.office = replace(office, platform=self.platform)
        self.releases: tuple[Release, ...] = ()
        """Newest first; replaced as a whole, so that a page is made of one state."""
        self.unlisted: set[str] = set()
        """Ids of releases that answer and that no list names."""
        self.former: dict[str, str] = {}
        """Addresses that releases have left, with their ids."""
        self._views = itertools.count(137)
        self._routes: list[tuple[str, Handler]] = [
            ("/robots.txt", self._robots),
            (re.escape(self.style), lambda _: Answer(text=STYLE, type="text/css; charset=utf-8")),
            (re.escape(self.feed), lambda _: self._feed()),
            *self.routes(),
        ]

    @abstractmethod
    def routes(self) -> list[tuple[str, Handler]]:
        """Patterns of whole paths, each with what answers; a handler that gives None finds nothing there."""

    @abstractmethod
    def path(self, release: Release) -> str:
        """The address of a release on this site, percent-encoded."""

    @abstractmethod
    def missing(self) -> Answer:
        """What this platform says of an address that it does not know."""

    def answer(self, target: str) -> Answer:
        path, _, query = target.partition("?")
        for pattern, handler in self._routes:
            if match := re.fullmatch(pattern, unquote(path)):
                found = handler({**dict(parse_qsl(query)), **match.groupdict(default="")})
                return found or self.missing()
        return self.missing()

    def count_view(self) -> str:
        return persian(next(self._views))

    def url(self, path: str) -> str:
        return self.office.url + path

    def release(self, native_id: str) -> Release | None:
        return next((release for release in self.releases if release.id == native_id), None)

    @property
    def shown(self) -> Sequence[Release]:
        """The releases that lists may name, newest first."""
        return [release for release in self.releases if release.id not in self.unlisted]

    def listed(self, params: Params) -> Sequence[Release]:
        """The releases that carry the tag or the category asked for, if any."""
        tag, category = params.get("tag", ""), params.get("category", "")
        return [
            release
            for release in self.shown
            if (not tag or tag in release.tags) and (not category or category == release.category)
        ]

    def related(self, release: Release, count: int = 3) -> list[Release]:
        """Other releases of the office, the same ones each time."""
        others = [other for other in self.shown if other.id != release.id]
        start = trait(release, max(len(others), 1))
        return [*others[start:], *others[:start]][:count]

    def link(self, release: Release) -> str:
        return f'<a href="{self.path(release)}">{escape(release.title)}</a>'

    def links(self, releases: Iterable[Release]) -> str:
        items = "".join(f"<li>{self.link(release)}</li>" for release in releases)
        return f"<ul>{items}</ul>" if items else ""

    def body(self, release: Release) -> str:
        """The body as markup, in some releases with an advertisement or a box of links between its blocks."""
        parts = blocks_html(release.blocks)
        if trait(release, 3) == 0:
            parts.insert(1, ADVERTISEMENTS[trait(release, len(ADVERTISEMENTS))])
        if trait(release, 4) == 1 and (others := self.related(release, 1)):
            box = f'<div class="read-more"><strong>بیشتر بخوانید:</strong> {self.link(others[0])}</div>'
            parts.insert(len(parts) - 1, box)
        return "\n".join(parts)

    def rss(self, releases: Iterable[Release]) -> Answer:
        items = "\n".join(self._rss_item(release) for release in releases)
        text = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>{escape(self.office.name_fa)}</title>
<link>{self.url("/")}</link>
<atom:link rel="self" type="application/rss+xml" href="{self.url(self.feed)}"/>
<description>{escape(NOTE)}</description>
<language>fa</language>
{items}
</channel>
</rss>
"""
        return Answer(text=text, type="application/rss+xml; charset=utf-8")

    def files(self, folder: str) -> list[tuple[str, Handler]]:
        """Routes of the pictures and PDF files, `<folder><id>.jpg` and `<folder><id>.pdf`."""
        return [
            (f"{folder}(?P<id>[0-9]+)[.]jpg", lambda params: self._file(params, JPEG, "image/jpeg")),
            (f"{folder}(?P<id>[0-9]+)[.]pdf", lambda params: self._file(params, PDF, "application/pdf")),
        ]

    def _file(self, params: Params, data: bytes, kind: str) -> Answer | None:
        release = self.release(params["id"])
        has_it = release and (release.image if kind == "image/jpeg" else release.attachment)
        return Answer(data=data, type=kind) if has_it else None

    def _feed(self) -> Answer:
        return self.rss(self.shown[:IN_FEED])

    def _rss_item(self, release: Release) -> str:
        address = self.url(self.path(release))
        return f"""<item>
<title>{escape(release.title)}</title>
<link>{address}</link>
<guid isPermaLink="true">{address}</guid>
<description>{escape(release.lead or release.paragraphs[0])}</description>
<category>{escape(release.category)}</category>
<pubDate>{format_datetime(release.moment)}</pubDate>
</item>"""

    def _robots(self, _: Params) -> Answer:
        refused = "".join(f"Disallow: {path}\n" for path in self.disallowed)
        text = f"User-agent: *\n{refused}\nSitemap: {self.url(self.site_map)}\n"
        return Answer(text=text, type="text/plain; charset=utf-8")


ADVERTISEMENTS = [
    f'<div class="adv-inline">{text}</div>'
    for text in (
        "آگهی: فروش ویژه لوازم اداری دست دوم، هر پنجشنبه در بازار روز",
        "آگهی: کلاس تابستانی خط و نقاشی برای کودکان، ظرفیت محدود",
        "آگهی: اجاره غرفه در بازارچه فصلی، تماس در ساعت اداری",
    )
]


def url_set(addresses: Iterable[str], *, index: bool = False) -> Answer:
    """A site map, or an index of site maps."""
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    entries = "".join(f"<{inner}><loc>{escape(address)}</loc></{inner}>\n" for address in addresses)
    text = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</{outer}>\n'
    )
    return Answer(text=text, type="application/xml; charset=utf-8")


def moved(location: str) -> Answer:
    return Answer(status=301, location=location)


def persian(value: object) -> str:
    return str(value).translate(PERSIAN_DIGITS)


def encoded(text: str) -> str:
    """A part of a path or a value of a query, percent-encoded."""
    return quote(text, safe="")


def when(release: Release, form: str) -> str:
    """The date as a page writes it; `form` may name year, month, name, day, clock: `{day} {name} {year} - {clock}`."""
    day, _, clock = release.jalali.partition("T")
    year, month, day_of_month = day.split("-")
    name = MONTHS[int(month) - 1]
    return persian(form.format(year=year, month=month, name=name, day=day_of_month, clock=clock[:5]))


def trait(release: Release, count: int) -> int:
    """A number below `count` that is the same for a release in every run."""
    return zlib.crc32(release.id.encode()) % count


def element(name: str, css_class: str, text: str | None) -> str:
    """An element with text, or nothing where there is no text."""
    return f'<{name} class="{css_class}">{escape(text)}</{name}>' if text else ""


def picture(release: Release, address: str) -> str:
    if not release.image:
        return ""
    caption = escape(release.image)
    return f'<figure><img src="{address}" alt="{caption}"/><figcaption>{caption}</figcaption></figure>'


def attachment(release: Release, address: str) -> str:
    if not release.attachment:
        return ""
    return f'<p class="attachment"><a href="{address}" type="application/pdf">{escape(release.attachment)}</a></p>'


def blocks_html(blocks: Iterable[Block]) -> list[str]:
    """Blocks as elements; neighbouring items become one list, neighbouring rows one table."""
    elements: list[str] = []
    for kind, group in itertools.groupby(blocks, key=lambda block: block.kind):
        if kind == "item":
            elements.append("<ul>" + "".join(f"<li>{escape(block.text)}</li>" for block in group) + "</ul>")
        elif kind == "row":
            elements.append(_table(list(group)))
        else:
            elements.extend(WRAPPED[kind].format(escape(block.text)) for block in group)
    return elements


WRAPPED = {
    "paragraph": "<p>{}</p>",
    "heading": "<h2>{}</h2>",
    "quotation": "<blockquote><p>{}</p></blockquote>",
}


def _table(rows: list[Block]) -> str:
    head, *rest = ("".join(f"<{name}>{escape(cell)}</{name}>" for cell in row.cells) for name, row in _named(rows))
    body = "".join(f"<tr>{row}</tr>" for row in rest)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _named(rows: list[Block]) -> Iterable[tuple[str, Block]]:
    return zip(itertools.chain(["th"], itertools.repeat("td")), rows, strict=False)
