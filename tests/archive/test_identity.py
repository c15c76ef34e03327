"""Identity: which addresses are one, and that an item is announced once whatever happens to its address."""

from datetime import UTC, datetime
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Kind, Query, identity
from archive.identity import LONGEST, keys, mint, same_release, url_key
from persian.dates import parse

PAGE = "https://yazd.mcls.gov.ir/fa/news/5273"
PERCENT_UPPER = "%D9%86%D8%B4%D8%B3%D8%AA"  # نشست
WINDOWS_1256 = "%E4%D4%D3%CA"  # the same in the encoding of old sites

SAME = {
    "scheme": (PAGE, "http://yazd.mcls.gov.ir/fa/news/5273"),
    "www": (PAGE, "https://www.yazd.mcls.gov.ir/fa/news/5273"),
    "upper-case host": (PAGE, "HTTPS://Yazd.MCLS.gov.ir/fa/news/5273"),
    "dot of the root": (PAGE, "https://yazd.mcls.gov.ir./fa/news/5273"),
    "default port of https": (PAGE, "https://yazd.mcls.gov.ir:443/fa/news/5273"),
    "default port of http": (PAGE, "http://yazd.mcls.gov.ir:80/fa/news/5273"),
    "trailing slash": (PAGE, PAGE + "/"),
    "fragment": (PAGE, PAGE + "#comments"),
    "empty query": (PAGE, PAGE + "?"),
    "campaign": (PAGE, PAGE + "?utm_source=eitaa&utm_medium=social"),
    "trackers": (PAGE, PAGE + "?fbclid=1&gclid=2&yclid=3&_ga=4&mc_cid=5&mc_eid=6&igshid=7&ref_src=8"),
    "tracker in capitals": (PAGE, PAGE + "?UTM_Source=eitaa"),
    "tracker among others": (PAGE + "?id=1", PAGE + "?utm_source=x&id=1"),
    "order of the query": (PAGE + "?a=1&b=2", PAGE + "?b=2&a=1"),
    "pair given twice": (PAGE + "?a=1", PAGE + "?a=1&a=1"),
    "blank value": (PAGE + "?5273", PAGE + "?5273="),
    "plus for a space": (PAGE + "?q=a+b", PAGE + "?q=a%20b"),
    "Persian path as itself": (f"{PAGE}/نشست", f"{PAGE}/{PERCENT_UPPER}"),
    "Persian path in lower case": (f"{PAGE}/{PERCENT_UPPER}", f"{PAGE}/{PERCENT_UPPER.lower()}"),
    "Persian query as itself": (f"{PAGE}?t=نشست", f"{PAGE}?t={PERCENT_UPPER}"),
    "Persian query in lower case": (f"{PAGE}?t={PERCENT_UPPER}", f"{PAGE}?t={PERCENT_UPPER.lower()}"),
    "needless escapes": (PAGE, "https://yazd.mcls.gov.ir/fa/n%65ws/527%33"),
    "no path": ("https://yazd.mcls.gov.ir", "https://yazd.mcls.gov.ir/"),
    "Persian host name": ("https://وزارت.ایران/1", "https://xn--mgbguc3i.xn--mgba3a4f16a/1"),
    "credentials": (PAGE, "https://guest:guest@yazd.mcls.gov.ir/fa/news/5273"),
}
DIFFERENT = {
    "host": (PAGE, "https://kerman.mcls.gov.ir/fa/news/5273"),
    "port": (PAGE, "https://yazd.mcls.gov.ir:8443/fa/news/5273"),
    "path": (PAGE, "https://yazd.mcls.gov.ir/fa/news/5274"),
    "case of the path": (PAGE, "https://yazd.mcls.gov.ir/FA/news/5273"),
    "query": (PAGE + "?id=1", PAGE + "?id=2"),
    "query or none": (PAGE, PAGE + "?id=1"),
    "values of one name": (PAGE + "?a=1&a=2", PAGE + "?a=1"),
    "query without a name": (PAGE + "?5273", PAGE + "?5274"),
    "escaped question mark": (PAGE + "?a=1", PAGE + "%3Fa=1"),
    "escaped ampersand": (PAGE + "?a=1%26b=2", PAGE + "?a=1&b=2"),
    "word like a tracker": (PAGE, PAGE + "?utmost=1"),
    "path in an old encoding": (f"{PAGE}/{WINDOWS_1256}", f"{PAGE}/%CA%D3%D4%E4"),
    "query in an old encoding": (f"{PAGE}?t={WINDOWS_1256}", f"{PAGE}?t=%CA%D3%D4%E4"),
    "broken ones": ("http://[::1", "http://[::2"),
    "ports that are none": ("http://yazd.ir:99999/1", "http://yazd.ir:99998/1"),
    "names that cannot be looked up": ("http://yazd..ir/1", "http://qom..ir/1"),
    "ends of long ones": (f"{PAGE}?t={'a' * 9000}1", f"{PAGE}?t={'a' * 9000}2"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_addresses_that_differ_for_no_reason_are_one(one, other):
    assert url_key(one) == url_key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_addresses_of_two_pages_are_two(one, other):
    assert url_key(one) != url_key(other)


@given(st.text(st.characters(exclude_categories=())) | st.from_regex(r"https?://[^\s]{0,20}", fullmatch=True))
def test_whatever_stands_where_an_address_should_has_a_key_that_every_index_takes(url):
    key = url_key(url)
    assert key.isascii()
    assert "\0" not in key
    assert len(key) <= LONGEST + 65


HOST = r"[a-z0-9.-]{1,20}(:[0-9]{0,5}|:80|:443)?"
PATH = r"(/([A-Za-z0-9/:@!$&'()*+,;=~._%?#-]|%[89A-F][0-9A-F]|%[0-9A-Fa-f]{2}){0,30})?"


@given(st.from_regex(rf"https?://(www\.)?{HOST}{PATH}", fullmatch=True))
def test_a_plain_address_has_the_key_that_it_would_have_written_out(url):
    assert url_key(url) == identity._written_out(url)


WRITTEN = {
    "https://www.yazd.ir:8443/Fa//a/?b=2&a=1&utm_source=x&a=1#x": "yazd.ir:8443/Fa//a?a=1&b=2",
    "https://yazd.ir/fa/X/": "yazd.ir/fa/X",
    "https://yazd.ir/fa/X/?": "yazd.ir/fa/X",
    "https://yazd.irX/?": "yazd.irx/",
    "https://yazd.irX./": "yazd.irx/",
    "https:///fa/x": "/fa/x",
    "https://یزد.ir/خبر/۱?q=یزد&e=": "xn--ugbf57b.ir/%D8%AE%D8%A8%D8%B1/%DB%B1?e=&q=%DB%8C%D8%B2%D8%AF",
    "https://yazd.ir/%7Ec,=X?x=%2F%20+~%26": "yazd.ir/~c,=X?x=%2F%20%20~%26",
    "https://yazd.ir/aX?a=%ff%E4": "yazd.ir/aX?a=%FF%E4",
    "https://yazd.ir/a?\ud800": "yazd.ir/a?%ED%A0%80=",
    "https://yazd.ir:99999/x": "https://yazd.ir:99999/x",
    f"https://yazd.ir/{'a' * (LONGEST - 8)}": f"yazd.ir/{'a' * (LONGEST - 8)}",
    f"https://yazd.ir/{'a' * (LONGEST - 7)}": f"yazd.ir/{'a' * (LONGEST - 8)}#"
    "1eb7ee6f3ab8cef3605e8e66571fe00e85923903f6a63f94e4ba53e795ee4142",
}


@pytest.mark.parametrize(("url", "key"), WRITTEN.items())
def test_an_address_has_this_key_for_ever(url, key):
    assert url_key(url) == key


def test_a_plain_address_is_not_looked_at_twice(monkeypatch):
    monkeypatch.setattr(identity, "_written_out", lambda url: f"written out: {url}")
    assert url_key("http://www.yazd.ir/fa/") == "yazd.ir/fa"


def test_the_first_address_is_the_one_that_an_id_was_minted_of():
    other = "https://yazd.mcls.gov.ir/s/1"
    addresses = {"url:x": "https://x.ir/", f"url:{url_key(other)}": other, f"url:{url_key(PAGE)}": PAGE}
    for source in ("mcls-yazd", ""):
        assert identity.first_address(mint(source, None, PAGE)[0], addresses) == PAGE
        assert identity.first_address(mint(source, None, other)[0], addresses) == other
    assert identity.first_address("mcls-yazd/5273", {"id:5273": PAGE, **addresses}) == PAGE
    assert identity.first_address("mcls-yazd/a/b", {"id:b": other, "id:a/b": PAGE}) == PAGE
    assert identity.first_address("mcls-yazd/5273", {"id:52": PAGE, **addresses}) is None
    assert identity.first_address(mint("mcls-yazd", None, PAGE)[0], {"id:1": PAGE}) is None


def test_a_title_is_compared_in_so_many_letters(make):
    assert identity.title_key(make(title="ا" * 999)) == "ا" * 300


def test_keys_are_the_id_then_the_address_then_other_addresses():
    assert keys("5273", PAGE + "?utm_source=x", ("https://yazd.mcls.gov.ir/s/1",)) == {
        "id:5273": PAGE + "?utm_source=x",
        "url:yazd.mcls.gov.ir/fa/news/5273": PAGE + "?utm_source=x",
        "url:yazd.mcls.gov.ir/s/1": "https://yazd.mcls.gov.ir/s/1",
    }


def test_the_front_page_is_no_other_address_of_an_item():
    assert list(keys(None, PAGE, ("https://yazd.mcls.gov.ir/", "https://www.yazd.mcls.gov.ir"))) == [
        "url:yazd.mcls.gov.ir/fa/news/5273"
    ]


MINTED = {
    ("mcls-yazd", "5273", PAGE): ("mcls-yazd/5273", "urn:uuid:d5606c26-d5cd-5834-925d-88c8f9508c33"),
    ("mcls-yazd", None, PAGE): ("mcls-yazd/u-4edf77af9854a3b3", "urn:uuid:e88e6735-43ed-5a71-aa65-7adc49559c71"),
}


@pytest.mark.parametrize(("given_", "expected"), MINTED.items(), ids=["native id", "address"])
def test_minted_ids_are_the_same_for_ever(given_, expected):
    assert mint(*given_) == expected


@given(st.text())
def test_the_feed_id_is_the_version_5_uuid_of_the_first_identity(number):
    id_, guid = mint("mcls-yazd", number, PAGE)
    assert guid == uuid5(identity.NAMESPACE, id_).urn


def test_the_feed_id_is_a_urn():
    _, guid = mint("mcls-yazd", "5273", PAGE)
    assert UUID(guid).urn == guid


def test_an_id_from_an_address_does_not_depend_on_how_the_address_is_written():
    assert mint("mcls-yazd", None, PAGE) == mint("mcls-yazd", None, "http://www.yazd.mcls.gov.ir/fa/news/5273/#top")


def test_the_same_number_in_two_offices_is_two_items():
    assert mint("mcls-yazd", "1", PAGE) != mint("mcls-kerman", "1", PAGE)


FETCHED = datetime(2021, 12, 7, 8, tzinfo=UTC)


def day(text):
    return parse(text, fetched_at=FETCHED)


LONG = "مدیرکل تعاون، کار و رفاه اجتماعی استان یزد گفت: صد و بیست کارگاه کوچک و متوسط در سال جاری تسهیلات گرفته‌اند."
ALIKE = {
    "letter variants": ({"title": "كارگاه هاي يزد"}, {"title": "کارگاه‌های یزد"}),
    "punctuation": ({"title": "کارگاه‌های یزد"}, {"title": "«کارگاه‌های یزد»!"}),
    "a corrected word": ({"body": LONG}, {"body": LONG.replace("صد و بیست", "صد و سی")}),
    "the hour": ({}, {"published": day("۱۵ آذر ۱۴۰۰ ۲۳:۵۹")}),
    "the hour's loss": ({}, {"published": day("۱۵ آذر ۱۴۰۰")}),
    "no dates and one body": ({"published": None}, {"published": None}),
    "number and address": ({}, {"native_id": "9", "url": PAGE}),
}
UNLIKE = {
    "title": ({}, {"title": "نشست دیگر"}),
    "day": ({}, {"published": day("۱۶ آذر ۱۴۰۰ ۰۹:۱۹")}),
    "a date or none": ({}, {"published": None}),
    "body": ({"body": LONG}, {"body": "متنی که با آن هیچ نسبتی ندارد و درباره‌ی چیز دیگری است."}),
    "a body or none": ({"body": LONG}, {"body": ""}),
    "albums without a text": ({"body": ""}, {"body": ""}),
    "tenders that differ by a sum": ({"body": LONG + " ۱۲۰۰ ریال"}, {"body": LONG + " ۱۳۰۰ ریال"}),
    "no dates and a corrected word": (
        {"body": LONG, "published": None},
        {"body": LONG.replace("صد و بیست", "صد و سی"), "published": None},
    ),
}


@pytest.mark.parametrize(("one", "other"), ALIKE.values(), ids=ALIKE)
def test_readings_that_differ_by_little_are_one_release(make, one, other):
    assert same_release(make(**one), make(**other))


@pytest.mark.parametrize(("one", "other"), UNLIKE.values(), ids=UNLIKE)
def test_readings_that_differ_by_much_are_two_releases(make, one, other):
    assert not same_release(make(**one), make(**other))


# ---- the ladder: what was saved, how it comes again ----

SLUG = f"{PAGE}/نشست"
MOVED = "https://yazd.mcls.gov.ir/portal/view/5273"
REIMPORTED = {"native_id": "99", "url": "https://new.mcls.ir/?p=99"}
UNNUMBERED = {"native_id": None}
MOVES = {
    "edited slug": ({"url": SLUG}, {"url": f"{PAGE}/نشست-تازه"}),
    "slug lost": ({"url": SLUG}, {"url": PAGE}),
    "moved within the site": ({}, {"url": MOVED}),
    "moved to another domain": ({}, {"url": "https://yazd.mcls.ir/news/5273"}),
    "number gained": (UNNUMBERED, {}),
    "number lost": ({}, UNNUMBERED),
    "new number at the same address": ({}, {"native_id": "99"}),
    "new number at the same address of another spelling": ({}, {"native_id": "99", "url": PAGE + "/?utm_source=x"}),
    "address that the page gave before": ({**UNNUMBERED, "aliases": (MOVED,)}, {**UNNUMBERED, "url": MOVED}),
    "address that the page still gives": (UNNUMBERED, {**UNNUMBERED, "url": MOVED, "aliases": (PAGE,)}),
    "imported again": ({}, REIMPORTED),
    "imported again in Arabic letters": ({}, {**REIMPORTED, "title": "نشست شماره‌ي 5273 روابط عمومي‌ها"}),
    "address and number lost": ({}, {"native_id": None, "url": "https://new.mcls.ir/?p=99"}),
    "undated, imported again": ({"published": None}, {**REIMPORTED, "published": None}),
}
AGAIN = MOVES | {
    name: ({**UNNUMBERED, "url": SAME[name][0]}, {**UNNUMBERED, "url": SAME[name][1]})
    for name in ("scheme", "www", "campaign", "order of the query", "trailing slash", "Persian path as itself")
}


@pytest.mark.parametrize(("before", "after"), AGAIN.values(), ids=AGAIN)
def test_an_item_is_announced_once_whatever_happens_to_its_address(archive, save, make, before, after):
    first, second = (make(5273, **{"url": PAGE, **how}) for how in (before, after))
    (saved,) = save(first)
    (again,) = save(second)
    (item,) = archive.articles(Query())
    assert [change.kind for change in archive.changes() if change.kind is Kind.NEW] == [Kind.NEW]
    assert again.id == saved.id == item.id
    assert item.article.url == second.url
    assert first.url in {second.url, *item.article.aliases}


@pytest.mark.parametrize(("before", "after"), MOVES.values(), ids=MOVES)
def test_an_item_is_announced_once_when_both_readings_are_in_one_batch(archive, save, make, before, after):
    first, second = (make(5273, **{"url": PAGE, **how}) for how in (before, after))
    one, other = save(first, second)
    assert one.kind is Kind.NEW
    assert other.kind is not Kind.NEW
    assert archive.count(Query()) == 1


def test_an_item_is_known_by_the_address_that_a_lower_rung_recorded(archive, save, make):
    save(make(5273, url=PAGE))
    save(make(5273, **REIMPORTED))
    (moved_and_edited,) = save(make(5273, url=REIMPORTED["url"], native_id=None, title="عنوان دیگر", body="متن دیگر"))
    assert moved_and_edited.kind is Kind.REVISED
    assert archive.count(Query()) == 1


def test_a_date_moved_within_its_day_at_a_new_address_is_an_edit_and_no_new_item(archive, save, make):
    save(make(5273, url=PAGE))
    (again,) = save(make(5273, "۱۵ آذر ۱۴۰۰ ۱۸:۰۰", **REIMPORTED))
    assert again.kind is Kind.REVISED


NOT_AGAIN = {
    "next number": {"native_id": "5274", "url": f"{PAGE}4", "title": "خبر بعدی"},
    "same title on the next day": {**REIMPORTED, "published": day("۱۶ آذر ۱۴۰۰ ۰۹:۱۹")},
    "same title with another text": {**REIMPORTED, "body": "درباره‌ی چیز دیگری است که با آن نسبتی ندارد."},
    "same number of another office": {"source": "mcls-kerman"},
    "same release of another office": {"source": "mcls-kerman", **REIMPORTED},
    "listing as canonical": {"native_id": "5274", "url": f"{PAGE}4", "title": "بعدی", "aliases": (MOVED,)},
    "first release as canonical": {"native_id": "5274", "url": f"{PAGE}4", "title": "بعدی", "aliases": (PAGE,)},
    "address that the first called canonical": {"native_id": "5274", "url": MOVED, "title": "بعدی"},
    "front page as canonical": {
        **UNNUMBERED,
        "url": f"{PAGE}4",
        "title": "بعدی",
        "aliases": ("https://yazd.mcls.gov.ir/",),
    },
}


@pytest.mark.parametrize("other", NOT_AGAIN.values(), ids=NOT_AGAIN)
def test_another_item_is_announced_too(archive, save, make, other):
    save(make(5273, url=PAGE, aliases=(MOVED, "https://yazd.mcls.gov.ir/")))
    (saved,) = save(make(5273, **{"url": PAGE, **other}))
    assert saved.kind is Kind.NEW
    assert archive.count(Query()) == 2
