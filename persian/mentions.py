"""What a text names that a reader would hold it to: numbers, dates, and people, roles and offices.

Numbers in digits and in words are read to their values («۵ هزار», «پنج هزار» and «۵٬۰۰۰» are one number), dates in
either calendar to their days. Ordinals («سومین») and the words «یک» and «نه» alone are not numbers; a clock is one.

Names are found without a list of names, by what stands around them:

- a title and up to three words after it: «آقای», «خانم», «دکتر», «مهندس», «حجت‌الاسلام», «سرهنگ», «سردار» and others;
- a role or an office, with up to four words after it: «استاندار یزد», «مدیرکل کار استان», «اداره ورزش»;
- two or three words between punctuation or the beginning of a line and a role: «مهران فاطمی، استاندار یزد».

All of them end at punctuation, at a number, and at words that no name holds («در», «که», «گفت», «جلسه»). So a bare name
in the middle of a sentence is not found, and a name that a word follows which is not known to end it is held too long.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import chain, pairwise
from typing import Final, Literal, NamedTuple

from persian.calendars import MONTHS, DateError, from_jalali
from persian.pieces import Piece
from persian.reading import calendar_of
from persian.text import search_key
from persian.words import DAY_WORDS, MONTH_NAMES, NUMBERS, WEEKDAY_NAMES

Kind = Literal["number", "date", "name"]


class Mention(NamedTuple):
    """The pieces `start` up to but not including `end`, and one value for all ways to write it."""

    kind: Kind
    start: int
    end: int
    value: str


def mentions(found: Sequence[Piece]) -> list[Mention]:
    """The numbers, dates and names in a text, in order; none overlaps another. Its pieces end with the empty one."""
    taken: set[int] = set()
    told: list[Mention] = []
    for mention in chain(_dates(found), _numbers(found, taken), _names(found, taken)):
        if mention.start not in taken:
            told.append(mention)
            taken.update(range(mention.start, mention.end))
    return sorted(told, key=lambda mention: mention.start)


# Dates --------------------------------------------------------------------------------------------------------------

_SURE_MONTHS: Final = {search_key(name) for name in MONTHS}
_SPELLED_DAYS: Final = {search_key(word).replace(" ", ""): day for word, day in DAY_WORDS.items()}
_IN_NUMBERS = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_LAST_DAY = 31
_BEFORE_WEEKDAY: Final = {search_key(word) for word in ("یک", "دو", "سه", "چهار", "پنج")}


def _dates(found: Sequence[Piece]) -> Iterator[Mention]:
    for place, piece in enumerate(found):
        if piece.kind == "number" and (day := _IN_NUMBERS.fullmatch(piece.key)) and calendar_of(int(day[1])):
            yield Mention("date", place, place + 1, _written(*map(int, day.groups())))
        elif piece.key == "شنبه" and place and found[place - 1].key in _BEFORE_WEEKDAY:
            number = WEEKDAY_NAMES[found[place - 1].key + piece.key]
            yield Mention("date", place - 1, place + 1, f"weekday {number}")
        elif piece.key in WEEKDAY_NAMES and not piece.key.isascii():
            yield Mention("date", place, place + 1, f"weekday {WEEKDAY_NAMES[piece.key]}")
        elif piece.key in MONTH_NAMES and not piece.key.isascii():
            yield from _by_month(found, place)
        elif piece.key == "سال" and _year(found, place + 1):
            yield Mention("date", place + 1, place + 2, found[place + 1].key)


def _by_month(found: Sequence[Piece], place: int) -> Iterator[Mention]:
    """«۱۵ آذر ۱۴۰۰», «پانزدهم آذرماه», «آذر ۱۴۰۰»; a month's name alone may be any word («مهر», «می»)."""
    month = found[place].key
    start, day = _day_before(found, place)
    end = place + 1
    sure = month.removesuffix("ماه") in _SURE_MONTHS and (day is not None or month.endswith("ماه"))
    if found[end].key == "ماه":
        sure, end = True, end + 1
    year_at = end + 1 if found[end].key == "سال" else end
    year = _year(found, year_at)
    if year:
        end = year_at + 1
    if year or sure:
        yield Mention("date", start, end, _written(year, MONTH_NAMES[month][1], day))


def _day_before(found: Sequence[Piece], place: int) -> tuple[int, int | None]:
    """Where a date begins whose month stands at a place, and its day."""
    for length in (3, 1):  # «بیست و یکم», «۱۵»
        start = place - length
        key = "".join(piece.key for piece in found[start:place]) if start >= 0 else ""
        if key in _SPELLED_DAYS:
            return start, _SPELLED_DAYS[key]
        if length == 1 and len(key) <= len(str(_LAST_DAY)) and key.isdecimal() and 1 <= int(key) <= _LAST_DAY:
            return start, int(key)
    return place, None


def _year(found: Sequence[Piece], place: int) -> int | None:
    key = found[place].key
    return int(key) if len(key) == 4 and key.isdecimal() and calendar_of(int(key)) else None  # noqa: PLR2004


def _written(year: int | None, month: int, day: int | None) -> str:
    """One value for a day of either calendar; for what is less than a day, its parts."""
    if year and day and calendar_of(year) == "jalali":
        try:
            return from_jalali(year, month, day).isoformat()
        except DateError:  # a slip of the office is still what it wrote
            pass
    return f"{year or '?'}-{month:02}-{day or 0:02}"


# Numbers ------------------------------------------------------------------------------------------------------------

_SCALES: Final = {"هزار": 10**3, "میلیون": 10**6, "میلیارد": 10**9, "تریلیون": 10**12}
_HUNDREDS: Final = ("دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد")
_VALUES: Final = {
    **{search_key(word): Decimal(str(value)) for word, value in NUMBERS.items() if " " not in word},
    **{search_key(word): Decimal(100 * value) for value, word in enumerate(_HUNDREDS, start=2)},
}
_LONGEST_NUMBER: Final = 20  # pieces
_WORDS_TOO: Final = {search_key(word) for word in ("یک", "نه", "نیم")}  # «a», «no», and a part of other words


def _numbers(found: Sequence[Piece], taken: set[int]) -> Iterator[Mention]:
    place = 0
    while place < len(found):
        end = _end_of_number(found, place, taken)
        keys = [piece.key for piece in found[place:end]]
        if keys and (len(keys) > 1 or keys[0] not in _WORDS_TOO):
            yield Mention("number", place, end, _value(keys))
        place = max(end, place + 1)


def _end_of_number(found: Sequence[Piece], place: int, taken: set[int]) -> int:
    """Where a number ends that may begin at a place; the place itself if none does."""
    end, last = place, None
    while end < place + _LONGEST_NUMBER and end not in taken:
        following = end + 1 if last is not None and found[end].key == "و" else end
        size = _size(found, following, taken)
        if size is None or (last is not None and not _goes_on(last, size, found[following], linked=following > end)):
            break
        end, last = following + 1, size
    return end


def _size(found: Sequence[Piece], place: int, taken: set[int]) -> Decimal | None:
    if place in taken:
        return None
    piece = found[place]
    if piece.kind == "number":
        return _decimal(piece.key) or Decimal(0)
    return Decimal(_SCALES[piece.key]) if piece.key in _SCALES else _VALUES.get(piece.key)


def _goes_on(last: Decimal, size: Decimal, piece: Piece, *, linked: bool) -> bool:
    """«۵ هزار», «۵ هزار و ۲۰۰», «بیست و پنج» are one number; «۵ و ۶», «۵ نفر و ۶», «بیست پنج» are two."""
    if not linked:
        return piece.key in _SCALES or (piece.kind == "number" and last in _SCALES.values())
    return size < last and (last in _SCALES.values() or piece.kind == "word") and last >= 20  # noqa: PLR2004


def _decimal(key: str) -> Decimal | None:
    try:
        return Decimal(key)
    except InvalidOperation:
        return None


def _value(keys: Sequence[str]) -> str:
    """The sum that the words of a number come to; a range or a telephone number as it is."""
    if len(keys) == 1 and _decimal(keys[0]) is not None:
        return keys[0]
    total = current = Decimal(0)
    for before, key in pairwise(("", *keys)):
        if key in _SCALES and before in _SCALES:
            total *= _SCALES[key]  # «۵ هزار میلیارد»
        elif key in _SCALES:
            total, current = total + (current or 1) * _SCALES[key], Decimal(0)
        elif key != "و":
            part = _VALUES.get(key, _decimal(key))
            if part is None:
                return " ".join(keys)
            current += part
    return f"{(total + current).normalize():f}"


# Names --------------------------------------------------------------------------------------------------------------


def _keys(words: str) -> frozenset[str]:
    return frozenset(search_key(word).replace(" ", "") for word in words.split())


TITLES: Final = _keys(
    "آقای آقا آقایان خانم خانمها جناب سرکار دکتر مهندس پروفسور استاد سید سیده حاج حاجآقا شهید امیر "
    "حجتالاسلام حجت الاسلام والمسلمین آیتالله آیت سرهنگ سردار سرتیپ سرگرد سرلشکر سروان ستوان"
)
ROLES: Final = _keys(
    "استاندار فرماندار بخشدار دهیار شهردار مدیرکل مدیر مدیرعامل سرپرست وزیر رئیس رئیسجمهور معاون قائممقام دبیر "
    "دادستان فرمانده نماینده امامجمعه سخنگو سخنگوی مسئول کارشناس مشاور بازرس"
)
OFFICES: Final = _keys(
    "اداره ادارهکل سازمان وزارت وزارتخانه استانداری فرمانداری بخشداری شهرداری دهیاری دانشگاه بنیاد ستاد دادگستری"
)
_ENDS: Final = _keys(
    "در از به با و که را تا بر برای این آن هر هم نیز یا اما چون اگر پس پیش پشت روی نزد بین ضمن طی طبق درباره "
    "خود وی او ما همه تمام چند همچنین "
    "گفت افزود اظهار تصریح تأکید تاکید بیان خاطرنشان خاطر ادامه اعلام عنوان اشاره ابراز یادآور گفته گزارش خبر "
    "تشریح تبیین "
    "است بود شد شده شود میشود کرد کرده کردند کند دارد داشت داد دارند هستند بودند شدند خواهد باید نمود گردید گردد یافت "
    "امروز دیروز فردا روز هفته ماه سال ساعت صبح عصر گذشته جاری آینده "
    "جلسه نشست مراسم آیین همایش دیدار بازدید سفر حضور برنامه طرح پروژه"
)
_AFTER_TITLE, _AFTER_ROLE, _BEFORE_ROLE = 3, 4, 3
_COMMAS: Final = frozenset("،,")
_OPENERS: Final = frozenset(".:؛!؟?»«(") | _COMMAS


def _names(found: Sequence[Piece], taken: set[int]) -> Iterator[Mention]:
    place = 0
    while place < len(found):
        key = found[place].key
        end = place + 1
        if key in TITLES:
            end = _titled(found, place, taken)
        elif key in ROLES or key in OFFICES:
            start = _opening(found, place, taken) if key in ROLES else place
            if start < place:
                last = place - 1 if found[place - 1].key in _COMMAS else place
                yield _name(found, start, last)
            end = _words_after(found, place, _AFTER_ROLE, taken)
            yield _name(found, place, end)
        if key in TITLES and (named := _name(found, place, end)).value:
            yield named
        place = end


def _titled(found: Sequence[Piece], place: int, taken: set[int]) -> int:
    """Where the name ends that titles precede: «جناب آقای دکتر علی رضایی»."""
    while place + 1 < len(found) and found[place + 1].key in TITLES:
        place += 1
    return _words_after(found, place, _AFTER_TITLE, taken)


def _words_after(found: Sequence[Piece], place: int, most: int, taken: set[int]) -> int:
    end = place + 1
    while end < len(found) and end - place <= most and _is_of_name(found, end, taken) and "\n" not in found[end].gap:
        end += 1
    return end


def _is_of_name(found: Sequence[Piece], place: int, taken: set[int]) -> bool:
    piece = found[place]
    return piece.kind == "word" and place not in taken and piece.key not in _ENDS and piece.key not in TITLES


def _opening(found: Sequence[Piece], role: int, taken: set[int]) -> int:
    """Where a name begins that stands alone before a role; the role itself if there is none."""
    last = role - 1 if role and found[role - 1].key in _COMMAS and "\n" not in found[role].gap else role
    start = last
    while start and last - start < _BEFORE_ROLE and "\n" not in found[start].gap and _may_open(found, start - 1, taken):
        start -= 1
    opens = start == 0 or "\n" in found[start].gap or found[start - 1].key in _OPENERS
    return start if opens and last - start > 1 else role


def _may_open(found: Sequence[Piece], place: int, taken: set[int]) -> bool:
    return _is_of_name(found, place, taken) and found[place].key not in ROLES | OFFICES


def _name(found: Sequence[Piece], start: int, end: int) -> Mention:
    """A name's value is its words without titles, so that «آقای رضایی» and «دکتر رضایی» are one."""
    words = [piece.key for piece in found[start:end] if piece.key not in TITLES]
    return Mention("name", start, end, " ".join(words))
