"""Iran Samaneh (ایران سامانه): `/fa/news/<id>/<slug>`, in two generations of themes."""

import re
from datetime import date
from typing import ClassVar
from urllib.parse import urlsplit

import attrs

from persian.calendars import to_jalali
from spiders.platforms.cms import Platform
from spiders.platforms.marks import HINT, LIKELY, SURE, Mark
from spiders.platforms.skins import SkinnedListing, SkinnedPage

ARTICLE = re.compile(
    r"^/fa/(?:news|photos)/(?P<id>\d+)(?:/(?!\d\d?(?:/|$))[^/]*)?/?$"
)  # not a Jalali date as other CMSs have there
ARCHIVE = "/fa/archive?service_id=-1&sec_id=-1&cat_id=-1&rpp=100"


@attrs.define(kw_only=True)
class IranSamanehPage(SkinnedPage):
    """One release of an IranSamaneh site.

    Recognised by `/client/themes/` and `lib.iransamaneh_<revision>.js`; the slug is decoration. Older themes have no
    <article>: the text stands in a `div[style="direction: rtl;"]`, and `.news_pdate_c` holds the date behind a label.
    Newer ones have <article>, `.fa_date` with a Gregorian twin beside it, `article:published_time` and short links.
    Sure of, from some hundred public site configurations: the addresses and all selectors here but `#newsMainBody`,
    `.image_box` and `.short-link`. An unknown address answers 200 with `div.error_container`. The archive takes Jalali
    days (`from_date`, `to_date`, both included). `article:published_time` may lie in the future, the date of an event:
    what readers see counts.
    """

    platform: ClassVar[str] = "iransamaneh"
    version: ClassVar[int] = 5
    names_body: ClassVar[bool] = True

    article_css: ClassVar[str] = (
        "article, .gutter_news, .news_content, .body-news, .body_news, .news-cnt, .box_news, .main_col,"
        " .col_r_inner_news"
    )
    kicker_css: ClassVar[tuple[str, ...]] = (".rutitr", ".news-rutitr")
    title_css: ClassVar[tuple[str, ...]] = ("h1.title", ".news-title", ".title-news", ".title", "h1")
    lead_css: ClassVar[tuple[str, ...]] = (
        ".subtitle",
        ".news-subtitle",
        ".subtitle-news",
        ".sub_ax",
        ".subtitle_photo",
    )
    body_css: ClassVar[tuple[str, ...]] = (
        "#newsMainBody",
        "div.body",
        "section.body",
        ".body",
        "#nt-body-ck",
        ".album_content",
    )
    date_css: ClassVar[tuple[str, ...]] = (
        ".fa_date",
        ".news_pdate_c",
        ".news-pdate",
        ".photo_pdate",
        ".news-date",
        "time.news_path_time",
        ".item-date span",
        ".autor_ax",
    )
    category_css: ClassVar[tuple[str, ...]] = (".news_path a", "a.cat_name", "a.service_name")
    tags_css: ClassVar[tuple[str, ...]] = (".tags_title a", ".tags li", ".tags_container a")
    image_css: ClassVar[tuple[str, ...]] = ("img.lead_image", ".lead_image img", ".image_set img")
    figure_css: ClassVar[tuple[str, ...]] = (".image_box", ".image_set", "figure.lead_image")
    short_css: ClassVar[str] = ".short-link input, .short_link input, .short_link a"
    drop_css: ClassVar[str] = (
        ".tags_container, .tags, .adv, .news_toolbar, .news_path, .rutitr, .news-rutitr, .comm_answer_line"
    )
    missing_css: ClassVar[str] = ".error_container"


@attrs.define(kw_only=True)
class IranSamanehListing(SkinnedListing):
    """The archive: `/fa/archive?…&rpp=<rows>&from_date=<Jalali day>&to_date=<Jalali day>&p=<page>`."""

    platform: ClassVar[str] = "iransamaneh"
    item_css: ClassVar[str] = ".archive_content .linear_news, .linear_news"
    date_css: ClassVar[str] = ".archive_date, .news_pdate_c, .fa_date, time"

    def next_urls(self) -> list[str]:
        """The pager's next page; rows per page stay as they were asked for."""
        return [url for url in super().next_urls() if "/archive" in urlsplit(url).path]


def days(first: date, last: date) -> tuple[str, ...]:
    """The archive from one day to another; one page of a hundred rows for a quiet month."""
    from_date, to_date = ("/".join(f"{part:02}" for part in to_jalali(day)) for day in (first, last))
    return (f"{ARCHIVE}&from_date={from_date}&to_date={to_date}&p=1",)


PLATFORM = Platform(
    key="iransamaneh",
    page=IranSamanehPage,
    listing=IranSamanehListing,
    article_path=ARTICLE,
    listings=(f"{ARCHIVE}&p=1",),
    feeds=("/fa/rss/allnews",),
    sitemaps=("/fa-sitemap-newsarchive",),
    dated=days,
    marks=(
        Mark("link", r"/client/themes/", SURE),
        Mark("html", r"lib\.iransamaneh", SURE),
        Mark("class", "news_pdate_c|news_id_c", SURE),
        Mark("id", "newsMainBody|nt-body-ck", SURE),
        Mark("class", "news_toolbar|news_nav|photo_pdate|news-pdate", LIKELY),
        Mark("link", r"^/[a-z]{2}/rss/allnews$", LIKELY),
        Mark("link", r"^/files/[a-z]{2}/news/1[34]\d\d/\d+/\d+/\d+_\d+\.\w+", SURE),
        Mark("link", r"^/files/(?:[a-z]{2}/)?(?:news/1[34]\d\d/\d+/\d+|adv|logo)/", LIKELY),
        Mark("link", r"^/[a-z]{2}-sitemap-news", LIKELY),
        Mark(
            "link",
            r"^/[a-z]{2}/(?:archive\?(?:[^#]*&)?(?:service_id|sec_id)=|section/ajax/|(?:send|save)/\d)",
            LIKELY,
        ),
        Mark("link", r"^/[a-z]{2}/(?:archive|links|contacts|rss|search|services)(?=[/?]|$)", LIKELY, different=3),
        Mark("link", r"^/[a-z]{2}/(?:archive|links|contacts|rss)(?=[/?]|$)", HINT, different=4),
        Mark("class", r"archive_content|linear_news|comments_topic|comments_item|comm_info_\w+|comm_answer\w*", LIKELY),
        Mark("class", "news_path|fa_date|news_path_time|news-rutitr|rutitr|tags_title|lead_image", LIKELY, different=2),
        Mark("credit", r"(?:ايران|ایران)[ \u200c]?سامانه|\biransamaneh\b", LIKELY),
        Mark("link", r"^/fa/news/\d+", HINT),
    ),
)
