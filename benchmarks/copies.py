# ruff: noqa: INP001, T201, S311 - a script that prints, with the same chance in every run
"""Copies: how many are found however they are edited, how many are wrong, and the time beside datasketch.

    pip install datasketch
    python benchmarks/copies.py NEWSROOM [--articles N] [--sizes 20000,100000]

NEWSROOM is a directory whose module `world` gives real releases of made-up offices; equal values of their `source` mark
one release that several carry. Each line has its limit; where one is missed the script ends with status 1.

Recall: every release against itself with a share of its words edited at another office: as many deleted as replaced and
inserted, words of other releases put in; its paragraphs in another order; and with an opening and a closing of its own,
of which nobody has learned that they are boilerplate. Only pairs that share a band and resemble each other are counted
as found.

Precision: the releases of all offices in an archive, as they are; with an opening sentence and a closing paragraph of
40 to 80 words on every release of an office; and so with releases cut to 60 words.

Speed: CPU time an article of signature, lookup and verification against an archive in SQLite, with the fingerprints and
bands written; beside datasketch's MinHashLSH in memory, with the same pairs of words, permutations and bands: signature
by `update` as its documentation has it, query, insertion, and the same verification of what is found. Its signature by
`update_batch` is shown too. The archive is made of sentences and words of real releases put together at random; one in
three of the articles that are measured is a copy of one in it. Making pairs of words of a text is in neither, nor is
the collecting of garbage among what this script holds. The last line tells how much longer an article takes in the
largest archive than in the smallest.
"""

import argparse
import gc
import importlib
import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from datasketch import MinHash, MinHashLSH

from archive import Archive, Article, copies, crawls, intake, likeness, tables
from archive.articles import chunks
from archive.database import sqlite_url
from archive.likeness import Fingerprint, are_copies, fingerprint, passages
from sources import Catalogue

RECALL = 0.95
PRECISION = 0.98
TIMES = 2.5
SHARES = (0.05, 0.1, 0.15, 0.2)
SHORT = 60  # words
MEASURED = 1500  # articles
NOW = datetime(2026, 1, 1, tzinfo=UTC)
FAILED: list[str] = []


class Release(NamedTuple):
    """A release of an office; `text` names what is the same for all that carry it."""

    office: int
    text: str
    title: str
    lead: str
    paragraphs: tuple[str, ...]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("newsroom", type=Path)
    parser.add_argument("--articles", type=int, default=40, help="of an office")
    parser.add_argument("--sizes", default="20000,100000", help="of the archives that speed is measured in")
    stated = parser.parse_args()
    releases = read(stated.newsroom, stated.articles)
    recall(releases)
    precision(releases)
    sizes = sorted(map(int, filter(None, stated.sizes.split(","))))
    growth(sizes, [speed(releases, size) for size in sizes])
    print("\nPASS" if not FAILED else "\nFAIL: " + "; ".join(FAILED))
    return bool(FAILED)


def read(newsroom: Path, number: int) -> list[Release]:
    sys.path.insert(0, str(newsroom))
    world = importlib.import_module("world").World(articles=number)
    return [
        Release(office.number, item.source, item.title, item.lead or "", tuple(item.paragraphs()))
        for office in world.newsrooms
        for item in world.articles[office.number]
    ]


def told(what: str, figure: float, limit: float) -> None:
    held = figure >= limit
    print(f"  {what:<58} {figure:7.3f}   at least {limit:g}{'' if held else '   MISSED'}")
    if not held:
        FAILED.append(what)


def section(title: str) -> None:
    print(f"\n{title}", flush=True)


# Recall -------------------------------------------------------------------------------------------------------------


def recall(releases: Sequence[Release]) -> None:
    section("recall, of all releases")
    chance = random.Random(5)
    texts = list({release.text: release for release in releases}.values())
    vocabulary = [word for release in texts for part in release.paragraphs for word in part.split()]
    ways: dict[str, Callable[[Release, float], Release]] = {
        "": lambda release, share: edited(release, share, vocabulary, chance),
        ", paragraphs reordered": lambda release, share: reordered(edited(release, share, vocabulary, chance), chance),
        ", own opening and closing": lambda release, share: signed(
            reordered(edited(release, share, vocabulary, chance), chance), boilerplate(vocabulary, chance)
        ),
    }
    prints = [print_of(release) for release in texts]
    for way, edit in ways.items():
        for share in SHARES:
            others = [print_of(edit(release, share)) for release in texts]
            found = statistics.mean(map(is_found, prints, others))
            told(f"{share:.0%} of words edited{way}", found, RECALL)


def is_found(one: Fingerprint, other: Fingerprint) -> bool:
    signatures = [likeness.signature(print_.pack()) for print_ in (one, other)]
    mine, others = map(likeness.bands, signatures)
    resemble = likeness.resemblance(*map(likeness.sketch, signatures)) >= likeness.RESEMBLING
    return resemble and not set(mine).isdisjoint(others) and are_copies(one, other)


def print_of(release: Release) -> Fingerprint:
    return fingerprint(release.title, passages(release.lead, "\n".join(release.paragraphs)))


def edited(release: Release, share: float, vocabulary: Sequence[str], chance: random.Random) -> Release:
    def edit(text: str) -> str:
        words = []
        for word in text.split():
            way = chance.choice(("delete", "replace", "insert")) if chance.random() < share else ""
            words += [chance.choice(vocabulary)] if way in {"replace", "insert"} else []
            words += [word] if way in {"", "insert"} else []
        return " ".join(words)

    return release._replace(
        title=edit(release.title), lead=edit(release.lead), paragraphs=tuple(map(edit, release.paragraphs))
    )


def reordered(release: Release, chance: random.Random) -> Release:
    return release._replace(paragraphs=tuple(chance.sample(release.paragraphs, len(release.paragraphs))))


# Precision ----------------------------------------------------------------------------------------------------------


def boilerplate(vocabulary: Sequence[str], chance: random.Random) -> tuple[str, str]:
    """What an office puts before and after its releases."""
    opening = " ".join(chance.choices(vocabulary, k=chance.randrange(8, 16)))
    closing = " ".join(chance.choices(vocabulary, k=chance.randrange(40, 81)))
    return f"به گزارش روابط عمومی {opening}:", f"{closing}."


def signed(release: Release, under: tuple[str, str]) -> Release:
    opening, closing = under
    first, *rest = release.paragraphs or ("",)
    return release._replace(paragraphs=(f"{opening} {first}", *rest, closing))


def cut(release: Release) -> Release:
    words = " ".join(release.paragraphs).split()[:SHORT]
    return release._replace(lead="", paragraphs=(" ".join(words),))


def precision(releases: Sequence[Release]) -> None:
    section("precision and recall, of an archive of all offices")
    chance = random.Random(7)
    vocabulary = [word for release in releases for part in release.paragraphs for word in part.split()]
    of_office = {release.office: boilerplate(vocabulary, chance) for release in releases}
    of_all = boilerplate(vocabulary, chance)
    short = [cut(release) for release in releases]
    worlds = {
        "as they are": list(releases),
        "boilerplate of each office": [signed(release, of_office[release.office]) for release in releases],
        "the same boilerplate at all offices": [signed(release, of_all) for release in releases],
        f"{SHORT} words": short,
        f"{SHORT} words, boilerplate of each office": [signed(each, of_office[each.office]) for each in short],
        f"{SHORT} words, the same boilerplate at all offices": [signed(each, of_all) for each in short],
    }
    for name, world in worlds.items():
        with filled(world) as archive:
            archive.find_copies()
            found = pairs_of(archive)
        true = true_pairs(world)
        told(f"precision, {name}", len(found & true) / (len(found) or 1), PRECISION)
        told(f"recall, {name}", len(found & true) / len(true), RECALL)


def true_pairs(releases: Sequence[Release]) -> set[tuple[int, int]]:
    """Pairs of releases, by their place, that are one release at two offices."""
    carried: dict[str, list[int]] = defaultdict(list)
    for place, release in enumerate(releases):
        carried[release.text].append(place)
    return {
        (one, other)
        for places in carried.values()
        for one, other in combinations(places, 2)
        if releases[one].office != releases[other].office
    }


def pairs_of(archive: Archive) -> set[tuple[int, int]]:
    clusters: dict[int, list[int]] = defaultdict(list)
    statement = sa.select(tables.copies.c.cluster, tables.articles.c.native_id).join(
        tables.articles, tables.articles.c.pk == tables.copies.c.article
    )
    with archive.reading() as connection:
        for cluster, place in connection.execute(statement):
            clusters[cluster].append(int(place))
    return {pair for places in clusters.values() for pair in combinations(sorted(places), 2)}


@contextmanager
def filled(releases: Sequence[Release]) -> Iterator[Archive]:
    catalogue = Catalogue.load()
    offices = sorted(catalogue.sources)
    with (
        tempfile.TemporaryDirectory(prefix="monadi-copies-") as folder,
        Archive(sqlite_url(Path(folder) / "monadi.db"), Path(folder) / "search") as archive,
    ):
        archive.upgrade()
        with archive.writing() as connection:
            crawls.register(connection, catalogue.sources.values())
            for some in chunks(enumerate(releases)):
                intake.save(connection, [article(offices[each.office], place, each) for place, each in some])
        yield archive


def article(source: str, place: int, release: Release) -> Article:
    return Article(
        source=source,
        url=f"https://{source}.example.ir/news/{place}",
        native_id=str(place),
        title=release.title,
        lead=release.lead or None,
        body="\n".join(release.paragraphs),
        extractor="benchmark/1",
        fetched_at=NOW + timedelta(seconds=place),
    )


# Speed --------------------------------------------------------------------------------------------------------------


def growth(sizes: Sequence[int], times: Sequence[float]) -> None:
    if len(sizes) > 1:
        section(f"time at {sizes[-1]:,} articles by that at {sizes[0]:,} (no limit): {times[-1] / times[0]:.2f}")


def speed(releases: Sequence[Release], size: int) -> float:
    """The time that an article takes us, in microseconds."""
    section(f"speed at {size:,} articles: CPU time an article, in microseconds")
    chance = random.Random(11)
    prints = invented(releases, size + MEASURED, chance)
    for place in range(size, size + MEASURED, 3):
        original = sorted(prints[chance.randrange(size)].pairs)
        prints[place] = Fingerprint(frozenset(chance.sample(original, len(original) * 9 // 10)), frozenset())
    with filled([]) as archive:
        ours, copied = our_time(archive, prints, size)
    theirs, batch, found = datasketch_time(prints, size)
    print(f"  ours {ours:.0f}, {copied} of {MEASURED} with copies")
    print(f"  datasketch {theirs:.0f}, by update_batch {batch:.0f}, {found} with copies")
    told(f"times datasketch, {size:,} articles", theirs / ours, TIMES)
    print(f"  {'times datasketch by update_batch (no limit)':<58} {batch / ours:7.3f}")
    return ours


def invented(releases: Sequence[Release], number: int, chance: random.Random) -> list[Fingerprint]:
    """Fingerprints of texts of a few real sentences, and pairs of words from anywhere: of two such texts about as many
    are candidates without being copies as of two real releases (9 in 100,000).
    """
    texts = {release.text: release for release in releases}.values()
    said = [passage for release in texts for passage in passages(release.lead, "\n".join(release.paragraphs))]
    sentences = [fingerprint("", [passage]).pairs for passage in said]
    pairs = sorted(frozenset[int]().union(*sentences))
    return [
        Fingerprint(
            frozenset(chance.choices(pairs, k=chance.randrange(60, 130))).union(
                *chance.sample(sentences, chance.randrange(2, 6))
            ),
            frozenset(),
        )
        for _ in range(number)
    ]


def our_time(archive: Archive, prints: Sequence[Fingerprint], size: int) -> tuple[float, int]:
    with archive.writing() as connection:
        offices = list(connection.scalars(sa.select(tables.sources.c.id)))
        rows = [row(place + 1, offices[place % len(offices)]) for place in range(len(prints))]
        connection.execute(sa.insert(tables.articles), rows)
        for start in range(0, size, 1000):
            copies.keep(connection, {place + 1: prints[place] for place in range(start, min(start + 1000, size))})
    gc.freeze()
    found, began = 0, time.process_time()
    for start in range(size, len(prints), copies.BATCH):
        batch = {place + 1: prints[place] for place in range(start, min(start + copies.BATCH, len(prints)))}
        with archive.writing() as connection:
            groups = copies.clusters(connection, batch, copies.keep(connection, batch))
        found += sum(len(set(members) & batch.keys()) for members in groups if len(members) > 1)
    return (time.process_time() - began) / MEASURED * 1e6, found


def row(pk: int, source: str) -> dict[str, object]:
    names = "url", "title_key", "content_hash", "extractor"
    moments = dict.fromkeys(("ordered_at", "first_seen", "last_seen"), NOW + timedelta(seconds=pk))
    named = {"pk": pk, "id": f"{source}/{pk}", "guid": str(pk), "source": source, "state": "live"}
    return named | dict.fromkeys(names, "") | moments | {"revision": 1, "change": 0}


def datasketch_time(prints: Sequence[Fingerprint], size: int) -> tuple[float, float, int]:
    rows, number = likeness.ROWS, likeness.PERMUTATIONS
    index = MinHashLSH(num_perm=number, params=(number // rows, rows))
    tokens = [[pair.to_bytes(4, "little") for pair in print_.pairs] for print_ in prints]
    with index.insertion_session() as session:
        for place in range(size):
            session.insert(place, signature(tokens[place], batch=True))
    gc.freeze()
    times = []
    found: set[tuple[int, int]] = set()
    for batch in (True, False):
        began = time.process_time()
        for place in range(size, len(prints)):
            sketch = signature(tokens[place], batch=batch)
            near = index.query(sketch)
            found.update((other, place) for other in near if other < place and are_copies(prints[other], prints[place]))
            if not batch:
                index.insert(place, sketch)
        times.append((time.process_time() - began) / MEASURED * 1e6)
    by_batch, by_update = times
    return by_update, by_batch, len({place for _, place in found})


def signature(tokens: Sequence[bytes], *, batch: bool) -> MinHash:
    sketch = MinHash(num_perm=likeness.PERMUTATIONS)
    if batch:
        sketch.update_batch(tokens)
    else:
        for token in tokens:
            sketch.update(token)
    return sketch


if __name__ == "__main__":
    sys.exit(main())
