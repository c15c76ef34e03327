"""Articles as data, beside their pages: records, what an edit changed, and entries for those who cite."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import orjson
import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from archive import Archive, ArchivedArticle, Query, articles
from archive.differences import compare
from archive.offices import Office, offices
from syndication import permalinks
from syndication.exports import citation
from syndication.web import room
from syndication.web.readings import reading
from syndication.web.responses import kept

CITED: Final[dict[str, tuple[Callable[[ArchivedArticle, Office, str | None], str], str]]] = {
    "bib": (citation.bibtex, "application/x-bibtex; charset=utf-8"),
    "ris": (citation.ris, "application/x-research-info-systems; charset=utf-8"),
}
NOT_IN_NAMES: Final = re.compile("[^A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class Records:
    """Endpoints; each is synchronous, so Starlette runs it in a thread."""

    archive: Archive
    base_url: str

    @property
    def routes(self) -> list[Route]:
        """Those of revisions stand first: an id may have slashes in it."""
        return [
            Route("/articles/{id:path}/diff/{old}/{new}.json", self.comparison),
            Route("/articles/{id:path}/revisions/{number}.json", self.record),
            *(Route(f"/articles/{{id:path}}/revisions/{{number}}.{form}", self.cited(form)) for form in CITED),
            Route("/articles/{id:path}.json", self.record),
            *(Route(f"/articles/{{id:path}}.{form}", self.cited(form)) for form in CITED),
        ]

    def record(self, request: Request) -> Response:
        """The article as every export states it, of the newest reading or of the one that is asked for."""
        with self.archive.reading(room.SECONDS) as connection:
            item = _asked(connection, request)
        return _json(request, item.to_dict())

    def comparison(self, request: Request) -> Response:
        """What `monadi show --diff --json` tells."""
        asked = request.path_params
        with self.archive.reading(room.SECONDS) as connection:
            old, new = (reading(connection, asked["id"], asked[name]) for name in ("old", "new"))
        heads = {"id": new.id, "old": old.revision, "new": new.revision}
        return _json(request, heads | compare(old.article, new.article).to_dict())

    def cited(self, form: str) -> Callable[[Request], Response]:
        write, media_type = CITED[form]

        def entry(request: Request) -> Response:
            with self.archive.reading(room.SECONDS) as connection:
                item = _asked(connection, request)
                office = office_of(connection, item)
            permalink = self.base_url + permalinks.of_revision(item.id, item.revision)
            body = write(item, office, permalink).encode(errors="replace")
            response = kept(request.headers, body, media_type, seconds=0)
            name = NOT_IN_NAMES.sub("-", f"{item.id}-r{item.revision}")
            response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
            return response

        return entry


def office_of(connection: sa.Connection, item: ArchivedArticle) -> Office:
    """The office of a release as the archive knows it, which the catalogue may hold no more."""
    return offices(connection, Query(sources=(item.article.source,)))[item.article.source]


def _asked(connection: sa.Connection, request: Request) -> ArchivedArticle:
    asked = request.path_params
    if "number" in asked:
        return reading(connection, asked["id"], asked["number"])
    return articles.get(connection, asked["id"])


def _json(request: Request, value: dict[str, Any]) -> Response:
    return kept(request.headers, orjson.dumps(value), "application/json", seconds=0)
