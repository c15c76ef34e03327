"""Whether a reading says anything new: a function of what is held and what was read."""

from dataclasses import replace
from datetime import UTC, datetime

from archive.article import Article, State
from archive.changes import Kind

RELATIVE = "relative"  # the flag of a date that its page counted from its own clock
NEVER = datetime.min.replace(tzinfo=UTC)


def judge(held: Article, state: State, reading: Article) -> Kind | None:
    """What a reading of a held article is: an edit by its office, a better reading, a return, or nothing new.

    `held.extractor` is that of the newest reading of the article. With another extractor any difference is the
    extractor's, never the office's. A date that the page counted from its own clock («۲ ساعت پیش») is another one at
    every visit, so it never makes a difference; one stated at last is a better reading.
    """
    if held.extractor != reading.extractor and _said(held) != _said(reading):
        return Kind.REREAD
    if not is_relative(held) and not is_relative(reading):
        return judge_by_hash(held.content_hash, state, reading)
    if _text(held) != _text(reading):
        return Kind.REVISED
    if is_relative(held) and not is_relative(reading):
        return Kind.REREAD
    return _unchanged(state)


def judge_by_hash(held: str, state: State, reading: Article) -> Kind | None:
    """The same where the same extractor read a content of the hash `held`, and no date is of the page's own clock."""
    return Kind.REVISED if held != reading.content_hash else _unchanged(state)


def _unchanged(state: State) -> Kind | None:
    return Kind.BACK if state is State.GONE else None


def _text(article: Article) -> str:
    return replace(article, published=None).content_hash


def is_relative(article: Article) -> bool:
    """Whether its date is one that the page counted from its own clock."""
    return article.published is not None and RELATIVE in article.published.flags


def _said(article: Article) -> Article:
    """All that a page says, without when, where and by whom it was read."""
    published = None if is_relative(article) else article.published
    return replace(article, url="", aliases=(), fetched_at=NEVER, extractor="", published=published, snapshot=None)
