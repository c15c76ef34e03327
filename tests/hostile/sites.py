"""Offices that answer as they please, and crawls of them as a harvest makes them.

Each is a WordPress office, at an address of its own, with three sound releases whose pages its list names; what is
hostile of it stands beside them, or in the place of what an office has (`answers`, by address).
"""

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sources.sample.site import Answer
from tests.spiders import loopback
from tests.spiders.loopback import Spoken

SOUND = 3
ENTRY = '<article class="post"><h2 class="entry-title"><a href="{}">خبر تازه اداره کل استان</a></h2></article>'
TEXT = (
    "<p>مدیرکل تعاون، کار و رفاه اجتماعی استان از گشایش کارگاه آموزشی در شهرستان خبر داد و گفت که این کارگاه تا پایان"
    " سال برپا است.</p><p>وی افزود: برنامه‌های دیگری نیز در دست اجرا است که به آگاهی مردم خواهد رسید.</p>"
)


def page(
    number: int | str = 1,
    *,
    title: str = "گشایش کارگاه آموزشی تازه در شهرستان",
    body: str = TEXT,
    date: str = "۱۵ آذر ۱۴۰۰ ۰۹:۱۹",
    head: str = "",
    beside: str = "",
) -> str:
    """The page of a release, as WordPress makes it."""
    return (
        f'<!DOCTYPE html><html lang="fa" dir="rtl"><head><meta charset="utf-8"><title>{title[:99]}</title>{head}</head>'
        f'<body class="postid-{number}"><article id="post-{number}" class="post"><h1 class="entry-title">{title}</h1>'
        f'<span class="entry-date">{date}</span><div class="entry-content">{body}</div>{beside}</article></body></html>'
    )


def sound(number: int) -> str:
    words = ("نخست", "دوم", "سوم", "چهارم")[number]
    return page(900 + number, title=f"نشست {words} شورای کار استان برگزار شد", body=TEXT.replace("آموزشی", words))


Answers = Answer | str | bytes | Spoken | None


@dataclass(kw_only=True)
class Office:
    """What is answered by address, the lists that lead to it, and what it was asked for.

    `listed` are the addresses that its front page names beside the sound ones. `otherwise` answers what nothing else
    does; `{origin}` in texts and places is the office's own address, `{trap}` that of a site nobody may contact.
    """

    answers: Mapping[str, Answers] = field(default_factory=dict)
    listed: tuple[str, ...] = ()
    otherwise: Callable[[str], Answers] = lambda _: Answer(status=404)
    platform: str = "wordpress"
    url: str = ""
    trap: str = ""
    asked: list[str] = field(default_factory=list)

    def answer(self, target: str) -> Answer | Spoken | None:
        self.asked.append(target)
        found = self.answers.get(target, self._usual(target))
        if isinstance(found, str):
            found = Answer(text=found)
        if isinstance(found, bytes):
            return lambda wire: wire.send(found)
        if isinstance(found, Answer):
            found = Answer(
                **{**found.__dict__, "text": self._placed(found.text), "location": self._placed(found.location)}
            )
        return found

    def _usual(self, target: str) -> Answers:
        if target == "/":
            return "".join(map(ENTRY.format, [*self.listed, *(f"/sound-{number}/" for number in range(SOUND))]))
        if target.startswith("/sound-"):
            return sound(int(target.strip("/").removeprefix("sound-")))
        return self.otherwise(target)

    def _placed(self, text: str) -> str:
        return text.replace("{origin}", self.url).replace("{trap}", self.trap)


@dataclass(frozen=True, kw_only=True)
class Came:
    """What came of the crawl of an office: `articles` by address, as exported; `held` the kind of each page that is."""

    outcome: str
    reason: str | None
    counts: dict[str, int]
    seconds: float
    articles: dict[str, dict[str, Any]]
    held: dict[str, str]
    asked: list[str]

    @property
    def paths(self) -> list[str]:
        """The paths of the articles, without their queries."""
        return sorted("/" + url.split("/", 3)[3].partition("?")[0] for url in self.articles)

    def of(self, path: str) -> str:
        """What became of one page: "archived", "held/<kind>" or "nothing"."""
        if any(_is_at(url, path) for url in self.articles):
            return "archived"
        return next((f"held/{kind}" for url, kind in self.held.items() if _is_at(url, path)), "nothing")


def _is_at(url: str, path: str) -> bool:
    return "/" + url.split("/", 3)[3] == path


class Trap:
    """A site of somebody else's, at an address that the operator has not named; it notes who comes."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def answer(self, target: str) -> Answer:
        self.asked.append(target)
        return Answer(text=page(666, title="خبری از جایی دیگر که هیچ‌کس نباید بخواند"))


@dataclass(frozen=True, kw_only=True)
class Crawled:
    came: dict[str, Came]
    trapped: list[str]
    megabytes: float
    seconds: float


def crawl(offices: Mapping[str, Office], *, archive: str | None = None, visits: int = 1, **settings: Any) -> Crawled:
    """Crawl these offices at once, in one process, under settings of Scrapy's or ours; `archive` is a URL of a database
    other than SQLite's.
    """
    trap = Trap()
    with ExitStack() as stack:
        inward = stack.enter_context(loopback.serve(trap, "127.0.0.1"))
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="monadi-hostile-")))
        for number, office in enumerate(offices.values()):
            office.url = stack.enter_context(loopback.serve(office, f"127.1.{number // 250}.{number % 250 + 1}"))
            office.trap = inward
        lines = {key: f'url = "{office.url}/"\nplatform = "{office.platform}"' for key, office in offices.items()}
        loopback.write_catalogue(directory, lines)
        words = (json.dumps({"RETRY_TIMES": 0, **settings}), str(visits))
        where = {"MONADI_DATA": str(directory), "MONADI_CATALOGUE": str(directory)}
        if archive:
            where["MONADI_ARCHIVE"] = archive
        *rows, whole = loopback.told("tests.hostile.crawl", *words, MONADI_ALLOW_HOSTS="127.1.0.0/16", **where)
    came = {row.pop("office").removeprefix("test-"): row for row in rows}
    return Crawled(
        came={key: Came(**row, asked=offices[key].asked) for key, row in came.items()},
        trapped=trap.asked,
        **whole,
    )
