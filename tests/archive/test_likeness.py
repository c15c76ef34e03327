"""Which releases are copies of each other, and what of a text is compared."""

import random
import tomllib
from pathlib import Path

import pytest

from archive import likeness
from archive.likeness import are_copies, bands, can_be_copies, fingerprint, passages, signature, similarity, sketch

RELEASES = tomllib.loads((Path(__file__).parent / "releases.toml").read_text("utf-8"))
OPENING, CLOSING, LOCAL = (RELEASES[name] for name in ("opening", "closing", "local"))


def text(name, *, before="", after=""):
    """The title, lead and body of a release, with something before or after its paragraphs."""
    release = RELEASES[name]
    return release["title"], release["lead"], f"{before} {release['body'].strip()}\n{after}".strip()


def print_of(title, lead, body, *boilerplate):
    hashes = {passage.hash for known in boilerplate for passage in passages(None, known)}
    return fingerprint(title, passages(lead, body), hashes)


def cut(print_):
    return set(bands(signature(print_.pack())))


def resemblance(*prints):
    return likeness.resemblance(*(sketch(signature(print_.pack())) for print_ in prints))


def edited(share, name="skills"):
    """A release of which a share of the words was left out, replaced or followed by another."""
    chance = random.Random(share)
    title, lead, body = text(name)
    strange = RELEASES["bridges"]["body"].split()

    def edit(paragraph):
        words = []
        for word in paragraph.split():
            is_edited, way = chance.random() < share, chance.randrange(3)
            words += [chance.choice(strange)] if is_edited and way else []
            words += [] if is_edited and way < 2 else [word]
        return " ".join(words)

    return title, lead, "\n".join(map(edit, body.split("\n")))


def reordered(name="skills"):
    title, lead, body = text(name)
    return title, lead, "\n".join(reversed(body.split("\n")))


def in_arabic_letters(name="skills"):
    return tuple(part.replace("ی", "ي").replace("ک", "ك").replace(" می ", " می\u200c") for part in text(name))


SKILLS = text("skills")
COPIES = {
    "the same text": (SKILLS, SKILLS),
    "in Arabic letters and with half-spaces": (SKILLS, in_arabic_letters()),
    "one with a paragraph of its own": (SKILLS, text("skills", after=LOCAL)),
    "one with an opening and a closing of its own": (SKILLS, text("skills", before=OPENING, after=CLOSING)),
    "one that repeats its lead in the text": (SKILLS, (SKILLS[0], SKILLS[1], f"{SKILLS[1]}\n{SKILLS[2]}")),
    "paragraphs in another order": (SKILLS, reordered()),
    "another title": (SKILLS, ("کارگاه های استان میزبان کارآموزان می شوند", *SKILLS[1:])),
    "every twentieth word edited": (SKILLS, edited(0.05)),
    "every tenth word edited": (SKILLS, edited(0.1)),
    "every fifth word edited": (SKILLS, edited(0.2)),
    "one of four numbers corrected": (SKILLS, (SKILLS[0], SKILLS[1], SKILLS[2].replace("۴۲۰۰", "۴۳۰۰"))),
    "the same short text": (text("condolence"), text("condolence")),
    "the same tender": (text("tender"), text("tender")),
}
DIFFERENT = {
    "other releases": (SKILLS, text("bridges")),
    "other releases with the same local paragraph": (text("skills", after=LOCAL), text("bridges", after=LOCAL)),
    "a tender and another that differs by its numbers": (text("tender"), text("tender_of_another")),
    "two condolences of one form": (text("condolence"), text("condolence_for_another")),
    "a short text and a long one that holds it": (
        text("condolence"),
        text("skills", after=RELEASES["condolence"]["body"]),
    ),
    "a short text that a word was added to": (text("blood"), (*text("blood")[:2], text("blood")[2] + " سپاس")),
    "no text at all": (("", None, ""), ("", None, "")),
    "nothing but numbers": (("۱۴۰۴", None, "۱۲ ۱۳"), ("۱۴۰۴", None, "۱۲ ۱۳")),
}


@pytest.mark.parametrize(("one", "other"), COPIES.values(), ids=COPIES)
def test_copies_are_found_and_judged_so_in_either_order(one, other):
    one, other = print_of(*one), print_of(*other)
    assert are_copies(one, other)
    assert are_copies(other, one)
    assert cut(one) & cut(other)
    assert resemblance(one, other) == resemblance(other, one) >= likeness.RESEMBLING


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_releases_that_resemble_each_other_are_no_copies(one, other):
    one, other = print_of(*one), print_of(*other)
    assert not are_copies(one, other)
    assert not are_copies(other, one)


@pytest.mark.parametrize(("one", "other"), [*COPIES.values(), *DIFFERENT.values()], ids=[*COPIES, *DIFFERENT])
def test_what_the_packed_pairs_rule_out_is_no_copy(one, other):
    one, other = print_of(*one), print_of(*other)
    assert can_be_copies(one, other.pack()) == can_be_copies(other, one.pack()) >= are_copies(one, other)


def test_releases_of_other_texts_do_not_resemble_each_other():
    skills, bridges = print_of(*SKILLS), print_of(*text("bridges"))
    assert resemblance(skills, bridges) < likeness.RESEMBLING
    assert not can_be_copies(skills, bridges.pack())


@pytest.mark.parametrize(("one", "other"), [("skills", "bridges"), ("bridges", "vaccination"), ("tender", "skills")])
def test_a_digest_is_a_copy_of_one_release_in_it_at_most(one, other):
    parts = [print_of(*text(name)) for name in (one, other)]
    digest = print_of("هفته در یک نگاه", None, "\n".join("\n".join(text(name)) for name in (one, other)))
    assert sum(are_copies(part, digest) for part in parts) <= 1


def test_short_releases_under_the_same_boilerplate_are_told_apart_once_it_is_known():
    under = [text(name, before=OPENING, after=CLOSING) for name in ("blood", "library")]
    assert are_copies(*(print_of(*one) for one in under))
    assert not are_copies(*(print_of(*one, OPENING, CLOSING) for one in under))


def test_known_boilerplate_leaves_of_a_release_what_is_its_own():
    assert print_of(*text("blood", before=OPENING, after=CLOSING), OPENING, CLOSING) == print_of(*text("blood"))


def test_the_name_of_the_office_that_reports_is_no_part_of_the_text():
    byline = "روابط عمومی اداره کل نمونه استان فرضی"
    title, lead, body = text("blood")
    signed = passages(lead, f"به گزارش {byline}: {body}", byline)
    assert fingerprint(title, signed) == print_of(title, lead, body)


def test_an_office_that_is_named_later_is_part_of_the_text():
    _, lead, body = text("skills")
    assert passages(lead, body, "رسانه های محلی") == passages(lead, body)


def test_only_passages_near_the_edges_can_be_boilerplate():
    middle = "\n".join(f"این جمله شماره {number} در میانه متن است." for number in range(100))
    at_edge = [passage.hash is not None for passage in passages(None, middle)]
    first, last = at_edge.index(False), at_edge[::-1].index(False)
    assert (first, last) == (8, 15)  # sentences of eight words, of which sixty and a hundred and twenty
    assert not any(at_edge[first:-last])


def test_a_sentence_ends_in_what_ends_sentences_and_not_within_a_number():
    told = passages(None, "تلفن: ۰۱۲ داخلی ۳.۵؛ نشانی:میدان نارنج! ساعت ۸:۳۰\nپایان")
    assert [" ".join(passage.words) for passage in told] == [
        "تلفن",
        "012 داخلی 3 5",
        "نشانی",
        "میدان نارنج",
        "ساعت 8 30",
        "پایان",
    ]


def test_similarity_is_a_share_of_all_pairs_of_words():
    one, other = print_of(*SKILLS), print_of(*text("skills", after=LOCAL))
    assert similarity(one, one) == 1
    assert similarity(one, other) == similarity(other, one) == len(one.pairs) / len(other.pairs)
    assert similarity(print_of("", None, ""), print_of("", None, "")) == 0


def test_a_fingerprint_is_read_back_as_it_was_kept():
    print_ = print_of(*text("tender"))
    assert print_.pack().unpack() == print_
    assert print_.numbers >= {"1404", "27", "185", "7350"}


def test_bands_are_the_same_on_every_machine():
    assert likeness.version() == "2-0c92306e"
    assert len(cut(print_of(*SKILLS))) == likeness.PERMUTATIONS // likeness.ROWS
    assert all(-(2**31) <= band < 2**31 for band in cut(print_of(*SKILLS)))
    assert cut(print_of("", None, "")) == set()


def test_a_band_is_another_at_every_place():
    assert len(set(bands(bytes(likeness.PERMUTATIONS * likeness.VALUE)))) == likeness.PERMUTATIONS // likeness.ROWS
