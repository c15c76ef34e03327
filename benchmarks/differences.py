# ruff: noqa: INP001 - a script
"""Edits of releases, word by word: how fast, and what is called a changed word that is none, beside difflib.

    python benchmarks/differences.py [--edits 1000] [--words 300] [--seed 7] [--rounds 5] [--save]

The peer is what one would otherwise write: `difflib.SequenceMatcher` over `str.split`. It only compares, we tell
classes as well. Speed is CPU time an edit, of releases of so many words in paragraphs of fifty, each with one to five
edits. «false» are edits of nothing but half-spaces, letters, digits or separators in which a word of another key is
said to have changed (a peer has no keys: in which any word changed). «cut» are changes that cut a number or a word.
Status 1 where a goal is missed: 10 ms an edit, nothing false, nothing cut.
"""

import difflib
import random
from collections.abc import Callable, Sequence
from itertools import pairwise

import figures

from archive.differences import QUIET, Op, compare_texts

GOAL = 10  # ms an edit
ZWNJ = "\u200c"
WORDS = (
    "استان یزد اداره کل تعاون کار رفاه اجتماعی مدیر کارگاه اشتغال تسهیلات بانک روستا جلسه مسئول بازدید تولید صنعت معدن "
    "کشاورزی آموزش مهارت بیمه کارگر کارفرما قانون طرح توسعه زنان سرپرست خانوار "
    f"و و و در در از از به به با که را برای است شد می{ZWNJ}شود کتاب{ZWNJ}ها برنامه{ZWNJ}ریزی شهرستان{ZWNJ}های "
    f"نیم{ZWNJ}سال خانه{ZWNJ}های ۱۲٬۵۰۰ ۳٫۵ ۱۴۰۰/۰۹/۱۵ ۴۸۰"
).split()
Respell = Callable[[str], str]
SPELLINGS: Sequence[Respell] = (
    lambda text: text.replace(f"می{ZWNJ}", "می "),
    lambda text: text.replace(f"{ZWNJ}ها", " ها"),
    lambda text: text.replace(f"نیم{ZWNJ}سال", "نیم سال"),
    lambda text: text.replace("مسئول", "مسؤول").replace("مسؤول", "مسیول"),
    lambda text: text.replace("آموزش", "اموزش"),
    lambda text: text.replace("۱۲٬۵۰۰", "۱۲۵۰۰"),
    lambda text: text.replace("۴۸۰", "480"),
    lambda text: text.replace("۳٫۵", "۳/۵"),
)


def release(chance: random.Random, words: int) -> list[str]:
    return [chance.choice(WORDS) for _ in range(words)]


def written(words: Sequence[str]) -> str:
    return "\n".join(" ".join(words[start : start + 50]) for start in range(0, len(words), 50))


def edited(chance: random.Random, words: list[str]) -> list[str]:
    changed = list(words)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(changed))
        changed[at : at + chance.randint(0, 3)] = release(chance, chance.randint(0, 3))
    return changed


def by_difflib(old: str, new: str) -> bool:
    """Whether a word changed."""
    one, other = old.split(), new.split()
    return any(each[0] != "equal" for each in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes())


def by_us(old: str, new: str) -> bool:
    """Whether more changed than spelling."""
    return any(not QUIET.issuperset(each.classes) for each in compare_texts(old, new))


def pace(compare: Callable[[str, str], object], pairs: Sequence[tuple[str, str]]) -> float:
    """Milliseconds of CPU time an edit."""
    return figures.taken(lambda: [compare(*pair) for pair in pairs]).cpu / len(pairs) * 1000


def false(compare: Callable[[str, str], bool], spelt: Sequence[tuple[str, str]]) -> float:
    """Percent of edits of spelling alone."""
    return 100 * sum(compare(*pair) for pair in spelt) / len(spelt)


def cut(old: str, new: str) -> bool:
    """Whether a change begins or ends within a word or a number."""
    operations = compare_texts(old, new)
    for left_out in (Op.ADDED, Op.REMOVED):
        texts = [each.text for each in operations if each.op is not left_out]
        if any(one[-1:].isalnum() and other[:1].isalnum() for one, other in pairwise(texts)):
            return True
    return False


def main() -> None:
    parser = figures.options(__doc__)
    parser.add_argument("--edits", type=int, default=1000)
    parser.add_argument("--words", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)  # noqa: S311 - texts, not secrets
    releases = [release(chance, asked.words) for _ in range(asked.edits)]
    pairs = [(written(words), written(edited(chance, words))) for words in releases]
    spelt = [(written(words), chance.choice(SPELLINGS)(written(words))) for words in releases]
    spelt = [(old, new) for old, new in spelt if old != new]
    paces = figures.by_turns(
        asked.rounds, {"monadi": lambda: pace(by_us, pairs), "difflib": lambda: pace(by_difflib, pairs)}
    )
    ours = paces.pop("monadi")
    told = [
        figures.of_rounds(ours, what="an edit", unit="ms of CPU", goal=GOAL, peers=figures.medians(paces)),
        figures.of_rounds(
            [false(by_us, spelt)],
            what="edits of spelling called others",
            unit="%",
            goal=0,
            peers={"difflib": false(by_difflib, spelt)},
        ),
        figures.of_rounds([sum(cut(*pair) for pair in pairs)], what="edits that cut a word", unit="edits", goal=0),
    ]
    note = f"{asked.edits:,} edits of {asked.words} words, {len(spelt)} of spelling alone; {asked.rounds} rounds"
    figures.finish("differences", "python benchmarks/differences.py", told, [note], save=asked.save)


if __name__ == "__main__":
    main()
