"""The cookies that a gate sets go back, as far as a request has room for them."""

import pytest
from scrapy import Request
from scrapy.http import Response

from spiders.errors import Wall
from spiders.politeness.gates import COOKIES, GateMiddleware

HERE = "http://a.example/"


def sent_after(*cookies):
    """The Cookie header of a request that a gate has sent back with these cookies."""
    gate = GateMiddleware(["a.example"])
    answer = Response(HERE, status=302, headers={"Location": HERE, "Set-Cookie": list(cookies)})
    again = gate.process_response(Request(HERE), answer)
    gate.process_request(again)
    return (again.headers.get("Cookie") or b"").decode()


def test_a_cookie_goes_back():
    assert sent_after("a=1; path=/", "b=2") == "a=1; b=2"


def test_of_two_hundred_go_back_as_many_as_there_is_room_for_the_newest():
    sent = sent_after(*(f"c{number}={'v' * 100}" for number in range(200)))

    assert len(sent) <= COOKIES
    assert sent.endswith(f"c199={'v' * 100}")
    assert sent.count("; ") > 30


@pytest.mark.parametrize("cookie", ["a=\x01", "a=b\x7f", f"a={'x' * COOKIES}", "=x", "a=1; domain=other.example"])
def test_one_that_no_server_would_take_does_not(cookie):
    assert sent_after(cookie, "b=2") == "b=2"


def test_a_gate_that_wants_ever_more_is_a_wall():
    gate = GateMiddleware(["a.example"])

    def rounds():
        request = Request(HERE)
        for number in range(10):
            headers = {"Location": HERE, "Set-Cookie": f"c{number}={'x' * 1000}"}
            request = gate.process_response(request, Response(HERE, status=302, headers=headers))

    with pytest.raises(Wall):
        rounds()
