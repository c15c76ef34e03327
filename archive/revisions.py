"""Whether a reading says anything new: a function of what is held and what was read."""

from dataclasses import replace
from datetime import UTC, datetime

from archive.article import Article, State
from archive.changes import Kind

NEVER = datetime.min.replace(tzinfo=UTC)


def judge(held: Article, state: State, reading: Article) -> Kind | None:
    """What a reading of a held article is: an edit by its office, a better reading, a return, or nothing new.

    `held.extractor` is that of the newest reading of the article. With another extractor any difference is the
    extractor's, never the office's. A date that the page counted from its own clock («۲ ساعت پیش») is another one at
    every visit, so it never makes a difference; one stated at last is a better reading.
    """
    if held.extractor != reading.extractor and _said(held) != _said(reading):
        return Kind.REREAD
    if _is_relative(held) and not _is_relative(reading) and _text(held) == _text(reading):
        return Kind.REREAD
    same = _text if _is_relative(held) or _is_relative(reading) else _hash
    if same(held) != same(reading):
        return Kind.REVISED
    return Kind.BACK if state is State.GONE else None


def _hash(article: Article) -> str:
    return article.content_hash


def _text(article: Article) -> str:
    return replace(article, published=None).content_hash


def _is_relative(article: Article) -> bool:
    return article.published is not None and "relative" in article.published.flags


def _said(article: Article) -> Article:
    """All that a page says, without when, where and by whom it was read."""
    published = None if _is_relative(article) else article.published
    return replace(article, url="", aliases=(), fetched_at=NEVER, extractor="", published=published, snapshot=None)
