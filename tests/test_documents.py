"""The documents are true: their commands parse, every command is documented, their examples run."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from archive import Query, open_archive
from archive.article import Article
from archive.configuration import Configuration
from monadi import app
from sources import PLATFORMS, Catalogue

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SET_UP = (
    "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/monadi up",
    "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest",
)


def commands(group: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *path, name)
        else:
            yield (*path, name), command


COMMANDS = dict(commands(typer.main.get_command(app)))


def documented() -> list[tuple[str, str]]:
    return [
        (document.name, line.strip())
        for document in DOCUMENTS
        for block in re.findall(r"```sh\n(.*?)```", document.read_text("utf-8"), re.DOTALL)
        for line in block.splitlines()
        if line.strip().startswith("monadi ")
    ]


@pytest.mark.parametrize(("document", "line"), documented())
def test_a_documented_command_is_one_that_the_program_takes(document: str, line: str) -> None:
    words = shlex.split(line)[1:]
    path = next(path for path in COMMANDS if tuple(words[: len(path)]) == path)

    context = COMMANDS[path].make_context(" ".join(path), words[len(path) :])

    assert context.info_name, document


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_is_documented_and_helped(path: tuple[str, ...]) -> None:
    assert f"monadi {' '.join(path)}" in (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert COMMANDS[path].help
    assert all(getattr(option, "help", None) for option in COMMANDS[path].params if option.param_type_name == "option")


@pytest.mark.parametrize("command", SET_UP)
def test_the_readme_sets_up_with_one_line(command: str) -> None:
    assert f"```sh\n{command}\n```" in (ROOT / "README.md").read_text("utf-8")


def test_ci_runs_what_the_readme_tells_developers_to() -> None:
    ran = (
        (ROOT / ".ci" / "run").read_text("utf-8").replace("install -q -e", "install -e").replace("pytest -q", "pytest")
    )

    assert SET_UP[1] in ran


def test_every_setting_is_documented() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")

    assert [name for name in Configuration.model_fields if f"`MONADI_{name.upper()}`" not in readme] == []


def test_the_readmes_source_is_a_catalogue(tmp_path: Path) -> None:
    stated = re.search(r"```toml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    (tmp_path / "agencies").mkdir()
    (tmp_path / "agencies" / "welfare.toml").write_text(stated[1] if stated else "", "utf-8")

    assert Catalogue.load(tmp_path).source("welfare-yazd").platform == "iransamaneh"


def test_the_readmes_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONADI_DATA", str(tmp_path))
    with open_archive() as archive:
        archive.upgrade()
        assert list(archive.articles(Query(limit=1))) == []
    code = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)

    done = subprocess.run(
        [sys.executable, "-c", code[1] if code else "raise SystemExit"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_the_record_is_documented_name_by_name() -> None:
    text = (ROOT / "docs" / "record.md").read_text("utf-8")
    names = {*Article.__dataclass_fields__, "id", "agency", "province", "state", "revision", "revisions", "change"}

    assert [name for name in names - {"fetched_at"} if f"`{name}`" not in text] == []


@pytest.mark.parametrize("maker", ["exports_doc.py", "report.py"])
def test_pages_that_are_made_say_what_their_makers_would_write(maker: str) -> None:
    command = [sys.executable, f"benchmarks/{maker}", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")


def test_the_readme_names_every_platform() -> None:
    told = next(
        line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if "a reader of their own" in line
    )

    assert set(re.findall(r"`([a-z_]+)`", told)) >= set(PLATFORMS)
