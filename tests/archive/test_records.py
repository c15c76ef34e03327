"""Records straight from rows are those that `to_dict()` gives, on either engine."""

from collections import Counter

import orjson
import pytest
import sqlalchemy as sa

from archive import Query, Sort, State, intake, records, tables
from archive.article import Attachment, StatedDate
from persian.dates import parse


@pytest.fixture
def filled(archive, save, make):
    """Releases of every kind that a record can be of."""
    dates = ("۱۵ آذر ۱۴۰۰ ۰۹:۱۹", "۱۵ آذر ۱۴۰۰", "آذر ۱۴۰۰", None)
    stated = (StatedDate(of="published", origin="meta", raw="2021"),)
    file = Attachment(url="https://yazd.mcls.gov.ir/a.pdf", type="application/pdf", title="یک", length=7)
    modified = parse("۱۶ آذر ۱۴۰۰", fetched_at=make().fetched_at)
    save(*(make(number, date, title=f"خبر {number}") for number, date in enumerate(dates, 1)))
    save(make(5, attachments=(file,), modified=modified, stated_dates=stated, trailer="انتها", byline_province="IR-21"))
    save(make(5, title="ویراست دوم"), make(6, lead=None, kicker=None, tags=(), aliases=("https://yazd.mcls.gov.ir/6",)))
    save(make(1, source="mcls-gilan", url="https://gilan.mcls.gov.ir/1", image="https://gilan.mcls.gov.ir/1.jpg"))
    return archive


QUERIES = pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query(sort=Sort.OLDEST),
        Query(limit=3),
        Query(provinces=("IR-21",), tags=("یزد",)),
        Query(states=(State.GONE,)),
        Query(changed_since=4),
        Query(text="ویراست"),
        Query(text="خبر", sort=Sort.BEST),
    ],
    ids=str,
)


def lined(archive, query):
    """The lines that answer a query, and the kinds that they are said to be of."""
    with archive.reading() as connection:
        batches = list(records.lines(connection, query, archive.index))
    return [line for batch in batches for line in batch.json], sum((batch.kinds for batch in batches), Counter())


@QUERIES
def test_they_are_the_records_of_the_articles(filled, query):
    expected = [item.to_dict() for item in filled.articles(query)]

    assert list(filled.records(query)) == expected
    assert [list(record) for record in filled.records(query)] == [list(record) for record in expected]


@QUERIES
def test_lines_are_the_records_as_json(filled, query):
    lines, kinds = lined(filled, query)

    assert lines == [orjson.dumps(item.to_dict()) for item in filled.articles(query)]
    assert kinds == Counter(map(records.kind, filled.records(query)))


def test_every_character_is_written_as_json_writes_it(archive, save, make):
    """But for NUL, which PostgreSQL has no place for."""
    every = "".join(map(chr, (*range(1, 0x300), 0x2028, 0x2029, 0xFEFF, 0xFFFF, 0x1F600, 0x10FFFF)))
    texts = dict.fromkeys(("kicker", "title", "lead", "body", "body_html", "byline", "category", "trailer"), every)
    save(make(1, **texts, tags=(every,), attachments=(Attachment(url="https://a.ir/", title=every),)))

    assert lined(archive, Query())[0] == [orjson.dumps(item.to_dict()) for item in archive.articles(Query())]


def test_a_nul_is_written_as_json_writes_it(both, make):
    embedded, _ = both
    with embedded.writing() as connection:
        intake.save(connection, [make(1, body="a\0b", body_html="\0", title="\0c")])

    assert lined(embedded, Query())[0] == [orjson.dumps(item.to_dict()) for item in embedded.articles(Query())]


def test_snapshots_and_copies_are_told(archive, save, make):
    save(make(1), make(2, source="mcls-gilan"))
    record = "urn:uuid:00000000-0000-0000-0000-000000000001"
    with archive.writing() as connection:
        first, other = connection.scalars(sa.select(tables.articles.c.pk).order_by(tables.articles.c.pk)).all()
        kept = {"record": record, "source": "mcls-yazd", "url": make(1).url, "fetched_at": make(1).fetched_at}
        place = {
            "status": 200,
            "purpose": "article",
            "digest": "sha256:0",
            "file": "a.warc.gz",
            "start": 0,
            "length": 1,
        }
        connection.execute(sa.insert(tables.snapshots), [kept | place])
        connection.execute(
            sa.update(tables.revisions).where(tables.revisions.c.article == first).values(snapshot=record)
        )
        cluster = [{"article": pk, "cluster": first, "first": first, "similarity": 1.0} for pk in (first, other)]
        connection.execute(sa.insert(tables.copies), cluster)

    told = {each["id"]: (each["snapshot"], each["copy_of"]) for each in archive.records(Query())}
    assert told == {
        "mcls-yazd/1": ({"warc": "a.warc.gz", "record": record}, None),
        "mcls-gilan/2": (None, "mcls-yazd/1"),
    }
    assert list(archive.records(Query())) == [item.to_dict() for item in archive.articles(Query())]
    assert lined(archive, Query())[0] == [orjson.dumps(item.to_dict()) for item in archive.articles(Query())]


def test_a_cursor_goes_on(filled):
    first = next(filled.articles(Query()))
    rest = list(filled.records(Query(cursor=filled.cursor_after(first))))

    assert [first.to_dict(), *rest] == list(filled.records(Query()))
    assert lined(filled, Query(cursor=filled.cursor_after(first)))[0] == list(map(orjson.dumps, rest))


def test_they_come_in_batches_that_lose_nothing(archive, save, make):
    save(*(make(number, title=f"خبر {number}") for number in range(1203)))

    assert [record["id"] for record in archive.records(Query())] == [item.id for item in archive.articles(Query())]


def test_a_length_that_no_number_of_64_bits_holds_is_not_known(archive, save, make):
    save(make(attachments=(Attachment(url="https://yazd.mcls.gov.ir/a.pdf", length=10**30),)))

    assert next(archive.records(Query()))["attachments"][0]["length"] is None
    assert b'"length":null' in lined(archive, Query())[0][0]
    assert next(archive.articles(Query())).article.attachments[0].length == 10**30
