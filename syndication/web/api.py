"""Answers for programs: JSON under `/api/v1/`, by the same words and in the same shapes as every other face."""

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from archive import Archive, Query
from archive.errors import ArchiveError, QueryError
from sources import Catalogue
from syndication.web.responses import kept

COVERED = ("province", "agency", "source", "since", "until")


class Api:
    """What programs ask of an archive. A question that cannot be understood is answered by 400 and says why."""

    def __init__(self, archive: Archive, catalogue: Catalogue) -> None:
        self._archive = archive
        self._catalogue = catalogue

    def coverage(self, request: Request) -> Response:
        """The ledger: what of each source's releases is archived, by Jalali day."""
        try:
            accounts = self._archive.coverage(self._query(request, COVERED))
        except QueryError as error:
            return _refusal(HTTPStatus.BAD_REQUEST, error, parameter=error.parameter)
        except ArchiveError as error:
            return _refusal(HTTPStatus.SERVICE_UNAVAILABLE, error)
        return _answer(request, {"sources": [account.to_dict() for account in accounts]})

    def _query(self, request: Request, words: Sequence[str]) -> Query:
        asked: dict[str, list[str]] = {}
        for name, value in request.query_params.multi_items():
            if name not in words:
                raise QueryError(name, f"no such parameter here; there are {', '.join(words)}")
            asked.setdefault(name, []).append(value)
        return Query.parse(asked, self._catalogue)


def _answer(request: Request, value: Any) -> Response:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return kept(request.headers, body, "application/json", seconds=0)


def _refusal(status: HTTPStatus, error: ArchiveError, **more: str) -> Response:
    return JSONResponse({"error": str(error), **more}, status_code=status, headers={"Cache-Control": "no-store"})
