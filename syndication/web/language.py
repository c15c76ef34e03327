"""The languages that pages are read in: Persian at the root, English under /en/.

What is said stands side by side in `words.toml`; the releases themselves are Persian in both.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markupsafe import Markup

from syndication.tongue import Tongue

FILE: Final = Path(__file__).with_name("words.toml")

Messages = Mapping[str, Mapping[str, Markup]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Language(Tongue):
    """`prefix` stands before the path of every page; `say` is what is said, by table and key of `words.toml`."""

    direction: str
    prefix: str
    name: str
    say: Messages
    counts: Mapping[str, tuple[Markup, Markup]]

    def counted(self, thing: str, number: int) -> Markup:
        """«۳ خبر» or "3 releases"."""
        one, many = self.counts[thing]
        return (one if number == 1 else many).format(self.number(number))

    def word(self, table: str, name: object) -> str:
        """The word for what the archive names in English; a name without one is shown as it is."""
        return self.say[table].get(str(name), str(name))


def _read(place: int, **facts: str) -> Language:
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    counted = tables.pop("counted")
    say = {table: {key: Markup(said[place]) for key, said in keys.items()} for table, keys in tables.items()}  # noqa: S704 - ours
    counts = {
        thing: (Markup(forms["one"][place]), Markup(forms["many"][place]))  # noqa: S704
        for thing, forms in counted.items()
    }
    return Language(say=say, counts=counts, **facts)


PERSIAN: Final = _read(0, code="fa", direction="rtl", prefix="", name="فارسی")
ENGLISH: Final = _read(1, code="en", direction="ltr", prefix="/en", name="English")
LANGUAGES: Final = (PERSIAN, ENGLISH)


def language_of(path: str) -> Language:
    """The language of a page, by its path."""
    return ENGLISH if path == ENGLISH.prefix or path.startswith(ENGLISH.prefix + "/") else PERSIAN
