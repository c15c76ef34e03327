"""The API for people: what its OpenAPI document says, as a page."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from syndication.web.api.app import PATH, described
from syndication.web.api.problems import KINDS
from syndication.web.room import Room

CODE: Final = re.compile("`([^`]*)`")
DOCUMENT: Final = f"{PATH}/openapi.json"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A word of an address, with what it may be."""

    name: str
    values: str
    text: Markup


@dataclass(frozen=True, slots=True)
class Operation:
    """An address; `example` is one that can be followed, None where it needs an id."""

    path: str
    summary: str
    text: Markup
    parameters: Sequence[Parameter]
    example: str | None


def api(room: Room, request: Request) -> Response:
    document = described(room.archive, room.catalogue, room.views.base_url)
    return room.views.page(
        request,
        "api.html",
        place="/api/",
        base=PATH,
        document=DOCUMENT,
        operations=list(_operations(document)),
        problems=[(int(status), name, title) for status, (name, title) in KINDS.items()],
    )


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        told = methods["get"]
        parameters = told.get("parameters", ())
        yield Operation(
            path=path,
            summary=told["summary"],
            text=_marked(told.get("description", "")),
            parameters=[
                Parameter(each["name"], _values(each["schema"], schemas), _marked(each["description"]))
                for each in parameters
            ],
            example=None if "{" in path else _example(path, parameters),
        )


def _example(path: str, parameters: Sequence[Mapping[str, Any]]) -> str:
    """The address with the example of its first parameter that has a short one."""
    for each in parameters:
        example = each["schema"].get("examples", [None])[0]
        if each["name"] in ("province", "by", "source") and example:
            return f"{PATH}{path}?{each['name']}={quote(','.join(example))}"
    return PATH + path


def _marked(text: str) -> Markup:
    """What stands between backticks, as code."""
    coded = CODE.sub(r"<code>\1</code>", str(escape(text)))
    return Markup(coded)  # noqa: S704 - escaped here


def _values(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    """What a parameter may be, in a few words."""
    if "$ref" in schema:
        return _values(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "enum" in schema:
        return ", ".join(schema["enum"])
    if schema["type"] == "array":
        return _values(schema["items"], schemas)
    if schema["type"] == "integer":
        bounds = f"{schema.get('minimum', 0)} to {schema['maximum']}"
        return f"{bounds}; {schema['default']} unless stated" if "default" in schema else bounds
    return "text"
