# ruff: noqa: INP001, T201 - a script that prints
"""Random cases against every reader of foreign data: what may come of them, and in what time.

    python -m benchmarks.fuzz --target pages --cases 1000000 --seed 1404 [--keep DIR]
    python -m benchmarks.fuzz --target pages --seed 1404 --only 4711
    python -m benchmarks.fuzz --target all --grow 2000

Cases are the corpus of `benchmarks/fuzzing/` (our own recordings of pages, feeds, files) after edits, and documents of
its pieces. A case is made again from its target, seed and number alone. Only the errors that a reader names may come
out; what is read holds the promises of `benchmarks/fuzzing/held.py` and is read the same again; no case takes longer
than its target allows. `--grow` asks instead whether the time of a reader grows with what it reads: cases of 4 KB and
of 32 KB of the same pieces. The first case of every fault is written into DIR. Status 1 where there is any.
"""

import argparse
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.fuzzing import days, feeds, pages, queries, robots, texts, warcs
from benchmarks.fuzzing.chance import Chance, Target

TARGETS = {
    target.name: target
    for target in (
        pages.TARGET,
        feeds.FEEDS,
        feeds.SITEMAPS,
        robots.TARGET,
        days.TARGET,
        texts.TARGET,
        queries.TARGET,
        warcs.TARGET,
    )
}
SMALL, TIMES = 4096, 8  # letters of a case that grows, and how many times as large the other is
LONGEST = 2000  # letters of a case that are printed
NOTICED = 0.25  # seconds of CPU time below which nobody asks what grows
SLACK = 3.0  # times as long as linear growth would take


@dataclass
class Run:
    """What a run has come to; `faults` by what they are told by, the first case of each first."""

    target: Target
    seed: int
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[int]] = field(default_factory=dict)
    slowest: tuple[float, int] = (0.0, -1)
    cases: int = 0

    def case(self, number: int) -> Any:
        return self.target.make(Chance(f"{self.target.name}/{self.seed}/{number}"))

    def do(self, numbers: Iterator[int] | range, keep: Path | None = None) -> None:
        for number in numbers:
            case = self.case(number)
            began = time.process_time()
            fault = self._fault(case)
            taken = time.process_time() - began
            self.slowest = max(self.slowest, (taken, number))
            if fault is None and taken > self.target.seconds:
                fault = "too slow"
            self.cases += 1
            if fault:
                self._note(fault, number, case, keep)

    def _fault(self, case: Any) -> str | None:
        try:
            self.outcomes[self.target.check(case)] += 1
        except AssertionError as error:
            return f"{_place(error)}: {str(error).partition(':')[0]}"
        except Exception as error:  # noqa: BLE001 - which is what is looked for
            return f"{_place(error)}: {type(error).__name__}"
        return None

    def _note(self, fault: str, number: int, case: Any, keep: Path | None) -> None:
        if fault not in self.faults and keep:
            keep.mkdir(parents=True, exist_ok=True)
            name = f"{self.target.name}-{self.seed}-{number}.txt"
            (keep / name).write_text(f"{fault}\n{case!r}\n", "utf-8", "backslashreplace")
        self.faults.setdefault(fault, []).append(number)

    def tell(self, seconds: float) -> None:
        print(
            f"{self.target.name}: {self.cases:,} cases of seed {self.seed} in {seconds:.0f} s of CPU time, "
            f"{len(self.faults)} faults; the slowest took {self.slowest[0]:.2f} s (case {self.slowest[1]})"
        )
        for outcome, times in sorted(self.outcomes.items()):
            print(f"{times:>12,}  {outcome}")
        for fault, numbers in self.faults.items():
            print(f"FAULT {fault}: {len(numbers)} times, first at case {numbers[0]}")
        sys.stdout.flush()


def _place(error: BaseException) -> str:
    """Where it was raised: the deepest frame of ours."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "site-packages" not in f.filename]
    last = frames[-1]
    return f"{Path(last.filename).parent.name}/{Path(last.filename).name}:{last.lineno} {last.name}"


def grow(target: Target, cases: int, seed: int) -> list[str]:
    """What grows faster than what is read."""
    found = []
    for number in range(cases):
        word = f"{target.name}/grow/{seed}/{number}"
        large = _timed(target, target.grown(Chance(word), SMALL * TIMES))
        if large < NOTICED:
            continue
        small = min(_timed(target, target.grown(Chance(word), SMALL)) for _ in range(2))
        large = min(large, _timed(target, target.grown(Chance(word), SMALL * TIMES)))
        if large > NOTICED and large > small * TIMES * SLACK:
            found.append(f"case {number}: {small:.3f} s for {SMALL} letters, {large:.3f} s for {SMALL * TIMES}")
    return found


def _timed(target: Target, case: Any) -> float:
    began = time.process_time()
    with suppress(Exception):  # what breaks is found by the other run
        target.check(case)
    return time.process_time() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", choices=[*TARGETS, "all"], default="all")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1404)
    parser.add_argument("--start", type=int, default=0, help="number of the first case")
    parser.add_argument("--only", type=int, help="print this case and let its error out")
    parser.add_argument("--grow", type=int, metavar="N", help="ask whether time grows with size, by so many cases")
    parser.add_argument("--keep", type=Path, help="directory for the first case of each fault")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    failed = False
    for target in TARGETS.values() if asked.target == "all" else [TARGETS[asked.target]]:
        if asked.only is not None:
            case = Run(target, asked.seed).case(asked.only)
            print(repr(case)[:LONGEST].encode("ascii", "backslashreplace").decode())
            print(target.check(case))
        elif asked.grow:
            found = grow(target, asked.grow, asked.seed)
            failed = failed or bool(found)
            print(f"{target.name}: {asked.grow:,} growing cases of seed {asked.seed}, {len(found)} grow too fast")
            print("".join(f"  {line}\n" for line in found), end="", flush=True)
        else:
            failed = (
                not _run(Run(target, asked.seed), range(asked.start, asked.start + asked.cases), asked.keep) or failed
            )
    return int(failed)


def _run(run: Run, numbers: range, keep: Path | None) -> bool:
    began = time.process_time()
    run.do(numbers, keep)
    run.tell(time.process_time() - began)
    return not run.faults


if __name__ == "__main__":
    raise SystemExit(main())
