"""Other themes of the CMSs than those recorded: other wrappers, quotes, letters' case and order, files that are missing.

Each is a page with what its platform should read of it. `~` stands for a half-space.
"""

# ruff: noqa: E501 - markup in the lines that a CMS writes

from datetime import UTC, datetime
from typing import Any

import pytest

from persian.text import ZWNJ
from spiders.detect import recognise
from spiders.platforms import platform

TITLE = "پل سرچشمه به بهره~برداری رسید"
KICKER = "مدیرکل راه~داری:"
LEAD = "پل سرچشمه پس از دو سال باز شد."
FIRST = "درازای این پل سی و شش متر است."
SECOND = "وی افزود: راه دسترسی هم بهسازی می~شود."
DAY = "2021-12-06"
MINUTE = "2021-12-06T09:19:00+03:30"
WHOLE = {"title": TITLE, "kicker": KICKER, "lead": LEAD, "body": f"{FIRST}\n{SECOND}", "published": MINUTE}
SIDE = (
    "<div class='side'><span class='rutitr kicker uptitle'>روتیتر کناری</span><b class='title'>تیتر کناری</b>"
    "<p class='lead subtitle introtext'>لید کناری</p></div>"
)
MORE = "<p><b>بیشتر بخوانید:</b></p><ul><li><a href='/1'>خبری دیگر</a></li></ul>"

THEMES: dict[tuple[str, str], tuple[str, str, dict[str, Any]]] = {
    ("nastooh", "2018, before microdata, in capitals and single quotes"): (
        "/news/1234",
        f"""<HTML><HEAD><META CONTENT='www.nastooh.ir' NAME='generator'></HEAD><BODY CLASS='rtl'>{SIDE}
<SECTION CLASS='main-content'><DIV CLASS='item-header'><H3 CLASS='rutitr'>{KICKER}</H3><H1 CLASS='title first'>{TITLE}</H1>
<DIV CLASS='item-summary'>{LEAD}</DIV></DIV><DIV CLASS='item-time'>۱۵ آذر ۱۴۰۰ - ۰۹:۱۹</DIV>
<DIV CLASS='item-body'><DIV CLASS='item-text clear'><P>{FIRST}<P>{SECOND}<DIV CLASS='box'>پربازدیدها</DIV></DIV></DIV>
<DIV CLASS='tags'><UL><LI>برچسب‌ها:</LI><LI><A HREF='/tag/a'>پل</A></LI></UL></DIV></SECTION></BODY></HTML>""",
        {**WHOLE, "tags": ("پل",)},
    ),
    ("nastooh", "2026, without its generator"): (
        "/photo/1234/slug",
        f"""<link href="/resources/theme/ostan/css/a.css" rel="stylesheet"><meta content="2021-12-06T09:19:00+03:30"
property="article:published_time"><main>{SIDE}<div><div><span class="uptitle">{KICKER}</span><h1 itemprop="headline">{TITLE}</h1></div>
<p class="lg introtext">{LEAD}</p><figure><img src="/d/2021/12/06/4/1234.jpg"></figure>
<div itemprop="articleBody"><p>{FIRST}</p><p>{SECOND}</p>{MORE}</div></div></main>""",
        {**WHOLE, "image": "https://yazd.example.ir/d/2021/12/06/4/1234.jpg"},
    ),
    ("studiokhabar", "a skin with classes for ids, without its generator"): (
        "/news/1234/slug",
        f"""<meta content="Behnegarsoft.com" name="author"><meta content='2021-12-06 05:49:00 GMT' name='dcterms.created'>
{SIDE}<div class='col-lg-36'><div id='docDiv3TitrRou'>{KICKER}</div><div id='docDiv3TitrMain'>{TITLE}</div><div id='docDivLead'>{LEAD}</div>
<div id='docContentdiv'><article>{FIRST}<br/><br/>{SECOND}<br/>انتهای پیام/۱۱۲</article></div>
<p class='tags'><a href='/t/1'>پل</a> <a href='/t/2'>راه</a></p></div>""",
        {**WHOLE, "tags": ("پل", "راه"), "trailer": "انتهای پیام/۱۱۲"},
    ),
    ("studiokhabar", "a short page in capitals"): (
        "/fa/doc/report/1234/",
        f"""<HTML><HEAD><META NAME=generator CONTENT="News Studio, http://www.news-studio.com"></HEAD><BODY>
<DIV CLASS=doc_content><H1 ID=docDiv3TitrMain>{TITLE}</H1><SPAN CLASS=docDiv3Date>دوشنبه ۱۵ آذر ۱۴۰۰ ساعت ۰۹:۱۹</SPAN>
<DIV ID=doctextarea><P>{FIRST}</P><P>{SECOND}</P><DIV CLASS="share">تلگرام</DIV></DIV></DIV></BODY></HTML>""",
        {**WHOLE, "kicker": None, "lead": None},
    ),
    ("aasaam", "hyphens for underscores, no ASCII art"): (
        "/fa/news-political-12/1234-slug",
        f"""<html class="rtl fa os-linux browser-firefox"><body>{SIDE}<main><h2 class="news-uptitle">{KICKER}</h2><h1>{TITLE}</h1>
<time datetime="2021-12-06T09:19:00+03:30" class="news-time"></time><p class="news-lead">{LEAD}</p>
<div class="primary-files"><img src="/a.jpg"></div><div class="article_body"><div id='echo_detail'><div>{FIRST}</div><div>{SECOND}</div>
<div class="sec_info">بازدید ۱۲</div><div class="short_link_cnt">لینک کوتاه</div></div></div>
<div class="news_tags"><a href="/t">پل</a></div></main></body></html>""",
        {**WHOLE, "tags": ("پل",), "image": "https://yazd.example.ir/a.jpg"},
    ),
    ("aasaam", "an older editor's element, in single quotes"): (
        "/بخش-استان-15/1234-پل",
        f"""<html data-ng-app='aasaamApp'><article class='x news_content'><span class='up-title'>{KICKER}</span><div class='title'>{TITLE}</div>
<span class='news_nav_title'>تاریخ: ۱۴۰۰/۰۹/۱۵ ۰۹:۱۹</span><div itemprop='description'>{LEAD}</div>
<div id='main_ck_editor'><p>{LEAD}</p><p>{FIRST}</p><p>{SECOND}</p>{MORE}</div>
<div class='tags'><ul><li><a href='/t'>#پل</a></li></ul></div></article></html>""",
        {**WHOLE, "tags": ("پل",)},
    ),
    ("mfa", "in capitals, the address too"): (
        "/Portal/NewsView/1234",
        f"""<HTML><BODY><A HREF='/portal/NewsAgencyShow/699'>بیانیه</A><DIV CLASS='row news-text-full rtl'><H6>{KICKER}</H6><H4>{TITLE}</H4>
<P>{FIRST}</P><P>{SECOND}</P></DIV><SPAN CLASS='nv-info'><I></I>1400/09/15 - 09:19</SPAN></BODY></HTML>""",
        {**WHOLE, "lead": None},
    ),
    ("mfa", "wrapped, dated in Gregorian, with sharing inside"): (
        "/portal/newsview/1234/slug/",
        f"""<h4>اخبار</h4><article><span class="small nv-info">2021/12/06 - 09:19</span><div class="news-text-full"><div><h4>{TITLE}</h4></div>
<div>{FIRST}</div><div>{SECOND}</div><div class="share-buttons">تلگرام</div></div></article>
<ol><li class="breadcrumb-item"><a href="/">خانه</a></li><li class="breadcrumb-item"><a href="/p">بیانیه‌ها</a></li></ol>""",
        {**WHOLE, "kicker": None, "lead": None, "category": "بیانیه~ها"},
    ),
    ("iransamaneh", "old: another box, two dates in one place"): (
        "/fa/news/1234",
        f"""<HTML><HEAD><SCRIPT SRC='/client/themes/fa/main/js/x.js'></SCRIPT></HEAD><BODY>{SIDE}
<DIV STYLE='direction: right;'><DIV CLASS='news_nav news_pdate_c'>تاریخ انتشار: <SPAN>۱۵ آذر ۱۴۰۰ - ۰۹:۱۹</SPAN><SPAN> - 06 December 2021</SPAN></DIV>
<DIV CLASS='rutitr'>{KICKER}</DIV><DIV CLASS='title'>{TITLE}</DIV><DIV CLASS='subtitle'>{LEAD}</DIV>
<SECTION CLASS='body-news body'>{FIRST}<BR>{SECOND}<BR>انتهای پیام</SECTION></DIV></BODY></HTML>""",
        {**WHOLE, "trailer": "انتهای پیام"},
    ),
    ("iransamaneh", "new: hyphens, tags in a list with its label"): (
        "/fa/news/1234/slug",
        f"""<div class="news_path"><a href="/fa">صفحه نخست</a><a href="/fa/services/3">عمران</a></div>{SIDE}<article><p class="news-rutitr">{KICKER}</p>
<h1 class="news-title h3">{TITLE}</h1><div class="item-date"><span>۰۹:۱۹ - ۱۴۰۰/۰۹/۱۵</span></div><p class="news-subtitle">{LEAD}</p>
<div id="newsMainBody"><p>{FIRST}</p><p>{SECOND}</p></div><ul class="tags"><li>برچسب ها</li><li><a href="/fa/tag/1/پل">پل</a></li></ul></article>
<script src="/assets/lib.iransamaneh_9.js"></script>""",
        {**WHOLE, "tags": ("پل",), "category": "عمران"},
    ),
    ("wordpress", "a block theme"): (
        "/khabar/pol",
        f"""<link rel="https://api.w.org/" href="https://yazd.example.ir/wp-json/"><body class="postid-1234"><main><p class="kicker">{KICKER}</p>
<h1 class="wp-block-post-title">{TITLE}</h1><div class="wp-block-post-date"><time datetime="2021-12-06T09:19:00+03:30">۱۵ آذر ۱۴۰۰ ۰۹:۱۹</time></div>
<div class="wp-block-post-excerpt"><p>{LEAD}</p></div><div class="wp-block-post-content"><p>{FIRST}</p><p>{SECOND}</p>{MORE}</div>
<div class="taxonomy-post_tag"><a href="/tag/pol">پل</a></div></main>
<aside><h2 class="wp-block-post-title"><a href="/x">خبری دیگر</a></h2></aside>""",
        {**WHOLE, "native_id": "1234", "tags": ("پل",)},
    ),
    ("wordpress", "a theme of a governor's office, in single quotes"): (
        "/?p=1234",
        f"""<META CONTENT='WordPress 5.2' NAME='Generator'><DIV CLASS='singlee2 post-1234'><SPAN CLASS='rutitr'>{KICKER}</SPAN><H1>{TITLE}</H1>
<SPAN CLASS='post-date'>۱۴۰۰-۰۹-۱۵ ۰۹:۱۹</SPAN><P CLASS='lead'>{LEAD}</P><DIV CLASS='the-content'><P>{FIRST}</P>
<DIV CLASS='wp-caption'><IMG SRC='/a.jpg'><P CLASS='wp-caption-text'>نمای پل</P></DIV><P>{SECOND}</P></DIV></DIV>""",
        WHOLE,
    ),
}
CASES = [(key, *theme) for (key, _), theme in THEMES.items()]
NAMES = [f"{key}: {what}" for key, what in THEMES]


def half_spaced(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(half_spaced, value))
    return value.replace("~", ZWNJ) if isinstance(value, str) else value


@pytest.fixture
def read(office, respond):
    def made(key, path, page):
        response = respond(half_spaced(page), url=f"https://yazd.example.ir{path}")
        source = office(platform=key)
        return platform(key).read(response, source=source, fetched_at=datetime(2021, 12, 7, tzinfo=UTC))

    return made


@pytest.mark.parametrize(("key", "path", "page", "expected"), CASES, ids=NAMES)
def test_another_theme_of_a_platform_is_read_like_the_usual_one(read, key, path, page, expected):
    article = read(key, path, page)

    for part, value in expected.items():
        found = article.published.gregorian if part == "published" else getattr(article, part)
        assert (part, found) == (part, half_spaced(value))
    assert article.native_id == "1234"


@pytest.mark.parametrize(("key", "path", "page", "expected"), CASES, ids=NAMES)
def test_another_theme_shows_its_platform(respond, key, path, page, expected):
    assert recognise(respond(half_spaced(page))).platform.key == key
    assert platform(key).is_article(f"https://yazd.example.ir{path}")


# ---- what stands in a body and is no part of it ----

BOXES = [
    f"<p>{SECOND}</p>{MORE}",
    f"<p>{SECOND}</p><p>بیشتر بخوانید: <a href='/1'>خبری دیگر</a></p>",
    f"<p>{SECOND}</p><div><h4>اخبار مرتبط</h4><a href='/1'>یک</a> <a href='/2'>دو</a></div>",
    f"<div><p><strong>مطالب مرتبط</strong></p><p><a href='/1'>یک</a></p></div><p>{SECOND}</p>",
    f"<p>{SECOND}</p>همچنین بخوانید:<br><a href='/1'>یک</a><br><a href='/2'>دو</a><br>",
    f"بیشتر بخوانید<br><a href='/1'>یک</a><br>{SECOND}",
    f"<p>{SECOND}</p><p>برچسب‌ها: <a href='/1'>پل</a>، <a href='/2'>راه</a></p>",
    f"<p>{SECOND}</p><p>انتهای پیام/</p><p>۷۳۸۷/۶۰۲۱</p>",
    f"<p>{SECOND}</p><p>انتهای پیام/۱۱۲</p>{MORE}",
]
KEPT = [
    "<p>در <a href='/1'>این نشانی</a> بیشتر بخوانید و پاسخ دهید.</p>",
    "<p>اخبار مرتبط</p><p>به این معنا است.</p>",
    "<p>شماره تماس:</p><p>۳۷۲۵۰۰۱۱</p>",
    "<p>فهرست برندگان:</p><ul><li><a href='/1'>الف</a></li></ul>",
    "<p>تاریخ:</p><p>1403/05/12</p>",
]
PAGE = "<h1 class='title'>عنوان</h1><div class='news_pdate_c'>۱۵ آذر ۱۴۰۰</div><div class='body'><p>{}</p>{}</div>"


@pytest.mark.parametrize("box", BOXES)
def test_links_under_a_label_and_the_staffs_marks_are_no_part_of_a_body(read, box):
    assert read("iransamaneh", "/fa/news/1", PAGE.format(FIRST, box)).body == half_spaced(f"{FIRST}\n{SECOND}")


@pytest.mark.parametrize("text", KEPT)
def test_words_that_only_look_like_a_label_or_a_code_stay(read, text):
    article = read("iransamaneh", "/fa/news/1", PAGE.format(FIRST, text))

    assert len(article.body.splitlines()) == 1 + text.count("<p>") + text.count("<li>")
    assert article.trailer is None
