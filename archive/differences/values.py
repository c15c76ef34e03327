"""What differs between two readings, as values: operations, and the classes of edit that they are told by."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class Class(StrEnum):
    """What kind of edit, from the most weighty to the least."""

    NUMBER = "number-changed"  # its value changed, appeared or vanished
    NAME = "name-removed"  # a person, role or office removed or replaced
    DATE = "date-changed"  # the published date, or a date or weekday in the text
    ATTACHMENT = "attachment-changed"
    MATERIAL = "material"  # other words of substance
    MOVED = "moved"  # the same words at another place of the same part
    TYPO = "typo"  # spelling, half-spaces, punctuation, a slip within a word


class Severity(StrEnum):
    QUIET = "quiet"
    MATERIAL = "material"


class Op(StrEnum):
    EQUAL = "equal"
    REMOVED = "removed"
    ADDED = "added"


QUIET: Final = frozenset({Class.MOVED, Class.TYPO})


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """A stretch of text that is in both readings or in one; `classes` are those of the change it belongs to."""

    op: Op
    text: str
    classes: tuple[Class, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PartDifference:
    """A part that differs: equal and removed texts joined are the old one, equal and added texts the new one.

    `part` is its name in the record. Attachments are their addresses, a line each; `published` is its Gregorian form.
    """

    part: str
    operations: tuple[Operation, ...]

    @property
    def classes(self) -> tuple[Class, ...]:
        return ordered(each for operation in self.operations for each in operation.classes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What differs between two readings, part by part, in the order of the record; no parts for equal ones.

    `reread` says that another extractor read the newer one: the difference may be the extractor's, not the office's.
    """

    parts: tuple[PartDifference, ...]
    reread: bool

    @property
    def classes(self) -> tuple[Class, ...]:
        return ordered(each for part in self.parts for each in part.classes)

    @property
    def severity(self) -> Severity:
        return Severity.QUIET if QUIET.issuperset(self.classes) else Severity.MATERIAL

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "severity": str(self.severity),
            "classes": [*map(str, self.classes)],
            "reread": self.reread,
            "parts": [
                {
                    "part": part.part,
                    "classes": [*map(str, part.classes)],
                    "operations": [
                        {"op": str(each.op), "text": each.text, "classes": [*map(str, each.classes)]}
                        for each in part.operations
                    ],
                }
                for part in self.parts
            ],
        }


def ordered(classes: Iterable[Class]) -> tuple[Class, ...]:
    found = set(classes)
    return tuple(each for each in Class if each in found)
