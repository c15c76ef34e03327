"""What a page states of its article for other software: JSON-LD, Open Graph, Dublin Core, microdata."""

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from lxml.html import HtmlElement

from persian.markup import text_in
from persian.text import display

_ARTICLES: Final = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle BlogPosting Report PressRelease SocialMediaPosting"  # noqa: SIM905 - words are read as words
    " TechArticle OpinionNewsArticle BackgroundNewsArticle LiveBlogPosting".split()
)
_PUBLISHED: Final = (
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "publish-date",
    "publish_date",
    "publishdate",
    "pubdate",
    "article.published",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dcterms.date",
    "dc.date",
)
_MODIFIED: Final = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified")
_TITLES: Final = ("og:title", "twitter:title", "dc.title", "dcterms.title")
_DESCRIPTIONS: Final = ("og:description", "description", "twitter:description", "dc.description")
_TRAILING = re.compile(r",(?=\s*[}\]])")
_CONTROLS = re.compile(r"[\x00-\x1f]+")
_DEEPEST: Final = 12
LONGEST: Final = 500  # letters of a title, which is taken apart at each of its separators, a date or a section
TITLES: Final = 20  # that are compared with the lines of a page, each with each


@dataclass(slots=True)
class Stated:
    """What the metadata says, best first; a page says most of it several times, or not at all."""

    titles: list[str] = field(default_factory=list)
    page_title: str = ""
    site_name: str | None = None
    descriptions: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    modified: list[str] = field(default_factory=list)
    body: str | None = None
    images: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    section: str | None = None
    kinds: set[str] = field(default_factory=set)

    @property
    def says_article(self) -> bool:
        return "article" in self.kinds


def read_stated(root: HtmlElement) -> Stated:
    """Everything that the head and the scripts state; damaged JSON is mended where its fault is a known one."""
    stated = Stated()
    title = next(root.iter("title"), None)
    stated.page_title = display(text_in(title)[:LONGEST]) if title is not None else ""
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            for node in _nodes(_loaded(script.text or "")):
                _take_node(stated, node)
    _take_metas(stated, _metas(root))
    return stated


def _metas(root: HtmlElement) -> dict[str, list[str]]:
    """The contents of <meta> by name, lower case; those within an item of microdata belong to that."""
    found: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name")
        content = (meta.get("content") or "").strip()
        if name and content:
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _take_metas(stated: Stated, metas: dict[str, list[str]]) -> None:
    def each(names: tuple[str, ...]) -> list[str]:
        return [value for name in names for value in metas.get(name, ())]

    stated.titles += filter(None, (display(title[:LONGEST]) for title in each(_TITLES)))
    stated.descriptions += filter(None, map(display, each(_DESCRIPTIONS)))
    stated.published += each(_PUBLISHED)
    stated.modified += each(_MODIFIED)
    stated.images += each(("og:image", "og:image:url", "twitter:image", "twitter:image:src"))
    stated.tags += filter(None, map(display, metas.get("article:tag", ())))
    stated.section = stated.section or next(filter(None, map(display, metas.get("article:section", ()))), None)
    stated.site_name = stated.site_name or next(
        filter(None, map(display, each(("og:site_name", "application-name")))), None
    )
    if any(kind.lower() in {"article", "news", "og:article"} for kind in metas.get("og:type", ())):
        stated.kinds.add("article")


def _take_node(stated: Stated, node: dict[str, Any]) -> None:
    kinds = node.get("@type")
    names = {str(kind).rpartition("/")[2] for kind in (kinds if isinstance(kinds, list) else [kinds])}
    if "WebSite" in names or "Organization" in names:
        stated.site_name = stated.site_name or _text(node.get("name"))
    if not names & _ARTICLES:
        return
    stated.kinds.add("article")
    stated.titles += (title[:LONGEST] for key in ("headline", "name") if (title := _text(node.get(key))))
    stated.descriptions += filter(None, (_text(node.get("description")),))
    stated.published += filter(None, (_text(node.get("datePublished")), _text(node.get("dateCreated"))))
    stated.modified += filter(None, (_text(node.get("dateModified")),))
    body = node.get("articleBody")
    stated.body = stated.body or (body if isinstance(body, str) else None)
    images = node.get("image")
    for image in images if isinstance(images, list) else [images]:
        address = image.get("url") if isinstance(image, dict) else image
        if isinstance(address, str) and address:
            stated.images.append(address)
    words = node.get("keywords")
    parts = words if isinstance(words, list) else re.split("[,،;؛]", words) if isinstance(words, str) else []
    stated.tags += filter(None, (display(word) for word in parts if isinstance(word, str)))
    stated.section = stated.section or _text(node.get("articleSection"))


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return display(value) or None if isinstance(value, str) else None


def _loaded(script: str) -> Any:
    text = script.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    for mended in (text, _TRAILING.sub("", _CONTROLS.sub(" ", text))):
        try:
            return json.loads(mended, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object that a document holds on its own: in arrays, in `@graph`, as the `mainEntity` of a page."""
    waiting = deque([(value, 0)])
    while waiting:
        each, depth = waiting.popleft()
        if depth > _DEEPEST:
            continue
        if isinstance(each, list):
            waiting += ((inner, depth + 1) for inner in each)
        elif isinstance(each, dict):
            yield each
            waiting += ((each[key], depth + 1) for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in each)
