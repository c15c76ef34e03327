"""Whether real readers take Monadi's feeds: newsboat, sfeed and reader, against a served archive.

    apt-get install newsboat sfeed curl && .venv/bin/python .ci/readers.py

Serves an archive on loopback and subscribes with every reader that is installed, in each format that it knows. First
all must list the same items at the same instants as the archive. Then, reloading after each step, offices edit titles
and texts, change slugs and move to other domains, the server is started anew (nothing rendered is left), and Monadi
itself moves to another address: no reader may show an item twice. A table tells what each saw; the exit status is 1
when any saw something else. A reader that is not installed is named and skipped.
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import NamedTuple, Protocol
from urllib.error import URLError
from urllib.request import urlopen

from archive import Archive, Query, intake
from archive.store import open_archive
from sources import Catalogue
from syndication import feeds
from syndication.feeds import rss

ROOT = Path(__file__).parents[1]
PATH = "agency/mcls"
SECONDS = 20  # for a server to answer


class Line(NamedTuple):
    """What a reader shows of an item, and what it was told."""

    id: str
    at: datetime
    title: str


@dataclass(frozen=True, kw_only=True)
class Served:
    """Monadi at the address that subscribers know."""

    address: str

    def feed(self, format_: str) -> str:
        return f"{self.address}/feeds/{PATH}.{format_}"


class Reader(Protocol):
    """A client with a subscription of its own."""

    name: str

    def reload(self) -> None: ...

    def seen(self) -> list[Line]: ...


class Newsboat:
    """The terminal's reader; its cache tells what it shows."""

    formats = ("rss", "atom")

    def __init__(self, place: Path, address: str) -> None:
        version = subprocess.run(["newsboat", "--version"], capture_output=True, text=True, check=True).stdout
        self.name = " ".join(version.split()[:2])
        self._place = place
        place.mkdir()
        (place / "urls").write_text(address + "\n")
        (place / "config").write_text("download-retries 1\nprepopulate-query-feeds no\n")

    def reload(self) -> None:
        words = [
            "-u",
            self._place / "urls",
            "-c",
            self._place / "cache.db",
            "-C",
            self._place / "config",
            "-x",
            "reload",
        ]
        subprocess.run(["newsboat", *map(str, words)], check=True, env=os.environ | {"HOME": str(self._place)})

    def seen(self) -> list[Line]:
        with closing(sqlite3.connect(self._place / "cache.db")) as cache:
            rows = cache.execute("SELECT guid, pubDate, title FROM rss_item WHERE deleted = 0").fetchall()
        return [Line(guid, datetime.fromtimestamp(at, UTC), title) for guid, at, title in rows]


class Sfeed:
    """The Unix way: lines of tab-separated fields, merged at each update.

    As it comes it merges by id, title and link together, so by design an edit of a title adds a line, whatever the id.
    Its `merge` is there to be replaced; by id alone is what its manual shows.
    """

    formats = ("rss", "atom")
    name = "sfeed"

    def __init__(self, place: Path, address: str) -> None:
        self._place = place
        place.mkdir()
        merge = 'merge() { sort -t \'\t\' -u -k6,6 "$3" "$2" 2>/dev/null; }\n'
        feed = f'sfeedpath="{place}"\n{merge}feeds() {{ feed all {address}; }}\n'
        (place / "sfeedrc").write_text(feed)

    def reload(self) -> None:
        subprocess.run(["sfeed_update", self._place / "sfeedrc"], check=True, stdout=subprocess.DEVNULL)

    def seen(self) -> list[Line]:
        lines = (self._place / "all").read_text(encoding="utf-8").splitlines()
        fields = [line.split("\t") for line in lines]
        return [Line(each[5], datetime.fromtimestamp(int(each[0]), UTC), each[1]) for each in fields]


class LemonReader:
    """The Python library `reader`."""

    formats = ("rss", "atom", "json")

    def __init__(self, place: Path, address: str) -> None:
        import reader  # noqa: PLC0415 - it may not be installed

        self.name = f"reader {reader.__version__}"
        self._reader = reader.make_reader(str(place))
        self._reader.add_feed(address)

    def reload(self) -> None:
        for result in self._reader.update_feeds_iter(scheduled=False):
            if isinstance(result.value, Exception):
                raise result.value

    def seen(self) -> list[Line]:
        return [Line(each.id, each.published, each.title) for each in self._reader.get_entries()]


@contextmanager
def serving(data: Path, port: int, address: str) -> Iterator[Served]:
    """`monadi serve` at a port, that says it is at an address."""
    surroundings = os.environ | {"MONADI_DATA": str(data), "MONADI_BASE_URL": address}
    command = [sys.executable, "-m", "monadi", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=surroundings, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/healthz")
            yield Served(address=address)
        finally:
            process.terminate()


def _wait(address: str) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with suppress(URLError, OSError), urlopen(address):  # noqa: S310 - our own
            return
        time.sleep(0.1)
    sys.exit(f"nothing answers at {address}")


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def installed() -> tuple[list[Callable[[Path, str], Reader]], list[str]]:
    """The readers that are there, and what is said of those that are not."""
    there: list[Callable[[Path, str], Reader]] = []
    missing = []
    for program, reader in (("newsboat", Newsboat), ("sfeed_update", Sfeed)):
        if shutil.which(program):
            there.append(reader)
        else:
            missing.append(f"{program}: skipped, it is not installed (apt-get install newsboat sfeed curl)")
    try:
        __import__("reader")
    except ImportError:
        missing.append("reader: skipped, it is not installed (pip install reader)")
    else:
        there.append(LemonReader)
    return there, missing


def announced(archive: Archive, catalogue: Catalogue) -> dict[str, Line]:
    """What the feed tells at the moment, by id."""
    told = [each._entry() for each in feeds.issue_of(archive, feeds.find(PATH, catalogue)).entries]  # type: ignore[attr-defined]  # noqa: SLF001
    return {each.guid: Line(each.guid, each.published, each.title) for each in told}


def edits(archive: Archive, kinds: ModuleType) -> Iterator[tuple[str, Callable[[], None]]]:
    """What happens to releases, a step at a time."""
    later = kinds.CLOSED_AT + timedelta(days=10)

    def rewrite(change: Callable[[int], dict[str, object]]) -> Callable[[], None]:
        def done() -> None:
            items = list(archive.articles(Query(limit=12)))
            with archive.writing() as connection:
                for number, item in enumerate(items):
                    intake.save(connection, [replace(item.article, **change(number), fetched_at=later)])

        return done

    yield "titles edited", rewrite(lambda number: {"title": f"عنوان تازه‌ی شماره {number} پس از ویرایش"})
    yield "texts edited", rewrite(lambda number: {"lead": f"در این رویداد {number} تن", "body_html": "", "body": "نو"})
    yield "read by a better extractor", rewrite(lambda _: {"extractor": "fa_portal/2", "body": "بهتر خوانده شد"})
    yield "slugs changed", rewrite(lambda number: {"url": f"https://yazd.mcls.gov.ir/fa/news/x{number}/نامک-دیگر"})
    yield "moved to another domain", rewrite(lambda number: {"url": f"https://new.example.ir/fa/news/x{number}"})


def main() -> None:
    kinds = _module("monadi_kinds", ROOT / "tests/syndication/kinds.py")
    makers, missing = installed()
    catalogue = Catalogue.load()
    print(*missing, sep="\n")
    failed = 0
    with tempfile.TemporaryDirectory(prefix="monadi-readers-") as folder:
        place, port = Path(folder), free_port()
        here = f"http://127.0.0.1:{port}"
        with open_archive(data=place / "data") as archive:
            archive.upgrade()
            kinds.fill(archive, catalogue)
            subscribed: list[tuple[str, Reader]] = []
            told: dict[str, Line] = {}
            steps = list(edits(archive, kinds))

            def look(step: str) -> None:
                nonlocal failed
                told.update(announced(archive, catalogue))
                for format_, reader in subscribed:
                    reader.reload()
                    verdict = judged(reader.seen(), stated(told, format_))
                    failed += verdict != "ok"
                    print(f"{reader.name:16} {format_:5} {step:28} {len(reader.seen()):3} items  {verdict}", flush=True)

            with serving(place / "data", port, here) as served:
                for maker in makers:
                    for format_ in maker.formats:  # type: ignore[attr-defined]
                        own = place / f"{maker.__name__}-{format_}"  # type: ignore[attr-defined]
                        subscribed.append((format_, maker(own, served.feed(format_))))
                look("subscribed")
                for step, happen in steps:
                    happen()
                    time.sleep(1.1)  # the server trusts what it knows for a second
                    look(step)
            with serving(place / "data", port, here):
                look("served anew")
            with serving(place / "data", port, "https://other.example.ir/monadi"):
                look("Monadi moved")
    print("every reader shows every item once, at its instant" if not failed else f"{failed} lines are wrong")
    sys.exit(bool(failed))


def stated(told: dict[str, Line], format_: str) -> dict[str, Line]:
    """What was told, as a format states it: in RSS a title with tags in it is escaped once more, and shown so."""
    if format_ != "rss":
        return told
    return {id_: line._replace(title=rss.titled(line.title)) for id_, line in told.items()}


def judged(seen: Sequence[Line], told: dict[str, Line]) -> str:
    """What a reader shows, beside all that it was ever told."""
    twice = [each for each, count in Counter(line.id for line in seen).items() if count > 1]
    known = [(line, told[line.id]) for line in seen if line.id in told]
    problems = {
        "shown twice": twice,
        "never told": [line.id for line in seen if line.id not in told],
        "not shown": sorted(told.keys() - {line.id for line in seen}),
        "of another instant": [line.id for line, right in known if line.at != right.at],
        "of another title": [line.id for line, right in known if line.title != right.title],
    }
    return "; ".join(f"{len(ids)} {name}: {ids[0]}" for name, ids in problems.items() if ids) or "ok"


def _module(name: str, file: Path) -> ModuleType:
    specification = spec_from_file_location(name, file)
    if not specification or not specification.loader:
        raise ImportError(file)
    made = module_from_spec(specification)
    sys.modules[name] = made
    specification.loader.exec_module(made)
    return made


if __name__ == "__main__":
    main()
