"""Search: what people may type, which spellings meet, and an index that always answers for its archive."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import tantivy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import changes, intake, tables
from archive.article import Article
from archive.database import Database, sqlite_url
from archive.errors import ArchiveUnavailable
from archive.order import pk_of
from archive.search import Matches, SearchIndex, engine, parse
from archive.search.damage import Damaged, damage_noticed
from archive.search.grammar import DEPTH, All, Either, In, Not, Phrase, Words, weighs
from archive.search.homes import LAYOUT
from archive.search.matching import TERMS, matching
from tests.pace import within

MORNING = datetime(2026, 11, 22, 5, 30, tzinfo=UTC)
SOURCE = {
    "id": "mcls-yazd",
    "agency": "mcls",
    "agency_fa": "وزارت تعاون، کار و رفاه اجتماعی",
    "agency_en": "Ministry of Cooperatives, Labour and Social Welfare",
    "province": "IR-21",
    "province_key": "yazd",
    "province_fa": "یزد",
    "province_en": "Yazd",
    "name_fa": "یزد",
    "name_en": "Yazd",
    "platform": "fa_portal",
    "url": "https://yazd.example.ir/",
}


def article(number: int, title: str = "", **fields: str) -> Article:
    given = {"body": f"n{number}", "extractor": "fa_portal/1"} | fields
    url = f"https://yazd.example.ir/{number}"
    return Article(source="mcls-yazd", url=url, native_id=str(number), title=title, fetched_at=MORNING, **given)


def new_database(file: Path) -> Database:
    database = Database(sqlite_url(file))
    with database.writing() as connection:
        tables.metadata.create_all(connection)
        connection.execute(sa.insert(tables.sources), [SOURCE])
    return database


def save(database: Database, *batch: Article) -> None:
    with database.writing() as connection:
        intake.save(connection, batch)


def catch_up(index: SearchIndex, database: Database) -> int:
    with database.engine.connect() as connection:
        return index.catch_up(connection)


def found(index: SearchIndex, database: Database, text: str, size: int = 10) -> list[str]:
    """The native ids of what a search finds, best first; `size` is how many are asked for at first."""
    with database.engine.connect() as connection:
        numbers = dict(connection.execute(sa.select(tables.articles.c.pk, tables.articles.c.native_id)).all())
        return [numbers[pk] for pk in best(index.search(connection, text), size)]


def best(matches: Matches, size: int = 10) -> list[int]:
    return [pk_of(number) for some in matches.ranked(size) for number in some]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = new_database(tmp_path / "monadi.db")
    yield database
    database.close()


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    return SearchIndex(tmp_path / "data" / "search")


# ---- the grammar ----

GRAMMAR = {
    "": Words(()),
    "   ": Words(()),
    "بازار": Words(("بازار",)),
    "بازار کار": Words(("بازار", "کار")),
    "بازار AND کار": Words(("بازار", "کار")),
    '"بازار کار"': Phrase("بازار کار"),
    "«بازار کار»": Phrase("بازار کار"),
    "“بازار کار”": Phrase("بازار کار"),
    "a OR b": Either((Words(("a",)), Words(("b",)))),
    "a b OR c d": Either((Words(("a", "b")), Words(("c", "d")))),
    "a or b": Words(("a", "or", "b")),
    "یزد یا کرمان": Words(("یزد", "یا", "کرمان")),
    "a NOT b": All((Words(("a",)), Not(Words(("b",))))),
    "a -b": All((Words(("a",)), Not(Words(("b",))))),
    "-b": Not(Words(("b",))),
    "NOT NOT b": Words(("b",)),
    '-"a b"': Not(Phrase("a b")),
    "-(a OR b)": Not(Either((Words(("a",)), Words(("b",))))),
    "a-b": Words(("a-b",)),
    "a - b": Words(("a", "-", "b")),
    "a (b OR c) d": All((Words(("a",)), Either((Words(("b",)), Words(("c",)))), Words(("d",)))),
    "(a b) c": Words(("a", "b", "c")),
    "title:a": In("title", Words(("a",))),
    "title: a": In("title", Words(("a",))),
    "title:a b": All((In("title", Words(("a",))), Words(("b",)))),
    'kicker:"a b"': In("kicker", Phrase("a b")),
    "lead:(a OR b)": In("lead", Either((Words(("a",)), Words(("b",))))),
    "-body:a": Not(In("body", Words(("a",)))),
    "body:-a": Not(In("body", Words(("a",)))),
    "title:body:a": In("body", Words(("a",))),
    "subtitle:a": Words(("subtitle:a",)),
    "https://yazd.example.ir/1": Words(("https://yazd.example.ir/1",)),
    # what is left open, or says nothing
    '"a b': Phrase("a b"),
    "«a b": Phrase("a b"),
    'a" b': All((Words(("a",)), Phrase(" b"))),
    "(a OR b": Either((Words(("a",)), Words(("b",)))),
    "a) b": Words(("a", "b")),
    "()": Words(()),
    "a () b": Words(("a", "b")),
    "OR": Words(()),
    "a OR": Words(("a",)),
    "OR a": Words(("a",)),
    "a OR OR b": Either((Words(("a",)), Words(("b",)))),
    "NOT": Words(()),
    "NOT ()": Words(()),
    "a NOT OR b": Either((Words(("a",)), Words(("b",)))),
    "title:": Words(()),
    "ORANGE": Words(("ORANGE",)),
}


@pytest.mark.parametrize("text", GRAMMAR)
def test_what_is_typed_has_one_meaning(text: str) -> None:
    assert parse(text) == GRAMMAR[text]


@pytest.mark.parametrize(
    ("text", "weighing"),
    [
        *(("a", True), ('"a"', True), ("-a", False), ("-a -b", False), ("-a OR NOT (b c)", False), ("-title:a", False)),
        *(("a -b", True), ("title:a", True), ("-a OR b", True), ("title:(-a)", False)),
    ],
)
def test_what_only_excludes_makes_no_match_better_than_another(text: str, weighing: bool) -> None:  # noqa: FBT001
    assert weighs(parse(text)) is weighing


def test_parentheses_deeper_than_the_limit_are_passed_over() -> None:
    assert parse("(" * 10_000 + "a OR b" + ")" * 10_000) == parse("a OR b")
    deep = parse("-(a " * 10_000)
    depth = 0
    while isinstance(deep, Not | All):
        deep, depth = (deep.part if isinstance(deep, Not) else deep.parts[-1]), depth + 1
    assert depth <= 2 * (DEPTH + 2)


# ---- spellings ----

Z = "\u200c"
SPELLINGS = [
    # half-space, space, nothing
    (f"می{Z}شود", "می شود"),
    (f"می{Z}شود", "میشود"),
    ("می شود", f"می{Z}شود"),
    ("می شود", "میشود"),
    ("میشود", f"می{Z}شود"),
    ("میشود", "می شود"),
    (f"نمی{Z}توان", "نمی توان"),
    ("نمی توان", "نمیتوان"),
    (f"کتاب{Z}ها", "کتابها"),
    ("کتاب ها", f"کتاب{Z}ها"),
    ("کتابهای", "کتاب های"),
    (f"بزرگ{Z}ترین", "بزرگترین"),
    ("بزرگ ترین", f"بزرگ{Z}ترین"),
    (f"گفته{Z}اند", "گفته اند"),
    (f"نیم{Z}سال", "نیم سال"),
    (f"نیم{Z}سال", "نیمسال"),
    ("نیم سال", f"نیم{Z}سال"),
    ("نیمسال", f"نیم{Z}سال"),
    (f"کتاب{Z}ها", "کتاب"),
    (f"برنامه{Z}ریزی{Z}های", "برنامهریزیهای"),
    (f"برنامه{Z}ریزی{Z}های", f"برنامه{Z}ریزی"),
    (f"برنامه{Z}ریزی{Z}های", "برنامه ریزیهای"),
    (f"قیمت{Z}\u200e ها", "قیمتها"),
    # letters
    ("علي", "علی"),
    ("علی", "علي"),
    ("علی", "على"),
    ("كتاب", "کتاب"),
    ("کتاب", "كتاب"),
    ("رحمة", "رحمه"),
    ("مکه", "مکة"),
    ("أحمد", "احمد"),
    ("آب", "اب"),
    ("مؤسسه", "موسسه"),
    ("مسئول", "مسیول"),
    ("املاء", "املا"),
    ("خانۀ ما", "خانه ما"),
    ("خانهٔ ما", "خانۀ ما"),
    (f"خانه{Z}ی ما", "خانۀ ما"),
    ("خانه ما", f"خانه{Z}ی ما"),
    ("مُدیر", "مدیر"),
    ("مدیر", "مُدیرِ"),
    ("مدیـــر", "مدیر"),
    ("مدیر", "مـدیر"),
    ("ﻛﺘﺎﺏ", "کتاب"),
    # digits, case, punctuation
    ("۱۴۰۳", "1403"),
    ("1403", "۱۴۰۳"),
    ("١٤٠٣", "۱۴۰۳"),
    ("۱۴۰۳", "١٤٠٣"),
    ("۱۴۰۰/۰۹/۱۵", "1400/09/15"),
    ("ISO", "iso"),
    ("(بازار)،", "بازار"),
]


def test_any_spelling_finds_a_text(database: Database, index: SearchIndex) -> None:
    written = list(dict.fromkeys(text for text, _ in SPELLINGS))
    save(database, *(article(number, f"نخست {text} پایان") for number, text in enumerate(written)))
    missed = [
        (text, asked)
        for text, asked in SPELLINGS
        for query in (asked, f'"{asked}"', f"title:({asked})")
        if str(written.index(text)) not in found(index, database, query)
    ]
    assert missed == []


PHRASES = [
    (f"طرح می{Z}شود امروز", "طرح می شود امروز"),
    ("طرح می شود امروز", "طرح میشود امروز"),
    ("طرح میشود امروز", f"طرح می{Z}شود امروز"),
    (f"در نیم{Z}سال اول", "در نیم سال اول"),
    ("در نیم سال اول", f"در نیم{Z}سال اول"),
    ("در نیمسال اول", f"در نیم{Z}سال اول"),
    (f"در نیم{Z}سال اول", "نیمسال اول"),
    (f"در نیم{Z}سال اول", "در نیمسال"),
    (f"خرید کتاب{Z}ها و دفتر ها", "کتاب ها و دفتر"),
    (f"خرید کتاب{Z}ها و دفتر", "ها و دفتر"),
]


@pytest.mark.parametrize(("text", "asked"), PHRASES)
def test_a_phrase_matches_in_any_spelling(database: Database, index: SearchIndex, text: str, asked: str) -> None:
    save(database, article(1, text))
    assert found(index, database, f'"{asked}"') == ["1"]


def test_a_phrase_is_whole_words_in_their_order(database: Database, index: SearchIndex) -> None:
    save(database, article(1, "بازار بزرگ کار"), article(2, "کار بازار"), article(3, "بازار کارگران"))
    assert found(index, database, '"بازار کار"') == []
    assert found(index, database, "«کار بازار»") == ["2"]


def test_the_half_spaced_word_is_not_its_stem(database: Database, index: SearchIndex) -> None:
    save(database, article(1, "کتاب"), article(2, f"کتاب{Z}ها"))
    assert found(index, database, f"کتاب{Z}ها") == ["2"]


# ---- what is found ----


@pytest.fixture
def shelf(database: Database, index: SearchIndex) -> tuple[SearchIndex, Database]:
    save(
        database,
        article(1, "افتتاح بازار یزد", kicker="استاندار", lead="خلاصه", body="متن خبر نخست"),
        article(2, "دیدار مردمی", kicker="مدیرکل", lead="یزد", body="بازار کار در استان"),
        article(3, "آگهی مزایده", body="فروش خودرو"),
    )
    return index, database


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("بازار", ["1", "2"]),
        ("بازار یزد", ["1", "2"]),
        ("بازار خبر", ["1"]),
        ("title:بازار", ["1"]),
        ("body:بازار", ["2"]),
        ("kicker:استاندار", ["1"]),
        ("lead:یزد", ["2"]),
        ("title:(افتتاح OR آگهی)", ["1", "3"]),
        ("title:بازار یزد", ["1"]),
        ('body:"بازار کار"', ["2"]),
        ("بازار -افتتاح", ["2"]),
        ("بازار NOT title:یزد", ["2"]),
        ("-بازار", ["3"]),
        ("NOT (بازار OR خودرو)", []),
        ("-نیست", ["3", "2", "1"]),
        ("خودرو OR استاندار", ["1", "3"]),
        ("خودرو OR -بازار", ["3"]),
        ("بازار (کار OR خودرو)", ["2"]),
        ("بازار خودرو", []),
        ("«", []),
        ("-", []),
        ("؟ ! …", []),
        ("\x00\ud800", []),
        ("بازار \x00\ud800 ؟", ["1", "2"]),
        ("بازار NOT", ["1", "2"]),
        ('"بازار', ["1", "2"]),
    ],
)
def test_words_operators_and_fields(shelf: tuple[SearchIndex, Database], text: str, ids: list[str]) -> None:
    result = found(*shelf, text)
    assert (result if text.startswith("-") else sorted(result)) == ids


def test_a_word_in_the_title_weighs_more(shelf: tuple[SearchIndex, Database]) -> None:
    assert found(*shelf, "بازار") == ["1", "2"]


def test_equals_come_newest_first_however_many_are_asked_for(database: Database, index: SearchIndex) -> None:
    for number in range(12):
        save(database, article(number, "خبر روز"))
        catch_up(index, database)
    newest_first = [str(number) for number in reversed(range(12))]
    assert found(index, database, "خبر") == newest_first
    assert [found(index, database, "خبر", size) for size in (1, 3, 12, 50)] == [newest_first] * 4


def test_words_beyond_the_limit_are_passed_over(database: Database, index: SearchIndex) -> None:
    save(database, article(1, "خبر"))
    assert found(index, database, "خبر " * TERMS + "نیست") == ["1"]
    assert found(index, database, "خبر " * (TERMS - 1) + "نیست") == []
    assert found(index, database, '"' + "خبر " * 5_000) == []


MONSTERS = (
    *("(" * 10_000, ")" * 10_000, "-(" * 5_000 + "a", '"' * 9_999, "NOT " * 3_000, "title:" * 3_000, "a" * 100_000),
    *("a OR " * 3_000, "(a OR b " * 3_000, "a\u200c" * 5_000, "1-" * 5_000, "«" * 5_000, "خبر " * 10_000),
)


@pytest.mark.parametrize("text", MONSTERS, ids=range(len(MONSTERS)))
def test_no_monster_is_an_error(shelf: tuple[SearchIndex, Database], text: str) -> None:
    assert isinstance(shelf[0].find(text).count(), int)


PIECES = st.sampled_from(
    [
        '"',
        "(",
        ")",
        "-",
        "OR ",
        "NOT ",
        "AND ",
        "title:",
        "body:",
        "«",
        "»",
        " ",
        Z,
        "بازار",
        "می",
        "ها",
        "\x00",
        "\ud800",
    ]
)
TYPED = st.text() | st.lists(PIECES | st.text(max_size=3), max_size=30).map("".join) | st.text(st.characters())


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TYPED)
def test_whatever_is_typed_is_a_search(shelf: tuple[SearchIndex, Database], text: str) -> None:
    catch_up(*shelf)
    assert set(best(shelf[0].find(text))) <= {1, 2, 3}


# ---- following the archive ----


def test_nothing_is_made_for_an_empty_archive(database: Database, index: SearchIndex) -> None:
    assert catch_up(index, database) == 0
    assert found(index, database, "خبر") == []
    assert not index.directory.exists()


def test_it_follows_new_and_revised_articles(database: Database, index: SearchIndex) -> None:
    save(database, article(1, "خبر نخست"), article(2, "خبر دوم"))
    assert catch_up(index, database) == 2
    save(database, article(1, "خبر تازه"))
    assert found(index, database, "نخست") == []
    assert found(index, database, "تازه") == ["1"]
    assert found(index, database, "خبر") == ["2", "1"]


def test_what_is_not_caught_up_is_not_found_yet(database: Database, index: SearchIndex) -> None:
    save(database, article(1, "خبر"))
    assert best(index.find("خبر")) == []
    catch_up(index, database)
    assert index.find("خبر").count() == 1


def test_another_index_object_goes_on_where_the_first_stopped(
    database: Database, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(database, article(1, "خبر نخست"))
    catch_up(index, database)
    save(database, article(2, "خبر دوم"))
    indexed: list[int] = []
    document = engine._document
    monkeypatch.setattr(engine, "_document", lambda article: indexed.append(article.pk) or document(article))
    again = SearchIndex(index.directory)
    assert found(again, database, "خبر") == ["2", "1"]
    assert indexed == [2]
    assert found(index, database, "خبر") == ["2", "1"]


def test_an_archive_larger_than_a_batch_is_indexed_in_batches_and_commits(
    database: Database, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.search.mark.BATCH", 7)
    monkeypatch.setattr("archive.search.index.COMMIT", 20)
    save(database, *(article(number, "خبر") for number in range(100)))
    assert catch_up(index, database) == 100
    assert index.find("خبر").count() == 100


def test_an_interrupted_indexing_keeps_what_it_committed(
    database: Database, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.search.mark.BATCH", 5)
    monkeypatch.setattr("archive.search.index.COMMIT", 5)
    save(database, *(article(number, "خبر") for number in range(20)))
    document = engine._document

    def interrupted(article):
        if article.pk == 13:
            raise KeyboardInterrupt
        return document(article)

    with monkeypatch.context() as patch:
        patch.setattr(engine, "_document", interrupted)
        with pytest.raises(KeyboardInterrupt):
            catch_up(index, database)
    assert index.find("خبر").count() == 10
    assert catch_up(index, database) == 20
    assert index.find("خبر").count() == 20


def test_rebuild_indexes_everything_anew(database: Database, index: SearchIndex) -> None:
    save(database, article(1, "خبر"))
    catch_up(index, database)
    save(database, article(2, "خبر"))
    with database.engine.connect() as connection:
        assert index.rebuild(connection) == 2
    assert index.find("خبر").count() == 2
    assert sorted(path.name for path in index.directory.iterdir()) == [f"{LAYOUT}-2", "lock"]


HOLDER = """
import fcntl, sys
file = open(sys.argv[1], "ab")
fcntl.flock(file, fcntl.LOCK_EX)
print("locked", flush=True)
sys.stdin.read()
"""


def test_while_another_process_indexes_what_is_there_is_searched(database: Database, index: SearchIndex) -> None:
    save(database, article(1, "خبر"))
    catch_up(index, database)
    save(database, article(2, "خبر"))
    command = [sys.executable, "-c", HOLDER, str(index.directory / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"locked\n"
        assert catch_up(index, database) == 1
        assert found(index, database, "خبر") == ["1"]
        holder.kill()
    assert found(index, database, "خبر") == ["2", "1"]


def _files(index: SearchIndex) -> list[Path]:
    return sorted(path for path in index.directory.rglob("*") if path.is_file() and path.name != "lock")


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _halve(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize("damage", [Path.unlink, _empty, _halve])
def test_a_damaged_index_is_made_anew(database: Database, tmp_path: Path, damage) -> None:
    save(database, *(article(number, f"خبر {number}") for number in range(30)))
    count = len(_files_of_a_new_index(database, tmp_path / "count"))
    for number in range(count):
        index = SearchIndex(tmp_path / str(number))
        damage(_files_of_a_new_index(database, index.directory)[number])
        assert len(found(index, database, "خبر")) == 30
        save(database, article(1000 + number, "دیگر"))
        assert found(index, database, "دیگر")[0] == str(1000 + number)


def _files_of_a_new_index(database: Database, directory: Path) -> list[Path]:
    index = SearchIndex(directory)
    catch_up(index, database)
    return _files(index)


def test_a_panic_of_the_engine_counts_as_damage(index: SearchIndex) -> None:
    index.directory.mkdir(parents=True)
    schema = engine.Engine(index.directory / "1-1").index.schema
    with pytest.raises(Damaged, match="more than one term"), damage_noticed():
        tantivy.Query.phrase_query(schema, "title", ["one"])


def test_find_alone_says_that_an_index_is_damaged(database: Database, index: SearchIndex) -> None:
    save(database, article(1, "خبر"))
    catch_up(index, database)
    for file in _files(index):
        _empty(file)
    with pytest.raises(ArchiveUnavailable, match=r"is damaged .* run `monadi archive reindex`$"):
        SearchIndex(index.directory).find("خبر").count()


def test_an_index_of_another_layout_is_made_anew(
    database: Database, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(database, article(1, "خبر"))
    catch_up(index, database)
    monkeypatch.setattr("archive.search.homes.LAYOUT", LAYOUT + 1)
    newer = SearchIndex(index.directory)
    assert found(newer, database, "خبر") == ["1"]
    assert sorted(path.name for path in index.directory.iterdir()) == [f"{LAYOUT + 1}-1", "lock"]


def test_an_index_ahead_of_its_archive_is_made_anew(database: Database, index: SearchIndex, tmp_path: Path) -> None:
    save(database, article(1, "خبر کهنه"), article(2, "خبر کهنه"))
    catch_up(index, database)
    other = new_database(tmp_path / "other.db")
    save(other, article(7, "خبر تازه"))
    assert found(index, other, "خبر") == ["7"]
    other.close()


def test_an_index_of_another_archive_is_made_anew(database: Database, index: SearchIndex, tmp_path: Path) -> None:
    save(database, article(1, "خبر کهنه"))
    catch_up(index, database)
    other = new_database(tmp_path / "other.db")
    save(other, article(7, "خبر تازه"), article(8, "خبر تازه"))
    assert found(index, other, "کهنه") == []
    assert found(index, other, "تازه") == ["8", "7"]
    other.close()


def test_a_transaction_older_than_the_index_leaves_it_alone(database: Database, index: SearchIndex) -> None:
    save(database, article(1, "خبر"))
    with database.engine.connect() as old:
        assert changes.newest(old) == 1
        save(database, article(2, "خبر"))
        assert catch_up(index, database) == 2
        assert index.catch_up(old) == 2
    assert [path.name for path in index.directory.iterdir() if path.is_dir()] == [f"{LAYOUT}-1"]
    assert index.find("خبر").count() == 2


def test_a_directory_that_cannot_be_made_is_one_clear_line(database: Database, tmp_path: Path) -> None:
    save(database, article(1, "خبر"))
    (tmp_path / "file").touch()
    with pytest.raises(
        ArchiveUnavailable, match=r"^the search index at .*file.search cannot be written .*MONADI_DATA$"
    ):
        catch_up(SearchIndex(tmp_path / "file" / "search"), database)
    with pytest.raises(ArchiveUnavailable, match="cannot be written"):
        catch_up(SearchIndex(tmp_path / "file"), database)


def test_a_writer_that_fails_leaves_the_old_index(
    database: Database, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(database, article(1, "خبر"))
    catch_up(index, database)
    save(database, article(2, "خبر"))

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(engine, "_document", full)
        with pytest.raises(ArchiveUnavailable, match="No space left on device"):
            catch_up(index, database)
    assert index.find("خبر").count() == 1
    assert found(index, database, "خبر") == ["2", "1"]


def test_a_command_that_does_not_search_does_not_load_the_engine() -> None:
    code = "import sys, archive.search; sys.exit('tantivy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2]).returncode == 0


def test_a_revision_in_another_field_moves_the_word(database: Database, index: SearchIndex) -> None:
    first = article(1, "خبر", body="بازار")
    save(database, first)
    catch_up(index, database)
    save(database, replace(first, title="بازار", body="خبر"))
    assert found(index, database, "title:بازار") == ["1"]
    assert found(index, database, "body:بازار") == []


@pytest.mark.speed
@pytest.mark.parametrize("text", ["خبر " * 8_000, "NOT خبر " * 4_000, "(" * 16_000 + "خبر", "title:خبر OR " * 2_500])
def test_a_search_of_thousands_of_words_is_read_in_time_that_grows_with_it(text):
    with within(1.0):
        expression = parse(text)
        matching(engine._schema(), expression)
