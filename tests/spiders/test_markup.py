"""Articles in every spelling that the sites of a platform are known to have: the usual page with one part changed."""

from datetime import UTC, datetime

import pytest

from spiders.platforms import platform

TITLE = "پل سرچشمه به بهره‌برداری رسید"
KICKER = "مدیرکل راه‌داری خبر داد:"
LEAD = "پل سرچشمه پس از دو سال باز شد و زیر بار ترافیک رفت."
FIRST = "درازای این پل سی و شش متر است و دوازده روستا را به شهر می‌رساند."
SECOND = "وی افزود: راه دسترسی هم تا پایان سال بهسازی می‌شود."
BODY = f"<p>{FIRST}</p><p>{SECOND}</p>"
MINUTE = "2021-12-06T09:19:00+03:30"
DATE = "۱۵ آذر ۱۴۰۰ - ۰۹:۱۹"
TAGS = '<a href="/t/1">پل</a> <a href="/t/2">راه</a>'
META = f'<meta property="article:published_time" content="{MINUTE}">'
PICTURE = '<img src="/a.jpg">'

ADDRESSES = {
    "fa_portal": "/fa/news/1234/x",
    "iransamaneh": "/fa/news/1234/x",
    "nastooh": "/news/1234/x",
    "studiokhabar": "/fa/doc/news/1234/x",
    "aasaam": "/بخش-راه-7/1234-x",
    "wordpress": "/1400/09/pol/",
    "joomla": "/akhbar/1234-pol",
    "drupal": "/node/1234",
    "mfa": "/portal/newsview/1234/x",
}

# What holds each part, the usual one first; `{}` is the part. An empty one is left out of the pages of a platform.
USUAL: dict[str, dict[str, list[str]]] = {
    "fa_portal": {
        "page": ['<div class="article-view">{}</div>'],
        "kicker": ["<h5 class=kicker>{}</h5>", "<h3 class='rutitr'>{}</h3>"],
        "title": ["<h1>{}</h1>"],
        "lead": ["<p class=summary>{}</p>", "<div class='summary lead'>{}</div>"],
        "body": ["<div class=content>{}</div>", "<section class='content'>{}</section>"],
        "date": ["<span class=date-info>{}</span>", "<div class='date-info'>{}</div>"],
        "tags": ["<div class=tags>{}</div>", "<ul class=tags><li>{}</li></ul>"],
    },
    "iransamaneh": {
        "page": [
            "<article>{}</article>",
            "<div class=news_content>{}</div>",
            "<div style='direction: rtl;'>{}</div>",
            "<div class='body_news'>{}</div>",
            "<div class=gutter_news>{}</div>",
        ],
        "kicker": ["<div class=rutitr>{}</div>", "<span class='news-rutitr'>{}</span>"],
        "title": [
            "<h1 class=title>{}</h1>",
            "<div class=title>{}</div>",
            "<h1 class='news-title'>{}</h1>",
            "<h2 class='title-news'>{}</h2>",
        ],
        "lead": [
            "<div class=subtitle>{}</div>",
            "<p class='news-subtitle'>{}</p>",
            "<p class='subtitle-news'>{}</p>",
            "<div class=sub_ax>{}</div>",
            "<div class=subtitle_photo>{}</div>",
        ],
        "body": [
            "<div class=body>{}</div>",
            "<section class='body-news body'>{}</section>",
            "<div id=nt-body-ck>{}</div>",
            "<div class=album_content>{}</div>",
        ],
        "date": [
            "<div class='news_nav news_pdate_c'>{}</div>",
            "<span class='news-pdate'>{}</span>",
            "<div class=photo_pdate>{}</div>",
            "<div class='item-date'><span>{}</span></div>",
            "<div class=autor_ax>{}</div>",
            "<div class='news-date'>{}</div>",
            "<div class=fa_date>{}</div>",
            "<time class='news_path_time'>{}</time>",
        ],
        "tags": ["<div class=tags_title>{}</div>", "<div class=tags_container><div class=tags_title>{}</div></div>"],
    },
    "nastooh": {
        "page": ["<article>{}</article>", "<div id=item>{}</div>", "<section id=photos>{}</section>"],
        "kicker": [
            "<h3 class=rutitr>{}</h3>",
            "<h4 class=kicker>{}</h4>",
            "<h4 class=subtitle>{}</h4>",
            "<span class=uptitle>{}</span>",
        ],
        "title": [
            "<h1 class=title>{}</h1>",
            "<h1 itemprop=headline>{}</h1>",
            "<h2 class=title>{}</h2>",
            "<span class=headline>{}</span>",
        ],
        "lead": [
            "<p class=introtext>{}</p>",
            "<div class=introtext>{}</div>",
            "<div class='item-summary'>{}</div>",
            "<p class=summary>{}</p>",
        ],
        "body": [
            "<div itemprop=articleBody>{}</div>",
            "<div class='item-body'><div class='item-text'>{}</div></div>",
            "<div class='item-body'>{}</div>",
            "<section itemprop='articleBody'>{}</section>",
        ],
        "date": [
            "<div class='item-date'><span>{}</span></div>",
            "<div class='item-date'>{}</div>",
            "<div class='item-time'>{}</div>",
            "<div class='gallery-desc'>{}</div>",
            "<ul class='list-inline'><li>{}</li><li>کد خبر 1234</li></ul>",
        ],
        "tags": ["<section class=tags><ul><li>{}</li></ul></section>", "<div class=tags>{}</div>"],
    },
    "studiokhabar": {
        "page": ["<div class=doc_content>{}</div>", "<div id=docDataRow>{}</div>"],
        "kicker": ["<div id=docDiv3TitrRou>{}</div>"],
        "title": ["<div id=docDiv3TitrMain>{}</div>", "<h1>{}</h1>"],
        "lead": ["<div id=docDivLead1>{}</div>", "<p id=docDivLead>{}</p>"],
        "body": ["<div id=doctextarea>{}</div>", "<div id=docContentdiv><article>{}</article></div>"],
        "date": [
            "<div class=doc_date>{}</div>",
            "<div id=docDiv3Date>{}</div>",
            "<span class=docDiv3Date>{}</span>",
        ],
        "tags": ["<p class=tags>{}</p>"],
    },
    "aasaam": {
        "page": ["<article>{}</article>", "<div class=news_content>{}</div>", "<main>{}</main>"],
        "kicker": [
            "<div class=uptitle>{}</div>",
            "<h2 class='up-title'>{}</h2>",
            "<h2 class=up_title>{}</h2>",
            "<h2 class='news-uptitle'>{}</h2>",
        ],
        "title": ["<h1>{}</h1>", "<div class=title>{}</div>"],
        "lead": [
            "<p class=lead>{}</p>",
            "<p class='news-lead'>{}</p>",
            "<p class=news_lead>{}</p>",
            "<div itemprop=description>{}</div>",
        ],
        "body": [
            "<div id=echo_detail>{}</div>",
            "<section class='echo_detail'>{}</section>",
            "<div id=main_ck_editor>{}</div>",
        ],
        "date": [
            "<span class=news_time>{}</span>",
            "<div class='news-time'>{}</div>",
            "<span class=news_nav_title>{}</span>",
        ],
        "tags": ["<ul class=article_tags><li>{}</li></ul>", "<div class='article_tag'>{}</div>"],
    },
    "wordpress": {
        "page": ["<article class='post-1234 post'>{}</article>", "<div class='post-1234 singlee2'>{}</div>"],
        "kicker": ["<span class=rutitr>{}</span>"],
        "title": ["<h1 class='entry-title'>{}</h1>", "<h1>{}</h1>", "<h2 class='entry-title'>{}</h2>"],
        "lead": ["<div class=lead>{}</div>"],
        "body": [
            "<div class='entry-content'>{}</div>",
            "<div class='the-content'>{}</div>",
            "<section class='post-content'>{}</section>",
        ],
        "date": ["<span class='entry-date'>{}</span>", "<span class='post-date'>{}</span>"],
        "tags": ["<div class=tags>{}</div>", "<p class='post-tags'>{}</p>"],
    },
    "joomla": {
        "page": ["<div class='item-page'>{}</div>", "<div class='com-content-article item-page'>{}</div>"],
        "kicker": [],
        "title": ["<h2 itemprop=headline>{}</h2>", "<h1>{}</h1>", "<h2>{}</h2>"],
        "lead": [],
        "body": ["<div itemprop=articleBody>{}</div>", "<section itemprop='articleBody'>{}</section>"],
        "date": ["<time datetime='2021-12-06T09:19:00+03:30'>{}</time>"],
        "tags": ["<ul class='tags'><li>{}</li></ul>"],
    },
    "drupal": {
        "page": [
            "<article class='node node--type-article'>{}</article>",
            "<div class='page-node-type-article'>{}</div>",
        ],
        "kicker": ["<div class=rutitr>{}</div>", "<div class='title-top'>{}</div>"],
        "title": ["<h1>{}</h1>", "<h1 class=title>{}</h1>"],
        "lead": ["<div class=lead>{}</div>"],
        "body": ["<div class=body>{}</div>", "<section class='field--name-body'>{}</section>"],
        "date": ["<span class=created>{}</span>", "<span class='date-display-single'>{}</span>"],
        "tags": [],
    },
    "mfa": {
        "page": ["<div>{}</div>"],
        "kicker": [],
        "title": ["<h4 class='t'>{}</h4>"],
        "lead": [],
        "body": ["<div class='news-text-full'>{}</div>"],
        "date": ["<span class='nv-info'>{}</span>"],
        "tags": [],
    },
}
SAID = {"kicker": KICKER, "title": TITLE, "lead": LEAD, "date": DATE, "tags": TAGS, "body": BODY}
ORDER = ("kicker", "title", "date", "lead", "picture", "body", "tags")


def page(key: str, holders: dict[str, str] | None = None, said: dict[str, str] | None = None, head: str = "") -> str:
    """The usual page of a platform, other `holders` and texts apart."""
    usual = {part: (forms or [""])[0] for part, forms in USUAL[key].items()} | {"picture": "{}"}
    forms, texts = {**usual, **(holders or {})}, {**SAID, "picture": "", **(said or {})}
    if key == "mfa":  # whose title stands in the body's element
        forms["body"] = forms["body"].format(forms["title"].format(texts["title"]) + "{}")
        forms["title"] = ""
    inner = "".join(forms[part].format(texts[part]) for part in ORDER)
    return f"<html><head><title>{TITLE}</title>{head}</head><body>{forms['page'].format(inner)}</body></html>"


@pytest.fixture
def read(office, respond):
    def made(key, text):
        response = respond(text, url=f"https://yazd.example.ir{ADDRESSES[key]}")
        return platform(key).read(response, source=office(platform=key), fetched_at=datetime(2021, 12, 7, tzinfo=UTC))

    return made


def parts(article):
    published = article.published and article.published.gregorian
    return {
        "kicker": article.kicker,
        "title": article.title,
        "lead": article.lead,
        "body": article.body,
        "date": published,
        "tags": article.tags,
    }


def expected(key, **changes):
    has = USUAL[key]
    whole = {
        "kicker": KICKER if has["kicker"] else None,
        "title": TITLE,
        "lead": LEAD if has["lead"] else None,
        "body": f"{FIRST}\n{SECOND}",
        "date": MINUTE,
        "tags": ("پل", "راه") if has["tags"] else (),
    }
    return {**whole, **changes}


SPELLINGS = [(key, part, form) for key, forms in USUAL.items() for part, spelled in forms.items() for form in spelled]


@pytest.mark.parametrize(("key", "part", "form"), SPELLINGS)
def test_every_known_holder_of_a_part_is_read(read, key, part, form):
    assert parts(read(key, page(key, {part: form}))) == expected(key)


@pytest.mark.parametrize("key", USUAL)
def test_a_page_without_a_kicker_has_none(read, key):
    assert parts(read(key, page(key, {"kicker": ""}))) == expected(key, kicker=None)


@pytest.mark.parametrize("key", [key for key in USUAL if USUAL[key]["lead"]])
def test_a_lead_that_stands_in_the_body_is_the_lead(read, key):
    lead = USUAL[key]["lead"][0].format(LEAD)

    assert parts(read(key, page(key, {"lead": ""}, {"body": lead + BODY}))) == expected(key)


@pytest.mark.parametrize("key", USUAL)
@pytest.mark.parametrize(
    "date",
    [
        "تاریخ انتشار: ۱۵ آذر ۱۴۰۰ - ۰۹:۱۹ | تعداد بازدید: ۱۲۳",
        "<i></i> ۱۵ آذر ۱۴۰۰ ساعت ۰۹:۱۹ <span>بازدید: ۱۴۰</span>",
        "کد خبر: ۳۹۸۰۵۰ - دوشنبه ۱۵ آذر ۱۴۰۰ - ۰۹:۱۹",
        "۰۹:۱۹ - ۱۴۰۰/۰۹/۱۵",
        "1400/09/15 09:19",
    ],
)
def test_a_date_among_labels_and_counts_is_read(read, key, date):
    assert parts(read(key, page(key, said={"date": date}))) == expected(key)


@pytest.mark.parametrize("key", USUAL)
def test_a_date_of_the_metadata_alone_is_read(read, key):
    assert parts(read(key, page(key, {"date": ""}, head=META))) == expected(key)


@pytest.mark.parametrize("key", USUAL)
@pytest.mark.parametrize("name", ["data-src", "data-original", "data-lazy-src"])
def test_an_image_that_a_script_would_load_is_in_the_body(read, key, name):
    lazy = f'<p>{FIRST}</p><img src="data:image/gif;base64,R0lGOD" {name}="/a.jpg"><p>{SECOND}</p>'
    article = read(key, page(key, said={"body": lazy}))

    assert 'src="https://yazd.example.ir/a.jpg"' in article.body_html
    assert parts(article) == expected(key)
