"""The index as it stood at one moment: what matches, in which order, and how many. Whatever fails is `Damaged`."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

import tantivy

from archive.filters import Filters
from archive.search.damage import damage_noticed
from archive.search.grammar import parse
from archive.search.matching import among, between, matching, narrowed

AT_ONCE: Final = 50_000  # ranked matches in memory
LARGEST_TALLY: Final = 10_000  # values of one field that are counted apart
ORDERED: Final = "ordered"

Tally: TypeAlias = dict[tuple[str, ...], int]  # numbers of articles by the values of some fields


class Reader:
    """Answers of one state of the index. A `Wanted` is made once a question and asked as often as needed."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema) -> None:
        self._searcher, self._schema = searcher, schema

    @damage_noticed()
    def wanted(self, text: str, filters: Filters) -> tantivy.Query | None:
        """What matches a text, or whatever it is without one, and passes the filters; None where no word of the text
        can be searched.
        """
        found = matching(self._schema, parse(text)) if text else tantivy.Query.exists_query(ORDERED)
        return found and narrowed(self._schema, found, filters)

    @damage_noticed()
    def count(self, wanted: tantivy.Query) -> int:
        return int(self._searcher.search(wanted, limit=1).count)  # type: ignore[attr-defined]

    @damage_noticed()
    def ordered(self, wanted: tantivy.Query, limit: int, *, newest: bool, after: int | None = None) -> list[int]:
        """The numbers (`archive.order`) of the first matches after a number, newest or oldest first."""
        if after is not None:
            bounds = (None, after - 1) if newest else (after + 1, None)
            wanted = among(wanted, between(self._schema, ORDERED, *bounds))
        sort = tantivy.Order.Desc if newest else tantivy.Order.Asc
        found = self._searcher.search(wanted, limit=limit, count=False, order_by_field=ORDERED, order=sort)
        return [number for number, _ in found.hits]

    @damage_noticed()
    def best(self, wanted: tantivy.Query, start: int, size: int) -> list[int]:
        """From half of `size` numbers of matches on, by score, equals newest first, from the place `start` on.

        The engine leaves open which of equals come first, so a list ends where a score ends.
        """
        size = min(size, AT_ONCE)
        least = max(1, size // 2)
        while True:
            hits = self._searcher.search(wanted, limit=size + 1, offset=start, count=False).hits
            whole = hits if len(hits) <= size else [hit for hit in hits if hit[0] > hits[-1][0]]
            if len(hits) <= size or len(whole) >= least:
                break
            size *= 4
        numbers = self._searcher.fast_field_values(ORDERED, [address for _, address in whole])
        ranked = sorted(zip((score for score, _ in whole), numbers, strict=True), reverse=True)
        return [int(number or 0) for _, number in ranked]

    @damage_noticed()
    def those(self, wanted: tantivy.Query, pks: Sequence[int]) -> list[int]:
        """The numbers of those of some articles that match."""
        if not pks:
            return []
        these = tantivy.Query.term_set_query(self._schema, "pk", list(pks))
        found = self._searcher.search(among(wanted, these), limit=len(pks), count=False, order_by_field=ORDERED)
        return [number for number, _ in found.hits]

    @damage_noticed()
    def held(self, after: int, limit: int) -> list[tuple[int, int]]:
        """The first articles after a number, each by its number and the change that it was indexed at."""
        wanted = between(self._schema, ORDERED, after + 1, None)
        found = self._searcher.search(wanted, limit=limit, count=False, order_by_field=ORDERED, order=tantivy.Order.Asc)
        told = self._searcher.fast_field_values("change", [address for _, address in found.hits])
        return [(number, int(change or 0)) for (number, _), change in zip(found.hits, told, strict=True)]

    @damage_noticed()
    def tally(self, wanted: tantivy.Query, names: Sequence[str], sources: Sequence[str] | None = None) -> Tally:
        """How many matches there are by the values of fields (`month`, `state`); of these sources, if any are named."""
        if sources is not None:
            wanted = narrowed(self._schema, wanted, Filters(sources=tuple(sources)))
        if not names:
            total = self.count(wanted)
            return {(): total} if total else {}
        asked: dict[str, Any] = {}
        for name in reversed(names):
            asked = {"by": {"terms": {"field": name, "size": LARGEST_TALLY}, **({"aggs": asked} if asked else {})}}
        return dict(_told(self._searcher.aggregate(wanted, asked), len(names)))

    @damage_noticed()
    def tallies(self, wanted: tantivy.Query, names: Sequence[str]) -> dict[str, Tally]:
        """The tally of each of these fields by itself, of one walk through the matches."""
        asked = {name: {"terms": {"field": name, "size": LARGEST_TALLY}} for name in names}
        answer = self._searcher.aggregate(wanted, asked)
        return {name: dict(_told({"by": answer[name]}, 1)) for name in names}


def _told(answer: dict[str, Any], depth: int) -> Iterator[tuple[tuple[str, ...], int]]:
    for bucket in answer["by"]["buckets"]:
        if depth == 1:
            yield (bucket["key"],), bucket["doc_count"]
        else:
            yield from (((bucket["key"], *rest), number) for rest, number in _told(bucket, depth - 1))
