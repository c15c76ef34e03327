"""Nastooh (نستوه): `/news/<id>/<slug>`, `/archive` by Jalali day, sitemaps by Jalali year."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

import attrs

from persian.calendars import to_jalali
from spiders.listing import SitemapListing
from spiders.platforms.cms import Platform
from spiders.platforms.marks import HINT, LIKELY, SURE, Mark
from spiders.platforms.skins import SkinnedListing, SkinnedPage

ARTICLE = re.compile(
    r"^/(?:news|photo|video|live|media|x\w{0,8})/(?P<id>\d+)(?:/(?!\d\d?(?:/|$))[^/]*)?/?$", re.IGNORECASE
)  # not a Jalali date as other CMSs have there
YEAR = re.compile(r"/sitemap/(1[34]\d\d)/")
FEW_DAYS = 31


@attrs.define(kw_only=True)
class NastoohPage(SkinnedPage):
    """One release of a Nastooh site.

    Recognised by its generator (`www.nastooh.ir`), `/resources/theme/`, `/opensearch.xhtml` and images under the
    Gregorian day (`/d/2018/03/19/1/2214384.jpg`). Sure of, from public crawlers and page sources: the address, whose
    slug is decoration; `.rutitr`, `.kicker`; `h1.title`, `[itemprop=headline]`; `.introtext`, `.item-summary`;
    `[itemprop=articleBody]`, `.item-text`; `.item-date`; `.breadcrumb li`; `.tags li`; the archive's parameters; the
    sitemaps, some of whose leaves are JSON with `lastmode`. `meta name=date` is the time of the answer, not of the
    release, so that it changes with every visit: it is never asked. Not verified: where `.uptitle` stands, the pager,
    that an archive without a day lists everything.
    """

    platform: ClassVar[str] = "nastooh"
    version: ClassVar[int] = 3
    names_body: ClassVar[bool] = True

    article_css: ClassVar[str] = "#item, article, .item, #photos, .main-content"
    kicker_css: ClassVar[tuple[str, ...]] = (".rutitr", ".kicker", ".uptitle", "h4.subtitle")
    title_css: ClassVar[tuple[str, ...]] = (
        "h1.title",
        "h1[itemprop=headline]",
        "[itemprop=headline]",
        ".item-title .title",
        "span.headline",
        "h1",
        ".title",
    )
    lead_css: ClassVar[tuple[str, ...]] = (".introtext", ".item-summary", "p.summary")
    body_css: ClassVar[tuple[str, ...]] = ("[itemprop=articleBody]", ".item-text", ".item-body")
    date_css: ClassVar[tuple[str, ...]] = (
        ".item-date > span",
        ".item-date",
        ".item-time",
        ".gallery-desc",
        "ul.list-inline li:first-child",
    )
    category_css: ClassVar[tuple[str, ...]] = (".breadcrumb li", "[itemprop=articleSection]", ".item-service a")
    tags_css: ClassVar[tuple[str, ...]] = (".tags li",)
    image_css: ClassVar[tuple[str, ...]] = (
        ".item-img img",
        ".introtext + figure img",
        ".item-header + figure img",
        ".item-header figure img",
    )
    figure_css: ClassVar[tuple[str, ...]] = (".item-img", ".introtext + figure", ".item-header + figure")
    drop_css: ClassVar[str] = ".box, .tags, .ads, .item-footer, .item-nav, .item-header, .item-code, .item-date"
    published_meta: ClassVar[tuple[str, ...]] = ("article:published_time", "datepublished")


@attrs.define(kw_only=True)
class NastoohListing(SkinnedListing):
    """The archive: `/archive?pi=<page>&ms=<service>&dy=<day>&mn=<month>&yr=<year>` in Jalali numbers."""

    platform: ClassVar[str] = "nastooh"
    item_css: ClassVar[str] = "li.news, .items > ul > li, section.box li"


@attrs.define(kw_only=True)
class NastoohSitemap(SitemapListing):
    """A sitemap, which may lead to the months and days of one year only: the year before it is asked for as well."""

    def next_urls(self) -> list[str]:
        parts = SitemapListing.next_urls(self)
        path = urlsplit(str(self.response.url)).path
        years = [int(found[1]) for part in (path, *map(_path, parts)) if (found := YEAR.search(part))]
        if not parts or not years or path.count("/") > len("///"):
            return parts
        before = self.on_site(f"/sitemap/{min(years) - 1}/sitemap.xml")
        goes_back = min(years) > to_jalali(self.source.began)[0]
        return [*parts, before] if before and goes_back and before not in parts else parts


def days(first: date, last: date) -> tuple[str, ...]:
    """The archive of every day; none for a longer time, which the whole archive serves better."""
    count = (last - first).days + 1
    return tuple(_archive(to_jalali(last - timedelta(back))) for back in range(count)) if count <= FEW_DAYS else ()


def _archive(day: Iterable[int]) -> str:
    return "/archive?pi=1&ms=0&dy={2}&mn={1}&yr={0}".format(*day)


def _path(url: str) -> str:
    return urlsplit(url).path


PLATFORM = Platform(
    key="nastooh",
    page=NastoohPage,
    listing=NastoohListing,
    article_path=ARTICLE,
    listings=("/archive?pi=1&ms=0&dy=&mn=&yr=",),
    feeds=("/rss",),
    sitemaps=("/sitemap/all/sitemap.xml",),
    sitemap_listing=NastoohSitemap,
    dated=days,
    marks=(
        Mark("generator", r"\bnastooh\b", SURE),
        Mark("html", r"\bnastooh\.ir\b|\bNastooh Saba\b", SURE),
        Mark("credit", r"\bnastooh\b|نستوه", LIKELY),
        Mark("link", r"^/resources/theme/[^/]+/(?:css|js|img|images|fonts)/", SURE),
        Mark("link", r"/page/archive\.xhtml", SURE),
        Mark("link", r"/opensearch\.xhtml", LIKELY),
        Mark("link", r"[?&]pi=\d*&(?:.*&)?ms=", LIKELY),
        Mark("link", r"^/d/(?:19|20)\d\d/\d\d/\d\d/\d+/\w+[^/]*\.\w+$", LIKELY),
        Mark("link", r"^/rss(?:/tp/\d+|-help)$", LIKELY),
        Mark("link", r"^/sitemap/(?:all|news|1[34]\d\d)/sitemap\.xml", LIKELY),
        Mark("class", "introtext|item-(?:header|text|body|summary|date|nav|code|service)", LIKELY, different=3),
        Mark(
            "html", r"^<body [^>]*\bclass=\"(?:[^\"]* )?(?:nt-[a-z]|pt-(?!(?:sm|md|lg|xl|xxl|auto)\b)[a-z]{2})", LIKELY
        ),
        Mark("class", r"saba-[a-z][\w-]*", LIKELY),
        Mark("class", "introtext|item-(?:header|text|body|summary)", HINT),
        Mark("html", r"\bitemprop=\"articleBody\b", HINT),
        Mark("link", r"^/(?:news|service)/\w", HINT),
    ),
)
