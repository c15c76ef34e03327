"""Douran portal (دوران پورتال, «دورتال»): `/fa-IR/<site>/<tab>/news/view/<module>/<id>/<slug>`."""

import re
from typing import ClassVar

import attrs

from spiders.platforms.cms import Platform
from spiders.platforms.marks import HINT, LIKELY, SURE, Mark
from spiders.platforms.skins import KICKERS, NEWS_LISTS, SkinnedListing, SkinnedPage

ARTICLE = re.compile(
    r"^/(?:[a-z]{2}-[a-z]{2}/[\w.-]+/\d+/news/view/(?:\d+/)?"
    r"|(?:[^?]*/)?HomePage\.aspx\?tabid=\d+&(?:site=[\w.]+&)?itemid=)(?P<id>\d+)(?:/[^/?]*)?/?(?:\?.*)?$",
    re.IGNORECASE,
)


@attrs.define(kw_only=True)
class DouranPage(SkinnedPage):
    """One release of a Douran portal.

    Recognised by the cookie `Site=DouranPortal`, the header `Server: Douran`, `/_DouranPortal/`, addresses
    `/fa-IR/DouranPortal/<tab>/…` and `HomePage.aspx?TabID=<tab>&Site=<site>&Lang=fa-IR`, and ASP.NET ids such as
    `ctl01_ctl00_myDataList`: of these it is sure (a public fingerprint list). Nothing is public of the markup of a
    release: `.NewsTitle` and its kin are modelled, and so is `ItemID=` of the older addresses; in other skins the
    generic reader finds the parts. There is no feed and no sitemap.
    """

    platform: ClassVar[str] = "douran"
    version: ClassVar[int] = 3

    article_css: ClassVar[str] = ".NewsView, .NewsDetail, .NewsShow"
    kicker_css: ClassVar[tuple[str, ...]] = (
        ".NewsUpTitle",
        ".NewsRuTitr",
        ".NewsKicker",
        "#lblUpTitle",
        "#lblRuTitr",
        *KICKERS,
    )
    title_css: ClassVar[tuple[str, ...]] = (".NewsTitle", ".NewsView h1", "#lblTitle", "#lblNewsTitle")
    lead_css: ClassVar[tuple[str, ...]] = (
        ".NewsLead",
        ".NewsSummary",
        ".NewsAbstract",
        "#lblLead",
        "#lblSummary",
        "#lblAbstract",
    )
    body_css: ClassVar[tuple[str, ...]] = (
        ".NewsBody",
        ".NewsText",
        ".NewsContent",
        "#lblBody",
        "#lblText",
        "#lblContent",
    )
    date_css: ClassVar[tuple[str, ...]] = ("#lblDate", ".NewsDate", "#lblPublishDate", ".NewsPublishDate")
    category_css: ClassVar[tuple[str, ...]] = (".NewsGroup a", ".NewsGroup", ".NewsCategory a")
    tags_css: ClassVar[tuple[str, ...]] = (".NewsTags a", ".NewsKeywords a", ".NewsTag a")
    image_css: ClassVar[tuple[str, ...]] = ("img.NewsImage", ".NewsImage img", ".NewsPicture img")


@attrs.define(kw_only=True)
class DouranListing(SkinnedListing):
    """A tab's list of releases: `/fa-IR/DouranPortal/<tab>/page/<title>`."""

    platform: ClassVar[str] = "douran"
    item_css: ClassVar[str] = "[id$=myDataList] > tr, [id$=myDataList] > tbody > tr, .NewsList li, .NewsItem"
    date_css: ClassVar[str] = ".listDate, .NewsDate, [id$=lblDate]"


PLATFORM = Platform(
    key="douran",
    page=DouranPage,
    listing=DouranListing,
    article_path=ARTICLE,
    query_keys=("tabid", "site", "itemid"),
    listings=(),
    followed=NEWS_LISTS,
    marks=(
        Mark("cookie", r"DouranPortal", SURE),
        Mark("Server", r"\bDouran\b", SURE),
        Mark("link", r"/_DouranPortal/", SURE),
        Mark("link", r"^/[a-z]{2}-[a-z]{2}/DouranPortal/\d+", SURE),
        Mark("link", r"HomePage\.aspx\?TabID=\d+&(?:amp;)?Site=[\w.]+&(?:amp;)?Lang=[a-z]{2}-[a-z]{2}", SURE),
        Mark("html", r"\bDouranPortal\b|\bDourtal\b", LIKELY),
        Mark("credit", r"\bDouran ?Portal\b|\bDourtal\b|\bdouran\.com\b|دورتال|دوران پورتال|پورتال دوران", LIKELY),
        Mark("link", r"^/[a-z]{2}-[a-z]{2}/[\w.]+/\d+/(?:page|news/view)(?:/|$)", LIKELY),
        Mark("id", r"(?:ctl\d+_)+myDataList\w*", LIKELY),
        Mark("id", r"ctl\d+_ctl\d+_\w*", HINT),
    ),
)
