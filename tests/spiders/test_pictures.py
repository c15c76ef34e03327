"""The images of releases: fetched as pages are, kept if they are images, and never the end of a crawl."""

import gzip
import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image

from archive import Archive, crawls, tables
from archive.crawls import Crawl, Outcome
from archive.database import sqlite_url
from sources.sample import SampleNewsroom

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
LIST = '<article class="post"><h2 class="entry-title"><a href="/2021/12/06/khabar/">خبر</a></h2></article>'
PAGE = """<article id="post-1" class="post"><h1 class="entry-title">گشایش کارگاه</h1>
<span class="entry-date">۱۵ آذر ۱۴۰۰ ۰۹:۱۹</span><div class="entry-content"><p>متن خبر کارگاه.</p>{}</div></article>"""

Harvest = Callable[..., subprocess.CompletedProcess[str]]


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), colour: str = "teal", **how) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **how)
    return out.getvalue()


class Office:
    """A WordPress office of one release, and of whatever images: path → (status, headers, body or what writes it)."""

    def __init__(self) -> None:
        self.images: dict[str, tuple[int, dict[str, str], object]] = {}
        self.body = ""
        self.robots = ""
        self.asked: list[tuple[float, str, str]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"office": self}))
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server.server_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def show(self, *paths: str) -> None:
        """Have the release show images at these addresses."""
        self.body = "".join(f'<p>بند.</p><img src="{path}" alt="">' for path in paths)

    def paths(self) -> list[str]:
        return [path for _, _, path in self.asked]


class _Handler(BaseHTTPRequestHandler):
    office: Office

    def do_GET(self) -> None:
        self.office.asked.append((time.monotonic(), self.headers["Host"], self.path))
        pages = {"/": LIST, "/2021/12/06/khabar/": PAGE.format(self.office.body), "/robots.txt": self.office.robots}
        if pages.get(self.path):
            kind = "text/plain" if self.path == "/robots.txt" else "text/html; charset=utf-8"
            self.answer(200, {"Content-Type": kind}, pages[self.path].encode())
        else:
            self.answer(*self.office.images.get(self.path, (404, {}, b"")))

    def answer(self, status: int, headers: dict[str, str], body: object) -> None:
        self.send_response(status)
        for name, value in {"Connection": "close", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            if callable(body):
                body(self.wfile)
            else:
                self.wfile.write(body)
        except OSError:
            pass  # whoever asked has hung up

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def office() -> Iterator[Office]:
    opened = Office()
    yield opened
    opened.server.shutdown()
    opened.server.server_close()


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("MONADI_")},
        "MONADI_DATA": str(tmp_path / "data"),
        "MONADI_CATALOGUE": str(tmp_path),
        "MONADI_ALLOW_HOSTS": "127.0.0.0/8,localhost",
        "MONADI_IMAGES": "on",
    }


@pytest.fixture
def harvest(office: Office, surroundings: dict[str, str], tmp_path: Path) -> Harvest:
    (tmp_path / "agencies").mkdir()

    def run(*words: str, delay: float = 0.0, **changes: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "agencies" / "test.toml").write_text(
            f'[agency]\nname_fa = "آزمون"\nname_en = "Test"\ndelay = {delay}\n'
            f'[yazd]\nurl = "{office.url}"\nplatform = "wordpress"\n',
            "utf-8",
        )
        command = [sys.executable, "-m", "monadi", "harvest", *words]
        environment = {**surroundings, **changes}
        return subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=90, check=False
        )

    return run


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(sqlite_url(tmp_path / "data" / "monadi.db"), tmp_path / "data" / "search") as opened:
        yield opened


def held(archive: Archive) -> dict[str, str]:
    """Kind by the path of the image."""
    with archive.reading() as connection:
        rows = connection.execute(sa.select(tables.images.c.url, tables.images.c.kind)).all()
    return {url.partition("://")[2].partition("/")[2]: kind for url, kind in rows}


def crawl(archive: Archive, source: str = "test-yazd") -> Crawl:
    with archive.reading() as connection:
        (found,) = crawls.latest(connection, source)
    return found


def images_of(found: Crawl) -> tuple[int, int, int]:
    """(kept, failed, left out)"""
    return tuple(found.counts.get(name, 0) for name in ("images", "images-failed", "images-left-out"))


def files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "data" / "images").rglob("*") if path.is_file()]


# ---- of a newsroom ----


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[SampleNewsroom]:
    with SampleNewsroom() as opened:
        opened.write_catalogue(tmp_path)
        yield opened


@pytest.fixture
def harvest_sample(surroundings: dict[str, str], tmp_path: Path) -> Harvest:
    def run(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "monadi", "harvest", *words]
        environment = {**surroundings, **changes}
        return subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=90, check=False
        )

    return run


def pictures_asked(newsroom: SampleNewsroom) -> list[str]:
    return [target for _, target in newsroom.requests if target.endswith(".jpg")]


def test_a_newsroom_is_harvested_with_its_images_once(newsroom, harvest_sample, archive, tmp_path):
    illustrated = [release for release in newsroom.releases if release.image]
    done = harvest_sample()
    assert done.returncode == 0, done.stderr
    assert sum(images_of(crawl(archive, f"sample-{office.key}"))[0] for office in newsroom.offices) == len(illustrated)
    assert set(held(archive).values()) == {"jpg"}
    assert len(files(tmp_path)) == 1  # all of them show the same
    newsroom.requests.clear()
    harvest_sample("--full")
    assert pictures_asked(newsroom) == []


def test_images_are_off_until_they_are_turned_on_and_come_with_a_full_harvest_then(newsroom, harvest_sample, archive):
    harvest_sample(MONADI_IMAGES="off")
    assert pictures_asked(newsroom) == []
    harvest_sample()
    assert pictures_asked(newsroom) == []
    harvest_sample("--full")
    assert len(pictures_asked(newsroom)) == len(held(archive)) == len([r for r in newsroom.releases if r.image])


def test_a_dry_run_fetches_no_image(newsroom, harvest_sample, tmp_path):
    harvest_sample("--dry-run")
    assert pictures_asked(newsroom) == []
    assert files(tmp_path) == []


def test_a_setting_that_is_none_is_refused(harvest):
    done = harvest(MONADI_IMAGES="perhaps")
    assert done.returncode == 2
    assert "MONADI_IMAGES" in done.stderr


# ---- of hostile sites ----


def test_what_is_an_image_is_kept_by_its_bytes_whatever_it_is_called(office, harvest, archive):
    office.images = {
        "/a.php": (200, {"Content-Type": "text/html"}, picture("JPEG")),
        "/b.svg": (200, {"Content-Type": "image/svg+xml"}, picture("WEBP")),
        "/c": (200, {}, picture("GIF")),
    }
    office.show(*office.images)
    harvest()
    assert held(archive) == {"a.php": "jpg", "b.svg": "webp", "c": "gif"}


def test_what_is_no_image_fails_alone_and_is_named(office, harvest, archive, tmp_path):
    office.images = {
        "/good.png": (200, {"Content-Type": "image/png"}, picture()),
        "/script.png": (200, {"Content-Type": "image/png"}, SVG),
        "/page.jpg": (200, {"Content-Type": "image/jpeg"}, b"<!doctype html><title>404</title>"),
        "/none.png": (404, {}, b""),
        "/error.png": (500, {}, b""),
        "/cut.png": (200, {"Content-Type": "image/png"}, picture()[:60]),
    }
    office.show(*office.images)
    done = harvest()
    found = crawl(archive)
    assert done.returncode == 0, done.stdout
    assert (found.outcome, found.swept) == (Outcome.OK, True)
    assert images_of(found) == (1, 5, 0)
    assert held(archive) == {"good.png": "png"}
    assert len(files(tmp_path)) == 1
    assert "5 images are not kept, such as http" in found.reason
    assert "1 images" in done.stdout


def test_what_nobody_looks_at_is_left_out(office, harvest, archive):
    office.images = {"/dot.gif": (200, {"Content-Type": "image/gif"}, picture("GIF", (31, 31)))}
    office.show("/dot.gif")
    harvest()
    assert held(archive) == {}
    assert images_of(crawl(archive)) == (0, 0, 1)


def test_an_image_of_five_megabytes_is_the_largest(office, harvest, archive):
    def endless(wire) -> None:
        for _ in range(50):
            wire.write(bytes(2**20))

    large = picture("BMP", (64, 48)) * 600
    office.images = {
        "/endless.jpg": (200, {"Content-Type": "image/jpeg"}, endless),
        "/stated.jpg": (200, {"Content-Type": "image/jpeg", "Content-Length": str(50 * 2**20)}, endless),
        "/large.png": (200, {"Content-Type": "image/png"}, picture() + large),
        "/good.png": (200, {"Content-Type": "image/png"}, picture()),
    }
    office.show(*office.images)
    done = harvest()
    assert done.returncode == 0, done.stdout
    assert held(archive) == {"good.png": "png"}
    assert images_of(crawl(archive))[:2] == (1, 3)


def test_a_bomb_in_a_coding_is_not_unfolded(office, harvest, archive):
    bomb = gzip.compress(picture() + bytes(200 * 2**20))
    office.images = {"/bomb.png": (200, {"Content-Type": "image/png", "Content-Encoding": "gzip"}, bomb)}
    office.show("/bomb.png")
    done = harvest()
    assert done.returncode == 0, done.stdout
    assert images_of(crawl(archive)) == (0, 1, 0)


def test_an_image_that_never_ends_is_given_up(office, surroundings, harvest, archive, tmp_path):
    def slow(wire) -> None:
        wire.write(picture()[:40])
        for _ in range(100):
            time.sleep(0.2)
            wire.write(b"\0")

    office.images = {"/slow.png": (200, {"Content-Type": "image/png"}, slow)}
    office.show("/slow.png")
    harvest("--limit", "1", MONADI_IMAGES="off")  # which writes the catalogue
    (tmp_path / "data" / "monadi.db").unlink()
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = spiders.settings\n")
    command = [sys.executable, "-m", "scrapy", "crawl", "test-yazd", "-s", "DOWNLOAD_TIMEOUT=1", "-s", "RETRY_TIMES=0"]
    done = subprocess.run(command, env=surroundings, cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0
    assert (crawl(archive).outcome, images_of(crawl(archive))) == (Outcome.OK, (0, 1, 0))


def test_no_other_host_is_asked_whether_it_is_named_or_redirected_to(office, harvest, archive):
    """127.0.0.1 and localhost are one machine, and two hosts."""
    elsewhere = f"http://localhost:{office.port}/elsewhere.png"
    office.images = {
        "/elsewhere.png": (200, {"Content-Type": "image/png"}, picture()),
        "/there.png": (302, {"Location": elsewhere}, b""),
        "/here.png": (302, {"Location": "/good.png"}, b""),
        "/good.png": (200, {"Content-Type": "image/png"}, picture()),
    }
    office.show(elsewhere, "/there.png", "/here.png")
    done = harvest()
    assert done.returncode == 0, done.stdout
    assert {host for _, host, _ in office.asked} == {f"127.0.0.1:{office.port}"}
    assert held(archive) == {"here.png": "png"}
    assert images_of(crawl(archive)) == (1, 0, 2)


def test_robots_txt_holds_for_images(office, harvest, archive):
    office.robots = "User-agent: *\nDisallow: /private/\n"
    office.images = {path: (200, {}, picture()) for path in ("/private/a.png", "/b.png")}
    office.show(*office.images)
    harvest()
    assert "/private/a.png" not in office.paths()
    assert images_of(crawl(archive)) == (1, 0, 1)


def test_images_come_after_the_pages_at_the_pace_of_the_host(office, harvest, archive):
    office.images = {f"/{number}.png": (200, {}, picture()) for number in range(4)}
    office.show(*office.images)
    harvest(delay=0.3)
    times = [moment for moment, _, path in office.asked]
    assert office.paths()[-4:] == [f"/{number}.png" for number in range(4)]
    assert all(later - earlier > 0.25 for earlier, later in pairwise(times))
    assert images_of(crawl(archive)) == (4, 0, 0)


def test_a_host_that_has_too_much_to_do_is_asked_for_no_more_of_them(office, harvest, archive):
    office.images = {f"/{number}.png": (429, {"Retry-After": "7200"}, b"") for number in range(9)}
    office.show(*office.images)
    done = harvest()
    found = crawl(archive)
    assert done.returncode == 0, done.stdout
    assert (found.outcome, found.swept) == (Outcome.OK, True)
    assert found.counts["come-back"] >= 7000
    assert images_of(found)[0] == 0
    assert len([path for path in office.paths() if path.endswith(".png")]) <= 3


def test_of_a_release_twenty_images_are_fetched(office, harvest, archive):
    office.images = {f"/{number}.png": (200, {}, picture()) for number in range(30)}
    office.show(*office.images)
    harvest()
    assert len(held(archive)) == 20


def test_what_says_where_a_picture_was_taken_is_not_kept(office, harvest, archive, tmp_path):
    taken = Image.Exif()
    taken[0x010E] = "35.6892N"
    office.images = {"/photo.jpg": (200, {}, picture("JPEG", exif=taken))}
    office.show("/photo.jpg")
    harvest()
    (file,) = files(tmp_path)
    assert b"35.6892N" not in file.read_bytes()
    snapshots = list((tmp_path / "data" / "snapshots").glob("*.warc.gz"))
    assert snapshots
    with archive.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).where(tables.snapshots.c.url.like("%photo%"))) == 0


def test_a_revised_release_has_its_new_images_fetched_and_no_held_one_again(office, harvest, archive):
    office.images = {f"/{number}.png": (200, {}, picture()) for number in range(2)}
    office.show("/0.png")
    harvest()
    office.show("/0.png", "/1.png")
    office.body += "<p>بندی که دیروز نبود.</p>"
    harvest("--full")
    assert office.paths().count("/0.png") == office.paths().count("/1.png") == 1
    assert held(archive) == {"0.png": "png", "1.png": "png"}


def test_a_place_where_no_image_can_be_kept_fails_no_crawl(office, harvest, archive, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "images").touch()
    office.images = {"/0.png": (200, {}, picture())}
    office.show("/0.png")
    done = harvest()
    assert done.returncode == 0, done.stdout
    assert images_of(crawl(archive)) == (0, 1, 0)
