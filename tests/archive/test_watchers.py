"""Those who watch an archive do so on either engine: several heralds at once, metrics, the digest."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from archive import crawls
from archive.crawls import Outcome, Result
from syndication.alerts import digest
from syndication.alerts.herald import Herald, Telling
from syndication.alerts.language import ENGLISH
from syndication.web.metrics import Metrics
from tests.syndication.alerts.receiving import a_hook

YAZD = "mcls-yazd"


@pytest.fixture
def silent(archive, save, make):
    save(make(1))
    now = datetime.now(UTC)
    with archive.writing() as connection:
        begun = crawls.begin(connection, YAZD, now - timedelta(hours=1))
        result = Result(outcome=Outcome.SILENT, reason="-", swept=False, counts={})
        crawls.finish(connection, begun, at=now, result=result)
    return archive


def test_of_four_heralds_at_once_one_tells(silent, catalogue, tmp_path):
    with a_hook() as hook:
        telling = Telling.read(alerts=[hook.address], language="fa", quiet="", digest="saturday 08:00")
        heralds = [Herald(silent, catalogue, telling, tmp_path, disk=lambda *_: None) for _ in range(4)]
        threads = [threading.Thread(target=each.look) for each in heralds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(hook.told) == 1


def test_metrics_are_those_of_the_engine(silent, catalogue):
    told = Metrics(silent, catalogue).endpoint(None).body.decode()
    assert 'monadi_sources{state="silent"} 1.0' in told
    assert float(told.split("\nmonadi_archive_bytes ")[1].split()[0]) > 0


def test_the_week_is_told(silent, catalogue):
    with silent.reading() as connection:
        told = digest.written(connection, catalogue, ENGLISH, datetime.now(UTC))
    assert "New releases: 1, of sources: 1" in told.body
