"""`/sources` and `/coverage`: who publishes, how well they are read, and how complete they are."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from archive import Query as Question
from archive import crawls, facets
from archive.crawls import Crawl
from archive.ledger import ledger
from sources import Source
from syndication.web import discretion
from syndication.web.api import models, parameters
from syndication.web.api.answering import Desk, answer
from syndication.web.api.parameters import Days, Nowhere, Places, SourceId


class Sources:
    """The endpoints; each is synchronous, so that it runs in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def router(self) -> APIRouter:
        router = APIRouter(tags=["Sources"])
        told: Any = (
            ("listSources", "/sources", self.listed, models.Sources),
            ("getSource", "/sources/{id}", self.source, models.Source),
            ("getCoverage", "/coverage", self.coverage, models.Coverage),
        )
        for name, path, endpoint, model in told:
            router.add_api_route(path, endpoint, response_model=model, operation_id=name)
        return router

    def listed(self, request: Request, asked: Annotated[Places, Query()]) -> Response:
        """The sources of the catalogue, with what the newest run of each came to"""
        wanted = parameters.places(asked, self._desk.catalogue)
        with self._desk.reading() as connection:
            articles = facets.counts(connection, wanted, self._desk.archive.index, ["source"])
            newest = {crawl.source: crawl for crawl in crawls.latest(connection)}
        numbers = {key[0]: number for key, number in articles}
        chosen = (source for source in self._desk.catalogue.sources.values() if _among(source, wanted))
        return answer(request, {"sources": [_told(source, numbers, newest.get(source.id)) for source in chosen]})

    def source(self, request: Request, id: SourceId, _: Annotated[Nowhere, Query()]) -> Response:  # noqa: A002
        """One source"""
        source = self._desk.catalogue.source(id)
        with self._desk.reading() as connection:
            number = facets.count(connection, Question(sources=(id,)), self._desk.archive.index)
            newest = crawls.latest(connection, id)
        return answer(request, _told(source, {id: number}, newest[0] if newest else None))

    def coverage(self, request: Request, asked: Annotated[Days, Query()]) -> Response:
        """What of the sources' releases is archived, by Jalali day: the denominator of whatever is counted

        All sources of a large archive take longer than an answer may: ask for one, or for those of a province.
        """
        query = parameters.query(asked, self._desk.catalogue)
        with self._desk.reading() as connection:
            accounts = [account.to_dict() for account in ledger(connection, query)]
        return answer(request, {"sources": accounts})


def _among(source: Source, query: Question) -> bool:
    asked = ((source.province.iso, query.provinces), (source.agency.id, query.agencies), (source.id, query.sources))
    return all(not values or value in values for value, values in asked)


def _told(source: Source, articles: Mapping[str, int], crawl: Crawl | None) -> dict[str, Any]:
    agency, province = source.agency, source.province
    run = crawl and crawl.to_dict()
    if run and run["reason"]:
        run["reason"] = discretion.of_line(run["reason"])
    return {
        "id": source.id,
        "agency": {"id": agency.id, "fa": agency.name_fa, "en": agency.name_en},
        "province": {"iso": province.iso, "fa": province.fa, "en": province.en},
        "county": source.county,
        "fa": source.name_fa,
        "en": source.name_en,
        "url": source.url,
        "platform": source.platform,
        "unverified": source.unverified,
        "articles": articles.get(source.id, 0),
        "crawl": run and {name: run[name] for name in models.Crawl.model_fields},
    }
