# ruff: noqa: INP001, T201 - a script that prints
"""Writes docs/benchmarks.md and docs/dependencies.md of what the benchmarks measured and kept (`results/`).

    python benchmarks/report.py [--check]

Nothing is measured. `--check` writes nothing and ends with status 1 where a page is not what would be written.
"""

import argparse
import json
import re
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

from figures import RESULTS, ROOT, Figure, Table

HEADINGS = {
    "harvest": "A whole harvest",
    "rereading": "Reading an archive's pages again",
    "extraction": "Reading pages",
    "intake": "Writing the archive",
    "growth": "Growth of an archive",
    "search": "Search and counts",
    "copies": "Copies",
    "differences": "Differences",
    "exports": "Exports",
    "feeds": "Feeds",
    "publishing": "Static publishing",
    "web": "The reading room",
    "charts": "Charts",
    "footprint": "Starts and memory",
    "installation": "Installation",
}
"""The kept results, in the order of the page."""
REMAINS = {
    "harvest": """\
What remains: half of stock Scrapy's pace leaves 4.5 ms an answer, and a harvest takes 5.0, starts included.
Sampled at 40 releases an office, no part of it dominates: releases are read in 19 %, lists in 12, answers and releases
written in 12, copies looked for in 9, modules loaded in 8; Scrapy's own way of an answer is most of the rest. Before,
11 % of a harvest was the end of its process, in which all its memory was looked through for garbage once more; an
ending was looked for letter by letter (a tenth of a reading), a search key took two thirds more, ends of sentences
three times as long, and what Scrapy's remote control, cookies and proxies need was loaded to be told that they are off.
crawlee finds no pages, keeps no answers and archives nothing.""",
    "rereading": """\
What remains: a page read again takes 2.1 ms of one core, 3.4 before revisions, records and dates of lists were asked
for many pages at once and nothing was written of what reads as before. Measured part by part, before an ending was
looked for in a tenth less of a reading's time, its reading was 59 % of that, taking off its coding 12, its letters 9,
its record 7, its revisions 4 and the dates of its lists 2. Reading alone takes warcio 0.13 ms a record and parsing with
lxml, which all of ours follows from, another 0.10: fastwarc's pace is beyond what parses at all. The start of two more
processes is in it.""",
    "growth": """\
What remains: these archives are as hard as they can be made, for every release has the date of a random day. In the
order of their dates a hundred thousand of them lie on as many pages of the file, and SQLite takes 24 µs for the columns
of one, as an export asks for them; in the order in which they came, which in an archive that keeps harvesting is nearly
that of their dates, 9. Before their addresses were read from an index alone, a record among a million took a quarter
more; where its answer is kept, which no archive of earlier tables knew, is 6 µs of it. Of a search among a million 0.7
ms are the index, which goes through every release that has the word, a hundred times as many as among ten thousand.""",
    "intake": """\
What remains: the tables' own indexes and references, written by the driver with nothing asked, leave 0.65 of raw on
SQLite, whose tables have none, less than the goal; ours keeps half of that. What it does besides is to look up what is
known under an address, an id or a title, hashes, the chain of the log, counts, and rows made of readings.""",
    "extraction": """\
What remains: a bare parse is 0.11 ms a page and a reading 1.0. Sampled, its tree and the index of its elements by name
are 22 % of that, the body 19, its markup 14, dates 8, the title 6 and all other fields together 22: what is left is
twenty fields, each found among its like, cleaned and in display form. An ending was looked for letter by letter, which
was a tenth of a reading. fundus takes as long for three fields.""",
    "feeds": """\
What remains: a whole answer at 0.68 of nginx's pace (goal 0.7), a 304 at 0.47 (0.4). granian with an application that
sends the same bytes from its event loop, as usual, reaches 0.61 and 0.46: ours sends what it holds in the thread that
has read the request. Of what is left of a whole answer most is the system's copy of 95 KB, which nginx does without
(sendfile), and granian's own; looking it up is 0.8 µs of 41. The client, that thread and the one that writes share two
cores here. With Linux' policy for batches, by which threads do not interrupt each other, it is 0.76; but then a feed
waits 5 ms beside a harvest that has both cores, instead of 0.5, so it is left off. More threads, other buffers, another
memory for what is sent and what granian calls flushing a pipeline changed nothing.""",
}
"""Of the tables that miss a goal: by how much, and why."""

TRUSTED = re.compile(r"^\| `([\w-]+)` \| \w+ \| (.+?)(?:[;,] .*)? \|$", re.MULTILINE)


def benchmarks() -> str:
    absent = [name for name in HEADINGS if not (RESULTS / f"{name}.json").exists()]
    parts = ["\n".join(_section(name)) for name in HEADINGS if name not in absent]
    if absent:
        names = ", ".join(f"`{name}.py`" for name in absent)
        parts.append(textwrap.fill(f"Nothing is kept yet of {names}.", 120, break_on_hyphens=False))
    return "\n\n".join(["# Benchmarks", INTRODUCTION, *parts]) + "\n"


INTRODUCTION = """\
What Monadi promises of speed, memory and size, as it was last measured. Each table is re-run by the command above it,
which checks what it reads or writes before it times it, and keeps its figures with `--save`; this page is made of them
by `python benchmarks/report.py`. Contenders take turns in every round; the median counts, the worst round stands beside
it. **Bold** figures miss their goal, and where there is one the command ends with status 1. What others took for the
same stands beside it, in the same unit. Goals of seconds are of an ordinary machine, on which `monadi --help` takes
0.09 s of CPU; behind the name of a machine stands how many times as much as the ordinary one it took for a small chore,
where that was asked (`tests/pace.py`). Other promises are measured by scripts that say in their first lines what is
promised and end with status 1 where it is missed: Persian (`language.py`, with its own page, docs/persian.md), hostile
input (`bombs.py`, `hostile.py`, `fuzz.py`), the simulated year (`simulation.py`).

How well pages are read can be held to pages of one's own: `python benchmarks/extraction.py --pages DIR` takes each
`NAME.html` of a directory, as it was sent, with what a reader sees on it in `NAME.json` (`url`, `title`, `published`,
`body`; its first lines tell the rest), and gives the table of what each library reads of them."""


def _section(name: str) -> Iterator[str]:
    told = json.loads((RESULTS / f"{name}.json").read_text("utf-8"))
    yield f"## {HEADINGS[name]}\n"
    yield f"`{told['command']}` · {told['day']} · {told['machine']}" + "".join(f" · {note}" for note in told["notes"])
    yield "\n| | beside | measured | worst round | goal |\n|---|---|--:|--:|--:|"
    for values in told["figures"]:
        yield _row(Figure(**values))
    for values in told.get("tables", ()):
        yield f"\n{Table(**values)}"
    if name in REMAINS:
        yield f"\n{REMAINS[name]}"


def _row(figure: Figure) -> str:
    measured = f"{figure.shown(figure.median)} {figure.unit}"
    measured = measured if figure.holds else f"**{measured}**"
    return f"| {figure.what} | {figure.beside or '–'} | {measured} | {figure.shown(figure.worst)} | {figure.promised} |"


def dependencies() -> str:
    rows = json.loads((RESULTS / "dependencies.json").read_text("utf-8"))
    given = dict(TRUSTED.findall((ROOT / "SECURITY.md").read_text("utf-8")))
    lines = [_dependency(row, given) for row in sorted(rows, key=lambda each: -each["disk"])]
    return "\n".join([DEPENDENCIES, *lines]) + "\n"


DEPENDENCIES = """\
# Dependencies: what each gives, and what it costs

Of the core without extras, the largest first. Sizes are what would not be there without it: itself, and what it alone
brings; loading is the CPU time of importing it, with all that it imports, above that of Python. A sub-command loads
what it uses alone. Why each is trusted stands in SECURITY.md, from which the second column is taken; this page is made
by `python benchmarks/report.py` of what `python benchmarks/installation.py --save` measured.

| | gives | download, MB | on disk, MB | loading, ms | brings alone |
|---|---|--:|--:|--:|---|"""


def _dependency(row: dict[str, Any], given: dict[str, str]) -> str:
    brings = ", ".join(row["brings"]) or "–"
    return (
        f"| {row['name']} {row['version']} | {given.get(row['name'], '–')} | {row['download']:.1f} | {row['disk']:.1f} "
        f"| {row['loading']} | {brings} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = False
    for name, text in (("benchmarks.md", benchmarks()), ("dependencies.md", dependencies())):
        page = ROOT / "docs" / name
        if not check:
            page.write_text(text, encoding="utf-8")
        elif not page.exists() or page.read_text("utf-8") != text:
            print(f"docs/{name} is not what was measured; run python benchmarks/report.py")
            stale = True
    sys.exit(stale)


if __name__ == "__main__":
    main()
