"""Who may ask how often: one client, counted by an address that it cannot make up, or whoever has a token."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from typer.testing import CliRunner

from archive import Archive
from archive.configuration import read_configuration
from monadi import app
from sources import Catalogue
from syndication.errors import WrongSetting
from syndication.web import create_app
from syndication.web.access import Access
from syndication.web.api.limits import Limiter, Rate
from syndication.web.clients import Proxies
from syndication.web.tokens import Role, Tokens, minted
from tests.syndication.api.conftest import BASE
from tests.syndication.asking import Client

Served = Callable[..., Client]


@pytest.fixture
def served(filled: Archive, catalogue: Catalogue) -> Served:
    """The API under a rate, proxies and tokens as settings state them."""

    def made(rate: str = "3/minute", proxies: str = "", tokens: tuple[str, ...] = ()) -> Client:
        return Client(
            create_app(filled, catalogue, BASE, access=Access.read(rate=rate, proxies=proxies, tokens=tokens))
        )

    return made


# ---- the rate ----


def test_a_client_is_told_what_it_has_left_and_when_to_come_again(served: Served):
    ask = served()
    answers = [ask("/api/v1/counts") for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["ratelimit"] for answer in answers] == [f'"client";r={left};t=60' for left in (2, 1, 0, 0)]
    assert answers[0].headers["ratelimit-policy"] == '"client";q=3;w=60'
    assert answers[3].headers["retry-after"] == "60"
    assert answers[3].headers["content-type"] == "application/problem+json"
    assert ask("/feeds/all.atom").status == 200  # feeds have no limit


def test_whatever_is_asked_counts(served: Served):
    ask = served()
    for target in ("/api/v1/nowhere", "/api/v1/articles?limit=x", "/api/v1/articles?q=" + "x" * 9000):
        ask(target)
    assert ask("/api/v1/counts").status == 429
    assert ask("/api/v1/counts", "OPTIONS").status == 204  # what a browser asks by itself does not


def test_without_a_rate_there_are_no_fields_of_it(served: Served):
    assert "ratelimit" not in served(rate="none")("/api/v1/counts").headers


def test_a_window_begins_with_the_first_request_and_ends_for_all_of_them():
    now = [0.0]
    limiter = Limiter(Rate(2, 60), clock=lambda: now[0])
    assert [limiter.ask("one").left for _ in range(2)] == [1, 0]
    now[0] = 59.5
    assert limiter.ask("one").refused
    assert limiter.ask("one").reset == 1
    assert not limiter.ask("other").refused
    now[0] = 60
    assert not limiter.ask("one").refused


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 50)), max_size=300), st.integers(1, 20))
def test_of_however_many_clients_only_so_many_are_remembered(asked: list[tuple[int, int]], most: int):
    now = [0.0]
    limiter = Limiter(Rate(5, 60), clock=lambda: now[0], most=most)
    for client, later in asked:
        now[0] += later
        allowance = limiter.ask(str(client))
        assert len(limiter) <= most
        assert 0 <= allowance.left < 5
        assert 1 <= allowance.reset <= 60


@pytest.mark.parametrize("stated", ["", "120", "0/minute", "-1/minute", "12/fortnight", "1.5/minute", "much"])
def test_a_rate_that_is_none_is_refused_by_name(stated: str):
    with pytest.raises(WrongSetting, match=r"^MONADI_RATE: "):
        Rate.parse(stated)


@pytest.mark.parametrize(
    ("stated", "rate"),
    [("120/minute", Rate(120, 60)), ("5 / Second", Rate(5, 1)), ("9/hour", Rate(9, 3600)), ("none", None)],
)
def test_a_rate_is_so_many_requests_in_a_unit_of_time(stated: str, rate: Rate | None):
    assert Rate.parse(stated) == rate


# ---- the client ----

OURS = "10.0.0.0/8,192.0.2.1,2001:db8:aaaa::/48"


@pytest.mark.parametrize(
    ("peer", "headers", "client"),
    [
        ("203.0.113.5", {}, "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", {}, "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.5", {}, "203.0.113.5"),
        ("[2001:db8:1:2::9]", {}, "2001:db8:1:2::/64"),
        ("fe80::1%eth0", {}, "fe80::/64"),
        ("", {}, ""),
        ("unix:", {}, "unix:"),
        # nobody's word counts but that of our proxies
        ("203.0.113.5", {"x-forwarded-for": "198.51.100.1"}, "203.0.113.5"),
        ("203.0.113.5", {"forwarded": "for=198.51.100.1"}, "203.0.113.5"),
        ("10.1.2.3", {"x-forwarded-for": "198.51.100.1"}, "198.51.100.1"),
        ("::ffff:10.1.2.3", {"x-forwarded-for": "198.51.100.1"}, "198.51.100.1"),
        ("2001:db8:aaaa::1", {"x-forwarded-for": "2001:db8:1:2::9"}, "2001:db8:1:2::/64"),
        ("10.1.2.3", {"x-forwarded-for": "1.1.1.1, 198.51.100.1"}, "198.51.100.1"),
        ("10.1.2.3", {"x-forwarded-for": "1.1.1.1, 198.51.100.1, 192.0.2.1, 10.9.9.9"}, "198.51.100.1"),
        ("10.1.2.3", {"x-forwarded-for": "198.51.100.1:4711"}, "198.51.100.1"),
        ("10.1.2.3", {"x-forwarded-for": "[2001:db8:1:2::9]:4711"}, "2001:db8:1:2::/64"),
        ("10.1.2.3", {"x-forwarded-for": "10.4.4.4"}, "10.4.4.4"),
        ("10.1.2.3", {"x-forwarded-for": "198.51.100.1, nonsense"}, "10.1.2.3"),
        ("10.1.2.3", {"x-forwarded-for": ""}, "10.1.2.3"),
        ("10.1.2.3", {"forwarded": 'for=1.1.1.1, For="[2001:db8:1:2::9]:4711";proto=http'}, "2001:db8:1:2::/64"),
        ("10.1.2.3", {"forwarded": "for=198.51.100.1;by=10.1.2.3"}, "198.51.100.1"),
        ("10.1.2.3", {"forwarded": "for=unknown"}, "10.1.2.3"),
        ("10.1.2.3", {"forwarded": 'for="x, for=198.51.100.1;by="'}, "198.51.100.1"),
        ("10.1.2.3", {"forwarded": "for=9.9.9.9", "x-forwarded-for": "198.51.100.1"}, "198.51.100.1"),
    ],
)
def test_a_client_is_who_our_own_proxies_say_it_is(peer: str, headers: dict[str, str], client: str):
    assert Proxies.parse(OURS).client(peer, Headers(headers)) == client


def test_of_several_lines_the_last_one_counts():
    raw = [(b"x-forwarded-for", b"1.1.1.1"), (b"x-forwarded-for", b"198.51.100.1")]
    assert Proxies.parse(OURS).client("10.1.2.3", Headers(raw=raw)) == "198.51.100.1"


@given(st.text(), st.text(), st.text())
def test_whatever_is_said_there_is_a_client(peer: str, noted: str, forwarded: str):
    raw = [(b"x-forwarded-for", noted.encode(errors="replace")), (b"forwarded", forwarded.encode(errors="replace"))]
    proxies = Proxies.parse("0.0.0.0/0,::/0")
    assert isinstance(proxies.client(peer, Headers(raw=raw)), str)
    assert proxies.client("10.1.2.3", Headers(raw=raw))


def test_a_client_behind_our_proxy_is_counted_and_one_that_claims_to_be_is_not(served: Served):
    ask = served(proxies="127.0.0.0/8")
    for client in ("198.51.100.1", "198.51.100.2"):
        assert [ask("/api/v1/counts", x_forwarded_for=client).status for _ in range(4)] == [200, 200, 200, 429]
    ask = served()
    asked = [ask("/api/v1/counts", x_forwarded_for=f"198.51.100.{number}").status for number in range(4)]
    assert asked == [200, 200, 200, 429]


def test_proxies_that_are_no_networks_are_refused_by_name():
    with pytest.raises(WrongSetting, match=r"^MONADI_PROXIES: "):
        Proxies.parse("10.0.0.0/8,proxy.example")


# ---- tokens ----


def test_a_token_reads_without_a_limit(served: Served):
    token, known = minted("mirror", Role.READER)
    ask = served(rate="1/hour", tokens=(known.line,))
    answers = [ask("/api/v1/counts", authorization=f"Bearer {token}") for _ in range(5)]
    assert {answer.status for answer in answers} == {200}
    assert "ratelimit" not in answers[0].headers
    assert [ask("/api/v1/counts").status for _ in range(2)] == [200, 429]


@pytest.mark.parametrize("stated", ["Bearer nonsense", "bearer ", "BEARER monadi_\xff"])
def test_a_wrong_token_is_said_to_be_wrong_and_counts(served: Served, stated: str):
    ask = served(rate="2/hour", tokens=(minted("mirror", Role.READER)[1].line,))
    answer = ask("/api/v1/counts", authorization=stated)
    assert (answer.status, answer.headers["content-type"]) == (401, "application/problem+json")
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    ask("/api/v1/counts", authorization=stated)
    assert ask("/api/v1/counts", authorization=stated).status == 429


def test_another_scheme_is_no_token(served: Served):
    assert served()("/api/v1/counts", authorization="Basic dXNlcjpwYXNz").status == 200


def test_an_operator_is_told_from_a_reader():
    (reading, reader), (operating, operator) = minted("a", Role.READER), minted("b", Role.OPERATOR)
    tokens = Tokens.read([reader.line, operator.line])
    assert (tokens.holder(reading), tokens.holder(operating)) == (reader, operator)
    roles = [holder and holder.role for holder in map(tokens.holder, (reading, operating, "", "\ud800"))]
    assert roles == [Role.READER, Role.OPERATOR, None, None]


@pytest.mark.parametrize(
    "line", ["", "mirror", "mirror:reader:abc", f"name:admin:{'0' * 64}", f"a b:reader:{'0' * 64}"]
)
def test_an_entry_of_another_form_is_refused_and_not_shown(line: str):
    with pytest.raises(WrongSetting, match=r"^MONADI_TOKENS: entry 1 ") as refused:
        Tokens.read([line])
    assert not line or line not in str(refused.value)


def test_the_command_makes_a_token_and_the_line_of_the_settings_that_knows_it(monkeypatch: pytest.MonkeyPatch):
    done = CliRunner().invoke(app, ["token", "newsroom", "--operator"])
    token, line = done.stdout.split()
    name, _, value = line.partition("=")
    assert name == "MONADI_TOKENS"
    assert token not in line
    monkeypatch.setenv(name, f" {value}, {minted('other', Role.READER)[1].line}")
    tokens = Tokens.read(read_configuration().tokens)
    assert len(tokens.known) == 2
    holder = tokens.holder(token)
    assert holder
    assert holder.role is Role.OPERATOR
    assert minted("newsroom", Role.READER)[0] != token


def test_tokens_of_the_file_are_a_list(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    lines = [minted(name, Role.READER)[1].line for name in "ab"]
    (tmp_path / "monadi.toml").write_text(f'tokens = {lines!r}\nrate = "none"\nproxies = "127.0.0.0/8"\n', "utf-8")
    configuration = read_configuration()
    assert list(configuration.tokens) == lines
    assert Access.read(rate=configuration.rate, proxies=configuration.proxies, tokens=configuration.tokens).rate is None


# ---- reading from any origin ----


def test_any_origin_may_read_and_see_the_fields_that_matter(served: Served):
    answer = served()("/api/v1/counts", origin="https://elsewhere.example")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert {"ETag", "Link", "RateLimit"} <= set(answer.headers["access-control-expose-headers"].split(", "))
    assert "access-control-allow-credentials" not in answer.headers
    refused = served()("/api/v1/counts?x=1")
    assert refused.headers["access-control-allow-origin"] == "*"


def test_what_a_browser_asks_beforehand_is_answered(served: Served):
    asked = {"origin": "https://elsewhere.example", "access_control_request_method": "GET"}
    answer = served()("/api/v1/articles/mcls-yazd/5", "OPTIONS", **asked)
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "Authorization" in answer.headers["access-control-allow-headers"]
