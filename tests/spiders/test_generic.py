"""Pages of no known CMS: what is read of them, what is no article, and what a listing leads to."""

import importlib.util
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from scrapy.http import HtmlResponse

from persian.text import display
from spiders.errors import NotAnArticle, PageError, SoftNotFound
from spiders.extraction.dateline import find_dates
from spiders.extraction.furniture import Role, label_of, role_of
from spiders.extraction.outline import Outline
from spiders.extraction.structured import read_stated
from spiders.platforms.generic import PLATFORM, GenericListing, GenericPage
from spiders.responses import page_response

HERE = Path(__file__).parent
NEWSROOM = HERE.parents[2] / "shared/newsroom"


def _module(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


variants = _module("monadi_variants", HERE / "variants.py")
FETCHED = datetime(2025, 12, 1, 8, tzinfo=UTC)
TITLE = "پل روستای سرچشمه به بهره‌برداری رسید"
TEXT = "این پل سی و شش متری دیروز با حضور مسئولان استان گشوده شد و زیر بار ترافیک رفت. " * 2
DATE = "۱۵ آذر ۱۴۰۰ - ۰۹:۱۹"


@pytest.fixture
def page(office, respond):
    def made(content, *, url=variants.ADDRESS, selectors=None):
        source = office(selectors, platform="generic")
        return GenericPage(response=respond(content, url=url), source=source, fetched_at=FETCHED)

    return made


def article(body, head="", title=f"<h1>{TITLE}</h1><div>{DATE}</div>"):
    return f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{title}{body}</body></html>'


# ---- layouts ----


@pytest.mark.parametrize("variant", variants.VARIANTS, ids=lambda variant: variant.name)
def test_every_layout_gives_the_release_that_was_written_into_it(variant, office):

    content = variant.page if isinstance(variant.page, bytes) else variant.page.encode()
    response, _ = page_response(HtmlResponse(variant.url, body=content))
    read = GenericPage(response=response, source=office(platform="generic"), fetched_at=FETCHED).read()

    assert (read.title, read.kicker, read.lead) == (variant.title, variant.kicker, variant.lead)
    assert tuple(read.body.split("\n")) == variant.body
    assert (read.published and read.published.gregorian) == variant.at
    assert variant.tags is None or read.tags == variant.tags
    assert not [text for text in variant.never if text in read.body or text in read.body_html]
    assert read.extractor == f"generic/{GenericPage.version}"


# ---- parts ----


@pytest.mark.parametrize(
    "title",
    [
        "پل روستای سرچشمه<br>به بهره\u200cبرداری رسید",
        "پل روستای<br/>\nسرچشمه <br> به بهره\u200cبرداری رسید",
        f"{TITLE}<br><small>{DATE}</small>",
        f"{TITLE}<br>{DATE}",
        f"{TITLE}<br>",
    ],
)
@pytest.mark.parametrize("head", ["", f"<title>{TITLE} - پایگاه خبری</title>"])
def test_a_title_of_two_lines_is_one_and_a_date_below_it_none_of_it(page, title, head):
    assert (
        page(article(f"<p>{TEXT}</p><p>{TEXT}</p>", head=head, title=f"<h1>{title}</h1><p>{DATE}</p>")).read().title
        == TITLE
    )


def test_a_text_that_stands_in_one_heading_keeps_its_lines(page):
    lines = [f"{number}. {TEXT}".strip() for number in ("یکم", "دوم", "سوم", "چهارم", "پنجم")]

    assert page(article(f"<h3>{'<br>'.join(lines)}</h3>")).read().body == "\n".join(lines)


def test_the_ending_is_no_body_and_is_kept_apart(page):
    read = page(article(f"<div><p>{TEXT}</p><p>{TEXT}</p><p>انتهای پیام/ ۷۱۰</p></div>")).read()

    assert read.body == "\n".join([display(TEXT)] * 2)
    assert read.trailer == "انتهای پیام/ ۷۱۰"


def test_the_code_of_the_staff_is_no_body(page):
    read = page(article(f"<div><p>{TEXT}</p><p>{TEXT}</p><p>انتهای پیام</p><p>۷۳۸۷/۶۰۲۱</p></div>")).read()

    assert read.body == "\n".join([display(TEXT)] * 2)
    assert read.trailer == "انتهای پیام ۷۳۸۷/۶۰۲۱"


def test_a_lazy_image_and_relative_links_become_whole_addresses(page):
    body = f'<div><p>{TEXT}</p><p><img data-src="/i/1.jpg" src="data:,"> {TEXT} <a href="../b">پیوند</a></p></div>'

    shown = page(article(body)).read().body_html

    assert "https://yazd.example.ir/i/1.jpg" in shown
    assert "https://yazd.example.ir/page/b" in shown


def test_documents_below_the_text_are_attachments_and_no_text(page):
    read = page(article(f'<div><p>{TEXT}</p></div><p><a href="/files/report.pdf">دانلود گزارش</a></p>')).read()

    assert [(file.url, file.type) for file in read.attachments] == [
        ("https://yazd.example.ir/files/report.pdf", "application/pdf")
    ]
    assert "دانلود" not in read.body


def test_the_source_s_own_selectors_win(page):
    content = article(f'<h3 id="t">عنوان دیگر برای همین خبر</h3><div>{TEXT}</div><div id="b">متن دیگر.</div>')

    read = page(content, selectors={"title": "#t", "body": "#b", "lead": "h1", "date": "#none"}).read()

    assert (read.title, read.lead, read.body) == ("عنوان دیگر برای همین خبر", display(TITLE), "متن دیگر.")
    assert read.published is None


def test_a_title_that_the_source_states_is_what_the_rest_is_found_by(page):
    content = article(f'<div id="t">نام تازه</div><div>{DATE}</div><div><p>{TEXT}</p></div>', title="<p>خبر روز</p>")

    read = page(content, selectors={"title": "#t"}).read()

    assert (read.title, read.body, read.published.raw) == ("نام تازه", display(TEXT), DATE)


def test_what_a_source_says_to_drop_is_dropped(page):
    content = article(f'<div><p>{TEXT}</p><p class="x">شماره ثبت این خبر در دبیرخانه نهصد است.</p><p>{TEXT}</p></div>')

    assert "دبیرخانه" not in page(content, selectors={"drop": ".x"}).read().body


def test_a_date_of_the_metadata_stands_in_where_readers_see_none(page):
    head = '<meta property="article:published_time" content="2021-12-06T09:19:00+03:30">'

    read = page(article(f"<div><p>{TEXT}</p><p>{TEXT}</p></div>", head, f"<h1>{TITLE}</h1>")).read()

    assert (read.published.gregorian, read.published.origin) == ("2021-12-06T09:19:00+03:30", "meta")


def test_a_seen_date_is_believed_and_the_metadata_s_other_day_flagged(page):
    head = '<meta property="article:published_time" content="2026-01-01T09:19:00+03:30">'

    read = page(article(f"<div><p>{TEXT}</p><p>{TEXT}</p></div>", head)).read()

    assert read.published.gregorian == "2021-12-06T09:19:00+03:30"
    assert "metadata-disagrees" in read.published.flags


@pytest.mark.parametrize(
    ("names", "role"),
    [
        ("NewsRelated", Role.RELATED),
        ("field--name-body", Role.BODY),
        ("comments-open", Role.NONE),
        ("has-sidebar", Role.NONE),
        ("newstitle", Role.TITLE),
        ("lbl_SubTitle", Role.SUBTITLE),
        ("advanced", Role.NONE),
        ("related-title", Role.RELATED),
        ("col-md-8 ms-rtestate", Role.NONE),
    ],
)
def test_names_of_elements_say_what_they_hold(names, role):
    assert role_of("div", names, None, None) == role


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("اخبار مرتبط", Role.RELATED),
        ("خبرهای مرتبط:", Role.RELATED),
        ("بیشتر بخوانید:", Role.RELATED),
        ("پربازدیدترین‌ها", Role.RELATED),
        ("نظرات کاربران (۳)", Role.COMMENTS),
        ("۶ دیدگاه", Role.COMMENTS),
        ("برچسب‌ها:", Role.TAGS),
        ("به اشتراک بگذارید", Role.SHARE),
        ("اخبار استان یزد در هفته گذشته", Role.NONE),
        ("نظر کارشناسان بر ادامه کار است", Role.NONE),
    ],
)
def test_labels_say_what_stands_below_them(text, role):
    assert label_of(text) == role


# ---- metadata ----


def stated(head, body=""):
    return read_stated(html.document_fromstring(article(body, head)))


def test_json_ld_with_a_trailing_comma_and_a_raw_line_break_is_read():
    script = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "یک\nدو",}</script>'

    assert stated(script).titles == ["یک دو"]


@pytest.mark.parametrize("value", ["", "null", "[]", "3", '{"@type": null}', '{"@graph": {"@graph": []}}', "[" * 9000])
def test_json_ld_that_says_nothing_harms_nothing(value):
    assert stated(f'<script type="application/ld+json">{value}</script>').titles == []


# ---- what is no article ----


LOGIN = (
    "<title>ورود</title><h1>ورود</h1><form><p>برای ورود نام کاربری و گذرواژه خود را بنویسید و دکمه ورود را بزنید.</p>"
    '<input name="u"><input type="password" name="p"></form>'
)
NO_ARTICLES = {
    "archive": f"<title>اداره کل</title><h1>آرشیو اخبار</h1>{variants.teasers()}",
    "search": f"<title>نتایج جستجو</title><h1>نتایج جستجو</h1><ul>{variants.items(variants.OTHERS)}</ul>",
    "login": LOGIN,
    "menu": f"<title>اداره کل</title><div>{variants.menu()}</div>",
    "nothing": "",
    "scrap": "<p>متن",
}


@pytest.mark.parametrize("content", NO_ARTICLES.values(), ids=NO_ARTICLES)
def test_a_page_without_a_release_is_no_article(page, content):
    with pytest.raises(NotAnArticle):
        page(content).read()


@pytest.mark.parametrize("text", ["صفحه مورد نظر یافت نشد", "خبر درخواستی شما موجود نمی‌باشد", "خطای ۴۰۴"])
def test_an_error_page_says_that_the_release_is_gone(page, text):
    with pytest.raises(SoftNotFound):
        page(f"<title>اداره کل</title><h1>{text}</h1><p>بازگشت به <a href='/'>صفحه نخست</a></p>").read()


def test_the_reading_says_how_sure_it_is_and_why(page):
    plain, full = page(variants.VARIANTS[5].page), page(variants.VARIANTS[0].page)

    assert 0.45 <= plain.confidence() <= full.confidence() <= 1
    assert any("a title" in reason for reason in full.reasons())
    assert page("<p>متن").confidence() < 0.45


SCRAPS = (
    *("<div>", "</div>", "<table><tr><td>", "</table>", "<br>", "<p>", "<a href='/n/1'>", "</a>", "<h1>", "<ul><li>"),
    *("<!--", "-->", "<script>", "<form><textarea>", "\x00", "<figure><img src=x>", "<svg>", "&zwnj;", "اخبار مرتبط"),
    *(TEXT, TITLE, DATE),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(SCRAPS), max_size=40))
def test_no_page_can_break_the_reader(office, respond, parts):
    read = GenericPage(response=respond("".join(parts)), source=office(platform="generic"), fetched_at=FETCHED)

    with suppress(PageError):
        read.read()


def test_depth_costs_no_recursion(page):
    with pytest.raises(PageError):
        page("<div>" * 5000 + "متن").read()


# ---- dates among others ----


def dates_of(content):
    return [seen.raw for seen in find_dates(Outline(html.document_fromstring(content)), headline=0, body=None)]


def test_a_labelled_date_comes_before_one_that_is_nearer():
    content = f"<h1>{TITLE}</h1><p>۲ دی ۱۴۰۰</p><p>تاریخ انتشار: {DATE}</p>"

    assert dates_of(content)[0] == DATE


def test_the_day_of_the_visit_and_of_the_last_change_are_not_the_release_s():
    content = f"<h1>{TITLE}</h1><p>امروز: ۲ دی ۱۴۰۰</p><p>آخرین به‌روزرسانی: ۳ دی ۱۴۰۰</p><p>{DATE}</p>"

    assert dates_of(content)[0] == DATE


# ---- listings ----


@pytest.fixture
def listing(office, respond):
    def made(content, url="https://yazd.example.ir/news"):
        return GenericListing(response=respond(content, url=url), source=office(platform="generic"), fetched_at=FETCHED)

    return made


FRONT = f"<div>{variants.menu()}</div><div>{variants.teasers()}</div><div>{variants.footer(variants.BRIDGE)}</div>"


def test_a_listing_gives_the_family_of_links_that_read_as_titles_with_their_dates(listing):
    links = list(listing(FRONT).links())

    assert [link.url for link in links] == [f"https://yazd.example.ir/page/view/6{n}" for n in range(8)]
    assert links[0].published.jalali == "1403-08-10"


def test_a_short_title_of_the_same_shape_is_listed_too(listing):
    links = listing(FRONT + '<a href="/page/view/999">تسلیت</a>').links()

    assert "https://yazd.example.ir/page/view/999" in [link.url for link in links]


@pytest.mark.parametrize(
    "pager",
    [
        '<a rel="next" href="/news?page=2">۲</a>',
        '<a href="/news?page=2">بعدی</a>',
        '<a href="/news?page=2">صفحه بعد</a>',
        '<span>۱</span> <a href="/news?page=2">۲</a> <a href="/news?page=3">۳</a>',
        '<link rel="next" href="/news?page=2">',
        '<a href="/news?page=2">»</a>',
    ],
)
def test_the_next_page_is_found_by_whatever_leads_there(listing, pager):
    assert listing(FRONT + pager).next_urls() == ["https://yazd.example.ir/news?page=2"]


def test_a_front_page_without_a_pager_leads_to_the_archive(listing):
    found = listing(FRONT + '<a href="/archive">آرشیو اخبار</a>', url="https://yazd.example.ir/").next_urls()

    assert found == ["https://yazd.example.ir/archive"]


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://yazd.example.ir/page/view/12", True),
        ("https://yazd.example.ir/index.aspx?id=12", True),
        ("https://yazd.example.ir/خبر-تازه", True),
        ("https://yazd.example.ir/", False),
        ("https://yazd.example.ir/files/12.pdf", False),
        ("https://yazd.example.ir/login", False),
        ("https://yazd.example.ir/fa/rss", False),
    ],
)
def test_any_address_may_be_an_article_s_but_those_that_never_are(address, is_one):
    assert PLATFORM.is_article(address) is is_one


# ---- the newsrooms outside of this repository ----


@pytest.mark.skipif(not NEWSROOM.is_dir(), reason="the imitation newsrooms are not beside this repository")
def test_the_newsrooms_are_read_as_well_as_is_claimed(monkeypatch):
    monkeypatch.syspath_prepend(HERE.parents[1] / "benchmarks")  # whose scripts import each other
    benchmark = importlib.import_module("extraction")
    generic = next(each for each in benchmark.contenders() if getattr(each, "name", "") == benchmark.GENERIC)

    found = benchmark.score(generic, benchmark.load(NEWSROOM, 3))

    assert found.refused == 0
    assert (found.dates, found.titles, found.half_spaces) == (1, 1, 1)
    assert (found.body >= benchmark.GOALS["body"], found.leaked) == (True, 0)
