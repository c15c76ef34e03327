"""Feeds as files: what stands there, what is left alone, what goes, and what a fault leaves behind."""

import gzip
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import orjson
import pytest

from archive import absences
from sources import Catalogue
from syndication import publish as publishing
from syndication import site as sites
from syndication.compression import SMALLEST
from syndication.errors import CannotWrite
from syndication.feeds import Place, compose, find, issue_of, known, located, parts_of, render
from syndication.feeds.announced import FRAGMENTS
from syndication.publish import Publication, publish

BASE = "https://news.example.ir"
FORMATS = ("rss", "atom", "json")
NOW = datetime.now(UTC)
TINY = {"static/font.css"}  # too little for compressed forms


def files(directory: Path) -> dict[str, tuple[bytes, int]]:
    found = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in found}


def contents(directory: Path) -> dict[str, bytes]:
    return {path: content for path, (content, _) in files(directory).items()}


def plain(paths) -> set[str]:
    """The paths of feeds and archived documents, without format or coding."""
    suffixes = tuple(f".{format_}" for format_ in FORMATS)
    return {
        path.removeprefix("feeds/").rpartition(".")[0]
        for path in paths
        if path.startswith("feeds/") and path.endswith(suffixes)
    }


def changed(before, after) -> set[str]:
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def named(manifest: Path) -> dict:
    return orjson.loads(manifest.read_bytes())["files"]


@pytest.fixture
def site(full, catalogue, tmp_path):
    publish(full, catalogue, tmp_path / "site", BASE)
    return tmp_path / "site"


def remove(archive, number, at=NOW):
    with archive.writing() as connection:
        for hours in (0, 7):
            absences.missed(connection, "mcls-yazd", [f"id:{number}"], at + timedelta(hours=hours))


# ---- what is there ----


def test_every_feed_and_every_archived_document_is_a_file_in_every_format(site, full, catalogue):
    feeds = [*known(catalogue), find("tag/اشتغال", catalogue), find("tag/یزد", catalogue)]
    expected = {feed.path for feed in feeds}
    expected |= {f"{feed.path}/{part.path}" for feed in feeds for part, _ in parts_of(full, feed)}
    assert plain(files(site)) == expected
    assert {"all/1400/08", "source/mcls-yazd/1400/09", "tag/یزد/1400/08"} <= expected


def test_what_is_published_is_what_is_served(full, catalogue, tmp_path):
    hub = "https://hub.example.ir/"
    publish(full, catalogue, tmp_path, BASE, hub=hub)
    for path, (content, _) in files(tmp_path / "feeds").items():
        document, _, format_ = path.rpartition(".")
        if format_ in FORMATS:
            feed, part = located(document)
            found = find(feed, catalogue)
            place = Place(base_url=BASE, hub=hub)
            assert content == compose(found, issue_of(full, found, part), format_, place), path


def test_publishing_closes_the_months_that_are_over(site, full, catalogue):
    assert all(closed for _, closed in parts_of(full, find("all", catalogue)))


def test_compressed_forms_stand_beside_and_decode_to_the_file(site):
    found = contents(site)
    for path in named(site / "manifest.json").keys() - TINY:
        assert gzip.decompress(found[f"{path}.gz"]) == brotli.decompress(found[f"{path}.br"]) == found[path]
    assert {"static/icon.png", "static/feed.css", "static/vazirmatn.woff2", "feeds.opml", "index.html"} <= found.keys()
    assert all(len(found[path]) < SMALLEST for path in TINY)


def test_the_manifest_names_every_file_and_the_state_that_they_show(site, full):
    told = orjson.loads((site / "manifest.json").read_bytes())
    assert told | {"layout": 1, "base_url": BASE, "hub": None, "change": 60, "closing": 1} == told
    every = {path + suffix for path in told["files"] for suffix in ("", *(() if path in TINY else (".gz", ".br")))}
    assert contents(site).keys() == every | {"manifest.json"}
    kept = told["files"]["feeds/all.rss"]
    assert kept["bytes"] == (site / "feeds/all.rss").stat().st_size


@pytest.mark.parametrize(("least", "tags"), [(0, set()), (60, {"tag/اشتغال", "tag/یزد"}), (61, set())])
def test_tags_have_feeds_when_they_have_releases_enough(least, tags, full, catalogue, tmp_path):
    publish(full, catalogue, tmp_path, BASE, tags=least)
    assert {path for path in plain(files(tmp_path)) if path.startswith("tag/") and path.count("/") == 1} == tags


def test_a_tag_that_cannot_be_the_name_of_a_file_is_left_out_and_told(archive, catalogue, keep, make, tmp_path):
    long = "ب" * 101
    keep(make(1, tags=("../../درون", long, "NUL", "com1", "con.x", "../.git", "a\u202eb/\x00")))
    done = publish(archive, catalogue, tmp_path / "site", BASE, tags=1)
    assert set(done.left_out) == {f"tag/{long}", "tag/nul", "tag/com1"}
    published = {path for path in plain(files(tmp_path / "site")) if path.startswith("tag/") and path.count("/") == 1}
    assert published == {"tag/درون", "tag/con x", "tag/git", "tag/ab"}
    assert {path.name for path in tmp_path.iterdir()} <= {
        "site",
        "monadi.db",
        "monadi.db-wal",
        "monadi.db-shm",
        "search",
    }
    assert (tmp_path / "site/feeds/tag/درون.rss").is_file()


def test_files_can_be_read_by_a_web_server(site):
    umask = os.umask(0)
    os.umask(umask)
    assert (site / "feeds/all.rss").stat().st_mode & 0o777 == 0o666 & ~umask


def test_progress_counts_to_the_end(archive, catalogue, tmp_path):
    seen = []
    publish(archive, catalogue, tmp_path / "site", BASE, lambda done, of: seen.append((done, of)))
    assert seen[0][0] == 1
    assert seen[-1] == (len(known(catalogue)),) * 2


# ---- what is left alone ----


def test_a_second_publish_writes_nothing_and_renders_nothing(site, full, catalogue):
    before, seen = files(site), []
    done = publish(full, catalogue, site, BASE, lambda *told: seen.append(told))
    assert done == Publication(written=0, unchanged=len(named(site / "manifest.json")))
    assert files(site) == before
    assert seen == []


def test_rendering_everything_anew_writes_nothing_either(site, full, catalogue):
    before = files(site)
    FRAGMENTS.clear()
    assert publish(full, catalogue, site, BASE, anew=True).written == 0
    assert files(site) == before


def test_one_new_release_rewrites_the_feeds_it_stands_in(site, full, catalogue, keep, make):
    before = files(site)
    keep(make(99, title="تازه", tags=("یزد",)))
    done = publish(full, catalogue, site, BASE)
    feeds = {"all", "province/yazd", "agency/mcls", "source/mcls-yazd", "tag/یزد", "changes"}
    touched = changed(before, files(site)) - {"manifest.json"}
    # the current documents, but that of edits says the same; and a second document of the closed month
    assert plain(touched) == {path for feed in feeds - {"changes"} for path in (feed, f"{feed}/1400/09-2")}
    assert done.written == 5 * 2 * 3
    assert "تازه" in (site / "feeds/source/mcls-yazd/1400/09-2.rss").read_text(encoding="utf-8")


def test_an_open_document_grows_at_its_end_alone(site, full, catalogue, keep, make, monkeypatch):
    monkeypatch.setattr("syndication.feeds.issue.LONGEST", 3)
    keep(*(make(number, "۱ دی ۱۴۰۰") for number in range(100, 110)))
    publish(full, catalogue, site, BASE, anew=True)
    before = files(site)
    keep(make(110, "۱ دی ۱۴۰۰"))
    publish(full, catalogue, site, BASE)
    of_all = {path for path in plain(changed(before, files(site))) if path.startswith("all")}
    assert of_all == {"all", "all/1400/10-3", "all/1400/10-4"}  # the last, and the one whose next-archive it is


def test_an_edit_in_a_closed_month_does_not_touch_its_file(site, full, catalogue, keep, make):
    before = files(site)
    edited = make(5, "۶ آبان ۱۴۰۰ ۰۵:۱۵", title="ویراسته", tags=("دیگر",), fetched_at=NOW)
    keep(edited)
    remove(full, 6)
    publish(full, catalogue, site, BASE)
    touched = plain(changed(before, files(site)))
    assert not {path for path in touched if path.endswith(("1400/08", "1400/09"))}
    assert {"all", "all/1400/08-2", "changes", "changes/1", "tag/یزد", "tag/اشتغال"} <= touched


def test_a_tag_that_a_release_has_no_more_is_told_by_its_feed(site, full, catalogue, keep, make):
    keep(make(56, "۲۸ آبان ۱۴۰۰", tags=("اشتغال",), lead="ویراسته", fetched_at=NOW))
    publish(full, catalogue, site, BASE)
    current = find("tag/یزد", catalogue)
    assert (site / "feeds/tag/یزد.atom").read_bytes() == render(full, current, "atom", BASE)


def test_another_address_or_hub_is_in_every_file(site, full, catalogue):
    before = contents(site)
    publish(full, catalogue, site, "https://other.example.ir/", hub="https://hub.example.ir/")
    after = contents(site)
    assert all(BASE.encode() not in content for path, content in after.items() if path.endswith(FORMATS))
    assert before["static/feed.css"] == after["static/feed.css"]


def test_the_files_of_another_archive_are_not_taken_for_those_of_this_one(site, full, catalogue, make, tmp_path):
    from archive import Archive, crawls, intake  # noqa: PLC0415
    from archive.database import sqlite_url  # noqa: PLC0415

    with Archive(sqlite_url(tmp_path / "other.db"), tmp_path / "other") as other:
        other.upgrade()
        with other.writing() as connection:
            crawls.register(connection, catalogue.sources.values())
            intake.save(connection, [make(number, title="دیگر") for number in range(70)])
        publish(other, catalogue, site, BASE)
        publish(other, catalogue, tmp_path / "fresh", BASE)
    assert contents(site) == contents(tmp_path / "fresh")


# ---- what goes ----


@pytest.fixture
def smaller(tmp_path):
    """A catalogue of one office, without the other that has releases."""
    directory = tmp_path / "catalogue" / "agencies"
    directory.mkdir(parents=True)
    (directory / "mcls.toml").write_text(
        '[agency]\nname_fa = "کار"\nname_en = "Labour"\nplatform = "fa_portal"\n\n[yazd]\nurl = "https://yazd.mcls.gov.ir/"\n',
        encoding="utf-8",
    )
    return Catalogue.load(tmp_path / "catalogue")


def test_a_source_that_leaves_the_catalogue_takes_its_files_along(site, full, catalogue, smaller):
    assert (site / "feeds/source/mcls-hormozgan/1400/09.rss").is_file()
    mine = site / "feeds/source/mcls-hormozgan/1400/mine.txt"
    mine.write_text("not of Monadi", encoding="utf-8")
    done = publish(full, smaller, site, BASE)
    left = [path for path in files(site) if "mcls-hormozgan" in path]
    assert left == ["feeds/source/mcls-hormozgan/1400/mine.txt"]
    assert done.removed > 3 * len(catalogue.agencies)
    assert not (site / "feeds/source/ostandari-yazd").exists()


def test_directories_that_became_empty_go_and_what_others_put_there_stays(site, full, smaller):
    (site / "mine.html").write_text("mine", encoding="utf-8")
    (site / "feeds/all.txt").write_text("mine", encoding="utf-8")
    publish(full, smaller, site, BASE)
    assert (site / "mine.html").is_file()
    assert (site / "feeds/all.txt").is_file()
    assert not (site / "feeds/source/mcls-hormozgan").exists()


def test_a_manifest_never_leads_out_of_the_directory(site, full, catalogue, tmp_path):
    (tmp_path / "other.txt").write_text("mine", encoding="utf-8")
    told = orjson.loads((site / "manifest.json").read_bytes())
    told["files"]["../other.txt"] = told["files"][f"{tmp_path}/other.txt"] = told["files"]["static/feed.css"]
    (site / "manifest.json").write_bytes(orjson.dumps(told))
    publish(full, catalogue, site, BASE)
    assert (tmp_path / "other.txt").is_file()


# ---- faults ----


@pytest.mark.parametrize("suffix", ["", ".gz", ".br"])
@pytest.mark.parametrize("path", ["feeds/all.rss", "feeds/province/yazd/1400/08.atom", "static/feed.css"])
def test_a_file_that_is_missing_or_cut_off_is_written_anew(path, suffix, site, full, catalogue):
    before = contents(site)
    (site / (path + suffix)).unlink()
    assert publish(full, catalogue, site, BASE).written == 1
    assert contents(site) == before
    (site / (path + suffix)).write_bytes(before[path + suffix][:100])
    assert publish(full, catalogue, site, BASE).written == 1
    assert contents(site) == before


def test_a_block_of_edits_that_ends_without_one_has_another_address(
    site, full, catalogue, keep, make, tmp_path, monkeypatch
):
    monkeypatch.setattr("syndication.feeds.edits.BLOCK", 8)  # the archive's log has 60 rows
    keep(make(1, lead="ویراسته", fetched_at=make(1).fetched_at + timedelta(days=1)))
    publish(full, catalogue, site, BASE)
    keep(*(make(number) for number in range(200, 204)))  # nothing of these is an edit
    publish(full, catalogue, site, BASE)
    publish(full, catalogue, tmp_path / "fresh", BASE)
    for name in ("changes.atom", "changes.rss", "changes.json"):
        assert (site / "feeds" / name).read_bytes() == (tmp_path / "fresh/feeds" / name).read_bytes()


def test_of_a_large_site_files_are_looked_at_in_turns(site, full, catalogue, monkeypatch):
    monkeypatch.setattr("syndication.publish.LOOKED", 300)
    before = contents(site)
    damaged = [path for path in before if path.startswith("feeds/source/") and path.endswith("atom")]
    for path in damaged:
        (site / path).write_bytes(b"cut off")
    turns = 0
    while contents(site) != before and turns < 50:
        publish(full, catalogue, site, BASE)
        turns += 1
        before |= {"manifest.json": contents(site)["manifest.json"]}  # which says whose turn is next
    assert 1 < turns < 50


def test_closed_files_of_a_feed_with_news_wait_for_their_turn(site, full, catalogue, keep, make, monkeypatch):
    monkeypatch.setattr("syndication.publish.LOOKED", 60)
    damaged = site / "feeds/source/mcls-yazd/1400/08.atom"
    whole = damaged.read_bytes()
    damaged.write_bytes(b"cut off")
    turns = 0
    while damaged.read_bytes() != whole and turns < 50:
        keep(make(200 + turns))
        assert publish(full, catalogue, site, BASE).written > 0
        turns += 1
    assert 1 < turns < 50


@pytest.mark.parametrize("manifest", [b"", b"[]", b"null", b'{"files": {}}', b'{"layout": 1, "files": []}', None])
def test_a_manifest_that_cannot_be_read_costs_time_alone(manifest, site, full, catalogue):
    before = contents(site)
    if manifest is None:
        (site / "manifest.json").unlink()
    else:
        (site / "manifest.json").write_bytes(manifest)
    assert publish(full, catalogue, site, BASE).written == 0
    assert contents(site) == before


class Interrupted(BaseException):
    pass


@pytest.mark.parametrize("after", [1, 7, 40])
@pytest.mark.parametrize("again", [False, True])
def test_an_interrupted_publish_leaves_whole_files_and_the_next_one_completes(
    after, again, full, catalogue, keep, make, tmp_path, monkeypatch
):
    if again:
        publish(full, catalogue, tmp_path / "site", BASE)
        keep(*(make(number, f"{number % 9 + 1} دی ۱۴۰۰", source="mcls-yazd") for number in range(100, 110)))
    before = contents(tmp_path / "site")
    made, put = [], sites._put

    def putting(target, content, **options):
        if len(made) == after:
            raise Interrupted
        made.append(target)
        return put(target, content, **options)

    monkeypatch.setattr(sites, "_put", putting)
    with pytest.raises(Interrupted):
        publish(full, catalogue, tmp_path / "site", BASE)
    monkeypatch.undo()
    assert contents(tmp_path / "site").get("manifest.json") == before.get("manifest.json")
    publish(full, catalogue, tmp_path / "fresh", BASE)
    left, whole = contents(tmp_path / "site"), contents(tmp_path / "fresh")
    assert all(content in (before.get(path), whole[path]) for path, content in left.items())
    publish(full, catalogue, tmp_path / "site", BASE)
    assert contents(tmp_path / "site") == whole


def test_two_publishers_take_turns(full, catalogue, tmp_path):
    import threading  # noqa: PLC0415

    failed = []

    def work():
        try:
            publish(full, catalogue, tmp_path / "site", BASE)
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)

    with sites.locked(tmp_path / "site"):
        both = [threading.Thread(target=work) for _ in range(2)]
        for each in both:
            each.start()
        both[0].join(0.3)
        assert files(tmp_path / "site").keys() == {sites.UNFINISHED}  # which says that somebody writes
    for each in both:
        each.join()
    publish(full, catalogue, tmp_path / "fresh", BASE)
    assert not failed
    assert contents(tmp_path / "site") == contents(tmp_path / "fresh")


def test_a_directory_that_cannot_be_made_is_one_clear_line(archive, catalogue, tmp_path):
    (tmp_path / "site").write_text("a file")
    with pytest.raises(CannotWrite, match=r"cannot be made: .*; name another directory") as error:
        publish(archive, catalogue, tmp_path / "site", BASE)
    assert "\n" not in str(error.value)


def test_a_file_that_cannot_be_replaced_is_one_clear_line_and_leaves_no_draft(archive, catalogue, tmp_path):
    (tmp_path / "site/feeds/all.rss").mkdir(parents=True)
    with pytest.raises(CannotWrite, match=r"all\.rss cannot be written: "):
        publish(archive, catalogue, tmp_path / "site", BASE)
    assert not [path for path in files(tmp_path / "site") if path.endswith(".tmp")]
    assert "manifest.json" not in files(tmp_path / "site")


def test_other_documents_are_published_beside_the_feeds(full, catalogue, tmp_path, monkeypatch):
    beside = publishing.beside
    monkeypatch.setattr(publishing, "beside", lambda *told: [*beside(*told), ("deep/down/more.txt", b"more")])
    publish(full, catalogue, tmp_path, BASE)
    assert (tmp_path / "deep/down/more.txt").read_bytes() == b"more"
    assert not (tmp_path / "deep/down/more.txt.gz").exists()
    monkeypatch.undo()
    assert publish(full, catalogue, tmp_path, BASE).removed == 1
    assert not (tmp_path / "deep").exists()
