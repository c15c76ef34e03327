import os
from pathlib import Path

import pytest

from syndication.errors import CannotWrite
from syndication.feeds import find, known, render
from syndication.feeds.announced import FRAGMENTS
from syndication.publish import Publication, publish

BASE = "https://news.example.ir"


def files(directory: Path) -> dict[str, tuple[bytes, int]]:
    found = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in found}


@pytest.fixture
def site(full, catalogue, tmp_path):
    publish(full, catalogue, tmp_path / "site", BASE)
    return tmp_path / "site"


def test_every_feed_is_a_file_in_every_format(site, full, catalogue):
    paths = {f"feeds/{feed.path}.{format_}" for feed in known(catalogue) for format_ in ("rss", "atom", "json")}
    assert set(files(site)) == paths
    feed = find("province/yazd", catalogue)
    assert (site / "feeds/province/yazd.atom").read_bytes() == render(full, feed, "atom", BASE)


def test_a_second_publish_writes_nothing(site, full, catalogue):
    before = files(site)
    FRAGMENTS.clear()
    assert publish(full, catalogue, site, BASE) == Publication(written=0, unchanged=len(before))
    assert files(site) == before


def test_one_new_release_rewrites_the_feeds_it_stands_in(site, full, catalogue, keep, make):
    keep(make(99, title="تازه"))
    result = publish(full, catalogue, site, BASE)
    assert result.written == 4 * 3
    assert "تازه" in (site / "feeds/source/mcls-yazd.rss").read_text(encoding="utf-8")


def test_progress_counts_to_the_end(archive, catalogue, tmp_path):
    seen = []
    publish(archive, catalogue, tmp_path / "site", BASE, lambda done, of: seen.append((done, of)))
    assert seen[0][0] == 1
    assert seen[-1] == (len(known(catalogue)),) * 2


def test_files_can_be_read_by_a_web_server(site):
    umask = os.umask(0)
    os.umask(umask)
    assert (site / "feeds/all.rss").stat().st_mode & 0o777 == 0o666 & ~umask


def test_a_directory_that_cannot_be_made_is_one_clear_line(archive, catalogue, tmp_path):
    (tmp_path / "site").write_text("a file")
    with pytest.raises(CannotWrite, match=r"cannot be made: .*; name another directory") as error:
        publish(archive, catalogue, tmp_path / "site", BASE)
    assert "\n" not in str(error.value)


def test_a_file_that_cannot_be_replaced_is_one_clear_line_and_leaves_no_draft(archive, catalogue, tmp_path):
    (tmp_path / "site/feeds/all.rss").mkdir(parents=True)
    with pytest.raises(CannotWrite, match=r"all\.rss cannot be written: "):
        publish(archive, catalogue, tmp_path / "site", BASE)
    assert files(tmp_path / "site") == {}
