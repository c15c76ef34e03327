"""The elements of a page by what they are called: one walk over the page serves all of a platform's selectors."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

_COMPOUND = re.compile(
    r"(?P<tag>[a-z][a-z0-9]*)?(?P<rest>(?:[.#][\w-]+|\[[\w-]+(?:=[\w:-]+)?\])*)(?P<first>:first-child)?"
)
_MARK = re.compile(r"\.(?P<name>[\w-]+)|#(?P<id>[\w-]+)|\[(?P<key>[\w-]+)(?:=(?P<value>[\w:-]+))?\]")
_JOINTS = str.maketrans("", "", "-_")


@dataclass(frozen=True, slots=True)
class _Step:
    """One compound of a selector: all that an element has to bear, and how it stands to the step before it: below it
    (" "), its child (">") or right behind it ("+"). `fits` asks for what its index has not settled.
    """

    stands: str
    is_first: bool
    tag: str | None
    names: tuple[str, ...]
    ids: tuple[str, ...]
    attributes: tuple[tuple[str, str | None], ...]

    @property
    def is_settled(self) -> bool:
        """Whether to be called so is all that it asks."""
        return not (self.tag or self.is_first or self.attributes) and len(self.names) + len(self.ids) == 1

    def fits(self, node: HtmlElement) -> bool:
        if self.tag and node.tag != self.tag:
            return False
        if self.is_first and next(node.itersiblings("*", preceding=True), None) is not None:
            return False
        if len(self.names) > 1 and not set(self.names) <= set(_plain_names(node.get("class") or "")):
            return False
        if self.ids and self.names and not set(self.ids) <= set(_plain_ids(node.get("id") or "")):
            return False
        stated = ((node.get(key), value) for key, value in self.attributes)
        return all(said is not None and (not value or value.lower() in said.lower().split()) for said, value in stated)

    def stands_by(self, node: HtmlElement, holders: set[HtmlElement]) -> bool:
        if self.stands == ">":
            return node.getparent() in holders
        if self.stands == "+":
            return next(node.itersiblings("*", preceding=True), None) in holders
        return not holders.isdisjoint(node.iterancestors())


class Names:
    """The elements of a page in its order, and by tag, class, id and itemprop.

    Selectors are steps of tag, `.class`, `#id` and `[attribute=word]`, each below the one before it, or joined to it by
    `>` or `+` as in CSS; the last mark of a step may be `:first-child`. Classes and ids are compared without case,
    hyphens and underscores, for skins write NewsTitle, news-title, news_title; `#lblTitle` is also
    "dnn_ctr415_View_lblTitle", as ASP.NET puts the names of its containers before an id. To ask libxml2 for each
    selector took a third of a page's time.
    """

    def __init__(self, root: HtmlElement) -> None:
        self.nodes: list[HtmlElement] = list(root.iter("*"))
        self.places = {node: place for place, node in enumerate(self.nodes)}
        self.named: list[HtmlElement] = []
        self.tags: dict[str, list[HtmlElement]] = defaultdict(list)
        self.classes: dict[str, list[HtmlElement]] = defaultdict(list)
        self.ids: dict[str, list[HtmlElement]] = defaultdict(list)
        self.properties: dict[str, list[HtmlElement]] = defaultdict(list)
        self._spans: dict[HtmlElement, range] = {}
        self._known: dict[str, list[HtmlElement]] = {}
        for node in self.nodes:
            self.tags[str(node.tag)].append(node)
            if keys := node.keys():
                self._file(node, keys)

    def _file(self, node: HtmlElement, keys: list[str]) -> None:
        if "class" in keys:
            for name in _plain_names(node.get("class", "")):
                self.classes[name].append(node)
        if "id" in keys:
            for name in _plain_ids(node.get("id", "")):
                self.ids[name].append(node)
        if "itemprop" in keys:
            for name in dict.fromkeys(node.get("itemprop", "").lower().split()):
                self.properties[name].append(node)
        if "class" in keys or "id" in keys or "itemprop" in keys:
            self.named.append(node)

    def find(self, selector: str) -> list[HtmlElement]:
        """The elements that a selector means, in the page's order."""
        if selector not in self._known:
            self._known[selector] = self._found(steps(selector))
        return self._known[selector]

    def any_of(self, selectors: Iterable[str]) -> list[HtmlElement]:
        """The elements that any of several selectors means, each once, one selector's after the other's."""
        return list(dict.fromkeys(node for selector in selectors for node in self.find(selector)))

    def span(self, node: HtmlElement) -> range:
        """The places of an element and of all within it."""
        if node not in self._spans:
            around = (node, *node.iterancestors())
            behind = next((each for outer in around for each in outer.itersiblings("*")), None)
            self._spans[node] = range(self.places[node], len(self.nodes) if behind is None else self.places[behind])
        return self._spans[node]

    def _found(self, wanted: tuple[_Step, ...]) -> list[HtmlElement]:
        *above, last = wanted
        nodes = self._candidates(last)
        if nodes and not last.is_settled:
            nodes = [node for node in nodes if last.fits(node)]
        if not nodes or not above:
            return nodes
        holders = set(self._found(tuple(above)))
        return [node for node in nodes if last.stands_by(node, holders)] if holders else []

    def _candidates(self, step: _Step) -> list[HtmlElement]:
        if step.names:
            return self.classes.get(step.names[0], [])
        if step.ids:
            return self.ids.get(step.ids[0], [])
        for key, value in step.attributes:
            if key == "itemprop" and value:
                return self.properties.get(value.lower(), [])
        return self.tags.get(step.tag, []) if step.tag else self.nodes


@lru_cache(maxsize=4096)
def _plain_names(value: str) -> tuple[str, ...]:
    """The classes of an attribute in the form in which they are compared; a site has the same ones on all its pages."""
    return tuple(dict.fromkeys(name.lower().translate(_JOINTS) for name in value.split()))


@lru_cache(maxsize=4096)
def _plain_ids(stated: str) -> tuple[str, ...]:
    whole, last = (name.lower().translate(_JOINTS) for name in (stated, stated.rpartition("_")[2]))
    return tuple(dict.fromkeys((whole, last))) if stated else ()


@lru_cache(maxsize=4096)
def steps(selector: str) -> tuple[_Step, ...]:
    """A selector taken apart; raises ValueError for one that says more than these selectors can."""
    found = []
    stands = " "
    for written in selector.split():
        if written in (">", "+"):
            stands = written
            continue
        compound = _COMPOUND.fullmatch(written)
        if compound is None:
            raise ValueError(f"{selector!r} is more than these selectors can say")
        marks = list(_MARK.finditer(compound["rest"]))
        names, ids, keys = ([mark for mark in marks if mark[group]] for group in ("name", "id", "key"))
        found.append(
            _Step(
                stands,
                compound["first"] is not None,
                compound["tag"],
                tuple(name for mark in names for name in _plain_names(mark["name"])),
                tuple(mark["id"].lower().translate(_JOINTS) for mark in ids),
                tuple((mark["key"], mark["value"]) for mark in keys),
            )
        )
        stands = " "
    return tuple(found)
