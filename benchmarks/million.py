# ruff: noqa: INP001, T201, S311 - parts of a script that prints
"""An archive of as many articles as wanted, multiplied from real texts.

Each takes a title, a lead and two to seven paragraphs at random, an office, a minute of twelve years and one or two
tags. They are written by bulk SQL with all that queries read: articles, revisions, where their answers are kept, tags,
the change log and counts; aliases, chains and markup stay empty. One in fifty is gone.
"""

import gzip
import json
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from archive import Archive, crawls
from archive.article import month_of
from archive.tables import articles, changes, counts, revisions, snapshots, tag_counts, tags
from persian.text import display
from sources import Catalogue
from sources.sample.releases import read_releases

BATCH = 2_000
KEPT, IN_A_FILE = 0x019B0000, 25_000  # when the first answer was kept, as its record's id has it; answers in a file
FIRST, DAYS = datetime(2014, 3, 21, tzinfo=UTC), 12 * 365
TAGS = ("اشتغال", "بیمه", "کارافرینی", "تعاون", "اموزش", "سلامت", "گردشگری", "کشاورزی")


class Text(NamedTuple):
    title: str
    lead: str
    paragraphs: tuple[str, ...]


def read_texts(file: Path | None) -> list[Text]:
    """Texts of NDJSON with `title`, `lead`, `paragraphs`; those of the sample newsroom where none is named."""
    if file is None:
        return [Text(each.title, each.lead or "", each.paragraphs) for each in read_releases()]
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    rows = [json.loads(line) for line in content.splitlines()]
    return [
        Text(display(row["title"]), display(row["lead"] or ""), tuple(map(display, row["paragraphs"]))) for row in rows
    ]


def fill(archive: Archive, texts: list[Text], number: int) -> None:
    """Write so many articles into an empty archive."""
    archive.upgrade()
    offices = list(Catalogue.load().sources.values())
    begun = time.monotonic()
    with archive.writing() as connection:
        crawls.register(connection, offices)
        made = _made(texts, [office.id for office in offices], number)
        for start in range(0, number, BATCH):
            rows = [next(made) for _ in range(min(BATCH, number - start))]
            tables = (articles, snapshots, revisions, changes)
            for table, values in zip(tables, zip(*rows, strict=True), strict=False):
                connection.execute(sa.insert(table), list(values))
            connection.execute(sa.insert(tags), [tag for row in rows for tag in row[-1]])
            if start % 100_000 == 0:
                print(f"{start:>9,} articles, {time.monotonic() - begun:.0f} s", flush=True)
        _count(connection)


def _made(texts: list[Text], offices: list[str], number: int) -> Iterator[tuple[Any, ...]]:
    """Rows of articles, snapshots, revisions and the change log, and tags, for each article."""
    chance = random.Random(1403)
    paragraphs = [paragraph for text in texts for paragraph in text.paragraphs]
    minutes = DAYS * 24 * 60
    months: dict[int, str] = {}
    for pk in range(1, number + 1):
        minute = chance.randrange(minutes)
        at = FIRST + timedelta(minutes=minute)
        month = months.get(minute // 60) or months.setdefault(minute // 60, month_of(at))
        office, title, lead = chance.choice(offices), chance.choice(texts).title, chance.choice(texts).lead
        body = "\n".join(chance.choices(paragraphs, k=chance.randint(2, 7)))
        keys = sorted(set(chance.choices(TAGS, k=chance.randint(1, 2))))
        article = {
            "pk": pk,
            "id": f"{office}/{pk}",
            "guid": f"urn:x:{pk}",
            "source": office,
            "native_id": str(pk),
            "url": f"https://{office}.example.ir/{pk}",
            "title_key": "",
            "ordered_at": at,
            "month": month,
            "first_seen": at,
            "last_seen": at,
            "state": "gone" if pk % 50 == 0 else "live",
            "revision": 1,
            "content_hash": "",
            "extractor": "fa_portal/1",
            "change": pk,
        }
        snapshot = {
            "record": f"urn:uuid:{KEPT + pk:08x}-{pk % 2**16:04x}-7000-8000-{pk * 2_654_435_761 % 2**48:012x}",
            "source": office,
            "url": article["url"],
            "fetched_at": at,
            "status": 200,
            "purpose": "article",
            "digest": f"sha256:{pk:064x}",
            "file": f"monadi-20260101-{pk // IN_A_FILE:05}.warc.gz",
            "start": pk % IN_A_FILE * 20_000,
            "length": 20_000,
        }
        revision = {
            "article": pk,
            "number": 1,
            "seen_at": at,
            "extractor": "fa_portal/1",
            "content_hash": "",
            "title": title,
            "lead": lead or None,
            "body": body,
            "body_html": "",
            "tags": keys,
            "attachments": [],
            "snapshot": snapshot["record"],
        }
        change = {"seq": pk, "at": at, "kind": "new", "article": pk, "revision": 1, "content_hash": ""}
        yield article, snapshot, revision, change, [{"key": key, "article": pk} for key in keys]


def _count(connection: sa.Connection) -> None:
    place = articles.c.source, articles.c.month, articles.c.state
    by_month = sa.select(*place, sa.func.count()).group_by(*place)
    connection.execute(sa.insert(counts).from_select(["source", "month", "state", "articles"], by_month))
    tagged = tags.join(articles, articles.c.pk == tags.c.article)
    by_tag = sa.select(tags.c.key, *place, sa.func.count()).select_from(tagged).group_by(tags.c.key, *place)
    connection.execute(sa.insert(tag_counts).from_select(["tag", "source", "month", "state", "articles"], by_tag))
