"""The offices that the archive knows, under the names that they were registered with last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from archive.query import Query
from archive.tables import sources


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """A source as the archive keeps it; `province` is an ISO 3166-2 code, `url` its newsroom."""

    id: str
    agency: str
    agency_fa: str
    agency_en: str
    province: str
    province_key: str
    province_fa: str
    province_en: str
    county: str | None
    name_fa: str
    name_en: str
    platform: str
    url: str


def offices(connection: sa.Connection, query: Query | None = None) -> Mapping[str, Office]:
    """By id, those that a query is about, whether or not any of their articles answers it; all without a query."""
    query = query or Query()
    statement = sa.select(sources).order_by(sources.c.id)
    chosen: Sequence[tuple[sa.Column[str], tuple[str, ...]]] = (
        (sources.c.province, query.provinces),
        (sources.c.agency, query.agencies),
        (sources.c.id, query.sources),
    )
    for column, values in chosen:
        if values:
            statement = statement.where(column.in_(values))
    return {row.id: Office(**row._asdict()) for row in connection.execute(statement)}
