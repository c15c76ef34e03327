# ruff: noqa: INP001, T201, S603 - a script that prints, and runs servers of its own
"""Feeds: how fast documents are made, and how fast they are served.

    python benchmarks/feeds.py [--rounds 5] [--served]

Making, in CPU time: RSS and Atom of 50 and of 1,000 entries, by us from held entries ("cached") and from articles
("uncached"), by feedgen alone, and by f-strings. feedgen and the f-strings are given the same entries, made safe in the
same way; f-strings write the same RSS, and both times include making the entries safe, which is printed beside them.

Serving (`--served`; needs nginx and wrk, and `pip install fastapi uvicorn`): one and the same feed of about 95 KB by
`monadi serve` on granian, by nginx from a file, by FastAPI on uvicorn from memory, and by granian with an application
that does nothing but send it, which is as fast as ours could be; whole answers, and 304 for a client that has it. One
process each, one after the other in every round; the median counts, the worst round stands beside it.

Exit status 1 where a limit is missed.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from urllib.request import urlopen

import programs
from exports import reading
from feedgen.feed import FeedGenerator

from archive import Archive, ArchivedArticle, Query, crawls, intake
from archive.database import sqlite_url
from sources import Catalogue
from sources.sample.releases import read_releases
from syndication import feeds
from syndication.feeds import Place, entries, rss
from syndication.feeds.announced import FRAGMENTS, Announced
from syndication.feeds.entries import Entry
from syndication.feeds.instants import rfc822
from syndication.feeds.issue import Issue

BASE = "https://news.example.ir"
SIZES = (50, 1000)
CACHED, UNCACHED = 5.0, 0.5  # times feedgen; times f-strings
WHOLE, UNCHANGED, OF_UVICORN = 0.7, 0.4, 2.0  # times nginx, times nginx, times FastAPI
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
    return generator.rss_str() if format_ == "rss" else generator.atom_str()


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


def making(archive: Archive, rounds: int) -> list[str]:
    missed = []
    print(f"{'':26}{'us an entry':>14}{'worst':>10}")
    for size in SIZES:
        times = timed(contenders(list(archive.articles(Query(limit=size)))), size, rounds)
        middle = {name: statistics.median(each) for name, each in times.items()}
        for name, each in times.items():
            print(f"{size:>5} {name:20}{middle[name]:>14.1f}{max(each):>10.1f}")
        for format_ in ("rss", "atom"):
            ratio = middle[f"{format_}: feedgen"] / middle[f"{format_}: cached"]
            missed += told(f"{size} entries, {format_}: cached, times feedgen", ratio, CACHED)
        ratio = middle["rss: f-strings"] / middle["rss: uncached"]
        missed += told(f"{size} entries, rss: uncached, times f-strings", ratio, UNCACHED)
    return missed


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
        "making safe, alone": safe,
        "rss: uncached": lambda: uncached("rss"),
        "rss: cached": lambda: feeds.compose(feed, found, "rss", place),
        "rss: f-strings": lambda: by_f_strings(safe()),
        "rss: feedgen": lambda: by_feedgen(made, "rss"),
        "rss: entries alone": lambda: [rss.item(each) for each in made],
        "rss: f-strings alone": lambda: by_f_strings(made),
        "atom: uncached": lambda: uncached("atom"),
        "atom: cached": lambda: feeds.compose(feed, found, "atom", place),
        "atom: feedgen": lambda: by_feedgen(made, "atom"),
    }


def timed(makers: dict[str, Callable[[], object]], size: int, rounds: int) -> dict[str, list[float]]:
    """The CPU time that an entry takes each maker, in microseconds by round; a held document follows its making."""
    times: dict[str, list[float]] = {name: [] for name in makers}
    for _ in range(rounds):
        for name, make in makers.items():
            repeats = max(1, 1000 // size) * (20 if name.endswith(": cached") else 1)
            began = time.process_time()
            for _ in range(repeats):
                make()
            times[name].append((time.process_time() - began) / repeats / size * 1e6)
    return times


def told(name: str, figure: float, least: float) -> list[str]:
    print(f"      {name}: {figure:.2f} (at least {least}){'' if figure >= least else '  MISSED'}")
    return [] if figure >= least else [name]


# ---- serving ----


def serving(directory: Path, rounds: int) -> list[str]:
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
            servers = {"monadi": ours + target, "nginx": theirs + path, "fastapi": other + path, "granian": bare + path}
            return measured(servers, len(body), rounds)


def newest(archive: Archive, limit: int) -> bytes:
    return feeds.render(archive, feeds.find("all", Catalogue.load(), [("limit", str(limit))]), "rss", BASE)


def measured(servers: dict[str, str], size: int, rounds: int) -> list[str]:
    pace: dict[tuple[str, str], list[float]] = {}
    tags = {name: etag(url) for name, url in servers.items()}
    for _ in range(rounds):
        for name, url in servers.items():
            for kind, fields in (("200", []), ("304", ["-H", f"If-None-Match: {tags[name]}"])):
                pace.setdefault((kind, name), []).append(asked(url, fields))
    print(f"\nserving a feed of {size:,} bytes, answers a second (median, worst)")
    middle = {key: statistics.median(each) for key, each in pace.items()}
    for (kind, name), each in pace.items():
        print(f"  {kind} {name:10}{middle[kind, name]:>12,.0f}{min(each):>12,.0f}")
    return [
        *told("200, times nginx", middle["200", "monadi"] / middle["200", "nginx"], WHOLE),
        *told("304, times nginx", middle["304", "monadi"] / middle["304", "nginx"], UNCHANGED),
        *told("200, times FastAPI on uvicorn", middle["200", "monadi"] / middle["200", "fastapi"], OF_UVICORN),
    ]


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
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--served", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="monadi-feeds-") as folder:
        directory = Path(folder)
        with filled(directory / "made", max(SIZES)) as archive:
            missed = making(archive, options.rounds)
        if options.served:
            missed += serving(directory, options.rounds)
    if missed:
        sys.exit(f"missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
