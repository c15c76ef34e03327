"""Badges: how a source fares, or all of them, in a small picture for pages elsewhere.

`/badges/mcls-yazd.svg`, `/badges/all.svg`; in English with `?lang=en`. The picture says in words what its colour says,
and so does its title.
"""

from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from xml.sax.saxutils import escape

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive import Archive, crawls
from archive.crawls import Crawl
from sources import Catalogue
from syndication.web import room
from syndication.web.language import ENGLISH, PERSIAN, Language
from syndication.web.responses import kept

SECONDS: Final = 300  # that a badge is kept by who shows it
LETTER: Final = 6.5  # units wide, at 11 units of height
GAP: Final = 16  # beside a text
GREEN, YELLOW, RED, GREY = "#1a7f37", "#8a6100", "#c2272d", "#57606a"  # white on each has a contrast of 4.5 and more


@dataclass(frozen=True, kw_only=True, slots=True)
class Badge:
    """A picture of two words, the second on a colour."""

    label: str
    word: str
    colour: str
    language: Language

    @property
    def svg(self) -> str:
        left, right = _width(self.label), _width(self.word)
        first, second = (left, right) if not self.language.is_persian else (right, left)
        texts = (self.label, self.word) if not self.language.is_persian else (self.word, self.label)
        colours = ("#3d444d", self.colour) if not self.language.is_persian else (self.colour, "#3d444d")
        whole, title = first + second, escape(f"{self.label}: {self.word}")
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" viewBox="0 0 {whole} 20" role="img"'
            f' aria-labelledby="t" lang="{self.language.code}"><title id="t">{title}</title>'
            f'<rect width="{first}" height="20" fill="{colours[0]}"/>'
            f'<rect x="{first}" width="{second}" height="20" fill="{colours[1]}"/>'
            '<g fill="#fff" text-anchor="middle" font-family="Vazirmatn,Verdana,Tahoma,DejaVu Sans,sans-serif"'
            f' font-size="11" direction="{self.language.direction}">'
            f'<text x="{first / 2}" y="14">{escape(texts[0])}</text>'
            f'<text x="{first + second / 2}" y="14">{escape(texts[1])}</text></g></svg>'
        )


class Badges:
    """The badges of a catalogue's sources."""

    def __init__(self, archive: Archive, catalogue: Catalogue) -> None:
        self._archive = archive
        self._catalogue = catalogue

    def endpoint(self, request: Request) -> Response:
        name = request.path_params["name"]
        language = ENGLISH if request.query_params.get("lang") == ENGLISH.code else PERSIAN
        if name != "all" and name not in self._catalogue.sources:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        with self._archive.reading(room.SECONDS) as connection:
            newest = crawls.latest(connection, None if name == "all" else name)
        badge = _of_all(newest, language) if name == "all" else self._of_source(name, newest, language)
        return kept(request.headers, badge.svg.encode(), "image/svg+xml", seconds=SECONDS)

    def _of_source(self, name: str, newest: list[Crawl], language: Language) -> Badge:
        label = language.name_of(self._catalogue.sources[name].province)
        if not newest:
            return Badge(label=label, word=language.say["badges"]["never"], colour=GREY, language=language)
        outcome = newest[0].outcome
        word = language.word("outcomes", outcome or "running")
        colour = GREY if outcome is None else RED if outcome.failed else YELLOW if outcome.trouble else GREEN
        return Badge(label=label, word=word, colour=colour, language=language)


def _of_all(newest: list[Crawl], language: Language) -> Badge:
    say = language.say["badges"]
    moods = Counter("trouble" if crawl.outcome and crawl.outcome.trouble else "fine" for crawl in newest)
    if not newest:
        return Badge(label=say["all"], word=say["never"], colour=GREY, language=language)
    if not moods["trouble"]:
        word = say["fine"].format(language.number(len(newest)))
        return Badge(label=say["all"], word=word, colour=GREEN, language=language)
    word = say["troubled"].format(language.number(moods["trouble"]), language.number(len(newest)))
    colour = RED if moods["trouble"] * 2 > len(newest) else YELLOW
    return Badge(label=say["all"], word=word, colour=colour, language=language)


def _width(text: str) -> int:
    return round(len(text) * LETTER) + GAP
