"""What no parser is given, told in time that grows with the length."""

from contextlib import suppress

import pytest

from spiders.complexity import ATTRIBUTES, NESTING, TAGS, check
from spiders.errors import TooComplex
from spiders.responses import root_of
from tests.pace import within

MANY = " ".join(f"a{number}=1" for number in range(2 * ATTRIBUTES))
SOUND = [
    "",
    "text",
    "<p class=x id='y' title=\"a > b\">text</p>",
    f"<!-- <p {MANY}> --><p>text</p>",
    f"<script>if (a<b) {{ {MANY} }}</script><p>text</p>",
    f"<style>a<b {MANY} </style><p>text</p>",
    f"<p title='{MANY}'>text</p>",
    f'<p title = "{MANY}">text</p>',
    f"a < b {MANY}",
    f"</p {MANY}>",
    "<" * 1000,
    "<p" + " x" * ATTRIBUTES + ">",
]
COMPLEX = [
    f"<p {MANY}>",
    f"<p/{MANY.replace(' ', '/').replace('=1', '')}>",
    "<p " + "".join(f'a{number}=">"' for number in range(2 * ATTRIBUTES)) + ">",
    f'<p a=b="{MANY}">',
    f'<p ="{MANY}">',
    f'<p x" {MANY} ">',
    f"<SCRIPT {MANY}></SCRIPT>",
    f"<scripted {MANY}>",
    f"<!--><p {MANY}>",
    f"<!---><p {MANY}>",
    f"<!-- --!><p {MANY}>",
    f"<! x><p {MANY}>",
    f"<script>x</script ><p {MANY}>",
    "<p" + " x" * (ATTRIBUTES + 1) + ">",
    "<b>" * (TAGS + 1),
]


@pytest.mark.parametrize("markup", SOUND)
def test_markup_of_a_page_is_let_through(markup):
    check(markup.encode())


@pytest.mark.parametrize("markup", COMPLEX)
def test_what_has_too_many_tags_or_attributes_is_not(markup):
    with pytest.raises(TooComplex):
        check(markup.encode())


@pytest.mark.parametrize(
    "piece",
    [
        "<a b=",
        "<",
        "<!--",
        "<script",
        "<script>",
        "<a b=\"<c d='",
        "<a b ",
        "<a\t=",
        "</script",
        "<a b='",
        "-->",
        "<a/",
    ],
)
def test_whatever_is_repeated_it_takes_time_by_its_length(piece):
    body = (piece * (2**21 // len(piece))).encode()
    with within(1), suppress(TooComplex):
        check(body)


def test_a_tree_is_as_deep_as_a_page_may_be(respond):
    root_of(respond("<div>" * (NESTING - 10) + "x"))
    with pytest.raises(TooComplex, match="nested"):
        root_of(respond("</x <b a=1 a=2>" * 300 + "<div>" * (NESTING + 10) + "x"))
