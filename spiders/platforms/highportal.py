"""HighPortal of Aryanic (آریانیک): `index.aspx?siteid=1&fkeyid=&siteid=1&pageid=<page>&newsview=<id>`."""

import re
from typing import ClassVar

import attrs

from spiders.platforms.cms import Platform
from spiders.platforms.marks import HINT, LIKELY, SURE, Mark
from spiders.platforms.skins import KICKERS, SkinnedListing, SkinnedPage

ARTICLE = re.compile(r"^/(?:[^?]*/)?(?:index\.(?:aspx|jsp))?\?newsview=(?P<id>\d+)$", re.IGNORECASE)


@attrs.define(kw_only=True)
class HighPortalPage(SkinnedPage):
    """One release of a HighPortal site.

    Recognised by the generator `Aryanic.com`, the publisher `highportal.com`, a `siteid-pageid`, the copyright
    «HighCMS/HighPortal», `/includes/cms.css`, `/cms/fmenuimages/` and addresses that state `siteid` twice: of these it
    is sure (a stored public page and a fingerprint list), and of Jalali dates in ASCII digits. `newsview=<id>` and the
    markup of a release are modelled; in other skins the generic reader finds the parts. Pages may be windows-1256. The
    lead is often repeated as the first paragraph. No feed is known.
    """

    platform: ClassVar[str] = "highportal"
    version: ClassVar[int] = 3

    article_css: ClassVar[str] = ".newsview, .news-view, .newsdetail"
    kicker_css: ClassVar[tuple[str, ...]] = (".newsrutitr", ".newsrotitr", ".newsuptitle", *KICKERS)
    title_css: ClassVar[tuple[str, ...]] = (
        ".newsview .newstitle",
        ".newstitle",
        ".newsview h1",
        ".newsview h2",
        ".newsview h3",
    )
    lead_css: ClassVar[tuple[str, ...]] = (".newssummary", ".newslead", ".newsabstract")
    body_css: ClassVar[tuple[str, ...]] = (".newsbody", ".newstext", ".newscontent")
    date_css: ClassVar[tuple[str, ...]] = (".newsdate", ".newspublishdate", ".newsinfo")
    category_css: ClassVar[tuple[str, ...]] = (".newsgroup a", ".newsgroup", ".newscategory")
    tags_css: ClassVar[tuple[str, ...]] = (
        ".newskeywords .keyword",
        ".newskeywords a",
        ".newstags a",
        ".keywords a",
        ".keyword",
    )
    image_css: ClassVar[tuple[str, ...]] = ("img.newsimage", ".newsimage img", ".newspic img")


@attrs.define(kw_only=True)
class HighPortalListing(SkinnedListing):
    """A page with a list of news: `&p=<n>` (modelled)."""

    platform: ClassVar[str] = "highportal"
    item_css: ClassVar[str] = ".newsrow, .newslist li, .newsitem"
    date_css: ClassVar[str] = ".newsdate, .date"


PLATFORM = Platform(
    key="highportal",
    page=HighPortalPage,
    listing=HighPortalListing,
    article_path=ARTICLE,
    query_keys=("newsview",),
    listings=(),
    marks=(
        Mark("generator", r"\bAryanic\b|\bHigh ?(?:Portal|CMS)\b", SURE),
        Mark("html", r"^<meta [^>]*(?:\bhighportal\.com|\bsiteid-pageid\b|\bHigh(?:CMS|Portal)\b)", SURE),
        Mark("link", r"index\.(?:aspx|jsp)\?(?:siteid=\d+&)?fkeyid=[^&]*&siteid=\d+&pageid=\d+", SURE),
        Mark("link", r"index\.(?:aspx|jsp)\?(?:[^#]*&)?siteid=\d+&(?:[^#]*&)?pageid=\d+", LIKELY),
        Mark("link", r"/cms/fmenuimages/", LIKELY),
        Mark("link", r"/includes/cms\.css", LIKELY),
        Mark("html", r"\bHighPortal\b|\bAryanic\b", LIKELY),
        Mark("credit", r"\bHigh ?(?:Portal|CMS)\b|\bAryanic\b|آریانیک|آريانيك", LIKELY),
        Mark("link", r"[?&]newsview=\d+", HINT),
    ),
)
