"""What each run did: begun, ended, settled or failed; and the pages it could not use."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from archive import Archive, crawls, tables
from archive.crawls import MAX_ATTEMPTS, Crawl, Outcome, Quarantined, Result

START = datetime(2021, 12, 6, 8, tzinfo=UTC)
FAILURES = {Outcome.EMPTY, Outcome.BLOCKED, Outcome.UNREACHABLE, Outcome.OUTAGE, Outcome.STOPPED}


def result(outcome: Outcome = Outcome.OK, *, swept: bool = False, reason: str | None = None, **counts: int) -> Result:
    return Result(outcome=outcome, reason=reason, swept=swept, counts=counts)


def run(archive: Archive, ended: Result | None = None, source: str = "mcls-yazd", hour: int = 0) -> int:
    """A crawl that took ten minutes; one that was killed when it has no result."""
    begun = START + timedelta(hours=hour)
    with archive.writing() as connection:
        number = crawls.begin(connection, source, begun)
    if ended:
        with archive.writing() as connection:
            crawls.finish(connection, number, at=begun + timedelta(minutes=10), result=ended)
    return number


def latest(archive: Archive, source: str | None = None) -> list[Crawl]:
    with archive.reading() as connection:
        return crawls.latest(connection, source)


def failures(archive: Archive, limit: int = 10) -> int:
    with archive.reading() as connection:
        return len(crawls.failing(connection, limit).get("mcls-yazd", ()))


# ---- runs ----


def test_a_crawl_tells_what_it_came_to(archive):
    number = run(archive, result(Outcome.QUIET, swept=True, reason="چیز تازه‌ای نبود", listed=20, fetched=3))
    assert latest(archive) == [
        Crawl(
            id=number,
            source="mcls-yazd",
            started_at=START,
            finished_at=START + timedelta(minutes=10),
            outcome=Outcome.QUIET,
            reason="چیز تازه‌ای نبود",
            swept=True,
            counts={"listed": 20, "fetched": 3},
        )
    ]


def test_a_crawl_that_was_killed_shows_as_unfinished(archive):
    run(archive, result())
    run(archive, hour=1)
    (crawl,) = latest(archive)
    assert (crawl.finished_at, crawl.outcome, crawl.reason, crawl.counts) == (None, None, None, {})


def test_a_crawl_is_exported_in_plain_values(archive):
    number = run(archive, result(Outcome.UNREACHABLE, reason="DNS", listed=0))
    assert latest(archive)[0].to_dict() == {
        "id": number,
        "source": "mcls-yazd",
        "started_at": "2021-12-06T08:00:00Z",
        "finished_at": "2021-12-06T08:10:00Z",
        "outcome": "unreachable",
        "reason": "DNS",
        "swept": False,
        "whole": False,
        "counts": {"listed": 0},
    }


def test_an_unfinished_crawl_is_exported_without_an_end(archive):
    run(archive)
    exported = latest(archive)[0].to_dict()
    assert (exported["finished_at"], exported["outcome"]) == (None, None)


def test_latest_is_the_newest_crawl_of_each_source_in_the_order_of_their_ids(archive):
    run(archive, result(), "mcls-yazd")
    run(archive, result(), "mcls-kerman")
    newest = run(archive, result(Outcome.QUIET), "mcls-yazd", hour=1)
    assert [crawl.source for crawl in latest(archive)] == ["mcls-kerman", "mcls-yazd"]
    assert [crawl.id for crawl in latest(archive, "mcls-yazd")] == [newest]
    assert latest(archive, "mcls-gilan") == []


@pytest.mark.parametrize("outcome", Outcome)
def test_an_outcome_says_whether_the_crawl_failed(outcome):
    assert outcome.failed == (outcome in FAILURES)


# ---- the last success ----


def successes(archive: Archive) -> dict[str, datetime]:
    with archive.reading() as connection:
        return crawls.last_successes(connection)


def test_an_operator_is_told_of_all_but_good_runs_and_interrupted_ones():
    assert {outcome for outcome in Outcome if not outcome.trouble} == {Outcome.OK, Outcome.QUIET, Outcome.STOPPED}


@pytest.mark.parametrize("outcome", Outcome)
def test_a_success_is_a_crawl_that_did_not_fail(archive, outcome):
    run(archive, result(outcome))
    assert successes(archive) == ({} if outcome.failed else {"mcls-yazd": START + timedelta(minutes=10)})


def test_the_last_success_is_the_end_of_the_newest_whatever_came_after_it(archive):
    run(archive, result())
    run(archive, result(Outcome.QUIET), hour=1)
    run(archive, result(Outcome.UNREACHABLE), hour=2)
    run(archive, hour=3)
    run(archive, result(Outcome.DEGRADED), "mcls-kerman", hour=5)
    run(archive, result(Outcome.BLOCKED), "mcls-gilan")
    assert successes(archive) == {
        "mcls-yazd": START + timedelta(hours=1, minutes=10),
        "mcls-kerman": START + timedelta(hours=5, minutes=10),
    }


def test_the_last_successes_are_found_in_an_index(archive):
    """A look a source, however many crawls there were."""
    statements = []
    with archive.reading() as connection:
        sa.event.listen(connection, "before_cursor_execute", lambda *told: statements.append(told[2]))
        crawls.last_successes(connection)
        asked = statements[-1]
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # which is quicker in a table of nothing
        explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
        plan = "\n".join(str(row) for row in connection.exec_driver_sql(f"{explain} {asked}"))
    assert "ix_crawls_succeeded" in plan


# ---- what is settled ----

SETTLED = {
    "no crawl": ([], None),
    "a crawl that saw a part": ([result()], None),
    "a crawl that was killed": ([None], None),
    "a crawl that saw all": ([result(swept=True)], 0),
    "the last that saw all": ([result(swept=True), result(swept=True), result(), None], 1),
}


@pytest.mark.parametrize(("runs", "hour"), SETTLED.values(), ids=SETTLED)
def test_what_is_archived_is_settled_until_the_end_of_the_last_crawl_that_saw_all(archive, runs, hour):
    for number, ended in enumerate(runs):
        run(archive, ended, hour=number)
    expected = None if hour is None else START + timedelta(hours=hour, minutes=10)
    with archive.reading() as connection:
        assert crawls.settled_until(connection, "mcls-yazd") == expected


def test_one_source_does_not_settle_another(archive):
    run(archive, result(swept=True), "mcls-kerman")
    with archive.reading() as connection:
        assert crawls.settled_until(connection, "mcls-yazd") is None


# ---- failures ----

ROWS = {
    "no crawl": ([], 0),
    "a good one": ([Outcome.OK], 0),
    "a failure": ([Outcome.BLOCKED], 1),
    "failures of every kind": ([Outcome.OK, Outcome.EMPTY, Outcome.BLOCKED, Outcome.UNREACHABLE], 3),
    "failures before a good one": ([Outcome.BLOCKED, Outcome.BLOCKED, Outcome.QUIET], 0),
    "outages alone": ([Outcome.OUTAGE, Outcome.OUTAGE], 0),
    "an outage between failures": ([Outcome.OK, Outcome.BLOCKED, Outcome.OUTAGE, Outcome.BLOCKED], 2),
    "a stop between failures": ([Outcome.BLOCKED, Outcome.STOPPED, Outcome.BLOCKED], 2),
    "an outage after a good one": ([Outcome.BLOCKED, Outcome.OK, Outcome.OUTAGE], 0),
    "a killed one between failures": ([Outcome.BLOCKED, None, Outcome.BLOCKED], 2),
}


@pytest.mark.parametrize(("outcomes", "expected"), ROWS.values(), ids=ROWS)
def test_failures_are_counted_back_to_the_last_good_crawl_outages_and_stops_aside(archive, outcomes, expected):
    for outcome in outcomes:
        run(archive, outcome and result(outcome))
    assert failures(archive) == expected


def test_failures_are_counted_up_to_a_limit(archive):
    for _ in range(5):
        run(archive, result(Outcome.BLOCKED))
    assert failures(archive, limit=3) == 3


def test_failures_are_a_sources_own(archive):
    run(archive, result(Outcome.BLOCKED), "mcls-kerman")
    assert failures(archive) == 0


def test_failing_crawls_are_told_newest_first_each_as_it_is(archive):
    run(archive, result(Outcome.OK))
    numbers = [
        run(archive, result(outcome), hour=hour) for hour, outcome in enumerate((Outcome.EMPTY, Outcome.BLOCKED))
    ]
    run(archive, result(Outcome.OK), "mcls-kerman")
    with archive.reading() as connection:
        told = crawls.failing(connection)
    assert [crawl.id for crawl in told.pop("mcls-yazd")] == numbers[::-1]
    assert told == {}


def test_an_outage_is_called_on_the_newest_crawl_of_each_source_named(archive):
    for source in ("mcls-yazd", "mcls-kerman", "mcls-gilan"):
        run(archive, result(Outcome.UNREACHABLE), source)
        run(archive, result(Outcome.UNREACHABLE), source, hour=1)
    with archive.writing() as connection:
        crawls.call_outage(connection, ["mcls-yazd", "mcls-kerman"])
    assert {crawl.source: crawl.outcome for crawl in latest(archive)} == {
        "mcls-gilan": Outcome.UNREACHABLE,
        "mcls-kerman": Outcome.OUTAGE,
        "mcls-yazd": Outcome.OUTAGE,
    }
    assert failures(archive) == 1


def test_an_outage_of_nobody_changes_nothing(archive):
    run(archive, result(Outcome.UNREACHABLE))
    with archive.writing() as connection:
        crawls.call_outage(connection, [])
    assert latest(archive)[0].outcome is Outcome.UNREACHABLE


# ---- quarantine ----


def page(number: int = 1, **changes: object) -> Quarantined:
    values = {
        "source": "mcls-yazd",
        "url": f"https://yazd.mcls.gov.ir/fa/news/{number}",
        "kind": "NotAnArticle",
        "reason": "متنی نبود",
        "extractor": "fa_portal/1",
        "status": 200,
        "headers": {"Content-Type": "text/html"},
        "body": "<p>خبر</p>".encode(),
    }
    return Quarantined(**{**values, **changes})


def hold(archive: Archive, *pages: Quarantined, hour: int = 0) -> None:
    with archive.writing() as connection:
        crawls.hold(connection, pages, START + timedelta(hours=hour))


def held(archive: Archive) -> list[sa.Row]:
    with archive.reading() as connection:
        return list(connection.execute(sa.select(tables.quarantine).order_by(tables.quarantine.c.pk)))


def to_retry(archive: Archive, extractor: str = "fa_portal/1") -> list[str]:
    with archive.reading() as connection:
        return crawls.to_retry(connection, "mcls-yazd", extractor)


def test_a_page_is_held_with_its_reason_and_the_response_as_it_came(archive):
    hold(archive, page())
    (row,) = held(archive)
    assert (row.kind, row.reason, row.status, row.headers) == (
        "NotAnArticle",
        "متنی نبود",
        200,
        {"Content-Type": "text/html"},
    )
    assert crawls.gzip.decompress(row.body).decode() == "<p>خبر</p>"


def test_a_page_held_again_is_one_page_with_one_more_attempt(archive):
    hold(archive, page())
    hold(archive, page(reason="بسته است", status=403), hour=1)
    (row,) = held(archive)
    assert (row.attempts, row.first_at, row.last_at) == (2, START, START + timedelta(hours=1))
    assert (row.reason, row.status) == ("بسته است", 403)


def test_a_page_held_twice_in_one_batch_is_one_page(archive):
    hold(archive, page(), page())
    assert [row.attempts for row in held(archive)] == [2]


def test_a_page_that_was_read_after_all_is_released(archive):
    hold(archive, page(1), page(2), page(1, source="mcls-kerman"))
    with archive.writing() as connection:
        crawls.release(connection, "mcls-yazd", [page(1).url, page(3).url])
    assert [(row.source, row.url) for row in held(archive)] == [
        ("mcls-yazd", page(2).url),
        ("mcls-kerman", page(1).url),
    ]


def test_each_sources_pages_in_quarantine_are_counted(archive):
    hold(archive, page(1), page(2), page(1, source="mcls-kerman"))
    with archive.reading() as connection:
        assert crawls.quarantined(connection) == {"mcls-yazd": 2, "mcls-kerman": 1}


def test_pages_that_did_not_answer_are_tried_again_in_the_order_they_were_met(archive):
    pages = [page(number, status=None, body=None) for number in (3, 1, 2)]
    hold(archive, *pages)
    assert to_retry(archive) == [each.url for each in pages]


def test_pages_that_the_same_extractor_cannot_read_are_not_tried_again(archive):
    hold(archive, page())
    assert to_retry(archive) == []


def test_pages_that_another_extractor_could_not_read_are_tried_again(archive):
    hold(archive, page())
    assert to_retry(archive, "fa_portal/2") == [page().url]


def test_an_empty_answer_is_an_answer(archive):
    hold(archive, page(body=b""))
    assert to_retry(archive) == []


@pytest.mark.parametrize(("attempts", "again"), [(1, True), (MAX_ATTEMPTS - 1, True), (MAX_ATTEMPTS, False)])
def test_pages_that_never_answer_are_given_up(archive, attempts, again):
    for hour in range(attempts):
        hold(archive, page(status=None, body=None), hour=hour)
    assert bool(to_retry(archive)) is again


def test_pages_of_another_source_are_not_tried(archive):
    hold(archive, page(source="mcls-kerman", body=None))
    assert to_retry(archive) == []


# ---- sources ----


def offices(archive: Archive) -> list[sa.Row]:
    with archive.reading() as connection:
        return list(connection.execute(sa.select(tables.sources).order_by(tables.sources.c.id)))


def test_a_source_registered_again_is_one_row_with_its_present_names(blank_url, tmp_path, catalogue):
    source = catalogue.source("mcls-yazd")
    with Archive(blank_url, tmp_path / "search") as archive:
        archive.upgrade()
        with archive.writing() as connection:
            crawls.register(connection, [source])
            connection.execute(sa.update(tables.sources).values(name_fa="نام پیشین"))
            crawls.register(connection, [source])
        (row,) = offices(archive)
    assert (row.id, row.name_fa, row.province) == ("mcls-yazd", source.name_fa, "IR-21")


# ---- what others ask of runs ----


def test_the_class_of_what_was_wrong_is_among_the_counts(archive):
    run(archive, result(Outcome.UNREACHABLE, **{"class/dns": 1, "listed": 3}))
    run(archive, result(), source="mcls-qom")

    assert [crawl.kind for crawl in latest(archive)] == [None, "dns"]


def test_the_last_success_is_the_end_of_a_run_that_did_not_fail(archive):
    run(archive, result())
    run(archive, result(Outcome.UNREACHABLE), hour=1)
    run(archive, result(Outcome.BLOCKED), source="mcls-qom")

    with archive.reading() as connection:
        assert crawls.last_successes(connection) == {"mcls-yazd": START + timedelta(minutes=10)}


def test_the_runs_of_a_source_that_have_ended_come_newest_first(archive):
    numbers = [run(archive, result(), hour=hour) for hour in range(4)]
    run(archive, hour=5)
    run(archive, result(), source="mcls-qom", hour=6)

    with archive.reading() as connection:
        found = crawls.finished(connection, "mcls-yazd", START + timedelta(hours=1), 2)
    assert [crawl.id for crawl in found] == [numbers[3], numbers[2]]


def test_a_page_that_is_held_comes_out_as_it_was_put_in(archive):
    page = Quarantined(
        source="mcls-yazd",
        url="https://a.ir/1",
        kind="parse",
        reason="no title",
        extractor="x/1",
        status=200,
        headers={"Content-Type": "text/html"},
        body=b"<p>",
    )
    unanswered = Quarantined(
        source="mcls-yazd", url="https://a.ir/2", kind="dns", reason="-", extractor="x/1", headers={}
    )
    with archive.writing() as connection:
        crawls.hold(connection, [page, unanswered], START)

    with archive.reading() as connection:
        (held,) = crawls.held(connection)
    assert (held.url, held.body, held.status, held.headers, held.first_at) == (
        page.url,
        page.body,
        200,
        page.headers,
        START,
    )


def test_a_run_that_was_killed_is_closed_by_the_next_as_stopped(archive):
    run(archive)
    run(archive, source="mcls-qom")
    with archive.writing() as connection:
        assert crawls.close_left(connection, "mcls-yazd", START + timedelta(days=1)) == 1
        assert crawls.close_left(connection, "mcls-yazd", START + timedelta(days=1)) == 0
    (left, closed) = latest(archive)
    assert (left.source, left.outcome) == ("mcls-qom", None)
    assert (closed.outcome, closed.reason, closed.swept) == (Outcome.STOPPED, crawls.LEFT, False)
