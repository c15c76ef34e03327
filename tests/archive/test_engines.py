"""Two archives of the same readings, on both engines and filled in different batches, give the same answers."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from archive import Archive, Query, Sort, absences, answers, tables
from archive.query import cursor_of

OFFICES = ("mcls-yazd", "mcls-kerman", "ostandari-yazd", "ostandari-kerman", "mcls-gilan")
WORDS = (
    *("کارگاه", "نمایشگاه", "کتاب\u200cها", "کتاب ها", "می\u200cشود", "ميشود", "استاندار", "بازار", "۱۴۰۳", "خبر"),
    *("نیم\u200cسال", "علی"),
)
TAGS = ("اشتغال", "بیمه", "آموزش")
NUMBER, QUESTIONS = 100, 200


def readings(make):
    chance = random.Random(5)
    for number in range(NUMBER):
        month, day, hour = chance.randrange(1, 13), chance.randrange(1, 29), chance.randrange(24)
        date = f"1400/{month:02}/{day:02} {hour:02}:00" if chance.random() < 0.9 else None
        yield make(
            number,
            date,
            source=chance.choice(OFFICES),
            tags=tuple(chance.sample(TAGS, chance.randrange(3))),
            title=" ".join(chance.choices(WORDS, k=4)),
            lead=" ".join(chance.choices(WORDS, k=6)),
            body="\n".join(" ".join(chance.choices(WORDS, k=15)) for _ in range(2)),
        )


def fill(archive: Archive, keep, make, size: int) -> None:
    given = list(readings(make))
    for start in range(0, NUMBER, size):
        keep(archive, *given[start : start + size])
    with archive.writing() as connection:
        for reading in given[::9]:
            absences.unlisted(connection, reading.source, [f"id:{reading.native_id}"], reading.fetched_at)
        statement = sa.select(tables.articles.c.pk).order_by(tables.articles.c.pk)
        pks = list(connection.scalars(statement))
        rows = [{"article": pk, "cluster": pks[pk % 50], "first": pk, "similarity": 1.0} for pk in pks[::3]]
        connection.execute(sa.insert(tables.copies), rows)


def text(chance: random.Random, depth: int = 2) -> str:
    some = " ".join(chance.choices(WORDS, k=chance.choice((1, 1, 2))))
    match chance.randrange(8 if depth else 3):
        case 0:
            return f'"{some}"'
        case 1:
            return f"{chance.choice(('title', 'lead', 'body', 'kicker'))}:{some}"
        case 3:
            return f"{text(chance, depth - 1)} OR {text(chance, depth - 1)}"
        case 4:
            return f"{text(chance, depth - 1)} NOT {text(chance, depth - 1)}"
        case 5:
            return f"({text(chance, depth - 1)}) {text(chance, depth - 1)}"
        case 6:
            return f"-{some} {text(chance, depth - 1)}"
        case _:
            return some


def questions() -> list[dict[str, object]]:
    chance = random.Random(6)

    def one() -> dict[str, object]:
        words: dict[str, object] = {"text": text(chance), "sort": chance.choice(list(Sort))}
        some = {
            "province": chance.sample(["yazd", "kerman", "gilan"], 2),
            "agency": "mcls",
            "source": chance.choice(OFFICES),
            "tag": chance.sample(TAGS, 2),
            "state": chance.choice(["live", "unlisted"]),
            "since": chance.choice(["1400-03", "1400-05-11"]),
            "until": chance.choice(["1400-10", "2021-12-30"]),
            "changed-since": chance.randrange(NUMBER),
            "collapse-copies": True,
            "limit": chance.randrange(1, 30),
        }
        return words | {name: some[name] for name in some if chance.random() < 0.2}

    return [one() for _ in range(QUESTIONS)]


def test_hundreds_of_questions_have_the_same_answers(both, keep, make, catalogue):
    told: list[list[object]] = []
    for archive, size in zip(both, (7, 100), strict=True):
        fill(archive, keep, make, size)
        told.append([])
        for words in questions():
            query = Query.parse(words, catalogue)
            whole = [item.id for item in archive.articles(replace(query, limit=None))]
            assert len(whole) == archive.count(query)
            if query.limit and len(whole) > query.limit:
                page = list(archive.articles(query))
                assert [item.id for item in page] == whole[: query.limit]
                following = query.narrowed(cursor=archive.cursor_after(page[-1]))
                assert [item.id for item in archive.articles(following)] == whole[query.limit : 2 * query.limit]
            told[-1].append((words, whole))
    embedded, served = told
    assert embedded == served
    assert sum(bool(whole) for _, whole in embedded) > QUESTIONS / 2


MONSTERS = ("(" * 10_240, ")" * 10_240, "[{<" * 3_413, '"(' * 5_120, "«" * 10_240, "\x00" * 10_240, "-(a OR " * 1_460)


@pytest.mark.parametrize("monster", MONSTERS, ids=range(len(MONSTERS)))
def test_ten_kilobytes_of_anything_are_a_search(archive, save, make, catalogue, monster):
    save(make(1))
    for sort in Sort:
        query = Query.parse({"text": monster, "sort": sort, "province": "yazd"}, catalogue)
        assert len(list(archive.articles(query))) == archive.count(query)
        archive.counts(query, ("month", "province", "tag"))


@pytest.mark.parametrize("sort", Sort)
def test_bounds_beyond_all_bounds_are_answered(archive, save, make, sort):
    save(make(1, tags=("!!!",)), make(2, "۱ دی ۱۴۰۰"))
    far = [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
    for text in ("", "روابط OR -روابط"):
        query = Query(text=text, sort=sort if text else Sort.NEWEST)
        assert archive.count(query.narrowed(since=far[0], until=far[1], changed_since=0)) == 2
        assert archive.count(query.narrowed(since=far[1])) == archive.count(query.narrowed(until=far[0])) == 0
        assert archive.count(query.narrowed(changed_since=2**63 - 1)) == 0
        assert archive.count(query.narrowed(tags=("",))) == 1
        if query.sort is not Sort.BEST:
            pages = [
                list(archive.articles(query.narrowed(cursor=cursor_of(at, pk)))) for at in far for pk in (0, 2**63 - 1)
            ]
            assert sorted(map(len, pages)) == [0, 0, 2, 2]


# ---- an index that is ahead ----


@pytest.mark.parametrize("sort", Sort)
def test_what_came_after_a_transaction_is_not_in_its_answers_and_pages_are_full(archive, save, make, sort):
    save(*(make(number, title=f"کارگاه {number}") for number in range(10)))
    later = (make(number, "۲۹ اسفند ۱۴۰۰", title=f"کارگاه کارگاه {number}") for number in range(10, 20))
    query = Query(text="کارگاه", sort=sort, limit=5)
    with archive.reading() as connection:
        connection.scalar(sa.select(sa.func.count()).select_from(tables.articles))  # the state is of this moment
        save(*later)
        assert archive.count(query) == 20
        found = list(answers.select(connection, query, archive.index))
    assert len(found) == 5
    assert all(int(item.article.native_id) < 10 for item in found)
    assert len(list(archive.articles(query.narrowed(limit=None)))) == 20


def test_a_change_of_state_or_of_tags_is_found_at_once(archive, save, make):
    reading = make(1, title="کارگاه", tags=("اشتغال",))
    save(reading, make(2, title="کارگاه"))

    def ids(**filters):
        return [item.article.native_id for item in archive.articles(Query(text="کارگاه", **filters))]

    assert ids(states=("unlisted",)) == []
    with archive.writing() as connection:
        absences.unlisted(connection, reading.source, ["id:1"], reading.fetched_at)
    assert ids(states=("unlisted",)) == ["1"]
    assert ids(tags=("اشتغال",)) == ["1"]
    save(replace(reading, body="متن دیگر", tags=("بیمه",)))
    assert ids(tags=("اشتغال",)) == []
    assert ids(tags=("بیمه",)) == ["1"]
    assert archive.counts(Query(text="کارگاه"), ("tag",)).rows == ((("بیمه",), 1),)


def test_a_walk_of_many_pages_by_the_best_gives_each_once(archive, save, make):
    save(*(make(number, title="کارگاه " * (number % 3 + 1) + str(number)) for number in range(60)))
    query = Query(text="کارگاه", sort=Sort.BEST)
    whole = [item.id for item in archive.articles(query)]
    assert len(whole) == len(set(whole)) == 60
    walked: list[str] = []
    cursor = None
    while page := list(archive.articles(query.narrowed(limit=7, cursor=cursor))):
        walked += [item.id for item in page]
        cursor = archive.cursor_after(page[-1])
    assert walked == whole
