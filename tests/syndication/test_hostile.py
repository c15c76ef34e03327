"""No text of an office may break a feed, whatever it holds."""

import json
from dataclasses import replace

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from archive.article import Attachment
from syndication.feeds import Place, compose, entries, find
from syndication.feeds.announced import Announced
from syndication.feeds.documents import Format
from syndication.feeds.issue import Issue

BASE = "https://news.example.ir"

HOSTILE = {
    "control characters": "پیش\x00\x01\x0b\x0c\x1f\x7f\x85\x9fپس",
    "lone surrogates": "پیش\ud800\udfffپس",
    "noncharacters": "پیش\ufffe\uffff\ufdd0\U0001ffffپس",
    "end of CDATA": "پیش ]]> پس <![CDATA[ ]]>",
    "script": "<script>alert(1)</script><b onclick='x()'>پیش</b> پس",
    "bidi": "پیش\u202e\u2066\u200f\u061cپس",
    "references": "پیش &#0; &#11; &#xD800; &nbsp; &undefined; & پس",
    "doctype": '<!DOCTYPE a [<!ENTITY b "c">]>&b;',
    "nothing but spaces": " \u00a0\u3000\t\n",
    "nothing that shows": "\u200c\u200d\u200b\u2060",
    "nothing": "",
    "a megabyte": "واژه " * 110_000,
    "one word of a megabyte": "ا" * 550_000,
    "lines": "یک\r\nدو\u2028سه\u2029چهار",
}


def of(item, catalogue, format_):
    return compose(
        find("all", catalogue), Issue(entries=[Announced(item=item, office="دفتر")]), format_, Place(base_url=BASE)
    )


def check(item, catalogue):
    """What a strict reader of each format demands."""
    for format_ in (Format.RSS, Format.ATOM):
        document = of(item, catalogue, format_)
        etree.fromstring(document)
        found = feedparser.parse(document)
        assert not found.bozo, found.get("bozo_exception")
        (entry,) = found.entries
        assert entry.id == item.guid
        assert entry.title.strip()
        assert entry.published_parsed
    (entry,) = json.loads(of(item, catalogue, Format.JSON))["items"]
    assert entry["title"].strip()
    assert "<script" not in entry["content_html"]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_in_every_field_never_breaks_a_feed(text, archived, catalogue):
    item = archived(
        title=text,
        kicker=text,
        lead=text,
        body=text,
        body_html=text,
        byline=text,
        category=text,
        tags=(text, text + "x"),
        image=f"https://example.ir/{text[:99]}.jpg",
        attachments=(Attachment(url=f"https://example.ir/{text[:99]}.pdf", type=text, title=text),),
    )
    check(item, catalogue)


texts = st.text(st.characters() | st.sampled_from("\x00\x0b\ud800\ufffe\u200c\u202e<>&]\"'"), max_size=40)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts, markup=texts, name=texts, url=texts)
def test_any_text_makes_a_feed(archived, catalogue, *, text, markup, name, url):
    item = archived(
        title=text,
        lead=name,
        body=text,
        body_html=markup,
        byline=name,
        tags=(name, text),
        url=f"https://example.ir/{url}",
        image=url,
        attachments=(Attachment(url=f"http://{url}", title=name),),
    )
    check(replace(item, article=replace(item.article, published=None)), catalogue)


def test_what_is_left_out_is_only_what_cannot_stand(archived):
    made = entries.entry(archived(title="نیم\u200cفاصله\x0b ]]> & <b>"), "دفتر")
    assert made.title == "نیم\u200cفاصله ]]> & <b>"


def test_a_body_without_markup_becomes_paragraphs(archived):
    made = entries.entry(archived(body="یک < دو\n\nسه", body_html=" "), "دفتر")
    assert made.content.endswith("<p>یک &lt; دو</p><p>سه</p></div>")


def test_a_title_is_found_where_there_is_none(archived):
    assert entries.entry(archived(title=" "), "دفتر").title == "در یزد:"
    assert entries.entry(archived(title="", kicker=None, body="\nبند"), "دفتر").title == "بند"
    assert entries.entry(archived(title="", kicker="", body="", lead=""), "دفتر").title == "بدون عنوان"


def test_a_summary_is_the_lead_or_a_first_paragraph_cut_between_words(archived):
    assert entries.entry(archived(), "دفتر").summary == "این نشست در یزد برگزار شد."
    cut = entries.entry(archived(lead=None, body="واژه " * 999), "دفتر").summary
    assert cut.endswith("واژه…")
    assert len(cut) <= entries.SUMMARY_LENGTH


def test_the_content_is_right_to_left_with_kicker_image_and_lead_at_its_top(archived):
    made = entries.entry(archived(image="https://example.ir/a.jpg?x=1&y=2", title="«عنوان»"), "دفتر")
    assert made.content == (
        '<div dir="rtl" lang="fa"><p><small>در یزد:</small></p><p><strong>این نشست در یزد برگزار شد.</strong></p>'
        '<p><img src="https://example.ir/a.jpg?x=1&amp;y=2" alt="«عنوان»"></p><p>بند نخست.</p><p>بند دوم.</p></div>'
    )


def test_what_the_body_shows_is_not_shown_twice(archived):
    body = '<p>لید</p><p><img src="https://example.ir/a.jpg?x=1&amp;y=2"></p>'
    image = "https://example.ir/a.jpg?x=1&y=2"
    made = entries.entry(archived(kicker=None, lead="لید", body="لید", body_html=body, image=image), "دفتر")
    assert made.content.count("<img") == made.content.count("لید") == 1
