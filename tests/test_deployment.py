"""The files for systems that run Monadi: they are well-formed, and what they run and set exists."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from archive.configuration import Configuration
from tests.test_documents import COMMANDS, ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
SETTINGS = {f"MONADI_{name.upper()}" for name in Configuration.model_fields}
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
OF_SERVICES = {  # of the compose specification, those that are used
    *("image", "build", "environment", "volumes", "depends_on", "restart", "init", "read_only", "tmpfs", "cap_drop"),
    *("security_opt", "command", "ports", "healthcheck", "stop_grace_period", "shm_size"),
}


def parses(words: list[str]) -> bool:
    path = next(path for path in COMMANDS if tuple(words[: len(path)]) == path)
    return bool(COMMANDS[path].make_context(" ".join(path), words[len(path) :]).info_name)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_of_compose_is_one(name):
    service = SERVICES[name]

    assert service.keys() <= OF_SERVICES
    assert service.get("depends_on", {}).keys() <= SERVICES.keys() - {name}
    assert {volume.partition(":")[0] for volume in service["volumes"]} <= COMPOSE["volumes"].keys()
    assert {part for part in service["environment"] if part.startswith("MONADI_")} <= SETTINGS
    assert name == "database" or parses(service["command"])


def test_compose_waits_for_the_database_and_for_the_schema():
    assert SERVICES["upgrade"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    for name in ("schedule", "worker", "web"):
        assert SERVICES[name]["depends_on"] == {"upgrade": {"condition": "service_completed_successfully"}}


def test_the_image_runs_a_command_of_ours_as_nobody_special():
    stated = dict(
        line.split(maxsplit=1) for line in (DEPLOY / "Containerfile").read_text("utf-8").splitlines() if " " in line
    )

    assert stated["ENTRYPOINT"] == '["monadi"]'
    assert parses(yaml.safe_load(stated["CMD"]))
    assert stated["USER"] == "monadi"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_runs_a_command_of_ours_with_settings_of_ours(unit):
    text = unit.read_text("utf-8")
    program, *words = shlex.split(re.search(r"^ExecStart=(.*)$", text, re.MULTILINE)[1])

    assert program == "/opt/monadi/bin/monadi"
    assert parses(words)
    assert set(re.findall(r"MONADI_[A-Z_]+", text)) <= SETTINGS


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_takes_a_unit(unit, tmp_path: Path):
    """With this Python in the place of the program, which has to be there."""
    text = unit.read_text("utf-8").replace("/opt/monadi/bin/monadi", sys.executable)
    (tmp_path / unit.name).write_text(text, "utf-8")

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / unit.name], capture_output=True, text=True, check=False
    )

    assert (done.returncode, [line for line in done.stderr.splitlines() if unit.name in line]) == (0, [])
