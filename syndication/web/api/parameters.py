"""The words of an address, strictly: what is unknown, stated twice, empty or too long is an error that names it.

The models are what FastAPI reads and what the OpenAPI document states; `query` makes the archive's `Query` of them.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema
from starlette.requests import Request

from archive import Kind, Query, State
from archive.errors import NoSuchArticle, QueryError
from archive.facets import DIMENSIONS
from archive.query import LARGEST, Sort
from archive.records import NAMES
from persian.text import search_key, without_forbidden
from sources import Catalogue

LONGEST_TEXT: Final = 1000  # letters of what is searched
LONGEST_VALUE: Final = 200  # letters of any other value
MOST_VALUES: Final = 100  # of one filter
LARGEST_REVISION: Final = 2**31 - 1  # that a database's column of revisions holds
LONGEST_QUOTE: Final = 50  # letters of what was asked that a problem says again
DEFAULT, MOST = 50, 1000  # articles, or changes, of an answer

Value = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_VALUE)]
Yes = Literal["yes", "no", "true", "false", "1", "0"]
Nothing = SkipJsonSchema[None]  # a parameter that is not stated; nobody states it as null


def _field(text: str, *examples: Any, alias: str | None = None, **more: Any) -> Any:
    return Field(alias=alias, description=text, examples=list(examples) or None, **more)


def _values(text: str, *examples: str, format_: str | None = None) -> Any:
    """A filter that may be stated again: its values are alternatives."""
    told = [[each] for each in examples]
    if format_ is None:
        return _field(text, *told, default=[], max_length=MOST_VALUES)

    def state(schema: dict[str, Any]) -> None:
        schema["items"]["format"] = format_

    return _field(text, *told, default=[], max_length=MOST_VALUES, json_schema_extra=state)


def _of(known: Sequence[str]) -> Any:
    """The schema of some names with commas between: an array that stands in one value."""

    def state(schema: dict[str, Any]) -> None:
        schema.pop("maxLength", None)
        schema |= {"type": "array", "items": {"type": "string", "enum": [*known]}, "minItems": 1}

    return state


class Places(BaseModel):
    """Whose releases."""

    model_config = ConfigDict(extra="forbid")

    province: list[Value] = _values(
        "ISO 3166-2 code, key or name of a province, in any spelling.", "IR-21", "یزد", format_="province"
    )
    agency: list[Value] = _values("Id of an agency.", "mcls", format_="agency")
    source: list[Value] = _values("Id of a source.", "mcls-yazd", format_="source")


class Days(Places):
    """Whose, and of which days."""

    since: Value | Nothing = _field(
        "From this day, month or year on, in either calendar: `1400-09-15`, `۱۴۰۰/۰۹`, `2021-12`.",
        *("1400-09-15", "2021-12"),
        default=None,
        json_schema_extra={"format": "jalali-or-gregorian"},
    )
    until: Value | Nothing = _field(
        "To the end of this day, month or year.",
        "1405",
        default=None,
        json_schema_extra={"format": "jalali-or-gregorian"},
    )


class Filters(Days):
    """Every filter of `archive.Query`."""

    q: str = _field(
        'Words that must all occur, in any spelling; `"…"` a phrase; `OR`, `NOT`, and `title:` `kicker:` `lead:` '
        "`body:` before a word or phrase. Nothing that can be written is an error.",
        *("روابط عمومی", "title:نشست"),
        default="",
        max_length=LONGEST_TEXT,
    )
    tag: list[Value] = _values("A tag, in any spelling.", "اشتغال")
    state: list[State] = _values("What became of the release.", "live")
    changed_since: Annotated[int, Field(ge=0, le=LARGEST)] | Nothing = _field(
        "What changed after this number of the change log.", 0, alias="changed-since", default=None
    )
    collapse_copies: Yes | Nothing = _field(
        "Whether of several releases of one text only the earliest is wanted that passes all other filters.",
        "yes",
        alias="collapse-copies",
        default=None,
    )


class Picked(BaseModel):
    """Which names of a record are wanted."""

    model_config = ConfigDict(extra="forbid")

    fields: str | Nothing = _field(
        "The names of the record that are wanted, with commas between; all of them where it is left out.",
        ["id", "title", "published"],
        default=None,
        max_length=LONGEST_TEXT,
        json_schema_extra=_of(NAMES),
    )


class Listing(Picked, Filters):
    """What `/articles` is asked."""

    sort: Sort = _field("`best` needs a text.", "oldest", default=Sort.NEWEST)
    limit: int = _field("Articles of one answer.", 10, default=DEFAULT, ge=1, le=MOST)
    cursor: Value | Nothing = _field(
        "Goes on behind the last article of the answer that gave it.",
        default=None,
        json_schema_extra={"format": "cursor"},
    )


class Following(Places):
    """What `/changes` is asked."""

    since: int = _field("The number after which changes are wanted.", 0, default=0, ge=0, le=LARGEST)
    kind: list[Kind] = _values("What happened.", "new")
    limit: int = _field("Changes of one answer.", 10, default=DEFAULT, ge=1, le=MOST)


class Counting(Filters):
    """What `/counts` is asked."""

    by: str | Nothing = _field(
        "What to count by, with commas between; a total alone where it is left out.",
        *(["month", "province"], ["state"]),
        default=None,
        max_length=LONGEST_VALUE,
        json_schema_extra=_of(DIMENSIONS),
    )


class Nowhere(BaseModel):
    """What takes no parameters."""

    model_config = ConfigDict(extra="forbid")


ArticleId = Annotated[
    str,
    Path(
        description="Id of an article. The slash in it may be written as it is or as %2F.",
        examples=["mcls-yazd/5273"],
        max_length=2 * LONGEST_TEXT,
        json_schema_extra={"format": "article"},
    ),
]
SourceId = Annotated[str, Path(description="Id of a source.", examples=["mcls-yazd"], max_length=LONGEST_VALUE)]
Revision = Annotated[int, Path(description="Number of a revision, from 1.", examples=[1], ge=1, le=LARGEST_REVISION)]

REPEATED: Final = frozenset(
    name for model in (Filters, Following) for name, field in model.model_fields.items() if field.default == []
)
"""What may be stated more than once."""


def stated_once(request: Request) -> None:
    """Raises `QueryError` for a word that is stated twice though only one value of it can count."""
    stated = Counter(name for name, _ in request.query_params.multi_items())
    for name, times in stated.items():
        if times > 1 and name not in REPEATED:
            raise QueryError(name, f"is stated {times} times; only one can count")


def held(id_: str) -> str:
    """An id as it was asked for; raises `NoSuchArticle` for one with signs that no id has, nor any database takes."""
    if without_forbidden(id_) != id_:
        raise NoSuchArticle("there is no article with such signs in its id")
    return id_


def query(asked: Filters | Days, catalogue: Catalogue) -> Query:
    """The question; raises `QueryError` naming the parameter."""
    parsed = _parsed(asked, [name for name in type(asked).model_fields if name not in APART], catalogue)
    if isinstance(asked, Filters):
        keys = tuple(search_key(without_forbidden(tag)) for tag in asked.tag)
        parsed = parsed.narrowed(text=without_forbidden(asked.q).strip(), tags=keys)
    if isinstance(asked, Listing):
        parsed = parsed.narrowed(sort=asked.sort)
    if parsed.sort is Sort.BEST and not parsed.text:
        raise QueryError("sort", "best needs a text (q) to be best for")
    return parsed


def places(asked: Places, catalogue: Catalogue) -> Query:
    """Whose releases alone; raises `QueryError`."""
    return _parsed(asked, list(Places.model_fields), catalogue)


def names(parameter: str, stated: str | None, known: Sequence[str]) -> tuple[str, ...]:
    """Some names with commas between; raises `QueryError` for those that are not known."""
    asked = () if stated is None else tuple(dict.fromkeys(stated.split(",")))
    wrong = [name[:LONGEST_QUOTE] for name in asked if name not in known]
    if wrong:
        raise QueryError(parameter, f"there is no {', '.join(map(repr, wrong))}; there are {', '.join(known)}")
    return asked


APART: Final = ("q", "tag", "fields", "by", "sort")
"""What is no word of `Query.parse`, or means something there when it is blank: a tag of no letters is no article's."""


def _parsed(asked: BaseModel, names: Sequence[str], catalogue: Catalogue) -> Query:
    words: dict[str, Any] = {}
    for name in names:
        value, word = getattr(asked, name), type(asked).model_fields[name].alias or name
        if value not in (None, []):
            words[word] = _cleaned(word, value)
    return Query.parse(words, catalogue)


def _cleaned(name: str, value: Any) -> Any:
    """Without signs that no text holds. Raises `QueryError` for what is blank then, for without it all is asked for."""
    if isinstance(value, list):
        return [_cleaned(name, each) for each in value]
    if not isinstance(value, str):
        return value
    cleaned = without_forbidden(value).strip()
    if not cleaned:
        raise QueryError(name, "is empty; leave it out to ask for all")
    return cleaned


def address_of(request: Request, here: str, **changed: Any) -> str:
    """The address of the same question with some words changed."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in changed]
    pairs = [*kept, *((name, str(value)) for name, value in changed.items())]
    return f"{here}?{urlencode([(name, without_forbidden(value)) for name, value in pairs])}"
