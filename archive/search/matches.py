"""What a search finds: articles by their numbers (`archive.order`), in any order, and how many there are."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from archive.errors import ArchiveUnavailable
from archive.filters import Filters
from archive.search.damage import Damaged
from archive.search.grammar import parse, weighs

if TYPE_CHECKING:
    import tantivy

    from archive.search.reader import Reader, Tally

Answer = TypeVar("Answer")


class Matches:
    """The matches of a text and filters in one state of the index, from the first question on.

    `mend` makes a damaged index anew, once; without it `ArchiveUnavailable` is raised.
    """

    def __init__(
        self,
        opened: Callable[[], "Reader | None"],
        text: str,
        filters: Filters,
        mend: Callable[[], object] | None = None,
    ) -> None:
        self._opened, self._text, self._filters, self._mend = opened, text, filters, mend
        self._asked: tuple[Reader, tantivy.Query] | None = None
        self._made = False

    def count(self) -> int:
        return self._ask(lambda reader, wanted: reader.count(wanted), 0)

    def ordered(self, limit: int, *, newest: bool, after: int | None = None) -> list[int]:
        """The first after a number, newest or oldest first."""
        return self._ask(lambda reader, wanted: reader.ordered(wanted, limit, newest=newest, after=after), [])

    def ranked(self, size: int) -> Iterator[list[int]]:
        """All by score, equals newest first, in lists that grow from about `size`."""
        if not weighs(parse(self._text)):
            yield from self._newest(size)
            return
        start = 0
        while numbers := self._best(start, size):
            yield numbers
            start, size = start + len(numbers), size * 4

    def _newest(self, size: int) -> Iterator[list[int]]:
        after = None
        while numbers := self.ordered(size, newest=True, after=after):
            yield numbers
            after = numbers[-1]

    def _best(self, start: int, size: int) -> list[int]:
        return self._ask(lambda reader, wanted: reader.best(wanted, start, size), [])

    def those(self, pks: Sequence[int]) -> list[int]:
        """Those of some articles that match."""
        return self._ask(lambda reader, wanted: reader.those(wanted, pks), [])

    def tally(self, names: Sequence[str], sources: Sequence[str] | None = None) -> "Tally":
        """How many by month and state, in the order of `names`; of some sources, where any are named."""
        return self._ask(lambda reader, wanted: reader.tally(wanted, names, sources), {})

    def tallies(self, names: Sequence[str]) -> "dict[str, Tally]":
        """How many by each of `source`, `month` and `state` alone."""
        return self._ask(lambda reader, wanted: reader.tallies(wanted, names), {name: {} for name in names})

    def _ask(self, question: Callable[["Reader", "tantivy.Query"], Answer], nothing: Answer) -> Answer:
        try:
            return self._answer(question, nothing)
        except Damaged as error:
            if self._mend is None:
                raise ArchiveUnavailable(
                    f"the search index is damaged ({error}); run `monadi archive reindex`"
                ) from error
        self._mend()
        self._mend, self._made = None, False
        return self._ask(question, nothing)

    def _answer(self, question: Callable[["Reader", "tantivy.Query"], Answer], nothing: Answer) -> Answer:
        if not self._made:
            reader = self._opened()
            wanted = reader and reader.wanted(self._text, self._filters)
            self._asked = (reader, wanted) if reader and wanted else None
            self._made = True
        return question(*self._asked) if self._asked else nothing
