"""The elements of a page by what they are called: one walk over the page serves all of a platform's selectors."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

_COMPOUND = re.compile(
    r"(?P<tag>[a-z][a-z0-9]*)?(?P<rest>(?:[.#][\w-]+|\[[\w-]+(?:=[\w:-]+)?\])*)(?P<first>:first-child)?"
)
_MARK = re.compile(r"\.(?P<name>[\w-]+)|#(?P<id>[\w-]+)|\[(?P<key>[\w-]+)(?:=(?P<value>[\w:-]+))?\]")
_JOINTS = str.maketrans("", "", "-_")
_FEW = 8  # elements that are sooner looked at than searched
_NAMING = frozenset({"class", "id", "itemprop"})


@dataclass(frozen=True, slots=True)
class _Step:
    """The last compound of a selector: how it stands to what the selector `above` finds, below it (" "), its child
    (">") or right behind it ("+"), and all that an element has to bear. Its first `mark` is what the index knows the
    element by; `fits` asks for the rest, if there is any.
    """

    above: str
    stands: str
    mark: str
    tag: str | None
    is_first: bool
    marks: frozenset[str]
    attributes: tuple[tuple[str, str], ...]
    is_settled: bool  # whether to bear the mark is all that it asks

    def fits(self, node: HtmlElement) -> bool:
        if self.tag and node.tag != self.tag:
            return False
        if self.is_first and next(node.itersiblings("*", preceding=True), None) is not None:
            return False
        if self.marks and not self.marks.issubset(_marks(node.get("class"), node.get("id"), node.get("itemprop"))):
            return False
        stated = ((node.get(key), value) for key, value in self.attributes)
        return all(said is not None and (not value or value in said.lower().split()) for said, value in stated)


class Names:
    """The elements of a page in its order, and by what marks them: `a`, `.class`, `#id`, `[itemprop=word]`.

    Selectors are steps of tag, `.class`, `#id` and `[attribute=word]`, each below the one before it, or joined to it by
    `>` or `+` as in CSS; the last mark of a step may be `:first-child`. Classes and ids are compared without case,
    hyphens and underscores, for skins write NewsTitle, news-title, news_title; `#lblTitle` is also
    "dnn_ctr415_View_lblTitle", as ASP.NET puts the names of its containers before an id. To ask libxml2 for each
    selector took a third of a page's time; here those of other skins, whose marks the page does not bear, cost little.
    """

    def __init__(self, root: HtmlElement) -> None:
        self.nodes: list[HtmlElement] = list(root.iter("*"))
        self.places = dict(zip(self.nodes, range(len(self.nodes)), strict=True))
        self.named: list[HtmlElement] = []
        self.marked: defaultdict[str, list[HtmlElement]] = defaultdict(list)
        self._spans: dict[HtmlElement, range] = {}
        self._known: dict[str, list[HtmlElement]] = {}
        named, marked = self.named, self.marked
        marked["*"] = self.nodes
        for node in self.nodes:
            marked[str(node.tag)].append(node)
            if not _NAMING.isdisjoint(node.keys()):
                named.append(node)
                for mark in _marks(node.get("class"), node.get("id"), node.get("itemprop")):
                    marked[mark].append(node)

    def find(self, selector: str) -> list[HtmlElement]:
        """The elements that a selector means, in the page's order."""
        found = self._known.get(selector)
        if found is None:
            found = self._known[selector] = self._found(step(selector))
        return found

    def any_of(self, selectors: Iterable[str]) -> list[HtmlElement]:
        """The elements that any of several selectors means, each once, one selector's after the other's."""
        return list(dict.fromkeys(node for selector in selectors for node in self.find(selector)))

    def span(self, node: HtmlElement) -> range:
        """The places of an element and of all within it."""
        if node not in self._spans:
            *around, _ = (node, *node.iterancestors())  # what stands beside the root is no part of the page
            behind = next((each for outer in around for each in outer.itersiblings("*")), None)
            self._spans[node] = range(self.places[node], len(self.nodes) if behind is None else self.places[behind])
        return self._spans[node]

    def within(self, nodes: list[HtmlElement], holder: HtmlElement) -> list[HtmlElement]:
        """Of some elements in the page's order those that stand in one, itself among them."""
        span, places = self.span(holder), self.places
        if len(nodes) <= _FEW:
            return [node for node in nodes if places[node] in span]
        place = places.__getitem__
        first = bisect_left(nodes, span.start, key=place)
        return nodes[first : bisect_left(nodes, span.stop, first, key=place)]

    def outermost(self, nodes: Iterable[HtmlElement]) -> Iterator[HtmlElement]:
        """Those of some elements that stand in no other of them, in the page's order. Who goes through what elements
        hold takes these: of what many nested ones hold, each would go through all again.
        """
        end = -1
        for node in sorted(nodes, key=self.places.__getitem__):
            if self.places[node] >= end:
                end = self.span(node).stop
                yield node

    def _found(self, wanted: _Step) -> list[HtmlElement]:
        nodes = self.marked.get(wanted.mark, [])
        if not nodes:
            return nodes
        if wanted.above:
            holders = self.find(wanted.above)
            nodes = self._standing(wanted.stands, nodes, holders) if holders else []
        return nodes if wanted.is_settled else [node for node in nodes if wanted.fits(node)]

    def _standing(self, stands: str, nodes: list[HtmlElement], holders: list[HtmlElement]) -> list[HtmlElement]:
        if stands == " ":
            below = ((node, holder) for holder in self.outermost(holders) for node in self.within(nodes, holder))
            return [node for node, holder in below if node is not holder]
        held = set(holders)
        if stands == ">":
            return [node for node in nodes if node.getparent() in held]
        return [node for node in nodes if next(node.itersiblings("*", preceding=True), None) in held]


@lru_cache(maxsize=8192)
def _marks(names: str | None, ids: str | None, properties: str | None) -> tuple[str, ...]:
    """What marks an element, by its class, id and itemprop; a site has the same ones on all its pages."""
    called = [f".{_plain(name)}" for name in (names or "").split()]
    if ids:
        called += [f"#{_plain(ids)}", f"#{_plain(ids.rpartition('_')[2])}"]
    called += [f"[itemprop={name}]" for name in (properties or "").lower().split()]
    return tuple(dict.fromkeys(called))


def _plain(name: str) -> str:
    """A class or an id in the form in which they are compared."""
    return name.lower().translate(_JOINTS)


@lru_cache(maxsize=4096)
def step(selector: str) -> _Step:
    """A selector's last step; raises ValueError for one that says more than these selectors can."""
    *above, written = selector.split()
    compound = _COMPOUND.fullmatch(written)
    if compound is None:
        raise ValueError(f"{selector!r} is more than these selectors can say")
    stands = above.pop() if above and above[-1] in (">", "+") else " "
    marks, attributes = [], []
    for mark in _MARK.finditer(compound["rest"]):
        if mark["key"] and not (mark["key"] == "itemprop" and mark["value"]):
            attributes.append((mark["key"], (mark["value"] or "").lower()))
        else:
            marks.append(_written(mark))
    tag = compound["tag"]
    first = marks[0] if marks else tag or "*"
    return _Step(
        above=" ".join(above),
        stands=stands,
        mark=first,
        tag=tag if marks else None,
        is_first=compound["first"] is not None,
        marks=frozenset(marks[1:]),
        attributes=tuple(attributes),
        is_settled=len(marks) + (tag is not None) <= 1 and not attributes and not compound["first"],
    )


def _written(mark: re.Match[str]) -> str:
    if mark["name"]:
        return f".{_plain(mark['name'])}"
    return f"#{_plain(mark['id'])}" if mark["id"] else f"[itemprop={mark['value'].lower()}]"
