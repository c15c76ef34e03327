"""The page of charts, and each chart as a file: an SVG that stands alone, and its numbers as CSV."""

from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from syndication import charts as drawing
from syndication.charts import Chart, inks, sheets
from syndication.web.drawings import CHARTS, PARTS, Asked, behind, drawn, subject
from syndication.web.responses import kept
from syndication.web.room import Room

PATH: Final = "/charts"
FRESH: Final = 300  # seconds


def charts(room: Room, request: Request) -> Response:
    """All charts of what the address narrows them to."""
    asked = Asked.of(request.query_params, room.catalogue)
    of = subject(room, asked)
    names = [
        name for name in CHARTS if name != "provinces" or not (len(asked.query.provinces) == 1 or asked.query.sources)
    ]
    return room.views.page(
        request,
        "charts.html",
        place=PATH,
        of=of,
        asked=asked,
        parts=PARTS,
        charts=drawn(room, asked, names),
        behind=behind(room),
    )


def picture(room: Room, request: Request) -> Response:
    """A chart as an SVG file."""
    body = drawing.standalone(_one(room, request))
    return kept(request.headers, body, inks.MEDIA_TYPE, seconds=FRESH)


def numbers(room: Room, request: Request) -> Response:
    """The numbers of a chart as CSV, the same in every language."""
    chart = _one(room, request)
    response = kept(request.headers, drawing.sheet(chart), sheets.MEDIA_TYPE, seconds=FRESH)
    response.headers["Content-Disposition"] = f'attachment; filename="monadi-{chart.name}.csv"'
    return response


def _one(room: Room, request: Request) -> Chart:
    """Raises `QueryError`, and an answer of 404 for a chart that there is none of."""
    name = request.path_params["name"]
    if name not in CHARTS:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    asked = Asked.of(request.query_params, room.catalogue)
    return drawn(room, asked, [name], of=subject(room, asked))[0]
