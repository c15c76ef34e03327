"""The pages for readers, one module each: a function of the room and the request."""

from collections.abc import Mapping
from typing import Final

from syndication.web.pages import api, article, changes, charts, comparison, directory, home, places, search, status
from syndication.web.room import Endpoint

PAGES: Final[Mapping[str, Endpoint]] = {
    "/": home.home,
    search.PATH: search.search,
    "/changes": changes.changes,
    charts.PATH: charts.charts,
    "/charts/{name}.svg": charts.picture,
    "/charts/{name}.csv": charts.numbers,
    "/feeds/": directory.directory,
    "/provinces/{key}": places.province,
    "/agencies/{key}": places.agency,
    "/sources/{key}": places.source,
    "/status": status.status,
    "/api/": api.api,
    "/articles/{id:path}/revisions/{number}": article.revision,
    "/articles/{id:path}/diff/{old}/{new}": comparison.comparison,
    "/articles/{id:path}/diff": comparison.chosen,
    "/articles/{id:path}": article.article,
}
"""By path, below the prefix of the language."""
