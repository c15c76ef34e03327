"""Three crawls that all tests here look at: pages of seven offices, and offices that are hostile as a whole."""

import pytest

from tests.hostile.offices import OFFICES, SLOW
from tests.hostile.pages import PAGES
from tests.hostile.sites import Crawled, Office, crawl


def offices_of(groups: dict[str, dict[str, tuple]]) -> dict[str, Office]:
    """An office for each group of pages, all of which its list names."""
    return {
        group: Office(
            answers={f"/{name}/": answer for name, (answer, _) in pages.items()},
            listed=tuple(f"/{name}/" for name in pages),
        )
        for group, pages in groups.items()
    }


@pytest.fixture(scope="session")
def pages() -> Crawled:
    return crawl(offices_of(PAGES), DOWNLOAD_TIMEOUT=120)  # nothing of it hangs on the clock


@pytest.fixture(scope="session")
def offices() -> Crawled:
    few = {"MONADI_PAGES": 300, "MONADI_LISTS": 200}
    return crawl({name: office for name, (office, _) in OFFICES.items()}, DOWNLOAD_TIMEOUT=120, MONADI_IDLE=60, **few)


@pytest.fixture(scope="session")
def slow() -> Crawled:
    return crawl({name: office for name, (office, _) in SLOW.items()}, DOWNLOAD_TIMEOUT=10, MONADI_IDLE=2)
