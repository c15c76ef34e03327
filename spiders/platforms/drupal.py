"""Drupal, 7 to 11: `/node/<id>` or an address of the office's choice."""

import re
from functools import cached_property
from typing import ClassVar

import attrs
from lxml.html import HtmlElement

from spiders.extraction.furniture import Role, role_of
from spiders.images import addresses_of_image
from spiders.platforms.cms import Platform
from spiders.platforms.marks import HINT, LIKELY, SURE, Mark
from spiders.platforms.skins import KICKERS, NEWS_LISTS, SkinnedListing, SkinnedPage

LANGUAGE = r"(?:(?:index\.php|fa|fa-ir|en|ar)/)?"
ARTICLE = re.compile(
    rf"^/{LANGUAGE}(?:\?q=)?node/(?P<id>\d+)/?$"
    rf"|^/{LANGUAGE}(?!(?:index\.php|fa|en|ar|node|user|users|admin|taxonomy|tags?|search|comment|sites|core|modules|themes"
    r"|profiles|libraries|misc|print|printpdf|printmail|filter|category|categories|aggregator|rss|feed|file|media|contact"
    r"|archive|archives|views|system|batch|calendar|blog|blogs)(?:/|$))"
    r"[^/?]+/(?!(?:feed|rss|archive|page|all|\d{1,4})/?$)[^?]*[^/?]/?$(?<!\.xml)(?<!\.pdf)(?<!\.jpg)(?<!\.png)",
    re.IGNORECASE,
)
NUMBER = re.compile(r"(?:^|[\s/])(?:page-)?node[-/](\d+)(?:$|\s)")
FIELDS = (Role.KICKER, Role.LEAD, Role.DATE, Role.TAGS)
FIELD = re.compile(r"field-{1,2}name-{1,2}(?:field-)?(.+)")


@attrs.define(kw_only=True)
class DrupalPage(SkinnedPage):
    """One node of a Drupal site.

    Recognised by its generator, the X-Generator and X-Drupal-* headers, `/sites/default/files/`, `data-drupal-*` and
    `Drupal.settings`. Sure of: the marks, `article`, `.rutitr` or `.title-top`, `h1` or `.title`, `.lead`, `.body`,
    `.date-display-single` or `.created`, the breadcrumb (public configurations of two sites). From Drupal's own
    default templates: `.field-name-<field>` with `.field-item` (7), `.field--name-<field>` with `.field__item` (8 on),
    `#page-title`, `.node__content`, `data-history-node-id`. What an office calls its fields is its own affair: a field
    is taken for kicker, lead, tags or image by the words of its name.
    """

    platform: ClassVar[str] = "drupal"
    version: ClassVar[int] = 3
    is_complete: ClassVar[bool] = False

    article_css: ClassVar[str] = "article.node, .node-article, .node-news, .page-node-type-article article, .node"
    kicker_css: ClassVar[tuple[str, ...]] = KICKERS
    title_css: ClassVar[tuple[str, ...]] = (
        "h1.page-title",
        "h1#page-title",
        "h1.page-header",
        "h1.title",
        "article h1",
        "h1.node-title",
        ".field--name-title",
        "#page-title",
        ".node h2.title",
        "h1",
    )
    lead_css: ClassVar[tuple[str, ...]] = (".lead",)
    body_css: ClassVar[tuple[str, ...]] = (
        ".field--name-body .field__item",
        ".field-name-body .field-item",
        ".field--name-body",
        ".field-name-body",
        ".field-type-text-with-summary .field-item",
        "[property=content:encoded]",
        "article .body",
        ".node .body",
    )
    date_css: ClassVar[tuple[str, ...]] = (
        ".field--name-created",
        ".date-display-single",
        ".created",
        ".node__submitted",
        ".node__meta",
        ".submitted",
    )
    category_css: ClassVar[tuple[str, ...]] = (".category-breadcrumb a", ".breadcrumb a")
    image_css: ClassVar[tuple[str, ...]] = (".field--name-field-image img", ".field-name-field-image img")

    def native_id(self) -> str | None:
        """The node's number, which the page bears even where its address does not."""
        number = PLATFORM.native_id(self.url)
        return number or next((found[1] for mark in self._numbered() if (found := NUMBER.search(mark))), None)

    def _numbered(self) -> list[str]:
        links = (node for node in self.names.find("link") if "shortlink" in (node.get("rel") or "").lower())
        short = [node.get("href", "") for node in links]
        around = [self.scope, *self.scope.iterancestors()]
        stated = [f"node-{number}" for node in around if (number := node.get("data-history-node-id"))]
        bodies = [node.get("class", "") for node in self.names.find("body")]
        return [*short, *stated, *bodies, *(node.get("id", "") for node in around)]

    def called(self, role: int) -> list[HtmlElement]:
        """The fields whose names state a role, before anything else that is called so."""
        fields = self._fields.get(role, [])
        return (fields if role == Role.TAGS else [_item(field) for field in fields]) or super().called(role)

    def image(self) -> str | None:
        named = (node for name, node in self._named_fields if "image" in name or "picture" in name)
        pictures = (link for node in named for each in node.iter("img") for link in addresses_of_image(each))
        return next((address for link in pictures if (address := self.absolute(link))), None) or super().image()

    @cached_property
    def _named_fields(self) -> list[tuple[str, HtmlElement]]:
        """The fields of the node with what the office calls them."""
        nodes = (node for mark, nodes in self.names.marked.items() if mark.startswith(".fieldname") for node in nodes)
        named = []
        for node in nodes:
            found = (FIELD.fullmatch(name) for name in (node.get("class") or "").lower().split())
            name = next((each[1] for each in found if each), None)
            if name and name not in ("body", "title") and not self._is_elsewhere(node):
                named.append((name, node))
        return named

    @cached_property
    def _fields(self) -> dict[int, list[HtmlElement]]:
        fields: dict[int, list[HtmlElement]] = {}
        for name, node in self._named_fields:
            stated = role_of("div", name, None, None)
            for role in FIELDS:
                if stated & role:
                    fields.setdefault(role, []).append(node)
        return fields


def _item(field: HtmlElement) -> HtmlElement:
    """A field's value, without the label that may stand before it."""
    items = (node for node in field.iter() if {"field-item", "field__item"} & set((node.get("class") or "").split()))
    return next(items, field)


@attrs.define(kw_only=True)
class DrupalListing(SkinnedListing):
    """A view, a term's page or the front page: `?page=<n>`, from 0."""

    platform: ClassVar[str] = "drupal"
    loose: ClassVar[bool] = True
    item_css: ClassVar[str] = ".views-row, .node-teaser, .node--view-mode-teaser, article.node"
    date_css: ClassVar[str] = (
        ".date-display-single, .created, .submitted, .field--name-created, .views-field-created .field-content"
    )
    next_css: ClassVar[str] = ".pager-next a, .pager__item--next a, a[rel=next]"


PLATFORM = Platform(
    key="drupal",
    page=DrupalPage,
    listing=DrupalListing,
    article_path=ARTICLE,
    query_keys=("q",),
    listings=(),
    followed=NEWS_LISTS,
    feeds=("/rss.xml",),
    sitemaps=("/sitemap.xml",),
    marks=(
        Mark("generator", r"^\s*Drupal\b", SURE),
        Mark("X-Generator", r"Drupal", SURE),
        Mark("X-Drupal-Cache", r".*", SURE),
        Mark("X-Drupal-Dynamic-Cache", r".*", SURE),
        Mark("link", r"/sites/(?:default|all|[a-z0-9.-]+\.[a-z]{2,})/(?:files|themes|modules)/", SURE),
        Mark(
            "html",
            r"data-drupal-(?:selector|link-system-path|messages)|drupal-settings-json|\bDrupal\.(?:settings|behaviors)\b",
            SURE,
        ),
        Mark(
            "html",
            r"\bdata-history-node-id=",
            SURE,
        ),
        Mark("class", r"page-node-type-[a-z][\w-]*|node--(?:type|view-mode)-[\w-]+|field--name-[\w-]+", SURE),
        Mark("class", r"field-name-(?:body|title|field)[\w-]*|node-type-[\w-]+|page-node-\d*", LIKELY),
        Mark("link", r"^/(?:core|modules|themes)/(?:misc|assets|contrib|custom|modules)/|^/misc/drupal\.js", LIKELY),
        Mark("class", "date-display-single|views-row|region-content|block-system-main|field-item", LIKELY),
        Mark("Expires", r"^Sun, 19 Nov 1978", LIKELY),
        Mark("link", r"^/(?:[a-z]{2}/)?node/\d+$", HINT),
    ),
)
