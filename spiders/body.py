"""A body's element, from what the page has there to what its office wrote: text, and safe markup."""

import re
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from itertools import accumulate
from typing import Any, NamedTuple, Self, cast

from lxml import etree
from lxml.html import HtmlElement

from persian.markup import SILENT, keep_breaks, paragraphs, safe_html, text_in
from persian.text import display, letters, without_forbidden
from spiders.images import addresses_of_image
from spiders.selection import select

MARKS = "".join(map(chr, [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF]))
"""Marks of direction, which an editor puts around a line and `display` takes away; as a space, places stay the same."""

MARK = re.compile(f"[{MARKS}]")
BLANKS = MARKS + "".join(filter(str.isspace, map(chr, range(0x10000))))

END = r"انتها[یي][\s\u200c]+پ[یي]ام"
ENDING = re.compile(rf"(?:(?:\A|(?<=[.!؟»…)\]*/]))[\s/]*{END}|[\s/]*{END}(?=\s*/))[\s/.]*\d*[\s/.]*$")
ENDS = "انتها"
LONGEST_ENDING = 60
LINES_OF_A_LEAD = 8
CODE = re.compile(r"[/*\s]*(?:\d{2,6}[\s/*]+)*\d{3,6}[/*\s]*")
SURE_CODE = re.compile(r"\d{3,}\s*[/*]|[/*]\s*\d{3,}")
PARTS = {"thead": "table", "tbody": "table", "tfoot": "table", "tr": "table", "table": "", "ul": "", "ol": ""}
"""Elements that mean nothing without their tag, and what they mean nothing outside of."""

APART = SILENT | {"figure", "figcaption"}
LINKED = re.compile(r"https?:|mailto:|tel:", re.IGNORECASE)
LOADED = re.compile(r"https?:", re.IGNORECASE)
NAME = re.compile(r"[\w:.-]+", re.ASCII)  # of an element or an attribute


class _Text(NamedTuple):
    """A string of a tree: it follows its holder (its tail) or begins it (its text)."""

    holder: HtmlElement
    is_tail: bool
    said: str


class Body:
    """The copy of an element that holds a text; cutting from it leaves the page as it is.

    `trailer` is the ending that was cut off, in display form.
    """

    def __init__(self, element: HtmlElement) -> None:
        self.element = element
        self.trailer: str | None = None
        self._paragraphs: list[str] | None = None

    @classmethod
    def of(cls, node: HtmlElement) -> Self:
        element: HtmlElement = deepcopy(node)
        element.tail = None
        return cls(element)

    def drop(self, css: str) -> None:
        """Take out every element that a selector matches."""
        self.cut_out(select(self.element, css))

    def cut_out(self, nodes: Iterable[HtmlElement]) -> None:
        """Take out elements, not what follows them; the body itself stays."""
        self._paragraphs = None
        for node in nodes:
            if node is not self.element and node.getparent() is not None:
                cut_out(node)

    def drop_lead(self, lead: str) -> None:
        """Take a lead off the top that the body repeats as its first paragraph, or its first lines, whatever elements
        hold it.
        """
        first = accumulate(self.paragraphs()[:LINES_OF_A_LEAD], "{} {}".format)
        if lead not in first:
            return
        said, words = "", lead.replace(" ", "")  # the white space between lines is in no text
        for count, text in enumerate(texts := [*_texts_from_the_end(self.element)][::-1], 1):
            said += text.said
            if display(said).replace(" ", "") == words:
                self._cut((text, "") for text in texts[:count])
                return

    def drop_ending(self) -> None:
        """Take «انتهای پیام/» and the staff's code, «۷۳۸۷/۶۰۲۱», off the end into `trailer`, whatever elements hold
        them.
        """
        said = text_in(self.element).rstrip(BLANKS)
        if ENDS in said:
            self._drop_words()
        if self.trailer is None and (said[-1:].isdecimal() or said.endswith(("/", "*"))) and (code := self._code()):
            self._drop_words()  # which may stand before the code
            self.trailer = f"{self.trailer or ''} {code}".strip()

    def _drop_words(self) -> None:
        said = ""
        behind: list[_Text] = []
        for text in _texts_from_the_end(self.element):
            said = MARK.sub(" ", text.said) + said
            if found := ENDING.search(said):
                self.trailer = display(said[found.start() :])
                self._cut([(text, text.said[: found.start()]), *((each, "") for each in reversed(behind))])
                return
            if len(said.strip()) > LONGEST_ENDING:
                return
            behind.append(text)

    def _code(self) -> str | None:
        """The code of a last line that is nothing else, cut off."""
        texts: Any = _last_text(self.element)
        said = MARK.sub(" ", texts[0]) if texts else ""
        if not CODE.fullmatch(said) or not SURE_CODE.search(said):
            return None
        holder = texts[0].getparent()
        if not texts[0].is_tail and holder is not self.element and holder.tag not in ("p", "div", "span", "br"):
            return None
        setattr(holder, "tail" if texts[0].is_tail else "text", "")
        self._paragraphs = None
        return display(texts[0])

    def paragraphs(self) -> list[str]:
        if self._paragraphs is None:
            self._paragraphs = paragraphs(self.element)
        return self._paragraphs

    def markup(self, resolve: Callable[[str], str | None], *, whole: bool = False) -> str:
        """Safe HTML of what the element holds, or of the `whole` of it, in Persian letters and with whole addresses.
        Its paragraphs are those of the text, to be read before, for this makes markup of the element itself.
        """
        element = self.element
        _resolve_links(element, resolve)
        keep_breaks(element)
        if whole or element.tag in PARTS:
            around = PARTS.get(str(element.tag))
            html = f"<{around}>{_written(element)}</{around}>" if around else _written(element)
        else:
            element.tag = "div"
            element.attrib.clear()
            html = _written(element)[len("<div>") : -len("</div>")]
        # letters beyond ASCII stand in texts alone, for addresses are written quoted; only this one alters a tag's end
        return safe_html(letters(html.replace(">\u0338", ">&#824;"))).strip()

    def _cut(self, changes: Iterable[tuple[_Text, str]]) -> None:
        """Change strings, and take out the elements that this leaves empty."""
        self._paragraphs = None
        around = []
        for text, rest in changes:
            setattr(text.holder, "tail" if text.is_tail else "text", without_forbidden(rest))
            around.append(text.holder.getparent() if text.is_tail else text.holder)
        for inner in around:
            node = inner
            while node is not None and node.getparent() is not None and _is_empty(node):
                emptied, node = node, node.getparent()
                cut_out(emptied)
        self._trim_breaks()

    def _trim_breaks(self) -> None:
        element = self.element
        while not (element.text or "").strip() and len(element) and element[0].tag == "br":
            cut_out(element[0])
        while len(element) and element[-1].tag == "br" and not (element[-1].tail or "").strip():
            cut_out(element[-1])


_last_text = etree.XPath(f"(.//text()[normalize-space(translate(., '{MARKS}', ''))])[last()]")


def _texts_from_the_end(element: HtmlElement) -> Iterator[_Text]:
    """An element's strings from the last to the first, without those of figures and those that nobody sees."""
    waiting = [(element, False)]  # elements, each with whether its own text is all that is left of it
    while waiting:
        node, is_taken_apart = waiting.pop()
        if is_taken_apart:
            if node.text:
                yield _Text(node, is_tail=False, said=node.text)
            continue
        if node.tail:
            yield _Text(node, is_tail=True, said=node.tail)
        if isinstance(node.tag, str) and node.tag not in APART:
            waiting += [(node, True), *((child, False) for child in node)]


def cut_out(node: HtmlElement) -> None:
    """Take an element out of its tree, not what follows it; as lxml's `drop_tree` for texts that lxml refuses to
    write.
    """
    parent, before = cast("HtmlElement", node.getparent()), node.getprevious()
    if node.tail:
        if before is None:
            parent.text = without_forbidden((parent.text or "") + node.tail)
        else:
            before.tail = without_forbidden((before.tail or "") + node.tail)
        node.tail = None
    parent.remove(node)


def _resolve_links(element: HtmlElement, resolve: Callable[[str], str | None]) -> None:
    for node in element.iter("*"):
        if not NAME.fullmatch(str(node.tag)):  # it would be another one without what no text may hold
            node.tag = "span"
    for image in element.iter("img", "image"):  # the second is another name of the first to browsers
        image.tag = "img"
        _drop_misnamed(image)
        if address := next(addresses_of_image(image), None):  # which a script would load
            _set(image, "src", resolve(address), LOADED)
    for link in element.iter("a"):
        _drop_misnamed(link)
        if (address := link.get("href")) is not None:
            _set(link, "href", resolve(address), LINKED)


def _drop_misnamed(node: HtmlElement) -> None:
    """Without attributes that get the name of another once what no text may hold is taken out of the markup."""
    named = {name: value for name, value in node.items() if NAME.fullmatch(name)}
    if len(named) < len(node.attrib):
        node.attrib.clear()  # lxml takes none out by a name that it would not write
        for name, value in named.items():
            node.set(name, without_forbidden(value))


def _set(node: HtmlElement, name: str, address: str | None, known: re.Pattern[str]) -> None:
    """An address of a known scheme is stated; no other, whatever it looks like when it is written out."""
    if address is None or not known.match(address):
        node.attrib.pop(name, None)
    else:
        node.set(name, without_forbidden(address))


def _written(node: HtmlElement) -> str:
    return str(etree.tostring(node, method="html", encoding="unicode"))


def _is_empty(node: HtmlElement) -> bool:
    return not text_in(node).strip(BLANKS) and next(node.iter("img", "video", "audio"), None) is None
