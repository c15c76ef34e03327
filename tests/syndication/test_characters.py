"""Which texts may stand in feeds, held to the XML recommendation's own lists, character by character."""

import pytest

from syndication.characters import LONGEST, legal, line

NONCHARACTERS = {*range(0xFDD0, 0xFDF0), *(plane << 16 | last for plane in range(17) for last in (0xFFFE, 0xFFFF))}
CHARACTERS = {0x9, 0xA, 0xD, *range(0x20, 0xD800), *range(0xE000, 0xFFFE), *range(0x10000, 0x110000)}  # XML 1.0 §2.2
CONTROLS = {*range(0x7F, 0xA0)}  # which it discourages
KEPT = CHARACTERS - NONCHARACTERS - CONTROLS

EVERY = [
    *range(0x3000),
    *range(0xD7F0, 0xE010),
    *range(0xFD00, 0x10010),
    *(place for plane in range(1, 17) for place in range((plane << 16) + 0xFFF0, (plane << 16) + 0x10000)),
]


def test_what_xml_forbids_and_discourages_goes_and_nothing_else():
    wrong = [hex(code) for code in EVERY if legal(f"خبر {chr(code)} تازه") != f"خبر {chr(code) * (code in KEPT)} تازه"]
    assert wrong == []


@pytest.mark.parametrize("sound", ["", "نیم‌فاصله", "یک\nدو", "a😀b", "ﷺ"])
def test_what_is_legal_stays_whatever_else_stands_there(sound):
    assert legal(sound) == sound
    assert legal(f"{sound}\x85\x00\ufdd0{sound}\U0010ffff") == sound * 2


def test_a_line_shows_something_or_is_none():
    assert [line(text) for text in (None, "", " ", "\u200c", "\u200f\u200e", "\x7f", "\x07 \ufdd0")] == [""] * 7
    assert line(" یک\n دو\x7f ") == "یک دو"
    assert line("ا" * (LONGEST + 1)) == "ا" * LONGEST + "…"
