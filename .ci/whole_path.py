"""The whole path, from newsrooms with real texts to feeds, checked against their truth.

    .venv/bin/python .ci/whole_path.py ../shared/newsroom

Serves the newsrooms on loopback, harvests them by the platforms that their catalogue states, by detection and by the
generic reader, on two days, and prints one section a promise. The exit status is 1 when any is not kept.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import feedparser
import sqlalchemy as sa
from lxml import etree

from archive import Kind, State
from archive.configuration import read_configuration
from archive.identity import url_key
from archive.query import Query
from archive.store import open_archive
from archive.tables import articles

PORT = 8731
BIN = Path(sys.executable).parent
FAILED: list[str] = []


def main(newsroom: Path) -> int:
    with tempfile.TemporaryDirectory(prefix="monadi-whole-path-") as folder:
        work = Path(folder)
        os.environ["MONADI_ALLOW_HOSTS"] = "127.0.0.0/8"
        for name, words in {"stated": (), "auto": ("--auto",)}.items():
            write = ["--truth", str(work / "truth.ndjson"), "--catalogue", str(work / name / "catalogue")]
            subprocess.run(
                [sys.executable, newsroom / "serve.py", "--port", str(PORT), "--write-only", *write, *words], check=True
            )
        truth = [json.loads(line) for line in (work / "truth.ndjson").read_text("utf-8").splitlines()]
        with serving(newsroom, "--log", str(work / "day1.log")):
            first_day(newsroom, work, truth)
        visits(work, truth)
        with serving(newsroom):
            by_detection(newsroom, work, truth)
            by_the_generic_reader(newsroom, work)
        with serving(newsroom, "--edits"):
            for name in ("stated", "auto"):
                second_day(newsroom, work, name, truth)
        use(work, "stated")
        feeds(work)
    print("\nPASS" if not FAILED else "\nFAIL: " + "; ".join(FAILED))
    return bool(FAILED)


def use(work: Path, name: str) -> None:
    """Turn to the archive of a catalogue."""
    catalogue = work / ("auto" if name == "auto" else "stated") / "catalogue"
    os.environ |= {"MONADI_DATA": str(work / name / "data"), "MONADI_CATALOGUE": str(catalogue)}


def first_day(newsroom: Path, work: Path, truth: list[dict[str, Any]]) -> None:
    section("harvest")
    use(work, "stated")
    run("monadi", "harvest")
    run("monadi", "export", str(work / "day1.ndjson"))
    check(newsroom, work, "day1.ndjson", "--min-body-f1", "100")
    with open_archive(read_configuration()) as archive:
        wrong = [line for found in archive.verify() for line in found.lines]
    expect("the archive verifies" + "".join(f"\n     {line}" for line in wrong), not wrong)
    section("the seed page, field by field")
    seed(newsroom, work)
    section("a second harvest right after")
    run("monadi", "harvest")
    with open_archive(read_configuration()) as archive:
        kinds = Counter(str(change.kind) for change in archive.changes() if change.kind is not Kind.COPIED)
    expect("nothing new, nothing revised", kinds == {"new": len([t for t in truth if t["state_day2"] != "new"])})


def visits(work: Path, truth: list[dict[str, Any]]) -> None:
    log = [json.loads(line) for line in (work / "day1.log").read_text("utf-8").splitlines()]
    paths = {(t["host"], t["url"].split("/", 3)[3]) for t in truth}
    fetched = Counter((entry["host"], entry["target"].lstrip("/")) for entry in log)
    twice = [page for page in paths if fetched[page] > 1]
    expect(f"{len(paths & fetched.keys())} article pages fetched, none of them twice", not twice)


def by_detection(newsroom: Path, work: Path, truth: list[dict[str, Any]]) -> None:
    section("every platform left to detection")
    use(work, "auto")
    run("monadi", "harvest")
    run("monadi", "export", str(work / "auto.ndjson"))
    check(newsroom, work, "auto.ndjson", "--min-body-f1", "100")
    records = map(json.loads, (work / "auto.ndjson").read_text("utf-8").splitlines())
    found = {record["source"]: record["extractor"].partition("/")[0] for record in records}
    true = {identity(t).partition("/")[0]: platform_of(t) for t in truth}
    expect(f"the right platform for {len(true)} offices", found == true)


def by_the_generic_reader(newsroom: Path, work: Path) -> None:
    section("the generic reader alone")
    use(work, "generic")
    run("monadi", "harvest", "--platform", "generic")
    run("monadi", "export", str(work / "generic.ndjson"))
    least = ("--min-title", "97", "--min-kicker", "95", "--min-lead", "95", "--min-body-f1", "98")
    check(newsroom, work, "generic.ndjson", *least)


def second_day(newsroom: Path, work: Path, name: str, truth: list[dict[str, Any]]) -> None:
    section(f"a day later, harvested in full ({name})")
    use(work, name)
    with open_archive(read_configuration()) as archive:
        before = archive.changes()[-1].seq
        run("monadi", "harvest", "--full")
        run("monadi", "export", str(work / f"{name}2.ndjson"))
        check(newsroom, work, f"{name}2.ndjson", "--day", "2", "--min-body-f1", "100")
        told = {
            (str(change.kind), change.article)
            for change in archive.changes(since=before)
            if change.kind is not Kind.COPIED  # of what is shared, which follows from these
        }
        with archive.reading() as connection:
            missing = connection.scalars(sa.select(articles.c.id).where(articles.c.missing_since.is_not(None)))
            missed = set(missing)
        wrong = [line for found in archive.verify() for line in found.lines]
    states = {"edited": "revised", "new": "new"}
    true = {(states[t["state_day2"]], identity(t)) for t in truth if t["state_day2"] in states}
    expect(f"{len(true)} true edits and new releases, and the log tells of exactly these", told == true)
    expect("the archive verifies a day later", not wrong)
    removed = {identity(t) for t in truth if t["state_day2"] == "removed"}
    expect(f"{len(removed)} releases were removed, and exactly these are missing", missed == removed)
    moved = {identity(t): t["day2"]["url"] for t in truth if t["state_day2"] == "moved"}
    records = {record["id"]: record for record in map(json.loads, (work / f"{name}2.ndjson").open(encoding="utf-8"))}
    followed = [id_ for id_, url in moved.items() if url_key(records[id_]["url"]) == url_key(url)]
    expect(f"{len(moved)} releases moved, and each is the article that it was", len(followed) == len(moved))


def seed(newsroom: Path, work: Path) -> None:
    expected = json.loads((newsroom / "seed" / "article.json").read_text("utf-8"))
    records = map(json.loads, (work / "day1.ndjson").read_text("utf-8").splitlines())
    record = next(record for record in records if record["native_id"] == expected["native_id"])
    found = {
        "native_id": record["native_id"],
        "kicker": record["kicker"],
        "title": record["title"],
        "lead": record["lead"],
        "body_paragraphs": record["body"].split("\n"),
        "byline_office": record["byline"],
        "published_raw": record["published"]["raw"],
        "published": record["published"]["gregorian"],
        "precision": record["published"]["precision"],
        "jalali": record["published"]["jalali"],
        "province_iso": record["province"]["iso"],
        "province_fa": record["province"]["fa"],
        "category": record["category"],
        "image_caption": record["body_html"].partition("<figcaption>")[2].partition("</figcaption>")[0],
        "tags": record["tags"],
    }
    for name, value in found.items():
        expect(f"seed {name}", value == expected[name])
    expect("seed comment_form is nowhere", not any(line in json.dumps(record) for line in expected["comment_form"]))


def feeds(work: Path) -> None:
    section("feeds")
    publish = ("monadi", "feeds", "publish", str(work / "public"), "--base-url", "https://news.example.ir")
    run(*publish)
    shutil.copytree(work / "public", work / "before")
    run(*publish)
    expect("two publishes in a row are byte-identical", tree(work / "public") == tree(work / "before"))
    with open_archive(read_configuration()) as archive:
        items = {item.guid: item for item in archive.articles(Query(limit=50))}
    instants = {guid: item.article.published.ordering for guid, item in items.items() if item.article.published}
    documents = sorted(file for file in (work / "public" / "feeds").rglob("*") if file.suffix in (".rss", ".atom"))
    broken = [file.name for file in documents if not well_formed(file)]
    expect(f"{len(documents)} documents of RSS and Atom are well-formed {broken[:5]}", not broken)
    with open_archive(read_configuration()) as archive:
        announced = {item.guid for item in archive.articles(Query(states=(State.LIVE, State.UNLISTED)))}
    for suffix in ("rss", "atom"):
        entries = feedparser.parse((work / "public" / "feeds" / f"all.{suffix}").read_bytes()).entries
        told = {entry.id: datetime(*entry.published_parsed[:6]) for entry in entries}
        kept = {
            guid: instant.replace(tzinfo=None, second=instant.second, microsecond=0)
            for guid, instant in instants.items()
        }
        expect(f"all.{suffix}: {len(entries)} entries, the archive's instants", kept.items() <= told.items())
        expect(f"all.{suffix}: beyond the newest fifty at most as many edits", len(entries) <= 2 * len(items))
        archived = [file for file in documents if file.parent.parent.name == "all" and file.suffix == f".{suffix}"]
        replayed = {entry.id for file in archived for entry in feedparser.parse(file.read_bytes()).entries}
        expect(f"all.{suffix}: {len(archived)} archived documents replay {len(replayed)}", announced <= replayed)
    count = len(json.loads((work / "public" / "feeds" / "all.json").read_bytes())["items"])
    expect(f"all.json: {count} items", count == len(entries))


def well_formed(file: Path) -> bool:
    """Whether a document is XML; those that subscribers poll are read by a reader, too."""
    try:
        etree.parse(file)
    except etree.XMLSyntaxError:
        return False
    if file.parent.name.isdecimal() or file.stem.isdecimal():
        return True
    parsed = feedparser.parse(file.read_bytes())
    return not parsed.bozo and all(entry.get("published_parsed") for entry in parsed.entries)


def tree(directory: Path) -> dict[str, bytes]:
    return {str(file.relative_to(directory)): file.read_bytes() for file in directory.rglob("*") if file.is_file()}


def identity(true: dict[str, Any]) -> str:
    return f"newsroom-{true['newsroom'].partition('-')[0]}/{true['native_id']}"


def platform_of(true: dict[str, Any]) -> str:
    return true["platform"].removesuffix("-classic").removesuffix("-modern").replace("-", "_")


def check(newsroom: Path, work: Path, export: str, *words: str) -> None:
    command = [
        sys.executable,
        str(newsroom / "check.py"),
        "--truth",
        str(work / "truth.ndjson"),
        "--export",
        str(work / export),
    ]
    expect(f"check.py on {export}", subprocess.run([*command, *words], check=False).returncode == 0)


def run(program: str, *words: str) -> None:
    print("$", program, " ".join(words), flush=True)
    expect(f"{program} {words[0]}", subprocess.run([BIN / program, *words], check=False).returncode == 0)


@contextmanager
def serving(newsroom: Path, *words: str) -> Iterator[None]:
    command = [sys.executable, str(newsroom / "serve.py"), "--port", str(PORT), *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            print(server.stdout.readline() if server.stdout else "", end="")
            yield
        finally:
            server.terminate()


def section(title: str) -> None:
    print(f"\n-- {title}", flush=True)


def expect(promise: str, kept: bool) -> None:
    if not kept:
        FAILED.append(promise)
    print(f"{'ok  ' if kept else 'FAIL'} {promise}", flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
