"""The API does what its OpenAPI document says, asked over a real socket what schemathesis makes of that document.

    MONADI_GENERATED=200 pytest tests/syndication/api/test_generated.py -s

asks so many questions of each endpoint and phase, some thousands in all; the suite is content with some hundred.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from archive import Archive
from archive.database import sqlite_url
from tests.syndication.serving import served

EXAMPLES = int(os.environ.get("MONADI_GENERATED", "10"))  # at most, of each endpoint and phase
LEAST = 2000 if EXAMPLES >= 150 else 250  # questions in all
ROOT = Path(__file__).parents[3]
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")


def test_whatever_can_be_asked_is_answered_as_the_document_says(tmp_path: Path, filled: Archive):
    with served(sqlite_url(filled.database.file), filled.index.directory) as (_, port):
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION)),
            *("run", f"http://127.0.0.1:{port}/api/v1/openapi.json", "--max-examples", str(EXAMPLES)),
        ]
        surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=False)
    asked = re.search(r"(\d+) generated", done.stdout)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert asked
    assert int(asked[1]) >= LEAST
    print(done.stdout[-2000:])  # noqa: T201
