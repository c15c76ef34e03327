"""What went wrong with a request or a crawl, as one word that an operator can act on and a line that says more."""

import re
from collections.abc import Mapping
from http import HTTPStatus

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

from spiders.errors import Forbidden, RobotsUnreachable, TurnedAway

CLASSES: tuple[tuple[type[Exception], str, str], ...] = (
    (CannotResolveHostError, "dns", "its name cannot be resolved"),
    (DownloadConnectionRefusedError, "refused", "it refuses connections"),
    (DownloadTimeoutError, "timeout", "it did not answer in time"),
    (ResponseDataLossError, "cut-off", "its answer was cut off"),
    (DownloadCancelledError, "too-large", "its answer is larger than is read"),
)
OLD_TLS = re.compile(
    r"unsupported protocol|protocol version|version too low|wrong version|dh key too small|ee key too small"
    r"|unsafe legacy|no protocols available|handshake failure|no shared cipher|bad signature type|md too weak",
    re.IGNORECASE,
)  # in the words of OpenSSL 1.1 to 3
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
LONGEST = 1_000  # characters of a reason
UNFOLDED = "exceeded DOWNLOAD_MAXSIZE"  # which Scrapy has no class for once a coding is taken off
TLS = ("tls", "tls-expired", "tls-host", "tls-issuer", "tls-old")
NETWORK = frozenset({"dns", "refused", "timeout", "reset", "cut-off", *TLS})
OUR_REFUSALS = frozenset({"robots", "guard", "offsite", "busy", "ended"})  # a page is not held for them

HARD, SOFT, TEMPORARY = 1.0, 0.5, 0.25
SEVERITY: Mapping[str, float] = {
    # it passes by itself, mostly within the hour
    "timeout": TEMPORARY,
    "reset": TEMPORARY,
    "cut-off": TEMPORARY,
    "busy": TEMPORARY,
    "http-429": TEMPORARY,
    "http-503": TEMPORARY,
    "store": TEMPORARY,
    # a fault at the office, which somebody there will see
    "refused": SOFT,
    "http-500": SOFT,
    "http-502": SOFT,
    "http-504": SOFT,
    "robots-unreachable": SOFT,
    "soft-404": SOFT,
    "too-large": SOFT,
    # the office answers, and it is we that cannot read it: what is new shall not wait for long when we can again
    "parse": SOFT,
    "date": SOFT,
    "layout": SOFT,
    "empty": SOFT,
    "not-an-article": SOFT,
    "language": SOFT,
    "too-complex": SOFT,
    "coding": SOFT,
    "wrong-adapter": SOFT,
    "unkept": SOFT,
    # all others (names that are gone, certificates, walls, refusals) stay until somebody changes something
}
"""How much a failure of each class stretches the wait until the next visit: it doubles so many times."""


def severity(name: str) -> float:
    """How much a failure of this class stretches the wait: `HARD` for what the table does not name."""
    return SEVERITY.get(name, HARD)


def failures_of(counts: Mapping[str, int]) -> set[str]:
    """The classes of what went wrong in a crawl: the one that it ended as, else those of its requests."""
    ended = {name.partition("/")[2] for name in counts if name.startswith("class/")}
    return ended or {name.partition("/")[2] for name in counts if name.startswith(("unlisted/", "barred/", "failed/"))}


def plain(text: str) -> str:
    """What is told to operators, whatever a site put into it: one line, of a length that a line has."""
    return " ".join(UNSEEN.sub(" ", text).split())[:LONGEST]


def classify(error: BaseException) -> tuple[str, str]:
    """(class, reason in words) of an exception that a request ended in."""
    name, reason = _classified(error)
    return name, plain(reason)


def _classified(error: BaseException) -> tuple[str, str]:
    if isinstance(error, HttpError):
        return _of_status(error.response.status)
    if isinstance(error, Forbidden):
        return "guard", str(error)
    if isinstance(error, RobotsUnreachable) and error.__cause__:
        cause, _ = classify(error.__cause__)
        return cause if cause in NETWORK else error.kind, str(error)
    if isinstance(error, TurnedAway):
        return error.kind, str(error)
    if isinstance(error, IgnoreRequest) and UNFOLDED in str(error):
        return "too-large", "its answer is larger than is read"
    if isinstance(error, IgnoreRequest):
        return "offsite", "it leads to another host"
    for class_, name, reason in CLASSES:
        if isinstance(error, class_):
            return name, reason
    if isinstance(error, DownloadFailedError):
        return _of_connection(str(error))
    return "unknown", f"{type(error).__name__}: {error}"


def _of_status(status: int) -> tuple[str, str]:
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS):
        return f"http-{status}", f"it keeps us out ({status})"
    return f"http-{status}", f"it answered {status}"


def _of_connection(text: str) -> tuple[str, str]:
    if "SSL" not in text and "certificate" not in text.lower():
        return "reset", "it broke the connection off"
    if OLD_TLS.search(text):
        return (
            "tls-old",
            f'no trusted connection, its TLS is too old (tls = "old-ciphers" in its TOML allows it): {text}',
        )
    return "tls", f"no trusted connection: {text}"
