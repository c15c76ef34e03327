"""What earlier runs left of a source, recalled before a walk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from archive import Archive, Article, absences, articles, crawls, links, validators
from archive.absences import Held
from archive.identity import keys
from archive.validators import Validator
from persian.published import Published
from spiders.listing import Link
from spiders.platforms.cms import Platform

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Memory:
    """A source as the archive knows it; of a run without an archive, empty.

    `settled_until` is the end of the last run that saw all that is listed; `retries` are pages worth another visit;
    `due` those that were published lately and are to be looked at again; `answers` what addresses answered last;
    `dates` what lists said of the pages to visit, by key; `met` the keys of the addresses that this run met.
    """

    source: str
    platform: Platform
    archive: Archive | None = None
    recalled_at: datetime = NEVER
    settled_until: datetime | None = None
    retries: set[str] = field(default_factory=set)
    due: list[Held] = field(default_factory=list)
    answers: Mapping[str, Validator] = field(default_factory=dict)
    dates: Mapping[str, Published] = field(default_factory=dict)
    met: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def recall(self, now: datetime) -> None:
        """Ask the archive, once; raises `ArchiveError`."""
        self.recalled_at = now
        if self.archive is None:
            return
        with self.archive.reading() as connection:
            self.settled_until = crawls.settled_until(connection, self.source)
            self.retries = set(crawls.to_retry(connection, self.source, self.platform.page.extractor()))
            self.due = absences.to_look_at(connection, self.source, now)
            self.answers = validators.recall(connection, self.source)
            again = [*self.retries, *(page.url for page in self.due)]
            self.dates = links.dates(connection, self.source, [self.key(url) for url in again])

    def key(self, url: str) -> str:
        """The best key of what an address leads to."""
        return self.keys(url)[0]

    def keys(self, url: str) -> tuple[str, ...]:
        """All keys of what an address leads to, strongest first; a walk asks for those of a link half a dozen times."""
        found = self.met.get(url)
        if found is None:
            found = self.met[url] = tuple(keys(self.platform.native_id(url), url))
        return found

    def link(self, url: str) -> Link:
        """An address to visit again, with what its lists said of it."""
        return Link(url=url, published=self.dates.get(self.key(url)))

    def known(self, found: Iterable[Link]) -> dict[str, datetime]:
        """Of these links, those that lead to archived articles, each with when its article was first seen."""
        if self.archive is None:
            return {}
        by_key = {key: link.url for link in found for key in self.keys(link.url)}
        with self.archive.reading() as connection:
            held = articles.known(connection, self.source, by_key)
        return {by_key[key]: first_seen for key, first_seen in held.items()}

    def held(self, url: str) -> Article | None:
        """The archived article that an address leads to, as it was last read."""
        if self.archive is None:
            return None
        with self.archive.reading() as connection:
            found = articles.held(connection, self.source, self.key(url))
        return found.article if found else None

    def lacking(self, now: datetime) -> list[tuple[str, datetime]]:
        """Where the releases are, and when they were first seen, that are newer than all that lists have named."""
        if self.archive is None:
            return []
        with self.archive.reading() as connection:
            return links.lacking(connection, self.source, now)

    def unseen(self, seen: Iterable[str]) -> list[Held]:
        """The archived pages, not known to be gone, that none of these keys stands for."""
        if self.archive is None:
            return []
        with self.archive.reading() as connection:
            return absences.unseen(connection, self.source, seen)

    def lists_reach(self, seen: Iterable[str]) -> datetime | None:
        """The publication of the oldest archived article that these keys stand for."""
        if self.archive is None:
            return None
        with self.archive.reading() as connection:
            return absences.lists_reach(connection, self.source, seen)

    def is_settled(self, first_seen: datetime | None) -> bool:
        return bool(first_seen and self.settled_until and first_seen <= self.settled_until)
