"""Reading a page by its platform, the same way at every visit and from every snapshot."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from web_poet import HttpResponse

from archive import Article
from persian.languages import is_foreign
from spiders.bounds import bounded
from spiders.errors import NotAnArticle, OtherLanguage, PageError, ReaderFailed, SoftNotFound
from spiders.platforms import platform
from spiders.platforms.cms import Platform
from spiders.politeness import walls


def read(reader: Platform, page: HttpResponse, **known: Any) -> Article:
    """The record of a page by its platform, or by the generic reader where the platform finds no article.

    What the generic reader reads is known by the number that the platform's addresses bear. `known` is what its class
    takes. Raises `PageError`.
    """
    article = bounded(_read(reader, page, known))
    if is_foreign(" ".join((article.title, article.lead or "", article.body))):
        raise OtherLanguage("what it says is not in Persian")
    return article


def _read(reader: Platform, page: HttpResponse, known: Mapping[str, Any]) -> Article:
    generic = platform("generic")
    try:
        return reader.read(page, **known)
    except NotAnArticle as error:
        if reader is generic or walls.missing(page.text):
            raise
        try:
            article = generic.read(page, **known)
        except PageError:
            raise error from None
        return replace(article, native_id=article.native_id or reader.native_id(article.url))


def read_kept(reader: Platform, page: HttpResponse, **known: Any) -> Article:
    """The record of a page that no visit looks at: whatever is wrong with it is a `PageError`."""
    try:
        article = read(reader, page, **known)
    except PageError:
        raise
    except Exception as error:
        raise ReaderFailed(f"{type(error).__name__}: {error}") from error
    if walls.is_notice(article.title, article.body):
        raise SoftNotFound(f"the page says: {article.title}")
    return article
