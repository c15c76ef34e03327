"""How large a file is, where a page or a feed says so."""

from datetime import UTC, datetime

import pytest
from lxml import html

from archive import Attachment
from spiders.listing import FeedListing
from spiders.sizes import size_in, size_of, with_sizes

KB, MB, GB = 1024, 1024**2, 1024**3

STATED = [
    ("(۱۲۳ کیلوبایت)", 123 * KB),
    ("(١٢٣ كيلوبايت)", 123 * KB),
    ("(123 کیلو بایت)", 123 * KB),
    ("(۱۲۳ کیلو\u200cبایت)", 123 * KB),
    ("[۱۲۳کیلوبایت]", 123 * KB),
    ("PDF - 1.2 MB", round(1.2 * MB)),
    ("PDF 1.2 MB", round(1.2 * MB)),
    ("1.2MB PDF", round(1.2 * MB)),
    ("(pdf, 345 KB)", 345 * KB),
    ("(345 kb)", 345 * KB),
    ("(345 KiB)", 345 * KB),
    ("(345 Kilobytes)", 345 * KB),
    ("حجم: ۲٫۵ مگابایت", round(2.5 * MB)),
    ("حجم فایل: ۲/۵ مگابایت", round(2.5 * MB)),
    ("حجم فایل ۲.۵ مگابایت | دریافت", round(2.5 * MB)),
    ("حجم: 2,5 MB", round(2.5 * MB)),
    ("اندازه ۱٬۲۳۴ کیلوبایت", 1234 * KB),
    ("Size: 1,234,567 bytes", 1_234_567),
    ("۱۲۳۴۵۶ بایت", 123_456),
    ("512 B", 512),
    ("۳ مگ", 3 * MB),
    ("(1 گیگابایت)", GB),
    ("(0.5 GB)", GB // 2),
    ("(KB 123)", 123 * KB),
    ("(کیلوبایت ۱۲۳)", 123 * KB),
    ("\u200f(\u200e123\u200f KB)", 123 * KB),
    ("متن بخشنامه (۱۲۳ کیلوبایت)", 123 * KB),
    ("متن بخشنامه ۱۴۰۰/۰۹/۱۵ (۱۲۳ کیلوبایت)", 123 * KB),
    ("دانلود فایل پیوست • 12 KB • ۱۵ آذر ۱۴۰۰", 12 * KB),
    ("(۱۲۳ کیلوبایت) (۱۲۳ کیلوبایت)", 123 * KB),
]
OTHERS = [
    "",
    "متن بخشنامه",
    "۱۵ آذر ۱۴۰۰",
    "(1400/09/15)",
    "(۱۴۰۰/۰۹/۱۵ ۰۹:۱۹)",
    "شماره ۱۲۳",
    "(۱۲۳)",
    "(۱۲۳ بار دانلود)",
    "دفعات دریافت: 123",
    "صفحه ۲ از ۱۲",
    "۲ مگابایت بر ثانیه",
    "(2 MB/s)",
    "2 Mbps",
    "(۸ مگابیت)",
    "(8 Mbit)",
    "بسته ۵ گیگابایت اینترنت رایگان برای دانشجویان",
    "اهدای ۵ گیگابایت اینترنت",
    "(5 Bahman)",
    "(۱۲ KB و ۱۳ KB)",
    "(12 KB) (13 KB)",
    "ماده ۵ ب",
    "12.5.1400 KB",
    "(-)",
    "MB",
]


@pytest.mark.parametrize(("text", "size"), STATED)
def test_a_size_is_read_in_any_digits_and_units(text, size):
    assert size_in(text) == size


@pytest.mark.parametrize("text", OTHERS)
def test_a_date_or_another_number_is_no_size(text):
    assert size_in(text) is None


FILE = '<a href="/a.pdf"{}>{}</a>'
PLAIN = FILE.format("", "متن بخشنامه")
AROUND = [
    (FILE.format(' data-size="12345"', "متن"), 12345),
    (FILE.format(' data-filesize="۱۲ KB"', "متن"), 12 * KB),
    (FILE.format(' data-size="large"', "متن"), None),
    (FILE.format(' data-size="0"', "متن"), None),
    (FILE.format(f' data-size="{"9" * 5000}"', "متن"), None),
    (FILE.format("", f"متن ({'9' * 400} KB)"), None),
    (FILE.format("", "متن بخشنامه (۱۲ کیلوبایت)"), 12 * KB),
    (FILE.format(' title="PDF - 12 KB"', "متن"), 12 * KB),
    (f"{PLAIN} (۱۲ کیلوبایت)", 12 * KB),
    (f"(۱۲ کیلوبایت) {PLAIN}", 12 * KB),
    (f"<li>{PLAIN} <span>12 KB</span></li>", 12 * KB),
    (f"<li><b>{PLAIN}</b> <span>12 KB</span></li>", 12 * KB),
    (f"<table><tr><td>{PLAIN}</td><td>12 KB</td><td>۱۴۰۰/۰۹/۱۵</td></tr><tr><td>13 KB</td></tr></table>", 12 * KB),
    (f'<p>{PLAIN} (12 KB)، <a href="/b.pdf">دیگر</a> (13 KB)</p>', 12 * KB),
    (f'<p>{PLAIN}، <a href="/b.pdf">دیگر</a> (13 KB)</p>', None),
    (f'<ul><li>{PLAIN}</li><li><a href="/b.pdf">دیگر</a> (13 KB)</li></ul>', None),
    (f'<p>{PLAIN} <a href="/a.pdf">دریافت</a> (12 KB)</p>', 12 * KB),
    (f"<p>{PLAIN}</p><p>(12 KB)</p>", 12 * KB),
    (f"<div><p>{PLAIN}</p>{'<p>متن خبر درباره کارگاه‌ها.</p>' * 20}<p>(12 KB)</p></div>", None),
    (f"<p>{PLAIN}<!-- 12 KB --></p>", None),
]


@pytest.mark.parametrize(("markup", "size"), AROUND)
def test_the_size_of_a_file_is_the_one_beside_its_own_link(markup, size):
    page = html.fromstring(f"<html><body><main>{markup}</main></body></html>")

    assert size_of(next(page.iter("a"))) == size


@pytest.mark.parametrize("platform_key", ["fa_portal", "wordpress", "generic"])
def test_an_attachment_has_the_length_that_its_page_states(office, respond, platform_key):
    from spiders.platforms import platform  # noqa: PLC0415 - the name is the fixture's elsewhere

    page = f"""<article class="article-view post"><h1 class="entry-title">ابلاغ بخشنامه تازه ایمنی کارگاه‌ها</h1>
<span class="date-info entry-date">۱۵ آذر ۱۴۰۰ ۰۹:۱۹</span><div class="content entry-content">
<p>بخشنامه تازه ایمنی کارگاه‌ها به همه واحدهای استان ابلاغ شد و از آغاز دی‌ماه اجرا می‌شود.</p>
<p>کارفرمایان باید تا پایان ماه گزارش خود را به اداره کار شهرستان بفرستند و نسخه‌ای را نگه دارند.</p>
<p>{PLAIN} (۱۲ کیلوبایت)</p></div></article>"""
    source = office(platform=platform_key)
    article = platform(platform_key).read(respond(page), source=source, fetched_at=datetime(2021, 12, 7, tzinfo=UTC))

    (file,) = article.attachments
    assert (file.url, file.length) == ("https://yazd.example.ir/a.pdf", 12 * KB)


FEED = """<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><item><link>/1</link>{}</item></channel></rss>"""


@pytest.mark.parametrize(
    ("stated", "sizes"),
    [
        (
            '<enclosure url="/a.pdf" length="12345" type="application/pdf"/>',
            (("https://yazd.example.ir/a.pdf", 12345),),
        ),
        ('<enclosure url="/a.pdf" length=" 12 "/>', (("https://yazd.example.ir/a.pdf", 12),)),
        ('<media:content url="/a.mp4" fileSize="99"/>', (("https://yazd.example.ir/a.mp4", 99),)),
        ('<link rel="enclosure" href="/a.pdf" length="7"/>', (("https://yazd.example.ir/a.pdf", 7),)),
        ('<enclosure url="/a.pdf" length="0"/>', ()),
        ('<enclosure url="/a.pdf" length="1"/>', ()),
        ('<enclosure url="/a.pdf" length="12 KB"/>', ()),
        ('<enclosure url="/a.pdf"/>', ()),
        ('<enclosure length="12345"/>', ()),
        ('<enclosure url="https://qom.example.ir/a.pdf" length="12345"/>', ()),
    ],
)
def test_a_feed_states_the_length_of_what_it_encloses(office, respond, stated, sizes):
    (link,) = FeedListing(
        response=respond(FEED.format(stated)), source=office(), fetched_at=datetime(2021, 12, 7, tzinfo=UTC)
    ).links()

    assert link.sizes == sizes


def test_what_a_feed_states_fills_in_what_the_page_does_not(make):
    page = make(attachments=(Attachment(url="/a.pdf"), Attachment(url="/b.pdf", length=5), Attachment(url="/c.pdf")))

    known = with_sizes(page, {"/a.pdf": 3, "/b.pdf": 4})

    assert [file.length for file in known.attachments] == [3, 5, None]
    assert with_sizes(page, {}) is page
