"""Copies of one text taken together: of each cluster (`copies`), the earliest release that passes all other filters is
shown.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

import sqlalchemy as sa

from archive import order
from archive.articles import chunks
from archive.filters import Filters
from archive.search import Matches
from archive.tables import articles, copies


def answering(filters: Filters, *, collapsed: bool) -> list[sa.ColumnElement[bool]]:
    """What a row of `articles` has to be to answer a query without a text."""
    return [*filters.conditions(), *([shown(filters)] if collapsed else [])]


def shown(filters: Filters) -> sa.ColumnElement[bool]:
    """That no release of the same text which passes the filters stands before a row of `articles`."""
    this, other, earlier = copies.alias("this"), copies.alias("other"), articles.alias("earlier")
    before = sa.tuple_(earlier.c.ordered_at, earlier.c.pk) < sa.tuple_(articles.c.ordered_at, articles.c.pk)
    statement = (
        sa.select(sa.literal(1))
        .select_from(this)
        .join(other, other.c.cluster == this.c.cluster)
        .join(earlier, earlier.c.pk == other.c.article)
        .where(this.c.article == articles.c.pk, before, *filters.conditions(earlier))
        .correlate(articles)
    )
    return ~statement.exists()


def hidden(connection: sa.Connection, filters: Filters, matches: Matches, pks: Sequence[int]) -> Collection[int]:
    """Those of some matches that are not shown."""
    clusters: list[int] = []
    for some in chunks(pks):
        clusters += connection.scalars(sa.select(copies.c.cluster).where(copies.c.article.in_(some)).distinct())
    found: set[int] = set()
    for some in chunks(clusters):
        statement = _members(filters).where(copies.c.cluster.in_(some))
        found.update(_later(matches, ((row.cluster, row.article) for row in connection.execute(statement))))
    return found


def all_hidden(connection: sa.Connection, filters: Filters, matches: Matches, size: int) -> Iterator[list[int]]:
    """All matches that are not shown, from about `size` members of clusters at a time."""
    together: list[tuple[int, int]] = []
    statement = _members(filters).order_by(copies.c.cluster).execution_options(yield_per=size)
    for row in connection.execute(statement):
        if len(together) >= size and together[-1][0] != row.cluster:
            yield _later(matches, together)
            together = []
        together.append((row.cluster, row.article))
    yield _later(matches, together)


def _members(filters: Filters) -> sa.Select[tuple[int, int]]:
    statement = sa.select(copies.c.cluster, copies.c.article).join(articles, articles.c.pk == copies.c.article)
    return statement.where(*filters.conditions())


def _later(matches: Matches, members: Iterable[tuple[int, int]]) -> list[int]:
    """The members (cluster, article) of clusters that match and are not the earliest of their cluster to do so."""
    cluster_of = {article: cluster for cluster, article in members}
    seen: set[int] = set()
    later = []
    for number in sorted(matches.those(list(cluster_of))):
        pk = order.pk_of(number)
        if cluster_of[pk] in seen:
            later.append(pk)
        seen.add(cluster_of[pk])
    return later
