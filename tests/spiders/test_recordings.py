"""Every recorded page reads as the record beside it.

A recording is a directory `tests/pages/<source id>/<YYYY-MM-DD>/`, named by the day of its visit, with three files:

`page.html`      the body of the answer, byte for byte
`response.json`  {"url", "status", "headers": {name: value}, "platform", "fetched_at"}
`article.json`   what is right to read from it: the fields of `Article` without `fetched_at`, dates by `to_dict()`

`article.json` is written by someone who looked at the page, not by the code. An old layout's recording stays beside
the new one's.
"""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from web_poet import HttpResponse

from archive import Article
from spiders.detect import recognise
from spiders.platforms import CMSS, platform

RECORDINGS = sorted(path.parent for path in (Path(__file__).parents[1] / "pages").glob("*/*/page.html"))
NAMES = ["/".join(recording.parts[-2:]) for recording in RECORDINGS]


def as_recorded(article: Article) -> dict[str, Any]:
    record = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(article).items()}
    del record["fetched_at"]
    for name in ("published", "modified"):
        date = getattr(article, name)
        record[name] = date and date.to_dict()
    return record


def as_shown(record: dict[str, Any]) -> dict[str, Any]:
    """A record whose markup has the white space that browsers show."""
    return {**record, "body_html": " ".join(record["body_html"].split())}


@pytest.mark.parametrize("recording", RECORDINGS, ids=NAMES)
def test_a_recorded_page_reads_as_its_record_says(recording, office):
    answer = json.loads((recording / "response.json").read_text("utf-8"))
    response = HttpResponse(
        answer["url"],
        body=(recording / "page.html").read_bytes(),
        status=answer["status"],
        headers=answer["headers"],
    )
    source = office(id=recording.parts[-2], platform=answer["platform"], url=urljoin(answer["url"], "/"))
    fetched_at = datetime.fromisoformat(answer["fetched_at"])
    article = platform(source.platform).read(response, source=source, fetched_at=fetched_at)

    assert as_shown(as_recorded(article)) == as_shown(json.loads((recording / "article.json").read_text("utf-8")))


@pytest.mark.parametrize("recording", RECORDINGS, ids=NAMES)
def test_a_recorded_page_shows_which_platform_made_it(recording):
    answer = json.loads((recording / "response.json").read_text("utf-8"))
    page = HttpResponse(answer["url"], body=(recording / "page.html").read_bytes(), headers=answer["headers"])

    assert recognise(page).platform.key == answer["platform"]


def test_there_are_recordings_of_every_platform():
    platforms = {json.loads((recording / "response.json").read_text("utf-8"))["platform"] for recording in RECORDINGS}

    assert platforms == set(CMSS)
