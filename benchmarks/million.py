# ruff: noqa: INP001, T201, S311 - parts of a script that prints
"""An archive of as many articles as wanted, multiplied from real texts.

Each takes a title, a lead and two to seven paragraphs at random, an office, a minute of twelve years and one or two
tags. Three in four are dated to the minute, the others to the day, and all were first read up to two weeks later. They
are written by bulk SQL with all that queries and harvests look at: articles, revisions, where their answers are kept,
the addresses they are known by, tags, the change log and counts; chains and markup stay empty. One in fifty is gone.
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
from archive.tables import aliases, articles, changes, counts, revisions, snapshots, tag_counts, tags
from archive.tables import crawls as runs
from persian.dates import TEHRAN, Published
from persian.text import display
from sources import Catalogue
from sources.sample.releases import read_releases

BATCH = 2_000
LATE = 20_000  # minutes within which releases are first read
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
            for table, told in ((tags, -2), (aliases, -1)):
                connection.execute(sa.insert(table), [each for row in rows for each in row[told]])
            if start % 100_000 == 0:
                print(f"{start:>9,} articles, {time.monotonic() - begun:.0f} s", flush=True)
        ran = {"started_at": FIRST, "swept": False, "counts": {}}
        connection.execute(sa.insert(runs), [{"source": office.id, **ran} for office in offices])
        _count(connection)


def _made(texts: list[Text], offices: list[str], number: int) -> Iterator[tuple[Any, ...]]:
    """Rows of articles, snapshots, revisions and the change log, of tags and of aliases, for each article."""
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
            "title_key": f"{title[:60]}{pk}",
            "ordered_at": at,
            "month": month,
            "first_seen": at + timedelta(minutes=pk * 7919 % LATE),
            "last_seen": at + timedelta(minutes=LATE),
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
            "published": Published(
                at=at if pk % 4 else None,
                on=at.astimezone(TEHRAN).date(),
                precision="minute" if pk % 4 else "day",
                raw="",
                origin="page",
            ),
            "snapshot": snapshot["record"],
        }
        change = {"seq": pk, "at": at, "kind": "new", "article": pk, "revision": 1, "content_hash": ""}
        met = {"source": office, "article": pk, "url": article["url"]}
        known = [{"key": f"id:{pk}", **met}, {"key": f"url:{article['url'][8:]}", **met}]
        yield article, snapshot, revision, change, [{"key": key, "article": pk} for key in keys], known


def _count(connection: sa.Connection) -> None:
    place = articles.c.source, articles.c.month, articles.c.state
    by_month = sa.select(*place, sa.func.count()).group_by(*place)
    connection.execute(sa.insert(counts).from_select(["source", "month", "state", "articles"], by_month))
    tagged = tags.join(articles, articles.c.pk == tags.c.article)
    by_tag = sa.select(tags.c.key, *place, sa.func.count()).select_from(tagged).group_by(tags.c.key, *place)
    connection.execute(sa.insert(tag_counts).from_select(["tag", "source", "month", "state", "articles"], by_tag))
