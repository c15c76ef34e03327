"""What was held back comes in once it can be read, as if it had been read when it was first met."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archive import Kind, Query, crawls, intake
from archive.crawls import Quarantined
from sources import Catalogue
from spiders import reading
from spiders.platforms import platform
from spiders.readmission import readmit
from tests.spiders.faults import MISSING, Site

FIRST = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
LAST = FIRST + timedelta(hours=5)
PLACE = "https://yazd.example.ir"
REFUSED = {
    "sqlite": "CREATE TRIGGER refused BEFORE INSERT ON articles WHEN NEW.native_id = '1005' "
    "BEGIN SELECT RAISE(ABORT, 'refused'); END",
    "postgresql": "ALTER TABLE articles ADD CONSTRAINT refused CHECK (native_id <> '1005')",
}  # what makes a database refuse one release, and no other


@pytest.fixture
def catalogue(tmp_path):
    (tmp_path / "agencies").mkdir()
    head = '[agency]\nname_fa = "آزمون"\nname_en = "Test"\nplatform = "fa_portal"\n'
    (tmp_path / "agencies" / "test.toml").write_text(f'{head}[yazd]\nurl = "{PLACE}/"\n', "utf-8")
    return Catalogue.load(tmp_path)


def held(archive, catalogue, address: str, text: str, kind: str = "not-an-article") -> None:
    page = Quarantined(
        source="test-yazd",
        url=f"{PLACE}{address}",
        kind=kind,
        reason="no body where fa_portal/1 looks for one",
        extractor="fa_portal/1",
        status=200,
        headers={"Content-Type": "text/html; charset=utf-8"},
        body=text.encode(),
    )
    with archive.writing() as connection:
        crawls.register(connection, catalogue.sources.values())
        for at in (FIRST, LAST):
            crawls.hold(connection, [page], at)


def again(archive, catalogue, query: Query | None = None) -> tuple[dict[str, int], list[str]]:
    problems: list[str] = []
    found = readmit(archive, query or Query(), catalogue, problem=problems.append)
    return dict(found[0].counts) if found else {}, problems


def left(archive) -> list[str]:
    with archive.reading() as connection:
        return [page.url for page in crawls.held(connection)]


def page(number: int) -> str:
    return Site().portal.answer(f"/fa/news/{number}/x").text.replace("\ue000", "۱")


def test_a_page_that_can_be_read_now_is_new_and_was_first_seen_when_it_was_met(archive, catalogue):
    held(archive, catalogue, "/fa/news/1005/x", page(1005))

    assert again(archive, catalogue) == ({"new": 1}, [])

    (item,) = archive.articles(Query())
    assert (item.id, item.first_seen, left(archive)) == ("test-yazd/1005", FIRST, [])
    assert [change.kind for change in archive.changes(0)] == [Kind.NEW]


def test_what_still_cannot_be_read_stays_and_is_named(archive, catalogue):
    held(archive, catalogue, "/fa/news/1005/x", MISSING)

    counts, (problem,) = again(archive, catalogue)

    assert counts == {"unread": 1}
    assert f"{PLACE}/fa/news/1005/x" in problem
    assert left(archive) == [f"{PLACE}/fa/news/1005/x"]


def test_what_the_archive_does_not_take_stays_and_keeps_no_other_out(archive, catalogue):
    held(archive, catalogue, "/fa/news/1005/x", page(1005))
    held(archive, catalogue, "/fa/news/1006/x", page(1006))
    with archive.writing() as connection:
        connection.exec_driver_sql(REFUSED[connection.dialect.name])

    counts, (problem,) = again(archive, catalogue)

    assert counts == {"new": 1, "unread": 1}
    assert problem.startswith(f"test-yazd {PLACE}/fa/news/1005/x: IntegrityError: ")
    assert left(archive) == [f"{PLACE}/fa/news/1005/x"]


def test_a_known_article_does_not_become_what_a_changed_layout_makes_of_it(archive, catalogue, respond):
    answer = respond(page(1005), url=f"{PLACE}/fa/news/1005/x")
    source = catalogue.source("test-yazd")
    before = reading.read(platform("fa_portal"), answer, source=source, fetched_at=FIRST, listed=None)
    with archive.writing() as connection:
        crawls.register(connection, [source])
        intake.save(connection, [before])
    held(archive, catalogue, "/fa/news/1005/x", page(1005).replace('class="summary"', 'class="x"'), crawls.DOUBTED)

    assert again(archive, catalogue)[0]["unread"] == 1
    assert len(list(archive.changes(0))) == 1

    held(archive, catalogue, "/fa/news/1005/x", page(1005), crawls.DOUBTED)  # mended
    assert again(archive, catalogue)[0] == {"same": 1}
    assert (len(list(archive.changes(0))), left(archive)) == (1, [])


def test_only_the_sources_that_are_asked_for_are_read(archive, catalogue):
    held(archive, catalogue, "/fa/news/1005/x", page(1005))

    assert again(archive, catalogue, Query(sources=("test-qom",))) == ({}, [])
    assert left(archive)
    assert again(archive, catalogue, Query(since=FIRST + timedelta(hours=1))) == ({}, [])


def test_what_a_fallback_read_is_read_again_by_its_platform(archive, catalogue, respond):
    answer = respond(page(1005), url=f"{PLACE}/fa/news/1005/x")
    source = catalogue.source("test-yazd")
    article = reading.read(platform("generic"), answer, source=source, fetched_at=FIRST, listed=None)
    with archive.writing() as connection:
        crawls.register(connection, [source])
        intake.save(connection, [replace(article, native_id="1005")])

    assert again(archive, catalogue)[0] == {"unkept": 1}  # asked for, and nothing of it was kept here
