# ruff: noqa: INP001, T201, S311 - a script that prints, with the same chance in every run
"""Hostile articles, and whether every feed of them is valid.

    python benchmarks/hostile.py [--articles 10000] [--seed 1] [--batch 50]

Every text of an article may hold what breaks feeds: control characters, lone surrogates, noncharacters, direction
marks, ends of CDATA, references to nothing, markup that runs, frames or submits, markup that only becomes such when it
is read twice, addresses of every scheme and of none; or nothing at all. Each batch is a feed, in each format and with
each `content=`, of entries and of edits, and each document must: parse strictly and by feedparser without `bozo`; be
valid by docs/schemas; hold every id once, in order; hold no character that XML forbids; and show no content that acts
(`acts`, a judge that shares nothing with the sanitizer). Then bodies of 20 MB are timed. Status 1 where anything fails.
"""

import argparse
import json
import random
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import feedparser
from jsonschema import Draft202012Validator
from lxml import etree, html

from archive import ArchivedArticle, Article, Kind, State
from archive.article import Attachment
from archive.edits import Edit
from persian.dates import parse
from sources import Catalogue, Province
from syndication.feeds import Format, Place, compose, find
from syndication.feeds.announced import FRAGMENTS, Announced
from syndication.feeds.edits import Told
from syndication.feeds.issue import Issue
from syndication.feeds.options import Content, Options
from syndication.omissions import OMISSIONS

SCHEMAS = Path(__file__).parents[1] / "docs/schemas"
BASE = "https://news.example.ir"
SEEN = datetime(2021, 12, 6, 8, tzinfo=UTC)
LARGE = 20_000_000  # letters

CHARACTERS = [
    *map(chr, range(0x20)),
    *map(chr, range(0x7F, 0xA1)),
    *"\ud800\udbff\udc00\udfff\ufffe\uffff\ufdd0\U0001ffff\U0010ffff\ufeff\ufffd",
    *"\u200b\u200c\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2060",
    *"\u0338\u064b\u0670\u0300\u20dd\u2028\u2029\u3000\u00ad\U000e0041\U0001f468",
    *"<>&\"'`=/\\;:#%{}[]()!-?",
]
WORDS = ["استاندار", "یزد", "می\u200cشود", "۱۲", "بیمه", "نشست", "كار", "123", "press", "روابط عمومی"]
TEXTS = [
    "]]>",
    "<![CDATA[",
    "]]]]><![CDATA[>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]>&b;",
    "<?xml version='1.0'?>",
    "<!-- -- -->",
    "--><script>",
    "</description></item></channel></rss>",
    "</title><script>alert(1)</script>",
    '"}], "items": []}',
    "\\u0000\\ud800",
    "&#0;",
    "&#xD800;",
    "&#x1F;",
    "&#11;",
    "&undefined;",
    "&amp;lt;script&amp;gt;",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&&&",
    "%00%ff%zz",
]
SCHEMES = [
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java&#10;script:alert(1)",
    "&#106;avascript:alert(1)",
    "\x01javascript:alert(1)",
    "vbscript:x",
    "data:text/html,<script>1</script>",
    "data:image/svg+xml;base64,AAAA",
    "file:///etc/passwd",
    "ftp://x/y",
    "blob:x",
    "//[::1",
    "http://[x/",
    "https://user:pw@e.ir:99999/",
    "http://e.ir:80/\u202eخبر?a=<b>&c=\"'",
    "https://e.ir/a b\nc",
    "/fa/news/1?x=1&amp;y=2",
    "../..//x",
    "#x",
    "?",
    "mailto:a@b.ir?subject=<x>",
    "tel:+98 35",
    "https://e.ir/" + "x" * 3000,
    "https://" + "ا" * 70 + ".ir/",
    "",
]
MARKUP = [
    "<script>alert(1)</script>",
    "<scr\0ipt>alert(1)</scr\0ipt>",
    "<script src=//x.ir/x.js>",
    "<SCRIPT\n>x</script\t>",
    "<style>p{background:url(javascript:x)}</style>",
    "<p style='background:url(javascript:x)' onclick=x() ONMOUSEOVER='x'>",
    "<img src=x onerror=alert(1)>",
    "<img src='{}' srcset='{}' lowsrc='{}' alt='<script>'>",
    "<img src='/p?x' width=1 height=1><img src=//t.ir/pixel?u=1><img src=/a style=display:none>",
    "<a href='{}' target=_blank ping='{}'>نشانی</a>",
    "<a href={}>",
    "<iframe src='{}' srcdoc='<script>x</script>'></iframe>",
    "<object data='{}'><embed src='{}'></object><applet code=x></applet>",
    "<form action='{}'><input name=a autofocus onfocus=x()><button formaction='{}'>b</button></form>",
    "<svg><script>x</script><a xlink:href='javascript:x'>x</a><style><img src=x onerror=x></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=x&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=x>'>",
    "<template><script>x</script></template><xmp><script>x</script></xmp>",
    "<title><img src=x onerror=x></title><textarea><script>x</script></textarea>",
    "<base href='{}'><meta http-equiv=refresh content='0;url={}'><link rel=stylesheet href='{}'>",
    "<table><tr><td>یک<td dir=rtl>دو</table>",
    "<p dir='rtl\" onclick=\"x'>",
    "<b><i><u><p>" * 30,
    "<div>" * 600,
    "</p></div></body></html>",
    "<p><b>باز",
    "<video src='{}' autoplay><source src='{}'></video><audio src='{}'>",
    "<marquee onstart=x()>x</marquee><details open ontoggle=x()>x</details>",
    "<![CDATA[<script>x</script>]]>",
    "<p>پاراگراف</p>",
    "<br/><hr>",
    "<isindex action=javascript:x><keygen autofocus onfocus=x>",
]


class Hostile:
    """Makes articles; the same ones of the same seed."""

    def __init__(self, seed: int, province: Province) -> None:
        self._chance = random.Random(seed)
        self._province = province

    def articles(self, count: int) -> Iterator[ArchivedArticle]:
        return (self._archived(number) for number in range(count))

    def edited(self, item: ArchivedArticle) -> ArchivedArticle:
        """The same article with other texts."""
        other = self._archived(item.change)
        return replace(item, article=other.article, revision=2, revisions=2, revised_at=SEEN + timedelta(hours=1))

    def _archived(self, number: int) -> ArchivedArticle:
        seen = SEEN - timedelta(minutes=number)
        return ArchivedArticle(
            id=f"mcls-yazd/{number}",
            guid=UUID(int=self._chance.getrandbits(128), version=4).urn,
            article=self._article(number, seen),
            agency="mcls",
            province=self._province,
            first_seen=seen,
            last_seen=seen,
            revised_at=seen,
            state=State.LIVE,
            revision=1,
            revisions=1,
            content_hash="sha256:0",
            change=number,
        )

    def _article(self, number: int, seen: datetime) -> Article:
        if number % 50 == 0:
            return Article(source="mcls-yazd", url="", title="", body="", extractor="", fetched_at=seen)
        chance = self._chance
        date = parse(chance.choice(["۱۵ آذر ۱۴۰۰ ۰۹:۱۹", "۱ فروردین ۱۳۰۱", "آذر ۱۴۰۰", "1403-12-30"]), fetched_at=seen)
        published = chance.choice([None, date, replace(date, raw=self.text(), flags=("weekday-mismatch", "future"))])
        return Article(
            source="mcls-yazd",
            url=self.address(),
            native_id=str(number),
            title=self.text(),
            kicker=chance.choice([None, self.text()]),
            lead=chance.choice([None, self.text()]),
            body=self.text() + "\n" + self.text(),
            body_html=chance.choice(["", self.markup()]),
            byline=chance.choice([None, self.text()]),
            category=chance.choice([None, self.text()]),
            tags=tuple(self.text() for _ in range(chance.randrange(4))),
            image=chance.choice([None, self.address()]),
            attachments=tuple(self.attachment() for _ in range(chance.randrange(4))),
            extractor="generic/1",
            fetched_at=seen,
            published=published,
        )

    def text(self) -> str:
        pieces = self._chance.choices([WORDS, CHARACTERS, TEXTS, MARKUP], [5, 3, 2, 1], k=self._chance.randrange(12))
        return self._chance.choice(["", " "]).join(self._chance.choice(piece) for piece in pieces)

    def markup(self) -> str:
        pieces = self._chance.choices([MARKUP, WORDS, CHARACTERS, TEXTS], [5, 3, 1, 1], k=self._chance.randrange(1, 20))
        return "".join(re.sub(r"\{\}", lambda _: self.address(), self._chance.choice(piece)) for piece in pieces)

    def address(self) -> str:
        return self._chance.choice([*SCHEMES, f"https://e.ir/{self.text()}", self.text(), "https://e.ir/fa/news/1"])

    def attachment(self) -> Attachment:
        chance = self._chance
        return Attachment(
            url=self.address(),
            type=chance.choice([None, "application/pdf", "text/html; charset=x", "a/b\n", self.text()]),
            title=chance.choice([None, self.text()]),
            length=chance.choice([None, -5, 0, 7, 2**70]),
        )


FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010fffd]")  # or discouraged
ACTIVE = {
    *(
        "script",
        "style",
        "form",
        "input",
        "button",
        "textarea",
        "select",
        "iframe",
        "frame",
        "object",
        "embed",
        "applet",
    ),
    *("meta", "base", "link", "svg", "math", "template", "noscript", "video", "audio", "source", "marquee", "xmp"),
}
HARMLESS = re.compile(r"https?://|mailto:|tel:", re.IGNORECASE)


def acts(content: str) -> list[str]:
    """What in a piece of HTML acts, loads what it should not, or needs an address that a reader does not know."""
    found = []
    for element in html.fragment_fromstring(content, create_parent="div").iter():
        if not isinstance(element.tag, str):
            found.append("a comment")
            continue
        if element.tag in ACTIVE:
            found.append(f"<{element.tag}>")
        for name, value in element.attrib.items():
            if name.startswith("on") or name in ("style", "srcset", "ping", "srcdoc", "action", "formaction", "id"):
                found.append(f"{element.tag} {name}")
            if name in ("href", "src") and not HARMLESS.match(value):
                found.append(f"{element.tag} {name}={value[:40]!r}")
        if element.tag == "img" and ("alt" not in element.attrib or not element.get("src")):
            found.append("an image without src or alt")
    return found


class Judge:
    """Tells what is wrong with documents."""

    def __init__(self) -> None:
        schema = json.loads((SCHEMAS / "feed.schema.json").read_text(encoding="utf-8"))
        self._json = Draft202012Validator(schema)
        self._xml = {
            format_: etree.RelaxNG(etree.parse(SCHEMAS / f"{format_}.rng")) for format_ in (Format.RSS, Format.ATOM)
        }

    def faults(self, document: bytes, format_: Format, ids: Sequence[str]) -> list[str]:
        """Of a document that should announce these ids in this order."""
        text = document.decode()  # strictly
        faults = [f"forbidden {found[0]!r}" for found in FORBIDDEN.finditer(text)]
        found = self._of_json(text, faults) if format_ is Format.JSON else self._of_xml(document, format_, faults)
        if [each for each, _ in found] != list(ids):
            faults.append("other ids")
        for each, content in found:
            faults += [f"{each}: {fault}" for fault in (acts(content) if content else [])]
        return faults

    def _of_json(self, text: str, faults: list[str]) -> list[tuple[str, str]]:
        read = json.loads(text, parse_constant=faults.append)
        faults += [f"schema: {error.message[:200]}" for error in self._json.iter_errors(read)]
        faults += [f"forbidden {found[0]!r}" for each in _strings(read) for found in FORBIDDEN.finditer(each)]
        return [(item["id"], item.get("content_html", "")) for item in read["items"]]

    def _of_xml(self, document: bytes, format_: Format, faults: list[str]) -> list[tuple[str, str]]:
        root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
        if not self._xml[format_].validate(root):
            faults += [f"schema: {error.message[:200]}" for error in self._xml[format_].error_log]
        read = feedparser.parse(document, sanitize_html=False, resolve_relative_uris=False)
        if read.bozo:
            faults.append(f"bozo: {read.bozo_exception}")
        contents = [_shown(each) for each in read.entries]
        return list(zip([each.id for each in read.entries], contents, strict=True))


def _shown(entry: Any) -> str:
    """All that a reader takes for HTML."""
    parts = [*entry.get("content", []), *([entry.summary_detail] if "summary_detail" in entry else [])]
    return "".join(f"<div>{part.value}</div>" for part in parts if part.type != "text/plain")


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from (key, *_strings(each))
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def issues(hostile: Hostile, count: int, batch: int) -> Iterator[tuple[str, Issue]]:
    """Feeds of hostile articles under a name: each batch in every way that a feed may tell it, and its edits."""
    items = list(hostile.articles(count))
    for start in range(0, count, batch):
        some = items[start : start + batch]
        for content in Content:
            options = Options(content=content, date_line=content is Content.FULL)
            told = [Announced(item=item, office=hostile.text(), options=options) for item in some]
            yield f"content={content}", Issue(entries=told)
        edits = [
            Told(
                edit=Edit(
                    seq=number,
                    at=SEEN,
                    kind=Kind.REVISED,
                    pk=number,
                    item=hostile.edited(item),
                    before=item,
                    state=State.LIVE,
                ),
                office="",
                content=Content.FULL,
            )
            for number, item in enumerate(some, start=1)
        ]
        yield "edits", Issue(entries=edits)


def judged(count: int, seed: int = 1, batch: int = 50) -> tuple[int, Counter[str], list[str]]:
    """How many documents there were, of which kinds, and what was wrong with them."""
    catalogue = Catalogue.load()
    judge, feed, place = Judge(), find("all", catalogue), Place(base_url=BASE, hub=f"{BASE}/hub")
    kinds: Counter[str] = Counter()
    faults = []
    for kind, issue in issues(Hostile(seed, catalogue.province("yazd")), count, batch):
        for format_ in Format:
            document = compose(feed, issue, format_, place)
            found = judge.faults(document, format_, _ids(issue))
            kinds[f"{format_}, {kind}"] += 1
            faults += [f"{format_}, {kind}: {fault}" for fault in found]
    faults += [f"left out: {each.item} {each.format} {each.reason}" for each in OMISSIONS.all()]
    return sum(kinds.values()), kinds, faults


def _ids(issue: Issue) -> list[str]:
    return [each._entry().guid for each in issue.entries]  # type: ignore[attr-defined]  # noqa: SLF001


def large() -> Iterator[tuple[str, float, int, list[str]]]:
    """Bodies of 20 MB: the shape, CPU seconds to render one in three formats, bytes of the largest, faults."""
    catalogue = Catalogue.load()
    judge, feed, place = Judge(), find("all", catalogue), Place(base_url=BASE)
    (item,) = (Hostile(1, catalogue.province("yazd"))._archived(1),)  # noqa: SLF001
    shapes = {
        "paragraphs": "<p>واژه‌ی بند</p>" * (LARGE // 20),
        "one word": "ا" * LARGE,
        "tags alone": "<b>" * (LARGE // 3),
        "images": '<img src="/a.jpg">' * (LARGE // 18),
        "a script": "<script>" + "x" * LARGE,
        "control characters": "\x00\x0b" * (LARGE // 2),
        "references": "&#1;&amp;" * (LARGE // 9),
    }
    for name, text in shapes.items():
        for field in ("body_html", "every text"):
            FRAGMENTS.clear()
            changes = {"body_html": text}
            if field != "body_html":
                changes = dict.fromkeys(("title", "kicker", "lead", "body", "body_html", "byline", "category"), text)
            announced = Announced(item=replace(item, article=replace(item.article, **changes)), office="x")
            began = time.process_time()
            documents = {format_: compose(feed, Issue(entries=[announced]), format_, place) for format_ in Format}
            took = time.process_time() - began
            faults = [each for format_, made in documents.items() for each in judge.faults(made, format_, [item.guid])]
            yield f"{name}, {field}", took, max(map(len, documents.values())), faults


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    words.add_argument("--articles", type=int, default=10_000)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--batch", type=int, default=50)
    asked = words.parse_args()
    began = time.process_time()
    documents, kinds, faults = judged(asked.articles, asked.seed, asked.batch)
    print(f"{asked.articles} articles, {documents} documents, {time.process_time() - began:.0f} s of CPU")
    for kind, count in sorted(kinds.items()):
        print(f"  {count:5} {kind}")
    for name, took, size, found in large():
        print(f"  20 MB of {name}: {took:.2f} s of CPU in three formats, {size:,} bytes")
        faults += [f"{name}: {fault}" for fault in found]
    print(f"  {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB at most")
    print(f"{len(faults)} faults", *faults[:40], sep="\n  ")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
