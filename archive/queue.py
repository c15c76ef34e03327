"""The queue: crawls that are due, and wait for a worker on any machine; on PostgreSQL, by procrastinate.

It stands in a schema of its own beside the archive's tables. Nothing in it has to be kept: the schedule says what is
due, and puts in again what has got lost, so it is made anew where another version of procrastinate has made it.

A source is in it once at most that waits (`queueing_lock`) and once that is being read (`lock`). What keeps two crawls
of a source apart is not the queue, though, but the claim (`archive.claims`): an entry can outlive its worker, and a
crawl its entry.
"""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from types import TracebackType
from typing import Any, Final, Self

import sqlalchemy as sa

from archive.article import stamp
from archive.database import Database
from archive.errors import ArchiveUnavailable, QueueMissing, reason_of

SCHEMA: Final = "monadi_queue"
CRAWLS: Final = "crawls"  # procrastinate's queue of what this module calls the queue, and the name of its task
RESCUE: Final = "rescue"  # another one, so that entries whose worker is gone are seen to though all workers are busy
WANTED: Final = 1  # the priority of what operators ask for
ALIVE: Final = 60.0  # seconds since a worker was heard of; it says so every ten
ATTEND: Final = (CRAWLS, RESCUE)  # what a worker of ours attends to, each by one of procrastinate's workers
WAIT: Final = 5.0  # seconds for a connection
TOLD_HERE: Final = ("procrastinate.worker.worker", "procrastinate.utils", "psycopg.pool")
PREFIX: Final = "procrastinate "

_MADE_BY = sa.text(
    "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = :schema",
).bindparams(schema=SCHEMA)
_ENTRIES = sa.text(
    f"""
    SELECT job.id, job.args->>'source' AS source, (job.args->>'after')::bigint AS after,
           job.status = 'doing' AS taken,
           extract(epoch FROM clock_timestamp() - max(event.at))::double precision AS seconds
    FROM {SCHEMA}.procrastinate_jobs AS job JOIN {SCHEMA}.procrastinate_events AS event ON event.job_id = job.id
    WHERE job.queue_name = :queue AND job.status IN ('todo', 'doing')
      AND event.type IN ('deferred', 'deferred_for_retry', 'started')
    GROUP BY job.id ORDER BY job.priority DESC, job.id
    """,  # noqa: S608 - our own name
).bindparams(queue=CRAWLS)
_WORKERS = sa.text(
    f"""
    SELECT count(*) FILTER (WHERE last_heartbeat > now() - make_interval(secs => :alive)) AS alive,
           max(last_heartbeat) AS heard
    FROM {SCHEMA}.procrastinate_workers
    """,  # noqa: S608
).bindparams(alive=ALIVE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A crawl in the queue: of which source, after which of its crawls, and for how many seconds it has been waiting,
    or taken, by the server's clock.
    """

    id: int
    source: str
    after: int
    taken: bool
    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What is in the queue, in the order in which it is taken; how many workers attend to it, and when the last one was
    heard of.
    """

    entries: Sequence[Entry] = ()
    workers: int = 0
    heard: datetime | None = None

    @property
    def waiting(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.taken]

    @property
    def taken(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.taken]

    def __str__(self) -> str:
        """For people: "queue: 4 crawls wait, 2 are being read, 1 worker"."""
        workers = "no worker" if not self.workers else "1 worker" if self.workers == 1 else f"{self.workers} workers"
        return f"queue: {len(self.waiting)} crawls wait, {len(self.taken)} are being read, {workers}"

    def to_dict(self) -> dict[str, Any]:
        return {
            "waiting": [entry.source for entry in self.waiting],
            "taken": [entry.source for entry in self.taken],
            "workers": self.workers,
            "heard": self.heard and stamp(self.heard),
        }


def standing(connection: sa.Connection) -> Standing | None:
    """What stands in the queue; None where there has never been one."""
    if connection.dialect.name != "postgresql" or not (connection.scalar(_MADE_BY) or "").startswith(PREFIX):
        return None
    entries = [Entry(**row) for row in connection.execute(_ENTRIES).mappings()]
    alive, heard = connection.execute(_WORKERS).one()
    return Standing(entries=entries, workers=-(-alive // len(ATTEND)), heard=heard)


class Queue:
    """The queue of an archive, to put crawls in, from entering the block to leaving it."""

    def __init__(self, database: Database) -> None:
        """Raises `ArchiveUnavailable` where there can be none."""
        require_server(database)
        self.database = database
        with translated(database):
            from procrastinate import App, SyncPsycopgConnector  # noqa: PLC0415 - only where there are workers
            from psycopg_pool import ConnectionPool  # noqa: PLC0415

        self.app = App(connector=SyncPsycopgConnector())
        self.pool = ConnectionPool(**connecting(database), check=ConnectionPool.check_connection, open=False)

    def __enter__(self) -> Self:
        with translated(self.database):
            self.pool.open(wait=True, timeout=WAIT)
        self.app.open(self.pool)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.app.close()
        self.pool.close()

    def put(self, source: str, after: int, *, wanted: bool = False) -> bool:
        """Have a source read, unless a crawl of it has begun after the one named; whether it was not waiting already.

        What operators ask for is taken before everything else.
        """
        from procrastinate.exceptions import AlreadyEnqueued  # noqa: PLC0415

        priority = WANTED if wanted else 0
        entry = self.app.configure_task(CRAWLS, queue=CRAWLS, lock=source, queueing_lock=source, priority=priority)
        try:
            with translated(self.database):
                entry.defer(source=source, after=after)
        except AlreadyEnqueued:
            return False
        return True


def prepare(database: Database) -> None:
    """Make the queue where there is none, or where another version of procrastinate has made it."""
    made, text = _schema(database)
    with translated(database), database.writing() as connection:
        if connection.scalar(_MADE_BY) == made:
            return
        driver: Any = connection.connection.driver_connection  # which takes many statements at a time
        driver.execute(
            f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}; COMMENT ON SCHEMA {SCHEMA} IS '{made}'; "
            f"SET LOCAL search_path = {SCHEMA}"
        )
        driver.execute(text)


def check(database: Database) -> None:
    """Raise `QueueMissing` unless there is a queue that this version of procrastinate has made."""
    made, _ = _schema(database)
    with database.reading() as connection:
        found = connection.scalar(_MADE_BY)
    if found is None:
        raise QueueMissing(f"nobody hands out crawls of {database.name}; start `monadi schedule run --workers`")
    if found != made:
        raise QueueMissing(
            f"the queue of {database.name} was made by another version of procrastinate than this machine has; "
            "install the same Monadi on all machines, and start `monadi schedule run --workers` anew"
        )


def _schema(database: Database) -> tuple[str, str]:
    """By which the tables of procrastinate are known again, and the text that makes them."""
    with translated(database):
        text = (resources.files("procrastinate.sql") / "schema.sql").read_text("utf-8")
    return PREFIX + hashlib.sha256(text.encode()).hexdigest()[:16], text


def require_server(database: Database) -> None:
    """Raise `ArchiveUnavailable` where no queue can stand beside the archive."""
    if database.url.get_backend_name() != "postgresql":
        raise ArchiveUnavailable(
            f"workers need an archive on PostgreSQL, and {database.name} is none; name one in MONADI_ARCHIVE, "
            "or let this machine crawl alone: `monadi schedule run`"
        )


def connecting(database: Database) -> dict[str, Any]:
    """What a connector of procrastinate is to be given to reach the queue. That it is away is told by whoever asks."""
    for name in TOLD_HERE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    settings = {"search_path": SCHEMA, "idle_session_timeout": 0}
    return {
        "kwargs": database.server_arguments("monadi queue", settings),
        "min_size": 1,
        "max_size": 4,
        "timeout": WAIT,
    }


@contextmanager
def translated(database: Database) -> Iterator[None]:
    """What goes wrong at the queue becomes one line of ours."""
    try:
        from procrastinate.exceptions import AlreadyEnqueued, ConnectorException  # noqa: PLC0415
        from psycopg import Error  # noqa: PLC0415
        from psycopg.errors import InsufficientPrivilege  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ArchiveUnavailable(f"workers need what is missing here ({error}); install monadi[postgres]") from None
    try:
        yield
    except AlreadyEnqueued:
        raise
    except (ConnectorException, Error) as error:
        reason = reason_of(error.__cause__ or error)
        advice = (
            f'; let its owner GRANT CREATE ON DATABASE "{database.url.database}" TO "{database.url.username}"'
            if isinstance(error, InsufficientPrivilege)
            else ""
        )
        raise ArchiveUnavailable(f"the queue of {database.name} cannot be used: {reason}{advice}") from error
