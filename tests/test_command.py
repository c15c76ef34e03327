"""The `monadi` command as scripts and people meet it: what it prints, and how it ends."""

import ast
import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest

from archive import Article
from monadi import _found_in
from sources.sample import SampleNewsroom

Monadi = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parents[1]
CHANGES = 44  # of the sample newsroom: 43 releases, one of which two offices carry


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The surroundings of an archive that holds the sample newsroom."""
    place = tmp_path_factory.mktemp("harvested")
    surroundings = environment(place)
    with SampleNewsroom() as newsroom:
        newsroom.write_catalogue(place)
        assert run(surroundings, place, "harvest").returncode == 0
        yield surroundings


@pytest.fixture
def monadi(harvested: dict[str, str], tmp_path: Path) -> Monadi:
    return lambda *words, **changes: run({**harvested, **changes}, tmp_path, *words)


@pytest.fixture
def fresh(tmp_path: Path) -> Monadi:
    """The command where nothing has been archived, with the built-in catalogue."""
    surroundings = environment(tmp_path)
    del surroundings["MONADI_CATALOGUE"]
    return lambda *words, **changes: run({**surroundings, **changes}, tmp_path, *words)


def environment(place: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MONADI_")}
    ours = {"MONADI_DATA": str(place / "data"), "MONADI_CATALOGUE": str(place), "MONADI_ALLOW_HOSTS": "127.0.0.0/8"}
    return {**kept, **ours}


def run(surroundings: dict[str, str], place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "monadi", *words]
    return subprocess.run(
        command, env=surroundings, cwd=place, capture_output=True, encoding="utf-8", timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["harvest", "mcls-yzad"], 2, 'monadi: no source "mcls-yzad"; did you mean "mcls-yazd"?\n'),
        (["source", "show", "nowhere"], 2, 'monadi: no source "nowhere"\n'),
        (["query", "--province", "فارسی"], 2, "monadi: province: "),
        (["query", "--since", "1403-12-31"], 2, "monadi: since: Jalali 1403-12-31 does not exist"),
        (["query", "--since", "yesterday-ish"], 2, "monadi: since: "),
        (["harvest", "--since", "1400-13"], 2, "monadi: since: "),
        (["query", "--sort", "best"], 2, "monadi: sort: best needs a text"),
        (["query", "--cursor", "x"], 2, "monadi: cursor: "),
        (["query", "--state", "lost"], 2, "monadi: state: 'lost' is none of live, gone, unlisted\n"),
        (["query"], 2, "monadi: there is no archive at "),
        (["status"], 2, "monadi: there is no archive at "),
        (["export", "x.ndjson"], 2, "monadi: there is no archive at "),
        (["export", "x.csv", "--format", "xml"], 2, "Invalid value for '--format'"),
        (["frobnicate"], 2, "No such command 'frobnicate'"),
        (["harvest", "--limit", "0"], 2, "Invalid value for '--limit'"),
    ],
)
def test_wrong_use_is_one_clear_line(fresh: Monadi, words: list[str], status: int, said: str) -> None:
    done = fresh(*words)

    assert done.returncode == status
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_data_directory_that_cannot_be_made_is_named(fresh: Monadi, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    done = fresh("archive", "upgrade", MONADI_DATA=str(tmp_path / "file" / "data"))

    assert done.returncode == 2
    assert done.stderr.startswith(f"monadi: the data directory {tmp_path / 'file' / 'data'} cannot be made")
    assert done.stderr.count("\n") == 1


def test_a_wrong_setting_is_named(fresh: Monadi) -> None:
    done = fresh("archive", "stats", MONADI_ARCHIVE="nonsense")

    assert done.returncode == 2
    assert done.stderr.startswith("monadi: MONADI_ARCHIVE: 'nonsense' is no database address")


def test_a_wrong_catalogue_entry_is_named_with_file_table_and_key(fresh: Monadi, tmp_path: Path) -> None:
    (tmp_path / "agencies").mkdir()
    (tmp_path / "agencies" / "mine.toml").write_text(
        '[agency]\nname_fa = "آزمون"\nname_en = "Test"\nplatform = "iransamane"\n[yazd]\nurl = "https://yazd.example.ir/"\n',
        "utf-8",
    )

    done = fresh("source", "list", "--catalogue", str(tmp_path))

    assert done.returncode == 2
    assert '[agency] platform: no platform "iransamane"; did you mean "iransamaneh"?' in done.stderr


def test_the_catalogue_is_listed_a_line_a_source(fresh: Monadi) -> None:
    done = fresh("source", "list")

    assert len(done.stdout.splitlines()) == 62
    assert "mcls-yazd\tیزد\tfa_portal\thttps://yazd.mcls.gov.ir/\t" in done.stdout.splitlines()


def test_scrapy_lists_the_catalogue(fresh: Monadi, tmp_path: Path) -> None:
    scrapy = [sys.executable, "-m", "scrapy", "list"]
    listed = subprocess.run(
        scrapy, cwd=ROOT, env=environment_without_catalogue(tmp_path), capture_output=True, text=True, check=True
    )

    assert listed.stdout.splitlines() == [line.split("\t")[0] for line in fresh("source", "list").stdout.splitlines()]


def environment_without_catalogue(place: Path) -> dict[str, str]:
    return {name: value for name, value in environment(place).items() if name != "MONADI_CATALOGUE"}


def test_a_query_finds_a_word_in_any_spelling(monadi: Monadi) -> None:
    written = monadi("query", "نمایشگاه", "--format", "ndjson").stdout
    typed = monadi("query", "نمايشگاه", "--format", "ndjson").stdout

    assert written == typed
    assert len(written.splitlines()) > 1


def test_filters_narrow_each_other(monadi: Monadi) -> None:
    lines = monadi("query", "--province", "یزد", "--since", "۱۴۰۲", "--until", "1402", "--format", "ndjson").stdout
    records = [json.loads(line) for line in lines.splitlines()]

    assert {record["province"]["iso"] for record in records} == {"IR-21"}
    assert {record["published"]["jalali"][:4] for record in records} == {"1402"}


def test_a_cursor_goes_on_where_a_page_ended(monadi: Monadi) -> None:
    whole = monadi("query", "--limit", "43").stdout.splitlines()
    first = monadi("query", "--limit", "20")
    cursor = first.stderr.split("--cursor ")[1].strip()

    assert first.stdout.splitlines() + monadi("query", "--limit", "23", "--cursor", cursor).stdout.splitlines() == whole


def test_show_tells_everything_of_an_article(monadi: Monadi) -> None:
    id_ = monadi("query", "--province", "yazd", "--limit", "1").stdout.split("\t")[2]

    shown = monadi("show", id_).stdout
    record = json.loads(monadi("show", id_, "--json").stdout)

    assert record["id"] == id_
    assert record["title"] in shown
    assert record["published"]["raw"] in shown
    assert record["published"]["gregorian"] in shown


def test_show_tells_of_a_release_that_offices_share_who_was_first(monadi: Monadi) -> None:
    records = map(json.loads, monadi("query", "--format", "ndjson", "--limit", "43").stdout.splitlines())
    copy, first = next((record["id"], record["copy_of"]) for record in records if record["copy_of"])

    assert f"copy of {first} (similarity 1.00), one of 2\n" in monadi("show", copy).stdout
    assert f"first of 2, then {copy}\n" in monadi("show", first).stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "sample-yazd/0"], "no article 'sample-yazd/0' in the archive"),
        (["show", "nonsense"], "no article 'nonsense' in the archive"),
    ],
)
def test_an_unknown_article_ends_with_status_3(monadi: Monadi, words: list[str], said: str) -> None:
    done = monadi(*words)

    assert done.returncode == 3
    assert said in done.stderr


def test_an_unknown_revision_says_which_there_are(monadi: Monadi) -> None:
    id_ = monadi("query", "--limit", "1").stdout.split("\t")[2]

    done = monadi("show", id_, "--revision", "7")

    assert done.returncode == 3
    assert done.stderr == f"monadi: {id_} has no revision 7; its revisions are 1 to 1\n"


def test_an_export_to_standard_output_is_the_export_to_a_file(monadi: Monadi, tmp_path: Path) -> None:
    monadi("export", "all.ndjson")
    printed = monadi("export", "-").stdout

    assert printed == (tmp_path / "all.ndjson").read_text("utf-8")
    assert len(printed.splitlines()) == 43


def test_an_increment_holds_what_changed_after_a_number(monadi: Monadi) -> None:
    numbers = sorted(json.loads(line)["change"] for line in monadi("export", "-").stdout.splitlines())

    later = [
        json.loads(line)["change"]
        for line in monadi("export", "-", "--changed-since", str(numbers[39])).stdout.splitlines()
    ]

    assert sorted(later) == numbers[40:]


def test_copies_of_one_text_are_left_out_where_that_is_asked(monadi: Monadi) -> None:
    found = monadi("query", "--format", "ndjson", "--collapse-copies").stdout.splitlines()
    ids = [json.loads(line)["id"] for line in found]
    exported = [json.loads(line)["id"] for line in monadi("export", "-", "--collapse-copies").stdout.splitlines()]

    assert ids == exported[: len(ids)]
    assert len(ids) == 20


def test_a_terminal_shows_the_passage_that_a_search_found() -> None:
    article = Article(
        source="mcls-yazd",
        url="https://yazd.example.ir/1",
        title="كتاب در یزد",
        body="سرآغاز " * 60 + "کتاب\u200cها",
        extractor="fa_portal/1",
        fetched_at=datetime(2026, 11, 28, tzinfo=UTC),
    )

    shown = _found_in("کتاب")(article)

    assert shown.plain.startswith("كتاب در یزد\n")
    assert [shown.plain[span.start : span.end] for span in shown.spans if "not dim" in span.style] == ["کتاب\u200cها"]
    assert [shown.plain[span.start : span.end] for span in shown.spans if span.style == "bold"] == ["كتاب"]


def test_an_increment_goes_on_where_the_last_line_said(monadi: Monadi) -> None:
    said = monadi("export", "all.csv").stderr

    assert said == f"43 articles written to all.csv; go on with --since-change {CHANGES}\n"
    assert monadi("export", "-", "--since-change", str(CHANGES)).stdout == ""
    assert len(monadi("export", "-", "--since-change", str(CHANGES - 3)).stdout.splitlines()) == 3


def test_an_export_with_a_manifest(monadi: Monadi, tmp_path: Path) -> None:
    assert monadi("export", "yazd.db", "--province", "yazd", "--manifest").returncode == 0
    assert monadi("export", "set/", "--manifest").returncode == 0

    package = json.loads((tmp_path / "yazd.db.datapackage.json").read_text("utf-8"))
    assert package["query"]["provinces"] == ["IR-21"]
    assert {each["outcome"] for each in package["coverage"]} == {"ok"}
    assert (tmp_path / "set" / "datapackage.json").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["x.xls"], "monadi: x.xls does not say its format; state one: --format ndjson|json|csv|parquet|sqlite\n"),
        (["no/x.csv"], "monadi: no/x.csv cannot be written: there is no directory no; make it first\n"),
        (["-", "--format", "sqlite"], "monadi: sqlite needs a file of its own, not standard output; name one\n"),
        (["-", "--manifest"], "monadi: a manifest stands beside a file, and standard output is none; name a file\n"),
        (["set/", "--format", "csv"], "monadi: set is a directory, which only parquet fills; name a file in it\n"),
    ],
)
def test_an_export_that_cannot_be_is_one_clear_line(monadi: Monadi, words: list[str], said: str) -> None:
    done = monadi("export", *words)

    assert (done.returncode, done.stderr, done.stdout) == (2, said, "")


def test_an_export_without_its_extra_says_what_to_install(harvested: dict[str, str], tmp_path: Path) -> None:
    code = (
        "import sys, monadi\nsys.modules['pyarrow'] = None\nsys.argv = ['monadi', 'export', 'x.parquet']\nmonadi.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=harvested, cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert re.fullmatch(r"monadi: Parquet needs pyarrow \(.*\); install monadi\[parquet\]\n", done.stderr)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_export_that_is_stopped_leaves_the_old_file_and_nothing_else(
    harvested: dict[str, str], tmp_path: Path, sign: signal.Signals
) -> None:
    (tmp_path / "x.ndjson").write_text("old", "utf-8")
    code = (
        "import os, signal, sys, monadi\nfrom syndication.exports import Extract\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # which a background job has not
        f"def stopped(self):\n    os.kill(os.getpid(), {int(sign)})\n    yield from iter(list, 1)\n"
        "Extract.lines = stopped\nsys.argv = ['monadi', 'export', 'x.ndjson']\nmonadi.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], env=harvested, cwd=tmp_path, capture_output=True, check=False)

    assert done.returncode == 128 + sign
    assert [path.name for path in tmp_path.iterdir()] == ["x.ndjson"]
    assert (tmp_path / "x.ndjson").read_text("utf-8") == "old"


def test_a_query_prints_the_table_that_an_export_writes(monadi: Monadi, tmp_path: Path) -> None:
    monadi("export", "gilan.csv", "--province", "gilan")
    printed = monadi("query", "--province", "gilan", "--format", "csv", "--limit", "99").stdout

    assert printed == (tmp_path / "gilan.csv").read_text("utf-8")


def test_an_article_is_cited(monadi: Monadi) -> None:
    id_ = monadi("query", "--limit", "1").stdout.split("\t")[2]

    assert f"Monadi archive {id_} (urn:uuid:" in monadi("show", id_, "--cite", "text").stdout
    assert monadi("show", id_, "--cite", "bibtex").stdout.startswith(f"@online{{{id_.replace('/', '-')}-r1,\n")
    ris = monadi("show", id_, "--cite", "ris").stdout
    assert ris.startswith("TY  - NEWS\n")
    assert f"ID  - {id_}-r1\n" in ris


@pytest.mark.parametrize("document", ["exports.md", "python.md"])
def test_the_python_of_a_document_runs(harvested: dict[str, str], tmp_path: Path, document: str) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / document).read_text("utf-8"), re.DOTALL)
    for target in ("releases.csv", "releases.db", "dataset/") if document == "exports.md" else ():
        assert run(harvested, tmp_path, "export", target).returncode == 0

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(blocks)],
        env=harvested,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(blocks) > 2
    assert (done.returncode, done.stderr) == (0, "")


PRINTED = {
    "a table": ("query",),
    "records": ("query", "--format", "json"),
    "an export": ("export", "-", "--format", "csv"),
    "the state": ("status", "--json"),
    "the catalogue": ("source", "list"),
}


@pytest.mark.parametrize("words", PRINTED.values(), ids=PRINTED)
@pytest.mark.parametrize(
    ("redirection", "reason"), [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")]
)
def test_what_cannot_be_printed_is_a_failure_in_one_line(
    harvested: dict[str, str], tmp_path: Path, words: tuple[str, ...], redirection: str, reason: str
) -> None:
    command = shlex.join([sys.executable, "-m", "monadi", *words])

    done = subprocess.run(
        ["/bin/sh", "-c", f"{command} {redirection}"],
        env=harvested,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    assert re.fullmatch(f"monadi: (the|standard) output cannot be written: {reason}\n", done.stderr)


def test_a_file_that_is_opened_is_never_taken_for_an_output_that_was_closed(
    harvested: dict[str, str], tmp_path: Path
) -> None:
    data = shutil.copytree(harvested["MONADI_DATA"], tmp_path / "data")
    command = shlex.join([sys.executable, "-m", "monadi", "archive", "verify"])

    subprocess.run(
        ["/bin/sh", "-c", f"{command} <&- >&- 2>&-"],
        env={**harvested, "MONADI_DATA": str(data)},
        cwd=tmp_path,
        timeout=60,
        check=False,
    )

    done = run({**harvested, "MONADI_DATA": str(data)}, tmp_path, "archive", "verify")
    assert done.returncode == 0, done.stdout


def test_an_import_that_finds_no_room_to_lay_pages_aside_says_where(harvested: dict[str, str], tmp_path: Path) -> None:
    snapshots = sorted(Path(harvested["MONADI_DATA"], "snapshots").iterdir())
    limited = (
        "import os, resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "os.execv(sys.executable, [sys.executable, '-m', 'monadi', *sys.argv[1:]])\n"
    )
    words = ["harvest", "--dry-run", "--from-warc", *map(str, snapshots)]

    done = subprocess.run(
        [sys.executable, "-c", limited, *words],
        env={**harvested, "TMPDIR": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr == (
        f"monadi: {tmp_path}: what the files hold cannot be laid aside: File too large; name a directory with room in "
        "TMPDIR\n"
    )


def test_status_tells_what_every_source_came_to(monadi: Monadi) -> None:
    done = monadi("status")

    assert done.returncode == 0
    assert [line.split("\t")[:2] for line in done.stdout.splitlines()] == [
        ["sample-gilan", "ok"],
        ["sample-hormozgan", "ok"],
        ["sample-yazd", "ok"],
    ]


def test_status_shows_addresses_in_their_letters_and_programs_as_they_are(
    harvested: dict[str, str], tmp_path: Path
) -> None:
    data = shutil.copytree(harvested["MONADI_DATA"], tmp_path / "data")
    surroundings = {**harvested, "MONADI_DATA": str(data)}
    with contextlib.closing(sqlite3.connect(data / "monadi.db")) as connection, connection:
        connection.execute("UPDATE crawls SET reason = 'http://x.ir/%D8%AE%D8%A8%D8%B1%20: it refuses connections'")

    assert "\thttp://x.ir/خبر%20: it refuses connections\n" in run(surroundings, tmp_path, "status").stdout
    told = run(surroundings, tmp_path, "status", "--json").stdout.splitlines()[0]
    assert json.loads(told)["reason"] == "http://x.ir/%D8%AE%D8%A8%D8%B1%20: it refuses connections"


def test_status_names_what_feeds_leave_out_until_they_tell_it_again(harvested: dict[str, str], tmp_path: Path) -> None:
    data = shutil.copytree(harvested["MONADI_DATA"], tmp_path / "data")
    surroundings = {**harvested, "MONADI_DATA": str(data), "MONADI_ARCHIVE": f"sqlite:///{data / 'monadi.db'}"}
    article = "(SELECT max(pk) FROM articles WHERE source = 'sample-yazd')"

    def set_tags(written: str) -> None:
        with contextlib.closing(sqlite3.connect(data / "monadi.db")) as connection, connection:
            connection.execute(f"UPDATE revisions SET tags = ? WHERE article = {article}", [written])

    set_tags("[5]")
    published = run(surroundings, tmp_path, "feeds", "publish", "site")
    assert published.returncode == 0
    assert "left out of feeds as atom: TypeError" in published.stderr
    told = run(surroundings, tmp_path, "status")
    assert told.returncode == 1
    assert len([line for line in told.stdout.splitlines() if line.startswith("left out of feeds: sample-yazd/")]) == 3
    asked = run(surroundings, tmp_path, "status", "sample-yazd", "--json").stdout.splitlines()
    assert {json.loads(line)["left_out"]["format"] for line in asked[1:]} == {"atom", "json", "rss"}
    assert run(surroundings, tmp_path, "status", "sample-gilan").returncode == 0

    set_tags("[]")
    run(surroundings, tmp_path, "feeds", "publish", "site")
    assert run(surroundings, tmp_path, "status").returncode == 0


def test_the_plan_of_the_next_day_says_why(tmp_path: Path) -> None:
    surroundings = environment(tmp_path)
    with SampleNewsroom() as newsroom:
        newsroom.write_catalogue(tmp_path)
        before = run(surroundings, tmp_path, "schedule", "plan")
        run(surroundings, tmp_path, "harvest", "sample-yazd")
        run(surroundings, tmp_path, "source", "pause", "sample-gilan")
        after = run(surroundings, tmp_path, "schedule", "plan", "sample-yazd", "sample-gilan", "--hours", "4.5")
        told = run(surroundings, tmp_path, "schedule", "plan", "sample-yazd", "--json")

    assert before.returncode == 0
    assert [line.split("\t")[3] for line in before.stdout.splitlines()][:3] == ["it has never been visited"] * 3
    rows = [line.split("\t") for line in after.stdout.splitlines()]
    assert rows[0][:3] == ["-", "", "sample-gilan"]
    assert rows[0][3].startswith("paused since 20")
    assert [row[2] for row in rows[1:]] == ["sample-yazd"] * (len(rows) - 1)
    assert after.stderr == f"{len(rows)} visits of 2 sources in the next 4.5 hours\n"
    first = json.loads(told.stdout.splitlines()[0])
    assert first.keys() == {"source", "at", "why", "because"}
    assert first["why"] in ("habit", "pace")


def test_a_paused_source_is_left_out_unless_it_is_named(tmp_path: Path) -> None:
    surroundings = environment(tmp_path)
    with SampleNewsroom() as newsroom:
        newsroom.write_catalogue(tmp_path)
        paused = run(surroundings, tmp_path, "source", "pause", "sample-yazd", "sample-gilan")
        again = run(surroundings, tmp_path, "source", "pause", "sample-yazd")
        round_ = run(surroundings, tmp_path, "harvest")
        named = run(surroundings, tmp_path, "harvest", "sample-yazd")
        status = run(surroundings, tmp_path, "status")
        told = json.loads(run(surroundings, tmp_path, "status", "sample-yazd", "--json").stdout)
        resumed = run(surroundings, tmp_path, "source", "resume", "sample-yazd", "sample-hormozgan")
        all_paused = run(surroundings, tmp_path, "source", "pause", "sample-yazd", "sample-hormozgan")
        nothing = run(surroundings, tmp_path, "harvest")

    assert (paused.returncode, paused.stdout) == (0, "")
    assert re.search(r"^sample-yazd: paused, asked for by monadi source pause at \S+Z$", paused.stderr, re.MULTILINE)
    assert (again.stdout, again.stderr) == ("sample-yazd: paused already\n", "")
    assert "left out: 2 paused sources; name them to read them now" in round_.stderr
    assert [line.partition(":")[0] for line in round_.stdout.splitlines()] == ["sample-hormozgan"]
    assert "sample-yazd: read though it is paused since 20" in named.stderr
    assert named.stdout.startswith("sample-yazd: ok,")
    assert [line.split("\t")[5] for line in status.stdout.splitlines()] == ["", "paused"]
    assert told["paused_by"] == "monadi source pause"
    assert told["last_success"] == told["finished_at"]
    assert told["next_visit"] is None
    assert (resumed.returncode, resumed.stdout) == (0, "sample-hormozgan: not paused\n")
    assert all_paused.returncode == 0
    assert (nothing.returncode, nothing.stderr.splitlines()[-1]) == (
        3,
        "monadi: no source to harvest: all of them are paused",
    )


def test_stats_counts_what_is_kept(monadi: Monadi) -> None:
    stats = dict(line.split(maxsplit=1) for line in monadi("archive", "stats").stdout.splitlines())

    assert (stats["articles"], stats["revisions"], stats["changes"], stats["sources"]) == ("43", "43", "44", "3")


def test_verify_compares_the_archive_with_itself(monadi: Monadi) -> None:
    done = monadi("archive", "verify")

    assert done.returncode == 0
    assert all(line.endswith(": holds") for line in done.stdout.splitlines())
    assert "revisions and their hashes: holds" in done.stdout


def test_verify_names_what_was_altered(harvested: dict[str, str], tmp_path: Path) -> None:
    data = shutil.copytree(harvested["MONADI_DATA"], tmp_path / "altered")
    with contextlib.closing(sqlite3.connect(data / "monadi.db")) as connection:
        connection.execute("UPDATE revisions SET title = 'دروغ' WHERE article = 1")
        connection.commit()
    done = run({**harvested, "MONADI_DATA": str(data)}, tmp_path, "archive", "verify")

    assert done.returncode == 1
    assert "revisions and their hashes: 1 mismatch\n  sample-" in done.stdout


def test_the_coverage_of_a_source_is_told_by_jalali_day(monadi: Monadi) -> None:
    done = monadi("source", "coverage", "sample-yazd")
    account = json.loads(monadi("source", "coverage", "sample-yazd", "--json").stdout)

    assert len(done.stdout.splitlines()) == len(account["days"])
    assert done.stdout.splitlines()[0].split("\t")[:3] == [account["days"][0]["day"], "1", "1"]
    assert "17 listed, 17 archived, 0 in quarantine" in done.stderr
    assert account["last_sweep"]


def test_the_search_index_is_built_anew_from_the_archive(monadi: Monadi) -> None:
    assert monadi("archive", "reindex").stdout == f"indexed up to change {CHANGES}\n"
    assert "sample-" in monadi("query", "نمایشگاه").stdout


def test_copies_are_found_anew_and_nothing_is_told_of_those_that_stay(monadi: Monadi) -> None:
    assert monadi("archive", "reindex", "--copies").stdout == (
        f"copies found anew: 0 changes\nindexed up to change {CHANGES}\n"
    )
    assert "--copies" in monadi("archive", "reindex", "--help").stdout


def test_feeds_are_listed_and_published_with_the_address_that_subscribers_use(monadi: Monadi, tmp_path: Path) -> None:
    listed = monadi("feeds", "list", MONADI_BASE_URL="https://news.example.ir").stdout
    published = monadi("feeds", "publish", "public", "--base-url", "https://news.example.ir")

    assert listed.startswith("https://news.example.ir/feeds/all.{rss,atom,json}  ")
    assert "0 unchanged" in published.stdout
    assert "https://news.example.ir/feeds/all.atom" in (tmp_path / "public" / "feeds" / "all.atom").read_text("utf-8")


def test_a_reader_that_stops_reading_is_no_error(harvested: dict[str, str], tmp_path: Path) -> None:
    command = f"{sys.executable} -m monadi export - | head -n 1"
    done = subprocess.run(command, shell=True, env=harvested, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def test_no_package_imports_the_command() -> None:
    packages = ("archive", "persian", "sources", "spiders", "syndication")
    files = [file for package in packages for file in (ROOT / package).rglob("*.py")]

    assert [file for file in files if "monadi" in imports(file)] == []
    assert {"scrapy", "archive.crawls"} <= imports(ROOT / "spiders" / "newsroom.py")


def imports(file: Path) -> set[str]:
    """The modules that a file imports anywhere in it."""
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize(
    ("words", "unloaded"),
    [
        (
            ["query", "--limit", "1"],
            [
                "scrapy",
                "twisted",
                "web_poet",
                "starlette",
                "granian",
                "feedgen",
                "apscheduler",
                "pyarrow",
                "rapidfuzz",
                "sqlalchemy.dialects.postgresql",
                "persian.reading",
                "archive.copies",
                "archive.thinning",
                "archive.verification",
            ],
        ),
        (["source", "list"], ["sqlalchemy", "scrapy", "starlette", "lxml"]),
        (["export", "-"], ["scrapy", "twisted", "starlette", "granian", "jinja2", "pyarrow"]),
    ],
)
def test_a_command_loads_nothing_that_it_does_not_use(
    harvested: dict[str, str], tmp_path: Path, words: list[str], unloaded: list[str]
) -> None:
    code = (
        "import sys, contextlib, monadi\n"
        f"sys.argv = ['monadi', *{words!r}]\n"
        "with contextlib.suppress(SystemExit):\n    monadi.main()\n"
        f"print([name for name in {unloaded!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=harvested, cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert done.stderr.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", ["up", "serve", "demo"])
def test_a_port_in_use_is_said_before_anything_is_begun(fresh: Monadi, tmp_path: Path, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = fresh(command, "--port", str(port))

    assert done.returncode == 2
    assert done.stderr.startswith(f"monadi: cannot listen at 127.0.0.1:{port}: address already in use")
    assert done.stdout == ""
    assert not (tmp_path / "data").exists()


def test_the_demo_ends_with_feeds_to_open_and_a_query_that_answers(fresh: Monadi, tmp_path: Path) -> None:
    environment_ = {
        **environment(tmp_path),
        "MONADI_ARCHIVE": f"sqlite:///{tmp_path / 'mine.db'}",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "monadi", "demo", "--port", "0"]
    with subprocess.Popen(command, env=environment_, cwd=tmp_path, stdout=subprocess.PIPE, encoding="utf-8") as demo:
        try:
            said = ""
            while demo.stdout and (line := demo.stdout.readline()):
                said += line
                if line.startswith("open http://"):
                    break
            feed = urlopen(re.search(r"http://\S+/feeds/all\.atom", said)[0]).read()
            ask = shlex.split(re.search(r"another terminal:  (.*)", said)[1])
            asked = run(environment_ | dict(word.split("=") for word in ask[:3]), tmp_path, *ask[4:])
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(20)

    assert "43 releases are archived" in said
    assert feed.count(b"<entry>") == 43
    assert "sample-yazd/" in asked.stdout
    assert list(tmp_path.iterdir()) == []


def test_up_makes_the_archive_harvests_on_schedule_and_serves_until_it_is_stopped(tmp_path: Path) -> None:
    surroundings = {**environment(tmp_path), "PYTHONUNBUFFERED": "1"}
    with SampleNewsroom() as newsroom:
        newsroom.write_catalogue(tmp_path)
        command = [sys.executable, "-m", "monadi", "up", "--port", "0"]
        with subprocess.Popen(
            command, env=surroundings, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
        ) as up:
            try:
                said = ""
                while said.count(": ok,") < 3 and up.stdout and (line := up.stdout.readline()):
                    said += line
                address = re.search(r"http://127\.0\.0\.1:\d+", said)[0]
                health = json.loads(urlopen(f"{address}/healthz").read())
                home = urlopen(address).read().decode()
            finally:
                up.send_signal(signal.SIGTERM)
                status = up.wait(20)

    assert status == 0
    assert "schema new → " in said
    assert "catalogue: 3 sources, 3 on schedule" in said
    assert (health["status"], health["change"], health["alarms"]) == ("ok", 43, 0)
    assert "هفتاد شرکت در نمایشگاه کار" in home


def test_schedules_read_each_source_once_and_stop_when_they_are_told(tmp_path: Path) -> None:
    """Two of them, on one archive."""
    surroundings = {**environment(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "monadi", "schedule", "run"]
    with SampleNewsroom() as newsroom, (tmp_path / "said").open("w+", encoding="utf-8") as log:
        newsroom.write_catalogue(tmp_path)
        runs = [subprocess.Popen(command, env=surroundings, cwd=tmp_path, stdout=log, stderr=log) for _ in range(2)]
        try:
            until = time.monotonic() + 60
            while (tmp_path / "said").read_text("utf-8").count(": ok,") < 3 and time.monotonic() < until:
                time.sleep(0.2)
        finally:
            for each in runs:
                each.send_signal(signal.SIGTERM)
            statuses = [each.wait(30) for each in runs]
        told = run(surroundings, tmp_path, "status", "--json")

    said = (tmp_path / "said").read_text("utf-8")
    assert statuses == [0, 0]
    assert said.count("sources are harvested on schedule (Ctrl+C stops)") == 2
    assert said.count(": ok,") == 3
    assert [json.loads(line)["outcome"] for line in told.stdout.splitlines()] == ["ok"] * 3, said
