"""How long a reading transaction may take before it is given up."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from archive.errors import TookTooLong

STEPS: Final = 10_000  # instructions of SQLite's machine between two looks at the clock: a fraction of a millisecond


@contextmanager
def within(connection: sa.Connection, seconds: float) -> Iterator[None]:
    """Give up what the database is asked in this block after so many seconds: raises `TookTooLong`.

    Both engines stop in the middle of a statement, PostgreSQL counting the time of each anew, and none begins after the
    end. What is worked out in Python between two statements is not interrupted.
    """
    until = monotonic() + seconds
    told = f"given up after {seconds:g} seconds"

    def ask(*_: Any) -> None:
        if monotonic() >= until:
            raise TookTooLong(told)

    embedded = connection.dialect.name == "sqlite"
    driver: Any = connection.connection.driver_connection
    if embedded:
        driver.set_progress_handler(lambda: monotonic() >= until, STEPS)
    else:
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {max(1, round(seconds * 1000))}")
    sa.event.listen(connection, "before_cursor_execute", ask)
    try:
        yield
    except (OperationalError, sqlite3.OperationalError) as error:  # the latter where rows come from the driver itself
        if monotonic() < until:
            raise
        raise TookTooLong(told) from error
    finally:
        sa.event.remove(connection, "before_cursor_execute", ask)
        if embedded:
            driver.set_progress_handler(None, 0)  # the connection goes back to the pool
