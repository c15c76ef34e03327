"""From what a search says to what tantivy is asked: every phrase in each of its spellings, in each field."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import tantivy

from archive.search.grammar import FIELDS, All, Either, Expression, In, Not, Phrase, Words
from persian.spelling import Run, phrases, runs, spellings

TERMS: Final = 256  # words of a search; the rest are passed over
WEIGHTS: Final = {"kicker": 2.0, "title": 4.0, "lead": 2.0, "body": 1.0}


def matching(schema: tantivy.Schema, expression: Expression) -> tantivy.Query | None:
    """The query whose matches are what is asked for; None where no word can be searched."""
    return _Asking(schema).query(expression, FIELDS)


class _Asking:
    """One search while its query is made; `None` stands for a part without any word that can be searched."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self.schema, self.left = schema, TERMS

    def query(self, expression: Expression, fields: Sequence[str]) -> tantivy.Query | None:
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
            case In(name, part):
                return self.query(part, (name,))

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
    must = [(tantivy.Occur.Must, part) for part in wanted if part is not None]
    must_not = [(tantivy.Occur.MustNot, part) for part in unwanted if part is not None]
    if must_not and not must:
        must = [(tantivy.Occur.Must, tantivy.Query.exists_query("pk"))]
    return tantivy.Query.boolean_query(must + must_not) if must else None
