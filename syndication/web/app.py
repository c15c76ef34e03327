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
from syndication.web.api import Api
from syndication.web.documents import FeedDocuments
from syndication.web.mishaps import Mishaps
from syndication.web.pages import Pages
from syndication.web.responses import kept
from syndication.web.safety import Safety
from syndication.web.views import Views

STATIC = Path(__file__).parent / "static"
MEDIA_TYPES = {".css": "text/css; charset=utf-8"}
A_YEAR = 31_536_000  # seconds; the address of a static file changes with its content


def create_app(archive: Archive, catalogue: Catalogue, base_url: str) -> Starlette:
    """The web face of an archive, whether it exists yet or not.

    `base_url` is where readers and subscribers reach it ("https://news.example.ir", a path after it if a proxy strips
    one); every address in an answer is made from it, none from the `Host` of a request.
    """
    base_url = base_url.rstrip("/")
    views = Views(catalogue, base_url)
    pages = Pages(archive, views)
    app = Starlette(
        routes=[
            Route("/", pages.home),
            Route("/articles/{id:path}.json", pages.record),
            Route("/articles/{id:path}", pages.article),
            Route("/feeds", lambda _: RedirectResponse(views.here("/feeds/"), HTTPStatus.PERMANENT_REDIRECT)),
            Route("/feeds/", pages.directory),
            Route("/feeds/{path:path}.{extension}", FeedDocuments(archive, catalogue, base_url), methods=["GET"]),
            Route("/api/v1/coverage", Api(archive, catalogue).coverage),
            Route("/status", pages.status),
            Route("/healthz", pages.health),
            Route("/static/{name}", static),
        ],
        middleware=[Middleware(Safety)],
        exception_handlers=Mishaps(views).handlers,
    )
    app.router.redirect_slashes = False  # Starlette would send readers to the Host that the client states
    return app


def static(request: Request) -> Response:
    name = request.path_params["name"]
    files = {file.name: file for file in STATIC.iterdir() if file.suffix in MEDIA_TYPES}
    if name not in files:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return kept(request.headers, files[name].read_bytes(), MEDIA_TYPES[files[name].suffix], seconds=A_YEAR)
