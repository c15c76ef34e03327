"""What a reader is told when there is no page to show: in Persian, with the operator's line of English below."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ExceptionHandler

from archive.errors import ArchiveError, ArchiveMissing, NoSuchArticle, QueryError
from syndication.errors import NoSuchFeed, UnknownFormat
from syndication.web.safety import HEADERS
from syndication.web.views import Views

BEGIN = (
    ("monadi harvest", "خبرهای منبع\u200cها را می\u200cآورد و بایگانی را می\u200cسازد"),
    ("monadi demo", "همین را بی\u200cاینترنت، با چند نمونه، نشان می\u200cدهد"),
)


class Mishaps:
    """Answers to exceptions; `handlers` is what Starlette takes."""

    def __init__(self, views: Views) -> None:
        self._views = views

    @property
    def handlers(self) -> dict[type[Exception] | int, ExceptionHandler]:
        return {
            ArchiveMissing: self.missing,
            ArchiveError: self.unavailable,
            QueryError: self.mistaken,
            NoSuchArticle: self.unknown,
            NoSuchFeed: self.unknown,
            UnknownFormat: self.unknown,
            HTTPException: self.refused,
            Exception: self.broken,
        }

    def missing(self, request: Request, error: Exception) -> Response:
        """Readers are told how to begin; programs, for whom an empty answer would be a lie, to come again."""
        place = request.url.path
        status = HTTPStatus.OK if place in ("/", "/status") else HTTPStatus.SERVICE_UNAVAILABLE
        text = "منادی هنوز خبری نیاورده است. برای آغاز یکی از این دو فرمان را اجرا کنید:"
        return self._page(status, "هنوز بایگانی\u200cای نیست", text, str(error), place=place, commands=BEGIN)

    def unavailable(self, _: Request, error: Exception) -> Response:
        text = "بایگانی اکنون پاسخ نمی\u200cدهد. دلیلش برای گردانندهٔ این منادی:"
        return self._page(HTTPStatus.SERVICE_UNAVAILABLE, "بایگانی در دسترس نیست", text, str(error))

    def mistaken(self, request: Request, error: Exception) -> Response:
        """What a feed was asked that it does not know; programs get it as a problem (RFC 9457)."""
        if not request.url.path.endswith(".json"):
            text = "این پرسش نادرست است. دلیلش، به زبان برنامه‌ها:"
            return self._page(HTTPStatus.BAD_REQUEST, "پرسش نادرست", text, str(error))
        problem = {"title": "a wrong parameter", "status": int(HTTPStatus.BAD_REQUEST), "detail": str(error)}
        named = {"parameter": error.parameter} if isinstance(error, QueryError) else {}
        headers = {"Cache-Control": "no-store", "Content-Type": "application/problem+json"}
        return JSONResponse(problem | named, status_code=HTTPStatus.BAD_REQUEST, headers=headers)

    def unknown(self, _: Request, error: Exception) -> Response:
        return self._page(HTTPStatus.NOT_FOUND, "یافت نشد", "چنین خبر یا خوراکی در این بایگانی نیست.", str(error))

    def refused(self, _: Request, error: Exception) -> Response:
        code = error.status_code if isinstance(error, HTTPException) else HTTPStatus.BAD_REQUEST
        if code == HTTPStatus.NOT_FOUND:
            return self._page(code, "یافت نشد", "چنین صفحه\u200cای در منادی نیست.")
        response = self._page(code, "انجام نشد", "این درخواست پذیرفته نیست.", HTTPStatus(code).phrase)
        response.headers.update(getattr(error, "headers", None) or {})
        return response

    def broken(self, _: Request, _error: Exception) -> Response:
        text = "منادی در پاسخ دادن درماند؛ شرح آن در گزارش\u200cهای سرور نوشته شد."
        response = self._page(HTTPStatus.INTERNAL_SERVER_ERROR, "خطا", text)
        response.headers.update(HEADERS)  # this answer is made outside of all middleware
        return response

    def _page(
        self,
        status: int,
        heading: str,
        text: str,
        line: str = "",
        *,
        place: str = "",
        commands: tuple[tuple[str, str], ...] = (),
    ) -> Response:
        return self._views.page(
            "message.html", place=place, status=status, heading=heading, text=text, line=line, commands=commands
        )
