"""The links to articles on a front page, a section or an archive of no known CMS, and the way to its next page."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml.html import HtmlElement

from persian.markup import line_in
from persian.text import display
from spiders.extraction.dateline import dates_in
from spiders.extraction.furniture import Role, is_section_name, is_tool, label_of, plain, role_of

_SHORTEST: Final = 18
_WORDS: Final = 3
_FAMILY: Final = 3
_AROUND: Final = 4
_MOST, _TITLES = 30, 2  # links of an entry, and titles among them
_PASSED: Final = Role.NAVIGATION | Role.PATH | Role.FOOT | Role.SHARE | Role.ADS | Role.TAGS | Role.TOOLS
_NEXT = re.compile(
    r"(?:صفحه )?(?:ی )?(?:بعدی|بعد)(?: صفحه)?|next(?: page)?|›|»|>|>>|→|بعدی [›»>]|[‹«<] بعدی", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+")
_PAGE_KEYS: Final = re.compile(
    r"(?:page|p|pi|pageno|pagenumber|pagenum|start|offset|paged|pg|cur|.*_cur)", re.IGNORECASE
)

Resolve = Callable[[str | None], str | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An article that a page lists; `date` is the string that stands by it."""

    url: str
    title: str
    date: str | None


def find_entries(root: HtmlElement, resolve: Resolve, here: str) -> list[Entry]:
    """The links of the same shape whose texts read as titles, in the page's order.

    `resolve` makes an address absolute, or None of one that leaves the site. Links are a family by the shape of their
    address (its fixed words, and where it has numbers and texts) and by the elements that they stand in.
    """
    around = _Surroundings()
    families: dict[str, dict[str, Entry]] = {}
    titled: dict[str, dict[str, int]] = {}
    for link in root.iter("a"):
        url = resolve(link.get("href"))
        title = _title_of(link)
        if url is None or not title or is_tool(title) or label_of(title):
            continue
        if around.is_passed(link) or _is_here(url, here):
            continue
        shape = shape_of(url)
        reads = _is_title(title)
        if not reads and not _has_number(shape):
            continue  # of an address without a number only a title tells that it is an article's
        family = families.setdefault(shape, {})
        if url not in family or (reads and url not in titled.get(shape, {})):
            family[url] = Entry(url=url, title=title, date=around.date_by(link))
        if reads:
            titled.setdefault(shape, {})[url] = len(title)
    for shape in [shape for shape in families if "M" in shape]:
        twin = shape.replace("M", "T")
        if len(titled.get(twin, {})) > len(titled.get(shape, {})):  # here a slug begins with a number by chance
            families[twin] |= families.pop(shape)
            titled[twin] |= titled.pop(shape, {})
    lengths = {shape: sum(urls.values()) for shape, urls in titled.items() if len(urls) >= _FAMILY}
    most = max(lengths.values(), default=0)
    chosen = {shape for shape, length in lengths.items() if length * 4 >= most}
    chosen = chosen or {shape for shape in titled if _has_number(shape)}
    return [entry for shape, family in families.items() if shape in chosen for entry in family.values()]


def _is_here(url: str, here: str) -> bool:
    return url.partition("#")[0] == here.partition("#")[0]


def shape_of(url: str) -> str:
    """An address with its numbers (N), its texts (T) and its slugs that begin with a number (M) replaced: what the
    articles of a site have in common.
    """
    parts = urlsplit(url)
    steps = [_step(unquote(step)) for step in parts.path.strip("/").split("/")]
    while steps and steps[-1] in ("T", "M") and len(steps) > 1 and "N" in steps:
        steps.pop()  # the slug that some links leave out
    keys = sorted({f"{key.lower()}={'N' if value.isdecimal() else 'T'}" for key, value in parse_qsl(parts.query)})
    return f"{'/'.join(steps)}?{'&'.join(keys)}"


def _step(step: str) -> str:
    if step.isdecimal():
        return "N"
    if re.search("[\u0600-\u06ff]", step) or step.count("-") >= 2 or re.match(r"\d+[-_.]", step):  # noqa: PLR2004
        return "M" if re.match(r"\d+", step) else "T"
    return _NUMBER.sub("N", step.lower())


def _has_number(shape: str) -> bool:
    return "N" in shape or "M" in shape


def _title_of(link: HtmlElement) -> str:
    """A link's text, or what it is said to lead to where it holds a picture alone."""
    heading = next((each for level in "123456" for each in link.iter(f"h{level}")), None)
    text = display(line_in(heading if heading is not None else link))
    return text or display(link.get("title") or "")


def _is_title(text: str) -> bool:
    fits = len(text) >= _SHORTEST and len(text.split()) >= _WORDS
    return fits and not label_of(text) and not is_section_name(text) and not is_tool(text)


class _Surroundings:
    """What stands around the links of a page, of each element found once: what holds many links holds them for all."""

    def __init__(self) -> None:
        self._passed: dict[HtmlElement, bool] = {}
        self._dates: dict[HtmlElement, str | None] = {}
        self._shared: dict[HtmlElement, bool] = {}

    def is_passed(self, link: HtmlElement) -> bool:
        """Whether a link stands in the page's frame, or in another part where no entries are."""
        inside: list[HtmlElement] = []
        element: HtmlElement | None = link
        while element is not None and element not in self._passed:
            inside.append(element)
            if _says_no_entry(element):
                break
            element = element.getparent()
        passed = element is not None and self._passed.get(element, True)
        self._passed.update(dict.fromkeys(inside, passed))
        return passed

    def date_by(self, link: HtmlElement) -> str | None:
        """The date in the smallest element around a link that has one and no other article."""
        element = link
        for _ in range(_AROUND):
            if element not in self._dates:
                self._dates[element] = _date_in(element)
            if date := self._dates[element]:
                return date
            parent = element.getparent()
            if parent is None:
                return None
            if parent not in self._shared:
                self._shared[parent] = _is_of_several(parent)
            if self._shared[parent]:
                return None
            element = parent
        return None


def _says_no_entry(element: HtmlElement) -> bool:
    get = element.get
    names = f"{get('class') or ''} {get('id') or ''}"
    return isinstance(element.tag, str) and bool(role_of(element.tag, names, get("role"), None) & _PASSED)


def _date_in(element: HtmlElement) -> str | None:
    stated = (time.get("datetime") for time in islice(element.iter("time"), _MOST))
    exact = next(filter(None, stated), None)
    return str(exact) if exact else next(iter(dates_in(element)), None)


def _is_of_several(element: HtmlElement) -> bool:
    """Whether an element holds more than an entry would: the titles of several, or a great many links."""
    links = list(islice(element.iter("a"), _MOST + 1))
    return len(links) > _MOST or sum(_is_title(_title_of(link)) for link in links) > _TITLES


def find_next(root: HtmlElement, resolve: Resolve, here: str) -> str | None:
    """The next page of a list: by rel=next, by «بعدی», or by the number after this page's."""
    for node in root.iter("link", "a"):
        if "next" in (node.get("rel") or "").lower().split() and (url := resolve(node.get("href"))) and url != here:
            return url
    paged = [(link, url) for link in root.iter("a") if (url := resolve(link.get("href"))) and url != here]
    for link, url in paged:
        text = display(line_in(link)) or display(link.get("title") or link.get("aria-label") or "")
        if _NEXT.fullmatch(text) and _page_number(url) is not None:
            return url
    this = _page_number(here) or 1
    numbers = [(link, url) for link, url in paged if display(line_in(link)).translate(_DIGITS) == str(this + 1)]
    return next((url for _, url in numbers if _page_number(url) is not None), None)


_ARCHIVES: Final = (
    re.compile(r"(?:آرشیو|بایگانی)(?: (?:اخبار|خبر ?ها|مطالب))?"),
    re.compile(r"(?:مشاهده )?(?:همه|تمام|کلیه)(?: ?ی)? (?:اخبار|خبر ?ها)|(?:اخبار|خبر ?های) بیشتر"),
    re.compile(r"اخبار(?: و (?:اطلاعیه|رویداد) ?ها)?|خبر ?ها"),
)


def find_archive(root: HtmlElement, resolve: Resolve, here: str) -> str | None:
    """The list of all releases that a front page leads to: «آرشیو اخبار», «همه اخبار», «اخبار»."""
    links = [(display(line_in(link)), url) for link in root.iter("a") if (url := resolve(link.get("href")))]
    named = (
        url for kind in _ARCHIVES for text, url in links if kind.fullmatch(plain(text)) and not _is_here(url, here)
    )
    return next(named, None)


_DIGITS: Final = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")


_LONGEST: Final = 9  # digits of a page's number


def _page_number(url: str) -> int | None:
    """The page that an address asks for; None where it asks for none."""
    parts = urlsplit(url)
    for key, value in parse_qsl(parts.query):
        if _PAGE_KEYS.fullmatch(key) and value.isdecimal() and len(value) <= _LONGEST:
            return int(value)
    found = re.search(r"/page[/-]?(\d{1,9})(?!\d)", parts.path)
    return int(found[1]) if found else None
