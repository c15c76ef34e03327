"""The provinces, and how a text is recognised as the name of one."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from sources.errors import CatalogueError, UnknownProvince, did_you_mean, nearest, quoted
from sources.tables import each, read_tables, text

ISO_CODE = re.compile(r"[A-Z]{2}-[0-9A-Z]{1,3}")
LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ـ": None})


@dataclass(frozen=True, kw_only=True, slots=True)
class Province:
    """One province: its key in provinces.toml, its code of ISO 3166-2 (2020), its names and their other spellings."""

    key: str
    iso: str
    fa: str
    en: str
    variants: tuple[str, ...] = ()


class Provinces(Mapping[str, Province]):
    """The provinces by key, in the order given. Raises `CatalogueError` where one name would stand for two of them."""

    def __init__(self, provinces: Iterable[Province]) -> None:
        self._by_key = {province.key: province for province in provinces}
        self._by_name: dict[str, Province] = {}
        self._spellings: dict[str, str] = {}
        for province in self._by_key.values():
            for name in (province.key, province.iso, province.en, province.fa, *province.variants):
                self._add(name, province)

    def __getitem__(self, key: str) -> Province:
        return self._by_key[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_key)

    def __len__(self) -> int:
        return len(self._by_key)

    def find(self, name: str) -> Province:
        """The province with this key, ISO 3166-2 code, Persian or English name or variant, in any spelling.

        Names are compared whole: «فارسی» is not Fars. Raises `UnknownProvince`.
        """
        province = self._by_name.get(folded(name))
        if province is None:
            raise UnknownProvince(f"no province {quoted(name)}{self._hint(name)}")
        return province

    def _add(self, name: str, province: Province) -> None:
        other = self._by_name.setdefault(folded(name), province)
        if other is not province:
            raise CatalogueError(f'[{province.key}]: "{name}" stands for [{other.key}] too')
        self._spellings.setdefault(folded(name), name)

    def _hint(self, name: str) -> str:
        if ISO_CODE.fullmatch(name.upper()):
            return " (codes are those of ISO 3166-2 since 2020)"
        # The nearest code is another province, not a misspelling: only names are suggested.
        names = [known for known, spelling in self._spellings.items() if not ISO_CODE.fullmatch(spelling)]
        choice = nearest(folded(name), names)
        return did_you_mean(choice and self._spellings[choice])


def folded(name: str) -> str:
    """A name without what does not tell two names apart: case, Arabic letters, diacritics, spaces, hyphens."""
    decomposed = unicodedata.normalize("NFKD", name).translate(LETTERS).casefold()
    return "".join(letter for letter in decomposed if letter.isalnum())


def read_provinces(file: str, content: Traversable) -> Provinces:
    """The provinces of a provinces.toml. Raises `CatalogueError`."""
    readers = {"iso": _iso_code, "fa": text, "en": text, "variants": each(text)}
    tables = read_tables(file, content)
    found = [Province(key=key, **table.read(readers, ("iso", "fa", "en"))) for key, table in tables.items()]
    try:
        return Provinces(found)
    except CatalogueError as error:
        raise CatalogueError(f"{file}: {error}") from None


def _iso_code(value: object) -> str:
    code = text(value)
    if not ISO_CODE.fullmatch(code):
        raise ValueError(f'no ISO 3166-2 code "{code}"')
    return code
