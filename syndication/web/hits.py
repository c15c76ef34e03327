"""Releases in a list, as a page shows them: title and passage, with what was searched in `<mark>`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from markupsafe import Markup, escape

from archive import ArchivedArticle
from archive.search.highlights import Highlights
from syndication.web import dates

LENGTH: Final = 280  # letters of a passage
NOTHING_SOUGHT: Final = Highlights("")


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A release; `text` is the passage of its lead, or of its body, that shows most of what was searched."""

    item: ArchivedArticle
    title: Markup
    text: Markup

    @classmethod
    def of(cls, item: ArchivedArticle, highlights: Highlights = NOTHING_SOUGHT) -> Self:
        article = item.article
        field, text = ("lead", article.lead) if article.lead else ("body", article.body)
        passage = highlights.passage(text, field, LENGTH)
        dots = ("" if passage.opens else "… ", "" if passage.closes else "…")
        told = Markup(dots[0]) + _marked(passage.text, passage.spans) + Markup(dots[1])  # noqa: S704 - our own dots
        return cls(item=item, title=_marked(article.title, highlights.spans(article.title, "title")), text=told)


@dataclass(frozen=True, slots=True)
class Day:
    """The releases of one day in Tehran."""

    date: dates.Shown
    hits: list[Hit]


def _marked(text: str, spans: Iterable[tuple[int, int]]) -> Markup:
    told, done = Markup(), 0
    for start, end in spans:
        told += escape(text[done:start]) + Markup("<mark>%s</mark>") % text[start:end]
        done = end
    return told + escape(text[done:])
