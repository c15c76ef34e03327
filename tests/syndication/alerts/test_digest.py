"""The week in a message: once a week, in both languages, with what is missing."""

from datetime import UTC, datetime, timedelta

import pytest

from archive import crawls
from archive.crawls import Outcome, Quarantined, Result
from syndication.alerts import digest
from syndication.alerts.herald import Herald, Telling
from syndication.alerts.language import ENGLISH, PERSIAN
from tests.syndication.alerts.receiving import a_hook

YAZD = "mcls-yazd"
DAY = timedelta(days=1)
FRIDAY = datetime(2026, 12, 4, 8, tzinfo=UTC)


@pytest.fixture
def busy(full):
    """An archive with news, a page in quarantine and an office that is silent."""
    now = datetime.now(UTC)
    page = Quarantined(
        source=YAZD, url="https://yazd.mcls.gov.ir/x", kind="empty", reason="-", extractor="-", headers={}
    )
    with full.writing() as connection:
        begun = crawls.begin(connection, YAZD, now)
        result = Result(outcome=Outcome.SILENT, reason="nothing new", swept=True, counts={})
        crawls.finish(connection, begun, at=now, result=result)
        crawls.hold(connection, [page], now)
    return full


def written(archive, catalogue, speech, since=None):
    with archive.reading() as connection:
        return digest.written(connection, catalogue, speech, datetime.now(UTC) + DAY, since)


def test_it_says_what_came_and_what_is_missing(busy, catalogue):
    told = written(busy, catalogue, ENGLISH)
    lines = told.body.splitlines()
    assert told.title == "Monadi: the week"
    assert "New releases: 60, of sources: 2" in lines
    assert any(line.startswith("Busiest: ") for line in lines)
    assert any(line.startswith("Pages in quarantine: 1 (") for line in lines)
    assert any("Sources that have never been read: " in line for line in lines)
    assert lines[-1] == "No alarm stands."


def test_it_says_so_in_persian(busy, catalogue):
    told = written(busy, catalogue, PERSIAN)
    assert told.title == "منادی: گزارش هفته"
    assert "۶۰ خبر تازه از ۲ منبع" in told.body.splitlines()


def test_a_week_without_news_is_told_as_one(busy, catalogue):
    told = written(busy, catalogue, ENGLISH, datetime.now(UTC) + DAY)
    assert "Nothing new came in." in told.body.splitlines()


def test_a_week_is_told_once_and_the_one_of_the_installation_is_not(busy, catalogue, tmp_path):
    with a_hook() as hook:
        words = Telling.read(alerts=[hook.address], language="en", quiet="", digest="saturday 08:00")
        first, second = (Herald(busy, catalogue, words, tmp_path, disk=lambda *_: None) for _ in range(2))
        for day in range(15):
            for teller in (first, second):
                teller.look(FRIDAY + day * DAY)
        weeks = [body for title, body in hook.told if title == "Monadi: the week"]
    assert len(weeks) == 2
    assert "Standing alarms:" in weeks[0]
