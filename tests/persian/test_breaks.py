"""Bodies whose blocks are of tags that safe markup has not: their paragraphs stay apart in it."""

import pytest
from lxml.html import fragment_fromstring, tostring

from persian.markup import keep_breaks, paragraphs, safe_html


def body(html):
    return fragment_fromstring(html, create_parent="div")


LAYOUTS = [
    ("<div>یک</div><div>دو</div>", "<p>یک</p><p>دو</p>", "blocks of text"),
    ("<div>یک<p>دو</p>سه <b>چهار</b></div>پنج", "<p>یک</p><p>دو</p><p>سه <b>چهار</b></p>پنج", "text beside blocks"),
    ("<div><b>یک</b><p>دو</p> </div>", "<p><b>یک</b></p><p>دو</p> ", "an inline element beside a block"),
    ("<div><div><div>یک</div></div></div>", "<p>یک</p>", "blocks around blocks"),
    ("<div>یک<br>دو</div>", "<p>یک<br>دو</p>", "lines of one block"),
    ("یک<hr>دو", "یک<br>دو", "a rule"),
    ("<h1>یک</h1><section>دو</section>", "<h2>یک</h2><p>دو</p>", "a heading, a section"),
    ("<dl><dt>یک</dt><dd>دو</dd></dl>", "<p>یک</p><p>دو</p>", "terms and what they mean"),
    ("<p>یک<button>دو</button>سه<video><p>چهار</p></video></p>", "<p>یک سه </p>", "what nobody reads"),
    ("<b>یک</b><select><option>دو</option></select>سه", "<b>یک</b> سه", "the same behind an element"),
    ("<div><img src='/a.jpg'></div>", '<img src="/a.jpg">', "a picture"),
    ("یک<div></div>دو", "یک<p></p>دو", "an empty block that parts two lines"),
    ("یک<div></div><b>دو</b>", "یک<p></p><b>دو</b>", "the same before an element"),
    ("یک<div><section></section></div>دو", "یک<p></p><p></p>دو", "one of empty blocks"),
    ("<div>\n</div><p>یک</p>", "\n<p>یک</p>", "an empty block that parts nothing"),
    ("<div></div>", "", "nothing at all"),
    ("<p>یک</p><div><!-- دو --><p>سه</p></div>", "<p>یک</p><p>سه</p>", "a comment"),
    ("<blockquote>یک<p>دو</p></blockquote>", "<blockquote>یک<p>دو</p></blockquote>", "a block that stays"),
]


@pytest.mark.parametrize(("html", "markup", "rule"), LAYOUTS)
def test_blocks_of_other_tags_become_paragraphs(html, markup, rule):
    element = body(html)
    lines = paragraphs(element)
    keep_breaks(element)
    safe = safe_html(tostring(element, encoding="unicode"))

    assert safe == markup, rule
    assert paragraphs(body(safe)) == lines, rule
