"""Comparing two readings, part by part."""

import re
from collections.abc import Sequence

from archive.article import Article
from archive.differences.alignment import NOTHING_MOVED, align, common, common_runs, hunks_between, numbered
from archive.differences.classification import Classifier
from archive.differences.values import Class, Difference, Op, Operation, PartDifference
from archive.differences.writing import with_ends, written
from persian.pieces import Piece, pieces
from persian.published import Published


def compare(old: Article, new: Article) -> Difference:
    """The difference between two readings of a release, as far as their content goes (`Article.content_hash`).

    A date that either page counted from its own clock («۲ ساعت پیش») is no change of date.
    """
    texts = [(name, getattr(old, name) or "", getattr(new, name) or "") for name in ("kicker", "title", "lead", "body")]
    found = [PartDifference(part=name, operations=compare_texts(was, is_)) for name, was, is_ in texts if was != is_]
    files = [tuple(file.url for file in article.attachments) for article in (old, new)]
    if files[0] != files[1]:
        found.append(PartDifference(part="attachments", operations=_compare_lines(*files)))
    if _stated(old.published) != _stated(new.published):
        found.append(PartDifference(part="published", operations=_compare_dates(old.published, new.published)))
    return Difference(parts=tuple(found), reread=old.extractor != new.extractor)


def _stated(published: Published | None) -> tuple[str, str] | None:
    return (published.gregorian, published.precision) if published else None


def _compare_dates(old: Published | None, new: Published | None) -> tuple[Operation, ...]:
    counted = any(date and "relative" in date.flags for date in (old, new))
    classes = () if counted else (Class.DATE,)
    texts = (Op.REMOVED, old), (Op.ADDED, new)
    return tuple(Operation(op=op, text=date.gregorian, classes=classes) for op, date in texts if date)


def _compare_lines(old: Sequence[str], new: Sequence[str]) -> tuple[Operation, ...]:
    """Lines that are kept or not, never cut."""
    one, other = (
        [Piece("\n" if place else "", line, line, "word") for place, line in enumerate(lines)] for lines in (old, new)
    )
    hunks = hunks_between(common_runs(*numbered(one, other)), len(one), len(other))
    return written(one, other, [(hunk, (Class.ATTACHMENT,)) for hunk in hunks], NOTHING_MOVED)


def compare_texts(old: str, new: str) -> tuple[Operation, ...]:
    """The operations between two texts whose paragraphs are lines.

    Paragraphs of the same words are matched before the words between them. Where more than some 10,000 words on either
    side remain, all of them count as replaced.
    """
    head, tail = _common_lines(old, new)
    one, other = (pieces(text[head : len(text) - tail]) for text in (old, new))
    runs, moved = align(one, other)
    hunks = hunks_between(runs, len(one), len(other))
    told = Classifier(one, other, moved).tell(hunks)
    between = written(one, other, list(zip(hunks, told, strict=True)), moved)
    return tuple(with_ends(old[:head], between, old[len(old) - tail :]))


def _common_lines(old: str, new: str) -> tuple[int, int]:
    """The lengths of the whole lines at the beginning and at the end of two texts that are the same, byte for byte."""
    lines, others = ([*filter(None, re.split(r"(?<=\n)", text))] for text in (old, new))
    head = common(lines, others)
    tail = common(lines[head:][::-1], others[head:][::-1])
    return sum(map(len, lines[:head])), sum(map(len, lines[len(lines) - tail :]))
