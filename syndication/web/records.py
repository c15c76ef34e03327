"""Articles as data, beside their pages."""

from dataclasses import dataclass

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from archive import Archive
from syndication.web.responses import kept


@dataclass(frozen=True, slots=True)
class Records:
    """Endpoints; each is synchronous, so Starlette runs it in a thread."""

    archive: Archive

    @property
    def routes(self) -> list[Route]:
        return [Route("/articles/{id:path}.json", self.record)]

    def record(self, request: Request) -> Response:
        """The article as every export states it."""
        item = self.archive.article(request.path_params["id"])
        return kept(request.headers, orjson.dumps(item.to_dict()), "application/json", seconds=0)
