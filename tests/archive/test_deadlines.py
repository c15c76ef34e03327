"""A reading transaction that takes longer than its asker allowed is given up, in the middle of a statement too."""

from itertools import repeat
from time import monotonic

import pytest
import sqlalchemy as sa

from archive import Archive, Query, records
from archive.errors import ArchiveUnavailable, TookTooLong

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


def test_a_statement_without_an_end_is_given_up(archive: Archive):
    begun = monotonic()
    with pytest.raises(TookTooLong, match=r"given up after 0\.2 seconds"), archive.reading(0.2) as connection:
        connection.exec_driver_sql(ENDLESS)
    assert 0.1 < monotonic() - begun < 5


def test_many_short_statements_are_given_up_too(archive: Archive):
    with pytest.raises(TookTooLong), archive.reading(0.1) as connection:
        list(map(connection.execute, repeat(sa.text("SELECT 1"))))


def test_rows_that_come_from_the_driver_are_given_up_too(archive: Archive):
    with pytest.raises(TookTooLong), archive.reading(0) as connection:
        list(records.records(connection, Query(), archive.index))


def test_the_next_transaction_of_the_connection_has_all_the_time(archive: Archive):
    for _ in range(3):
        with pytest.raises(TookTooLong), archive.reading(0.05) as connection:
            connection.exec_driver_sql(ENDLESS)
    with archive.reading() as connection:
        assert connection.exec_driver_sql(ENDLESS.replace("FROM n)", "FROM n WHERE x < 500000)")).scalar() == 500_000


def test_what_is_asked_in_time_is_answered(archive: Archive):
    with archive.reading(60) as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def test_another_error_stays_what_it_is(archive: Archive):
    with pytest.raises((ArchiveUnavailable, sa.exc.ProgrammingError)), archive.reading(60) as connection:
        connection.exec_driver_sql("SELECT * FROM nowhere")
