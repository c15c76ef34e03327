"""The markup of a body, whatever its page's markup is."""

from urllib.parse import urljoin

import pytest
from lxml import html

from spiders.body import Body

SIGNS = {"a control sign": "\x15", "a separator": "\x1c", "a mark of direction": "\u2069", "no character": "\uffff"}
ELEMENTS = {"image": ("src", '<img {}="/a.jpg" alt="پل">'), "link": ("href", '<a {}="/a">پل</a>')}


@pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS)
@pytest.mark.parametrize("place", [0, 1], ids=["before the name", "in it"])
@pytest.mark.parametrize(("name", "element"), ELEMENTS.values(), ids=ELEMENTS)
def test_no_attribute_becomes_another_when_signs_are_taken_out_of_the_markup(sign, place, element, name):
    misnamed = element.format(name[:place] + sign + name[place:])
    tree = html.document_fromstring(f"<div><p>گشایش پل</p>{misnamed}</div>")
    body = Body.of(next(tree.iter("div")))

    made = body.markup(lambda link: urljoin("https://yazd.example.ir/", link))

    assert "گشایش پل" in made
    assert '"/a' not in made


@pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS)
@pytest.mark.parametrize(("name", "element"), ELEMENTS.values(), ids=ELEMENTS)
def test_no_element_becomes_another_when_signs_are_taken_out_of_the_markup(sign, element, name):
    tag = element[1 : element.index(" ")]
    misnamed = element.format(name).replace(f"<{tag}", f"<{tag}{sign}")
    tree = html.document_fromstring(f"<div><p>گشایش پل</p>{misnamed}</div>")
    body = Body.of(next(tree.iter("div")))

    made = body.markup(lambda link: urljoin("https://yazd.example.ir/", link))

    assert "گشایش پل" in made
    assert '"/a' not in made
