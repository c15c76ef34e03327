"""A release as schema.org's NewsArticle in JSON-LD, for search engines and for programs that read pages."""

import json
from collections.abc import Mapping
from typing import Any, Final

from markupsafe import Markup

from archive import ArchivedArticle
from archive.offices import Office
from persian.calendars import TEHRAN
from persian.published import Published
from syndication import permalinks
from syndication.addresses import address
from syndication.feeds.documents import PUBLISHER

HEADLINE: Final = 110  # letters
ESCAPES: Final = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})
"""With these, no text can end the element that the block stands in, whatever an office writes."""


def data_block(item: ArchivedArticle, office: Office, base_url: str) -> Markup:
    """The `<script>` of a page; it is data, which no browser runs."""
    told = {name: value for name, value in _news_article(item, office, base_url).items() if value}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return Markup(f'<script type="application/ld+json">{text}</script>')  # noqa: S704 - escaped here


def _news_article(item: ArchivedArticle, office: Office, base_url: str) -> Mapping[str, Any]:
    """The text itself is left out: the page has it. A date is as precise as it is known, or left out.

    Every revision but the first is an edit by the office, modified at the latest when Monadi saw it.
    """
    article = item.article
    here = base_url + permalinks.of_article(item.id)
    published, modified = article.published, article.modified
    seen = item.revised_at.astimezone(TEHRAN).replace(microsecond=0).isoformat() if item.revision > 1 else ""
    publisher = {
        "@type": "Organization",
        "name": office.name_fa,
        "alternateName": office.name_en,
        "url": address(office.url),
    }
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": here,
        "mainEntityOfPage": here,
        "headline": _shortened(article.title),
        "alternativeHeadline": article.kicker,
        "abstract": article.lead,
        "datePublished": _date(published),
        "dateModified": _date(modified) or seen,
        "author": publisher,
        "publisher": publisher,
        "inLanguage": "fa",
        "articleSection": article.category,
        "keywords": [str(tag) for tag in article.tags],
        "image": address(article.image),
        "isBasedOn": address(article.url),
        "archivedAt": base_url + permalinks.of_revision(item.id, item.revision),
        "identifier": item.guid,
        "version": item.revision,
        "sdPublisher": {"@type": "Organization", "name": PUBLISHER, "url": f"{base_url}/"},
    }


def _date(published: Published | None) -> str:
    """An instant with Tehran's offset of that day, or the day; a Jalali month is none that schema.org could state."""
    return published.gregorian if published and published.precision != "month" else ""


def _shortened(title: str) -> str:
    return title if len(title) <= HEADLINE else f"{title[: HEADLINE - 1].rstrip()}…"
