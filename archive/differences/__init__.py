"""What an edit changed: two readings compared word by word, each change told by what it is.

    compare(before, after).classes == (Class.NUMBER, Class.TYPO)

A word is compared by its search key, so that its half-spaces, its ي and ی, its harakat and the script of its digits
make no other word of it (`persian.pieces`); written otherwise, it is removed and added as a `typo`. Numbers, dates and
names are those of `persian.mentions`, whose docstring says which names it finds. Another letter makes another person
(«حسنی», «حسینی»); elsewhere it is a `typo`.
"""

from archive.differences.comparing import compare, compare_texts
from archive.differences.values import QUIET, Class, Difference, Op, Operation, PartDifference, Severity
from archive.differences.writing import excerpts

__all__ = [
    "QUIET",
    "Class",
    "Difference",
    "Op",
    "Operation",
    "PartDifference",
    "Severity",
    "compare",
    "compare_texts",
    "excerpts",
]
