"""The cache of images: what is held of which address, in files that are named by what they hold."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Archive, images
from archive.errors import ArchiveUnavailable
from archive.images import MOST, Image
from archive.rasters import Raster

NOON = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)
SITE = "https://yazd.mcls.gov.ir"
RED = Raster(kind="png", width=64, height=48, content=b"red")
BLUE = Raster(kind="jpg", width=640, height=480, content=b"blue")


def keep(archive: Archive, raster: Raster = RED, url: str = f"{SITE}/1.png", source: str = "mcls-yazd") -> Image:
    image = archive.images.keep(raster, source=source, url=url, at=NOON)
    with archive.writing() as connection:
        images.index(connection, [image])
    return image


def find(archive: Archive, url: str, source: str = "mcls-yazd") -> Image | None:
    with archive.reading() as connection:
        return images.find(connection, source, url)


def verify(archive: Archive) -> list[str]:
    with archive.reading() as connection:
        return list(archive.images.verify(connection))


def files(archive: Archive) -> list[Path]:
    return [path for path in archive.images.directory.rglob("*") if path.is_file()]


def test_an_image_is_found_by_its_address_and_read_by_its_name(archive):
    image = keep(archive)
    found = find(archive, f"{SITE}/1.png")
    assert found == image
    assert (found.name, found.type, found.length) == (f"{image.digest}.png", "image/png", 3)
    assert archive.images.read(found.digest, found.kind) == b"red"


def test_an_address_is_its_sources_own(archive):
    keep(archive)
    assert find(archive, f"{SITE}/2.png") is None
    assert find(archive, f"{SITE}/1.png", "mcls-gilan") is None


def test_one_content_is_one_file_however_many_releases_show_it(archive):
    first = keep(archive)
    second = keep(archive, url=f"{SITE}/copy.png")
    third = keep(archive, source="mcls-kerman")
    assert first.digest == second.digest == third.digest
    assert len(files(archive)) == 1


def test_another_image_takes_the_place_of_the_one_before(archive):
    keep(archive)
    keep(archive, BLUE)
    assert find(archive, f"{SITE}/1.png").type == "image/jpeg"
    assert len(files(archive)) == 2


def test_a_content_is_read_under_its_own_kind_alone(archive):
    image = keep(archive)
    assert archive.images.read(image.digest, "jpg") is None


NAMES = {
    "of nobody": ("0" * 64, "png"),
    "of a kind that is none": ("0" * 64, "svg"),
    "that climbs": ("../" * 21 + "x", "png"),
    "that is none": ("", ""),
    "in capitals": ("A" * 64, "png"),
}


@pytest.mark.parametrize(("digest", "kind"), NAMES.values(), ids=NAMES)
def test_nothing_is_read_by_another_name(archive, digest, kind):
    keep(archive)
    assert archive.images.read(digest, kind) is None


def test_what_is_missing_or_damaged_is_named(archive):
    whole, gone, other = keep(archive), keep(archive, BLUE, f"{SITE}/2.jpg"), None
    other = keep(archive, Raster(kind="gif", width=64, height=64, content=b"green"), f"{SITE}/3.gif")
    assert verify(archive) == []
    (gone_file,) = (path for path in files(archive) if path.name == gone.name)
    (other_file,) = (path for path in files(archive) if path.name == other.name)
    gone_file.unlink()
    other_file.write_bytes(b"grey")
    assert sorted(verify(archive)) == sorted(
        [f"{gone_file}: missing", f"{other_file}: holds another image than was kept"]
    )
    assert whole.name in {path.name for path in files(archive)}
    assert [found.check for found in archive.verify() if found.mismatches] == ["images"]


def test_a_place_where_nothing_can_be_kept_is_named_and_nothing_is_left_there(archive):
    archive.images.directory.touch()
    with pytest.raises(ArchiveUnavailable, match="images cannot be kept"):
        keep(archive)
    assert find(archive, f"{SITE}/1.png") is None


# ---- the images of a release ----

BODY = (
    '<p><img src="https://yazd.mcls.gov.ir/b.jpg?a=1&amp;b=2" alt="x > y"><img alt="src=&quot;no&quot;"></p>'
    '<img alt="z" src="https://yazd.mcls.gov.ir/lead.jpg"><img src="data:image/gif;base64,R0lG"><img src="//[">'
)


def test_a_release_states_its_lead_image_and_those_of_its_body(make):
    article = make(image=f"{SITE}/lead.jpg", body_html=BODY)
    assert images.addresses(article) == [f"{SITE}/lead.jpg", f"{SITE}/b.jpg?a=1&b=2"]


def test_a_release_without_images_states_none(make):
    assert images.addresses(make()) == []


def test_of_a_gallery_the_first_are_taken(make):
    body = "".join(f'<img src="{SITE}/{number}.jpg">' for number in range(99))
    assert images.addresses(make(image=f"{SITE}/lead.jpg", body_html=body)) == [
        f"{SITE}/lead.jpg",
        *(f"{SITE}/{number}.jpg" for number in range(MOST - 1)),
    ]


def test_what_a_release_holds_is_asked_at_once(archive):
    image = keep(archive)
    with archive.reading() as connection:
        found = images.held(connection, "mcls-yazd", [f"{SITE}/{number}.png" for number in range(2000)])
    assert found == {image.url: image}
