"""Dates: the usual form, read at once, is read as every other way of reading it would."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian import dates, usual
from persian.calendars import MONTHS, TEHRAN, WEEKDAYS, from_jalali, instant, to_jalali
from persian.dates import DateError, parse
from persian.text import persian_digits

NOW = datetime(2026, 1, 10, 12, 0, 30, tzinfo=UTC)
FIRST, LAST = from_jalali(1206, 1, 1), from_jalali(1498, 12, 30)


def either_way(text, since=None, now=NOW, hint=None):
    """The reading of `parse`, which must be that of the general path."""
    outcomes = []
    for read in (
        lambda: parse(text, fetched_at=now, since=since, hint=hint),
        lambda: dates._parse(text, now, hint, "page", since),
    ):
        try:
            outcomes.append(read())
        except DateError as error:
            outcomes.append(str(error))
    assert outcomes[0] == outcomes[1]
    return outcomes[0]


ARABIC = {number: chr(0x660 + number) for number in range(10)}
DIGITS = st.sampled_from([str, persian_digits, lambda text: text.translate({48 + n: d for n, d in ARABIC.items()})])
LETTERS = st.sampled_from(
    [str, lambda text: text.replace("ی", "ي").replace("ک", "ك"), lambda text: text.replace("آ", "ا")]
)
BETWEEN = st.sampled_from(
    [" ", " - ", "- ", " | ", " – ", "، ", " / ", "/ ", "/", " ساعت ", "، ساعت ", "، ", "-", "  "]
)
NAMES = st.one_of(
    st.sampled_from(
        ["", *(f"{name} " for name in WEEKDAYS), *(f"{name}، " for name in WEEKDAYS), "یک\u200cشنبه ", "مهر "]
    )
)


@given(
    st.tuples(NAMES, st.integers(0, 33), st.sampled_from([*MONTHS, "امرداد", "قوس", "ماه"]), st.integers(1200, 1500)),
    st.tuples(st.integers(0, 25), st.integers(0, 61), st.none() | st.integers(0, 61)),
    st.tuples(BETWEEN, DIGITS, DIGITS, LETTERS),
    st.sampled_from([None, date(2011, 3, 21)]),
)
def test_any_text_near_the_usual_form_is_read_alike(named, clock, manner, since):
    weekday, day, month, year = named
    hour, minute, second = clock
    between, digits_of_day, digits_of_clock, letters = manner
    stated = digits_of_clock(f"{hour:02}:{minute:02}{'' if second is None else f':{second:02}'}")
    either_way(
        letters(f"{weekday}{digits_of_day(str(day))} {month} {digits_of_day(str(year))}{between}{stated}"), since
    )


@given(
    st.dates(FIRST, LAST),
    st.times(),
    st.booleans(),
    BETWEEN,
    LETTERS,
    st.sampled_from([NOW, datetime(2120, 1, 1, tzinfo=UTC)]),
)
def test_every_minute_written_is_read_alike(on, at, named, between, letters, now):
    year, month, day = to_jalali(on)
    weekday = f"{WEEKDAYS[on.weekday()]} " if named else ""
    published = either_way(
        letters(persian_digits(f"{weekday}{day} {MONTHS[month - 1]} {year}{between}{at:%H:%M:%S}")), now=now
    )
    assert published.at == instant(datetime.combine(on, at.replace(microsecond=0)))[0]


def test_every_day_on_which_the_clocks_change_is_left_to_the_general_path():
    changes = 0
    for ordinal in range(date(1970, 1, 1).toordinal(), date(2030, 1, 1).toordinal()):
        on = date.fromordinal(ordinal)
        year, month, day = to_jalali(on)
        hours = [datetime.combine(on, time(hour, 30), TEHRAN) for hour in range(24)]
        offsets = {at.replace(fold=fold).utcoffset() for at in hours for fold in (0, 1)}
        first, last = (usual.read_usual(f"{day} {MONTHS[month - 1]} {year} {clock}") for clock in ("00:00", "23:59"))
        if len(offsets) > 1:
            assert first is last is None, on
            changes += 1
        else:
            begin = datetime.combine(on, time(), UTC) - offsets.pop()
            assert first == (begin, on, False)
            assert last == (begin + timedelta(hours=23, minutes=59), on, False)
    assert changes > 60


@pytest.mark.parametrize("month", MONTHS)
def test_the_usual_form_is_read_at_once(month):
    for spelling in (month, month.replace("ی", "ي"), month.replace("آ", "ا")):
        for weekday in ("", WEEKDAYS[from_jalali(1400, MONTHS.index(month) + 1, 3).weekday()] + " "):
            assert usual.read_usual(f"{weekday}۳ {spelling} ۱۴۰۰ - ۰۹:۱۹")


@pytest.mark.parametrize("text", ["يكشنبه ۱۴ آذر ۱۴۰۰ ۰۹:۱۹", "۱ فروردین ۱۲۰۶ ۰۹:۱۹", "۳۰ اسفند ۱۴۹۸ ۰۹:۱۹"])
def test_arabic_letters_and_the_first_and_last_day_are_read_at_once_too(text):
    assert usual.read_usual(text)


@pytest.mark.parametrize(
    "text",
    [
        "۳۱ مهر ۱۴۰۰ ۰۹:۱۹",
        "۳۰ اسفند ۱۴۰۰ ۰۹:۱۹",
        "۱۵ آذر ۱۴۰۰ ۲۴:۰۰",
        "۱۵ آذر ۱۴۰۰ ۰۹:۶۰",
        "۱۵ آذر ۱۴۰۰ ۰۹:۱۹:۶۰",
        "۰ آذر ۱۴۰۰ ۰۹:۱۹",
        "شنبه ۱۵ آذر ۱۴۰۰ ۰۹:۱۹",
        "مهر ۱۵ آذر ۱۴۰۰ ۰۹:۱۹",
        "۲ فروردین ۱۴۰۰ ۰۰:۳۰",
        "۳۰ شهریور ۱۴۰۰ ۲۳:۳۰",
        "۱ آذر ۱۴۹۹ ۰۹:۱۹",
    ],
)
def test_what_is_odd_about_it_is_left_to_the_general_path(text):
    assert usual.read_usual(text) is None


@given(
    st.dates(FIRST, LAST),
    st.sampled_from(["{weekday} {day} {month} {year}", "{day} {month} {year}", "{year}/{number}/{day}"]),
    DIGITS,
    st.sampled_from([None, date(2011, 3, 21)]),
    st.sampled_from([NOW, datetime(2120, 1, 1, tzinfo=UTC)]),
)
def test_a_day_without_a_time_is_read_alike(on, form, digits, since, now):
    year, month, day = to_jalali(on)
    named = {"weekday": WEEKDAYS[on.weekday()], "month": MONTHS[month - 1]}
    either_way(digits(form.format(year=year, number=month, day=day, **named)), since, now)


@pytest.mark.parametrize("ahead", range(-1, 4))
def test_a_day_about_the_fetch_is_read_alike(ahead):
    year, month, day = to_jalali(NOW.astimezone(TEHRAN).date() + timedelta(ahead))
    either_way(f"{year}/{month:02}/{day:02}")


def test_a_field_that_should_be_gregorian_is_not_read_at_once():
    assert parse("۱۵ آذر ۱۴۰۰ ۰۹:۱۹", fetched_at=NOW, hint="gregorian").flags == ("jalali-year-in-gregorian-field",)


def test_what_lies_after_the_fetch_or_before_the_source_is_flagged():
    text = "۱۵ آذر ۱۴۰۰ ۰۹:۱۹"
    at = datetime(2021, 12, 6, 5, 49, tzinfo=UTC)
    for now, flags in ((at, ()), (at - timedelta(seconds=1), ()), (at - timedelta(days=1, seconds=1), ("future",))):
        assert either_way(text, now=now).flags == flags
    for since, flags in ((date(2021, 12, 6), ()), (date(2021, 12, 7), ("before-source",))):
        assert either_way(text, since).flags == flags


STAMPS = [
    "2021-12-06T09:19:00+03:30",
    "2021-06-06T09:19+04:30",
    "2021-12-06T05:49:00Z",
    "2021-12-06T22:49:59+00:00",
    "2021-13-06T05:49:00Z",
    "2021-12-06T24:10:00Z",
    "2030-12-06T05:49:00Z",
    "2004-12-06T05:49:00Z",
    "2021-12-06T05:49:00+02:00",
    "1400-09-15T09:19:00+03:30",
    "2021-12-06 05:49:07 GMT",
    "2021-12-06 05:49 GMT",
    "2021-12-06 22:49:59 GMT",
    "2021-12-06 24:49:59 GMT",
    "2030-12-06 05:49:07 GMT",
    "1400-09-15 05:49:07 GMT",
]


@pytest.mark.parametrize("hint", [None, "gregorian"])
@pytest.mark.parametrize("stamp", STAMPS)
def test_a_stamp_of_metadata_is_read_alike(stamp, hint):
    either_way(stamp, date(2011, 3, 21), hint=hint)


USUAL = [
    "۱۴۰۰/۰۹/۱۵ ۰۹:۱۹",
    "1400/9/5 - 9:19:07",
    "۰۹:۱۹ - ۱۴۰۰/۰۹/۱۵",
    "۰۹:۱۹ - ۱۵ آذر ۱۴۰۰",
    "تاریخ انتشار: ۱۵ آذر ۱۴۰۰ - ۰۹:۱۹",
    "تاريخ انتشار : دوشنبه ۱۵ آذر ۱۴۰۰ ساعت ۰۹:۱۹",
    "تاریخ انتشار: ۰۹:۱۹ - ۱۴۰۰/۰۹/۱۵",
    "تاریخ انتشار: سه شنبه ۱۵ آذر ۱۴۰۰ ساعت ۰۹:۱۹",
    "۰۹:۱۹ - ۱۵ آذر ۱۴۰۰ ۱۰:۲۰",
    "۱۴۰۰/۱۳/۱۵ ۰۹:۱۹",
    "۱۴۰۰/۰۰/۱۵ ۰۹:۱۹",
    "۱۴۰۰/۱۲/۳۰ ۰۹:۱۹",
    "۱۴۰۰/۰۹/۱۵ ۲۹:۱۹",
    "۲۰۲۱/۱۲/۰۶ ۰۹:۱۹",
    "۱۴۰۰/۰۹/۱۵",
    "۱۵ آذر ۱۴۰۰",
    "تاریخ انتشار: ۱۵ آذر ۱۴۰۰",
    "دوشنبه ۱۵ آذر ۱۴۰۰",
    "سه شنبه ۱۵ آذر ۱۴۰۰",
    "۱۵ آذر ۱۴۰۰ / ۰۹:۱۹",
    "۲ فروردین ۱۴۰۰",
    "۱۴۰۰/۰۱/۰۲",
    "۱۴۰۰/۱۳/۱۵",
    "۱۳۸۰/۰۹/۱۵",
    "1499/1/1",
]


@pytest.mark.parametrize("text", USUAL)
def test_a_labelled_or_numeric_date_with_its_time_is_read_alike(text):
    either_way(text, date(2011, 3, 21))
