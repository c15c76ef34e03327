"""The cache of images: those of releases, each kept once by its content, in files of the data directory.

A file is named by the SHA-256 of what it holds and by the kind that its bytes are (`archive.rasters`), so it never
changes, and reaches the disk before the transaction that tells of it. It holds what is seen and no more: what says
where and by whom a picture was taken has been left out.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa

from archive.article import Article
from archive.articles import chunks
from archive.database import upserting
from archive.drafts import draft_of, recover
from archive.errors import ArchiveUnavailable
from archive.rasters import TYPES, Raster
from archive.tables import images

MOST = 20  # images of a release
_TAG = re.compile(r'<img\b(?:[^>"]|"[^"]*")*>')
_SRC = re.compile(r'\ssrc="([^"]*)"')
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """An image that is held: at which address of a source it was, and what it is now.

    `digest` is the SHA-256 of what is kept in hex, `kind` a key of `TYPES`, `length` is in bytes, `width` and `height`
    are in pixels.
    """

    source: str
    url: str
    digest: str
    kind: str
    length: int
    width: int
    height: int
    fetched_at: datetime

    @property
    def name(self) -> str:
        """Its file's name: "<digest>.<kind>"."""
        return f"{self.digest}.{self.kind}"

    @property
    def type(self) -> str:
        """Its media type."""
        return TYPES[self.kind]


def addresses(article: Article) -> list[str]:
    """The addresses of a release's images as it states them, the lead image first; at most `MOST`."""
    tags = (_SRC.search(tag[0]) for tag in _TAG.finditer(article.body_html))
    stated = [article.image or "", *(unescape(src[1]) for src in tags if src)]
    return [url for url in dict.fromkeys(stated) if _is_web(url)][:MOST]


def _is_web(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


# ---- the index ----


def index(connection: sa.Connection, kept: Iterable[Image]) -> None:
    """Note what is held at some addresses, in the place of what was held of them before."""
    for image in kept:
        row = asdict(image)
        insert = upserting(connection.dialect.name)(images).values(**row)
        keys = [images.c.source, images.c.url]
        connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=row))


def find(connection: sa.Connection, source: str, url: str) -> Image | None:
    """What is held of the image that a source's releases have at an address."""
    return held(connection, source, [url]).get(url)


def held(connection: sa.Connection, source: str, urls: Iterable[str]) -> dict[str, Image]:
    """What is held of the images at these addresses of a source, by address."""
    found: dict[str, Image] = {}
    for some in chunks(urls):
        these = sa.select(images).where(images.c.source == source, images.c.url.in_(some))
        found |= {row.url: Image(**row._asdict()) for row in connection.execute(these)}
    return found


# ---- the files ----


class Images:
    """The files of a directory, in folders by the first two digits of their names."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def keep(self, raster: Raster, *, source: str, url: str, at: datetime) -> Image:
        """See an image to the disk, unless its content is there; returns what `index` takes. Raises
        `ArchiveUnavailable`.
        """
        image = Image(
            source=source,
            url=url,
            digest=hashlib.sha256(raster.content).hexdigest(),
            kind=raster.kind,
            length=len(raster.content),
            width=raster.width,
            height=raster.height,
            fetched_at=at,
        )
        file = self._file(image.digest, image.kind)
        try:
            if not file.exists():
                _write(file, raster.content)
        except OSError as error:
            raise ArchiveUnavailable(f"{file}: images cannot be kept: {error.strerror or error}") from error
        return image

    def read(self, digest: str, kind: str) -> bytes | None:
        """The bytes of an image by what names it; None where none is kept of that name."""
        if not _DIGEST.fullmatch(digest) or kind not in TYPES:
            return None
        try:
            return self._file(digest, kind).read_bytes()
        except OSError:
            return None

    def verify(self, connection: sa.Connection) -> Iterator[str]:
        """One line for each image that the database tells of and that is not there as it was kept."""
        named = sa.select(images.c.digest, images.c.kind).distinct().order_by(images.c.digest, images.c.kind)
        for digest, kind in connection.execute(named.execution_options(yield_per=1000)):
            content = self.read(digest, kind)
            if content is None:
                yield f"{self._file(digest, kind)}: missing"
            elif hashlib.sha256(content).hexdigest() != digest:
                yield f"{self._file(digest, kind)}: holds another image than was kept"

    def _file(self, digest: str, kind: str) -> Path:
        return self.directory / digest[:2] / f"{digest}.{kind}"


def _write(file: Path, content: bytes) -> None:
    """A file that appears whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    recover(file)
    draft = draft_of(file)
    try:
        with draft.open("wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
