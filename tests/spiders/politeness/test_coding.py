"""Codings of an answer are taken off as far as one that means well has them."""

import gzip
import zlib

import brotli
import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from spiders.errors import Garbled, TooLarge
from spiders.politeness.coding import CODINGS, CodingMiddleware

SETTINGS = {"DOWNLOAD_MAXSIZE": 4 * 2**20, "MONADI_RATIO": 100}
BODY = b"<p>text</p>"


def decoded(body, *codings):
    middleware = CodingMiddleware.from_crawler(get_crawler(settings_dict=SETTINGS))
    response = Response("http://a.example/", body=body, headers={"Content-Encoding": ", ".join(codings)})
    return middleware.process_response(Request("http://a.example/"), response).body


@pytest.mark.parametrize(
    ("body", "codings"),
    [
        (gzip.compress(BODY), ["gzip"]),
        (zlib.compress(BODY), ["deflate"]),
        (brotli.compress(BODY), ["br"]),
        (gzip.compress(gzip.compress(BODY)), ["gzip", "gzip"]),
        (BODY, ["identity"]),
        (BODY, []),
        (gzip.compress(BODY)[:-4], ["gzip"]),
    ],
    ids=["gzip", "deflate", "br", "twice", "identity", "none", "cut off"],
)
def test_what_means_well_is_decoded(body, codings):
    assert decoded(body, *codings) == BODY


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
def test_what_is_not_coded_as_it_says_is_garbled(coding):
    with pytest.raises(Garbled, match="cannot be taken off"):
        decoded(b"\x00\xff not coded", coding)


def test_so_are_more_codings_than_anybody_needs():
    with pytest.raises(Garbled, match="codings over each other"):
        decoded(b"", *["gzip"] * (CODINGS + 1))


def test_what_unfolds_to_more_than_is_read_is_too_large():
    with pytest.raises(TooLarge, match="larger than is read"):
        decoded(gzip.compress(bytes(5 * 2**20)), "gzip")


def test_so_is_what_unfolds_out_of_all_proportion():
    assert len(decoded(gzip.compress(bytes(2**20)), "gzip")) == 2**20  # short: no bomb
    with pytest.raises(TooLarge, match="more than 100 times"):
        decoded(gzip.compress(bytes(2 * 2**20)), "gzip")
