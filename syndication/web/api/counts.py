"""`/counts`: how many articles, by what."""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from archive import facets
from archive.errors import QueryError
from archive.facets import DIMENSIONS
from syndication.web.api import models, parameters
from syndication.web.api.answering import Desk, answer
from syndication.web.api.parameters import Counting

MOST: Final = 20_000  # numbers in one answer, some two megabytes


class Counts:
    """The endpoint; it is synchronous, so that it runs in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def router(self) -> APIRouter:
        router = APIRouter(tags=["Counts"])
        router.add_api_route("/counts", self.counted, response_model=models.Counts, operation_id="getCounts")
        return router

    def counted(self, request: Request, asked: Annotated[Counting, Query()]) -> Response:
        """How many articles answer a query, by month, province, agency, source, state or tag

        Values without articles are left out. By `tag` an article counts once a tag of its, in `total` once.
        """
        query, index = parameters.query(asked, self._desk.catalogue), self._desk.archive.index
        by = parameters.names("by", asked.by, DIMENSIONS)
        with self._desk.reading(query) as connection:
            found = facets.counts(connection, query, index, by)
            if len(found) > MOST:
                raise QueryError(
                    "by", f"that are {len(found)} numbers, {MOST} at most: take fewer, or narrow the query"
                )
            total = facets.count(connection, query, index) if "tag" in by else sum(number for _, number in found)
        return answer(request, found.to_dict() | {"total": total})
