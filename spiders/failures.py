"""What went wrong with a request, as one word that an operator can act on and a line that says more."""

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

from spiders.errors import Forbidden, TurnedAway

CLASSES: tuple[tuple[type[Exception], str, str], ...] = (
    (CannotResolveHostError, "dns", "its name cannot be resolved"),
    (DownloadConnectionRefusedError, "refused", "it refuses connections"),
    (DownloadTimeoutError, "timeout", "it did not answer in time"),
    (ResponseDataLossError, "cut-off", "its answer was cut off"),
    (DownloadCancelledError, "too-large", "its answer is larger than is read"),
)
UNFOLDED = "exceeded DOWNLOAD_MAXSIZE"  # which Scrapy has no class for once a coding is taken off
NETWORK = frozenset({"dns", "refused", "timeout", "reset", "tls", "cut-off"})
OUR_REFUSALS = frozenset({"robots", "guard", "offsite", "busy", "ended"})  # a page is not held for them

TEMPORARY, SOFT, HARD = 0.25, 0.5, 1.0
SEVERITY = {
    "timeout": TEMPORARY,
    "reset": TEMPORARY,
    "cut-off": TEMPORARY,
    "http-429": TEMPORARY,
    "busy": TEMPORARY,
    "http-503": TEMPORARY,
    "refused": SOFT,
    "http-500": SOFT,
    "http-502": SOFT,
    "http-504": SOFT,
    "robots-unreachable": SOFT,
}


def severity(name: str) -> float:
    """How much a failure of this class stretches the wait until the next visit: it doubles so many times."""
    return SEVERITY.get(name, HARD)


def failures_of(counts: Mapping[str, int]) -> set[str]:
    """The classes of what went wrong in a crawl, from its counts ("unlisted/dns", "barred/busy", "failed/timeout")."""
    return {name.partition("/")[2] for name in counts if name.startswith(("unlisted/", "barred/", "failed/"))}


def classify(error: BaseException) -> tuple[str, str]:
    """(class, reason in words) of an exception that a request ended in."""
    if isinstance(error, HttpError):
        return _of_status(error.response.status)
    if isinstance(error, Forbidden):
        return "guard", str(error)
    if isinstance(error, TurnedAway):
        return error.kind, str(error)
    if isinstance(error, IgnoreRequest) and UNFOLDED in str(error):
        return "too-large", "its answer is larger than is read"
    if isinstance(error, IgnoreRequest):
        return "offsite", "it leads to another host"
    for kind, name, reason in CLASSES:
        if isinstance(error, kind):
            return name, reason
    if isinstance(error, DownloadFailedError):
        return _of_connection(str(error))
    return "unknown", f"{type(error).__name__}: {error}"


def _of_status(status: int) -> tuple[str, str]:
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS):
        return f"http-{status}", f"it keeps us out ({status})"
    return f"http-{status}", f"it answered {status}"


def _of_connection(text: str) -> tuple[str, str]:
    if "SSL" in text or "certificate" in text.lower():
        return "tls", f"no trusted connection: {text}"
    return "reset", "it broke the connection off"
