"""A feed is a query with subscribers: which feeds there are, and the words that ask for them.

find("province/yazd", catalogue)
find("query", catalogue, [("q", "سیلاب"), ("province", "yazd"), ("content", "summary")])
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self
from urllib.parse import quote, urlencode
from uuid import uuid5

from archive import Query, Sort, State
from archive.errors import QueryError
from archive.identity import NAMESPACE
from archive.query import PARSERS as FILTERS
from persian.text import display, search_key
from sources import Agency, Catalogue, Province, Source
from syndication.errors import NoSuchFeed
from syndication.feeds import options
from syndication.feeds.options import Options

USUAL: Final = 50  # entries of a feed
MOST: Final = 1000  # that one may be asked for
NEWEST: Final = Query(states=(State.LIVE, State.UNLISTED), limit=USUAL)  # what is gone is announced no more

TEXT: Final = "q"  # the word for `Query.text` in an address
COLLAPSE: Final = ("collapse", "copies")  # in an address, for the filter `collapse-copies`
ORDERING: Final = frozenset({"sort", "limit"})
PAGED: Final = frozenset({"cursor"})  # filters that are no feed's
REPLAYED: Final = frozenset({"content", "date-line", "limit", "province", "agency", "source", "tag"})
"""What may narrow a feed that is archived by month; by other words it has no archive."""

VOLUME: Final = re.compile(r"(?P<feed>.+)/(?P<year>1[234]\d\d)/(?P<month>0[1-9]|1[0-2])(?:-(?P<number>[1-9]\d*))?")

CHANGES: Final = "changes"
"""The path of the feed of edits and removals (`syndication.feeds.edits`)."""

BLOCK: Final = re.compile(CHANGES + r"/([1-9]\d{0,11})")

Words = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One archived document of a feed: the `number`th, from 1, of a Jalali month ("1403-05"), or of the change log."""

    month: str = ""
    number: int = 1

    @property
    def path(self) -> str:
        """Below the feed's: "1403/05", "1403/05-2"; "12" of the change log."""
        if not self.month:
            return str(self.number)
        return self.month.replace("-", "/") + (f"-{self.number}" if self.number > 1 else "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """A query under a path of its own ("all", "province/yazd"), with the texts that stand above its entries.

    `words` are the path's part of the query as a reader's page takes it (`{"province": "yazd"}`), `asked` what an
    address states beside the path, in its order.
    """

    path: str
    title: str
    description: str
    query: Query
    words: Words = ()
    asked: Words = ()
    options: Options = options.USUAL

    @property
    def id(self) -> str:
        """A URN that follows from path and words alone, so that no move of the server announces a feed anew."""
        asked = f"?{urlencode(sorted(self.asked))}" if self.asked else ""
        return uuid5(NAMESPACE, f"feed/{self.path}{asked}").urn

    @property
    def archived(self) -> bool:
        """Whether it can be replayed month by month (RFC 5005)."""
        return self.query.sort is Sort.NEWEST and REPLAYED.issuperset(name for name, _ in self.asked)

    def address(self, format_: str, base_url: str, part: Part | None = None, change: int = 0) -> str:
        """Where the feed is, or an archived document of it; `change` makes the address of an open one its state's."""
        path = quote(f"{self.path}/{part.path}" if part else self.path, safe="/")
        asked = [(name, value) for name, value in self.asked if not (part and name == "limit")]
        asked += [("change", str(change))] if change else []
        query = f"?{urlencode(asked)}" if asked else ""
        return f"{base_url.rstrip('/')}/feeds/{path}.{format_}{query}"

    def page(self, base_url: str, part: Part | None = None) -> str:
        """The page of the same query for readers."""
        asked = [*self.words, *((name, value) for name, value in self.asked if name in (TEXT, *FILTERS))]
        asked += [("since", part.month), ("until", part.month)] if part and part.month else []
        query = f"?{urlencode(asked)}" if asked else ""
        return f"{base_url.rstrip('/')}/{query}"

    def narrowed(self, asked: Iterable[tuple[str, str]], catalogue: Catalogue) -> Self:
        """The feed with the words of an address; raises `QueryError` for one that no feed knows, or that is wrong."""
        given = tuple((name, value.strip()) for name, value in asked)
        filters: dict[str, list[str]] = {}
        chosen = self.options
        for name, value in given:
            if not value:
                raise QueryError(name, "has no value; leave it out, or state one")
            if name in options.PARSERS:
                chosen = Options.parse(name, value, chosen)
            else:
                filters.setdefault(_filter(name, value), []).append("yes" if name == COLLAPSE[0] else value)
        stated = next((name for name, _ in self.words if name in filters), None)
        if stated:
            raise QueryError(stated, f'is stated by the path "{self.path}" already; /feeds/query takes several')
        query = Query.parse({**{name: [value] for name, value in self.words}, **filters}, catalogue)
        query = query.narrowed(states=query.states or self.query.states, limit=query.limit or USUAL)
        if (query.limit or 0) > MOST:
            raise QueryError("limit", f"{MOST} entries are the most; what is older is in the archives by month")
        sought = "، ".join(display(value) for name, value in given if name == TEXT or name in FILTERS.keys() - ORDERING)
        title = f"{self.title} – {sought}" if sought else self.title
        return replace(self, title=title, query=query, asked=given, options=chosen)


def _filter(name: str, value: str) -> str:
    """The filter that a word of an address stands for."""
    if name == TEXT:
        return "text"
    if (name, value) == COLLAPSE:
        return "collapse-copies"
    if name == COLLAPSE[0]:
        raise QueryError(name, f"{value!r} is not {COLLAPSE[1]}, the one thing that can be collapsed")
    if name not in FILTERS or name in PAGED or name == "text":
        known = [TEXT, *(each for each in FILTERS if each not in PAGED and each != "text"), COLLAPSE[0]]
        raise QueryError(name, f"no such parameter of a feed; there are {', '.join([*known, *options.PARSERS])}")
    return name


def known(catalogue: Catalogue) -> list[Feed]:
    """Every feed that the catalogue makes: all, what was edited, then one a province, an agency and a source."""
    return [
        _of_all(),
        _of_changes(),
        *map(_of_province, catalogue.provinces.values()),
        *map(_of_agency, catalogue.agencies.values()),
        *map(_of_source, catalogue.sources.values()),
    ]


def find(path: str, catalogue: Catalogue, asked: Sequence[tuple[str, str]] = ()) -> Feed:
    """The feed of a path, and of the words beside it. Raises `NoSuchFeed`, and `QueryError` naming a wrong word."""
    feed = _at(path, catalogue)
    return feed.narrowed(asked, catalogue) if asked else feed


def located(path: str) -> tuple[str, Part | None]:
    """A path parted into that of a feed, and the archived document of it that it names."""
    if of_log := BLOCK.fullmatch(path):
        return CHANGES, Part(number=int(of_log[1]))
    found = VOLUME.fullmatch(path)
    if not found:
        return path, None
    return found["feed"], Part(month=f"{found['year']}-{found['month']}", number=int(found["number"] or 1))


def _at(path: str, catalogue: Catalogue) -> Feed:
    kind, _, key = path.partition("/")
    if path == "all":
        return _of_all()
    if path == "query":
        return _of_query()
    if path == CHANGES:
        return _of_changes()
    if kind == "province" and key in catalogue.provinces:
        return _of_province(catalogue.provinces[key])
    if kind == "agency" and key in catalogue.agencies:
        return _of_agency(catalogue.agencies[key])
    if kind == "source" and key in catalogue.sources:
        return _of_source(catalogue.sources[key])
    if kind == "tag" and search_key(key):
        return of_tag(key)
    raise NoSuchFeed(f'no feed "{path}"; `monadi feeds list` shows those there are')


def _of_all() -> Feed:
    return Feed(
        path="all",
        title="منادی: خبرهای دستگاه\u200cهای استانی",
        description="تازه\u200cترین خبرهای روابط عمومی دستگاه\u200cهای استانی ایران، با تاریخ شمسی و میلادی",
        query=NEWEST,
    )


def _of_query() -> Feed:
    return replace(
        _of_all(),
        path="query",
        title="منادی: خبرهای برگزیده",
        description="تازه\u200cترین خبرهایی که پاسخ یک پرسش\u200cاند، با تاریخ شمسی و میلادی",
    )


def _of_changes() -> Feed:
    return replace(
        _of_all(),
        path=CHANGES,
        title="منادی: ویرایش‌ها و حذف‌ها",
        description="آنچه اداره‌ها در خبرهای خود عوض کرده یا برداشته‌اند، واژه به واژه",
        query=Query(limit=USUAL),
    )


def _of_province(province: Province) -> Feed:
    return Feed(
        path=f"province/{province.key}",
        title=f"منادی: استان {province.fa}",
        description=f"تازه\u200cترین خبرهای روابط عمومی دستگاه\u200cهای استان {province.fa}، با تاریخ شمسی و میلادی",
        query=NEWEST.narrowed(provinces=(province.iso,)),
        words=(("province", province.key),),
    )


def _of_agency(agency: Agency) -> Feed:
    return Feed(
        path=f"agency/{agency.id}",
        title=f"منادی: {agency.name_fa}",
        description=f"تازه\u200cترین خبرهای دستگاه\u200cهای استانی {agency.name_fa}، با تاریخ شمسی و میلادی",
        query=NEWEST.narrowed(agencies=(agency.id,)),
        words=(("agency", agency.id),),
    )


def _of_source(source: Source) -> Feed:
    return Feed(
        path=f"source/{source.id}",
        title=f"منادی: {source.name_fa}",
        description=f"تازه\u200cترین خبرهای {source.name_fa}، با تاریخ شمسی و میلادی",
        query=NEWEST.narrowed(sources=(source.id,)),
        words=(("source", source.id),),
    )


def of_tag(tag: str) -> Feed:
    """The feed of a tag in any spelling; its path has the one of search keys."""
    key, shown = search_key(tag), display(tag)
    return Feed(
        path=f"tag/{key}",
        title=f"منادی: {shown}",
        description=f"تازه\u200cترین خبرها با برچسب «{shown}»، با تاریخ شمسی و میلادی",
        query=NEWEST.narrowed(tags=(key,)),
        words=(("tag", key),),
    )
