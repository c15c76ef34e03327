"""Limits of CPU time in seconds of an ordinary machine, so that a slow or busy one fails no test by that alone.

Benchmarks tell by the same measure how fast the machine was that they ran on.
"""

import gc
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

ORDINARY = 0.0045  # CPU seconds of a chore where `monadi --help` takes 0.09, as it did where the limits were set
WORD = re.compile(r"\w+")
TEXT = "استاندار یزد از آغاز ساخت ۱۲ مدرسه در سال ۱۴۰۰ خبر داد. " * 200


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """The block takes less than so many CPU seconds: of this machine, or of an ordinary one where this is slower.

    How much slower is asked before and after the block, as what else a machine does comes and goes.
    """
    before = slowness()
    gc.freeze()  # what others left in memory is not gone through meanwhile
    try:
        began = time.process_time()
        yield
        took = time.process_time() - began
    finally:
        gc.unfreeze()
    pace = max(1.0, before, slowness())
    assert took / pace < seconds, f"{took:.2f} s of CPU time on a machine {pace:.1f} times as slow as an ordinary one"


def slowness() -> float:
    """How many times the CPU time of an ordinary machine this one takes now."""
    return _chore() / ORDINARY


def _chore() -> float:
    """The CPU seconds of a small piece of what Monadi does: words and letters of a Persian text."""
    times = []
    for _ in range(3):
        began = time.process_time()
        counts: Counter[str] = Counter()
        for _ in range(4):
            counts.update(WORD.findall(TEXT.encode().decode()))
            "".join(chr(ord(letter) ^ 1) for letter in TEXT)
        times.append(time.process_time() - began)
    return min(times)
