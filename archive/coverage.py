"""What of the country is harvested and what is missing: agencies by provinces, from catalogue and crawls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.crawls import Crawl, Outcome
from sources import Agency, Catalogue, Province, Source

MISSING, UNVERIFIED, WAITING = "missing", "unverified", "never harvested"
RUNNING = "running"
HARVESTED = tuple(map(str, (Outcome.OK, Outcome.QUIET, Outcome.DEGRADED, Outcome.SILENT, Outcome.DRIFTED)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """A source and its state: what its newest crawl came to, "running", "never harvested" or "unverified"."""

    source: Source
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """The offices of one agency in one province; `state` is the best of theirs, or "missing"."""

    agency: Agency
    province: Province
    offices: tuple[Office, ...]

    @property
    def state(self) -> str:
        return min((office.state for office in self.offices), key=_rank, default=MISSING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """The matrix: a row of cells for each province, in the order of the provinces, a column for each agency."""

    agencies: Sequence[Agency]
    rows: Sequence[tuple[Province, Sequence[Cell]]]

    @property
    def cells(self) -> list[Cell]:
        return [cell for _, row in self.rows for cell in row]

    def counts(self) -> dict[str, int]:
        """How many cells are in each state, the most frequent first."""
        found: dict[str, int] = {}
        for cell in self.cells:
            found[cell.state] = found.get(cell.state, 0) + 1
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def missing(self) -> dict[str, list[str]]:
        """By agency, the provinces of which it has no office in the catalogue."""
        gaps: dict[str, list[str]] = {agency.id: [] for agency in self.agencies}
        for cell in self.cells:
            if cell.state == MISSING:
                gaps[cell.agency.id].append(cell.province.key)
        return {agency: provinces for agency, provinces in gaps.items() if provinces}

    def to_dict(self) -> dict[str, Any]:
        return {
            "agencies": [agency.id for agency in self.agencies],
            "counts": self.counts(),
            "missing": self.missing(),
            "provinces": [
                {
                    "iso": province.iso,
                    "key": province.key,
                    "fa": province.fa,
                    "agencies": {
                        cell.agency.id: {
                            "state": cell.state,
                            "sources": {office.source.id: office.state for office in cell.offices},
                        }
                        for cell in row
                    },
                }
                for province, row in self.rows
            ],
        }


def coverage(catalogue: Catalogue, latest: Mapping[str, Crawl]) -> Coverage:
    """The coverage of a catalogue; `latest` are the newest crawls by source, none where there is no archive."""
    agencies = list(catalogue.agencies.values())
    offices: dict[tuple[str, str], list[Office]] = {}
    for source in catalogue.sources.values():
        office = Office(source=source, state=state(source, latest.get(source.id)))
        offices.setdefault((source.agency.id, source.province.key), []).append(office)
    rows = [
        (
            province,
            [
                Cell(agency=agency, province=province, offices=tuple(offices.get((agency.id, province.key), ())))
                for agency in agencies
            ],
        )
        for province in catalogue.provinces.values()
    ]
    return Coverage(agencies=agencies, rows=rows)


def state(source: Source, crawl: Crawl | None) -> str:
    """What is known of one source, in a word."""
    if crawl is None:
        return UNVERIFIED if source.unverified else WAITING
    return str(crawl.outcome) if crawl.outcome else RUNNING


def _rank(state: str) -> int:
    """The place of a state from the best to the worst; failures stand between what runs and what never ran."""
    better, worse = (*HARVESTED, RUNNING), (WAITING, UNVERIFIED)
    if state in worse:
        return len(better) + 1 + worse.index(state)
    return better.index(state) if state in better else len(better)
