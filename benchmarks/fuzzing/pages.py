"""Pages as sites might send them: recordings after edits, trees of their tags, charsets that are not theirs."""

import itertools
import json
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from scrapy.http import Headers, Response

from benchmarks.fuzzing.chance import CONTROLS, NUMBERS, ODD, Chance, Target, as_bytes, parts_of
from benchmarks.fuzzing.held import hold_addresses, hold_article, hold_date
from benchmarks.hostile import MARKUP, SCHEMES, TEXTS, WORDS
from sources import PLATFORMS, Catalogue, Selectors, Source
from sources.offices import Agency
from spiders.detect import recognise
from spiders.errors import PageError
from spiders.platforms import platform
from spiders.politeness import walls
from spiders.reading import read
from spiders.responses import page_response

HOST = "https://yazd.example.ir/"
READ_AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
READERS = [key for key in PLATFORMS if key != "auto"]
TYPES = [
    *("text/html; charset=utf-8", "text/html", "text/html; charset=windows-1256", "text/html; charset=utf-16", ""),
    *("text/html; charset=iso-8859-6", "text/html; charset=nosuch", "application/pdf", "text/html;charset=\ud800"),
]
PATHS = [
    *("fa/news/12/khabar", "fa/news/12/%D8%AE%D8%A8%D8%B1", "?p=12", "news/12", "", "index.php/12-x", "node/12", "%"),
    *("fa/news/" + "9" * 5000, "web/guest/-/asset/12", "Pages/12.aspx", "fa-IR/12/News/View/12/x", "dorsapax/12"),
]
DATES = ["۱۵ آذر ۱۴۰۰ ۰۹:۱۹", "2021-12-06T09:19:00+03:30", "۱۴۰۰/۰۹/۱۵", "1400-13-45", "دوشنبه ۱۵ آذر", "۲ ساعت پیش"]


class Page(NamedTuple):
    """An answer: whose reader it is for, its path on the host, its Content-Type, its body."""

    reader: str
    path: str
    type: str
    body: bytes


@cache
def recordings() -> list[tuple[str, bytes]]:
    """The recorded pages of the tests, each with the key of its platform."""
    folder = Path(__file__).parents[2] / "tests/pages"
    answers = sorted(folder.glob("*/*/response.json"))
    return [
        (json.loads(each.read_text("utf-8"))["platform"], each.with_name("page.html").read_bytes()) for each in answers
    ]


@cache
def pieces() -> list[bytes]:
    own = parts_of([body for _, body in recordings()])
    strange = as_bytes([*MARKUP, *TEXTS, *WORDS, *ODD, *CONTROLS, *DATES, *NUMBERS])
    links = as_bytes([form.format(link) for link in SCHEMES for form in ("<a href='{}'>x</a>", "<img src='{}'>")])
    rels = as_bytes(
        [f"<link rel='{rel}' href='{link}'>" for link in SCHEMES for rel in ("canonical", "shortlink", "next")]
    )
    metas = as_bytes(
        [f"<meta property='{name}' content='{value}'>" for name in
         ("og:image", "og:title", "article:published_time", "article:modified_time", "generator")
         for value in (*SCHEMES, *DATES, *NUMBERS, *TEXTS)]
    )  # fmt: skip
    ours = as_bytes(["<table>", "<tr>", "<td>", "<p>", "</p>", "<div>", "</div>", "<base href='{}'>", "<br>", "<!--"])
    sizes = as_bytes(
        [form.format(number) for number in NUMBERS for form in
         ("<a href='/a.pdf' data-size='{}'>x</a>", "<a href='/a.pdf'>({} KB)</a>", "<a href='/a.pdf'>{} گیگابایت</a>")]
    )  # fmt: skip
    structured = as_bytes([f'<script type="application/ld+json">{value}</script>' for value in JSON_LD])
    return [*own, *own, *strange, *links, *rels, *metas, *ours, *sizes, *structured]


@cache
def openings() -> list[bytes]:
    """The tags of the recordings that begin elements, and those of some common names."""
    own = [
        part
        for part in parts_of([body for _, body in recordings()])
        if re.match(rb"<(?!meta|link|img|input|br)\w", part)
    ]
    return [*own, *as_bytes([f"<{tag} class='{name}'>" for tag in ("div", "li", "b") for name in NAMES])]


@cache
def elements() -> list[bytes]:
    """Small elements with what they hold: those of the recordings, and links of many addresses."""
    small = re.compile(rb"<(\w+)[^>]*>[^<]{1,80}</\1>")
    own = list(dict.fromkeys(found[0] for _, body in recordings() for found in small.finditer(body)))
    links = [f"<a href='/fa/news/1/x'>{text}</a>" for text in ("پل", "خبر پل سرچشمه به بهره‌برداری رسید")]
    return [*own, *as_bytes(links)]


NESTED = 100  # elements of one tag in each other
NAMES = ("tags", "news", "item", "date", "title", "lead", "related", "comments")
JSON_LD = [
    '{"@type": "NewsArticle", "headline": "خبر", "datePublished": "2021-12-06T09:19:00Z", "articleBody": "متن"}',
    '{"@type": ["NewsArticle", 5], "headline": ["a", null, {"@value": 3}], "datePublished": 1400, "image": [[]]}',
    '{"@graph": [{"@type": "Article", "image": {"url": {"url": 5}}, "author": [{"name": ["x"]}], "headline": {}}]}',
    "[" * 3000,
    '{"@graph": ' * 300,
    "null",
    "[null, 5, [], {}]",
    '{"@type": "NewsArticle", "datePublished": "\\ud800", "headline": "\\u0000"}',
    '{"@type": "NewsArticle", "headline": ' + "9" * 5000 + "}",
]


@cache
def source(key: str) -> Source:
    return Source(
        id="nemuneh-yazd",
        agency=Agency(id="nemuneh", name_fa="نمونه", name_en="Sample"),
        province=Catalogue.load().province("yazd"),
        name_fa="نمونه یزد",
        name_en="Sample, Yazd",
        platform=key,
        url=HOST,
        selectors=Selectors(),
    )


def make(chance: Chance) -> Page:
    key, body = chance.choice(recordings())
    if chance.random() < 0.2:
        body = b"".join(chance.pieces(60, pieces()))
    others = [other for _, other in recordings()]
    body = chance.mangled(body, pieces(), others)
    if chance.random() < 0.1:
        body = body.decode("utf-8", "replace").encode(chance.choice(("cp1256", "utf-16", "iso-8859-6")), "replace")
    reader = key if chance.random() < 0.8 else chance.choice(READERS)
    return Page(reader, chance.choice(PATHS), TYPES[0] if chance.random() < 0.8 else chance.choice(TYPES), body)


def grown(chance: Chance, size: int) -> Page:
    """A recording with pieces of such pages, or whole elements, again and again, each with numbers of its own in its
    addresses; in many elements of one tag, or in none.
    """
    key, body = chance.choice(recordings())
    again = chance.repeated(chance.choice((pieces(), elements())), size)
    numbers = itertools.count()
    again = re.sub(rb"(?<=[/=])\d+", lambda _: b"%d" % next(numbers), again)
    nested = chance.choice(openings()) * chance.choice((0, 0, NESTED))
    start = chance.choice((chance.randrange(len(body)), len(body)))
    whole = body[:start] + nested + again + (body[start:] if chance.random() < 0.5 else b"")
    return Page(key if chance.random() < 0.5 else "generic", PATHS[0], TYPES[0], whole)


def check(page: Page) -> str:
    response = _response(page)
    reader, office = platform(page.reader), source(page.reader)
    walls.wall(200, {"Content-Type": page.type}, page.body)
    try:
        answer, _ = page_response(response)
        walls.missing(answer.text)
        _hold_listing(reader, office, answer)
        article = read(reader, answer, source=office, fetched_at=READ_AT)
    except PageError as error:
        assert "\n" not in str(error), f"a message of several lines: {str(error)[:80]!r}"
        return error.kind
    hold_article(article)
    if len(page.body) % 8 == 0:
        again, _ = page_response(response)
        assert read(reader, again, source=office, fetched_at=READ_AT) == article, "it reads otherwise again"
        recognise(answer)
    return "an article" if article.extractor.startswith(page.reader) else "an article, by the generic reader"


def _response(page: Page) -> Response:
    headers = Headers({"Content-Type": page.type.encode("utf-8", "replace")})
    return Response(HOST + page.path, status=200, headers=headers, body=page.body)


def _hold_listing(reader: Any, office: Source, answer: Any) -> None:
    """The same page as a list of others."""
    listing = reader.listing(response=answer, source=office, fetched_at=READ_AT)
    for link in listing.links():
        hold_addresses([link.url])
        hold_date(link.published)
        reader.is_article(link.url)
    hold_addresses(listing.next_urls())


TARGET = Target(name="pages", make=make, check=check, grown=grown, seconds=2.0)
