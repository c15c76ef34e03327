"""The API has a page for people, made of its OpenAPI document."""

import re
from html import unescape

import pytest

from archive import Archive
from sources import Catalogue
from syndication.web import create_app
from tests.syndication.api.conftest import BASE, Ask
from tests.syndication.asking import Client


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_says_what_the_document_says(ask: Ask, filled: Archive, catalogue: Catalogue, prefix: str):
    page = Client(create_app(filled, catalogue, BASE))(f"{prefix}/api/")
    assert page.status == 200
    text = unescape(page.text)
    for path, methods in ask("/openapi.json").json()["paths"].items():
        assert f"<code>{path}</code>" in text
        assert methods["get"]["summary"] in text
        assert all(f"<code>{each['name']}</code>" in page.text for each in methods["get"]["parameters"])
    assert "<script" not in page.text
    assert "style=" not in page.text
    examples = re.findall(r'href="/monadi/api/v1([^"]*)"', page.text)
    assert len(examples) > 4
    assert {ask(target.replace("&amp;", "&")).status for target in examples} == {200}


def test_the_address_without_its_slash_leads_there(filled: Archive, catalogue: Catalogue):
    ask = Client(create_app(filled, catalogue, BASE))
    assert [ask(path).headers["location"] for path in ("/api", "/api/v1")] == ["/monadi/api/", "/monadi/api/"]
