"""StudioKhabar (استودیو خبر, News Studio): `/fa/doc/news/<id>/<slug>`, feed and archive under obfuscated names."""

import re
from collections.abc import Iterable
from typing import ClassVar

import attrs

from spiders.page import text_of
from spiders.platforms.cms import Platform
from spiders.platforms.marks import HINT, LIKELY, SURE, Mark
from spiders.platforms.skins import SkinnedListing, SkinnedPage

ARTICLE = re.compile(
    r"^/(?:fa/doc/)?(?:news|report|interview|note|video|photo)/(?P<id>\d+)(?:/(?!\d\d?(?:/|$))[^/]*)?/?$|^/vdc[^/]*\.html$",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d{1,18}")


@attrs.define(kw_only=True)
class StudioKhabarPage(SkinnedPage):
    """One release of a StudioKhabar site.

    Recognised by its generator ("News Studio, http://www.news-studio.com"), its author ("Behnegarsoft.com"), the ids of
    its parts (`#docDiv3TitrMain`, `#doctextarea`) and images like `/images/docs/000357/n00357284-b.jpg`. Sure of, from
    public crawlers and a page source: those ids, `.doc_content`, `.doc_date`, `.doc-section-info a`, `.tags a`; that
    `dcterms.created` is in GMT; on a list it is the time of the answer. Feed and archive have obfuscated names
    (`/rssb5.-er48r6….xml`, `/vfr….html`) that only the front page tells. Not verified: the markup of lists, `.docCode`,
    and that `/vdc….html`, the address of old articles, is still answered.
    """

    platform: ClassVar[str] = "studiokhabar"
    version: ClassVar[int] = 3
    names_body: ClassVar[bool] = True

    article_css: ClassVar[str] = ".doc_content, #docDataRow, article"
    kicker_css: ClassVar[tuple[str, ...]] = ("#docDiv3TitrRou", ".docDiv3TitrRou")
    title_css: ClassVar[tuple[str, ...]] = ("#docDiv3TitrMain", ".docDiv3TitrMain", "h1")
    lead_css: ClassVar[tuple[str, ...]] = ("#docDivLead1", "#docDivLead", ".docDivLead1", ".docDivLead")
    body_css: ClassVar[tuple[str, ...]] = ("#doctextarea", "#docContentdiv article", "#docContentdiv")
    date_css: ClassVar[tuple[str, ...]] = ("#docDiv3Date", ".docDiv3Date", ".doc_date")
    category_css: ClassVar[tuple[str, ...]] = (".doc-section-info a",)
    tags_css: ClassVar[tuple[str, ...]] = (".tags a",)
    image_css: ClassVar[tuple[str, ...]] = ("#doc_div1Img img", "img.thumbnail", ".thumbnail img")
    figure_css: ClassVar[tuple[str, ...]] = ("#doc_div1Img",)
    drop_css: ClassVar[str] = ".tags, .relDocs, .relDoc, .adsDiv, .docStat, .docAttach, #userComments"
    published_meta: ClassVar[tuple[str, ...]] = (
        "article:published_time",
        "dcterms.created",
        "datepublished",
        "dc.date",
    )
    modified_meta: ClassVar[tuple[str, ...]] = ("article:modified_time", "dcterms.modified", "datemodified")

    def native_id(self) -> str | None:
        """The number in the address; of an old address, the one that the page shows."""
        if number := PLATFORM.native_id(self.url):
            return number
        shown = (text_of(node) for node in self.names.any_of((".docCode", "#docDiv3Code")))
        return next((str(int(found[0])) for text in shown if text and (found := NUMBER.search(text))), None)

    def meta_dates(self, names: Iterable[str]) -> list[str]:
        """The first of these names that says anything: `dc.date` repeats `dcterms.created` without its time."""
        return next((values for name in names if (values := self.meta.get(name))), [])


@attrs.define(kw_only=True)
class StudioKhabarListing(SkinnedListing):
    platform: ClassVar[str] = "studiokhabar"
    item_css: ClassVar[str] = ".docItem, .doc_item, .docList > li"
    date_css: ClassVar[str] = ".docDateList, .doc_date, .date, time"


PLATFORM = Platform(
    key="studiokhabar",
    page=StudioKhabarPage,
    listing=StudioKhabarListing,
    article_path=ARTICLE,
    listings=(),
    followed=re.compile(r"^/v(?!dc)[a-z]{2}[^/]*\.html$", re.IGNORECASE),
    marks=(
        Mark("generator", r"\bNews[ -]Studio\b", SURE),
        Mark("html", r"\bBehnegarsoft\b|\bnews-studio\.com\b", SURE),
        Mark("credit", r"\bBehnegarsoft\b|\bnews-?studio\b|استودیو ?خبر|به[ \u200c]?نگار", LIKELY),
        Mark("id", r"docDiv3\w+|docDivLead\w*|doctextarea|docDataRow|docContentdiv|doc_div1Img", SURE),
        Mark("link", r"^/images/docs/\d{6}/n\d{8}-", SURE),
        Mark("link", r"^/skins/default/[a-z]{2}/", LIKELY),
        Mark("link", r"^/pack/\?g=", LIKELY),
        Mark("link", r"^/(?:rss|v[a-z]{2})[^/]*\.-[^/]*--[^/]*\.(?:xml|html)$", LIKELY),
        Mark("link", r"^/[a-z]{2}/doc/(?:news|report|interview|note|video|photo)/\d+", SURE),
        Mark("class", r"docDiv3\w+", SURE),
        Mark(
            "class",
            r"doc_content|doc_date|doc-section-info|user-comment-(?:name|date|content|area)",
            LIKELY,
            different=2,
        ),
        Mark("html", r"\bname=\"dcterms\.created\b", HINT),
        Mark("link", r"^/(?:news|report|interview|note|video|photo)/\d+", HINT),
    ),
)
