"""Whose newsroom an address is: guessed by host and title, and never without saying why."""

import pytest

from sources import Catalogue
from spiders.onboarding.guesses import family, guess_agency, guess_province

HERE = "http://127.0.0.1:8000/"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.mark.parametrize(
    ("url", "title", "province", "why"),
    [
        ("https://yazd.mcls.gov.ir/", None, "yazd", '"yazd" in the host'),
        ("https://behzisti-hormozgan.ir/", None, "hormozgan", '"hormozgan" in the host'),
        ("https://azsh.abc.ir/", None, "east-azerbaijan", '"azsh" in the host, as other offices there have it'),
        ("https://ostan-kz.ir/", None, "khuzestan", '"ostan-kz" in the host, as other offices there have it'),
        ("https://tabriz.example.ir/", None, "east-azerbaijan", '"tabriz" in the host'),
        (HERE, "اخبار - اداره کل پست استان قم", "qom", "the site's title"),
        (HERE, "استانداری كرمانشاه", "kermanshah", "the site's title"),
        (HERE, "شهرداری مشهد", "razavi-khorasan", "the city in the site's title"),
        (HERE, "شهرداری خرم\u200cآباد", "lorestan", "the city in the site's title"),
        ("https://yazd.example.ir/", "اداره کل پست استان قم", "yazd", '"yazd" in the host'),
    ],
)
def test_a_province_is_guessed(catalogue: Catalogue, url: str, title: str | None, province: str, why: str) -> None:
    guess = guess_province(catalogue, url, title, [])

    assert guess is not None
    assert (guess.value, guess.why) == (province, why)


@pytest.mark.parametrize(
    ("bylines", "province"),
    [(["IR-21", "IR-21", None, "IR-22"], "yazd"), (["IR-21", "IR-22"], None), ([None], None), ([], None)],
)
def test_articles_tell_a_province_when_most_of_those_that_name_one_agree(
    catalogue: Catalogue, bylines: list[str | None], province: str | None
) -> None:
    guess = guess_province(catalogue, HERE, "اخبار", bylines)

    assert (guess and guess.value) == province


@pytest.mark.parametrize("title", ["خبرگزاری فارسی", "اخبار مرکزی", None])
def test_words_that_only_look_like_a_province_are_none(catalogue: Catalogue, title: str | None) -> None:
    assert guess_province(catalogue, "https://farsnews.example.ir/", title, []) is None


@pytest.mark.parametrize(
    ("url", "title", "agency", "why"),
    [
        ("https://kish.mcls.gov.ir/", None, "mcls", "other offices are at mcls.gov.ir"),
        ("https://mcls-kish.ir/", None, "mcls", '"mcls" in the host'),
        ("https://yazd.behzisti.ir/", None, "behzisti", '"behzisti" in the host'),
        (HERE, "استانداری گلستان", "ostandari", "the site's title"),
        (HERE, "اداره کل تعاون، کار و رفاه اجتماعی استان قم", "mcls", "the site's title"),
        (HERE, "اداره كل پست استان قم", "post", "the site's title"),
        (HERE, "شهرداری سنندج", "shahrdari", "the site's title"),
        (
            "https://yazd.abcd.ir/",
            "اخبار - سازمان نو استان یزد",
            "abcd",
            '"abcd" in the host; its names are guesses too',
        ),
        (HERE, "پایگاه خبری", None, None),
        ("https://abcd.ir/", "پایگاه خبری", None, None),
    ],
)
def test_an_agency_is_guessed(
    catalogue: Catalogue, url: str, title: str | None, agency: str | None, why: str | None
) -> None:
    guess = guess_agency(catalogue, url, title, catalogue.province("yazd"))

    assert (guess and guess.id, guess and guess.why) == (agency, why)


def test_a_new_agency_is_named_as_the_title_names_it(catalogue: Catalogue) -> None:
    guess = guess_agency(catalogue, "https://yazd.abcd.ir/", "اخبار - سازمان نو استان یزد", catalogue.province("yazd"))

    assert guess is not None
    assert guess.head == {"name_fa": "سازمان نو", "name_en": "Abcd"}


def test_an_agency_of_the_built_in_catalogue_keeps_its_names_in_one_of_ones_own(catalogue: Catalogue) -> None:
    own = Catalogue(provinces=catalogue.provinces, agencies=(), sources=())

    head = family("mcls", own, None).head

    assert head["platform"] == "fa_portal"
    assert "unverified" not in head  # of an office that has just answered
    assert family("mcls", catalogue, None).head == {}  # its file is there
