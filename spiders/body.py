"""A body's element, from what the page has there to what its office wrote: text, and safe markup."""

import re
from collections.abc import Callable, Iterable
from copy import deepcopy
from html import escape
from typing import Any, Self

from lxml import etree, html

from persian.markup import paragraphs, safe_html
from persian.text import display, letters, without_forbidden
from spiders.images import addresses_of_image
from spiders.selection import select

END = r"انتها[یي][\s\u200c]+پ[یي]ام"
ENDING = re.compile(rf"(?:(?:\A|(?<=[.!؟»…)\]*/]))[\s/]*{END}|[\s/]*{END}(?=\s*/))[\s/.]*\d*[\s/.]*$")
LONGEST_ENDING = 60


class Body:
    """The copy of an element that holds a text; cutting from it leaves the page as it is.

    `trailer` is the ending that was cut off, in display form.
    """

    def __init__(self, element: html.HtmlElement) -> None:
        self.element = element
        self.trailer: str | None = None

    @classmethod
    def of(cls, node: html.HtmlElement) -> Self:
        """A page's element, without the characters that lxml reads and refuses to write."""
        element: html.HtmlElement = deepcopy(node)
        element.tail = None
        for each in element.iter(etree.Element):
            each.text = each.text and without_forbidden(each.text)
            for name, value in each.attrib.items():
                if name == without_forbidden(name):
                    each.attrib[name] = without_forbidden(value)
        for each in element.iterdescendants():
            each.tail = each.tail and without_forbidden(each.tail)
        return cls(element)

    def drop(self, css: str) -> None:
        """Take out every element that a selector matches."""
        for node in select(self.element, css):
            if node is not self.element and node.getparent() is not None:
                node.drop_tree()

    def drop_lead(self, lead: str) -> None:
        """Take a lead off the top that the body repeats as its first paragraph, whatever elements hold it."""
        if self.paragraphs()[:1] != [lead]:
            return
        said = ""
        for count, text in enumerate(texts := self._texts(), 1):
            said += text
            if display(said) == lead:
                self._cut((text, "") for text in texts[:count])
                return

    def drop_ending(self) -> None:
        """Take «انتهای پیام/» and the staff code behind it off the end into `trailer`, whatever elements hold them."""
        said = ""
        for count, text in enumerate(reversed(texts := self._texts()), 1):
            said = text + said
            if found := ENDING.search(said):
                self.trailer = display(said[found.start() :])
                after = texts[len(texts) - count + 1 :]
                self._cut([(texts[-count], said[: found.start()]), *((text, "") for text in after)])
                return
            if len(said.strip()) > LONGEST_ENDING:
                return

    def paragraphs(self) -> list[str]:
        return paragraphs(self.element)

    def markup(self, resolve: Callable[[str], str | None], *, whole: bool = False) -> str:
        """Safe HTML of what the element holds, or of the `whole` of it, in Persian letters and with whole addresses."""
        element = deepcopy(self.element)
        for image in element.iter("img"):
            if address := next(addresses_of_image(image), None):  # which a script would load
                image.set("src", address)
        element.rewrite_links(resolve, resolve_base_href=False)
        for each in element.iter(etree.Element):
            each.text = each.text and letters(each.text)
        for each in element.iterdescendants():
            each.tail = each.tail and letters(each.tail)
        if whole:
            return safe_html(html.tostring(element, encoding="unicode")).strip()
        inner = escape(element.text or "") + "".join(html.tostring(child, encoding="unicode") for child in element)
        return safe_html(inner).strip()

    def _texts(self) -> list[Any]:
        """Its strings in order, each knowing where it stands; those of figures are no part of the text."""
        return list(self.element.xpath(".//text()[not(ancestor::figure or ancestor::figcaption)]"))

    def _cut(self, changes: Iterable[tuple[Any, str]]) -> None:
        """Change strings, and take out the elements that this leaves empty."""
        around = []
        for text, rest in changes:
            holder = text.getparent()
            setattr(holder, "tail" if text.is_tail else "text", rest)
            around.append(holder.getparent() if text.is_tail else holder)
        for inner in around:
            node = inner
            while node is not None and node.getparent() is not None and _is_empty(node):
                node, emptied = node.getparent(), node
                emptied.drop_tree()
        self._trim_breaks()

    def _trim_breaks(self) -> None:
        element = self.element
        while not (element.text or "").strip() and len(element) and element[0].tag == "br":
            element[0].drop_tree()
        while len(element) and element[-1].tag == "br" and not (element[-1].tail or "").strip():
            element[-1].drop_tree()


def _is_empty(node: html.HtmlElement) -> bool:
    return not node.text_content().strip() and next(node.iter("img", "video", "audio"), None) is None
