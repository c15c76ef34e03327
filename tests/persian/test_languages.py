"""Whether a text can be Persian."""

import pytest

from persian.languages import is_foreign

PERSIAN = (
    "مدیرکل تعاون، کار و رفاه اجتماعی استان از گشایش کارگاه آموزشی در شهرستان خبر داد و گفت که تا پایان سال برپا است."
)
ARABIC = (
    "قال المدیر العام فی المحافظة إن الورشة الجدیدة التی افتتحت الیوم فی المدینة ستستمر حتی نهایة العام،"
    " وأضاف أن البرامج قید التنفیذ."
)
ENGLISH = "The head of the office opened a new workshop in the city today, and said that it would stay open."


@pytest.mark.parametrize(
    "text",
    [
        PERSIAN,
        "",
        "Windows 11",
        "۱۲۳ ۴۵۶ ۷۸۹ " * 20,
        f"{PERSIAN} ISO 9001:2015 Quality management systems Requirements, IEC 17025 General requirements",
        f"{PERSIAN} «{ARABIC[:60]}»",
        "سەرۆکی فەرمانگە لە شارەکەدا کارگەیەکی نوێی کردەوە و گوتی کە هەتا کۆتایی ساڵ کراوە دەبێت",
        "ایداره‌نین مدیری شهرده یئنی بیر کارگاه آچیب و دئدی کی ایلین سونونا قدر آچیق قالاجاق",
        "ﷲ ﷼ ﷺ " * 20,
    ],
)
def test_what_may_be_of_an_iranian_office_is_not_foreign(text):
    assert not is_foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        ARABIC,
        f"{ENGLISH * 4} خبر تازه اداره کل",
        "局长今天在市里宣布新的培训车间开幕，并表示它将一直开放到年底，供所有希望参加的人使用。" * 2,
        "Директор открыл в городе новую мастерскую и сказал, что она будет открыта до конца года",
    ],
)
def test_another_script_or_arabic_is(text):
    assert is_foreign(text)


def test_a_lone_surrogate_is_no_error():
    assert is_foreign(ENGLISH + "\ud800")
