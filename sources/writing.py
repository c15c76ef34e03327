"""Writing an office into a catalogue: one more table at the end of its agency's file, or the agency's first file.

What stands in a file stays as it is, comments and all. A file is replaced whole, and only by one with which the
catalogue has been loaded and has given the office that was meant.
"""

import importlib.resources
import json
import os
import shutil
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sources.catalogue import Catalogue
from sources.errors import CatalogueError
from sources.offices import AGENCY, OFFICE, SETTINGS, Agency, Source
from sources.provinces import Province
from sources.tables import ID, Table

UNSAID: Mapping[str, Any] = {"platform": "auto", "delay": 1.0, "tls": "verify", "unverified": False}
"""What holds for an office where neither its table nor its agency says anything."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """An office to be written: the id of its agency, the name of its table, the keys of `sources.offices`.

    `head` is the [agency] of a file that is not there yet.
    """

    agency: str
    name: str
    values: Mapping[str, Any]
    head: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.agency}-{self.name}"

    def differing(self, defaults: Mapping[str, Any]) -> "Draft":
        """The draft without what its agency says already."""
        known = {**UNSAID, **defaults}
        values = {key: value for key, value in self.values.items() if key == "url" or known.get(key) != value}
        return replace(self, values=values)


def place(directory: Path | None) -> Path:
    """The directory of the catalogue in use, fit to be written to.

    The built-in one is that in a working copy of the project; raises `CatalogueError` where it is an installed one's.
    """
    if directory is not None:
        return directory
    built_in = Path(__file__).parent
    if (built_in.parent / "pyproject.toml").is_file() and os.access(built_in / "agencies", os.W_OK):
        return built_in
    raise CatalogueError(
        "the built-in catalogue belongs to the installed program; name a directory of your own with --catalogue DIR or "
        "in MONADI_CATALOGUE (an empty one will do)"
    )


def existing(directory: Path | None) -> Catalogue:
    """The catalogue of a directory, in which there may be no office yet."""
    if directory is None or any((directory / "agencies").glob("*.toml")):
        return Catalogue.load(directory)
    return Catalogue(provinces=Catalogue.load().provinces, agencies=(), sources=())


def stranger(url: str, agency: str | None, directory: Path | None, *, delay: float | None, tls: str | None) -> Source:
    """A source for the first visit to an address, under what its agency says of pace and TLS where it is stated.

    An address without a scheme is taken for https. Raises `CatalogueError`.
    """
    url = url if "://" in url else f"https://{url}"
    head = (agency_head(agency, directory) or agency_head(agency, None) if agency else None) or {}
    values: dict[str, Any] = {"url": url if urlsplit(url).path else f"{url}/"}
    values["delay"] = head.get("delay", 1.0) if delay is None else delay
    values["tls"] = tls or head.get("tls", "verify")
    values["platform"] = "auto"
    table = Table(file="the address", name="it", values=values)
    try:
        settings = table.read({**OFFICE, **SETTINGS})
    except CatalogueError as error:
        raise CatalogueError(str(error).removeprefix("the address: [it] ")) from None
    nowhere = Province(key="nowhere", iso="IR", fa="", en="")
    host = urlsplit(settings["url"]).hostname or ""
    names: dict[str, Any] = {"name_fa": host, "name_en": host}
    return Source(id=host, agency=Agency(id="new", **names), province=nowhere, **names, **settings)


def agency_head(agency: str, directory: Path | None) -> dict[str, Any] | None:
    """The [agency] of an agency's file, as it is written there; None where there is no such file, or none to read."""
    root = importlib.resources.files("sources") if directory is None else directory
    try:
        stated = tomllib.loads((root / "agencies" / f"{agency}.toml").read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError):
        return None
    head = stated.get("agency")
    return head if isinstance(head, dict) else None


def defaults_of(draft: Draft, directory: Path | None) -> dict[str, Any]:
    """What the draft's agency says for all its offices."""
    head = agency_head(draft.agency, directory)
    return {key: value for key, value in (draft.head if head is None else head).items() if key not in AGENCY}


def toml_of(draft: Draft, *, whole: bool = False) -> str:
    """The table of an office; the `whole` is the file with it, where there is none yet."""
    head = f"{_table('agency', draft.head)}\n" if whole and draft.head else ""
    return head + _table(draft.name, draft.values)


def write_office(draft: Draft, directory: Path) -> tuple[Path, Source]:
    """Write an office into a directory's catalogue; returns the file and the office as the catalogue has it now.

    Raises `CatalogueError`, and changes nothing, where the id is taken or the catalogue would not be valid with it.
    """
    for name in (draft.agency, draft.name):
        if not ID.fullmatch(name) or name == "agency":
            raise CatalogueError(f'"{name}" cannot be part of an id: ids are written in a-z, 0-9 and "-"')
    file = directory / "agencies" / f"{draft.agency}.toml"
    try:
        before = file.read_bytes() if file.exists() else None
        content = _with_office(before, draft.differing(defaults_of(draft, directory)))
        _refuse_taken(draft, directory)
        source = _proven(draft, directory, content)
        _replace(file.resolve(), content, before)  # a link stays one
    except OSError as error:
        raise CatalogueError(f"{error.filename or file}: cannot be written: {error.strerror}") from None
    return file, source


def _with_office(before: bytes | None, draft: Draft) -> bytes:
    if before is None:
        return toml_of(draft, whole=True).encode()
    end = b"\r\n" if b"\r\n" in before else b"\n"
    kept = before if before.endswith(b"\n") or not before else before + end
    return kept + end + toml_of(draft).encode().replace(b"\n", end)


def _refuse_taken(draft: Draft, directory: Path) -> None:
    taken = existing(directory).sources.get(draft.id)
    if taken:
        raise CatalogueError(
            f'the id "{draft.id}" is taken by {taken.url}; give this office a name of its own with --office NAME'
        )


def _proven(draft: Draft, directory: Path, content: bytes) -> Source:
    """The office as a catalogue with this content has it. Raises `CatalogueError` in the words of the catalogue."""
    with tempfile.TemporaryDirectory(prefix="monadi-catalogue-") as folder:
        trial = Path(folder)
        if (directory / "agencies").is_dir():
            shutil.copytree(directory / "agencies", trial / "agencies", ignore=shutil.ignore_patterns("__pycache__"))
        (trial / "agencies").mkdir(exist_ok=True)
        if (directory / "provinces.toml").is_file():
            shutil.copy(directory / "provinces.toml", trial)
        (trial / "agencies" / f"{draft.agency}.toml").write_bytes(content)
        try:
            source = Catalogue.load(trial).source(draft.id)
        except CatalogueError as error:
            raise CatalogueError(str(error).replace(folder, str(directory))) from None
    if source.url != draft.values["url"]:
        raise CatalogueError(f"{directory}: [{draft.name}] would be read as {source.url}; nothing is written")
    return source


def _replace(file: Path, content: bytes, before: bytes | None) -> None:
    """Put the new content in the file's place at once, if the file is still as it was read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".new")
    new = Path(name)
    try:
        with os.fdopen(number, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        new.chmod(file.stat().st_mode if before is not None else 0o644)
        _refuse_changed(file, before)
        new.replace(file)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def _refuse_changed(file: Path, before: bytes | None) -> None:
    if (file.read_bytes() if file.exists() else None) != before:
        raise CatalogueError(f"{file}: has been changed meanwhile; nothing is written")


def _table(name: str, values: Mapping[str, Any]) -> str:
    lines = (f"{key} = {_value(value)}\n" for key, value in values.items())
    return f"[{name}]\n{''.join(lines)}"


def _value(value: Any) -> str:
    """A value in TOML; JSON's strings, numbers and booleans are TOML's."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
