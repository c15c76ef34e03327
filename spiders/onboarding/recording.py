"""Recordings of pages: `<folder>/<source id>/<YYYY-MM-DD>/` with three files, for tests of how pages are read.

`page.html`      the body of the answer, byte for byte
`response.json`  {"url", "status", "headers": {name: value}, "platform", "fetched_at"}, and "selectors" of the source's
                 own; "looked_at": null says that nobody has held the record against the page yet
`article.json`   what is right to read from it: the fields of `Article` without `fetched_at` and `snapshot`, dates by
                 `to_dict()`
"""

import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scrapy.http import HtmlResponse
from web_poet import HttpResponse

from archive import Article
from sources import Source
from sources.writing import place
from spiders.errors import NotRecorded, PageError
from spiders.onboarding.visit import Answer, Sample
from spiders.platforms import platform
from spiders.responses import page_response


def folder_of(catalogue: Path | None) -> Path:
    """Where the recordings of a catalogue's pages are: beside its agencies; of the built-in one, with the tests.

    Raises `CatalogueError` for that of an installed program.
    """
    root = place(catalogue)
    return root / "pages" if catalogue else root.parent / "tests" / "pages"


def record_of(article: Article) -> dict[str, Any]:
    """An article as a recording states it."""
    record = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(article).items()}
    del record["fetched_at"], record["snapshot"]
    for name in ("published", "modified"):
        date = getattr(article, name)
        record[name] = date and date.to_dict()
    return record


def page_of(answer: Answer) -> HttpResponse:
    """The page of an answer, in the charset that it is written in."""
    response = HtmlResponse(answer.url, body=answer.body, status=answer.status, headers=dict(answer.headers))
    return page_response(response)[0]


def record(source: Source, sample: Sample, folder: Path) -> Path:
    """Write the recording of an article that a visit read; returns its directory.

    Raises `NotRecorded` where there is one of that day, or where nothing was read; it appears whole or not at all.
    """
    answer, article = sample.answer, sample.article
    if answer is None or article is None:
        raise NotRecorded(f"{sample.url} is not recorded: {sample.problem or 'it was not read'}")
    directory = folder / source.id / f"{answer.fetched_at:%Y-%m-%d}"
    if directory.exists():
        raise NotRecorded(f"{directory} is there already; remove it to record that day anew")
    stated = {part: css for part, css in asdict(source.selectors).items() if css}
    response = {
        "url": answer.url,
        "status": answer.status,
        "headers": dict(answer.headers),
        "platform": article.extractor.partition("/")[0],
        **({"selectors": stated} if stated else {}),
        "fetched_at": answer.fetched_at.isoformat(timespec="seconds"),
        "looked_at": None,
    }
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".") as place:
            new = Path(place) / directory.name
            new.mkdir()
            (new / "page.html").write_bytes(answer.body)
            _write(new / "response.json", response)
            _write(new / "article.json", record_of(_alone(source, answer, article)))
            os.replace(new, directory)  # noqa: PTH105 - a directory that must not be there yet
    except OSError as error:
        raise NotRecorded(f"{error.filename or directory}: cannot be written: {error.strerror}") from None
    return directory


def _alone(source: Source, answer: Answer, article: Article) -> Article:
    """The article as its page alone reads, without what a list or a feed said of it."""
    page = page_of(answer)
    seconds = answer.fetched_at.replace(microsecond=0)
    key = article.extractor.partition("/")[0]
    try:
        return platform(key).read(page, source=source, fetched_at=seconds)
    except PageError as error:
        raise NotRecorded(f"{answer.url} is not recorded: {error}") from None


def _write(file: Path, value: Any) -> None:
    file.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")
