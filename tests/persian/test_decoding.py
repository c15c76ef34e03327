"""Decoding: what the bytes prove, what is declared and what a page was misread as before it was sent."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian.decoding import Decoded, decode
from tests.pace import within

Z = "\u200c"
PERSIAN = f"به گزارش روابط عمومی، «مدیرکل» تعاون استان یزد گفت: پروژه{Z}های چهارگانه در ۱۴۰۳ آغاز می{Z}شود؟"
TYPED = f"به گزارش روابط عمومي، «مديرکل» تعاون استان يزد گفت: پروژه{Z}هاي چهارگانه در 1403 آغاز مي{Z}شود؟"  # in 1256
ARABIC = "المدير العام لمنطقة يزد قال: هو في الوزارة، وهي قريبة"
PAGE = "<html><head>{}<title>{}</title></head><body>hello</body></html>"
HEADERS = {
    None: None,
    "utf-8": "utf-8",
    "windows-1256": "windows-1256",
    "iso-8859-1": "windows-1252",
    "windows-1252": "windows-1252",
    "iso-8859-6": "iso-8859-6",
    "utf-16": "utf-16-le",
    "windows-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "cp-1256": "windows-1256",
    "x-windows-1256": "windows-1256",
    "arabic": "iso-8859-6",
    "x-user-defined": None,
}
TRUE = {
    "utf-8": ("utf-8", PERSIAN),
    "windows-1256": ("cp1256", TYPED),
    "iso-8859-6": ("iso-8859-6", ARABIC),
    "utf-16-le": ("utf-16-le", PERSIAN),
    "utf-16-be": ("utf-16-be", PERSIAN),
}


def flags_of(declared, used, *, unknown):
    flags = ("unknown-charset",) if unknown else ()
    if declared is None:
        return ("guessed", *flags) if used in {"windows-1256", "iso-8859-6"} else flags
    same = declared == used or (declared.startswith("utf-16") and used.startswith("utf-16"))
    return flags if same else ("declared-otherwise", *flags)


@pytest.mark.parametrize("true", TRUE)
@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("manner", ["text/html; charset={}", "{}"])
def test_a_header_is_held_against_the_bytes(true, header, manner):
    codec, text = TRUE[true]
    sent = header and manner.format(header)
    assert decode(text.encode(codec), header=sent) == Decoded(
        text=text, encoding=true, flags=flags_of(HEADERS[header], true, unknown=header == "x-user-defined")
    )


@pytest.mark.parametrize("true", ["utf-8", "windows-1256", "iso-8859-6"])
@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="{}">',
        "<META content='text/html; charset={}' http-equiv=content-type>",
        "<?xml version='1.0' encoding='{}'?>",
    ],
)
def test_a_page_that_declares_itself_is_held_against_its_bytes(true, header, declaration):
    codec, text = TRUE[true]
    page = PAGE.format(declaration.format(header) if header else "", text.replace("«", "").replace("»", ""))
    assert decode(page.encode(codec)) == Decoded(
        text=page, encoding=true, flags=flags_of(HEADERS[header], true, unknown=header == "x-user-defined")
    )


NAMES = [
    ('text/html; charset="UTF-8"', "utf-8"),
    ("text/html;charset = 'windows-1256'; x=y", "windows-1256"),
    ("Windows_1256", "windows-1256"),
    ("win1256", "windows-1256"),
    ("x-cp1256", "windows-1256"),
    ("UTF-8-BOM", "utf-8"),
    ("asmo-708", "iso-8859-6"),
    ("us-ascii", "windows-1252"),
]


@pytest.mark.parametrize(("header", "meant"), NAMES)
def test_charsets_are_known_by_all_their_names(header, meant):
    true = {
        "utf-8": PERSIAN.encode(),
        "windows-1256": TYPED.encode("cp1256"),
        "iso-8859-6": ARABIC.encode("iso-8859-6"),
    }
    body = true.get(meant, "café".encode("cp1252"))
    assert decode(body, header=header).encoding == meant
    assert decode(body, header=header).flags == ()


@pytest.mark.parametrize("header", ["", "text/html", "text/html; charset=", "text/html; charset=;", "a=b"])
def test_a_header_without_a_charset_declares_nothing(header):
    assert decode(TYPED.encode("cp1256"), header=header).flags == ("guessed",)


@pytest.mark.parametrize(
    "header", ["idna", "punycode", "rot13", "unicode_escape", "utf-7", "base64", "aliases", "x-", "…", "y" * 99]
)
def test_what_is_no_charset_of_pages_is_unknown(header):
    assert decode(PERSIAN.encode(), header=header) == Decoded(
        text=PERSIAN, encoding="utf-8", flags=("unknown-charset",)
    )


def test_the_header_counts_before_the_page_and_the_page_where_the_header_means_nothing():
    page = '<meta charset="windows-1256">' + TYPED
    assert decode(page.encode("cp1256"), header="utf-8").flags == ("declared-otherwise",)
    assert decode(page.encode("cp1256"), header="windows-1256").flags == ()
    assert decode(page.encode("cp1256"), header="x-nothing").flags == ("unknown-charset",)


def test_a_declared_name_that_is_not_even_ascii_is_unknown():
    page = f'<meta charset="فارسی">{PERSIAN}'
    assert decode(page.encode()) == Decoded(text=page, encoding="utf-8", flags=("unknown-charset",))


def test_a_declaration_in_a_comment_or_beyond_four_kilobytes_is_none():
    for before, after in [("<!-- ", " -->"), (" " * 4096, "")]:
        page = f'{before}<meta charset="utf-8">{after}{TYPED}'
        assert decode(page.encode("cp1256")).flags == ("guessed",)


MARKS = [
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
]


@pytest.mark.parametrize(("mark", "encoding"), MARKS)
@pytest.mark.parametrize("text", [PERSIAN, "官方 中文 新闻", "plain", ""])
def test_a_byte_order_mark_counts_before_all_else(mark, encoding, text):
    read = decode(mark + text.encode(encoding), header="windows-1256")
    plain = encoding == "utf-8" and text.isascii()
    assert read.text == text
    assert (read.encoding, read.flags) == (("ascii", ()) if plain else (encoding, ("declared-otherwise",)))
    assert decode(mark + text.encode(encoding)).flags == ()


def test_a_mark_of_utf8_before_windows_1256_is_another_lie():
    read = decode(b"\xef\xbb\xbf" + TYPED.encode("cp1256"), header="windows-1256")
    assert read == Decoded(text=TYPED, encoding="windows-1256", flags=("declared-otherwise",))


@pytest.mark.parametrize("header", [None, "utf-8", "windows-1256"])
@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_body_cut_within_a_letter_stays_utf8(header, cut):
    whole = PERSIAN + "😀"
    read = decode(whole.encode()[:-cut], header=header)
    assert (read.text, read.encoding) == (PERSIAN, "utf-8")
    assert read.flags == (("declared-otherwise",) if header == "windows-1256" else ()) + ("cut-off",)


def test_utf16_may_be_cut_too():
    assert decode(PERSIAN.encode("utf-16")[:-1]).flags == ("cut-off",)
    assert decode(PERSIAN.encode("utf-16-be")[:-1]) == Decoded(
        text=PERSIAN[:-1], encoding="utf-16-be", flags=("cut-off",)
    )


@pytest.mark.parametrize("header", [None, "utf-8"])
def test_a_few_broken_bytes_are_replaced(header):
    body = PERSIAN.encode()
    read = decode(body[:9] + b"\xff" + body[9:61] + b"\xd8\xe1" + body[61:], header=header)
    assert (read.encoding, read.flags) == ("utf-8", ("broken-bytes",))
    assert read.text.replace("\ufffd", "") == PERSIAN
    broken_surrogate = decode(PERSIAN.encode("utf-16") + b"\x00\xd8")
    assert broken_surrogate.text == PERSIAN + "\ufffd"
    assert broken_surrogate.flags == ("broken-bytes",)


def test_a_replacement_character_that_was_sent_is_not_broken():
    assert decode((PERSIAN + "\ufffd").encode()).flags == ()


def test_a_body_may_be_broken_and_cut_off():
    body = b"\xff" + PERSIAN.encode() + "س".encode()[:1]
    assert decode(body) == Decoded(text="\ufffd" + PERSIAN, encoding="utf-8", flags=("broken-bytes", "cut-off"))


def test_persian_that_begins_after_a_long_head_is_known_too():
    head = "<style>" + " " * 70_000
    assert decode((head + PERSIAN).encode()) == Decoded(text=head + PERSIAN, encoding="utf-8")
    assert decode((head + TYPED).encode("cp1256"), header="utf-8").encoding == "windows-1256"


LATIN = [
    ("café crème", "utf-8", None, "utf-8", ()),
    ("café crème", "cp1252", None, "windows-1256", ("guessed",)),
    ("café crème", "cp1252", "utf-8", "windows-1256", ("declared-otherwise",)),
    ("café “crème” €", "cp1252", "iso-8859-1", "windows-1252", ()),
    ("Größe Öl ÄÖÜ ärger", "utf-8", None, "utf-8", ("mojibake",)),  # too little of it to be touched
    ("Größe Öl", "utf-8", "windows-1256", "utf-8", ("declared-otherwise",)),
    ("Привет, мир", "cp1251", "windows-1251", "cp1251", ()),
    ("Привет, мир", "utf-8", "windows-1251", "utf-8", ("declared-otherwise",)),
    ("日本語の文", "shift_jis", "Shift_JIS", "shift_jis", ()),
    ("ٹیلی", "utf-8", "windows-1256", "utf-8", ("declared-otherwise",)),
]


@pytest.mark.parametrize(("text", "codec", "header", "encoding", "flags"), LATIN)
def test_other_languages_are_left_to_what_is_declared(text, codec, header, encoding, flags):
    assert decode(text.encode(codec), header=header) == Decoded(text=text, encoding=encoding, flags=flags)


def test_a_declared_charset_that_does_not_fit_gives_way_to_persian_or_is_flagged():
    assert decode(TYPED.encode("cp1256"), header="shift_jis").text == TYPED
    assert decode(b"\x81\x82\xfd\xfe\xa0", header="euc-jp").flags == ("broken-bytes",)
    assert decode("caf\u00e9 ©".encode() + b"\xff", header="utf-8") == Decoded(
        text="café ©\ufffd", encoding="utf-8", flags=("broken-bytes",)
    )
    assert decode(b"\xc7\xe1\xe1\xe7\xe1\xe7\xff\xbd", header="iso-8859-6").flags == ("broken-bytes",)
    assert decode(PERSIAN.encode("utf-32-le"), header="utf-32-le").text == PERSIAN
    assert decode(TYPED.encode("cp1256"), header="utf-32").encoding == "windows-1256"


@pytest.mark.parametrize(
    "word", ["شک", "تک", f"عکس{Z}شک", f"عکس{Z}عکس{Z}عکس", "عکس", "یک", "کتاب", "س", "گچ", "پژوهشگر"]
)
@pytest.mark.parametrize("header", [None, "utf-8", "windows-1256"])
def test_words_whose_bytes_look_like_utf8_are_persian(word, header):
    typed = word.replace("ی", "ي")
    assert decode(typed.encode("cp1256"), header=header).text == typed


BINARY = [
    b"%PDF-1.7\n1 0 obj",
    gzip.compress(PERSIAN.encode()),
    b"PK\x03\x04rest",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff\xe0",
    bytes(range(256)),
    bytes(64),
    b"\x01\x00\x02\x00" * 9,
]


@pytest.mark.parametrize("body", BINARY)
@pytest.mark.parametrize("header", [None, "utf-8", "utf-16"])
def test_what_is_no_text_gives_none(body, header):
    assert decode(body, header=header) == Decoded(text="", encoding=None, flags=("binary",))


@pytest.mark.parametrize("header", [None, "utf-8", "windows-1256", "utf-16", "arabic"])
@pytest.mark.parametrize("body", [b"", b"<p>plain\t\r\n</p>", b"\x1b[1m a", b"a" * 99 + b"\x00"])
def test_plain_ascii_is_what_everything_agrees_on(header, body):
    assert decode(body, header=header) == Decoded(text=body.decode(), encoding="ascii")


def misread(text, sent, read):
    """As a program did that took the bytes for another charset; bytes windows-1252 lacks stay controls."""
    return "".join(bytes([byte]).decode(read, "ignore") or chr(byte) for byte in text.encode(sent))


MISREAD = [
    (PERSIAN, "utf-8", "cp1256"),
    (PERSIAN, "utf-8", "cp1252"),
    (PERSIAN, "utf-8", "latin-1"),
    (TYPED, "cp1256", "cp1252"),
    (TYPED, "cp1256", "latin-1"),
    ("به گزارش", "utf-8", "cp1256"),
    ("به گزارش", "utf-8", "cp1252"),
    ("به گزارش", "cp1256", "cp1252"),
    ("<p>تهران - 12</p>", "utf-8", "cp1256"),
    ("<p>تهران - 12</p>", "cp1256", "latin-1"),
]


@pytest.mark.parametrize(("text", "sent", "read"), MISREAD)
@pytest.mark.parametrize("header", [None, "utf-8", "windows-1256"])
def test_mojibake_is_read_back(text, sent, read, header):
    repaired = decode(misread(text, sent, read).encode(), header=header)
    assert repaired.text == text
    assert repaired.encoding == "utf-8"
    assert repaired.flags[-1] == "mojibake-repaired"


@pytest.mark.parametrize(("text", "sent", "read"), MISREAD[:5])
def test_a_misread_body_in_a_right_page_is_read_back_and_the_page_left(text, sent, read):
    around = "<h1>{}</h1> شروع عکس، «قطع» موضوع… ع… " + PERSIAN
    repaired = decode(around.format(misread(text, sent, read)).encode())
    assert repaired.text == around.format(text)
    assert repaired.flags == ("mojibake-repaired",)


EVERY = "گزارش " + "".join(chr(code) for code in range(0x620, 0x700))


@pytest.mark.parametrize("read", ["cp1256", "cp1252", "latin-1"])
def test_every_letter_is_read_back_in_whole_and_in_part(read):
    wrong = misread(EVERY, "utf-8", read)
    assert decode(wrong.encode()).text == EVERY
    assert decode(f"{PERSIAN}\n{wrong}".encode()).text == f"{PERSIAN}\n{EVERY}"


def test_two_manners_of_misreading_may_meet_in_one_page():
    both = misread(PERSIAN, "utf-8", "cp1252") + "\n" + misread(PERSIAN, "utf-8", "latin-1")
    assert decode(both.encode()).text == f"{PERSIAN}\n{PERSIAN}"


@pytest.mark.parametrize("read", ["cp1252", "latin-1"])
def test_every_letter_of_windows_1256_is_read_back(read):
    letters = "گزارش " + "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگک،؛؟"
    wrong = misread(letters, "cp1256", read)
    assert decode(wrong.encode()).text == letters
    assert decode(f"{PERSIAN}\n{wrong}".encode()).text == f"{PERSIAN}\n{letters}"


def test_a_tenth_of_the_letters_must_be_misread_for_a_repair():
    wrong = misread("گزارش ما", "utf-8", "cp1256")
    for around, flag in ((73, "mojibake-repaired"), (74, "mojibake")):  # eight characters come back
        assert decode(f"{wrong}. {'س' * around} {'EXAMPLE ' * 99}".encode()).flags == (flag,)


def test_a_short_word_is_read_back_where_the_page_was_misread():
    long, short = misread(PERSIAN, "utf-8", "cp1256"), misread("کم", "utf-8", "cp1256")
    assert decode(f"{PERSIAN}<p>{long}</p><b>{short}</b>".encode()).text == f"{PERSIAN}<p>{PERSIAN}</p><b>کم</b>"


def test_eight_characters_must_come_back_for_each_accent():
    wrong = misread("گزارش ما", "utf-8", "cp1252")
    assert decode(f"{wrong}. naïf".encode()) == Decoded(
        text="گزارش ما. naïf", encoding="utf-8", flags=("mojibake-repaired",)
    )
    assert decode(f"{wrong}. naïf été".encode()).flags == ("mojibake",)


def test_accents_forbid_a_repair():
    assert decode("ÒÇÑÔ naïve".encode()).flags == ("mojibake",)
    assert decode("ÒÇÑÔ ÒÇÑÔ, naïf".encode()).text == "زارش زارش, naïf"


EDGES = [
    ("é".encode() * 8 + b"\xff", "windows-1256", "utf-8"),
    ("é".encode() * 7 + b"\xff", "windows-1256", "windows-1256"),
    ("س".encode() + b"\xff", None, "utf-8"),
    ("س".encode() + b"\xff\xff", None, "windows-1256"),
    ("س".encode("utf-16-le"), "utf-16", "utf-16-le"),
    ("س".encode("utf-16-le"), None, None),
    ("سل".encode("utf-16-be"), None, "utf-16-be"),
    ("مدیران‌ها官".encode("utf-16-le"), None, "utf-16-le"),
    ("مدیران‌官官".encode("utf-16-le"), None, None),
    ("مدیر‌官".encode("utf-16-le"), None, None),
    (f"{'س' * 9}{Z * 9}塀塀".encode("utf-16-le"), None, None),
    (("س" * 19 + "\x01").encode("utf-16-le"), None, "utf-16-le"),
    (("س" * 18 + "\x01").encode("utf-16-le"), None, None),
    (f"س{Z}".encode("utf-16-le"), None, "utf-16-le"),
    (f"سر{Z}{Z}{Z}".encode("utf-16-le"), None, None),
    (b"a" * 95 + b"\x01" * 5, None, "ascii"),
    (b"a" * 94 + b"\x01" * 6, None, None),
    ("ف".encode(), None, "utf-8"),
    ("ééééééé\ufffd".encode() + b"\xff", "windows-1256", "utf-8"),
    (b"\xc7\xff", "utf-8", "windows-1256"),
    (b"\xc7\xff\xff", "utf-8", "utf-8"),
    (b"\xc7\xff", "euc-jp", "windows-1256"),
    (b"\xc7\xff\xff", "euc-jp", "euc_jp"),
    ("اسد".encode("cp1256"), None, "windows-1256"),
    ("اسد".encode("cp1256"), "iso-8859-6", "iso-8859-6"),
    ("گزارش".encode("cp1256"), "iso-8859-6", "windows-1256"),
    ("ÇÈ Ç È".encode("cp1252"), "windows-1252", "windows-1256"),
    ("ÇÈ Ç È Ç".encode("cp1252"), "windows-1252", "windows-1252"),
    ("لم لم ل".encode("cp1256"), "windows-1252", "windows-1256"),
]


@pytest.mark.parametrize(("body", "header", "encoding"), EDGES)
def test_where_the_evidence_just_suffices(body, header, encoding):
    assert decode(body, header=header).encoding == encoding


def test_mojibake_in_the_brief_is_recognised():
    assert decode("ط¨ظ‡ ع¯ط²ط§ط±ط´".encode()).text == "به گزارش"
    assert decode("Èå \x90ÒÇÑÔ".encode()).text == "به گزارش"


@pytest.mark.parametrize(("text", "sent", "read"), MISREAD[:5])
def test_mojibake_that_lost_something_or_is_quoted_is_flagged(text, sent, read):
    wrong = misread(text, sent, read)
    for kept in (f"{wrong[:31]}\ufffd{wrong[33:]}", f"{wrong[:12]} " + PERSIAN * 20):
        assert decode(kept.encode()) == Decoded(text=kept, encoding="utf-8", flags=("mojibake",))


NATURAL = [
    PERSIAN,
    TYPED,
    ARABIC,
    "شروع… قطع» «موضوع» عکس آگاه ضایع‌ات طپش وقایع‌نگار",
    "عکس‌ها: شیوع® ضلع، نوع؛ وسیع؟",
    "ÇA où déjà été à la Ö",
    "«É» است",
    "Ünal Öz",
]


@pytest.mark.parametrize("text", NATURAL)
def test_natural_text_is_no_mojibake(text):
    assert decode(text.encode()) == Decoded(text=text, encoding="utf-8")


LETTERS = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیءأؤئةۀيك" + Z
TYPED_WORDS = "به گزارش روابط عمومي مديرکل استان عکس شک تک آگاه طرح چاپ پژوهش گفت شروع سال ضلع عکاس غذا ظرف ژاله کک"
WORDS = st.sampled_from(TYPED_WORDS.split())


@given(st.text(alphabet=LETTERS + " ۰۱۲٣4ab.,:-()<>/\n", max_size=60), st.sampled_from([*HEADERS]))
def test_utf8_comes_back_whatever_is_declared(text, header):
    read = decode(("ی" + text).encode(), header=header)
    assert (read.text, read.encoding) == ("ی" + text, "utf-8")
    assert "mojibake" not in "".join(read.flags)


@given(
    st.lists(WORDS, min_size=1), st.sampled_from([" ", Z, "، ", "</p>\n<p>"]), st.sampled_from([None, "utf-8", "1256"])
)
def test_windows_1256_comes_back_whatever_of_the_two_is_declared(words, between, header):
    text = between.join(words)
    read = decode(text.encode("cp1256"), header=header)
    assert (read.text, read.encoding) == (text, "windows-1256")
    assert read.flags == ({"utf-8": ("declared-otherwise",), None: ("guessed",)}.get(header, ()))


@given(st.lists(WORDS, min_size=3), st.sampled_from([("utf-8", "cp1256"), ("utf-8", "cp1252"), ("cp1256", "cp1252")]))
def test_what_was_misread_comes_back(words, how):
    text = "گزارش " + " ".join(words)
    assert decode(misread(text, *how).encode()).text == text


@given(st.binary(max_size=200), st.none() | st.text(max_size=20) | st.sampled_from([*HEADERS]))
def test_total_on_any_bytes(body, header):
    read = decode(body, header=header)
    assert (read.encoding is None) == ("binary" in read.flags)
    read.text.encode()


@given(st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("طظعغâÃØÙÚÛÈå§¨ˆ‡…€Œ\x90 Ç\ufffd"))))
def test_total_on_any_text(text):
    read = decode(("ی" + text).encode())
    assert read.encoding == "utf-8"
    assert read.flags in {(), ("mojibake",), ("mojibake-repaired",)}
    assert read.text == "ی" + text or read.flags == ("mojibake-repaired",)


BIG = {
    "utf-8": PERSIAN.encode(),
    "windows-1256": TYPED.encode("cp1256"),
    "misread as 1256": misread(PERSIAN, "utf-8", "cp1256").encode(),
    "misread as 1252": misread(PERSIAN, "utf-8", "cp1252").encode(),
    "1256 misread": misread(TYPED, "cp1256", "latin-1").encode(),
    "lead bytes": b"\xd8",
    "utf-16": PERSIAN.encode("utf-16-le"),
    "tags": b"<meta <?xml ",
    "broken": PERSIAN.encode() + b"\xff",
}


@pytest.mark.speed
@pytest.mark.parametrize("kind", BIG)
def test_ten_megabytes_take_less_than_half_a_second(kind):
    body = BIG[kind] * (10_000_000 // len(BIG[kind]))
    with within(0.5):
        decode(body, header="utf-8")
