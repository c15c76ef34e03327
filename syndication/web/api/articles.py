"""`/articles`: the archive's answers to a query, and one article with its revisions, differences and copies."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from archive import answers, articles, copies, records
from archive.article import stamp
from archive.copies import Copy
from archive.differences import compare
from archive.records import NAMES
from syndication.web.api import models, parameters
from syndication.web.api.answering import Desk, answer, page
from syndication.web.api.parameters import ArticleId, Listing, Nowhere, Picked, Revision, held


class Articles:
    """The endpoints; each is synchronous, so that it runs in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def router(self) -> APIRouter:
        router = APIRouter(tags=["Articles"])
        one = "/articles/{id:path}"
        told: Any = (
            ("listArticles", "/articles", self.listed, models.Articles),
            ("getRevision", f"{one}/revisions/{{n}}", self.revision, models.Record),
            ("listRevisions", f"{one}/revisions", self.revisions, models.Revisions),
            ("getDifference", f"{one}/diff/{{a}}/{{b}}", self.difference, models.Difference),
            ("listCopies", f"{one}/copies", self.copies, models.Copies),
            ("getArticle", one, self.article, models.Record),
        )
        for name, path, endpoint, model in told:
            router.add_api_route(path, endpoint, response_model=model, operation_id=name)
        return router

    def listed(self, request: Request, asked: Annotated[Listing, Query()]) -> Response:
        """The articles that answer a query

        Values of one filter are alternatives, filters narrow each other. The answer is one object, or NDJSON, a record
        a line, where `Accept` says so. `next`, and the header `Link`, lead to those that follow; a cursor goes on
        behind its article, wherever that stands by then.
        """
        query = parameters.query(asked, self._desk.catalogue).narrowed(limit=asked.limit + 1)
        wanted = parameters.names("fields", asked.fields, NAMES)
        with self._desk.reading(query) as connection:
            found = _found(records.lines(connection, query, self._desk.archive.index))
            shown = found[: asked.limit]
            more = len(found) > len(shown)
            cursor = answers.cursor_after(connection, orjson.loads(shown[-1])["id"]) if more else None
        following = parameters.address_of(request, f"{self._desk.here}/articles", cursor=cursor) if cursor else None
        lines = [orjson.dumps(_picked(orjson.loads(line), wanted)) for line in shown] if wanted else shown
        return page(request, "articles", lines, {"cursor": cursor, "next": following})

    def article(self, request: Request, id: ArticleId, asked: Annotated[Picked, Query()]) -> Response:  # noqa: A002
        """One article as it is now"""
        return self._record(request, id, None, asked)

    def revision(
        self,
        request: Request,
        id: ArticleId,  # noqa: A002
        n: Revision,
        asked: Annotated[Picked, Query()],
    ) -> Response:
        """One article as a revision read"""
        return self._record(request, id, n, asked)

    def revisions(self, request: Request, id: ArticleId, _: Annotated[Nowhere, Query()]) -> Response:  # noqa: A002
        """The revisions of an article, oldest first"""
        with self._desk.reading() as connection:
            history = articles.history(connection, held(id))
        told = [
            {
                "number": each.number,
                "seen_at": stamp(each.seen_at),
                "extractor": each.extractor,
                "content_hash": each.content_hash,
            }
            for each in history
        ]
        return answer(request, {"id": id, "revisions": told})

    def difference(
        self,
        request: Request,
        id: ArticleId,  # noqa: A002
        a: Revision,
        b: Revision,
        _: Annotated[Nowhere, Query()],
    ) -> Response:
        """What revision `b` changed since revision `a`, word by word, and what kind of edit that was"""
        with self._desk.reading() as connection:
            readings = [articles.get(connection, held(id), number).article for number in (a, b)]
        return answer(request, {"id": id, "old": a, "new": b} | compare(*readings).to_dict())

    def copies(self, request: Request, id: ArticleId, _: Annotated[Nowhere, Query()]) -> Response:  # noqa: A002
        """The releases of the same text at other offices"""
        with self._desk.reading() as connection:
            told = [_copy(each) for each in copies.of(connection, held(id))]
        return answer(request, {"id": id, "copies": told})

    def _record(self, request: Request, id_: str, revision: int | None, asked: Picked) -> Response:
        wanted = parameters.names("fields", asked.fields, NAMES)
        with self._desk.reading() as connection:
            record = articles.get(connection, held(id_), revision).to_dict()
        return answer(request, _picked(record, wanted) if wanted else record)


def _found(batches: Iterable[records.Lines]) -> list[bytes]:
    return [line for some in batches for line in some.json]


def _picked(record: dict[str, Any], wanted: Sequence[str]) -> dict[str, Any]:
    return {name: record[name] for name in wanted}


def _copy(copy: Copy) -> dict[str, Any]:
    item = copy.article
    published = item.article.published
    return {
        "id": item.id,
        "source": item.article.source,
        "url": item.article.url,
        "title": item.article.title,
        "published": published and published.to_dict(),
        "state": str(item.state),
        "similarity": round(copy.similarity, 4),
    }
