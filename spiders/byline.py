"""Who a release says it is from: the office that its opening names, and that office's province."""

import re
from functools import cache, lru_cache

from persian.text import search_key
from sources import Catalogue, Province

NAMED = re.compile(
    r"(?:به[\s\u200c]+)?گزارش[\s\u200c]+(?:خبرنگار[\s\u200c]+)?(روابط[\s\u200c]+عمومی[\s\u200c]+.{2,150}?)\s*[:؛]"
)
LISTED = re.compile(
    r"(?:به[\s\u200c]+)?گزارش[\s\u200c]+(?:خبرنگار[\s\u200c]+)?(روابط[\s\u200c]+عمومی[\s\u200c]+[^:؛.]{2,150})"
)


def byline(opening: str) -> str | None:
    """The office of «به گزارش روابط عمومی اداره کل … استان یزد: …», or of the same with a comma.

    A name may hold commas itself («تعاون، کار و رفاه اجتماعی»): where one ends it, it is the first behind a province.
    """
    if found := NAMED.match(opening):
        return found[1].strip()
    if found := LISTED.match(opening):
        parts = found[1].split("،")
        names = ("،".join(parts[:count]).strip() for count in range(1, len(parts)))
        return next((name for name in names if province_in(name)), None)
    return None


@lru_cache(maxsize=2048)  # an office signs all of its releases
def province_in(text: str) -> Province | None:
    """The province that a text names, by whole words, the longest name first: «کرمانشاه» is not Kerman.

    One behind «استان» is meant before any other; «مرکزی» is a province only there, for it is a word as well.
    """
    words = search_key(text).split()
    places = sorted(range(len(words)), key=lambda place: words[place - 1 : place] != ["استان"])
    return next((found for place in places if (found := _named_at(words, place))), None)


def _named_at(words: list[str], place: int) -> Province | None:
    names = _names()
    lengths = range(min(_longest(), len(words) - place), 0, -1)
    found = next((names[key] for length in lengths if (key := tuple(words[place : place + length])) in names), None)
    is_word = found and words[place] == "مرکزی" and words[place - 1 : place] != ["استان"]
    return None if is_word else found


@cache
def _names() -> dict[tuple[str, ...], Province]:
    provinces = Catalogue.load().provinces.values()
    return {tuple(search_key(name).split()): each for each in provinces for name in (each.fa, *each.variants)}


@cache
def _longest() -> int:
    return max(map(len, _names()))
