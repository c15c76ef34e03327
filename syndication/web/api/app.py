"""The API as an application of ASGI, to be mounted at `PATH`."""

from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa
from fastapi import Depends, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from archive import Archive
from archive.database import json_text
from archive.errors import ArchiveError
from archive.tables import articles
from sources import Catalogue
from syndication.web.access import Access
from syndication.web.api import openapi
from syndication.web.api.answering import JSON, Desk, sent
from syndication.web.api.articles import Articles
from syndication.web.api.changes import Changes
from syndication.web.api.counts import Counts
from syndication.web.api.gate import Gate
from syndication.web.api.parameters import stated_once
from syndication.web.api.problems import HANDLERS
from syndication.web.api.sources import Sources

PATH: Final = "/api/v1"


def create_api(archive: Archive, catalogue: Catalogue, base_url: str, access: Access | None = None) -> Gate:
    """The API of an archive, whether it exists yet or not; `base_url` is where the web face is reached."""
    desk = Desk(archive=archive, catalogue=catalogue, here=base_url.rstrip("/") + PATH)
    app = _application(desk)
    app.add_api_route("/openapi.json", Document(app, desk), include_in_schema=False)
    return Gate(app, access or Access())


@lru_cache(maxsize=4)
def described(archive: Archive, catalogue: Catalogue, base_url: str) -> dict[str, Any]:
    """The OpenAPI document, for people to read; its examples of articles are of nothing in particular."""
    desk = Desk(archive=archive, catalogue=catalogue, here=base_url + PATH)
    return openapi.document(_application(desk), desk.here, catalogue)


def _application(desk: Desk) -> FastAPI:
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # which would send programs to the Host that they state
        dependencies=[Depends(stated_once)],
    )
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
    for noun in (Articles(desk), Changes(desk), Sources(desk), Counts(desk)):
        app.include_router(noun.router)
    return app


class Document:
    """The endpoint of the OpenAPI document. Its article is the first that the archive took in, so that examples run."""

    def __init__(self, app: FastAPI, desk: Desk) -> None:
        self._app, self._desk = app, desk
        self._written = ""

    def __call__(self, request: Request) -> Response:
        if not self._written:
            self._written = json_text(openapi.document(self._app, self._desk.here, self._desk.catalogue))
        example = json_text(openapi.EXAMPLE_ARTICLE)
        return sent(request, self._written.replace(example, json_text(self._first())).encode(), JSON)

    def _first(self) -> str:
        try:
            with self._desk.reading() as connection:
                first = connection.scalar(sa.select(articles.c.id).order_by(articles.c.pk).limit(1))
        except ArchiveError:  # there is none yet, or it is away: the document stands all the same
            first = None
        return first or openapi.EXAMPLE_ARTICLE
