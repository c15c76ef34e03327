"""Joomla, from 2.5 to 5, and its content extension K2: `/<menu>/<id>-<alias>` or `index.php?option=com_content…`."""

import re
from typing import ClassVar

import attrs

from spiders.page import text_of
from spiders.platforms.cms import Platform
from spiders.platforms.marks import HINT, LIKELY, SURE, Mark
from spiders.platforms.skins import KICKERS, NEWS_LISTS, SkinnedListing, SkinnedPage

ARTICLE = re.compile(
    r"^(?![^?]*\?(?:[^?]*&)?(?:tmpl|print|format|task|layout|start|limitstart)=)"  # printed, listed, edited
    r"(?!/(?:images|media|templates|administrator|modules|plugins|cache)/)"
    r"(?!.*/(?:component/(?!content/|k2/)|itemlist/|tags?/|category/\d))"
    r"(?:(?:[^?]*\?(?:(?:option=com_content&)?view=article&|(?:option=com_k2&)?view=item&)id="
    r"|[^?]*/component/(?:content/article|k2/item)/?\?id="
    r"|/(?:[^?]*/)?(?=\d+-[^/?]*[^\W\d_]))"  # "12-alias" is an article, "12-05" a day
    r"(?P<id>\d+)(?:[:-][^&/?]*)?"
    r"|/(?:index\.php/)?(?!index\.php/|component/)[^/?]+/(?:[^/?]+/)*[^/?.-]+(?:-[^/?.-]+){3,}(?:\.html)?)$",
    re.IGNORECASE,
)


@attrs.define(kw_only=True)
class JoomlaPage(SkinnedPage):
    """One article of a Joomla site, by its own templates or by K2.

    Recognised by its generator, `/media/jui/`, `/media/system/js/`, `option=com_content` and `.item-page`. Sure of
    (public fingerprints and one public configuration): `.item-page`, `[itemprop=articleBody]`, `h2[itemprop=headline]`,
    `time[datetime]`, `[itemprop=genre]`, `.itemFullText`, `?start=`, `?format=feed`. From Joomla's and K2's own default
    templates: `.com-content-article__body` (4 and 5, without microdata), `.article-info`, `.item*` of K2. Kicker and
    lead are fields that Joomla has not: looked for under the names that Persian skins give them.

    `datetime` is UTC, the text beside it local. The lead often stands within the body's element. The heading of a menu
    entry may be an `h1` above the title. Addresses may be without numbers (Joomla 4 on): those are taken for an
    article's only if their last part has four words or more.
    """

    platform: ClassVar[str] = "joomla"
    version: ClassVar[int] = 3

    article_css: ClassVar[str] = ".item-page, .itemView"
    drop_css: ClassVar[str] = ".article-info, .itemToolbar, .pagenav, .moduletable"
    kicker_css: ClassVar[tuple[str, ...]] = KICKERS
    title_css: ClassVar[tuple[str, ...]] = (
        "[itemprop=headline]",
        ".itemTitle",
        ".item-page .page-header h2",
        ".item-page h2.item-title",
        ".item-page .article-title",
        ".item-page .page-header h1",
        ".item-page h2 a",
        ".item-page h1",
        ".item-page h2",
        ".contentheading",
    )
    lead_css: ClassVar[tuple[str, ...]] = (".lead", ".article-intro", ".introtext", ".intro-text", ".item-page .intro")
    body_css: ClassVar[tuple[str, ...]] = (
        ".itemFullText",
        ".itemIntroText",
        "[itemprop=articleBody]",
        ".com-content-article__body",
        ".item-page .article-body",
        ".item-page .article-content",
    )
    date_css: ClassVar[tuple[str, ...]] = (
        "time[itemprop=datePublished]",
        ".itemDateCreated",
        ".article-info .published",
        ".published",
        ".article-info .create",
        ".createdate",
        ".article-info time",
        ".item-page time",
    )
    modified_css: ClassVar[tuple[str, ...]] = (
        "time[itemprop=dateModified]",
        ".article-info .modified",
        ".itemDateModified",
    )
    category_css: ClassVar[tuple[str, ...]] = (
        "[itemprop=genre]",
        ".category-name a",
        ".category-name span",
        ".itemCategory a",
    )
    tags_css: ClassVar[tuple[str, ...]] = ("ul.tags a", ".com-content-article__tags a", ".itemTags a", ".tags a")
    image_css: ClassVar[tuple[str, ...]] = (
        ".item-image img",
        "img[itemprop=image]",
        ".com-content-article__image img",
        ".itemImage img",
        ".img-fulltext img",
    )
    figure_css: ClassVar[tuple[str, ...]] = ("figure.item-image",)

    def lead(self) -> str | None:
        """The lead; where K2 parts the text in two, its introduction."""
        parted = bool(self.names.find(".itemFullText"))
        return self.text("lead") or (self._introduction() if parted else None) or super().lead()

    def _introduction(self) -> str | None:
        nodes = self.names.find(".itemIntroText")
        return next((text for node in nodes if (text := text_of(node))), None)


@attrs.define(kw_only=True)
class JoomlaListing(SkinnedListing):
    """A category as a blog or a table, the front page, a list of K2: `?start=<n>`."""

    platform: ClassVar[str] = "joomla"
    item_css: ClassVar[str] = (
        ".blog-item, [itemprop=blogPost], .items-row .item, .items-leading > div, .blog-featured .item,"
        " .category-list tr, .itemContainer, .cat-list-row0, .cat-list-row1"
    )
    date_css: ClassVar[str] = ".published, .create, .list-date, .catItemDateCreated"
    next_css: ClassVar[str] = (
        "a[rel=next], .pagination-next a, a.pagination-next,"
        " .k2Pagination a[title*='بعد'], a[title='بعدی'], a[title=Next]"
    )


PLATFORM = Platform(
    key="joomla",
    page=JoomlaPage,
    listing=JoomlaListing,
    article_path=ARTICLE,
    query_keys=("option", "view", "id", "tmpl", "print", "format", "task", "layout", "start", "limitstart"),
    listings=(),
    followed=NEWS_LISTS,
    feeds=("?format=feed&type=rss",),
    marks=(
        Mark("generator", r"^\s*Joomla\b", SURE),
        Mark("X-Content-Encoded-By", r"Joomla", SURE),
        Mark("link", r"[?&]option=com_[a-z0-9]+", SURE),
        Mark(
            "link",
            r"/media/(?:jui|com_(?:content|finder)|vendor/joomla)|/media/system/(?:js|css)/|/components/com_",
            SURE,
        ),
        Mark(
            "link",
            r"^/(?:[a-z]{2}/)?(?:index\.php/)?component/(?:content|tags|users|search|banners|finder|k2)(?:/|$)",
            LIKELY,
        ),
        Mark("link", r"[?&]format=feed\b", LIKELY),
        Mark(
            "html",
            r"joomla-script-options|\bJoomla\.(?:JText|submit|Text|options)|/k2\.(?:css|js)",
            SURE,
        ),
        Mark("id", "k2Container", SURE),
        Mark("class", r"com-content-\w+|com_content", SURE),
        Mark("class", "item-page|itemFullText", LIKELY),
        Mark("class", "blog-featured|items-leading|article-info", HINT),
        Mark("link", r"^/templates/[^/]+/(?:css|js|images)/|^/index\.php/", HINT),
    ),
)
