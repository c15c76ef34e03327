"""The ASGI application: which address is answered by what."""

from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from archive import Archive
from sources import Catalogue
from syndication.feeds import Place
from syndication.feeds.documents import ASSETS
from syndication.web.api import Api
from syndication.web.documents import FeedDocuments
from syndication.web.front import Front
from syndication.web.listings import Listings
from syndication.web.mishaps import Mishaps
from syndication.web.pages import Pages
from syndication.web.responses import kept
from syndication.web.safety import Safety
from syndication.web.views import Views

STATIC = (Path(__file__).parent / "static", ASSETS)
MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".png": "image/png"}
A_YEAR = 31_536_000  # seconds; the address of a static file changes with its content


def create_app(archive: Archive, catalogue: Catalogue, base_url: str, hub: str | None = None) -> Front:
    """The web face of an archive, whether it exists yet or not.

    `base_url` is where readers and subscribers reach it ("https://news.example.ir", a path after it if a proxy strips
    one); every address in an answer is made from it, none from the `Host` of a request. `hub` is the WebSub hub that is
    told of what is new, if any.
    """
    base_url = base_url.rstrip("/")
    views = Views(catalogue, base_url)
    pages = Pages(archive, views)
    documents = FeedDocuments(archive, catalogue, Place(base_url=base_url, hub=hub))
    app = Starlette(
        routes=[
            Route("/", pages.home),
            Route("/articles/{id:path}.json", pages.record),
            Route("/articles/{id:path}", pages.article),
            Route("/feeds", lambda _: RedirectResponse(views.here("/feeds/"), HTTPStatus.PERMANENT_REDIRECT)),
            Route("/feeds/", pages.directory),
            Route("/feeds/{path:path}.{extension}", documents, methods=["GET"]),
            *Listings(archive, catalogue, base_url).routes,
            Route("/api/v1/coverage", Api(archive, catalogue).coverage),
            Route("/status", pages.status),
            Route("/healthz", pages.health),
            Route("/static/{name}", static),
        ],
        middleware=[Middleware(Safety)],
        exception_handlers=Mishaps(views).handlers,
    )
    app.router.redirect_slashes = False  # Starlette would send readers to the Host that the client states
    return Front(app, documents)


def static(request: Request) -> Response:
    name = request.path_params["name"]
    files = {file.name: file for place in STATIC for file in place.iterdir() if file.suffix in MEDIA_TYPES}
    if name not in files:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return kept(request.headers, files[name].read_bytes(), MEDIA_TYPES[files[name].suffix], seconds=A_YEAR)
