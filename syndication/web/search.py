"""A question as the address of a page states it."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from archive import Query
from persian.text import without_forbidden
from sources import Catalogue

PAGE = 30  # releases on a page
LONGEST_PAGE = 100

FIELDS = ("q", "province", "source", "since", "until")  # what the form shows
ORDERING = ("sort", "limit", "cursor")  # words that narrow nothing


@dataclass(frozen=True, slots=True)
class Search:
    """The words of an address; `query` is what they ask for."""

    asked: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, parameters: QueryParams) -> "Search":
        asked = [(name, without_forbidden(value).strip()) for name, value in parameters.multi_items()]
        return cls(tuple((name, value) for name, value in asked if value))

    def query(self, catalogue: Catalogue) -> Query:
        """What a page of this search asks, one article more than it shows; raises `QueryError`."""
        words: dict[str, list[str]] = {}
        for name, value in self.asked:
            words.setdefault("text" if name == "q" else name, []).append(value)
        query = Query.parse(words, catalogue)
        return query.narrowed(limit=min(query.limit or PAGE, LONGEST_PAGE) + 1)

    @property
    def words(self) -> dict[str, str]:
        """What the fields of the form hold."""
        return {name: " ".join(self.values(name)) for name in FIELDS}

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form has no field for and its next question keeps."""
        return [(name, value) for name, value in self.asked if name not in (*FIELDS, "cursor")]

    @property
    def filtered(self) -> bool:
        return any(name not in ORDERING for name, _ in self.asked)

    @property
    def narrowed(self) -> bool:
        return any(name not in (*ORDERING, "q") for name, _ in self.asked)

    @property
    def only(self) -> tuple[str, str] | None:
        """The one filter and its value, where there is just one."""
        narrowing = [(name, value) for name, value in self.asked if name not in ORDERING]
        return narrowing[0] if len(narrowing) == 1 else None

    def values(self, name: str) -> list[str]:
        return list(self._values(name))

    def continued(self, cursor: str) -> str:
        """The path of the page that follows."""
        return "/?" + urlencode([*(pair for pair in self.asked if pair[0] != "cursor"), ("cursor", cursor)])

    def _values(self, name: str) -> Iterator[str]:
        return (value for asked, value in self.asked if asked == name)
