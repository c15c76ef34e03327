"""An office from its address to a feed, as an operator adds it: `monadi source add`, `check`, `record`, `coverage`."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sources import Catalogue
from sources.sample import SampleNewsroom

ROOT = Path(__file__).parents[1]
Monadi = Callable[..., subprocess.CompletedProcess[str]]


def _odd() -> Any:
    spec = importlib.util.spec_from_file_location("monadi_odd", ROOT / "tests" / "spiders" / "onboarding" / "odd.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def monadi(tmp_path: Path) -> Monadi:
    """The command with a catalogue of its own, `mine`, in which there is nothing yet."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MONADI_")}
    ours = {
        "MONADI_DATA": str(tmp_path / "data"),
        "MONADI_CATALOGUE": str(tmp_path / "mine"),
        "MONADI_ALLOW_HOSTS": "127.0.0.0/8",
    }

    def run(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "monadi", *words]
        environment = {**kept, **ours, **changes}
        return subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )

    return run


@pytest.fixture
def newsroom() -> Iterator[SampleNewsroom]:
    with SampleNewsroom() as opened:
        yield opened


@pytest.fixture
def urls(newsroom: SampleNewsroom) -> dict[str, str]:
    return {office.key: office.url for office in newsroom.offices}


@pytest.fixture
def odd() -> Iterator[Any]:
    with _odd().OddOffice() as opened:
        yield opened


def visited(monadi: Monadi, *words: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(monadi("source", "add", *words, "--delay", "0", "--json").stdout)
    return told


def test_the_family_of_an_office_is_found_from_its_address_alone(
    monadi: Monadi, newsroom: SampleNewsroom, tmp_path: Path
) -> None:
    newsroom.write_catalogue(tmp_path / "mine")
    file = tmp_path / "mine" / "agencies" / "sample.toml"
    file.write_text(re.sub('platform = ".*"', 'platform = "auto"', file.read_text("utf-8")), "utf-8")

    told = {each["source"]: each for each in map(json.loads, monadi("source", "check", "--json").stdout.splitlines())}

    for office in newsroom.offices:
        found = told[f"sample-{office.key}"]
        newest = next(release.title for release in newsroom.releases if release.office == office.key)
        assert found["platform"] == office.platform
        assert (found["candidates"][0]["surety"], bool(found["candidates"][0]["evidence"])) == ("sure", True)
        assert {each["kind"] for each in found["lists"] if each["entries"]} >= {"listing", "feed"}
        assert [each["article"]["title"] for each in found["articles"]] == [newest]
        assert found["failures"] == []


def test_the_documented_session_from_an_address_to_a_feed_is_what_happens() -> None:
    command = [sys.executable, "benchmarks/onboarding.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_recording_holds_the_page_as_it_came_and_fails_until_somebody_has_looked_at_it(
    monadi: Monadi, urls: dict[str, str], tmp_path: Path
) -> None:
    monadi("source", "add", urls["gilan"], "--write", "--delay", "0")
    again = monadi("source", "record", "ostandari-gilan")
    (recording,) = (tmp_path / "mine" / "pages" / "ostandari-gilan").iterdir()

    def tested() -> subprocess.CompletedProcess[str]:
        words = ["-q", "-p", "no:cacheprovider", "-k", "ostandari-gilan", "tests/spiders/test_recordings.py"]
        environment = {**os.environ, "MONADI_CATALOGUE": str(tmp_path / "mine")}
        command = [sys.executable, "-m", "pytest", *words]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    answer = json.loads((recording / "response.json").read_text("utf-8"))
    unseen = tested()
    (recording / "response.json").write_text(json.dumps({**answer, "looked_at": "2026-11-23"}), "utf-8")
    seen = tested()

    assert again.returncode == 2
    assert again.stderr == f"monadi: {recording} is there already; remove it to record that day anew\n"
    assert (answer["platform"], answer["looked_at"]) == ("wordpress", None)
    assert "article.json against it" in unseen.stdout
    assert "1 failed, 2 passed" in unseen.stdout
    assert "3 passed" in seen.stdout


def test_an_unknown_cms_is_said_to_be_one_and_its_suggested_selectors_settle_it(
    monadi: Monadi, odd: Any, tmp_path: Path
) -> None:
    added = monadi("source", "add", odd.url, "--write", "--delay", "0")
    office = Catalogue.load(tmp_path / "mine").source("behzisti-yazd")
    harvested = monadi("harvest")

    assert added.returncode == 0, added.stderr
    assert "platform: none of those known here, so the generic reader reads it" in added.stdout
    assert 'selectors = { title = ".onvan", body = ".matn-asli", date = ".zaman", kicker = ".balatitr"' in added.stdout
    assert (office.platform, office.selectors.body, office.agency.name_fa) == (
        "generic",
        ".matn-asli",
        "سازمان بهزیستی",
    )
    assert "behzisti-yazd: ok, 6 new" in harvested.stdout
    answer = json.loads(next((tmp_path / "mine" / "pages").rglob("response.json")).read_text("utf-8"))
    assert answer["selectors"]["title"] == ".onvan"
    assert "Set-Cookie" not in answer["headers"]


def test_a_page_of_one_release_leads_to_its_newsroom(monadi: Monadi, newsroom: SampleNewsroom) -> None:
    release = newsroom.releases[0]

    told = visited(monadi, newsroom.url(release.id))

    assert told["url"].count("/") == 3
    assert told["notes"][0] == "no TLS"
    assert told["notes"][1].startswith("that is the page of one release; the newsroom is taken to be at http://127.")
    assert len(told["articles"]) == 5


def test_a_front_page_that_only_leads_on_is_followed(monadi: Monadi, odd: Any) -> None:
    odd.pages |= {"/khabar/": odd.pages["/"], "/": "<meta http-equiv='Refresh' content='0; url=khabar/'><p>صبر کنید"}

    told = visited(monadi, odd.url)

    assert told["url"] == f"{odd.url}khabar/"
    assert f"its front page only leads on to {odd.url}khabar/" in told["notes"]
    assert len(told["articles"]) == 5


def test_a_front_page_that_is_a_script_is_said_to_be_one(monadi: Monadi, odd: Any) -> None:
    odd.pages |= {"/khabar/": odd.pages["/"], "/": "<script>window.location.href = '/khabar/'</script>"}

    done = monadi("source", "add", odd.url, "--delay", "0")

    assert done.returncode == 1
    assert "its front page only runs a script, which is not done here; give the address it leads to" in done.stdout
    assert "/khabar/" not in odd.asked


XHTML = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "x"><html xmlns="http://www.w3.org/1999/xhtml"'
HEAD = """<link rel="alternate" type="application/rss+xml" href="/khabar.xml" />
<meta name="Generator" content="Odd 2" /></head>"""


def test_a_newsroom_in_xhtml_is_found_like_any_other(monadi: Monadi, odd: Any) -> None:
    for path, text in list(odd.pages.items()):
        html = text.replace("<!DOCTYPE html><html", XHTML).replace("</head>", HEAD)
        odd.pages[path] = f'<?xml version="1.0" encoding="utf-8"?>\n{html}'

    done = monadi("source", "add", odd.url, "--delay", "0")

    assert f"{odd.url}khabar.xml" in done.stdout
    assert "Odd 2" in done.stdout
    assert "اداره کل بهزیستی استان یزد" in done.stdout
    assert ".onvan" in done.stdout


def test_nothing_is_asked_that_robots_txt_forbids(monadi: Monadi, odd: Any) -> None:
    odd.pages["/robots.txt"] = "User-agent: *\nDisallow: /show.php\nSitemap: /s.xml\n"

    done = monadi("source", "add", odd.url, "--write", "--delay", "0")

    assert done.returncode == 1
    assert odd.asked.count("/robots.txt") == 1
    assert not [path for path in odd.asked if path.startswith("/show.php")]
    assert "could not be read: robots.txt asks not to" in done.stdout
    assert "nothing is written, for nothing could be read" in done.stdout


def sitemap(*paths: str, kind: str = "url") -> str:
    whole = {"url": "urlset", "sitemap": "sitemapindex"}[kind]
    return f"<{whole}>{''.join(f'<{kind}><loc>{path}</loc></{kind}>' for path in paths)}</{whole}>"


@pytest.mark.parametrize(
    ("parts", "entries", "more", "problem"),
    [
        ({"/a.xml": sitemap("/show.php?code=1", "/show.php?code=2")}, 2, 0, None),
        ({"/a.xml": sitemap(), "/b.xml": sitemap("/show.php?code=1")}, 1, 1, None),
        ({"/a.xml": sitemap(), "/b.xml": sitemap(), "/c.xml": sitemap("/show.php?code=1")}, 0, 1, None),
        ({"/a.xml": sitemap("/deeper.xml", kind="sitemap")}, 0, 0, None),
        ({"/a.xml": None}, 0, 0, "its part {}a.xml: it answered 404"),
    ],
)
def test_a_visit_looks_into_an_index_of_sitemaps_but_not_far(
    monadi: Monadi, odd: Any, parts: dict[str, str | None], entries: int, more: int, problem: str | None
) -> None:
    odd.pages |= {"/robots.txt": "Sitemap: /map.xml\n", "/map.xml": sitemap(*parts, kind="sitemap")}
    odd.pages |= {path: text for path, text in parts.items() if text is not None}

    (found,) = (each for each in visited(monadi, odd.url)["lists"] if each["kind"] == "sitemap")

    assert found["url"] == f"{odd.url}map.xml"
    assert (found["entries"], found["more"]) == (entries, more)
    assert found["problem"] == (problem and problem.format(odd.url))
    assert len([path for path in odd.asked if path.endswith(".xml")]) <= 3


def test_an_office_that_cannot_be_placed_asks_for_what_is_missing_in_one_line(
    monadi: Monadi, odd: Any, tmp_path: Path
) -> None:
    odd.pages = {path: text.replace("اداره کل بهزیستی استان یزد", "پایگاه خبری") for path, text in odd.pages.items()}

    asked = monadi("source", "add", odd.url, "--write", "--delay", "0")
    words = ["--agency", "nemuneh", "--province", "یزد", "--office", "mehriz"]
    told = monadi("source", "add", odd.url, "--write", "--delay", "0", *words)

    assert asked.returncode == 2
    assert asked.stderr == (
        f"monadi: whose office {odd.url} is cannot be told from it; say so with --agency A and --province P\n"
    )
    assert told.returncode == 0, told.stderr
    source = Catalogue.load(tmp_path / "mine").source("nemuneh-mehriz")
    assert (source.province.key, source.agency.name_fa) == ("yazd", "پایگاه خبری")


def test_a_wrong_word_is_one_line_before_anything_is_visited(monadi: Monadi, odd: Any) -> None:
    done = monadi("source", "add", odd.url, "--province", "فارسی")

    assert (done.returncode, done.stdout, odd.asked) == (2, "", [])
    assert done.stderr.startswith('monadi: no province "فارسی"')
    assert done.stderr.count("\n") == 1


def test_an_office_that_does_not_answer_is_a_failure_that_says_why(monadi: Monadi) -> None:
    done = monadi("source", "add", "http://127.0.0.1:9/", "--write")

    assert done.returncode == 1
    assert "problem: robots.txt cannot be had (it refuses connections)" in done.stdout


def test_an_address_that_is_there_already_is_refused(monadi: Monadi, urls: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "mine" / "agencies").mkdir(parents=True)
    entry = f'[agency]\nname_fa = "نمونه"\nname_en = "Sample"\ndelay = 0.0\n[yazd]\nurl = "{urls["yazd"]}"\n'
    (tmp_path / "mine" / "agencies" / "sample.toml").write_text(entry, "utf-8")

    done = monadi("source", "add", urls["yazd"], "--write", "--delay", "0")

    assert done.returncode == 2
    assert "is in the catalogue already, as sample-yazd; `monadi source check sample-yazd` visits it" in done.stderr
    assert (tmp_path / "mine" / "agencies" / "sample.toml").read_text("utf-8") == entry


def test_check_names_the_source_whose_platform_is_not_the_one_stated(
    monadi: Monadi, newsroom: SampleNewsroom, tmp_path: Path
) -> None:
    newsroom.write_catalogue(tmp_path / "mine")
    file = tmp_path / "mine" / "agencies" / "sample.toml"
    file.write_text(file.read_text("utf-8").replace('"wordpress"', '"joomla"'), "utf-8")

    done = monadi("source", "check")
    well = monadi("source", "check", "sample-yazd", "--json")

    rows = {row.split("\t")[0]: row.split("\t") for row in done.stdout.splitlines()}
    assert done.returncode == 1
    assert {source: row[1:4] for source, row in rows.items()} == {
        "sample-gilan": ["differs", "wordpress", "joomla"],
        "sample-hormozgan": ["ok", "iransamaneh", "iransamaneh"],
        "sample-yazd": ["ok", "fa_portal", "fa_portal"],
    }
    assert 'the catalogue states "joomla", and its pages are those of "wordpress"' in rows["sample-gilan"][6]
    assert "no TLS" in rows["sample-yazd"][6]
    assert well.returncode == 0
    assert len(json.loads(well.stdout)["articles"]) == 1


def test_coverage_is_known_before_and_after_a_harvest(monadi: Monadi, newsroom: SampleNewsroom, tmp_path: Path) -> None:
    newsroom.write_catalogue(tmp_path / "mine")
    before = monadi("source", "coverage")
    monadi("harvest", "sample-yazd", "--limit", "1")

    after = json.loads(monadi("source", "coverage", "--json").stdout)

    assert before.returncode == 0, before.stderr
    assert len(before.stdout.splitlines()) == 31
    assert "یزد\tnever harvested" in before.stdout.splitlines()
    assert "31 provinces by 1 agency: 28 missing, 3 never harvested" in before.stderr
    assert after["counts"] == {"missing": 28, "never harvested": 2, "ok": 1}


def test_an_installed_program_says_where_a_catalogue_of_ones_own_goes(monadi: Monadi, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    for package in ("archive", "persian", "sources", "spiders", "syndication"):
        shutil.copytree(ROOT / package, installed / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "monadi.py", installed)

    done = monadi("source", "add", "http://127.0.0.1:9/", "--write", MONADI_CATALOGUE="", PYTHONPATH=str(installed))

    assert done.returncode == 2
    assert done.stderr.startswith("monadi: the built-in catalogue belongs to the installed program; name a directory")
