"""Operators are told, by a web hook and by mail, in Persian and in English, in few messages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest

from archive import Archive, alarms, crawls, notices, orders, queue
from archive.alarms import Matter, Trouble
from archive.crawls import Outcome, Result
from archive.errors import ArchiveUnavailable
from archive.orders import Visit, Why
from syndication.alerts import destinations, watch
from syndication.alerts import herald as module
from syndication.alerts.herald import Herald, Telling
from syndication.errors import WrongSetting
from tests.redirecting import redirecting
from tests.syndication.alerts.receiving import a_hook, a_mailbox

NOON = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)  # Sunday, 12:00 in Tehran
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
YAZD = "mcls-yazd"


@pytest.fixture
def hook():
    with a_hook() as running:
        yield running


@pytest.fixture
def telling(hook):
    def made(*more, language="en", quiet="", digest="none"):
        return Telling.read(alerts=[hook.address, *more], language=language, quiet=quiet, digest=digest)

    return made


@pytest.fixture
def herald(archive, catalogue, tmp_path, telling):
    def made(**words):
        return Herald(archive, catalogue, telling(**words), tmp_path, disk=lambda *_: None)

    return made


@pytest.fixture
def crawl(archive):
    def made(at, outcome, *offices, reason="its name cannot be resolved (yazd.mcls.gov.ir)"):
        with archive.writing() as connection:
            for source in offices:
                begun = crawls.begin(connection, source, at - MINUTE)
                result = Result(outcome=outcome, reason=reason, swept=False, counts={})
                crawls.finish(connection, begun, at=at, result=result)

    return made


def test_two_visits_in_trouble_are_a_message_and_a_third_is_none(herald, crawl, hook):
    teller = herald()
    crawl(NOON, Outcome.UNREACHABLE, YAZD)
    teller.look(NOON)
    assert hook.told == []
    crawl(NOON + HOUR, Outcome.UNREACHABLE, YAZD)
    teller.look(NOON + HOUR)
    crawl(NOON + 3 * HOUR, Outcome.UNREACHABLE, YAZD)
    teller.look(NOON + 3 * HOUR)
    ((title, body),) = hook.told
    assert title == "Monadi: 1 new"
    assert body.splitlines()[1:5] == [
        "Since: Sunday, 29 November 2026, 12:00 (8 Azar 1405)",
        "Evidence: its name cannot be resolved (yazd.mcls.gov.ir)",
        "What to do: if it opens in a browser, its address or certificate has changed (docs/operating.md#unreachable)",
        "Command: monadi source check mcls-yazd",
    ]
    assert "(mcls-yazd): does not answer" in body.splitlines()[0]


def test_what_is_over_is_told_with_how_long_it_lasted(herald, crawl, hook):
    teller = herald(language="fa")
    crawl(NOON, Outcome.SILENT, YAZD)
    teller.look(NOON)
    crawl(NOON + HOUR, Outcome.OK, YAZD)
    teller.look(NOON + HOUR)
    title, body = hook.told[-1]
    assert title == "منادی: ۱ برطرف شد"
    lasted = "از یکشنبه ۸ آذر ۱۴۰۵، ۱۲:۰۰ (29 November 2026) تا یکشنبه ۸ آذر ۱۴۰۵، ۱۳:۰۰ (29 November 2026)"
    assert body.splitlines()[1] == lasted


def test_a_persian_message_says_what_since_when_why_and_what_to_do(herald, crawl, hook):
    crawl(NOON, Outcome.SILENT, YAZD, reason="nothing new since 2026-11-20; 14.2 releases were to be expected")
    herald(language="fa").look(NOON)
    ((title, body),) = hook.told
    assert title == "منادی: ۱ گرفتاری تازه"
    lines = body.splitlines()
    assert lines[0].startswith("[تازه] ")
    assert lines[0].endswith("(mcls-yazd): دیری است چیزی منتشر نکرده")
    assert lines[1] == "از: یکشنبه ۸ آذر ۱۴۰۵، ۱۲:۰۰ (29 November 2026)"
    assert lines[2] == "گواه: \u2068nothing new since 2026-11-20; 14.2 releases were to be expected\u2069"
    assert "(docs/operating.md#silent)" in lines[3]
    assert lines[4] == "فرمان: monadi source check mcls-yazd"


def test_addresses_in_the_evidence_are_readable(herald, crawl, hook):
    reason = "nothing at https://yazd.ir/fa/%D8%AE%D8%A8%D8%B1?a=%20: 404"
    crawl(NOON, Outcome.SILENT, YAZD, reason=reason)
    herald(language="fa").look(NOON)
    ((_, body),) = hook.told
    assert body.splitlines()[2] == "گواه: \u2068nothing at https://yazd.ir/fa/خبر?a=%20: 404\u2069"


def test_mail_is_sent_as_plain_text(herald, crawl, telling, archive, catalogue, tmp_path):
    crawl(NOON, Outcome.SILENT, YAZD)
    with a_mailbox() as box:
        words = Telling.read(alerts=[box.address], language="fa", quiet="", digest="none")
        Herald(archive, catalogue, words, tmp_path, disk=lambda *_: None).look(NOON)
    (mail,) = box.mails
    assert mail["To"] == "operator@example.ir"
    assert mail["Subject"] == "منادی: ۱ گرفتاری تازه"
    assert mail.get_content_type() == "text/plain"
    assert "فرمان: monadi source check mcls-yazd" in mail.get_content()


def test_an_outage_of_all_sources_is_one_message(herald, crawl, hook, catalogue, archive):
    offices = [source.id for source in catalogue.scheduled]
    crawl(NOON, Outcome.OUTAGE, *offices)
    herald().look(NOON)
    ((title, body),) = hook.told
    assert title == "Monadi: 1 new"
    assert body.startswith(f"[NEW] {len(offices)} sources: the network is down")
    assert body.count("\n") < 10


def test_many_at_once_are_one_short_message(herald, crawl, hook, catalogue):
    offices = [source.id for source in catalogue.scheduled][:30]
    for visit in range(2):
        crawl(NOON + visit * HOUR, Outcome.BLOCKED, *offices, reason="403")
    herald().look(NOON + HOUR)
    ((title, body),) = hook.told
    assert title == f"Monadi: {len(offices)} new"
    assert body.startswith(f"[NEW] {len(offices)} sources (")
    assert len(body) < 1500


def test_a_source_that_comes_and_goes_does_not_fill_the_mailbox(herald, crawl, hook):
    teller = herald()
    for day in range(30):
        for hour, outcome in ((0, Outcome.SILENT), (6, Outcome.OK), (12, Outcome.SILENT), (18, Outcome.OK)):
            now = NOON + day * DAY + hour * HOUR
            crawl(now, outcome, YAZD)
            teller.look(now)
    assert len(hook.told) <= 12


def test_quiet_hours_let_only_the_gravest_through_and_the_rest_comes_in_one(herald, crawl, hook, catalogue):
    others = [source.id for source in catalogue.scheduled if source.id != YAZD]
    teller, night = herald(quiet="22:00-07:00"), NOON + 11 * HOUR
    crawl(night, Outcome.SILENT, YAZD)
    teller.look(night)
    crawl(night + HOUR, Outcome.SILENT, others[0])
    teller.look(night + HOUR)
    assert hook.told == []
    crawl(night + 2 * HOUR, Outcome.OUTAGE, *others[1:])
    teller.look(night + 2 * HOUR)
    assert [body.splitlines()[0] for _, body in hook.told] == [
        f"[NEW] {len(others) - 1} sources: the network is down: most sources fail at once"
    ]
    crawl(night + 3 * HOUR, Outcome.OK, YAZD, *others[1:])
    teller.look(night + 3 * HOUR)
    teller.look(night + 8 * HOUR + MINUTE)
    assert [title for title, _ in hook.told[1:]] == [
        "Monadi: 1 resolved",
        "Monadi: 1 new, 1 came and went",
    ]


def test_of_two_who_look_one_tells(herald, crawl, hook):
    crawl(NOON, Outcome.SILENT, YAZD)
    first, second = herald(), herald()
    for teller in (first, second, first, second):
        teller.look(NOON)
    assert len(hook.told) == 1


def test_what_is_not_taken_is_kept_said_and_sent_later(herald, crawl, hook, archive, caplog):
    now = datetime.now(UTC)  # by which it is tried again
    crawl(now, Outcome.SILENT, YAZD)
    hook.status = 500
    teller = herald()
    teller.look(now)
    with archive.reading() as connection:
        (notice,) = notices.waiting(connection)
    assert "destination 1: json" in caplog.text
    assert "500" in notice.failure
    hook.status = 200
    teller.look(datetime.now(UTC) + 2 * MINUTE)
    assert [title for title, _ in hook.told].count("Monadi: 1 new") == 1


def test_secrets_are_neither_logged_nor_kept(herald, crawl, hook, archive, caplog, telling):
    caplog.set_level("DEBUG")
    crawl(NOON, Outcome.SILENT, YAZD)
    hook.shutdown()
    hook.server_close()
    herald().look(NOON)
    with archive.reading() as connection:
        kept = repr(notices.newest(connection))
    for secret in ("s3cret-word", "t0ken-of-ours", "operator"):
        assert secret not in caplog.text + kept + repr(telling())


@pytest.mark.parametrize("wrong", ["nowhere", "unheard://of.example.ir/secret-path", "json://"])
def test_an_address_that_cannot_be_used_is_refused_by_its_number_alone(hook, wrong):
    with pytest.raises(WrongSetting, match="MONADI_ALERTS: destination 2") as refused:
        Telling.read(alerts=[hook.address, wrong], language="fa", quiet="", digest="none")
    assert "secret-path" not in str(refused.value)


def test_a_web_hook_that_sends_us_inside_is_not_followed(monkeypatch):
    monkeypatch.setenv("MONADI_ALLOW_HOSTS", "")
    with redirecting() as hook:
        port = hook.server_address[1]
        (destination,) = destinations.read([f"json://localhost:{port}/to/http://127.0.0.1:{port}/inside"])
        assert destination.send("title", "body") is not None
    assert len(hook.asked) == 1


def test_an_archive_that_does_not_answer_is_told_of_from_memory(herald, hook, archive, monkeypatch):
    teller = herald()
    teller.look(NOON)

    def away(*_):
        raise ArchiveUnavailable("the archive at db cannot be used: connection refused")

    with monkeypatch.context() as patched:
        patched.setattr(archive, "reading", away)
        for minutes in range(1, 10):
            teller.look(NOON + minutes * MINUTE)
    teller.look(NOON + 10 * MINUTE)
    assert [title for title, _ in hook.told] == ["Monadi: 1 new", "Monadi: 1 resolved"]
    assert "connection refused" in hook.told[0][1]


def test_a_schedule_that_stands_still_is_told_of_after_half_an_hour(herald, hook, archive):
    with archive.writing() as connection:
        orders.plan(connection, {YAZD: Visit(at=NOON, why=Why.PACE)})
    teller = herald()
    for minutes in (0, 20, 31, 45):
        teller.look(NOON + minutes * MINUTE)
    ((_, body),) = hook.told
    assert body.splitlines()[0] == "[NEW] visits are due, and no crawl begins"


QUEUED = queue.Entry(id=1, source=YAZD, after=7, taken=False, seconds=360.0)
BUSY = replace(QUEUED, taken=True)
HEARD = NOON - 6 * MINUTE


@pytest.mark.parametrize(
    ("stands", "newest", "evidence"),
    [
        (None, 7, None),
        (queue.Standing(), 7, None),
        (queue.Standing(entries=[QUEUED]), 7, "there has been no worker yet"),
        (queue.Standing(entries=[QUEUED], heard=HEARD), 7, "the last worker was heard of at 2026-11-29T08:24:00Z"),
        (queue.Standing(entries=[QUEUED], workers=1, heard=NOON), 7, None),
        (queue.Standing(entries=[replace(QUEUED, seconds=299.0)]), 7, None),
        (queue.Standing(entries=[BUSY]), 7, None),
        (queue.Standing(entries=[QUEUED]), 8, None),
    ],
    ids=["no queue", "nothing waits", "never a worker", "it is gone", "busy", "just now", "taken", "read elsewhere"],
)
def test_crawls_that_wait_for_no_worker_are_a_trouble(stands, newest, evidence):
    found = watch.of_workers(stands, {YAZD: newest}, NOON)
    if evidence is None:
        assert found is None
    else:
        assert (found.matter, found.since) == (Matter.WORKERS, NOON - 6 * MINUTE)
        assert found.evidence == f"1 crawls wait, the first since 2026-11-29T08:24:00Z; {evidence}"


def test_crawls_that_nobody_takes_are_told_of_once(postgres, catalogue, tmp_path, telling, hook, monkeypatch):
    monkeypatch.setattr(watch, "UNTAKEN", timedelta(0))
    with postgres.database() as url, Archive(url, tmp_path / "search") as served:
        served.upgrade()
        queue.prepare(served.database)
        with served.writing() as connection:
            orders.plan(connection, {YAZD: Visit(at=NOON - HOUR, why=Why.PACE)})
        with queue.Queue(served.database) as handed:
            handed.put(YAZD, 0)
        teller = Herald(served, catalogue, telling(), tmp_path, disk=lambda *_: None)
        teller.look(NOON - HOUR)
        teller.look(NOON)
    ((_, body),) = hook.told
    assert body.splitlines()[0] == "[NEW] crawls wait, and there is no worker"
    assert "monadi worker" in body


def test_paused_sources_are_no_trouble(herald, crawl, hook, archive):
    crawl(NOON, Outcome.SILENT, YAZD)
    with archive.writing() as connection:
        orders.pause(connection, [YAZD], NOON, "maryam")
    herald().look(NOON)
    assert hook.told == []


@pytest.mark.parametrize(
    ("free", "total", "full"),
    [(0.5, 10, True), (2, 10, False), (4, 100, True), (6, 100, False), (9, 4000, True), (11, 4000, False)],
)
def test_a_disk_is_nearly_full(free, total, full):
    found = watch.of_disk(round(free * watch.GIB), total * watch.GIB, NOON)
    assert (found is not None) is full


def test_alarms_are_kept_where_nobody_is_to_be_told(archive, catalogue, crawl, tmp_path, caplog):
    crawl(NOON, Outcome.SILENT, YAZD)
    Herald(archive, catalogue, Telling(), tmp_path, disk=lambda *_: None).look(NOON)
    with archive.reading() as connection:
        assert [alarm.key for alarm in alarms.standing(connection)] == [f"source/{YAZD}"]
        assert alarms.untold(connection) == []
    assert f"alarm opened: source/{YAZD}" in caplog.text


def test_it_looks_from_entering_the_block_to_leaving_it(herald, crawl, hook, monkeypatch):
    monkeypatch.setattr(module, "TICK", 0.05)
    crawl(NOON, Outcome.SILENT, YAZD)
    with herald():
        for _ in range(200):
            if hook.told:
                break
            sleep(0.02)
    assert len(hook.told) == 1


def test_a_disk_that_is_full_is_told_of_at_night(archive, catalogue, telling, tmp_path, hook):
    full = Trouble(matter=Matter.DISK, since=NOON, evidence="0.1 GiB of 20.0 are free")
    night = NOON + 12 * HOUR
    teller = Herald(archive, catalogue, telling(quiet="22:00-07:00"), tmp_path, disk=lambda *_: full)
    teller.look(night)
    assert len(hook.told) == 1
