"""Search: the order of articles is in whole seconds, so that a page stands at the same place in every index; indexes of
that order tell the state too, so that a page of a feed is found without looking at any article.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ordered_at: sa.ColumnClause[Any] = sa.column("ordered_at")
articles = sa.table("articles", ordered_at)


def upgrade() -> None:
    whole: sa.ColumnElement[Any]
    if op.get_bind().dialect.name == "sqlite":  # which keeps instants as text, a fraction behind the seconds
        whole = sa.func.substr(ordered_at, 1, 19).op("||")(".000000")
    else:
        whole = sa.func.date_trunc("second", ordered_at)
    op.execute(sa.update(articles).values(ordered_at=whole).where(ordered_at != whole))
    for of_source in ([], ["source"]):
        columns = [*of_source, "ordered_at", "pk"]
        op.drop_index("_".join(["ix_articles", *columns]), "articles")
        op.create_index("_".join(["ix_articles", *columns, "state"]), "articles", [*columns, "state"])
