"""The Grafana dashboard asks a real Prometheus, which watches a `monadi up` in trouble: no panel may be empty.

    apt-get install prometheus chromium && .venv/bin/python .ci/dashboard.py [DIRECTORY]

Five minutes of the sample newsroom, which publishes meanwhile, with a page that cannot be read, beside an office that
keeps everybody out, one that says nothing and one that is away. Then every query of docs/monitoring/dashboard.json is
asked for the time of the run, the rules of alerts.yml are to have been judged without an error, and pictures go to
DIRECTORY (docs/screenshots): Prometheus's own graphs of the main queries, and the status page of the same run. By hand:
it takes its time, and programs beside Python.
"""

import json
import math
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import sync_playwright

from sources.sample import SampleNewsroom

ROOT = Path(__file__).parents[1]
MONITORING = ROOT / "docs/monitoring"
DASHBOARD = json.loads((MONITORING / "dashboard.json").read_text("utf-8"))
SECONDS, BETWEEN_RELEASES = 300, 20
TROUBLES = """
[agency]
name_fa = "گرفتار"
name_en = "In trouble"
platform = "fa_portal"
every = "20s"
"""
OFFICE = '\n[{name}]\nprovince = "{province}"\nurl = "{url}"\ndelay = 0.0\n'
WATCHES = """
global: {{scrape_interval: 2s, evaluation_interval: 5s}}
rule_files: [{rules}]
scrape_configs: [{{job_name: monadi, static_configs: [{{targets: ["{site}"]}}]}}]
"""
GRAPHS = (
    "monadi_sources > 0",
    "sum by (outcome) (increase(monadi_crawls_total[1h])) > 0",
    "monadi_alarms > 0",
    "histogram_quantile(0.95, sum by (le) (rate(monadi_crawl_seconds_bucket[1h])))",
)

PLAIN = """
body { padding-top: 0 !important }
.navbar { position: static !important }
.query-history, .eval_stats, .nav-tabs, .form-inline { display: none }
[name=remove], #add_graph, .prometheus_input_group { display: none }
"""  # which Prometheus's pages show around their graphs


class Office(BaseHTTPRequestHandler):
    """An office that answers everything alike: with the status and the page of its server."""

    def do_GET(self) -> None:
        self.send_response(self.server.status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.server.page)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def office(address: str, status: int, page: str) -> Iterator[str]:
    with ThreadingHTTPServer((address, 0), Office) as server:
        server.status, server.page = status, page.encode()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{address}:{server.server_port}/"
        server.shutdown()


def free() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


def write_catalogue(newsroom: SampleNewsroom, place: Path, barred: str, bare: str) -> None:
    """Each office in trouble has an address of its own, for crawls of one host are kept a minute apart."""
    newsroom.write_catalogue(place)
    sample = place / "agencies/sample.toml"
    sample.write_text(sample.read_text("utf-8").replace("[agency]\n", '[agency]\nevery = "20s"\n'), "utf-8")
    offices = (
        ("away", "IR-25", f"http://127.0.0.4:{free()}/"),
        ("barred", "IR-10", barred),
        ("bare", "IR-14", bare),
    )
    tables = [OFFICE.format(name=name, province=province, url=url) for name, province, url in offices]
    (place / "agencies/troubled.toml").write_text("".join([TROUBLES, *tables]), "utf-8")


@contextmanager
def running(name: str, place: Path, *command: str, **environment: str) -> Iterator[None]:
    with (place / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=place, stdout=log, stderr=log, env={**os.environ, **environment})
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def watched(place: Path) -> Iterator[tuple[SampleNewsroom, str, str]]:
    """The newsroom, which may be edited, and the addresses of Monadi, which reads it, and Prometheus, which watches."""
    site, prometheus = f"127.0.0.1:{free()}", f"127.0.0.1:{free()}"
    (place / "prometheus.yml").write_text(WATCHES.format(rules=MONITORING / "alerts.yml", site=site), "utf-8")
    with ExitStack() as stack:
        newsroom = stack.enter_context(SampleNewsroom())
        newsroom.edit(next(each.id for each in newsroom.releases if each.office == "yazd"), title=" ")
        barred = stack.enter_context(office("127.0.0.2", 403, "<h1>Forbidden</h1>"))
        bare = stack.enter_context(office("127.0.0.3", 200, "<html><body><p>به زودی</p></body></html>"))
        write_catalogue(newsroom, place / "catalogue", barred, bare)
        up = (sys.executable, "-m", "monadi", "up", "--port", site.rpartition(":")[2])
        settings = {"MONADI_DATA": "data", "MONADI_CATALOGUE": "catalogue", "MONADI_ALLOW_HOSTS": "127.0.0.0/8"}
        stack.enter_context(running("monadi", place, *up, **settings))
        listens = (f"--web.listen-address={prometheus}", "--storage.tsdb.path=series")
        stack.enter_context(running("prometheus", place, "prometheus", "--config.file=prometheus.yml", *listens))
        yield newsroom, f"http://{site}", f"http://{prometheus}"


def publish(newsroom: SampleNewsroom) -> None:
    """Some releases more, one after another, while the run lasts."""
    pattern = next(each for each in newsroom.releases if each.office == "hormozgan")
    for number in range(SECONDS // BETWEEN_RELEASES):
        newsroom.add(replace(pattern, id=str(990_000 + number), slug=None, tags=()))
        time.sleep(BETWEEN_RELEASES)


def ask(prometheus: str, path: str, **words: str) -> dict:
    with urlopen(f"{prometheus}/api/v1/{path}?{urlencode(words)}", timeout=30) as answer:  # noqa: S310 - loopback
        return json.load(answer)["data"]


def series(prometheus: str, query: str) -> list[str]:
    """The series that a query gives for the time of the run, by their labels."""
    now = time.time()
    found = ask(prometheus, "query_range", query=query, start=str(now - SECONDS), end=str(now), step="5")["result"]
    return [
        ",".join(value for name, value in each["metric"].items() if name not in {"__name__", "instance", "job"}) or "-"
        for each in found
        if any(not math.isnan(float(value)) for _, value in each["values"])
    ]


def judge(prometheus: str) -> list[str]:
    """What is wrong, after a line for each query."""
    wrong = []
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            found = series(prometheus, target["expr"])
            print(f"{panel['title']}: {len(found)} ({'; '.join(sorted(found)[:8])})")
            wrong += [] if found else [f"{panel['title']}: {target['expr']} is empty"]
    never = ask(prometheus, "query", query='monadi_sources{state="never"} > 0')["result"]
    wrong += [f"{each['value'][1]} sources have never been visited" for each in never]
    rules = [rule for group in ask(prometheus, "rules")["groups"] for rule in group["rules"]]
    print("rules: " + ", ".join(f"{rule['name']} {rule['state']}" for rule in rules))
    return wrong + [f"{rule['name']}: {rule.get('lastError')}" for rule in rules if rule["health"] != "ok"]


def graphs(prometheus: str) -> str:
    """The page of Prometheus with its own graphs of the main queries, of the time of the run."""
    words = {}
    for number, query in enumerate(GRAPHS):
        words |= {f"g{number}.expr": query, f"g{number}.tab": "0", f"g{number}.range_input": f"{SECONDS}s"}
    return f"{prometheus}/classic/graph?{urlencode(words)}"


def take(addresses: dict[str, str], target: Path) -> None:
    """Pictures of whole pages, by the names of their files."""
    program = os.environ.get("MONADI_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 1300}, bypass_csp=True)
        for name, address in addresses.items():
            page.goto(address, wait_until="networkidle")
            page.add_style_tag(content=PLAIN)
            page.wait_for_timeout(2000)
            page.screenshot(path=target / f"{name}.png", full_page=True)
            with Image.open(target / f"{name}.png") as image:
                image.convert("RGB").quantize(64).save(target / f"{name}.png", optimize=True)
        browser.close()


def main() -> int:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs/screenshots"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, watched(Path(folder)) as (newsroom, site, prometheus):
        publish(newsroom)
        wrong = judge(prometheus)
        take({"prometheus": graphs(prometheus), "status-trouble": f"{site}/status"}, target)
        log = (Path(folder) / "monadi.log").read_text("utf-8")
    print(log)
    warned = re.findall("^.*(?:ERROR|Traceback).*$", log, re.MULTILINE)
    print("\n".join([*wrong, *warned]) or "every panel shows something")
    return 1 if wrong or warned else 0


if __name__ == "__main__":
    sys.exit(main())
