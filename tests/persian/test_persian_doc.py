"""docs/persian.md: its tables are those of the gold sets and of what was measured, and ours is right throughout."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RESULTS = json.loads((ROOT / "benchmarks/language.json").read_text(encoding="utf-8"))


def test_the_tables_are_up_to_date():
    command = [sys.executable, "benchmarks/persian_doc.py", "--check"]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stdout + asked.stderr


@pytest.mark.parametrize("of", ["dates", "texts"])
def test_ours_was_right_in_every_form(of):
    (ours,) = (each for each in RESULTS[of]["contenders"] if each["name"] == "monadi")
    assert ours["right"] == RESULTS[of]["rows"]


def test_every_limit_was_measured_and_held():
    for limit in RESULTS["limits"]:
        times = {each["name"]: each["times"] for each in RESULTS[limit["of"]]["contenders"]}
        assert times[limit["peer"]] >= limit["times"]


def test_no_library_was_missing():
    assert [RESULTS[part]["missing"] for part in ("dates", "texts", "leap years")] == [[], [], []]
