"""TOML files as tables of checked values. Every error is a `CatalogueError` that names file, table and key."""

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from typing import Any

from sources.errors import CatalogueError, did_you_mean, nearest

Reader = Callable[[object], Any]
"""Gives the value to keep for a value of the file; raises `ValueError` saying what is wrong with it."""

Readers = Mapping[str, Reader | Mapping[str, Reader]]
"""A reader for each key a table may hold; a mapping of readers is for a table inside the table."""

ID = re.compile(r"[a-z0-9][a-z0-9-]*")
KINDS = {
    str: "a text",
    bool: "a boolean",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
    date: "a day (2011-03-21)",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """One table of a file."""

    file: str
    name: str
    values: Mapping[str, object]

    def read(self, readers: Readers, required: Iterable[str] = ()) -> dict[str, Any]:
        """The values that are stated, each as its reader gives it."""
        for key in self.values:
            if key not in readers:
                raise self.error(key, f"no such key{did_you_mean(nearest(key, readers))}")
        found = {key: self._value(key, readers[key]) for key in self.values}
        for key in required:
            if key not in found:
                raise self.error(key, "is missing")
        return found

    def error(self, key: str, problem: object) -> CatalogueError:
        return CatalogueError(f"{self.file}: [{self.name}] {key}: {problem}")

    def _value(self, key: str, reader: Reader | Mapping[str, Reader]) -> Any:
        try:
            if callable(reader):
                return reader(self.values[key])
            inner = of_kind(self.values[key], dict)
        except ValueError as error:
            raise self.error(key, error) from None
        return Table(file=self.file, name=f"{self.name}.{key}", values=inner).read(reader)


def read_tables(file: str, content: Traversable) -> dict[str, Table]:
    """The tables of a file; `file` is its name in errors."""
    found = {}
    for name, values in _parsed(file, content).items():
        try:
            found[name] = Table(file=file, name=name, values=of_kind(values, dict))
        except ValueError as error:
            raise CatalogueError(f"{file}: {name}: {error}") from None
        if not ID.fullmatch(name):
            raise CatalogueError(f'{file}: [{name}]: the name of a table is written in a-z, 0-9 and "-"')
    return found


def _parsed(file: str, content: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(content.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CatalogueError(f"{file}: not UTF-8 (at line {line})") from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{file}: not TOML: {error}") from None


def of_kind(value: object, *kinds: type) -> Any:
    """The value itself. A boolean is not a number here."""
    if type(value) not in kinds:
        raise ValueError(f"expected {KINDS[kinds[0]]}, found {KINDS.get(type(value), 'a time')}")
    return value


def text(value: object) -> str:
    written: str = of_kind(value, str)
    if not written.strip():
        raise ValueError("is blank")
    if len(written.splitlines()) > 1:
        raise ValueError("is more than one line")
    return written


def boolean(value: object) -> bool:
    answer: bool = of_kind(value, bool)
    return answer


def each(reader: Reader) -> Reader:
    return lambda value: tuple(reader(item) for item in of_kind(value, list))


def one_of(choices: Collection[str], noun: str) -> Reader:
    def read(value: object) -> str:
        choice = text(value)
        if choice not in choices:
            raise ValueError(f'no {noun} "{choice}"{did_you_mean(nearest(choice, choices))}')
        return choice

    return read
