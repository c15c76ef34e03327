"""Liferay: `/-/<slug>`, `/-/asset_publisher/…/content/<slug>`, or `/w/<slug>` of a display page."""

import re
from typing import ClassVar

import attrs

from spiders.platforms.cms import Platform
from spiders.platforms.marks import HINT, LIKELY, SURE, Mark
from spiders.platforms.skins import KICKERS, NEWS_LISTS, SkinnedListing, SkinnedPage

ARTICLE = re.compile(
    r"^/(?:[^?]*/)?-/(?:(?:asset_publisher/\w+/)?content/(?:id/)?[^/?]+"
    r"|journal_content/\w+/\d+/(?P<id>\d+)"
    r"|(?!asset_publisher/|journal|blogs?/rss|document_library|knowledge_base|message_boards|wiki|search|login"
    r"|[^/?]*/rss)"
    r"[^/?]{4,})/?$"
    r"|^/(?:web/[^/]+/|[a-z]{2}/)*w/[^/?]+/?$",
    re.IGNORECASE,
)


@attrs.define(kw_only=True)
class LiferayPage(SkinnedPage):
    """One web content article of a Liferay site.

    Recognised by the header `Liferay-Portal`, the script's `Liferay.ThemeDisplay`, `p_p_id=` and `/web/guest/`: of
    these it is sure (public fingerprints). The markup is the structure's that an office made, and nothing is public of
    it: `.journal-content-article`, `.asset-full-content`, `.header-title` and `.metadata-publish-date` are the names of
    Liferay's own templates, the rest is the generic reader's. A display page may show no date but in its metadata.
    """

    platform: ClassVar[str] = "liferay"
    version: ClassVar[int] = 3
    is_complete: ClassVar[bool] = False

    article_css: ClassVar[str] = ".asset-full-content, .asset-entry, .journal-content-article"
    kicker_css: ClassVar[tuple[str, ...]] = KICKERS
    title_css: ClassVar[tuple[str, ...]] = (
        ".journal-content-article h1",
        ".header-title",
        ".asset-title",
        ".component-heading h1",
        "h1.component-heading",
    )
    lead_css: ClassVar[tuple[str, ...]] = (".journal-content-article .lead", ".asset-summary")
    body_css: ClassVar[tuple[str, ...]] = (
        ".journal-content-article .news-body",
        ".journal-content-article .content",
        ".journal-content-article .body",
        ".asset-content .journal-content-article",
        ".journal-content-article",
    )
    date_css: ClassVar[tuple[str, ...]] = (".metadata-publish-date", ".publish-date", ".metadata-create-date")
    modified_css: ClassVar[tuple[str, ...]] = (".metadata-modified-date",)
    category_css: ClassVar[tuple[str, ...]] = (".taglib-asset-categories-summary a", ".asset-category", ".breadcrumb a")
    tags_css: ClassVar[tuple[str, ...]] = (".taglib-asset-tags-summary a", ".asset-tags a", "a.tag")
    image_css: ClassVar[tuple[str, ...]] = (".journal-content-article .news-image img",)


@attrs.define(kw_only=True)
class LiferayListing(SkinnedListing):
    """An asset publisher's abstracts: `?…_cur=<n>`."""

    platform: ClassVar[str] = "liferay"
    loose: ClassVar[bool] = True
    item_css: ClassVar[str] = ".asset-abstract, .asset-entry"
    date_css: ClassVar[str] = ".metadata-publish-date, .publish-date"
    next_css: ClassVar[str] = "a[rel=next], .lfr-pagination-buttons a.next, li.next a, .page-item.next a"


PLATFORM = Platform(
    key="liferay",
    page=LiferayPage,
    listing=LiferayListing,
    article_path=ARTICLE,
    listings=(),
    followed=NEWS_LISTS,
    marks=(
        Mark("Liferay-Portal", r".*", SURE),
        Mark(
            "html",
            r"\bLiferay\.(?:ThemeDisplay|currentURL|Portlet|Language|AUI|Util)\b|\bthemeDisplay\.getLayout",
            SURE,
        ),
        Mark("class", r"journal-content-article|lfr-[a-z][\w-]*|portlet-boundary\w*|portlet-asset-publisher", SURE),
        Mark("link", r"[?&]p_p_(?:id|lifecycle|auth)=", SURE),
        Mark(
            "link",
            r"/o/(?:[a-z-]+-theme|frontend-[a-z-]+|js_resolved_modules|combo)/"
            r"|/html/js/liferay/|/combo/?\?[^#]*browserId",
            LIKELY,
        ),
        Mark("cookie", r"\bGUEST_LANGUAGE_ID=", LIKELY),
        Mark("link", r"^/(?:[a-z]{2}/)?web/guest(?:/|$)", LIKELY),
        Mark("link", r"/-/asset_publisher/|/documents/\d+/", HINT),
    ),
)
