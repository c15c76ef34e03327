"""How often Python looks for garbage in cycles.

What Monadi makes goes when nothing refers to it; loading its modules makes many things and no garbage. Looking through
them after every 700 took a tenth of a harvest's CPU time, and gave back 7 MB of 212; looking through all of them once
more when a program ends took a quarter of a query's.
"""

import atexit
import gc
from typing import Final

SELDOM: Final = 100_000  # things made and not gone, after which the youngest are looked through
AGES: Final = 20  # times that the younger are looked through until the older are


def collect_seldom() -> None:
    """For a program's first lines.

    When it ends, its cycles are left to the system: what must be closed or written by then is closed by its context.
    """
    gc.set_threshold(SELDOM, AGES, AGES)
    atexit.register(gc.freeze)
