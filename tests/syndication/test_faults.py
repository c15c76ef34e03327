"""What is left where a process is killed while it writes files, and what the next one makes of it."""

import logging
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from syndication.files import replacing, replacing_directory
from syndication.site import UNFINISHED, locked

KILLED = """
import os, signal, sys
from pathlib import Path
from syndication.files import replacing, replacing_directory
from syndication.site import locked

target, kind = Path(sys.argv[1]), sys.argv[2]
if kind == "file":
    with replacing(target) as stream:
        stream.write(b"half")
        stream.flush()
        os.kill(os.getpid(), signal.SIGKILL)
if kind == "directory":
    with replacing_directory(target) as draft:
        (draft / "half").touch()
        os.kill(os.getpid(), signal.SIGKILL)
if kind == "site":
    with locked(target), replacing(target / "feed.rss"):
        os.kill(os.getpid(), signal.SIGKILL)
"""


def kill(target: Path, kind: str) -> None:
    """Have a process begin to write a target and kill it."""
    command = [sys.executable, "-c", KILLED, str(target), kind]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == -signal.SIGKILL


def hidden(directory: Path) -> list[str]:
    return [path.name for path in directory.rglob(".*")]


def test_a_directory_that_is_killed_while_it_is_written_is_as_it_was_and_the_next_clears_up(tmp_path, caplog):
    with replacing_directory(tmp_path / "data") as draft:
        (draft / "whole").touch()

    kill(tmp_path / "data", "directory")

    assert [path.name for path in (tmp_path / "data").iterdir()] == ["whole"]
    assert len(hidden(tmp_path)) == 1
    with replacing_directory(tmp_path / "data") as draft:
        (draft / "anew").touch()
    assert hidden(tmp_path) == []
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["anew"]
    assert "recovered: " in caplog.text


def test_a_site_that_is_killed_while_it_is_written_holds_whole_files_and_the_next_run_says_what_it_cleared(
    tmp_path, caplog
):
    with locked(tmp_path), replacing(tmp_path / "feed.rss") as stream:
        stream.write(b"whole")
    assert hidden(tmp_path) == []

    kill(tmp_path, "site")

    assert (tmp_path / "feed.rss").read_bytes() == b"whole"
    assert UNFINISHED in hidden(tmp_path)
    with caplog.at_level(logging.WARNING), locked(tmp_path):
        pass
    assert hidden(tmp_path) == []
    assert f"recovered: the last run in {tmp_path} was cut off; 1 unfinished files are removed" in caplog.text


def test_a_run_that_fails_by_itself_has_nothing_to_be_recovered(tmp_path, caplog):
    def fail() -> None:
        with locked(tmp_path), replacing(tmp_path / "feed.rss"):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with locked(tmp_path):
        pass

    assert hidden(tmp_path) == []
    assert caplog.text == ""
    assert list(tmp_path.iterdir()) == []
