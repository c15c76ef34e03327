"""Every recorded page reads as the record beside it.

A recording is a directory `tests/pages/<source id>/<YYYY-MM-DD>/`, named by the day of its visit; what its three files
hold is said in `spiders.onboarding.recording`. `article.json` is written by someone who looked at the page, not by the
code. An old layout's recording stays beside the new one's. The recordings of a catalogue of one's own, `pages/` in the
directory that MONADI_CATALOGUE names, are read as well.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from web_poet import HttpResponse

from spiders.detect import recognise
from spiders.onboarding.recording import page_of, record_of
from spiders.onboarding.visit import Answer
from spiders.platforms import CMSS, platform

OURS = Path(__file__).parents[1] / "pages"
OWN = [Path(directory) / "pages" for directory in [os.environ.get("MONADI_CATALOGUE")] if directory]
RECORDINGS = sorted(path.parent for folder in (OURS, *OWN) for path in folder.glob("*/*/page.html"))
NAMES = ["/".join(recording.parts[-2:]) for recording in RECORDINGS]


def answer_of(recording: Path) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads((recording / "response.json").read_text("utf-8"))
    return answer


def page(recording: Path) -> HttpResponse:
    answer = answer_of(recording)
    return page_of(
        Answer(
            url=answer["url"],
            status=answer["status"],
            headers=answer["headers"],
            body=(recording / "page.html").read_bytes(),
            fetched_at=datetime.fromisoformat(answer["fetched_at"]),
        )
    )


def as_shown(record: dict[str, Any]) -> dict[str, Any]:
    """A record whose markup has the white space that browsers show."""
    return {**record, "body_html": " ".join(record["body_html"].split())}


@pytest.mark.parametrize("recording", RECORDINGS, ids=NAMES)
def test_a_recorded_page_reads_as_its_record_says(recording, office):
    answer = answer_of(recording)
    source = office(
        id=recording.parts[-2],
        platform=answer["platform"],
        url=urljoin(answer["url"], "/"),
        selectors=answer.get("selectors"),
    )
    fetched_at = datetime.fromisoformat(answer["fetched_at"])
    article = platform(source.platform).read(page(recording), source=source, fetched_at=fetched_at)

    assert as_shown(record_of(article)) == as_shown(json.loads((recording / "article.json").read_text("utf-8")))


@pytest.mark.parametrize("recording", RECORDINGS, ids=NAMES)
def test_a_recorded_page_shows_which_platform_made_it(recording):
    found = recognise(page(recording))

    assert (found.platform.key if found else "generic") == answer_of(recording)["platform"]


@pytest.mark.parametrize("recording", RECORDINGS, ids=NAMES)
def test_somebody_has_held_a_record_against_its_page(recording):
    assert answer_of(recording).get("looked_at", "when it was written"), (
        f"{recording}: hold its article.json against it"
    )


def test_there_are_recordings_of_every_platform():
    platforms = {answer_of(recording)["platform"] for recording in RECORDINGS}

    assert platforms >= set(CMSS)
