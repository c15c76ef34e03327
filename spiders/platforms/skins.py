"""CMSs that every office dresses in a skin of its own: what is known of the markup is read, the rest is found."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import ClassVar

import attrs
from lxml import etree
from lxml.html import HtmlElement

from archive import Attachment
from spiders.body import Body
from spiders.extraction.content import mark_furniture, prune
from spiders.extraction.furniture import FURNITURE, Role, label_of, role_of
from spiders.extraction.outline import Outline
from spiders.listing import Link, ListingPage
from spiders.page import NewsPage, media_type, text_of
from spiders.platforms.generic import GenericListing, GenericPage
from spiders.selection import select

_COMPOUND = re.compile(r"(?P<tag>[a-z][a-z0-9]*)?(?P<rest>(?:[.#][\w-]+|\[[\w-]+(?:=[\w:-]+)?\])*)")
_MARK = re.compile(r"\.(?P<name>[\w-]+)|#(?P<id>[\w-]+)|\[(?P<key>[\w-]+)(?:=(?P<value>[\w:-]+))?\]")
_JOINTS = str.maketrans("", "", "-_")
_LABELLED = re.compile(
    r"بخوان[یي]د|مرتبط|مشابه|برچسب|هشتگ|کل[یي]د|كل[یي]د|اشتراک|اشتراك|نظرات|د[یي]دگاه|سا[یي]ر اخبار|آخر[یي]ن اخبار"
)
_IN_BODY = FURNITURE & ~(Role.HEAD | Role.SIDE)
_PICTURES = frozenset({"img", "picture", "figure", "source", "video", "audio"})
_ROLES = {"kicker": Role.KICKER, "lead": Role.LEAD, "date": Role.DATE, "tags": Role.TAGS}
_LONGEST = {"kicker": 200, "lead": 1000}


@dataclass(frozen=True, slots=True)
class _Step:
    """One compound of a selector: all that an element has to bear. `fits` asks for what its index has not settled."""

    tag: str | None
    names: tuple[str, ...]
    ids: tuple[str, ...]
    attributes: tuple[tuple[str, str | None], ...]

    def fits(self, node: HtmlElement) -> bool:
        if self.tag and node.tag != self.tag:
            return False
        if len(self.names) > 1 and not set(self.names) <= {_plain(name) for name in node.attrib["class"].split()}:
            return False
        if self.ids and self.names and not set(self.ids) <= set(_ids(node)):
            return False
        return all(
            key in node.attrib and (value is None or value.lower() in node.attrib[key].lower().split())
            for key, value in self.attributes
        )


class Names:
    """The elements of a page by what they are called.

    Selectors are steps of tag, `.class`, `#id` and `[attribute=word]`, each below the one before it. Classes and ids
    are compared without case, hyphens and underscores, for skins write NewsTitle, news-title, news_title; `#lblTitle`
    is also "dnn_ctr415_View_lblTitle", as ASP.NET puts the names of its containers before an id. One walk over the page
    serves all selectors: asking libxml2 for each took a third of a page's time.
    """

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self._known: dict[str, list[HtmlElement]] = {}
        self.classes: dict[str, list[HtmlElement]] = {}
        self.ids: dict[str, list[HtmlElement]] = {}
        self.properties: dict[str, list[HtmlElement]] = {}
        for node in _named(root):
            for name in dict.fromkeys(map(_plain, (node.get("class") or "").split())):
                self.classes.setdefault(name, []).append(node)
            for name in dict.fromkeys(_ids(node)):
                self.ids.setdefault(name, []).append(node)
            for name in (node.get("itemprop") or "").lower().split():
                self.properties.setdefault(name, []).append(node)

    def find(self, selector: str) -> list[HtmlElement]:
        """The elements that a selector means, in the page's order."""
        if selector not in self._known:
            self._known[selector] = self._below(_steps(selector))
        return self._known[selector]

    def _below(self, steps: tuple[_Step, ...]) -> list[HtmlElement]:
        *above, last = steps
        holders = set(self._below(tuple(above))) if above else None
        if holders is not None and not holders:
            return []
        nodes = [node for node in self._candidates(last) if last.fits(node)]
        return [node for node in nodes if holders is None or not holders.isdisjoint(node.iterancestors())]

    def _candidates(self, step: _Step) -> list[HtmlElement]:
        if step.names:
            return self.classes.get(step.names[0], [])
        if step.ids:
            return self.ids.get(step.ids[0], [])
        for key, value in step.attributes:
            if key == "itemprop" and value:
                return self.properties.get(value.lower(), [])
            return select(self.root, f"[{key}]")
        return list(self.root.iter(step.tag))


_named = etree.XPath("descendant-or-self::*[@class or @id or @itemprop]", smart_strings=False)


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    return name.lower().translate(_JOINTS)


def _ids(node: HtmlElement) -> tuple[str, ...]:
    stated = node.get("id") or ""
    return (_plain(stated), _plain(stated.rpartition("_")[2])) if stated else ()


@lru_cache(maxsize=1024)
def _steps(selector: str) -> tuple[_Step, ...]:
    steps = []
    for written in selector.split():
        found = _COMPOUND.fullmatch(written)
        if found is None:
            raise ValueError(f"{selector!r} is more than these selectors can say")
        marks = list(_MARK.finditer(found["rest"]))
        steps.append(
            _Step(
                found["tag"],
                tuple(_plain(mark["name"]) for mark in marks if mark["name"]),
                tuple(_plain(mark["id"]) for mark in marks if mark["id"]),
                tuple((mark["key"], mark["value"]) for mark in marks if mark["key"]),
            )
        )
    return tuple(steps)


KICKERS = (".rutitr", ".rotitr", ".rootitr", ".kicker", ".uptitle", ".suptitle", ".overtitle", ".pretitle", ".titletop")
"""What Persian skins call the line above a title, whatever CMS they dress."""

NEWS_LISTS = re.compile(
    r"/(?:news|akhbar|khabar|khabarha|اخبار|خبر|خبرها|آرشیو[ -]اخبار"
    r"|news-?archive|newslist|all-?news)(?:\.aspx|\.html)?/?$",
    re.IGNORECASE,
)
"""What the list of all releases is mostly called, in a CMS that has no address of its own for it."""


@attrs.define(kw_only=True)
class SkinnedPage(GenericPage):
    """A release of a CMS whose offices have skins of their own.

    Selectors (those of `Names`) say what is known of the CMS. Where they find title and body, the skin is known: a
    part that no selector finds is then looked for by the roles that names commonly have, and is not on the page if it
    has none. In any other skin, or where a CMS leaves its parts to the office (`is_complete` is false), what selectors
    find is believed and the rest is the generic reader's, whose confidence decides, where the body is its own, whether
    the page is an article at all. A part is looked for around the title and the body first, then anywhere but in menus,
    side columns and lists of other releases.
    """

    is_complete: ClassVar[bool] = True

    published_meta: ClassVar[tuple[str, ...]] = (
        "article:published_time",
        "datepublished",
        "dcterms.created",
        "dcterms.issued",
        "dc.date",
        "dc.date.issued",
    )
    modified_meta: ClassVar[tuple[str, ...]] = ("article:modified_time", "datemodified", "dcterms.modified", "modified")
    modified_css: ClassVar[tuple[str, ...]] = ("time[itemprop=dateModified]",)
    article_css: ClassVar[str] = ""
    drop_css: ClassVar[str] = (
        "script, style, noscript, template, iframe, object, embed, textarea, button, select, input, form"
    )

    @cached_property
    def names(self) -> Names:
        return Names(self.tree)

    @cached_property
    def is_known(self) -> bool:
        """Whether the CMS's own selectors find the title and the body."""
        return self.text("title") is not None and self._own_body is not None

    @cached_property
    def _is_settled(self) -> bool:
        """Whether what is not found by its name is not there."""
        return self.is_known and self.is_complete

    # ---- part by part ----

    def title(self) -> str | None:
        return self.text("title") or GenericPage.title(self)

    def kicker(self) -> str | None:
        return self.text("kicker") or self._named("kicker") or (None if self._is_settled else GenericPage.kicker(self))

    def lead(self) -> str | None:
        return self.text("lead") or self._named("lead") or (None if self._is_settled else GenericPage.lead(self))

    def category(self) -> str | None:
        return NewsPage.category(self) or (None if self._is_settled else GenericPage.category(self))

    def tags(self) -> tuple[str, ...]:
        own = (text.strip("#,، ") for text in NewsPage.tags(self) if not label_of(text))
        return tuple(filter(None, own)) or (() if self._is_settled else GenericPage.tags(self))

    def image(self) -> str | None:
        return NewsPage.image(self) or (None if self._is_settled else GenericPage.image(self))

    def attachments(self) -> Iterator[Attachment]:
        if not self.is_known:
            yield from GenericPage.attachments(self)
            return
        seen = set()
        for link in (link for node in self._articles or [self._scope] for link in node.iter("a")):
            kind = media_type(link.get("href", ""))
            address = self.absolute(link.get("href")) if kind else None
            if address and address not in seen:
                seen.add(address)
                yield Attachment(url=address, type=kind, title=text_of(link))

    def lead_figure(self) -> str:
        return NewsPage.lead_figure(self)

    def visible_dates(self) -> list[str]:
        texts = (node.text_content().strip() for node in self.found("date"))
        return [text for text in texts if any(map(str.isdigit, text))] or GenericPage.visible_dates(self)

    def meta_dates(self, names: tuple[str, ...]) -> list[str]:  # type: ignore[override]
        """What the metadata says, then the `datetime` (RDFa: `content`) of the elements that show the date."""
        stated = NewsPage.meta_dates(self, names)
        shown = self.found("date") if names == self.published_meta else self._first(self.modified_css)
        inner = (each for node in shown for each in node.iter(etree.Element))
        stated += [moment for each in inner if (moment := each.get("datetime") or each.get("content"))]
        return stated or ([] if self.is_known else GenericPage.meta_dates(self, names))

    def body(self, lead: str | None) -> Body | None:
        node = self._own_body
        if node is None:
            found = GenericPage.body(self, lead)
            if found is not None:
                found.drop(self.drop_css)
            return found
        body = Body.of(node)
        self._cut_parts(node, body)
        body.drop(", ".join(filter(None, (self.drop_css, self.source.selectors.drop))))
        drop_furniture(body.element)
        body.drop_ending()
        if lead:
            body.drop_lead(lead)
        return body

    # ---- where a part stands ----

    def found(self, part: str) -> list[HtmlElement]:
        if getattr(self.source.selectors, part, None):
            return NewsPage.found(self, part)
        if part in ("title", "body", "category"):  # the way to the page is navigation, and stands where it likes
            return next((nodes for css in self.css_of(part) if (nodes := self.names.find(css))), [])
        nodes = self._first(self.css_of(part))
        if nodes or part not in _ROLES or not self.is_known:
            return nodes
        called = self._called(_ROLES[part])
        return [link for node in called for link in node.iter("a")] if part == "tags" else called

    def text(self, part: str) -> str | None:
        if getattr(self.source.selectors, part, None):
            return NewsPage.text(self, part)
        if part == "title":
            nodes = (node for css in self.css_of(part) for node in self.names.find(css))
        else:
            nodes = (node for css in self.css_of(part) for node in self._around(css))
        return next((text for node in nodes if (text := text_of(node))), None)

    def _first(self, selectors: tuple[str, ...]) -> list[HtmlElement]:
        return next((nodes for css in selectors if (nodes := self._around(css))), [])

    def _around(self, css: str) -> list[HtmlElement]:
        """What a selector finds around the title and the body; failing that, what is not of something else."""
        nodes = self.names.find(css)
        if not nodes:
            return nodes
        scope = self._scope
        inside = [node for node in nodes if node is scope or any(each is scope for each in node.iterancestors())]
        return [node for node in inside or nodes if not self._is_elsewhere(node)]

    def _named(self, part: str) -> str | None:
        """The text of a part of a known skin that no selector finds, by what its element is called."""
        if not self.is_known or getattr(self.source.selectors, part, None):
            return None
        texts = (text for node in self.found(part) if (text := text_of(node)))
        return next((text for text in texts if len(text) <= _LONGEST[part]), None)

    def _called(self, role: int) -> list[HtmlElement]:
        """The article's elements whose names state a role; a kicker is above the title."""
        title, body = self._title, self._own_body
        around = {*title.iterancestors(), *body.iterancestors()} if title is not None and body is not None else set()
        called = []
        for node in _named(self._scope):
            if node is title and role == Role.KICKER:
                break
            if node is not title and node is not body and node not in around and _role(node) & role:
                called.append(node)
        return [node for node in called if not self._is_elsewhere(node)]

    @cached_property
    def _own_body(self) -> HtmlElement | None:
        """The element that holds the text, where a selector finds one that has any."""
        if self.source.selectors.body:
            return next(iter(NewsPage.found(self, "body")), None)
        nodes = (node for css in self.css_of("body") for node in self.names.find(css))
        return next((node for node in nodes if node.text_content().strip()), None)

    @cached_property
    def _title(self) -> HtmlElement | None:
        return next((node for node in self.found("title") if text_of(node)), None)

    @cached_property
    def _articles(self) -> list[HtmlElement]:
        """The elements around a whole article: below them is all that belongs to it."""
        anchor = self._own_body if self._own_body is not None else self._title
        if anchor is None:
            return []
        around = {anchor, *anchor.iterancestors()}
        found = [node for css in self.article_css.split(", ") if css for node in self.names.find(css)]
        return [node for node in found if node in around]

    @cached_property
    def _scope(self) -> HtmlElement:
        """The element around title and body, or the article's own where that is wider."""
        title, body = self._title, self._own_body
        anchors = [node for node in (title, body) if node is not None]
        if not anchors:
            return self.tree
        chains = [[node, *node.iterancestors()] for node in anchors]
        common = set.intersection(*map(set, chains))
        inner = next(node for node in chains[0] if node in common)
        wider = {node for node in self._articles if node in common}
        return next((node for node in reversed(chains[0]) if node in wider), inner)

    def _is_elsewhere(self, node: HtmlElement) -> bool:
        scope = self._scope
        for each in node.iterancestors():
            if each is scope:
                return False
            if _role(each) & (Role.RELATED | Role.COMMENTS | Role.SIDE | Role.FOOT | Role.NAVIGATION | Role.ADS):
                return True
        return False

    def _cut_parts(self, node: HtmlElement, body: Body) -> None:
        """Take out of the body what was read as another part and stands within it."""
        read = {"title": self.title(), "kicker": self.kicker(), "lead": self.lead()}
        parts = [each for part, text in read.items() if text for each in self.found(part) if text_of(each) == text]
        parts += [each for part in ("date", "tags") for each in self._first(self.css_of(part))]
        within = [each for each in parts if any(above is node for above in each.iterancestors())]
        if not within:
            return
        twins = dict(zip(node.iter(), body.element.iter(), strict=True))
        for twin in (twins[each] for each in within):
            if twin.getparent() is not None:
                twin.drop_tree()


def drop_furniture(element: HtmlElement) -> None:
    """Take out of a body what its names or its labels («بیشتر بخوانید») say is no part of the text."""
    whole = None
    for node in _named(element):
        if node is element or node.tag in _PICTURES or node.getparent() is None or not _role(node) & _IN_BODY:
            continue
        whole = whole or len(element.text_content())
        if len(node.text_content()) * 2 <= whole:  # a name that stands around most of the text is wrong
            node.drop_tree()
    if not _LABELLED.search(element.text_content()):
        return
    outline = Outline(element)
    mark_furniture(outline, None)
    lines = outline.within(element)
    kept = [line for line in lines if not line.role & (_IN_BODY & ~Role.PATH)]
    if kept and len(kept) < len(lines):
        prune(outline, element, kept)


def _role(node: HtmlElement) -> int:
    names = f"{node.get('class') or ''} {node.get('id') or ''}"
    return role_of(str(node.tag), names, node.get("role"), node.get("itemprop"))


@attrs.define(kw_only=True)
class SkinnedListing(GenericListing):
    """A listing in any skin: the known entries; failing those, every link that leads to an article.

    `is_article` is set by the platform; with `loose` addresses, which any page of the site could have, the links are
    those that the generic reader takes for titles.
    """

    loose: ClassVar[bool] = False

    def is_article(self, url: str) -> bool:
        raise NotImplementedError

    def links(self) -> Iterator[Link]:
        if self.source.selectors.listing:
            yield from ListingPage.links(self)
            return
        found = list(self._entries())
        if not found:
            found = [link for link in self._others() if self.is_article(link.url)]
        yield from found

    def next_urls(self) -> list[str]:
        return ListingPage.next_urls(self) or GenericListing.next_urls(self)

    def _entries(self) -> Iterator[Link]:
        for item in self.response.css(self.item_css):
            addresses = (self.on_site(node.attrib.get("href")) for node in item.css("a[href]"))
            if url := next((url for url in addresses if url and self.is_article(url)), None):
                yield Link(url=url, published=self.listed_date(item))

    def _others(self) -> Iterator[Link]:
        if self.loose:
            yield from GenericListing.links(self)
            return
        for address in dict.fromkeys(self.on_site(link) for link in self.response.css("a::attr(href)").getall()):
            if address:
                yield Link(url=address)
