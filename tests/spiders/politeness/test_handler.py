"""The one place where connections are opened."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from scrapy.utils.test import get_crawler
from twisted.internet.interfaces import INegotiated
from twisted.web._newclient import Request
from twisted.web.client import Headers
from zope.interface import implementer

from persian.dates import TEHRAN
from spiders.errors import Ended
from spiders.loader import spider_of
from spiders.politeness import hosts
from spiders.politeness.handler import Connection, GuestHandler, Limits


def handler(source, *, windowed=True):
    made = GuestHandler.__new__(GuestHandler)
    made.spider, made.source, made.windowed = SimpleNamespace(ended=False), source, windowed
    return made


def window(begins, ends):
    clock = datetime.now(TEHRAN)
    return f"{clock + timedelta(hours=begins):%H:%M}-{clock + timedelta(hours=ends):%H:%M}"


def test_nothing_is_sent_when_the_window_in_which_a_run_began_has_closed(office):
    past = office(windows=(window(-2, -1),))

    with pytest.raises(Ended, match="its window has closed"):
        handler(past).check_open()


def test_a_run_in_its_window_or_begun_outside_of_it_by_hand_goes_on(office):
    handler(office(windows=(window(-1, 1),))).check_open()
    handler(office(windows=(window(-2, -1),)), windowed=False).check_open()
    handler(None, windowed=False).check_open()


def test_nothing_is_sent_after_the_end_of_a_run(office):
    ended = handler(office())
    ended.spider.ended = True

    with pytest.raises(Ended, match="the run has ended"):
        ended.check_open()


@pytest.mark.parametrize(
    ("contact", "url", "asked"),
    [
        ("", "https://yazd.example.ir/", True),
        ("mailto:omid@example.org", "https://yazd.example.ir/", False),
        ("", "http://127.0.0.1:8000/", False),
    ],
)
def test_a_crawl_of_other_machines_asks_for_the_operators_contact_until_it_is_set(office, caplog, contact, url, asked):
    spider = spider_of(office(url=url))

    spider.from_crawler(get_crawler(spider, {"MONADI_CONTACT": contact}))

    assert ("set MONADI_CONTACT" in caplog.text) is asked


# ---- when a request has left ----


class Wire:
    """A TCP connection that writes when its loop comes round."""

    def __init__(self):
        self.waiting, self.gone = b"", b""

    def writeSequence(self, parts):  # noqa: N802 - Twisted's name
        self.waiting += b"".join(parts)

    def doWrite(self):  # noqa: N802 - Twisted's name
        self.gone, self.waiting = self.gone + self.waiting, b""


@implementer(INegotiated)
class Tls:
    """TLS over it, which keeps what is to be sent until both sides have agreed."""

    def __init__(self, wire):
        self.transport, self.kept = wire, []

    def writeSequence(self, parts):  # noqa: N802 - Twisted's name
        self.kept += parts

    def setTcpNoDelay(self, enabled):  # noqa: N802 - Twisted's name
        pass


@pytest.fixture
def door(monkeypatch):
    def passed():
        door.left += 1

    door = SimpleNamespace(left=0, sent=passed)
    monkeypatch.setitem(hosts._hosts, "yazd.example.ir", door)
    return door


def asking(transport):
    connection = Connection()
    connection.limits = Limits(head=2**18, idle=10.0)
    connection.makeConnection(transport)
    headers = Headers({b"Host": [b"yazd.example.ir"]})
    connection.request(
        Request._construct(b"GET", b"/", headers, None, persistent=True, parsedURI=parsed("http://yazd.example.ir/"))
    )
    return connection


def parsed(url):
    return SimpleNamespace(toBytes=url.encode)


def test_a_request_leaves_when_it_is_written_not_when_it_is_handed_over(door):
    wire = Wire()
    asking(wire)
    assert (door.left, wire.gone) == (0, b"")

    wire.doWrite()

    assert door.left == 1
    assert wire.gone.startswith(b"GET / HTTP/1.1")


def test_what_tls_says_before_it_is_agreed_on_is_no_request(door):
    wire = Wire()
    connection = asking(Tls(wire))
    wire.doWrite()  # the greeting
    assert door.left == 0

    connection.handshakeCompleted()
    wire.doWrite()

    assert door.left == 1


def test_what_is_written_after_an_answer_is_no_request(door):
    wire = Wire()
    connection = asking(wire)
    wire.doWrite()
    connection.dataReceived(b"HTTP/1.1 200 OK\r\n")

    wire.doWrite()  # a farewell

    assert door.left == 1
