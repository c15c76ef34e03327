"""The herald: looks at the archive now and then, and tells operators what is to be told.

A look does three things, each a transaction of its own: it has alarms opened, reminded of and resolved; it puts what
waits to be told into one message, in quiet hours only when something urgent is among it; it sends what is due. Any
number of heralds may run on one archive: alarms are reconciled under the archive's write lock, so the second finds
nothing to do, and a message is taken by one of them (`archive.notices`).

An archive that does not answer cannot hold an alarm: of that each herald tells by itself, from memory.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from types import TracebackType
from typing import Final, Self

import sqlalchemy as sa

from archive import Archive, alarms, notices
from archive.alarms import Alarm, Event, Matter, Reconciled, Told, Trouble, reconcile
from archive.errors import ArchiveError, ArchiveMissing, SchemaTooOld
from archive.notices import Notice
from sources import Catalogue
from syndication import omissions
from syndication.alerts import destinations, digest, watch
from syndication.alerts.destinations import Destination
from syndication.alerts.hours import NEVER, Quiet, Weekly
from syndication.alerts.language import PERSIAN, SPEECHES, Speech
from syndication.alerts.messages import Message, Writer

TICK: Final = 30.0  # seconds between two looks
JOIN: Final = 15.0  # seconds that a message under way is waited for at the end
AWAY: Final = timedelta(minutes=5)  # that the archive does not answer before that is told

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """How operators are told: where, in which language, and when not."""

    destinations: Sequence[Destination] = ()
    speech: Speech = PERSIAN
    quiet: Quiet = NEVER
    weekly: Weekly | None = None

    @classmethod
    def read(cls, *, alerts: Sequence[str], language: str, quiet: str, digest: str) -> Self:
        """From the settings `MONADI_ALERTS`, `…_LANGUAGE`, `…_QUIET` and `…_DIGEST`; raises `WrongSetting`."""
        return cls(
            destinations=destinations.read(alerts),
            speech=SPEECHES[language],
            quiet=Quiet.read(quiet),
            weekly=Weekly.read(digest),
        )

    @property
    def by_key(self) -> dict[str, Destination]:
        return {each.key: each for each in self.destinations}


class Herald:
    """Tells of what is wrong with an archive, its sources and the machine, from entering the block to leaving it.

    Without a destination everything is kept and said in the log alone. `data` is the data directory, `status` the
    address of the status page.
    """

    def __init__(
        self,
        archive: Archive,
        catalogue: Catalogue,
        telling: Telling,
        data: Path,
        *,
        status: str | None = None,
        disk: Callable[[Path, datetime], Trouble | None] = watch.disk,
    ) -> None:
        self._archive = archive
        self._catalogue = catalogue
        self._telling = telling
        self._data = data
        self._writer = Writer(speech=telling.speech, sources=catalogue.sources, status=status)
        self._disk = disk
        self._began: datetime | None = None
        self._away: datetime | None = None
        self._own: tuple[Alarm, ...] = ()
        self._forgotten: datetime | None = None
        self._stopped = Signal()
        self._thread = Thread(target=self._run, name="herald", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._thread.join(JOIN)

    def look(self, now: datetime | None = None) -> None:
        """See what is to be told, and tell it."""
        now = now or datetime.now(UTC)
        self._began = self._began or now
        try:
            self.judge(now)
            self.tell(now)
            self.send(now)
        except (ArchiveMissing, SchemaTooOld):
            return  # whoever runs it is told so, and nothing is there to be watched
        except ArchiveError as error:
            self._archive_away(str(error), now)
        else:
            self._archive_back(now)

    def judge(self, now: datetime) -> None:
        """Open, remind of and resolve alarms."""
        beside = [watch.of_feeds(omissions.read(self._data)), self._disk(self._data, now)]
        with self._archive.reading() as connection:
            if not self._reconciled(connection, beside, now).anything:
                return
        with self._archive.writing() as connection:
            found = self._reconciled(connection, beside, now)
            alarms.keep(connection, found, now)
        for event, alarm in found.events:
            if event is not Event.JOINED:
                logger.warning("alarm %s: %s, %s: %s", event, alarm.key, alarm.matter, alarm.evidence)

    def tell(self, now: datetime) -> None:
        """Put what waits into one message, unless these are quiet hours and nothing of it is urgent."""
        quiet = self._telling.quiet.holds(now)
        week = None if quiet or not self._telling.weekly else self._telling.weekly.newest(now)
        with self._archive.reading() as connection:
            waiting = self._to_tell(connection, quiet=quiet)
            told = digest.is_told(connection, week) if week else True
        if not waiting and told:
            return
        with self._archive.writing() as connection:
            waiting = self._to_tell(connection, quiet=quiet)
            self._post(connection, self._writer.message(waiting), now)
            alarms.told(connection, waiting, now)
        if week and not told:
            self._tell_week(week, now)

    def send(self, now: datetime) -> None:
        """Send what is due; what is not taken is kept and tried again."""
        if not self._telling.destinations:
            return
        with self._archive.reading() as connection:
            if not notices.any_due(connection, self._telling.by_key, now):
                return
        with self._archive.writing() as connection:
            notices.forget(connection, now)
            alarms.forget(connection, now)
            taken = notices.take(connection, self._telling.by_key, now)
        for notice in taken:
            self._deliver(notice)

    def _reconciled(self, connection: sa.Connection, beside: Sequence[Trouble | None], now: datetime) -> Reconciled:
        found = watch.in_trouble(connection, self._catalogue, now, self._began or now)
        return reconcile(alarms.read(connection, now), [*found, *filter(None, beside)], now)

    def _to_tell(self, connection: sa.Connection, *, quiet: bool) -> list[Told]:
        waiting = alarms.untold(connection)
        return [each for each in waiting if each.alarm.matter.urgent] if quiet else waiting

    def _post(self, connection: sa.Connection, message: Message | None, now: datetime) -> None:
        if message:
            notices.post(connection, self._telling.by_key, message.title, message.body, now)

    def _tell_week(self, week: datetime, now: datetime) -> None:
        """Post the digest of the week that ends now; whoever writes it down first has told it."""
        with self._archive.reading() as connection:
            first = digest.is_first(connection)
            message = None if first else digest.written(connection, self._catalogue, self._telling.speech, now)
        with self._archive.writing() as connection:
            if not digest.is_told(connection, week):
                self._post(connection, message, now)
                digest.told(connection, week)

    def _deliver(self, notice: Notice) -> None:
        destination = self._telling.by_key[notice.destination]
        failure = destination.send(notice.title, notice.body)
        now = datetime.now(UTC)
        with self._archive.writing() as connection:
            if failure is None:
                notices.sent(connection, notice, now)
                return
            again = notices.failed(connection, notice, failure, now)
        later = f"tried again in {round((again - now).total_seconds())} s" if again else "given up"
        logger.error("a message was not taken by destination %s: %s; %s", destination.name, failure, later)

    def _archive_away(self, reason: str, now: datetime) -> None:
        self._away = self._away or now
        if now - self._away >= AWAY:
            self._tell_by_itself([Trouble(matter=Matter.ARCHIVE, since=self._away, evidence=reason)], now)

    def _archive_back(self, now: datetime) -> None:
        self._away = None
        if self._own:
            self._tell_by_itself([], now)

    def _tell_by_itself(self, troubles: Sequence[Trouble], now: datetime) -> None:
        found = reconcile(self._own, troubles, now)
        known = {alarm.key: alarm for alarm in (*self._own, *found.changed, *(alarm for _, alarm in found.events))}
        self._own = tuple(alarm for alarm in known.values() if alarm.standing)
        told = [Told(id=0, at=now, event=event, alarm=alarm) for event, alarm in found.events]
        message = self._writer.message(told)
        for destination in self._telling.destinations if message else ():
            if message and (failure := destination.send(message.title, message.body)):
                logger.error("a message was not taken by destination %s: %s", destination.name, failure)

    def _run(self) -> None:
        while True:
            try:
                self.look()
            except Exception:
                logger.exception("the herald stumbled, and goes on")
            if self._stopped.wait(TICK):
                return
