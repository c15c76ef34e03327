"""The OpenAPI document is valid, its examples run, and answers are what it says."""

import itertools
import re
import shlex
from pathlib import Path
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from sources import Catalogue
from syndication.exports.fields import RECORD
from tests.syndication.api.conftest import BASE, Ask

ROOT = Path(__file__).parents[3]


@pytest.fixture
def document(ask: Ask):
    return ask("/openapi.json").json()


def operations(document):
    return [(path, methods["get"]) for path, methods in document["paths"].items()]


def test_the_document_is_valid_openapi_of_3_1(document):
    assert document["openapi"].startswith("3.1.")
    assert document["servers"] == [{"url": f"{BASE}/api/v1"}]
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_everything_is_described(document):
    for path, operation in operations(document):
        assert operation["summary"], path
        assert operation["operationId"], path
        for parameter in operation.get("parameters", ()):
            assert parameter["description"], (path, parameter)
            assert parameter["schema"].get("examples") or parameter["name"] == "cursor", (path, parameter)
    assert len({operation["operationId"] for _, operation in operations(document)}) == len(document["paths"]) == 11


def test_every_error_is_stated(document):
    for path, operation in operations(document):
        stated = set(operation["responses"])
        assert stated == {
            "200",
            "400",
            "401",
            "406",
            "413",
            "414",
            "429",
            "500",
            "503",
            *(["404"] if "{" in path else []),
        }
        for status in stated - {"200"}:
            assert list(operation["responses"][status]["content"]) == ["application/problem+json"]


def asked(document):
    """The address of every example, alone and beside all others."""
    for path, operation in operations(document):
        there, words = {}, []
        for parameter in operation.get("parameters", ()):
            for example in parameter["schema"].get("examples", ()):
                values = example if isinstance(example, list) else [example]
                if parameter["in"] == "path":
                    there[parameter["name"]] = str(example)
                elif parameter.get("explode") is False:
                    words.append(f"{parameter['name']}={','.join(values)}")
                else:
                    words.append(f"{parameter['name']}={quote(str(values[0]))}")
        target = path.format(**there)
        yield from ((path, f"{target}?{word}") for word in ("", *words))


def test_every_example_runs_and_its_answer_is_what_the_document_says(ask: Ask, document):
    for path, target in asked(document):
        answer = ask(target)
        assert answer.status == 200, (target, answer.text)
        schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        validator = Draft202012Validator({**schema, "components": document["components"]})
        assert [error.message for error in itertools.islice(validator.iter_errors(answer.json()), 3)] == [], target


def test_examples_are_of_the_catalogue_and_the_archive(ask: Ask, document, catalogue: Catalogue):
    examples = {
        parameter["name"]: parameter["schema"]["examples"][0]
        for parameter in document["paths"]["/articles"]["get"]["parameters"]
        if parameter["schema"].get("examples")
    }
    assert examples["source"][0] in catalogue.sources
    assert ask(
        "/articles/" + document["paths"]["/articles/{id}"]["get"]["parameters"][0]["schema"]["examples"][0]
    ).status


def test_the_record_is_stated_name_by_name_in_its_order(document):
    article = document["components"]["schemas"]["Article"]
    names = [field.name for field in RECORD]
    assert list(article["properties"]) == article["required"] == names
    part = document["components"]["schemas"]["PartOfArticle"]
    assert list(part["properties"]) == names
    assert "required" not in part


def test_a_problem_is_what_the_document_says(ask: Ask, document):
    validator = Draft202012Validator({"$ref": "#/components/schemas/Problem", "components": document["components"]})
    for target in ("/articles?x=1", "/articles/none", "/nowhere"):
        assert list(validator.iter_errors(ask(target).json())) == []


@pytest.mark.parametrize("file", ["README.md", "docs/api.md"])
def test_what_the_documents_ask_is_answered(ask: Ask, file: str):
    lines = re.findall(r"^curl .*$", (ROOT / file).read_text("utf-8"), re.MULTILINE)
    targets = [word.partition("/api/v1")[2] for line in lines for word in shlex.split(line) if "/api/v1" in word]
    assert targets
    assert {ask(target).status for target in targets} == {200}


def test_every_address_and_parameter_is_in_the_documents(document):
    text = (ROOT / "docs/api.md").read_text("utf-8")
    for path, operation in operations(document):
        named = path.replace("{id}", "mcls-yazd/5273" if "articles" in path else "mcls-yazd").replace("{n}", "1")
        assert f"`{named.replace('{a}', '1').replace('{b}', '2')}" in text
        for parameter in operation.get("parameters", ()):
            assert parameter["in"] == "path" or f"`{parameter['name']}`" in text
