"""How much one record may say."""

from dataclasses import replace

import pytest

from archive import Attachment, StatedDate
from spiders.bounds import ADDRESS, ALIASES, FILES, LARGEST, LETTERS, MARKUP, TAGS, WORD, address, bounded, size
from spiders.errors import TooComplex


def test_a_record_within_its_bounds_is_the_same(make):
    article = make(attachments=(Attachment(url="https://a/b.pdf", length=5),), image="https://a/b.jpg")

    assert bounded(article) is article


@pytest.mark.parametrize("part", LETTERS)
def test_what_is_too_long_to_be_what_it_is_called_is_no_release(make, part):
    bounded(make(**{part: "x" * LETTERS[part]}))
    with pytest.raises(TooComplex, match=f"its {part} has more than"):
        bounded(make(**{part: "x" * (LETTERS[part] + 1)}))


def test_neither_is_too_much_markup(make):
    with pytest.raises(TooComplex, match="markup"):
        bounded(make(body_html="x" * (MARKUP + 1)))


def test_of_lists_the_beginning_is_kept(make):
    urls = [f"https://a/{number}" for number in range(1000)]
    article = bounded(
        make(
            aliases=tuple(urls),
            tags=tuple(f"t{number}" for number in range(1000)),
            attachments=tuple(Attachment(url=url) for url in urls),
            stated_dates=tuple(StatedDate(of="published", origin="page", raw="\x00" * 999) for _ in urls),
        )
    )

    assert article.aliases == tuple(urls[:ALIASES])
    assert article.tags == tuple(f"t{number}" for number in range(TAGS))
    assert [file.url for file in article.attachments] == urls[:FILES]
    assert len(article.stated_dates) == 50
    assert article.stated_dates[0].raw == ""


def test_what_is_no_word_or_no_address_is_passed_over(make):
    long = f"https://a/{'x' * ADDRESS}"
    file = Attachment(url="https://a/b.pdf", title="x" * (WORD + 1), length=LARGEST)
    article = make(tags=("x" * (WORD + 1), "y"), category="x" * (WORD + 1), image=long, aliases=(long, "https://a/"))
    article = bounded(replace(article, attachments=(Attachment(url=long), file)))

    assert (article.tags, article.category, article.image, article.aliases) == (("y",), None, None, ("https://a/",))
    assert article.attachments == (Attachment(url="https://a/b.pdf"),)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a/خبر\u200cتازه b", "https://a/خبر\u200cتازه b"),
        ("https://a/fdp.\u202eexe", "https://a/fdp.%E2%80%AEexe"),
        ("https://a/\x00\x1b[31m\ud800", "https://a/%00%1B[31m%3F"),
        ("https://a/" + "x" * ADDRESS, None),
    ],
)
def test_an_address_holds_nothing_that_is_not_seen(url, kept):
    assert address(url) == kept


@pytest.mark.parametrize(
    ("digits", "number"),
    [("0", 0), ("12", 12), ("۱۲", 12), ("", None), ("-5", None), ("1e5", None), ("9" * 6000, None), (str(2**50), None)],
)
def test_a_size_is_one_that_a_file_may_have(digits, number):
    assert size(digits) == number
