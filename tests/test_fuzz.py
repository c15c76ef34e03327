"""A short run of `benchmarks/fuzz.py`, as a person would start it: fixed seeds, every reader of foreign data."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CASES = {
    "pages": 300,
    "feeds": 1000,
    "sitemaps": 1000,
    "robots": 1000,
    "dates": 2000,
    "texts": 2000,
    "queries": 1000,
    "warcs": 1500,
}


@pytest.mark.parametrize(("target", "cases"), CASES.items(), ids=CASES)
def test_no_random_case_breaks_a_promise_of_its_reader(target, cases):
    command = [sys.executable, "-m", "benchmarks.fuzz", "--target", target, "--cases", str(cases), "--seed", "1404"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)

    assert run.returncode == 0, run.stdout + run.stderr[-2000:]
    assert run.stdout.startswith(f"{target}: {cases:,} cases of seed 1404")
