"""Charts: what they draw is well-formed, says the numbers it was given, and lets nothing in that an office wrote."""

import csv
import io
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from sources import Catalogue, Province
from syndication import charts, web
from syndication.charts import inks
from syndication.charts.chart import SHADES, Shades
from syndication.charts.columns import MOST_COLUMNS, scale
from syndication.charts.tiles import GRID, PLACES
from syndication.web.language import ENGLISH, PERSIAN

LANGUAGES = (PERSIAN, ENGLISH)
PROVINCES = list(Catalogue.load().provinces.values())
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "\"><script>alert(1)</script><style>&amp;'\u202e]]>"
SHEET = (Path(web.__file__).parent / "static" / "charts.css").read_text("utf-8")
YEAR = [f"1403-{month:02}" for month in range(1, 13)]


def read(svg):
    return etree.fromstring(str(svg))


def cells(chart):
    """The CSV of a chart, as a spreadsheet reads it."""
    return list(csv.DictReader(io.StringIO(charts.sheet(chart).decode("utf-8-sig"), newline="")))


def said_by(chart):
    return [text for text in read(chart.svg).itertext() if text.strip()]


def every(language, number=7, name="یزد"):
    """A chart of each kind."""
    return [
        charts.columns({("1403-01", "a"): number, ("1403-05", "b"): 2}, {"a": name, "b": "ب"}, language, of=name),
        charts.columns(
            {("1403-01", "gone"): number}, {"gone": name}, language, name="edits", title="edits", thing="changes"
        ),
        charts.calendar({"1403-01-05": number}, YEAR, language, of=name),
        charts.week({(0, 9): number, (6, 23): 1}, language, of=name),
        charts.lags({0: number, 7: 1}, language, of=name),
        charts.tiles({"IR-21": number}, PROVINCES, lambda province: f"/{province.key}", language, of=name),
    ]


ALL = [(chart, language) for language in LANGUAGES for chart in every(language)]
NAMED = [f"{chart.name} in {language.name}" for chart, language in ALL]


@pytest.fixture(params=ALL, ids=NAMED)
def drawn(request):
    return request.param[0]


# ---- drawings ----


def test_a_drawing_has_a_title_and_a_text_alternative_by_which_it_is_named(drawn):
    svg = read(drawn.svg)
    ids = {each.get("id"): each.text for each in svg.iter() if each.get("id")}
    assert ids[svg.get("aria-labelledby")] == drawn.title
    assert ids[svg.get("aria-describedby")] == drawn.said
    assert svg.get("role") == ("group" if drawn.name == "provinces" else "img")
    assert svg.get("viewBox").startswith("0 0 360 ")


def test_a_drawing_has_neither_scripts_nor_styles_of_its_own(drawn):
    for each in read(drawn.svg).iter():
        assert etree.QName(each).localname not in ("script", "style", "image", "foreignObject")
        assert not [name for name in each.attrib if name == "style" or name.startswith("on")]


def test_every_class_of_a_drawing_has_a_look_on_pages_and_in_files(drawn):
    used = {name for each in read(drawn.svg).iter() for name in each.get("class", "").split()}
    for name in used - {"chart-drawing", "ch-tile"}:
        assert re.search(rf"\.{name}[ ,)]", SHEET), name
        assert name in inks.INKS


def test_nothing_is_drawn_beyond_the_edges(drawn):
    svg = read(drawn.svg)
    width, height = map(float, svg.get("viewBox").split()[2:])
    for each in svg.iter(f"{SVG}rect"):
        if each.getparent().tag == f"{SVG}pattern":
            continue
        x, y, wide, high = (float(each.get(name)) for name in ("x", "y", "width", "height"))
        assert x >= -0.1
        assert x + wide <= width + 0.1
        assert y >= -0.1
        assert y + high <= height + 0.1
    for each in svg.iter(f"{SVG}text"):
        assert 0 <= float(each.get("x")) <= width
        assert 0 <= float(each.get("y")) <= height


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_names_stay_text_whatever_is_in_them(language):
    hostile = [Province(key="yazd", iso="IR-21", fa=HOSTILE, en=HOSTILE)]
    found = every(language, name=HOSTILE)
    found.append(charts.tiles({"IR-21": 3}, hostile, lambda _: '/?q="><script>', language))
    for chart in found:
        for drawn in (read(chart.svg), etree.fromstring(charts.standalone(chart))):
            assert not list(drawn.iter(f"{SVG}script", f"{SVG}style"))
        assert "<script" not in chart.svg


def test_cells_run_as_no_formula():
    chart = charts.columns({("1403-01", "=1+1"): 1}, {"=1+1": "=1+1"}, PERSIAN)
    assert b",'=1+1\r\n" in charts.sheet(chart)


def test_a_chart_of_nothing_says_so():
    for language in LANGUAGES:
        found = (
            charts.columns({}, {}, language),
            charts.calendar({}, YEAR, language),
            charts.week({}, language),
            charts.lags({}, language),
        )
        for chart in found:
            assert (chart.total, chart.svg) == (0, "")
            etree.fromstring(charts.standalone(chart))
        assert len({chart.said for chart in found}) == 1


# ---- what they say ----

NUMBERS = st.integers(1, 10**7)
MONTHS = st.builds(lambda year, month: f"{year}-{month:02}", st.integers(1380, 1405), st.integers(1, 12))


@given(
    st.dictionaries(
        st.tuples(MONTHS, st.sampled_from(["a", "b", "c", "d", charts.REST])), NUMBERS, min_size=1, max_size=40
    )
)
def test_columns_add_up_to_what_they_were_given(numbers):
    chart = charts.columns(numbers, {part: f"name {part}" for part in "abcd"}, ENGLISH)
    rows = cells(chart)
    assert chart.total == sum(numbers.values()) == sum(int(row["total"]) for row in rows)
    for row in rows:
        assert int(row["total"]) == sum(int(value) for key, value in row.items() if len(key) == 1 or key == "others")
        assert int(row["total"]) == sum(number for (month, _), number in numbers.items() if month == row["month"])
    titles = [each.text for each in read(chart.svg).iter(f"{SVG}title")][1:]
    assert len(titles) <= MOST_COLUMNS
    assert sum(int(title.rpartition(": ")[2].replace(",", "")) for title in titles) == chart.total


@given(st.dictionaries(st.tuples(st.integers(0, 6), st.integers(0, 23)), NUMBERS, min_size=1))
def test_the_week_says_every_number(hours):
    chart = charts.week(hours, ENGLISH)
    rows = cells(chart)
    told = {
        (day, hour): int(row[f"{hour:02}"])
        for day, row in enumerate(rows)
        for hour in range(24)
        if row[f"{hour:02}"] != "0"
    }
    assert told == hours
    assert chart.total == sum(hours.values())
    assert len(list(read(chart.svg).iter(f"{SVG}title"))) == 1 + len(hours)


@given(
    st.dictionaries(
        st.builds(lambda month, day: f"1403-{month:02}-{day:02}", st.integers(1, 12), st.integers(1, 29)),
        NUMBERS,
        min_size=1,
    )
)
def test_the_calendar_says_every_day(days):
    chart = charts.calendar(days, YEAR, PERSIAN)
    assert {row["day"]: int(row["releases"]) for row in cells(chart) if row["releases"] != "0"} == days
    assert len(cells(chart)) == 366
    assert chart.total == sum(days.values())


@given(st.dictionaries(st.integers(0, 7), NUMBERS, min_size=1))
def test_lags_say_every_class(numbers):
    chart = charts.lags(numbers, ENGLISH)
    assert [int(row["releases"]) for row in cells(chart)] == [numbers.get(each, 0) for each in range(8)]
    assert chart.total == sum(numbers.values())


def test_the_calendar_marks_fridays_and_official_holidays():
    chart = charts.calendar({"1403-01-05": 1}, ["1403-01"], ENGLISH)
    svg = read(chart.svg)
    fridays = [each for each in svg.iter() if "ch-mark" in each.get("class", "")]
    holidays = [each for each in svg.iter() if "ch-holiday" in each.get("class", "")]
    off = [row for row in cells(chart) if row["holiday"]]
    assert len(holidays) == len(off) + 1  # and one in the legend
    assert len(fridays) == sum(row["weekday"] == "Friday" and not row["holiday"] for row in cells(chart)) + 1
    assert {"1403-01-01", "1403-01-13"} <= {row["day"] for row in off}


def test_the_calendar_runs_as_its_language_and_time_as_numbers_do():
    first, last = {"1403-01-01": 1}, {"1403-01-31": 1}

    def place(language, days):
        return next(
            float(each.get("x"))
            for each in read(charts.calendar(days, ["1403-01"], language).svg).iter()
            if each.get("class", "").startswith("ch-s") and len(each)
        )

    assert place(ENGLISH, first) < place(ENGLISH, last)
    assert place(PERSIAN, first) > place(PERSIAN, last)
    numbers = {("1403-01", "a"): 1, ("1403-12", "a"): 2}
    for language in LANGUAGES:
        svg = read(charts.columns(numbers, {"a": "a"}, language).svg)
        columns = [each for each in svg.iter(f"{SVG}rect") if each.get("class") == "ch-p1"]
        assert [float(each.get("x")) for each in columns] == sorted(float(each.get("x")) for each in columns)
        assert float(columns[0].get("height")) < float(columns[1].get("height"))


def test_both_calendars_are_on_the_axis_of_time():
    for numbers, expected in (
        ({(f"{year}-{month:02}", "a"): 1 for year in range(1393, 1405) for month in range(1, 13)}, ("۱۴۰۳", "2024")),
        ({("1403-01", "a"): 1, ("1403-03", "a"): 1}, ("فروردین ۱۴۰۳", "Mar 2024")),
    ):
        assert set(expected) <= set(said_by(charts.columns(numbers, {"a": "a"}, PERSIAN)))


@pytest.mark.parametrize("greatest", [1, 3, 4, 5, 9, 10, 99, 1000, 12345, 10**7])
def test_a_scale_is_of_few_round_numbers_and_holds_the_greatest(greatest):
    ticks = scale(greatest)
    assert ticks[0] == 0
    assert ticks[-1] >= greatest
    assert len(ticks) <= 6
    assert len({later - tick for tick, later in pairwise(ticks)}) == 1


@given(st.lists(st.integers(0, 1000), max_size=50))
def test_shades_grow_with_their_numbers_and_their_ranges_hold_them(numbers):
    shades = Shades.of(numbers)
    ordered = sorted(numbers)
    assert [shades.shade(number) for number in ordered] == sorted(shades.shade(number) for number in numbers)
    for number in numbers:
        if number:
            assert [shade for shade, first, last in shades.ranges() if first <= number <= last] == [
                shades.shade(number)
            ]
    assert all(1 <= shade <= SHADES for shade, _, _ in shades.ranges())


# ---- the map ----


def test_the_map_has_a_tile_for_every_province_with_its_number_and_its_link():
    numbers = {province.iso: place for place, province in enumerate(PROVINCES)}
    chart = charts.tiles(numbers, PROVINCES, lambda province: f"/provinces/{province.key}?a=1&b=2", PERSIAN)
    tiles = {each.get("href"): each for each in read(chart.svg).iter(f"{SVG}a")}
    assert len(tiles) == 31
    for province in PROVINCES:
        tile = tiles[f"/provinces/{province.key}?a=1&b=2"]
        number = PERSIAN.number(numbers[province.iso])
        assert tile.get("aria-label") == f"{province.fa}: {number}"
        assert number in list(tile.itertext())
    assert {row["province"]: int(row["releases"]) for row in cells(chart)} == numbers


def test_the_map_has_one_place_for_each_province():
    assert sorted(PLACES) == sorted(province.iso for province in PROVINCES)
    assert len(set(PLACES.values())) == 31


def test_no_province_stands_alone_on_the_map():
    for column, row in PLACES.values():
        beside = [(column + x, row + y) for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0)]
        assert set(beside) & set(PLACES.values())


SIDES = {  # west of, north of
    "west": [("IR-04", "IR-03"), ("IR-03", "IR-24"), ("IR-01", "IR-02"), ("IR-02", "IR-27"), ("IR-27", "IR-28"),
             ("IR-23", "IR-20"), ("IR-20", "IR-09"), ("IR-10", "IR-21"), ("IR-07", "IR-08"), ("IR-08", "IR-11"),
             ("IR-18", "IR-22"), ("IR-06", "IR-07"), ("IR-12", "IR-19"), ("IR-16", "IR-15")],
    "north": [("IR-04", "IR-12"), ("IR-12", "IR-05"), ("IR-05", "IR-16"), ("IR-02", "IR-30"), ("IR-25", "IR-10"),
              ("IR-10", "IR-07"), ("IR-21", "IR-08"), ("IR-09", "IR-29"), ("IR-29", "IR-11"), ("IR-08", "IR-22"),
              ("IR-07", "IR-18"), ("IR-15", "IR-06"), ("IR-13", "IR-15"), ("IR-24", "IR-01")],
}  # fmt: skip


def test_provinces_lie_on_the_map_as_they_do_in_iran():
    for one, other in SIDES["west"]:
        assert PLACES[one][0] < PLACES[other][0], (one, other)
    for one, other in SIDES["north"]:
        south = PLACES[other][1] > PLACES[one][1] or (one, other) == ("IR-25", "IR-10")
        assert south, (one, other)
    assert len(GRID) == 6


def test_a_map_of_nothing_is_a_map():
    chart = charts.tiles({}, PROVINCES, lambda province: province.key, ENGLISH)
    assert len(list(read(chart.svg).iter(f"{SVG}a"))) == 31
    assert chart.said == "There is nothing to draw."


def test_a_province_that_the_map_does_not_know_stands_in_the_table():
    other = Province(key="elsewhere", iso="XX-01", fa="جای دیگر", en="Elsewhere")
    chart = charts.tiles({"XX-01": 5}, [*PROVINCES, other], lambda province: province.key, ENGLISH)
    assert ("Elsewhere", "5") in chart.table.shown
    assert chart.total == 5


# ---- files ----


def test_a_file_stands_alone(drawn):
    file = etree.fromstring(charts.standalone(drawn))
    assert drawn.title in [text.strip() for text in file.itertext()]
    for each in file.iter():
        assert not {"class", "style", "href"} & set(each.attrib)
        if each.tag == f"{SVG}text":
            assert each.get("fill")
    assert file.get("width")


# ---- colours ----


def variables(block):
    return dict(re.findall(r"--ch-([\w-]+): (#[0-9a-f]{6});", block))


LIGHT, DARK = (variables(part) for part in SHEET.split("@media screen and (prefers-color-scheme: dark)"))


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_files_have_the_colours_of_light_pages():
    assert LIGHT == inks.LIGHT
    assert DARK.keys() == LIGHT.keys()


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_can_be_told_from_what_is_behind_them(colours):
    for name in ("ink", "soft"):
        assert contrast(colours[name], colours["paper"]) >= 4.5
    for shade in range(6):
        text = colours["ink" if shade < 4 else "on-dark"]
        assert contrast(text, colours[f"tile-{shade}"]) >= 4.5
    graphics = ["axis", "mark", *(f"{kind}-{number}" for kind in ("shade", "part") for number in range(1, 6))]
    for name in graphics:
        assert contrast(colours[name], colours["paper"]) >= 3, name
