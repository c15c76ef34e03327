"""The dashboard and the alert rules ask for what there is."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard
from prometheus_client import generate_latest

from archive import Archive, queue
from sources import Catalogue
from syndication.web.metrics import Metrics

MONITORING = Path(__file__).parents[3] / "docs" / "monitoring"
DASHBOARD = json.loads((MONITORING / "dashboard.json").read_text("utf-8"))
RULES = [rule for group in yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"] for rule in group["rules"]]
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


@pytest.fixture
def exposed(ask):
    families = re.findall(r"^# TYPE (\S+) (\S+)$", ask("/metrics").text, re.MULTILINE)
    return {f"{name}_bucket" if kind == "histogram" else name for name, kind in families}


def test_every_metric_that_is_asked_for_is_there(exposed):
    asked = {name for query in [*QUERIES, *(rule["expr"] for rule in RULES)] for name in named(query)}
    always = {"monadi_next_visit_timestamp_seconds", "monadi_last_crawl_timestamp_seconds"}  # once there is a crawl
    with_workers = {"monadi_queue_crawls", "monadi_workers"}  # where there is a queue
    assert asked <= exposed | always | with_workers


def test_a_queue_and_its_workers_are_counted(postgres, tmp_path):
    with postgres.database() as url, Archive(url, tmp_path / "search") as served:
        served.upgrade()
        queue.prepare(served.database)
        with queue.Queue(served.database) as handed:
            handed.put("mcls-yazd", 0)
        text = generate_latest(Metrics(served, Catalogue.load()).registry).decode()
    for line in (
        'monadi_queue_crawls{state="waiting"} 1.0',
        'monadi_queue_crawls{state="taken"} 0.0',
        "monadi_workers 0.0",
    ):
        assert f"\n{line}\n" in text


def test_every_metric_is_documented(exposed):
    told = (MONITORING.parent / "monitoring.md").read_text("utf-8")
    ours = {name.removesuffix("_bucket") for name in exposed if name.startswith("monadi_")}
    assert [name for name in ours if f"`{name}`" not in told] == []


@pytest.mark.parametrize("query", [*QUERIES, *(rule["expr"] for rule in RULES)])
def test_a_query_is_balanced_and_has_a_metric(query):
    assert named(query) or query.startswith("up{")
    assert [query.count(mark) for mark in "([{"] == [query.count(mark) for mark in ")]}"]


def test_each_rule_says_how_grave_it_is_and_what_it_means():
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"]


def test_grafana_has_a_place_for_everything_that_the_dashboard_says():
    """Its kinds drop what they do not know, so what is left out has no meaning for it."""
    register_default_plugins()
    read = json.loads(JSONEncoder().encode(Dashboard.from_json(DASHBOARD)))
    assert list(dropped(DASHBOARD, read)) == []


def test_a_table_shows_what_is_now():
    targets = [target for panel in DASHBOARD["panels"] if panel["type"] == "table" for target in panel["targets"]]
    assert targets
    assert [(target["format"], target["instant"]) for target in targets] == [("table", True)] * len(targets)


def test_panels_do_not_lie_on_each_other():
    taken = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken
        assert place["x"] + place["w"] <= 24
        taken |= cells


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_prometheus_takes_the_rules():
    done = subprocess.run(["promtool", "check", "rules", MONITORING / "alerts.yml"], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_prometheus_takes_the_queries_of_the_dashboard(tmp_path):
    rules = [{"record": f"query:{number}", "expr": query} for number, query in enumerate(QUERIES)]
    file = tmp_path / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    done = subprocess.run(["promtool", "check", "rules", file], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def dropped(said, read, path=""):
    """Where one document says what another does not."""
    if isinstance(said, dict) and isinstance(read, dict):
        for key, value in said.items():
            yield from dropped(value, read.get(key), f"{path}/{key}")
    elif isinstance(said, list) and isinstance(read, list) and len(said) == len(read):
        for number, pair in enumerate(zip(said, read, strict=True)):
            yield from dropped(*pair, f"{path}/{number}")
    elif said != read:
        yield path


def named(query):
    return set(re.findall(r"\b(?:monadi|process)_[a-z_]+", query))
