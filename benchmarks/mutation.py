# ruff: noqa: INP001, T201 - a script that prints
"""How many small errors in a package its tests notice: mutmut's, run in a copy of the repository.

    python benchmarks/mutation.py [--suite persian] [--children 2] [--directory DIRECTORY] [dates spelling …]

A suite (`SUITES`) is a package, the modules of it that are measured, and the tests that are to notice: `persian`, where
the sanitizer is (`markup`), `identity` and `guard`. Prints a table and the mutants that survived, and writes the
suite's part of `benchmarks/mutation.md` once every module is measured. With
`--directory` the copy is kept: a run there goes on where one was stopped, leaves out what was killed in functions that
have not changed, and `mutmut show` shows a mutant.

Tests that draw their cases are left out: what kills a mutant is a table, the same in every run. mutmut changes what
stands in functions, and none with a decorator; in the copy these are decorated by a statement instead. It starts each
mutant in a process in which everything is imported already. As pytest's plugin this file has our packages imported anew
there, so that a mutant of what runs at import, or fills a cache, is in force.
"""

import argparse
import ast
import gc
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
OURS = {"persian", "sources", "archive", "spiders", "tests"}
COPIED = ("benchmarks", "pyproject.toml")
REPORT = ROOT / "benchmarks/mutation.md"
KILLED, SURVIVED, TIMEOUT, UNMEASURED = "killed", "survived", "timeout", "unmeasured"
OUTCOMES: dict[int | None, str] = {
    None: UNMEASURED,
    **dict.fromkeys((1, 3), KILLED),
    **dict.fromkeys((24, -24, 36, 152, 255), TIMEOUT),
}  # by mutmut's codes; all others, such as 33 for what no test runs, count as survived


@dataclass(frozen=True, kw_only=True)
class Suite:
    """A package, those of its modules that are measured (all if none is named), and the tests that are to notice."""

    package: str
    modules: tuple[str, ...] = ()
    copied: tuple[str, ...]
    selection: str
    arguments: tuple[str, ...]

    @property
    def mutated(self) -> list[str]:
        return [f"{self.package}/{name}.py" for name in self.modules]


SUITES = {
    "persian": Suite(
        package="persian",
        copied=("tests/persian",),
        selection="tests/persian",
        arguments=(
            "--confcutdir=tests/persian",
            "-mnot hypothesis and not speed",
            "--deselect=tests/persian/test_dates_fuzz.py",
            "--ignore=tests/persian/test_persian_doc.py",
        ),
    ),
    "identity": Suite(
        package="archive",
        modules=("identity",),
        copied=(
            "persian",
            "sources",
            "tests/conftest.py",
            "tests/archive/conftest.py",
            "tests/archive/test_identity.py",
        ),
        selection="tests/archive/test_identity.py",
        arguments=("--confcutdir=tests", "-knot item_is and not date_moved and not another_item"),  # no databases
    ),
    "guard": Suite(
        package="spiders",
        modules=("guard",),
        copied=("persian", "sources", "archive", "tests/spiders/test_guard.py"),
        selection="tests/spiders/test_guard.py",
        arguments=("--confcutdir=tests/spiders", "-knot inside"),  # no crawls in processes of their own
    ),
}

HEAD = """# Mutation scores

Written by `python benchmarks/mutation.py` (mutmut {version}): small errors are put into the functions one at a time,
and the tests that are tables are run against each: those of `tests/persian/`, `tests/archive/test_identity.py` and
`tests/spiders/test_guard.py`. An error is noticed if a test fails, or does not end in time. Tests that draw their cases
(Hypothesis, the fuzzer), those of speed and those that need a database are left out: they would notice more, but not in
every run. mutmut changes nothing outside functions, so the regular expressions and the tables of names are not in these
figures.
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
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
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
            for value in vars(module).values() if name.partition(".")[0] in OURS - {"tests"} else ():
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


def copy(suite: Suite, work: Path) -> None:
    for name in (*COPIED, *suite.copied, suite.package):
        source, target = ROOT / name, work / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if name == suite.package:
            target.mkdir(exist_ok=True)
            _copy_measured(suite, source, target)
        elif source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        else:
            shutil.copy2(source, target)
    settings = (work / "pyproject.toml").read_text(encoding="utf-8")
    (work / "pyproject.toml").write_text(f"{settings}\n{_settings(suite)}", encoding="utf-8")


def _copy_measured(suite: Suite, source: Path, target: Path) -> None:
    """What is measured undecorated, and untouched where it has not changed: mutmut would measure it again."""
    for path in (path for path in source.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        copied = target / path.relative_to(source)
        copied.parent.mkdir(parents=True, exist_ok=True)
        measured = path.suffix == ".py" and (not suite.modules or path.stem in suite.modules)
        text = undecorated(path.read_text(encoding="utf-8")).encode() if measured else path.read_bytes()
        if not copied.exists() or copied.read_bytes() != text:
            copied.write_bytes(text)


def _settings(suite: Suite) -> str:
    """Of mutmut, for a suite; strings in JSON are such in TOML."""
    arguments = [*suite.arguments, "-pbenchmarks.mutation", "-pno:cacheprovider"]
    settings = {
        "source_paths": [suite.package],
        "only_mutate": suite.mutated,
        "also_copy": ["benchmarks", "tests", *(name for name in suite.copied if "/" not in name)],
        "pytest_add_cli_args_test_selection": [suite.selection],
        "pytest_add_cli_args": arguments,
        "timeout_constant": 6.0,  # seconds, so that other work on the machine does not look like an endless loop
        "timeout_multiplier": 10.0,
    }
    return "[tool.mutmut]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items() if value)


def forget(suite: Suite, work: Path) -> None:
    """What the tests did not notice is tried again, since there may be more of them now."""
    (work / "mutants/mutmut-stats.json").unlink(missing_ok=True)  # which tests reach which function
    for path in (work / "mutants" / suite.package).glob("*.py.meta"):
        kept = json.loads(path.read_text(encoding="utf-8"))
        codes = kept["exit_code_by_key"]
        kept["exit_code_by_key"] = {
            name: code if OUTCOMES.get(code) == KILLED else None for name, code in codes.items()
        }
        path.write_text(json.dumps(kept), encoding="utf-8")


# the report


def outcomes(suite: Suite, work: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """What became of the mutants of each module."""
    for path in sorted((work / "mutants" / suite.package).glob("*.py.meta")):
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


def written(report: str, name: str, told: str) -> str:
    """The report with a suite's part replaced, or added at its end."""
    part, head = f"## `{name}`\n\n{told}", HEAD.format(version=importlib.metadata.version("mutmut"))
    parts = {found[1]: found[0] for found in re.finditer(r"## `(\w+)`\n(?:(?!## ).*\n?)*", report)} | {name: part}
    return "\n".join([head, *(parts[each].strip() + "\n" for each in SUITES if each in parts)])


def main() -> None:
    options = argparse.ArgumentParser(description="How many small errors in a package its tests notice.")
    options.add_argument("modules", nargs="*", help="names of modules, such as dates; all of them if none is given")
    options.add_argument("--suite", choices=SUITES, default="persian")
    options.add_argument("--children", type=int, default=os.cpu_count())
    options.add_argument("--directory", type=Path, help="where the copy is kept; a temporary one if not given")
    asked = options.parse_args()
    suite = SUITES[asked.suite]
    work = asked.directory or Path(tempfile.mkdtemp())
    work.mkdir(parents=True, exist_ok=True)
    copy(suite, work)
    forget(suite, work)
    began = time.monotonic()
    patterns = [f"{suite.package}.{module}.*" for module in asked.modules]
    mutmut = Path(sys.executable).with_name("mutmut")
    subprocess.run([mutmut, "run", "--max-children", str(asked.children), *patterns], cwd=work, check=True)  # noqa: S603
    found = dict(outcomes(suite, work))
    measured = {name: mutants for name, mutants in found.items() if UNMEASURED not in mutants.values()}
    print(table(measured))
    print(
        *(name for mutants in measured.values() for name, outcome in mutants.items() if outcome == SURVIVED), sep="\n"
    )
    print(f"{(time.monotonic() - began) / 60:.0f} minutes with {asked.children} processes")
    if measured == found:
        told = f"{table(measured)}\n{TAIL if asked.suite == 'persian' else ''}"
        REPORT.write_text(written(REPORT.read_text(encoding="utf-8"), asked.suite, told), encoding="utf-8")
    if not asked.directory:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
