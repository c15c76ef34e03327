"""WebSub: a hub on loopback is told which feeds have news, once, and again when it was away."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from archive import absences
from syndication import websub
from syndication.errors import HubAway, WrongHub
from syndication.feeds import Place
from syndication.websub import Announcer

BASE = "https://news.example.ir"


class Hub(ThreadingHTTPServer):
    """Keeps what it is told, and answers as it is told to."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.told = []
        self.status = 204

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hub"

    @property
    def topics(self):
        return [topic.removeprefix(f"{BASE}/feeds/") for form in self.told for topic in form["hub.url"]]


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.told.append(form)
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def running():
    with Hub() as hub:
        thread = threading.Thread(target=hub.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield hub
        finally:
            hub.shutdown()
            thread.join()


@pytest.fixture
def hub():
    with running() as told:
        yield told


@pytest.fixture
def announcer(archive, catalogue, hub):
    made = Announcer(archive, catalogue, Place(base_url=BASE, hub=hub.url))
    made.announce()
    return made


def test_at_first_there_is_nothing_to_tell(full, catalogue, hub):
    assert Announcer(full, catalogue, Place(base_url=BASE, hub=hub.url)).announce() == 0
    assert hub.told == []


def test_the_hub_is_told_of_every_feed_with_news_in_every_format_once(announcer, hub, keep, make):
    keep(make(1, tags=("کار",)))
    assert announcer.announce() == 5 * 3
    assert {form["hub.mode"][0] for form in hub.told} == {"publish"}
    named = {"all", "province/yazd", "agency/mcls", "source/mcls-yazd", "tag/%DA%A9%D8%A7%D8%B1"}
    assert set(hub.topics) == {f"{path}.{format_}" for path in named for format_ in ("rss", "atom", "json")}
    assert announcer.announce() == 0
    assert len(hub.told) == 1


def test_edits_and_removals_are_news_of_their_feed_too(announcer, hub, archive, keep, make):
    keep(make(1))
    announcer.announce()
    hub.told.clear()
    keep(make(1, title="ویراسته"))
    announcer.announce()
    assert "changes.atom" in hub.topics
    hub.told.clear()
    with archive.writing() as connection:
        for hours in (0, 7):
            absences.missed(connection, "mcls-yazd", ["id:1"], datetime(2021, 12, 8, hours, tzinfo=UTC))
    announcer.announce()
    assert "changes.atom" in hub.topics


def test_many_addresses_are_told_in_several_requests(announcer, hub, keep, make, monkeypatch):
    monkeypatch.setattr(websub, "TOPICS", 4)
    keep(make(1, tags=()))
    announcer.announce()
    assert [len(form["hub.url"]) for form in hub.told] == [4, 4, 4]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_hub_that_is_away_is_told_again(status, announcer, hub, keep, make):
    keep(make(1))
    hub.status = status
    with pytest.raises(HubAway, match=str(status)):
        announcer.announce()
    hub.status = 204
    hub.told.clear()
    announcer.announce()
    assert "all.rss" in hub.topics


def test_a_hub_that_is_not_there_is_told_again(archive, catalogue, keep, make):
    with running() as hub:
        place = Place(base_url=BASE, hub=hub.url)
        Announcer(archive, catalogue, place).announce()
    keep(make(1))
    with pytest.raises(HubAway, match="does not answer"):
        Announcer(archive, catalogue, place).announce()
    sent = []
    Announcer(archive, catalogue, place, lambda _, form: sent.extend(form) or 204).announce()
    assert ("hub.url", f"{BASE}/feeds/all.rss") in sent


@pytest.mark.parametrize("status", [400, 404, 302])
def test_a_hub_that_does_not_want_it_is_not_asked_for_ever(status, announcer, hub, keep, make, caplog):
    """A redirect is no place to go to: only the hub that the operator names is told anything."""
    keep(make(1))
    hub.status = status
    announcer.announce()
    assert announcer.announce() == 0
    assert len(hub.told) == 1
    assert str(status) in caplog.text


@pytest.mark.parametrize("hub", ["hub.example.ir", "ftp://hub.example.ir/", "https://", "file:///etc/passwd"])
def test_an_address_that_is_no_hub_is_refused(hub, archive, catalogue):
    with pytest.raises(WrongHub, match="MONADI_HUB"):
        Announcer(archive, catalogue, Place(base_url=BASE, hub=hub))


def test_it_tells_by_itself_while_a_server_runs(full, catalogue, hub, keep, make, monkeypatch):
    monkeypatch.setattr(websub, "TICK", websub.TICK / 1000)
    place = Place(base_url=BASE, hub=hub.url)
    Announcer(full, catalogue, place).announce()
    with Announcer(full, catalogue, place):
        keep(make(99))
        until = datetime.now(UTC).timestamp() + 10
        while not hub.told and datetime.now(UTC).timestamp() < until:
            threading.Event().wait(0.01)
    assert "all.atom" in hub.topics


def test_without_a_hub_nothing_runs(full, catalogue):
    with Announcer(full, catalogue, Place(base_url=BASE)) as quiet:
        assert not quiet._thread.is_alive()
