"""Full-text search: tantivy in a directory beside the archive, fed by the change log and rebuildable at any time.

A search finds a text whatever its spelling. Both are folded by `persian.text.search_key` and cut at half-spaces;
a word and its affixes («می‌شود», «می شود», «کتاب‌ها», «کتاب ها») take one position of the index, under their parts and
under the joined form, so that all spellings meet in «میشود»; other words with a half-space («نیم‌سال») take a position
a part, and the joined form stands at the first and at the last of them.

What a search may say (`parse`): words, which must all occur; `"…"`, “…” or «…», a phrase; `OR`; `AND`, which changes
nothing; `NOT` or a leading `-`; parentheses; `title:`, `kicker:`, `lead:` or `body:` before any of these. `OR` binds
less than words that stand side by side. Whatever else is typed is a search too: what is left open is closed at the end,
an operator without its operand is passed over. The first 256 words are searched, the rest passed over.
"""

# ruff: noqa: PLC0415 - the engine is loaded only by what searches
import json
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from archive import changes
from archive.errors import ArchiveUnavailable
from archive.tables import articles, revisions
from archive.tables import changes as log
from persian.text import ZWNJ, search_key

if TYPE_CHECKING:
    import tantivy

LAYOUT = 1  # of fields and tokens; an index of another layout is made anew
HEAP = 15_000_000  # bytes that the writer gathers before it writes a segment: tantivy's least
BATCH = 200  # articles in memory at a time
COMMIT = 20_000  # articles after which what is indexed is kept, whatever happens later
WEIGHTS = {"kicker": 2.0, "title": 4.0, "lead": 2.0, "body": 1.0}

# ---- words ----

LINK = "\u3164"  # stands for the half-space while a text is folded: an invisible letter, so the folding leaves it
PREFIXES = frozenset({"می", "نمی"})
PLURALS = frozenset({"ها", "های", "هایی", "هایم", "هایت", "هایش", "هایمان", "هایتان", "هایشان"})
ENDINGS = frozenset({"ام", "ات", "اش", "ایم", "اید", "اند", "مان", "تان", "شان", "ای", "ی", "تر", "تری", "ترین"})
SUFFIXES = PLURALS | ENDINGS
LONGEST = 5  # parts that are joined into one form
LENGTH = 100  # letters of a word; longer ones are cut, in texts and searches alike

Group: TypeAlias = list[str]  # a word and its affixes: the parts that share one position
Run: TypeAlias = list[Group]  # groups that half-spaces tie together


def runs(text: str) -> list[Run]:
    """The words of a text, folded and cut: «برنامه‌ریزی‌های ما» gives [[["برنامه"], ["ریزی", "های"]], [["ما"]]].

    The ezafe of «خانه‌ی ما» is dropped, so that it reads as «خانه ما» and «خانۀ ما».
    """
    found: list[Run] = []
    previous = ""
    for word in (word for written in text.split() for word in _folded(written)):
        for place, part in enumerate(word):
            if part == "ی" and previous.endswith("ه"):
                continue
            if found and (part in SUFFIXES or previous in PREFIXES) and len(found[-1][-1]) < LONGEST:
                found[-1][-1].append(part)
            elif place and found:
                found[-1].append([part])
            else:
                found.append([[part]])
            previous = part
    return found


def _folded(written: str) -> tuple[tuple[str, ...], ...]:
    return _remembered(written) if len(written) <= LENGTH else _fold(written)


def _fold(written: str) -> tuple[tuple[str, ...], ...]:
    """The words that punctuation parts in a written one, each cut at its half-spaces."""
    words = (word.split(LINK) for word in search_key(written.replace(ZWNJ, LINK)).split())
    return tuple(tuple(part[:LENGTH] for part in word if part) for word in words)


_remembered = lru_cache(maxsize=1 << 14)(_fold)  # texts repeat their words: indexing is four times as fast


def tokens(text: str) -> list[tuple[str, int]]:
    """What a text is found by: (token, position), every part of its words and every joined form."""
    found: list[tuple[str, int]] = []
    position = 0
    for run in runs(text):
        if len(run) == 1 and len(run[0]) == 1:
            found.append((run[0][0], position))
            position += 1
            continue
        parts = [(part, position + place) for place, group in enumerate(run) for part in group]
        found += parts
        for start, (_, first) in enumerate(parts):
            for end in range(start + 2, min(start + LONGEST, len(parts)) + 1):
                joined, last = "".join(part for part, _ in parts[start:end]), parts[end - 1][1]
                found += [(joined, place) for place in sorted({first, last})]
        position += len(run)
    return found


def spellings(phrase: Sequence[Run]) -> list[list[str]]:
    """The sequences of tokens that any spelling of a phrase contains one of: parts side by side, or joined."""
    side_by_side = ["".join(group) for run in phrase for group in run]
    joined = ["".join("".join(group) for group in run) for run in phrase]
    return [side_by_side] if joined == side_by_side else [side_by_side, joined]


# ---- what a search says ----


@dataclass(frozen=True, slots=True)
class Words:
    """Words that must all occur, in any order; affixes among them belong to their neighbours."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    text: str


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Expression"


@dataclass(frozen=True, slots=True)
class In:
    """What must occur in one field."""

    field: str
    part: "Expression"


Expression: TypeAlias = Words | Phrase | All | Either | Not | In

DEPTH = 32  # parentheses within each other; deeper ones are passed over
TERMS = 256  # words of a search

SYMBOL = re.compile(
    r"""
      "(?P<straight>[^"]*)(?:"|\Z) | «(?P<angled>[^»]*)(?:»|\Z) | “(?P<curled>[^”]*)(?:”|\Z)
    | (?P<open>\()
    | (?P<close>\))
    | (?P<minus>-+)(?=[^\s\-)])
    | (?P<field>title|kicker|lead|body):
    | (?P<operator>AND|OR|NOT)(?=[\s()"«“]|\Z)
    | (?P<word>[^\s()"«“]+)
    """,
    re.VERBOSE,
)


@dataclass(slots=True)
class _Level:
    """One pair of parentheses while it is read: alternatives of operands, and what stands before the next operand."""

    alternatives: list[list[Expression]] = field(default_factory=lambda: [[]])
    negated: bool = False
    within: str | None = None

    def add(self, part: Expression | None) -> None:
        """Take an operand; plain words that stand side by side become one."""
        if part is not None:
            operands = self.alternatives[-1]
            plain = not self.negated and not self.within
            if self.within:
                part = In(self.within, part)
            if self.negated:
                part = Not(part)
            if plain and isinstance(part, Words) and operands and isinstance(operands[-1], Words):
                operands[-1] = Words(operands[-1].words + part.words)
            else:
                operands.append(part)
        self.negated, self.within = False, None

    def operate(self, operator: str) -> None:
        if operator == "NOT":
            self.negated = not self.negated
            return
        self.negated, self.within = False, None
        if operator == "OR":
            self.alternatives.append([])

    def close(self) -> Expression | None:
        sides = [
            operands[0] if len(operands) == 1 else All(tuple(operands)) for operands in self.alternatives if operands
        ]
        if not sides:
            return None
        return sides[0] if len(sides) == 1 else Either(tuple(sides))


def parse(text: str) -> Expression:
    """What a person's words ask for; total: every string is a search (see the module). `Words(())` asks for nothing."""
    levels, ignored = [_Level()], 0
    for found in SYMBOL.finditer(text):
        kind, value = str(found.lastgroup), found[str(found.lastgroup)]
        if kind == "open":
            if len(levels) > DEPTH:
                ignored += 1
            else:
                levels.append(_Level())
        elif kind == "close":
            if ignored:
                ignored -= 1
            elif len(levels) > 1:
                closed = levels.pop().close()
                levels[-1].add(closed)
        else:
            _read(levels[-1], kind, value)
    while len(levels) > 1:
        closed = levels.pop().close()
        levels[-1].add(closed)
    return levels[0].close() or Words(())


def _read(level: _Level, kind: str, value: str) -> None:
    match kind:
        case "operator":
            level.operate(value)
        case "minus":
            level.operate("NOT")
        case "field":
            level.within = value
        case "word":
            level.add(Words((value,)))
        case _:
            level.add(Phrase(value))


# ---- from what is said to what tantivy is asked ----


class _Compiler:
    """Turns an expression into a query of tantivy; `None` stands for a part without any word that can be searched."""

    def __init__(self, schema: "tantivy.Schema") -> None:
        import tantivy

        self.schema, self.left = schema, TERMS
        self.queries, self.occur = tantivy.Query, tantivy.Occur

    def query(self, expression: Expression, fields: Sequence[str] = tuple(WEIGHTS)) -> "tantivy.Query | None":
        match expression:
            case Words(words):
                return self._all([self._spelled(phrase, fields) for phrase in _gathered(self._affordable(words))])
            case Phrase(text):
                return self._spelled([run for _, found in self._affordable([text]) for run in found], fields)
            case All(parts):
                wanted = [self.query(part, fields) for part in parts if not isinstance(part, Not)]
                unwanted = [self.query(part.part, fields) for part in parts if isinstance(part, Not)]
                return self._all(wanted, unwanted)
            case Either(parts):
                return self._any([self.query(part, fields) for part in parts])
            case Not(part):
                return self._all([], [self.query(part, fields)])
            case In(name, part):
                return self.query(part, (name,))

    def _affordable(self, texts: Sequence[str]) -> Iterator[tuple[str, list[Run]]]:
        """Each text with its words, as long as the search has words left to spend."""
        for text in texts:
            found = runs(text)[: self.left] if self.left else []
            self.left -= len(found)
            yield text, found

    def _spelled(self, phrase: Sequence[Run], fields: Sequence[str]) -> "tantivy.Query | None":
        sequences = spellings(phrase) if phrase else []
        return self._any([self._within(name, sequence) for name in fields for sequence in sequences])

    def _within(self, name: str, sequence: list[str]) -> "tantivy.Query":
        if len(sequence) == 1:
            found = self.queries.term_query(self.schema, name, sequence[0])
        else:
            found = self.queries.phrase_query(self.schema, name, list(sequence))
        return self.queries.boost_query(found, WEIGHTS[name])

    def _any(self, parts: Sequence["tantivy.Query | None"]) -> "tantivy.Query | None":
        known = [(self.occur.Should, part) for part in parts if part is not None]
        return self.queries.boolean_query(known) if known else None

    def _all(
        self, wanted: Sequence["tantivy.Query | None"], unwanted: Sequence["tantivy.Query | None"] = ()
    ) -> "tantivy.Query | None":
        must = [(self.occur.Must, part) for part in wanted if part is not None]
        must_not = [(self.occur.MustNot, part) for part in unwanted if part is not None]
        if must_not and not must:
            must = [(self.occur.Must, self.queries.exists_query("pk"))]
        return self.queries.boolean_query(must + must_not) if must else None


def _gathered(words: Iterator[tuple[str, list[Run]]]) -> list[list[Run]]:
    """A phrase for each written word: what punctuation ties («1400/09/15») stays together, affixes find their word."""
    phrases: list[list[Run]] = []
    plain: list[str] = []
    for text, found in words:
        if len(found) == 1:
            plain.append(text)
            continue
        phrases += [[run] for run in runs(" ".join(plain))]
        plain = []
        if found:
            phrases.append(found)
    return phrases + [[run] for run in runs(" ".join(plain))]


# ---- the index ----

HOME = re.compile(r"(?P<layout>[0-9]+)-(?P<number>[0-9]+)")  # the directory of one index: "<layout>-<number>"
BUILDING = "building"


class _DamagedError(Exception):
    """The engine cannot work with its files."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """How far the log is indexed, and the row of the log that says so: it tells another archive's log from ours."""

    seq: int = 0
    witness: str | None = None


class SearchIndex:
    """The full-text index in a directory; nothing is opened or made before the first use.

    Readers are many, in any process; one process writes at a time, and whoever finds it writing searches what is there.
    An index that is damaged, of another layout or of another archive is made anew from the archive.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._opened: tuple[Path, tantivy.Index] | None = None

    def search(self, connection: sa.Connection, text: str, limit: int | None = None) -> list[int]:
        """`catch_up`, then `find`; an index whose damage shows only now is made anew and asked again."""
        self.catch_up(connection)
        try:
            return self._find(text, limit)
        except _DamagedError:
            self.rebuild(connection)
            return self.find(text, limit)

    def find(self, text: str, limit: int | None = None) -> list[int]:
        """`articles.pk` of those that match in what is indexed so far: best first, then by the newest change.

        Text without a searchable word matches nothing. Raises `ArchiveUnavailable` for a damaged index.
        """
        try:
            return self._find(text, limit)
        except _DamagedError as error:
            raise ArchiveUnavailable(
                f"the search index at {self.directory} is damaged ({error}); run `monadi archive reindex`"
            ) from error

    def catch_up(self, connection: sa.Connection) -> int:
        """Index what changed in the archive since the last time; returns the change that the index has reached.

        While another process (or thread) is indexing, nothing is done and what is there stands. Raises
        `ArchiveUnavailable` where the index cannot be written.
        """
        mark = self._mark(connection)
        if mark and changes.newest(connection) <= mark.seq:
            return mark.seq
        with self._writing() as mine:
            if not mine:
                return mark.seq if mark else 0
            mark = self._mark(connection)
            if mark is None:
                return self._begin_anew(connection)
            try:
                return self._fill(connection, self._home() or self._next_home(), mark)
            except _DamagedError:
                return self._build_beside(connection)

    def rebuild(self, connection: sa.Connection) -> int:
        """Index the whole archive anew; returns the change reached.

        The old index is searched until the new one stands. Waits for a process that is indexing.
        """
        with self._writing(wait=True):
            return self._build_beside(connection)

    def _begin_anew(self, connection: sa.Connection) -> int:
        """Fill an empty index in place: what is indexed so far can be searched and survives an interruption."""
        home = self._next_home()
        home.mkdir()
        self._remove_all_but(home)
        return self._fill_or_fail(connection, home)

    def _build_beside(self, connection: sa.Connection) -> int:
        building = self.directory / BUILDING
        shutil.rmtree(building, ignore_errors=True)
        try:
            reached = self._fill_or_fail(connection, building)
            home = self._next_home()
            building.rename(home)
        finally:
            shutil.rmtree(building, ignore_errors=True)
        self._remove_all_but(home)
        return reached

    def _fill_or_fail(self, connection: sa.Connection, home: Path) -> int:
        try:
            return self._fill(connection, home, _Mark())
        except _DamagedError as error:
            raise ArchiveUnavailable(f"the search index at {self.directory} cannot be written: {error}") from error

    # -- asking --

    def _find(self, text: str, limit: int | None) -> list[int]:
        home = self._home()
        if home is None or (limit is not None and limit < 1):
            return []
        with _engine():
            index = self._open(home)
            query = _Compiler(index.schema).query(parse(text))
            return [] if query is None else _ranked(index.searcher(), query, limit)

    def _open(self, home: Path) -> "tantivy.Index":
        """The index in a directory as it is now; call within `_engine`."""
        if self._opened and self._opened[0] == home:
            self._opened[1].reload()
        else:
            self._opened = home, _index(home)
        return self._opened[1]

    def _mark(self, connection: sa.Connection) -> _Mark | None:
        """How far the index has come with this archive; None if it has to be made anew."""
        home = self._home()
        if home is None:
            return _Mark() if changes.newest(connection) == 0 else None
        try:
            with _engine():
                mark = _read_mark(self._open(home))
        except _DamagedError:
            return None
        return mark if mark.seq == 0 or mark.witness == _witness_now(connection, mark.seq) else None

    # -- writing --

    def _fill(self, connection: sa.Connection, home: Path, mark: _Mark) -> int:
        """Index all that changed after the mark, and move the mark with every commit."""
        newest, pending = changes.newest(connection), 0
        self._opened = None
        with _writer(home) as writer:
            for rows in _changed(connection, mark.seq, newest):
                with _engine():
                    for row in rows:
                        if mark.seq:
                            writer.delete_documents_by_term("pk", row.pk)
                        writer.add_document(_document(row))
                pending += len(rows)
                if pending >= COMMIT:
                    _commit(writer, _Mark(rows[-1].change, _witness(connection, rows[-1].change)))
                    pending = 0
            _commit(writer, _Mark(newest, _witness(connection, newest)))
        return newest

    @contextmanager
    def _writing(self, *, wait: bool = False) -> Iterator[bool]:
        """Whether we alone may write until the block ends; the system ends the lock of a process that dies."""
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            with (self.directory / "lock").open("ab") as file:
                yield _locked(file.fileno(), wait=wait)
        except OSError as error:
            raise ArchiveUnavailable(
                f"the search index at {self.directory} cannot be written ({error.strerror or error}); "
                "make the directory writable, or name another one in MONADI_DATA"
            ) from error

    def _homes(self) -> dict[int, Path]:
        """The directories that hold an index of this layout, by their number: the highest one counts."""
        found = ((HOME.fullmatch(path.name), path) for path in self._directories())
        return {int(name["number"]): path for name, path in found if name and int(name["layout"]) == LAYOUT}

    def _directories(self) -> list[Path]:
        try:
            return [path for path in self.directory.iterdir() if path.is_dir()]
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _home(self) -> Path | None:
        homes = self._homes()
        return homes[max(homes)] if homes else None

    def _next_home(self) -> Path:
        return self.directory / f"{LAYOUT}-{max(self._homes(), default=0) + 1}"

    def _remove_all_but(self, home: Path) -> None:
        """Remove older indexes; whoever is searching one has its files open and is not disturbed."""
        for other in self._directories():
            if other != home and (HOME.fullmatch(other.name) or other.name == BUILDING):
                shutil.rmtree(other, ignore_errors=True)


def _locked(file: int, *, wait: bool) -> bool:
    if sys.platform == "win32":
        import msvcrt

        with suppress(OSError):
            msvcrt.locking(file, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            return True
        return False
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


# ---- tantivy ----


@contextmanager
def _engine() -> Iterator[None]:
    """The engine's errors, its panics among them, become `_DamagedError`."""
    try:
        yield
    except (ValueError, OSError, RuntimeError, LookupError) as error:
        raise _DamagedError(" ".join(str(error).split())) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _DamagedError(" ".join(str(error).split())) from error


def _index(home: Path) -> "tantivy.Index":
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("pk", indexed=True, fast=True)  # signed: deleting by an unsigned term deletes nothing
    builder.add_integer_field("change", fast=True)
    for name in WEIGHTS:
        builder.add_text_field(name, tokenizer_name="raw")
    builder.add_text_field("mark", tokenizer_name="raw", index_option="basic", stored=True)
    home.mkdir(exist_ok=True)
    index = tantivy.Index(builder.build(), path=str(home))
    index.config_reader("manual")
    index.reload()
    return index


@contextmanager
def _writer(home: Path) -> Iterator["tantivy.IndexWriter"]:
    """A writer of one thread; what was not committed when the block ends is dropped."""
    with _engine():
        writer = _index(home).writer(HEAP, 1)
    try:
        yield writer
    finally:
        with suppress(_DamagedError), _engine():
            writer.wait_merging_threads()  # gives the engine's lock back


def _commit(writer: "tantivy.IndexWriter", mark: _Mark) -> None:
    """Keep what was added, and the mark in the same commit: a document that has no pk."""
    import tantivy

    document = tantivy.Document()
    document.add_text("mark", MARK)
    document.add_text("mark", json.dumps([mark.seq, mark.witness]))
    with _engine():
        writer.delete_documents_by_term("mark", MARK)
        writer.add_document(document)
        writer.commit()


MARK = "mark"  # the term that the document with the mark is found by


def _read_mark(index: "tantivy.Index") -> _Mark:
    import tantivy

    searcher = index.searcher()
    hits = searcher.search(tantivy.Query.term_query(index.schema, "mark", MARK, "basic"), limit=1).hits
    return _Mark(*json.loads(searcher.doc(hits[0][1])["mark"][1])) if hits else _Mark()


def _document(row: sa.Row[Any]) -> "tantivy.Document":
    import tantivy

    document = tantivy.Document()
    document.add_integer("pk", row.pk)
    document.add_integer("change", row.change)
    for name in WEIGHTS:
        if text := getattr(row, name):
            found = [tantivy.Token(token, position, 0, 0) for token, position in tokens(text)]
            document.add_pre_tokenized_text(name, tantivy.PreTokenizedString("", found))
    return document


def _ranked(searcher: "tantivy.Searcher", query: "tantivy.Query", limit: int | None) -> list[int]:
    """The matches by score, then newest change, then newest article, whatever the order of the engine's segments."""
    total = searcher.search(query, limit=1).count  # type: ignore[attr-defined]
    if not total:
        return []
    size = min(total, limit or total)
    hits = searcher.search(query, limit=min(total, 2 * size), count=False).hits
    if len(hits) < total and hits[-1][0] == hits[size - 1][0]:  # equals run past the last that we read
        hits = searcher.search(query, limit=total, count=False).hits
    addresses = [address for _, address in hits]
    changed, numbers = (searcher.fast_field_values(name, addresses) for name in ("change", "pk"))
    ranked = sorted(zip((score for score, _ in hits), changed, numbers, strict=True), reverse=True)
    return [int(pk or 0) for _, _, pk in ranked[:size]]


# ---- the archive's side ----

COLUMNS = (articles.c.pk, articles.c.change, *(revisions.c[name] for name in WEIGHTS))


def _changed(connection: sa.Connection, after: int, until: int) -> Iterator[Sequence[sa.Row[Any]]]:
    """Articles as they are now, in batches, by their newest change."""
    newest = sa.and_(revisions.c.article == articles.c.pk, revisions.c.number == articles.c.revision)
    statement = sa.select(*COLUMNS).join(revisions, newest).order_by(articles.c.change).limit(BATCH)
    while rows := connection.execute(statement.where(articles.c.change > after, articles.c.change <= until)).all():
        yield rows
        after = rows[-1].change


def _witness(connection: sa.Connection, seq: int) -> str | None:
    """A row of the log in words; None where there is no such row."""
    columns = log.c.at, log.c.kind, log.c.revision, articles.c.guid
    statement = sa.select(*columns).join(articles, articles.c.pk == log.c.article).where(log.c.seq == seq)
    row = connection.execute(statement).one_or_none()
    return row and f"{row.at.timestamp()} {row.kind} {row.revision} {row.guid}"


def _witness_now(connection: sa.Connection, seq: int) -> str | None:
    """As `_witness`; looks again where another process may have indexed what our transaction is too old to see."""
    seen = _witness(connection, seq)
    if seen is not None:
        return seen
    with connection.engine.connect() as fresh:
        return _witness(fresh, seq)
