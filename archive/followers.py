"""How far along the change log each of those has come who follow it in steps, kept in the archive itself."""

import sqlalchemy as sa

from archive.database import upserting
from archive.tables import followers


def place(connection: sa.Connection, name: str, version: str = "") -> int | None:
    """The number that a follower has come to; None for one of another version, or that has not begun."""
    mine = followers.c.name == name, followers.c.version == version
    return connection.scalar(sa.select(followers.c.seq).where(*mine))


def move(connection: sa.Connection, name: str, seq: int, version: str = "") -> None:
    """Note that a follower has come to a number."""
    statement = upserting(connection.dialect.name)(followers).values(name=name, seq=seq, version=version)
    update = {"seq": statement.excluded.seq, "version": statement.excluded.version}
    connection.execute(statement.on_conflict_do_update(index_elements=[followers.c.name], set_=update))


def begin_anew(connection: sa.Connection, name: str) -> None:
    """Have a follower begin at the beginning."""
    connection.execute(sa.delete(followers).where(followers.c.name == name))
