"""Images of releases, served by this Monadi to its readers."""

from datetime import UTC, datetime

import pytest
from lxml import html

from archive import Archive, images, intake
from archive.images import Image
from archive.rasters import TYPES, Raster
from sources import Catalogue
from syndication.web import create_app
from syndication.web.images import held, path
from syndication.web.safety import OF_ALL
from tests.syndication.asking import Client

NOON = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)
SITE = "https://yazd.mcls.gov.ir"


def keep(archive: Archive, kind: str = "png", url: str = f"{SITE}/1.png") -> Image:
    raster = Raster(kind=kind, width=64, height=48, content=b"what is seen of " + kind.encode())
    image = archive.images.keep(raster, source="mcls-yazd", url=url, at=NOON)
    with archive.writing() as connection:
        images.index(connection, [image])
    return image


@pytest.fixture
def ask(archive: Archive, catalogue: Catalogue) -> Client:
    return Client(create_app(archive, catalogue, "https://news.example.ir"))


@pytest.mark.parametrize("kind", TYPES)
def test_an_image_is_served_as_what_it_is_for_good(archive, ask, kind):
    image = keep(archive, kind)
    answer = ask(path(image))
    assert (answer.status, answer.body) == (200, b"what is seen of " + kind.encode())
    assert answer.headers["content-type"] == TYPES[kind]
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert {name.lower(): value for name, value in OF_ALL.items()}.items() <= answer.headers.items()


def test_a_reader_who_has_it_is_not_sent_it_again(archive, ask):
    image = keep(archive)
    again = ask(path(image), if_none_match=ask(path(image)).headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert ask(path(image), if_none_match='"another"').status == 200


def test_its_head_has_no_body(archive, ask):
    answer = ask(path(keep(archive)), "HEAD")
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize("target", ["{}.jpg", "{}.svg", "{}.html", "{}", "0.png", "..%2f{}.png", "%2e%2e/{}.png"])
def test_nothing_else_is_there(archive, ask, target):
    assert ask("/images/" + target.format(keep(archive).digest)).status == 404


def test_a_release_shows_the_images_that_are_held_and_links_to_the_others(archive, ask, make):
    body = f'<p>متن</p><p><img src="{SITE}/2.png" alt="دو"><img src="{SITE}/3.png"></p>'
    with archive.writing() as connection:
        intake.save(connection, [make(image=f"{SITE}/1.jpg", body_html=body)])
    assert "<img" not in ask("/articles/mcls-yazd/1").text
    first, second = keep(archive, "jpg", f"{SITE}/1.jpg"), keep(archive, "png", f"{SITE}/2.png")
    page = html.fromstring(ask("/articles/mcls-yazd/1").body)
    shown = [(image.get("src"), image.get("alt"), image.get("width")) for image in page.iter("img")]
    assert shown == [(path(first), "تصویر خبر", "64"), (path(second), "دو", "64")]
    assert page.xpath("//figure/a/@href") == [f"{SITE}/1.jpg"]


def test_a_page_knows_which_images_of_its_release_are_held(archive, make):
    body = f'<img src="{SITE}/2.png" alt=""><img src="{SITE}/3.png" alt="">'
    article = make(image=f"{SITE}/1.png", body_html=body)
    third, first = keep(archive, url=f"{SITE}/3.png"), keep(archive, "jpg")
    with archive.reading() as connection:
        assert list(held(connection, article).items()) == [(f"{SITE}/1.png", first), (f"{SITE}/3.png", third)]
