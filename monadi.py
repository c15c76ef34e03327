"""The front door: the `monadi` command, one thin function a sub-command.

Exit status: 0 done, 1 done with failures that are listed, 2 wrong use, 3 nothing matched where something was required.
Everything a sub-command needs is imported when it runs, so that no command loads what it does not use.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
from collections import Counter
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, NoReturn

import typer
from typer.core import TyperCommand

from archive.cycles import collect_seldom

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from rich.progress import Progress

    from archive import Archive, ArchivedArticle, Article, Query
    from archive.configuration import Configuration
    from archive.copies import Copy
    from archive.differences import Operation
    from sources import Catalogue, Source
    from spiders.harvest import Report
    from spiders.onboarding.telling import Block
    from spiders.processes import Processes
    from spiders.reach import Reach
    from spiders.workers import Worker, Workers
    from syndication.alerts.herald import Herald, Telling
    from syndication.web.access import Access

FAILURES, WRONG_USE, NOTHING = 1, 2, 3
PASSAGE = 120  # letters of a text that show what a search found
NEWEST = 0  # for the number of a revision
WARC = (".warc", ".warc.gz")

app = typer.Typer(
    help="Reads the newsrooms of Iran's provincial offices, keeps every release, and announces them as feeds.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
source_app = typer.Typer(help="The offices whose newsrooms are read.", no_args_is_help=True)
feeds_app = typer.Typer(help="The feeds that subscribers follow.", no_args_is_help=True)
schedule_app = typer.Typer(help="When each office is read.", no_args_is_help=True)
archive_app = typer.Typer(help="Care of the archive itself.", no_args_is_help=True)
app.add_typer(source_app, name="source")
app.add_typer(schedule_app, name="schedule")
app.add_typer(feeds_app, name="feeds")
app.add_typer(archive_app, name="archive")
alerts_app = typer.Typer(help="What operators are told of, and where.", no_args_is_help=True)
app.add_typer(alerts_app, name="alerts")


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"


class QueryFormat(StrEnum):
    TABLE = "table"
    NDJSON = "ndjson"
    JSON = "json"
    CSV = "csv"


class ExportFormat(StrEnum):
    NDJSON = "ndjson"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    SQLITE = "sqlite"


class Citation(StrEnum):
    TEXT = "text"
    BIBTEX = "bibtex"
    RIS = "ris"


CatalogueOption = Annotated[
    Path | None, typer.Option("--catalogue", metavar="DIR", help="A catalogue of your own instead of the built-in one.")
]
SomeSources = Annotated[list[str], typer.Argument(metavar="ID…", help="Source ids, such as mcls-yazd.")]
Sources = Annotated[list[str] | None, typer.Argument(metavar="SOURCE", help="Source ids; all scheduled ones if none.")]
Text = Annotated[
    str,
    typer.Argument(metavar="TEXT", help='Words that must occur, in any spelling; "…" a phrase; OR, NOT, title:word.'),
]
Province = Annotated[list[str] | None, typer.Option(metavar="P", help="Province: yazd, IR-21 or یزد.")]
Agency = Annotated[list[str] | None, typer.Option(metavar="A", help="Agency id, such as mcls.")]
Platform = Annotated[str | None, typer.Option(metavar="KEY", help="Platform key, such as iransamaneh.")]
SourceFilter = Annotated[list[str] | None, typer.Option("--source", metavar="S", help="Source id, such as mcls-yazd.")]
Since = Annotated[
    str | None, typer.Option(metavar="D", help="From this day, month or year: 1400-09-15, ۱۴۰۰/۰۹, 2021-12.")
]
Until = Annotated[str | None, typer.Option(metavar="D", help="To the end of this day, month or year.")]
Tag = Annotated[list[str] | None, typer.Option(metavar="TAG", help="Tag, in any spelling.")]
State = Annotated[list[str] | None, typer.Option(metavar="STATE", help="live, gone or unlisted.")]
CollapseCopies = Annotated[
    bool, typer.Option("--collapse-copies", help="Of several releases of one text only the earliest.")
]
ChangedSince = Annotated[int | None, typer.Option(metavar="N", help="Changed after number N of the change log.")]
Host = Annotated[str, typer.Option(metavar="H", help="Address to listen on.")]
Port = Annotated[int, typer.Option(metavar="P", help="Port to listen on; 0 is any free one.", min=0, max=65535)]


def main() -> None:
    """Run the command; every error that has a name is one line and an exit status."""
    collect_seldom()
    _open_streams()
    logging.setLogRecordFactory(_Printable)
    try:
        app()
    except BrokenPipeError:  # the reader of our output has gone
        _drop_output()
    except _Unwritable as error:
        _fail(f"the output cannot be written: {error}", WRONG_USE)
    except Exception as error:
        status = _status(error)
        if status is None:
            raise
        _fail(f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else error, status)


class _Unwritable(Exception):
    """What is printed goes nowhere: a full disk, a stream that was closed."""


def _open_streams() -> None:
    """Have something stand where a stream was closed (`>&-`), or the next file that is opened would be taken for it.

    Whatever is written to an output that is closed fails by name.
    """
    for number, mode in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # takes the lowest number that is free, which is this one
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _drop_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def _written() -> Iterator[None]:
    """Raises `_Unwritable` where what is printed in this block cannot be written."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _Unwritable(error.strerror or error) from error


NAMED_ERRORS = (
    ("archive.errors", "NoSuchArticle", NOTHING),
    ("archive.errors", "ArchiveError", WRONG_USE),
    ("sources.errors", "CatalogueError", WRONG_USE),
    ("spiders.errors", "SpiderError", WRONG_USE),
    ("syndication.errors", "SyndicationError", WRONG_USE),
)


def _status(error: Exception) -> int | None:
    """The exit status of an error of ours, or of the system about a file; of packages that were not loaded there can be
    none.
    """
    if isinstance(error, OSError) and error.filename:
        return WRONG_USE
    for module, name, status in NAMED_ERRORS:
        if module in sys.modules and isinstance(error, getattr(sys.modules[module], name)):
            return status
    return None


def _fail(error: object, status: int) -> NoReturn:
    _say(f"monadi: {_line(error)}", err=True)
    try:
        sys.stdout.flush()
    except OSError:  # what cannot be written would be tried again at the end
        _drop_output()
    sys.exit(status)


class _Printable(logging.LogRecord):
    """What anybody logs in this process, as `_say` prints; a further line is set in, so that it is none of its own."""

    def getMessage(self) -> str:  # noqa: N802 - logging's name
        from persian.text import printable

        return printable(super().getMessage(), lines=True).replace("\n", "\n    ")


def _say(text: object, *, err: bool = False, nl: bool = True) -> None:
    """Print lines; whatever a site put into them, the terminal does nothing but show them."""
    from persian.text import printable

    with _written() if not err else contextlib.nullcontext():
        typer.echo(printable(str(text), lines=True), err=err, nl=nl)


@contextlib.contextmanager
def _output() -> Iterator[BinaryIO]:
    """Where data goes: as it is to a program or a file, and so that it only shows to a terminal."""
    if not sys.stdout.isatty():
        with _written():
            yield sys.stdout.buffer
        return
    import io

    shown = io.BytesIO()
    yield shown
    _say(shown.getvalue().decode().replace("\r\n", "\n"), nl=False)


def _line(text: object) -> str:
    """What is one line, whatever a site put into it."""
    from persian.text import printable

    return printable(str(text))


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        _say(f"monadi {version('monadi')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Nothing but what every sub-command shares."""


# ---- harvesting ----


@app.command()
def harvest(
    sources: Sources = None,
    since: Since = None,
    until: Until = None,
    full: Annotated[bool, typer.Option("--full", help="Fetch again what the archive has, too.")] = False,
    limit: Annotated[int | None, typer.Option(metavar="N", help="At most N articles a source.", min=1)] = None,
    platform: Annotated[
        str | None, typer.Option(metavar="KEY", help="Read as this platform, whatever the catalogue states.")
    ] = None,
    from_warc: Annotated[
        list[Path] | None,
        typer.Option("--from-warc", metavar="FILE", help="Read this WARC file instead, and contact nobody."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Fetch and read, keep nothing.")] = False,
    log: Annotated[
        LogLevel, typer.Option(help="What the crawler itself says.", case_sensitive=False)
    ] = LogLevel.CRITICAL,
    catalogue: CatalogueOption = None,
) -> None:
    """Read the newsrooms now and archive what is new.

    One line a source tells what came of it; the exit status is 1 when any could not be read.
    """
    configuration = _configuration(catalogue)
    from archive.crawls import Outcome
    from archive.query import period

    start = period("since", since).start if since else None
    end = period("until", until).end if until else None
    from spiders.reach import Reach

    reach = Reach(since=start, until=end, full=full, limit=limit)
    if from_warc:
        _import(configuration, from_warc, sources or [], reach, platform, dry_run=dry_run)
        return
    offices = _offices(configuration, sources or [])
    if platform:
        offices = [replace(office, platform=_platform(platform)) for office in offices]
    from spiders.harvest import harvest as crawl

    _ask_for_contact(configuration, offices)
    with _open(configuration) as kept:
        if not dry_run:
            kept.upgrade()
        offices = _without_paused(kept, offices, named=bool(sources))
        with _progress(len(offices), "sources") as progress:

            def told(report: Report) -> None:
                progress.step()
                progress.count(report.result.counts, failed=report.result.outcome.failed)
                if report.result.outcome is not Outcome.UNREACHABLE:  # which may be one line for all of them
                    progress.print(report)

            reports = crawl(
                kept, offices, reach, everything=not sources, dry_run=dry_run, log_level=log.upper(), report=told
            )
    _tell_unreachable(reports)
    if any(report.result.outcome.failed and not (report.claimed and not sources) for report in reports):
        raise typer.Exit(FAILURES)


def _import(
    configuration: Configuration,
    files: Sequence[Path],
    words: Sequence[str],
    reach: Reach,
    platform: str | None,
    *,
    dry_run: bool,
) -> None:
    """Read WARC files; a shell's `*.warc.gz` gives all but the first of them as words."""
    catalogue = _catalogue(configuration)
    ids = [word for word in words if not word.endswith(WARC)]
    files = [*files, *(Path(word) for word in words if word.endswith(WARC))]
    offices = list(catalogue.select(ids)) if ids else list(catalogue.sources.values())
    if platform:
        offices = [replace(office, platform=_platform(platform)) for office in offices]
    from spiders.importing import import_files
    from spiders.loader import check_selectors

    for office in offices:
        check_selectors(office)

    def told(report: Report) -> None:
        _say(_line(report))

    with _open(configuration) as kept:
        if not dry_run:
            kept.upgrade()
        done = import_files(None if dry_run else kept, files, offices, reach, named=bool(ids), report=told)
    for line in done.breaks:
        _say(f"{line}; what stands before that was read", err=True)
    if done.breaks or any(report.result.outcome.failed for report in done.reports):
        raise typer.Exit(FAILURES)
    if not done.reports:
        _fail("these files hold no page of a source of the catalogue", NOTHING)


def _platform(key: str) -> str:
    from sources import PLATFORMS

    if key not in PLATFORMS:
        _fail(f"--platform: no platform {key!r}; there are {', '.join(PLATFORMS)}", WRONG_USE)
    return key


def _tell_unreachable(reports: Sequence[Report]) -> None:
    from archive.crawls import Outcome

    outage = [report for report in reports if report.result.outcome is Outcome.OUTAGE]
    if outage:
        _say(
            f"outage: {len(outage)} of {len(reports)} sources cannot be reached, so it is the network here or of the "
            "country, not the offices; nothing is lost. Try offline: monadi demo",
            err=True,
        )
    for report in reports:
        if report.result.outcome is Outcome.UNREACHABLE:
            _say(_line(report))


def _offices(configuration: Configuration, ids: Sequence[str]) -> list[Source]:
    """The sources to harvest; what is left out of a whole harvest is said in one line a reason."""
    from datetime import UTC, datetime

    from spiders.windows import is_open

    catalogue = _catalogue(configuration)
    chosen = list(catalogue.select(ids)) if ids else list(catalogue.scheduled)
    if unverified := (0 if ids else len(catalogue.sources) - len(chosen)):
        _say(f"left out: {unverified} sources whose address nobody has seen answer (unverified = true)", err=True)
    shut = [office for office in chosen if not is_open(office, datetime.now(UTC))]
    for office in shut if ids else ():
        _say(f"{office.id}: read outside its windows ({', '.join(office.windows)}, Tehran time)", err=True)
    if shut and not ids:
        _say(f"left out: {len(shut)} sources outside their windows; name them to read them now", err=True)
        chosen = [office for office in chosen if office not in shut]
    if not chosen:
        _fail("no source to harvest; `monadi source list` shows them all", NOTHING)
    return chosen


def _without_paused(kept: Archive, offices: list[Source], *, named: bool) -> list[Source]:
    """The sources that are not paused; of those that are `named` all, for a person has asked."""
    from archive import orders
    from archive.article import stamp
    from archive.errors import ArchiveMissing

    standing = {}
    with contextlib.suppress(ArchiveMissing), kept.reading() as connection:
        standing = orders.read(connection)
    paused = [office for office in offices if (order := standing.get(office.id)) and order.paused_since]
    if not named:
        if paused:
            _say(f"left out: {len(paused)} paused sources; name them to read them now", err=True)
        offices = [office for office in offices if office not in paused]
        return offices or _fail("no source to harvest: all of them are paused", NOTHING)
    for office in paused:
        since = standing[office.id].paused_since
        _say(f"{office.id}: read though it is paused since {since and stamp(since)}", err=True)
    return offices


def _ask_for_contact(configuration: Configuration, offices: Sequence[Source]) -> None:
    from spiders.politeness.hosts import on_this_machine

    if not configuration.contact and not all(on_this_machine(office.host) for office in offices):
        _say("set MONADI_CONTACT to your address (URL or e-mail): the sites see it in the User-Agent", err=True)


# ---- everything at once ----


@app.command()
def up(host: Host = "127.0.0.1", port: Port = 8000, catalogue: CatalogueOption = None) -> None:
    """Run Monadi: make or upgrade the archive, harvest on schedule, serve the web. Stop it with Ctrl-C."""
    configuration = _configuration(catalogue)
    offices, access = _catalogue(configuration), _access(configuration)
    from spiders.station import Station
    from syndication.web.server import free
    from syndication.web.server import serve as serve_web

    host, port = free(host, port)
    with _open(configuration) as kept:
        before, after = kept.upgrade()
        _say(f"archive: {kept.database.name}" + ("" if before == after else f", schema {before or 'new'} → {after}"))
        _say(f"catalogue: {len(offices.sources)} sources, {len(offices.scheduled)} on schedule")
        _note_omissions(configuration)
        with Station(kept, offices, _processes(kept, configuration)), _herald(configuration, kept, offices):
            serve_web(
                kept,
                offices,
                host=host,
                port=port,
                base_url=configuration.base_url,
                hub=configuration.hub,
                access=access,
            )


@app.command()
def demo(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Try Monadi offline: a sample newsroom on this machine, harvested, with feeds to open and a query to try."""
    import subprocess
    import tempfile

    from archive.database import sqlite_url
    from sources.sample import SampleNewsroom
    from syndication.web.server import free
    from syndication.web.server import serve as serve_web

    host, port = free(host, port)

    with tempfile.TemporaryDirectory(prefix="monadi-demo-") as folder, SampleNewsroom() as newsroom:
        place = Path(folder)
        newsroom.write_catalogue(place)
        data = place / "data"
        own = sqlite_url(data / "monadi.db")  # whatever archive the operator has configured
        surroundings = {"MONADI_DATA": str(data), "MONADI_ARCHIVE": own, "MONADI_CATALOGUE": folder}
        os.environ.update(surroundings, MONADI_ALLOW_HOSTS="127.0.0.0/8")
        _say(f"a sample newsroom of {len(newsroom.offices)} offices answers on this machine; harvesting it")
        if subprocess.run(_command("harvest"), check=False).returncode:
            _fail("the sample newsroom could not be harvested", FAILURES)
        configuration = _configuration(None)
        with _open(configuration) as kept:
            _print_rows(kept.articles(_query(configuration, limit=5)))
            _say(f"{kept.count(_query(configuration))} releases are archived\n")
            words = " ".join(f"{name}={value}" for name, value in surroundings.items())
            _say(f"ask in another terminal:  {words} monadi query نمایشگاه --province yazd")
            serve_web(kept, _catalogue(configuration), host=host, port=port, announce=_announce_demo)


def _announce_demo(line: str) -> None:
    address = next(word for word in line.split() if word.startswith("http"))
    _say(f"open {address} and subscribe to {address}feeds/all.atom; Ctrl-C ends the demo and removes its data")


@app.command()
def serve(host: Host = "127.0.0.1", port: Port = 8000, catalogue: CatalogueOption = None) -> None:
    """Serve the reader's pages, the feeds and the API."""
    configuration = _configuration(catalogue)
    from syndication.web import serve as serve_web

    access = _access(configuration)
    _note_omissions(configuration)
    offices = _catalogue(configuration)
    told = _herald if configuration.alerts else lambda *_: contextlib.nullcontext()  # it alone sees a schedule end
    with _open(configuration) as kept, told(configuration, kept, offices):
        serve_web(
            kept,
            offices,
            host=host,
            port=port,
            base_url=configuration.base_url,
            hub=configuration.hub,
            access=access,
        )


@app.command()
def token(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose it is: letters, digits, dots and dashes.")],
    operator: Annotated[bool, typer.Option("--operator", help="It also allows what the status page offers.")] = False,
) -> None:
    """Make a token for a program that reads the API without a limit, and the line of the settings that knows it."""
    from syndication.web.tokens import Role, minted

    secret, known = minted(name, Role.OPERATOR if operator else Role.READER)
    _say("the token, shown this once and kept nowhere; send it as `Authorization: Bearer …`:", err=True)
    _say(secret)
    _say("what the server is to know of it, beside others with commas between, when it starts:", err=True)
    _say(f"MONADI_TOKENS={known.line}")


def _command(*words: str) -> list[str]:
    return [sys.executable, "-P", "-m", "monadi", *words]  # -P: what lies in the working directory is not ours


# ---- the schedule ----


def _processes(kept: Archive, configuration: Configuration) -> Processes:
    """Crawls on this machine."""
    from spiders.processes import COMMAND, Processes, afresh

    return Processes(kept, afresh(COMMAND), at_once=configuration.crawls, limit=configuration.crawl_limit * 60)


@contextlib.contextmanager
def _workers(kept: Archive) -> Iterator[Workers]:
    """Crawls on whatever machines there are."""
    from archive import queue
    from spiders.workers import Workers

    handed = queue.Queue(kept.database)
    queue.prepare(kept.database)
    with handed:
        yield Workers(kept, handed)


@schedule_app.command("run")
def schedule_run(
    workers: Annotated[
        bool, typer.Option("--workers", help="Hand crawls out to `monadi worker`, on any machine; needs PostgreSQL.")
    ] = False,
    catalogue: CatalogueOption = None,
) -> None:
    """Make or upgrade the archive and harvest on schedule, as `monadi up` does without the web. Stop it with Ctrl-C."""
    configuration = _configuration(catalogue)
    offices = _catalogue(configuration)
    import threading

    from spiders.station import Station

    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    with _open(configuration) as kept:
        kept.upgrade()
        by = _workers(kept) if workers else contextlib.nullcontext(_processes(kept, configuration))
        if not workers:
            _ask_for_contact(configuration, offices.scheduled)
        with by as crawls, Station(kept, offices, crawls), _herald(configuration, kept, offices):
            how = "handed out to workers" if workers else "harvested"
            _say(f"{kept.database.name}: {len(offices.scheduled)} sources are {how} on schedule (Ctrl+C stops)")
            told.wait()


@app.command()
def worker(catalogue: CatalogueOption = None) -> None:
    """Take crawls that `monadi schedule run --workers` hands out, MONADI_CRAWLS at once. Stop it with Ctrl-C."""
    configuration = _configuration(catalogue)
    offices = _catalogue(configuration)
    import asyncio

    from spiders.forking import forked
    from spiders.workers import Worker

    async def work(taken: Worker) -> None:
        told = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, told.set)
        await taken.work(told)

    with _open(configuration) as kept:
        taken = Worker(kept, forked(), at_once=configuration.crawls, limit=configuration.crawl_limit * 60)
        _ask_for_contact(configuration, offices.scheduled)
        _say(f"takes up to {configuration.crawls} crawls of {kept.database.name} at once (Ctrl+C stops)")
        asyncio.run(work(taken))


@schedule_app.command("plan")
def schedule_plan(
    sources: Sources = None,
    hours: Annotated[float, typer.Option(metavar="H", help="How far to look ahead.", min=0.1, max=24 * 31)] = 24,
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a visit.")] = False,
    catalogue: CatalogueOption = None,
) -> None:
    """The visits of the next day in their order, and why each stands where it does, if all of them go well."""
    configuration = _configuration(catalogue)
    from datetime import UTC, datetime, timedelta

    from spiders.records import Records
    from spiders.schedule import plan

    known = _catalogue(configuration)
    chosen = known.select(sources) if sources else known.scheduled
    now = datetime.now(UTC)
    with _open(configuration) as kept:
        entries = plan(chosen, Records(kept, known).at(now), now, now + timedelta(hours=hours))
        if json_:
            for entry in entries:
                _print_json(entry.to_dict(), indent=None)
            return
        rows = [entry.row() for entry in entries]
    _print_table(("Tehran time", "Jalali day", "source", "why"), rows)
    unverified = 0 if sources else len(known.sources) - len(chosen)
    left_out = f"; left out: {unverified} sources whose address nobody has seen answer" if unverified else ""
    _say(f"{len(rows)} visits of {len(chosen)} sources in the next {hours:g} hours{left_out}", err=True)


# ---- the catalogue ----


@source_app.command("list")
def source_list(
    province: Province = None, agency: Agency = None, platform: Platform = None, catalogue: CatalogueOption = None
) -> None:
    """One line a source: id, province, platform, address, and whether it is on schedule."""
    offices = _catalogue(_configuration(catalogue))
    wanted = {offices.province(name).key for name in province or []}
    chosen = [
        office
        for office in offices.sources.values()
        if (not wanted or office.province.key in wanted)
        and (not agency or office.agency.id in agency)
        and (not platform or office.platform == platform)
    ]
    if not chosen:
        _fail("no source matches", NOTHING)
    rows = [
        (office.id, office.province.fa, office.platform, office.url, "unverified" if office.unverified else "")
        for office in chosen
    ]
    _print_table(("id", "province", "platform", "address", ""), rows)


@source_app.command("show")
def source_show(source: str, catalogue: CatalogueOption = None) -> None:
    """Everything that the catalogue says of one source."""
    office = _catalogue(_configuration(catalogue)).source(source)
    facts = {
        "id": office.id,
        "name": f"{office.name_fa} ({office.name_en})",
        "agency": f"{office.agency.name_fa} ({office.agency.id})",
        "province": f"{office.province.fa} ({office.province.en}, {office.province.iso})",
        "county": office.county,
        "platform": office.platform,
        "address": office.url,
        "listing": office.listing,
        "feed": office.feed,
        "sitemap": office.sitemap,
        "pace": f"{office.connections} connections, {office.delay:g} s between requests",
        "every": office.every,
        "windows": ", ".join(office.windows),
        "tls": office.tls,
        "on schedule": "no: nobody has seen this address answer" if office.unverified else "yes",
    }
    for name, value in facts.items():
        if value:
            _say(f"{name:<12} {value}")


@source_app.command("add")
def source_add(
    url: Annotated[str, typer.Argument(metavar="URL", help="The newsroom's address; https unless it says http.")],
    agency: Annotated[str | None, typer.Option(metavar="A", help="Id of its agency; guessed where not stated.")] = None,
    province: Annotated[str | None, typer.Option(metavar="P", help="Its province; guessed where not stated.")] = None,
    office: Annotated[
        str | None, typer.Option(metavar="NAME", help="Its name in the id, where that is not its province's key.")
    ] = None,
    delay: Annotated[
        float | None, typer.Option(metavar="S", help="Seconds between two requests, now and later.", min=0)
    ] = None,
    tls: Annotated[str | None, typer.Option(metavar="WAY", help="verify, old-ciphers or expired.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the entry and record the newest article.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    catalogue: CatalogueOption = None,
) -> None:
    """Visit a newsroom, show what it runs on and how its newest articles read, and write its entry with --write."""
    configuration = _configuration(catalogue)
    from sources.writing import existing, place, stranger, write_office
    from spiders.onboarding import proposal, telling
    from spiders.onboarding.recording import folder_of, record
    from spiders.onboarding.visitor import visit

    directory = configuration.catalogue
    home = place(directory) if write else None
    known = existing(directory)
    stated = proposal.Stated(agency=agency, province=province and known.province(province).key, office=office)
    visitor = stranger(url, agency, directory, delay=delay, tls=tls)
    _ask_for_contact(configuration, [visitor])
    (found,) = visit([visitor])
    proposed = proposal.propose(found, known, stated, directory)
    said: dict[str, Any] = telling.to_dict(found) | {"entry": telling.proposal_to_dict(proposed)}
    if not json_:
        _print_blocks(telling.told(found, proposed))
    if home and found.articles:
        draft = proposal.check(proposed, found)
        file, source = write_office(draft, home)
        said |= {"written": str(file), "recorded": str(record(source, found.samples[0], folder_of(directory)))}
    if json_:
        _print_json(said)
    else:
        options = f" --catalogue {catalogue}" if catalogue else ""
        _print_blocks(telling.outcome(found, proposed, said, asked=write, options=options))
    if found.failures:
        raise typer.Exit(FAILURES)


@source_app.command("check")
def source_check(
    sources: Sources = None,
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a source.")] = False,
    catalogue: CatalogueOption = None,
) -> None:
    """Visit each source once: the platform it shows against the one stated, its lists, its newest article.

    The exit status is 1 when any differs or cannot be read; its row says why.
    """
    configuration = _configuration(catalogue)
    offices = _offices(configuration, sources or [])
    from spiders.onboarding import telling
    from spiders.onboarding.visitor import visit

    _ask_for_contact(configuration, offices)
    with _progress(len(offices), "sources") as progress:
        visits = sorted(visit(offices, articles=1, report=progress.step), key=lambda found: found.source.id)
    if json_:
        for found in visits:
            _print_json(telling.to_dict(found), indent=None)
    else:
        _print_table(telling.CHECKED, [telling.checked(found) for found in visits])
    if any(found.failures for found in visits):
        raise typer.Exit(FAILURES)


@source_app.command("record")
def source_record(
    source: Annotated[str, typer.Argument(metavar="ID", help="Source id, such as mcls-yazd.")],
    page: Annotated[str | None, typer.Option(metavar="URL", help="This page of it, not its newest article.")] = None,
    into: Annotated[Path | None, typer.Option(metavar="DIR", help="Where recordings are.")] = None,
    catalogue: CatalogueOption = None,
) -> None:
    """Record an article's page for the tests: the page, its headers and how it reads now, beside older recordings."""
    configuration = _configuration(catalogue)
    office = _catalogue(configuration).source(source)
    from spiders.onboarding import telling
    from spiders.onboarding.recording import folder_of, record
    from spiders.onboarding.visitor import visit

    folder = into or folder_of(configuration.catalogue)
    _ask_for_contact(configuration, [office])
    (found,) = visit([office], articles=1, page=page)
    if not found.samples:
        _fail(f"{office.id}: {'; '.join(found.failures)}", FAILURES)
    _print_blocks(telling.recorded(record(office, found.samples[0], folder)))


@source_app.command("pause")
def source_pause(ids: SomeSources, catalogue: CatalogueOption = None) -> None:
    """Have sources harvested on schedule no more; a harvest that runs goes on to its end."""
    _ask_the_schedule("pause", ids, catalogue)


@source_app.command("resume")
def source_resume(ids: SomeSources, catalogue: CatalogueOption = None) -> None:
    """Have paused sources harvested on schedule again."""
    _ask_the_schedule("resume", ids, catalogue)


def _ask_the_schedule(what: str, ids: Sequence[str], catalogue: Path | None) -> None:
    """Pause or resume sources; what is done is a line in the log."""
    from datetime import UTC, datetime

    from archive import orders

    configuration = _configuration(catalogue)
    sources = [office.id for office in _catalogue(configuration).select(ids)]
    ask, so_already = {"pause": (orders.pause, "paused already"), "resume": (orders.resume, "not paused")}[what]
    with _open(configuration) as kept:
        kept.upgrade()
        with kept.writing() as connection:
            asked = ask(connection, sources, datetime.now(UTC), f"monadi source {what}")
    for source in sources:
        if source not in asked:
            _say(f"{source}: {so_already}")


@source_app.command("coverage")
def source_coverage(
    source: Annotated[str | None, typer.Argument(help="One source, day by day.")] = None,
    since: Since = None,
    until: Until = None,
    json_: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    catalogue: CatalogueOption = None,
) -> None:
    """Agencies by provinces: what is harvested, and what is missing; of one source, by Jalali day."""
    configuration = _configuration(catalogue)
    offices = _catalogue(configuration)
    if source:
        _print_account(configuration, offices.source(source).id, since, until, json_=json_)
        return
    from archive import crawls
    from archive.coverage import coverage
    from archive.errors import ArchiveMissing

    latest = {}
    with _open(configuration) as kept, contextlib.suppress(ArchiveMissing), kept.reading() as connection:
        latest = {crawl.source: crawl for crawl in crawls.latest(connection)}
    found = coverage(offices, latest)
    if json_:
        _print_json(found.to_dict())
        return
    heads = ("province", *(agency.id for agency in found.agencies))
    _print_table(heads, [(province.fa, *(cell.state for cell in row)) for province, row in found.rows])
    counts = ", ".join(f"{count} {state}" for state, count in found.counts().items())
    agencies = "1 agency" if len(found.agencies) == 1 else f"{len(found.agencies)} agencies"
    _say(f"{len(found.rows)} provinces by {agencies}: {counts}", err=True)


def _print_account(
    configuration: Configuration, source: str, since: str | None, until: str | None, *, json_: bool
) -> None:
    """What of a source's releases is archived, a line a day."""
    question = _query(configuration, source=source, since=since, until=until)
    with _open(configuration) as kept:
        accounts = kept.coverage(question)
    if not accounts:
        _fail(f"{source} has not been harvested yet; begin with `monadi harvest {source}`", NOTHING)
    (account,) = accounts
    if json_:
        _print_json(account.to_dict())
        return

    def span(first: int, last: int) -> str:
        return str(first) if first == last else f"{first}-{last}"

    rows = [
        (
            day.day,
            str(day.listed),
            str(day.fetched),
            str(day.quarantined),
            ", ".join(span(*each) for each in day.missing),
        )
        for day in account.days
    ]
    _print_table(("day", "listed", "archived", "in quarantine", "missing numbers"), rows)
    told = account.to_dict()
    swept = f"last whole sweep {told['last_sweep']}" if account.last_sweep else "never swept whole"
    gaps = f"{account.missing} numbers missing" if account.sequential else "its numbers do not follow each other"
    counts = f"{told['listed']} listed, {told['fetched']} archived, {told['quarantined']} in quarantine"
    _say(f"{counts}; {gaps}; {swept}", err=True)


# ---- asking ----


@app.command()
def query(
    text: Text = "",
    province: Province = None,
    agency: Agency = None,
    source: SourceFilter = None,
    since: Since = None,
    until: Until = None,
    tag: Tag = None,
    state: State = None,
    changed_since: ChangedSince = None,
    collapse_copies: CollapseCopies = False,
    format_: Annotated[QueryFormat, typer.Option("--format", help="How to print.")] = QueryFormat.TABLE,
    sort: Annotated[str, typer.Option(metavar="ORDER", help="newest, oldest, or best (with a text).")] = "newest",
    limit: Annotated[int, typer.Option(metavar="N", help="At most N articles.", min=1)] = 20,
    cursor: Annotated[str | None, typer.Option(metavar="C", help="Continue where an earlier page ended.")] = None,
    catalogue: CatalogueOption = None,
) -> None:
    """Ask the archive, newest first."""
    configuration = _configuration(catalogue)
    words = {
        "text": text,
        "province": province,
        "agency": agency,
        "source": source,
        "since": since,
        "until": until,
        "tag": tag,
        "state": state,
        "changed-since": changed_since,
        "collapse-copies": collapse_copies,
        "sort": sort,
        "limit": limit,
        "cursor": cursor,
    }
    question = _query(configuration, **words)
    with _open(configuration) as kept:
        if format_ is QueryFormat.TABLE:
            found = list(kept.articles(question))
            _print_rows(found, question.text)
            if len(found) == limit and (total := kept.count(question)) > limit:
                _say(f"{limit} of {total}; go on with --cursor {kept.cursor_after(found[-1])}", err=True)
        else:
            from syndication.exports import FORMATS
            from syndication.exports.extract import extract

            write = FORMATS[str(format_)].write
            if write:
                with extract(kept, question) as read, _output() as stream:
                    write(read, stream)


class _Show(TyperCommand):
    """`--diff` takes a number or none; typer's options take always or never."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if "--diff" in args[: args.index("--") if "--" in args else None]:
            at = args.index("--diff")
            number = "".join(args[at + 1 : at + 2])
            end = at + 2 if number.isdecimal() else at + 1
            args = [*args[:at], f"--diff={int(number) if number.isdecimal() else NEWEST}", *args[end:]]
        return super().parse_args(ctx, args)


@app.command(cls=_Show)
def show(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Article id, such as mcls-yazd/5273.")],
    revision: Annotated[int | None, typer.Option(metavar="N", help="As revision N read.", min=1)] = None,
    diff: Annotated[
        int | None,
        typer.Option(
            metavar="[N]", help="What revision N changed, and what kind of edit that was; the newest if no N."
        ),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="The whole record, or the difference, as JSON.")] = False,
    cite: Annotated[Citation | None, typer.Option(help="How to cite it, and nothing else.")] = None,
) -> None:
    """Show one article, as it is now or as an older revision read, or what an edit changed."""
    if diff is not None:
        if revision is not None:
            _fail("--revision and --diff exclude each other", WRONG_USE)
        _show_difference(id_, diff, json_=json_)
        return
    configuration = _configuration(None)
    with _open(configuration) as kept:
        item, history, copies = kept.article(id_, revision), kept.history(id_), kept.copies_of(id_)
        if cite:
            _say(_citation(kept, item, cite, configuration.base_url).rstrip())
            return
    if json_:
        import json

        _say(json.dumps(item.to_dict(), ensure_ascii=False, indent=1))
        return
    from persian.published import written

    article = item.article
    published = article.published
    facts: dict[str, str | list[str] | None] = {
        "id": item.id,
        "published": f"{written(published)} = {published.gregorian} (the page: {published.raw})" if published else None,
        "office": article.byline,
        "address": article.url,
        "category": article.category,
        "tags": "، ".join(article.tags),
        "image": article.image,
        "attachments": [f"{file.title or ''} {file.url}".strip() for file in article.attachments],
        "state": f"{item.state}, revision {item.revision} of {item.revisions}",
        "revisions": ", ".join(
            f"{entry.number}: {entry.seen_at:%Y-%m-%d %H:%M}Z" for entry in history if item.revisions > 1
        ),
        "copies": _copies(item, copies) if copies else None,
        "read by": article.extractor,
    }
    for name, value in facts.items():
        if value:
            shown = "\n             ".join(value) if isinstance(value, list) else _line(value)
            _say(f"{name:<12} {shown}")
    _say("\n" + "\n\n".join(filter(None, (article.kicker, article.title, article.lead, *article.body.split("\n")))))


def _show_difference(id_: str, number: int, *, json_: bool) -> None:
    with _open(_configuration(None)) as kept:
        item = kept.article(id_, None if number == NEWEST else number)
        if item.revision == 1:
            told = "has only one revision" if item.revisions == 1 else "begins with revision 1"
            _fail(f"{id_} {told}: nothing stands before it", NOTHING)
        found = kept.difference(id_, item.revision - 1, item.revision)
    heads = {"id": item.id, "old": item.revision - 1, "new": item.revision}
    if json_:
        _print_json(heads | found.to_dict())
        return
    reader = f", read by another extractor ({item.article.extractor})" if found.reread else ""
    classes = ", ".join(found.classes) or "nothing that is compared"
    _say(f"{item.id}  revision {item.revision - 1} → {item.revision}{reader}")
    _say(f"{found.severity}: {classes}")
    from archive.differences import excerpts

    for part in found.parts:
        _say(f"\n{part.part}: {', '.join(part.classes)}")
        _print_operations(excerpts(part.operations))


def _print_operations(operations: Sequence[Operation]) -> None:
    """Colours on a terminal, `[-…-]` and `{+…+}` elsewhere; the text stays in the order that it is written in."""
    from rich.console import Console
    from rich.text import Text

    from persian.text import printable

    styles, marks = {"removed": "red strike", "added": "green underline"}, {"removed": "[-{}-]", "added": "{{+{}+}}"}
    console = Console(highlight=False)
    if console.is_terminal and console.color_system:
        text = Text.assemble(*((printable(each.text, lines=True), styles.get(each.op, "")) for each in operations))
        console.print(text, soft_wrap=True)
    else:
        _say("".join(marks.get(each.op, "{}").format(each.text) for each in operations))


def _citation(kept: Archive, item: ArchivedArticle, form: Citation, base_url: str | None) -> str:
    from archive.offices import offices
    from syndication import permalinks
    from syndication.exports import citation

    with kept.reading() as connection:
        office = offices(connection)[item.article.source]
    write = {Citation.TEXT: citation.text, Citation.BIBTEX: citation.bibtex, Citation.RIS: citation.ris}[form]
    path = permalinks.of_revision(item.id, item.revision)
    return write(item, office, base_url and base_url.rstrip("/") + path)


def _copies(item: ArchivedArticle, copies: Sequence[Copy]) -> str:
    """An article's place among the releases of the same text."""
    first, *others = copies
    if first.article.id == item.id:
        return f"first of {len(copies)}, then {', '.join(copy.article.id for copy in others)}"
    similarity = next(copy.similarity for copy in copies if copy.article.id == item.id)
    return f"copy of {first.article.id} (similarity {similarity:.2f}), one of {len(copies)}"


@app.command()
def export(
    file: Annotated[
        str, typer.Argument(help="File to write, a directory (or a name that ends in /) for a dataset, - for output.")
    ],
    text: Annotated[str, typer.Option(help="Only what matches, as in `monadi query`.")] = "",
    province: Province = None,
    agency: Agency = None,
    source: SourceFilter = None,
    since: Since = None,
    until: Until = None,
    tag: Tag = None,
    state: State = None,
    changed_since: ChangedSince = None,
    collapse_copies: CollapseCopies = False,
    format_: Annotated[
        ExportFormat | None, typer.Option("--format", help="What to write; without it, what the file's suffix says.")
    ] = None,
    since_change: Annotated[
        int | None,
        typer.Option(metavar="N", help="An increment: what changed after number N, removals too.", min=0),
    ] = None,
    manifest: Annotated[
        bool, typer.Option("--manifest", help="Describe it beside it, in FILE.datapackage.json.")
    ] = False,
    catalogue: CatalogueOption = None,
) -> None:
    """Write the archive, or what filters leave of it, to a file; the file appears whole or not at all.

    The last line tells the change number that the next increment begins at.
    """
    configuration = _configuration(catalogue)
    question = _query(
        configuration,
        text=text,
        province=province,
        agency=agency,
        source=source,
        since=since,
        until=until,
        tag=tag,
        state=state,
        **{"changed-since": changed_since, "collapse-copies": collapse_copies},
    )
    from syndication.exports import export as write

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that nothing is left half-written
    with _open(configuration) as kept:
        done = write(
            kept,
            question,
            None if file == "-" else Path(file),
            format_ and str(format_),
            directory=file.endswith("/"),
            since_change=since_change,
            with_manifest=manifest,
        )
    gone = f" ({done.gone} gone)" if done.gone else ""
    _say(f"{done.articles} articles{gone} written to {file}; go on with --since-change {done.change}", err=True)
    if done.left:
        _say(f"{len(done.left)} that changed answer no more: {', '.join(done.left)}", err=True)


# ---- feeds ----


@feeds_app.command("list")
def feeds_list(catalogue: CatalogueOption = None) -> None:
    """Every feed: its address and what it carries."""
    configuration = _configuration(catalogue)
    from syndication.feeds import known

    for feed in known(_catalogue(configuration)):
        _say(f"{configuration.public_url}/feeds/{feed.path}.{{rss,atom,json}}  {feed.title}")


@feeds_app.command("publish")
def feeds_publish(
    directory: Annotated[Path, typer.Argument(help="Where a web server finds them.")],
    base_url: Annotated[str | None, typer.Option(metavar="U", help="Where subscribers will reach DIR.")] = None,
    tags: Annotated[int, typer.Option(metavar="N", min=0, help="Feeds of tags with N releases; 0: none.")] = 20,
    anew: Annotated[bool, typer.Option("--anew", help="Render everything, whatever the manifest says.")] = False,
    catalogue: CatalogueOption = None,
) -> None:
    """Write every feed as files for any web server; only what changed is written anew."""
    configuration = _configuration(catalogue)
    from syndication.publish import publish

    offices, url = _catalogue(configuration), base_url or configuration.public_url
    _note_omissions(configuration)
    with _open(configuration) as kept, _progress(None, "documents") as progress:
        done = publish(kept, offices, directory, url, progress.to, hub=configuration.hub, tags=tags, anew=anew)
    for path in done.left_out:
        _say(f"left out: {path} cannot be the name of a file", err=True)
    _say(f"{done.written} files written, {done.unchanged} unchanged, {done.removed} removed, in {directory}")


# ---- looking after it ----


@app.command()
def status(
    source: Annotated[str | None, typer.Argument(help="One source only.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    catalogue: CatalogueOption = None,
) -> None:
    """What the newest crawl of every source came to, when its next one is, and which releases feeds leave out."""
    configuration = _configuration(catalogue)
    from archive import alarms, crawls, orders, queue
    from archive.article import stamp
    from persian.addresses import readable_in
    from syndication import omissions

    offices = _catalogue(configuration)
    if source:
        offices.source(source)
    with _open(configuration) as kept, kept.reading() as connection:
        latest, held = crawls.latest(connection, source), crawls.quarantined(connection)
        standing, successes = orders.read(connection), crawls.last_successes(connection)
        alarmed = [each for each in alarms.standing(connection) if not source or source in each.sources]
        queued = queue.standing(connection) if not source else None
    if not latest:
        _fail("nothing has been harvested yet; begin with `monadi harvest`", NOTHING)
    left_out = [each for each in omissions.read(configuration.data) if not source or each.item.startswith(f"{source}/")]
    if json_:
        import json

        for crawl in latest:
            office = offices.sources.get(crawl.source)
            success, order = successes.get(crawl.source), standing.get(crawl.source, orders.Order(source=crawl.source))
            more = {"held": held.get(crawl.source, 0), "tls": (office and office.tls) or "verify"}
            told = crawl.to_dict() | more | {"last_success": success and stamp(success)} | order.to_dict()
            _say(json.dumps(told, ensure_ascii=False))
        beside = [
            *({"left_out": each.to_dict()} for each in left_out),
            *({"alarm": each.to_dict()} for each in alarmed),
            *([{"queue": queued.to_dict()}] if queued else []),
        ]
        _say("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in beside), nl=False)
    else:

        def leniency(source: str) -> str | None:
            office = offices.sources.get(source)
            return office.leniency if office else None

        rows = [
            (
                crawl.source,
                str(crawl.outcome or "running, or killed"),
                stamp(crawl.finished_at or crawl.started_at),
                str(crawl.counts.get("new", 0)),
                str(held.get(crawl.source, 0)),
                str(standing.get(crawl.source, "")),
                readable_in("; ".join(filter(None, (crawl.reason, leniency(crawl.source))))),
            )
            for crawl in latest
        ]
        _print_table(("source", "outcome", "ended", "new", "in quarantine", "next", "why"), rows)
        lines = [f"left out of feeds: {o.item} as {o.format}, {stamp(o.at)}: {o.reason}" for o in left_out]
        lines += [f"alarm since {stamp(a.since)}: {a.key}, {a.matter}: {a.evidence}" for a in alarmed]
        lines += [str(queued)] if queued else []
        _say("".join(f"{_line(readable_in(line))}\n" for line in lines), nl=False)
    if left_out or alarmed or any(crawl.outcome and crawl.outcome.failed for crawl in latest):
        raise typer.Exit(FAILURES)


@archive_app.command("upgrade")
def archive_upgrade() -> None:
    """Make the archive, or bring it to this version's schema with its data in place."""
    with _open(_configuration(None)) as kept:
        before, after = kept.upgrade()
        _say(
            f"{kept.database.name}: schema {after}"
            + (", as before" if before == after else f", was {before or 'empty'}")
        )


@archive_app.command("verify")
def archive_verify() -> None:
    """Compare all that can be made anew with what is kept, and name every mismatch; status 1 when there is any."""
    broken = 0
    with _open(_configuration(None)) as kept:
        for found in kept.verify():
            broken += found.mismatches
            count = f"{found.mismatches} mismatch{'es' if found.mismatches > 1 else ''}"
            _say(f"{found.check}: {count if found.mismatches else 'holds'}")
            for line in found.lines:
                _say(f"  {_line(line)}")
            if found.mismatches > len(found.lines):
                _say(f"  and {found.mismatches - len(found.lines)} more")
    if broken:
        raise typer.Exit(FAILURES)


@archive_app.command("backup")
def archive_backup(
    file: Annotated[Path, typer.Argument(help="File to write; an older backup there is replaced.")],
) -> None:
    """Write the whole archive to one SQLite file, from either engine, while it is in use."""
    configuration = _configuration(None)
    with _open(configuration) as kept, _progress(kept.rows(), "rows") as progress:
        kept.backup(file, progress.advance)
    _say(f"{file}: {file.stat().st_size:,} bytes, one state of {kept.database.name}")
    for name in ("snapshots", "images"):
        if (configuration.data / name).exists():
            _say(f"not in it: {configuration.data / name}; copy it as it is, its files only grow", err=True)


@archive_app.command("restore")
def archive_restore(file: Annotated[Path, typer.Argument(help="A file that `monadi archive backup` wrote.")]) -> None:
    """Fill an empty archive, on either engine, from a backup."""
    with _open(_configuration(None)) as kept, _progress(None, "rows") as progress:
        kept.restore(file, progress.advance)
        _say(f"{kept.database.name}: restored from {file}, {kept.stats()['articles']} articles")


@archive_app.command("copy")
def archive_copy(
    url: Annotated[str, typer.Argument(metavar="TO", help="SQLAlchemy URL of an empty database, on either engine.")],
) -> None:
    """Fill another database with the archive, to move it from SQLite to PostgreSQL or back."""
    with _open(_configuration(None)) as kept, _progress(kept.rows(), "rows") as progress:
        name = kept.copy_to(url, progress.advance)
        _say(f"{name}: {kept.stats()['articles']} articles copied from {kept.database.name}; name it in MONADI_ARCHIVE")


@archive_app.command("stats")
def archive_stats() -> None:
    """How much is kept."""
    with _open(_configuration(None)) as kept:
        for name, value in kept.stats().items():
            _say(f"{name:<16} {value}")


@archive_app.command("reindex")
def archive_reindex(
    copies: Annotated[bool, typer.Option("--copies", help="Find the copies anew from the texts, too.")] = False,
) -> None:
    """Build the search index anew from the archive; searches are answered meanwhile."""
    with _open(_configuration(None)) as kept:
        if copies:
            _say(f"copies found anew: {kept.find_copies(anew=True)} changes")
        _say(f"indexed up to change {kept.reindex()}")


@archive_app.command("reextract")
def archive_reextract(
    text: Text = "",
    province: Province = None,
    agency: Agency = None,
    source: SourceFilter = None,
    since: Since = None,
    until: Until = None,
    tag: Tag = None,
    state: State = None,
    changed_since: ChangedSince = None,
    quarantined: Annotated[bool, typer.Option(help="Read what was held back again, and take it in.")] = False,
    catalogue: CatalogueOption = None,
) -> None:
    """Read archived pages again from their snapshots, with the extractors of today.

    A reading that says something else takes the place of the old one and is logged as reread, never as an edit. The
    exit status is 1 when any page could not be read; it keeps the reading that it has.
    """
    configuration = _configuration(catalogue)
    words = {
        "text": text,
        "province": province,
        "agency": agency,
        "source": source,
        "since": since,
        "until": until,
        "tag": tag,
        "state": state,
        "changed-since": changed_since,
    }
    question = _query(configuration, **words)
    from spiders.readmission import readmit
    from spiders.rereading import reextract

    again = readmit if quarantined else reextract
    offices = _catalogue(configuration)
    with _open(configuration) as kept, _progress(kept.count(question), "articles") as progress:
        found = again(kept, question, offices, problem=progress.print, step=progress.step)
    if not found:
        _fail("no page that is held back matches" if quarantined else "no article matches", NOTHING)
    for rereadings in found:
        _say(rereadings)
    if any(rereadings.counts["unread"] for rereadings in found):
        raise typer.Exit(FAILURES)


# ---- what operators are told ----


@alerts_app.command("test")
def alerts_test() -> None:
    """Send a trial message to each destination of MONADI_ALERTS, and say what became of it."""
    configuration = _configuration(None)
    telling = _telling(configuration)
    if not telling.destinations:
        _fail("MONADI_ALERTS names no destination; see docs/alerts.md", NOTHING)
    say = telling.speech.say["trial"]
    failures = 0
    for destination in telling.destinations:
        failure = destination.send(say["title"], say["body"])
        failures += failure is not None
        _say(f"{destination.name}: {'not taken: ' + failure if failure else 'taken'}")
    if failures:
        raise typer.Exit(FAILURES)


@alerts_app.command("list")
def alerts_list(
    json_: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    all_: Annotated[bool, typer.Option("--all", help="What happened to those that are over, too.")] = False,
) -> None:
    """The alarms that stand, and the messages that no destination has taken yet; exit status 1 if there are any."""
    configuration = _configuration(None)
    from archive import alarms, notices
    from archive.article import stamp
    from persian.addresses import readable_in

    with _open(configuration) as kept, kept.reading() as connection:
        standing, waiting = alarms.standing(connection), notices.waiting(connection)
        past = alarms.history(connection) if all_ else []
    names = {each.key: each.name for each in _telling(configuration).destinations}
    unsent = [
        {"made_at": stamp(each.made_at), "destination": names.get(each.destination, "one that is no setting now"),
         "title": each.title, "attempts": each.attempts, "failure": each.failure}
        for each in waiting
    ]  # fmt: skip
    if json_:
        happened = [{"at": stamp(each.at), "event": str(each.event), "alarm": each.alarm.to_dict()} for each in past]
        _print_json({"standing": [alarm.to_dict() for alarm in standing], "unsent": unsent, "history": happened})
    else:
        rows = [(stamp(a.since), a.key, str(a.matter), str(len(a.sources)), readable_in(a.evidence)) for a in standing]
        _print_table(("since", "alarm", "matter", "sources", "evidence"), rows)
        if past:
            _print_table(
                ("at", "event", "alarm", "matter", "evidence"),
                [
                    (stamp(p.at), str(p.event), p.alarm.key, str(p.alarm.matter), readable_in(p.alarm.evidence))
                    for p in past
                ],
            )
        for each in unsent:
            _say(f"not sent to {each['destination']} in {each['attempts']} attempts: {each['failure']}", err=True)
    if standing or unsent:
        raise typer.Exit(FAILURES)


@alerts_app.command("digest")
def alerts_digest(since: Since = None, catalogue: CatalogueOption = None) -> None:
    """What was harvested in the last week, or since a day, and what is missing, as the weekly message says it."""
    configuration = _configuration(catalogue)
    from datetime import UTC, datetime

    from archive.query import period
    from syndication.alerts import digest

    start = period("since", since).start if since else None
    with _open(configuration) as kept, kept.reading() as connection:
        telling = _telling(configuration)
        told = digest.written(connection, _catalogue(configuration), telling.speech, datetime.now(UTC), start)
    _say(f"{told.title}\n\n{told.body}")


# ---- what the sub-commands share ----


def _configuration(catalogue: Path | None) -> Configuration:
    from archive.configuration import read_configuration

    if catalogue:
        os.environ["MONADI_CATALOGUE"] = str(catalogue)  # for what runs in other processes, and for Scrapy's settings
    configuration = read_configuration()
    if configuration.log == "json":
        from archive import logs

        logs.configure(configuration.log)
    return configuration


def _catalogue(configuration: Configuration) -> Catalogue:
    from sources import Catalogue

    return Catalogue.load(configuration.catalogue)


def _open(configuration: Configuration) -> Archive:
    from archive.store import open_archive

    return open_archive(configuration)


def _access(configuration: Configuration) -> Access:
    """Who may ask the API how much."""
    from syndication.web.access import Access

    return Access.read(rate=configuration.rate, proxies=configuration.proxies, tokens=configuration.tokens)


def _telling(configuration: Configuration) -> Telling:
    """How operators are told."""
    from syndication.alerts.herald import Telling

    addresses = [each.get_secret_value() for each in configuration.alerts]
    return Telling.read(
        alerts=addresses, language=configuration.language, quiet=configuration.quiet, digest=configuration.digest
    )


def _herald(configuration: Configuration, kept: Archive, offices: Catalogue) -> Herald:
    """Tells operators what is wrong, from entering the block to leaving it."""
    from syndication.alerts.herald import Herald

    status = f"{configuration.base_url.rstrip('/')}/status" if configuration.base_url else None
    return Herald(kept, offices, _telling(configuration), configuration.data, status=status)


def _note_omissions(configuration: Configuration) -> None:
    """Have what feeds leave out written down where `monadi status` finds it."""
    from syndication.omissions import OMISSIONS

    OMISSIONS.keep_in(configuration.data)


def _query(configuration: Configuration, **words: Any) -> Query:
    from archive.query import Query

    return Query.parse(words, _catalogue(configuration))


def _print_rows(items: Iterable[ArchivedArticle], search: str = "") -> None:
    from persian.published import written

    shown = _found_in(search) if search and sys.stdout.isatty() else lambda article: article.title

    rows = [
        (
            (item.article.published and written(item.article.published)) or "",
            item.province.fa,
            item.id,
            shown(item.article),
        )
        for item in items
    ]
    _print_table(("published", "province", "id", "title"), rows)


def _found_in(search: str) -> Callable[[Article], Any]:
    """A title for a terminal, and under it the passage that a search found, what was found in bold."""
    from rich.text import Text

    from archive.search.highlights import Highlights
    from persian.text import printable

    highlights = Highlights(search)

    def shown(article: Article) -> Text:
        heading = _line(article.title)
        title = Text(heading)
        for start, end in highlights.spans(heading, "title"):
            title.stylize("bold", start, end)
        for field, text in (("lead", article.lead), ("body", article.body)):
            passage = highlights.passage(printable(text or "", lines=True), field, PASSAGE)
            if passage.spans:
                found = Text(passage.text.replace("\n", " "), style="dim")
                for start, end in passage.spans:
                    found.stylize("not dim bold", start, end)
                return title + Text("\n") + found
        return title

    return shown


def _print_table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table on a terminal, tab-separated lines elsewhere."""
    if not sys.stdout.isatty():
        for row in rows:
            _say("\t".join(map(_line, row)))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(_line(cell) if isinstance(cell, str) else cell for cell in row))
    Console(emoji=False, highlight=False).print(table, markup=False)


def _print_json(value: Any, indent: int | None = 1) -> None:
    import json

    _say(json.dumps(value, ensure_ascii=False, indent=indent))


def _print_blocks(blocks: Iterable[Block]) -> None:
    """Lines as they are, tables as tables."""
    for block in blocks:
        if isinstance(block, str):
            _say(block)
        else:
            _print_table(block.heads, block.rows)


class _Progress:
    """Counts what is done and prints lines: above a bar on a terminal, alone elsewhere."""

    def __init__(self, bar: Progress | None = None, task: Any = None) -> None:
        self.bar, self.task = bar, task
        self.counts: Counter[str] = Counter()

    def step(self, *_: object) -> None:
        self.advance(1)

    def to(self, done: int, of: int) -> None:
        if self.bar:
            self.bar.update(self.task, completed=done, total=of)

    def advance(self, count: int) -> None:
        if self.bar:
            self.bar.advance(self.task, count)

    def count(self, counts: Mapping[str, int], *, failed: bool) -> None:
        """Say below the bar how many pages were fetched in all, how many were new, how many sources failed."""
        self.counts.update(pages=counts.get("fetched", 0), new=counts.get("new", 0), failed=failed)
        if self.bar:
            said = ", ".join(f"{number} {name}" for name, number in self.counts.items())
            self.bar.update(self.task, description=said)

    def print(self, line: object) -> None:
        if self.bar and sys.stdout.isatty():
            self.bar.console.print(_line(line), markup=False, emoji=False, highlight=False, soft_wrap=True)
        else:
            _say(_line(line))


@contextlib.contextmanager
def _progress(total: int | None, noun: str) -> Iterator[_Progress]:
    """A bar on a terminal; elsewhere the lines that are printed anyway are the progress."""
    if not sys.stderr.isatty():
        yield _Progress()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    said = TextColumn("{task.description}", markup=False)
    columns = TextColumn(noun), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), said
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _Progress(bar, bar.add_task("", total=total))


if __name__ == "__main__":
    main()
