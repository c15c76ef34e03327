"""Dates: every form of the facts (§3), what is refused, what is flagged, and what holds for all of them."""

import json
import pickle
import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path

import jdatetime
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from persian import words
from persian.calendars import FIRST_YEAR, LAST_YEAR, instant
from persian.dates import (
    MONTHS,
    TEHRAN,
    WEEKDAYS,
    DateError,
    Period,
    Published,
    from_jalali,
    parse,
    parse_period,
    to_jalali,
    written,
)
from persian.text import persian_digits

NOW = datetime(2026, 1, 10, 12, 0, 30, tzinfo=UTC)  # Saturday 20 Dey 1404, 15:30:30 in Tehran
FACTS = next((folder / "shared/facts" for folder in Path(__file__).parents if (folder / "shared/facts").is_dir()), None)
needs_facts = pytest.mark.skipif(FACTS is None, reason="no ../shared/facts beside this checkout")


def read(text, **options):
    return parse(text, fetched_at=NOW, **options)


def reading(text, **options):
    published = read(text, **options)
    return published.jalali, published.precision, published.flags


MINUTE = "1400-09-15T09:19:00"
FORMS = [
    ("۱۵ آذر ۱۴۰۰ ۰۹:۱۹", MINUTE, "the seed"),
    ("١٥ آذر ١٤٠٠ ٠٩:١٩", MINUTE, "Arabic-Indic digits"),
    ("1۵ آذر ١۴00 ۰9:1٩", MINUTE, "digits mixed"),
    ("دوشنبه، ۱۵ آذر ۱۴۰۰ - ۰۹:۱۹", MINUTE, "weekday first"),
    ("۱۵ آذر ۱۴۰۰، دوشنبه ۹:۱۹", MINUTE, "weekday after; hour of one digit"),
    ("کد خبر: 1234 - دوشنبه ۱۵ آذر ۱۴۰۰ - ۰۹:۱۹", MINUTE, "a code of four digits before the weekday is no year"),
    ("کد خبر: ۱۳۹۸ | دوشنبه ۱۵ آذر سال ۱۴۰۰ ۰۹:۱۹", MINUTE, "nor is one that could be"),
    ("۱۴۰۰، دوشنبه ۱۵ آذر ۰۹:۱۹", MINUTE, "the year first, where none follows"),
    ("ساعت ۰۹:۱۹ - دوشنبه ۱۵ آذر ۱۴۰۰", MINUTE, "time first"),
    ("۰۹:۱۹ | ۱۵ آذر ۱۴۰۰", MINUTE, "bar"),
    ("۱۵ آذر ۱۴۰۰ / ۰۹:۱۹", MINUTE, "slash"),
    ("۱۵ آذر ۱۴۰۰ – ۰۹:۱۹", MINUTE, "en dash"),
    ("15آذر1400-9:19", MINUTE, "no spaces"),
    ("15 آذرماه سال 1400، ساعت 09:19", MINUTE, "month and year named as such"),
    ("15 آذر ماه 1400 ساعت 9 و 19 دقیقه", MINUTE, "hour and minutes in words"),
    ("ساعت ۹.۱۹ روز ۱۵ آذر ۱۴۰۰", MINUTE, "full stop in a marked time"),
    ("15ام آذر 1400 09:19", MINUTE, "ordinal"),
    ("پانزدهم آذر ۱۴۰۰ ۰۹:۱۹", MINUTE, "day in words"),
    ("۱۵ اذر ۱۴۰۰ ۰۹:۱۹", MINUTE, "ا for آ"),
    ("15 قوس 1400 09:19", MINUTE, "Dari name"),
    ("1400 آذر 15 09:19", MINUTE, "year first"),
    ("آذر ۱۵، ۱۴۰۰ ۰۹:۱۹", MINUTE, "month first"),
    ("دوشنبه ۱۵ آذر ۰۹:۱۹ ۱۴۰۰", MINUTE, "time within"),
    ("1400/09/15 09:19", MINUTE, "numeric"),
    ("1400/9/15-9:19", MINUTE, "unpadded, no space"),
    ("۱۴۰۰-۰۹-۱۵ ۰۹:۱۹", MINUTE, "dashes"),
    ("۱۴۰۰.۰۹.۱۵ | ۰۹:۱۹", MINUTE, "full stops"),
    ("۱۴۰۰٫۰۹٫۱۵ ۰۹ : ۱۹", MINUTE, "U+066B; spaced colon"),
    ("۱۴۰۰–۰۹–۱۵ ۰۹:۱۹", MINUTE, "en dashes"),
    ("1400 / 09 / 15 09:19", MINUTE, "spaced separators"),
    ("۱۴۰۰ـ۰۹ـ۱۵ ۰۹:۱۹", MINUTE, "tatweel for a dash"),
    ("15/09/1400 09:19", MINUTE, "year last"),
    ("09:19 - 15-09-1400", MINUTE, "time first, year last"),
    ("09:19-1400/09/15", MINUTE, "a year is no offset"),
    ("\u202a1400/09/15\u202c\u202a09:19\u202c", MINUTE, "direction marks part numbers"),
    ("\u200f۱۵\u200f آ\u200cذر\u00a0\u00a0۱۴۰۰\u200e ۰۹:۱۹\ufeff", MINUTE, "direction marks, NBSP"),
    ("۱۵&nbsp;آذر&nbsp۱۴۰۰ &#1776;&#1785;:۱۹", MINUTE, "entities, with and without semicolon"),
    ("دو&zwnj;شنبه ۱۵ &zwnjآذر &amp;nbsp; ۱۴۰۰ ۰۹:۱۹", MINUTE, "half-space entities, one escaped twice"),
    ("کد خبر: ۳۹۸۰۵۰ تاریخ انتشار : ۱۴۰۰/۰۹/۱۵ - ۰۹:۱۹ نسخه چاپی", MINUTE, "labels"),
    ("خبرگزاری مهر 1400/09/15 09:19", MINUTE, "a month's name that is another thing's"),
    ("خبرگزاری مهر ۱۵ آذر ۱۴۰۰ 09:19", MINUTE, "the same before a named date"),
    ("شماره 15 کد 1400/09/15 09:19", MINUTE, "a number before"),
    ("ساعت 09:19-10:30 15 آذر 1400", MINUTE, "a span of time begins"),
    ("Mon, 06 Dec 2021 05:49 GMT", MINUTE, "RFC 822 without seconds"),
    ("2021-12-06T09:19+03:30", MINUTE, "ISO with an offset"),
    ("2021-12-06T01:49-04:00", MINUTE, "west of Greenwich"),
    ("2021-12-06 05:49Z", MINUTE, "Z"),
    ("2021-12-06T09:19", MINUTE, "no offset is Tehran's"),
    ("6 دسامبر ۲۰۲۱ ۰۹:۱۹", MINUTE, "Gregorian month in Persian"),
    ("Dec. 6th, 2021 9:19 AM", MINUTE, "English month first"),
    ("06 December 2021, 9:19 a.m.", MINUTE, "English"),
    ("Mon 6/12/2021 09:19", MINUTE, "day first, as the weekday has it"),
    ("Mon 12/6/2021 09:19", MINUTE, "month first, as the weekday has it"),
    ("۱۵ آذر ۱۴۰۰ ۰۹:۱۹ ق.ظ", MINUTE, "ante meridiem"),
    ("۱۵ آذر ۱۴۰۰ ساعت ۹:۱۹ صبح", MINUTE, "morning"),
    ("۱۵ آذر ۱۴۰۰ ق ظ ۰۹:۱۹", MINUTE, "before the time"),
    ("۱۵ آذر ۱۴۰۰ ۰۹:۱۹ ب.ظ", "1400-09-15T21:19:00", "post meridiem"),
    ("۱۵ آذر ۱۴۰۰ ۹:۱۹ بعدازظهر", "1400-09-15T21:19:00", "afternoon"),
    ("۱۵ آذر ۱۴۰۰ ۲۱:۱۹ بعد از ظهر", "1400-09-15T21:19:00", "afternoon of a 24-hour clock"),
    ("۱۵ آذر ۱۴۰۰ عصر ساعت ۵:۱۹", "1400-09-15T17:19:00", "evening before"),
    ("15 آذر 1400 12:19 PM", "1400-09-15T12:19:00", "noon"),
    ("15 آذر 1400 12:19 AM", "1400-09-15T00:19:00", "midnight"),
    ("15 آذر 1400 12:19 ظهر", "1400-09-15T12:19:00", "midday"),
    ("15 آذر 1400 1:19 ظهر", "1400-09-15T13:19:00", "past midday"),
    ("15 آذر 1400 11:19 شب", "1400-09-15T23:19:00", "night"),
    ("15 آذر 1400 1:19 بامداد", "1400-09-15T01:19:00", "small hours"),
    ("15 آذر 1400 2:19 شب", "1400-09-15T02:19:00", "small hours of the night"),
    ("15 آذر 1400 5:59 شب", "1400-09-15T05:59:00", "the last of them"),
    ("15 آذر 1400 6:19 شب", "1400-09-15T18:19:00", "the night begins at six"),
    ("15 آذر 1400 10:19 ظهر", "1400-09-15T10:19:00", "midday begins at ten"),
    ("15 آذر 1400 11:19 ظهر", "1400-09-15T11:19:00", "before midday"),
    ("۱۵ آذر ۱۴۰۰ ساعت ۹", "1400-09-15T09:00:00", "hour alone"),
    ("سه شنبه 31 تير 1393-8:43", "1393-04-31T08:43:00", "mazandnume"),
    ("تاریخ انتشار: ۰۶ شهريور ۱۳۹۵ - ۱۲:۱۰", "1395-06-06T12:10:00", "tejaratonline"),
    ("31 خرداد 1399-22:17", "1399-03-31T22:17:00", "year and time glued"),
]
SECOND = "1400-09-15T09:19:46"
SECONDS = [
    ("دوشنبه 15 آذر 1400 - 09:19:46", SECOND, "seconds"),
    ("15 آذر 1400 09 : 19 : 46", SECOND, "spaced colons"),
    ("2021-12-06T05:49:46Z", SECOND, "ISO"),
    ("2021-12-06T09:15:30+03:25:44", SECOND, "an offset to the second: Tehran's own of old"),
    ("2021-12-06T05:49:46.123456789Z", SECOND, "fraction"),
    ("2021-12-06T09:19:46,5+0330", SECOND, "comma, offset without a colon"),
    ("2021-12-06 T 09:19:46 +0330", SECOND, "T with spaces"),
    ("20211206T054946Z", SECOND, "ISO basic form"),
    ("Mon, 06 Dec 2021 05:49:46 +0000", SECOND, "RFC 822"),
    ("Mon, 06 Dec 21 05:49:46 GMT", SECOND, "RFC 822, two-digit year"),
    ("Mon, 06 Dec 2021 00:49:46 EST", SECOND, "RFC 822 zone"),
    ("Mon Dec 06 2021 09:19:46 GMT+0330 (Iran Standard Time)", SECOND, "JavaScript"),
    ("Mon Dec  6 09:19:46 2021", SECOND, "C"),
    ("1400-09-15T09:19:46", SECOND, "Jalali in ISO form"),
    ("1400-09-15T09:19:46+03:30", SECOND, "Jalali with an offset"),
    ("2021-12-06T09:19:46+03:30[Asia/Tehran][u-ca=persian]", SECOND, "RFC 9557"),
]
DAYS = [
    ("کد خبر: ۳۹۸۰۵۰ تاریخ انتشار : ۱۴۰۴/۰۲/۲۵", "1404-02-25", "shoaresal"),
    ("28/06/83", "1383-06-28", "two-digit year last"),
    ("مورخ 96/9/5", "1396-09-05", "two-digit year first"),
    ("5/9/96", "1396-09-05", "two-digit year, unpadded"),
    ("04/02/25", "1404-02-25", "the order that lies in the last fifty years"),
    ("25/02/04", "1404-02-25", "likewise"),
    ("۱۵ آذر ۹۶", "1396-09-15", "two-digit year of a named month"),
    ("06 Dec 21", "1400-09-15", "RFC 5322 two-digit year"),
    ("06 Dec 50", "1329-09-15", "of which fifty is the first of its century"),
    ("12 Mordad 03", "1403-05-12", "Jalali month in Latin letters, two-digit year"),
    ("06/05/55", "1355-05-06", "fifty years before next year"),
    ("31/03/02", "1402-03-31", "the last day of a month first"),
    ("آذر ۱۴۰۰، ۱۵ آذر ۱۴۰۰", "1400-09-15", "a day counts before a month"),
    ("۱۳۷۳٫۰۲٫۱۹", "1373-02-19", "garmsar-sez"),
    ("Saturday - 20 April - 2024", "1403-02-01", "yazeco"),
    ("دوشنبه ۲۸ اسفند ۱۳۹۶ - Mar 19 2018", "1396-12-28", "two calendars that agree"),
    ("Mar 19 2018 - ۲۸ اسفند ۱۳۹۶", "1396-12-28", "the other first"),
    ("12/27/2017", "1396-10-06", "month first where it can only be"),
    ("2021-12-06", "1400-09-15", "ISO day"),
    ("1400-09-15", "1400-09-15", "Jalali ISO day"),
    ("اول مهر ۱۴۰۰", "1400-07-01", "ordinal in words"),
    ("بیست و یکم آذر ۱۴۰۰", "1400-09-21", "compound ordinal"),
    ("سی و یکم تیر ۱۴۰۰", "1400-04-31", "the last"),
    ("۳۰ اسفند ۱۳۹۹", "1399-12-30", "leap year"),
    ("12 Mordad 1403", "1403-05-12", "Jalali month in Latin letters"),
]


@pytest.mark.parametrize(
    ("text", "jalali", "precision", "rule"),
    [
        (text, jalali, precision, rule)
        for precision, table in {"minute": FORMS, "second": SECONDS, "day": DAYS}.items()
        for text, jalali, rule in table
    ],
)
def test_every_form_is_read_without_a_flag(text, jalali, precision, rule):
    assert reading(text) == (jalali, precision, ()), rule


@pytest.mark.parametrize("text", ["آذر ۱۴۰۰", "آذرماه 1400", "1400-09", "۱۴۰۰/۰۹"])
def test_a_month_alone_has_the_precision_month(text):
    published = read(text)
    assert (published.precision, published.at, published.on) == ("month", None, date(2021, 11, 22))


@pytest.mark.parametrize(("name", "kind_and_month"), words.MONTH_NAMES.items())
def test_every_month_name_is_read(name, kind_and_month):
    kind, month = kind_and_month
    on = read(f"2 {name} {1395 if kind in {'jalali', 'roman'} else 2016}").on
    assert (on.month if kind in {"gregorian", "english"} else to_jalali(on)[1]) == month


FOLDED = [
    ("۱۲\u200c٣٤", "12 34", "a half-space between digits parts numbers"),
    ("12\u200f\u202b34", "12 34", "so do direction marks"),
    ("۱۲ـ۳۴", "12-34", "a tatweel between them is a dash"),
    ("آ\u200cذرـ ماه", "اذر ماه", "all of them go elsewhere"),
    ("\ufee3\ufeec\ufeae", "مهر", "presentation forms are letters"),
    ("&lrm;&amp;zwnj;x &zwnjآذر", "x اذر", "entities become characters, and go as such"),
    ("مؤسس", "موسس", "hamza is left out"),
    ("  XA\t۱\n", "xa 1", "one line of lower case"),
]


@pytest.mark.parametrize(("text", "folded", "rule"), FOLDED)
def test_a_text_is_folded_before_it_is_read(text, folded, rule):
    assert words.fold(text) == folded, rule


WEEK = [
    (0, "دوشنبه دو\u200cشنبه دو_شنبه ۲شنبه Mon Monday"),
    (1, "سه\u200cشنبه سه_شنبه سهشنبه ٣_شنبه Tue Tues"),
    (2, "چهارشنبه چهار\u200cشنبه چهار_شنبه Wednesday"),
    (3, "پنجشنبه پنج\u200cشنبه پنج_شنبه Thu Thurs Thursday"),
    (4, "جمعه آدینه Fri Friday"),
    (5, "شنبه Sat saturday"),
    (6, "یکشنبه یک\u200cشنبه يكشنبه یک_شنبه Sun"),
]


@pytest.mark.parametrize(
    ("weekday", "name"), [(day, name.replace("_", " ")) for day, names in WEEK for name in names.split()]
)
def test_a_weekday_is_only_a_check(weekday, name):
    right = date(2021, 12, 6) + timedelta(days=weekday)
    _, month, day = to_jalali(right)
    assert read(f"{name} {day} {MONTHS[month - 1]} 1400").flags == ()
    assert reading(f"{day + 1} {MONTHS[month - 1]} 1400 {name}")[2] == ("weekday-mismatch",)


AGES = [
    ("۲ ساعت پیش", "1404-10-20T13:30:00", "minute"),
    ("دو ساعت قبل", "1404-10-20T13:30:00", "minute"),
    ("دوازده دقیقه پیش", "1404-10-20T15:18:00", "minute"),
    ("۲ساعت و ۵ دقیقه پیش", "1404-10-20T13:25:00", "minute"),
    ("بیست و یک ساعت قبل", "1404-10-19T18:30:00", "minute"),
    ("نیم ساعت پیش", "1404-10-20T15:00:00", "minute"),
    ("یک ربع پیش", "1404-10-20T15:15:00", "minute"),
    ("۴۵ ثانیه پیش", "1404-10-20T15:29:00", "minute"),
    ("ساعتی پیش", "1404-10-20T14:30:00", "minute"),
    ("لحظاتی پیش", "1404-10-20T15:30:00", "minute"),
    ("2 hours ago", "1404-10-20T13:30:00", "minute"),
    ("an hour ago", "1404-10-20T14:30:00", "minute"),
    ("امروز", "1404-10-20", "day"),
    ("دیروز ۱۴:۳۰", "1404-10-19T14:30:00", "minute"),
    ("دیروز ساعت ۲ بعدازظهر", "1404-10-19T14:00:00", "minute"),
    ("yesterday", "1404-10-19", "day"),
    ("پریروز", "1404-10-18", "day"),
    ("سه روز پیش", "1404-10-17", "day"),
    ("یک هفته و ۲ روز قبل", "1404-10-11", "day"),
    ("یک هفته و ۲ ساعت قبل", "1404-10-13", "day"),
    ("a day ago", "1404-10-19", "day"),
    ("۳ ماه پیش", "1404-07", "month"),
    ("یک سال پیش", "1403-10", "month"),
]


@pytest.mark.parametrize(("text", "jalali", "precision"), AGES)
def test_an_age_counts_from_the_fetch(text, jalali, precision):
    assert reading(text) == (jalali, precision, ("relative",))


@pytest.mark.parametrize(("word", "number"), words.NUMBERS.items())
def test_every_number_word_counts(word, number):
    at = (NOW - timedelta(minutes=number)).replace(second=0)
    for text in (f"{word} دقیقه پیش", f"منتشر شده: {word} دقیقه قبل"):
        assert read(text).at == at
    if number == int(number) < 20:
        assert read(f"{word} و نیم ساعت پیش").at == read(f"{word} ساعت و نیم پیش").at
        assert read(f"{word} ساعت و نیم پیش").at == (NOW - timedelta(hours=number + 0.5)).replace(second=0)


def test_yesterday_and_last_month_are_tehrans():
    assert parse("دیروز", fetched_at=datetime(2026, 1, 9, 21, 0, tzinfo=UTC)).jalali == "1404-10-19"
    assert parse("یک ماه پیش", fetched_at=datetime(2025, 12, 21, 21, 0, tzinfo=UTC)).jalali == "1404-09"


def test_an_age_in_minutes_is_a_whole_minute_of_a_day_in_tehran():
    published = parse("۵ دقیقه پیش", fetched_at=datetime(2026, 1, 9, 21, 0, 59, 999, tzinfo=UTC))
    assert published.at == datetime(2026, 1, 9, 20, 55, tzinfo=UTC)
    assert published.on == date(2026, 1, 10)
    elsewhere = NOW.astimezone(timezone(timedelta(hours=-5)))
    assert parse("۵ دقیقه پیش", fetched_at=elsewhere).at.tzinfo is UTC


LUNAR = [
    *(
        "محرم",
        "مُحرّم",
        "محرم\u200cالحرام",
        "صفر",
        "ربیع الاول",
        "ربیع\u200cالاول",
        "ربيع الأول",
        "ربیع\u200cالثانی",
        "ربیع الآخر",
    ),
    *(
        "جمادی الاول",
        "جمادی\u200cالاولی",
        "جمادي الثانية",
        "جمادی\u200cالثانی",
        "جمادی الآخره",
        "رجب",
        "شعبان",
        "رمضان",
    ),
    *(
        "رمضان المبارک",
        "شوال",
        "ذی القعده",
        "ذیقعده",
        "ذوالقعدة",
        "ذی\u200cالحجه",
        "ذی\u200cحجه",
        "ذوالحجة",
        "ذی\u200cالحجة الحرام",
    ),
]
FIELD = "jalali-year-in-gregorian-field"
FLAGGED = [
    ("دوشنبه ۲۸ اسفند ۱۳۹۶ - Mar 20 2018", "1396-12-28", ("calendars-disagree",)),
    ("1396/12/28 - 2018/02/31", "1396-12-28", ("calendars-disagree",)),
    ("Mar 20 2018 - ۲۸ اسفند ۱۳۹۶", "1396-12-28", ("calendars-disagree",)),
    ("Fri, 12 Mordad 03 10:00:00 +0330", "1403-05-12T10:00:00", (FIELD,)),
    ("۱۵ آذر ۰۵", "1405-09-15", ("future",)),
    ("06/09/05", "1405-09-06", ("future",)),
    ("02/03/01", "1402-03-01", ("ambiguous-day-order",)),
    ("Sat, 15 Sep 1404 12:00:00 +0000", "1404-09-15T15:30:00", (FIELD,)),
    ("Sun, 15 Sep 1404 12:00:00 +0000", "1404-09-15T15:30:00", (FIELD, "weekday-mismatch")),
    ("31 Feb 1404 12:00:00 +0330", "1404-02-31T12:00:00", (FIELD,)),
    ("Fri, 12 Mordad 1403 10:00:00 +0330", "1403-05-12T10:00:00", (FIELD,)),
    ("1404-11-01", "1404-11-01", ("future",)),
    ("۲۲ دی ۱۴۰۴", "1404-10-22", ("future",)),
    ("۲۱ دی ۱۴۰۴ ۱۵:۳۱", "1404-10-21T15:31:00", ("future",)),
    ("1400-01-02 00:30", "1400-01-02T01:30:00", ("nonexistent-local-time",)),
    ("1400-06-30 23:30", "1400-06-30T23:30:00", ("ambiguous-local-time",)),
    ("15 آذر 1400 14:30 صبح", "1400-09-15T14:30:00", ("day-period-mismatch",)),
    ("02/03/03", "1402-03-03", ("ambiguous-day-order",)),
    ("6/12/2021 09:19", MINUTE, ("ambiguous-day-order",)),
    ("12/6/2021 9:19:00 AM", "1400-09-15T09:19:00", ("ambiguous-day-order",)),
    ("۱۵ آذر ۱۴۰۰ - ۱ جمادی الاول ۱۴۴۳ - Dec 06 2021 09:19", MINUTE, ("lunar-date-beside",)),
    ("محرم ۱۴۴۳/۰۵/۰۱ قمری برابر ۱۵ آذر ۱۴۰۰", "1400-09-15", ("lunar-date-beside",)),
]


@pytest.mark.parametrize(("text", "jalali", "flags"), FLAGGED)
def test_what_is_odd_is_flagged(text, jalali, flags):
    published = read(text)
    assert (published.jalali, published.flags) == (jalali, flags)


def test_this_year_is_tehrans():
    assert parse("۱ فروردین ۰۶", fetched_at=datetime(2026, 3, 20, 21, 0, tzinfo=UTC)).jalali == "1406-01-01"


def test_a_month_lies_before_its_source_if_all_of_it_does():
    assert read("آذر ۱۴۰۰", since=date(2021, 12, 21)).flags == ()
    assert read("آذر ۱۴۰۰", since=date(2021, 12, 22)).flags == ("before-source",)


def test_a_day_ahead_is_not_yet_the_future():
    assert read("۲۱ دی ۱۴۰۴").flags == read("۲۱ دی ۱۴۰۴ ۱۵:۳۰:۳۰").flags == ()
    assert parse("۲۱ دی ۱۴۰۴", fetched_at=datetime(2026, 1, 9, 21, 0, tzinfo=UTC)).flags == ()


@pytest.mark.parametrize(
    "text", ["1403-05-12T10:45:00+03:30", "1403/05/12", "مرداد ۱۴۰۳", "تاریخ انتشار: ۱۴۰۳/۰۵/۱۲ کد خبر: ۱۲"]
)
def test_a_jalali_year_is_flagged_where_the_field_is_gregorian(text):
    assert read(text, hint="gregorian").flags == (FIELD,)
    assert read(text).flags == read("2024-08-02", hint="gregorian").flags == ()


REFUSED = [
    *("", " ", "متن", "۱۵ آذر", "۰۹:۱۹", "آذر", "دوشنبه", "1399-22:17", "15 نفر 1400", "کد خبر: ۳۹۸۰۵۰"),
    *("۳۱ مهر ۱۴۰۰", "۳۰ اسفند ۱۴۰۰", "1400/13/01", "1400/00/01", "1400/01/00", "32 تیر 1400", "1400/01/32", "1400-13"),
    *("15 آذر 1400 25:99", "15 آذر 1400 24:00", "15 آذر 1400 12:60", "1400-09-15T10:10:61", "15 آذر 1400 ساعت 25"),
    *("2021-02-29", "30 فوریه 2020", "31/11/2021", "15 آذر 2021", "15 دسامبر 1400", "December 2021", "دسامبر 1400"),
    *("1205/01/01", "1499/01/01", "1600-01-01", "1820-01-01", "2150-01-01", "۱۴۴۳/۰۵/۰۱ هجری قمری", "10.20.30.40"),
    *("سنگ ساعت پیش", "نیم روز پیش", "9999 سال پیش", "9999 هفته پیش" * 9 + "\udc80", "1-2-3", "99/99/99"),
    *("06/05/54", "32/03/02", "۱۵ آذر ۰۶", "15 سنگ 96"),
    "Mon, 06 Dec 201221 09:19:00 +0330",  # a year of six digits is no day and a year
    "آذر ۲۰۱۴۰۰",
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_date_is_refused_in_one_line(text):
    with pytest.raises(DateError) as refused:
        parse(text, fetched_at=datetime(1828, 1, 1, tzinfo=UTC) if "9999 هفته" in text else NOW)
    message = str(refused.value)
    assert message.isprintable()
    assert repr(text[:40])[1:-1] in message


def test_a_refusal_says_why():
    with pytest.raises(DateError, match=r"^Jalali 1400-07-31 does not exist: '۳۱ مهر ۱۴۰۰'$"):
        read("۳۱ مهر ۱۴۰۰")
    with pytest.raises(DateError, match=r"^no such time of day as '25:99': '۱۵ آذر ۱۴۰۰ ۲۵:۹۹'$"):
        read("۱۵ آذر ۱۴۰۰ ۲۵:۹۹")
    with pytest.raises(DateError, match=f"^no date: '{'x' * 60}'$"):
        read("x" * 60)
    with pytest.raises(DateError) as refused:
        read("متن\n\u200f\ud800" + "x" * 100)
    assert str(refused.value) == rf"no date: 'متن\n\u200f\ud800{'x' * 53}…'"


def test_a_naive_fetch_time_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match=r"^fetched_at must be aware$"):
        parse("امروز", fetched_at=datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize("text", ["9999 هفته پیش", "9999 ساعت پیش", "96/9/5"])
def test_a_fetch_before_the_calendar_is_refused(text):
    with pytest.raises(DateError, match="outside"):
        parse(text, fetched_at=datetime(1, 1, 2, tzinfo=UTC))


def test_a_published_date_is_written_in_every_form():
    text = "\u200f۱۵ آذر ۱۴۰۰ ۰۹:۱۹"
    published = read(text, origin="listing")
    assert published.at == datetime(2021, 12, 6, 5, 49, tzinfo=UTC)
    assert read(text[1:], origin="listing").origin == "listing"
    assert published.to_dict() == {
        "gregorian": "2021-12-06T09:19:00+03:30",
        "jalali": "1400-09-15T09:19:00",
        "rfc9557": "2021-12-06T09:19:00+03:30[Asia/Tehran][u-ca=persian]",
        "precision": "minute",
        "raw": text,
        "origin": "listing",
        "flags": [],
    }
    assert written(published) == "دوشنبه ۱۵ آذر ۱۴۰۰، ۰۹:۱۹"
    assert pickle.loads(pickle.dumps(published)) == published


@pytest.mark.parametrize("text", ["2021-12-06T05:49:46Z", "۱ مهر ۱۴۰۰ ۰۰:۱۹", "1400/01/02", "آذر 1400", "دیروز ۱۴:۳۰"])
def test_a_published_date_comes_back_from_its_json_object(text):
    published = read(text, origin="feed", since=date(2030, 1, 1))
    again = Published.from_dict(json.loads(json.dumps(published.to_dict())))
    assert again == published
    assert again.at is None or again.at.tzinfo is UTC


def test_a_json_object_that_is_no_published_date_is_refused():
    value = read("۱۵ آذر ۱۴۰۰").to_dict()
    with pytest.raises(ValueError, match="isoformat"):
        Published.from_dict(value | {"gregorian": "1400-09-15T"})
    for name in ("gregorian", "precision", "raw", "origin", "flags"):
        with pytest.raises(KeyError, match=name):
            Published.from_dict({key: stated for key, stated in value.items() if key != name})


def test_a_day_has_no_midnight():
    published = read("1400/01/02")
    assert (published.gregorian, published.rfc9557) == ("2021-03-22", "2021-03-22[u-ca=persian]")
    assert published.ordering == datetime(2021, 3, 22, 7, 30, tzinfo=UTC)
    assert published.ordering.tzinfo is UTC
    assert written(published) == "دوشنبه ۲ فروردین ۱۴۰۰"
    assert written(read("آذر 1400")) == "آذر ۱۴۰۰"
    assert read("1400/01/02 10:00").ordering == datetime(2021, 3, 22, 5, 30, tzinfo=UTC)


PERIODS = [
    (
        (
            "1400-09-15",
            "۱۵ آذر ۱۴۰۰",
            "2021-12-06",
            "1400/9/15",
            "15/09/1400",
            "14000915",
            "20211206",
            "پانزدهم آذر ۱۴۰۰",
            "روز دوشنبه ۱۵ آذر ۱۴۰۰",
            "6 Dec 2021",
            "١٤٠٠/٠٩/١٥",
        ),
        "2021-12-05T20:30",
        "2021-12-06T20:30",
    ),
    (("آذر ۱۴۰۰", "۱۴۰۰/۰۹", "1400.9", "09/1400", "آذر ماه ۱۴۰۰"), "2021-11-21T20:30", "2021-12-21T20:30"),
    (("1400", "۱۴۰۰", "سال ۱۴۰۰"), "2021-03-20T20:30", "2022-03-20T20:30"),
    (("2021-12", "۲۰۲۱/۱۲", "December 2021", "دسامبر ۲۰۲۱"), "2021-11-30T20:30", "2021-12-31T20:30"),
    (("1400/1", "01/1400"), "2021-03-20T20:30", "2021-04-20T19:30"),
    (("1400-01-02",), "2021-03-21T20:30", "2021-03-22T19:30"),
    (("1400-06-30",), "2021-09-20T19:30", "2021-09-21T20:30"),
    (("1206",), "1827-03-21T20:34:16", "1828-03-20T20:34:16"),
    (("1800",), "1799-12-31T20:34:16", "1800-12-31T20:34:16"),
    (("2200",), "2199-12-31T20:30", "2200-12-31T20:30"),
    (("1498", "1498"), "2119-03-20T20:30", "2120-03-20T20:30"),
    (("1498/12", "اسفند 1498"), "2120-02-19T20:30", "2120-03-20T20:30"),
    (("1399-12-30",), "2021-03-19T20:30", "2021-03-20T20:30"),
]
RANGES = [
    (("از ۱ تا ۱۵ آذر ۱۴۰۰", "1400-09-01..1400-09-15", "۱ الی ۱۵ آذر ۱۴۰۰", "1 آذر تا 15 آذر 1400",
      "1400/9/1 .. 15/9/1400",
      "از ۱ آذر ۱۴۰۰ تا ۱۵ آذر ۱۴۰۰", "اول تا پانزدهم آذر ۱۴۰۰", "از یکم آذر تا ۱۵ آذر ۱۴۰۰",
      "1400/09/01 - 1400/09/15", "۱۴۰۰/۰۹/۰۱-۱۴۰۰/۰۹/۱۵", "1400-09-01/1400-09-15", "from 1400/09/01 to 1400/09/15",
      "1 to 15 آذر 1400", "2021-11-22...2021-12-06", "1400-09-01…2021-12-06"),
     "2021-11-21T20:30", "2021-12-06T20:30"),
    (("1400-09..1400-12", "آذر تا اسفند ۱۴۰۰", "از آذر ۱۴۰۰ تا اسفند ۱۴۰۰", "۱۴۰۰/۰۹ تا ۱۴۰۰/۱۲",
      "1400-09-01..1400-12"),
     "2021-11-21T20:30", "2022-03-20T20:30"),
    (("1399 - 1400", "1399-1400", "1399..1400", "۱۳۹۹ تا ۱۴۰۰", "از ۱۳۹۹ تا ۱۴۰۰"),
     "2020-03-19T20:30", "2022-03-20T20:30"),
    (("1400-09-15..1400-09-15", "15 تا 15 آذر 1400"), "2021-12-05T20:30", "2021-12-06T20:30"),
    (("1 تا 6 December 2021",), "2021-11-30T20:30", "2021-12-06T20:30"),
    (("از ۱ فروردین تا ۱ مهر ۱۴۰۰",), "2021-03-20T20:30", "2021-09-23T20:30"),
    (("1400 تا 15 آذر 1401",), "2021-03-20T20:30", "2022-12-06T20:30"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "start", "end"), [(text, start, end) for texts, start, end in PERIODS + RANGES for text in texts]
)
def test_a_period_is_cut_at_tehrans_midnights(text, start, end):
    assert parse_period(text) == Period(datetime.fromisoformat(start + "Z"), datetime.fromisoformat(end + "Z"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "1600",
        "1205",
        "1400/13",
        "1400-07-31",
        "0/1400",
        "15 Sep 1404",
        "1400-09-15 10:00",
        "15 سنگ 1400",
        "06/12/2021",
        "06/12/2021..13/12/2021",
        "1400 - ",
        "1400 - سنگ",
        "بهار ۱۴۰۰",
        "15",
        "..",
        "1400..",
        "1400..1399",
        "1400-09-15..1400-09-14",
        "15 تا 1 آذر 1400",
        "۱ تا ۳۱ مهر ۱۴۰۰",
        "۳۱ تا ۱ مهر ۱۴۰۰",
        "آذر تا دی",
        "1 تا 1400",
        "1400 تا 1401 تا 1402",
        "x تا 1400",
    ],
)
@pytest.mark.parametrize("around", ["{}", "\u200f {}"])
def test_what_is_no_period_is_refused_with_the_forms_that_are(text, around):
    with pytest.raises(DateError, match=r"such as 1400-09-15"):
        parse_period(around.format(text))


REASONS = [
    ("1400..1399", "it ends before it begins"),
    ("1400/13", "no such month"),
    ("15", "no period"),
    ("06/12/2021", "day and month may stand in either order"),
    ("1600", "a year of neither calendar"),
]


@pytest.mark.parametrize(("text", "reason"), REASONS)
def test_a_period_is_refused_for_a_reason(text, reason):
    with pytest.raises(DateError, match=f"^{reason}: '{re.escape(text)}'; say a day, month or year of either"):
        parse_period(text)


@needs_facts
@pytest.mark.parametrize(
    "row", [json.loads(line) for line in (FACTS / "date_strings.jsonl").read_text().splitlines()] if FACTS else []
)
def test_real_strings_are_read(row):
    published = read(row["raw"])
    assert published.jalali == row["jalali"].replace(" ", "T") + ":00"
    assert published.on.isoformat() == row["gregorian_date"]
    assert published.flags == ()


@needs_facts
def test_the_leap_table_of_the_university_of_tehran():
    table = json.loads((FACTS / "leap_years.json").read_text())
    assert len(table) == LAST_YEAR - FIRST_YEAR + 1
    for year, row in table.items():
        assert from_jalali(int(year), 1, 1).isoformat() == row["nowruz"]
        try:
            leap = to_jalali(from_jalali(int(year), 12, 30)) == (int(year), 12, 30)
        except DateError:
            leap = False
        assert leap == row["leap"], year


def test_every_day_is_jdatetimes():
    first, last = from_jalali(FIRST_YEAR, 1, 1), from_jalali(LAST_YEAR, 12, 30)
    days = range(first.toordinal(), last.toordinal() + 1)
    assert len(days) == 107_016
    for ordinal in days:
        day = date.fromordinal(ordinal)
        jalali = jdatetime.date.fromgregorian(date=day)
        assert to_jalali(day) == (jalali.year, jalali.month, jalali.day)
        assert from_jalali(jalali.year, jalali.month, jalali.day) == day


@pytest.mark.parametrize("day", [date(1827, 3, 21), date(2120, 3, 21), date.min, date.max])
def test_days_outside_the_table_are_refused(day):
    with pytest.raises(DateError, match="outside"):
        to_jalali(day)


@needs_facts
def test_every_change_of_tehrans_clock():
    lines = (FACTS / "tehran_transitions.txt").read_text().splitlines()
    for line in lines:
        if line.startswith("1979-05-26T20:30:00Z"):  # tzdata 2026f has this change a day before
            continue
        at = datetime.fromisoformat(line.split()[0])
        before = (at - timedelta(seconds=1)).astimezone(TEHRAN).replace(tzinfo=None) + timedelta(seconds=1)
        after = at.astimezone(TEHRAN).replace(tzinfo=None)
        assert line.split("local ")[1].split(" jalali")[0] == f"{before} -> {after}"
        forward = after > before
        within = (before if forward else after) + timedelta(minutes=1)
        flag = "nonexistent-local-time" if forward else "ambiguous-local-time"
        resolved = at + timedelta(minutes=1) if forward else at - abs(after - before) + timedelta(minutes=1)
        assert instant(within) == (resolved, (flag,))
        assert instant(max(before, after))[1] == ()
        assert instant(min(before, after) - timedelta(minutes=1))[1] == ()
    assert len(lines) > 60


def test_the_zone_goes_by_its_name():
    assert str(TEHRAN) == "Asia/Tehran"


def test_weekday_names_go_by_pythons_weekday():
    assert WEEKDAYS[date(2021, 12, 6).weekday()] == "دوشنبه"
    assert len(set(WEEKDAYS)) == 7


MOMENTS = st.integers(
    int(datetime(1935, 7, 1, tzinfo=UTC).timestamp()), int(datetime(2119, 12, 31, tzinfo=UTC).timestamp())
).map(lambda seconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
DAYS_OF_TABLE = st.dates(from_jalali(FIRST_YEAR, 1, 1), from_jalali(LAST_YEAR, 12, 30))
LATE = datetime(2120, 1, 1, tzinfo=UTC)


FORMS = ("gregorian", "rfc9557", "jalali", "rfc822", "written")


def changes_of_the_clock():
    """The first minute after every change of Tehran's offset from 1935 to 2119, by tzdata."""
    at, end = datetime(1935, 7, 1, tzinfo=UTC), datetime(2119, 12, 31, tzinfo=UTC)
    while at < end:
        later = at + timedelta(days=1)
        if at.astimezone(TEHRAN).utcoffset() != later.astimezone(TEHRAN).utcoffset():
            minutes = (at + timedelta(minutes=n) for n in range(24 * 60 + 1))
            before = at.astimezone(TEHRAN).utcoffset()
            yield next(each for each in minutes if each.astimezone(TEHRAN).utcoffset() != before)
        at = later


def test_every_minute_around_every_change_of_the_clock_is_read_as_it_was_written():
    changes = list(changes_of_the_clock())
    for change in changes:
        for minute in range(-90, 90):
            for form in FORMS:
                assert_read_again(change + timedelta(minutes=minute), form)
    assert len(changes) > 60


@given(MOMENTS, st.sampled_from(FORMS))
def test_what_is_written_is_read_again(at, form):
    assert_read_again(at, form)


def assert_read_again(at, form):
    local = at.astimezone(TEHRAN)
    published = Published(at=at, on=local.date(), precision="second", raw="")
    if form in {"jalali", "written"} and instant(local.replace(tzinfo=None))[0] != at:
        return  # the second of two times of day that look alike: these forms state no offset
    if form == "rfc822":
        text = format_datetime(at)
    elif form == "written":
        text = f"{written(published)}{persian_digits(f':{local.second:02}')}"
    else:
        text = getattr(published, form)
    again = parse(text, fetched_at=LATE)
    assert (again.at, again.on, again.precision) == (at, published.on, "second")
    assert set(again.flags) <= {"ambiguous-local-time"}


@given(DAYS_OF_TABLE, st.sampled_from(["gregorian", "rfc9557", "jalali", "written"]))
def test_a_day_written_is_the_day_read(on, form):
    published = Published(at=None, on=on, precision="day", raw="")
    text = written(published) if form == "written" else getattr(published, form)
    again = parse(text, fetched_at=LATE)
    assert (again.at, again.on, again.precision) == (None, on, "day")
    assert set(again.flags) <= {"future"}


TEXTS = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [*words.MONTH_NAMES, *words.NUMBERS, *words.WEEKDAY_NAMES, *"/-.:،|&;zt+۱۲٣4 9\u200c\u200f\ud800"]
        )
        | st.sampled_from(
            ["1400", "۱۴۰۰/۰۹/۱۵", "2021-12-06", "09:19", "25", "پیش", "ساعت", "روز", "قبل", "سال", "دیروز"]
        ),
        max_size=12,
    ).map("".join),
)


def outcome(function, text):
    try:
        return function(text), ""
    except DateError as error:
        return None, str(error)


@given(TEXTS, st.booleans())
def test_any_text_is_a_date_or_a_date_error(text, spaced):
    text = " ".join(text) if spaced else text
    published, refusal = outcome(read, text)
    if published is None:
        assert refusal.isprintable()
    else:
        assert published.raw == text
        assert Published.from_dict(json.loads(json.dumps(published.to_dict()))) == published
        assert (published.at is None) == (published.precision in {"day", "month"})
        assert "\n" not in written(published)


@given(
    DAYS_OF_TABLE, DAYS_OF_TABLE, st.sampled_from(["gregorian", "jalali", "written"]), st.sampled_from(["..", " تا "])
)
def test_a_range_runs_from_its_first_day_through_its_last(one, other, form, between):
    days = [Published(at=None, on=on, precision="day", raw="") for on in sorted((one, other))]
    texts = [written(day).split(" ", 1)[1] if form == "written" else getattr(day, form) for day in days]
    first, last = map(parse_period, texts)
    assert parse_period(between.join(texts)) == Period(first.start, last.end)


@pytest.mark.parametrize("month", words.LUNAR_MONTHS)
def test_every_lunar_month_is_known_for_one(month):
    for text in (f"۲ {name} ۱۴۴۳" for name in LUNAR if words.fold(name) and re.fullmatch(month, words.fold(name))):
        with pytest.raises(DateError, match=r"^a lunar Hijri date, which is not converted: "):
            read(text)
        assert reading(f"{text} - ۱۵ آذر ۱۴۰۰") == ("1400-09-15", "day", ("lunar-date-beside",))
    assert any(re.fullmatch(month, words.fold(name)) for name in LUNAR)


@given(TEXTS)
def test_any_text_is_a_period_or_a_date_error(text):
    period, refusal = outcome(parse_period, text)
    assert "such as" in refusal if period is None else period.start < period.end


@given(DAYS_OF_TABLE)
def test_days_follow_each_other_without_a_gap(on):
    assume(on < from_jalali(LAST_YEAR, 12, 30))
    day, after = parse_period(on.isoformat()), parse_period((on + timedelta(days=1)).isoformat())
    assert day.end == after.start
    assert day.start.astimezone(TEHRAN).date() == (day.end - timedelta(minutes=1)).astimezone(TEHRAN).date() == on
