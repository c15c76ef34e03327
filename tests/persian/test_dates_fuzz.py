"""Dates: a short run of the fuzzer, as a person would start it."""

import subprocess
import sys
from pathlib import Path


def test_twenty_thousand_random_strings_break_no_promise():
    script = Path(__file__).with_name("fuzz_dates.py")
    run = subprocess.run(
        [sys.executable, script, "--count", "20000", "--seed", "1400"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("seed 1400\n20,000 strings")
