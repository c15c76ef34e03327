"""The status page: how every source fares, and what operators ask of the schedule.

It is read-only, unless the settings know a token of an operator: then who states it may have sources harvested now,
paused and resumed. The token comes with each order, in the form; it is kept nowhere, and there is no cookie, so no
other site can have a reader's browser give an order.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive import alarms, crawls, orders
from archive.orders import Why
from sources import CatalogueError
from syndication.omissions import OMISSIONS
from syndication.web import status as told
from syndication.web.room import Room
from syndication.web.tokens import Role

PATH: Final = "/status"
TROUBLE: Final = "trouble"  # of the address: those in trouble alone
FIELDS: Final = 2000  # of the form
ORDERS: Final = {"want": orders.want, "pause": orders.pause, "resume": orders.resume}
"""What an operator may ask of sources, by the name in the form."""

logger = logging.getLogger(__name__)


def status(room: Room, request: Request) -> Response:
    done = request.query_params.get("done", "")
    return _page(room, request, done=done if done in ORDERS else "")


async def order(room: Room, request: Request) -> Response:
    """An order of the form: `token`, `order`, and `source` once or more. Sends the reader back to the page."""
    try:
        said = parse_qs((await request.body()).decode(errors="replace"), max_num_fields=FIELDS)
    except ValueError:  # more fields than any catalogue has sources
        said = {}
    return await run_in_threadpool(_obeyed, room, request, said)


def _obeyed(room: Room, request: Request, said: Mapping[str, list[str]]) -> Response:
    holder = room.tokens.holder("".join(said.get("token", [])).strip())
    if holder is None or holder.role is not Role.OPERATOR:
        logger.warning("an order was refused: its token is no operator's")
        return _page(room, request, wrong="token", code=HTTPStatus.FORBIDDEN)
    ask = ORDERS.get("".join(said.get("order", [])))
    try:
        sources = [source.id for source in room.catalogue.select(said.get("source", []))]
    except CatalogueError:
        sources = []
    if not ask or not sources:
        return _page(room, request, wrong="order", code=HTTPStatus.BAD_REQUEST)
    with room.archive.writing() as connection:
        ask(connection, sources, datetime.now(UTC), holder.name)
    words = urlencode({"done": said["order"][0]})
    return RedirectResponse(f"{room.views.to(PATH)}?{words}", HTTPStatus.SEE_OTHER)


def _page(
    room: Room, request: Request, *, done: str = "", wrong: str = "", code: HTTPStatus = HTTPStatus.OK
) -> Response:
    with room.reading() as connection:
        newest, quarantined = crawls.latest(connection), crawls.quarantined(connection)
        successes, standing = crawls.last_successes(connection), orders.read(connection)
        troubles = alarms.standing(connection)
    lines = told.lines(
        newest,
        room,
        kept=room.counted.now().sources,
        quarantined=quarantined,
        successes=successes,
        standing=standing,
    )
    troubled = TROUBLE in request.query_params
    visited = {line.source for line in lines}
    unvisited = [source for source in room.catalogue.sources.values() if source.id not in visited]
    paused = {source for source, each in standing.items() if each.paused_since}
    return room.views.page(
        request,
        "status.html",
        place=PATH,
        status=code,
        lines=[line for line in lines if line.mood == "failed"] if troubled else lines,
        alarms=told.alarms(troubles, room),
        troubled=troubled,
        summary=told.summary(lines, room.language),
        left_out=OMISSIONS.all(),
        unvisited=[(source, source.id in paused) for source in unvisited],
        orders=list(ORDERS) if room.tokens.any_operator else [],
        done=done,
        wrong=wrong,
        paused=str(Why.PAUSED),
    )
