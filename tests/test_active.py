"""No active content passes from a site's page through the archive into what Monadi publishes (`tests/active.py`)."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape, unescape
from typing import Any

import html5lib
import pytest
from lxml import etree
from web_poet import HttpResponse

from archive import Archive, ArchivedArticle, Article, Kind, Query, crawls, intake
from archive.database import sqlite_url
from archive.edits import Edit
from persian.markup import safe_html
from sources import Catalogue
from spiders.platforms import platform
from syndication.exports.extract import extract
from syndication.feeds import Format, Place, compose, find
from syndication.feeds.announced import Announced
from syndication.feeds.edits import Told
from syndication.feeds.issue import Issue
from syndication.feeds.options import Content, Options
from syndication.web import create_app
from tests.active import BYTES, cases, words
from tests.syndication.asking import Client

BASE = "https://news.example.ir"
CATALOGUE = Catalogue.load()
SOURCE = CATALOGUE.source("mcls-yazd")
READ_AT = datetime(2021, 12, 6, 9, tzinfo=UTC)
HEAD = """<!DOCTYPE html><html lang="fa" dir="rtl"><head><meta charset="utf-8"><title>خبر</title></head><body>
<article class="article-view"><div class="kicker">{text}</div><h1>{title}{text}</h1>
<div class="info"><span class="date-info">دوشنبه ۱۵ آذر ۱۴۰۰ - ۰۹:۱۹</span></div><div class="summary">{lead}{text}</div>
<div class="content"><p>بند نخست از آن‌چه اداره نوشت و خوانندگان می‌خوانند.</p>"""
FOOT = """<p>بند پایانی.</p></div>
<p class="attachment"><a href="/files/1.pdf" type="application/pdf" title="{text}">{text}</a></p>
<div class="tags">برچسب‌ها: <a href="#">{text}</a></div></article></body></html>"""

# ---- what a reader takes for HTML, judged by a parser that Monadi does not use ----

TAGS = frozenset(
    words(
        "div p br h2 h3 h4 h5 h6 ul ol li blockquote strong b em i u sub sup small ins del a img figure figcaption "
        "table thead tbody tr th td "
    )
)
ATTRIBUTES = frozenset(words("dir lang href title src alt width height colspan rowspan rel datetime "))
LINKED, LOADED = {"http", "https", "mailto", "tel"}, {"http", "https"}
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
URLS = frozenset(words("href src action formaction data poster cite background srcset xlink:href longdesc ping "))
HTML = "{http://www.w3.org/1999/xhtml}"


def parsed(content: str, *, scripting: bool = False) -> Any:
    """As a browser builds it, with scripts on or off, which read `<noscript>` in different ways."""
    return html5lib.HTMLParser(strict=False).parse(content, scripting=scripting)


def elements(tree: Any) -> Iterator[Any]:
    return (node for node in tree.iter() if isinstance(node.tag, str))


def active(content: str) -> list[str]:
    """What in a piece of HTML is more than structure, links and images; read twice, as editors and caches do."""
    found: list[str] = []
    for scripting in (False, True):
        once = parsed(content, scripting=scripting)
        again = html5lib.serialize(once, quote_attr_values="always", omit_optional_tags=False)
        for tree in (once, parsed(again, scripting=scripting)):
            body = tree.find(f"{HTML}body")
            if body is None:
                return [*found, "a frameset"]
            found += _foreign(tree, body)
            found += [fault for node in elements(body) if node is not body for fault in _faults(node)]
    return found


def _foreign(tree: Any, body: Any) -> list[str]:
    """What a piece says of the page around it, and comments."""
    head = tree.find(f"{HTML}head")
    said = [f"in the head: {node.tag}" for node in elements(head) if node is not head]
    said += [f"of the page: {name}" for node in (tree, body) for name in node.attrib]
    return said + ["a comment" for node in tree.iter() if not isinstance(node.tag, str)]


def _faults(node: Any) -> Iterator[str]:
    tag = node.tag.removeprefix(HTML)
    if tag not in TAGS:
        yield f"<{tag}>"
    for name, value in node.attrib.items():
        if name not in ATTRIBUTES:
            yield f"{tag} {name}"
        if name in URLS and scheme_of(value) not in (LOADED if name == "src" else LINKED):
            yield f"{tag} {name}={value[:40]!r}"


def scheme_of(address: str) -> str | None:
    """As a browser finds it (https://url.spec.whatwg.org/#url-parsing); None for a relative address."""
    found = SCHEME.match(re.sub(r"[\t\n\r]", "", address.strip("".join(map(chr, range(0x21))))))
    return found and found[1].lower()


# ---- from the page to the archive ----


def read(body: bytes, text: str, number: int) -> Article:
    """A page with this in its body, and with the text in every other part of it."""
    said = {"text": escape(text), "title": f"نشست {number} ", "lead": "این نشست در یزد برگزار شد. "}
    page = HEAD.format(**said).encode(errors="replace") + body + FOOT.format(**said).encode(errors="replace")
    response = HttpResponse(f"{SOURCE.url}fa/news/{number}/x", body=page, encoding="utf-8")
    return platform("fa_portal").read(response, source=SOURCE, fetched_at=READ_AT)


@dataclass(frozen=True)
class Published:
    """An archive of one release a case, and what it is asked by."""

    archive: Archive
    ask: Client
    items: dict[str, ArchivedArticle]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    place = tmp_path_factory.mktemp("active")
    bodies = {name: (text.encode(errors="replace"), text) for name, text in cases()}
    bodies |= {name: (body, body.decode(errors="replace")) for name, body in BYTES.items()}
    bodies["nothing"] = (b"", "")
    with Archive(sqlite_url(place / "monadi.db"), place / "search") as archive:
        archive.upgrade()
        readings = [read(*texts, number) for number, texts in enumerate(bodies.values(), 1)]
        with archive.writing() as connection:
            crawls.register(connection, CATALOGUE.sources.values())
            intake.save(connection, readings)
        kept = {item.article.native_id: item for item in archive.articles(Query(limit=len(bodies)))}
        items = {name: kept[str(number)] for number, name in enumerate(bodies, 1)}
        yield Published(archive, Client(create_app(archive, CATALOGUE, BASE)), items)


@pytest.fixture(scope="module")
def judged() -> Callable[[str], list[str]]:
    """`active`, once for each piece: most outputs show the same."""
    known: dict[str, list[str]] = {}
    return lambda content: known.setdefault(content, active(content)) if content not in known else known[content]


def faults(published: Published, told: Callable[[ArchivedArticle], Iterator[str]], judge: Any) -> dict[str, list[str]]:
    """Of each case in which there are any."""
    found = {name: [fault for piece in told(item) for fault in judge(piece)] for name, item in published.items.items()}
    return {name: each for name, each in found.items() if each}


def test_the_judge_sees_what_acts():
    kept = {name for name, text in cases() if not active(f"<div>{text}</div>")}
    assert active('<div dir="rtl"><p>یک <a href="https://e.ir/">x</a><img src="https://e.ir/a" alt=""></p></div>') == []
    assert len(kept) < 100  # what is only text to a browser: written in full width, escaped twice, an address of https
    assert not any(name.startswith(("on", "style", "element")) for name in kept)


def test_the_sanitizer_leaves_nothing_that_acts_in_what_it_is_given_raw():
    """As archives hold it that were filled by older readers, or imported."""
    texts = {**dict(cases()), **{name: body.decode(errors="replace") for name, body in BYTES.items()}}
    relative = re.compile(r"(?:a href|img src)=['\"]")  # which stay as they are, and lead nowhere but to the same site
    found = {name: active(safe_html(text)) for name, text in texts.items()}
    assert {name: each for name, each in found.items() if not all(map(relative.match, each))} == {}
    addresses = {
        address for text in texts.values() for address in re.findall('(?:href|src)="([^"]*)"', safe_html(text))
    }
    assert {scheme_of(unescape(each)) for each in addresses} <= LINKED | {None}


def test_every_case_is_a_release_that_still_says_what_stands_around_it(published: Published):
    lost = [name for name, item in published.items.items() if "بند نخست" not in item.article.body]
    assert lost == []
    assert len(published.items) > 900


def test_the_archive_holds_no_active_content(published: Published, judged):
    """What the API, the exports and every other face hand on as `body_html`."""
    with extract(published.archive, Query()) as rows:
        records = [json.loads(line) for some in rows.lines() for line in some]
    assert len(records) == len(published.items)
    assert {record["id"]: found for record in records if (found := judged(record["body_html"]))} == {}


@pytest.mark.parametrize("content", Content)
@pytest.mark.parametrize("format_", Format)
def test_feeds_carry_no_active_content(published: Published, judged, format_: Format, content: Content):
    feed, place = find("all", CATALOGUE), Place(base_url=BASE)

    def told(item: ArchivedArticle) -> Iterator[str]:
        announced = Announced(item=item, office="دفتر", options=Options(content=content, date_line=True))
        yield from shown(compose(feed, Issue(entries=[announced]), format_, place), format_)

    assert faults(published, told, judged) == {}


def test_feeds_of_edits_carry_no_active_content(published: Published, judged):
    feed, place = find("all", CATALOGUE), Place(base_url=BASE)
    plain = published.items["nothing"]

    def told(item: ArchivedArticle) -> Iterator[str]:
        before, after = (plain, item) if item.change % 2 else (item, plain)
        edited = replace(after, revision=2, revisions=2)
        edit = Edit(seq=1, at=READ_AT, kind=Kind.REVISED, pk=1, item=edited, before=before, state=after.state)
        issue = Issue(entries=[Told(edit=edit, office="", content=Content.FULL)])
        yield from shown(compose(feed, issue, Format.ATOM, place), Format.ATOM)

    assert faults(published, told, judged) == {}


def shown(document: bytes, format_: Format) -> Iterator[str]:
    """All that a reader may take for HTML."""
    if format_ is Format.JSON:
        for item in json.loads(document)["items"]:
            yield item.get("content_html", "")
        return
    root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    for node in root.iter("{*}*"):
        name = etree.QName(node).localname
        if node.get("type") == "html" or name in {"encoded", "description"}:
            yield node.text or ""
        if format_ is Format.RSS and name == "title":  # which most readers take for HTML (RSS 2.0 does not say)
            yield node.text or ""


# ---- pages ----

FORMS = frozenset({"script", "link", "meta", "form", "input", "button", "select", "iframe", "style", "svg"})
PATHS = {"/articles/{}": 1, "/en/articles/{}": 9, "/articles/{}/revisions/1": 7}
"""Addresses of a release, and of how many cases one is asked for there: the same template makes all of them."""

SVG = "{http://www.w3.org/2000/svg}"


def of_page(page: str) -> tuple[Counter[str], list[str]]:
    """The elements of a page that do more than show, and what in it acts wherever it stands."""
    found, done = [], Counter()
    for node in elements(parsed(page, scripting=True)):
        tag = node.tag.removeprefix(HTML)
        if tag in FORMS:
            done[tag] += 1
        if tag not in FORMS | TAGS | ORDINARY:
            found.append(f"<{tag}>")
        if tag == "script":
            json.loads(node.text)
            found += [] if node.attrib == {"type": "application/ld+json"} else ["a script"]
        found += [f"{tag} {name}" for name in node.attrib if name.startswith("on") or name in {"style", "srcdoc"}]
        addresses = [value for name, value in node.attrib.items() if name in URLS]
        found += [f"{tag}: {each[:60]}" for each in addresses if scheme_of(each) not in LINKED | {None}]
    return done, found


ORDINARY = frozenset(
    words(
        "html head body title header nav main footer section article aside h1 span time mark label option dl dt dd "
        "details summary hr bdi code abbr caption cite pre fieldset legend "
    )
) | {f"{SVG}{name}" for name in ("svg", "g", "rect", "text", "title", "desc", "a")}


@pytest.mark.parametrize("path", PATHS)
def test_pages_of_the_reading_room_carry_no_active_content(published: Published, path: str):
    ordinary, none = of_page(published.ask(path.format(published.items["nothing"].id)).text)
    assert none == []
    wrong = {}
    for name, item in [*published.items.items()][:: PATHS[path]]:
        answer = published.ask(path.format(item.id))
        done, found = of_page(answer.text)
        more = {tag: count for tag, count in done.items() if tag in {"script", "iframe", "style", "svg", "form"}}
        if found or answer.status != 200 or any(count > ordinary[tag] for tag, count in more.items()):
            wrong[name] = (found, done - ordinary)
    assert wrong == {}


@pytest.mark.parametrize("path", ["/search?limit=50", "/en/search?limit=50", "/changes", "/provinces/yazd", "/"])
def test_lists_of_releases_carry_no_active_content(published: Published, path: str):
    answer = published.ask(path)
    assert answer.status == 200
    assert of_page(answer.text)[1] == []
