# ruff: noqa: INP001 - a module beside scripts
"""Figures: what a benchmark measured beside its goal, kept in `results/` for docs/benchmarks.md.

A figure is a number that somebody was promised: the median of rounds and the worst of them, its unit, what it was held
against, and the goal. `keep` writes those of one benchmark with the machine and the day; `report.py` makes the page.
"""

import json
import os
import platform
import re
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One promise; `goal` is the least (`at_least`) or the most that it may be, None where nothing was promised."""

    what: str
    against: str
    unit: str
    median: float
    worst: float
    goal: float | None = None
    at_least: bool = False

    @property
    def holds(self) -> bool:
        if self.goal is None:
            return True
        return self.median >= self.goal if self.at_least else self.median <= self.goal

    def __str__(self) -> str:
        goal = "" if self.goal is None else f", goal {'≥' if self.at_least else '≤'} {shown(self.goal)}"
        verdict = "" if self.holds else "  MISSED"
        beside = f" ({self.against})" if self.against else ""
        return f"{self.what}{beside}: {shown(self.median)} {self.unit}, worst {shown(self.worst)}{goal}{verdict}"


def of_rounds(rounds: Sequence[float], *, at_least: bool = False, **named: Any) -> Figure:
    """The figure of what was measured in each round; the worst is the least where more is better."""
    worst = min(rounds) if at_least else max(rounds)
    return Figure(median=statistics.median(rounds), worst=worst, at_least=at_least, **named)


def shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004


def keep(name: str, command: str, figures: Sequence[Figure], notes: Sequence[str] = ()) -> None:
    """Write what one benchmark measured, with the command that measures it again."""
    RESULTS.mkdir(exist_ok=True)
    told = {
        "command": command,
        "day": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "notes": list(notes),
        "figures": [asdict(each) for each in figures],
    }
    (RESULTS / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def machine() -> str:
    """The processor, how many there are, and the interpreter: "2 × AMD EPYC 7B13, Python 3.11.7"."""
    told = Path("/proc/cpuinfo")
    named = re.search(r"model name\s*: (.+)", told.read_text("utf-8")) if told.exists() else None
    return f"{os.cpu_count()} × {named[1] if named else platform.machine()}, Python {platform.python_version()}"
