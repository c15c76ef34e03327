# ruff: noqa: INP001, S603, T201 - a script that prints, and runs programs
"""What an installation is: its size, what each dependency costs, and how soon the first feed is there.

    python benchmarks/installation.py [--rounds 5] [--save]

Makes an environment of its own, as the README does, from this checkout and the package index that pip is configured
for: everything is downloaded, then installed without extras. Sizes are those of the files that pip brought; on disk
with the bytecode that it compiles. What a dependency costs is told with all that would not be there without it. Loading
is CPU time above that of Python alone, the median of the rounds, in a process of its own. The first feed is there when
`monadi demo`, begun in the new environment, answers it with an item; its harvest and server are counted, by the clock,
as is making the environment. `report.py` makes docs/dependencies.md of what is kept. Status 1 where a goal is missed.
"""

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import figures
from programs import free, running, used

ROOT = Path(__file__).parents[1]
MB = 1e6
DOWNLOAD, DISK = 100, 320  # MB
PATIENCE = 300  # seconds
LOOK = """
import importlib.metadata as m, json
modules = {}
for module, names in m.packages_distributions().items():
    for name in names:
        modules.setdefault(name, []).append(module)
print(json.dumps({
    each.name: {
        "version": each.version,
        "bytes": sum(f.locate().stat().st_size for f in each.files or () if f.locate().exists()),
        "modules": sorted(name for name in modules.get(each.name, ()) if name.isidentifier() and name[0] != "_"),
        "needs": [r for r in each.requires or () if "extra ==" not in r],
    }
    for each in m.distributions()
}))
"""


def run(words: Sequence[str | Path], **surroundings: Any) -> str:
    return subprocess.run(
        [str(word) for word in words],
        check=True,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        **surroundings,
    ).stdout


# ---- what is there ----


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(held: Mapping[str, Mapping[str, Any]], roots: Iterable[str], *, without: str = "") -> set[str]:
    """What must be there for these; `without` one that nothing may bring."""
    found: set[str] = set()
    waiting = [name for name in roots if name != without]
    while waiting:
        name = waiting.pop()
        if name in found or name not in held or name == without:
            continue
        found.add(name)
        waiting += [normal(re.match(r"[\w.-]+", each)[0]) for each in held[name]["needs"]]  # type: ignore[index]
    return found


def measured(python: Path, folder: Path, downloads: Path, rounds: int) -> list[dict[str, Any]]:
    """Each of our dependencies: its version, what it brings alone in MB, and ms of CPU time to load it."""
    held = {normal(name): facts for name, facts in json.loads(run([python, "-c", LOOK], cwd=folder)).items()}
    files = {normal(each.name.split("-")[0]): each.stat().st_size for each in downloads.iterdir()}
    ours = sorted({normal(re.match(r"[\w.-]+", each)[0]) for each in held["monadi"]["needs"]} & held.keys())  # type: ignore[index]
    everything = needed(held, ours)
    bare = statistics.median(used([python, "-c", ""], cwd=folder).seconds for _ in range(rounds))
    rows = []
    for name in ours:
        alone = everything - needed(held, ours, without=name)
        module = next(iter(held[name]["modules"]), None)
        loading = (
            [used([python, "-c", f"import {module}"], cwd=folder).seconds - bare for _ in range(rounds)]
            if module
            else [0.0]
        )
        rows.append(
            {
                "name": name,
                "version": held[name]["version"],
                "download": round(sum(files.get(each, 0) for each in alone) / MB, 2),
                "disk": round(sum(held[each]["bytes"] for each in alone) / MB, 2),
                "brings": sorted(alone - {name}),
                "loading": round(1000 * max(0.0, statistics.median(loading))),
            }
        )
    return rows


# ---- how soon ----


def first_feed(program: Path, folder: Path) -> float:
    """Seconds until the demo answers a feed with an item in it."""
    port = free()
    began = time.monotonic()
    with running([program, "demo", "--port", str(port)], port, cwd=folder):
        while time.monotonic() < began + PATIENCE:
            with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/feeds/all.rss") as answer:
                if b"<item>" in answer.read():
                    return time.monotonic() - began
            time.sleep(0.1)
    sys.exit("the demo came to no feed")


def disk(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file() and not each.is_symlink())


def main() -> None:
    options = figures.options(__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix="monadi-installation-") as name:
        folder = Path(name)
        downloads, python = folder / "downloads", folder / "venv/bin/python"
        began = time.monotonic()
        run([sys.executable, "-m", "venv", folder / "venv"])
        empty = disk(folder / "venv")
        run([python, "-m", "pip", "download", "-q", "-d", downloads, ROOT])
        run([python, "-m", "pip", "install", "-q", "--find-links", downloads, ROOT])
        making = time.monotonic() - began
        feeding = [first_feed(folder / "venv/bin/monadi", folder) for _ in range(options.rounds)]
        told = [
            figures.Figure(
                what="to download, core",
                against="",
                unit="MB",
                goal=DOWNLOAD,
                median=(got := disk(downloads) / MB),
                worst=got,
            ),
            figures.Figure(
                what="on disk, core",
                against="",
                unit="MB",
                goal=DISK,
                median=(got := (disk(folder / "venv") - empty) / MB),
                worst=got,
            ),
            figures.of_rounds(
                [making + each for each in feeding], what="from nothing to the first feed", against="", unit="s"
            ),
            figures.of_rounds(feeding, what="of it, harvest and server of the demo", against="", unit="s"),
        ]
        rows = measured(python, folder, downloads, options.rounds)
    for row in sorted(rows, key=lambda each: -each["disk"]):
        print("{name:20} {version:12} {download:7.2f} MB {disk:7.2f} MB {loading:5} ms".format(**row), *row["brings"])
    if options.save:
        (figures.RESULTS / "dependencies.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    note = "the package index was on the local network"
    figures.finish("installation", "python benchmarks/installation.py", told, [note], save=options.save)


if __name__ == "__main__":
    main()
