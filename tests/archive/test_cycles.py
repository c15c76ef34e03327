"""How often Python looks for garbage in cycles."""

import gc
import subprocess
import sys

from archive.cycles import collect_seldom


def test_loading_a_program_is_not_looked_through_again_and_again():
    before = gc.get_threshold()
    try:
        collect_seldom()
        assert gc.isenabled()
        assert gc.get_threshold()[0] > 50 * 700
    finally:
        gc.set_threshold(*before)


PROGRAM = """
import sys
from archive.cycles import collect_seldom
class Told:
    def __init__(self):
        self.itself = self
    def __del__(self):
        print("looked for")
if sys.argv[1] == "seldom":
    collect_seldom()
told = Told()
"""


def test_what_ends_is_not_looked_through_once_more():
    looks = [
        subprocess.run([sys.executable, "-c", PROGRAM, how], check=True, capture_output=True, text=True).stdout
        for how in ("usual", "seldom")
    ]
    assert looks == ["looked for\n", ""]
