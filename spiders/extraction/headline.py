"""Which line of a page is its title, and which stands above it as the kicker."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from lxml.html import HtmlElement

from persian.text import ZWNJ
from spiders.extraction.furniture import ELSEWHERE, META, Role, is_section_name, is_tool, label_of, plain
from spiders.extraction.outline import Line, Outline
from spiders.extraction.structured import Stated

_SEPARATOR = re.compile(r"\s+[|\-–—:•·»«/\\]+\s+|\s*(?:\|+|::+|»|›|«)\s*|\s+[-–—|:]|[-–—|:]\s+")
_NO_WORD = re.compile(r"[^\w]+|_")
_OFFICE = re.compile(
    r"^(?:اداره|استانداری|فرمانداری|شهرداری|بخشداری|سازمان|وزارت|شرکت|دانشگاه|مرکز|شورای|معاونت|دبیرخانه|پایگاه"
    r"|پورتال|پرتال|وب ?سایت|سایت"
    r"|خبرگزاری|روابط عمومی|سامانه|درگاه|موسسه|بنیاد|کمیته|صفحه اصلی|خانه)(?= |$)"
)
_VERB = re.compile(r"(?:شد|کرد|داد|گفت|است|دارد|می ?\w+|یافت|رسید|گرفت|شود|کند|باشد|خواهد|نیست|بود|آمد|رفت)$")
_SHORTEST, _LONGEST, _LONGEST_KICKER = 8, 220, 130
_FAR: Final = 4 * _LONGEST  # letters, with those that fold away, of what may still be a line
_HEADING_SCORES: Final = {1: 4.0, 2: 3.0, 3: 2.2, 4: 1.4, 5: 0.8, 6: 0.6}
_LABELLED = re.compile(r"^(?:عنوان|تیتر|موضوع)(?: (?:خبر|مطلب))? ?[:：] ?")
_TELLING: Final = 25
_CUT: Final = 15
_SURE: Final = 7.0
_ENOUGH: Final = 2.5
_SOON: Final = 9


class Headline(NamedTuple):
    """A title: its line on the page where one shows it, and how sure that is (0…1)."""

    text: str
    line: Line | None
    surety: float


def folded(text: str) -> str:
    """Words alone, by which a title on the page and one in its metadata are the same."""
    return " ".join(_NO_WORD.sub(" ", text.replace(ZWNJ, "")).split())


class _Titles:
    """What the metadata says the title is, and how well a line of the page agrees with it."""

    def __init__(self, stated: Stated) -> None:
        said = (stated.page_title, *stated.titles)
        self.whole = [folded(title) for title in stated.titles]
        self.parts = {folded(part) for title in said for part in segments(title)} - {""}
        self.page = folded(stated.page_title)
        self.site = folded(stated.site_name or "")
        self.text = "\n".join(said)

    def may_agree(self, text: str) -> bool:
        """Whether a title begins as a line does: of most lines that is all there is to ask."""
        return text[:4].strip("«»\"' ") in self.text

    def agreement(self, text: str, key: str) -> float:
        if key in self.whole:
            return 4.0
        within = key == self.page or key in self.parts or (len(key) > _TELLING and key in self.page)
        if within and not _is_office(text):  # the office's name is in the <title> of every page
            return 3.0
        cut = any(len(title) > _CUT and (key.startswith(title) or title.startswith(key)) for title in self.whole)
        return 2.0 if cut else 0.0


def find_headline(outline: Outline, stated: Stated, url: str) -> Headline | None:
    """The title that readers see; what the metadata states where they see none."""
    titles = _Titles(stated)
    named = _roles_of(outline)
    best: tuple[float, Line] | None = None
    for line in outline.lines:
        if _SHORTEST <= line.length <= _LONGEST:
            score = _score(line, named.get(line.index, Role.NONE), titles, url)
            if score and (best is None or score + _followed(outline, line) > best[0]):
                best = score + _followed(outline, line), line
    if best and best[0] >= _ENOUGH:
        return Headline(_LABELLED.sub("", best[1].text), best[1], min(1.0, best[0] / _SURE))
    return _from_metadata(stated, titles.site) or _bold_line(outline)


def known_headline(outline: Outline, title: str) -> Headline:
    """A title that is known, with the line that shows it."""
    key = folded(title)
    return Headline(title, next((line for line in outline.lines if folded(line.text) == key), None), 1.0)


def _score(line: Line, names: int, titles: _Titles, url: str) -> float | None:
    """What speaks for a line being the title, less what speaks against it; None where nothing speaks for it."""
    labelled = _LABELLED.match(line.words) is not None
    called = labelled or names & Role.TITLE
    if (line.in_row and not labelled) or not (line.heading or called or titles.may_agree(line.text)):
        return None
    text = _LABELLED.sub("", line.text) if labelled else line.text
    key = folded(text)
    agreement = titles.agreement(text, key)
    if not (line.heading or called or agreement):
        return None
    score = _HEADING_SCORES.get(line.heading, 0.0) + agreement + (2.0 if called else 0.0)
    return score - _against(line, names, key, titles.site, url)


def _followed(outline: Outline, line: Line) -> float:
    """That prose follows soon, which is not that of something else."""
    following = outline.lines[line.index + 1 : line.index + _SOON]
    return 1.0 if any(each.is_text and not each.role & ELSEWHERE for each in following) else 0.0


def _against(line: Line, names: int, key: str, site: str, url: str) -> float:
    """What speaks against a line being the title."""
    against = 0.0
    if line.role & ELSEWHERE:
        against += 6.0
    elif line.role & (Role.FOOT | Role.FORM | Role.SHARE):
        against += 5.0
    elif line.role & (Role.HEAD | Role.PATH | Role.TAGS | Role.TOOLS):
        against += 3.0
    if names & (Role.KICKER | Role.SUBTITLE | Role.LEAD | Role.DATE):
        against += 2.5
    if line.is_link and line.href and not _leads_here(line.href, url):
        against += 5.0
    if key and key == site:
        against += 6.0
    text = line.words
    if _OFFICE.match(text) and not _VERB.search(text) and len(text.split()) <= 9:  # noqa: PLR2004
        against += 2.0
    if is_section_name(line.text) or label_of(line.text) or is_tool(line.text):
        against += 6.0
    if len(text.split()) <= 2:  # noqa: PLR2004
        against += 2.0
    return against


def _leads_here(href: str, url: str) -> bool:
    """Whether a link on a title leads to the page that it stands on."""
    href = href.strip()
    if href.startswith(("#", "javascript:")):
        return True
    path = href.partition("#")[0].split("://", 1)[-1]
    numbers = re.findall(r"\d{3,}", path)
    here = set(re.findall(r"\d{3,}", url))
    return len(path) > 1 and (path in url or (bool(numbers) and set(numbers) <= here))


def segments(title: str) -> list[str]:
    """A <title> whole, and in the parts that separators make of it: most have the site's name attached. Of one that is
    far longer than any title, the heads and tails that no line can be are left out, for there may be thousands.
    """
    parts = [part.strip() for part in _SEPARATOR.split(title) if part.strip()]
    if len(parts) < 3:  # noqa: PLR2004
        return [title, *parts]
    positions = [found.span() for found in _SEPARATOR.finditer(title)]
    heads = [title[:start].strip() for start, _ in positions if start <= _FAR]
    tails = [title[end:].strip() for _, end in positions if len(title) - end <= _FAR]
    return [title, *heads, *tails, *parts]


def _from_metadata(stated: Stated, site: str) -> Headline | None:
    name = stated.site_name
    for title in stated.titles:
        own = without_site(title, site)
        if len(own) >= _SHORTEST and not is_section_name(own) and folded(own) != site:
            return Headline(own, None, 0.8)
    title = without_site(stated.page_title, site)
    if folded(title) == site or not title or (name and title == name):
        return None
    if _OFFICE.match(plain(title)) and not _VERB.search(plain(title)):
        return None
    known = len(title) >= _SHORTEST and not is_section_name(title)
    return Headline(title, None, 0.5) if known else None


def without_site(title: str, site: str) -> str:
    """A title of the metadata without the name of the site, stated or told by its words."""
    found = list(_SEPARATOR.finditer(title))
    for each in reversed(found):
        if len(title) - each.end() > _FAR:  # no site has so long a name; there may be thousands of separators
            break
        before, after = title[: each.start()].strip(), title[each.end() :].strip()
        if before and (folded(after) == site or _is_office(after)):
            return before
    for each in found:
        if each.start() > _FAR:
            break
        before, after = title[: each.start()].strip(), title[each.end() :].strip()
        if after and (folded(before) == site or _is_office(before)):
            return after
    return title


def _is_office(text: str) -> bool:
    words = plain(text)
    return bool(_OFFICE.match(words)) and not _VERB.search(words) and len(words.split()) <= 10  # noqa: PLR2004


def _bold_line(outline: Outline) -> Headline | None:
    """The first line in bold of a page that has neither headings nor a title."""
    for line in outline.lines:
        fits = _SHORTEST * 2 <= line.length <= _LONGEST and not line.role and not line.is_link
        if fits and line.bold * 10 >= line.length * 8 and not META.match(line.words):
            return Headline(line.text, line, 0.3)
    return None


def _roles_of(outline: Outline) -> dict[int, int]:
    """For each line, the roles that the elements around it and no more than a few lines state."""
    found: dict[int, int] = {}
    few = 3
    for element, role in outline.roles.items():
        start, end = outline.spans.get(element, (0, 0))
        if end - start <= few:
            for index in range(start, end):
                found[index] = found.get(index, Role.NONE) | role
    return found


def find_kicker(outline: Outline, headline: Headline, dates: set[int]) -> Line | None:
    """The line above the title that names the speaker or the occasion: by its names, else by its place."""
    title = headline.line
    named = [line for line in _named(outline, Role.KICKER | Role.SUBTITLE) if _may_be_kicker(line, headline)]
    kicker = [line for line in named if _states(outline, line, Role.KICKER)]
    if kicker:
        return kicker[0]
    if title is None:
        return None
    near = [line for line in named if 0 < title.index - line.index <= 3]  # noqa: PLR2004
    if near:
        return near[-1]
    return _line_above(outline, title, headline, dates)


def _line_above(outline: Outline, title: Line, headline: Headline, dates: set[int]) -> Line | None:
    """The line right above the title and beside it: a smaller heading, or a few words that end in a colon."""
    above = outline.lines[title.index - 1] if title.index else None
    if above is None or above.index in dates or above.linked or not _may_be_kicker(above, headline):
        return None
    beside = above.block is not title.block and _is_beside(above.block, title.block)
    if not beside or above.role & ~Role.HEAD:
        return None
    words = above.words
    speaks = words.endswith((":", "؛")) and len(words) > _SHORTEST
    return above if above.heading or speaks else None


def _is_beside(above: HtmlElement, title: HtmlElement) -> bool:
    """Whether an element stands directly before another, or before the one that holds nothing else."""
    for _ in range(3):
        if above.getparent() is title.getparent():
            return True
        parent = title.getparent()
        if parent is None or len(parent) > 1:
            return False
        title = parent
    return False


def _may_be_kicker(line: Line, headline: Headline) -> bool:
    text = line.words
    elsewhere = line.role & (ELSEWHERE | Role.PATH | Role.FOOT | Role.TAGS | Role.FORM)
    fits = 3 <= line.length <= _LONGEST_KICKER and line.text != headline.text  # noqa: PLR2004
    return (
        fits and not elsewhere and not META.match(text) and not is_section_name(line.text) and not label_of(line.text)
    )


def _named(outline: Outline, role: int) -> Iterator[Line]:
    for element in outline.with_role(role):
        lines = outline.within(element)
        if len(lines) == 1:
            yield lines[0]


def _states(outline: Outline, line: Line, role: int) -> bool:
    return any(outline.within(element) == [line] for element in outline.with_role(role))
