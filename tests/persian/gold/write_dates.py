# ruff: noqa: E501, SIM905 - tables of words
"""Writes `dates.tsv`: strings as pages write them, with what they say.

    python tests/persian/gold/write_dates.py

Every expectation is stated here in the Jalali calendar, by hand; its instant follows from the arithmetic and the
offsets below, which share nothing with `persian`: the 33-year rule from Nowruz 1400 = 2021-03-21, and Iran's summers.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

NOWRUZ_1400 = date(2021, 3, 21)
SUMMERS = {*range(1371, 1385), *range(1387, 1402)}  # from 2 Farvardin, 00:00, through 30 Shahrivar, 24:00
HEAD = ("form", "text", "options", "expected", "jalali", "precision", "flags", "rule")
INVISIBLE = {
    code: f"\\u{code:04x}" for code in (0xA0, 0xAC, 0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F))
}
INVISIBLE |= {code: f"\\u{code:04x}" for code in (*range(0x2060, 0x206A), 0xFEFF, 0x640, 9, 10, 13, 0x3000, 0x202F)}

rows: list[tuple[str, ...]] = []


def leap(year: int) -> bool:
    return (25 * year + 11) % 33 < 8


def gregorian(year: int, month: int, day: int) -> date:
    years = range(1400, year) if year >= 1400 else range(year, 1400)
    days = sum(365 + leap(each) for each in years) * (1 if year >= 1400 else -1)
    return NOWRUZ_1400 + timedelta(days=days + sum(31 if each <= 6 else 30 for each in range(1, month)) + day - 1)


def instant(jalali: str) -> str:
    """`1400-09-15T09:19` as an instant; a day, or the first of a month, as a Gregorian day."""
    day, _, clock = jalali.partition("T")
    year, month, *of_month = map(int, day.split("-"))
    on = gregorian(year, month, *(of_month or [1]))
    if not clock:
        return on.isoformat()
    summer = year in SUMMERS and (1, 2) <= (month, of_month[0]) <= (6, 30)
    local = datetime.fromisoformat(f"{on}T{clock}").replace(tzinfo=UTC)
    return (local - timedelta(hours=4 if summer else 3, minutes=30)).strftime("%Y-%m-%dT%H:%M:%SZ")


def row(form: str, text: str, jalali: str, rule: str, flags: str = "", options: str = "") -> None:
    precision = {7: "month", 10: "day", 16: "minute", 19: "second"}[len(jalali)]
    full = f"{jalali}:00" if precision == "minute" else jalali
    rows.append((form, text, options, instant(full), full, precision, flags, rule))


def refused(text: str, reason: str, rule: str, form: str = "refused", options: str = "") -> None:
    rows.append((form, text, options, "DateError", reason, "", "", rule))


def digits(text: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(letter)) if letter in "0123456789" else letter for letter in text)


def fa(text: str) -> str:
    return digits(text, "۰")


MONTHS = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split()
WEEK = "شنبه یکشنبه دوشنبه سه\u200cشنبه چهارشنبه پنجشنبه جمعه".split()  # 20–26 Azar 1400 begin with Saturday


def seed_forms() -> None:
    for number, month in enumerate(MONTHS, start=1):
        for zero, name in (("۰", "Persian digits"), ("٠", "Arabic-Indic digits"), ("0", "ASCII digits")):
            text = digits(f"{number + 3} {month} 1395 {number + 7:02}:{number * 4:02}", zero)
            row("day month year time", text, f"1395-{number:02}-{number + 3:02}T{number + 7:02}:{number * 4:02}", name)
        last = 31 if number <= 6 else 30 if number < 12 else 29
        row("day month year", fa(f"{last} {month} 1402"), f"1402-{number:02}-{last}", "the last day of the month")
        row("day month year", fa(f"1 {month} 1375"), f"1375-{number:02}-01", "the first day of the month")
    for text, zero_names in (
        ("1۵ آذر ١۴0۰ ۰9:١9", "digits of three sets in one number"),
        ("۱۵ آذر 1400 ٠٩:١٩", "digits of one set a part"),
        ("15 آذر ۱۴۰۰ 09:19", "ASCII day and time, Persian year"),
        ("۱۵ آذر ۱۴۰۰ 9:19", "hour of one digit"),
        ("۱۵ آذر ۱۴۰۰  ۰۹:۱۹", "two spaces"),
        (" ۱۵ آذر ۱۴۰۰ ۰۹:۱۹ ", "spaces at the edges"),
        ("۱۵ آذر ۱۴۰۰\n۰۹:۱۹", "a line break"),
        ("۱۵\tآذر\t۱۴۰۰\t۰۹:۱۹", "tabs"),
        ("۱۵آذر۱۴۰۰ ۰۹:۱۹", "no spaces"),
        ("۱۵ آذر۱۴۰۰ ۰۹:۱۹", "no space before the year"),
        ("۱۵آذر ۱۴۰۰ ۰۹:۱۹", "no space after the day"),
        ("۱۵ آذر سال ۱۴۰۰ ۰۹:۱۹", "the year named as such"),
        ("۱۵ آذر ماه ۱۴۰۰ ۰۹:۱۹", "the month named as such"),
        ("۱۵ آذرماه ۱۴۰۰ ۰۹:۱۹", "the month named as such, joined"),
        ("۱۵ آذر\u200cماه ۱۴۰۰ ۰۹:۱۹", "the month named as such, half-space"),
        ("۱۵ آذرماه سال ۱۴۰۰ ساعت ۰۹:۱۹", "both named, and the hour"),
        ("۱۵/آذر/۱۴۰۰ ۰۹:۱۹", "slashes"),
        ("۱۵-آذر-۱۴۰۰ ۰۹:۱۹", "dashes"),
        ("۱۵ - آذر - ۱۴۰۰ ۰۹:۱۹", "spaced dashes"),
        ("۱۵.آذر.۱۴۰۰ ۰۹:۱۹", "full stops"),
        ("۱۵ آذر، ۱۴۰۰ ۰۹:۱۹", "Persian comma before the year"),
        ("۱۵ ، آذر ، ۱۴۰۰ ۰۹:۱۹", "spaced commas"),
        ("۱۵ام آذر ۱۴۰۰ ۰۹:۱۹", "ordinal -ام"),
        ("۱۵م آذر ۱۴۰۰ ۰۹:۱۹", "ordinal -م"),
        ("۱۵ اُم آذر ۱۴۰۰ ۰۹:۱۹", "ordinal with a vowel mark"),
        ("پانزدهم آذر ۱۴۰۰ ۰۹:۱۹", "ordinal in words"),
        ("پانزدهم آذرماه سال ۱۴۰۰ ساعت ۰۹:۱۹", "ordinal in words, parts named"),
        ("۱۴۰۰ آذر ۱۵ ۰۹:۱۹", "year first"),
        ("آذر ۱۵، ۱۴۰۰ ۰۹:۱۹", "month first"),
        ("۰۹:۱۹ ۱۵ آذر ۱۴۰۰", "time first"),
        ("۰۹:۱۹ - ۱۵ آذر ۱۴۰۰", "time first, dash"),
        ("۰۹:۱۹ – ۱۵ آذر ۱۴۰۰", "time first, en dash"),
        ("۰۹:۱۹، ۱۵ آذر ۱۴۰۰", "time first, comma"),
        ("۰۹:۱۹ | ۱۵ آذر ۱۴۰۰", "time first, bar"),
        ("(۰۹:۱۹) ۱۵ آذر ۱۴۰۰", "time first, in brackets"),
        ("ساعت ۰۹:۱۹ روز ۱۵ آذر ۱۴۰۰", "time first, named"),
        ("ساعت: ۰۹:۱۹ تاریخ: ۱۵ آذر ۱۴۰۰", "time first, labels"),
        ("۱۵ آذر ۰۹:۱۹ ۱۴۰۰", "time within"),
        ("15 Azar 1400 09:19", "month in Latin letters"),
        ("15 azar 1400, 09:19", "month in small Latin letters"),
    ):
        row("day month year time", text, "1400-09-15T09:19", zero_names)
    for between in (
        " - ",
        "-",
        " – ",
        "–",
        " — ",
        " | ",
        "|",
        "، ",
        ", ",
        " / ",
        " , ساعت ",
        " ساعت ",
        " ساعت: ",
        " در ساعت ",
        " - ساعت ",
        "؛ ",
        " ● ",
        " » ",
        " . ",
        " (ساعت) ",
        " @ ",
        "  -  ",
    ):
        row(
            "date, separator, time",
            f"۱۵ آذر ۱۴۰۰{between}۰۹:۱۹",
            "1400-09-15T09:19",
            f"{between!r} between date and time",
        )
        row(
            "date, separator, time",
            f"1400/09/15{between}9:19",
            "1400-09-15T09:19",
            f"{between!r} between numeric date and time",
        )


def month_names() -> None:
    spellings = {
        1: ("فروردين", "فروردین\u200cماه", "فَروَردین", "فروردىن", "فـروردیـن"),
        2: ("ارديبهشت", "اردی\u200cبهشت", "اُردیبهشت", "أردیبهشت", "اردیبهشت ماه"),
        3: ("خُرداد", "خرداد ماه", "خردادماه"),
        4: ("تير", "تيرماه", "تیر ماه", "تىر"),
        5: ("امرداد", "مردادماه", "امرداد ماه", "اَمرداد"),
        6: ("شهريور", "شهریور ماه", "شهريورماه", "شهرىور"),
        7: ("مهرماه", "مهر ماه", "مِهر"),
        8: ("ابان", "آبان ماه", "ابان ماه", "آبانماه"),
        9: ("اذر", "آذَر", "اذرماه", "آذر\u200cماه"),
        10: ("دي", "دى", "ديماه", "دی\u200cماه", "دی ماه"),
        11: ("بهمن ماه", "بهمن\u200cماه", "بَهمن"),
        12: ("اسفندماه", "اسپند", "اِسفند", "اسفند ماه"),
    }
    for number, names in spellings.items():
        for name in names:
            row(
                "month spelling",
                f"۸ {name} ۱۳۹۸ - ۱۰:۰۵",
                f"1398-{number:02}-08T10:05",
                f"{MONTHS[number - 1]}: a spelling",
            )
    dari = "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت".split()
    for number, name in enumerate(dari, start=1):
        row("Dari month", f"۹ {name} ۱۳۹۹", f"1399-{number:02}-09", f"{name} is {MONTHS[number - 1]}")
    for name, number in (("ميزان", 7), ("جدي", 10), ("سنبلة", 6)):
        row("Dari month", f"۹ {name} ۱۳۹۹ ساعت ۱۲:۳۰", f"1399-{number:02}-09T12:30", f"{name}: Arabic letters")


def weekdays() -> None:
    spellings = (
        ("شنبه", "شنبه\u200c", "شَنبه"),
        ("یکشنبه", "یک\u200cشنبه", "یک شنبه", "يكشنبه", "يك\u200cشنبه", "يك شنبه", "۱شنبه"),
        ("دوشنبه", "دو\u200cشنبه", "دو شنبه", "دوشنبة", "۲شنبه"),
        ("سه\u200cشنبه", "سه شنبه", "سهشنبه", "سه&zwnj;شنبه", "۳ شنبه"),
        ("چهارشنبه", "چهار\u200cشنبه", "چهار شنبه", "۴شنبه"),
        ("پنجشنبه", "پنج\u200cشنبه", "پنج شنبه", "5شنبه"),
        ("جمعه", "جمعة", "آدینه", "ادینه"),
    )
    for offset, names in enumerate(spellings):
        for name in names:
            row(
                "weekday",
                f"{name} {fa(str(20 + offset))} آذر ۱۴۰۰ - ۰۹:۱۹",
                f"1400-09-{20 + offset}T09:19",
                "a weekday that agrees",
            )
        row(
            "weekday",
            f"{fa(str(20 + offset))} آذر ۱۴۰۰، {names[0]}",
            f"1400-09-{20 + offset}",
            "the weekday after the date",
        )
        wrong = spellings[offset - 1][0]
        row(
            "weekday",
            f"{wrong} {fa(str(20 + offset))} آذر ۱۴۰۰",
            f"1400-09-{20 + offset}",
            "a weekday that does not",
            "weekday-mismatch",
        )
    for text, rule in (
        ("شنبه، ۲۰ آذر ۱۴۰۰، ساعت ۰۹:۱۹", "commas"),
        ("شنبه - ۲۰ آذر ۱۴۰۰ - ۰۹:۱۹", "dashes"),
        ("شنبه / ۲۰ آذر ۱۴۰۰ / ۰۹:۱۹", "slashes"),
        ("۰۹:۱۹ شنبه ۲۰ آذر ۱۴۰۰", "time, weekday, date"),
        ("شنبه ۱۴۰۰/۰۹/۲۰ ساعت ۹:۱۹", "weekday and numeric date"),
        ("۱۴۰۰/۰۹/۲۰ شنبه ۹:۱۹", "weekday between numeric date and time"),
        ("شنبه۲۰آذر۱۴۰۰-۰۹:۱۹", "nothing between"),
        ("روز شنبه مورخ ۲۰ آذر ۱۴۰۰ ساعت ۰۹:۱۹", "the weekday named as such"),
    ):
        row("weekday", text, "1400-09-20T09:19", rule)


def numeric() -> None:
    for separator, name in (
        ("/", "slash"),
        ("-", "dash"),
        (".", "full stop"),
        ("٫", "U+066B"),
        ("–", "en dash"),
        ("،", "Persian comma"),
        ("\\", "backslash"),
        ("⁄", "fraction slash"),
        ("−", "minus"),
        ("ـ", "tatweel"),
        ("—", "em dash"),
        ("‐", "hyphen"),
        (" / ", "spaced slash"),
        (" - ", "spaced dash"),
        ("٬", "U+066C"),
    ):
        row("year/month/day", fa(separator.join(("1398", "04", "27"))) + " ۱۱:۰۵", "1398-04-27T11:05", name)
        row(
            "day/month/year",
            fa(separator.join(("27", "04", "1398"))) + " ۱۱:۰۵",
            "1398-04-27T11:05",
            f"year last, {name}",
        )
    for zero, name in (("۰", "Persian"), ("٠", "Arabic-Indic"), ("0", "ASCII")):
        row("year/month/day", digits("1404/02/25", zero), "1404-02-25", f"{name} digits")
        row("year/month/day", digits("1404/2/5", zero), "1404-02-05", f"{name} digits, unpadded")
        row("day/month/year", digits("5/2/1404", zero), "1404-02-05", f"{name} digits, unpadded, year last")
        row("year/month/day", digits("13:35 - 1396/12/27", zero), "1396-12-27T13:35", f"{name} digits, time first")
        row("year/month/day", digits("1396/12/27 13:35:07", zero), "1396-12-27T13:35:07", f"{name} digits, seconds")
    for month in range(1, 13):
        row(
            "year/month/day",
            f"1399/{month:02}/{30 if month == 12 else 29}",
            f"1399-{month:02}-{30 if month == 12 else 29}",
            "every month",
        )
    for year in (1342, 1357, 1370, 1379, 1383, 1387, 1391, 1395, 1399, 1403):
        expected = f"{year}-12-30" if leap(year) else f"{year}-12-29"
        row("leap years", f"{expected[-2:]} اسفند {year}", expected, "the last day of the year")
        row("leap years", f"{year + 1}/01/01", f"{year + 1}-01-01", "the day after it")
    for text, jalali, rule in (
        ("28/06/83", "1383-06-28", "the year can only be last"),
        ("مورخ 96/9/5", "1396-09-05", "the year first"),
        ("۹۶/۰۹/۰۵", "1396-09-05", "Persian digits"),
        ("96-9-5", "1396-09-05", "dashes"),
        ("96.09.05", "1396-09-05", "full stops"),
        ("5/9/96", "1396-09-05", "the year last, unpadded"),
        ("25/02/04", "1404-02-25", "the order that lies in the last fifty years"),
        ("04/02/25", "1404-02-25", "likewise"),
        ("99/12/30", "1399-12-30", "a leap day"),
        ("00/01/01", "1400-01-01", "the year 00"),
        ("۱۵ آذر ۹۶", "1396-09-15", "a named month"),
        ("۱۵ آذر '۹۶", "1396-09-15", "apostrophe"),
        ("۱۵ آذرماه ۹۶", "1396-09-15", "a named month, named as such"),
        ("۱۵ آذر سال ۹۶", "1396-09-15", "the year named as such"),
        ("۱۵-آذر-۹۶", "1396-09-15", "dashes around a name"),
        ("دوشنبه ۲۷ دی ۰۰", "1400-10-27", "00 with a weekday"),
        ("96/9/5 - 10:11", "1396-09-05T10:11", "with a time"),
        ("10:11 96/9/5", "1396-09-05T10:11", "time first"),
        ("تاریخ: 02/11/15 ساعت 10:11", "1402-11-15T10:11", "label and named hour"),
    ):
        row("two-digit year", text, jalali, rule)
    row(
        "two-digit year",
        "02/03/03",
        "1402-03-03",
        "two orders are possible: year first, flagged",
        "ambiguous-day-order",
    )
    row(
        "two-digit year",
        "01/02/03",
        "1401-02-03",
        "two orders are possible: year first, flagged",
        "ambiguous-day-order",
    )


def labels() -> None:
    for text in (
        "تاریخ انتشار: {}", "تاریخ انتشار : {}", "تاريخ انتشار: {}", "کد خبر: ۳۹۸۰۵۰ تاریخ انتشار : {}", "کد خبر : 12345 | {}", "{} | کد خبر: ۱۲۳۴۵",
        "{} کد : ۴۵۶۷", "شناسه خبر: 14000915001 - {}", "منتشر شده در {}", "انتشار: {}", "زمان انتشار: {}", "به روز شده در {}", "آخرین بروزرسانی: {}",
        "در تاریخ {} منتشر شد", "مورخ {}", "مورخه {}", "ارسال شده در {} توسط مدیر", "نویسنده: علی رضایی - {}", "{} - بازدید: ۱۲۳۴", "{} تعداد بازدید : 512",
        "{} | ۰ نظر", "{} چاپ", "خبرگزاری مهر {}", "روابط عمومی؛ {}", "یزد - {}", "گروه خبر: استان‌ها {}", "[{}]", "({})", "«{}»", "{}.", "{} ؛", "* {} *", "Date: {}",
        "published {} ", "<time>{}</time>", "نسخه چاپی {} ارسال به دوستان", "شماره ۱۵ مورخ {}", "{} تلفن: ۰۳۵-۳۶۲۴۱۲۳۴",
    ):  # fmt: skip
        row("labels", text.format("۱۵ آذر ۱۴۰۰ ۰۹:۱۹"), "1400-09-15T09:19", "text around a named date")
        row("labels", text.format("۱۴۰۰/۰۹/۱۵ - ۰۹:۱۹"), "1400-09-15T09:19", "text around a numeric date")


def invisibles() -> None:
    for text, rule in (
        ("\u200f۱۵ آذر ۱۴۰۰ ۰۹:۱۹", "RLM before"),
        ("۱۵\u200f آذر\u200f ۱۴۰۰\u200f ۰۹:۱۹", "RLM after each part"),
        ("\u200e1400/09/15\u200e 09:19", "LRM around"),
        ("\u202b۱۵ آذر ۱۴۰۰ ۰۹:۱۹\u202c", "RLE and PDF"),
        ("\u202a1400/09/15\u202c\u202a09:19\u202c", "only embeddings part date and time"),
        ("\u20671400/09/15\u2069 \u206709:19\u2069", "isolates"),
        ("1400\u200e/09\u200e/15 09\u200e:19", "marks within the numbers' separators"),
        ("\ufeff۱۵ آذر ۱۴۰۰ ۰۹:۱۹", "byte order mark"),
        ("۱۵\u00a0آذر\u00a0۱۴۰۰\u00a0۰۹:۱۹", "no-break spaces"),
        ("۱۵\u202fآذر\u202f۱۴۰۰ ۰۹:۱۹", "narrow no-break spaces"),
        ("۱۵\u3000آذر ۱۴۰۰ ۰۹:۱۹", "ideographic space"),
        ("۱۵ آ\u200cذر ۱۴۰۰ ۰۹:۱۹", "a half-space within the name"),
        ("۱۵\u200cآذر\u200c۱۴۰۰ ۰۹:۱۹", "half-spaces for spaces"),
        ("۱۵ آ\u00adذر ۱۴۰۰ ۰۹:۱۹", "soft hyphen"),
        ("۱۵ آذر\u200b ۱۴۰۰ ۰۹:۱۹", "zero-width space"),
        ("۱۵ آذـر ۱۴۰۰ ۰۹:۱۹", "tatweel in the name"),
        ("۱۵&nbsp;آذر&nbsp;۱۴۰۰ ۰۹:۱۹", "entities"),
        ("۱۵&nbspآذر&nbsp۱۴۰۰ ۰۹:۱۹", "entities without their semicolon"),
        ("۱۵&amp;nbsp;آذر ۱۴۰۰ ۰۹:۱۹", "an entity escaped twice"),
        ("&#1777;&#1781; آذر ۱۴۰۰ ۰۹:۱۹", "numeric entities"),
        ("۱۵ آذر&zwnj;ماه ۱۴۰۰ ۰۹:۱۹", "&zwnj;"),
        ("۱۵ آذر&#8204;ماه ۱۴۰۰ ۰۹:۱۹", "&#8204;"),
        ("۱۵ آذر ۱۴۰۰ ۰۹∶۱۹", "ratio sign"),
        ("１５ آذر １４００ ０９：１９", "full-width digits and colon"),
        ("۱۵ \ufe81\ufeab\ufead ۱۴۰۰ ۰۹:۱۹", "presentation forms"),
        ("۱۵ آذر ۱۴۰۰ ۰۹ : ۱۹", "spaced colon"),
    ):
        row("invisible and odd characters", text, "1400-09-15T09:19", rule)


def clocks() -> None:
    for clock, expected, rule in (
        ("00:00", "00:00", "midnight"), ("0:05", "00:05", "hour zero"), ("23:59", "23:59", "the last minute"), ("9:05", "09:05", "unpadded"),
        ("08:41:46", "08:41:46", "seconds"), ("8:41:06", "08:41:06", "seconds, unpadded hour"), ("08 : 41 : 46", "08:41:46", "spaced"),
        ("۸:۴۱ ق.ظ", "08:41", "ق.ظ"), ("۸:۴۱ ق.ظ.", "08:41", "ق.ظ."), ("۸:۴۱ ق ظ", "08:41", "ق ظ"), ("۸:۴۱ قبل از ظهر", "08:41", "قبل از ظهر"), ("ق.ظ ۸:۴۱", "08:41", "ق.ظ before"),
        ("۸:۴۱ صبح", "08:41", "morning"), ("صبح ۸:۴۱", "08:41", "morning before"), ("۸:۴۱ ب.ظ", "20:41", "ب.ظ"), ("۸:۴۱ ب ظ", "20:41", "ب ظ"), ("۸:۴۱ بعد از ظهر", "20:41", "بعد از ظهر"),
        ("۳:۴۱ بعدازظهر", "15:41", "بعدازظهر"), ("۳:۴۱ بعد\u200cاز\u200cظهر", "15:41", "half-spaces"), ("ب.ظ ۸:۴۱", "20:41", "ب.ظ before"), ("۵:۴۱ عصر", "17:41", "عصر"), ("عصر ساعت ۵:۴۱", "17:41", "عصر before"),
        ("۱۲:۴۱ ب.ظ", "12:41", "noon stays"), ("۱۲:۴۱ ق.ظ", "00:41", "midnight is 12 a.m."), ("۱۲:۴۱ ظهر", "12:41", "midday"), ("۱:۴۱ ظهر", "13:41", "past midday"), ("۱۰:۴۱ شب", "22:41", "night"),
        ("۲:۴۱ بامداد", "02:41", "small hours"), ("۱:۴۱ شب", "01:41", "small hours of the night"), ("۲۱:۴۱ ب.ظ", "21:41", "24-hour clock with ب.ظ"), ("۱۵:۴۱ عصر", "15:41", "24-hour clock with عصر"),
        ("8:41 AM", "08:41", "AM"), ("8:41 pm", "20:41", "pm"), ("8:41 p.m.", "20:41", "p.m."), ("12:41 AM", "00:41", "12 AM"),
        ("ساعت ۸", "08:00", "hour alone"), ("ساعت ۸ صبح", "08:00", "hour and part of day"), ("ساعت ۸ شب", "20:00", "hour and night"), ("ساعت ۸ و ۴۱ دقیقه", "08:41", "minutes in words"), ("ساعت ۸.۴۱", "08:41", "full stop"),
        ("ساعت ۸:۴۱", "08:41", "hour named"), ("ساعت: ۰۸:۴۱", "08:41", "hour labelled"), ("در ساعت ۰۸:۴۱", "08:41", "at the hour"), ("ساعت ۰۸:۴۱ دقیقه", "08:41", "minutes named after"), ("08:41 - 10:30", "08:41", "a span begins"),
    ):  # fmt: skip
        row("time", f"۲۰ بهمن ۱۳۹۷ {clock}", f"1397-11-20T{expected}", rule)
    row("time", "20 بهمن 1397 14:30 صبح", "1397-11-20T14:30", "an afternoon said to be morning", "day-period-mismatch")
    for text in ("{} - 08:41", "{} ساعت ۸:۴۱ صبح", "08:41 {}", "ساعت ۸:۴۱ صبح {}"):
        row("time", text.format("1397/11/20"), "1397-11-20T08:41", "time beside a numeric date")


def summers() -> None:
    for year in range(1383, 1404):
        row("summer time", f"{year}/05/01 12:00", f"{year}-05-01T12:00", "offset of that summer")
    for year in (1384, 1388, 1393, 1399, 1401, 1402):
        row("summer time", f"{year}/11/01 12:00", f"{year}-11-01T12:00", "offset of that winter")
    for year in (1387, 1394, 1400, 1401):
        row("summer time", f"{year}/01/01 23:59", f"{year}-01-01T23:59", "the last minute of winter")
        row("summer time", f"{year}/01/02 01:00", f"{year}-01-02T01:00", "the first hour of summer")
        row("summer time", f"{year}/06/30 22:59", f"{year}-06-30T22:59", "before the hour that comes twice")
        row(
            "summer time",
            f"{year}/06/30 23:30",
            f"{year}-06-30T23:30",
            "the hour that comes twice: the first",
            "ambiguous-local-time",
        )
        row("summer time", f"{year}/06/31 00:00", f"{year}-06-31T00:00", "the first minute of winter")
        row("summer time", f"{year}/01/02", f"{year}-01-02", "a day without a midnight is a day")
        rows.append(
            (
                "summer time",
                f"{year}/01/02 00:30",
                "",
                instant(f"{year}-01-02T01:30:00"),
                f"{year}-01-02T01:30:00",
                "minute",
                "nonexistent-local-time",
                "the hour that is skipped: moved forward",
            )
        )
    for year in (1385, 1386, 1402, 1403):
        row("summer time", f"{year}/01/02 00:30", f"{year}-01-02T00:30", "a year without summer time")
        row("summer time", f"{year}/06/30 23:30", f"{year}-06-30T23:30", "a year without summer time")


def gregorian_forms() -> None:
    # 15 Gregorian 2020 of each month in the Jalali calendar, from the printed calendar of 1398/99
    fifteenth = "1398-10-25 1398-11-26 1398-12-25 1399-01-27 1399-02-26 1399-03-26 1399-04-25 1399-05-25 1399-06-25 1399-07-24 1399-08-25 1399-09-25".split()
    english = "January February March April May June July August September October November December".split()
    persian = (
        "ژانویه ژانویهٔ ژانويه جنوری", "فوریه فوریهٔ فوريه", "مارس مارچ", "آوریل اوریل آپریل آوريل", "مه مهٔ می مي", "ژوئن جون", "ژوئیه ژوئیهٔ ژوییه جولای", "اوت آگوست اگوست", "سپتامبر", "اکتبر اكتبر", "نوامبر", "دسامبر",
    )  # fmt: skip
    for number, (jalali, name, names) in enumerate(zip(fifteenth, english, persian, strict=True), start=1):
        row("English", f"15 {name} 2020", jalali, "day month year")
        row("English", f"{name[:3]} 15, 2020", jalali, "abbreviated, month first")
        row("English", f"2020-{number:02}-15", jalali, "ISO day")
        for spelling in names.split():
            row("Gregorian in Persian", f"۱۵ {spelling} ۲۰۲۰", jalali, f"{name}: a spelling")
    for text, jalali, rule in (
        ("Saturday - 20 April - 2024", "1403-02-01", "spaced dashes"),
        ("Saturday, April 20th, 2024", "1403-02-01", "ordinal"),
        ("20th of April 2024", "1403-02-01", "of"),
        ("20/04/2024", "1403-02-01", "day first"),
        ("04/20/2024", "1403-02-01", "month first where it can only be"),
        ("2024/4/20", "1403-02-01", "year first, unpadded"),
        ("20.04.2024", "1403-02-01", "full stops"),
        ("Apr 20 2024 - 14:05", "1403-02-01T14:05", "with a time"),
        ("20 April 2024 2:05 PM", "1403-02-01T14:05", "PM"),
        ("۲۰ آوریل ۲۰۲۴ ساعت ۱۴:۰۵", "1403-02-01T14:05", "Persian with a time"),
        ("شنبه ۲۰ آوریل ۲۰۲۴ - ۱۴:۰۵", "1403-02-01T14:05", "Persian with a weekday"),
    ):
        row("English", text, jalali, rule)
    for text, jalali, rule in (
        ("2018-03-19 T 14:02:23 +0330", "1396-12-28T14:02:23", "T with spaces"),
        ("2018-03-21 20:00:00 GMT", "1397-01-01T23:30:00", "GMT; the night the clocks changed"),
        ("2018-03-21T20:30:00Z", "1397-01-02T01:00:00", "Z; the first instant of summer"),
        ("2021-12-06T09:19:46+03:30", "1400-09-15T09:19:46", "offset"),
        ("2021-12-06T09:19+03:30", "1400-09-15T09:19", "to the minute"),
        ("2021-12-06T09:19:46", "1400-09-15T09:19:46", "no offset is Tehran's"),
        ("2021-12-06 09:19:46", "1400-09-15T09:19:46", "a space for T"),
        ("2021-12-06T05:49:46.123Z", "1400-09-15T09:19:46", "a fraction is dropped"),
        ("2021-12-06T05:49:46.123456+00:00", "1400-09-15T09:19:46", "microseconds"),
        ("20211206T054946Z", "1400-09-15T09:19:46", "basic form"),
        ("2021-12-06t05:49:46z", "1400-09-15T09:19:46", "small letters"),
        ("2021-12-05T23:49:46-06:00", "1400-09-15T09:19:46", "west; the day changes"),
        ("2021-07-06T09:19:46+03:30", "1400-04-15T10:19:46", "a winter offset in summer"),
        ("2021-07-06T09:19:46+04:30", "1400-04-15T09:19:46", "a summer offset"),
        ("2021-12-06T09:19:46+03:30[Asia/Tehran][u-ca=persian]", "1400-09-15T09:19:46", "RFC 9557"),
        ("1400-09-15T09:19:46", "1400-09-15T09:19:46", "Jalali"),
        ("1400-09-15T09:19:46+03:30", "1400-09-15T09:19:46", "Jalali with an offset"),
        ("۲۰۲۱-۱۲-۰۶T۰۹:۱۹:۴۶", "1400-09-15T09:19:46", "Persian digits"),
    ):
        row("ISO 8601", text, jalali, rule)
    for text, jalali, rule in (
        ("Mon, 06 Dec 2021 05:49:46 GMT", "1400-09-15T09:19:46", "GMT"),
        ("Mon, 06 Dec 2021 05:49:46 UT", "1400-09-15T09:19:46", "UT"),
        ("Mon, 6 Dec 2021 05:49:46 +0000", "1400-09-15T09:19:46", "unpadded"),
        ("Mon, 06 Dec 2021 09:19:46 +0330", "1400-09-15T09:19:46", "Tehran's offset"),
        ("06 Dec 2021 05:49:46 Z", "1400-09-15T09:19:46", "no weekday"),
        ("Mon, 06 Dec 2021 05:49 GMT", "1400-09-15T09:19", "no seconds"),
        ("Mon, 06 Dec 21 05:49:46 GMT", "1400-09-15T09:19:46", "two-digit year"),
        ("Mon, 06 Dec 2021 00:49:46 EST", "1400-09-15T09:19:46", "EST"),
        ("Tue, 06 Jul 2021 05:49:46 EDT", "1400-04-15T14:19:46", "EDT in summer"),
        ("Mon, 06 Dec 2021 09:19:46 IRST", "1400-09-15T09:19:46", "IRST"),
        ("Mon Dec 06 2021 09:19:46 GMT+0330 (Iran Standard Time)", "1400-09-15T09:19:46", "JavaScript"),
        ("Mon Dec  6 09:19:46 2021", "1400-09-15T09:19:46", "C"),
    ):
        row("RFC 822", text, jalali, rule)
    row(
        "RFC 822",
        "Tue, 06 Dec 2021 05:49:46 GMT",
        "1400-09-15T09:19:46",
        "a weekday that does not agree",
        "weekday-mismatch",
    )


def repaired() -> None:
    field = "jalali-year-in-gregorian-field"
    for text, jalali, rule in (
        ("1403-05-12T10:45:00+03:30", "1403-05-12T10:45:00", "ISO"),
        ("1403-05-12", "1403-05-12", "ISO day"),
        ("1403/05/12 10:45", "1403-05-12T10:45", "numeric"),
        ("1395-05-12T10:45:00+04:30", "1395-05-12T10:45:00", "ISO in summer time"),
        ("۱۲ مرداد ۱۴۰۳", "1403-05-12", "named"),
    ):
        row("Jalali year in a Gregorian field", text, jalali, rule, field, "hint=gregorian")
        row("Jalali year in a Gregorian field", text, jalali, "the same where Jalali is at home")
    row(
        "Jalali year in a Gregorian field",
        "Fri, 12 Mordad 1403 10:00:00 +0330",
        "1403-05-12T10:00:00",
        "RFC 822 with a Jalali month",
        field,
    )
    row(
        "Jalali year in a Gregorian field",
        "Fri, 12 Aug 1403 10:00:00 +0330",
        "1403-08-12T10:00:00",
        "English month by its number; weekday off",
        f"{field} weekday-mismatch",
    )
    row(
        "Jalali year in a Gregorian field",
        "Sat, 12 Aug 1403 10:00:00 +0330",
        "1403-08-12T10:00:00",
        "English month by its number",
        field,
    )
    row(
        "Jalali year in a Gregorian field",
        "2024-08-02",
        "1403-05-12",
        "a Gregorian year there is as it should be",
        "",
        "hint=gregorian",
    )


def relative() -> None:
    # fetched 2026-01-10T12:00:30Z: Saturday 20 Dey 1404, 15:30:30 in Tehran
    for text, jalali in (
        ("۲ ساعت پیش", "1404-10-20T13:30"), ("۲ ساعت قبل", "1404-10-20T13:30"), ("2 ساعت قبل", "1404-10-20T13:30"), ("٢ ساعت قبل", "1404-10-20T13:30"), ("۲ساعت پیش", "1404-10-20T13:30"), ("دو ساعت پیش", "1404-10-20T13:30"),
        ("۲ ساعت پيش", "1404-10-20T13:30"), ("منتشر شده ۲ ساعت پیش", "1404-10-20T13:30"), ("(۲ ساعت پیش)", "1404-10-20T13:30"), ("یک ساعت پیش", "1404-10-20T14:30"), ("يك ساعت پيش", "1404-10-20T14:30"), ("ساعتی پیش", "1404-10-20T14:30"),
        ("نیم ساعت پیش", "1404-10-20T15:00"), ("یک ساعت و نیم پیش", "1404-10-20T14:00"), ("۱ ساعت و نیم پیش", "1404-10-20T14:00"), ("دو ساعت و نیم قبل", "1404-10-20T13:00"), ("یک و نیم ساعت پیش", "1404-10-20T14:00"), ("دو و نیم ساعت پیش", "1404-10-20T13:00"),
        ("۲ و نیم ساعت پیش", "1404-10-20T13:00"), ("۱.۵ ساعت پیش", "1404-10-20T14:00"), ("۲٫۵ ساعت پیش", "1404-10-20T13:00"), ("یک ربع پیش", "1404-10-20T15:15"), ("سه ربع پیش", "1404-10-20T14:45"), ("یک ساعت و ربع پیش", "1404-10-20T14:15"), ("یک ساعت و یک ربع پیش", "1404-10-20T14:15"), ("۱ ساعت و سه ربع پیش", "1404-10-20T13:45"),
        ("۵ دقیقه پیش", "1404-10-20T15:25"), ("پنج دقیقه قبل", "1404-10-20T15:25"), ("ده دقیقه پیش", "1404-10-20T15:20"), ("یازده دقیقه پیش", "1404-10-20T15:19"), ("دوازده دقیقه پیش", "1404-10-20T15:18"), ("هجده دقیقه پیش", "1404-10-20T15:12"), ("هیجده دقیقه پیش", "1404-10-20T15:12"),
        ("نوزده دقیقه پیش", "1404-10-20T15:11"), ("بیست دقیقه پیش", "1404-10-20T15:10"), ("بیست و پنج دقیقه پیش", "1404-10-20T15:05"), ("سی و سه دقیقه پیش", "1404-10-20T14:57"), ("چهل و پنج دقیقه پیش", "1404-10-20T14:45"), ("پنجاه و نه دقیقه پیش", "1404-10-20T14:31"), ("شصت دقیقه پیش", "1404-10-20T14:30"), ("نود دقیقه پیش", "1404-10-20T14:00"), ("هفتاد و پنج دقیقه پیش", "1404-10-20T14:15"), ("صد دقیقه پیش", "1404-10-20T13:50"),
        ("۱ ساعت و ۵ دقیقه پیش", "1404-10-20T14:25"), ("یک ساعت و پنج دقیقه قبل", "1404-10-20T14:25"), ("۳۰ ثانیه پیش", "1404-10-20T15:30"), ("۴۵ ثانیه پیش", "1404-10-20T15:29"), ("لحظاتی پیش", "1404-10-20T15:30"), ("لحظه\u200cای پیش", "1404-10-20T15:30"), ("لحظه ای پیش", "1404-10-20T15:30"), ("دقیقه\u200cای پیش", "1404-10-20T15:30"), ("یکصد دقیقه پیش", "1404-10-20T13:50"), ("لحظاتی قبل", "1404-10-20T15:30"), ("دقایقی پیش", "1404-10-20T15:30"), ("چند دقیقه پیش", "1404-10-20T15:30"), ("چند لحظه پیش", "1404-10-20T15:30"), ("هم\u200cاکنون", "1404-10-20T15:30"), ("همین حالا", "1404-10-20T15:30"),
        ("۲۰ ساعت پیش", "1404-10-19T19:30"), ("۱۶ ساعت پیش", "1404-10-19T23:30"),
        ("امروز", "1404-10-20"), ("دیروز", "1404-10-19"), ("ديروز", "1404-10-19"), ("پریروز", "1404-10-18"), ("پس\u200cپریروز", "1404-10-17"), ("پس پریروز", "1404-10-17"), ("دیشب", "1404-10-19"), ("امروز ۱۴:۳۰", "1404-10-20T14:30"), ("امروز، ساعت ۹:۰۵", "1404-10-20T09:05"), ("دیروز ۱۴:۳۰", "1404-10-19T14:30"), ("دیروز - ۱۴:۳۰", "1404-10-19T14:30"), ("۱۴:۳۰ دیروز", "1404-10-19T14:30"), ("دیروز ساعت ۲ بعدازظهر", "1404-10-19T14:00"), ("پریروز ۰۸:۰۰", "1404-10-18T08:00"), ("دیروز، ۲۳:۵۹:۵۸", "1404-10-19T23:59:58"),
        ("۱ روز پیش", "1404-10-19"), ("یک روز پیش", "1404-10-19"), ("سه روز پیش", "1404-10-17"), ("۲۰ روز پیش", "1404-09-30"), ("۲ روز قبل ۱۰:۰۰", "1404-10-18T10:00"), ("یک هفته پیش", "1404-10-13"), ("۲ هفته قبل", "1404-10-06"), ("یک هفته و دو روز پیش", "1404-10-11"),
        ("۱ ماه پیش", "1404-09"), ("سه ماه پیش", "1404-07"), ("۱۰ ماه پیش", "1403-12"), ("یک سال پیش", "1403-10"), ("۲ سال و ۳ ماه پیش", "1402-07"), ("یک سال و نیم پیش", "1403-04"),
    ):  # fmt: skip
        row("relative", text, jalali, "counted from the fetch, in Tehran", "relative")
    row(
        "relative",
        "دیروز",
        "1404-10-19",
        "fetched after Tehran's midnight, before Greenwich's",
        "relative",
        "fetched_at=2026-01-09T21:00:00+00:00",
    )
    row(
        "relative",
        "امروز",
        "1404-10-19",
        "fetched before Tehran's midnight",
        "relative",
        "fetched_at=2026-01-09T20:29:59+00:00",
    )
    row(
        "relative",
        "۲ ساعت پیش",
        "1401-06-30T23:30",
        "across the end of summer time, which sets back an hour",
        "relative",
        "fetched_at=2022-09-21T21:00:00+00:00",
    )
    row("relative", "دیروز ۱۵ آذر ۱۴۰۰", "1400-09-15", "a date beside counts before the word")


def lunar() -> None:
    for text in ("۱ محرم ۱۴۴۳ قمری", "۱۴۴۳/۰۵/۰۱ قمری", "1443/05/01 ه.ق", "1443/05/01 هـ.ق", "۱۴۴۳/۰۵/۰۱ هجری قمری", "1443-05-01 ه ق", "1443/05/01 (قمری)", "قمری: 1443/05/01", "۲۳ رمضان ۱۴۴۲", "۱ جمادی الاول ۱۴۴۳", "۱۲ ربیع\u200cالاول ۱۴۴۰ هـ.ق", "01/05/1443 قمری"):  # fmt: skip
        refused(text, "a lunar Hijri date", "marked lunar: not guessed", "lunar")
    for text in ("۱۵ آذر ۱۴۰۰ - ۱ جمادی الاول ۱۴۴۳", "۱۵ آذر ۱۴۰۰ برابر با ۱۴۴۳/۰۵/۰۱ قمری", "۱۴۴۳/۰۵/۰۱ هجری قمری - ۱۵ آذر ۱۴۰۰", "1443/05/01 ه.ق 1400/09/15 ه.ش", "۱۴۰۰/۰۹/۱۵ | ۱ جمادی\u200cالاولی ۱۴۴۳ | 6 December 2021", "شمسی: 1400/09/15 قمری: 1443/05/01"):  # fmt: skip
        row("lunar", text, "1400-09-15", "a lunar date beside is ignored and flagged", "lunar-date-beside")
    for text in ("۱۵ آذر ۱۴۰۰ شمسی", "۱۵ آذر ۱۴۰۰ هجری شمسی", "1400/09/15 ه.ش", "۱۴۰۰/۰۹/۱۵ خورشیدی"):
        row("lunar", text, "1400-09-15", "marked solar: as unmarked")


def beside() -> None:
    for text, jalali, flags, rule in (
        ("دوشنبه ۲۸ اسفند ۱۳۹۶ - Mar 19 2018", "1396-12-28", "", "two calendars that agree"),
        ("Mar 19 2018 - ۲۸ اسفند ۱۳۹۶", "1396-12-28", "", "the Gregorian first"),
        ("۲۸ اسفند ۱۳۹۶ (۱۹ مارس ۲۰۱۸)", "1396-12-28", "", "both in Persian"),
        ("1396/12/28 2018/03/19 10:00", "1396-12-28T10:00", "", "both numeric"),
        ("۲۸ اسفند ۱۳۹۶ - Mar 20 2018", "1396-12-28", "calendars-disagree", "that disagree"),
        ("تاریخ: ۱۴۰۰/۰۹/۱۵ به‌روزرسانی: ۱۴۰۰/۰۹/۱۶", "1400-09-15", "", "two Jalali dates: the first"),
    ):
        row("two dates", text, jalali, rule, flags)
    row("future", "۲۲ دی ۱۴۰۴", "1404-10-22", "beyond a day", "future")
    row("future", "۲۱ دی ۱۴۰۴", "1404-10-21", "tomorrow is not yet the future")
    row("future", "1404/10/21 15:31", "1404-10-21T15:31", "a minute beyond a day", "future")
    row("future", "1404/10/21 15:30", "1404-10-21T15:30", "a day less half a minute")
    row("before the source", "1389/12/29", "1389-12-29", "the day before", "before-source", "since=2011-03-21")
    row("before the source", "1390/01/01", "1390-01-01", "the very day", "", "since=2011-03-21")
    row(
        "before the source",
        "1389/12/29 23:59",
        "1389-12-29T23:59",
        "the minute before",
        "before-source",
        "since=2011-03-21",
    )
    row("before the source", "بهمن ۱۳۸۹", "1389-11", "the month before", "before-source", "since=2011-03-21")
    row("before the source", "اسفند ۱۳۸۹", "1389-12", "a month it began in", "", "since=2011-03-01")
    row(
        "before the source",
        "1348/10/11",
        "1348-10-11",
        "the epoch of a broken clock",
        "before-source",
        "since=2011-03-21",
    )
    for text in (
        "آذر ۱۴۰۰",
        "آذرماه ۱۴۰۰",
        "آذر ماه سال ۱۴۰۰",
        "اذر 1400",
        "1400/09",
        "۱۴۰۰-۰۹",
        "1400.9",
        "شماره آذر ۱۴۰۰",
        "قوس ۱۴۰۰",
    ):
        row("month", text, "1400-09", "a month alone")


def chosen() -> None:
    """Several dates in one text: which of them tells of the publication."""
    for text, jalali, rule in (
        ("امروز: دوشنبه ۱۵ بهمن ۱۴۰۳ - ۱۱:۰۲ کد خبر: ۸۱۲۳۴ تاریخ انتشار: ۸ خرداد ۱۴۰۲ - ۱۳:۴۷", "1402-03-08T13:47", "today in the page's head"),
        ("امروز: دوشنبه ۱۵ بهمن ۱۴۰۳ | تاریخ انتشار : ۱۴۰۲/۰۳/۰۸", "1402-03-08", "today in the page's head, day alone"),
        ("امروز شنبه, ۲۰ دی , ۱۴۰۴ ساعت: ۱۰:۱۱ منتشر شده در ۸ خرداد ۱۴۰۲", "1402-03-08", "its clock is not that of the head"),
        ("۰۹ دی ۱۴۰۴ به روز شده در: ۰۹ دی ۱۴۰۴ - ۰۴:۱۵ کد خبر ۷۷۷۱۲ تاریخ انتشار: ۱۳:۴۷ - ۰۸-۰۳-۱۴۰۲", "1402-03-08T13:47", "an unmarked date and an update before"),
        ("تاریخ انتشار: ۸ خرداد ۱۴۰۲ آخرین به\u200cروزرسانی: ۹ خرداد ۱۴۰۲ ساعت ۱۰:۰۰", "1402-03-08", "the clock of the update is not its own"),
        ("تاریخ انتشار: ۸ خرداد ۱۴۰۲ - ۰۸:۳۰ تاریخ بروزرسانی: ۹ خرداد ۱۴۰۲ - ۱۰:۰۰", "1402-03-08T08:30", "the update after"),
        ("آخرین بروزرسانی: ۹ خرداد ۱۴۰۲ - ۱۰:۰۰ | تاریخ انتشار: ۸ خرداد ۱۴۰۲ - ۰۸:۳۰", "1402-03-08T08:30", "the update before"),
        ("ویرایش شده در ۱۴۰۲/۰۳/۰۹ ۱۰:۰۰، منتشر شده در ۱۴۰۲/۰۳/۰۸ ۰۸:۳۰", "1402-03-08T08:30", "the edit before"),
        ("۸ خرداد ۱۴۰۲ - ۰۸:۳۰ (آخرین ویرایش: ۹ خرداد ۱۴۰۲ - ۱۰:۰۰)", "1402-03-08T08:30", "the edit in brackets"),
        ("آخرین تغییر: ۹ خرداد ۱۴۰۲ تاریخ درج: ۸ خرداد ۱۴۰۲", "1402-03-08", "a change before"),
        ("به\u200cروزشده در ۹ خرداد ۱۴۰۲ / ثبت شده در ۸ خرداد ۱۴۰۲", "1402-03-08", "registered"),
        ("اصلاح: ۱۴۰۲/۰۳/۰۹ - ارسال شده: ۱۴۰۲/۰۳/۰۸", "1402-03-08", "sent"),
        ("بروز رسانی 1402/03/09 10:00 تاریخ خبر 1402/03/08 08:30", "1402-03-08T08:30", "date of the news"),
        ("تاریخ برگزاری: ۱۵ خرداد ۱۴۰۲ تاریخ انتشار: ۸ خرداد ۱۴۰۲", "1402-03-08", "an event's date before"),
        ("در تاریخ ۸ خرداد ۱۴۰۲ منتشر شد و در ۹ خرداد ۱۴۰۲ ویرایش شد", "1402-03-08", "in sentences, after the date"),
        ("ساعت انتشار : ۰۸:۳۰ تاریخ انتشار : ۱۴۰۲/۰۳/۰۸", "1402-03-08T08:30", "time and date labelled each"),
        ("تاریخ ارسال: ۱۴۰۲/۳/۸ ساعت ارسال: ۰۸:۳۰", "1402-03-08T08:30", "date and time labelled each"),
        ("ساعت ۰۸:۳۰ تاریخ انتشار ۱۴۰۲/۰۳/۰۸", "1402-03-08T08:30", "a time before the label"),
        ("2024-05-09@04:15:12 GMT تاریخ انتشار: ۸ خرداد ۱۴۰۲ | کد خبر: ۳۳۱۵۵", "1402-03-08", "when it was copied, in another calendar"),
        ("Published: 2023-05-29 08:30 | Updated: 2023-05-30 10:00", "1402-03-08T08:30", "English"),
        ("Updated: 2023-05-30 10:00 Published: 2023-05-29 08:30", "1402-03-08T08:30", "English, the update before"),
        ("تاریخ به روز رسانی: ۹ خرداد ۱۴۰۲ - ۱۰:۰۰", "1402-03-09T10:00", "an update alone is better than nothing"),
        ("امروز : ۹ خرداد ۱۴۰۲", "1402-03-09", "the page's day alone"),
        ("Last modified 2023-05-30 10:00", "1402-03-09T10:00", "an English update alone"),
        ("بازنشر: ۹ خرداد ۱۴۰۲", "1402-03-09", "a label of its own"),
        ("8 خرداد 1402 ساعت 08:30 http://www.example.ir/fa/doc/news/1401/02/03/خبر", "1402-03-08T08:30", "an address with a date behind"),
        ("https://www.example.ir/news/1401/02/03/771 ۸ خرداد ۱۴۰۲ - ۰۸:۳۰", "1402-03-08T08:30", "an address with a date before"),
        ("https://www.example.ir/news/1401/02/03/771", "1401-02-03", "an address alone"),
        ("https://www.example.ir/q?t=10:20 تاریخ انتشار ۱۴۰۲/۰۳/۰۸", "1402-03-08", "a time in an address"),
    ):  # fmt: skip
        row("which date", text, jalali, rule)
    row(
        "which date", "به روز شده در ۱۰ دقیقه پیش | منتشر شده در ۳ ساعت پیش", "1404-10-20T12:30", "ages too", "relative"
    )
    row("which date", "منتشر شده در ۳ ساعت پیش، ویرایش شده ۱۰ دقیقه پیش", "1404-10-20T12:30", "ages too", "relative")
    row("which date", "امروز : ۱۰:۲۰", "1404-10-20T10:20", "today as a word, not as a label", "relative")
    row(
        "which date",
        "۲ ساعت پیش | به\u200cروزرسانی: ۱۹ دی ۱۴۰۴",
        "1404-10-20T13:30",
        "an age before an update's date",
        "relative",
    )
    refused("کد خبر: ۹۱ تاریخ انتشار: ساعت ۱۰:۲۰", "no date", "labels without a date", "which date")
    refused(
        "تاریخ انتشار: ۳۱ مهر ۱۴۰۰ به\u200cروزرسانی: ۱ آبان ۱۴۰۰",
        "Jalali 1400-07-31",
        "the update does not stand in for a bad date",
        "which date",
    )


def both_calendars() -> None:
    for text in (
        "دوشنبه, ۸ خرداد , ۱۴۰۲ Monday, 29 May , 2023", "دوشنبه / ۸ خرداد / ۱۴۰۲ - 29 May, 2023", "دوشنبه ۸ خرداد ۱۴۰۲ - 2023 May 29", "۸ خرداد ۱۴۰۲ 29 May 2023", "۸ خرداد ۱۴۰۲ | May 29, 2023",
        "2023-05-29 - ۱۴۰۲/۰۳/۰۸", "۱۴۰۲/۰۳/۰۸ (29/05/2023)", "۸ خرداد ۱۴۰۲ برابر با ۲۹ مه ۲۰۲۳", "دوشنبه ۲۹ مه ۲۰۲۳ میلادی مصادف با ۸ خرداد ۱۴۰۲", "۲۹ می ۲۰۲۳ (۸ خرداد ۱۴۰۲)",
        "Mon 29-May-2023 / 08-03-1402", "۱۴۰۲/۰۳/۰۸ ــ 2023/05/29",
    ):  # fmt: skip
        row("two dates", text, "1402-03-08", "both calendars side by side")
    row("two dates", "۸ خرداد ۱۴۰۲ - ۱۳:۲۱ 29 May 2023", "1402-03-08T13:21", "the time between the two")
    row("two dates", "۱۴۰۲/۰۳/۰۸ - ۲۰۲۳/۰۵/۲۹ - ۱۳:۲۱", "1402-03-08T13:21", "the time after the two")
    row("two dates", "۱۴۰۰/۰۹/۱۵ (06/12/2021)", "1400-09-15", "the other may be read either way: it agrees")
    row("two dates", "۱۴۰۰/۰۹/۱۵ (12/06/2021)", "1400-09-15", "the other may be read either way: it agrees")
    row("two dates", "۱۴۰۰/۰۹/۱۵ (07/12/2021)", "1400-09-15", "it agrees in neither order", "calendars-disagree")
    row(
        "two dates",
        "۸ خرداد ۱۴۰۲ - ۹ ذی\u200cالقعده ۱۴۴۴ - 29 May 2023",
        "1402-03-08",
        "three calendars",
        "lunar-date-beside",
    )


def not_times() -> None:
    for text, jalali, rule in (
        ("۲۲ بهمن ۱۳۹۹ | بازدید: ۱۲:۳۴", "1399-11-22", "visits"),
        ("بازدید : ۱۲:۳۴ - ۲۲ بهمن ۱۳۹۹", "1399-11-22", "visits before"),
        ("مدت ویدیو ۰۳:۱۵ - ۲۲ بهمن ۱۳۹۹ ۱۰:۲۰", "1399-11-22T10:20", "the length of a film"),
        ("مدت زمان: ۰۳:۱۵ | ۲۲ بهمن ۱۳۹۹", "1399-11-22", "the length of a film, no time"),
        ("طول فیلم: 12:15 تاریخ 1399/11/22 ساعت 10:20", "1399-11-22T10:20", "the length of a film"),
        ("۲۲ بهمن ۱۳۹۹ - ۱۰:۲۰ زمان مطالعه: ۳ دقیقه", "1399-11-22T10:20", "time to read it"),
        ("زمان مطالعه: ۳ دقیقه ۲۲ بهمن ۱۳۹۹", "1399-11-22", "time to read it, before"),
        ("۱۲ نظر - ۲۲ بهمن ۱۳۹۹", "1399-11-22", "comments before"),
        ("۲۲ بهمن ۱۳۹۹ - ۱۰ بازدید", "1399-11-22", "visits in two digits"),
        ("۲۲ بهمن ۱۳۹۹ ۱۰۲۰ بازدید", "1399-11-22", "visits in four digits"),
        ("۱۳۹۹/۱۱/۲۲ ۹", "1399-11-22", "a number alone"),
        ("۱۳۹۹/۱۱/۲۲ - ۱۴۳۰", "1399-11-22", "four digits"),
        ("۵ از ۵ (۱۲ رای) ۲۲ بهمن ۱۳۹۹", "1399-11-22", "votes"),
        ("کد: 14000915 ساعت 10:20 تاریخ 1399/11/22", "1399-11-22T10:20", "an id that looks like a day"),
        ("شناسه 1400-12 | ۲۲ بهمن ۱۳۹۹", "1399-11-22", "an id that looks like a month"),
        ("نویسنده: مهرداد آذر، ۲۲ بهمن ۱۳۹۹", "1399-11-22", "a name like a month"),
        ("نویسنده: بهمن ۱۳۹۰ - ۲۲ بهمن ۱۳۹۹", "1399-11-22", "a name and a year: a day goes before a month"),
        ("عصر ایران ۱۰:۲۰ ۲۲ بهمن ۱۳۹۹", "1399-11-22T10:20", "a newspaper's name is no part of the day"),
        ("۲۲ بهمن ۱۳۹۹ - ۱۰:۲۰ عصر ایران", "1399-11-22T10:20", "a newspaper's name is no part of the day"),
        ("۲۲ بهمن ۱۳۹۹ - ۰۱:۲۰ عصر ایران", "1399-11-22T01:20", "a newspaper's name is no part of the day"),
        ("۲۲ بهمن ۱۳۹۹ - ۱۰:۲۰ صبح نو", "1399-11-22T10:20", "a newspaper's name is no part of the day"),
        ("افتتاح در ۱۲ شهر ۱۳۹۹/۱۱/۲۲", "1399-11-22", "the year is that of a numeric date"),
        ("شماره ۱۵ مهر ۱۳۹۹/۱۱/۲۲", "1399-11-22", "the year is that of a numeric date"),
    ):  # fmt: skip
        row("numbers beside", text, jalali, rule)
    for text in ("۱۵ آذر - ۱۴۰۰ بازدید", "۱۵ آذر ۱۴:۳۰ - ۱۴۰۰ بازدید", "۱۵ آذر ۹۵ نفر", "۱۵ آذر | ۹۵ دیدگاه", "بازدید: 1395 | 10:20", "سال ۱۴۰۰", "۱۴۰۰ - ۱۴۰۱", "کد خبر: ۱۴۰۰۰۹۱۵۰۰۱", "کد خبر 14000915", "شماره خبر: 1400/12", "شماره: ۱۴۰۰/۱۲/۳۴۵", "قیمت: ۱۴۰۰.۵۰", "۱۴۰۰۰۹۱۵۱۰۲۰", "1604574000", "۳ بر ۲", "شهر ۱۴۰۰", "مرد ۱۴۰۰", "۱۰:۲۰ب.ظ"):  # fmt: skip
        refused(text, "no date", "numbers that are no date", "numbers beside")
    for text in ("۱۵ دی ۱۳", "۲۱فروردین۱۳،", "10/05/12", "40/05/12", "۱۵ آذر ۲۰"):
        refused(text, "no date", "a two-digit year that lies in no order in the last fifty", "numbers beside")
    refused("شماره: 12/34/1400", "Jalali 1400-12-34", "neither order exists", "numbers beside")


def programs() -> None:
    """What date libraries print: Intl, jdf, WordPress plug-ins, moment, .NET, Java, JavaScript."""
    for text, jalali, rule in (
        ("۱۴۰۲ خرداد ۸, دوشنبه", "1402-03-08", "Intl, year first"),
        ("۱۴۰۲ خرداد ۸, دوشنبه, ساعت ۱۴:۳۰:۰۵", "1402-03-08T14:30:05", "Intl, with a time"),
        ("۱۴۰۲/۳/۸،\u200f ۱۴:۳۰:۰۰", "1402-03-08T14:30:00", "Intl, short"),
        ("۱۴۰۲/۳/۸،\u200f ۱۴:۳۰", "1402-03-08T14:30", "Intl, short to the minute"),
        ("۸ خرداد ۱۴۰۲ ساعت ۱۴:۳۰ (\u200e+۳:۳۰ گرینویچ)", "1402-03-08T14:30", "Intl, long with its offset"),
        ("۸ خرداد ۱۴۰۲ ساعت ۱۱:۰۰ (UTC)", "1402-03-08T14:30", "Intl on a server in UTC"),
        ("دوشنبه ۸ خرداد ۱۴۰۲ ساعت ۱۴:۳۰:۱۵ (وقت عادی ایران)", "1402-03-08T14:30:15", "Intl, full"),
        ("۸ خرداد ۱۴۰۲ ه\u200d.ش.، ساعت ۱۴:۳۰", "1402-03-08T14:30", "Intl with the era"),
        ("Monday, Khordad 8, 1402 AP at 2:30:15 PM", "1402-03-08T14:30:15", "Intl in English"),
        ("Khordad 8, 1402 AP", "1402-03-08", "Intl in English, day"),
        ("May 29, 2023, 2:30:00 PM GMT+3:30", "1402-03-08T14:30:00", "Intl in English, offset of one digit"),
        ("May 29, 2023 at 11:00 AM GMT", "1402-03-08T14:30", "a zone behind a.m."),
        ("۲۹ مهٔ ۲۰۲۳ ساعت ۱۱:۰۰ گرینویچ", "1402-03-08T14:30", "Greenwich in Persian"),
        ("۲۹ مهٔ ۲۰۲۳ ساعت ۱۱:۰۰ به وقت گرینویچ", "1402-03-08T14:30", "Greenwich in Persian, in words"),
        ("۸ خرداد ۱۴۰۲، ۱۴:۳۰ به وقت تهران", "1402-03-08T14:30", "Tehran's time, said"),
        ("1402/3/8 ،14:30:00 +03:30", "1402-03-08T14:30:00", "jdf, c"),
        ("14:30:00 +0330  دوشنبه, 8 خرداد 1402", "1402-03-08T14:30:00", "jdf, r"),
        ("خرداد ۸, ۱۴۰۲ در ۲:۳۰ ب.ظ", "1402-03-08T14:30", "WordPress, F j, Y"),
        ("۸ خرداد ۱۴۰۲ - ۰۲:۳۰ .ب.ظ", "1402-03-08T14:30", "a stop before ب.ظ"),
        ("۰۲:۳۰ .ق.ظ ۸ خرداد ۱۴۰۲", "1402-03-08T02:30", "a stop before ق.ظ"),
        ("۸ خرداد ۱۴۰۲ | ۰۲:۳۰ ب . ظ", "1402-03-08T14:30", "spaced ب . ظ"),
        ("هشت خرداد ۱۴۰۲ ساعت ۰۲:۳۰ بظ", "1402-03-08T14:30", "the day in words, بظ"),
        ("۱۴۰۲-۰۳-۰۸\\۱۴:۳۰:۰۶", "1402-03-08T14:30:06", "WordPress plug-ins, a backslash for T"),
        ("۱۴۰۲-۰۳-۰۸T۱۱:۰۰:۰۶Z", "1402-03-08T14:30:06", "WordPress plug-ins, Z"),
        ("۱۴۰۲-۰۳-۰۸T۱۴:۳۰:۰۶+۰۳:۳۰", "1402-03-08T14:30:06", "WordPress plug-ins, offset"),
        ("دوشنبه, ۰۸ خرداد ۱۴۰۲ ۱۴:۳۰:۰۶ +۰۳۳۰", "1402-03-08T14:30:06", "RFC 822 in Persian"),
        ("۸ خرد ۱۴۰۲", "1402-03-08", "a month in three letters"),
        ("خرد ۸, ۱۴۰۲", "1402-03-08", "a month in three letters, first"),
        ("۸ شهر ۱۴۰۲ ۱۴:۳۰", "1402-06-08T14:30", "شهر for شهریور"),
        ("۱۴۰۲ اسف ۸", "1402-12-08", "year first"),
        ("۸ آبا ۱۴۰۲", "1402-08-08", "آبا for آبان"),
        ("8 Khordaad 1402", "1402-03-08", "moment's spelling"),
        ("8 Amordaad 1402", "1402-05-08", "moment's spelling"),
        ("8 Aabaan 1402 - 14:30", "1402-08-08T14:30", "moment's spelling"),
        ("8-Aaz-1402", "1402-09-08", "moment's short spelling"),
        ("1402-Khordad-08", "1402-03-08", "name between dashes"),
        ("03/08/1402 02:30 PM", "1402-08-03T14:30", "day first where a Jalali date may be either"),
        ("03/28/1402 02:30 PM", "1402-03-28T14:30", "month first where it can only be"),
        ("2023-05-29T14:30:00.0000000+03:30", "1402-03-08T14:30:00", ".NET"),
        ("2023-05-29T11:00:00.0000000Z", "1402-03-08T14:30:00", ".NET in UTC"),
        ("2023-05-29T14:30:00+03", "1402-03-08T15:00:00", "an offset of hours alone"),
        ("2023-05-29 11:00:00 (UTC)", "1402-03-08T14:30:00", "a zone in brackets"),
        ("2023-05-29 11:00:00 UTC+0", "1402-03-08T14:30:00", "UTC+0"),
        ("2023-05-29 14:30:00 Asia/Tehran", "1402-03-08T14:30:00", "Tehran's zone"),
        ("Mon May 29 14:30:00 IRST 2023", "1402-03-08T14:30:00", "Java"),
        ("Mon May 29 11:00:00 UTC 2023", "1402-03-08T14:30:00", "Unix"),
        ("Monday, 29-May-23 11:00:00 GMT", "1402-03-08T14:30:00", "RFC 850"),
        ("5/29/2023 2:30:00 PM", "1402-03-08T14:30:00", ".NET, American, month first as it can only be"),
        ("29/05/2023 14:30:00", "1402-03-08T14:30:00", "day first as it can only be"),
        ("20230529", "1402-03-08", "ISO basic, the whole text"),
        ("14020308", "1402-03-08", "its Jalali like, the whole text"),
        ("۱۴۰۲۰۳۰۸", "1402-03-08", "its Jalali like, Persian digits"),
        ("1402_03_08", "1402-03-08", "low lines"),
        ("1402/03/0814:30", "1402-03-08T14:30", "nothing between date and time"),
        ("08 / 03 / 1402", "1402-03-08", "spaced, year last"),
        ("۱۴۰۲/ ۳/ ۸", "1402-03-08", "spaced on one side"),
    ):  # fmt: skip
        row("programs", text, jalali, rule)
    either = "ambiguous-day-order"
    row("programs", "12/6/2021 9:19:00 AM", "1400-09-15T09:19:00", ".NET, American: month first, flagged", either)
    row("programs", "11/5/2020, 2:30:00 PM", "1399-08-15T14:30:00", "JavaScript, American", either)
    row("programs", "06/12/2021 09:19", "1400-09-15T09:19", "day first, flagged", either)
    row("programs", "05.11.2020", "1399-08-15", "day first, flagged", either)
    row("programs", "Thursday 11/05/2020", "1399-08-15", "the weekday tells the order")
    row("programs", "پنجشنبه ۰۵/۱۱/۲۰۲۰", "1399-08-15", "the weekday tells the order")
    row(
        "programs",
        "Sunday 05/11/2020",
        "1399-08-15",
        "a weekday that agrees with neither",
        f"{either} weekday-mismatch",
    )
    row("programs", "05/05/2020", "1399-02-16", "both orders are one day")
    row("programs", "سه\u200cشنبه 01/05/04", "1401-05-04", "two-digit year: the weekday tells the order")
    row("programs", "چهارشنبه 01/05/04", "1404-05-01", "two-digit year: the weekday tells the order")
    row(
        "programs",
        "جمعه 01/05/04",
        "1401-05-04",
        "two-digit year: that weekday has neither",
        f"{either} weekday-mismatch",
    )
    row("programs", "۸ خرداد ۱۳۹۹ ساعت ۱۴:۳۰ (+۳:۳۰ گرینویچ)", "1399-03-08T15:30", "a winter offset in summer")


def spoken() -> None:
    for text, jalali, rule in (
        ("نوشته شده در دوشنبه هشتم خرداد ۱۴۰۲ ساعت 16:9 توسط علی", "1402-03-08T16:09", "minutes of one digit"),
        ("۱۴۰۲/۰۳/۰۸ ساعت ۹:۵", "1402-03-08T09:05", "minutes of one digit"),
        ("1402/3/8 9:5:3", "1402-03-08T09:05:03", "all of one digit"),
        ("۸ خرداد ۱۴۰۲ - ۹:۵", "1402-03-08T09:05", "minutes of one digit behind the year"),
        ("1402 دوشنبه 8 خرداد", "1402-03-08", "year, weekday, day, month"),
        ("تاریخ خبر: ۱۴۰۲ دوشنبه ۰۸ خرداد", "1402-03-08", "year, weekday, day, month, labelled"),
        ("۱۴۰۲، دوشنبه، ۸ خرداد - ۱۰:۲۰", "1402-03-08T10:20", "commas between"),
        ("هشتم خرداد ۱۴۰۲", "1402-03-08", "ordinal"), ("هشت خرداد ۱۴۰۲", "1402-03-08", "cardinal"), ("هشتمین روز خرداد ۱۴۰۲", "1402-03-08", "ordinal in -ین"),
        ("بیست\u200cویکم خرداد ۱۴۰۲", "1402-03-21", "half-spaces"), ("بیست ویکم خرداد ۱۴۰۲", "1402-03-21", "a space less"), ("بیست و یک خرداد ۱۴۰۲", "1402-03-21", "cardinal"), ("بیست ونهم خردادماه ۱۴۰۲", "1402-03-29", "a space less"),
        ("سی\u200cام خرداد ۱۴۰۲", "1402-03-30", "half-space"), ("سی ام خرداد ۱۴۰۲", "1402-03-30", "space"), ("سی\u200cاُم خرداد ۱۴۰۲", "1402-03-30", "vowel mark"), ("سی و یکم خرداد ۱۴۰۲", "1402-03-31", "the last"), ("سی\u200cویک خرداد ۱۴۰۲", "1402-03-31", "cardinal, half-spaces"),
        ("روز هشتم ماه خرداد سال ۱۴۰۲", "1402-03-08", "parts named"), ("۸ ماه خرداد ۱۴۰۲", "1402-03-08", "the month named before"), ("۵ ماه مه ۲۰۲۰", "1399-02-16", "the same of May"),
        ("دوشنبه ۸ خرداد ماه سال ۱۴۰۲ هجری شمسی", "1402-03-08", "era in words"), ("۸/۳/۱۴۰۲ هـ ش", "1402-03-08", "era in letters"), ("۱۴۰۲/۳/۸ش", "1402-03-08", "era in a letter"),
        ("۸ خرداد ۱۴۰۲ ساعت ۱۰ و ۲۰ دقیقه و ۳۰ ثانیه", "1402-03-08T10:20:30", "seconds in words"), ("۸ خرداد ۱۴۰۲ ساعت ساعت 10 و 02 دقیقه", "1402-03-08T10:02", "the hour named twice"), ("۸ خرداد ۱۴۰۲ ساعت ۱۰و۲۰ دقیقه", "1402-03-08T10:20", "no spaces"), ("۸ خرداد ۱۴۰۲ ساعت ۱۰ و ۲۰", "1402-03-08T10:20", "without دقیقه"),
        ("۸ خرداد ۱۴۰۲ ساعت ۹ و نیم صبح", "1402-03-08T09:30", "and a half"), ("۸ خرداد ۱۴۰۲ ساعت ۴ و ربع عصر", "1402-03-08T16:15", "and a quarter"), ("۸ خرداد ۱۴۰۲ ساعت ۱۴/۳۰", "1402-03-08T14:30", "a slash"), ("۸ خرداد ۱۴۰۲ ۱۰ صبح", "1402-03-08T10:00", "hour and part of day"), ("8 خرداد 1402 9 PM", "1402-03-08T21:00", "hour and PM"),
        ("۸ خرداد ۱۴۰۲ ۱۲:۱۰ نیمه\u200cشب", "1402-03-08T00:10", "midnight"), ("۸ خرداد ۱۴۰۲ - شامگاه ۱۰:۲۰", "1402-03-08T22:20", "evening before"), ("۸ خرداد ۱۴۰۲ عصر، ساعت ۵:۲۰", "1402-03-08T17:20", "a comma between"), ("۸ خرداد ۱۴۰۲ صبح در ساعت ۵:۲۰", "1402-03-08T05:20", "«در» between"), ("۸ خرداد ۱۴۰۲ ۵:۲۰ (عصر)", "1402-03-08T17:20", "in brackets"),
        ("۸ خرداد ساعت ۱۰:۲۰ ۱۴۰۲", "1402-03-08T10:20", "a named time within"), ("۸ خرداد در ساعت ۱۰:۲۰ سال ۱۴۰۲", "1402-03-08T10:20", "a named time within, the year named"),
        ("۸ فرودین ۱۴۰۲", "1402-01-08", "a common misspelling"), ("۸ اردی بهشت ۱۴۰۲", "1402-02-08", "a space within"), ("۸ سنبله/شهریور ۱۴۰۲", "1402-06-08", "two names of one month"), ("۸ دلو (بهمن) ۱۴۰۲", "1402-11-08", "the other name in brackets"), ("۸ خرداد ’۰۲", "1402-03-08", "a curly apostrophe"),
        ("دو¬شنبه ۸ خرداد ۱۴۰۲", "1402-03-08", "¬ for a half-space"), ("سه_شنبه ۹ خرداد ۱۴۰۲", "1402-03-09", "a low line within"), ("سه-شنبه ۹ خرداد ۱۴۰۲", "1402-03-09", "a dash within"), ("پنج\u200c شنبه ۱۱ خرداد ۱۴۰۲", "1402-03-11", "half-space and space"), ("دوشنبه، ۲۹ مه ۲۰۲۳", "1402-03-08", "Persian weekday, Gregorian day"),
        ("(دوشنبه) ۸ خرداد ۱۴۰۲", "1402-03-08", "brackets"), ("دوشنبه ( ۸ خرداد ۱۴۰۲ )", "1402-03-08", "spaced brackets"), ("۱۴۰۲/۰۳/۰۸ (دوشنبه) ۱۰:۲۰", "1402-03-08T10:20", "weekday in brackets between"), ("دوشنبه۸خرداد۱۴۰۲ساعت۱۰:۲۰", "1402-03-08T10:20", "no spaces at all"), ("۸خرداد۱۴۰۲،ساعت۱۰:۲۰", "1402-03-08T10:20", "only a comma"), ("ساعت:۱۰:۲۰-۸خرداد۱۴۰۲", "1402-03-08T10:20", "a colon before the time"),
        ("<span>۸ خرداد ۱۴۰۲</span><span>۱۰:۲۰</span>", "1402-03-08T10:20", "markup between"), ("۸ خرداد ۱۴۰۲ &ndash; ۱۰:۲۰", "1402-03-08T10:20", "&ndash;"), ("۸ خرداد ۱۴۰۲&nbsp&nbsp;-&nbsp ۱۰:۲۰", "1402-03-08T10:20", "entities, two without their semicolon"), ("&#x6F8; خرداد &#x6F1;&#x6F4;&#x6F0;&#x6F2;", "1402-03-08", "hexadecimal entities"), ("۸ خرداد ۱۴۰۲ &#8207;۱۰:۲۰", "1402-03-08T10:20", "a mark as an entity"), ("۸ خرداد ۱۴۰۲ &laquo;۱۰:۲۰&raquo;", "1402-03-08T10:20", "quotation marks"),
    ):  # fmt: skip
        row("as people write", text, jalali, rule)


def pages() -> None:
    for text in (
        "پنج شنبه 3 آبان 1397 ساعت 18:5 | کد خبر: 5512", "پنجشنبه ۳ آبان ۱۳۹۷ / ۱۸:۰۵ / کد: ۵۵۱۲", "خبرگزاری ایسنا ۳ آبان ۱۳۹۷ / ۱۸:۰۵", "۱۸:۰۵ / ۳ آبان ۱۳۹۷", "97/08/03 - 18:05", "۹۷/۸/۳ ساعت ۱۸:۰۵", "1397/08/03 ساعت 18 و 5 دقیقه",
        "۳ آبان ۱۳۹۷ ۱۸:۰۵ بروزرسانی ۴ آبان ۱۳۹۷", "تاريخ: 1397/08/03 - ساعت: 18:05 - كد خبر: 5512", "پنجشنبه سوم آبان 1397 ساعت ۱۸:۰۵", "در پنجشنبه، ۰۳ آبان ۱۳۹۷ ۱۸:۰۵", "نوشته شده توسط مدیر سایت پنج شنبه, 03 آبان 1397 18:05", "آخرین به روز رسانی در پنج شنبه, 03 آبان 1397 18:05",
        "پنجشنبه, ۳ آبان, ۱۳۹۷ - ۱۸:۰۵", "03 آبان 1397 ساعت 18:05 - آخرين بازديد: 05 آبان 1397", "ساعت 18:05 مورخه 1397.8.3", "۱۸:۰۵ ۱۳۹۷/۰۸/۰۳ پنجشنبه", "آبان ۳م, ۱۳۹۷ - ۱۸:۰۵", "2018/10/25 18:05", "25 Oct 2018 - 18:05", "October 25th 2018, 6:05 pm", "Thu, Oct 25, 2018 18:05 +0330",
        "۲۵ اکتبر ۲۰۱۸ - ۱۸:۰۵", "انتشار: ۱۳۹۷-۰۸-۰۳ ساعت انتشار: 18:05 کد: 99/8/7", "1397/08/03 18:05 تاریخ انتشار", "سرویس: استان\u200cها  کد خبر: 12345  تاریخ: 1397/8/3  ساعت: 18:05  بازدید: 1,234", "شناسه خبر : 98765 | تاریخ مخابره : ۱۳۹۷/۸/۳ - ۱۸:۰۵",
    ):  # fmt: skip
        row("pages", text, "1397-08-03T18:05", "a line of a page")
    for text in ("1397/8/3 06:05:00 ب.ظ", "1397/8/3 06:05:00 بعد از ظهر", "3/8/1397 06:05:00 ب.ظ", "10/25/2018 6:05:00 PM", "25/10/2018 06:05:00 ب.ظ", "1397/08/03 18:05:00.000", "2018-10-25T18:05:00+03:30 | 1397/08/03"):  # fmt: skip
        row("pages", text, "1397-08-03T18:05:00", "a line of a page, seconds")
    for text in (
        "03/08/97", "۳/۸/۹۷", "تاريخ : پنجشنبه 3 آبان 1397", "تاریخ درج: 1397/08/03 تاریخ آخرین ویرایش: 1397/08/04 تعداد بازدید: 155", "ایجاد شده در 03 آبان 1397 آخرین به روز رسانی در 04 آبان 1397 بازدید: 1397", "۳ آبان ۱۳۹۷ (روزآمد شده: ۴ آبان ۱۳۹۷)", "۱۳۹۷/۰۸/۰۳ شماره ۹۹/۸/۷", "3 Aban 1397 - 15 Safar 1440 - 25 Oct 2018",
    ):  # fmt: skip
        row("pages", text, "1397-08-03", "a line of a page, without a time")
    for text in ("سه شنبه 3 آبان 1397", "۱۳۹۷/۰۸/۰۳ شنبه"):
        row("pages", text, "1397-08-03", "a line of a page, its weekday wrong", "weekday-mismatch")
    for text in ("شنبه تا چهارشنبه ۸:۰۰ - ۱۶:۰۰", "دوره ۵ شماره ۳ پاییز ۱۳۹۷", "زمستان ۱۳۹۷", "۱۴۴۰ هجری قمری", "0000-00-00 00:00:00", "0000/00/00", "1/1/0001", "621/01/01"):  # fmt: skip
        refused(text, "no date", "no day is said", "pages")
    row("pages", "1440/02/15", "1440-02-15", "a lunar year that is not marked: far ahead", "future")


def more_ages() -> None:
    # fetched 2026-01-10T12:00:30Z: Saturday 20 Dey 1404, 15:30:30 in Tehran
    for text, jalali, rule in (
        ("۱ روز ۲ ساعت پیش", "1404-10-19", "no «و»"), ("۱ ساعت، ۲۰ دقیقه پیش", "1404-10-20T14:10", "a comma"), ("۱ ساعت و ۲۰ دقیقه و ۵ ثانیه پیش", "1404-10-20T14:10", "three units"), ("۲ روز و ۳ ساعت پیش", "1404-10-18", "days and hours"), ("۲ روز و ۱۸ ساعت پیش", "1404-10-17", "the hours reach into the day before"), ("2 days, 3 hours ago", "1404-10-18", "English, a comma"), ("1 hour and 5 minutes ago", "1404-10-20T14:25", "English, and"), ("about 2 hours ago", "1404-10-20T13:30", "about"), ("a day ago", "1404-10-19", "a day"), ("30 mins ago", "1404-10-20T15:00", "mins"),
        ("۴ ماه و ۱۰ روز پیش", "1404-06", "months and days"), ("۴ ماه و ۲۵ روز پیش", "1404-05", "the days reach into the month before"), ("۱ سال و ۲ ماه و ۵ روز پیش", "1403-08", "years, months and days"), ("زمان مطالعه ۵ دقیقه ۲ ساعت پیش", "1404-10-20T13:30", "units that do not fall: the last alone"), ("۲ دقیقه پیش زمان مطالعه: ۳ دقیقه", "1404-10-20T15:28", "time to read it"),
        ("بیست\u200cوپنج دقیقه پیش", "1404-10-20T15:05", "half-spaces"), ("بیست وپنج دقیقه پیش", "1404-10-20T15:05", "a space less"), ("سی و پنج دقیقه\u200cی پیش", "1404-10-20T14:55", "ezafe"), ("پنج روزِ پیش", "1404-10-15", "ezafe as a mark"), ("حدود یک ساعت قبل", "1404-10-20T14:30", "about"), ("کمتر از یک دقیقه پیش", "1404-10-20T15:29", "less than"), ("تقریبا ۳ روز پیش", "1404-10-17", "nearly"), ("یکساعت پیش", "1404-10-20T14:30", "joined"), ("دوهفته پیش", "1404-10-06", "joined"), ("یکسال قبل", "1403-10", "joined"),
        ("الان", "1404-10-20T15:30", "now"), ("همین الآن", "1404-10-20T15:30", "now"), ("اکنون", "1404-10-20T15:30", "now"), ("ثانیه\u200cای پیش", "1404-10-20T15:30", "a second"), ("چند ثانیه قبل", "1404-10-20T15:30", "some seconds"), ("just now", "1404-10-20T15:30", "English"),
        ("دیروز ۹ صبح", "1404-10-19T09:00", "hour and part of day"), ("دیروز در ساعت ۹ صبح", "1404-10-19T09:00", "«در»"), ("دیروز، ساعت ۱۰ و ۲۰ دقیقه", "1404-10-19T10:20", "minutes in words"), ("دیشب ساعت ۱۱", "1404-10-19T23:00", "an hour of the night"), ("دیشب ۲۳:۱۵", "1404-10-19T23:15", "a time of the night"), ("۵ روز پیش در ۱۰:۲۰", "1404-10-15T10:20", "with a time"), ("پریروز ساعت ۱۰", "1404-10-18T10:00", "with an hour"), ("yesterday at 10:20 PM", "1404-10-19T22:20", "English"), ("بامداد امروز", "1404-10-20", "a part of the day"),
        ("۱۰ دیدگاه | ۲۰ دقیقه پیش", "1404-10-20T15:10", "comments before"), ("۲ ساعت پیش 150 بازدید", "1404-10-20T13:30", "visits after"), ("آپلود شده ۳ هفته پیش", "1404-09-29", "uploaded"),
    ):  # fmt: skip
        row("relative", text, jalali, rule, "relative")
    for text in ("فردا ساعت ۱۰", "هفته آینده", "شنبه ساعت ۱۰:۲۰", "شنبه گذشته", "سه\u200cشنبه\u200cای که گذشت", "روز جاری", "۲ ساعت بعد", "در ۲ ساعت گذشته"):  # fmt: skip
        refused(text, "no date", "no age", "relative")


def refusals() -> None:
    missing = ("", " ", "متن خبر", "۱۵ آذر", "۰۹:۱۹", "آذر", "دوشنبه", "کد خبر: ۳۹۸۰۵۰", "۱۵ نفر ۱۴۰۰", "۰۳ ساله", "۰۰۴۱ آذر ۵۱", "51/90/0041", "هفته گذشته", "ماه گذشته", "سال گذشته", "هفته پیش", "روزهای گذشته", "فردا", "۲ ساعت دیگر", "۲ ساعت", "قبل از ظهر", "۲ روز قبل از عید", "10.20.30.40", "1-2-3", "۰۹۱۳۱۲۳۴۵۶۷", "۱۴۰۰", "1600-01-01", "1820/01", "1205/01/01", "1499/01/01", "بازدید: 1400", "۱۵ آذر ۲۰۲۱")  # fmt: skip
    for text in missing:
        refused(text, "no date", "there is no date in it")
    for text, named in (
        ("۳۱ مهر ۱۴۰۰", "Jalali 1400-07-31"), ("۳۱ آبان ۱۴۰۰", "Jalali 1400-08-31"), ("۳۱ آذر ۱۴۰۰", "Jalali 1400-09-31"), ("۳۱ دی ۱۴۰۰", "Jalali 1400-10-31"), ("۳۱ بهمن ۱۴۰۰", "Jalali 1400-11-31"), ("۳۱ اسفند ۱۳۹۹", "Jalali 1399-12-31"),
        ("۳۰ اسفند ۱۴۰۰", "Jalali 1400-12-30"), ("1404/12/30", "Jalali 1404-12-30"), ("1407/12/30", "Jalali 1407-12-30"), ("۳۲ فروردین ۱۴۰۰", "Jalali 1400-01-32"), ("1400/13/01", "Jalali 1400-13-01"), ("1400/00/10", "Jalali 1400-00-10"), ("1400/10/00", "Jalali 1400-10-00"), ("۰ آذر ۱۴۰۰", "Jalali 1400-09-00"), ("1400-13", "Jalali 1400-13"),
        ("2021-02-29", "2021-02-29"), ("30 February 2020", "2020-02-30"), ("31/11/2021", "2021-11-31"), ("2021-13-01", "2021-13-01"), ("۳۱ ژوئن ۲۰۲۰", "2020-06-31"), ("۳۱ مهر ۱۴۰۰ ۱۰:۰۰", "Jalali 1400-07-31"),
    ):  # fmt: skip
        refused(text, named, "a day that does not exist is not rolled over")
    for clock in ("25:99", "24:00", "12:60", "10:10:61", "ساعت ۲۵", "ساعت ۱۲ و ۶۰ دقیقه", "99:00", "24:01:00"):
        refused(f"15 آذر 1400 {clock}", "no such time of day", "a time that does not exist is not rolled over")
    for text in ("December 2021", "۲۰۲۱ دسامبر", "دسامبر ۲۰۲۱"):
        if text != "۲۰۲۱ دسامبر":
            refused(text, "a Gregorian month alone", "it is not one Jalali month")
    for text in ("چند ساعت پیش", "چند روز پیش", "سنگ ساعت پیش"):
        refused(text, repr(text.split()[0]), "an uncounted age is no date")
    for text in ("نیم روز پیش", "دو روز و نیم پیش"):
        refused(text, "a part of a day", "half a day is no date")


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").translate(INVISIBLE)


def main() -> None:
    for write in (seed_forms, month_names, weekdays, numeric, labels, invisibles, clocks, summers, gregorian_forms, repaired, relative, lunar, beside, chosen, both_calendars, not_times, programs, spoken, pages, more_ages, refusals):  # fmt: skip
        write()
    lines = ["\t".join(HEAD), *("\t".join(map(escaped, each)) for each in rows)]
    Path(__file__).with_name("dates.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
