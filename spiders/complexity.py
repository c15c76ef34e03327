"""How much markup a page may be: what no release needs, and what takes time and memory out of all proportion.

A parser looks at every attribute of a tag for each one more (100,000 of them take libxml2 half a minute), a tree takes
some 300 bytes for every element, and what walks up from each element of a deep one never ends. Tags and attributes are
counted before anything is parsed, in time that grows with the length alone; nesting is the parser's to notice.
"""

import re
from typing import Final

from spiders.errors import TooComplex

TAGS: Final = 250_000  # in a page, opening and closing; a long list has 10,000
ATTRIBUTES: Final = 300  # of one tag; a generous one has 20
NESTING: Final = 256  # elements within each other, where libxml2 gives up; a generous page has 40

_ATTRIBUTE: Final = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+"""
_ATTRIBUTES: Final = rf"(?:{_ATTRIBUTE}){{0,{ATTRIBUTES}}}+(?![\s/]*+[^\s/>])"
_RAW: Final = r"(?i:script|style)"
_SOUND: Final = re.compile(
    rf"""(?:[^<]++
    |<!--(?:-?>|(?:[^-]++|-(?!-!?>))*+)
    |<{_RAW}(?=[\s/>]){_ATTRIBUTES}(?:[^<]++|<(?!/{_RAW}))*+
    |<(?!{_RAW}[\s/>])[a-zA-Z][^\s/>]*+{_ATTRIBUTES}
    |<(?![a-zA-Z]|!--)
    )*+""".replace("\n    ", "").encode()
)
"""Text, comments, scripts and tags as the tokenizer of HTML (§13.2.5) takes them, up to a tag that has too much."""


def check(body: bytes) -> None:
    """Raise `TooComplex` for a page that no parser should be given."""
    if body.count(b"<") > TAGS:
        raise TooComplex(f"it has more than {TAGS} tags")
    sound = _SOUND.match(body)
    if sound and sound.end() < len(body):
        raise TooComplex(f"one of its tags has more than {ATTRIBUTES} attributes")
