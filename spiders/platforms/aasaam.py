"""Aasaam (آسام): `/بخش-<section>-<n>/<id>-<slug>`, short addresses `/fa/tiny/news-<id>`."""

import re
from typing import ClassVar

import attrs

from spiders.platforms.cms import Platform
from spiders.platforms.marks import HINT, LIKELY, SURE, Mark
from spiders.platforms.skins import SkinnedListing, SkinnedPage

ARTICLE = re.compile(
    r"^/(?:[a-z]{2}/tiny/news-|(?:[^/]+-\d+|بخش[^/]*|[a-z]{2}/news[^/]*)/(?=\d+-))(?P<id>\d+)(?:-[^/]*)?/?$"
    r"(?<!\.jpg)(?<!\.jpeg)(?<!\.png)(?<!\.gif)(?<!\.webp)(?<!\.pdf)(?<!\.mp4)(?<!\.mp3)(?<!\.zip)(?<!\.css)(?<!\.js)"
)


@attrs.define(kw_only=True)
class AasaamPage(SkinnedPage):
    """One release of an Aasaam site.

    Recognised by a comment with its name in ASCII art ("job [at] aasaam [dot] com"), `aasaamApp` and `#echo_detail`.
    Sure of, from public crawlers and page sources: `.uptitle` and its spellings, `h1`, `.lead`, `#echo_detail`,
    `time[datetime]` in Gregorian ISO, `.breadcrumb_list li`, `.article_tags li`, `.primary_files img`, and that tags,
    share bar and short link stand inside the element of the body. The canonical address is the short one, which
    redirects to the long one. Sections have numbers of their own, so lists are found from the front page. Not verified:
    `?page=` of a section and `.news_time`'s text.
    """

    platform: ClassVar[str] = "aasaam"
    version: ClassVar[int] = 3
    names_body: ClassVar[bool] = True

    article_css: ClassVar[str] = "article, .news_content, .article_body, main"
    kicker_css: ClassVar[tuple[str, ...]] = (".uptitle", ".up-title", ".up_title", ".news-uptitle")
    title_css: ClassVar[tuple[str, ...]] = ("h1", ".title")
    lead_css: ClassVar[tuple[str, ...]] = (".news-lead", ".news_lead", ".lead", "[itemprop=description]")
    body_css: ClassVar[tuple[str, ...]] = ("#echo_detail", ".echo_detail", "#echo_details", "#main_ck_editor")
    date_css: ClassVar[tuple[str, ...]] = (".news_time", ".news-time", ".news_nav_title", "time")
    category_css: ClassVar[tuple[str, ...]] = (".breadcrumb_list li a", ".breadcrumb li a")
    tags_css: ClassVar[tuple[str, ...]] = (
        ".article_tags li",
        ".article_tag a",
        ".article-tag a",
        ".news_tags a",
        ".tags ul li a",
        ".tag_items a",
        ".all-tags a",
    )
    image_css: ClassVar[tuple[str, ...]] = (
        ".primary_files img",
        ".primary-files img",
        "img.image_top_primary",
        ".image_top_primary img",
        ".contain_img img",
        "img.contain_img",
    )
    figure_css: ClassVar[tuple[str, ...]] = (".primary_files", ".primary-files", ".contain_img")
    short_css: ClassVar[str] = ".tinyurl_form input, .short_link_cnt input"
    drop_css: ClassVar[str] = (
        ".article_tag, .article_tags, .article-tag, .news_tags, .tags, .tag_items, .all-tags,"
        " .sec_info, .short_link_cnt, .tinyurl_form, .primary_files, .primary-files, .ads_zone"
    )


@attrs.define(kw_only=True)
class AasaamListing(SkinnedListing):
    platform: ClassVar[str] = "aasaam"
    item_css: ClassVar[str] = ".list_item, .news_list > li, .res_item"


PLATFORM = Platform(
    key="aasaam",
    page=AasaamPage,
    listing=AasaamListing,
    article_path=ARTICLE,
    listings=(),
    feeds=("/feeds/",),
    followed=re.compile(r"^/بخش-[^/]+-\d+/?$"),
    marks=(
        Mark("comment", r"\bjob\s*\[at\]\s*aasaam\b|\bAASAAM Software\b", SURE),
        Mark("html", r"\baasaamApp\b", SURE),
        Mark("id", "echo_details?", SURE),
        Mark("link", r"^/[a-z]{2}/tiny/news-\d+$", SURE),
        Mark("class", "echo_detail|primary[_-]files|image_top_primary|short_link_cnt|tinyurl_form", LIKELY),
        Mark("class", "article_tags?|news_time|breadcrumb_list|share_news|sec_info", LIKELY, different=2),
        Mark("html", r"^<html [^>]*\bos-\w+ browser-\w+", LIKELY),
        Mark("link", r"^/بخش-[^/]+-\d+(?:/\d+-|/?$)", LIKELY),
        Mark("link", r"^/feeds/?$", HINT),
        Mark("link", r"^/(?:thumbnail|servev2)/", HINT),
    ),
)
