"""What an address answered last, so that it can be asked whether anything has changed since (RFC 9110 §13)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from archive.database import upserting
from archive.tables import validators


@dataclass(frozen=True, kw_only=True, slots=True)
class Validator:
    """The answer of an address: its ETag and Last-Modified as they were sent, and the SHA-256 of its body.

    `read_at` is when the body was last had and read, `unchanged` how often it has been called unchanged since.
    """

    url: str
    etag: str | None
    last_modified: str | None
    digest: str
    read_at: datetime
    unchanged: int = 0


def recall(connection: sa.Connection, source: str) -> dict[str, Validator]:
    """What the addresses of a source answered, by address."""
    columns = (column for column in validators.c if column.name != "source")
    found = connection.execute(sa.select(*columns).where(validators.c.source == source))
    return {row.url: Validator(**row._asdict()) for row in found}


def keep(connection: sa.Connection, source: str, answers: Iterable[Validator]) -> None:
    """Remember these answers, each in the place of the one before. Only a run that read all they lead to may say so."""
    insert = upserting(connection.dialect.name)
    for answer in answers:
        row = {
            "etag": answer.etag,
            "last_modified": answer.last_modified,
            "digest": answer.digest,
            "read_at": answer.read_at,
            "unchanged": answer.unchanged,
        }
        statement = insert(validators).values(source=source, url=answer.url, **row)
        connection.execute(statement.on_conflict_do_update(index_elements=["source", "url"], set_=row))


def forget(connection: sa.Connection, source: str, urls: Iterable[str]) -> None:
    """Believe these addresses no longer: they are asked for without conditions the next time."""
    for url in urls:
        connection.execute(sa.delete(validators).where(validators.c.source == source, validators.c.url == url))
