"""What the archive does not take, whatever the reason, costs nothing but itself: all else of its batch is kept, its
page is held where it has one, it is named, and the run ends as what it came to.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import PIL.Image
import pytest
from scrapy.utils.test import get_crawler

from archive import Archive, Article, Query, crawls, rasters, snapshots
from archive.crawls import Crawl, Held, Outcome, Quarantined
from archive.links import Sighting
from archive.warc import Exchange
from sources import Catalogue
from spiders.loader import spider_of
from spiders.newsroom import NewsroomSpider
from spiders.pictures import Pictures
from spiders.pipelines import ArchivePipeline
from spiders.platforms import platform
from spiders.sightings import Confirmed, Listed, Missed, Reading, Unlisted, Unread

HALF = "\ud800"  # of a character, which no text that is written can hold
SOURCE = "mcls-yazd"


@dataclass
class Run:
    """A crawl of Yazd that is told what it reads."""

    archive: Archive
    pipeline: ArchivePipeline
    spider: NewsroomSpider

    def ends(self, *items: Any, fetched: int = 0) -> Crawl:
        """Its row, after it was told of these items and closed."""
        self.spider.counts.update(listed=9, fetched=fetched)
        for item in items:
            self.pipeline.process_item(item)
        self.pipeline.spider_closed(self.spider, "finished")
        self.pipeline.claiming.close()
        with self.archive.reading() as connection:
            (row,) = crawls.latest(connection, SOURCE)
        return row

    def held(self) -> list[Held]:
        with self.archive.reading() as connection:
            return list(crawls.held(connection))

    def kept(self) -> set[str]:
        return {item.article.url for item in self.archive.articles(Query())}


@pytest.fixture
def run(archive: Archive) -> Iterator[Run]:
    class_ = spider_of(Catalogue.load().source(SOURCE))
    crawler = get_crawler(class_)
    crawler.spider = class_.from_crawler(crawler, archive=archive)
    crawler.spider.platform = platform(class_.source.platform)
    pipeline = ArchivePipeline(archive, crawler, own=False)
    pipeline.open_spider()
    yield Run(archive, pipeline, crawler.spider)
    pipeline.claiming.close()


@pytest.fixture
def read(make: Callable[..., Article]) -> Callable[..., Reading]:
    """A reading of a page that was captured."""

    def made(number: int, capture: dict[str, Any] | None = None, **changes: Any) -> Reading:
        article = make(number, **changes)
        answer = {"url": article.url, "status": 200, "headers": (("Content-Type", "text/html"),)}
        body = {"body": f"<p>{number}</p>".encode(), "fetched_at": article.fetched_at, "request_headers": ()}
        return Reading(article, Exchange(**{**answer, **body, **(capture or {})}))

    return made


def test_one_release_that_cannot_be_kept_costs_no_other_and_its_page_is_held(run, read):
    good, bad = [read(number) for number in range(1, 8)], read(8, kicker=HALF)

    row = run.ends(*good[:3], bad, *good[3:], fetched=8)

    assert run.kept() == {each.article.url for each in good}
    (page,) = run.held()
    assert (page.url, page.kind, page.body) == (bad.article.url, "unkept", b"<p>8</p>")
    assert row.outcome is Outcome.OK
    assert (row.counts["new"], row.counts["quarantined"], row.counts["held/unkept"]) == (7, 1, 1)
    assert row.reason.startswith(f"1 of what was read could not be kept, such as {bad.article.url}: ")
    assert "\n" not in row.reason
    assert [line for found in run.archive.verify() for line in found.lines] == []


def test_the_answer_of_a_release_that_is_not_kept_is(run, read):
    bad = read(8, kicker=HALF)

    run.ends(read(1), bad)

    with run.archive.reading() as connection:
        record = snapshots.newest(connection, SOURCE, bad.capture.url)
        assert run.archive.snapshots.read(connection, record).body == b"<p>8</p>"


def test_a_crawl_none_of_whose_releases_can_be_kept_has_failed(run, read):
    row = run.ends(*(read(number, kicker=HALF) for number in range(3)), fetched=3)

    assert run.kept() == set()
    assert len(run.held()) == 3
    assert (row.outcome, row.kind) == (Outcome.EMPTY, "unkept")
    assert row.reason.startswith("no page that it lists could be read (3 were held: unkept)")


def test_a_page_that_is_not_kept_after_all_stays_in_quarantine(run, read):
    bad = read(8, kicker=HALF)
    run.spider.recovered.add(bad.article.url)

    run.ends(bad, read(1))

    assert [page.url for page in run.held()] == [bad.article.url]


def test_an_answer_that_cannot_be_written_leaves_its_release_without_a_snapshot(run, read):
    bad = read(8, capture={"url": f"https://example.ir/{HALF}"})

    row = run.ends(read(1), bad)

    kept = {item.article.url: item.article.snapshot for item in run.archive.articles(Query())}
    assert len(kept) == 2
    assert [url for url, snapshot in kept.items() if snapshot is None] == [bad.article.url]
    assert "such as the answer of https://example.ir/ : UnicodeEncodeError" in row.reason
    assert row.counts["answers-unkept"] == 1


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        (Listed((Sighting(key="id:1", url=HALF, place="listing"),)), "a list of 1 releases"),
        (Missed(f"id:a{HALF}"), "id:a"),
        (Confirmed(f"id:b{HALF}"), "id:b"),
        (Unlisted(f"id:c{HALF}"), "id:c"),
        (
            Unread(
                Quarantined(source=SOURCE, url=f"https://a/{HALF}", kind="dns", reason="-", extractor="-", headers={})
            ),
            "https://a/",
        ),
        (None, "http"),
    ],
)
def test_whatever_else_cannot_be_kept_is_named_and_leaves_the_run_unfinished(run, read, make, bad, named):
    good = read(1)

    row = run.ends(good, bad or Reading(make(2, kicker=HALF)))

    assert run.kept() == {good.article.url}
    assert row.counts["failed/unkept"] == 1
    assert not row.swept
    assert f"such as {named}" in row.reason


def test_a_crawl_whose_end_goes_wrong_ends_in_an_outcome_all_the_same(run, read):
    run.spider.doubted = [None]  # which nobody can settle

    row = run.ends(read(1))

    assert row.outcome is Outcome.STOPPED
    assert row.reason.startswith("TypeError: ")
    assert not row.swept


def test_images_that_the_archive_does_not_take_are_named_and_fail_nothing_else(run, read):
    drawn = io.BytesIO()
    PIL.Image.new("RGB", (64, 48)).save(drawn, "PNG")
    run.pipeline.pictures = Pictures(run.archive, run.spider)
    raster, at = rasters.read(drawn.getvalue()), read(1).article.fetched_at
    run.pipeline.pictures.kept += [
        run.archive.images.keep(raster, source=SOURCE, url=f"https://a.ir/{name}.png", at=at) for name in ("a", HALF)
    ]

    row = run.ends(read(1))

    assert (row.outcome, row.counts["new"], row.counts["images-failed"]) == (Outcome.OK, 1, 2)
    assert "2 images are not kept, such as https://a.ir/a.png: " in row.reason
