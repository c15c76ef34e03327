# ruff: noqa: INP001 - a script, which runs servers of its own
"""The reading room at a million articles: how long its pages and the API take, beside datasette on the same data.

    pip install datasette
    python benchmarks/web.py --data /var/tmp/million [--texts texts.ndjson.gz] [--rounds 5] [--alone] [--save]

The directory is the one that `search.py` fills and indexes. Both servers answer on loopback, one request at a time over
one connection, as a client measures it by the clock; questions of each kind are asked round-robin, all kinds in every
round. datasette reads a copy of the same SQLite file; for a search it has an FTS5 table of the same texts in it (made
once, of the display form: it folds no Persian spelling), and asks it together with the same filters as the pages do.
Before anything is timed, every question is asked once, and the first of a kind must be answered by 200 and show what
was asked for. A figure is the 95th percentile of a round's questions of a kind; of datasette, which is asked fewer, of
all rounds. Status 1 where a goal is missed, or a first page is heavier than promised.
"""

import random
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from http.client import HTTPConnection, RemoteDisconnected
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote, urlencode

import figures
import million
import programs
import search
import sqlalchemy as sa

from archive import Archive, Query
from archive.database import sqlite_url
from archive.tables import articles

GOAL: Final = 50.0  # ms, the 95th percentile
PROMISED: Final = ("home", "article", "search")  # kinds by their beginnings; the others are told
WEIGHT: Final = 100_000  # bytes of a first page and its style, compressed
ASKED: Final = 20  # questions of a kind in a round
OF_PEER: Final = 4  # of them that datasette is asked, which takes seconds for some
SERVE: Final = """
import sys
from pathlib import Path
from archive import Archive
from sources import Catalogue
from syndication.web import serve
with Archive(sys.argv[1], Path(sys.argv[2])) as archive:
    serve(archive, Catalogue.load(), port=int(sys.argv[3]))
"""


DATASETTE: Final = (sys.executable, "-m", "datasette", "serve", "--setting", "sql_time_limit_ms", "60000")


class Kind(NamedTuple):
    """Paths that ask the same sort of question, of us, and of datasette where it can be asked; what marks an answer."""

    name: str
    ours: Sequence[str]
    theirs: Sequence[str]
    mark: str


def kinds(archive: Archive, texts: Sequence[million.Text]) -> Iterator[Kind]:
    chance = random.Random(1405)  # noqa: S311 - which questions are asked
    words = search.words_of(texts)
    held = archive.count(Query())
    with archive.reading() as connection:
        pks = chance.sample(range(1, held + 1), ASKED)
        ids = list(connection.scalars(sa.select(articles.c.id).where(articles.c.pk.in_(pks))))
    yield Kind("home", ["/"] * ASKED, ["/monadi/articles?_sort_desc=ordered_at&_size=30"] * ASKED, "<h3")
    rows = [f"/monadi/revisions/{id_.rpartition('/')[2]},1" for id_ in ids]
    yield Kind("article", [f"/articles/{quote(id_)}" for id_ in ids], rows, "<h1")
    for name in ("rare word", "mid word", "common word"):
        chosen = (words[name] * ASKED)[:ASKED]
        yield Kind(f"search: {name}", *_searches(chosen, {}), "<h3")
        narrow = {"province": "yazd", "since": "1398", "until": "1399"}
        yield Kind(f"search: {name}, province and two years", *_searches(chosen, narrow), "<h1")
    yield Kind(
        "search: province and two years",
        *_searches([""] * ASKED, {"province": "yazd", "since": "1398", "until": "1399"}),
        "<h3",
    )
    yield Kind("search: tag", ["/search?" + urlencode({"tag": million.TAGS[0]})] * ASKED, [], "<h3")
    yield Kind("province", ["/provinces/yazd"] * ASKED, [], "<h1")
    yield Kind("office", ["/sources/mcls-yazd"] * ASKED, [], "<h1")
    yield Kind("edits", ["/changes"] * ASKED, [], "<h1")
    yield Kind("charts", ["/charts"] * ASKED, [], "<h1")
    yield Kind(
        "API: 50 articles", ["/api/v1/articles?province=yazd"] * ASKED, ["/monadi/revisions.json?_size=50"] * ASKED, "{"
    )
    yield Kind("API: counts", ["/api/v1/counts?by=month,province"] * ASKED, [], "{")


def _searches(words: Sequence[str], narrow: dict[str, str]) -> tuple[list[str], list[str]]:
    ours = ["/search?" + urlencode({**({"q": word} if word else {}), **narrow}) for word in words]
    sql = (
        "select r.title, r.lead, a.id, a.ordered_at from articles a join revisions r on r.article = a.pk "
        "and r.number = a.revision"
    )
    where = ["a.pk in (select rowid from texts where texts match :q)"] if words[0] else []
    if narrow:
        where += [
            "a.source in (select id from sources where province = 'IR-21')",
            "a.ordered_at >= '2019-03-20 20:30:00' and a.ordered_at < '2021-03-20 20:30:00'",
        ]
    sql += f" where {' and '.join(where)} order by a.ordered_at desc limit 30"
    theirs = ["/monadi?" + urlencode({"sql": sql, "q": f'"{word}"'}) for word in words]
    return ours, theirs


# ---- the servers ----


@contextmanager
def running(command: Sequence[str], port: int) -> Iterator[HTTPConnection]:
    with programs.running(command, port), closing(HTTPConnection("127.0.0.1", port, timeout=600)) as connection:
        yield connection


def ask(connection: HTTPConnection, path: str) -> tuple[float, int, bytes]:
    """Milliseconds, status and body."""
    while True:
        begun = time.perf_counter()
        try:
            connection.request("GET", path, headers={"Accept-Encoding": "br"})
            answer = connection.getresponse()
        except RemoteDisconnected:  # it was idle for too long
            connection.close()
        else:
            body = answer.read()
            return (time.perf_counter() - begun) * 1000, answer.status, body


def plain(connection: HTTPConnection, path: str) -> tuple[int, str]:
    connection.close()
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def with_texts(data: Path) -> Path:
    """The FTS5 table that datasette searches, in a copy of the archive's database; made once."""
    copy = data / "datasette" / "monadi.db"
    if not copy.exists():
        copy.parent.mkdir(exist_ok=True)
        draft = copy.with_suffix(".draft")
        shutil.copy(data / "monadi.db", draft)
        with closing(sqlite3.connect(draft)) as connection:
            connection.execute("create virtual table texts using fts5(title, lead, body, content='')")
            connection.execute(
                "insert into texts(rowid, title, lead, body) select article, title, lead, body from revisions"
            )
            connection.commit()
        draft.rename(copy)
    return copy


# ---- the whole ----


def main() -> None:
    parser = figures.options(__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory that benchmarks/search.py filled")
    parser.add_argument("--texts", type=Path, help="NDJSON of the texts that were multiplied, may be gzipped")
    parser.add_argument("--alone", action="store_true", help="without datasette")
    options = parser.parse_args()
    url = sqlite_url(options.data / "monadi.db")
    with Archive(url, options.data / "search") as archive:
        asked = list(kinds(archive, million.read_texts(options.texts)))
        held = archive.count(Query())
    with ExitStack() as servers:
        port = programs.free()
        words = [sys.executable, "-c", SERVE, url, str(options.data / "search"), str(port)]
        connections = [servers.enter_context(running(words, port))]
        if not options.alone:
            port = programs.free()
            words = [*DATASETTE, "--port", str(port), str(with_texts(options.data))]
            connections.append(servers.enter_context(running(words, port)))
        told = list(promises(asked, measured(asked, connections, options.rounds)))
        told.append(weight(connections[0]))
    note = f"{held:,} articles; 95th percentiles of {ASKED} questions of a kind, by the clock; {options.rounds} rounds"
    command = "python benchmarks/web.py --data DIR --texts texts.ndjson.gz"
    figures.finish("web", command, told, [note], save=options.save)


def measured(
    asked: Sequence[Kind], servers: Sequence[HTTPConnection], rounds: int
) -> dict[tuple[str, int], list[list[float]]]:
    """Milliseconds by kind and server, in each round."""
    questions = [
        (kind, number, server, paths)
        for kind in asked
        for number, (server, paths) in enumerate(zip(servers, (kind.ours, kind.theirs[:OF_PEER]), strict=False))
        if paths
    ]
    for kind, number, server, paths in questions:
        status, body = plain(server, paths[0])
        if status != 200 or (number == 0 and kind.mark not in body):  # noqa: PLR2004
            sys.exit(f"{kind.name}: {paths[0]} is answered by {status}: {body[:300]}")
        for path in paths[1:]:  # what has to come from the disk is not what is measured
            ask(server, path)
    contenders = {
        (kind.name, number): partial(lambda server, paths: [ask(server, path)[0] for path in paths], server, paths)
        for kind, number, server, paths in questions
    }
    return figures.by_turns(rounds, contenders)


def promises(asked: Sequence[Kind], times: dict[tuple[str, int], list[list[float]]]) -> Iterator[figures.Figure]:
    for kind in asked:
        theirs = times.get((kind.name, 1), ())
        yield figures.of_rounds(
            [figures.late(taken) for taken in times[kind.name, 0]],
            what=kind.name,
            unit="ms",
            goal=GOAL if kind.name.startswith(PROMISED) else None,
            peers={"datasette": figures.late(list(chain(*theirs)))} if theirs else {},
        )


def weight(connection: HTTPConnection) -> figures.Figure:
    got = sum(len(ask(connection, path)[2]) for path in ("/", "/static/style.css"))
    return figures.of_rounds([got], what="the first page and its style, the font aside", unit="bytes", goal=WEIGHT)


if __name__ == "__main__":
    main()
