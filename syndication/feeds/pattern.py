"""Regular expressions that subscribers give: matched in time linear in the text (RE2), in any spelling."""

import re
from dataclasses import dataclass, field
from typing import Any, Final, Self

import re2

from archive.article import Article
from archive.errors import QueryError
from persian.text import search_key

LONGEST: Final = 500  # letters of an expression
MULTILINE: Final = "(?m)"  # ^ and $ are the ends of a line, as `words` has them
PERSIAN: Final = re.compile(r"[^\x00-\x7f]+(?: [^\x00-\x7f]+)*")
MEMORY: Final = 1 << 20  # bytes that a compiled one may take


@dataclass(frozen=True, slots=True)
class Pattern:
    """`text` as it was given, in the syntax of RE2 (https://github.com/google/re2/wiki/Syntax).

    It is matched against `words`, so its Persian letters and digits are folded in the same way, and a half-space in it
    is a space. What is not a letter beyond ASCII stays the expression that it is.
    """

    text: str
    _compiled: Any = field(repr=False, compare=False)

    @classmethod
    def compiled(cls, parameter: str, text: str) -> Self:
        """Raises `QueryError` naming the parameter for what is no expression, or one too long."""
        if len(text) > LONGEST:
            raise QueryError(parameter, f"an expression of {len(text)} letters; {LONGEST} are the most")
        options = re2.Options()
        options.max_mem, options.log_errors, options.case_sensitive = MEMORY, False, False
        try:
            return cls(text, re2.compile(MULTILINE + _folded(text), options))
        except re2.error as error:
            reason = error.args[0] if error.args else error
            reason = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
            raise QueryError(parameter, f"{text!r} is no regular expression of RE2: {reason}") from None

    def found_in(self, words: str) -> bool:
        return self._compiled.search(words) is not None


def words(article: Article) -> str:
    """What expressions are matched against: kicker, title, lead and body as search keys, one a line.

    Words are parted by single spaces, digits are ASCII, and there is no punctuation.
    """
    texts = (article.kicker or "", article.title, article.lead or "", *article.body.split("\n"))
    return "\n".join(filter(None, map(search_key, texts)))


def _folded(text: str) -> str:
    return PERSIAN.sub(lambda run: _key(run[0]), text)


def _key(run: str) -> str:
    """Persian words as they are matched; what is no letter at either end still parts them from what follows."""
    key = search_key(run)
    return (" " if _parts(run[0]) else "") + key + (" " if key and _parts(run[-1]) else "")


def _parts(letter: str) -> bool:
    """Whether a half-space or a mark parts words."""
    return " " in search_key(f"ب{letter}ب")
