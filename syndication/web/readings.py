"""The reading of a release that an address names."""

import re
from typing import Final

import sqlalchemy as sa

from archive import ArchivedArticle, articles
from archive.errors import NoSuchArticle

NUMBER: Final = re.compile("[1-9][0-9]{0,8}")


def reading(connection: sa.Connection, id_: str, stated: str) -> ArchivedArticle:
    """The revision of a number as an address states it; raises `NoSuchArticle`, which tells what numbers there are."""
    if NUMBER.fullmatch(stated):
        return articles.get(connection, id_, int(stated))
    held = articles.get(connection, id_).revisions
    raise NoSuchArticle(f"{id_} has no revision {stated[:50]!r}; its revisions are 1 to {held}")
