"""Where an image really is: pages put it where only their scripts look."""

from collections.abc import Iterator

from lxml.html import HtmlElement

LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-image")


def addresses_of_image(image: HtmlElement) -> Iterator[str]:
    """The addresses an image may be loaded from, as they are written, best first; none that is inline."""
    plain = (image.get(name, "").strip() for name in (*LAZY, "src"))
    yield from (address for address in plain if address and not address.startswith("data:"))
    sets = (widest(image.get(name, "")) for name in ("data-srcset", "srcset"))
    yield from (address for address in sets if address)


def widest(srcset: str) -> str | None:
    """The address of the largest candidate of a `srcset` (HTML, §4.8.4.2.1): "a.jpg 480w, b.jpg 800w"."""
    candidates = [candidate.split() for candidate in srcset.split(", ") if candidate.strip()]
    return max(candidates, key=_size)[0].rstrip(",") if candidates else None


def _size(candidate: list[str]) -> float:
    try:
        return float(candidate[1].rstrip("wx,"))
    except (IndexError, ValueError):
        return 0.0
