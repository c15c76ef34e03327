"""Microsoft SharePoint, its publishing pages (`/…/Pages/<name>.aspx`) and its modern ones (`/SitePages/`)."""

import re
from typing import ClassVar

import attrs

from spiders.platforms.cms import Platform
from spiders.platforms.marks import HINT, LIKELY, SURE, Mark
from spiders.platforms.skins import KICKERS, NEWS_LISTS, SkinnedListing, SkinnedPage

ARTICLE = re.compile(
    r"^/(?:[^?]*/)?(?:Pages|SitePages)/(?!(?:default|home|index|search|results|login|error\w*|pagenotfound\w*|sitemap"
    r"|contact|about|contactus|aboutus|allitems|news|archive|فهرست)\.aspx)(?!Forms/)(?:[^/?]+/)*[^/?]+\.aspx$"
    r"|^/(?:[^?]*/)?Lists/[^/?]+/(?:DispForm|CustomDispForm)\.aspx\?id=\d+$",
    re.IGNORECASE,
)


@attrs.define(kw_only=True)
class SharePointPage(SkinnedPage):
    """One page or list item of a SharePoint site.

    Recognised by its generator, the headers `MicrosoftSharePointTeamServices` and `SPRequestGuid`, `/_layouts/15/`,
    `/_vti_bin/` and `_spPageContextInfo`: of these it is sure (public fingerprints). Nothing is public of the pages of
    Iranian offices: `.article-content`, `.ms-rtestate-field` and `.date-line` are of SharePoint's own article layouts,
    `data-automation-id` of its modern pages; the rest is the generic reader's. No item has a number: those of a
    list are counted by list.
    """

    platform: ClassVar[str] = "sharepoint"
    version: ClassVar[int] = 3
    is_complete: ClassVar[bool] = False

    article_css: ClassVar[str] = ".article, #DeltaPlaceHolderMain, #spPageCanvasContent"
    kicker_css: ClassVar[tuple[str, ...]] = KICKERS
    title_css: ClassVar[tuple[str, ...]] = (
        "[data-automation-id=TitleTextId]",
        "[data-automation-id=pageHeader] h1",
        ".article-title",
        ".article h1",
        "h1.news-title",
        "#DeltaPlaceHolderPageTitleInTitleArea",
    )
    lead_css: ClassVar[tuple[str, ...]] = (".article-summary", ".article-lead", ".news-lead", ".lead")
    body_css: ClassVar[tuple[str, ...]] = (
        "#spPageCanvasContent",
        "[data-automation-id=Canvas]",
        ".article-content .ms-rtestate-field",
        ".article-content",
        "[data-automation-id=textBox]",
        ".ms-rtestate-field",
    )
    date_css: ClassVar[tuple[str, ...]] = (
        "[data-automation-id=publishDate]",
        "[data-automation-id=publishedDate]",
        ".article-date",
        ".date-line",
        ".news-date",
    )
    category_css: ClassVar[tuple[str, ...]] = (".ms-breadcrumb a", ".breadcrumb a")
    image_css: ClassVar[tuple[str, ...]] = (".captioned-image img", ".article-image img")


@attrs.define(kw_only=True)
class SharePointListing(SkinnedListing):
    """A list view, a content query web part or a news web part."""

    platform: ClassVar[str] = "sharepoint"
    loose: ClassVar[bool] = True
    item_css: ClassVar[str] = (
        ".dfwp-item, .cbs-List li, .ms-srch-item, [data-automation-id=newsItem], .ms-listviewtable tr"
    )
    date_css: ClassVar[str] = ".date, .news-date, [data-automation-id=newsItemDate]"
    next_css: ClassVar[str] = "a[rel=next], a#PageLinkNext, .ms-paging a[title*='بعد'], td.ms-paging + td a"


PLATFORM = Platform(
    key="sharepoint",
    page=SharePointPage,
    listing=SharePointListing,
    article_path=ARTICLE,
    query_keys=("id",),
    listings=(),
    followed=NEWS_LISTS,
    marks=(
        Mark("generator", r"Microsoft SharePoint", SURE),
        Mark("MicrosoftSharePointTeamServices", r".*", SURE),
        Mark("SPRequestGuid", r".*", SURE),
        Mark("SharePointHealthScore", r".*", SURE),
        Mark("X-SharePointHealthScore", r".*", SURE),
        Mark(
            "html",
            r"\b_spPageContextInfo\b|\b_spBodyOnLoad|\bMSOWebPartPage|\bs4-(?:workspace|bodyContainer)\b"
            r"|\bspPageCanvasContent\b",
            SURE,
        ),
        Mark("link", r"/_layouts/(?:1[456]/)?|/_vti_bin/|/_catalogs/masterpage/", SURE),
        Mark("class", r"ms-(?:rtestate|webpart|core)-?[\w-]*", LIKELY),
        Mark("html", r"\bdata-sp-[a-z]+=", LIKELY),
        Mark("link", r"/(?:PublishingImages|SiteAssets|SiteCollectionImages|Style(?: |%20)Library)/", LIKELY),
        Mark("link", r"/(?:Pages|SitePages)/[^/]+\.aspx|/Lists/[^/]+/(?:AllItems|DispForm)\.aspx", HINT),
    ),
)
