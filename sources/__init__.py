"""Who publishes: the provinces, the agencies and the newsroom of each office.

    catalogue = Catalogue.load()
    catalogue.source("mcls-yazd").url

This package knows nothing of the others. To add a source, write two lines of TOML: see `sources.offices`.
"""

from sources.catalogue import (
    PLATFORMS,
    TLS,
    Agency,
    Catalogue,
    CatalogueError,
    Province,
    Provinces,
    Selectors,
    Source,
    UnknownAgency,
    UnknownProvince,
    UnknownSource,
    parse_duration,
)

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
