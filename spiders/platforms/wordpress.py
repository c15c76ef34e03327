"""WordPress, as Persian offices run it: any permalinks, often with a plug-in that writes Jalali dates."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

import attrs

from spiders.listing import JsonListing, Link
from spiders.platforms.cms import Platform
from spiders.platforms.marks import HINT, LIKELY, SURE, Mark
from spiders.platforms.skins import SkinnedListing, SkinnedPage

ARTICLE = re.compile(
    r"^/\?p=(?P<id>\d+)$"  # a site without permalinks
    r"|^/(?!\?)(?!(?:page|category|tag|author|feed|comments|wp-[a-z]+)(?:/|\.|$))"
    r"(?!(?:1[34]|20)\d\d/\d\d?(?:/\d\d?)?/?$)(?!.*/(?:page/\d+|feed)/?$).+",
    re.IGNORECASE,
)
POST = re.compile(r"(?:\bpost(?:id)?-|[?&]p=)(\d+)\b")
DIGITS = 9  # of a page's number
ALL_POSTS = "/wp-json/wp/v2/posts?per_page=100&page=1&_fields=id,link,date_gmt"


@attrs.define(kw_only=True)
class WordPressPage(SkinnedPage):
    """One post of a WordPress site.

    Recognised by `/wp-content/`, `/wp-json/` and its generator. The number of a post stands in the class of its
    article (`post-123`), in the body's (`postid-123`) and in the short link (`?p=123`). Sure of: these, the interface
    `/wp-json/wp/v2/posts`, feeds, `/wp-sitemap.xml` (or `/sitemap_index.xml` of two plug-ins), the classes of its own
    and of block themes. Other themes differ: kicker, lead and date are looked for under the names that Persian news
    themes give them, which is modelled. Date plug-ins rewrite what is visible to Jalali, and sometimes the metadata
    with it.
    """

    platform: ClassVar[str] = "wordpress"
    version: ClassVar[int] = 5
    names_body: ClassVar[bool] = True

    article_css: ClassVar[str] = "article.post, article.type-post, article, .type-post, .hentry, .post, .singlee2, main"
    kicker_css: ClassVar[tuple[str, ...]] = (
        ".rotitr",
        ".rutitr",
        ".entry-kicker",
        ".kicker",
        ".uptitle",
        ".post-kicker",
        ".roo-titr",
        ".ro-titr",
        ".up-title",
        ".toptitle",
    )
    modified_css: ClassVar[tuple[str, ...]] = ("time.updated",)
    title_css: ClassVar[tuple[str, ...]] = (
        "h1.entry-title",
        ".entry-title",
        "h1.wp-block-post-title",
        "h1.post-title",
        ".tdb-title-text",
        ".jeg_post_title",
        "h1",
        ".post-title",
    )
    lead_css: ClassVar[tuple[str, ...]] = (
        ".entry-excerpt",
        ".lead",
        ".entry-summary",
        ".wp-block-post-excerpt",
        ".post-excerpt",
        ".excerpt",
        ".post-lead",
        ".td-post-sub-title",
        ".jeg_post_subtitle",
    )
    body_css: ClassVar[tuple[str, ...]] = (
        ".entry-content",
        ".wp-block-post-content",
        ".the-content",
        ".post-content",
        ".td-post-content",
        ".elementor-widget-theme-post-content",
        ".content-inner",
        ".single-content",
        ".entry",
        "[itemprop=articleBody]",
    )
    date_css: ClassVar[tuple[str, ...]] = (
        "time.published",
        ".entry-date",
        ".posted-on time",
        ".posted-on",
        ".wp-block-post-date",
        ".post-date",
        ".jeg_meta_date",
        ".single-date",
        ".jdate",
        ".date",
        ".entry-meta time",
    )
    category_css: ClassVar[tuple[str, ...]] = (
        ".cat-links a",
        "a[rel=category]",
        ".taxonomy-category a",
        ".post-categories a",
        ".breadcrumb a",
    )
    tags_css: ClassVar[tuple[str, ...]] = (
        ".tags-links a",
        ".taxonomy-post_tag a",
        ".post-tags a",
        ".tagcloud a",
        ".tags a",
    )
    image_css: ClassVar[tuple[str, ...]] = (
        "img.wp-post-image",
        ".post-thumbnail img",
        ".wp-block-post-featured-image img",
    )
    figure_css: ClassVar[tuple[str, ...]] = (
        ".post-thumbnail figure",
        "figure.post-thumbnail",
        ".wp-block-post-featured-image",
        ".post-thumbnail",
    )
    drop_css: ClassVar[str] = (
        ".wp-block-file, .sharedaddy, .yarpp-related, .post-views, .tags-links, .post-tags,"
        " .cat-links, .jp-relatedposts, .addtoany_content, .code-block, .post-navigation, .kk-star-ratings,"
        " #toc_container, .entry-excerpt, .post-lead"
    )

    def native_id(self) -> str | None:
        if number := PLATFORM.native_id(self.url):
            return number
        places = [(node, "class") for node in self.tree.iter("body")]
        places += [(node, "href") for node in self.names.find("link[rel=shortlink]")]
        places += [(self.scope, "id"), (self.scope, "class")]
        marks = (node.get(name, "") for node, name in places)
        return next((found[1] for mark in marks if (found := POST.search(mark))), None)


@attrs.define(kw_only=True)
class WordPressListing(SkinnedListing):
    platform: ClassVar[str] = "wordpress"
    item_css: ClassVar[str] = "article, .post, .hentry, .type-post, li.wp-block-post, .td_module_wrap"
    link_css: ClassVar[str] = ".entry-title a, a[rel=bookmark], h2 a, h3 a, .post-title a, .wp-block-post-title a"
    date_css: ClassVar[str] = ".posted-on, .entry-date, .wp-block-post-date, .post-date"
    next_css: ClassVar[str] = (
        "a.next.page-numbers, a[rel=next], .nav-previous a, .wp-block-query-pagination-next, a.nextpostslink"
    )


@attrs.define(kw_only=True)
class WordPressPosts(JsonListing):
    """What the interface `/wp-json/wp/v2/posts` lists, a hundred posts a page, each with its instant in UTC."""

    def links(self) -> Iterator[Link]:
        for post in self.posts():
            link = post.get("link")
            if url := self.on_site(link if isinstance(link, str) else None):
                stated = post.get("date_gmt")
                moment = f"{stated}Z" if isinstance(stated, str) and stated else None
                yield Link(url=url, published=self.date(moment, "listing"))

    def next_urls(self) -> list[str]:
        """The next page, as long as the last one that the answer names is not reached."""
        parts = urlsplit(str(self.response.url))
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        page, last = asked.get("page", "1"), self.response.headers.get("X-WP-TotalPages") or "1"
        pages = [int(each) for each in (page, last) if each.isdecimal() and len(each) <= DIGITS]
        if not (self.posts() and len(pages) == 2 and pages[0] < pages[1]):  # noqa: PLR2004 - of those two
            return []
        return [parts._replace(query=urlencode({**asked, "page": int(page) + 1}, safe=",")).geturl()]

    def posts(self) -> list[dict[str, Any]]:
        told = self.value()
        return [post for post in told if isinstance(post, dict)] if isinstance(told, list) else []


PLATFORM = Platform(
    key="wordpress",
    page=WordPressPage,
    listing=WordPressListing,
    article_path=ARTICLE,
    query_keys=("p",),
    listings=("/",),
    feeds=("/feed/",),
    archives=((ALL_POSTS, WordPressPosts),),
    sitemaps=("/sitemap_index.xml", "/wp-sitemap.xml"),
    sitemap_path=re.compile(r"/wp-sitemap-posts-post-\d+\.xml$|/(?:post|news)-sitemap\d*\.xml$"),
    marks=(
        Mark("generator", r"^WordPress\b", SURE),
        Mark("Link", r"https://api\.w\.org/", SURE),
        Mark("html", r"^<link [^>]*\brel=\"https://api\.w\.org/", SURE),
        Mark("link", r"/wp-(?:content|includes|json|admin)/|/wp-(?:login|comments-post)\.php", SURE),
        Mark("X-Pingback", r"/xmlrpc\.php", SURE),
        Mark("link", r"/xmlrpc\.php", SURE),
        Mark("cookie", r"\bwordpress_|\bwp-settings-", SURE),
        Mark("class", r"wp-(?:block|image|caption|singular|theme|element)[\w-]*|wp-post-image|wp-custom-logo", LIKELY),
        Mark("class", r"postid-\d+|page-id-\d+|type-post|single-format-\w+|menu-item-object-\w+", LIKELY),
        Mark("class", "hentry|entry-(?:content|title|meta)", HINT),
        Mark("link", r"^/(?:comments/)?feed/$", HINT),
    ),
)
