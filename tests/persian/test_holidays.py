"""The Iranian calendar of working days: known days, every year's solar holidays, what the library is corrected in."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from persian.calendars import DateError, from_jalali, to_jalali
from persian.holidays import (
    FIRST_YEAR,
    FRIDAYS,
    LAST_YEAR,
    OFFICES,
    THURSDAY,
    day_kind,
    holiday,
    is_estimate,
    is_weekend,
)

KNOWN = [
    ("1403-01-01", "2024-03-20", "جشن نوروز", "nowruz"),
    ("1403-01-02", "2024-03-21", "عیدنوروز", "nowruz"),
    ("1403-01-04", "2024-03-23", "عیدنوروز", "nowruz"),
    ("1403-01-05", "2024-03-24", None, "nowruz"),
    ("1403-01-12", "2024-03-31", "روز جمهوری اسلامی", "nowruz"),
    ("1403-01-13", "2024-04-01", "روز طبیعت؛ شهادت حضرت علی علیه السلام", "nowruz"),
    ("1403-01-14", "2024-04-02", None, "working"),
    ("1403-01-22", "2024-04-10", "عید سعید فطر", "holiday"),
    ("1403-01-23", "2024-04-11", "تعطیل به مناسبت عید سعید فطر", "holiday"),
    ("1403-03-02", "2024-05-22", "تعطیلی عمومی", "holiday"),
    ("1403-03-14", "2024-06-03", "رحلت حضرت امام خمینی", "holiday"),
    ("1403-03-15", "2024-06-04", "قیام ۱۵ خرداد", "holiday"),
    ("1403-03-28", "2024-06-17", "عید سعید قربان", "holiday"),
    ("1403-04-25", "2024-07-15", "تاسوعای حسینی", "holiday"),
    ("1403-04-26", "2024-07-16", "عاشورای حسینی", "holiday"),
    ("1403-09-15", "2024-12-05", "شهادت حضرت فاطمه زهرا سلام الله علیها", "holiday"),
    ("1403-09-16", "2024-12-06", None, "weekend"),
    ("1403-09-17", "2024-12-07", None, "working"),
    ("1403-09-22", "2024-12-12", None, "thursday"),
    ("1403-11-22", "2025-02-10", "پیروزی انقلاب اسلامی", "holiday"),
    ("1403-12-29", "2025-03-19", "روز ملی شدن صنعت نفت ایران", "holiday"),
    ("1403-12-30", "2025-03-20", "آخرین روز سال", "holiday"),
    ("1404-01-01", "2025-03-21", "جشن نوروز", "nowruz"),
    ("1404-01-08", "2025-03-28", None, "nowruz"),
    ("1404-01-15", "2025-04-04", None, "weekend"),
    ("1404-12-29", "2026-03-20", "روز ملی شدن صنعت نفت ایران", "holiday"),
    ("1400-09-15", "2021-12-06", None, "working"),
    ("1402-05-10", "2023-08-01", "تعطیلی عمومی", "holiday"),
    ("1396-09-06", "2017-11-27", "شهادت امام حسن عسکری علیه السلام", "holiday"),
    ("1390-06-10", "2011-09-01", "تعطیل به مناسبت عید سعید فطر", "holiday"),
]


@pytest.mark.parametrize(("jalali", "gregorian", "name", "kind"), KNOWN)
def test_known_days(jalali, gregorian, name, kind):
    day = from_jalali(*map(int, jalali.split("-")))
    assert day.isoformat() == gregorian
    assert holiday(day) == name
    assert day_kind(day) == kind


def test_a_datetime_counts_by_its_day():
    assert day_kind(datetime(2024, 6, 4, 23, tzinfo=UTC)) == "holiday"


def test_the_weekend_is_thursday_and_friday_unless_said_otherwise():
    week = [date(2024, 12, 7) + timedelta(days=day) for day in range(7)]  # from Saturday
    assert [is_weekend(day) for day in week] == [False] * 5 + [True, True]
    assert [is_weekend(day, weekend=FRIDAYS) for day in week] == [False] * 6 + [True]
    assert [day_kind(day) for day in week] == ["working"] * 5 + ["thursday", "weekend"]
    assert [day_kind(day, weekend=FRIDAYS) for day in week] == ["working"] * 6 + ["weekend"]
    assert [day_kind(day, weekend={4, 5}) for day in week] == ["weekend"] + ["working"] * 5 + ["weekend"]


SOLAR = [(1, 1), (1, 2), (1, 3), (1, 4), (1, 12), (1, 13), (3, 15), (11, 22), (12, 29)]


@pytest.mark.parametrize("year", range(1359, 1456))
def test_solar_holidays_stand_on_their_days_in_every_year(year):
    solar = SOLAR + ([(3, 14)] if year >= 1368 else [])
    days = [from_jalali(year, *day) for day in solar]
    assert all(holiday(day) for day in days if day.year <= LAST_YEAR)
    new_year = from_jalali(year, 1, 1)
    assert [day_kind(new_year + timedelta(days=day)) for day in range(13)] == ["nowruz"] * 13
    assert day_kind(new_year + timedelta(days=13)) != "nowruz"


@pytest.mark.parametrize("year", [1366, 1399, 1403, 1408])
def test_the_thirtieth_of_esfand_is_a_holiday(year):
    assert holiday(from_jalali(year, 12, 30)).startswith("آخرین روز سال")


@pytest.mark.parametrize(
    ("name", "first"), [("تعطیل به مناسبت عید سعید فطر", 1389), ("شهادت امام حسن عسکری علیه السلام", 1396)]
)
def test_holidays_begin_with_their_laws(name, first):
    days = (date(1980, 1, 1) + timedelta(days=day) for day in range(365 * 50))
    years = {to_jalali(day)[0] for day in days if name in (holiday(day) or "")}
    assert min(years) == first


def test_dropping_one_name_of_a_day_keeps_the_other():
    dropped = "تعطیل به مناسبت عید سعید فطر"
    theirs = country_holidays("IR", years=range(1980, 2010), language="fa_IR").items()
    both = [day for day, names in theirs if "; " in names and dropped in names]
    assert both
    assert all(dropped not in (holiday(day) or dropped) for day in both)


def test_computed_lunar_dates_say_so():
    names = {
        year: [n for day in range(365) if (n := holiday(date(year, 1, 1) + timedelta(days=day)))]
        for year in (2025, 2060)
    }
    assert not any(map(is_estimate, names[2025]))
    assert sum(map(is_estimate, names[2060])) > 12
    assert not is_estimate("روز طبیعت؛ عید سعید فطر (تخمینی)")
    assert not is_estimate("روز طبیعت")


@pytest.mark.parametrize("day", [date(1979, 12, 31), date(2077, 1, 1), date.min, date.max])
def test_years_without_known_holidays_are_refused(day):
    for asked in (holiday, day_kind):
        with pytest.raises(DateError, match="1980 to 2076"):
            asked(day)


@given(st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)), st.frozensets(st.integers(0, 6)))
def test_every_day_has_one_kind_that_its_parts_explain(day, weekend):
    kind = day_kind(day, weekend=weekend)
    _, month, of_month = to_jalali(day)
    quiet = month == 1 and of_month <= 13
    assert (kind == "nowruz") == quiet
    assert (kind == "holiday") == (not quiet and holiday(day) is not None)
    assert (kind == "thursday") <= (day.weekday() == THURSDAY and THURSDAY in weekend)
    assert (kind in {"weekend", "thursday"}) == (not quiet and not holiday(day) and is_weekend(day, weekend=weekend))
    assert {3, 4} == OFFICES


def test_the_library_is_loaded_for_the_first_day_and_not_before():
    code = (
        "import sys, datetime; import persian.holidays as ours; assert 'holidays' not in sys.modules;"
        "ours.is_weekend(datetime.date.today()); assert 'holidays' not in sys.modules;"
        "ours.holiday(datetime.date(2024, 3, 20)); assert 'holidays' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
