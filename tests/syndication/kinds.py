"""Every kind of document that a feed has, of one archive: what the schemas and the validators of others are shown."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import Archive, Article, absences, crawls, intake
from archive.article import Attachment
from archive.database import sqlite_url
from persian.dates import parse
from sources import Catalogue
from syndication.feeds import Format, Part, Place, compose, find, issue_of

BASE = "https://news.example.ir"
HUB = "https://hub.example.ir/"
FETCHED = datetime(2021, 12, 6, 8, tzinfo=UTC)
CLOSED_AT = datetime(2021, 12, 8, tzinfo=UTC)  # 17 Azar 1400

KINDS = {
    "current": ("all", [], None),
    "complete": ("source/mcls-hormozgan", [], None),
    "empty": ("source/mcls-fars", [], None),
    "archived, closed": ("all", [], Part(month="1400-08")),
    "archived, open": ("all", [], Part(month="1400-09")),
    "changes": ("changes", [], None),
    "changes, a block": ("changes", [], Part(number=1)),
    "changes, titles alone": ("changes", [("content", "none")], None),
    "tag": ("tag/اشتغال", [], None),
    "search": ("query", [("q", "نشست & «یزد» <b>"), ("province", "yazd")], None),
    "summaries": ("query", [("content", "summary")], None),
    "titles alone": ("query", [("content", "none")], None),
    "dates in words": ("query", [("date-line", "yes")], None),
    "edits again": ("query", [("changed", "yes")], None),
}


def of(directory: Path, catalogue: Catalogue) -> dict[tuple[str, Format], bytes]:
    """The documents by kind and format, of an archive in a directory of its own."""
    with Archive(sqlite_url(directory / "monadi.db"), directory / "search") as archive:
        archive.upgrade()
        fill(archive, catalogue)
        return {(kind, format_): document for kind, format_, _, document in documents(archive, catalogue)}


def fill(archive: Archive, catalogue: Catalogue) -> None:
    """Releases of every shape, in closed months and open ones, edited, moved, removed."""
    with archive.writing() as connection:
        crawls.register(connection, catalogue.sources.values())
    usual = [release(number, f"{number % 29 + 1} آبان ۱۴۰۰ 0{number % 10}:1{number % 6}") for number in range(1, 60)]
    _keep(archive, *usual, *_odd())
    archive.close_months(CLOSED_AT)
    later = CLOSED_AT + timedelta(days=1)
    _keep(
        archive,
        release(5, "6 آبان ۱۴۰۰ 05:15", lead="در این رویداد ۲۱ تن آسیب دیدند.", fetched_at=later),
        release(6, "7 آبان ۱۴۰۰ 06:10", url="https://yazd.mcls.gov.ir/fa/news/6/نامی-دیگر", fetched_at=later),
        release(70, "۱۵ آذر ۱۴۰۰ ۱۱:۰۰", title="رفتنی", fetched_at=later),
    )
    with archive.writing() as connection:
        for hours in (0, 7):
            absences.missed(connection, "mcls-yazd", ["id:70", "id:9"], later + timedelta(hours=hours))


def release(number: int, date: str | None = "۱۵ آذر ۱۴۰۰ ۰۹:۱۹", **changes: object) -> Article:
    fetched_at = FETCHED + timedelta(minutes=number)
    values: dict[str, object] = {
        "source": "mcls-yazd",
        "url": f"https://yazd.mcls.gov.ir/fa/news/{number}/خبر",
        "native_id": str(number),
        "title": f"نشست شماره\u200cی {number} روابط عمومی\u200cها",
        "kicker": "در یزد:",
        "lead": "این نشست در یزد برگزار شد.",
        "body": "بند نخست.\nبند دوم.",
        "body_html": '<p>بند نخست.</p><p dir="ltr">بند دوم.</p>',
        "category": "اخبار",
        "tags": ("اشتغال", "یزد"),
        "image": f"https://yazd.mcls.gov.ir/{number}.jpg" if number % 3 else None,
        "extractor": "fa_portal/1",
        "fetched_at": fetched_at,
        "published": parse(date, fetched_at=fetched_at) if date else None,
    }
    return Article(**{**values, **changes})  # type: ignore[arg-type]


def documents(archive: Archive, catalogue: Catalogue) -> Iterator[tuple[str, Format, str, bytes]]:
    """The kind, the format, the address and the bytes of each."""
    place = Place(base_url=BASE, hub=HUB)
    for kind, (path, asked, part) in KINDS.items():
        feed = find(path, catalogue, asked)
        for format_ in Format:
            yield (
                kind,
                format_,
                feed.address(format_, BASE, part),
                compose(feed, issue_of(archive, feed, part), format_, place),
            )


def _odd() -> Iterator[Article]:
    files = (
        Attachment(url="https://yazd.mcls.gov.ir/a.pdf", title="آیین\u200cنامه", length=12345),
        Attachment(url="https://yazd.mcls.gov.ir/b.docx"),
        Attachment(url="https://yazd.mcls.gov.ir/c", type="audio/mpeg; x", length=9),
        Attachment(url="https://yazd.mcls.gov.ir/d.pdf", type="پی‌دی‌اف", length=-1),
    )
    hormozgan = {"source": "mcls-hormozgan", "url": "https://hormozgan.mcls.gov.ir/fa/news/80"}
    yield release(80, **hormozgan, title="پیوست\u200cدار", attachments=files)
    yield release(81, None, title="بی\u200cتاریخ")
    yield release(82, "۱۲ آذر ۱۴۰۰", title="تنها روز")
    yield release(83, "آذر ۱۴۰۰", title="تنها ماه")
    yield release(84, title="<b>درشت</b> & ]]> \x0b", body_html=HOSTILE, body="پیش <script> پس")
    yield release(85, url="javascript:alert(1)", title="بی نشانی", native_id="85")
    yield release(86, title="", lead=None, kicker=None, body="", body_html="", category=None, tags=())
    yield release(87, title="روایت", byline="خبرنگار: \u202eعلی", image="/تصویر.jpg")
    yield release(88, title="تصویر", body_html='<p><img src="/a.jpg"><img src="https://x.ir/b.jpg" alt="ب"></p>')
    yield release(89, title="کهنه", date="۱۵ آذر ۱۳۰۳ ۰۹:۱۹")


HOSTILE = (
    "<p onclick='x()'>پیش<script>alert(1)</script></p><iframe src='//x'></iframe><form action='x'><input></form>"
    "<a href='javascript:x'>نشانی</a><a href='data:text/html,x'>داده</a><img src='data:image/png;base64,AA=='>"
    "<object data='x'></object><style>p{}</style><link rel=stylesheet href=x><base href=//x><meta http-equiv=refresh>"
)


def _keep(archive: Archive, *readings: Article) -> None:
    with archive.writing() as connection:
        intake.save(connection, readings)
