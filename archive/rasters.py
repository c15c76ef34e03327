"""What an image is, judged by its bytes alone, and the same image without what says where, when and by whom it was
made.

JPEG (ITU-T T.81), PNG (ISO/IEC 15948), GIF89a and WebP (RFC 9649) are walked by their segments, chunks and blocks;
nothing is decoded, so an image that would fill the memory once it is decoded costs what its bytes cost. What is kept is
what pixels, colours and animation need; everything else is left out, and so is whatever stands behind an image's end.
"""

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

SMALLEST = 32  # pixels; an image that is less wide and less high is a spacer, a bullet or a counter
LONGEST = 20_000  # pixels of a side
LARGEST = 50_000_000  # pixels in all, which are 200 MB once they are decoded
MOST = 4096  # segments or chunks; those of a large photograph are a few hundred

TYPES: Final = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp"}
"""Media types by the suffix of a file."""


class NoRaster(ValueError):
    """Bytes that are no image, or one that is not kept; the text says why."""


class TooSmall(NoRaster):
    """An image that nobody looks at: a spacer, a bullet, a counter."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Raster:
    """An image of a kind of `TYPES`, its size in pixels; `content` is what is kept of its bytes."""

    kind: str
    width: int
    height: int
    content: bytes


def read(content: bytes) -> Raster:
    """The image that bytes are. Raises `NoRaster`, and `TooSmall` for one under `SMALLEST` both ways."""
    for kind, (signature, strip) in READERS.items():
        if signature.match(content):
            try:
                width, height, kept = strip(content)
            except (IndexError, struct.error):
                raise NoRaster(f"its {kind} is cut off") from None
            _check(width, height)
            if width < SMALLEST and height < SMALLEST:
                raise TooSmall(f"it is a mere {width} by {height} pixels")
            return Raster(kind=kind, width=width, height=height, content=kept)
    raise NoRaster("it is no JPEG, PNG, GIF or WebP")


def _check(width: int, height: int) -> None:
    if not width or not height:
        raise NoRaster("it has no size")
    if max(width, height) > LONGEST or width * height > LARGEST:
        raise NoRaster(f"it is {width} by {height} pixels, which is more than is kept")


def _count(number: int) -> None:
    if number > MOST:
        raise NoRaster("it is in more pieces than any image")


# ---- JPEG ----

SOI, EOI, SOS = b"\xff\xd8", b"\xff\xd9", 0xDA
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOFn; the others are tables
BARE = frozenset((0x01, *range(0xD0, 0xD9)))  # without a length
TABLES = frozenset((0xC4, 0xCC, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF))
MARKER = re.compile(rb"\xff++([^\x00])")
IN_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # what marks no restart and is no 255 of the image itself
JFIF, ICC, ADOBE, EXIF = b"JFIF\0", b"ICC_PROFILE\0", b"Adobe", b"Exif\0\0"
ORIENTATION = 0x0112
UPRIGHT = 1


def _jpeg(content: bytes) -> tuple[int, int, bytes]:
    """Tables, frames and scans, with the colours of JFIF, ICC and Adobe, and which side is up where Exif tells."""
    kept, size, turned = [SOI], None, UPRIGHT
    for code, segment, scan in _segments(content):
        if code in FRAMES:
            height, width = struct.unpack_from(">HH", segment, 1)
            _check(width, height)  # of every frame: a hierarchical one has several
            size = size or (width, height)
        elif code == 0xE1 and segment.startswith(EXIF):  # noqa: PLR2004 - APP1
            turned = _orientation(segment[len(EXIF) :])
            continue
        elif code == 0xE0 and segment.startswith(JFIF):  # noqa: PLR2004 - APP0
            segment = segment[:12] + b"\0\0"  # noqa: PLW2901 - its small image may be of another
        elif not (_has_colours(code, segment) or code in TABLES or code == SOS):
            continue
        kept.append(b"\xff%c%b%b%b" % (code, struct.pack(">H", len(segment) + 2), segment, scan))
    if size is None or SOS not in (piece[1] for piece in kept):
        raise NoRaster("its jpg is cut off")
    if turned != UPRIGHT:
        kept.insert(2 if kept[1][1] == 0xE0 else 1, _turned(turned))  # noqa: PLR2004 - APP0 comes first
    return *size, b"".join([*kept, EOI])


def _segments(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Code, what stands in it and, of a scan, what follows it, of each segment up to the end of the image."""
    at, number = len(SOI), 0
    while found := MARKER.match(content, at):
        _count(number := number + 1)
        code, at = found[1][0], found.end()
        if code == EOI[1]:
            return
        if code in BARE:
            continue
        (length,) = struct.unpack_from(">H", content, at)
        segment = content[at + 2 : at + length]
        if len(segment) != length - 2:
            raise NoRaster("its jpg is cut off")
        at += length
        end = at
        if code == SOS:
            ends = IN_SCAN.search(content, at)
            end = ends.start() if ends else len(content)
        yield code, segment, content[at:end]
        at = end
    if at < len(content):
        raise NoRaster("its jpg is damaged")


def _has_colours(code: int, segment: bytes) -> bool:
    return (code == 0xE2 and segment.startswith(ICC)) or (code == 0xEE and segment.startswith(ADOBE))  # noqa: PLR2004


def _orientation(tiff: bytes) -> int:
    """Which side is up by the first directory of Exif (2.32, §4.6.4): 1 upright, 2 to 8 turned or mirrored."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    try:
        if order is None:
            return UPRIGHT
        (start,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, start)
        for number in range(min(count, MOST)):
            tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, start + 2 + 12 * number)
            if tag == ORIENTATION:
                return value if kind == 3 and 1 <= value <= 8 else UPRIGHT  # noqa: PLR2004 - SHORT
    except struct.error:
        pass
    return UPRIGHT


def _turned(side: int) -> bytes:
    """An Exif segment that says which side is up and nothing else."""
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, side, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", 2 + len(EXIF) + len(tiff)) + EXIF + tiff


# ---- PNG ----

PNG = b"\x89PNG\r\n\x1a\n"
CHUNKS = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD hIST pHYs acTL fcTL fdAT".split())


def _png(content: bytes) -> tuple[int, int, bytes]:
    """The chunks that say what is seen, animation too; no texts, no time, no Exif."""
    if content[12:16] != b"IHDR":
        raise NoRaster("its png is damaged")
    width, height = struct.unpack_from(">II", content, 16)
    kept, at, number = [PNG], len(PNG), 0
    while True:
        _count(number := number + 1)
        length, name = struct.unpack_from(">I4s", content, at)
        chunk = content[at : at + 12 + length]
        if len(chunk) != 12 + length:
            raise NoRaster("its png is cut off")
        at += len(chunk)
        if name == b"IHDR" and number > 1:
            raise NoRaster("its png is damaged")
        if name in CHUNKS:
            kept.append(chunk)
        if name == b"fcTL":
            _check(*struct.unpack_from(">II", chunk, 12))
        if name == b"IEND":
            if not any(each[4:8] == b"IDAT" for each in kept):
                raise NoRaster("its png holds no image")
            return width, height, b"".join(kept)


# ---- GIF ----

IMAGE, EXTENSION, TRAILER = 0x2C, 0x21, 0x3B
CONTROL, APPLICATION = 0xF9, 0xFF
APPLICATIONS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")


def _gif(content: bytes) -> tuple[int, int, bytes]:
    """The images, how they follow each other, and their colours; no comments, no XMP."""
    width, height, flags = struct.unpack_from("<HHB", content, 6)
    at, number, images = 13 + _palette(flags), 0, 0
    kept = [content[:at]]
    while (block := content[at]) != TRAILER:
        start, label = at, content[at + 1]
        if block == IMAGE:
            across, down, flags = struct.unpack_from("<HHB", content, at + 5)
            _check(across, down)
            images += 1
            at += 10 + _palette(flags) + 1
        elif block == EXTENSION:
            at += 2
        else:
            raise NoRaster("its gif is damaged")
        first = content[at + 1 : at + 1 + content[at]]
        at = _behind_blocks(content, at)
        if block == IMAGE or label == CONTROL or (label == APPLICATION and first in APPLICATIONS):
            kept.append(content[start:at])
        _count(number := number + 1)
    if not images:
        raise NoRaster("its gif holds no image")
    return width, height, b"".join([*kept, bytes([TRAILER])])


def _palette(flags: int) -> int:
    """The length of a table of colours in bytes."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _behind_blocks(content: bytes, at: int) -> int:
    """Where a row of blocks ends that each say their length."""
    while length := content[at]:
        at += 1 + length
    return at + 1


# ---- WebP ----

IMAGES = frozenset((b"ANMF", b"VP8 ", b"VP8L"))
CANVAS = frozenset((b"VP8X", b"ANIM", b"ALPH", b"ICCP"))
METADATA = 0x08 | 0x04  # the flags of Exif and XMP in VP8X


def _webp(content: bytes) -> tuple[int, int, bytes]:
    """The image or the frames, with the profile of their colours; no Exif, no XMP."""
    (length,) = struct.unpack_from("<I", content, 4)
    end = 8 + length
    if end > len(content):
        raise NoRaster("its webp is cut off")
    size: tuple[int, int] | None = None
    kept: list[bytes] = []
    at, number, images = 12, 0, 0
    while at + 8 <= end:
        name, length = struct.unpack_from("<4sI", content, at)
        chunk = content[at + 8 : at + 8 + length]
        if len(chunk) != length or at + 8 + length > end:
            raise NoRaster("its webp is cut off")
        at += 8 + length + length % 2
        if measured := _measured(name, chunk):
            _check(*measured)
            size = size or measured
        _count(number := number + 1)
        images += name in IMAGES
        if name in IMAGES or name in CANVAS:
            chunk = bytes([chunk[0] & ~METADATA]) + chunk[1:] if name == b"VP8X" else chunk
            kept.append(struct.pack("<4sI", name, length) + chunk + b"\0" * (length % 2))
    if size is None or not images:
        raise NoRaster("its webp holds no image")
    body = b"WEBP" + b"".join(kept)
    return *size, b"RIFF" + struct.pack("<I", len(body)) + body


def _measured(name: bytes, chunk: bytes) -> tuple[int, int] | None:
    """The size that a chunk of WebP states: of the canvas, of a frame, or of an image."""
    if name == b"VP8X":
        return _of_24_bits(chunk, 4)
    if name == b"ANMF":
        return _of_24_bits(chunk, 6)
    if name == b"VP8 ":
        width, height = struct.unpack_from("<HH", chunk, 6)
        return width & 0x3FFF, height & 0x3FFF
    if name == b"VP8L":
        (bits,) = struct.unpack_from("<I", chunk, 1)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


def _of_24_bits(chunk: bytes, at: int) -> tuple[int, int]:
    if len(chunk) < at + 6:
        raise NoRaster("its webp is cut off")
    width, height = (int.from_bytes(chunk[at + each : at + each + 3], "little") + 1 for each in (0, 3))
    return width, height


READERS: Final[dict[str, tuple[re.Pattern[bytes], Callable[[bytes], tuple[int, int, bytes]]]]] = {
    "jpg": (re.compile(rb"\xff\xd8\xff"), _jpeg),
    "png": (re.compile(rb"\x89PNG\r\n\x1a\n"), _png),
    "gif": (re.compile(rb"GIF8[79]a"), _gif),
    "webp": (re.compile(rb"RIFF....WEBP", re.DOTALL), _webp),
}
