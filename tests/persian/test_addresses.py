import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian.addresses import parts_of, readable, readable_in

KHABAR = "%D8%AE%D8%A8%D8%B1"
LETTERS = {
    "letters": (f"https://x.ir/fa/{KHABAR}/12", "https://x.ir/fa/خبر/12"),
    "in small digits": (f"https://x.ir/{KHABAR.lower()}", "https://x.ir/خبر"),
    "in a query": (f"https://x.ir/?q={KHABAR}&p=1", "https://x.ir/?q=خبر&p=1"),
    "a half-space": ("https://x.ir/%D9%85%DB%8C%E2%80%8C%D8%B4%D9%88%D8%AF", "https://x.ir/می\u200cشود"),
    "ASCII beside them": (f"https://x.ir/{KHABAR}%20%2F%25", "https://x.ir/خبر%20%2F%25"),
    "letters already": ("https://x.ir/خبر", "https://x.ir/خبر"),
}
AS_THEY_ARE = {
    "a space": "https://x.ir/a%20b",
    "a line end": "https://x.ir/a%0Ab",
    "a slash": "https://x.ir/a%2Fb",
    "no UTF-8": "https://x.ir/%CE%C8%D1",
    "half of a letter": f"https://x.ir/{KHABAR[:-3]}",
    "a surrogate": "https://x.ir/%ED%A0%80",
    "an override": f"https://x.ir/{KHABAR}%E2%80%AE",
    "a mark of direction": f"https://x.ir/{KHABAR}%E2%80%8F",
    "an isolate": f"https://x.ir/%E2%81%A7{KHABAR}",
    "a space that does not break": f"https://x.ir/{KHABAR}%C2%A0",
    "a wide space": f"https://x.ir/{KHABAR}%E3%80%80",
    "a control character": f"https://x.ir/{KHABAR}%C2%85",
    "a line separator": f"https://x.ir/{KHABAR}%E2%80%A8",
    "no digits": "https://x.ir/%D8%AZ",
}


@pytest.mark.parametrize(("address", "shown"), LETTERS.values(), ids=LETTERS)
def test_an_address_is_shown_in_its_letters(address: str, shown: str) -> None:
    assert readable(address) == shown


@pytest.mark.parametrize("address", AS_THEY_ARE.values(), ids=AS_THEY_ARE)
def test_what_hides_something_or_means_something_else_stays_as_it_is(address: str) -> None:
    assert readable(address) == address


@given(st.lists(st.one_of(st.text(max_size=8), st.binary(max_size=4), st.sampled_from("/?#%&=")), max_size=6))
def test_a_readable_address_reads_back_to_the_same(pieces: list[str | bytes]) -> None:
    address = "https://x.ir/" + "".join(
        piece if piece in tuple("/?#%&=") else quote(piece, safe="") for piece in pieces
    )
    shown = readable(address)

    again = "".join(letter if letter.isascii() else quote(letter) for letter in shown)

    assert again == re.sub("%[0-9a-fA-F]{2}", lambda found: found[0].upper(), address)
    assert not re.search("[\\s\u200e\u200f\u2028-\u202e\u2066-\u2069\x00-\x1f\x7f-\x9f]", shown)


def test_of_a_line_only_the_addresses_are_read() -> None:
    line = f"https://x.ir/{KHABAR}: it refuses connections (%D8%AE), and http://y.ir/{KHABAR}."

    assert readable_in(line) == "https://x.ir/خبر: it refuses connections (%D8%AE), and http://y.ir/خبر."
    assert parts_of(line) == [
        ("https://x.ir/خبر", True),
        (": it refuses connections (%D8%AE), and ", False),
        ("http://y.ir/خبر", True),
        (".", False),
    ]


@given(st.text(alphabet="ab /:.%D8AE()خ«»", max_size=40))
def test_a_line_is_the_sum_of_its_parts(line: str) -> None:
    assert "".join(part for part, _ in parts_of(line)) == readable_in(line)
