"""The text of a release on a page: what the sanitizer lets through, with no image but those that are held here."""

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Final

from markupsafe import Markup

from archive.images import Image
from persian.markup import safe_html
from syndication.web.images import path

IMAGE: Final = re.compile(r'<img\b(?:[^>"]|"[^"]*")*>')
ATTRIBUTE: Final = re.compile(r'\s(src|alt)="([^"]*)"')
WIDE: Final = ("table", "pre")  # what may be wider than a phone: it scrolls by itself, and by the keyboard too


def body(html: str, held: Mapping[str, Image], prefix: str = "") -> Markup:
    """Safe markup. An image whose address is among those `held` is shown from here, below `prefix`; others are not."""
    told = safe_html(html, images=bool(held))
    told = IMAGE.sub(lambda tag: _ours(tag[0], held, prefix), told)
    for name in WIDE:
        told = re.sub(rf"<{name}\b", rf'<div class="wide" role="group" tabindex="0"><{name}', told)
        told = told.replace(f"</{name}>", f"</{name}></div>")
    return Markup(told)  # noqa: S704 - the sanitizer has the last word


def picture(image: Image, alt: str, prefix: str = "") -> Markup:
    """An `<img>` of an image that is held; it keeps its place while it loads."""
    size = f'width="{image.width}" height="{image.height}"'
    tag = f'<img src="{escape(prefix + path(image))}" alt="{escape(alt)}" {size} loading="lazy" decoding="async">'
    return Markup(tag)  # noqa: S704 - escaped here


def _ours(tag: str, held: Mapping[str, Image], prefix: str) -> str:
    stated = {name: unescape(value) for name, value in ATTRIBUTE.findall(tag)}
    image = held.get(stated.get("src", ""))
    return picture(image, stated.get("alt", ""), prefix) if image else ""
