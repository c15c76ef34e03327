"""Reading one article page: the base of every platform's page object."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import ClassVar, Literal
from urllib.parse import unquote, urljoin, urlsplit

import attrs
from parsel import Selector
from web_poet import HttpResponse, WebPage

from archive import Article, Attachment
from persian import dates
from persian.dates import DateError, Published
from persian.text import display
from sources import Source
from spiders.body import Body
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
OFFICE = re.compile(r"^(?:به )?گزارش\s+(روابط عمومی [^:؛]{2,150}?)\s*[:؛]")


@attrs.define(kw_only=True)
class NewsPage(WebPage[Article]):
    """A page of one release, read into an `Article` record.

    A platform's page sets `platform`, `version` (raised whenever its reading changes) and, for each part, CSS selectors
    in order of preference: the first that finds anything wins. Where the source's TOML states a selector of its own,
    the platform's are not asked. What cannot be said by a selector is said by overriding the method of that name.
    `read` raises a `spiders.errors.PageError` for a page that is no article.
    """

    response: HttpResponse
    source: Source
    fetched_at: datetime

    platform: ClassVar[str]
    version: ClassVar[int] = 1

    article_css: ClassVar[str] = "article"
    kicker_css: ClassVar[tuple[str, ...]] = ()
    title_css: ClassVar[tuple[str, ...]] = ("h1",)
    lead_css: ClassVar[tuple[str, ...]] = ()
    body_css: ClassVar[tuple[str, ...]] = ()
    date_css: ClassVar[tuple[str, ...]] = ()
    category_css: ClassVar[tuple[str, ...]] = ()
    tags_css: ClassVar[tuple[str, ...]] = ()
    image_css: ClassVar[tuple[str, ...]] = ()
    figure_css: ClassVar[tuple[str, ...]] = ()
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
        title, lead = self.text("title"), self.text("lead")
        body = self.body(lead)
        if not title or body is None:
            raise NotAnArticle(f"no {'title' if not title else 'body'} where {self.extractor()} looks for one")
        text = body.paragraphs()
        return Article(
            source=self.source.id,
            url=self.url,
            aliases=self.aliases(),
            native_id=self.native_id(),
            kicker=self.text("kicker"),
            title=title,
            lead=lead,
            body="\n".join(text),
            body_html=self.lead_figure() + body.markup(self.resolved),
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

    def category(self) -> str | None:
        return next((text for node in reversed(self.found("category")) if (text := _text(node))), None)

    def tags(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for node in self.found("tags") if (text := _text(node))))

    def image(self) -> str | None:
        links = [node.attrib.get(name) for node in self.found("image") for name in ("data-src", "src")]
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
        nodes = (node for css in self.css_of("date") for node in self.response.css(css))
        texts = ("".join(node.css("::text").getall()).strip() for node in nodes)
        return self._first_date([text for text in texts if text], origin="page")

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
                return dates.parse(text, fetched_at=self.clock(), hint=hint, origin=origin, since=self.source.began)
            except DateError as error:
                reasons.append(str(error))
        if reasons:
            raise DateUnreadable(reasons[0])
        return None

    def body(self, lead: str | None) -> Body | None:
        """The body without what is no part of the text: furniture, a lead repeated, the ending."""
        node = next(iter(self.found("body")), None)
        if node is None:
            return None
        body = Body.of(node)
        body.drop(", ".join(filter(None, (self.drop_css, self.source.selectors.drop))))
        body.drop_ending()
        if lead:
            body.drop_lead(lead)
        return body

    def lead_figure(self) -> str:
        """The lead image's figure as markup for the top of the body, where the page gives it a caption."""
        captioned = (node for node in self.found("figure") if display("".join(node.css("figcaption ::text").getall())))
        figure = next(captioned, None)
        return Body.of(figure).markup(self.resolved, whole=True) if figure else ""

    # ---- helpers of platform pages ----

    @property
    def base_url(self) -> str:
        """What relative addresses refer to; a `<base>` that is no address is passed over."""
        try:
            return str(super().base_url)
        except ValueError:
            return str(self.response.url)

    def clock(self) -> datetime:
        return site_clock(self.response, self.fetched_at)

    def css_of(self, part: str) -> tuple[str, ...]:
        """The selectors of a part, best first: the source's own, else the platform's."""
        own: str | None = getattr(self.source.selectors, part, None)
        stated: tuple[str, ...] = getattr(self, f"{part}_css")
        return (own,) if own else stated

    def found(self, part: str) -> list[Selector]:
        """The elements that the best matching selector of a part finds."""
        return next((list(nodes) for css in self.css_of(part) if (nodes := self.response.css(css))), [])

    def text(self, part: str) -> str | None:
        """The text of a part in display form: of the first element, by the best selector, that has any."""
        nodes = (node for css in self.css_of(part) for node in self.response.css(css))
        return next((text for node in nodes if (text := _text(node))), None)

    def resolved(self, link: str) -> str | None:
        """The whole address of a link, whatever its scheme; None for what is no address."""
        try:
            return urljoin(self.base_url, link.strip())
        except ValueError:
            return None

    def absolute(self, link: str | None) -> str | None:
        """The whole address of a link that leads to the web."""
        address = self.resolved(link) if link else None
        return address if address and address.startswith(("http://", "https://")) else None


def _text(node: Selector) -> str | None:
    return display(node.root.text_content()) or None
