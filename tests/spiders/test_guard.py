"""Where a request may go."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import scrapy
import scrapy.resolver
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError
from scrapy.utils.test import get_crawler
from twisted.internet import defer
from twisted.internet.error import DNSLookupError

from spiders import guard as guards
from spiders.errors import Forbidden, SpiderError
from spiders.guard import Guard, GuardedResolver, GuardMiddleware
from tests.redirecting import redirecting

PUBLIC = ["93.184.216.34", "8.8.8.8", "2.144.0.1", "2606:2800:220:1::1", "::ffff:8.8.8.8", "2002:808:808::1"]
INWARD = {
    "127.0.0.1": "loopback",
    "127.255.255.254": "all of loopback",
    "::1": "IPv6 loopback",
    "10.0.0.1": "private",
    "172.16.5.4": "private",
    "192.168.1.1": "private",
    "fd00::1": "unique local",
    "fec0::1": "site-local, long deprecated and still routed inside",
    "169.254.1.1": "link-local",
    "fe80::1": "IPv6 link-local",
    "fe80::1%eth0": "with a zone",
    "169.254.169.254": "a cloud's metadata",
    "100.64.0.1": "carrier NAT",
    "0.0.0.0": "this host",
    "::": "this host",
    "224.0.0.1": "multicast",
    "ff02::1": "IPv6 multicast",
    "255.255.255.255": "broadcast",
    "240.0.0.1": "reserved",
    "192.0.2.1": "documentation",
    "::ffff:127.0.0.1": "IPv4-mapped",
    "::ffff:169.254.169.254": "IPv4-mapped metadata",
    "::127.0.0.1": "IPv4-compatible",
    "2002:7f00:1::": "6to4 of loopback",
    "2002:a9fe:a9fe::1": "6to4 of metadata",
    "64:ff9b::7f00:1": "NAT64 of loopback",
    "64:ff9b:1::7f00:1": "NAT64 of a network's own",
    "168.63.129.16": "metadata of Azure",
    "192.0.0.192": "metadata of Oracle",
    "192.88.99.1": "relay of 6to4",
    "2002:6440:1::": "6to4 of shared",
    "2001:0:7f00:1::1": "Teredo",
}


def url_of(address):
    return f"http://[{address.replace('%', '%25')}]/" if ":" in address else f"http://{address}/"


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_dialled(address):
    Guard().check(url_of(address))
    Guard().check_resolved("yazd.example.ir", address)


@pytest.mark.parametrize("address", INWARD, ids=[f"{address} {what}" for address, what in INWARD.items()])
def test_an_address_that_is_not_public_is_refused_spelled_out_or_behind_a_name(address):
    with pytest.raises(Forbidden, match="MONADI_ALLOW_HOSTS"):
        Guard().check(url_of(address))
    with pytest.raises(Forbidden, match=r"yazd\.example\.ir leads to .* MONADI_ALLOW_HOSTS"):
        Guard().check_resolved("yazd.example.ir", address)


@pytest.mark.parametrize("url", ["http://user:word@127.0.0.1:8000/", "https://127.0.0.1", "HTTP://127.0.0.1/"])
def test_an_address_is_seen_wherever_a_url_has_it(url):
    with pytest.raises(Forbidden, match=r"127\.0\.0\.1 is not a public address"):
        Guard().check(url)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://yazd.example.ir/", "data:,x", "gopher://x/", "s3://bucket/a", "yazd", ""]
)
def test_only_http_and_https_are_fetched(url):
    with pytest.raises(Forbidden, match="only http and https"):
        Guard(["127.0.0.0/8"]).check(url)


# ---- MONADI_ALLOW_HOSTS ----


@pytest.mark.parametrize(
    ("allowed", "address"),
    [
        ("127.0.0.0/8", "127.0.0.1"),
        ("127.0.0.1/8", "127.9.9.9"),
        ("10.1.2.3", "10.1.2.3"),
        (" 10.0.0.0/8 ,, fd00::/8 ", "fd00::5"),
        ("127.0.0.0/8", "::ffff:127.0.0.1"),
        ("::1", "::1"),
    ],
)
def test_what_the_operator_names_may_be_dialled(allowed, address):
    guard = Guard.from_setting(allowed)

    guard.check(url_of(address))
    guard.check_resolved("yazd.example.ir", address)


def test_nothing_else_is_opened_by_it():
    guard = Guard.from_setting("10.1.2.3,intranet.example")

    for address in ("10.1.2.4", "127.0.0.1", "::1"):
        with pytest.raises(Forbidden):
            guard.check(url_of(address))


def test_a_named_host_may_lead_anywhere_and_other_names_may_not():
    guard = Guard.from_setting("Intranet.Example")

    guard.check_resolved("INTRANET.example", "10.0.0.1")
    with pytest.raises(Forbidden):
        guard.check_resolved("other.example", "10.0.0.1")


@pytest.mark.parametrize(
    "entry", ["127.0.0.0/99", "10.0.0", "300.1.1.1", "127.0.0.1:8000", "http://intranet.example/", "a b", "*.example"]
)
def test_an_entry_that_is_nothing_of_the_kind_is_one_clear_error(entry):
    with pytest.raises(SpiderError) as raised:
        Guard.from_setting(f"127.0.0.0/8,{entry}")

    assert str(raised.value) == (
        f"MONADI_ALLOW_HOSTS: '{entry}' is no host name, address or network, such as 127.0.0.0/8"
    )


# ---- ports ----


@pytest.mark.parametrize(
    "url", ["http://a.example/", "https://a.example/", "http://a.example:443/", "https://a.example:8443/"]
)
def test_the_ports_of_the_web_are_dialled_and_those_that_a_source_states(url):
    Guard(ports=[80, 443, 8443]).check(url)


@pytest.mark.parametrize(
    "url",
    ["http://a.example:22/", "http://a.example:8443/", "http://a.example:0/", "http://a.example:99999/", "http://a:b/"],
)
def test_no_other_port_is(url):
    with pytest.raises(Forbidden, match="its port is none of the web's"):
        Guard(ports=[80, 443]).check(url)


def test_a_source_states_ports_in_all_its_addresses(office):
    source = office(url="https://a.example:8443/", feed="https://a.example:8444/feed")
    crawler = get_crawler(
        type("Spider", (scrapy.Spider,), {"name": "x", "source": source}), {"MONADI_PORTS": [80, 443]}
    )

    assert Guard.of_crawler(crawler).ports == {80, 443, 8443, 8444}


# ---- names ----


@pytest.fixture
def resolver(monkeypatch):
    """A resolver that knows names from its cache alone."""
    known = {"inward.example": "10.0.0.1", "public.example": "8.8.8.8", "intranet.example": "10.0.0.2"}
    monkeypatch.setattr(scrapy.resolver, "dnscache", known)
    made = GuardedResolver.__new__(GuardedResolver)
    made.guard = Guard(["intranet.example"])
    yield made
    guards.refused_names.clear()


def outcome(deferred):
    results = []
    deferred.addBoth(results.append)
    return results[0]


@pytest.mark.parametrize(("name", "address"), [("public.example", "8.8.8.8"), ("intranet.example", "10.0.0.2")])
def test_a_name_resolves_to_an_address_that_may_be_dialled(resolver, name, address):
    assert outcome(resolver.getHostByName(name)) == address


def test_a_name_that_leads_inward_does_not_resolve(resolver):
    failure = outcome(resolver.getHostByName("inward.example"))

    assert failure.type is DNSLookupError  # any other exception would be logged with a traceback by Twisted
    assert "inward.example leads to 10.0.0.1" in str(failure.value)


def test_a_request_to_a_refused_name_ends_in_the_guards_reason(resolver):
    outcome(resolver.getHostByName("inward.example"))

    with pytest.raises(Forbidden, match=r"inward\.example leads to 10\.0\.0\.1"):
        GuardMiddleware(Guard()).process_exception(Request("http://inward.example/"), CannotResolveHostError("x"))


def test_a_name_that_leads_outward_again_is_refused_no_more(resolver):
    outcome(resolver.getHostByName("inward.example"))
    scrapy.resolver.dnscache["inward.example"] = "8.8.8.8"
    outcome(resolver.getHostByName("inward.example"))

    assert guards.refused_names == {}


@pytest.mark.parametrize("error", [CannotResolveHostError("x"), DownloadTimeoutError("x")])
def test_other_failures_are_left_as_they_are(error):
    assert GuardMiddleware(Guard()).process_exception(Request("http://public.example/"), error) is None


def test_the_middleware_is_set_up_from_the_setting():
    crawler = get_crawler(settings_dict={"MONADI_ALLOW_HOSTS": "127.0.0.0/8"})
    middleware = GuardMiddleware.from_crawler(crawler)

    assert middleware.process_request(Request("http://127.0.0.1/")) is None
    with pytest.raises(Forbidden):
        middleware.process_request(Request("http://10.0.0.1/"))


class Asked:
    """The part of Twisted's reactor that resolves: it notes what it is asked for, and knows one name."""

    def __init__(self):
        self.questions = []

    def resolve(self, name, timeout=()):
        self.questions.append((name, tuple(timeout)))
        return defer.succeed("8.8.8.8" if name == "public.example" else "10.0.0.3")


@pytest.mark.parametrize(("enabled", "size"), [(True, 7), (False, 0)])
def test_the_resolver_is_set_up_from_the_settings(monkeypatch, enabled, size):
    monkeypatch.setattr(scrapy.resolver, "dnscache", type(scrapy.resolver.dnscache)(9))
    monkeypatch.setattr(
        scrapy.resolver.ThreadedResolver, "getHostByName", lambda self, *asked: self.reactor.resolve(*asked)
    )
    settings = {"DNSCACHE_ENABLED": enabled, "DNSCACHE_SIZE": 7, "DNS_TIMEOUT": 2.5, "MONADI_ALLOW_HOSTS": "10.0.0.3"}
    reactor = Asked()
    made = GuardedResolver.from_crawler(get_crawler(settings_dict=settings), reactor)

    assert scrapy.resolver.dnscache.limit == size
    assert outcome(made.getHostByName("inward.example")) == "10.0.0.3"
    made.guard = Guard()
    assert outcome(made.getHostByName("public.example", (9,))) == "8.8.8.8"
    assert reactor.questions == [("inward.example", (2.5,)), ("public.example", (2.5,))]
    guards.refused_names.clear()
    assert outcome(made.getHostByName("other.example")).type is DNSLookupError
    assert list(guards.refused_names) == ["other.example"]
    guards.refused_names.clear()


def test_a_host_that_is_a_name_is_judged_when_it_is_resolved():
    Guard().check("https://yazd.example.ir/")
    Guard().check("https://10.0.0.1.example.ir/")


def test_nothing_is_open_where_the_setting_is_missing():
    crawler = get_crawler()
    assert GuardMiddleware.from_crawler(crawler).guard.names == set()
    assert GuardedResolver.from_crawler(crawler, Asked()).guard.names == set()


def test_a_request_without_a_host_has_no_reason_of_the_guard():
    guards.refused_names["xxxx"] = "leads inward"
    assert GuardMiddleware(Guard()).process_exception(Request("data:,x"), CannotResolveHostError("x")) is None
    guards.refused_names.clear()


# ---- the whole way ----

DISGUISED = [
    "2130706433",  # 127.0.0.1 as one number
    "0x7f.1",
    "0x7f000001",
    "0177.0.0.1",
    "017700000001",
    "127.1",
    "127.0.0.01",
    "0",
    "localhost",
    "１２７.０.０.１",
    "127。0。0。1",
    "[::ffff:127.0.0.1]",
    "[::1]",
]
VISIT = """
import json, sys
from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings
from spiders import settings as ours
from spiders.failures import classify

urls, ends = json.load(sys.stdin), {}

class Visitor(Spider):
    name = "visitor"

    async def start(self):
        for url in urls:
            yield Request(url, self.answered, errback=self.failed, meta={"asked": url}, dont_filter=True)

    def answered(self, response):
        ends[response.meta["asked"]] = str(response.status)

    def failed(self, failure):
        ends[failure.request.meta["asked"]] = classify(failure.value)[0]

settings = Settings()
settings.setmodule(ours, priority="project")
settings.setdict({"LOG_LEVEL": "CRITICAL", "ITEM_PIPELINES": {}, "ROBOTSTXT_OBEY": False, "RETRY_ENABLED": False,
                  "DOWNLOAD_TIMEOUT": 5, "SPIDER_LOADER_CLASS": "scrapy.spiderloader.SpiderLoader"}, priority="cmdline")
process = CrawlerProcess(settings)
process.crawl(Visitor)
process.start()
print(json.dumps(ends))
"""


@pytest.fixture
def inside():
    with redirecting() as server:
        yield server


def visit(urls, allowed, tmp_path):
    environment = {"MONADI_ALLOW_HOSTS": allowed, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", VISIT],
        input=json.dumps(urls),
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_no_way_of_writing_an_address_leads_inside(inside, tmp_path):
    urls = [f"http://{host}:{inside.server_address[1]}/" for host in DISGUISED]

    ends = visit(urls, "", tmp_path)

    assert inside.asked == []
    assert ends == dict.fromkeys(urls, "guard")


def test_a_redirect_inside_is_refused(inside, tmp_path):
    here = f"http://127.0.0.1:{inside.server_address[1]}"
    urls = [f"{here}/to/http://127.0.0.2/", f"{here}/to/http://0x7f.2/", f"{here}/to/{here}/end"]

    ends = visit(urls, "127.0.0.1", tmp_path)

    assert [ends[url] for url in urls] == ["guard", "guard", "200"]
