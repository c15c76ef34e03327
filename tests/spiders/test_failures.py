"""What went wrong with a request, in one word."""

from types import SimpleNamespace

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError

from spiders.errors import Busy, Disallowed, Ended, Forbidden, Offsite, RobotsUnreachable, Untrusted, Wall
from spiders.failures import HARD, NETWORK, OUR_REFUSALS, SOFT, TEMPORARY, classify, failures_of, severity


def answered(status):
    return HttpError(SimpleNamespace(status=status))


FAILURES = [
    (CannotResolveHostError("yazd.example.ir"), "dns", "cannot be resolved"),
    (DownloadConnectionRefusedError(), "refused", "refuses connections"),
    (DownloadTimeoutError(), "timeout", "in time"),
    (ResponseDataLossError(), "cut-off", "cut off"),
    (DownloadCancelledError(), "too-large", "larger than is read"),
    (IgnoreRequest("its body (9 B compressed) exceeded DOWNLOAD_MAXSIZE (5 B)"), "too-large", "larger than is read"),
    (DownloadFailedError("[<SSL.Error: [('SSL routines', '', 'dh key too small')]>]"), "tls-old", "dh key too small"),
    (DownloadFailedError("[<SSL.Error: [('SSL routines', '', 'unsupported protocol')]>]"), "tls-old", "too old"),
    (DownloadFailedError("certificate verify failed"), "tls", "certificate verify failed"),
    (DownloadFailedError("Connection was closed uncleanly."), "reset", "broke the connection off"),
    (answered(401), "http-401", "keeps us out"),
    (answered(403), "http-403", "keeps us out"),
    (answered(429), "http-429", "keeps us out"),
    (answered(404), "http-404", "answered 404"),
    (answered(503), "http-503", "answered 503"),
    (Disallowed("robots.txt asks not to"), "robots", "robots.txt asks not to"),
    (RobotsUnreachable("robots.txt cannot be had"), "robots-unreachable", "cannot be had"),
    (Offsite("it leads to another host, qom.example.ir"), "offsite", "qom.example.ir"),
    (Untrusted("its certificate cannot be verified"), "tls", "cannot be verified"),
    (Untrusted("its certificate has expired", "tls-expired"), "tls-expired", "its certificate has expired"),
    (Untrusted("its certificate is of another host", "tls-host"), "tls-host", "of another host"),
    (Untrusted("its certificate is signed by itself", "tls-issuer"), "tls-issuer", "signed by itself"),
    (Busy("it has too much to do (429)"), "busy", "too much to do"),
    (Wall("it shows a login", "login"), "login", "it shows a login"),
    (Ended("its window has closed"), "ended", "its window has closed"),
    (IgnoreRequest("Filtered offsite request to 'qom.example.ir'"), "offsite", "another host"),
    (Forbidden("127.0.0.1 is not a public address"), "guard", "127.0.0.1 is not a public address"),
    (ValueError("invalid hostname: %31"), "unknown", "ValueError: invalid hostname: %31"),
]


@pytest.mark.parametrize(("error", "name", "reason"), FAILURES, ids=[f"{row[1]}-{row[2]}" for row in FAILURES])
def test_a_failure_has_a_class_and_a_reason_in_words(error, name, reason):
    found = classify(error)

    assert found[0] == name
    assert reason in found[1]


def test_a_robots_txt_that_the_network_keeps_from_us_is_the_networks_failure():
    error = RobotsUnreachable("robots.txt cannot be had (its name cannot be resolved)")
    error.__cause__ = CannotResolveHostError("yazd.example.ir")

    assert classify(error) == ("dns", str(error))


def test_what_the_network_does_is_told_from_what_we_refuse_and_what_a_site_answers():
    names = {name for _, name, _ in FAILURES}

    assert names >= NETWORK
    assert names >= OUR_REFUSALS
    assert not NETWORK & OUR_REFUSALS
    assert not any(name.startswith("http-") for name in NETWORK | OUR_REFUSALS)


@pytest.mark.parametrize(
    ("name", "weight"),
    [
        ("dns", HARD),
        ("tls-expired", HARD),
        ("http-404", HARD),
        ("refused", SOFT),
        ("empty", SOFT),
        ("timeout", TEMPORARY),
    ],
)
def test_a_failure_weighs_by_how_long_such_a_one_lasts(name, weight):
    assert severity(name) == weight


def test_what_went_wrong_is_the_class_that_a_crawl_ended_as_else_those_of_its_requests():
    assert failures_of({"unlisted/http-503": 2, "failed/dns": 1, "listed": 3}) == {"http-503", "dns"}
    assert failures_of({"unlisted/http-503": 2, "failed/dns": 1, "class/dns": 1}) == {"dns"}
