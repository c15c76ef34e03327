# ruff: noqa: INP001, T201, S603 - a script that prints, and runs our own commands
"""Writes the session of docs/adding-an-office.md: an office from its address to a feed, timed, at the usual pace.

    python benchmarks/onboarding.py [--check]

The office is one of the sample newsroom, on loopback. `--check` writes nothing: it runs the page's commands without
waiting between requests, and ends with status 1 if one fails or says something else than the page does (days and times
aside).
"""

import argparse
import difflib
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sources.sample import SampleNewsroom

PAGE = Path(__file__).parents[1] / "docs/adding-an-office.md"
SHOWN = "http://127.0.0.1:8731/"  # whatever port the office has
SESSION = re.compile(r"(```console\n).*?(```\n)", re.DOTALL)
VARYING = (
    (re.compile(r"\b20\d\d-\d\d-\d\d\b(?!T|\n|\")"), "<day>"),
    (re.compile(r"(?m)^(recorded in .*/)20\d\d-\d\d-\d\d$"), r"\1<day>"),
    (re.compile(r"\b\d+\.\d s\b"), "<time>"),
    (re.compile(r"\b\d+ files written"), "<files> written"),
    (re.compile(r"(?m)^delay = 0\.0\n"), ""),
)
COMMANDS = (
    f"monadi source add {SHOWN} --catalogue mine --write",
    "monadi harvest mcls-yazd --catalogue mine --limit 5",
    "monadi feeds publish public --catalogue mine",
    "grep -o -m 2 '<title>[^<]*' public/feeds/source/mcls-yazd.atom",
)


def session(*, waiting: bool = True) -> tuple[str, float]:
    """The commands with what they said, as a terminal shows them, and the seconds that all of them took."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MONADI_")}
    said, took = [], 0.0
    with tempfile.TemporaryDirectory() as folder, SampleNewsroom() as newsroom:
        url = f"{newsroom.offices[0].url}/"
        surroundings = {**kept, "MONADI_DATA": f"{folder}/data", "MONADI_ALLOW_HOSTS": "127.0.0.0/8"}
        for line in COMMANDS:
            words = shlex.split(line.replace(SHOWN, url))
            if words[0] == "monadi":
                words = [sys.executable, "-m", *words]
            if "add" in words and not waiting:
                words += ["--delay", "0"]
            began = time.monotonic()
            done = subprocess.run(
                words, cwd=folder, env=surroundings, capture_output=True, encoding="utf-8", check=False
            )
            took += time.monotonic() - began
            if done.returncode:
                sys.exit(f"{line}: status {done.returncode}\n{done.stdout}{done.stderr}")
            output = f"{done.stdout}{done.stderr}".replace(url, SHOWN)
            said.append(f"$ {line}\n{output}")
    return "\n".join(said), took


def masked(text: str) -> str:
    """A session without what differs from run to run."""
    for pattern, name in VARYING:
        text = pattern.sub(name, text)
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; compare")
    page = PAGE.read_text("utf-8")
    if parser.parse_args().check:
        shown = (found := SESSION.search(page)) and found[0]
        text, _ = session(waiting=False)
        expected, found_now = masked(f"```console\n{text}```\n").splitlines(), masked(shown or "").splitlines()
        if differing := list(difflib.unified_diff(found_now, expected, "page", "now", lineterm="")):
            sys.exit("\n".join(differing))
        return
    text, took = session()
    page = SESSION.sub(lambda block: f"{block[1]}{text}{block[2]}", page)
    PAGE.write_text(re.sub(r"\*\*[\d.]+ s\*\*", f"**{took:.1f} s**", page), "utf-8")
    print(f"{took:.1f} s")


if __name__ == "__main__":
    main()
