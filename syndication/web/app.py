"""The ASGI application: which address is answered by what."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from archive import Archive, alarms, changes, crawls, orders
from archive.article import stamp
from archive.errors import ArchiveError
from sources import Catalogue
from syndication.alerts import watch
from syndication.feeds import Place
from syndication.feeds.documents import ASSETS, ICON
from syndication.web import discretion
from syndication.web.access import Access
from syndication.web.api.app import PATH, create_api
from syndication.web.badges import Badges
from syndication.web.counts import Counted
from syndication.web.documents import FeedDocuments
from syndication.web.downloads import Downloads
from syndication.web.front import Front
from syndication.web.images import Images
from syndication.web.language import LANGUAGES, PERSIAN, Language
from syndication.web.listings import Listings
from syndication.web.memento import TimeTravel
from syndication.web.memory import Memory
from syndication.web.metrics import Metrics
from syndication.web.mishaps import Mishaps
from syndication.web.pages import PAGES, status
from syndication.web.records import Records
from syndication.web.responses import kept
from syndication.web.room import KEPT, Room
from syndication.web.safety import Safety
from syndication.web.views import Views

STATIC: Final = (Path(__file__).parent / "static", ASSETS)
MEDIA_TYPES: Final = {".css": "text/css; charset=utf-8", ".png": "image/png", ".woff2": "font/woff2"}
A_DAY: Final = 86_400  # seconds
A_YEAR: Final = 365 * A_DAY  # of a static file whose address changes with its content


def create_app(
    archive: Archive, catalogue: Catalogue, base_url: str, hub: str | None = None, access: Access | None = None
) -> Front:
    """The web face of an archive, whether it exists yet or not.

    `base_url` is where readers and subscribers reach it ("https://news.example.ir", a path after it if a proxy strips
    one); every address in an answer is made from it, none from the `Host` of a request. `hub` is the WebSub hub that is
    told of what is new, if any. `access` says how often a client may ask the API; without it there is no limit.
    """
    base_url = base_url.rstrip("/")
    access, counted, memory = access or Access(), Counted(archive), Memory(KEPT)
    rooms = {
        language: Room(
            archive=archive,
            views=Views(catalogue, base_url, language),
            counted=counted,
            tokens=access.tokens,
            memory=memory,
        )
        for language in LANGUAGES
    }
    documents = FeedDocuments(archive, catalogue, Place(base_url=base_url, hub=hub))
    app = Starlette(
        routes=[
            *Records(archive, base_url).routes,
            *TimeTravel(archive, base_url).routes,
            *(route for language, room in rooms.items() for route in _pages(language, room)),
            Route("/feeds/{path:path}.{extension}", documents, methods=["GET"]),
            *Listings(archive, catalogue, base_url).routes,
            Route("/exports/releases.{format}", Downloads(archive, catalogue).endpoint),
            Images(archive).route,
            Route(PATH, partial(_moved, rooms[PERSIAN].views.to("/api/"))),
            Mount(PATH, create_api(archive, catalogue, base_url, access)),
            Route("/healthz", partial(health, archive)),
            Route("/metrics", Metrics(archive, catalogue).endpoint),
            Route("/badges/{name}.svg", Badges(archive, catalogue).endpoint),
            Route("/static/{name}", static),
            Route("/favicon.ico", favicon),
        ],
        middleware=[Middleware(Safety)],
        exception_handlers=Mishaps(rooms).handlers,
    )
    app.router.redirect_slashes = False  # Starlette would send readers to the Host that the client states
    return Front(app, documents, access.proxies)


def _pages(language: Language, room: Room) -> Iterator[Route]:
    """The pages of a language, and the addresses that a reader may have typed without the slash at the end."""
    for path, page in PAGES.items():
        yield Route(language.prefix + path, partial(page, room))
        if page is status.status:
            yield Route(language.prefix + path, partial(status.order, room), methods=["POST"])
        if path.endswith("/") and (language.prefix + path) != "/":
            yield Route((language.prefix + path).rstrip("/"), partial(_moved, room.views.to(path)))


def _moved(path: str, _: Request) -> Response:
    return RedirectResponse(path, HTTPStatus.PERMANENT_REDIRECT)


def health(archive: Archive, _: Request) -> Response:
    """Whether the archive answers, and how the schedule fares; the words are for programs, in English.

    The status is 503 where the archive does not answer, which is all that this server needs. A schedule that stands
    still is another process's trouble: it is said, and changes no status.
    """
    headers = {"Cache-Control": "no-store"}
    now = datetime.now(UTC)
    try:
        with archive.reading() as connection:
            newest, begun = changes.newest(connection), crawls.last_begun(connection)
            visits, standing = watch.next_visits(orders.read(connection)), alarms.standing(connection)
    except ArchiveError as error:
        away = {"status": "unavailable", "reason": discretion.of_error(error)}
        return JSONResponse(away, status_code=503, headers=headers)
    late = sum(at < now - watch.LATE for at in visits.values())
    schedule = {
        "stale": late > 0 and (begun is None or begun < now - watch.LATE),
        "overdue": late,
        "next_visit": stamp(min(visits.values())) if visits else None,
        "last_crawl": begun and stamp(begun),
    }
    told = {"status": "ok", "change": newest, "schedule": schedule, "alarms": len(standing)}
    return JSONResponse(told, headers=headers)


def favicon(request: Request) -> Response:
    """Where browsers and aggregators look for the icon of what names none in a way that they read."""
    return _static(request, PurePosixPath(ICON).name)


def static(request: Request) -> Response:
    return _static(request, request.path_params["name"])


def _static(request: Request, name: str) -> Response:
    files = {file.name: file for place in STATIC for file in place.iterdir() if file.suffix in MEDIA_TYPES}
    if name not in files:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    seconds = A_YEAR if request.url.query else A_DAY  # a version, as pages state it
    return kept(request.headers, files[name].read_bytes(), MEDIA_TYPES[files[name].suffix], seconds=seconds)
