"""WordPress, as Persian offices run it: any permalinks, often with a plug-in that writes Jalali dates."""

import re
from typing import ClassVar

import attrs

from spiders.listing import ListingPage
from spiders.page import NewsPage
from spiders.platforms.cms import Platform
from spiders.platforms.marks import LIKELY, SURE, Mark
from spiders.selection import select

ARTICLE = re.compile(
    r"^/\?p=(?P<id>\d+)$"  # a site without permalinks
    r"|^/(?!\?)(?!(?:page|category|tag|author|feed|comments|wp-[a-z]+)(?:/|\.|$))"
    r"(?!(?:1[34]|20)\d\d/\d\d?(?:/\d\d?)?/?$)(?!.*/(?:page/\d+|feed)/?$).+",
    re.IGNORECASE,
)
POST = re.compile(r"(?:\bpost(?:id)?-|[?&]p=)(\d+)\b")


@attrs.define(kw_only=True)
class WordPressPage(NewsPage):
    """One post of a WordPress site.

    Recognised by `/wp-content/`, `/wp-json/` and its generator. The number of a post stands in the class of its
    article (`post-123`), in the body's (`postid-123`) and in the short link (`?p=123`). Themes differ: kicker and lead
    are looked for under the names that Persian news themes give them. Date plug-ins rewrite what is visible to Jalali,
    and sometimes the metadata with it.
    """

    platform: ClassVar[str] = "wordpress"
    version: ClassVar[int] = 2

    article_css: ClassVar[str] = "article.post, article.type-post, article, .post"
    kicker_css: ClassVar[tuple[str, ...]] = (".rotitr", ".rutitr", ".entry-kicker", "article .kicker", ".uptitle")
    title_css: ClassVar[tuple[str, ...]] = ("h1.entry-title", ".entry-title", "h1")
    lead_css: ClassVar[tuple[str, ...]] = (".entry-excerpt", ".entry-header .lead", "article .lead", ".entry-summary")
    body_css: ClassVar[tuple[str, ...]] = (".entry-content", ".the-content", ".post-content")
    date_css: ClassVar[tuple[str, ...]] = (".entry-date", ".posted-on", "time.published")
    category_css: ClassVar[tuple[str, ...]] = (".cat-links a", "a[rel~=category]")
    tags_css: ClassVar[tuple[str, ...]] = (".tags-links a", "a[rel=tag]")
    image_css: ClassVar[tuple[str, ...]] = ("img.wp-post-image", ".post-thumbnail img")
    figure_css: ClassVar[tuple[str, ...]] = (".post-thumbnail figure", "figure.post-thumbnail")
    drop_css: ClassVar[str] = NewsPage.drop_css + ", .wp-block-file, .sharedaddy, [class*='yarpp']"

    def native_id(self) -> str | None:
        places = ("body", "class"), ("link[rel=shortlink]", "href"), (f":is({self.article_css})", "id")
        marks = (node.get(name, "") for css, name in places for node in select(self.tree, css))
        return next((found[1] for mark in marks if (found := POST.search(mark))), None)


@attrs.define(kw_only=True)
class WordPressListing(ListingPage):
    item_css: ClassVar[str] = "article, .post"
    link_css: ClassVar[str] = ".entry-title a, a[rel=bookmark], h2 a"
    date_css: ClassVar[str] = ".posted-on, .entry-date"
    next_css: ClassVar[str] = "a.next.page-numbers, a[rel=next], .nav-previous a"


PLATFORM = Platform(
    key="wordpress",
    page=WordPressPage,
    listing=WordPressListing,
    article_path=ARTICLE,
    query_keys=("p",),
    listings=("/",),
    feeds=("/feed/",),
    sitemaps=("/wp-sitemap.xml",),
    sitemap_path=re.compile(r"/wp-sitemap-posts-post-\d+\.xml$"),
    marks=(
        Mark("generator", r"^WordPress\b", SURE),
        Mark("Link", r"https://api\.w\.org/", SURE),
        Mark("link", r"/wp-(?:content|includes|json)/", SURE),
        Mark("X-Pingback", r"/xmlrpc\.php", LIKELY),
        Mark("html", r"\bclass=[\"'][^\"']*\b(?:wp-block-|wp-post-image|postid-\d|entry-content)", LIKELY),
    ),
)
