"""Reading one article page: the base of every platform's page object."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import ClassVar, Literal
from urllib.parse import urlsplit

import attrs
from lxml.html import HtmlElement
from web_poet import HttpResponse, WebPage

from archive import Article, Attachment, StatedDate
from persian import dates
from persian.calendars import DateError
from persian.markup import date_in, line_in
from persian.published import Published
from persian.text import display
from sources import Source
from spiders.addresses import joined
from spiders.body import Body
from spiders.bounds import DATE_LINE, DATES
from spiders.byline import byline, province_in
from spiders.clock import site_clock
from spiders.errors import DateUnreadable, NotAnArticle, SoftNotFound
from spiders.images import addresses_of_image
from spiders.names import Names
from spiders.responses import root_of
from spiders.selection import select
from spiders.sizes import size_of

DOCUMENTS = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
}
DOCUMENT = re.compile(rf"\.({'|'.join(DOCUMENTS)})(?:[?#]|%3f|%23|$)", re.IGNORECASE)


@attrs.define(kw_only=True, slots=False)  # cached properties of slotted classes are slow
class NewsPage(WebPage[Article]):
    """A page of one release, read into an `Article` record.

    A platform's page sets `platform`, `version` (raised whenever its reading changes) and, for each part, CSS selectors
    in order of preference: the first that finds anything wins. Where the source's TOML states a selector of its own,
    the platform's are not asked. What cannot be said by a selector is said by overriding the method of that name.
    `listed` is the date that the listing or feed gave. `read` raises a `spiders.errors.PageError` for a page that is no
    article.
    """

    response: HttpResponse
    source: Source
    fetched_at: datetime
    listed: Published | None = None

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
    published_meta: ClassVar[tuple[str, ...]] = ("article:published_time", "datepublished")
    modified_meta: ClassVar[tuple[str, ...]] = ("article:modified_time", "datemodified")

    @classmethod
    def extractor(cls) -> str:
        """The "<platform>/<version>" that is kept with every revision that this class read."""
        return f"{cls.platform}/{cls.version}"

    async def to_item(self) -> Article:
        return self.read()

    def read(self) -> Article:
        """The record of this page; raises `PageError`."""
        if self.is_missing():
            raise SoftNotFound("the site says there is no such page")
        title, lead = self.title(), self.lead()
        body = self.body(lead)
        if not title or body is None:
            raise NotAnArticle(f"no {'title' if not title else 'body'} where {self.extractor()} looks for one")
        text = body.paragraphs()
        office = self.byline(text)
        named = office and province_in(office)
        published, modified, stated = self.dates()
        return Article(
            source=self.source.id,
            url=self.url,
            aliases=self.aliases(),
            native_id=self.native_id(),
            kicker=self.kicker(),
            title=title,
            lead=lead,
            body="\n".join(text),
            body_html=self.lead_figure() + body.markup(self.resolved),
            byline=office,
            byline_province=named.iso if named else None,
            category=self.category(),
            tags=self.tags(),
            image=self.image(),
            attachments=tuple(self.attachments()),
            published=published,
            modified=modified,
            stated_dates=stated,
            trailer=body.trailer,
            extractor=self.extractor(),
            fetched_at=self.fetched_at,
        )

    # ---- what the page says, part by part ----

    def is_missing(self) -> bool:
        """Whether this is what the CMS answers, as if all were well, where there is no such page."""
        return bool(self.missing_css and select(self.tree, self.missing_css))

    def native_id(self) -> str | None:
        """The CMS's own number of the release; None where it shows none."""
        return None

    def aliases(self) -> tuple[str, ...]:
        """Other addresses that the page gives for itself: canonical and short link, on its own host."""
        stated = ((node, (node.get("rel") or "").lower().split()) for node in self.names.find("link"))
        links = [node.get("href") for node, kinds in stated if "canonical" in kinds or "shortlink" in kinds]
        return self.own_addresses(links)

    def own_addresses(self, links: Iterable[str | None]) -> tuple[str, ...]:
        """Those of some links that lead to the page's own host, and not to the page itself."""
        stated = (address for link in links if (address := self.absolute(link)))
        found = dict.fromkeys(address for address in stated if address != self.url)
        return tuple(address for address in found if urlsplit(address).hostname == urlsplit(self.url).hostname)

    def kicker(self) -> str | None:
        return self.text("kicker")

    def title(self) -> str | None:
        return self.text("title")

    def lead(self) -> str | None:
        return self.text("lead")

    def category(self) -> str | None:
        return next((text for node in reversed(self.found("category")) if (text := text_of(node))), None)

    def tags(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for node in self.found("tags") if (text := text_of(node))))

    def image(self) -> str | None:
        links = [link for node in self.found("image") for link in addresses_of_image(node)]
        links += self.meta.get("og:image", ())
        return next((address for link in links if (address := self.absolute(link))), None)

    def attachments(self) -> Iterator[Attachment]:
        """The documents that the article links to, each once."""
        holders = self.names.outermost(select(self.tree, self.article_css))
        links = (link for node in holders for link in node.iter("a"))
        return self.documents((link.get("href", ""), link) for link in links)

    def documents(self, links: Iterable[tuple[str, HtmlElement]]) -> Iterator[Attachment]:
        """Those of some links, each with its element, that lead to documents; each address once."""
        seen = set()
        for link, node in links:
            kind = media_type(link)
            address = self.absolute(link) if kind else None
            if address and address not in seen:
                seen.add(address)
                yield Attachment(url=address, type=kind, title=text_of(node), length=size_of(node))

    def byline(self, body: list[str]) -> str | None:
        """The office that the opening names: «به گزارش روابط عمومی …:»."""
        return byline(body[0]) if body else None

    def dates(self) -> tuple[Published | None, Published | None, tuple[StatedDate, ...]]:
        """When it was published, when it was last changed, and all that was said of either.

        The date that readers see is believed; where there is none, the page's metadata, then the listing or feed.
        Sites show the Jalali date and fill the metadata by plug-ins, which write Jalali years, event dates or local
        time marked as UTC there; feeds do the same. One of another day is flagged.
        """
        seen = _stated("published", "page", self.visible_dates())
        written = _stated("published", "meta", self.meta_dates(self.published_meta))
        changed = _stated("modified", "meta", self.meta_dates(self.modified_meta))
        published = self._published(self._first_date(seen, strict=True), self._first_date(written))
        modified = self._first_date(changed)
        if published and modified and (published.on - modified.on).days > 1:
            modified = replace(modified, flags=(*modified.flags, "before-publication"))
        listed = [StatedDate(of="published", origin=self.listed.origin, raw=self.listed.raw)] if self.listed else []
        return published, modified, tuple(dict.fromkeys([*seen, *written, *listed, *changed]))

    def _published(self, seen: Published | None, written: Published | None) -> Published | None:
        believed = seen or written or self.listed
        if believed is None:
            return None
        others = {"metadata-disagrees": written, f"{self.listed.origin}-disagrees" if self.listed else "": self.listed}
        flags = [flag for flag, date in others.items() if date and abs((believed.on - date.on).days) > 1]
        return replace(believed, flags=(*believed.flags, *flags)) if flags else believed

    def visible_dates(self) -> list[str]:
        """The texts that stand where readers see the date, best first."""
        texts = (date_in(node) for css in self.css_of("date") for node in select(self.tree, css))
        return [text for text in texts if text]

    def meta_dates(self, names: Iterable[str]) -> list[str]:
        """What the page's metadata says under these names (in lower case)."""
        return [value for name in names for value in self.meta.get(name, ())]

    def _first_date(self, candidates: list[StatedDate], *, strict: bool = False) -> Published | None:
        """The first that can be read; raises `DateUnreadable` when a `strict` one has only unreadable ones."""
        reasons = []
        for stated in candidates:
            hint: Literal["gregorian"] | None = "gregorian" if stated.origin == "meta" else None
            try:
                return dates.parse(
                    stated.raw, fetched_at=self.clock, hint=hint, origin=stated.origin, since=self.source.began
                )
            except DateError as error:
                reasons.append(str(error))
        if reasons and strict:
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
        captioned = (node for node in self.found("figure") if any(map(text_of, node.iter("figcaption"))))
        figure = next(captioned, None)
        return Body.of(figure).markup(self.resolved, whole=True) if figure is not None else ""

    # ---- helpers of platform pages ----

    @cached_property
    def tree(self) -> HtmlElement:
        """The parsed page; nobody changes it."""
        return root_of(self.response)

    @cached_property
    def names(self) -> Names:
        """Its elements by what they are called."""
        return Names(self.tree)

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        """What <meta> elements say, by their name, property or itemprop in lower case."""
        found: dict[str, list[str]] = {}
        for node in self.names.find("meta"):
            content = (node.get("content") or "").strip()
            name = node.get("property") or node.get("name") or node.get("itemprop")
            if name and content:
                found.setdefault(name.lower(), []).append(content)
        return found

    @cached_property
    def base(self) -> str:
        """What relative addresses refer to; a `<base>` that is no address of the web is passed over."""
        stated = next((node.get("href") for node in self.names.find("base") if node.get("href")), None)
        try:
            found = joined(self.url, stated.strip()) if stated else self.url
        except ValueError:
            return self.url
        return found if found.startswith(("http://", "https://")) else self.url

    @cached_property
    def clock(self) -> datetime:
        """The instant that «۲ ساعت پیش» was counted from."""
        return site_clock(self.response, self.fetched_at)

    def css_of(self, part: str) -> tuple[str, ...]:
        """The selectors of a part, best first: the source's own, else the platform's."""
        own: str | None = getattr(self.source.selectors, part, None)
        stated: tuple[str, ...] = getattr(self, f"{part}_css")
        return (own,) if own else stated

    def found(self, part: str) -> list[HtmlElement]:
        """The elements that the best matching selector of a part finds."""
        return next((nodes for css in self.css_of(part) if (nodes := select(self.tree, css))), [])

    def text(self, part: str) -> str | None:
        """The text of a part in display form: of the first element, by the best selector, that has any."""
        nodes = (node for css in self.css_of(part) for node in select(self.tree, css))
        return next((text for node in nodes if (text := text_of(node))), None)

    def resolved(self, link: str) -> str | None:
        """The whole address of a link, whatever its scheme; None for what is no address."""
        try:
            return joined(self.base, link.strip())
        except ValueError:
            return None

    def absolute(self, link: str | None) -> str | None:
        """The whole address of a link that leads to the web."""
        address = self.resolved(link) if link else None
        return address if address and address.startswith(("http://", "https://")) else None


def _stated(of: Literal["published", "modified"], origin: str, texts: list[str]) -> list[StatedDate]:
    """What was said of a date, as far as it is looked at: elements of its name may hold each other and all the page."""
    return [StatedDate(of=of, origin=origin, raw=text[:DATE_LINE]) for text in texts[:DATES]]


def text_of(node: HtmlElement) -> str | None:
    """What an element says, in display form; None for nothing."""
    return display(line_in(node)) or None


def media_type(link: str) -> str | None:
    """The media type of a document that a link leads to, by its suffix; None for a page."""
    found = DOCUMENT.search(link.replace("%2e", ".").replace("%2E", "."))
    return DOCUMENTS[found[1].lower()] if found else None
