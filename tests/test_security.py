"""SECURITY.md is true: what it lists is what is installed, and the tests that it names are there."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = ("parquet", "postgres")  # that people install who run Monadi


def names(requirements: list[str]) -> list[str]:
    return [re.match(r"[A-Za-z0-9-]+", each)[0] for each in requirements]


def test_every_dependency_is_listed_with_the_reason_to_trust_it():
    listed = re.findall(r"^\| `([a-z0-9-]+)` \| (raw|text|none) \| \S.{3,} \|$", TEXT, re.MULTILINE)
    installed = names(
        [*PROJECT["dependencies"], *(each for name in EXTRAS for each in PROJECT["optional-dependencies"][name])]
    )
    assert sorted(name for name, _ in listed) == sorted(installed)


def test_what_it_names_is_there():
    named = set(re.findall(r"`((?:tests|spiders|persian|archive|syndication|benchmarks)/[\w./]+)`", TEXT))
    assert {name for name in named if not (ROOT / name).exists()} <= {"tests/hostile/"}  # which is made elsewhere
    settings = set(re.findall(r"`(MONADI_[A-Z_]+)`", TEXT))
    readme = (ROOT / "README.md").read_text("utf-8") + (ROOT / "docs/deployment.md").read_text("utf-8")
    assert {name for name in settings if name not in readme} == set()
