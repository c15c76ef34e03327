"""What the archive holds of the items that a batch of readings may be about, and which of them each reading is.

An item is recalled by its row and a few values beside it. Its texts are loaded only where they decide: for another
extractor's reading, for dates that were counted from the clock, and for an item that came under another address.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from archive import identity
from archive.article import Article, State
from archive.articles import NEWEST, assemble, chunks
from archive.changes import Kind
from archive.counts import Place
from archive.database import Row, execute_among
from archive.revisions import RELATIVE, is_relative, judge, judge_by_hash
from archive.tables import articles, revisions
from persian.text import search_key

_BY_KEY = "SELECT key, article FROM aliases WHERE source = ? AND key"
_BY_TITLE = "SELECT pk FROM articles WHERE source = ? AND title_key"

_tag_key = lru_cache(maxsize=1 << 14)(search_key)  # offices file many releases under few tags

Keys = Mapping[str, str]
"""What `identity.keys` gives of a reading."""


@dataclass(slots=True)
class Item:
    """An article as it is while a batch is taken in; `pk` is None until a new one is inserted.

    What follows from a text is that of its newest reading that said anything; `url` and `extractor` are those that read
    it last. `tags` are search keys, `month` and `kept_day` Jalali. `text` is that newest reading itself, None until it
    is asked for. `kept` is the part of its row that readings change, as the archive has it, `counted` where it is
    counted there; both are None for a new one.
    """

    pk: int | None
    id: str
    source: str
    native_id: str | None
    url: str
    extractor: str
    title_key: str
    content_hash: str
    is_relative: bool
    ordered_at: datetime
    month: str
    tags: frozenset[str]
    state: State
    revision: int
    last_seen: datetime
    change: int
    text: Article | None
    kept_day: str | None = None
    kept: Row | None = None
    counted: Place | None = None

    @classmethod
    def of(cls, reading: Article, id_: str) -> "Item":
        """A new one."""
        return cls(
            pk=None,
            id=id_,
            source=reading.source,
            native_id=reading.native_id,
            url=reading.url,
            extractor=reading.extractor,
            title_key=identity.title_key(reading),
            content_hash=reading.content_hash,
            is_relative=is_relative(reading),
            ordered_at=reading.ordering,
            month=reading.month,
            tags=tag_keys(reading.tags),
            state=State.LIVE,
            revision=1,
            last_seen=reading.fetched_at,
            change=0,
            text=reading,
        )

    @property
    def day(self) -> str | None:
        return identity.day(self.text) if self.text else self.kept_day

    @property
    def place(self) -> Place:
        return Place(self.source, self.month, self.state, self.tags)

    def row(self) -> dict[str, Any]:
        """The columns of `articles` that readings change, in the order of the table."""
        return {
            "url": self.url,
            "title_key": self.title_key,
            "ordered_at": self.ordered_at,
            "last_seen": self.last_seen,
            "state": str(self.state),
            "revision": self.revision,
            "content_hash": self.content_hash,
            "extractor": self.extractor,
            "change": self.change,
            "missing_since": None,
            "month": self.month,
        }

    def changed(self) -> dict[str, Any]:
        """Those that are not as they are kept."""
        kept = self.kept or {}
        return {name: value for name, value in self.row().items() if name not in kept or kept[name] != value}

    def take(self, reading: Article, kind: Kind | None) -> None:
        """Become what a reading makes of it."""
        self.url, self.extractor = reading.url, reading.extractor
        self.last_seen = max(self.last_seen, reading.fetched_at)
        self.state = State.LIVE if self.state is State.GONE else self.state
        self.revision += kind is Kind.REVISED
        if kind in (Kind.REVISED, Kind.REREAD):
            self._say(reading)

    def _say(self, reading: Article) -> None:
        self.native_id = self.native_id or reading.native_id
        same = self.native_id == reading.native_id
        self.text = reading if same else replace(reading, native_id=self.native_id)
        self.title_key = identity.title_key(reading)
        self.content_hash = reading.content_hash
        self.is_relative = is_relative(reading)
        self.tags = tag_keys(reading.tags)
        if reading.published:  # an undated one stays where its first reading put it
            self.ordered_at, self.month = reading.ordering, reading.month


@dataclass(slots=True)
class Recall:
    """The items that a batch may be about, by their keys and by their titles, each by source first."""

    connection: sa.Connection
    by_key: dict[tuple[str, str], Item] = field(default_factory=dict)
    by_title: dict[tuple[str, str], list[Item]] = field(default_factory=dict)

    def load(self, readings: Sequence[Article], met: Sequence[Keys]) -> None:
        """Recall all that any key `met` with these readings, or any of their titles, may stand for."""
        keys: dict[str, list[str]] = {}
        titles: dict[str, list[str]] = {}
        for reading, its_keys in zip(readings, met, strict=True):
            keys.setdefault(reading.source, []).extend(its_keys)
            titles.setdefault(reading.source, []).append(identity.title_key(reading))
        found = {
            (source, key): pk
            for source, wanted in keys.items()
            for key, pk in execute_among(self.connection, _BY_KEY, wanted, source)
        }
        pks = set(found.values())
        for source, wanted in titles.items():
            pks.update(execute_among(self.connection, _BY_TITLE, wanted, source).scalars())
        items = self._items(pks)
        self.by_key = {place: items[pk] for place, pk in found.items()}
        for item in items.values():
            self.by_title.setdefault((item.source, item.title_key), []).append(item)
        if items:
            self._load_texts(item for pair in zip(readings, met, strict=True) for item in self._undecided(*pair))

    def find(self, reading: Article, met: Keys) -> Item | None:
        """The item that a reading is of; None for a new one."""
        return self._same_key(reading, met) or self._same_title_and_day(reading)

    def add(self, item: Item) -> None:
        """A new one, so that later readings of the batch find it."""
        self.by_title.setdefault((item.source, item.title_key), []).append(item)

    def learn(self, item: Item, met: Keys) -> list[str]:
        """Let keys that stand for nothing yet stand for an item; returns those."""
        learnt = [key for key in met if (item.source, key) not in self.by_key]
        self.by_key.update({(item.source, key): item for key in learnt})
        return learnt

    def judge(self, item: Item, reading: Article) -> Kind | None:
        """What a reading of an item is (`archive.revisions.judge`)."""
        if _needs_text(item, reading):
            return judge(replace(self._text(item), extractor=item.extractor), item.state, reading)
        return judge_by_hash(item.content_hash, item.state, reading)

    def _same_key(self, reading: Article, met: Keys) -> Item | None:
        """The item that the strongest known key stands for.

        Two native ids are two items unless both have the very same address: CMSs name the listing, or one release, as
        the canonical address of all.
        """
        for key in met:
            item = self.by_key.get((reading.source, key))
            if item and (
                key.startswith("id:")
                or None in (reading.native_id, item.native_id)
                or identity.url_key(item.url) == identity.url_key(reading.url)
            ):
                return item
        return None

    def _same_title_and_day(self, reading: Article) -> Item | None:
        """The last rung of identity: an item that came under a new id and a new address."""
        for item in self.by_title.get((reading.source, identity.title_key(reading)), ()):
            if item.day == identity.day(reading) and identity.same_release(reading, self._text(item)):
                return item
        return None

    def _undecided(self, reading: Article, met: Keys) -> list[Item]:
        """The items whose texts a reading will have to be held against, as far as can be told beforehand."""
        keyed = [item for key in met if (item := self.by_key.get((reading.source, key)))]
        if keyed:
            return [item for item in keyed if _needs_text(item, reading)]
        alike = self.by_title.get((reading.source, identity.title_key(reading)), ())
        return [item for item in alike if item.day == identity.day(reading)]

    def _items(self, pks: Iterable[int]) -> dict[int, Item]:
        return {
            row.pk: _recalled(row)
            for some in chunks(sorted(pks))
            for row in self.connection.execute(_RECALLED.where(articles.c.pk.in_(some)))
        }

    def _text(self, item: Item) -> Article:
        if item.text is None:
            self._load_texts([item])
        assert item.text is not None  # noqa: S101 - its row was recalled in this transaction
        return item.text

    def _load_texts(self, items: Iterable[Item]) -> None:
        wanted = {item.pk: item for item in items if item.pk is not None and item.text is None}
        for some in chunks(wanted):
            rows = self.connection.execute(NEWEST.where(articles.c.pk.in_(some))).all()
            for row, held in zip(rows, assemble(self.connection, rows), strict=True):
                wanted[row.pk].text = held.article


def tag_keys(tags: Iterable[str]) -> frozenset[str]:
    """The search keys by which tags are found and counted."""
    return frozenset(map(_tag_key, tags))


def _needs_text(item: Item, reading: Article) -> bool:
    return item.extractor != reading.extractor or item.is_relative or is_relative(reading)


def _recalled(row: Any) -> Item:
    published = row.published or {"flags": (), "jalali": None}
    item = Item(
        pk=row.pk,
        id=row.id,
        source=row.source,
        native_id=row.native_id,
        url=row.url,
        extractor=row.extractor,
        title_key=row.title_key,
        content_hash=row.content_hash,
        is_relative=RELATIVE in published["flags"],
        ordered_at=row.ordered_at,
        month=row.month,
        tags=tag_keys(row.tags),
        state=State(row.state),
        revision=row.revision,
        last_seen=row.last_seen,
        change=row.change,
        text=None,
        kept_day=published["jalali"] and published["jalali"][:10],
    )
    item.kept = item.row() | {"missing_since": row.missing_since}
    item.counted = item.place
    return item


_NEWEST = (revisions.c.article == articles.c.pk) & (revisions.c.number == articles.c.revision)
_KEPT = (
    *("pk", "id", "source", "native_id", "url", "title_key", "ordered_at", "last_seen", "state", "revision"),
    *("content_hash", "extractor", "change", "missing_since", "month"),
)
_RECALLED = (
    sa.select(
        *(articles.c[name] for name in _KEPT),
        revisions.c.tags,
        sa.type_coerce(revisions.c.published, sa.JSON).label("published"),
    )
    .join(revisions, _NEWEST)
    .order_by(articles.c.pk)
)
