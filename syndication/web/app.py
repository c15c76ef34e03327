"""The ASGI application: which address is answered by what, and what a reader is told when something is wrong."""

from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ExceptionHandler

from archive import Archive
from archive.errors import ArchiveError, ArchiveMissing, NoSuchArticle
from sources import Catalogue
from syndication.errors import NoSuchFeed, UnknownFormat
from syndication.web.documents import FeedDocuments
from syndication.web.pages import Pages
from syndication.web.responses import kept
from syndication.web.safety import HEADERS, Safety
from syndication.web.views import Views

STATIC = Path(__file__).parent / "static"
MEDIA_TYPES = {".css": "text/css; charset=utf-8"}
A_YEAR = 31_536_000  # seconds; the address of a static file changes with its content
BEGIN = (
    ("monadi harvest", "خبرهای منبع‌ها را می‌آورد و بایگانی را می‌سازد"),
    ("monadi demo", "همین را بی‌اینترنت، با چند نمونه، نشان می‌دهد"),
)


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
            Route("/status", pages.status),
            Route("/healthz", pages.health),
            Route("/static/{name}", static),
        ],
        middleware=[Middleware(Safety)],
        exception_handlers=_handlers(views),
    )
    app.router.redirect_slashes = False  # Starlette would send readers to the Host that the client states
    return app


def static(request: Request) -> Response:
    name = request.path_params["name"]
    files = {file.name: file for file in STATIC.iterdir() if file.suffix in MEDIA_TYPES}
    if name not in files:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return kept(request.headers, files[name].read_bytes(), MEDIA_TYPES[files[name].suffix], seconds=A_YEAR)


def _handlers(views: Views) -> dict[type[Exception] | int, ExceptionHandler]:
    def missing(request: Request, error: Exception) -> Response:
        expected = request.url.path in ("/", "/status")
        return views.page(
            "message.html",
            place=request.url.path,
            status=HTTPStatus.OK if expected else HTTPStatus.SERVICE_UNAVAILABLE,
            heading="هنوز بایگانی‌ای نیست",
            text="منادی هنوز خبری نیاورده است. برای آغاز یکی از این دو فرمان را اجرا کنید:",
            commands=BEGIN,
            line=str(error),
        )

    def unavailable(_: Request, error: Exception) -> Response:
        text = "بایگانی اکنون پاسخ نمی‌دهد. دلیلش برای گردانندهٔ این منادی:"
        return _message(views, HTTPStatus.SERVICE_UNAVAILABLE, "بایگانی در دسترس نیست", text, str(error))

    def unknown(_: Request, error: Exception) -> Response:
        text = "چنین خبر یا خوراکی در این بایگانی نیست."
        return _message(views, HTTPStatus.NOT_FOUND, "یافت نشد", text, str(error))

    def refused(_: Request, error: Exception) -> Response:
        code = error.status_code if isinstance(error, HTTPException) else HTTPStatus.BAD_REQUEST
        if code == HTTPStatus.NOT_FOUND:
            return _message(views, code, "یافت نشد", "چنین صفحه‌ای در منادی نیست.")
        response = _message(views, code, "انجام نشد", "این درخواست پذیرفته نیست.", HTTPStatus(code).phrase)
        response.headers.update(getattr(error, "headers", None) or {})
        return response

    def broken(_: Request, _error: Exception) -> Response:
        text = "منادی در پاسخ دادن درماند؛ شرح آن در گزارش‌های سرور نوشته شد."
        response = _message(views, HTTPStatus.INTERNAL_SERVER_ERROR, "خطا", text)
        response.headers.update(HEADERS)  # this answer is made outside of all middleware
        return response

    return {
        ArchiveMissing: missing,
        ArchiveError: unavailable,
        NoSuchArticle: unknown,
        NoSuchFeed: unknown,
        UnknownFormat: unknown,
        HTTPException: refused,
        Exception: broken,
    }


def _message(views: Views, code: int, heading: str, text: str, line: str = "") -> Response:
    return views.page("message.html", place="", status=code, heading=heading, text=text, commands=(), line=line)
