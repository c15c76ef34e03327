"""Asking whether a page has changed since it was read, and how far the answer is believed.

A site's "not modified" saves it work, and some sites say it of pages that have changed. So it is believed a few times
and for a day, then the page is had again whatever its validators say.
"""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from scrapy.http import Response

from archive.validators import Validator

BELIEVED = 12  # answers in a row that call a page unchanged
TRUSTED = timedelta(days=1)  # since the page itself was last read


def is_believed(before: Validator, now: datetime) -> bool:
    """Whether the page's site may say of it, instead of sending it, that it is as it was."""
    return before.unchanged < BELIEVED and now - before.read_at < TRUSTED


def conditions(before: Validator | None, now: datetime) -> dict[str, str]:
    """The headers that ask for a page only if it has changed (RFC 9110 §13.1.2, §13.1.3)."""
    if before is None or not is_believed(before, now):
        return {}
    stated = {"If-None-Match": before.etag, "If-Modified-Since": before.last_modified}
    return {name: value for name, value in stated.items() if value}


def is_unchanged(response: Response, before: Validator | None, now: datetime) -> bool:
    """Whether an answer says, or shows byte for byte, that the page is as it was when it was read."""
    if response.status == HTTPStatus.NOT_MODIFIED:
        return True
    return before is not None and is_believed(before, now) and _digest(response) == before.digest


def answer_of(response: Response, before: Validator | None, now: datetime) -> Validator:
    """What is to be remembered of an answer to `before`."""
    if before and is_unchanged(response, before, now):
        return replace(before, unchanged=before.unchanged + 1)
    etag, last_modified = ((response.headers.get(name) or b"").decode("latin-1") for name in ("ETag", "Last-Modified"))
    return Validator(
        url=response.request.url if response.request else response.url,
        etag=etag or None,
        last_modified=last_modified or None,
        digest=_digest(response),
        read_at=now,
    )


def _digest(response: Response) -> str:
    return hashlib.sha256(response.body).hexdigest()
