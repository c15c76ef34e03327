"""From what a search says to what tantivy is asked: every phrase in each of its spellings, in each field; and from what
narrows it, which weighs nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import tantivy

from archive import order
from archive.filters import Filters
from archive.query import LARGEST
from archive.search.grammar import FIELDS, All, Either, Expression, Not, Phrase, Words
from persian.spelling import Run, phrases, runs, spellings

TERMS: Final = 256  # words of a search; the rest are passed over
MANY: Final = 64  # values of a filter from which on one automaton is quicker than a union
_MUST: Final = tantivy.Occur.Must
WEIGHTS: Final = {"kicker": 2.0, "title": 4.0, "lead": 2.0, "body": 1.0}


def matching(schema: tantivy.Schema, expression: Expression) -> tantivy.Query | None:
    """The query whose matches are what is asked for; None where no word can be searched."""
    return _Asking(schema).query(expression, FIELDS)


def narrowed(schema: tantivy.Schema, wanted: tantivy.Query, filters: Filters) -> tantivy.Query:
    """The same matches with the same scores, but only those that pass the filters."""
    given = [(name, values) for name, values in _values(filters) if values is not None]
    parts = [_one_of(schema, name, values) for name, values in given]
    if filters.changed_since is not None:
        parts.append(between(schema, "change", min(filters.changed_since, LARGEST - 1) + 1, None))
    if filters.since or filters.until:
        first = order.first_from(filters.since) if filters.since else None
        last = order.first_from(filters.until) - 1 if filters.until else None
        parts.append(between(schema, "ordered", first, last))
    return among(wanted, *parts)


def among(wanted: tantivy.Query, *parts: tantivy.Query) -> tantivy.Query:
    """What matches all of these, with the score of the first alone. The others are one part, of which so little is left
    in most searches that the first, which has to look through four fields, is asked of less.
    """
    if not parts:
        return wanted
    narrowing = parts[0] if len(parts) == 1 else tantivy.Query.boolean_query([(_MUST, part) for part in parts])
    weightless = tantivy.Query.const_score_query(narrowing, 0.0)
    return tantivy.Query.boolean_query([(_MUST, wanted), (_MUST, weightless)])


def between(schema: tantivy.Schema, name: str, first: int | None, last: int | None) -> tantivy.Query:
    """Documents whose number in a field lies from one through another; None is no bound, and not both are None."""
    return tantivy.Query.range_query(schema, name, tantivy.FieldType.Integer, first, last)


def _values(filters: Filters) -> Iterator[tuple[str, Sequence[str] | None]]:
    yield "source", filters.sources
    yield "state", filters.states or None
    yield "tag", filters.tags or None


def _one_of(schema: tantivy.Schema, name: str, values: Sequence[str]) -> tantivy.Query:
    if not values:
        return tantivy.Query.empty_query()
    if len(values) > MANY:
        return tantivy.Query.term_set_query(schema, name, list(values))
    terms = [tantivy.Query.term_query(schema, name, str(value), "basic") for value in values]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])


class _Asking:
    """One search while its query is made; `None` stands for a part without any word that can be searched."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self.schema, self.left = schema, TERMS

    def query(self, expression: Expression, fields: Sequence[str]) -> tantivy.Query | None:
        if not self.left:
            return None
        match expression:
            case Words(words):
                return _all([self._spelled(phrase, fields) for phrase in self._affordable(phrases(words))])
            case Phrase(text):
                return _all([self._spelled(phrase, fields) for phrase in self._affordable([runs(text)])])
            case All(parts):
                wanted = [self.query(part, fields) for part in parts if not isinstance(part, Not)]
                unwanted = [self.query(part.part, fields) for part in parts if isinstance(part, Not)]
                return _all(wanted, unwanted)
            case Either(parts):
                return _any([self.query(part, fields) for part in parts])
            case Not(part):
                return _all([], [self.query(part, fields)])
            case _:
                return self.query(expression.part, (expression.field,))

    def _affordable(self, asked: Iterable[list[Run]]) -> Iterator[list[Run]]:
        """As much of each phrase as the search has words left to spend."""
        for phrase in asked:
            if kept := phrase[: self.left]:
                self.left -= len(kept)
                yield kept

    def _spelled(self, phrase: list[Run], fields: Sequence[str]) -> tantivy.Query | None:
        return _any([self._within(name, sequence) for name in fields for sequence in spellings(phrase)])

    def _within(self, name: str, sequence: list[str]) -> tantivy.Query:
        if len(sequence) == 1:
            found = tantivy.Query.term_query(self.schema, name, sequence[0])
        else:
            found = tantivy.Query.phrase_query(self.schema, name, list(sequence))
        return tantivy.Query.boost_query(found, WEIGHTS[name])


def _any(parts: Iterable[tantivy.Query | None]) -> tantivy.Query | None:
    known = [(tantivy.Occur.Should, part) for part in parts if part is not None]
    return tantivy.Query.boolean_query(known) if known else None


def _all(wanted: Iterable[tantivy.Query | None], unwanted: Iterable[tantivy.Query | None] = ()) -> tantivy.Query | None:
    must = [(_MUST, part) for part in wanted if part is not None]
    must_not = [(tantivy.Occur.MustNot, part) for part in unwanted if part is not None]
    if must_not and not must:
        must = [(_MUST, tantivy.Query.exists_query("ordered"))]
    return tantivy.Query.boolean_query(must + must_not) if must else None
