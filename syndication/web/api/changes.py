"""`/changes`: the change log, which a mirror follows by one number."""

from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from archive import changes
from archive.filters import Filters
from syndication.web.api import models, parameters
from syndication.web.api.answering import Desk, page
from syndication.web.api.parameters import Following

LOOKED_THROUGH: Final = 10_000  # rows of the log that a filter may pass over in one answer


class Changes:
    """The endpoint; it is synchronous, so that it runs in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def router(self) -> APIRouter:
        router = APIRouter(tags=["Changes"])
        router.add_api_route("/changes", self.since, response_model=models.Changes, operation_id="listChanges")
        return router

    def since(self, request: Request, asked: Annotated[Following, Query()]) -> Response:
        """What happened after a number of the change log, oldest first

        Whoever asks again with the `since` of an answer misses nothing and is told nothing twice. `next` leads on until
        the log ends for now; with filters an answer may hold few changes, or none, and have a next one all the same.
        """
        query = parameters.places(asked, self._desk.catalogue)
        with self._desk.reading() as connection:
            newest, sources = changes.newest(connection), Filters.of(connection, query).sources
            end = min(newest, asked.since + LOOKED_THROUGH) if asked.kind or sources is not None else newest
            found = list(
                changes.since(connection, asked.since, asked.limit, until=end, kinds=asked.kind, sources=sources)
            )
        reached = found[-1].seq if len(found) == asked.limit else max(end, asked.since)
        here = f"{self._desk.here}/changes"
        following = parameters.address_of(request, here, since=reached) if reached < newest else None
        lines = [orjson.dumps(change.to_dict()) for change in found]
        return page(request, "changes", lines, {"since": reached, "next": following})
