"""What is made of a visit: the newest articles, a confidence, what an operator has to look into, the words for it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from archive import Article
from persian.dates import Published, parse
from sources import Catalogue, Source
from spiders.listing import Link
from spiders.onboarding.proposal import Stated, propose
from spiders.onboarding.telling import Table, checked, opening, outcome, selectors_line, to_dict, told
from spiders.onboarding.visit import Candidate, Sample, Tried, Visit, confidence, newest_first
from spiders.onboarding.visitor import moved_to

NOW = datetime(2025, 12, 6, 8, tzinfo=UTC)
CLEAR = Candidate(platform="wordpress", score=53, surety="sure", evidence=("generator: WordPress",))


def dated(text: str, origin: str = "listing") -> Published:
    return parse(text, fetched_at=NOW, origin=origin)


def link(number: int, date: str | None = None) -> Link:
    return Link(url=f"https://x.ir/{number}", published=dated(date) if date else None)


def numbers(links: list[Link]) -> list[str]:
    return [each.url.rpartition("/")[2] for each in links]


@pytest.mark.parametrize(
    ("lists", "newest"),
    [
        ([], []),
        ([[]], []),
        ([[link(3), link(2), link(1)]], ["3", "2"]),
        ([[link(1, "1404/01/01"), link(3, "1404/03/01"), link(2, "1404/02/01")]], ["3", "2"]),
        ([[link(9), link(8)], [link(1, "1404/01/01"), link(2, "1404/02/01")]], ["2", "1"]),
        ([[link(9), link(8), link(7)], [link(1, "1404/01/01")]], ["9", "8"]),
        ([[], [link(1), link(1), link(2)]], ["1", "2"]),
        ([[link(2), link(1, "1404/01/01")]], ["2", "1"]),
    ],
)
def test_the_newest_are_by_date_where_a_list_dates_them_all(lists: list[list[Link]], newest: list[str]) -> None:
    assert numbers(newest_first(lists, 2)) == newest


@pytest.fixture
def visit(office: Callable[..., Source], make: Callable[..., Article]) -> Callable[..., Visit]:
    def made(**changes: Any) -> Visit:
        sample = Sample(url="https://yazd.example.ir/1", article=make(1), confidence=0.9, reasons=("-0.10 a doubt",))
        values: dict[str, Any] = {
            "source": office(platform="auto"),
            "began": NOW,
            "title": "اداره کل بهزیستی استان یزد",
            "platform": "wordpress",
            "candidates": (CLEAR,),
            "tried": (Tried(kind="listing", url="https://yazd.example.ir/", entries=10, newest=dated("1404/09/01")),),
            "samples": (sample,),
        }
        return Visit(**{**values, **changes})

    return made


LONG = "متن خبر. " * 20


@pytest.mark.parametrize(
    ("changes", "surety", "title", "sure", "reasons"),
    [
        ({}, "sure", None, 1.0, ()),
        ({}, "sure", "«نشست شماره\u200cی 1»", 1.0, ()),
        ({}, "likely", None, 0.9, ("-0.10 the platform is no more than a likely one",)),
        ({"date": None}, "sure", None, 0.7, ("-0.30 no date",)),
        ({"body": ""}, "sure", None, 0.6, ("-0.40 no text",)),
        ({"body": "کوتاه"}, "sure", None, 0.85, ("-0.15 a text of 5 characters",)),
        ({}, "sure", "تماس با ما", 0.85, ("-0.15 another line looks like the title: تماس با ما",)),
        ({"date": None, "body": ""}, "guess", "دیگر", 0.0, None),
    ],
)
def test_a_confidence_says_what_it_rests_on(
    make: Callable[..., Article], changes: dict[str, Any], surety: str, title: str, sure: float, reasons: Any
) -> None:
    article = make(**{"body": LONG, **changes})

    found, said = confidence(article, surety=surety, title=title)

    assert found == pytest.approx(sure)
    assert reasons is None or said == reasons


def test_a_date_that_readers_do_not_see_and_one_that_is_odd_are_doubts(make: Callable[..., Article]) -> None:
    published = parse("1450/01/01", fetched_at=NOW, origin="feed")

    found, said = confidence(make(body=LONG, published=published), surety="sure", title=None)

    assert found == pytest.approx(0.8)
    assert said == ("-0.10 a date that readers do not see", "-0.10 the date: future")


def test_empty_fields_are_called_out_the_needed_ones_first(make: Callable[..., Article]) -> None:
    article = make(date=None, kicker=None, tags=())

    empty = Sample(url=article.url, article=article).empty

    assert empty == ("published", "kicker", "byline", "tags", "image", "attachments", "modified")


@pytest.mark.parametrize(
    ("changes", "failures"),
    [
        ({}, []),
        ({"problem": "it refuses connections"}, ["it refuses connections"]),
        ({"samples": ()}, ["no list on it leads to an article"]),
        ({"tried": (Tried(kind="listing", url="x"),)}, ["no list on it leads to an article"]),
        ({"samples": (Sample(url="https://x.ir/1", problem="it answered 404"),)}, ["https://x.ir/1: it answered 404"]),
    ],
)
def test_what_has_to_be_looked_into_is_listed(
    visit: Callable[..., Visit], changes: dict[str, Any], failures: list[str]
) -> None:
    assert list(visit(**changes).failures) == failures


@pytest.mark.parametrize(
    ("stated", "candidates", "differs"),
    [
        ("wordpress", (CLEAR,), False),
        ("auto", (CLEAR,), False),
        ("joomla", (CLEAR,), True),
        ("generic", (CLEAR,), True),
        ("joomla", (), False),
        ("joomla", (Candidate(platform="dnn", score=1, surety="guess", evidence=("a hint",)),), False),
    ],
)
def test_a_platform_that_is_not_the_one_stated_is_a_difference(
    visit: Callable[..., Visit],
    office: Callable[..., Source],
    stated: str,
    candidates: tuple[Candidate, ...],
    differs: bool,  # noqa: FBT001
) -> None:
    found = visit(source=office(platform=stated), candidates=candidates)

    assert bool(found.differs) is differs
    assert ("differs" in checked(found)) is differs


def text_of(visit: Visit) -> str:
    proposal = propose(visit, Catalogue.load(), Stated(), None)
    blocks = [*told(visit, proposal), *outcome(visit, proposal, {}, asked=False, options="")]
    return "\n".join("\n".join(map("\t".join, each.rows)) if isinstance(each, Table) else each for each in blocks)


def test_a_visit_is_told_with_evidence_dates_of_both_calendars_and_the_entry(visit: Callable[..., Visit]) -> None:
    close = Candidate(platform="joomla", score=40, surety="sure", evidence=("generator: Joomla",))
    far = Candidate(platform="dnn", score=1, surety="guess", evidence=("a hint of it",))

    text = text_of(visit(candidates=(CLEAR, close, far)))

    assert "platform: wordpress (sure, 53 points)\n  generator: WordPress" in text
    assert "close to it: joomla (40 points): generator: Joomla" in text
    assert "a hint of it" not in text
    assert "دوشنبه ۱۵ آذر ۱۴۰۰، ۰۹:۱۹ = 2021-12-06T09:19:00+03:30 (the page: ۱۵ آذر ۱۴۰۰ ۰۹:۱۹)" in text
    assert "empty        byline, image, attachments, modified" in text
    assert "confidence   0.90: -0.10 a doubt" in text
    assert "agency: behzisti (a guess: the site's title)" in text
    assert '[yazd]\nurl = "https://yazd.example.ir/"\n' in text


def test_an_unknown_cms_is_called_that_with_the_selectors_to_fill_in(visit: Callable[..., Visit]) -> None:
    found = visit(
        platform="generic",
        candidates=(),
        generated="Portal 9",
        selectors={"title": ".onvan"},
        missing_selectors=("body",),
    )

    text = text_of(found)

    assert 'platform: none of those known here, so the generic reader reads it; the page says that "Portal 9"' in text
    assert selectors_line(found) in text
    assert selectors_line(found) == (
        'selectors = { title = ".onvan" }  # to fill in, if the site has them: body, date, lead, kicker, listing'
    )
    assert "found on the pages, but by no one selector: body" in text


def test_a_visit_as_json_names_what_the_words_name(visit: Callable[..., Visit]) -> None:
    told_ = to_dict(visit())

    assert told_["known"] is True
    assert told_["candidates"][0] == {
        "platform": "wordpress",
        "score": 53,
        "surety": "sure",
        "evidence": ["generator: WordPress"],
    }
    assert told_["articles"][0]["article"]["published"]["jalali"] == "1400-09-15T09:19:00"
    assert told_["lists"][0]["entries"] == 10


@pytest.mark.parametrize(
    ("text", "shown"), [("یک دو سه", "یک دو سه"), ("یک\nدو", "یک دو"), ("واژه " * 100, "واژه " * 3 + "…")]
)
def test_a_text_is_cut_between_words(text: str, shown: str) -> None:
    assert opening(text, 19) == shown


@pytest.mark.parametrize(
    ("given", "final", "moved"),
    [
        ("http://x.ir/", "https://x.ir/", "https://x.ir/"),
        ("https://x.ir/", "https://www.x.ir/fa/home", "https://www.x.ir/"),
        ("https://x.ir/fa/", "https://x.ir/fa/home", None),
        ("https://x.ir/", "https://x.ir/", None),
    ],
)
def test_the_entry_has_the_scheme_and_the_host_that_answer(given: str, final: str, moved: str | None) -> None:
    assert moved_to(given, final) == moved
