"""What a search may say: words, which must all occur; `"…"`, “…” or «…», a phrase; `OR`; `AND`, which changes nothing;
`NOT` or a leading `-`; parentheses; `title:`, `kicker:`, `lead:` or `body:` before any of these. `OR` binds less than
words that stand side by side.

Whatever else is typed is a search too: what is left open is closed at the end, an operator without its operand is
passed over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

FIELDS: Final = ("kicker", "title", "lead", "body")
DEPTH: Final = 32  # parentheses within each other; deeper ones are passed over


@dataclass(frozen=True, slots=True)
class Words:
    """Words that must all occur, in any order; affixes among them belong to their neighbours."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    text: str


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Expression"


@dataclass(frozen=True, slots=True)
class In:
    """What must occur in one field."""

    field: str
    part: "Expression"


Expression: TypeAlias = Words | Phrase | All | Either | Not | In

_SYMBOL: Final = re.compile(
    rf"""
      "(?P<straight>[^"]*)(?:"|\Z) | «(?P<angled>[^»]*)(?:»|\Z) | “(?P<curled>[^”]*)(?:”|\Z)
    | (?P<open>\()
    | (?P<close>\))
    | (?P<minus>-+)(?=[^\s\-)])
    | (?P<field>{"|".join(FIELDS)}):
    | (?P<operator>AND|OR|NOT)(?=[\s()"«“]|\Z)
    | (?P<word>[^\s()"«“]+)
    """,
    re.VERBOSE,
)


def parse(text: str) -> Expression:
    """What a person's words ask for; total: every string is a search (see the module). `Words(())` asks for nothing."""
    levels, ignored = [_Level()], 0
    for kind, value in _symbols(text):
        match kind:
            case "open" if len(levels) > DEPTH:
                ignored += 1
            case "open":
                levels.append(_Level())
            case "close" if ignored:
                ignored -= 1
            case "close":
                _close(levels)
            case _:
                levels[-1].read(kind, value)
    while len(levels) > 1:
        _close(levels)
    return levels[0].expression() or Words(())


def weighs(expression: Expression) -> bool:
    """Whether some matches can be better than others: not where it says only what must not occur."""
    match expression:
        case All(parts) | Either(parts):
            return any(map(weighs, parts))
        case In(_, part):
            return weighs(part)
        case Not():
            return False
        case _:
            return True


def _symbols(text: str) -> Iterator[tuple[str, str]]:
    for found in _SYMBOL.finditer(text):
        kind = str(found.lastgroup)
        yield kind, found[kind]


@dataclass(slots=True)
class _Level:
    """One pair of parentheses while it is read: alternatives of operands, and what stands before the next operand.

    Plain words that stand side by side are one operand, a list as long as it grows.
    """

    alternatives: list[list[Expression | list[str]]] = field(default_factory=lambda: [[]])
    negated: bool = False
    within: str | None = None

    def read(self, kind: str, value: str) -> None:
        match kind:
            case "operator":
                self._operate(value)
            case "minus":
                self._operate("NOT")
            case "field":
                self.within = value
            case "word":
                self.add(Words((value,)))
            case _:
                self.add(Phrase(value))

    def _operate(self, operator: str) -> None:
        if operator == "NOT":
            self.negated = not self.negated
            return
        self.negated, self.within = False, None
        if operator == "OR":
            self.alternatives.append([])

    def add(self, part: Expression | None) -> None:
        """Take an operand; plain words that stand side by side become one."""
        if part is not None:
            part = In(self.within, part) if self.within else part
            part = Not(part) if self.negated else part
            operands = self.alternatives[-1]
            match operands[-1:], part:
                case [list() as before], Words(words):
                    before.extend(words)
                case _, Words(words):
                    operands.append([*words])
                case _:
                    operands.append(part)
        self.negated, self.within = False, None

    def expression(self) -> Expression | None:
        whole = ([Words(tuple(each)) if isinstance(each, list) else each for each in s] for s in self.alternatives)
        sides = [side[0] if len(side) == 1 else All(tuple(side)) for side in whole if side]
        if not sides:
            return None
        return sides[0] if len(sides) == 1 else Either(tuple(sides))


def _close(levels: list[_Level]) -> None:
    """End the innermost parentheses; one that closes nothing is passed over."""
    if len(levels) > 1:
        closed = levels.pop().expression()
        levels[-1].add(closed)
