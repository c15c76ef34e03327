"""Workers: on as many machines as wanted, they take the crawls that are due from the queue (`archive.queue`)."""

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from archive import Archive, orders, queue
from archive.errors import ArchiveError, ArchiveUnavailable, reason_of
from archive.queue import CRAWLS, RESCUE, Queue, Standing
from sources import Source
from spiders.processes import Launch, Run
from spiders.schedule import Record

logger = logging.getLogger(__name__)

READY: Final = 8  # crawls that wait at least, so that no worker has to, and more where more are being read
LOOK: Final = 0.2  # seconds between two looks whether a crawl has ended
AGAIN: Final = 5.0  # seconds until a queue that could not be reached is tried again
EVERY: Final = "* * * * * */5"  # when entries are looked for whose worker is gone: every five seconds
LONG: Final = 15.0  # seconds that a crawl may take to claim its source; one that takes longer may be begun twice
GONE: Final = 60.0  # seconds without a word, after which a worker does not come to the end of a rescue
SURE: Final = 2.0  # seconds between the two looks that find a source unclaimed
LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)  # at once, whatever the server's clock says


class Workers:
    """Hands crawls out to whatever workers there are (`spiders.station.Crawls`)."""

    def __init__(self, archive: Archive, handed: Queue) -> None:
        self.archive = archive
        self.queue = handed
        self._standing = Standing()
        self._asked: dict[str, int] = {}  # what is in the queue, with the newest crawl known when it was put in

    @property
    def at_once(self) -> int:
        """As many wait as are being read, so that what is more urgent by then is still to be chosen."""
        taken = len(self._standing.taken)
        return taken + max(taken, READY)

    def running(self) -> set[str]:
        return set(self._asked)

    def begin(self, office: Source, record: Record) -> None:
        self.queue.put(office.id, record.newest, wanted=record.wanted is not None)
        self._asked[office.id] = record.newest

    def reap(self) -> Mapping[str, int]:
        with self.archive.reading() as connection:
            self._standing = queue.standing(connection) or Standing()
        asked = {entry.source: entry.after for entry in self._standing.entries}
        ended = {source: after for source, after in self._asked.items() if source not in asked}
        self._asked = asked
        return ended

    def stop(self) -> None:
        """Workers go on with what is in the queue."""


class Worker:
    """Takes crawls from the queue, so many `at_once`, each in a process of its own for so many seconds at most.

    An entry is gone from the queue when its crawl has ended. One whose worker is gone as well is handed out anew, by
    any worker, once nobody holds its source; what that crawl had begun to read is not read twice, for the entry says
    after which crawl it was put in.
    """

    def __init__(self, archive: Archive, launch: Launch, *, at_once: int, limit: float) -> None:
        """Raises `ArchiveUnavailable` where there can be no queue."""
        queue.require_server(archive.database)
        self.archive = archive
        self.launch = launch
        self.at_once = at_once
        self.limit = limit
        self._trouble = ""

    async def work(self, told: asyncio.Event) -> None:
        """Until told to stop; then what is being read here is given up. A queue that is away is waited for."""
        asyncio.get_running_loop().set_exception_handler(_one_line)
        while not told.is_set():
            try:
                await self._attend(told)
            except ArchiveError as error:
                if str(error) != self._trouble:
                    self._trouble = str(error)
                    logger.error("no crawl is taken: %s", error)  # noqa: TRY400 - one line
            with suppress(TimeoutError):
                await asyncio.wait_for(told.wait(), AGAIN)

    async def _attend(self, told: asyncio.Event) -> None:
        """Take crawls as long as the queue can be reached, and we are not told to stop."""
        await asyncio.to_thread(queue.check, self.archive.database)
        with queue.translated(self.archive.database):
            app = self._application()
            async with AsyncExitStack() as opened:
                opened.push_async_callback(app.close_async)
                await app.open_async()
                attending = [
                    asyncio.create_task(app.run_worker_async(queues=[name], concurrency=at_once, **ATTENDING))
                    for name, at_once in ((CRAWLS, self.at_once), (RESCUE, 1))
                ]
                if self._trouble:
                    self._trouble = ""
                    logger.warning("crawls are taken again")
                stopping = asyncio.create_task(told.wait())
                await asyncio.wait([*attending, stopping], return_when=asyncio.FIRST_COMPLETED)
                for task in (*attending, stopping):
                    task.cancel()
                for came_to in await asyncio.gather(*attending, return_exceptions=True):
                    if isinstance(came_to, Exception):
                        raise came_to
                if not told.is_set():
                    raise ArchiveUnavailable(f"the queue of {self.archive.database.name} does not answer any more")

    def _application(self) -> Any:
        """An application of procrastinate is opened once."""
        from procrastinate import App, PsycopgConnector  # noqa: PLC0415 - only where there are workers

        app = App(connector=PsycopgConnector(**queue.connecting(self.archive.database)))
        app.task(name=CRAWLS, queue=CRAWLS)(self.crawl)

        async def rescue(timestamp: int) -> None:  # noqa: ARG001 - when it was to be done
            await self.rescue(app)

        # of no lock: one that was killed while it rescued would hold it for ever
        app.periodic(cron=EVERY)(app.task(name=RESCUE, queue=RESCUE, queueing_lock=RESCUE)(rescue))
        return app

    async def crawl(self, source: str, after: int) -> None:
        """Have a source read, unless an operator has paused it or another crawl has begun meanwhile."""
        try:
            if await asyncio.to_thread(self._is_paused, source):
                return
        except ArchiveError as error:
            logger.error("%s: not read: %s", source, error)  # noqa: TRY400 - one line
            return
        begin = partial(Run.begin, self.launch, source, after, now=time.monotonic(), limit=self.limit)
        run = await asyncio.to_thread(begin)
        try:
            while not run.ended:
                await asyncio.sleep(LOOK)
                run.hold_to_limit(time.monotonic())
        finally:
            run.ask_to_end()  # at once, for of threads there are a few
            await asyncio.to_thread(run.end)
            await asyncio.to_thread(run.tell, self.archive)

    def _is_paused(self, source: str) -> bool:
        with self.archive.reading() as connection:
            order = orders.read(connection).get(source)
        return order is not None and order.paused_since is not None

    async def rescue(self, app: Any) -> None:
        """Hand out anew what is taken, and nobody reads."""
        from procrastinate.exceptions import ConnectorException, UniqueViolation  # noqa: PLC0415
        from procrastinate.jobs import Status  # noqa: PLC0415

        for stalled in await app.job_manager.get_stalled_jobs(queue=RESCUE, seconds_since_heartbeat=GONE):
            with suppress(ConnectorException):  # another one has done so
                await app.job_manager.finish_job_by_id_async(stalled.id, status=Status.ABORTED, delete_job=True)
        lost = await asyncio.to_thread(self._lost)
        if lost:
            await asyncio.sleep(SURE)
            still = await asyncio.to_thread(self._lost)
            lost = {entry: source for entry, source in lost.items() if entry in still}
        for entry, source in lost.items():
            jobs = app.job_manager
            with suppress(ConnectorException):  # it has ended meanwhile
                try:
                    await jobs.retry_job_by_id_async(entry, retry_at=LONG_AGO)
                    logger.warning("%s: handed out anew, for the worker that took it does not read it", source)
                except UniqueViolation:  # its source waits already
                    await jobs.finish_job_by_id_async(entry, status=Status.ABORTED, delete_job=True)

    def _lost(self) -> dict[int, str]:
        """The entries that are taken, and nobody reads, with their sources."""
        with self.archive.reading() as connection:
            stands = queue.standing(connection) or Standing()
        taken = [entry for entry in stands.taken if entry.seconds > LONG]
        claimed = self.archive.claimed(entry.source for entry in taken)
        return {entry.id: entry.source for entry in taken if entry.source not in claimed}


ATTENDING: Final[dict[str, Any]] = {
    "delete_jobs": "always",
    "install_signal_handlers": False,
    "fetch_job_polling_interval": 2.0,  # seconds; it hears of what is put in, and not of a source that is free again
    "shutdown_graceful_timeout": 0,  # a crawl that is asked to ends by itself, and tells that it was stopped
}


def _one_line(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What procrastinate could not tell the queue, the end of a crawl mostly; `Worker.rescue` sees to the entry."""
    from procrastinate.exceptions import ConnectorException  # noqa: PLC0415

    error = context.get("exception")
    if isinstance(error, ConnectorException):
        logger.warning("the queue was not told how a crawl ended: %s", reason_of(error.__cause__ or error))
    else:
        loop.default_exception_handler(context)
