"""One index of tantivy in a directory of its own. Whatever fails in it is `Damaged`."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import tantivy

from archive.search.damage import Damaged, damage_noticed
from archive.search.grammar import FIELDS
from archive.search.mark import Indexed, Mark
from archive.search.reader import Reader
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
        self._commits = home / "meta.json"  # every commit puts another file in its place
        self._seen: tuple[int, ...] = ()
        self.renew()

    @damage_noticed()
    def renew(self) -> None:
        """See what was committed since; opening every segment again takes long, so only where something was."""
        file = self._commits.stat()
        newest = file.st_ino, file.st_mtime_ns, file.st_size
        if newest != self._seen:
            self.index.reload()
            self._seen = newest

    @damage_noticed()
    def mark(self) -> Mark:
        searcher = self.index.searcher()
        query = tantivy.Query.term_query(self.index.schema, MARK, MARK, "basic")
        hits = searcher.search(query, limit=1).hits
        return Mark(*json.loads(searcher.doc(hits[0][1])[MARK][1])) if hits else Mark()

    @damage_noticed()
    def reader(self) -> Reader:
        """What is there now, which later commits do not change."""
        return Reader(self.index.searcher(), self.index.schema)

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
    def put(self, articles: Iterable[Indexed], *, replacing: bool) -> None:
        """Index articles; `replacing` what the index may hold of them already."""
        for article in articles:
            if replacing:
                self._writer.delete_documents_by_term("pk", article.pk)
            self._writer.add_document(_document(article))

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
    builder.add_integer_field("pk", indexed=True)  # signed: deleting by an unsigned term deletes nothing
    builder.add_integer_field("ordered", indexed=True, fast=True)
    builder.add_integer_field("change", indexed=True, fast=True)
    for name in ("source", "state", "month"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("tag", tokenizer_name="raw", index_option="basic")
    for name in FIELDS:
        builder.add_text_field(name, tokenizer_name="raw")
    builder.add_text_field(MARK, tokenizer_name="raw", index_option="basic", stored=True)
    return builder.build()


def _document(article: Indexed) -> tantivy.Document:
    document = tantivy.Document()
    document.add_integer("pk", article.pk)
    document.add_integer("ordered", article.ordered)
    document.add_integer("change", article.change)
    document.add_text("source", article.source)
    document.add_text("state", article.state)
    document.add_text("month", article.month)
    for tag in article.tags:
        document.add_text("tag", tag)
    for name, text in article.texts.items():
        found = [tantivy.Token(token, position, 0, 0) for token, position in tokens(text)]
        document.add_pre_tokenized_text(name, tantivy.PreTokenizedString("", found))
    return document
