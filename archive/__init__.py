"""WHAT IS KEPT: every release and every edit of it, the log of what happened, and the one query that asks for them.

from archive import Query, open_archive

with open_archive() as archive:
    for item in archive.articles(Query(provinces=("IR-21",), limit=10)):
        print(item.id, item.article.title)
"""

from archive.article import ArchivedArticle, Article, Attachment, Revision, State
from archive.changes import Change, Kind
from archive.query import Query, Sort
from archive.store import Archive, open_archive

__all__ = [
    "Archive",
    "ArchivedArticle",
    "Article",
    "Attachment",
    "Change",
    "Kind",
    "Query",
    "Revision",
    "Sort",
    "State",
    "open_archive",
]
