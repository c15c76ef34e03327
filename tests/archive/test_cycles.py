"""How often Python looks for garbage in cycles."""

import gc

from archive.cycles import collect_seldom


def test_loading_a_program_is_not_looked_through_again_and_again():
    before = gc.get_threshold()
    try:
        collect_seldom()
        assert gc.isenabled()
        assert gc.get_threshold()[0] > 50 * 700
    finally:
        gc.set_threshold(*before)
