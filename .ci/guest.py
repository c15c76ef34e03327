"""Whether a harvest is a good guest, judged by what the hosts saw.

    .venv/bin/python .ci/guest.py ../shared/newsroom

Serves the newsrooms on loopback, harvests them at the pace that is kept with real offices, and reads the access log: no
address that a robots.txt forbids, never more than two requests at once at a host, a second or the host's Crawl-delay
between two. The judge knows nothing of how Monadi keeps them. The exit status is 1 when any is not kept.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, unquote
from urllib.request import urlopen

PORT = 8733
AT_ONCE = 2
DELAY = 1.0  # seconds, the default of the catalogue
SLACK = 0.05  # seconds by which a request may reach a host early, since the one before it was late on its way
SAFE = "/%=&?*$+,;:@!'()~"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One line of an access log; `at` is in seconds."""

    host: str
    at: float
    target: str
    agent: str


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What a robots.txt asks of everybody: rules as (allowed, pattern), and seconds between two requests."""

    rules: tuple[tuple[bool, str], ...] = ()
    delay: float = 0.0

    def allow(self, target: str) -> bool:
        matching = [(len(pattern), allowed) for allowed, pattern in self.rules if matches(pattern, target)]
        return max(matching, default=(0, True))[1]


def wishes_of(text: str) -> Wishes:
    """The group of `*`: all that the newsrooms have."""
    rules, delay, ours, naming = [], 0.0, False, False
    for line in text.splitlines():
        key, _, value = (part.strip() for part in line.partition("#")[0].partition(":"))
        key = key.lower()
        if key == "user-agent":
            ours = value == "*" or (ours and naming)
        elif ours and key in ("allow", "disallow") and value:
            rules.append((key == "allow", value))
        elif ours and key == "crawl-delay":
            delay = float(value)
        naming = key == "user-agent" if key in ("user-agent", "allow", "disallow", "crawl-delay") else naming
    return Wishes(rules=tuple(rules), delay=delay)


def matches(pattern: str, target: str) -> bool:
    whole = pattern.endswith("$")
    parts = (re.escape(spelled(part)) for part in pattern.removesuffix("$").split("*"))
    return re.match(".*".join(parts) + ("$" if whole else ""), spelled(target)) is not None


def spelled(address: str) -> str:
    """One spelling of an address, percent-encoded."""
    return quote(unquote(address), safe=SAFE)


def judge(visits: Sequence[Visit], wishes: dict[str, Wishes], *, latency: float, delay: float = DELAY) -> list[str]:
    """What was not kept, a line each; `latency` is for how long each visit lasted."""
    by_host = defaultdict(list)
    for visit in sorted(visits, key=lambda visit: visit.at):
        by_host[visit.host].append(visit)
    broken = []
    for host, seen in by_host.items():
        asked = wishes.get(host, Wishes())
        broken += [
            f"{host}: {visit.target} is disallowed"
            for visit in seen
            if visit.target != "/robots.txt" and not asked.allow(visit.target)
        ]
        if seen[0].target != "/robots.txt":
            broken.append(f"{host}: {seen[0].target} was asked for before robots.txt")
        most = max(sum(visit.at <= other.at < visit.at + latency for other in reversed(seen)) for visit in seen)
        if most > AT_ONCE:
            broken.append(f"{host}: {most} requests at once")
        kept = max(delay, asked.delay)
        gaps = [later.at - earlier.at for earlier, later in pairwise(seen)]
        if gaps and min(gaps) < kept - SLACK:
            broken.append(f"{host}: {min(gaps):.3f} s between two requests, where {kept:g} s are asked for")
        broken += [f"{host}: the User-Agent {visit.agent!r}" for visit in seen[:1] if not honest(visit.agent)]
    return broken


def honest(agent: str) -> bool:
    return re.fullmatch(r"Monadi/[0-9.]+\S* \(.+\)", agent) is not None


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("newsroom", type=Path, help="directory of serve.py")
    parser.add_argument("--articles", type=int, default=5, help="per newsroom")
    parser.add_argument("--latency", type=int, default=150, help="of every answer, in milliseconds")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="monadi-guest-") as folder:
        work = Path(folder)
        words = ["--catalogue", str(work / "catalogue"), "--log", str(work / "log"), "--polite", "--port", str(PORT)]
        words += ["--articles", str(options.articles), "--latency", str(options.latency)]
        command = [sys.executable, str(options.newsroom / "serve.py"), *words]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                print(server.stdout.readline() if server.stdout else "", end="")
                hosts = hosts_of(work / "catalogue")
                wishes = {host: wishes_of(robots_of(host)) for host in hosts.values()}
                status = harvest(work, list(hosts))
            finally:
                server.terminate()
        visits = [visit for visit in read(work / "log") if visit.agent.startswith("Monadi")]
    broken = judge(visits, wishes, latency=options.latency / 1000)
    broken += ["the harvest failed"] * bool(status)
    broken += [f"{host}: never visited" for host in sorted(set(hosts.values()) - {visit.host for visit in visits})]
    print("\n".join((f"{len(visits)} requests to {len(hosts)} hosts", *broken, "FAIL" if broken else "PASS")))
    return bool(broken)


def hosts_of(catalogue: Path) -> dict[str, str]:
    """The sources, each with its host."""
    tables = tomllib.loads((catalogue / "agencies" / "newsroom.toml").read_text("utf-8"))
    return {
        f"newsroom-{name}": table["url"].split("/")[2].partition(":")[0]
        for name, table in tables.items()
        if name != "agency"
    }


def robots_of(host: str) -> str:
    with urlopen(f"http://{host}:{PORT}/robots.txt") as response:
        return str(response.read().decode())


def harvest(work: Path, sources: list[str]) -> int:
    surroundings = {
        "MONADI_DATA": str(work / "data"),
        "MONADI_CATALOGUE": str(work / "catalogue"),
        "MONADI_ALLOW_HOSTS": "127.0.0.0/8",
    }
    command = [sys.executable, "-m", "monadi", "harvest", *sources]
    return subprocess.run(command, env={**os.environ, **surroundings}, check=False).returncode


def read(log: Path) -> list[Visit]:
    lines = map(json.loads, log.read_text("utf-8").splitlines())
    return [Visit(host=line["host"], at=line["t"], target=line["target"], agent=line["agent"]) for line in lines]


if __name__ == "__main__":
    sys.exit(main())
