"""The portal family of ministries' offices: `/fa/<module>/<id>/<slug>`."""

import re
from typing import ClassVar

import attrs

from spiders.platforms.cms import Platform
from spiders.platforms.marks import HINT, LIKELY, SURE, Mark
from spiders.platforms.skins import SkinnedListing, SkinnedPage

ARTICLE = re.compile(
    r"^/fa/(?:news|newsagency)/(?P<id>\d+)(?:/(?!\d\d?(?:/|$))[^/]*)?/?$"
)  # not a Jalali date, as other CMSs have there


@attrs.define(kw_only=True)
class FaPortalPage(SkinnedPage):
    """One release of the portal that the labour ministry's offices run.

    Recognised by `.article-view` with `.date-info` at its end; the slug of an address is decoration. Sure of: the
    address shape, `.article-view`, `h1`, `.summary`, `.content`, `.date-info`, `.tags` (from one public configuration
    of this family). The rest is from the seed page. IranSamaneh has the same addresses: tell them apart by markup.
    """

    platform: ClassVar[str] = "fa_portal"
    version: ClassVar[int] = 5
    names_body: ClassVar[bool] = True

    article_css: ClassVar[str] = ".article-view"
    kicker_css: ClassVar[tuple[str, ...]] = (
        ".article-view .kicker",
        ".article-view .rutitr",
        ".article-view .roo-titr",
    )
    title_css: ClassVar[tuple[str, ...]] = (".article-view h1", ".article-view h2", "h1")
    lead_css: ClassVar[tuple[str, ...]] = (".article-view .summary",)
    body_css: ClassVar[tuple[str, ...]] = (".article-view .content",)
    date_css: ClassVar[tuple[str, ...]] = (".article-view .date-info",)
    drop_css: ClassVar[str] = ".tags, .views, .attachments, .banner, .print, .social, nav"
    category_css: ClassVar[tuple[str, ...]] = (".breadcrumb a",)
    tags_css: ClassVar[tuple[str, ...]] = (".article-view .tags a",)
    image_css: ClassVar[tuple[str, ...]] = (".article-view .main-image img", ".article-view > figure img")
    figure_css: ClassVar[tuple[str, ...]] = (".article-view > figure",)


@attrs.define(kw_only=True)
class FaPortalListing(SkinnedListing):
    platform: ClassVar[str] = "fa_portal"
    item_css: ClassVar[str] = ".news-list .news-item"
    link_css: ClassVar[str] = "h2 a, a:not(.thumb)"
    date_css: ClassVar[str] = ".date-info, .date"


PLATFORM = Platform(
    key="fa_portal",
    page=FaPortalPage,
    listing=FaPortalListing,
    article_path=ARTICLE,
    listings=("/fa/news",),
    feeds=("/fa/news/rss",),
    marks=(
        Mark("class", "article-view|date-info", SURE, different=2),
        Mark("class", "article-view|date-info", HINT),
        Mark("link", r"^/(?:fa|en|ar)/(?:news|newsagency)/(?:allnews/)?rss/?$", LIKELY),
        Mark("link", r"^/assets/portal/", LIKELY),
        Mark("link", r"^/(?:fa|en|ar)/newsagency(?:/|$)", LIKELY),
        Mark("link", r"^/fa/[a-z0-9]+(?:/[a-z0-9]+)*-[^/]*[\u0600-\u06ff][^/]*$", LIKELY, different=2),
        Mark("link", r"^/fa/[a-z0-9]+(?:/[a-z0-9]+)*-[^/]*[\u0600-\u06ff][^/]*$", HINT),
        Mark("link", r"^/(?:fa|en|ar)/(?:law|regulation)/\d+", LIKELY),
        Mark("link", r"^/(?:fa|en|ar)/(?:news|newsagency|form)/\d+", HINT),
    ),
)
