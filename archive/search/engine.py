"""One index of tantivy in a directory of its own. Whatever fails in it is `Damaged`."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
import tantivy

from archive.search.damage import Damaged, damage_noticed
from archive.search.grammar import FIELDS, parse
from archive.search.mark import Mark
from archive.search.matching import matching
from persian.spelling import tokens

HEAP: Final = 15_000_000  # bytes that the writer gathers before it writes a segment: tantivy's least
MARK: Final = "mark"  # the field that holds the mark, and the term that its document is found by


class Engine:
    """The index in a directory, as it was when opened or renewed; an empty one is made where there is none."""

    @damage_noticed()
    def __init__(self, home: Path) -> None:
        home.mkdir(exist_ok=True)
        self.index = tantivy.Index(_schema(), path=str(home))
        self.index.config_reader("manual")
        self.index.reload()

    @damage_noticed()
    def renew(self) -> None:
        """See what was committed since."""
        self.index.reload()

    @damage_noticed()
    def mark(self) -> Mark:
        searcher = self.index.searcher()
        query = tantivy.Query.term_query(self.index.schema, MARK, MARK, "basic")
        hits = searcher.search(query, limit=1).hits
        return Mark(*json.loads(searcher.doc(hits[0][1])[MARK][1])) if hits else Mark()

    @damage_noticed()
    def find(self, text: str) -> list[int]:
        """`articles.pk` of the matches by score, then newest change, then newest article."""
        query = matching(self.index.schema, parse(text))
        searcher = self.index.searcher()
        total = 0 if query is None else searcher.search(query, limit=1).count  # type: ignore[attr-defined]
        if query is None or not total:
            return []
        hits = searcher.search(query, limit=total, count=False).hits
        addresses = [address for _, address in hits]
        changed, numbers = (searcher.fast_field_values(name, addresses) for name in ("change", "pk"))
        ranked = sorted(zip((score for score, _ in hits), changed, numbers, strict=True), reverse=True)
        return [int(pk or 0) for _, _, pk in ranked]

    @contextmanager
    def writing(self) -> Iterator["Writer"]:
        """A writer; what it has not committed when the block ends is dropped."""
        with damage_noticed():
            writer = self.index.writer(HEAP, 1)
        try:
            yield Writer(writer)
        finally:
            with suppress(Damaged), damage_noticed():
                writer.wait_merging_threads()  # gives the engine's lock back


class Writer:
    """What an index is changed through."""

    def __init__(self, writer: tantivy.IndexWriter) -> None:
        self._writer = writer

    @damage_noticed()
    def put(self, rows: Sequence[sa.Row[Any]], *, replacing: bool) -> None:
        """Index rows of `mark.changed`; `replacing` what the index may hold of them already."""
        for row in rows:
            if replacing:
                self._writer.delete_documents_by_term("pk", row.pk)
            self._writer.add_document(_document(row))

    @damage_noticed()
    def commit(self, mark: Mark) -> None:
        """Keep what was put, and the mark in the same commit: a document that has no pk."""
        document = tantivy.Document()
        document.add_text(MARK, MARK)
        document.add_text(MARK, json.dumps([mark.seq, mark.witness]))
        self._writer.delete_documents_by_term(MARK, MARK)
        self._writer.add_document(document)
        self._writer.commit()


def _schema() -> tantivy.Schema:
    """The fields; whoever changes them or the tokens moves `homes.LAYOUT` on."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("pk", indexed=True, fast=True)  # signed: deleting by an unsigned term deletes nothing
    builder.add_integer_field("change", fast=True)
    for name in FIELDS:
        builder.add_text_field(name, tokenizer_name="raw")
    builder.add_text_field(MARK, tokenizer_name="raw", index_option="basic", stored=True)
    return builder.build()


def _document(row: sa.Row[Any]) -> tantivy.Document:
    document = tantivy.Document()
    document.add_integer("pk", row.pk)
    document.add_integer("change", row.change)
    for name in FIELDS:
        if text := getattr(row, name):
            found = [tantivy.Token(token, position, 0, 0) for token, position in tokens(text)]
            document.add_pre_tokenized_text(name, tantivy.PreTokenizedString("", found))
    return document
