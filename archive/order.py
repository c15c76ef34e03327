"""The order of articles as one number: by the instant that they are sorted by, then by their key.

The search index sorts and pages by it just as the database does by (`ordered_at`, `pk`), because `ordered_at` is whole
seconds and no two articles have the same `pk`. Instants of the years 1698 to 2241 keep their order, and so do 536
million articles; pages state years of 1827 to 2200.
"""

from datetime import datetime
from typing import Final

ARTICLES: Final = 2**29
SECONDS: Final = 2**33  # on either side of 1970


def number(at: datetime, pk: int) -> int:
    """A signed integer of 63 bits; a fraction of a second does not count."""
    second = max(-SECONDS, min(int(at.timestamp() // 1), SECONDS - 1))
    return second * ARTICLES + max(0, min(pk, ARTICLES - 1))


def pk_of(ordered: int) -> int:
    """`articles.pk` of what stands at a number."""
    return ordered % ARTICLES


def first_from(at: datetime) -> int:
    """The least number that an article of this instant or later can have."""
    return number(at, 0) + (ARTICLES if at.microsecond else 0)
