# ruff: noqa: INP001, T201 - a script that prints
r"""Article pages against the libraries one would otherwise take: what each reads of them, and how fast.

    python benchmarks/extraction.py NEWSROOM [--rounds 5] [--articles 12] [--only NAME …] [--save]
    python benchmarks/extraction.py --pages DIR [--rounds 5] [--only NAME …]

NEWSROOM is the folder of the imitation newsrooms (its `serve.py` and `world.py` are imported; nothing is served). DIR
holds pages of one's own: `NAME.html` as it was sent, and beside it `NAME.json` with what a reader sees on it:

    {"url": "https://…", "title": "…", "published": "2021-12-06T09:19+03:30", "body": "paragraph\nparagraph"}

`published` is a bare date where the page shows no time, null where it shows no date; a time without an offset is
Tehran's. `lead`, `captions` (of images), `must_not_contain` (what is near the body and none of it) and `platform` (a
key as in the catalogue, for our class of that CMS) may be told besides. Nothing is downloaded or kept.

All contenders read the same bytes in one process and take turns in every round; speed is pages per second of CPU time.
A peer that this interpreter does not have is said to be missing; to have them all:

    python -m venv peers
    peers/bin/pip install . trafilatura newspaper4k news-please readability-lxml resiliparse lxml_html_clean
    peers/bin/pip install 'curl-cffi<0.15' bidict dict2xml dill more-itertools robotspy xmltodict
    peers/bin/pip install --no-deps fundus  # which asks for an older lxml than ours, and runs with it
    peers/bin/python benchmarks/extraction.py NEWSROOM

Columns: dates that are the same instant, or the same day where the page shows no time; of those, days; titles that are
equal; mean F1 of the body's words; half-spaces of the true body that are kept; pages into whose body something leaked
that is none of it (advertisements, comments, «بیشتر بخوانید»). Both sides are compared in display form; captions, the
ending and a repeated lead count neither way. What a library does not read at all is left blank. Ours is the generic
reader over every page, and beside it the platform class of each page's CMS. fundus, which reads no page that nobody
wrote a parser for, has one of each CMS with the selectors of our class, and is held against the platform classes. A
figure holds what ours reads to its goal, another to the best of the others. Status 1 where a goal is missed.
"""

import gc
import importlib
import json
import logging
import re
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import figures
import lxml.html
from web_poet import HttpResponse

from persian.calendars import TEHRAN
from persian.decoding import decode
from persian.text import ZWNJ, display
from sources import Agency, Catalogue, Source
from spiders.errors import PageError
from spiders.platforms import CMSS, platform
from spiders.platforms.generic import GenericPage

GENERIC, PLATFORMS, BARE = "monadi generic", "monadi platforms", "lxml.html parse"
FASTEST_PEER = "resiliparse"  # it is written in C++ and finds neither dates nor what a title is
BY_SELECTORS = "fundus"  # which is told where everything stands
OF_CMSS = {PLATFORMS, BY_SELECTORS}  # who read pages of known CMSs only
OURS = {GENERIC, PLATFORMS, BARE}
COLUMNS = {
    "dates": "dates",
    "days": "days",
    "titles": "titles",
    "body": "F1 of the body",
    "half_spaces": "half-spaces kept",
    "leaked": "leaks",
}
GOALS = {"dates": 0.95, "titles": 0.97, "body": 0.98, "half_spaces": 1.0, "leaked": 0.03}  # leaks are the most
OF_BARE, OF_TRAFILATURA = 0.40, 7.0
FAMILIES = {"fa-portal": "fa_portal", "iransamaneh-classic": "iransamaneh", "iransamaneh-modern": "iransamaneh"}


class Page(NamedTuple):
    """A page as it was sent, decoded once for all, with the truth about it."""

    truth: dict[str, Any]
    source: Source
    html: str

    @property
    def url(self) -> str:
        return str(self.truth["url"])


class Found(NamedTuple):
    """What a contender read; None for what it does not look for."""

    title: str | None = None
    published: str | None = None
    body: str | None = None


class Contender(NamedTuple):
    name: str
    read: Callable[[Page], Found | None]
    parts: frozenset[str]  # of title, date and body, which it reads


class Score(NamedTuple):
    pages: int
    refused: int
    dates: float | None
    days: float | None
    titles: float | None
    body: float | None
    half_spaces: float | None
    leaked: float | None


# The pages ----------------------------------------------------------------------------------------------------------


def load(newsroom: Path, articles: int) -> list[Page]:
    """The first day's articles of every newsroom, `articles` of each."""
    sys.path.insert(0, str(newsroom))
    serve, world, newsrooms = (importlib.import_module(name) for name in ("serve", "world", "newsrooms"))
    made = world.World(articles=articles)
    sites = {each.number: serve.Site(made, each, 8700, 1) for each in newsrooms.NEWSROOMS}
    hosts = {each.host: sites[each.number] for each in newsrooms.NEWSROOMS}
    truth = made.truth(lambda each: (sites[each.number].base, sites[each.number].family))
    return [_page(each, hosts) for each in truth if each["state_day2"] != "new"]


def _page(truth: dict[str, Any], hosts: dict[str, Any]) -> Page:
    parts = urlsplit(truth["url"])
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    answer = hosts[parts.hostname].prepared(target.encode())
    if answer.status != 200:  # noqa: PLR2004
        raise SystemExit(f"{truth['url']}: {answer.status}")
    return Page(truth, _source(str(parts.hostname)), decode(answer.body, header="text/html").text)


def _source(host: str) -> Source:
    agency = Agency(id="newsroom", name_fa="اتاق خبر", name_en="Newsroom")
    return Source(
        id="newsroom-n",
        agency=agency,
        province=Catalogue.load().province("yazd"),
        name_fa=agency.name_fa,
        name_en=agency.name_en,
        platform="generic",
        url=f"http://{host}/",
    )


def read_pages(directory: Path) -> list[Page]:
    """Pages of one's own, as the docstring above has them; ends the script where what is true of one is not told."""
    return [_told(file) for file in sorted(directory.glob("*.html"))] or sys.exit(f"{directory}: no NAME.html")


UNTOLD: dict[str, Any] = {"platform": "generic", "lead": None, "ending": None, "captions": [], "must_not_contain": []}


def _told(file: Path) -> Page:
    beside = file.with_suffix(".json")
    told = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
    if missing := [name for name in ("url", "title", "published", "body") if name not in told]:
        sys.exit(f"{beside}: does not tell {', '.join(missing)}")
    moment = _moment(told["published"])
    if told["published"] and not moment:
        sys.exit(f"{beside}: published: {told['published']} is no date or time of ISO 8601")
    if isinstance(moment, datetime) and not moment.tzinfo:
        moment = moment.replace(tzinfo=TEHRAN)
    seconds = re.search(r":\d\d:\d\d", told["published"] or "")
    truth = {
        **UNTOLD,
        **told,
        "published": moment and moment.isoformat(),
        "precision": ("second" if seconds else "minute") if isinstance(moment, datetime) else "date",
        "body_paragraphs": told["body"].split("\n"),
    }
    html = decode(file.read_bytes(), header="text/html").text
    return Page(truth, _source(str(urlsplit(told["url"]).hostname)), html)


# The contenders -----------------------------------------------------------------------------------------------------

NOW = datetime(2025, 12, 6, 8, 30, tzinfo=UTC)
ALL = frozenset({"title", "date", "body"})


def contenders() -> Iterator[Contender | str]:
    """Every contender, or the name of a package that this interpreter does not have."""
    yield Contender(BARE, _bare, frozenset())
    yield Contender(GENERIC, lambda page: _ours(page, GenericPage), ALL)
    yield Contender(PLATFORMS, _by_platform, ALL)
    makers = {
        "trafilatura": _trafilatura,
        "newspaper4k": _newspaper,
        "news-please": _news_please,
        "readability-lxml": _readability,
        "resiliparse": _resiliparse,
        BY_SELECTORS: _fundus,
    }
    for package, make in makers.items():
        try:
            yield from make()
        except ImportError as error:
            yield f"{package} ({error})"


def _bare(page: Page) -> None:
    lxml.html.document_fromstring(page.html.encode())


def _ours(page: Page, reader: Any) -> Found | None:
    response = HttpResponse(page.url, body=page.html.encode(), status=200, headers={}, encoding="utf-8")
    try:
        article = reader(response=response, source=page.source, fetched_at=NOW).read()
    except PageError:
        return None
    return Found(article.title, article.published.gregorian if article.published else None, article.body)


def _by_platform(page: Page) -> Found | None:
    return _ours(page, platform(_cms(page)).page)


def has_platform(page: Page) -> bool:
    return _cms(page) in CMSS


def _cms(page: Page) -> str:
    family: str = page.truth["platform"]
    return FAMILIES.get(family, family)


def _trafilatura() -> list[Contender]:
    module = importlib.import_module("trafilatura")

    def read(page: Page, *, fast: bool) -> Found:
        found = module.bare_extraction(page.html, url=page.url, fast=fast, with_metadata=True)
        return Found(found.title, found.date, found.text) if found else Found()

    return [
        Contender("trafilatura fast", lambda page: read(page, fast=True), ALL),
        Contender("trafilatura", lambda page: read(page, fast=False), ALL),
    ]


def _newspaper() -> list[Contender]:
    module = importlib.import_module("newspaper")

    def read(page: Page) -> Found:
        article = module.Article(page.url, language="fa")
        article.download(input_html=page.html)
        article.parse()
        return Found(article.title, _iso(article.publish_date), article.text)

    return [Contender("newspaper4k", read, ALL)]


def _news_please() -> list[Contender]:
    made = importlib.import_module("newsplease").NewsPlease

    def read(page: Page) -> Found:
        article = made.from_html(page.html, url=page.url, fetch_images=False)
        return Found(article.title, _iso(article.date_publish), article.maintext)

    return [Contender("news-please", read, ALL)]


def _readability() -> list[Contender]:
    document = importlib.import_module("readability").Document

    def read(page: Page) -> Found:
        made = document(page.html)
        title = made.short_title()
        body = lxml.html.fromstring(made.summary(html_partial=True))
        return Found(title, None, "\n".join(body.itertext()))

    return [Contender("readability-lxml", read, frozenset({"title", "body"}))]


def _resiliparse() -> list[Contender]:
    extract = importlib.import_module("resiliparse.extract.html2text").extract_plain_text
    tree = importlib.import_module("resiliparse.parse.html").HTMLTree

    def read(page: Page) -> Found:
        made = tree.parse(page.html)
        return Found(made.title, None, extract(made, main_content=True))

    return [Contender("resiliparse", read, frozenset({"title", "body"}))]


def _fundus() -> list[Contender]:
    base, tools = (importlib.import_module(f"fundus.parser.{name}") for name in ("base_parser", "utility"))
    select = importlib.import_module("lxml.cssselect").CSSSelector

    def selectors(cms: str, field: str, *within: str) -> list[Any]:
        """Our class's, each to the nodes it finds, or to those in them; the first that finds any counts."""
        quoted = (re.sub(r"=([\w:-]+)\]", r"='\1']", css) for css in getattr(platform(cms).page, f"{field}_css"))
        return [select(", ".join(f"{css} {each}" for each in within) or css) for css in quoted]

    def parser_of(cms: str) -> Any:
        """A parser as one writes it for fundus: title, date, and the paragraphs and items of the body."""
        titles, dates, leads = (selectors(cms, field) for field in ("title", "date", "lead"))
        bodies = selectors(cms, "body", "p", "li")

        def first(parser: Any, tried: Iterable[Any]) -> Any:
            return next((css for css in tried if css(parser.precomputed.doc)), None)

        def title(parser: Any) -> Any:
            css = first(parser, titles)
            return css and tools.normalize_whitespace(css(parser.precomputed.doc)[0].text_content())

        def publishing_date(parser: Any) -> Any:
            css, stated = first(parser, dates), parser.precomputed.meta.get("article:published_time")
            return tools.generic_date_parsing(stated or (css and css(parser.precomputed.doc)[0].text_content()))

        def body(parser: Any) -> Any:
            css = first(parser, bodies)
            return css and tools.extract_article_body_with_selector(parser.precomputed.doc, css, first(parser, leads))

        fields = (title, publishing_date, body)
        members = {each.__name__: base.attribute(each, default_factory=lambda: None) for each in fields}
        return type("Parser", (base.BaseParser,), members)()

    parsers = {cms: parser_of(cms) for cms in CMSS}

    def read(page: Page) -> Found:
        found = parsers[_cms(page)].parse(page.html, error_handling="suppress")
        body = found["body"]
        lines = [line for section in body.sections for line in (*section.headline, *section.paragraphs)] if body else []
        return Found(found["title"], _iso(found["publishing_date"]), "\n".join(lines))

    return [Contender(BY_SELECTORS, read, ALL)]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


# What they read -----------------------------------------------------------------------------------------------------


def answer(contender: Contender, page: Page) -> Found | None:
    try:
        return contender.read(page)
    except Exception:  # noqa: BLE001 - whatever a peer raises on a page, the page is not read
        return None


def score(contender: Contender, pages: Sequence[Page]) -> Score:
    sums: defaultdict[str, float] = defaultdict(float)
    refused = spaces = kept = 0
    for page in pages:
        found = answer(contender, page)
        if found is None:
            refused += 1
            found = Found()
        sums["title"] += display(found.title or "") == display(page.truth["title"])
        sums["date"] += same_instant(page.truth, found.published)
        sums["day"] += same_day(page.truth, found.published)
        lines = [line for line in map(display, (found.body or "").split("\n")) if line]
        expected = " ".join(map(display, page.truth["body_paragraphs"]))
        text = " ".join(_counted(lines, page.truth))
        sums["f1"] += f1(expected, text)
        want, have = _half_spaced(expected), _half_spaced(text)
        spaces += want.total()
        kept += (want & have).total()
        sums["leak"] += leaks(page.truth, text, expected)

    def mean(name: str, part: str) -> float | None:
        return sums[name] / len(pages) if part in contender.parts else None

    return Score(
        pages=len(pages),
        refused=refused,
        dates=mean("date", "date"),
        days=mean("day", "date"),
        titles=mean("title", "title"),
        body=mean("f1", "body"),
        half_spaces=kept / spaces if "body" in contender.parts and spaces else None,
        leaked=mean("leak", "body"),
    )


def _counted(lines: list[str], truth: dict[str, Any]) -> list[str]:
    """A body's lines without what may be kept or dropped: captions, the ending, a lead repeated at its top."""
    spared = {display(caption) for caption in truth["captions"]}
    lines = [line for line in lines if line not in spared]
    if truth["lead"] and lines and lines[0] == display(truth["lead"]) != display(truth["body_paragraphs"][0]):
        lines = lines[1:]
    if truth["ending"] and lines:
        lines = [*lines[:-1], re.sub(r"\s*انتهای پیام\s*/?$", "", lines[-1])]
    return lines


def words(text: str) -> Counter[str]:
    return Counter(re.findall(rf"[\w{ZWNJ}]+", text))


def f1(expected: str, text: str) -> float:
    want, have = words(expected), words(text)
    if not want or not have:
        return float(want == have)
    return 2 * (want & have).total() / (want.total() + have.total())


def _half_spaced(text: str) -> Counter[str]:
    return Counter({word: count for word, count in words(text).items() if ZWNJ in word})


def leaks(truth: dict[str, Any], text: str, expected: str) -> bool:
    noise = [display(each) for each in truth["must_not_contain"]] + ["بیشتر بخوانید"]
    return any(each in text and each not in expected for each in noise)


def _moment(published: str | None) -> datetime | date | None:
    if not published:
        return None
    try:
        if len(published) == len("2021-12-06"):
            return date.fromisoformat(published)
        return datetime.fromisoformat(published)
    except ValueError:
        return None


def same_instant(truth: dict[str, Any], published: str | None) -> bool:
    """Whether a date says no less and no more than the page does; one without an offset is taken for Tehran's."""
    found = _moment(published)
    if truth["published"] is None:
        return found is None
    if truth["precision"] == "date":
        midnight = isinstance(found, datetime) and (found.hour, found.minute, found.tzinfo) == (0, 0, None)
        day = found.date() if isinstance(found, datetime) and midnight else found
        return not isinstance(day, datetime) and day == date.fromisoformat(truth["published"])
    if not isinstance(found, datetime):
        return False
    found = found if found.tzinfo else found.replace(tzinfo=TEHRAN)
    second = 0 if truth["precision"] == "minute" else found.second
    return found.replace(microsecond=0, second=second) == datetime.fromisoformat(truth["published"])


def same_day(truth: dict[str, Any], published: str | None) -> bool:
    found = _moment(published)
    if isinstance(found, datetime):
        found = (found.astimezone(TEHRAN) if found.tzinfo else found).date()
    return found == (date.fromisoformat(truth["published"][:10]) if truth["published"] else None)


# How fast -----------------------------------------------------------------------------------------------------------


def speeds(rivals: Sequence[Contender], pages: Sequence[Page], rounds: int) -> dict[str, list[float]]:
    """Pages per second of CPU time in each round."""
    contenders = {each.name: partial(pace, each, _parts(each, pages)) for each in rivals}
    return figures.by_turns(rounds, contenders, warming=1)


def _parts(rival: Contender, pages: Sequence[Page]) -> Iterator[Sequence[Page]]:
    """What a contender reads in each round: all that it can read, the slow ones every fourth page, each in its turn."""
    own = [page for page in pages if has_platform(page)] if rival.name in OF_CMSS else pages
    step = 1 if rival.name in {*OURS, FASTEST_PEER, BY_SELECTORS} else min(4, len(own))
    return (own[number % step :: step] for number in count())


def pace(rival: Contender, parts: Iterator[Sequence[Page]]) -> float:
    pages = next(parts)
    return len(pages) / figures.taken(lambda: [answer(rival, page) for page in pages]).cpu


# The report ---------------------------------------------------------------------------------------------------------


def table(title: str, scores: dict[str, Score]) -> figures.Table:
    rows = {
        name: [each.refused / each.pages * 100, *(_percent(getattr(each, column)) for column in COLUMNS)]
        for name, each in scores.items()
    }
    return figures.Table(title=f"{title}, %", columns=["not read", *COLUMNS.values()], rows=rows)


def _percent(value: float | None) -> float | None:
    return None if value is None else value * 100


def accuracy(scores: dict[str, Score]) -> Iterator[figures.Figure]:
    """What ours reads to its goal, and beside the best of the others."""
    ours = scores[GENERIC]
    finders = {name: each for name, each in scores.items() if name not in {*OURS, BY_SELECTORS}}
    for column, told in COLUMNS.items():
        least = column != "leaked"
        if getattr(ours, column) is None:  # there was no half-space to keep
            continue
        if column in GOALS:
            goal, value = 100 * GOALS[column], 100 * getattr(ours, column)
            yield figures.of_rounds([value], what=f"generic, {told}", unit="%", goal=goal, at_least=least)
        yield from _ahead(GENERIC, finders, scores, column)
    if BY_SELECTORS in scores and PLATFORMS in scores:
        for column in COLUMNS:
            yield from _ahead(PLATFORMS, [BY_SELECTORS], scores, column)


def _ahead(name: str, others: Iterable[str], scores: dict[str, Score], column: str) -> Iterator[figures.Figure]:
    """By how many points the column of one is better than the best of some others, of those that have it."""
    sign = -100 if column == "leaked" else 100
    known = {each: sign * value for each in (name, *others) if (value := getattr(scores[each], column)) is not None}
    ours = known.pop(name, None)
    if ours is None or not known:
        return
    best = max(known, key=known.__getitem__)
    what = f"{name.removeprefix('monadi ')}, {COLUMNS[column]}, ahead of the best other"
    yield figures.of_rounds([ours - known[best]], what=what, against=best, unit="points", goal=0, at_least=True)


def promises(speed: dict[str, list[float]]) -> Iterator[figures.Figure]:
    """Paces, and what they are of those of others."""
    middle = figures.medians(speed)
    peers = {name: rate for name, rate in middle.items() if name not in {*OURS, BY_SELECTORS}}
    told = {name: middle[name] for name in (BARE, BY_SELECTORS) if name in middle}
    beside = {GENERIC: peers, PLATFORMS: told}
    for name, others in beside.items():
        if name in speed:
            what = f"pages a CPU second, {name.removeprefix('monadi ')}"
            yield figures.of_rounds(speed[name], what=what, unit="pages/s", peers=others, at_least=True)
    goals = [(PLATFORMS, BARE, OF_BARE), (PLATFORMS, "trafilatura fast", OF_TRAFILATURA)]
    if slower := peers.keys() - {FASTEST_PEER}:
        goals.append((GENERIC, max(slower, key=peers.__getitem__), 1))
    for name, other, goal in goals:
        if name in speed and other in speed:
            ratios = figures.ratios(speed[name], speed[other])
            what = f"pace, {name.removeprefix('monadi ')}"
            yield figures.of_rounds(ratios, what=what, against=other, unit="×", goal=goal, at_least=True)


def main() -> None:
    parser = figures.options(__doc__)
    parser.add_argument("newsroom", type=Path, nargs="?")
    parser.add_argument("--pages", type=Path, help="directory of pages of one's own, in the place of a newsroom")
    parser.add_argument("--articles", type=int, default=12, help="of each newsroom")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="contenders whose names begin so, beside ours")
    asked = parser.parse_args()
    if (asked.newsroom is None) == (asked.pages is None) or (asked.pages and asked.save):
        parser.error("either a newsroom or --pages; what is measured of pages of one's own is not kept")
    logging.disable(logging.CRITICAL)  # peers tell of every page that they cannot read
    warnings.simplefilter("ignore")
    pages = read_pages(asked.pages) if asked.pages else load(asked.newsroom, asked.articles)
    named = [page for page in pages if has_platform(page)]
    rivals = list(present(asked.only, with_platforms=bool(named)))
    scores = {each.name: score(each, named if each.name in OF_CMSS else pages) for each in rivals if each.parts}
    gc.freeze()  # what the libraries and pages hold is not looked through for garbage while one of them reads
    told = [*accuracy(scores), *promises(speeds(rivals, pages, asked.rounds))]
    print(table("generic, by family", by_family(pages)), end="\n\n")
    command = f"python benchmarks/extraction.py ../shared/newsroom --articles {asked.articles}"
    note = f"{len(pages):,} pages, {len(named):,} of them of CMSs with a class; {asked.rounds} rounds"
    figures.finish("extraction", command, told, [note], save=asked.save, tables=[table("what is read", scores)])


def present(only: Sequence[str] | None, *, with_platforms: bool) -> Iterator[Contender]:
    for each in contenders():
        if isinstance(each, str):
            print(f"missing: {each}")
        elif (each.name in OURS or not only or each.name.startswith(tuple(only))) and (
            with_platforms or each.name not in OF_CMSS
        ):
            yield each


def by_family(pages: Sequence[Page]) -> dict[str, Score]:
    generic = next(each for each in contenders() if not isinstance(each, str) and each.name == GENERIC)
    families = sorted({page.truth["platform"] for page in pages})
    return {name: score(generic, [page for page in pages if page.truth["platform"] == name]) for name in families}


if __name__ == "__main__":
    main()
