"""What gives a CMS away, and how sure each sign is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from web_poet import HttpResponse

SURE = 10  # what nobody else has
LIKELY = 4  # others could have it
HINT = 1  # others have it too; it only decides between two


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign of a CMS: a pattern that is looked for in one place of an answer, and what finding it is worth.

    `where` is "html" (the markup), "generator" (the content of <meta name=generator>), "link" (the path and query of
    any address in the markup), "cookie" (the names and values of Set-Cookie) or the name of a header. `weight` is SURE,
    LIKELY or HINT.
    """

    where: Literal["html", "generator", "link", "cookie"] | str  # noqa: PYI051 - the four are named for the reader
    pattern: str
    weight: int = LIKELY

    def found_in(self, shown: Shown) -> str | None:
        """What of the answer bears the mark, in a few words; None where nothing does."""
        found = (match for text in shown.texts(self.where) if (match := re.search(self.pattern, text, re.IGNORECASE)))
        first = next(found, None)
        return first and f"{self.where}: {' '.join(first[0].split())[:60]}"


def classes(*names: str) -> str:
    """The pattern of a `Mark` for markup in which an element has one of these classes, however it is quoted."""
    return rf"\bclass\s*=\s*(?:[\"'](?:[^\"'>]*[\s])?)?(?:{'|'.join(names)})(?![\w-])"


def ids(*names: str) -> str:
    """The same for an element that has one of these ids."""
    return rf"\bid\s*=\s*[\"']?(?:{'|'.join(names)})(?![\w-])"


class Shown:
    """An answer cut into the places where marks are looked for."""

    def __init__(self, response: HttpResponse) -> None:
        self.html = response.text
        self.headers = response.headers
        self.links = _paths(response.xpath("//@href | //@src | //form/@action").getall())
        named = response.xpath("//meta[@name and @content]")
        self.generators = [node.attrib["content"] for node in named if node.attrib["name"].lower() == "generator"]

    def texts(self, where: str) -> list[str]:
        match where:
            case "html":
                return [self.html]
            case "link":
                return self.links
            case "generator":
                return self.generators
            case "cookie":
                return self.headers.getall("Set-Cookie", [])
            case _:
                return self.headers.getall(where, [])


def _paths(addresses: list[str]) -> list[str]:
    """Paths with their queries, unquoted; other hosts' too, for files may lie elsewhere."""
    found = []
    for address in dict.fromkeys(addresses):
        try:
            parts = urlsplit(address.strip())
        except ValueError:
            continue
        if parts.scheme in ("", "http", "https"):
            found.append(unquote(parts.path) + (f"?{parts.query}" if parts.query else ""))
    return found
