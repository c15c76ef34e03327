"""The whole way in: `monadi harvest` against the sample newsroom, as an operator runs it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive import Archive, ArchivedArticle, Kind, Query, crawls, tables
from archive.database import sqlite_url
from persian.calendars import TEHRAN, to_jalali
from persian.text import display
from sources.sample import Release, SampleNewsroom
from sources.sample.fa_portal import FaPortal
from sources.sample.site import Answer

Harvest = Callable[..., subprocess.CompletedProcess[str]]
PAGES = ["/", "/page/2/", "/page/3/"]  # the whole list of an office with 13 releases
ARTICLE = re.compile(r"^/fa/(news|print)/\d+|^/\d{4}/\d\d/\d\d/")


@pytest.fixture
def surroundings(newsroom: SampleNewsroom, tmp_path: Path) -> dict[str, str]:
    newsroom.write_catalogue(tmp_path / "catalogue")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("MONADI_")},
        "MONADI_DATA": str(tmp_path / "data"),
        "MONADI_CATALOGUE": str(tmp_path / "catalogue"),
        "MONADI_ALLOW_HOSTS": "127.0.0.0/8",
    }


@pytest.fixture
def harvest(surroundings: dict[str, str], tmp_path: Path) -> Harvest:
    def run(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "monadi", "harvest", *words]
        environment = {**surroundings, **changes}
        return subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )

    return run


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(sqlite_url(tmp_path / "data" / "monadi.db"), tmp_path / "data" / "search") as opened:
        yield opened


def by_id(archive: Archive) -> dict[str, ArchivedArticle]:
    return {item.id: item for item in archive.articles(Query())}


def truth(release: Release) -> dict[str, Any]:
    return {
        "kicker": release.kicker,
        "title": release.title,
        "lead": release.lead,
        "body": [display(paragraph) for paragraph in release.paragraphs],
        "tags": sorted(release.tags),
        "published": release.published,
    }


def reading(item: ArchivedArticle) -> dict[str, Any]:
    article = item.article
    return {
        "kicker": article.kicker,
        "title": article.title,
        "lead": article.lead,
        "body": article.body.split("\n"),
        "tags": sorted(article.tags),
        "published": article.published and article.published.gregorian,
    }


def article_pages(newsroom: SampleNewsroom) -> list[tuple[str, str]]:
    return [(office, target) for office, target in newsroom.requests if ARTICLE.match(target)]


def test_every_release_is_read_exactly_as_its_office_wrote_it(newsroom, harvest, archive) -> None:
    done = harvest()

    assert done.returncode == 0, done.stderr
    kept = by_id(archive)
    expected = {f"sample-{release.office}/{release.id}": truth(release) for release in newsroom.releases}
    assert {id_: reading(item) for id_, item in kept.items()} == expected
    assert archive.count(Query()) == len(newsroom.releases) >= 36


def test_a_second_harvest_fetches_no_article_page_again(newsroom, harvest, archive, told) -> None:
    harvest()
    newsroom.requests.clear()

    done = harvest()

    assert article_pages(newsroom) == []
    assert done.stdout.count("quiet, 0 new") == len(newsroom.offices)
    assert [change.kind for change in told(archive)] == ["new"] * len(newsroom.releases)


def listing_pages(newsroom: SampleNewsroom) -> list[str]:
    return [target for office, target in newsroom.requests if office == "gilan" and target in PAGES]


def test_a_second_harvest_ends_at_a_listing_page_that_has_not_changed(newsroom, harvest) -> None:
    harvest()
    newsroom.requests.clear()

    harvest()

    assert listing_pages(newsroom) == PAGES[:1]


def test_a_second_harvest_ends_at_the_second_listing_page_of_settled_articles(newsroom, harvest) -> None:
    harvest()
    newsroom.requests.clear()
    newsroom.edit(next(release.id for release in newsroom.releases if release.office == "gilan"), title="خبر نخست")

    harvest()

    assert listing_pages(newsroom) == PAGES[:2]


def test_the_front_page_is_asked_in_the_place_of_a_feed_that_is_not_there(newsroom, harvest) -> None:
    site = newsroom._sites["yazd"]
    answer = site.answer
    site.answer = lambda target: Answer(status=404) if target == FaPortal.feed else answer(target)
    asked = []
    for _ in range(5):
        del newsroom.requests[:]
        harvest("sample-yazd")
        asked.append([target for _, target in newsroom.requests if target in {FaPortal.feed, "/"}])

    assert asked == [[FaPortal.feed]] * 3 + [["/"]] * 2


def test_a_harvest_asks_for_nothing_that_robots_txt_forbids(newsroom, harvest) -> None:
    harvest("--full")

    assert [target for _, target in newsroom.requests if "/print/" in target or "/admin/" in target] == []


def test_a_full_harvest_sees_edits_and_nothing_but_edits(newsroom, harvest, archive, told) -> None:
    harvest()
    edited, moved, gone = (release.id for release in newsroom.releases[:3])
    newsroom.edit(edited, lead="این خبر ویرایش شد و شمار برنامه‌ها از سه به چهار رسید.")
    newsroom.move(moved, "نشانی-تازه")
    newsroom.remove(gone)

    harvest("--full")

    assert [change.kind for change in told(archive, len(newsroom.releases) + 1)] == ["revised"]
    kept = by_id(archive)
    office = next(release.office for release in newsroom.releases if release.id == edited)
    assert kept[f"sample-{office}/{edited}"].revision == 2
    assert kept[f"sample-{office}/{moved}"].article.aliases
    assert kept[f"sample-{office}/{gone}"].state == "live"


def shift(archive: Archive, id_: str, **columns: timedelta) -> None:
    """Let instants of an article lie further back."""
    this = tables.articles.c.id == id_
    with archive.writing() as connection:
        row = connection.execute(sa.select(tables.articles).where(this)).one()
        moved = {name: row._mapping[name] - by for name, by in columns.items()}
        connection.execute(sa.update(tables.articles).where(this).values(**moved))


def test_a_release_that_is_removed_is_gone_when_it_is_still_missing_six_hours_later(
    newsroom, harvest, archive, told
) -> None:
    harvest()
    removed = newsroom.releases[0]
    id_ = f"sample-{removed.office}/{removed.id}"
    newsroom.remove(removed.id)

    assert "1 missing" in harvest("--full").stdout
    assert archive.article(id_).state == "live"

    shift(archive, id_, missing_since=timedelta(hours=6))
    assert "1 gone" in harvest().stdout
    assert archive.article(id_).state == "gone"
    assert archive.article(id_).article.title == removed.title
    assert [change.kind for change in told(archive, len(newsroom.releases) + 1)] == ["gone"]

    newsroom.requests.clear()
    harvest("--full")
    assert removed.id not in " ".join(target for _, target in newsroom.requests)


@pytest.mark.parametrize("office", ["yazd", "gilan", "hormozgan"])
def test_a_release_that_no_list_names_any_more_is_unlisted_until_one_does(
    newsroom, harvest, archive, office, told
) -> None:
    harvest()
    *_, hidden, _, oldest = (release for release in newsroom.releases if release.office == office)
    newsroom.unlist(hidden.id)
    newsroom.unlist(oldest.id)  # no list goes further back, so a list may just have grown shorter

    assert "1 unlisted" in harvest("--full").stdout
    states = {item.id: item.state for item in archive.articles(Query()) if item.state != "live"}
    assert states == {f"sample-{office}/{hidden.id}": "unlisted"}

    newsroom.list(hidden.id)
    assert "1 back" in harvest("--full").stdout
    assert archive.article(f"sample-{office}/{hidden.id}").state == "live"
    assert [change.kind for change in told(archive, len(newsroom.releases))] == ["unlisted", "back"]


def test_a_recent_release_is_looked_at_again_an_hour_later_and_an_edit_is_seen(newsroom, harvest, archive) -> None:
    at = datetime.now(UTC) - timedelta(hours=2)
    year, month, day = to_jalali(at.astimezone(TEHRAN).date())
    stated = f"{year}-{month:02}-{day:02}T{at.astimezone(TEHRAN):%H:%M:00}"
    release = Release(id="99002", office="gilan", title="خبر تازه", body="متن خبر تازه.", jalali=stated)
    newsroom.add(release)
    harvest()
    newsroom.edit("99002", body="متن خبر تازه ویرایش شد.")

    assert "0 new" in harvest().stdout
    assert archive.article("sample-gilan/99002").revisions == 1

    shift(archive, "sample-gilan/99002", last_seen=timedelta(hours=1, minutes=30))
    assert "1 revised" in harvest().stdout
    assert archive.article("sample-gilan/99002").article.body == "متن خبر تازه ویرایش شد."


def test_a_new_release_is_found_without_reading_the_old_ones(newsroom, harvest, archive) -> None:
    harvest()
    newsroom.requests.clear()
    newsroom.add(
        Release(id="99001", office="gilan", title="خبر تازه", body="متن خبر تازه.", jalali="1404-06-30T10:00:00")
    )

    harvest()

    assert len(article_pages(newsroom)) == 1
    assert archive.article("sample-gilan/99001").article.title == "خبر تازه"


def test_a_killed_harvest_is_completed_by_the_next_one(
    newsroom, surroundings, harvest, archive, tmp_path, told
) -> None:
    process = subprocess.Popen([sys.executable, "-m", "monadi", "harvest"], env=surroundings, cwd=tmp_path)
    while len(article_pages(newsroom)) < len(newsroom.releases) // 2:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()

    harvest()

    assert archive.count(Query()) == len(newsroom.releases)
    with archive.reading() as connection:
        assert list(archive.snapshots.verify(connection)) == []
    assert len({change.article for change in told(archive)}) == len(told(archive)) == len(newsroom.releases)


def test_a_limited_harvest_does_not_hide_the_rest_from_the_next_one(newsroom, harvest, archive) -> None:
    harvest("--limit", "3")
    assert archive.count(Query()) == 3 * len(newsroom.offices)

    harvest()

    assert archive.count(Query()) == len(newsroom.releases)


def test_a_run_cut_short_after_a_complete_one_does_not_hide_what_it_left(newsroom, harvest, archive) -> None:
    harvest()
    before = len(newsroom.releases)
    for number in range(25):  # more than two pages of the list, and more than the feed holds
        newsroom.add(
            Release(
                id=str(90_000 + number),
                office="gilan",
                title=f"خبر شماره {number}",
                body=f"متن خبر شماره {number} و دیگر هیچ.",
                jalali=f"1404-06-{number + 1:02}T10:00:00",
            )
        )
    harvest("sample-gilan", "--limit", "10")
    assert archive.count(Query()) == before + 10

    harvest("sample-gilan")

    assert archive.count(Query()) == before + 25


def test_since_and_until_keep_only_releases_of_those_days(newsroom, harvest, archive) -> None:
    harvest("--since", "۱۴۰۳", "--until", "1403-06")

    expected = {release.title for release in newsroom.releases if "1403-01-01" <= release.jalali[:10] <= "1403-06-31"}
    assert {item.article.title for item in archive.articles(Query())} == expected
    assert expected


def test_a_dry_run_keeps_nothing(newsroom, harvest, tmp_path) -> None:
    done = harvest("--dry-run", "--limit", "2")

    assert done.stdout.count("2 new") == len(newsroom.offices)
    assert not (tmp_path / "data").exists()


def test_a_page_that_cannot_be_read_is_quarantined_and_stops_nothing(newsroom, harvest, surroundings, tmp_path) -> None:
    broken = next(release for release in newsroom.releases if release.office == "yazd")
    newsroom.edit(broken.id, title=" ")

    done = harvest()

    assert "1 quarantined" in done.stdout
    status = subprocess.run(
        [sys.executable, "-m", "monadi", "status", "--json"],
        env=surroundings,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    held = {line["source"]: line["held"] for line in map(json.loads, status.stdout.splitlines())}
    assert held == {"sample-gilan": 0, "sample-hormozgan": 0, "sample-yazd": 1}


def test_a_release_under_a_long_address_is_read_as_any_other(newsroom, harvest, archive) -> None:
    long = newsroom.releases[0]
    newsroom.edit(long.id, slug="رونمایی-" * 60)

    harvest()

    assert [len(item.article.url) > 2083 for item in by_id(archive).values()].count(True) == 1  # Scrapy's own limit


def test_what_a_wrong_entry_held_back_is_taken_in_once_the_entry_is_mended(
    newsroom, harvest, surroundings, archive, tmp_path
) -> None:
    entry = tmp_path / "catalogue" / "agencies" / "sample.toml"
    right = entry.read_text("utf-8")
    entry.write_text(right.replace("[yazd]\n", '[yazd]\nselectors = { title = ".of-another-site" }\n'), "utf-8")
    releases = {release.id: release for release in newsroom.releases if release.office == "yazd"}
    harvest("sample-yazd")
    harvest("sample-yazd")
    with archive.reading() as connection:
        held = {page.url: page.first_at for page in crawls.held(connection)}
    before = len(newsroom.requests), archive.count(Query())

    entry.write_text(right, "utf-8")
    command = [sys.executable, "-m", "monadi", "archive", "reextract", "--quarantined", "--source", "sample-yazd"]
    done = subprocess.run(
        command, env=surroundings, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.stdout, done.returncode) == (f"sample-yazd: {len(releases)} new, 0 reread\n", 0)
    assert (before, len(newsroom.requests)) == ((before[0], 0), before[0])
    items = list(archive.articles(Query()))
    assert {item.article.native_id: reading(item) for item in items} == {
        id_: truth(release) for id_, release in releases.items()
    }
    assert {item.article.url: item.first_seen for item in items} == held
    assert {change.kind for change in archive.changes(0)} <= {Kind.NEW, Kind.COPIED}
    with archive.reading() as connection:
        assert list(crawls.held(connection)) == []
    assert harvest("sample-yazd").stdout.startswith("sample-yazd: quiet, 0 new")


def test_a_newsroom_that_does_not_answer_is_named_and_the_others_are_read(newsroom, harvest, tmp_path) -> None:
    catalogue = tmp_path / "catalogue" / "agencies" / "sample.toml"
    dead = '\n[dead]\nurl = "http://127.0.0.1:9/"\nprovince = "IR-25"\nplatform = "fa_portal"\ndelay = 0.0\n'
    catalogue.write_text(catalogue.read_text("utf-8") + dead, "utf-8")

    done = harvest()

    assert done.returncode == 1
    assert "sample-dead: unreachable" in done.stdout
    assert "refuses connections" in done.stdout
    assert done.stdout.count(": ok,") == len(newsroom.offices)


def test_newsrooms_on_this_machine_are_closed_unless_the_operator_opens_them(newsroom, harvest) -> None:
    done = harvest(MONADI_ALLOW_HOSTS="")

    assert done.returncode == 1
    assert newsroom.requests == []
    assert "MONADI_ALLOW_HOSTS" in done.stdout


def test_a_newsroom_is_read_as_the_platform_that_is_asked_for(newsroom, harvest, archive) -> None:
    done = harvest("--platform", "generic", "sample-gilan", "sample-yazd")

    assert done.stdout.count(": degraded, ") == 2
    assert {item.article.extractor.partition("/")[0] for item in archive.articles(Query())} == {"generic"}
    assert "no platform 'wordprss'; there are fa_portal, iransamaneh" in harvest("--platform", "wordprss").stderr


def test_a_newsroom_whose_platform_is_not_stated_is_recognised(newsroom, harvest, archive, tmp_path) -> None:
    catalogue = tmp_path / "catalogue" / "agencies" / "sample.toml"
    catalogue.write_text(re.sub('platform = "[a-z_]+"', 'platform = "auto"', catalogue.read_text("utf-8")), "utf-8")

    harvest()

    assert archive.count(Query()) == len(newsroom.releases)


def test_scrapy_crawls_a_source_as_its_users_expect(newsroom, surroundings, archive, tmp_path) -> None:
    project = Path(__file__).parents[2]
    command = [sys.executable, "-m", "scrapy", "crawl", "sample-gilan", "-a", "limit=4"]
    done = subprocess.run(
        command, env=surroundings, cwd=project, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stderr
    assert {item.article.source for item in archive.articles(Query())} == {"sample-gilan"}
    assert archive.count(Query()) == 4
