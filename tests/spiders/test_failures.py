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
from spiders.failures import NETWORK, OUR_REFUSALS, classify


def answered(status):
    return HttpError(SimpleNamespace(status=status))


FAILURES = [
    (CannotResolveHostError("yazd.example.ir"), "dns", "cannot be resolved"),
    (DownloadConnectionRefusedError(), "refused", "refuses connections"),
    (DownloadTimeoutError(), "timeout", "in time"),
    (ResponseDataLossError(), "cut-off", "cut off"),
    (DownloadCancelledError(), "too-large", "larger than is read"),
    (IgnoreRequest("its body (9 B compressed) exceeded DOWNLOAD_MAXSIZE (5 B)"), "too-large", "larger than is read"),
    (DownloadFailedError("[<SSL.Error: [('SSL routines', '', 'dh key too small')]>]"), "tls", "dh key too small"),
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
    (Untrusted("its certificate has expired"), "tls", "its certificate has expired"),
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


def test_what_the_network_does_is_told_from_what_we_refuse_and_what_a_site_answers():
    names = {name for _, name, _ in FAILURES}

    assert names >= NETWORK
    assert names >= OUR_REFUSALS
    assert not NETWORK & OUR_REFUSALS
    assert not any(name.startswith("http-") for name in NETWORK | OUR_REFUSALS)
