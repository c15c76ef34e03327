"""What a reader is told when there is no page to show, with a line of English below for whoever keeps the server."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ExceptionHandler

from archive.errors import ArchiveError, ArchiveMissing, NoSuchArticle, QueryError, TookTooLong
from syndication.errors import NoSuchFeed, UnknownFormat
from syndication.web import discretion
from syndication.web.language import Language, language_of
from syndication.web.pages import PAGES
from syndication.web.room import Room
from syndication.web.safety import OF_PAGES

BEGIN = (("monadi harvest", "begin_harvest"), ("monadi demo", "begin_demo"))


class Mishaps:
    """Answers to exceptions; `handlers` is what Starlette takes."""

    def __init__(self, rooms: Mapping[Language, Room]) -> None:
        self._rooms = rooms

    @property
    def handlers(self) -> dict[type[Exception] | int, ExceptionHandler]:
        return {
            ArchiveMissing: self.missing,
            ArchiveError: self.unavailable,
            QueryError: self.mistaken,
            TookTooLong: self.too_costly,
            NoSuchArticle: self.unknown,
            NoSuchFeed: self.unknown,
            UnknownFormat: self.unknown,
            HTTPException: self.refused,
            Exception: self.broken,
        }

    def missing(self, request: Request, error: Exception) -> Response:
        """Readers are told how to begin; programs, for whom an empty answer would be a lie, to come again."""
        room = self._room(request)
        place = request.scope["path"].removeprefix(room.language.prefix) or "/"
        status = HTTPStatus.OK if place in PAGES else HTTPStatus.SERVICE_UNAVAILABLE
        return self._page(request, status, "no_archive", line=discretion.of_error(error), place=place, commands=BEGIN)

    def unavailable(self, request: Request, error: Exception) -> Response:
        line = discretion.of_error(error)
        return self._page(request, HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", line=line)

    def too_costly(self, request: Request, error: Exception) -> Response:
        response = self._page(request, HTTPStatus.SERVICE_UNAVAILABLE, "too_costly", line=str(error))
        response.headers["Retry-After"] = "60"
        return response

    def mistaken(self, request: Request, error: Exception) -> Response:
        """What was asked in words that are not known; programs get it as a problem (RFC 9457)."""
        if not request.url.path.endswith(".json"):
            return self._page(request, HTTPStatus.BAD_REQUEST, "mistaken", line=str(error))
        problem = {"title": "a wrong parameter", "status": int(HTTPStatus.BAD_REQUEST), "detail": str(error)}
        named = {"parameter": error.parameter} if isinstance(error, QueryError) else {}
        headers = {"Cache-Control": "no-store", "Content-Type": "application/problem+json"}
        return JSONResponse(problem | named, status_code=HTTPStatus.BAD_REQUEST, headers=headers)

    def unknown(self, request: Request, error: Exception) -> Response:
        return self._page(request, HTTPStatus.NOT_FOUND, "unknown", line=str(error))

    def refused(self, request: Request, error: Exception) -> Response:
        code = error.status_code if isinstance(error, HTTPException) else HTTPStatus.BAD_REQUEST
        if code == HTTPStatus.NOT_FOUND:
            return self._page(request, code, "unknown", text="no_page")
        response = self._page(request, code, "refused", line=HTTPStatus(code).phrase)
        response.headers.update(getattr(error, "headers", None) or {})
        return response

    def broken(self, request: Request, _error: Exception) -> Response:
        response = self._page(request, HTTPStatus.INTERNAL_SERVER_ERROR, "broken")
        response.headers.update(OF_PAGES)  # this answer is made outside of all middleware
        return response

    def _room(self, request: Request) -> Room:
        return self._rooms[language_of(request.scope["path"])]

    def _page(
        self,
        request: Request,
        status: int,
        said: str,
        *,
        text: str = "",
        line: str = "",
        place: str = "",
        commands: tuple[tuple[str, str], ...] = (),
    ) -> Response:
        """`said` is a key of the table "message"; so is what stands below it, by default the same and "_text"."""
        room = self._room(request)
        say = room.language.say["message"]
        return room.views.page(
            request,
            "message.html",
            place=place,
            status=status,
            heading=say[said],
            text=say[text or f"{said}_text"],
            line=line,
            commands=[(command, say[purpose]) for command, purpose in commands],
        )
