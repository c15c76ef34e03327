"""Coverage: what of agencies and provinces is harvested, and what is missing."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archive.coverage import HARVESTED, coverage, state
from archive.crawls import Crawl, Outcome
from sources import Catalogue, Source


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Two agencies: one with all 31 provinces, one with two offices in Yazd and an unverified one in Gilan."""
    built_in = Catalogue.load()
    offices = [source for source in built_in.sources.values() if source.agency.id == "ostandari"]
    mcls = built_in.agency("mcls")
    yazd, gilan = built_in.source("mcls-yazd"), built_in.source("mcls-gilan")
    mine = [replace(yazd, unverified=False), replace(yazd, id="mcls-mehriz", unverified=False), gilan]
    return Catalogue(
        provinces=built_in.provinces, agencies=[mcls, built_in.agency("ostandari")], sources=[*offices, *mine]
    )


def crawl(source: str, outcome: Outcome | None) -> Crawl:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    return Crawl(
        id=1, source=source, started_at=now, finished_at=now, outcome=outcome, reason=None, swept=True, counts={}
    )


def states(catalogue: Catalogue, **crawls: Outcome | None) -> dict[str, str]:
    latest = {name.replace("_", "-"): crawl(name.replace("_", "-"), outcome) for name, outcome in crawls.items()}
    found = coverage(catalogue, latest)
    return {f"{cell.agency.id}-{cell.province.key}": cell.state for cell in found.cells}


def test_there_is_a_cell_for_every_agency_in_every_province(catalogue: Catalogue) -> None:
    found = states(catalogue)

    assert len(found) == 62
    assert found["mcls-fars"] == "missing"
    assert found["mcls-gilan"] == "unverified"
    assert found["mcls-yazd"] == "never harvested"


@pytest.mark.parametrize(
    ("crawls", "state"),
    [
        ({"mcls_yazd": Outcome.OK, "mcls_mehriz": Outcome.BLOCKED}, "ok"),
        ({"mcls_yazd": Outcome.QUIET, "mcls_mehriz": Outcome.DEGRADED}, "quiet"),
        ({"mcls_yazd": Outcome.BLOCKED}, "blocked"),
        ({"mcls_yazd": None}, "running"),
    ],
)
def test_a_cell_is_as_good_as_the_best_of_its_offices(
    catalogue: Catalogue, crawls: dict[str, Outcome | None], state: str
) -> None:
    assert states(catalogue, **crawls)["mcls-yazd"] == state


def test_what_is_missing_is_listed_by_agency(catalogue: Catalogue) -> None:
    found = coverage(catalogue, {"ostandari-qom": crawl("ostandari-qom", Outcome.OK)})

    assert list(found.missing()) == ["mcls"]
    assert len(found.missing()["mcls"]) == 29
    assert found.counts() == {"missing": 29, "never harvested": 29, "ok": 1, "unverified": 3}
    assert [cell.province.key for cell in found.cells if cell.state in HARVESTED] == ["qom"]


def test_the_matrix_as_json_names_every_source(catalogue: Catalogue) -> None:
    provinces = coverage(catalogue, {}).to_dict()["provinces"]

    yazd = next(row for row in provinces if row["key"] == "yazd")
    assert yazd["agencies"]["mcls"] == {
        "state": "never harvested",
        "sources": {"mcls-mehriz": "never harvested", "mcls-yazd": "never harvested"},
    }


def test_an_unverified_office_that_was_harvested_all_the_same_is_what_that_came_to(catalogue: Catalogue) -> None:
    source: Source = catalogue.source("mcls-gilan")

    assert state(source, crawl("mcls-gilan", Outcome.OK)) == "ok"
