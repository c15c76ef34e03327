"""No text of an office may break a feed, whatever it holds."""

import json
from dataclasses import replace

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from archive import Kind, State
from archive.article import Attachment
from archive.edits import Edit
from syndication.feeds import Place, compose, content, edits, entries, find
from syndication.feeds.announced import Announced
from syndication.feeds.documents import Format
from syndication.feeds.issue import Issue
from syndication.feeds.options import Content

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


def test_addresses_in_a_body_are_absolute_and_every_image_has_an_alt(archived):
    body = (
        '<p><a href="/fa/file/1?a=1&amp;b=2" title="a">پیوست</a> <a href="mailto:a@b.ir">نامه</a> '
        '<a href="#x">جا</a></p>'
        '<img src="../a b.jpg"><img src="//cdn.ir/ب.png" alt="ب" width="9"><a href="http://[x">شکسته</a>'
    )
    made = entries.entry(archived(kicker=None, lead=None, body_html=body, url="https://e.ir/fa/news/1"), "دفتر")
    rel = 'rel="noopener noreferrer"'
    assert made.content == (
        f'<div dir="rtl" lang="fa"><p><a href="https://e.ir/fa/file/1?a=1&amp;b=2" title="a" {rel}>پیوست</a> '
        f'<a href="mailto:a@b.ir" {rel}>نامه</a> <a href="https://e.ir/fa/news/1#x" {rel}>جا</a></p>'
        '<img src="https://e.ir/fa/a%20b.jpg" alt=""><img src="https://cdn.ir/%D8%A8.png" alt="ب" width="9">'
        f"<a {rel}>شکسته</a></div>"
    )


@pytest.mark.parametrize("tail", ["", "<p", "<p title='x", "&am", "<b><i><u>"])
def test_a_text_too_long_for_feeds_is_cut_with_a_link_to_all_of_it(tail, archived):
    start = "<p>" + "واژه " * 250_000
    whole = start[: content.LONGEST - len(tail)] + tail + "پایان" * 4_000_000
    made = entries.entry(archived(kicker=None, lead=None, body_html=whole, url="https://e.ir/1"), "دفتر").content
    assert len(made) < content.LONGEST + 500
    assert made.endswith(f'<p><a href="https://e.ir/1">{content.CUT}</a></p></div>')
    assert "&amp;am" not in made
    assert content.CUT not in entries.entry(archived(body_html=start[:999_999]), "دفتر").content


def test_a_line_too_long_for_feeds_is_cut(archived):
    made = entries.entry(archived(title="ا" * 20_000_000, lead="ب" * 20_000_000), "دفتر")
    assert (len(made.title), made.title[-1], len(made.summary)) == (10_001, "…", 10_001)


def test_400_hostile_articles_break_no_feed(hostile, archive):
    """As `python benchmarks/hostile.py` does with 10,000."""
    documents, kinds, faults = hostile.judged(400, seed=5)
    assert documents == 96
    assert len(kinds) == 12
    assert faults == []


ACTING = [
    "<p onclick='x'>a</p>",
    "<script>x</script>",
    "<a href='javascript:x'>a</a>",
    "<a href='/x'>a</a>",
    "<img src='https://e.ir/a.jpg'>",
    "<img alt='a'>",
    "<svg><a xlink:href='x'>a</a></svg>",
    "<p style='x'>a</p>",
    "<!-- a -->",
]


@pytest.mark.parametrize("content", ACTING)
def test_the_judge_sees_what_acts(content, hostile):
    assert hostile.acts(f"<div>{content}</div>")
    assert not hostile.acts('<div dir="rtl"><a href="https://e.ir/">a</a><img src="https://e.ir/a" alt=""></div>')


@pytest.mark.parametrize("format_", Format)
def test_the_judge_sees_what_is_wrong_with_a_document(format_, hostile, archived, catalogue):
    judge, item = hostile.Judge(), archived()
    document = of(item, catalogue, format_)
    assert judge.faults(document, format_, [item.guid]) == []
    assert judge.faults(document, format_, [item.guid, "urn:uuid:x"]) == ["other ids"]
    assert judge.faults(document.replace("آذر".encode(), b"x"), format_, [item.guid])
    assert judge.faults(document.replace(item.guid.encode(), b"x"), format_, [item.guid])


def test_an_edit_of_forbidden_characters_is_told_within_a_stated_length(archived, catalogue):
    before, after = archived(body="پیش\x0b\ud800"), archived(body="\uffff" + "واژه " * 100_000)
    edit = Edit(seq=1, at=before.first_seen, kind=Kind.REVISED, pk=1, item=after, before=before, state=State.LIVE)
    made = edits.Told(edit=edit, office="", content=Content.FULL)._entry().content
    assert "<del>پیش</del>" in made
    assert edits.LONGEST < len(made) < edits.LONGEST + 500
    assert made.endswith("…</ins></p></div>")


def test_a_summary_is_text_where_readers_take_it_for_html(archived, catalogue):
    """RSS has HTML in its description, so what a lead says of tags must not become any."""
    item = archived(lead="پیش <script>alert(1)</script> & پس")
    (entry,) = feedparser.parse(of(item, catalogue, Format.RSS), sanitize_html=False).entries
    assert entry.summary == "پیش &lt;script&gt;alert(1)&lt;/script&gt; &amp; پس"
    (entry,) = feedparser.parse(of(item, catalogue, Format.ATOM), sanitize_html=False).entries
    assert (entry.summary, entry.summary_detail.type) == (item.article.lead, "text/plain")
    assert json.loads(of(item, catalogue, Format.JSON))["items"][0]["summary"] == item.article.lead


def test_no_attribute_holds_what_looks_like_a_tag(archived):
    body = "<img src='https://e.ir/a' alt='<img src=x onerror=x>'><a href='https://e.ir/' title='><script>'>a</a>"
    made = entries.entry(archived(kicker=None, lead=None, body_html=body), "دفتر").content
    assert made.count("<") == made.count(">") == 5
    assert 'alt="&lt;img src=x onerror=x&gt;"' in made


def test_characters_that_xml_discourages_are_left_out(archived):
    text = "پیش\x7f\x80\x85\x9f\ufdd0\ufdef\U0001fffe\U0010ffff\ufffdپس"
    made = entries.entry(archived(title=text, kicker=None, lead=None, body_html=text), "دفتر")
    assert made.content == '<div dir="rtl" lang="fa">پیش\ufffdپس</div>'
    assert made.title.replace(" ", "") == "پیش\ufffdپس"
