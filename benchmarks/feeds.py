# ruff: noqa: INP001, S603 - a script, which runs servers of its own
"""Feeds: how fast documents are made, and how fast they are served.

    python benchmarks/feeds.py [--rounds 5] [--served] [--save]

Making, in CPU time: RSS and Atom of 50 and of 1,000 entries, by us from held entries ("cached") and from articles
("uncached"), by feedgen alone, and by f-strings. feedgen and the f-strings are given the same entries, made safe in the
same way; f-strings write the same RSS, and both times include making the entries safe, which is told beside them.

Serving (`--served`; needs nginx and wrk, and `pip install fastapi uvicorn`): one and the same feed of about 95 KB by
`monadi serve` on granian, by nginx from a file, by FastAPI on uvicorn from memory, and by granian with an application
that does nothing but send it, in its event loop as usual; whole answers, and 304 for a client that has it, by the
clock. One process each, one after the other in every round. Status 1 where a goal is missed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from html import escape
from pathlib import Path
from urllib.request import urlopen

import figures
import programs
from exports import reading
from feedgen.feed import FeedGenerator

from archive import Archive, ArchivedArticle, Query, crawls, intake
from archive.database import sqlite_url
from sources import Catalogue
from sources.sample.releases import read_releases
from syndication import feeds
from syndication.feeds import Place, entries
from syndication.feeds.announced import FRAGMENTS, Announced
from syndication.feeds.entries import Entry
from syndication.feeds.instants import rfc822
from syndication.feeds.issue import Issue

BASE = "https://news.example.ir"
SIZES = (50, 1000)
CACHED, UNCACHED = 5.0, 0.5  # times feedgen; times f-strings
BESIDE = {
    "rss: cached": ("rss: feedgen",),
    "rss: uncached": ("rss: f-strings", "rss: feedgen", "rss: making safe, alone"),
    "atom: cached": ("atom: feedgen",),
    "atom: uncached": ("atom: feedgen",),
}
WHOLE, UNMODIFIED = "200", "304"
OF_SERVERS = ((WHOLE, "nginx", 0.7), (UNMODIFIED, "nginx", 0.4), (WHOLE, "FastAPI", 2.0))
SERVED = 95_000  # bytes of the feed that is served, about
SECONDS = 3  # of each measurement of a server
CONNECTIONS = 16

FASTAPI = """
import hashlib, sys
from pathlib import Path
from fastapi import FastAPI, Request, Response
import uvicorn
body = Path(sys.argv[1]).read_bytes()
etag = '"' + hashlib.sha256(body).hexdigest()[:32] + '"'
app = FastAPI()
@app.get("/feeds/all.rss")
async def feed(request: Request):
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"etag": etag})
    return Response(body, media_type="application/rss+xml", headers={"etag": etag, "cache-control": "max-age=300"})
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error", access_log=False)
"""


def filled(directory: Path, number: int) -> Archive:
    """An archive of the sample newsroom's releases, over and over."""
    catalogue, releases = Catalogue.load(), read_releases()
    archive = Archive(sqlite_url(directory / "monadi.db"), directory / "search")
    archive.upgrade()
    sources = list(catalogue.sources.values())
    with archive.writing() as connection:
        crawls.register(connection, sources)
        for start in range(0, number, 500):
            some = range(start, min(start + 500, number))
            intake.save(
                connection,
                [
                    reading(n, releases[n % len(releases)], sources[n % len(sources)].id, sources[n % len(sources)].url)
                    for n in some
                ],
            )
    return archive


GRANIAN = """
import hashlib, sys
from pathlib import Path
from granian.constants import Interfaces
from granian.server.embed import Server
from uvloop import run
body = Path(sys.argv[1]).read_bytes()
lines = [("etag", '"' + hashlib.sha256(body).hexdigest()[:32] + '"'), ("content-type", "application/rss+xml")]
class Bare:
    async def __rsgi__(self, scope, protocol):
        if scope.headers.get("if-none-match"):
            protocol.response_empty(304, lines)
        else:
            protocol.response_bytes(200, lines, body)
run(Server(Bare(), port=int(sys.argv[2]), interface=Interfaces.RSGI, websockets=False, log_enabled=False).serve())
"""


# ---- making ----


def by_feedgen(made: list[Entry], format_: str) -> bytes:
    generator = FeedGenerator()
    generator.id(BASE)
    generator.title("منادی")
    generator.link(href=BASE)
    generator.description("خبرها")
    generator.load_extension("dc")
    for each in made:
        item = generator.add_entry(order="append")
        item.guid(each.guid, permalink=False)
        item.title(each.title)
        item.link(href=each.url)
        item.summary(each.summary)
        item.content(each.content, type="html")
        item.category([{"term": name} for name in each.categories])
        item.dc.dc_creator(each.author)
        item.pubDate(each.published)
        item.updated(each.updated)
    document: bytes = generator.rss_str() if format_ == "rss" else generator.atom_str()
    return document


def by_f_strings(made: list[Entry]) -> bytes:
    return "".join(["<rss><channel>", *map(f_string, made), "</channel></rss>"]).encode()


def f_string(each: Entry) -> str:
    jalali = "".join(
        f"<jalali:{name}>{escape(' '.join(value) if isinstance(value, list) else str(value))}</jalali:{name}>"
        for name, value in each.jalali.items()
    )
    files = "".join(
        f'<enclosure url="{escape(file.url)}" length="{file.length or 0}" type="{file.type}"/>'
        for file in each.enclosures[:1]
    )
    categories = "".join(f"<category>{escape(name)}</category>" for name in each.categories)
    return (
        f"<item><title>{escape(each.title)}</title><link>{escape(each.url or '')}</link>"
        f"<description>{escape(each.summary)}</description><content:encoded>{escape(each.content)}</content:encoded>"
        f'<guid isPermaLink="false">{each.guid}</guid>{categories}<dc:creator>{escape(each.author)}</dc:creator>'
        f"{jalali}<pubDate>{rfc822(each.published)}</pubDate>{files}</item>\n"
    )


def making(archive: Archive, rounds: int) -> Iterator[figures.Figure]:
    for size in SIZES:
        makers = contenders(list(archive.articles(Query(limit=size))))
        times = figures.by_turns(rounds, {name: partial(micros, name, make, size) for name, make in makers.items()})
        middle = figures.medians(times)
        for name, others in BESIDE.items():
            peers = {other.partition(": ")[2]: middle[other] for other in others}
            yield figures.of_rounds(times[name], what=f"{size:,} entries, {name}", unit="µs an entry", peers=peers)
        for name, other, goal in (
            ("rss: cached", "rss: feedgen", CACHED),
            ("atom: cached", "atom: feedgen", CACHED),
            ("rss: uncached", "rss: f-strings", UNCACHED),
        ):
            yield _pace(f"{size:,} entries, {name}", other.partition(": ")[2], times[other], times[name], goal)


def _pace(what: str, against: str, ones: list[float], others: list[float], goal: float) -> figures.Figure:
    ratios = figures.ratios(ones, others)
    return figures.of_rounds(ratios, what=what, against=against, unit="×", goal=goal, at_least=True)


def contenders(items: list[ArchivedArticle]) -> dict[str, Callable[[], object]]:
    """What makes a document of these articles, or a part of the work, by name."""
    feed, place = feeds.find("all", Catalogue.load()), Place(base_url=BASE)
    found = Issue(entries=[Announced(item=item, office="دفتر") for item in items])
    made = [entries.entry(item, "دفتر") for item in items]

    def safe() -> list[Entry]:
        return [entries.entry(item, "دفتر") for item in items]

    def uncached(format_: str) -> bytes:
        FRAGMENTS.clear()
        return feeds.compose(feed, found, format_, place)

    return {
        "rss: making safe, alone": safe,
        "rss: uncached": lambda: uncached("rss"),
        "rss: cached": lambda: feeds.compose(feed, found, "rss", place),
        "rss: f-strings": lambda: by_f_strings(safe()),
        "rss: feedgen": lambda: by_feedgen(made, "rss"),
        "atom: uncached": lambda: uncached("atom"),
        "atom: cached": lambda: feeds.compose(feed, found, "atom", place),
        "atom: feedgen": lambda: by_feedgen(made, "atom"),
    }


def micros(name: str, make: Callable[[], object], size: int) -> float:
    """The CPU time that an entry takes a maker, in microseconds; a held document follows its making."""
    repeats = max(1, 1000 // size) * (20 if name.endswith(": cached") else 1)
    return figures.taken(lambda: [make() for _ in range(repeats)]).cpu / repeats / size * 1e6


# ---- serving ----


def serving(directory: Path, rounds: int) -> Iterator[figures.Figure]:
    for tool in ("nginx", "wrk"):
        if not shutil.which(tool):
            sys.exit(f"serving is measured against nginx, by wrk: {tool} is not installed")
    with filled(directory / "served", 300) as archive:
        limit = next(limit for limit in range(50, 0, -1) if len(newest(archive, limit)) <= SERVED)
    target = f"/feeds/all.rss?limit={limit}"
    with monadi(directory / "served") as ours:
        with urlopen(ours + target) as answer:  # noqa: S310 - our own server
            body = answer.read()
        file = directory / "www" / "feeds" / "all.rss"
        file.parent.mkdir(parents=True)
        file.write_bytes(body)
        with (
            nginx(directory) as theirs,
            script(directory, FASTAPI, file) as other,
            script(directory, GRANIAN, file) as bare,
        ):
            path = "/feeds/all.rss"
            servers = {
                "monadi": ours + target,
                "nginx": theirs + path,
                "FastAPI": other + path,
                "granian alone": bare + path,
            }
            yield from served(servers, len(body), rounds)


def newest(archive: Archive, limit: int) -> bytes:
    return feeds.render(archive, feeds.find("all", Catalogue.load(), [("limit", str(limit))]), "rss", BASE)


def served(servers: dict[str, str], size: int, rounds: int) -> Iterator[figures.Figure]:
    tags = {name: etag(url) for name, url in servers.items()}
    pace = figures.by_turns(
        rounds,
        {
            (kind, name): partial(asked, url, ["-H", f"If-None-Match: {tags[name]}"] if kind == UNMODIFIED else [])
            for name, url in servers.items()
            for kind in (WHOLE, UNMODIFIED)
        },
    )
    for kind in (WHOLE, UNMODIFIED):
        peers = figures.medians({name: pace[kind, name] for name in servers if name != "monadi"})
        what = f"a feed of {size:,} bytes, {kind}"
        yield figures.of_rounds(pace[kind, "monadi"], what=what, unit="answers/s", peers=peers, at_least=True)
    for kind, other, goal in OF_SERVERS:
        yield _pace(f"served, {kind}", other, pace[kind, "monadi"], pace[kind, other], goal)


def asked(url: str, fields: list[str]) -> float:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *fields, url]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in printed and not fields:
        sys.exit(f"{url} does not answer as it should:\n{printed}")
    return float(next(line for line in printed.splitlines() if line.startswith("Requests/sec")).split()[1])


def etag(url: str) -> str:
    with urlopen(url) as answer:  # noqa: S310 - our own server
        return str(answer.headers["etag"])


@contextmanager
def monadi(data: Path) -> Iterator[str]:
    port = programs.free()
    surroundings = {**os.environ, "MONADI_DATA": str(data), "MONADI_BASE_URL": BASE}
    command = [*programs.MONADI, "serve", "--port", str(port)]
    with programs.running(command, port, surroundings):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def nginx(directory: Path) -> Iterator[str]:
    port = programs.free()
    configuration = directory / "nginx.conf"
    configuration.write_text(
        f"worker_processes 1; daemon off; pid {directory}/nginx.pid; error_log {directory}/error.log;\n"
        "events { worker_connections 512; }\n"
        f"http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=100;\n"
        f"types {{ application/rss+xml rss; }}\n"
        f"server {{ listen 127.0.0.1:{port}; root {directory}/www; }} }}\n"
    )
    directory.chmod(0o755)
    with programs.running(["nginx", "-c", configuration], port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def script(directory: Path, text: str, file: Path) -> Iterator[str]:
    port = programs.free()
    written = directory / f"peer{port}.py"
    written.write_text(text)
    with programs.running([sys.executable, written, file, str(port)], port):
        yield f"http://127.0.0.1:{port}"


def main() -> None:
    parser = figures.options(__doc__)
    parser.add_argument("--served", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="monadi-feeds-") as folder:
        directory = Path(folder)
        with filled(directory / "made", max(SIZES)) as archive:
            told = list(making(archive, options.rounds))
        if options.served:
            told += serving(directory, options.rounds)
    command = "python benchmarks/feeds.py" + (" --served" if options.served else "")
    figures.finish("feeds", command, told, [f"{options.rounds} rounds"], save=options.save)


if __name__ == "__main__":
    main()
