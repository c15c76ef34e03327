"""Any other page: one of a CMS that has no module here, or of no CMS at all."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import ClassVar

import attrs

from archive import Attachment
from spiders.body import Body
from spiders.errors import NotAnArticle, SoftNotFound
from spiders.extraction.entries import find_archive, find_entries, find_next
from spiders.extraction.furniture import MISSING
from spiders.extraction.reading import Reading, read_page
from spiders.images import addresses_of_image
from spiders.listing import Link, ListingPage
from spiders.page import NewsPage
from spiders.platforms.cms import Platform

SUREST = 0.45
UNSHOWN = "script, style, noscript, template, iframe, object, embed, textarea, button, select, input"
IDLE_IMAGE = re.compile(
    r"logo|icon|blank|pixel|spacer|banner|avatar|sprite|captcha|loading|transparent|arrow|bullet", re.IGNORECASE
)
SMALL = 80
LIKE = 12


@attrs.define(kw_only=True, slots=False)
class GenericPage(NewsPage):
    """A release on a page of any layout.

    What the page states for other software (JSON-LD, Open Graph, Dublin Core, microdata) is held against what it shows:
    the title is the line that both agree on, the date the one that readers see nearest to it, the body the element with
    the most prose after the title, without what stands under «اخبار مرتبط», «نظرات» and their like. Of a source's
    own selectors each settles its part; the rest is still found. `confidence` says how sure the reading is and
    `reasons` what it rests on; below 0.45 the page is no article.
    """

    platform: ClassVar[str] = "generic"
    version: ClassVar[int] = 3
    published_meta: ClassVar[tuple[str, ...]] = ()
    modified_meta: ClassVar[tuple[str, ...]] = ("modified",)

    @cached_property
    def reading(self) -> Reading:
        return read_page(self.tree, self.url, title=self.text("title") if self.source.selectors.title else None)

    def confidence(self) -> float:
        """How sure it is that the page is an article and was read rightly, in 0…1."""
        return self.reading.confidence

    def reasons(self) -> tuple[str, ...]:
        """What counted, each with its weight: "+0.30 a title"."""
        return self.reading.reasons

    def title(self) -> str | None:
        if self.source.selectors.title:
            return self.text("title")
        return self.reading.headline.text if self.reading.headline else None

    def kicker(self) -> str | None:
        return self.text("kicker") if self.source.selectors.kicker else self.reading.kicker

    def lead(self) -> str | None:
        return self.text("lead") if self.source.selectors.lead else self.reading.lead

    def body(self, lead: str | None) -> Body | None:
        """The body; raises `SoftNotFound` for an error page and `NotAnArticle` for any other that holds no release."""
        if self.source.selectors.body:
            return super().body(lead)
        self._refuse()
        element = self.reading.body
        if element is None:
            return None
        body = Body.of(element)
        body.drop(", ".join(filter(None, (UNSHOWN, self.source.selectors.drop))))
        body.drop_ending()
        first = next(iter(self.reading.body_text), None)
        if lead and first and first.text[:LIKE] == lead[:LIKE]:
            body.drop_lead(lead)
        return body

    def _refuse(self) -> None:
        reading = self.reading
        if reading.confidence < SUREST:
            if any(MISSING.search(line.words) and not line.linked for line in reading.outline.lines):
                raise SoftNotFound("the page says that there is no such page")
            raise NotAnArticle(f"confidence {reading.confidence:.2f}: {', '.join(reading.reasons) or 'nothing found'}")

    def visible_dates(self) -> list[str]:
        if self.source.selectors.date:
            return super().visible_dates()
        found = self.reading.dates
        return list(dict.fromkeys(seen.raw for seen in found if seen.score > found[0].score - 1))

    def meta_dates(self, names: Iterable[str]) -> list[str]:
        stated = self.reading.stated
        return list(dict.fromkeys(stated.modified if "modified" in names else stated.published))

    def category(self) -> str | None:
        return self.reading.category

    def tags(self) -> tuple[str, ...]:
        if self.source.selectors.tags:
            return NewsPage.tags(self)
        return tuple(dict.fromkeys([*self.reading.tags, *(() if self.reading.tags else self.reading.stated.tags)]))

    def image(self) -> str | None:
        if self.source.selectors.image:
            return NewsPage.image(self)
        links = [*self.reading.stated.images, *self._pictures()]
        return next((address for link in links if (address := self.absolute(link))), None)

    def _pictures(self) -> Iterator[str]:
        """The images of the article that are no ornament."""
        for image in self.reading.pictures:
            sizes = [image.get(name) or "" for name in ("width", "height")]
            small = any(size.isdecimal() and int(size[:9]) < SMALL for size in sizes)
            link = next(addresses_of_image(image), "")
            if link and not small and not IDLE_IMAGE.search(link):
                yield link

    def attachments(self) -> Iterator[Attachment]:
        return self.documents(self.reading.links)

    def lead_figure(self) -> str:
        return ""


@attrs.define(kw_only=True)
class GenericListing(ListingPage):
    """A front page, section or archive of any layout: the largest families of links that look like titles."""

    item_css: ClassVar[str] = "a"

    def links(self) -> Iterator[Link]:
        if self.source.selectors.listing:
            yield from ListingPage.links(self)
            return
        for entry in find_entries(self.tree, self.on_site, str(self.response.url)):
            yield Link(url=entry.url, published=self.date(entry.date, "listing"))

    def next_urls(self) -> list[str]:
        if self.source.selectors.next:
            return ListingPage.next_urls(self)
        root, here = self.tree, str(self.response.url)
        following = find_next(root, self.on_site, here) or find_archive(root, self.on_site, here)
        return [following] if following else []


PLATFORM = Platform(
    key="generic",
    page=GenericPage,
    listing=GenericListing,
    article_path=re.compile(
        r"^(?!/?$)(?!.*\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|jpe?g|png|gif|webp|svg|mp[34]|css|js|xml|rss|txt)$)"
        r"(?!(?:.*/)?(?:login|signin|register|logout|rss|feed|search|contact|about|sitemap|print|cart|account)(?:[/.?]|$)).+",
        re.IGNORECASE,
    ),
    query_keys=("id", "newsid", "nid", "itemid", "articleid", "code", "pageid", "p", "fkeyid", "newsview", "tabid"),
    listings=(),
)
