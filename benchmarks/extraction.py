# ruff: noqa: INP001, T201 - a script that prints
"""Article pages against the libraries one would otherwise take: what each reads of them, and how fast.

    python benchmarks/extraction.py NEWSROOM [--rounds 5] [--articles 12] [--only NAME …]

NEWSROOM is the folder of the imitation newsrooms (its `serve.py` and `world.py` are imported; nothing is served). All
contenders read the same bytes in one process and take turns in every round; speed is pages per second of CPU time, the
median and the worst of the rounds. A peer that this interpreter does not have is said to be missing; to have them all:

    python -m venv peers
    peers/bin/pip install . trafilatura newspaper4k news-please readability-lxml resiliparse lxml_html_clean
    peers/bin/python benchmarks/extraction.py NEWSROOM

Columns: dates that are the same instant, or the same day where the page shows no time; of those, days; titles that are
equal; mean F1 of the body's words; half-spaces of the true body that are kept; pages into whose body something leaked
that is none of it (advertisements, comments, «بیشتر بخوانید»). Both sides are compared in display form; captions, the
ending and a repeated lead count neither way. What a library does not read at all is left blank. Ours is the generic
reader over every page, and beside it the platform class of each page's CMS. Exit status 1 where a limit is missed.
"""

import argparse
import importlib
import logging
import re
import statistics
import sys
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

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
DATES, TITLES, BODY, HALF_SPACES, LEAKED = 0.95, 0.97, 0.98, 1.0, 0.03
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


# The contenders -----------------------------------------------------------------------------------------------------

NOW = datetime(2025, 12, 6, 8, 30, tzinfo=UTC)
ALL = frozenset({"title", "date", "body"})


def contenders() -> Iterator[Contender | str]:
    """Every contender, or the name of a package that this interpreter does not have."""
    yield Contender(BARE, _bare, frozenset())
    yield Contender(GENERIC, lambda page: _ours(page, GenericPage), ALL)
    yield Contender(PLATFORMS, _by_platform, ALL)
    makers = (_trafilatura, _newspaper, _news_please, _readability, _resiliparse)
    for package, make in zip(
        ("trafilatura", "newspaper4k", "news-please", "readability-lxml", "resiliparse"), makers, strict=True
    ):
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
    family = page.truth["platform"]
    return _ours(page, platform(FAMILIES.get(family, family)).page)


def has_platform(page: Page) -> bool:
    family = page.truth["platform"]
    return FAMILIES.get(family, family) in CMSS


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


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


# What they read -----------------------------------------------------------------------------------------------------


def answer(contender: Contender, page: Page) -> Found | None:
    try:
        return contender.read(page)
    except Exception:  # noqa: BLE001 - whatever a peer raises on a page, the page is not read
        return None


def score(contender: Contender, pages: Sequence[Page]) -> Score:
    sums: Counter[str] = Counter()
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
    count = len(pages)

    def mean(name: str, part: str) -> float | None:
        return sums[name] / count if part in contender.parts else None

    return Score(
        pages=count,
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
    if truth["precision"] == "date":
        midnight = isinstance(found, datetime) and (found.hour, found.minute, found.tzinfo) == (0, 0, None)
        day = found.date() if isinstance(found, datetime) and midnight else found
        return not isinstance(day, datetime) and day == date.fromisoformat(truth["published"])
    if not isinstance(found, datetime):
        return False
    found = found if found.tzinfo else found.replace(tzinfo=TEHRAN)
    unit = {"second": 0} if truth["precision"] == "minute" else {}
    return found.replace(microsecond=0, **unit) == datetime.fromisoformat(truth["published"])


def same_day(truth: dict[str, Any], published: str | None) -> bool:
    found = _moment(published)
    if isinstance(found, datetime):
        found = (found.astimezone(TEHRAN) if found.tzinfo else found).date()
    return found is not None and found.isoformat() == truth["published"][:10]


# How fast -----------------------------------------------------------------------------------------------------------


def speeds(rivals: Sequence[Contender], pages: Sequence[Page], rounds: int) -> dict[str, list[float]]:
    """Pages per second of CPU time in each round, for all contenders in turn."""
    measured: dict[str, list[float]] = defaultdict(list)
    for number in range(rounds + 1):
        for rival in rivals:
            own = [page for page in pages if has_platform(page)] if rival.name == PLATFORMS else pages
            share = own if rival.name in {BARE, GENERIC, PLATFORMS, FASTEST_PEER} else own[number % 4 :: 4]
            began = time.process_time()
            for page in share:
                answer(rival, page)
            spent = time.process_time() - began
            if number:  # the first is to get warm
                measured[rival.name].append(len(share) / spent)
    return measured


# The report ---------------------------------------------------------------------------------------------------------


def percent(value: float | None) -> str:
    return "" if value is None else f"{value * 100:.1f}"


def table(rows: Sequence[tuple[str, Score]], speed: dict[str, list[float]]) -> None:
    heads = "dates", "days", "titles", "F1", "half-spaces", "leaked"
    print(
        f"{'':24}{'pages':>6}{'refused':>8}" + "".join(f"{head:>12}" for head in heads) + f"{'pages/s':>10}{'worst':>8}"
    )
    for name, each in rows:
        values = each.dates, each.days, each.titles, each.body, each.half_spaces, each.leaked
        rates = speed.get(name)
        rate = f"{statistics.median(rates):>10.0f}{min(rates):>8.0f}" if rates else ""
        print(f"{name:24}{each.pages:>6}{each.refused:>8}" + "".join(f"{percent(each):>12}" for each in values) + rate)


def shortfalls(scores: dict[str, Score], speed: dict[str, list[float]]) -> Iterator[str]:
    """The limits that were missed, each in a sentence."""
    ours = scores[GENERIC]
    floors = {"dates": DATES, "titles": TITLES, "body": BODY, "half_spaces": HALF_SPACES}
    for column, least in floors.items():
        value = getattr(ours, column)
        if round(value, 4) < least:
            yield f"{GENERIC}: {column} {value:.4f} is below {least}"
        for name, other in scores.items():
            if name not in {GENERIC, PLATFORMS} and (getattr(other, column) or 0) > value:
                yield f"{GENERIC}: {column} {value:.4f} is behind {name}"
    if (ours.leaked or 0) > LEAKED:
        yield f"{GENERIC}: something leaked into {percent(ours.leaked)} % of pages"
    median = {name: statistics.median(rates) for name, rates in speed.items()}
    for name, rate in median.items():
        if name not in {GENERIC, PLATFORMS, BARE, FASTEST_PEER} and rate > median[GENERIC]:
            yield f"{GENERIC}: {median[GENERIC]:.0f} pages a second, {name} {rate:.0f}"
    if median[PLATFORMS] < OF_BARE * median[BARE]:
        yield f"{PLATFORMS}: {median[PLATFORMS] / median[BARE]:.2f} of a bare parse, not {OF_BARE}"
    fast = median.get("trafilatura fast")
    if fast and median[PLATFORMS] < OF_TRAFILATURA * fast:
        yield f"{PLATFORMS}: {median[PLATFORMS] / fast:.1f} times trafilatura's fast mode, not {OF_TRAFILATURA}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("newsroom", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--articles", type=int, default=12, help="of each newsroom")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="contenders whose names begin so, beside ours")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)  # peers tell of every page that they cannot read
    warnings.simplefilter("ignore")
    pages = load(asked.newsroom, asked.articles)
    rivals = []
    for each in contenders():
        if isinstance(each, str):
            print(f"missing: {each}")
        elif not asked.only or each.name in {BARE, GENERIC, PLATFORMS} or each.name.startswith(tuple(asked.only)):
            rivals.append(each)
    named = [page for page in pages if has_platform(page)]
    scores = {each.name: score(each, named if each.name == PLATFORMS else pages) for each in rivals if each.parts}
    speed = speeds(rivals, pages, asked.rounds)
    print(f"{len(pages)} pages; pages/s: median and worst of {asked.rounds} rounds, CPU time")
    table(list(scores.items()), speed)
    rates = speed[BARE]
    print(f"{BARE:24}{'':86}{statistics.median(rates):>10.0f}{min(rates):>8.0f}")
    print(f"\n{GENERIC}, by family")
    generic = next(each for each in rivals if each.name == GENERIC)
    families = sorted({page.truth["platform"] for page in pages})
    table([(name, score(generic, [page for page in pages if page.truth["platform"] == name])) for name in families], {})
    missed = list(shortfalls(scores, speed))
    for line in missed:
        print(f"MISSED {line}")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
