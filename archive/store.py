"""The archive as a whole: its database, its search index and its snapshots, and how they are asked."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import sqlalchemy as sa

from archive import answers, articles, changes, claims, facets, records, tables
from archive.answers import Reference
from archive.article import ArchivedArticle, Revision, stamp
from archive.changes import Change
from archive.claims import Claim, Lost
from archive.configuration import Configuration, read_configuration
from archive.database import Database
from archive.facets import Facets
from archive.images import Images
from archive.query import Query
from archive.records import Record
from archive.search import SearchIndex
from archive.snapshots import Snapshots

if TYPE_CHECKING:
    from archive.backup import Report
    from archive.closings import Closing
    from archive.copies import Copy
    from archive.differences import Difference
    from archive.ledger import Account
    from archive.verification import Finding

COUNTED = (
    tables.sources,
    tables.articles,
    tables.revisions,
    tables.changes,
    tables.crawls,
    tables.quarantine,
    tables.snapshots,
    tables.images,
)


class Archive:
    """An archive: a database at a SQLAlchemy URL, a search index in a directory, snapshots and images beside it.

    Reading and writing transactions are handed out by `reading()` and `writing()`; the functions of
    `archive.articles`, `archive.crawls` and `archive.changes` work within them.
    """

    def __init__(self, url: str, search: Path, snapshots: Path | None = None) -> None:
        self.database = Database(url)
        self.index = SearchIndex(search)
        self.snapshots = Snapshots(snapshots or search.with_name("snapshots"))
        self.images = Images(self.snapshots.directory.with_name("images"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def reading(self, seconds: float | None = None) -> AbstractContextManager[sa.Connection]:
        """One state of the archive; with `seconds`, what takes longer is given up by `TookTooLong`."""
        return self.database.reading(seconds)

    @contextmanager
    def bounded(self, seconds: float, query: Query | None = None) -> Iterator[sa.Connection]:
        """One state of the archive for questions that others ask, for so many seconds at most. Raises `TookTooLong`.

        The search index, where the `query` needs it, is brought up to date first: that is no cost of the question, and
        broken off it would only be begun again.
        """
        if query:
            with self.reading() as connection:
                answers.prepare(connection, query, self.index)
        with self.reading(seconds) as connection:
            yield connection

    def writing(self) -> AbstractContextManager[sa.Connection]:
        return self.database.writing()

    def thin_crawls(self, now: datetime) -> None:
        """Forget quiet crawls of long ago but for one a day (`archive.thinning`)."""
        from archive import thinning

        more = True
        while more:
            with self.writing() as connection:
                more = thinning.thin(connection, now)

    def claim(self, source: str, lost: Lost = lambda: None) -> Claim:
        """Have a source to oneself until the block ends, or `close`; raises `Claimed` when another crawl reads it.

        `lost` is called in another thread when the claim has gone though nobody gave it up (`archive.claims`).
        """
        return claims.claim(self.database, source, lost)

    def claimed(self, sources: Iterable[str]) -> set[str]:
        """Which of these sources are being read now, by whomever."""
        return claims.claimed(self.database, sources)

    def upgrade(self) -> tuple[str | None, str]:
        """Make the archive, or bring it to this version's schema; returns the schema (before, after)."""
        return self.database.upgrade()

    def close(self) -> None:
        self.snapshots.close()
        self.database.close()

    def articles(self, query: Query) -> Iterator[ArchivedArticle]:
        """The articles that answer a query, in its order, from one state of the archive; memory stays flat."""
        with self.reading() as connection:
            yield from answers.select(connection, query, self.index)

    def references(self, query: Query) -> Iterator[Reference]:
        """The ids of the articles that answer a query, in its order, each with its source and extractor."""
        with self.reading() as connection:
            yield from answers.references(connection, query, self.index)

    def records(self, query: Query) -> Iterator[Record]:
        """The same as `to_dict()` gives them, at several times the pace."""
        with self.reading() as connection:
            yield from records.records(connection, query, self.index)

    def count(self, query: Query) -> int:
        """How many articles answer a query, its limit and cursor aside."""
        with self.reading() as connection:
            return facets.count(connection, query, self.index)

    def counts(self, query: Query, by: Sequence[str] = ()) -> Facets:
        """How many articles answer a query by `facets.DIMENSIONS`; raises `QueryError` for another one."""
        with self.reading() as connection:
            return facets.counts(connection, query, self.index, by)

    def article(self, id_: str, revision: int | None = None) -> ArchivedArticle:
        """One article by its id; raises `NoSuchArticle`."""
        with self.reading() as connection:
            return articles.get(connection, id_, revision)

    def history(self, id_: str) -> list[Revision]:
        """The revisions of an article, oldest first; raises `NoSuchArticle`."""
        with self.reading() as connection:
            return articles.history(connection, id_)

    def difference(self, id_: str, old: int, new: int) -> "Difference":
        """What revision `new` of an article changed since revision `old`; raises `NoSuchArticle`."""
        with self.reading() as connection:
            readings = [articles.get(connection, id_, number).article for number in (old, new)]
        from archive.differences import compare

        return compare(*readings)

    def copies_of(self, id_: str) -> "list[Copy]":
        """The releases of the same text as this one, itself among them, in the order of publication; none where it has
        no copies. Raises `NoSuchArticle`.
        """
        from archive import copies

        with self.reading() as connection:
            return copies.of(connection, id_)

    def find_copies(self, *, anew: bool = False) -> int:
        """Follow the change log as far as it goes, or from its beginning, in writing transactions of a few hundred.

        Returns the number of times that an article's `copy_of` changed. Stopped at any point, it goes on from there.
        """
        from archive import copies

        if anew:
            with self.writing() as connection:
                copies.forget(connection)
        with self.reading() as connection:
            behind = copies.is_behind(connection)
        found = 0
        while behind:
            with self.writing() as connection:
                found += copies.catch_up(connection, datetime.now(UTC))
                behind = copies.is_behind(connection)
        return found

    def follow_timings(self) -> None:
        """Bring what charts are drawn from up to date with the change log (`archive.timings`), in transactions of a few
        thousand rows. Stopped at any point, it goes on from there.
        """
        from archive import timings

        with self.reading() as connection:
            behind = timings.behind(connection)
        while behind:
            with self.writing() as connection:
                timings.catch_up(connection)
                behind = timings.behind(connection)

    def close_months(self, at: datetime | None = None, *, settled: bool = False) -> "Closing | None":
        """Close the months that are over, for feeds that replay them (`archive.closings`); None where none is to be.

        The first time waits for a day, in which sources are read that are new to the archive, unless all are `settled`.
        """
        from archive import closings

        at = at or datetime.now(UTC)
        with self.reading() as connection:
            if not closings.due(connection, at, settled=settled):
                return None
        with self.writing() as connection:
            return closings.close(connection, at)

    def changes(self, since: int = 0, limit: int | None = None) -> list[Change]:
        """The rows of the change log after number `since`, in order."""
        with self.reading() as connection:
            return list(changes.since(connection, since, limit))

    def cursor_after(self, item: ArchivedArticle) -> str:
        """What the next query takes as its `cursor`."""
        with self.reading() as connection:
            return answers.cursor_after(connection, item.id)

    def reindex(self) -> int:
        """Build the search index anew; returns the number of the change it has followed the log to."""
        with self.reading() as connection:
            return self.index.rebuild(connection)

    def coverage(self, query: Query | None = None) -> "list[Account]":
        """What of the offices' releases is kept, by source and Jalali day (`archive.ledger`)."""
        from archive import ledger

        with self.reading() as connection:
            return list(ledger.ledger(connection, query))

    def rows(self) -> int:
        """How many rows there are in all: what a backup copies."""
        from archive import backup

        with self.reading() as connection:
            return backup.rows_of(connection)

    def backup(self, target: Path, report: "Report" = lambda _: None) -> None:
        """Write the database to a file while it is in use (`archive.backup`)."""
        from archive import backup

        backup.backup(self.database, target, report)

    def restore(self, file: Path, report: "Report" = lambda _: None) -> None:
        """Fill this archive, which holds nothing yet, from a backup."""
        from archive import backup

        backup.restore(file, self.database, report)

    def copy_to(self, url: str, report: "Report" = lambda _: None) -> str:
        """Fill the empty database at another address, on either engine, with this archive's state while it is in use;
        returns its name without secrets (`archive.backup`).
        """
        from archive import backup

        target = Database(url)
        try:
            backup.copy(self.database, target, report)
        finally:
            target.close()
        return target.name

    def verify(self) -> "Iterator[Finding]":
        """Compare all that can be made anew with what is kept, one check after another (`archive.verification`)."""
        from archive import verification

        with self.reading() as connection:
            yield from verification.verify(
                connection,
                {"snapshots": self.snapshots.verify, "images": self.images.verify, "search index": self.index.verify},
            )

    def stats(self) -> dict[str, str | int]:
        """How much is kept: counts by name, the span of dates, and the size in bytes where it is a file."""
        with self.reading() as connection:
            count = {
                table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in COUNTED
            }
            first, last = connection.execute(
                sa.select(sa.func.min(tables.articles.c.ordered_at), sa.func.max(tables.articles.c.ordered_at))
            ).one()
        span = {"oldest": stamp(first), "newest": stamp(last)} if first else {}
        file = self.database.file
        size = {"bytes": file.stat().st_size} if file else {}
        return {"archive": self.database.name, **count, **span, **size}


def open_archive(configuration: Configuration | None = None, **changes: Any) -> Archive:
    """The archive that the configuration names (environment and `monadi.toml` when none is given).

    Raises `ConfigurationError` for a setting that cannot be used.
    """
    configuration = configuration or read_configuration(**changes)
    return Archive(configuration.archive_url, configuration.data / "search", configuration.data / "snapshots")
