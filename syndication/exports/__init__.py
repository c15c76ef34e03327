"""The archive as data files: every record that answers a query, in the format that its readers want.

    from pathlib import Path
    from syndication.exports import export

    export(archive, Query(), Path("releases.csv"))

`fields` defines what a record says, once for all formats; `lines`, `sheets`, `parquet` and `database` write them,
`formats` names them. `extract` is the state of the archive that is read, `manifest` describes what came of it,
`citation` how it is cited.
"""

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from archive import Archive, Query, State
from archive.drafts import is_special, recover
from syndication.errors import CannotWrite, MissingExtra, UnknownFormat
from syndication.exports import manifest, parquet
from syndication.exports.database import database
from syndication.exports.extract import Extract, extract
from syndication.exports.formats import FORMATS, Format, named
from syndication.files import replacing, replacing_directory, settle

__all__ = ["FORMATS", "CannotWrite", "Exported", "MissingExtra", "UnknownFormat", "export", "named"]

MANIFEST = "datapackage.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """What was written: how many records, how many of them are gone, and the change number to go on from.

    `left` are the articles that a mirror must drop, because they changed and answer the query no more.
    """

    articles: int
    gone: int
    change: int
    left: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Job:
    """One export: what the manifest will say beside what is counted."""

    format_: Format
    name: str
    created: datetime

    def manifest(self, extract: Extract, resources: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
        return manifest.package(extract, name=self.name, created=self.created, resources=resources)


def export(
    archive: Archive,
    query: Query,
    target: Path | None,
    format_: str | None = None,
    *,
    directory: bool = False,
    since_change: int | None = None,
    with_manifest: bool = False,
    created: datetime | None = None,
) -> Exported:
    """Write what answers a query to a file, or to standard output where `target` is None.

    A `directory` (or a target that is one) becomes a Parquet dataset. What is written appears whole or not at all, and
    memory stays flat. `since_change` makes an increment (see `Extract`); `created` is for the manifest.
    Raises `UnknownFormat`, `MissingExtra`, `CannotWrite`, and `ArchiveError` for an archive or a query that cannot be
    read.
    """
    directory = directory or (target is not None and target.is_dir())
    chosen = named(format_, target, directory=directory)
    chosen.check()
    _refuse(chosen, target, directory=directory, with_manifest=with_manifest)
    name = target.name.removesuffix(target.suffix) if target else "monadi"
    job = _Job(format_=chosen, name=name, created=created or datetime.now(UTC))
    with extract(archive, query, since_change) as read:
        if target is None:
            _print(job, read)
        elif directory:
            _write_dataset(job, read, target, with_manifest=with_manifest)
        else:
            _write_file(job, read, target, with_manifest=with_manifest)
        return Exported(
            articles=read.tally.articles,
            gone=read.tally.states[State.GONE],
            change=read.change,
            left=tuple(read.left),
        )


def _refuse(format_: Format, target: Path | None, *, directory: bool, with_manifest: bool) -> None:
    """Raise `CannotWrite` for a target that cannot be right."""
    if target is None:
        if format_.write is None:
            raise CannotWrite(f"{format_.name} needs a file of its own, not standard output; name one")
        if with_manifest:
            raise CannotWrite("a manifest stands beside a file, and standard output is none; name a file")
        return
    if not target.absolute().parent.is_dir():
        raise CannotWrite(f"{target} cannot be written: there is no directory {target.parent}; make it first")
    if is_special(target):
        raise CannotWrite(f"{target} is no file; name one, or - for standard output")
    if not directory:
        return
    if format_.name != "parquet":
        raise CannotWrite(f"{target} is a directory, which only parquet fills; name a file in it")
    if target.exists() and not target.is_dir():
        raise CannotWrite(f"{target} is a file; name a directory")
    ours = (MANIFEST, manifest.SCHEMA)
    others = [path for path in (target.iterdir() if target.exists() else ()) if not _is_ours(path, ours)]
    if others:
        raise CannotWrite(f"{target} holds {min(others).name}, which is no export's; name an empty directory")


def _is_ours(path: Path, ours: Sequence[str]) -> bool:
    return path.name in ours or path.name.startswith("jalali_year=")


def _write(job: _Job, read: Extract, stream: BinaryIO) -> None:
    if job.format_.write:
        job.format_.write(read, stream)
    else:
        database(read, Path(stream.name), lambda: job.manifest(read))


def _print(job: _Job, read: Extract) -> None:
    try:
        _write(job, read, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # nobody wants the rest
        raise
    except OSError as error:
        raise CannotWrite(f"standard output cannot be written: {error.strerror or error}") from error


def _write_file(job: _Job, read: Extract, target: Path, *, with_manifest: bool) -> None:
    beside = target.with_name(f"{target.name}.{MANIFEST}")
    recover(target)
    with ExitStack() as stack:
        described = stack.enter_context(replacing(beside)) if with_manifest else None
        stream = stack.enter_context(replacing(target))
        _write(job, read, stream)
        settle(stream)
        if described:
            part = manifest.resource(job.format_, Path(stream.name), target.name, job.name)
            described.write(_printed(job.manifest(read, [part])))
            settle(described)
    if not with_manifest:
        with suppress(FileNotFoundError):  # one that an earlier export left would tell of another file
            beside.unlink()


def _write_dataset(job: _Job, read: Extract, target: Path, *, with_manifest: bool) -> None:
    with replacing_directory(target) as draft:
        parquet.dataset(read.records(), draft)
        if with_manifest:
            (draft / manifest.SCHEMA).write_bytes(_printed(manifest.schema("parquet")))
            (draft / MANIFEST).write_bytes(_printed(job.manifest(read, manifest.parts(job.format_, draft))))


def _printed(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
