"""docs/alerts.md shows messages as they are received: in Persian by mail, in English by a web hook."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import crawls
from archive.crawls import Outcome, Quarantined, Result
from sources import Catalogue
from syndication.alerts.herald import Herald, Telling
from tests.syndication.alerts.receiving import a_hook, a_mailbox

PAGE = Path(__file__).parents[3] / "docs" / "alerts.md"
SECTION = {"fa": "### By mail, in Persian", "en": "### To a web hook, in English"}
NOON = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)  # Sunday, 12:00 in Tehran
SATURDAY = datetime(2026, 12, 5, 4, 31, tzinfo=UTC)  # 08:01 in Tehran
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YAZD = "mcls-yazd"
AWAY = "its name cannot be resolved (yazd.mcls.gov.ir)"


@pytest.fixture(scope="module")
def offices(catalogue):
    """Twelve of the catalogue, whatever else comes into it."""
    keys = ("yazd", "gilan", "fars", "qom", "ilam", "zanjan", "semnan", "qazvin", "golestan", "markazi", "lorestan")
    named = [catalogue.source(f"ostandari-{key}") for key in keys]
    return Catalogue(
        provinces=catalogue.provinces,
        agencies=catalogue.agencies.values(),
        sources=[catalogue.source(YAZD), *named],
    )


@pytest.fixture
def visit(archive):
    def made(at, outcome, *sources, reason=None):
        with archive.writing() as connection:
            for source in sources:
                begun = crawls.begin(connection, source, at)
                result = Result(outcome=outcome, reason=reason, swept=not outcome.failed, counts={})
                crawls.finish(connection, begun, at=at, result=result)

    return made


@pytest.fixture
def lived(archive, offices, keep, make, visit):
    """Has a herald see a week: an office goes away, the network too, both come back, and the week is told of."""

    def through(teller):
        all_of_them = offices.sources
        teller.look(NOON - DAY)  # which was installed then: after Saturday morning
        for hour in (0, 1, 25):
            visit(NOON + hour * HOUR, Outcome.UNREACHABLE, YAZD, reason=AWAY)
            teller.look(NOON + hour * HOUR)
        visit(NOON + 26 * HOUR, Outcome.OUTAGE, *all_of_them)
        teller.look(NOON + 26 * HOUR)
        visit(NOON + 27 * HOUR, Outcome.OK, *all_of_them)
        keep(*(make(number, fetched_at=NOON + 27 * HOUR) for number in range(1, 24)))
        page = Quarantined(
            source=YAZD, url="https://yazd.mcls.gov.ir/x", kind="empty", reason="-", extractor="-", headers={}
        )
        with archive.writing() as connection:
            crawls.hold(connection, [page], NOON + 27 * HOUR)
        teller.look(NOON + 27 * HOUR)
        teller.look(SATURDAY)

    return through


def by_mail(live):
    with a_mailbox() as box:
        live(box.address)
    return [(mail["Subject"], mail.get_content()) for mail in box.mails]


def by_hook(live):
    with a_hook() as hook:
        live(hook.address)
    return hook.told


@pytest.mark.parametrize(("language", "received"), [("fa", by_mail), ("en", by_hook)])
def test_the_page_shows_what_is_received(language, received, archive, offices, lived, tmp_path):
    def live(address):
        telling = Telling.read(alerts=[address], language=language, quiet="", digest="saturday 08:00")
        lived(Herald(archive, offices, telling, tmp_path, disk=lambda *_: None))

    messages = [f"{title}\n\n{body.strip()}".replace("\r\n", "\n") for title, body in received(live)]
    made = tmp_path / "messages.md"
    made.write_text("\n".join(f"```\n{message}\n```\n" for message in messages), "utf-8")
    shown = PAGE.read_text("utf-8").partition(SECTION[language] + "\n")[2].partition("\n#")[0]

    assert re.findall(r"```\n(.*?)\n```", shown, re.DOTALL) == messages, f"the section is to be {made}"
