"""What may be dialled, whatever library does it."""

import http.client
import socket
import threading
import urllib.request
from ipaddress import ip_address

import pytest

from archive import dialling
from archive.dialling import Open, Refused, guarded
from tests.redirecting import redirecting


@pytest.fixture
def door():
    with redirecting() as server:
        yield server


def url(server, host="127.0.0.1"):
    return f"http://{host}:{server.server_address[1]}"


@pytest.fixture(autouse=True)
def nothing_allowed(monkeypatch):
    monkeypatch.setenv("MONADI_ALLOW_HOSTS", "")
    monkeypatch.setattr(dialling._audit, "__cantrace__", True, raising=False)  # Python hides its hooks from coverage


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_host_that_the_operator_names_is_dialled_wherever_it_is(door, host):
    with guarded(url(door, host)), urllib.request.urlopen(url(door, host)) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("elsewhere", ["127.0.0.2", "127.2", "[::ffff:127.0.0.1]", "169.254.169.254"])
def test_where_it_sends_us_on_to_is_not(door, elsewhere):
    with guarded(url(door)), pytest.raises(OSError, match="not a public address"):
        urllib.request.urlopen(f"{url(door)}/to/{url(door, elsewhere)}/")

    assert len(door.asked) == 1


def test_what_is_allowed_is_open_too(door, monkeypatch):
    monkeypatch.setenv("MONADI_ALLOW_HOSTS", "127.0.0.2/32,localhost")

    with guarded("https://hub.example/"):
        urllib.request.urlopen(url(door, "localhost")).close()
        with pytest.raises(OSError, match="not a public address"):
            urllib.request.urlopen(url(door))


@pytest.mark.parametrize("dial", [socket.create_connection, lambda at: http.client.HTTPConnection(*at).connect()])
def test_it_does_not_matter_who_dials(door, dial):
    with guarded("mailto://user:word@mail.example"), pytest.raises(Refused):
        dial(door.server_address)


def test_a_name_that_nobody_has_looked_up_is_not_dialled(door):
    with guarded("https://hub.example/"), socket.socket() as wire, pytest.raises(Refused, match="is no address"):
        wire.connect(("localhost", door.server_address[1]))


def test_a_datagram_is_dialled_as_well():
    with (
        guarded("https://hub.example/"),
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire,
        pytest.raises(Refused),
    ):
        wire.sendto(b"x", ("127.0.0.1", 9))


@pytest.mark.parametrize("name", [b"LOCALHOST", "localhost"])
def test_a_name_that_is_allowed_may_be_looked_up_in_any_form(door, monkeypatch, name):
    monkeypatch.setenv("MONADI_ALLOW_HOSTS", "localhost")

    with guarded("https://hub.example/"):
        socket.create_connection((name, door.server_address[1])).close()


def test_a_network_that_is_allowed_is_open(door, monkeypatch):
    monkeypatch.setenv("MONADI_ALLOW_HOSTS", "127.0.0.0/8")

    with guarded("https://hub.example/"):
        socket.create_connection(door.server_address).close()


def test_what_is_no_address_of_the_network_is_nobody_elses(tmp_path):
    with guarded("https://hub.example/"), socket.socket(socket.AF_UNIX) as here, socket.socket(socket.AF_UNIX) as there:
        here.bind(str(tmp_path / "door"))
        here.listen()
        there.connect(str(tmp_path / "door"))


def test_other_threads_and_what_comes_behind_the_block_are_free(door):
    done = []
    with guarded("https://hub.example/"):
        other = threading.Thread(target=lambda: done.append(urllib.request.urlopen(url(door)).status))
        other.start()
        other.join()
    done.append(urllib.request.urlopen(url(door)).status)

    assert done == [200, 200]


def test_an_entry_that_is_nothing_of_the_kind_is_an_error():
    with pytest.raises(ValueError, match="MONADI_ALLOW_HOSTS: 'a b' is no host name"):
        Open(["a b"])


@pytest.mark.parametrize(
    ("address", "open_"),
    [("8.8.8.8", True), ("192.88.99.1", False), ("224.0.0.1", False), ("2001:4860::1", True), ("64:ff9b::1", False)],
)
def test_public_addresses_are_open_to_all(address, open_):
    assert Open().allows(ip_address(address)) is open_
