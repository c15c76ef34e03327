"""What is the same about every office of one CMS."""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import attrs
from lxml.html import HtmlElement
from parsel import Selector
from web_poet import HttpResponse

from archive import Article, Attachment
from persian.dates import TEHRAN, Published
from persian.text import display
from sources import Source
from spiders.body import Body
from spiders.errors import NotAnArticle
from spiders.extraction.furniture import Role, label_of
from spiders.listing import FeedListing, Link, Listing, ListingPage, SitemapListing
from spiders.page import NewsPage, media_type, text_of
from spiders.platforms.marks import Mark, Shown
from spiders.selection import select

Entrance = tuple[str, type[Listing]]
Dated = Callable[[date, date], tuple[str, ...]]
"""The paths of the lists of what was published from one day to another, both included."""

DIGIT = re.compile(r"\d")
FEED = re.compile(r"application/(?:rss|atom)\+xml", re.IGNORECASE)
FRONT = frozenset({"خانه", "صفحه اصلی", "صفحه نخست", "صفحهٔ نخست", "home"})
CODE = re.compile(r"[/*\s]*(?:\d{2,6}[\s/*]+)*\d{3,6}[/*\s]*")
LABELS = Role.RELATED | Role.TAGS | Role.SHARE | Role.COMMENTS


def classes(*names: str) -> str:
    """The pattern of a `Mark` for markup in which an element has one of these classes, however it is quoted."""
    return rf"\bclass\s*=\s*(?:[\"'](?:[^\"'>]*[\s])?)?(?:{'|'.join(names)})(?![\w-])"


def ids(*names: str) -> str:
    """The same for an element that has one of these ids."""
    return rf"\bid\s*=\s*[\"']?(?:{'|'.join(names)})(?![\w-])"


def path_of(url: str, query_keys: tuple[str, ...] = ()) -> str:
    """The unquoted path of an address, in which a slash that a slug holds quoted stays quoted, and what it asks."""
    parts = urlsplit(url)
    path = unquote(re.sub("%2f", "%252F", parts.path, flags=re.IGNORECASE)) if "%" in parts.path else parts.path
    if not (query_keys and parts.query):
        return path
    values = {name.lower(): value for name, value in parse_qsl(parts.query)}
    asked = "&".join(f"{key}={values[key]}" for key in query_keys if key in values)
    return f"{path}?{asked}" if asked else path


@lru_cache(maxsize=4096)
def alternatives(css: str) -> tuple[tuple[str, frozenset[str], tuple[str, ...]], ...]:
    """The alternatives of a selector, each with the classes and ids, and the parts of such, without which it matches
    nothing.
    """
    if "(" in css:
        return ((css, frozenset(), ()),)
    found = []
    for each in css.split(", "):
        plain = re.sub(r"\[[^\]]*\]", "", each)
        parts = re.findall(r"\[class\*='([^']*)'\]", each)
        found.append((each, frozenset(re.findall(r"[.#]([\w-]+)", plain)), tuple(parts)))
    return tuple(found)


@attrs.define(kw_only=True)
class CmsPage(NewsPage):
    """A page of a CMS whose themes differ: its parts are looked for around the body, not all over the page.

    The body comes first; title, kicker and lead are those nearest to it, for the lists beside an article bear the same
    classes. `article_css` names what may hold the article whole. `caption_css` is what says something of an image,
    inside the body or the lead image's `figure_css`; `short_css` what holds the article's short address.
    """

    caption_css: ClassVar[str] = ".image_caption, .wp-caption-text, .caption"
    short_css: ClassVar[str] = ""

    @cached_property
    def names(self) -> frozenset[str]:
        """All classes and ids of the page: a selector that needs another one is not run."""
        values: Any = self.tree.xpath("//@class | //@id")
        return frozenset(" ".join(values).split())

    @cached_property
    def all_names(self) -> str:
        return " ".join(self.names)

    @cached_property
    def body_node(self) -> HtmlElement | None:
        """The element of the text: of several that the best selector finds, the longest."""
        nodes = next((nodes for css in self.css_of("body") if (nodes := self.select(self.tree, css))), [])
        return max(nodes, key=lambda node: len(node.text_content())) if len(nodes) > 1 else next(iter(nodes), None)

    @cached_property
    def scope(self) -> HtmlElement:
        """What holds the article: the nearest element around body and title that `article_css` names, or that is."""
        if self.body_node is None:
            return self.tree
        around = [self.body_node, *self.body_node.iterancestors()]
        with_title = (place for place, node in enumerate(around) if self._holds(node, self.title_css))
        nearest = next(with_title, len(around) - 1)  # from the inside: small elements are quickly searched
        holders = set(self.select(self.tree, self.article_css))
        return next((node for node in around[nearest:] if node in holders), around[nearest])

    def _holds(self, within: HtmlElement, selectors: tuple[str, ...]) -> bool:
        return any(self.select(within, css) for css in selectors)

    def select(self, within: HtmlElement, css: str) -> list[HtmlElement]:
        """As `spiders.selection.select`, without asking for what needs a class or an id that the page has not."""
        possible = self.possible(css)
        return select(within, possible) if possible else []

    def possible(self, css: str) -> str:
        """Those alternatives of a selector that the page's classes and ids do not rule out."""
        return ", ".join(
            each
            for each, names, parts in alternatives(css)
            if names <= self.names and all(part in self.all_names for part in parts)
        )

    @cached_property
    def headline(self) -> str | None:
        return self.text("title")

    def title(self) -> str | None:
        return self.headline

    def found(self, part: str) -> list[HtmlElement]:
        if part == "body" and not self.source.selectors.body:
            return [] if self.body_node is None else [self.body_node]
        if getattr(self.source.selectors, part, None):
            return NewsPage.found(self, part)
        places = (self.scope,) if part in ("kicker", "lead", "image", "figure") else (self.scope, self.tree)
        found = (nodes for place in places for css in self.css_of(part) if (nodes := self.select(place, css)))
        return next(found, [])

    def text(self, part: str) -> str | None:
        """The text of a part: of the first element by the best selector that has any and is not behind the body."""
        if getattr(self.source.selectors, part, None):
            return NewsPage.text(self, part)
        nodes = (node for css in self.css_of(part) for node in self.select(self.scope, css))
        return next((text for node in nodes if not self._is_behind(node) and (text := text_of(node))), None)

    def category(self) -> str | None:
        """The last step of the path to the article that is neither the front page nor the article itself."""
        if found := [text for node in self.found("category") if (text := text_of(node)) and text.lower() not in FRONT]:
            return found[-1] if found[-1] != self.headline else next(iter(found[-2:-1]), None)
        return next((display(section) for section in self.meta.get("article:section", ())), None)

    def tags(self) -> tuple[str, ...]:
        if self.source.selectors.tags:
            return NewsPage.tags(self)
        texts = (text.strip("#،, ") for node in self.found("tags") if (text := text_of(node)))
        return tuple(dict.fromkeys(text for text in texts if text and not label_of(text) & Role.TAGS))

    def visible_dates(self) -> list[str]:
        if self.source.selectors.date:
            return NewsPage.visible_dates(self)
        for place in (self.scope, self.tree):
            for css in self.date_css:
                texts = [node.text_content().strip() for node in self.select(place, css)]
                if texts := [text for text in texts if DIGIT.search(text)]:
                    return texts
        return []

    def attachments(self) -> Iterator[Attachment]:
        seen = set()
        for link in self.scope.iter("a"):
            kind = media_type(link.get("href", ""))
            address = self.absolute(link.get("href")) if kind else None
            if kind and address and address not in seen:
                seen.add(address)
                yield Attachment(url=address, type=kind, title=text_of(link))

    def aliases(self) -> tuple[str, ...]:
        """Canonical and short link, and the short address that the page offers to copy."""
        found = NewsPage.aliases(self)
        nodes = self.select(self.tree, self.short_css) if self.short_css else []
        values = (node.get("value") or node.get("href") or node.text_content() for node in nodes)
        links = (self.absolute(value.strip()) for value in values)
        host = urlsplit(self.url).hostname
        short = (link for link in links if link and urlsplit(link).hostname == host and link != self.url)
        return tuple(dict.fromkeys((*found, *short)))

    def body(self, lead: str | None) -> Body | None:
        """The body without furniture, told by its markup or its words; the staff's code ends the trailer."""
        node = next(iter(self.found("body")), None)
        if node is None:
            return None
        body = Body.of(node)
        if css := ", ".join(filter(None, (self.possible(self.drop_css), self.source.selectors.drop))):
            body.drop(css)
        self.mark_captions(body.element)
        drop_labelled(body.element)
        body.drop_ending()
        if body.trailer is None and (code := cut_code(body.element)):
            body.drop_ending()  # which may stand before the code
            body.trailer = f"{body.trailer or ''} {code}".strip()
        if lead:
            body.drop_lead(lead)
        return body

    def lead_figure(self) -> str:
        for node in self.found("figure"):
            in_body = any(outer is self.body_node for outer in (node, *node.iterancestors()))
            if not in_body and (node.tag == "figure" or self.select(node, f"figcaption, {self.caption_css}")):
                figure = deepcopy(node)
                figure.tail = None
                self.mark_captions(figure)
                figure.tag = "figure"
                if any(text_of(caption) for caption in figure.iter("figcaption")):
                    return Body.of(figure).markup(self.resolved, whole=True)
        return ""

    def mark_captions(self, element: HtmlElement) -> None:
        """Make what `caption_css` names a <figcaption>, and what holds nothing but it and its image a <figure>."""
        for caption in self.select(element, self.caption_css):
            holder = caption.getparent()
            if caption is element or caption.tag in ("figcaption", "figure") or holder is None:
                continue
            if next(caption.iter("img"), None) is not None:  # a box of that name, around image and text
                continue
            caption.tag = "figcaption"
            alone = holder.text_content().strip() == caption.text_content().strip()
            if holder is not element and alone and next(holder.iter("img"), None) is not None:
                holder.tag = "figure"

    def _is_behind(self, node: HtmlElement) -> bool:
        """Whether an element comes after the body: then it is of something else."""
        if self.body_node is None:
            return False
        body = [self.body_node, *self.body_node.iterancestors()]
        inner = node
        for outer in (node, *node.iterancestors()):
            if outer in body:
                place = body.index(outer)
                return place > 0 and outer is not node and outer.index(inner) > outer.index(body[place - 1])
            inner = outer
        return False


def drop_labelled(element: HtmlElement) -> None:
    """Take out the links under a label that announces no text: «بیشتر بخوانید», «اخبار مرتبط», «برچسب‌ها»."""
    if next(element.iter("a"), None) is None:
        return
    for node in list(element.iterdescendants()):
        if not isinstance(node.tag, str) or node.getparent() is None or node.tag == "a":
            continue
        if next(node.iter("a"), None) is not None:
            if label_of(display(_unlinked(node))) & LABELS:
                node.drop_tree()
        elif label_of(display(node.text_content())) & LABELS and not (node.tail or "").strip(" :\n\r\t\u00a0"):
            _drop_links_after(node, itself=True)
        tail = node.tail or ""
        if node.getparent() is not None and label_of(display(tail)) & LABELS:
            node.tail = ""
            if not _drop_links_after(node, itself=False):
                node.tail = tail


def _drop_links_after(node: HtmlElement, *, itself: bool) -> bool:
    """Drop the siblings behind an element that hold nothing but links, and with them the element `itself`."""
    behind = []
    for sibling in node.itersiblings():
        linked = sibling.tag == "a" or next(sibling.iter("a"), None) is not None
        said = "" if sibling.tag == "a" else _unlinked(sibling)
        if re.search(r"\w", said) or not (linked or sibling.tag == "br" or not sibling.text_content().strip()):
            break
        behind.append((sibling, linked))
        if re.search(r"\w", sibling.tail or ""):
            break
    if not any(linked for _, linked in behind):
        return False
    for sibling, _ in behind:
        sibling.drop_tree()
    if itself:
        node.drop_tree()
    return True


def _unlinked(node: HtmlElement) -> str:
    """What an element says beside its links."""
    texts: Any = node.xpath(".//text()[not(ancestor::a)]")
    return " ".join(texts)


def cut_code(element: HtmlElement) -> str | None:
    """Take the staff's code off the end, where it stands in a line of its own: «۷۳۸۷/۶۰۲۱»."""
    texts: Any = element.xpath("(.//text()[normalize-space()])[last()]")
    if not texts or not CODE.fullmatch(texts[0]) or not re.search(r"\d{3,}\s*[/*]|[/*]\s*\d{3,}", texts[0]):
        return None
    holder = texts[0].getparent()
    if not texts[0].is_tail and holder is not element and holder.tag not in ("p", "div", "span", "br"):
        return None
    setattr(holder, "tail" if texts[0].is_tail else "text", "")
    return display(texts[0])


@attrs.define(kw_only=True)
class CmsListing(ListingPage):
    """A list of a CMS whose themes differ: of every entry the links to articles, each with the entry's date.

    Where a theme has no entries of the known shape, every link of the page to an article is given, without a date.
    """

    article: ClassVar[re.Pattern[str]]
    query_keys: ClassVar[tuple[str, ...]] = ()
    date_css: ClassVar[str] = "time"
    next_css: ClassVar[str] = (
        "a[rel~=next], .next a, a.next, .active + li a, .current + a, .active + a, .current + li a"
    )

    def links(self) -> Iterator[Link]:
        if self.source.selectors.listing:
            yield from ListingPage.links(self)
            return
        seen = set()
        for item in self.response.css(self.item_css):
            fresh = [url for url in self.addresses(item) if url not in seen]
            if fresh:
                seen.update(fresh)
                published = self.listed_date(item)
                yield from (Link(url=url, published=published) for url in fresh)
        if not seen:
            yield from (Link(url=url) for url in self.addresses(self.response.selector))

    def addresses(self, part: Selector) -> list[str]:
        """The addresses of articles that a part of the page leads to, each once."""
        links = (self.on_site(link) for link in part.xpath(".//a/@href").getall())
        return list(dict.fromkeys(url for url in links if url and self.article.search(path_of(url, self.query_keys))))

    def listed_date(self, item: Selector) -> Published | None:
        """The date of an entry: the exact one of its <time>, else what readers see there or over its link."""
        exact = item.css("time::attr(datetime)").getall()
        seen = ["".join(node.css("::text").getall()).strip() for node in item.css(self.date_css)]
        titles = item.css("a::attr(title)").getall()
        read = (self.date(text, "listing") for text in (*exact, *seen, *titles) if DIGIT.search(text))
        return next((published for published in read if published), None)


@dataclass(frozen=True, kw_only=True)
class Platform:
    """A CMS: its classes, where it lists releases, how an article's address looks, and what gives it away.

    `page` reads today's layout, `older` layouts that offices have left behind, newest first.
    `article_path` is searched in the unquoted path of a link, with those parts of its query that `query_keys` name
    ("/?p=12"), in their order; its group `id`, if it has one, is the CMS's number.
    `listings`, `feeds` and `sitemaps` are paths on the office's host, `archives` paths of other lists that hold
    everything; `sitemap_path` picks the parts of a sitemap index that hold articles. `followed` is searched in the
    paths of the front page's links, for lists that have no address of their own in this CMS; `dated` gives the lists
    of some days. `marks` are what gives the CMS away.
    """

    key: str
    page: type[NewsPage]
    older: tuple[type[NewsPage], ...] = ()
    listing: type[ListingPage]
    article_path: re.Pattern[str]
    query_keys: tuple[str, ...] = ()
    listings: tuple[str, ...]
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sitemap_path: re.Pattern[str] = re.compile("")
    sitemap_listing: type[SitemapListing] = SitemapListing
    archives: tuple[Entrance, ...] = ()
    followed: re.Pattern[str] | None = None
    dated: Dated | None = None
    marks: tuple[Mark, ...] = ()

    def native_id(self, url: str) -> str | None:
        """The CMS's number in an article's address, where it stands there."""
        found = self.article_path.search(self._path(url))
        return found.groupdict().get("id") if found else None

    def is_article(self, url: str) -> bool:
        return bool(self.article_path.search(self._path(url)))

    def read(self, response: HttpResponse, **known: Any) -> Article:
        """The record of a page by the first layout that finds an article in it; `known` is what its class takes.

        Raises `PageError`; of several layouts, what the newest one said.
        """
        refusals = []
        for layout in (self.page, *self.older):
            try:
                return layout(response=response, **known).read()
            except NotAnArticle as error:
                refusals.append(error)
        raise refusals[0]

    def entrances(
        self, source: Source, *, whole: bool, since: datetime | None = None, until: datetime | None = None
    ) -> list[Entrance]:
        """Where a walk begins; a `whole` one asks archives and sitemaps too, which list what the pages have dropped.

        `since` and `until` (instants, half-open) narrow the walk where the CMS lists by day.
        """
        dated = () if source.listing else self._dated(source, since, until)
        paths = dated or self.listings
        listings = [source.listing] if source.listing else [urljoin(source.url, path) for path in paths]
        feeds = [source.feed] if source.feed else [urljoin(source.url, path) for path in self.feeds]
        sitemaps = [source.sitemap] if source.sitemap else [urljoin(source.url, path) for path in self.sitemaps]
        found: list[Entrance] = [(url, self.listing) for url in listings]
        found += [(url, FeedListing) for url in feeds]
        if whole and not dated:
            found += [(urljoin(source.url, path), kind) for path, kind in self.archives if not source.listing]
            found += [(url, self.sitemap_listing) for url in sitemaps]
        return found

    def asks_front_page(self, source: Source) -> bool:
        """Whether the front page has to be asked for lists and feeds, which have no fixed address in this CMS."""
        return not (self.listings or source.listing) or bool(
            self.followed and not (source.listing and (source.feed or self.feeds))
        )

    def entrances_in(self, front: HttpResponse, source: Source) -> list[Entrance]:
        """Where else a walk begins, by the front page: the lists that it leads to, the feeds that it announces.

        It stands in itself for a platform that has no list of a fixed address. What the source states counts alone.
        """
        page = self.listing(response=front, source=source, fetched_at=datetime.now(UTC))
        root: HtmlElement = front.selector.root
        found: list[Entrance] = []
        if not source.listing:
            found += [] if self.listings else [(str(front.url), self.listing)]
            links = (page.on_site(node.get("href")) for node in root.iter("a")) if self.followed else ()
            found += [(url, self.listing) for url in links if url and self._is_followed(url)]
        if not (source.feed or self.feeds):
            announced = (node for node in root.iter("link") if "alternate" in node.get("rel", "").lower().split())
            feeds = (page.on_site(node.get("href")) for node in announced if FEED.match(node.get("type", "").strip()))
            found += [(url, FeedListing) for url in feeds if url and "comment" not in url]
        return list(dict.fromkeys(found))

    def evidence(self, shown: Shown) -> Iterator[tuple[Mark, str]]:
        """The marks that an answer bears, each with what bears it."""
        for mark in self.marks:
            if found := mark.found_in(shown):
                yield mark, found

    def _path(self, url: str) -> str:
        return path_of(url, self.query_keys)

    def _is_followed(self, url: str) -> bool:
        return bool(self.followed and self.followed.search(path_of(url)) and not self.is_article(url))

    def _dated(self, source: Source, since: datetime | None, until: datetime | None) -> tuple[str, ...]:
        if self.dated is None or not (since or until):
            return ()
        last = until - timedelta(microseconds=1) if until else datetime.now(UTC)
        first = since.astimezone(TEHRAN).date() if since else source.began
        return self.dated(first, last.astimezone(TEHRAN).date())
