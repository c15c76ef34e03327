"""WHAT IS KEPT: every release and every edit of it, the log of what happened, and the one query that asks for them.

    from archive import Query, open_archive

    with open_archive() as archive:
        for item in archive.articles(Query(provinces=("IR-21",), limit=10)):
            print(item.id, item.article.title)

Names are loaded when they are first used, so that a program pays only for what it uses.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archive.article import ArchivedArticle, Article, Attachment, Revision, State, StatedDate
    from archive.changes import Change, Kind
    from archive.differences import Difference
    from archive.facets import Facets
    from archive.query import Query, Sort
    from archive.store import Archive, open_archive

__all__ = [
    "Archive",
    "ArchivedArticle",
    "Article",
    "Attachment",
    "Change",
    "Difference",
    "Facets",
    "Kind",
    "Query",
    "Revision",
    "Sort",
    "State",
    "StatedDate",
    "open_archive",
]

HOMES = {
    "article": ("ArchivedArticle", "Article", "Attachment", "Revision", "State", "StatedDate"),
    "changes": ("Change", "Kind"),
    "differences": ("Difference",),
    "facets": ("Facets",),
    "query": ("Query", "Sort"),
    "store": ("Archive", "open_archive"),
}


def __getattr__(name: str) -> Any:
    for module, names in HOMES.items():
        if name in names:
            return getattr(import_module(f"archive.{module}"), name)
    raise AttributeError(f"module 'archive' has no attribute {name!r}")
