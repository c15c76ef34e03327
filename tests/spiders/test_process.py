"""Crawls that end before the event loop runs: the loop is not waited for, and Ctrl-C is heard."""

import subprocess
import sys

import pytest

RUN = """
import sys
from twisted.internet.defer import maybeDeferred
from spiders.process import crawler_process, run

def crawl(error):
    if error:
        raise error

crawls = [None, {KeyboardInterrupt: KeyboardInterrupt(), ValueError: ValueError()}.get(eval(sys.argv[1]))]
process = crawler_process(log_level="CRITICAL")
run(process, [lambda error=error: maybeDeferred(crawl, error) for error in crawls])
print("ended")
"""


@pytest.mark.parametrize(("raised", "ends"), [("None", True), ("ValueError", True), ("KeyboardInterrupt", False)])
def test_crawls_that_end_at_once_end_the_run(raised: str, ends: bool) -> None:  # noqa: FBT001 - of a table
    done = subprocess.run([sys.executable, "-c", RUN, raised], capture_output=True, text=True, timeout=60, check=False)

    assert (done.stdout == "ended\n") == ends
    assert ("KeyboardInterrupt" in done.stderr) != ends
