"""Reading one article page: what is found, what is left out, and what a page is called that gives no article."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import ClassVar

import attrs
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from archive import Article
from archive.article import Attachment
from persian import dates
from spiders.errors import DateUnreadable, NotAnArticle, PageError, SoftNotFound
from spiders.page import NewsPage
from spiders.platforms.iransamaneh import IranSamanehPage
from spiders.platforms.wordpress import WordPressPage

Z = "\u200c"
FETCHED = datetime(2021, 12, 6, 8, tzinfo=UTC)
LEAD = "دوره تازه کارورزی آغاز شد."


@attrs.define(kw_only=True)
class PlainPage(NewsPage):
    """The base class with the simplest selectors that can be."""

    platform: ClassVar[str] = "plain"
    kicker_css: ClassVar[tuple[str, ...]] = (".kicker",)
    lead_css: ClassVar[tuple[str, ...]] = (".lead",)
    body_css: ClassVar[tuple[str, ...]] = (".body",)
    date_css: ClassVar[tuple[str, ...]] = (".date",)
    category_css: ClassVar[tuple[str, ...]] = (".path a",)
    tags_css: ClassVar[tuple[str, ...]] = (".tags a",)
    image_css: ClassVar[tuple[str, ...]] = (".picture img",)
    figure_css: ClassVar[tuple[str, ...]] = ("figure.picture",)
    missing_css: ClassVar[str] = ".error"


def page_of(body="<p>متن.</p>", head="", before="", after="", title="<h1>عنوان</h1>"):
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>
<article>{title}{before}<div class="body">{body}</div>{after}</article></body></html>"""


def meta(name, content):
    return f'<meta property="{name}" content="{content}">'


def dated(text):
    return f'<span class="date">{text}</span>'


@pytest.fixture
def read(office, respond):
    """The record of a page that is stated whole, or in the parts that `page_of` takes."""

    def made(page=None, *, kind=PlainPage, selectors=None, url="https://yazd.example.ir/fa/news/12/khabar", **parts):
        sent = {"Date": parts.pop("sent")} if "sent" in parts else {}
        response = respond(page_of(**parts) if page is None else page, url=url, **sent)
        return kind(response=response, source=office(selectors), fetched_at=FETCHED).read()

    return made


# ---- pages that are no article ----


@pytest.mark.parametrize(
    ("page", "missing"),
    [
        (page_of(title=""), "no title"),
        (page_of(title="<h1> \u00a0 </h1>"), "no title"),
        ("<article><h1>عنوان</h1></article>", "no body"),
        ("", "no title"),
        ("<!-- nothing -->", "no title"),
    ],
)
def test_a_page_without_title_or_body_is_no_article_and_the_error_names_what_is_missing(read, page, missing):
    with pytest.raises(NotAnArticle, match=f"{missing} where plain/1 looks"):
        read(page)


def test_the_sites_own_page_for_unknown_addresses_is_a_soft_404(read):
    page = '<div class="error_container">صفحه درخواستی شما موجود نمی باشد</div>'

    with pytest.raises(SoftNotFound):
        read(page, kind=IranSamanehPage)


def test_a_date_that_cannot_be_read_is_named_and_never_invented(read):
    with pytest.raises(DateUnreadable, match="۳۱ آذر ۱۴۰۰"):
        read(before=dated("۳۱ آذر ۱۴۰۰"))


def test_a_date_older_than_the_newsroom_is_flagged(read):
    assert read(before=dated("۱۱ دی ۱۳۴۸")).published.flags == ("before-source",)  # 1970-01-01, a field never filled


def test_a_page_without_any_date_is_an_article_without_one(read):
    assert read().published is None


# ---- dates ----


def test_the_date_that_readers_see_wins_over_the_metadata(read):
    published = read(
        before=dated("۱۵ آذر ۱۴۰۰ ۰۹:۱۹"), head=meta("article:published_time", "2021-12-06T05:00:00Z")
    ).published

    assert published.gregorian == "2021-12-06T09:19:00+03:30"
    assert (published.origin, published.raw, published.flags) == ("page", "۱۵ آذر ۱۴۰۰ ۰۹:۱۹", ())


@pytest.mark.parametrize("stated", ["2022-12-06T09:19:00+03:30", "2021-12-13T10:00:00+03:30", "2021-12-01"])
def test_metadata_of_another_day_is_flagged_and_not_believed(read, stated):
    published = read(before=dated("۱۵ آذر ۱۴۰۰ ۰۹:۱۹"), head=meta("article:published_time", stated)).published

    assert published.jalali == "1400-09-15T09:19:00"
    assert published.flags == ("metadata-disagrees",)


def test_metadata_that_no_one_can_read_is_passed_over(read):
    head = meta("article:published_time", "soon") + meta("article:modified_time", "1400-13-40")
    article = read(before=dated("۱۵ آذر ۱۴۰۰"), head=head)

    assert article.published.gregorian == "2021-12-06"
    assert article.modified is None


def test_metadata_stands_in_where_no_date_is_seen(read):
    published = read(head=meta("article:published_time", "2021-12-06T05:49:00+00:00")).published

    assert (published.gregorian, published.origin) == ("2021-12-06T09:19:00+03:30", "meta")


def test_a_jalali_year_in_the_metadata_is_repaired_and_flagged(read):
    published = read(head=meta("article:published_time", "1400-09-15T09:19:00+03:30")).published

    assert published.gregorian == "2021-12-06T09:19:00+03:30"
    assert published.flags == ("jalali-year-in-gregorian-field",)


def test_a_relative_date_is_counted_by_the_sites_own_clock(read):
    published = read(before=dated("۲ ساعت پیش"), sent="Mon, 06 Dec 2021 07:30:00 GMT").published

    assert published.at == datetime(2021, 12, 6, 5, 30, tzinfo=UTC)
    assert "relative" in published.flags


@pytest.mark.parametrize("sent", ["", "yesterday", "Mon, 99 Dec 2021 07:30:00 GMT"])
def test_a_relative_date_is_counted_from_the_fetch_where_the_site_tells_no_time(read, sent):
    assert read(before=dated("۲ ساعت پیش"), sent=sent).published.at == datetime(2021, 12, 6, 6, tzinfo=UTC)


def test_the_first_readable_of_several_dates_counts(read):
    assert read(before=dated("نامعلوم") + dated("۱۴۰۰/۹/۱۵")).published.gregorian == "2021-12-06"


def test_every_date_that_was_stated_is_kept_beside_the_one_believed(office, respond):
    page = page_of(
        before=dated("نامعلوم") + dated("۱۵ آذر ۱۴۰۰ ۰۹:۱۹"),
        head=meta("article:published_time", "1400-09-15T09:19:00") + meta("article:modified_time", "2021-12-07"),
    )
    listed = dates.parse("۱۴۰۰/۹/۱۴", fetched_at=FETCHED, origin="listing")
    article = PlainPage(response=respond(page), source=office(), fetched_at=FETCHED, listed=listed).read()

    assert article.published.raw == "۱۵ آذر ۱۴۰۰ ۰۹:۱۹"
    assert [(date.of, date.origin, date.raw) for date in article.stated_dates] == [
        ("published", "page", "نامعلوم"),
        ("published", "page", "۱۵ آذر ۱۴۰۰ ۰۹:۱۹"),
        ("published", "meta", "1400-09-15T09:19:00"),
        ("published", "listing", "۱۴۰۰/۹/۱۴"),
        ("modified", "meta", "2021-12-07"),
    ]


@pytest.mark.parametrize("origin", ["feed", "listing"])
def test_the_listings_date_stands_in_for_a_page_without_one_and_another_day_is_flagged(office, respond, origin):
    listed = dates.parse("۱۴۰۰/۹/۱۰", fetched_at=FETCHED, origin=origin)

    def published(**parts):
        page = PlainPage(response=respond(page_of(**parts)), source=office(), fetched_at=FETCHED, listed=listed)
        return page.read().published

    assert published() == listed
    assert published(before=dated("۱۵ آذر ۱۴۰۰")).flags == (f"{origin}-disagrees",)


def test_a_change_before_the_publication_is_flagged(read):
    modified = read(before=dated("۱۵ آذر ۱۴۰۰"), head=meta("article:modified_time", "2021-11-01T10:00:00Z")).modified

    assert modified.flags == ("before-publication",)


# ---- selectors of the source ----


def test_a_sources_own_selectors_are_asked_instead_of_the_platforms(read):
    page = page_of(before='<h2 class="own">عنوان خود</h2><p class="own-date">۱۴۰۰/۹/۱۵</p>' + dated("۱۴۰۰/۱/۱"))
    article = read(page, selectors={"title": ".own", "date": ".own-date"})

    assert (article.title, article.published.gregorian) == ("عنوان خود", "2021-12-06")


def test_a_sources_own_drop_adds_to_the_platforms(read):
    body = '<p>متن.</p><div class="poll">نظرسنجی</div><div class="adv-1">آگهی</div>'
    article = read(body=body, selectors={"drop": ".poll"})

    assert (article.body, article.body_html) == ("متن.", "<p>متن.</p>")


# ---- the body ----


@pytest.mark.parametrize(
    "ending",
    [
        "<p>انتهای پیام/۱۲۳</p>",
        "<p>انتهاي پيام/</p>",
        f"<p>انتهای{Z}پیام / 60123</p>",
        "<p><strong>انتهای پیام</strong>/۱۲۰۴</p>",
        "<div><p><b>انتهای</b> <b>پیام/</b></p></div>",
        "انتهای پیام/۱۲۳",
        "<br><br>انتهای پیام",
        "<!-- پایان -->انتهای پیام/",
        "<p></p><p>انتهای پیام//</p><p>&nbsp;</p>",
    ],
)
def test_the_words_that_end_a_message_leave_body_and_markup(read, ending):
    article = read(body=f"<p>متن خبر.</p>{ending}")

    assert article.body == "متن خبر."
    assert article.trailer.startswith(("انتهای پیام", f"انتهای{Z}پیام"))
    assert "پیام" not in article.body_html
    assert "پيام" not in article.body_html


def test_the_ending_leaves_the_paragraph_that_it_stands_in(read):
    article = read(body="<p>متن <a href='/x'>خبر</a>. انتهای پیام/۱۲۳</p>")

    assert article.body == "متن خبر."
    assert article.body_html.endswith("</a>.</p>")


def test_a_sentence_about_the_end_of_a_message_stays(read):
    text = "نام فرستنده را بنویسید در انتهای پیام"

    assert read(body=f"<p>{text}</p>").body == text


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{LEAD}</p><p>بند دوم.</p>",
        f"<p><strong>{LEAD}</strong></p><p>بند دوم.</p>",
        f"<div><span>{LEAD}</span></div><p>بند دوم.</p>",
        f"<div><p>{LEAD}</p><p>بند دوم.</p></div>",
        f"{LEAD}<br><br>بند دوم.<br>",
        f"<p>{LEAD}<br>بند دوم.</p>",
        "<span>دوره تازه </span><b>کارورزی</b> آغاز شد.<p>بند دوم.</p>",
        "\n<p>&nbsp;</p><p>دوره  تازه كارورزي آغاز شد.</p><p>بند دوم.</p>",
        "<p>دوره تازه<br>کارورزی آغاز شد.</p><p>بند دوم.</p>",
        "<p>دوره تازه</p><p>کارورزی</p><p>آغاز شد.</p><p>بند دوم.</p>",
    ],
)
def test_a_lead_that_the_body_repeats_stands_once(read, body):
    article = read(before=f'<p class="lead">{LEAD}</p>', body=body)

    assert (article.lead, article.body) == (LEAD, "بند دوم.")
    assert "آغاز" not in article.body_html
    assert "بند دوم." in article.body_html


@pytest.mark.parametrize(
    "lead",
    [
        "دوره تازه<br>کارورزی آغاز شد.",
        "<p>دوره تازه</p><p>کارورزی آغاز شد.</p>",
        "دوره تازه<div>کارورزی آغاز شد.</div>",
    ],
)
def test_a_lead_of_several_lines_is_one(read, lead):
    article = read(before=f'<div class="lead">{lead}</div>', body=f"<p>{LEAD}</p><p>بند دوم.</p>")

    assert (article.lead, article.body) == (LEAD, "بند دوم.")


def test_a_title_of_two_lines_is_one(read):
    assert read(title="<h1>گشایش پل<br>در یزد</h1>", body="<p>متن.</p>").title == "گشایش پل در یزد"


def test_an_image_beside_a_repeated_lead_stays(read):
    article = read(before=f'<p class="lead">{LEAD}</p>', body=f"<div><img src='/a.jpg'>{LEAD}</div><p>بند.</p>")

    assert '<img src="https://yazd.example.ir/a.jpg">' in article.body_html


def test_a_lead_that_begins_the_first_paragraph_only_stays_in_it(read):
    body = f"<p>{LEAD} و ادامه دارد.</p>"

    assert read(before=f'<p class="lead">{LEAD}</p>', body=body).body == f"{LEAD} و ادامه دارد."


@pytest.mark.parametrize(
    "foreign",
    [
        '<div class="adv-inline">آگهی</div>',
        '<div class="advertisement">آگهی</div>',
        '<div class="read-more">بیشتر بخوانید: <a href="/fa/news/1">خبر</a></div>',
        '<div class="related_news"><a href="/fa/news/1">خبر</a></div>',
        '<ul class="share-bar"><li>تلگرام</li></ul>',
        '<div id="c" class="comments"><p>نظر</p></div>',
        '<form action="/comment"><label>نظر شما</label><textarea>متن</textarea></form>',
        "<script>var a = 'متن';</script>",
        "<style>p { content: 'متن' }</style>",
        "<noscript>اسکریپت را روشن کنید</noscript>",
        '<iframe src="https://aparat.example/1">ویدیو</iframe>',
    ],
)
def test_what_is_no_part_of_the_text_is_in_neither_form_of_it(read, foreign):
    article = read(body=f"<p>بند نخست.</p>{foreign}<p>بند دوم.</p>")

    assert article.body == "بند نخست.\nبند دوم."
    assert article.body_html == "<p>بند نخست.</p><p>بند دوم.</p>"


def test_half_spaces_are_kept(read):
    article = read(title="<h1>کارخانه&zwnj;ها</h1>", body="<p>می&zwnj;شود و نمی\u200cشود.</p>")

    assert article.title == f"کارخانه{Z}ها"
    assert article.body == f"می{Z}شود و نمی{Z}شود."
    assert f"می{Z}شود" in article.body_html


def test_text_that_looks_like_markup_stays_text(read):
    article = read(body="نشانه &lt;b&gt; و ۳ &lt; ۵<p>بند.</p>")

    assert article.body.startswith("نشانه <b> و ۳ < ۵")
    assert article.body_html.startswith("نشانه &lt;b&gt; و ۳ &lt; ۵")


# ---- addresses ----


@pytest.mark.parametrize(
    ("base", "link", "address"),
    [
        ("", "/a/b.jpg", "https://yazd.example.ir/a/b.jpg"),
        ("", "b.jpg", "https://yazd.example.ir/fa/news/12/b.jpg"),
        ("", "//cdn.example.ir/b.jpg", "https://cdn.example.ir/b.jpg"),
        ('<base href="https://cdn.example.ir/x/">', "b.jpg", "https://cdn.example.ir/x/b.jpg"),
        ('<base href="/x/">', "b.jpg", "https://yazd.example.ir/x/b.jpg"),
    ],
)
def test_addresses_become_absolute(read, base, link, address):
    article = read(head=base, before=f'<div class="picture"><img src="{link}"></div>', body=f'<img src="{link}">')

    assert article.image == address
    assert f'src="{address}"' in article.body_html


def test_a_lazy_image_is_found_where_a_script_would_load_it_from(read):
    image = '<img src="data:image/gif;base64,AA==" data-src="/a.jpg" alt="">'
    article = read(before=f'<div class="picture">{image}</div>', body=f"<p>{image}</p>")

    assert article.image == "https://yazd.example.ir/a.jpg"
    assert 'src="https://yazd.example.ir/a.jpg"' in article.body_html


@pytest.mark.parametrize(
    "image",
    [
        '<img src="/blank.gif" data-original="/a.jpg">',
        '<img data-lazy-src="/a.jpg">',
        '<img srcset="/s.jpg 480w, /a.jpg 1200w">',
        '<img src="data:image/gif;base64,AA==" data-srcset="/s.jpg, /a.jpg 2x">',
    ],
)
def test_the_widest_of_an_images_addresses_that_is_not_a_placeholder_is_shown(read, image):
    article = read(before=f'<div class="picture">{image}</div>', body=f"<p>{image}</p>")

    assert article.image == "https://yazd.example.ir/a.jpg"
    assert 'src="https://yazd.example.ir/a.jpg"' in article.body_html


@pytest.mark.parametrize("picture", ["", '<div class="picture"><img src="data:image/gif;base64,AA=="></div>'])
def test_the_image_for_shared_links_stands_in_where_the_page_shows_none(read, picture):
    assert read(before=picture, head=meta("og:image", "/og.jpg")).image == "https://yazd.example.ir/og.jpg"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:image/png;base64,AA==", "ftp://yazd.example.ir/a.jpg", ""]
)
def test_an_image_that_is_not_on_the_web_is_none(read, link):
    assert read(before=f'<div class="picture"><img src="{link}"></div>').image is None


def test_the_lead_image_keeps_its_caption_on_top_of_the_markup(read):
    figure = '<figure class="picture"><img src="/a.jpg"><figcaption>نمای سالن</figcaption></figure>'
    article = read(before=figure)

    assert article.body == "متن."
    assert article.body_html == (
        '<figure><img src="https://yazd.example.ir/a.jpg"><figcaption>نمای سالن</figcaption></figure><p>متن.</p>'
    )


def test_an_attachment_is_typed_and_named_once(read):
    links = '<a href="/f/1.pdf">آیین‌نامه</a> <a href="/f/1.pdf">بارگیری</a> <a href="/f/%DB%B2.XLSX?v=1">جدول</a>'
    article = read(after=f'{links} <a href="/f/page.html">برگه</a>')

    assert article.attachments == (
        Attachment(url="https://yazd.example.ir/f/1.pdf", type="application/pdf", title=f"آیین{Z}نامه"),
        Attachment(
            url="https://yazd.example.ir/f/%DB%B2.XLSX?v=1",
            type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            title="جدول",
        ),
    )


def test_other_addresses_of_the_page_are_those_on_its_own_host(read):
    head = (
        '<link rel="canonical" href="/fa/news/12"><link rel="shortlink" href="https://yazd.example.ir/?p=12">'
        '<link rel="canonical" href="https://copy.example.com/12"><link rel="shortlink" href="http://[bad">'
    )

    assert read(head=head).aliases == ("https://yazd.example.ir/fa/news/12", "https://yazd.example.ir/?p=12")


# ---- the other parts ----


@pytest.mark.parametrize(
    ("opening", "byline"),
    [
        ("به گزارش روابط عمومی اداره کار یزد: نشست برگزار شد.", "روابط عمومی اداره کار یزد"),
        ("به گزارش  روابط عمومي اداره كار یزد؛ نشست برگزار شد.", "روابط عمومی اداره کار یزد"),
        ("گزارش روابط عمومی استانداری: نشست برگزار شد.", "روابط عمومی استانداری"),
        ("مدیر روابط عمومی اداره گفت: نشست برگزار شد.", None),
        ("به گزارش خبرنگار ما: نشست برگزار شد.", None),
        (
            "به گزارش روابط‌عمومی اداره کل تعاون، کار و رفاه اجتماعی استان یزد، نشست برگزار شد.",
            "روابط‌عمومی اداره کل تعاون، کار و رفاه اجتماعی استان یزد",
        ),
        ("به گزارش روابط عمومی سازمان ما، نشست برگزار شد.", None),
    ],
)
def test_the_byline_is_the_office_that_the_opening_names(read, opening, byline):
    assert read(body=f"<p>{opening}</p>").byline == byline


@pytest.mark.parametrize(
    ("named", "iso"),
    [
        ("روابط عمومی استانداری کرمانشاه", "IR-05"),
        ("روابط عمومی اداره کل کار استان چهارمحال و بختیاری", "IR-14"),
        ("روابط عمومی دفتر مرکزی اداره کل کار گيلان", "IR-01"),
        ("روابط عمومی ستاد مرکزی", None),
        ("روابط عمومی دبیرخانه ادب فارسی", None),
        ("روابط عمومی شهرداری قم در استان مرکزی", "IR-00"),
    ],
)
def test_the_bylines_province_is_the_one_its_words_name(read, named, iso):
    assert read(body=f"<p>به گزارش {named}: نشست برگزار شد.</p>").byline_province == iso


def test_kicker_category_and_tags_are_read_in_display_form(read):
    before = (
        '<p class="kicker"> در  يزد </p><ol class="path"><a>خانه</a><a>اخبار</a><a> </a></ol>'
        '<p class="tags"><a>كار</a><a>تعاون</a><a>کار</a></p>'
    )
    article = read(before=before)

    assert (article.kicker, article.category, article.tags) == ("در یزد", "اخبار", ("کار", "تعاون"))


@pytest.mark.parametrize(
    ("article", "head", "number"),
    [
        ('<article id="post-77" class="post">', "", "77"),
        ('<article class="post">', '<link rel="shortlink" href="https://yazd.example.ir/?p=78">', "78"),
        ('<article class="post">', "", None),
    ],
)
def test_wordpress_shows_a_posts_number_in_its_article_or_short_link(read, article, head, number):
    page = f'<head>{head}</head>{article}<h1>عنوان</h1><div class="entry-content">متن</div></article>'

    assert read(page, kind=WordPressPage, url="https://yazd.example.ir/khabar/").native_id == number


def test_the_record_names_source_address_reader_and_moment(read):
    article = read()

    assert (article.source, article.url) == ("nemuneh-yazd", "https://yazd.example.ir/fa/news/12/khabar")
    assert (article.extractor, article.fetched_at) == ("plain/1", FETCHED)


def test_web_poets_way_of_asking_gives_the_same_record(office, respond):
    page = PlainPage(response=respond(page_of()), source=office(), fetched_at=FETCHED)

    assert asyncio.run(page.to_item()) == page.read()


# ---- hostile pages ----

TAGS = st.sampled_from(
    ["p", "div", "br", "b", "img", "a", "table", "td", "form", "script", "figure", "base", "svg", "title", "html", "li"]
)
LINKS = st.sampled_from(
    ["/a.pdf", "http://[x", "javascript:x", "//", "a\x00b", "a\x08b", "%zz", "http://a:b/c.doc", "?", "\u202e"]
)
WORDS = st.one_of(
    st.text(max_size=12),
    st.sampled_from([LEAD, "انتهای پیام/", "۱۴۰۰/۹/۱۵", "&#0;", "<![CDATA[", "<!--", "</", "&lt;"]),
)
CLASSES = st.sampled_from(["body", "lead", "date", "picture", "adv-", "error", "tags", "kicker", "path"])
PIECES = st.one_of(
    WORDS,
    st.builds("<{}>".format, TAGS),
    st.builds("</{}>".format, TAGS),
    st.builds('<{} class="{}" href="{}" src="{}">'.format, TAGS, CLASSES, LINKS, LINKS),
    st.builds('<meta property="article:published_time" content="{}">'.format, WORDS),
)
SOUP = st.lists(PIECES, max_size=14).map("".join)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(head=SOUP, before=SOUP, body=SOUP, after=SOUP)
@example(head='<base href="http://[x">', before="", body='<img src="a"><a href="b.pdf">x</a>', after="")
@example(head="", before="", body="<p>" * 3000, after="")
@example(head="", before="", body="\x08متن انتهای پیام/", after="")
@example(
    head="",
    before="",
    body='<div class="adv-"></div><img src="\x08" style="background: url(\x08)" \x1f="\x1f">\x08',
    after="",
)
@example(head="", before='<base class="body" href="/a">', body="", after="")
def test_a_page_of_any_tag_soup_is_an_article_or_a_page_error(read, head, before, body, after):
    page = page_of(head=head, before=before, body=body, after=after)

    with suppress(PageError):
        assert isinstance(read(page), Article)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=80))
def test_bytes_of_any_kind_are_an_article_or_a_page_error(read, content):
    with pytest.raises(PageError):
        read(content)


def test_a_better_selector_wins_over_an_earlier_place_in_the_page(read):
    @attrs.define(kw_only=True)
    class Preferring(PlainPage):
        title_css: ClassVar[tuple[str, ...]] = ("h1.title", ".title")

    article = read(kind=Preferring, title='<div class="title">بخش خبر</div><h1 class="title">عنوان خبر</h1>')

    assert article.title == "عنوان خبر"


def test_markup_is_in_persian_letters_and_its_addresses_stay_as_they_are(read):
    article = read(body='<p>گزارش علي و كاوه <a href="https://yazd.example.ir/ي">پیوند</a></p>')

    assert article.body == "گزارش علی و کاوه پیوند"
    assert "گزارش علی و کاوه" in article.body_html
    assert "https://yazd.example.ir/%D9%8A" in article.body_html
