"""Bodies: paragraphs of text, and the HTML that is safe to show."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml.html import fragment_fromstring

import persian.markup
from persian.markup import captions, date_in, line_in, paragraphs, safe_html, text_in
from persian.text import display

Z = "\u200c"


def body(html):
    return fragment_fromstring(html, create_parent="div")


PARAGRAPHS = [
    ("<p>یک</p><p>دو</p>", ["یک", "دو"], "paragraphs"),
    ("یک<br>دو<br/><br>سه", ["یک", "دو", "سه"], "a body of line breaks"),
    ("<div>یک<p>دو</p>سه<div><h2>چهار</h2></div></div>پنج", ["یک", "دو", "سه", "چهار", "پنج"], "nested blocks, tails"),
    (
        "<b>می</b>&zwnj;شود <i>نمی</i>&#8204;شود",
        [f"می{Z}شود نمی{Z}شود"],
        "no space at inline borders; half-spaces kept",
    ),
    ("<span>استان</span><span>ها</span>", ["استانها"], "inline elements do not part words"),
    ("<ul><li>الف<ul><li>ب</li></ul>پ</li></ul>", ["الف", "ب", "پ"], "one an item"),
    ("<table><tr><th>نام</th><td><p>سن</p></td></tr></table>", ["نام سن"], "a row of cells"),
    ("<table><tr><td><p>a</p><p>b</p></td></tr></table>", ["a", "b"], "a layout table"),
    ("<table><tr><td><table><tr><td>1</td><td>2</td></tr></table></td><td>x</td></tr></table>", ["1 2", "x"], "nested"),
    ("<figure><img src='a'><figcaption>عکس</figcaption></figure>بعد", ["بعد"], "figures apart"),
    ("<figure><p>عکاس</p><img src='a'></figure>بعد", ["بعد"], "whatever stands in them"),
    (
        "<figure><table><tr><td>1</td><td>2</td></tr></table><figcaption>x</figcaption></figure>",
        ["1 2"],
        "table figure",
    ),
    ("a<!-- c -->b<script>x</script>c<style>s</style>d<noscript>n</noscript>", ["abcd"], "what is not text"),
    ("<p>\u00a0</p><p> \u200c </p><div></div>", [], "empty paragraphs"),
    ("<blockquote>نقل</blockquote><section>بخش</section><pre>کد</pre>", ["نقل", "بخش", "کد"], "other blocks"),
]


@pytest.mark.parametrize(("html", "lines", "rule"), PARAGRAPHS)
def test_a_body_is_read_as_paragraphs(html, lines, rule):
    assert paragraphs(body(html)) == lines, rule


def test_an_element_is_read_without_the_text_after_it():
    element = body("<p>یک <b>دو</b></p>سه").find("p")
    assert paragraphs(element) == ["یک دو"]
    assert paragraphs(body("<span>یک <b>دو</b> سه</span> چهار").find("span")) == ["یک دو سه"]


def test_processing_instructions_and_namespaces_do_not_matter():
    element = etree.fromstring("<div xmlns='http://www.w3.org/1999/xhtml'><p>a<?x y?>b</p><p>c</p></div>")
    assert paragraphs(element) == ["ab", "c"]


def test_captions_are_kept_apart():
    html = "<figure><img><figcaption>عکس:<p>ایرنا</p></figcaption></figure><figure><figcaption> </figcaption></figure>"
    assert captions(body(html)) == ["عکس: ایرنا"]


def test_depth_does_not_matter():
    root = node = etree.Element("div")
    for _ in range(20_000):
        node = etree.SubElement(node, "div")
        node.text = "x"
    assert len(paragraphs(root)) == 20_000


@given(st.text(st.sampled_from("<>/pbrtdul \"'=&;یک\u200c\n"), max_size=40))
def test_any_body_gives_clean_lines(html):
    assert all(line == line.strip() and line for line in paragraphs(body(f"<p>{html}</p>")))


SAFE = [
    ("<p>متن <strong>مهم</strong></p>", "<p>متن <strong>مهم</strong></p>"),
    ("<script>x</script><style>y</style><iframe src='a'>z</iframe>ب", "ب"),
    ('<p onclick="x" style="color:red" class="c" dir="RTL">ب</p>', '<p dir="rtl">ب</p>'),
    ('<p dir="up">ب</p>', "<p>ب</p>"),
    ('<p dir="LTR">a</p><p dir="auto">b</p>', '<p dir="ltr">a</p><p dir="auto">b</p>'),
    ('<a href="javascript:x">a</a>', '<a rel="noopener noreferrer">a</a>'),
    ('<a href="/fa/1" title="t" target="_blank">a</a>', '<a href="/fa/1" title="t" rel="noopener noreferrer">a</a>'),
    ('<a href="tel:+9835">a</a>', '<a href="tel:+9835" rel="noopener noreferrer">a</a>'),
    ("<h1>a</h1><h2>b</h2><div>c</div><form><input>d</form>", "a<h2>b</h2>cd"),
    ('<img src="/a.jpg" alt="b" width="300px" height="100%" onerror="x">', '<img src="/a.jpg" alt="b" width="300">'),
    ('a<img src="/t.gif" width="1" height="1">b<img src="/t.gif" height="0" width="1px">', "ab"),
    ('a<img src="">b<img src=>', "ab"),
    ('a<img src="/t.gif" style="WIDTH: 1px"><img src="/t.gif" style="display:none"><img alt="x">', "a"),
    ('a<img src="/t" width="2" height="2"><img src="/t" width="1"><img src="/t" hidden><img src="/t" hidden="">', "a"),
    (
        'a<img src="/t" style="opacity:0"><img src="/t" style="height:2px;width:2px"><img src="/t" style="width:.5px">',
        "a",
    ),
    ('a<img src="/stat/pixel?id=1"><img src="https://x.ir/Track.php?u=1"><img src="/matomo.php?idsite=1">', "a"),
    ('a<img src="https://x.ir/counter.php"><img src="/i/spacer.gif"><img src="//x.ir/1x1.png?r=3">', "a"),
    ('<img src="/track/a.jpg">', '<img src="/track/a.jpg">'),
    ('<img src="/pixel.jpg?v=2">', '<img src="/pixel.jpg?v=2">'),
    ('<img src="/show?of=/counter?x">', '<img src="/show?of=/counter?x">'),
    ('<img src="/a.jpg" alt="/pixel?x">', '<img src="/a.jpg" alt="/pixel?x">'),
    ('<img src="/a.jpg" style="opacity:0.5">', '<img src="/a.jpg">'),
    ('<img src="/a.jpg" width="3" height="2">', '<img src="/a.jpg" width="3" height="2">'),
    ('<img src="/a.jpg" style="width: 100px">', '<img src="/a.jpg">'),
    ('<img src="/a.jpg" width="1" height="200">', '<img src="/a.jpg" width="1" height="200">'),
    ("<img src=/a alt='x\" style=\"y'>", '<img src="/a" alt="x&quot; style=&quot;y">'),
    ('<img src="data:image/gif;base64,R0">', ""),
    ("می&zwnj;شود<!-- c -->", f"می{Z}شود"),
    ("a\ud800\x00&#1;b", "ab"),
    ("<ul><li>a</ul>", "<ul><li>a</li></ul>"),
]


@pytest.mark.parametrize(("html", "safe"), SAFE)
def test_only_safe_markup_stays(html, safe):
    assert safe_html(html) == safe
    assert safe_html(safe) == safe


def test_cells_keep_their_spans():
    html = '<table><tbody><tr><td colspan="2" rowspan="x">a</td></tr></tbody></table>'
    assert safe_html(html) == html.replace(' rowspan="x"', "")


def test_markup_deeper_than_any_newsroom_becomes_text():
    assert safe_html("<div></x>" * 20_000 + "متن").strip() == "متن"
    assert safe_html("<p>" * 1000 + "متن").endswith("<p>متن</p>")
    assert safe_html("<B>a</b></b>" * 1000) == "<b>a</b>" * 1000


def test_five_hundred_and_twelve_open_elements_are_kept_and_one_more_is_not():
    whole = "<b>" * 512 + "متن" + "</b>" * 512
    assert safe_html(whole) == whole
    assert safe_html(f"<b>{whole}</b>").split() == ["متن"]
    closed = "<b><i>a</i></b></i></b>" * 600  # what closes nothing makes nothing less deep
    assert safe_html(closed) == "<b><i>a</i></b>" * 600
    assert "<" not in safe_html(f"{closed}<b>{whole}</b>")
    assert "<" not in safe_html(f"{'<b><b>a</b></b></b>' * 600}<b>{whole}</b>")


def test_the_same_input_gives_the_same_output_in_another_process():
    html = '<a title="t" href="/x" dir="rtl">a</a><img width="5" alt="b" src="/a" height="6">'
    program = "import sys; from persian.markup import safe_html; sys.stdout.write(safe_html(sys.argv[1]))"
    root = Path(persian.markup.__file__).parents[1]
    command = [sys.executable, "-c", program, html]
    outputs = {subprocess.check_output(command, text=True, cwd=root) for _ in range(3)}
    assert outputs == {safe_html(html)}


@given(st.text(max_size=60))
def test_safe_html_is_total(text):
    assert "<script" not in safe_html(f"<b>{text}<script>{text}")


def test_html_without_images_keeps_their_captions() -> None:
    figure = '<figure><img src="https://yazd.example.ir/a.jpg"><figcaption>نمایی از نشست</figcaption></figure>'

    assert safe_html(figure, images=False) == "<figure><figcaption>نمایی از نشست</figcaption></figure>"


@pytest.mark.parametrize(
    "html",
    [
        "",
        "یک",
        "<p>یک<b>دو</b>سه</p>چهار",
        "یک<!-- نه -->دو",
        "&lt;b&gt; &amp;",
        "<p> ف\u200cص </p>\n",
        "<button>x</button>",
    ],
)
def test_the_text_in_an_element_is_that_of_lxml_and_not_what_follows_it(html):
    parent = body(f"<section>{html}</section>پس از آن")
    assert text_in(parent[0]) == parent[0].text_content()


@pytest.mark.parametrize(
    "silent",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<noscript>x</noscript>",
        "<template>x</template>",
        "<svg><title>x</title><text>x</text></svg>",
        "<iframe>x</iframe>",
        "<object><p>x</p></object>",
        "<video><a href='/'>x</a></video>",
    ],
)
def test_the_text_in_an_element_has_none_that_a_reader_does_not_see(silent):
    parent = body(f"<section>یک{silent} دو<!-- x --> <b>{silent}سه</b>چهار</section>پس از آن")
    assert text_in(parent[0]) == "یک دو سهچهار"
    assert text_in(body(silent)[0]) != ""


@pytest.mark.parametrize(
    ("html", "line"),
    [
        ("یک دو", "یک دو"),
        ("", ""),
        ("یک<br>دو", "یک دو"),
        ("یک<br>\n<br>دو<br>", "یک دو"),
        ("<p>یک</p><p>دو</p>سه", "یک دو سه"),
        ("<div>یک<div>دو</div></div>سه", "یک دو سه"),
        ("<table><tr><td>یک</td><td>دو</td></tr></table>", "یک دو"),
        ("<ul><li>یک<li>دو</ul>", "یک دو"),
        ("یک<img src='/a.png'>دو", "یک دو"),
        ("می\u200c<b>رو</b>م<!-- x -->", "می\u200cروم"),
        ("یک<svg><title>x</title></svg>دو<script>x</script>سه", "یک دوسه"),
        ("<button>یک</button><figure><figcaption>دو</figcaption></figure>", "یک دو"),
    ],
)
def test_a_line_has_a_space_where_its_parts_stand_apart(html, line):
    parent = body(f"<section>{html}</section>پس از آن")
    assert display(line_in(parent[0])) == line


@pytest.mark.parametrize(
    ("html", "date"),
    [
        (" ۱۵ آذر ۱۴۰۰ ", "۱۵ آذر ۱۴۰۰"),
        ("<span>۱۵ آذر ۱۴۰۰</span><span>۰۹:۱۹</span>", "۱۵ آذر ۱۴۰۰ ۰۹:۱۹"),
        ("<bdi>۱۴۰۰</bdi>/<bdi>۰۹</bdi>/<bdi>۱۵</bdi>", "۱۴۰۰/۰۹/۱۵"),
        ("<b>۱۵</b> آذر <i></i>۱۴۰۰<svg><title>۷</title></svg>", "۱۵ آذر ۱۴۰۰"),
        ("<div>۱۵ آذر ۱۴۰۰</div><div>۰۹:۱۹</div>", "۱۵ آذر ۱۴۰۰ ۰۹:۱۹"),
        ("", ""),
    ],
)
def test_a_date_in_several_elements_is_no_other_number(html, date):
    parent = body(f"<section>{html}</section>۳")
    assert " ".join(date_in(parent[0]).split()) == date


@pytest.mark.parametrize("address", ["mailto:a@b.ir", "MAILTO:a@b.ir", "tel:1", "Tel:1"])
def test_an_image_is_loaded_from_the_web_alone(address):
    assert safe_html(f'<img src="{address}">x') == "x"
    assert safe_html(f'<a href="{address}">x</a>') == f'<a href="{address}" rel="noopener noreferrer">x</a>'
