"""Pages that were cut, joined or filled with what no XML may hold: a record or a `PageError`, and nothing else."""

from datetime import UTC, datetime

import pytest

from spiders.errors import PageError
from spiders.extraction.headline import without_site
from spiders.platforms import platform
from tests.pace import within

TITLE = "پل سرچشمه پس از دو سال به بهره‌برداری رسید"
FIRST = "مدیرکل راه‌داری گفت: درازای این پل سی و شش متر است و ساخت آن دو سال طول کشید."
SECOND = "وی افزود: راه دسترسی روستاها به این پل هم تا پایان سال آینده بهسازی می‌شود."
HEAD = f"<h1 class='title'>{TITLE}</h1><div class='news_pdate_c'>۱۵ آذر ۱۴۰۰ - ۰۹:۱۹</div>"
LABEL = "<p>بیشتر بخوانید:</p>"
BODY = f"<div class='body'><p>{FIRST}</p><p>{SECOND}</p>{{}}</div>"


@pytest.fixture
def read(office, respond):
    def made(html, key="iransamaneh"):
        page = respond(html, url="https://yazd.example.ir/fa/news/12/khabar")
        source = office(platform=key)
        return platform(key).read(page, source=source, fetched_at=datetime(2021, 12, 7, tzinfo=UTC))

    return made


@pytest.mark.parametrize("key", ["iransamaneh", "generic"])
@pytest.mark.parametrize(
    "html", ["", " ", "\0", "<!-- x -->", "<!-- x --><!-- y -->", "<?xml version='1.0'?>", "<!DOCTYPE html>"]
)
def test_a_page_of_nothing_is_no_article(read, key, html):
    with pytest.raises(PageError):
        read(html, key)


@pytest.mark.parametrize(
    "around", ["<html><body>{}</html><p>یک</p>", "{}</html><html><p>یک</p></html>", "<!-- x -->{}<!-- y -->"]
)
def test_what_stands_beside_the_root_is_no_part_of_the_page(read, around):
    article = read(around.format(HEAD + BODY.format("")))

    assert article.title == TITLE
    assert article.body.startswith(FIRST)


@pytest.mark.parametrize("between", ["<!-- x -->", "<!-- x --><br>", "<?x y?>"])
def test_a_comment_between_a_label_and_its_links_is_passed_over(read, between):
    article = read(HEAD + BODY.format(f"{LABEL}{between}<a href='/1'>خبری دیگر</a>"))

    assert article.body == f"{FIRST}\n{SECOND}"


@pytest.mark.parametrize("key", ["iransamaneh", "generic"])
@pytest.mark.parametrize("forbidden", ["\x01", "\x0b", "\x1f", "\ufffe", "&#1;", "&#11;", "&#xffff;"])
def test_what_xml_forbids_is_in_no_text(read, key, forbidden):
    boxes = f"<div class='related'><a href='/1'>یک</a></div>{forbidden}دو<p>اخبار مرتبط</p>{forbidden}"
    article = read(HEAD + BODY.format(f"{boxes}<a href='/2'>سه</a>برچسب‌ها:{forbidden}<b>چهار</b>"), key)

    assert article.body.startswith(FIRST)
    assert not {forbidden, "\x01", "\x0b", "\uffff"} & {*article.body, *article.body_html}


@pytest.mark.parametrize("key", ["iransamaneh", "generic"])
@pytest.mark.parametrize("part", range(1, 12))
def test_a_page_that_was_cut_is_read_or_refused(read, key, part):
    html = f"<!DOCTYPE html><html><head><title>{TITLE}</title></head><body>{HEAD}{BODY.format(LABEL)}"
    try:
        article = read(html.encode()[: len(html.encode()) * part // 12], key)
    except PageError:
        return
    assert article.title


@pytest.mark.speed
def test_labels_in_lists_that_are_never_closed_are_read_in_time_that_grows_with_the_page(read):
    """Each holds all that follow it; of 340 of them the first version asked for five minutes."""
    with within(1.0):
        article = read(HEAD + BODY.format(f"{LABEL}<ul><li><a href='/1'>خبری دیگر</a>" * 120))

    assert article.body.startswith(f"{FIRST}\n{SECOND}")


@pytest.mark.speed
def test_a_title_of_thousands_of_parts_is_read_in_time_that_grows_with_the_page(read):
    with within(2.0):
        article = read(f"<title>{TITLE} | {'خبر - ' * 3000}</title>{HEAD}{BODY.format('')}", "generic")

    assert article.title == TITLE


@pytest.mark.speed
def test_no_site_is_found_in_a_title_of_thousands_of_parts_in_time_that_grows_with_it():
    title = f"{TITLE} | {'خبر - ' * 6000}"
    with within(0.5):
        assert without_site(title, "استانداری یزد") == title


@pytest.mark.speed
@pytest.mark.parametrize("key", ["iransamaneh", "generic"])
@pytest.mark.parametrize("opening", ["<div class='tags'>", "<ul class='tags'><li>", "<div class='article'>", "<time>"])
def test_what_many_nested_elements_hold_is_gone_through_once(read, key, opening):
    """All links were asked for their text by each element of tags around them."""
    links = "".join(f"<a href='/{number}.pdf'>پل {number}</a>" for number in range(6000))
    with within(2.0):
        article = read(HEAD + BODY.format("") + opening * 110 + links, key)

    assert article.title == TITLE


PARAGRAPHS = "".join(f"<p>{SECOND} {number}</p>" for number in range(300))


@pytest.mark.speed
@pytest.mark.parametrize("key", ["iransamaneh", "generic"])
def test_titles_that_hold_the_whole_page_are_compared_with_it_as_far_as_titles_go(read, key):
    with within(2.0):
        article = read(HEAD + BODY.format("") + "<div itemprop='headline'>" * 200 + PARAGRAPHS, key)

    assert article.title == TITLE


@pytest.mark.speed
def test_a_date_is_looked_for_in_the_beginning_of_what_is_called_one(read):
    with within(2.0), pytest.raises(PageError):
        read(f"<h1 class='title'>{TITLE}</h1>{BODY.format('')}" + "<div class='news_pdate_c'>" * 200 + PARAGRAPHS)


@pytest.mark.speed
@pytest.mark.parametrize("key", ["iransamaneh", "generic"])
@pytest.mark.parametrize(
    ("before", "entry"),
    [
        ("", "<a href='/fa/news/{0}/khabar'>پل {0}</a>"),
        ("", f"<a href='/fa/news/{{0}}/khabar'>{TITLE} {{0}}</a>"),
        ("<div><a href='/fa/news/1/khabar'>x</a>" * 200, f"<a href='/fa/news/{{0}}/khabar'>{TITLE} {{0}}</a>"),
        ("<div class='linear_news'>" * 200, "<a href='/fa/news/{0}/khabar'>پل {0}</a> <time datetime='{0}'>x</time>"),
    ],
)
def test_a_list_of_thousands_of_links_is_read_in_time_that_grows_with_it(office, respond, key, before, entry):
    """The generic reader counted the titles beside each link: two minutes for two thousand in one element."""
    page = respond(before + "".join(map(entry.format, range(2000))), url="https://yazd.example.ir/fa/news")
    listing = platform(key).listing(
        response=page, source=office(platform=key), fetched_at=datetime(2021, 12, 7, tzinfo=UTC)
    )
    with within(3.0):
        found = list(listing.links())

    assert found or key == "generic"
