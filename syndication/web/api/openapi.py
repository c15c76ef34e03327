"""The OpenAPI 3.1 document: what FastAPI derives from the endpoints, and what is the same for all of them."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from sources import Catalogue
from syndication.web.api import models
from syndication.web.api.answering import NDJSON
from syndication.web.api.problems import KINDS, MEDIA_TYPE

VERSION: Final = "1.0.0"
TITLE: Final = "Monadi"
DESCRIPTION: Final = (
    "The press releases of Iran's provincial public offices: every release, every later edit of it, and what was not "
    "harvested.\n\n"
    "Everything is for reading: `GET` and `HEAD`, from any origin. Parameters are the filters of every other face of "
    "Monadi; one that is unknown, stated twice or wrong is an error (`application/problem+json`, RFC 9457) that names "
    "it. Answers have strong entity tags for `If-None-Match`, come compressed, and lists go on at their `next`. Dates "
    "are in both calendars; times without an offset are Tehran's."
)
PROBLEM: Final = {"schema": {"$ref": "#/components/schemas/Problem"}}
ALWAYS: Final = tuple(status for status in KINDS if status not in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED))
PAGED: Final[Mapping[str, str]] = {"/articles": "Article or PartOfArticle", "/changes": "Change"}
"""The lists, and what a line of theirs is."""

LISTED: Final = ("fields", "by")
"""The parameters whose values stand in one, with commas between."""

EXAMPLE_ARTICLE: Final = "mcls-yazd/5273"

HEADERS: Final[dict[str, Any]] = {
    "ETag": {"description": "Of these very bytes, RFC 9110 §8.8.3.", "schema": {"type": "string"}},
    "RateLimit-Policy": {"description": "How many requests in how many seconds.", "schema": {"type": "string"}},
    "RateLimit": {"description": "How many are left, and the seconds until all are.", "schema": {"type": "string"}},
}
LINK: Final[dict[str, Any]] = {"description": 'The next answer, rel="next"; RFC 8288.', "schema": {"type": "string"}}
RETRY_AFTER: Final[dict[str, Any]] = {"description": "Seconds to wait.", "schema": {"type": "string"}}
CHALLENGE: Final[dict[str, Any]] = {"description": "RFC 6750 §3.", "schema": {"type": "string"}}
OF_PROBLEMS: Final[Mapping[HTTPStatus, dict[str, Any]]] = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": CHALLENGE},
    HTTPStatus.TOO_MANY_REQUESTS: {"Retry-After": RETRY_AFTER},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": RETRY_AFTER},
}


def document(app: FastAPI, here: str, catalogue: Catalogue) -> dict[str, Any]:
    """The document of an API that is reached at `here`; its examples are of the catalogue."""
    told = get_openapi(
        title=TITLE,
        version=VERSION,
        description=DESCRIPTION,
        routes=app.routes,
        servers=[{"url": here}],
        tags=[{"name": name} for name in ("Articles", "Changes", "Sources", "Counts")],
    )
    schemas = told["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):  # FastAPI's own answer to wrong parameters, not ours
        schemas.pop(name, None)
    schemas["Problem"] = models.Problem.model_json_schema(mode="serialization")
    told["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "Reads without a limit. None is needed."}
    }
    told["paths"] = dict(sorted(told["paths"].items()))
    for path, methods in told["paths"].items():
        _finish(path, methods["get"], _examples(catalogue))
    return told


def _finish(path: str, operation: dict[str, Any], examples: Mapping[str, Any]) -> None:
    summary, _, text = operation.pop("description").partition("\n")
    operation["summary"] = summary
    if text.strip():
        operation["description"] = text.strip()
    operation["security"] = [{}, {"token": []}]
    for parameter in operation.get("parameters", ()):
        schema = parameter["schema"]
        for name in ("title", "description"):  # which the parameter itself has
            schema.pop(name, None)
        if parameter["name"] in LISTED:
            parameter |= {"style": "form", "explode": False}
        if schema.get("default", "") in (None, []):
            del schema["default"]
        if parameter["name"] in examples and "examples" in schema:
            schema["examples"] = [examples[parameter["name"]]]
    responses = operation["responses"]
    responses.pop("422", None)
    success = responses["200"]
    success["headers"] = dict(HEADERS)
    if path in PAGED:
        success["headers"]["Link"] = LINK
        success["content"][NDJSON] = {"schema": {"type": "string", "description": f"{PAGED[path]}, one a line."}}
    for status in (*ALWAYS, *([HTTPStatus.NOT_FOUND] if "{" in path else [])):
        responses[str(int(status))] = {
            "description": f"{KINDS[status][1]}.",
            "headers": OF_PROBLEMS.get(status, {}),
            "content": {MEDIA_TYPE: PROBLEM},
        }


def _examples(catalogue: Catalogue) -> dict[str, Any]:
    """Of the parameters whose values are those of this catalogue."""
    source = next(iter(catalogue.sources.values()), None)
    if source is None:
        return {}
    return {"source": [source.id], "agency": [source.agency.id], "province": [source.province.iso]}
