"""The status page: what it tells of every source, and the orders of operators."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from archive import Archive, alarms, crawls, orders
from archive.alarms import Matter, Trouble, reconcile
from archive.crawls import Outcome, Result
from archive.orders import Order, Visit, Why
from sources import Catalogue
from syndication.web import create_app
from syndication.web.access import Access
from syndication.web.tokens import Role, Tokens, minted
from tests.syndication.asking import Answer, Client

AT = datetime(2021, 12, 6, 8, tzinfo=UTC)
TOKEN, OPERATOR = minted("zahra", Role.OPERATOR)
READING, READER = minted("reader", Role.READER)


@pytest.fixture
def ask(full: Archive, catalogue: Catalogue) -> Client:
    access = Access(tokens=Tokens((OPERATOR, READER)))
    return Client(create_app(full, catalogue, "https://news.example.ir/monadi", access=access))


def told(archive: Archive) -> dict[str, Order]:
    with archive.reading() as connection:
        return orders.read(connection)


def say(ask: Client, *sources: str, order: str = "pause", token: str = TOKEN, path: str = "/status") -> Answer:
    form = [("token", token), ("order", order), *(("source", source) for source in sources)]
    return ask(path, "POST", body=urlencode(form).encode())


@pytest.mark.parametrize("path", ["/status", "/en/status"])
def test_an_operator_pauses_resumes_and_wants_sources(ask: Client, full: Archive, path: str):
    paused = say(ask, "mcls-yazd", "mcls-fars", path=path)
    assert (paused.status, paused.headers["location"]) == (303, f"/monadi{path}?done=pause")
    assert {source for source, order in told(full).items() if order.paused_by == "zahra"} == {"mcls-yazd", "mcls-fars"}
    say(ask, "mcls-yazd", order="resume", path=path)
    assert told(full)["mcls-yazd"].paused_since is None
    say(ask, "mcls-yazd", order="want", path=path)
    assert told(full)["mcls-yazd"].wanted_by == "zahra"
    assert 'role="status"' in ask(f"{path}?done=want").text
    assert 'role="status"' not in ask(f"{path}?done=<b>").text


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"token": ""}, 403),
        ({"token": "monadi_wrong"}, 403),
        ({"token": READING}, 403),
        ({"token": OPERATOR.digest}, 403),
        ({"order": "drop"}, 400),
        ({"order": ""}, 400),
    ],
)
def test_whoever_is_no_operator_changes_nothing(ask: Client, full: Archive, changes: dict[str, str], status: int):
    answer = say(ask, "mcls-yazd", **changes)
    assert answer.status == status
    assert 'role="alert"' in answer.text
    assert told(full) == {}
    assert TOKEN not in answer.text


@pytest.mark.parametrize("sources", [(), ("nobody",), ("mcls-yazd", "nobody")])
def test_an_order_of_no_source_is_refused_whole(ask: Client, full: Archive, sources: tuple[str, ...]):
    assert say(ask, *sources).status == 400
    assert told(full) == {}


def test_without_a_token_in_the_settings_there_is_nothing_to_order(full: Archive, catalogue: Catalogue):
    for tokens in ((), (READER,)):
        ask = Client(create_app(full, catalogue, "https://a.ir", access=Access(tokens=Tokens(tokens))))
        assert "<form" not in ask("/status").text
        assert say(ask, "mcls-yazd").status == 403
    assert told(full) == {}


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"token", b"&" * 5000, b"token=a&order[]=b&source=%00"])
def test_a_form_that_is_none_is_refused(ask: Client, body: bytes):
    assert ask("/status", "POST", body=body).status in (400, 403)


def test_trouble_stands_first_with_the_last_success_and_the_next_visit(ask: Client, full: Archive):
    with full.writing() as connection:
        for days, outcome in ((0, Outcome.OK), (2, Outcome.UNREACHABLE)):
            at = AT + timedelta(days=days)
            crawl = crawls.begin(connection, "mcls-yazd", at)
            result = Result(outcome=outcome, reason="DNS: no such host", swept=True, counts={})
            crawls.finish(connection, crawl, at=at, result=result)
        orders.plan(connection, {"mcls-yazd": Visit(at=AT + timedelta(days=3), why=Why.FAILING)})
    page = ask("/en/status").text
    attention = page[page.index('id="attention"') : page.index("</section>", page.index('id="attention"'))]
    assert "did not answer" in attention
    assert "Monday, 6 December 2021, 11:30" in attention
    row = page[page.index("<tbody>") : page.index("</tbody>")]
    assert re.search(
        r'data-label="Next visit">.*Thursday, 9 December 2021, 11:30.*failing, so less often', row, re.DOTALL
    )
    say(ask, "mcls-yazd")
    paused = ask("/en/status").text
    assert "paused" in paused[paused.index("<tbody>") : paused.index("</tbody>")]


@pytest.mark.parametrize("path", ["/status", "/en/status", "/sources/mcls-yazd"])
def test_addresses_in_reasons_are_readable_and_in_their_own_order(ask: Client, full: Archive, path: str):
    reason = "https://yazd.ir/%D8%AE%D8%A8%D8%B1-%D8%AE%D8%A8%D8%B1/12?a=%3Cb%3E: <no answer>, https://yazd.ir/1"
    with full.writing() as connection:
        crawl = crawls.begin(connection, "mcls-yazd", AT)
        result = Result(outcome=Outcome.UNREACHABLE, reason=reason, swept=True, counts={})
        crawls.finish(connection, crawl, at=AT, result=result)

    shown = '<bdi dir="ltr">https://yazd.ir/<bdi>خبر-خبر</bdi>/12?a=%3Cb%3E</bdi>: &lt;no answer&gt;, https://yazd.ir/1</bdi>'
    assert shown in ask(path).text


COUNTS = {"new": 2, "fetched": 3, "read": 3, "filled/lead": 3, "votes": 1, "agreed/title": 1}
TOLD = {
    "what was read": (Outcome.OK, COUNTS | {"unlisted/http-404": 1}, "new 2, fetched 3"),
    "what failed": (
        Outcome.UNREACHABLE,
        {"unlisted/dns": 2, "failed/timeout": 1, "class/dns": 1},
        "failed 3",
    ),
}


@pytest.mark.parametrize(("outcome", "counts", "told"), TOLD.values(), ids=TOLD)
def test_counts_are_told_in_words_and_not_what_health_is_judged_by(ask: Client, full: Archive, outcome, counts, told):
    with full.writing() as connection:
        crawl = crawls.begin(connection, "mcls-yazd", AT)
        result = Result(outcome=outcome, reason=None, swept=True, counts=counts)
        crawls.finish(connection, crawl, at=AT, result=result)
    cell = re.search(r'data-label="Pages">(.*?)</td>', ask("/en/status").text)[1]
    assert re.sub("<[^>]+>", "", cell) == told


def test_a_province_tells_how_its_offices_fare(ask: Client, full: Archive):
    assert "هنوز خوانده نشده است." in ask("/provinces/yazd").text
    with full.writing() as connection:
        crawl = crawls.begin(connection, "mcls-yazd", AT)
        result = Result(outcome=Outcome.UNREACHABLE, reason="DNS: no such host", swept=False, counts={})
        crawls.finish(connection, crawl, at=AT, result=result)
    for path in ("/en/provinces/yazd", "/en/agencies/mcls"):
        assert '<span class="outcome">did not answer</span>' in ask(path).text
    assert "DNS: no such host" in ask("/en/sources/mcls-yazd").text


def test_every_reason_has_its_words(ask: Client, full: Archive):
    for why in Why:
        with full.writing() as connection:
            crawl = crawls.begin(connection, "mcls-yazd", AT)
            result = Result(outcome=Outcome.OK, reason=None, swept=True, counts={})
            crawls.finish(connection, crawl, at=AT, result=result)
            orders.plan(connection, {"mcls-yazd": Visit(at=None, why=why)})
        assert f'<span class="mark">{why}</span>' not in ask("/status").text


def test_alarms_stand_first_and_the_table_can_show_those_in_trouble_alone(ask: Client, full: Archive):
    trouble = Trouble(
        matter=Matter.SILENT, since=AT, evidence="nothing new", subject="mcls-yazd", sources=("mcls-yazd",)
    )
    with full.writing() as connection:
        for source, outcome in (("mcls-yazd", Outcome.SILENT), ("mcls-fars", Outcome.OK)):
            crawl = crawls.begin(connection, source, AT)
            crawls.finish(connection, crawl, at=AT, result=Result(outcome=outcome, reason="-", swept=True, counts={}))
        alarms.keep(connection, reconcile([], [trouble], AT), AT)
    page, some = ask("/en/status").text, ask("/en/status?trouble=yes").text
    told = page[page.index('id="alarms"') : page.index("</section>", page.index('id="alarms"'))]
    assert "has published nothing for unusually long" in told
    assert "Monday, 6 December 2021, 11:30" in told
    assert [source in page for source in ("mcls-yazd", "mcls-fars")] == [True, True]
    rows = some[some.index("<tbody>") : some.index("</tbody>")]
    assert [source in rows for source in ("mcls-yazd", "mcls-fars")] == [True, False]
    assert 'href="/monadi/en/status"' in some or 'href="/en/status"' in some
