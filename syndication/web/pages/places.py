"""The pages of a province, an agency and a source: what they publish, how completely it is kept, how they fare."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive import Query, answers, changes, crawls, facets, ledger, orders
from archive.crawls import Crawl
from archive.errors import TookTooLong
from archive.ledger import Account
from sources import CatalogueError, Source
from syndication.web import drawings
from syndication.web.room import Room
from syndication.web.search import Search
from syndication.web.status import mood, next_visit

CHARTS: Final = ("days", "week", "edits")
FEW: Final = 10  # releases on a page of a place
GAPS: Final = 60  # days with gaps that are listed


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """What is known of a Jalali month ("1400-09") of a source: items listed, archived, unreadable, numbers missing."""

    month: str
    listed: int
    fetched: int
    quarantined: int
    missing: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """A source in the list of a province or an agency; `latest` is None for one that was never read."""

    source: Source
    articles: int
    latest: Crawl | None

    @property
    def mood(self) -> str:
        return mood(self.latest) if self.latest else ""


def province(room: Room, request: Request) -> Response:
    try:
        found = room.catalogue.province(request.path_params["key"])
    except CatalogueError:
        raise HTTPException(HTTPStatus.NOT_FOUND) from None
    offices = [source for source in room.catalogue.sources.values() if source.province.iso == found.iso]
    heading = room.language.say["place"]["province"].format(room.language.name_of(found))
    return _page(room, request, ("province", found.key), heading, Query(provinces=(found.iso,)), offices=offices)


def agency(room: Room, request: Request) -> Response:
    found = room.catalogue.agencies.get(request.path_params["key"])
    if not found:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    offices = [source for source in room.catalogue.sources.values() if source.agency.id == found.id]
    heading = room.language.name_of(found)
    return _page(room, request, ("agency", found.id), heading, Query(agencies=(found.id,)), offices=offices)


def source(room: Room, request: Request) -> Response:
    found = room.catalogue.sources.get(request.path_params["key"])
    if not found:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    query = Query(sources=(found.id,))
    with room.reading() as connection:
        latest = next(iter(crawls.latest(connection, found.id)), None)
        succeeded = crawls.last_successes(connection).get(found.id)
        order = orders.read(connection).get(found.id)
        mark = changes.newest(connection), latest and (latest.id, latest.finished_at)
    account, late = None, False
    try:
        account = room.memory.get(("ledger", found.id, mark), lambda: _account(room, found.id))
    except TookTooLong:  # of a disk that has not read it for long; the rest of the page need not wait for that
        late = True
    heading = room.language.name_of(found)
    return _page(
        room,
        request,
        ("source", found.id),
        heading,
        query,
        office=found,
        latest=latest,
        mood=latest and mood(latest),
        succeeded=succeeded,
        next=next_visit(order, room.language),
        account=account,
        late=late,
        months=_months(account) if account else [],
        gaps=_gaps(account) if account else [],
    )


def _account(room: Room, source: str) -> Account | None:
    """The ledger of a source, which walks through all that it published."""
    with room.reading() as connection:
        return next(ledger.ledger(connection, Query(sources=(source,))), None)


def _page(
    room: Room,
    request: Request,
    place: tuple[str, str],
    heading: str,
    query: Query,
    *,
    office: Source | None = None,
    offices: Iterable[Source] = (),
    **values: Any,
) -> Response:
    counts = room.counted.now().sources
    feed = room.feed(*place)
    nothing: dict[str, Any] = dict.fromkeys(("latest", "mood", "succeeded", "next", "account"))
    nothing |= {"months": [], "gaps": [], "late": False}
    with room.reading(query) as connection:
        index = room.archive.index
        by_month = facets.counts(connection, query, index, by=("month",))
        days = room.by_day(answers.select(connection, query.narrowed(limit=FEW), index))
        newest = {crawl.source: crawl for crawl in crawls.latest(connection)} if offices else {}
    return room.views.page(
        request,
        "place.html",
        heading=heading,
        kind=place[0],
        feeds_of=[feed] if feed else [],
        feed=feed,
        office=office,
        offices=[
            Office(source=each, articles=counts[each.id], latest=newest.get(each.id))
            for each in sorted(offices, key=lambda each: (-counts[each.id], each.id))
        ],
        total=sum(number for _, number in by_month),
        span=[by_month.rows[0][0][0], by_month.rows[-1][0][0]] if by_month.rows else [],
        days=days,
        charts=drawings.draw(room, query, CHARTS),
        words=Search((place,)).words_but(),
        everything=Search((place,)).path,
        changes=f"/changes?{Search((place,)).words_but()}",
        coverage=f"/api/v1/coverage?{Search((place,)).words_but()}",
        **(nothing | values),
    )


def _months(account: Account) -> list[Month]:
    """The newest first."""
    totals: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for day in account.days:
        missing = sum(last - first + 1 for first, last in day.missing)
        told = {"listed": day.listed, "fetched": day.fetched, "quarantined": day.quarantined, "missing": missing}
        totals[day.day[:7]].update(told)
    names = ("listed", "fetched", "quarantined", "missing")
    return [
        Month(month=month, **{name: totals[month][name] for name in names}) for month in sorted(totals, reverse=True)
    ]


def _gaps(account: Account) -> list[tuple[str, int]]:
    """The newest days of which something is not archived, each with how much."""
    found = []
    for day in reversed(account.days):
        lacking = max(0, day.listed - day.fetched) + sum(last - first + 1 for first, last in day.missing)
        if lacking:
            found.append((day.day, lacking))
    return found[:GAPS]
