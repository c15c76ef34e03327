"""The pages and lists of CMSs, which every office dresses in a skin of its own: what is known of the markup is read,
the rest is found.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import deepcopy
from functools import cache, cached_property, lru_cache
from itertools import chain
from typing import ClassVar

import attrs
from lxml import etree
from lxml.html import HtmlElement

from archive import Attachment
from persian.markup import date_in, line_in, text_in
from persian.text import display, without_forbidden
from spiders.body import Body
from spiders.extraction.furniture import FURNITURE, LONGEST_LABEL, Role, label_of, role_of
from spiders.listing import DIGIT, Link, ListingPage
from spiders.names import step
from spiders.page import NewsPage, text_of
from spiders.platforms import platform
from spiders.platforms.generic import UNSHOWN, GenericListing, GenericPage
from spiders.selection import select

_LABELS = (
    "بخوان مرتبط مشابه برچسب هشتگ کلید کلید کليد كليد اشتراک اشتراك نظرات دیدگاه ديدگاه سایر ساير آخرین آخرين".split()  # noqa: SIM905 - words are read as words
)
_IN_BODY = FURNITURE & ~(Role.HEAD | Role.SIDE)
_OTHERS = Role.RELATED | Role.COMMENTS | Role.SIDE | Role.ADS
_FRAME = Role.NAVIGATION | Role.FOOT
_PICTURES = frozenset({"img", "picture", "figure", "source", "video", "audio"})
_UNSHOWN = (*UNSHOWN.split(", "), "form")
_ROLES = {"kicker": Role.KICKER, "lead": Role.LEAD, "date": Role.DATE, "tags": Role.TAGS}
_PARTS = tuple(
    "kicker title lead body date category tags image figure modified article caption short drop missing".split()  # noqa: SIM905 - words are read as words
)
_INSIDE = frozenset({"kicker", "lead", "image", "figure"})  # what is none of the article's outside of it
_LONGEST = {"kicker": 200, "lead": 1000}
_WORD = re.compile(r"\w")
_LONGEST_SAID = 4 * LONGEST_LABEL  # with the white space of its markup
_FRONT = frozenset({"خانه", "صفحه اصلی", "صفحه نخست", "صفحهٔ نخست", "home"})

KICKERS = (".rutitr", ".rotitr", ".rootitr", ".kicker", ".uptitle", ".suptitle", ".overtitle", ".pretitle", ".titletop")
"""What Persian skins call the line above a title, whatever CMS they dress."""

NEWS_LISTS = re.compile(
    r"/(?:news|akhbar|khabar|khabarha|اخبار|خبر|خبرها|آرشیو[ -]اخبار"
    r"|news-?archive|newslist|all-?news)(?:\.aspx|\.html)?/?$",
    re.IGNORECASE,
)
"""What the list of all releases is mostly called, in a CMS that has no address of its own for it."""


@attrs.define(kw_only=True, slots=False)
class SkinnedPage(GenericPage):
    """A release of a CMS whose offices have skins of their own.

    Selectors (those of `spiders.names.Names`) say what is known of the CMS, best first; `article_css` names what may
    hold the article whole, `caption_css` what says something of an image in the body or the lead image's `figure_css`,
    `short_css` what holds the article's short address, `drop_css` what stands in a body and is none of it, beside what
    its name or its label («بیشتر بخوانید») says is none. The body comes first; the title is that nearest to it, and
    the other parts are looked for around both, for the lists beside an article bear the same names.

    Where selectors find title and body, the skin is known: a part that none finds is then looked for by the roles that
    names commonly have, and is not on the page if it has none. In any other skin, or where a CMS leaves its parts to
    the office (`is_complete` is false), what selectors find is believed and the rest is the generic reader's, whose
    confidence decides, where the body is its own, whether the page is an article at all. Of a CMS that names the body's
    element in every skin (`names_body`) a page without one is no article, and left to whoever asked for it.
    """

    is_complete: ClassVar[bool] = True
    names_body: ClassVar[bool] = False

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
    caption_css: ClassVar[str] = ".image_caption, .wp-caption-text, .caption"
    short_css: ClassVar[str] = ""
    drop_css: ClassVar[str] = ""

    def native_id(self) -> str | None:
        return platform(self.platform).native_id(self.url)

    _firsts: dict[str, list[HtmlElement]] = attrs.field(init=False, factory=dict)
    _finds: dict[str, list[HtmlElement]] = attrs.field(init=False, factory=dict)
    _choices: dict[str, tuple[HtmlElement | None, str | None]] = attrs.field(init=False, factory=dict)
    _elsewhere: dict[HtmlElement, bool] = attrs.field(init=False, factory=dict)

    # ---- part by part ----

    def is_missing(self) -> bool:
        return bool(self.names.any_of(self._selectors["missing"]))

    def title(self) -> str | None:
        return self.text("title") or GenericPage.title(self)

    def kicker(self) -> str | None:
        return self.text("kicker") or (None if self._is_settled else GenericPage.kicker(self))

    def lead(self) -> str | None:
        return self.text("lead") or (None if self._is_settled else GenericPage.lead(self))

    def category(self) -> str | None:
        """The last step of the path to the article that is neither the front page nor the article itself."""
        texts = [text for node in self.found("category") if (text := text_of(node)) and text.lower() not in _FRONT]
        if found := [text for text in texts if text != self.text("title")]:
            return found[-1]
        stated = next((display(section) for section in self.meta.get("article:section", ())), None)
        return stated or (None if self._is_settled else GenericPage.category(self))

    def tags(self) -> tuple[str, ...]:
        if self.source.selectors.tags:
            return NewsPage.tags(self)
        nodes = (each for node in self.names.outermost(self.found("tags")) for each in _each_link(node))
        texts = (text.strip("#،, ") for node in nodes if (text := text_of(node)) and not label_of(text))
        own = tuple(dict.fromkeys(filter(None, texts)))
        return own or (() if self._is_settled else GenericPage.tags(self))

    def image(self) -> str | None:
        return NewsPage.image(self) or (None if self._is_settled else GenericPage.image(self))

    def attachments(self) -> Iterator[Attachment]:
        if not self.is_known:
            return GenericPage.attachments(self)
        return self.documents((link.get("href", ""), link) for link in self._within(self.names.find("a"), self.scope))

    def aliases(self) -> tuple[str, ...]:
        """Canonical and short link, and the short address that the page offers to copy."""
        nodes = self.names.any_of(self._selectors["short"])
        short = (node.get("value") or node.get("href") or line_in(node).strip() for node in nodes)
        return tuple(dict.fromkeys((*NewsPage.aliases(self), *self.own_addresses(short))))

    def visible_dates(self) -> list[str]:
        texts = map(date_in, self.found("date"))
        return [text for text in texts if DIGIT.search(text)] or GenericPage.visible_dates(self)

    def meta_dates(self, names: Iterable[str]) -> list[str]:
        """What the metadata says, then the `datetime` (RDFa: `content`) of the elements that show the date."""
        stated = NewsPage.meta_dates(self, names)
        shown = self.found("date") if names is self.published_meta else self._first("modified")
        inner = (each for node in self.names.outermost(shown) for each in node.iter("*"))
        stated += [moment for each in inner if (moment := each.get("datetime") or each.get("content"))]
        return stated or ([] if self.is_known else GenericPage.meta_dates(self, names))

    def body(self, lead: str | None) -> Body | None:
        node = self._body
        if node is None and self.names_body:
            return None
        if node is None:
            found = GenericPage.body(self, lead)
            if found is not None:
                found.drop(", ".join((*_UNSHOWN, *_listed(self.drop_css))))
            return found
        body = Body.of(node)
        self._cut_parts(node, body)
        if self.source.selectors.drop:
            body.drop(self.source.selectors.drop)
        drop_labelled(body)
        body.drop_ending()
        if lead:
            body.drop_lead(lead)
        return body

    def lead_figure(self) -> str:
        """The lead image's figure, or what holds image and caption in its stead, where that is not in the body."""
        for node in self.found("figure"):
            captions = self._captions(node)
            if node not in self._around_body and (captions or node.tag == "figure"):
                figure = deepcopy(node)
                figure.tail = None
                mark_captions(figure, self._twins(node, figure, captions))
                figure.tag = "figure"
                if any(text_of(caption) for caption in figure.iter("figcaption")):
                    return Body(figure).markup(self.resolved, whole=True)
        return ""

    # ---- where a part stands ----

    @cached_property
    def is_known(self) -> bool:
        """Whether the CMS's own selectors find the title and the body."""
        return self.text("title") is not None and self._body is not None

    @cached_property
    def scope(self) -> HtmlElement:
        """What holds the article: the nearest element around body and title that `article_css` names, or that is."""
        if self._body is None:
            return self.tree
        around = [self._body, *self._body.iterancestors()]
        nearest = self._level(around)
        holders = set(self.names.any_of(self._selectors["article"]))
        return next((node for node in around[nearest:] if node in holders), around[nearest])

    def css_of(self, part: str) -> tuple[str, ...]:
        """The selectors of a part: the source's own, else those of the platform's that may find anything."""
        return self._selectors[part] if self._is_free(part) else NewsPage.css_of(self, part)

    @cached_property
    def _selectors(self) -> dict[str, tuple[str, ...]]:
        """The platform's selectors of each part whose marks the page bears; its office's other pages bear the same."""
        return _selectors_by(type(self), frozenset(_marks_of(type(self)) & self.names.marked.keys()))

    def found(self, part: str) -> list[HtmlElement]:
        if part not in self._finds:
            self._finds[part] = self._find(part)
        return self._finds[part]

    def _find(self, part: str) -> list[HtmlElement]:
        if not self._is_free(part):
            return NewsPage.found(self, part)
        if part == "body":
            return [] if self._body is None else [self._body]
        if part in ("title", "category"):  # the way to the page is navigation, and stands where it likes
            found = (self._within(self.names.find(css), self.scope) for css in self.css_of(part))
            anywhere = (self.names.find(css) for css in self.css_of(part))
            return next((nodes for each in (found, anywhere) for nodes in each if nodes), [])
        nodes = self._first(part)
        if nodes or part not in _ROLES:
            return nodes
        called = self.called(_ROLES[part])
        return [link for node in self.names.outermost(called) for link in node.iter("a")] if part == "tags" else called

    def text(self, part: str) -> str | None:
        """The text of a part: of the first element by the best selector that has any and is not behind the body."""
        if not self._is_free(part):
            return NewsPage.text(self, part)
        return self._chosen(part)[1]

    def _chosen(self, part: str) -> tuple[HtmlElement | None, str | None]:
        """The element that a part is read from, with its text."""
        if part not in self._choices:
            self._choices[part] = next(self._choosable(part), (None, None))
        return self._choices[part]

    def _choosable(self, part: str) -> Iterator[tuple[HtmlElement, str]]:
        for css in self.css_of(part):
            for node in (
                self._around(css, beyond=False) if part != "title" else self._within(self.names.find(css), self.scope)
            ):
                if not self._is_behind(node) and (text := text_of(node)):
                    yield node, text
        if part == "title":
            yield from (
                (node, text) for css in self.css_of(part) for node in self.names.find(css) if (text := text_of(node))
            )
        else:
            for node in self.called(_ROLES[part]):
                if (text := text_of(node)) and len(text) <= _LONGEST[part]:
                    yield node, text

    def _first(self, part: str) -> list[HtmlElement]:
        """What the best selector of a part that finds anything finds, in the article before the rest of the page."""
        if part not in self._firsts:
            places = (False,) if part in _INSIDE else (False, True)
            found = (self._around(css, beyond=beyond) for beyond in places for css in self._selectors[part])
            self._firsts[part] = next(filter(None, found), [])
        return self._firsts[part]

    def _around(self, css: str, *, beyond: bool) -> list[HtmlElement]:
        """What a selector finds in the article, or on the whole page, that is not of something else."""
        nodes = self.names.find(css)
        if nodes and not beyond:
            nodes = self._within(nodes, self.scope)
        return [node for node in nodes if not self._is_elsewhere(node)]

    def _within(self, nodes: list[HtmlElement], holder: HtmlElement) -> list[HtmlElement]:
        return nodes if holder is self.tree or not nodes else self.names.within(nodes, holder)

    def called(self, role: int) -> list[HtmlElement]:
        """The article's elements whose names state a role, in a known skin; a kicker is above the title, no lead behind
        the body.
        """
        if not self.is_known:
            return []
        title, places = self._title, self.names.places
        around = self._around_body | ({title, *title.iterancestors()} if title is not None else set())
        named = self._within(self.names.named, self.scope)
        if title is not None and role == Role.KICKER:
            named = named[: bisect_left(named, places[title], key=places.__getitem__)]
        called = [node for node in named if _role(node) & role and node not in around]
        if role == Role.LEAD:
            called = [node for node in called if not self._is_behind(node)]
        return [node for node in called if not self._is_elsewhere(node)]

    @cached_property
    def _is_settled(self) -> bool:
        """Whether what is not found by its name is not there."""
        return self.is_known and self.is_complete

    @cached_property
    def _body(self) -> HtmlElement | None:
        """The element that holds the text: of several that the best selector finds, the longest."""
        if self.source.selectors.body:
            return next(iter(NewsPage.found(self, "body")), None)
        for css in self.css_of("body"):
            nodes = self.names.find(css)
            best = (
                max(nodes, key=lambda node: len(text_in(node).strip())) if len(nodes) > 1 else next(iter(nodes), None)
            )
            if best is not None and text_in(best).strip():
                return best
        return None

    @cached_property
    def _around_body(self) -> set[HtmlElement]:
        return set() if self._body is None else {self._body, *self._body.iterancestors()}

    @cached_property
    def _title(self) -> HtmlElement | None:
        if self.source.selectors.title:
            return next((node for node in NewsPage.found(self, "title") if text_of(node)), None)
        return self._chosen("title")[0]

    def _level(self, around: list[HtmlElement]) -> int:
        """The place in the elements around the body, from the inside, of the nearest that holds a title.

        The body itself is that where it holds what a better selector finds than any outside of it.
        """
        places = {node: place for place, node in enumerate(around)}
        inside = outside = len(self.css_of("title"))
        nearest = len(around) - 1
        for preference, css in enumerate(self.css_of("title")):
            for node in self._title_nodes(css):
                level = next((places[each] for each in (node, *node.iterancestors()) if each in places), nearest)
                if level == 0:
                    inside = min(inside, preference)
                elif not self._is_behind(node):
                    outside = min(outside, preference)
                    nearest = min(nearest, level)
        return 0 if inside < outside else nearest

    def _title_nodes(self, css: str) -> list[HtmlElement]:
        return select(self.tree, css) if self.source.selectors.title else self.names.find(css)

    def _is_behind(self, node: HtmlElement) -> bool:
        """Whether an element comes after the body: then it is of something else."""
        return self._body is not None and self.names.places[node] >= self.names.span(self._body).stop

    def _is_elsewhere(self, node: HtmlElement) -> bool:
        around = node.getparent()
        if around is None:
            return False
        if around not in self._elsewhere:
            self._elsewhere[around] = self._holds_others(around)
        return self._elsewhere[around]

    def _holds_others(self, around: HtmlElement) -> bool:
        """Whether what an element holds is of something else, by it and all around it."""
        framed = False  # in a part of the page's frame: the article's own foot holds its tags
        for each in (around, *around.iterancestors()):
            if each is self.scope:
                return False
            role = _role(each)
            if role & _OTHERS:
                return True
            framed = framed or bool(role & _FRAME)
        return framed

    def _captions(self, node: HtmlElement) -> list[HtmlElement]:
        found = (self._within(self.names.find(css), node) for css in self._selectors["caption"])
        return list(dict.fromkeys(chain.from_iterable(found)))

    def _cut_parts(self, node: HtmlElement, body: Body) -> None:
        """Take out of the body what is furniture by its name, and what was read as another part of the page."""
        span = self.names.span(node)
        chosen = (self._chosen(part)[0] for part in ("title", "kicker", "lead") if self._is_free(part))
        cut = [each for each in chosen if each is not None]
        cut += [each for part in ("date", "tags") if self._is_free(part) for each in self._first(part)]
        cut += self.names.any_of(self._selectors["unshown"])
        cut += self.names.any_of(self._selectors["drop"])
        cut = [each for each in cut if each is not node and self.names.places[each] in span]
        cut += self._furniture(node)
        captions = self._captions(node)
        if cut or captions:
            marked, dropped = (self._twins(node, body.element, each) for each in (captions, cut))
            mark_captions(body.element, marked)
            body.cut_out(dropped)

    def _twins(self, node: HtmlElement, copy: HtmlElement, wanted: Iterable[HtmlElement]) -> list[HtmlElement]:
        """The elements of an element's copy that stand where some of its own do."""
        start, nodes = self.names.places[node], list(copy.iter("*"))
        return [nodes[self.names.places[each] - start] for each in wanted]

    def _is_free(self, part: str) -> bool:
        return not getattr(self.source.selectors, part, None)

    def _furniture(self, node: HtmlElement) -> list[HtmlElement]:
        """What of a body the names say is no part of the text; one that stands around most of the text is wrong."""
        named = (each for each in self.names.within(self.names.named, node) if each is not node)
        called = [each for each in named if each.tag not in _PICTURES and _role(each) & _IN_BODY]
        whole = len(text_in(node)) if called else 0
        return [each for each in called if len(text_in(each)) * 2 <= whole]


def mark_captions(element: HtmlElement, captions: Iterable[HtmlElement]) -> None:
    """Make a `<figcaption>` of each caption within an element, and a `<figure>` of what holds nothing but it and its
    image.
    """
    for caption in captions:
        holder = caption.getparent()
        if caption is element or caption.tag in ("figcaption", "figure") or holder is None:
            continue
        if next(caption.iter("img"), None) is not None:  # a box of that name, around image and text
            continue
        caption.tag = "figcaption"
        alone = text_in(holder).strip() == text_in(caption).strip()
        if holder is not element and alone and next(holder.iter("img"), None) is not None:
            holder.tag = "figure"


def drop_labelled(body: Body) -> None:
    """Take out the links under a label that announces no text: «بیشتر بخوانید», «اخبار مرتبط», «برچسب‌ها»."""
    element = body.element
    if next(element.iter("a"), None) is None:
        return
    said = text_in(element)
    if not any(word in said for word in _LABELS):
        return
    linked, beside = _around_links(element), _said_beside_links(element)  # which hold of a node until it is looked at
    for node in list(element.iterdescendants("*")):
        if node.getparent() is None or node.tag == "a":
            continue
        if node in linked:
            if _is_label(" ".join(beside.get(node, ()))):
                body.cut_out([node])
        elif _is_label(text_in(node)) and not (node.tail or "").strip(" :\n\r\t\u00a0"):
            _drop_links_after(body, node, itself=True)
        tail = node.tail or ""
        if tail and node.getparent() is not None and _is_label(tail):
            node.tail = ""
            if not _drop_links_after(body, node, itself=False):
                node.tail = without_forbidden(tail)


def _around_links(element: HtmlElement) -> set[HtmlElement]:
    """The elements within one that hold links, and the links."""
    found: set[HtmlElement] = set()
    for link in element.iter("a"):
        node: HtmlElement | None = link
        while node is not None and node not in found:
            found.add(node)
            node = node.getparent()
    return found


def _said_beside_links(element: HtmlElement) -> dict[HtmlElement, list[str]]:
    """What each element within one says beside its links, as far as a label may be long: gathered for all of them at
    once, for in a deep tree each holds most of the others.
    """
    found: dict[HtmlElement, list[str]] = {}
    lengths: Counter[HtmlElement] = Counter()
    links = 0
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if node.tag == "a":
            links += 1 if event == "start" else -1
        says = node.text if event == "start" else node.tail
        holder = node if event == "start" else node.getparent() if node is not element else None
        while says and not links and holder is not None and lengths[holder] <= _LONGEST_SAID:
            found.setdefault(holder, []).append(says)
            lengths[holder] += len(says)
            holder = holder.getparent()
    return found


def _drop_links_after(body: Body, node: HtmlElement, *, itself: bool) -> bool:
    """Drop the siblings behind an element that hold nothing but links, and with them the element `itself`."""
    behind = []
    for sibling in node.itersiblings():
        linked = sibling.tag == "a" or next(sibling.iter("a"), None) is not None
        is_shown = isinstance(sibling.tag, str)  # no comment
        says = is_shown and sibling.tag != "a" and any(map(_WORD.search, _beside_links(sibling)))
        if says or (is_shown and not linked and sibling.tag != "br" and text_in(sibling).strip()):
            break
        behind.append((sibling, linked))
        if _WORD.search(sibling.tail or ""):
            break
    if not any(linked for _, linked in behind):
        return False
    body.cut_out(sibling for sibling, _ in behind)
    if itself:
        body.cut_out([node])
    return True


def _each_link(node: HtmlElement) -> list[HtmlElement]:
    """The links of an element that holds several, else the element."""
    links = list(node.iter("a"))
    return links if len(links) > 1 else [node]


def _is_label(said: str) -> bool:
    return len(said) <= _LONGEST_SAID and label_of(display(said)) != Role.NONE


def _beside_links(node: HtmlElement) -> Iterator[str]:
    """What an element says beside its links and is itself in none."""
    if next(node.iterancestors("a"), None) is not None:
        return
    walker = etree.iterwalk(node, events=("start", "end", "comment", "pi"))
    for event, each in walker:
        if event == "start" and each.tag == "a":
            walker.skip_subtree()
        elif says := each.text if event == "start" else each.tail if each is not node else None:
            yield says


@cache
def _stated(kind: type[SkinnedPage]) -> dict[str, tuple[str, ...]]:
    """A platform's selectors of each part, and of what is cut from a body."""
    stated = {part: getattr(kind, f"{part}_css") for part in _PARTS}
    listed = {part: each if isinstance(each, tuple) else _listed(each) for part, each in stated.items()}
    return {**listed, "caption": ("figcaption", *listed["caption"]), "unshown": _UNSHOWN}


@cache
def _marks_of(kind: type[SkinnedPage]) -> frozenset[str]:
    """The marks that a platform's selectors ask for."""
    return frozenset(step(css).mark for selectors in _stated(kind).values() for css in selectors)


@lru_cache(maxsize=4096)
def _selectors_by(kind: type[SkinnedPage], marks: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Of a platform's selectors of each part those that may find anything on a page that bears these of its marks."""
    return {
        part: tuple(css for css in selectors if step(css).mark in marks) for part, selectors in _stated(kind).items()
    }


@lru_cache(maxsize=1024)
def _listed(selectors: str) -> tuple[str, ...]:
    return tuple(filter(None, selectors.split(", ")))


def _role(node: HtmlElement) -> int:
    get = node.get
    return _role_by(str(node.tag), get("class"), get("id"), get("role"), get("itemprop"))


@lru_cache(maxsize=8192)
def _role_by(tag: str, names: str | None, ids: str | None, role: str | None, properties: str | None) -> int:
    return role_of(tag, f"{names or ''} {ids or ''}", role, properties)


@attrs.define(kw_only=True)
class SkinnedListing(GenericListing):
    """A listing in any skin: of every known entry the first link to an article; failing those, every link to one.

    With `loose` addresses, which any page of the site could have, those links are the ones that the generic reader
    takes for titles.
    """

    platform: ClassVar[str]
    loose: ClassVar[bool] = False
    item_css: ClassVar[str] = ""
    link_css: ClassVar[str] = "a[href]"
    date_css: ClassVar[str] = "time"
    next_css: ClassVar[str] = (
        "a[rel~=next], .next a, a.next, .active + li a, .current + a, .active + a, .current + li a"
    )

    def links(self) -> Iterator[Link]:
        if self.source.selectors.listing:
            yield from ListingPage.links(self)
            return
        found = list(self._entries())
        yield from found or (link for link in self._others() if self.is_article(link.url))

    def is_article(self, url: str) -> bool:
        return platform(self.platform).is_article(url)

    def next_urls(self) -> list[str]:
        return ListingPage.next_urls(self) or GenericListing.next_urls(self)

    def _entries(self) -> Iterator[Link]:
        seen = set()
        for item in self.entries():
            url = next((url for url in self.links_of(item) if url not in seen and self.is_article(url)), None)
            if url:
                seen.add(url)
                yield Link(url=url, published=self.listed_date(item))

    def _others(self) -> Iterator[Link]:
        if self.loose:
            yield from GenericListing.links(self)
            return
        for address in dict.fromkeys(self.on_site(link.get("href")) for link in self.tree.iter("a")):
            if address:
                yield Link(url=address)
