"""The catalogue: every source this installation reads, as plain data from agencies/*.toml and provinces.toml."""

import importlib.resources
from collections.abc import Iterable, Mapping
from functools import partial
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from sources.errors import (
    CatalogueError,
    UnknownAgency,
    UnknownProvince,
    UnknownSource,
    did_you_mean,
    nearest,
    quoted,
)
from sources.offices import PLATFORMS, TLS, Agency, Selectors, Source, parse_duration, read_agency
from sources.provinces import Province, Provinces, read_provinces
from sources.tables import ID, read_tables

__all__ = [
    "PLATFORMS",
    "TLS",
    "Agency",
    "Catalogue",
    "CatalogueError",
    "Province",
    "Provinces",
    "Selectors",
    "Source",
    "UnknownAgency",
    "UnknownProvince",
    "UnknownSource",
    "parse_duration",
]


class Catalogue:
    """The sources and agencies by id, in order of their ids, and the provinces by key, in order of their file."""

    sources: Mapping[str, Source]
    agencies: Mapping[str, Agency]
    provinces: Provinces

    def __init__(self, *, provinces: Provinces, agencies: Iterable[Agency], sources: Iterable[Source]) -> None:
        self.provinces = provinces
        self.agencies = MappingProxyType({agency.id: agency for agency in sorted(agencies, key=lambda each: each.id)})
        self.sources = MappingProxyType({source.id: source for source in sorted(sources, key=lambda each: each.id)})

    def __reduce__(self) -> tuple[Any, ...]:
        """For other processes, which cannot be given its views of mappings."""
        agencies, offices = [*self.agencies.values()], [*self.sources.values()]
        return partial(Catalogue, provinces=self.provinces, agencies=agencies, sources=offices), ()

    @classmethod
    def load(cls, directory: Path | None = None) -> Self:
        """The catalogue of a directory with agencies/*.toml and perhaps provinces.toml; the built-in one by default.

        Raises `CatalogueError` for the first wrong entry, naming file, table and key.
        """
        built_in = importlib.resources.files("sources")
        try:
            return cls._read("sources" if directory is None else str(directory), directory or built_in, built_in)
        except OSError as error:
            raise CatalogueError(f"{error.filename}: cannot be read: {error.strerror}") from None

    @classmethod
    def _read(cls, name: str, root: Traversable, built_in: Traversable) -> Self:
        agencies: list[Agency] = []
        sources: dict[str, Source] = {}
        files = _agency_files(name, root)
        provinces = _provinces(name, root, built_in)
        for file, content in files:
            agency, offices = _read_file(file, content, provinces)
            agencies.append(agency)
            for source in offices:
                if source.id in sources:
                    other = f"{sources[source.id].agency.id}.toml"
                    raise CatalogueError(f'{file}: the source id "{source.id}" is that of an office in {other} too')
                sources[source.id] = source
        return cls(provinces=provinces, agencies=agencies, sources=sources.values())

    def source(self, source_id: str) -> Source:
        """The source with this id. Raises `UnknownSource`."""
        if source_id not in self.sources:
            raise UnknownSource(f"no source {quoted(source_id)}{did_you_mean(nearest(source_id, self.sources))}")
        return self.sources[source_id]

    def select(self, ids: Iterable[str]) -> tuple[Source, ...]:
        """The sources with these ids, once each, in the order asked for. Raises `UnknownSource`."""
        return tuple(self.source(source_id) for source_id in dict.fromkeys(ids))

    @property
    def scheduled(self) -> tuple[Source, ...]:
        """The sources that are read without being asked for: those not marked `unverified`."""
        return tuple(source for source in self.sources.values() if not source.unverified)

    def agency(self, agency_id: str) -> Agency:
        """The agency with this id. Raises `UnknownAgency`."""
        if agency_id not in self.agencies:
            raise UnknownAgency(f"no agency {quoted(agency_id)}{did_you_mean(nearest(agency_id, self.agencies))}")
        return self.agencies[agency_id]

    def province(self, name: str) -> Province:
        """The province with this key, ISO 3166-2 code, name or variant, in any spelling. Raises `UnknownProvince`."""
        return self.provinces.find(name)


def _provinces(name: str, root: Traversable, built_in: Traversable) -> Provinces:
    own = root / "provinces.toml"
    if own.is_file():
        return read_provinces(f"{name}/provinces.toml", own)
    return read_provinces("sources/provinces.toml", built_in / "provinces.toml")


def _agency_files(name: str, root: Traversable) -> list[tuple[str, Traversable]]:
    if not root.is_dir():
        raise CatalogueError(f"{name}: no such directory")
    folder = root / "agencies"
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name) if folder.is_dir() else []
    found = [entry for entry in entries if entry.name.endswith(".toml") and not entry.name.startswith(".")]
    if not found:
        raise CatalogueError(f"{name}: no agencies/*.toml")
    return [(f"{name}/agencies/{entry.name}", entry) for entry in found]


def _read_file(file: str, content: Traversable, provinces: Provinces) -> tuple[Agency, list[Source]]:
    agency_id = content.name.removesuffix(".toml")
    if not ID.fullmatch(agency_id):
        raise CatalogueError(f'{file}: the name of an agency\'s file is written in a-z, 0-9 and "-"')
    tables = read_tables(file, content)
    if "agency" not in tables:
        raise CatalogueError(f"{file}: [agency]: is missing")
    return read_agency(agency_id, tables, provinces)
