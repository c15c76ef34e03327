"""A real client subscribes: the library `reader`. `.ci/readers.py` has newsboat and sfeed do it too."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from reader import make_reader

from archive import Query
from syndication.feeds import Format, entries, find, issue_of, render
from syndication.feeds.announced import FRAGMENTS

BASE = "https://news.example.ir"
PATH = "agency/mcls"


@contextmanager
def serving(documents: dict[str, bytes]) -> Iterator[str]:
    """The address at which documents are found by their format."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            format_ = Format(self.path.removeprefix("/"))
            self.send_response(200)
            self.send_header("content-type", format_.media_type)
            self.end_headers()
            self.wfile.write(documents[format_])

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def subscribed(full, catalogue):
    """What a client of each format shows after it has updated: by format, ids with instant and title."""
    documents = {}
    with serving(documents) as here, make_reader(":memory:") as client:
        for format_ in Format:
            client.add_feed(f"{here}/{format_}")

        def shown(base_url=BASE):
            documents.update((each, render(full, find(PATH, catalogue), each, base_url)) for each in Format)
            results = list(client.update_feeds_iter(scheduled=False))
            assert [each.value for each in results if isinstance(each.value, Exception)] == []
            return {
                format_: [
                    (each.id, each.published, each.title) for each in client.get_entries(feed=f"{here}/{format_}")
                ]
                for format_ in Format
            }

        yield shown


def told(archive, catalogue):
    items = [each.item for each in issue_of(archive, find(PATH, catalogue)).entries]
    return sorted((item.guid, entries.published(item), item.article.title) for item in items)


def test_it_lists_what_the_archive_tells_at_its_instants(subscribed, full, catalogue):
    shown = subscribed()
    assert all(sorted(items) == told(full, catalogue) for items in shown.values())
    assert len(shown) == 3


CHANGES = {
    "titles": lambda number: {"title": f"عنوان تازه‌ی {number}"},
    "texts": lambda number: {"body": f"متن تازه‌ی {number}", "lead": f"{number} تن"},
    "slugs": lambda number: {"url": f"https://yazd.mcls.gov.ir/fa/news/x{number}/نامک"},
    "domains": lambda number: {"url": f"http://www.new.example.ir/news/{number}"},
    "extractors": lambda number: {"extractor": "fa_portal/2", "body": "بهتر خوانده شد"},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nothing_that_changes_shows_an_item_twice(change, subscribed, full, catalogue, keep):
    before = {format_: {each for each, _, _ in items} for format_, items in subscribed().items()}
    changed = list(full.articles(Query(limit=20)))
    keep(*(replace(item.article, **change(number)) for number, item in enumerate(changed)))
    FRAGMENTS.clear()
    for format_, items in subscribed("https://moved.example.ir/monadi").items():
        ids = [each for each, _, _ in items]
        assert len(ids) == len(set(ids))
        assert set(ids) == before[format_]
        assert sorted(items) == told(full, catalogue)
