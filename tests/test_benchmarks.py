"""What benchmarks make of what they measured, and the pages that somebody gives them."""

import importlib
import json
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
BODY = [
    "این پل سی و شش متری دیروز با حضور مسئولان استان گشوده شد و زیر بار ترافیک رفت.",
    "ساخت آن دو سال به درازا کشید و راه بیست روستا را به مرکز شهرستان نزدیک‌تر می‌کند.",
    "مدیر کل راه گفت که نوسازی سه پل دیگر تا پایان سال آغاز خواهد شد و اعتبار آن فراهم است.",
]
TITLE = "پل روستای سرچشمه به بهره‌برداری رسید"
PAGE = f"""<!doctype html><html lang="fa" dir="rtl"><head><meta charset="utf-8">
<title>{TITLE} - اداره کل راه</title></head>
<body><header><a href="/">خانه</a> <a href="/news">اخبار</a></header><article><h1>{TITLE}</h1>
<time>۱۵ آذر ۱۴۰۰ - ۰۹:۱۹</time>{"".join(f"<p>{each}</p>" for each in BODY)}</article>
<footer>همه‌ی حقوق محفوظ است.</footer></body></html>"""
TRUTH = {
    "url": "https://rah.example.ir/news/12",
    "title": TITLE,
    "published": "2021-12-06T09:19",
    "body": "\n".join(BODY),
}


@pytest.fixture(autouse=True)
def beside(monkeypatch):
    """Scripts of benchmarks import each other from beside them."""
    monkeypatch.syspath_prepend(BENCHMARKS)


@pytest.fixture
def figures():
    return importlib.import_module("figures")


@pytest.fixture
def extraction():
    return importlib.import_module("extraction")


@pytest.mark.parametrize(
    ("rounds", "goal", "at_least", "holds", "worst"),
    [
        ([1.0, 9.0, 2.0], 2.0, False, True, 9.0),
        ([1.0, 9.0, 2.1], 2.0, False, False, 9.0),
        ([0.4, 0.1, 0.5], 0.4, True, True, 0.1),
        ([0.39, 0.1, 0.5], 0.4, True, False, 0.1),
        ([7.0], None, False, True, 7.0),
    ],
)
def test_the_median_is_held_to_the_goal_and_the_worst_round_is_told(figures, rounds, goal, at_least, holds, worst):
    figure = figures.of_rounds(rounds, what="a page", unit="ms", goal=goal, at_least=at_least)

    assert (figure.holds, figure.worst) == (holds, worst)
    assert ("MISSED" in str(figure)) is not holds


def test_a_share_of_nearly_all_is_not_all(figures):
    figure = figures.of_rounds([99.96], what="titles", unit="%", goal=100, at_least=True, peers={"other": 92.75})

    assert str(figure) == "titles (other 92.75): 99.96 %, worst 99.96, goal ≥ 100  MISSED"


@pytest.mark.parametrize(("number", "late"), [(1, 0), (15, 14), (20, 19), (100, 95)])
def test_the_95th_percentile_leaves_no_more_than_one_in_twenty_above_it(figures, number, late):
    assert figures.late(list(range(number))[::-1]) == late


def test_contenders_take_turns(figures):
    turns = []

    contenders = {name: lambda name=name: turns.append(name) or len(turns) for name in ("ours", "peer")}

    given = figures.by_turns(2, contenders, warming=1)

    assert turns == ["ours", "peer"] * 3
    assert given == {"ours": [3, 5], "peer": [4, 6]}


def test_what_is_kept_is_a_section_of_the_page(figures, tmp_path, monkeypatch):
    report = importlib.import_module("report")
    monkeypatch.setattr(figures, "RESULTS", tmp_path)
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    told = [
        figures.of_rounds([61, 60, 59], what="an edit", unit="ms", goal=50, peers={"difflib": 12.5}),
        figures.of_rounds([3.0, 2.0], what="pace", against="difflib", unit="×", goal=2, at_least=True),
    ]
    table = figures.Table(title="recall, %", columns=["5%"], rows={"reordered": [98.75], "other": [None]})

    with pytest.raises(SystemExit) as ended:
        figures.finish("differences", "python x.py", told, ["2 rounds"], save=True, tables=[table])

    assert ended.value.code == 1
    page = report.benchmarks()
    assert "| an edit | difflib 12.5 | **60 ms** | 61 | ≤ 50 |\n| pace | difflib | 2.5 × | 2 | ≥ 2 |" in page
    assert "\n\n| recall, % | 5% |\n|---|--:|\n| reordered | 98.75 |\n| other | – |\n" in page


def kept(directory: Path, page: str = PAGE, **truth: object) -> None:
    (directory / "bridge.html").write_text(page, "utf-8")
    (directory / "bridge.json").write_text(json.dumps(TRUTH | truth), "utf-8")


def test_pages_of_one_s_own_are_read_and_judged_by_what_is_told_of_them(extraction, tmp_path):
    kept(tmp_path)

    pages = extraction.read_pages(tmp_path)
    found = extraction.score(next(each for each in extraction.contenders() if each.name == extraction.GENERIC), pages)

    assert (found.pages, found.refused, found.dates, found.days, found.titles, found.body) == (1, 0, 1, 1, 1, 1)
    assert (found.half_spaces, found.leaked) == (1, 0)


@pytest.mark.parametrize(
    ("told", "precision", "instant"),
    [
        ("2021-12-06", "date", "2021-12-06"),
        ("2021-12-06T09:19", "minute", "2021-12-06T09:19:00+03:30"),
        ("2021-12-06T05:49Z", "minute", "2021-12-06T05:49:00+00:00"),
        ("2021-12-06T09:19:30+03:30", "second", "2021-12-06T09:19:30+03:30"),
        (None, "date", None),
    ],
)
def test_a_date_is_told_as_exactly_as_the_page_shows_it(extraction, tmp_path, told, precision, instant):
    kept(tmp_path, published=told)

    (page,) = extraction.read_pages(tmp_path)

    assert (page.truth["precision"], page.truth["published"]) == (precision, instant)
    assert extraction.same_instant(page.truth, instant)
    assert not extraction.same_instant(page.truth, "2021-12-07T09:19:30+03:30")


@pytest.mark.parametrize(
    ("truth", "told"),
    [
        ({"title": TITLE, "published": None}, "bridge.json: does not tell url, body"),
        (TRUTH | {"published": "۱۵ آذر"}, "bridge.json: published: ۱۵ آذر is no date or time of ISO 8601"),
        (None, "bridge.json: does not tell url, title, published, body"),
    ],
)
def test_a_page_of_which_too_little_is_told_ends_the_script(extraction, tmp_path, truth, told):
    (tmp_path / "bridge.html").write_text(PAGE, "utf-8")
    if truth:
        (tmp_path / "bridge.json").write_text(json.dumps(truth), "utf-8")

    with pytest.raises(SystemExit, match=told):
        extraction.read_pages(tmp_path)


def test_a_directory_without_pages_ends_the_script(extraction, tmp_path):
    with pytest.raises(SystemExit, match=r"no NAME\.html"):
        extraction.read_pages(tmp_path)
