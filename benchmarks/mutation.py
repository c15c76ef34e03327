# ruff: noqa: INP001, T201 - a script that prints
"""How many small errors in `persian/` its tests notice: mutmut's, run in a copy of the repository.

    python benchmarks/mutation.py [--children 2] [--directory DIRECTORY] [dates spelling …]

Prints a table and the mutants that survived, and writes `benchmarks/mutation.md` once every module is measured. With
`--directory` the copy is kept: a run there goes on where one was stopped, leaves out what was killed in functions that
have not changed, and `mutmut show` shows a mutant.

Tests that draw their cases are left out: what kills a mutant is a table, the same in every run. mutmut changes what
stands in functions, and none with a decorator; in the copy these are decorated by a statement instead. It starts each
mutant in a process in which everything is imported already. As pytest's plugin (pyproject.toml) this file has `persian`
imported anew there, so that a mutant of what runs at import, or fills a cache, is in force.
"""

import argparse
import ast
import gc
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
COPIED = ("benchmarks", "tests/persian", "pyproject.toml")
REPORT = ROOT / "benchmarks/mutation.md"
KILLED, SURVIVED, TIMEOUT, UNMEASURED = "killed", "survived", "timeout", "unmeasured"
OUTCOMES: dict[int | None, str] = {
    None: UNMEASURED,
    **dict.fromkeys((1, 3), KILLED),
    **dict.fromkeys((24, -24, 36, 152, 255), TIMEOUT),
}  # by mutmut's codes; all others, such as 33 for what no test runs, count as survived

HEAD = """# Mutation score of `persian/`

Written by `python benchmarks/mutation.py` (mutmut {version}): small errors are put into the functions one at a time,
and the tests of `tests/persian/` that are tables are run against each. An error is noticed if a test fails, or does not
end in time. Tests that draw their cases (Hypothesis, the fuzzer) and those of speed are left out: they would notice
more, but not in every run. mutmut changes nothing outside functions, so the regular expressions and the tables of names
are not in these figures.

"""
TAIL = """
Most of what survives (124 mutants of an earlier run were read) changes nothing that a caller can see:

- a shortcut, a cache or a sample, without which the same comes out more slowly;
- a bound that no value meets (`<` for `<=` where the equal case has returned before), or two branches that give the
  same value at it;
- another name of the same codec or zone, a default that the callee has too, `None` where only "not Gregorian" is asked;
- the words of an error that is caught and replaced before a caller sees it.

The rest are edges, most of them of `reading`, that no table has a row for yet.
"""


# pytest's plugin


def _mutant() -> bool:
    return "__mutmut_" in os.environ.get("MUTANT_UNDER_TEST", "")


def pytest_configure(config: Any) -> None:
    sys.dont_write_bytecode = False  # the mutants of a module take half a second to compile
    if _mutant():
        gc.disable()
    for name in [name for name in sys.modules if name.partition(".")[0] in {"persian", "tests"}]:
        del sys.modules[name]
    config.asked = [argument for argument in config.args if "::" in argument]
    config.args = list(dict.fromkeys(argument.partition("::")[0] for argument in config.args))


def pytest_sessionfinish(exitstatus: int) -> None:
    if _mutant():  # what cannot be imported is killed too: mutmut would take pytest's own answer for an interrupt
        os._exit(exitstatus not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED})


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    if config.asked:
        order = {name: place for place, name in enumerate(config.asked)}
        items[:] = sorted((item for item in items if item.nodeid in order), key=lambda item: order[item.nodeid])


def pytest_collection_finish(session: Any) -> None:
    """What ran at import is every test's; else mutmut would take it for the first one's alone."""
    if os.environ.get("MUTANT_UNDER_TEST") == "stats":
        from mutmut.state import state  # noqa: PLC0415 - not needed to copy and to report

        for function in state()._stats:  # noqa: SLF001
            state().tests_by_mangled_function_name[function] |= {item.nodeid for item in session.items}
        state()._stats.clear()  # noqa: SLF001


def pytest_runtest_setup() -> None:
    if os.environ.get("MUTANT_UNDER_TEST") == "stats":
        for name, module in list(sys.modules.items()):
            for value in vars(module).values() if name.startswith("persian.") else ():
                getattr(value, "cache_clear", lambda: None)()


# the copy


def undecorated(source: str) -> str:
    """The same code with functions decorated by statements after them."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and len(node.decorator_list) == 1:
            decorator = node.decorator_list[0]
            written = ast.unparse(decorator)
            if written in {"classmethod", "staticmethod"}:
                continue
            lines[decorator.lineno - 1] = ""
            lines[(node.end_lineno or 0) - 1] += f"\n{' ' * node.col_offset}{node.name} = {written}({node.name})"
    return "\n".join(lines) + "\n"


def copy(work: Path) -> None:
    for name in COPIED:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, work / name, dirs_exist_ok=True, ignore=ignored)
        else:
            shutil.copy2(ROOT / name, work / name)
    (work / "persian").mkdir(exist_ok=True)
    for path in (ROOT / "persian").glob("*.py"):
        changed, copied = undecorated(path.read_text(encoding="utf-8")), work / "persian" / path.name
        if not copied.exists() or copied.read_text(encoding="utf-8") != changed:
            copied.write_text(changed, encoding="utf-8")


def forget(work: Path) -> None:
    """What the tests did not notice is tried again, since there may be more of them now."""
    (work / "mutants/mutmut-stats.json").unlink(missing_ok=True)  # which tests reach which function
    for path in (work / "mutants/persian").glob("*.py.meta"):
        kept = json.loads(path.read_text(encoding="utf-8"))
        codes = kept["exit_code_by_key"]
        kept["exit_code_by_key"] = {
            name: code if OUTCOMES.get(code) == KILLED else None for name, code in codes.items()
        }
        path.write_text(json.dumps(kept), encoding="utf-8")


# the report


def outcomes(work: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """What became of the mutants of each module."""
    for path in sorted((work / "mutants/persian").glob("*.py.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        mutants = {name: OUTCOMES.get(code, SURVIVED) for name, code in codes.items()}
        if mutants:
            yield path.name.removesuffix(".py.meta"), mutants


def table(modules: dict[str, dict[str, str]]) -> str:
    lines = ["| module | mutants | killed | timeout | survived | score |", "|---|--:|--:|--:|--:|--:|"]
    total: Counter[str] = Counter()
    for module, mutants in modules.items():
        counts = Counter(mutants.values())
        total += counts
        lines.append(row(f"`{module}`", counts))
    return "\n".join([*lines, row("all", total)])


def row(name: str, counts: Counter[str]) -> str:
    mutants = counts.total()
    survived = mutants - counts[KILLED] - counts[TIMEOUT]  # with those no test runs
    score = 100 * (mutants - survived) / mutants
    return f"| {name} | {mutants:,} | {counts[KILLED]:,} | {counts[TIMEOUT]:,} | {survived:,} | {score:.1f} % |"


def main() -> None:
    options = argparse.ArgumentParser(description="How many small errors in persian/ its tests notice.")
    options.add_argument("modules", nargs="*", help="names of modules, such as dates; all of them if none is given")
    options.add_argument("--children", type=int, default=os.cpu_count())
    options.add_argument("--directory", type=Path, help="where the copy is kept; a temporary one if not given")
    asked = options.parse_args()
    work = asked.directory or Path(tempfile.mkdtemp())
    work.mkdir(parents=True, exist_ok=True)
    copy(work)
    forget(work)
    began = time.monotonic()
    patterns = [f"persian.{module}.*" for module in asked.modules]
    mutmut = Path(sys.executable).with_name("mutmut")
    subprocess.run([mutmut, "run", "--max-children", str(asked.children), *patterns], cwd=work, check=True)  # noqa: S603
    found = dict(outcomes(work))
    measured = {name: mutants for name, mutants in found.items() if UNMEASURED not in mutants.values()}
    print(table(measured))
    print(
        *(name for mutants in measured.values() for name, outcome in mutants.items() if outcome == SURVIVED), sep="\n"
    )
    print(f"{(time.monotonic() - began) / 60:.0f} minutes with {asked.children} processes")
    if measured == found:
        head = HEAD.format(version=importlib.metadata.version("mutmut"))
        REPORT.write_text(f"{head}{table(measured)}\n{TAIL}", encoding="utf-8")
    if not asked.directory:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
