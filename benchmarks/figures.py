# ruff: noqa: INP001, T201 - a module beside scripts, which prints what they measured
"""Figures: what a benchmark measured beside its goal, kept in `results/` for docs/benchmarks.md.

A figure is a number that somebody was promised: the median of rounds and the worst of them, its unit, what it was held
against, and the goal. A table is what stands beside figures of it: every case of which the figure is the least, or what
every contender reads. `finish` prints both and keeps them with the machine and the day; `report.py` makes the page.
"""

import argparse
import compileall
import json
import os
import platform
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TypeVar

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT))
from tests.pace import slowness  # noqa: E402 - it is beside our packages, not among them

RESULTS = Path(__file__).with_name("results")
PACKAGES = ("archive", "persian", "sources", "spiders", "syndication")
Name = TypeVar("Name")
Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One promise; `goal` is the least (`at_least`) or the most that it may be, None where nothing was promised.

    `peers` are the medians of others that did the same in the same rounds, by name and in the same unit.
    """

    what: str
    against: str = ""
    unit: str
    median: float
    worst: float
    goal: float | None = None
    at_least: bool = False
    peers: Mapping[str, float] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        if self.goal is None:
            return True
        return self.median >= self.goal if self.at_least else self.median <= self.goal

    @property
    def beside(self) -> str:
        """What it was held against, and how others did: "FTS5 3.2, tsvector 11.4"."""
        others = [f"{name} {self.shown(taken)}" for name, taken in self.peers.items()]
        return ", ".join([self.against, *others] if self.against else others)

    @property
    def promised(self) -> str:
        """The goal: "≤ 50", or nothing."""
        return "" if self.goal is None else f"{'≥' if self.at_least else '≤'} {self.shown(self.goal)}"

    def shown(self, value: float) -> str:
        """A share with four digits, for 99.96 % is not all."""
        return shown(value, 4 if self.unit == "%" else 3)

    def __str__(self) -> str:
        goal = f", goal {self.promised}" if self.promised else ""
        verdict = "" if self.holds else "  MISSED"
        beside = f" ({self.beside})" if self.beside else ""
        measured = f"{self.shown(self.median)} {self.unit}, worst {self.shown(self.worst)}"
        return f"{self.what}{beside}: {measured}{goal}{verdict}"


@dataclass(frozen=True, kw_only=True)
class Table:
    """Numbers by row and column, each row with its name; None where there is nothing to tell."""

    title: str
    columns: Sequence[str]
    rows: Mapping[str, Sequence[float | None]]

    def lines(self) -> Iterable[str]:
        """In Markdown."""
        yield f"| {self.title} | {' | '.join(self.columns)} |"
        yield f"|---|{'--:|' * len(self.columns)}"
        for name, values in self.rows.items():
            yield f"| {name} | {' | '.join('–' if value is None else shown(value, 4) for value in values)} |"

    def __str__(self) -> str:
        return "\n".join(self.lines())


def of_rounds(rounds: Sequence[float], *, at_least: bool = False, **named: Any) -> Figure:
    """The figure of what was measured in each round; the worst is the least where more is better."""
    worst = min(rounds) if at_least else max(rounds)
    return Figure(median=statistics.median(rounds), worst=worst, at_least=at_least, **named)


def medians(rounds: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The `peers` of a figure."""
    return {name: statistics.median(taken) for name, taken in rounds.items()}


def ratios(ones: Sequence[float], others: Sequence[float]) -> list[float]:
    """The ones by the others, round by round."""
    return [one / other for one, other in zip(ones, others, strict=True)]


def late(times: Sequence[float]) -> float:
    """The 95th percentile: no more than one in twenty took longer."""
    return sorted(times)[int(len(times) * 0.95)]


def shown(value: float, digits: int = 3) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.{digits}g}"  # noqa: PLR2004


# ---- measuring ----


class Taken(NamedTuple):
    """Seconds that something took, by the clock and of CPU time."""

    clock: float
    cpu: float


def taken(work: Callable[[], object]) -> Taken:
    began, used = time.perf_counter(), time.process_time()
    work()
    return Taken(time.perf_counter() - began, time.process_time() - used)


def by_turns(
    rounds: int, contenders: Mapping[Name, Callable[[], Value]], *, warming: int = 0
) -> dict[Name, list[Value]]:
    """What each contender gave in each round; in a round all of them have their turn. `warming` rounds go before."""
    given: dict[Name, list[Value]] = {name: [] for name in contenders}
    for _ in range(warming + rounds):
        for name, measure in contenders.items():
            given[name].append(measure())
    return {name: values[warming:] for name, values in given.items()}


# ---- a script's beginning and end ----


def options(told: str | None, *, rounds: int = 5) -> argparse.ArgumentParser:
    """The options of every benchmark, which is told in its docstring.

    Programs that it runs find the bytecode of our modules, as they do where Monadi was installed.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    compileall.compile_file(ROOT / "monadi.py", quiet=1)
    for package in PACKAGES:
        compileall.compile_dir(ROOT / package, quiet=1)
    parser = argparse.ArgumentParser(description=told, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--save", action="store_true", help="keep the figures for docs/benchmarks.md")
    return parser


def finish(
    name: str,
    command: str,
    told: Sequence[Figure],
    notes: Sequence[str] = (),
    *,
    save: bool,
    tables: Sequence[Table] = (),
) -> NoReturn:
    """Print the figures, keep them where that is asked for, and end with status 1 where one misses its goal."""
    print(*told, *(f"\n{table}" for table in tables), sep="\n")
    if save:
        keep(name, command, told, notes, tables)
    sys.exit(not all(each.holds for each in told))


def keep(
    name: str, command: str, figures: Sequence[Figure], notes: Sequence[str] = (), tables: Sequence[Table] = ()
) -> None:
    """Write what one benchmark measured, with the command that measures it again."""
    RESULTS.mkdir(exist_ok=True)
    told = {
        "command": command,
        "day": datetime.now(UTC).date().isoformat(),
        "machine": f"{machine()}, × {slowness():.1f}",
        "notes": list(notes),
        "figures": [asdict(each) for each in figures],
        "tables": [asdict(each) for each in tables],
    }
    (RESULTS / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def machine() -> str:
    """The processor, how many there are, and the interpreter: "2 × AMD EPYC 7B13, Python 3.11.7"."""
    told = Path("/proc/cpuinfo")
    named = re.search(r"model name\s*: (.+)", told.read_text("utf-8")) if told.exists() else None
    return f"{os.cpu_count()} × {named[1] if named else platform.machine()}, Python {platform.python_version()}"
