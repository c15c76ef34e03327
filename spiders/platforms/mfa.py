"""The foreign ministry's portal, and others of its make: `/portal/newsview/<id>`."""

import re
from typing import ClassVar

import attrs

from spiders.platforms.cms import Platform
from spiders.platforms.marks import HINT, LIKELY, SURE, Mark
from spiders.platforms.skins import SkinnedListing, SkinnedPage

ARTICLE = re.compile(r"^/portal/newsview/(?P<id>\d+)(?:/[^/]*)?/?$", re.IGNORECASE)
DAY = re.compile(r"\d\s*[/.-]\s*\d|\d\s+\w+\s+\d{4}|[a-z]{3}\w*\s+\d", re.IGNORECASE)


@attrs.define(kw_only=True)
class MfaPage(SkinnedPage):
    """One release of mfa.ir (foreign ministry) or a portal of the same make.

    Recognised by `/portal/newsview/<id>` together with `.news-text-full` and `.nv-info`. Sure of, from public crawlers
    of the English site: the address; `div.news-text-full`, which holds kicker (`h6`) and title (`h4`) before the text;
    `span.nv-info` with "2020/10/18 - 09:29"; `li.breadcrumb-item a`; that `/portal/newsagencyshow/<n>` and
    `/portal/newsarchive/<n>` are lists, in any case of their letters. Not verified: that the Persian pages are the same
    with a Jalali date there, lead, tags and image, the pager, and whether there is a feed. The site answers every first
    request with a redirect to itself and a cookie, which is left to whoever fetches.
    """

    platform: ClassVar[str] = "mfa"
    version: ClassVar[int] = 3
    names_body: ClassVar[bool] = True

    article_css: ClassVar[str] = "article, .news-view, .newsview, main"
    kicker_css: ClassVar[tuple[str, ...]] = (".news-text-full > h6", ".news-text-full h6", "h6")
    title_css: ClassVar[tuple[str, ...]] = (".news-text-full > h4", ".news-text-full h4", "h4", "h1")
    lead_css: ClassVar[tuple[str, ...]] = (".news-text-full > h5", ".news-text-full .lead", ".news-lead")
    body_css: ClassVar[tuple[str, ...]] = (".news-text-full",)
    date_css: ClassVar[tuple[str, ...]] = (".nv-info",)
    category_css: ClassVar[tuple[str, ...]] = (".breadcrumb-item a", ".breadcrumb a")
    tags_css: ClassVar[tuple[str, ...]] = (".news-tags a", ".tags a")
    image_css: ClassVar[tuple[str, ...]] = (".news-image img", ".news-img img", ".news-text-full img")
    drop_css: ClassVar[str] = ".nv-info, .tags, .news-tags, .breadcrumb"

    def visible_dates(self) -> list[str]:
        """Those of several `.nv-info` that hold a date; others hold the release's number or its visits."""
        texts = SkinnedPage.visible_dates(self)
        return [text for text in texts if DAY.search(text)] or texts


@attrs.define(kw_only=True)
class MfaListing(SkinnedListing):
    platform: ClassVar[str] = "mfa"
    item_css: ClassVar[str] = ".news-item, .list-group-item, .card, .news-list li"
    date_css: ClassVar[str] = ".nv-info, .date, time"


PLATFORM = Platform(
    key="mfa",
    page=MfaPage,
    listing=MfaListing,
    article_path=ARTICLE,
    listings=(),
    followed=re.compile(r"^/portal/(?:newsagencyshow|newsarchive)/\d+/?$", re.IGNORECASE),
    marks=(
        Mark("class", "news-text-full", SURE),
        Mark("class", "nv-info", LIKELY),
        Mark("link", r"^/portal/(?:newsview|newsagencyshow)/\d+", SURE),
        Mark("link", r"^/portal/newsarchive/\d+", LIKELY),
        Mark("link", r"^/portal/(?:ministrinfo|search|newsarchive)\b", HINT),
    ),
)
