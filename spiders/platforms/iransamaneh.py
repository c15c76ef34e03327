"""Iran Samaneh (ایران سامانه): `/fa/news/<id>/<slug>`, in two generations of themes."""

import re
from typing import ClassVar
from urllib.parse import urlsplit

import attrs

from spiders.listing import ListingPage
from spiders.page import NewsPage
from spiders.platforms.cms import Platform
from spiders.platforms.marks import HINT, LIKELY, SURE, Mark

ARTICLE = re.compile(
    r"^/fa/news/(?P<id>\d+)(?:/(?!\d\d?(?:/|$))[^/]*)?/?$"
)  # not a Jalali date as other CMSs have there


@attrs.define(kw_only=True)
class IranSamanehPage(NewsPage):
    """One release of an IranSamaneh site.

    Recognised by `/client/themes/` and `lib.iransamaneh_<revision>.js`; the slug is decoration. Older themes label the
    date inside `.news_pdate_c`, newer ones have `.fa_date` with a Gregorian twin beside it. An unknown address answers
    200 with `div.error_container`. `article:published_time` may lie in the future: what readers see counts.
    """

    platform: ClassVar[str] = "iransamaneh"
    version: ClassVar[int] = 2

    article_css: ClassVar[str] = "article, .gutter_news, div[style='direction: rtl;'], div[style='direction: right;']"
    kicker_css: ClassVar[tuple[str, ...]] = (".rutitr", ".news-rutitr")
    title_css: ClassVar[tuple[str, ...]] = ("h1.title", ".news-title", ".title-news", ".title")
    lead_css: ClassVar[tuple[str, ...]] = (
        ".subtitle",
        ".news-subtitle",
        ".subtitle-news",
        ".sub_ax",
        ".subtitle_photo",
    )
    body_css: ClassVar[tuple[str, ...]] = ("#newsMainBody", ".body")
    date_css: ClassVar[tuple[str, ...]] = (".news_pdate_c", ".fa_date", ".news-date", ".item-date span", ".autor_ax")
    category_css: ClassVar[tuple[str, ...]] = (".news_path a",)
    tags_css: ClassVar[tuple[str, ...]] = (".tags_title a", "ul.tags li a")
    image_css: ClassVar[tuple[str, ...]] = (".lead_image",)
    missing_css: ClassVar[str] = ".error_container"

    def native_id(self) -> str | None:
        return PLATFORM.native_id(self.url)


@attrs.define(kw_only=True)
class IranSamanehListing(ListingPage):
    """The archive: `/fa/archive?…&rpp=<rows>&p=<page>`."""

    item_css: ClassVar[str] = ".archive_content .linear_news"
    date_css: ClassVar[str] = ".archive_date"

    def next_urls(self) -> list[str]:
        """The pager's next page; rows per page stay as they were asked for."""
        return [url for url in super().next_urls() if "/archive" in urlsplit(url).path]


PLATFORM = Platform(
    key="iransamaneh",
    page=IranSamanehPage,
    listing=IranSamanehListing,
    article_path=ARTICLE,
    listings=("/fa/archive?service_id=-1&sec_id=-1&cat_id=-1&rpp=100&p=1",),
    feeds=("/fa/rss/allnews",),
    sitemaps=("/fa-sitemap-newsarchive",),
    marks=(
        Mark("link", r"/client/themes/", SURE),
        Mark("html", r"lib\.iransamaneh", SURE),
        Mark("html", r"\bclass=[\"'][^\"']*\bnews_(?:pdate_c|id_c|toolbar|nav)\b", SURE),
        Mark("html", r"\bid=[\"']newsMainBody\b", SURE),
        Mark("link", r"^/[a-z]{2}/rss/allnews$", LIKELY),
        Mark("link", r"^/files/[a-z]{2}/news/1[34]\d\d/\d+/\d+/", LIKELY),
        Mark("link", r"^/[a-z]{2}/(?:archive|services|save|send)(?:[/?]|$)", LIKELY),
        Mark(
            "html", r"\bclass=[\"'][^\"']*\b(?:archive_content|linear_news|comments_topic|news_path|fa_date)\b", LIKELY
        ),
        Mark("link", r"^/fa/news/\d+", HINT),
    ),
)
