# ruff: noqa: INP001, T201 - a program of its own
"""news-please over a list of addresses, as a library: `python newsplease_read.py ADDRESSES`.

Prints how many pages it took; not all of them give it a text.
"""

import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests
from newsplease import NewsPlease

logging.disable(logging.CRITICAL)


def read(address: str) -> bool:
    answer = session.get(address, timeout=30)
    article = NewsPlease.from_html(answer.content.decode("utf-8", "replace"), url=address)
    return article is not None


with requests.Session() as session, ThreadPoolExecutor(8) as pool:
    print(sum(pool.map(read, Path(sys.argv[1]).read_text("ascii").split())))
