"""An office on loopback that publishes for a while and then has a fault, and what crawls of it come to.

    results("list-frozen")  →  the `Result` of every crawl, healthy ones first

The crawls run in a process of their own (Scrapy's event loop runs once), one after the other, with the archive of a
temporary directory. From visit to visit the office publishes `NEW` releases, dated two days back.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive.crawls import Outcome, Result
from persian.calendars import TEHRAN, to_jalali
from sources.sample import Office, Release
from sources.sample.fa_portal import FaPortal
from sources.sample.site import Answer
from sources.sample.wordpress import WordPress
from tests.spiders import loopback

BACK = 240  # releases that stand there from the beginning, eight hours apart
NEW = 2
HEALTHY = 14
FAULTY = 2

CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={}</script></body></html>"
)
LOGIN = '<html><head><title>ورود به سامانه</title></head><body><form><input type="password"></form></body></html>'
PARKED = (
    "<html><head><title>yazd.example</title></head><body><p>This domain is for sale. Buy this domain.</p></body></html>"
)
BUILDING = "<html><body><p>در دست ساخت</p></body></html>"
MISSING = "<html><head><title>خطا</title></head><body><h1>صفحه مورد نظر یافت نشد</h1></body></html>"

Fault = Callable[["Site", str], Answer | None]
"""What the office answers to an address; None for no answer at all."""


class Site:
    """The office: what it has published, and what it answers, which a fault may change."""

    def __init__(self) -> None:
        self.new = NEW
        office = Office(key="yazd", name_fa="اداره نمونه", name_en="Sample", province="IR-21", platform="fa_portal")
        self.portal, self.other = FaPortal(office), WordPress(office)
        self.began = datetime.now(UTC) - timedelta(days=2)
        self.releases = [release(number, self.began - (BACK - number) * timedelta(hours=8)) for number in range(BACK)]
        self.fault: Fault | None = None
        self.frozen: tuple[Release, ...] = ()
        self.show()

    def show(self) -> None:
        newest_first = tuple(reversed(self.releases))
        self.portal.releases = self.other.releases = newest_first

    def publish(self) -> None:
        number = len(self.releases)
        since = self.began + (number - BACK) * timedelta(minutes=4)
        self.releases += [release(number + each, since + timedelta(minutes=4 * each)) for each in range(self.new)]
        self.show()

    def answer(self, target: str) -> Answer | None:
        return self.fault(self, target) if self.fault else self.portal.answer(target)


def release(number: int, at: datetime) -> Release:
    there = at.astimezone(TEHRAN)
    year, month, day = to_jalali(there.date())
    text = f"مدیرکل تعاون، کار و رفاه اجتماعی استان از گشایش کارگاه شماره {number} در شهرستان خبر داد و گفت:"
    return Release(
        id=str(1000 + number),
        office="yazd",
        title=f"گشایش کارگاه آموزشی شماره {number} در شهرستان",
        kicker="در یزد",
        lead=f"کارگاه آموزشی شماره {number} با حضور مدیرکل در شهرستان گشایش یافت.",
        body="\n\n".join(f"{text} بند {part} این خبر درباره برنامه‌های سال است." for part in range(4)),
        jalali=f"{year}-{month:02}-{day:02}T{there:%H:%M:%S}",
        tags=("اشتغال", "آموزش"),
    )


# ---- faults ----


def _is_list(target: str) -> bool:
    return target.partition("?")[0].rstrip("/") == "/fa/news"


def _is_page(target: str) -> bool:
    return target.startswith("/fa/news/") and not target.startswith("/fa/news/rss")


def everywhere(answer: Answer) -> Fault:
    """All addresses but robots.txt give the same."""
    return lambda site, target: site.portal.answer(target) if target == "/robots.txt" else answer


def on_lists(answer: Answer) -> Fault:
    return lambda site, target: answer if _is_list(target) else site.portal.answer(target)


def on_pages(change: Callable[[str], str]) -> Fault:
    """The pages of releases are others than before."""

    def answer(site: Site, target: str) -> Answer:
        found = site.portal.answer(target)
        return replace(found, text=change(found.text)) if _is_page(target) else found

    return answer


def frozen(site: Site, target: str) -> Answer:
    """The list is the one of when the fault began, to the byte; feed and front page go on."""
    if not _is_list(target):
        return site.portal.answer(target)
    site.frozen = site.frozen or site.portal.releases[site.new :]
    site.portal.releases = site.frozen
    try:
        return site.portal.answer(target)
    finally:
        site.show()


def without_a_feed(site: Site, target: str) -> Answer:
    """The list is frozen, and there is no feed: the front page alone goes on."""
    return Answer(status=404) if target == FaPortal.feed else frozen(site, target)


def _renamed(text: str, *names: str) -> str:
    for name in names:
        text = text.replace(f'class="{name}"', f'class="x-{name[::-1]}"')
    return text


def _dated(text: str) -> str:
    head, mark, rest = text.partition('<span class="date-info">')
    return f"{head}{mark}۱ مهر ۱۴۱۰ ۱۰:۰۰{rest[rest.index('</span>') :]}" if mark else text


def _cut(text: str) -> str:
    head, mark, rest = text.partition('<div class="content">')
    return f"{head}{mark}<p>متن خبر در سامانه.</p>{rest[rest.index('</div>') :]}" if mark else text


def _lost(text: str) -> str:
    return text.encode("cp1252", "replace").decode("cp1252") if "article-view" in text else text


FAULTS: dict[str, tuple[Fault, Outcome, str]] = {
    "empty-200": (everywhere(Answer(text=" ")), Outcome.EMPTY, "empty"),
    "nothing-listed": (
        on_lists(Answer(text="<html><body><p>در دست ساخت</p></body></html>")),
        Outcome.DRIFTED,
        "list-frozen",
    ),
    "challenge": (everywhere(Answer(text=CHALLENGE, status=403)), Outcome.BLOCKED, "challenge"),
    "login": (everywhere(Answer(text=LOGIN)), Outcome.BLOCKED, "login"),
    "kept-out": (everywhere(Answer(status=403)), Outcome.BLOCKED, "http-403"),
    "site-gone": (everywhere(Answer(status=404)), Outcome.EMPTY, "site-gone"),
    "gone-for-good": (everywhere(Answer(status=410)), Outcome.EMPTY, "site-gone"),
    "parked": (everywhere(Answer(text=PARKED)), Outcome.EMPTY, "parked"),
    "broken": (everywhere(Answer(status=500)), Outcome.EMPTY, "http-500"),
    "cut-off": (lambda _, __: None, Outcome.UNREACHABLE, "reset"),
    "list-gone": (on_lists(Answer(status=404)), Outcome.DRIFTED, "list-moved"),
    "list-moved": (on_lists(Answer(status=302, location="/")), Outcome.DRIFTED, "list-moved"),
    "list-frozen": (frozen, Outcome.DRIFTED, "list-frozen"),
    "list-frozen-no-feed": (without_a_feed, Outcome.DRIFTED, "list-frozen"),
    "charset": (on_pages(_lost), Outcome.DRIFTED, "charset"),
    "dates": (on_pages(_dated), Outcome.DRIFTED, "date"),
    "short": (on_pages(_cut), Outcome.DRIFTED, "short"),
    "fields": (on_pages(lambda text: _renamed(text, "summary", "kicker")), Outcome.DRIFTED, "fields"),
    "layout": (
        on_pages(lambda text: _renamed(text, "article-view", "content", "summary").replace("h1>", "h2>")),
        Outcome.DRIFTED,
        "layout",
    ),
    "soft-404": (on_pages(lambda _: MISSING), Outcome.EMPTY, "soft-404"),
    "another-platform": (lambda site, target: site.other.answer(target), Outcome.EMPTY, "wrong-adapter"),
}
"""What the office answers from then on, and the outcome and the class that a crawl ends in within two visits."""
SELDOM = {"list-frozen-no-feed": 1}  # releases from visit to visit under it, where not `NEW`: by its date one tells


# ---- crawls ----


def results(fault: str, *, healthy: int = HEALTHY, faulty: int = FAULTY) -> list[Result]:
    """What came of `healthy` crawls and then of `faulty` ones, in order."""
    words = (fault, str(healthy), str(faulty))
    rows = loopback.told("tests.spiders.faults", *words, MONADI_ALLOW_HOSTS="127.0.0.1")
    return [Result(**{**row, "outcome": Outcome(row["outcome"])}) for row in rows]


def _main(fault: str, healthy: str, faulty: str) -> None:
    from archive.configuration import read_configuration  # noqa: PLC0415 - Scrapy has to choose the reactor first

    site, directory = Site(), read_configuration().data
    with loopback.serve(site) as url:
        site.portal.office = replace(site.portal.office, url=url)
        site.other.office = replace(site.other.office, url=url)
        loopback.write_catalogue(directory, {"yazd": f'url = "{url}/"\nplatform = "fa_portal"'})
        _crawl(site, fault, directory, int(healthy), int(faulty))


def _crawl(site: Site, fault: str, directory: Path, healthy: int, faulty: int) -> None:
    from twisted.internet.defer import inlineCallbacks  # noqa: PLC0415 - as above

    from archive.configuration import read_configuration  # noqa: PLC0415
    from archive.store import open_archive  # noqa: PLC0415
    from sources import Catalogue  # noqa: PLC0415
    from spiders.loader import spider_of  # noqa: PLC0415
    from spiders.process import crawler_process, run  # noqa: PLC0415
    from spiders.reach import Reach  # noqa: PLC0415

    office = Catalogue.load(directory).source("test-yazd")
    process = crawler_process(log_level="CRITICAL", RETRY_TIMES=0)
    archive = open_archive(read_configuration())
    archive.upgrade()

    @inlineCallbacks
    def crawls() -> Iterator[Any]:
        for number in range(healthy + faulty):
            if number == healthy:
                site.new = SELDOM.get(fault, NEW)
            if number:
                site.publish()
            if number == healthy:
                site.fault = FAULTS[fault][0] if fault in FAULTS else None
            crawler = process.create_crawler(spider_of(office))
            yield process.crawl(crawler, archive=archive, reach=Reach())
            archive.follow_timings()
            spider: Any = crawler.spider
            sys.stdout.write(json.dumps(asdict(spider.result)) + "\n")
            sys.stdout.flush()

    run(process, [crawls])
    archive.close()


if __name__ == "__main__":
    _main(*sys.argv[1:])
