"""Reading one article page: the base of every platform's page object."""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from html import escape
from pathlib import PurePosixPath
from typing import Any, ClassVar, Literal
from urllib.parse import unquote, urljoin, urlsplit

import attrs
from lxml import html
from parsel import Selector
from web_poet import HttpResponse, WebPage

from archive import Article, Attachment
from persian import dates
from persian.dates import DateError, Published
from persian.markup import paragraphs, safe_html
from persian.text import display
from sources import Source
from spiders.clock import site_clock
from spiders.errors import DateUnreadable, NotAnArticle, SoftNotFound

DOCUMENTS = {
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ppt": "application/vnd.ms-powerpoint",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".zip": "application/zip",
    ".rar": "application/vnd.rar",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
}
END = r"انتها[یي][\s\u200c]+پ[یي]ام"
ENDING = re.compile(rf"(?:(?:\A|(?<=[.!؟»…)\]*/]))[\s/]*{END}|[\s/]*{END}(?=\s*/))[\s/.]*\d*[\s/.]*$")
LONGEST_ENDING = 60
OFFICE = re.compile(r"^(?:به )?گزارش\s+(روابط عمومی [^:؛]{2,150}?)\s*[:؛]")


@attrs.define(kw_only=True)
class NewsPage(WebPage[Article]):
    """A page of one release, read into an `Article` record.

    A platform's page sets `platform`, `version` (raised whenever its reading changes) and CSS selectors; the first
    element that matches and says anything wins, and of a selector in the source's TOML the platform's is not asked.
    What cannot be said by a selector is said by overriding the method of that name. `read` raises a
    `spiders.errors.PageError` for a page that is no article.
    """

    response: HttpResponse
    source: Source
    fetched_at: datetime

    platform: ClassVar[str]
    version: ClassVar[int] = 1

    article_css: ClassVar[str] = "article"
    kicker_css: ClassVar[str] = ""
    title_css: ClassVar[str] = "h1"
    lead_css: ClassVar[str] = ""
    body_css: ClassVar[str] = ""
    date_css: ClassVar[str] = ""
    category_css: ClassVar[str] = ""
    tags_css: ClassVar[str] = ""
    image_css: ClassVar[str] = ""
    figure_css: ClassVar[str] = ""
    missing_css: ClassVar[str] = ""
    drop_css: ClassVar[str] = (
        "script, style, noscript, template, form, iframe, object, embed, [class*='adv-'], [class*='advert'],"
        " [class*='read-more'], [class*='related'], [class*='share'], [class*='comment']"
    )
    published_css: ClassVar[str] = "meta[property='article:published_time']::attr(content)"
    modified_css: ClassVar[str] = "meta[property='article:modified_time']::attr(content)"

    @classmethod
    def extractor(cls) -> str:
        """The "<platform>/<version>" that is kept with every revision that this class read."""
        return f"{cls.platform}/{cls.version}"

    async def to_item(self) -> Article:
        return self.read()

    def read(self) -> Article:
        """The record of this page; raises `PageError`."""
        if self.missing_css and self.response.css(self.missing_css):
            raise SoftNotFound("the site says there is no such page")
        title, lead = self.title(), self.lead()
        body = self.body_element()
        if not title or body is None:
            raise NotAnArticle(f"no {'title' if not title else 'body'} where {self.extractor()} looks for one")
        if lead:
            _drop_lead(body, lead)
        text = paragraphs(body)
        return Article(
            source=self.source.id,
            url=self.url,
            aliases=self.aliases(),
            native_id=self.native_id(),
            kicker=self.text(self.css_of("kicker")),
            title=title,
            lead=lead,
            body="\n".join(text),
            body_html=self.lead_figure() + self.body_html(body),
            byline=self.byline(text),
            category=self.category(),
            tags=self.tags(),
            image=self.image(),
            attachments=tuple(self.attachments()),
            published=self.published(),
            modified=self.modified(),
            extractor=self.extractor(),
            fetched_at=self.fetched_at,
        )

    # ---- what the page says, part by part ----

    def native_id(self) -> str | None:
        """The CMS's own number of the release; None where it shows none."""
        return None

    def aliases(self) -> tuple[str, ...]:
        """Other addresses that the page gives for itself: canonical and short link, on its own host."""
        links = self.response.css("link[rel=canonical]::attr(href), link[rel=shortlink]::attr(href)").getall()
        addresses = (self.absolute(link) for link in links)
        host = urlsplit(self.url).hostname
        return tuple(
            dict.fromkeys(link for link in addresses if link and urlsplit(link).hostname == host and link != self.url)
        )

    def title(self) -> str | None:
        return self.text(self.css_of("title"))

    def lead(self) -> str | None:
        return self.text(self.css_of("lead"))

    def category(self) -> str | None:
        found = self.response.css(self.category_css) if self.category_css else []
        return next((text for node in reversed(found) if (text := _text(node))), None)

    def tags(self) -> tuple[str, ...]:
        nodes = self.response.css(css) if (css := self.css_of("tags")) else []
        return tuple(dict.fromkeys(text for node in nodes if (text := _text(node))))

    def image(self) -> str | None:
        css = self.css_of("image")
        nodes = self.response.css(css) if css else []
        links = [node.attrib.get(name) for node in nodes for name in ("data-src", "src")]
        links += self.response.css("meta[property='og:image']::attr(content)").getall()
        return next((address for link in links if (address := self.absolute(link))), None)

    def attachments(self) -> Iterator[Attachment]:
        """The documents that the article links to, each once."""
        seen = set()
        for link in self.response.css(self.article_css).css("a[href]"):
            address = self.absolute(link.attrib["href"])
            suffix = PurePosixPath(unquote(urlsplit(address or "").path)).suffix.lower()
            if address and suffix in DOCUMENTS and address not in seen:
                seen.add(address)
                yield Attachment(url=address, type=DOCUMENTS[suffix], title=_text(link))

    def byline(self, body: list[str]) -> str | None:
        """The office that the opening names: «به گزارش روابط عمومی …:»."""
        found = OFFICE.match(body[0]) if body else None
        return found and found[1]

    def published(self) -> Published | None:
        """The date that readers see; the page's metadata stands in only where none is seen.

        Sites show the Jalali date and fill the metadata by plug-ins, which write Jalali years, event dates or local
        time marked as UTC there. Metadata of another day is flagged, never believed.
        """
        seen, stated = self.visible_date(), self.stated_date()
        if seen and stated and abs((seen.on - stated.on).days) > 1:
            return replace(seen, flags=(*seen.flags, "metadata-disagrees"))
        return seen or stated

    def visible_date(self) -> Published | None:
        css = self.css_of("date")
        candidates = (
            [text for node in self.response.css(css) if (text := "".join(node.css("::text").getall()).strip())]
            if css
            else []
        )
        return self._first_date(candidates, origin="page")

    def stated_date(self) -> Published | None:
        try:
            return self._first_date(self.response.css(self.published_css).getall(), origin="meta")
        except DateUnreadable:
            return None

    def modified(self) -> Published | None:
        try:
            return self._first_date(self.response.css(self.modified_css).getall(), origin="meta")
        except DateUnreadable:
            return None

    def _first_date(self, candidates: list[str], *, origin: str) -> Published | None:
        reasons = []
        for text in candidates:
            hint: Literal["gregorian"] | None = "gregorian" if origin == "meta" else None
            try:
                return dates.parse(text, fetched_at=self.clock(), hint=hint, origin=origin)
            except DateError as error:
                reasons.append(str(error))
        if reasons:
            raise DateUnreadable(reasons[0])
        return None

    # ---- the body ----

    def body_element(self) -> html.HtmlElement | None:
        """The body as an element of its own, without what is no part of the text."""
        css = self.css_of("body")
        found = self.response.css(css) if css else []
        if not found:
            return None
        element: html.HtmlElement = deepcopy(found[0].root)
        element.tail = None
        drop = ", ".join(filter(None, (self.drop_css, self.source.selectors.drop)))
        for node in Selector(root=element, type="html").css(drop):
            if node.root is not element and node.root.getparent() is not None:
                node.root.drop_tree()
        _drop_ending(element)
        return element

    def body_html(self, body: html.HtmlElement) -> str:
        """The body as safe markup with absolute addresses."""
        _load_images(body)
        body.make_links_absolute(self.base_url, handle_failures="discard")
        inner = escape(body.text or "") + "".join(html.tostring(child, encoding="unicode") for child in body)
        return safe_html(inner).strip()

    def lead_figure(self) -> str:
        """The lead image's figure, for the top of the body, where the page gives it a caption."""
        node = next(iter(self.response.css(self.figure_css)), None) if self.figure_css else None
        if node is None or not display("".join(node.css("figcaption ::text").getall())):
            return ""
        figure = deepcopy(node.root)
        figure.tail = None
        _load_images(figure)
        figure.make_links_absolute(self.base_url, handle_failures="discard")
        return safe_html(html.tostring(figure, encoding="unicode")).strip()

    # ---- helpers of platform pages ----

    def clock(self) -> datetime:
        return site_clock(self.response, self.fetched_at)

    def css_of(self, part: str) -> str:
        """The CSS of a part: the source's own, else the platform's."""
        own: str | None = getattr(self.source.selectors, part)
        return own or str(getattr(self, f"{part}_css"))

    def text(self, css: str) -> str | None:
        """The text of the first match that has any, in display form."""
        return next((text for node in self.response.css(css) if (text := _text(node))), None) if css else None

    def absolute(self, link: str | None) -> str | None:
        try:
            address = urljoin(self.base_url, (link or "").strip())
        except ValueError:
            return None
        return address if link and address.startswith(("http://", "https://")) else None


def _text(node: Selector) -> str | None:
    return display(node.root.text_content()) or None


def _load_images(element: html.HtmlElement) -> None:
    """Give images that a script would load their address."""
    for image in element.iter("img"):
        if address := image.get("data-src"):
            image.set("src", address)


def _drop_lead(element: html.HtmlElement, lead: str) -> None:
    """Take a lead off the top that the body repeats as its first paragraph, whatever elements hold it."""
    if paragraphs(element)[:1] != [lead]:
        return
    said = ""
    for count, text in enumerate(texts := _texts(element), 1):
        said += text
        if display(said) == lead:
            _cut(element, [(text, "") for text in texts[:count]])
            return


def _drop_ending(element: html.HtmlElement) -> None:
    """Take «انتهای پیام/» and the staff code behind it off the end, whatever elements hold them."""
    said = ""
    for count, text in enumerate(reversed(texts := _texts(element)), 1):
        said = text + said
        if found := ENDING.search(said):
            _cut(
                element,
                [(texts[-count], said[: found.start()]), *((text, "") for text in texts[len(texts) - count + 1 :])],
            )
            return
        if len(said.strip()) > LONGEST_ENDING:
            return


def _texts(element: html.HtmlElement) -> list[Any]:
    """The strings of an element in order, each knowing where it stands; those of figures are no part of the text."""
    return list(element.xpath(".//text()[not(ancestor::figure or ancestor::figcaption)]"))


def _cut(element: html.HtmlElement, changes: list[tuple[Any, str]]) -> None:
    """Change strings of an element, and take out what they leave empty."""
    holders = [text.getparent() for text, _ in changes]
    for holder, (text, rest) in zip(holders, changes, strict=True):
        setattr(holder, "tail" if text.is_tail else "text", rest)
    for holder in holders:
        node = holder.getparent() if holder.tag == "br" else holder
        while node is not None and node.getparent() is not None and _is_empty(node):
            node, emptied = node.getparent(), node
            emptied.drop_tree()
    while not (element.text or "").strip() and len(element) and element[0].tag == "br":
        element[0].drop_tree()
    while len(element) and element[-1].tag == "br" and not (element[-1].tail or "").strip():
        element[-1].drop_tree()


def _is_empty(node: html.HtmlElement) -> bool:
    return not node.text_content().strip() and next(node.iter("img", "video", "audio"), None) is None
