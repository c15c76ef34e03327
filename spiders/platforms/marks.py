"""What gives a CMS away, and how sure each sign is.

A page bears signs of its own in its tags, scripts, comments, cookies and headers, and in the addresses of its own site.
What it says in its texts, links to on other sites or quotes in a comment is no sign of what it runs on.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal
from urllib.parse import SplitResult, unquote, urlsplit

from lxml import etree

from spiders.errors import TooComplex
from spiders.responses import root_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement
    from web_poet import HttpResponse

SURE = 10  # what nobody else has
LIKELY = 4  # others could have it
HINT = 1  # others have it too; it only decides between two
ENOUGH = LIKELY + HINT  # the least for which a platform is named: one sign that others could have is none

WORDY = frozenset({"title", "alt", "placeholder", "aria-label", "value", "style", "summary", "data-title", "label"})
"""Attributes that hold texts, in which a CMS may be spoken of."""

SAYING = frozenset({"generator", "author", "publisher", "copyright", "designer", "siteid-pageid"})
"""The `<meta>` names whose content is about the site's making, not about its texts."""

OWN_RELATIONS = frozenset({"canonical", "shortlink", "alternate", "edituri", "search"})
"""What a page links to in its head as its own, which tells the name of a site that is read under another."""

CREDIT = re.compile(
    r"طراح[یي]|تول[یي]د|پ[یي]اده ?ساز[یي]|پشت[یي]بان[یي]|نیرو گرفته|قدرت گرفته|powered|designed|developed",
    re.IGNORECASE,
)
BEGINNING = 4096  # characters in which a page that begins as XML does says that it is HTML
LONGEST_CREDIT = 120  # characters
SECOND_LEVEL = frozenset({"ac", "co", "com", "gov", "id", "net", "org", "sch"})  # of a country's names


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign of a CMS: a pattern that is looked for in one place of an answer, and what finding it is worth.

    `where` is "class" or "id" (the names of elements, one at a time and whole), "html" (tags with the attributes that
    hold no texts, and scripts), "comment", "generator" (the content of <meta name=generator>), "link" (the path and
    query of the addresses of the site and of its files), "credit" (a short text that names the maker, with its links),
    "cookie" (the names and values of Set-Cookie) or the name of a header. `weight` is SURE, LIKELY or HINT; `different`
    is how many different finds it takes.
    """

    where: Literal["class", "id", "html", "comment", "generator", "link", "credit", "cookie"] | str  # noqa: PYI051 - for the reader
    pattern: str
    weight: int = LIKELY
    different: int = 1

    def found_in(self, shown: Shown) -> str | None:
        """What of the answer bears the mark, in a few words; None where nothing does."""
        whole = self.where in ("class", "id")
        pattern = re.compile(rf"(?:{self.pattern})$" if whole else self.pattern, re.IGNORECASE)
        found: dict[str, None] = {}
        for text in shown.texts(self.where):
            if match := pattern.match(text) if whole else pattern.search(text):
                found[" ".join(match[0].split())[:60]] = None
                if len(found) == self.different:
                    return f"{self.where}: {', '.join(found)}"
        return None


class Shown:
    """An answer cut into the places where marks are looked for."""

    def __init__(self, response: HttpResponse) -> None:
        self.headers = response.headers
        self.host = _bare(urlsplit(str(response.url)).hostname)
        self.root = _root(response)

    def texts(self, where: str) -> Iterable[str]:
        match where:
            case "html":
                return self.markup
            case "class":
                return self.classes
            case "id":
                return self.ids
            case "comment":
                return self.comments
            case "link":
                return self.links
            case "credit":
                return self.credits
            case "generator":
                return self.generators
            case "cookie":
                return self.headers.getall("Set-Cookie", [])
            case _:
                return self.headers.getall(where, [])

    @cached_property
    def elements(self) -> list[HtmlElement]:
        return [] if self.root is None else list(self.root.iter(etree.Element))

    @cached_property
    def classes(self) -> list[str]:
        return list(dict.fromkeys(name for node in self.elements for name in node.get("class", "").split()))

    @cached_property
    def ids(self) -> list[str]:
        return [stated.strip() for node in self.elements if (stated := node.get("id"))]

    @cached_property
    def markup(self) -> list[str]:
        """Tags in one spelling, and scripts other than data."""
        found = []
        for node in self.elements:
            if node.attrib:
                found.append(f"<{node.tag!s} {' '.join(_attributes(node))}>")
            if node.tag == "script" and node.text and "json" not in node.get("type", "").lower():
                found.append(node.text)
        return found

    @cached_property
    def comments(self) -> list[str]:
        return [] if self.root is None else [node.text or "" for node in self.root.xpath("//comment()")]

    @cached_property
    def generators(self) -> list[str]:
        return [node.get("content", "") for node in self.elements if _named(node) == "generator"]

    @cached_property
    def credits(self) -> list[str]:
        found = []
        for node in self.elements:
            if node.tag in ("a", "p", "div", "span", "li", "td", "small", "footer", "address", "strong", "b"):
                said = node.text_content() if len(node) < 20 else ""  # noqa: PLR2004 - a line, not a page
                if 0 < len(said) <= LONGEST_CREDIT and CREDIT.search(said):
                    links = " ".join(link.get("href", "") for link in node.iter("a"))
                    found.append(f"{said} {links}")
        return found

    @cached_property
    def links(self) -> list[str]:
        """Paths with their queries, unquoted: of the site's own addresses, and of its files wherever they lie."""
        stated = list(self._addresses())
        own = {self.host, *(_bare(parts.hostname) for node, parts in stated if _is_own(node))} - {""}
        serving = [_bare(parts.hostname) for node, parts in stated if _is_part(node)]
        families = {_family(host) for host in own}
        found: dict[str, None] = {}
        for node, parts in stated:
            host = _bare(parts.hostname)
            here = not host or host in own
            if not here and _is_file(node):
                here = _family(host) in families or serving.count(host) > 1
            if here:
                found[unquote(parts.path) + (f"?{parts.query}" if parts.query else "")] = None
        return list(found)

    def _addresses(self) -> Iterator[tuple[HtmlElement, SplitResult]]:
        for node in self.elements:
            for name in ("href", "src", "action", "data-src"):
                if address := node.get(name):
                    try:
                        parts = urlsplit(address.strip())
                        named = parts.hostname  # raises for what is no host
                    except ValueError:
                        continue
                    if parts.scheme in ("", "http", "https") or named:
                        yield node, parts
            if _named(node) == "og:url":
                try:
                    yield node, urlsplit(node.get("content", "").strip())
                except ValueError:
                    continue


def _attributes(node: HtmlElement) -> Iterator[str]:
    linked = node.tag in ("a", "area", "iframe")
    telling = node.tag != "meta" or _named(node) in SAYING
    for name, value in node.items():
        if name in WORDY or (linked and name == "href") or (name == "content" and not telling):
            continue
        yield f'{name}="{value}"'


def _named(node: HtmlElement) -> str | None:
    """The name of a `<meta>` in lower case; None for another element."""
    return str(node.get("name") or node.get("property") or "").strip().lower() if node.tag == "meta" else None


def _relations(node: HtmlElement) -> set[str]:
    return set(node.get("rel", "").lower().split())


def _is_own(node: HtmlElement) -> bool:
    """Whether an element says what the site itself is called."""
    return node.tag in ("base", "meta") or (node.tag == "link" and bool(_relations(node) & OWN_RELATIONS))


def _is_part(node: HtmlElement) -> bool:
    """Whether an element loads a script or a style sheet."""
    return node.tag == "script" or (node.tag == "link" and "stylesheet" in _relations(node))


def _is_file(node: HtmlElement) -> bool:
    return node.tag not in ("a", "area", "form", "iframe", "base", "meta") and not _is_own(node)


def _root(response: HttpResponse) -> HtmlElement | None:
    """The tree of HTML, which may begin as XML does; None for a feed, JSON, nothing, and what is nested too deep."""
    start = response.text[:BEGINNING].strip("\ufeff \t\r\n")
    if not start or start[0] in "{[" or (start.startswith("<?xml") and "<html" not in start.lower()):
        return None
    with suppress(TooComplex):
        return root_of(response)
    return None


def _bare(host: str | None) -> str:
    return (host or "").lower().removeprefix("www.")


def _family(host: str) -> str:
    """The part of a host's name that its owner has: `mcls.gov.ir` of `cdn.mcls.gov.ir`."""
    labels = host.split(".")
    if host.replace(".", "").isdigit():
        return host
    return ".".join(labels[-3:] if len(labels) > 2 and labels[-2] in SECOND_LEVEL else labels[-2:])  # noqa: PLR2004
