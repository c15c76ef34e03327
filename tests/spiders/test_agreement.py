"""A release's body and its markup say the same, paragraph by paragraph."""

import importlib.util
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from web_poet import HttpResponse

from persian.markup import paragraphs
from spiders.body import Body
from spiders.platforms import platform

HERE = Path(__file__).parent
RECORDINGS = sorted(path.parent for path in (HERE.parent / "pages").glob("*/*/page.html"))
FETCHED = datetime(2026, 12, 1, 8, tzinfo=UTC)


def _variants():
    spec = importlib.util.spec_from_file_location("monadi_variants_of_markup", HERE / "variants.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module.VARIANTS


def said(markup):
    return paragraphs(html.fragment_fromstring(markup, create_parent="div"))


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: "/".join(path.parts[-2:]))
def test_a_recordings_markup_has_its_bodys_paragraphs(recording, office):
    answer = json.loads((recording / "response.json").read_text("utf-8"))
    page = HttpResponse(answer["url"], body=(recording / "page.html").read_bytes(), headers=answer["headers"])
    source = office(platform=answer["platform"], url=urljoin(answer["url"], "/"))
    article = platform(source.platform).read(page, source=source, fetched_at=FETCHED)

    assert said(article.body_html) == article.body.split("\n")


@pytest.mark.parametrize("variant", _variants(), ids=lambda variant: variant.name)
def test_a_layouts_markup_has_its_bodys_paragraphs(variant, office, respond):
    response = respond(variant.page, url=variant.url)
    article = platform("generic").read(response, source=office(platform="generic"), fetched_at=FETCHED)

    assert said(article.body_html) == article.body.split("\n")


BLOCKS = ["div", "section", "ul", "blockquote", "article", "center"]  # whose nesting no parser corrects
LINES = st.lists(
    st.sampled_from(
        ["یک", " ", "دو سه", "<br>", "<!-- x -->", "<b>چهار</b>", "<i> پنج<br></i>", "<a href='/1'>شش</a>"]
    ),
    max_size=4,
).map("".join)


def tree(children):
    return st.builds("<{0}>{1}</{0}>".format, st.sampled_from(BLOCKS), st.lists(children, max_size=4).map("".join))


@given(st.lists(st.recursive(st.one_of(LINES, LINES.map("<p>{}</p>".format), st.just("<hr>")), tree), max_size=5))
def test_any_nesting_of_blocks_says_the_same_in_both_forms(parts):
    body = Body(html.fragment_fromstring("".join(parts), create_parent="div"))

    lines = body.paragraphs()
    assert said(body.markup(lambda link: link)) == lines
