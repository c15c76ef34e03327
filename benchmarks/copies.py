# ruff: noqa: INP001, S311 - a script, with the same chance in every run
"""Copies: how many are found however they are edited, how many are wrong, and the time beside datasketch.

    pip install datasketch
    python benchmarks/copies.py NEWSROOM [--articles N] [--sizes 20000 100000] [--rounds 5] [--save]

NEWSROOM is a directory whose module `world` gives real releases of made-up offices; equal values of their `source` mark
one release that several carry. The figure of recall or precision is the least of its cases. Status 1 where a goal is
missed.

Recall: every release against itself with a share of its words edited at another office: as many deleted as replaced and
inserted, words of other releases put in; its paragraphs in another order; and with an opening and a closing of its own,
of which nobody has learned that they are boilerplate. Only pairs that share a band and resemble each other are counted
as found.

Precision: the releases of all offices in an archive, as they are; with an opening sentence and a closing paragraph of
40 to 80 words on every release of an office; and so with releases cut to 60 words.

Speed: CPU time an article of signature, lookup and verification against an archive in SQLite, with the fingerprints and
bands written; beside datasketch's MinHashLSH in memory, with the same pairs of words, permutations and bands: signature
by `update` as its documentation has it, query, insertion, and the same verification of what is found. Its signature by
`update_batch` is told too. The archive is made of sentences and words of real releases put together at random; one in
three of the articles that are measured, others in each round, is a copy of one in it. Making pairs of words of a text
is in neither, nor is the collecting of garbage among what this script holds.
"""

import gc
import importlib
import random
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import figures
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
MEASURED = 1500  # articles of a round
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Release(NamedTuple):
    """A release of an office; `text` names what is the same for all that carry it."""

    office: int
    text: str
    title: str
    lead: str
    paragraphs: tuple[str, ...]


def main() -> None:
    parser = figures.options(__doc__)
    parser.add_argument("newsroom", type=Path)
    parser.add_argument("--articles", type=int, default=40, help="of an office")
    parser.add_argument("--sizes", type=int, nargs="+", default=[20_000, 100_000], help="of the archives for speed")
    stated = parser.parse_args()
    releases = read(stated.newsroom, stated.articles)
    recalled, precise = recall(releases), precision(releases)
    told = [
        least("recall of edited releases", recalled, RECALL),
        least("precision in an archive of all offices", precise, PRECISION, column=0),
        least("recall in an archive of all offices", precise, RECALL, column=1),
        *(figure for size in sorted(stated.sizes) for figure in speed(releases, size, stated.rounds)),
    ]
    command = f"python benchmarks/copies.py ../shared/newsroom --articles {stated.articles}"
    note = f"{len(releases):,} releases; {stated.rounds} rounds of {MEASURED:,} articles"
    figures.finish("copies", command, told, [note], save=stated.save, tables=[recalled, precise])


def least(what: str, table: figures.Table, goal: float, column: int | None = None) -> figures.Figure:
    """The figure of the least number of a table in percent, or of one of its columns; the goal is a share."""
    rows = [values if column is None else [values[column]] for values in table.rows.values()]
    values = [value for row in rows for value in row if value is not None]
    return figures.of_rounds(
        [min(values)], what=f"{what}, least of {len(values)}", unit="%", goal=100 * goal, at_least=True
    )


def read(newsroom: Path, number: int) -> list[Release]:
    sys.path.insert(0, str(newsroom))
    world = importlib.import_module("world").World(articles=number)
    return [
        Release(office.number, item.source, item.title, item.lead or "", tuple(item.paragraphs()))
        for office in world.newsrooms
        for item in world.articles[office.number]
    ]


# Recall -------------------------------------------------------------------------------------------------------------


def recall(releases: Sequence[Release]) -> figures.Table:
    """Percent of all releases that are found after each share of edits, by the way they are edited."""
    chance = random.Random(5)
    texts = list({release.text: release for release in releases}.values())
    vocabulary = [word for release in texts for part in release.paragraphs for word in part.split()]
    ways: dict[str, Callable[[Release, float], Release]] = {
        "words edited": lambda release, share: edited(release, share, vocabulary, chance),
        "paragraphs reordered too": lambda release, share: reordered(
            edited(release, share, vocabulary, chance), chance
        ),
        "own opening and closing too": lambda release, share: signed(
            reordered(edited(release, share, vocabulary, chance), chance), boilerplate(vocabulary, chance)
        ),
    }
    prints = [print_of(release) for release in texts]
    rows = {
        way: [
            100 * statistics.mean(map(is_found, prints, [print_of(edit(release, share)) for release in texts]))
            for share in SHARES
        ]
        for way, edit in ways.items()
    }
    return figures.Table(
        title="recall, %, by the share of words", columns=[f"{share:.0%}" for share in SHARES], rows=rows
    )


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


def precision(releases: Sequence[Release]) -> figures.Table:
    """Percent of an archive of all offices, by what stands around its releases."""
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
    rows: dict[str, list[float]] = {}
    for name, world in worlds.items():
        with filled(world) as archive:
            archive.find_copies()
            found = pairs_of(archive)
        true = true_pairs(world)
        right = 100 * len(found & true)
        rows[name] = [right / (len(found) or 1), right / len(true)]
    return figures.Table(title="an archive of all offices, %", columns=["precision", "recall"], rows=rows)


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


def speed(releases: Sequence[Release], size: int, rounds: int) -> Iterator[figures.Figure]:
    chance = random.Random(11)
    number = size + rounds * MEASURED
    prints = invented(releases, number, chance)
    for place in range(size, number, 3):
        original = sorted(prints[chance.randrange(size)].pairs)
        prints[place] = Fingerprint(frozenset(chance.sample(original, len(original) * 9 // 10)), frozenset())
    with filled([]) as archive:
        ours, theirs = Ours(archive, prints, size), Datasketch(prints, size)
        gc.freeze()
        parts = {name: iter(range(size, number, MEASURED)) for name in ("monadi", "update_batch", "update")}
        micros = figures.by_turns(
            rounds,
            {
                "monadi": lambda: micro(ours.find, next(parts["monadi"])),
                "update_batch": lambda: micro(lambda at: theirs.find(at, batch=True), next(parts["update_batch"])),
                "update": lambda: micro(lambda at: theirs.find(at, batch=False), next(parts["update"])),
            },
        )
        gc.unfreeze()
    for name, found in (("monadi", ours.found), ("datasketch", len(theirs.found))):
        if found < rounds * MEASURED // 4:
            sys.exit(f"{name} found {found} copies among {rounds * MEASURED} articles, of which a third are copies")
    mine, batch, update = (micros[name] for name in parts)
    peers = {"datasketch": statistics.median(update), "by update_batch": statistics.median(batch)}
    yield figures.of_rounds(mine, what=f"an article among {size:,}", unit="µs of CPU", peers=peers)
    yield figures.of_rounds(
        figures.ratios(update, mine),
        what=f"pace among {size:,}",
        against="datasketch",
        unit="×",
        goal=TIMES,
        at_least=True,
    )


def micro(find: Callable[[int], None], at: int) -> float:
    """Microseconds of CPU time an article of those from a place on."""
    return figures.taken(lambda: find(at)).cpu / MEASURED * 1e6


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


class Ours:
    """An archive with so many of the fingerprints, and rows for all of them."""

    def __init__(self, archive: Archive, prints: Sequence[Fingerprint], size: int) -> None:
        self.archive, self.prints, self.found = archive, prints, 0
        with archive.writing() as connection:
            offices = list(connection.scalars(sa.select(tables.sources.c.id)))
            rows = [row(place + 1, offices[place % len(offices)]) for place in range(len(prints))]
            connection.execute(sa.insert(tables.articles), rows)
            for start in range(0, size, 1000):
                copies.keep(connection, {place + 1: prints[place] for place in range(start, min(start + 1000, size))})

    def find(self, at: int) -> None:
        """Keep the fingerprints from a place on and find whose copies they are."""
        for start in range(at, at + MEASURED, copies.BATCH):
            batch = {place + 1: self.prints[place] for place in range(start, min(start + copies.BATCH, at + MEASURED))}
            with self.archive.writing() as connection:
                groups = copies.clusters(connection, batch, copies.keep(connection, batch))
            self.found += sum(len(set(members) & batch.keys()) for members in groups if len(members) > 1)


def row(pk: int, source: str) -> dict[str, object]:
    names = "url", "title_key", "content_hash", "extractor"
    moments = dict.fromkeys(("ordered_at", "first_seen", "last_seen"), NOW + timedelta(seconds=pk))
    named = {"pk": pk, "id": f"{source}/{pk}", "guid": str(pk), "source": source, "state": "live"}
    return named | dict.fromkeys(names, "") | moments | {"revision": 1, "change": 0}


class Datasketch:
    """MinHashLSH with so many of the fingerprints."""

    def __init__(self, prints: Sequence[Fingerprint], size: int) -> None:
        rows, number = likeness.ROWS, likeness.PERMUTATIONS
        self.prints = prints
        self.found: set[int] = set()
        self.tokens = [[pair.to_bytes(4, "little") for pair in print_.pairs] for print_ in prints]
        self.index = MinHashLSH(num_perm=number, params=(number // rows, rows))
        with self.index.insertion_session() as session:
            for place in range(size):
                session.insert(place, signature(self.tokens[place], batch=True))

    def find(self, at: int, *, batch: bool) -> None:
        """The same; what is signed as a `batch` is not inserted, since it comes again."""
        for place in range(at, at + MEASURED):
            sketch = signature(self.tokens[place], batch=batch)
            near = self.index.query(sketch)
            if any(other < place and are_copies(self.prints[other], self.prints[place]) for other in near):
                self.found.add(place)
            if not batch:
                self.index.insert(place, sketch)


def signature(tokens: Sequence[bytes], *, batch: bool) -> MinHash:
    sketch = MinHash(num_perm=likeness.PERMUTATIONS)
    if batch:
        sketch.update_batch(tokens)
    else:
        for token in tokens:
            sketch.update(token)
    return sketch


if __name__ == "__main__":
    main()
