"""Edits from the page on: what is held and what is read again, whether that is an edit, and which (`edits.toml`).

pytest tests/test_edits.py -s      prints precision and recall over the table
"""

import tomllib
from collections import Counter
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import pytest
from web_poet import HttpResponse

from archive import Article, Kind, State
from archive.differences import QUIET, Class, Op, Severity, compare
from archive.revisions import judge
from sources import Catalogue
from spiders.platforms import platform

TABLE = tomllib.loads((Path(__file__).parent / "edits.toml").read_text("utf-8"))
EDITS: list[dict[str, Any]] = TABLE["edit"]
SOURCE = Catalogue.load().source("mcls-yazd")
PAGE = """<!DOCTYPE html><html lang="fa" dir="rtl"><head><meta charset="utf-8"><title>{title}</title></head><body>
<ol class="breadcrumb"><li><a href="/fa/news">خبرها</a></li></ol>
<article class="article-view"><div class="kicker">{kicker}</div><h1>{title}</h1>
<div class="info"><span class="date-info">{date}</span> <span class="views">بازدید: {views}</span></div>
<div class="main-image"><img src="{image}" alt=""></div><div class="summary">{lead}</div>
<div class="content">{body}</div>
<p class="attachment"><a href="{file}" type="application/pdf">برنامه نمایشگاه</a></p>
<div class="tags">برچسب‌ها: {tags}</div><div class="share"><span>هم‌رسانی</span> {share}</div></article>
<aside class="related"><h3>خبرهای مرتبط</h3><ul>{related}</ul></aside></body></html>"""


def read(fields: dict[str, str]) -> Article:
    """A page of these fields as its platform reads it."""
    values = TABLE["page"] | fields
    values["body"] = "".join(f"<p>{line}</p>" for line in values["body"].strip().split("\n"))
    values["tags"] = " ".join(f'<a href="#">{escape(tag)}</a>' for tag in values["tags"].split("، "))
    values["related"] = "".join(
        f'<li><a href="/fa/news/{len(each)}">{each}</a></li>' for each in values["related"].split("؛ ")
    )
    html = PAGE.format(**values)
    response = HttpResponse(f"{SOURCE.url}fa/news/7/{values['slug']}", body=html.encode(), encoding="utf-8")
    return platform("fa_portal").read(response, source=SOURCE, fetched_at=datetime(2021, 12, 6, 9, tzinfo=UTC))


def both(edit: dict[str, Any]) -> tuple[Article, Article]:
    held = edit.get("held", {})
    return read(held), read({**held, **edit.get("read", {})})


def told(edit: dict[str, Any]) -> list[str]:
    """What is said of an edit: its classes, if it is one."""
    held, reading = both(edit)
    return [str(each) for each in compare(held, reading).classes] if judge(held, State.LIVE, reading) else []


@pytest.mark.parametrize("edit", EDITS, ids=[edit["name"] for edit in EDITS])
def test_an_edit_is_told_by_what_it_changed(edit):
    held, reading = both(edit)
    expected = edit.get("found", edit.get("classes", []))

    found = compare(held, reading)

    assert judge(held, State.LIVE, reading) is (Kind.REVISED if expected else None)
    assert [str(each) for each in found.classes] == expected
    assert (found.severity is Severity.QUIET) == QUIET.issuperset(map(Class, expected))


@pytest.mark.parametrize("edit", EDITS, ids=[edit["name"] for edit in EDITS])
def test_the_operations_of_an_edit_give_both_texts(edit):
    held, reading = both(edit)

    for part in compare(held, reading).parts:
        if part.part in {"kicker", "title", "lead", "body"}:
            for op, article in ((Op.ADDED, held), (Op.REMOVED, reading)):
                text = "".join(each.text for each in part.operations if each.op is not op)
                assert text == (getattr(article, part.part) or "")


def test_the_table_holds_edits_and_what_only_looks_like_one():
    edits = [edit for edit in EDITS if edit.get("classes")]

    assert len(edits) >= 40
    assert len(EDITS) - len(edits) >= 15
    assert {each for edit in edits for each in edit["classes"]} == set(map(str, Class))
    assert all(edit["why"] for edit in EDITS if "found" in edit)


def test_precision_and_recall_over_the_table():
    right, said, true = Counter(), Counter(), Counter()
    for edit in EDITS:
        found, stated = (
            {*names, *(["an edit at all"] if names else [])} for names in (told(edit), edit.get("classes", []))
        )
        right.update(found & stated)
        said.update(found)
        true.update(stated)
    rows = [
        f"{name:<20} precision {right[name] / said[name]:6.1%}  recall {right[name] / true[name]:6.1%}  of {true[name]}"
        for name in sorted(true)
    ]

    print("", *rows, sep="\n")  # noqa: T201 - shown by pytest -s
    assert all(right[name] >= 0.7 * max(said[name], true[name]) for name in true)
