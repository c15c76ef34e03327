"""`spiders.addresses` says what `urllib.parse` says."""

from urllib.parse import unquote, urljoin

import pytest

from spiders.addresses import joined, unquoted

BASES = (
    "http://a.ir/x/y?z",
    "https://a.ir",
    "HTTP://A.ir:80/q;p/..",
    "http://a.ir/خبر/",
    "ftp://a.ir/x",
    "file:///a",
    "",
)
LINKS = (
    "",
    "http://b.ir",
    "http://b.ir/",
    "https://b.ir:8080/خبر/12?q=1&z;w",
    "https://b.ir/a/../b",
    "https://B.ir/?",
    "http://b.ir/a;",
    "http://b.ir//a#",
    "/",
    "/uploads/a.jpg",
    "/a/./b/../c",
    "/a//b",
    "/a?",
    "/a?q=../x#f",
    "/a;",
    "//c.ir/d",
    "a b",
    "?p=12",
    "#top",
    "mailto:a@b.ir",
    "/a\tb\u3000",
)


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("link", LINKS)
def test_a_link_leads_where_urllib_says(base, link):
    assert joined(base, link) == urljoin(base, link).replace("\t", "")


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("sign", ["\x00", "\x01", "\x1f", "\n", "\r", "\t", "\ud800", "\uffff"])
def test_a_sign_that_no_address_may_hold_is_passed_over(base, sign):
    assert joined(base, f"/fa/new{sign}s/12") == urljoin(base, "/fa/news/12")
    assert joined(base, f"java{sign}script:alert(1)") == urljoin(base, "javascript:alert(1)")


def test_what_is_no_address_is_refused():
    with pytest.raises(ValueError, match="IPv6"):
        joined("http://a.ir/", "http://[b")


@pytest.mark.parametrize("text", ["a", "%D8%A7%d8%a8", "%41b%", "%zz%4", "%e2%82x%ac", "خبر%20%D8", "%252F"])
def test_a_part_of_an_address_is_unquoted_as_urllib_does(text):
    assert unquoted(text) == unquote(text)
