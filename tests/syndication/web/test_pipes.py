"""Looking for the sockets that listen leaves every other open file alone."""

import os

from syndication.web.server import _cut_off


def test_no_end_of_a_pipe_is_kept_open():
    """A process that is begun meanwhile tells by the end of a pipe that it runs."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    _cut_off(1)
    os.close(writer)
    assert os.read(reader, 1) == b""
    os.close(reader)
