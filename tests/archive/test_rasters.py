"""Images by their bytes: what is one, how large it is, and that nothing goes but what is not seen."""

import io
import random
import struct
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps
from PIL.PngImagePlugin import PngInfo

from archive.rasters import LONGEST, NoRaster, TooSmall, read
from tests.pace import within

SECRET = b"35.6892N"  # where a picture was taken
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
SIZE = (64, 48)


def drawing(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    """Something that looks otherwise whichever side is up."""
    image = Image.new("RGB", size, (200, 220, 240))
    image.paste((40, 90, 60), (0, size[1] // 2, size[0], size[1]))
    image.paste((180, 30, 30), (0, 0, size[0] // 3, size[1] // 3))
    return image.convert(mode)


def exif(orientation: int = 1) -> Image.Exif:
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x010E] = SECRET.decode()
    made.get_ifd(0x8825).update({1: "N", 2: (35.0, 41.0, 21.0)})
    return made


def written(image: Image.Image, kind: str, **how) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def text() -> PngInfo:
    info = PngInfo()
    info.add_text("Author", SECRET.decode())
    info.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    info.add_text("Comment", SECRET.decode(), zip=True)
    return info


def frames(mode: str = "RGB") -> list[Image.Image]:
    return [ImageOps.mirror(drawing(mode)), ImageOps.flip(drawing(mode))]


def jpeg_segment(code: int, content: bytes) -> bytes:
    return b"\xff%c%b%b" % (code, struct.pack(">H", len(content) + 2), content)


def with_segments(content: bytes, *segments: bytes) -> bytes:
    """A JPEG with more segments behind its first one."""
    (length,) = struct.unpack_from(">H", content, 4)
    at = 4 + length
    return content[:at] + b"".join(segments) + content[at:]


PLAIN_JPEG = written(drawing(), "JPEG")
KEPT = {
    "jpg": PLAIN_JPEG,
    "jpg progressive": written(drawing(), "JPEG", progressive=True, exif=exif(), comment=SECRET),
    "jpg grey": written(drawing("L"), "JPEG", exif=exif(), icc_profile=PROFILE),
    "jpg cmyk": written(drawing("CMYK"), "JPEG", exif=exif()),
    "jpg with restarts": written(drawing(), "JPEG", restart_marker_blocks=1, xmp=SECRET),
    "jpg iptc": with_segments(PLAIN_JPEG, jpeg_segment(0xED, b"Photoshop 3.0\0" + SECRET)),
    "jpg with what no reader knows": with_segments(PLAIN_JPEG, jpeg_segment(0xEB, SECRET)),
    "jpg with another behind it": PLAIN_JPEG + b"MPF" + SECRET,
    "png": written(drawing(), "PNG"),
    "png texts": written(drawing(), "PNG", pnginfo=text(), exif=exif(), icc_profile=PROFILE, dpi=(300, 300)),
    "png palette": written(drawing("P"), "PNG", pnginfo=text(), transparency=0),
    "png transparent": written(drawing("RGBA"), "PNG", pnginfo=text()),
    "png animated": written(drawing(), "PNG", save_all=True, append_images=frames(), duration=90, pnginfo=text()),
    "png with something behind it": written(drawing(), "PNG") + SECRET,
    "gif": written(drawing("P"), "GIF"),
    "gif comment": written(drawing("P"), "GIF", comment=SECRET),
    "gif animated": written(
        drawing("P"), "GIF", save_all=True, append_images=frames("P"), duration=90, loop=0, comment=SECRET
    ),
    "webp": written(drawing(), "WEBP"),
    "webp lossless": written(drawing("RGBA"), "WEBP", lossless=True, exif=exif(), xmp=SECRET, icc_profile=PROFILE),
    "webp metadata": written(drawing(), "WEBP", exif=exif(), xmp=SECRET, icc_profile=PROFILE),
    "webp animated": written(drawing(), "WEBP", save_all=True, append_images=frames(), duration=90, exif=exif()),
}


def looks(content: bytes) -> list[bytes]:
    """The pixels of every frame, as they are seen."""
    with Image.open(io.BytesIO(content)) as image:
        seen = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            seen.append(ImageOps.exif_transpose(image).convert("RGBA").tobytes())
        return seen


def facts(content: bytes) -> tuple:
    with Image.open(io.BytesIO(content)) as image:
        return image.info.get("icc_profile"), image.info.get("duration"), image.info.get("loop")


@pytest.mark.parametrize("name", KEPT)
def test_what_is_kept_looks_the_same_and_says_nothing_else(name):
    found = read(KEPT[name])

    assert (found.kind, found.width, found.height) == (name.split()[0], *SIZE)
    assert looks(found.content) == looks(KEPT[name])
    assert facts(found.content) == facts(KEPT[name])
    assert SECRET not in found.content
    with Image.open(io.BytesIO(found.content)) as image:
        assert dict(image.getexif()) == {}
        assert {"comment", "xmp", "Author", "XML:com.adobe.xmp", "Comment", "photoshop"} & image.info.keys() == set()


@pytest.mark.parametrize("name", KEPT)
def test_what_is_kept_is_kept_as_it_is_another_time(name):
    once = read(KEPT[name])
    assert read(once.content) == once


@pytest.mark.parametrize("side", range(1, 9))
def test_a_photograph_stays_the_right_side_up(side):
    """Telephones turn pictures by Exif alone; which side is up stays, and nothing else of it."""
    taken = written(drawing(), "JPEG", exif=exif(side))
    found = read(taken)

    assert looks(found.content) == looks(taken)
    with Image.open(io.BytesIO(found.content)) as image:
        assert dict(image.getexif()) == ({} if side == 1 else {0x0112: side})
    assert SECRET not in found.content


OTHER_TAG = b"MM\0*\0\0\0\x08\0\1" + struct.pack(">HHIHHI", 0x010E, 3, 1, 6, 0, 0)


@pytest.mark.parametrize("tiff", [OTHER_TAG, b"XX\0*\0\0\0\x08", b"MM\0*\0\0\xff\xff", b"MM", b""])
def test_a_photograph_that_does_not_say_which_side_is_up_is_upright(tiff):
    photograph = with_segments(PLAIN_JPEG, jpeg_segment(0xE1, b"Exif\0\0" + tiff))
    assert read(photograph).content == read(PLAIN_JPEG).content


def test_a_mark_without_a_length_goes():
    assert read(with_segments(PLAIN_JPEG, b"\xff\x01")).content == read(PLAIN_JPEG).content


def test_the_small_image_of_a_jpeg_header_goes():
    header = b"JFIF\0\1\1\0\0\1\0\1" + bytes((1, 1)) + b"RGB"
    photograph = b"\xff\xd8" + jpeg_segment(0xE0, header) + PLAIN_JPEG[20:]
    found = read(photograph)
    assert b"RGB" not in found.content
    assert looks(found.content) == looks(PLAIN_JPEG)


# ---- what is not kept ----


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


IDAT = chunk(b"IDAT", zlib.compress(bytes(1000)))
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = {
    "nothing": b"",
    "html": b"<!doctype html><title>404</title>",
    "svg": SVG,
    "svg with a declaration": b'<?xml version="1.0"?>' + SVG,
    "a bitmap": written(drawing(), "BMP"),
    "a tiff": written(drawing(), "TIFF"),
    "a pdf": b"%PDF-1.4",
    "a jpeg that is cut off in a segment": PLAIN_JPEG[:30],
    "a png without a head": b"\x89PNG\r\n\x1a\n" + IDAT,
    "a jpeg of tables alone": b"\xff\xd8" + jpeg_segment(0xDB, bytes(65)) + b"\xff\xd9",
    "a signature alone": b"\xff\xd8\xff",
    "a gif that is a script": b"GIF89a/*\xff\xff*/=1;alert(1)",
    "a png of no size": png(0, 64, IDAT),
    "a png of more pixels than are kept": png(LONGEST - 1, LONGEST - 1, IDAT),
    "a png of a long side": png(2**31 - 1, 1, IDAT),
    "a png that says its size twice": png(64, 64, chunk(b"IHDR", struct.pack(">IIBBBBB", 9**5, 9**5, 8, 2, 0, 0, 0))),
    "a png without an image": png(64, 64),
    "a png of a large frame": png(64, 64, chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 9**5, 9**5, 0, 0, 1, 1, 0, 0))),
    "a png of a million chunks": png(64, 64, IDAT, chunk(b"tEXt", b"") * 400_000),
    "a jpeg of more pixels than are kept": PLAIN_JPEG.replace(struct.pack(">HH", 48, 64), b"\xff\xff\xff\xff"),
    "a jpeg of a million segments": with_segments(PLAIN_JPEG, jpeg_segment(0xFE, b"") * 1_000_000),
    "a jpeg of nothing but markers": b"\xff\xd8" + b"\xff" * 5_000_000,
    "a gif of a large frame": KEPT["gif"].replace(b"\x2c\0\0\0\0\x40\0\x30\0", b"\x2c\0\0\0\0\xff\xff\xff\xff"),
    "a gif without an image": b"GIF89a\x40\0\x40\0\0\0\0\x3b",
    "a gif of a million blocks": b"GIF89a\x40\0\x40\0\0\0\0" + b"\x21\xfe\0" * 1_000_000 + b"\x3b",
    "a webp of a chunk that is longer than it": b"RIFF\x16\0\0\0WEBPVP8X\xff\0\0\0" + bytes(10),
    "a webp of a canvas without a size": b"RIFF\x10\0\0\0WEBPVP8X\x04\0\0\0" + bytes(4),
    "a webp without an image": b"RIFF\x04\0\0\0WEBP",
    "a webp of a canvas alone": b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(4) + b"\x3f\0\0\x3f\0\0",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_image_or_too_much_of_one_is_refused_at_once(name):
    with within(2), pytest.raises(NoRaster) as error:
        read(REFUSED[name])

    assert not isinstance(error.value, TooSmall)


@pytest.mark.parametrize("size", [(1, 1), (31, 31), (16, 2)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_what_nobody_looks_at_is_too_small(kind, size):
    with pytest.raises(TooSmall):
        read(written(drawing("P" if kind == "GIF" else "RGB", size), kind))


@pytest.mark.parametrize("size", [(32, 1), (1, 32), (468, 12)])
def test_what_is_narrow_and_long_is_an_image(size):
    found = read(written(drawing(size=size), "PNG"))
    assert (found.width, found.height) == size


@pytest.mark.parametrize("name", [name for name in KEPT if not name.startswith("jpg")])
def test_what_is_cut_off_is_no_image(name):
    whole = read(KEPT[name]).content
    for length in (20, len(whole) // 2, len(whole) - 1):
        with pytest.raises(NoRaster):
            read(whole[:length])


def test_a_jpeg_that_is_cut_off_ends_where_it_ends():
    cut = read(PLAIN_JPEG[:-40])
    assert cut.content.endswith(b"\xff\xd9")


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    name=st.sampled_from(sorted(KEPT)),
    seed=st.integers(0, 2**32),
    count=st.integers(1, 12),
    cut=st.floats(0, 1),
)
def test_damage_is_an_image_or_none_and_never_an_error(name, seed, count, cut):
    chance = random.Random(seed)
    content = bytearray(KEPT[name])
    for _ in range(count):
        content[chance.randrange(len(content))] = chance.choice((0, 0xFF, 0xDA, 0x21, chance.randrange(256)))
    damaged = bytes(content[: max(1, int(len(content) * cut))] if seed % 2 else content)
    try:
        found = read(damaged)
    except NoRaster:
        return
    assert read(found.content).content == found.content
