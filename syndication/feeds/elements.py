"""XML for RSS and Atom: entries by feedgen, one at a time, and heads that they are joined to.

What feedgen 1.0 does wrong is done here or in `rss` and `atom` instead: it never sees a link of an Atom entry (it
drops their rel, type, length and title), an enclosure (RSS keeps the last one only), a date of RSS (it switches the
locale of the whole process to write one), a head (it drops hub and archive links from RSS, takes the self link for the
site's and stamps both formats with the clock), nor any character that lxml refuses. What it has no part in is written
behind what it made as text: an extension of feedgen takes several times as long.
"""

from collections.abc import Iterable
from typing import Any, Final
from xml.sax.saxutils import escape

from feedgen.entry import FeedEntry
from feedgen.ext.media import MEDIA_NS
from lxml import etree

from persian.text import without_forbidden
from syndication.feeds import jalali
from syndication.feeds.documents import Document
from syndication.feeds.entries import Entry

ATOM = "http://www.w3.org/2005/Atom"

HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
THREAD = "http://purl.org/syndication/thread/1.0"
XML = "http://www.w3.org/XML/1998/namespace"

MEDIA = MEDIA_NS
DC = "http://purl.org/dc/elements/1.1/"

QUOTES: Final = {'"': "&quot;"}

NAMESPACES = {
    "atom": ATOM,
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": DC,
    "media": MEDIA,
    "thr": THREAD,
    jalali.PREFIX: jalali.NAMESPACE,
}


def feed_entry(entry: Entry) -> Any:
    """An entry of feedgen with what RSS and Atom have in common."""
    made = FeedEntry()
    made.guid(entry.guid, permalink=False)
    made.title(entry.title)
    if entry.summary:
        made.summary(entry.summary)
    if entry.content:
        made.content(entry.content, type="html")
    return made


def fragment(made: Any, more: str) -> bytes:
    """What feedgen made, with `more` elements at its end, as text to be joined to a head that declares `NAMESPACES`."""
    surrounding = etree.Element("x", nsmap=NAMESPACES)
    surrounding.append(made)
    text: bytes = etree.tostring(surrounding, encoding="utf-8")
    end = text.rindex(b"</", 0, text.rindex(b"<"))
    return text[text.index(b">") + 1 : end] + without_forbidden(more).encode() + text[end : text.rindex(b"<")]


def element(name: str, text: str = "", **attributes: str | None) -> str:
    """One element of an entry as text; attributes that are None or empty are left out."""
    stated = "".join(f' {key}="{escape(value, QUOTES)}"' for key, value in attributes.items() if value)
    return f"<{name}{stated}>{escape(text)}</{name}>" if text else f"<{name}{stated}/>"


def joined(head: Any, last: bytes, fragments: Iterable[bytes], stylesheet: str) -> bytes:
    """A document: its head with the fragments before the end tag `last`.

    `stylesheet` makes a page of it for people who open it in a browser (CSS: browsers give up XSLT).
    """
    etree.indent(head, space="")
    head.addprevious(
        etree.ProcessingInstruction("xml-stylesheet", f'type="text/css" href="{escape(stylesheet, QUOTES)}"')
    )
    text: bytes = etree.tostring(head.getroottree(), encoding="utf-8", xml_declaration=True)
    text = text.replace(b"?><", b"?>\n<", 1)
    end = text.rindex(last)
    return text[:end] + b"".join(each + b"\n" for each in fragments) + text[end:] + b"\n"


def extent_of(head: Document) -> dict[str, str]:
    """What a document's root declares and holds of RFC 5005: namespaces by prefix."""
    return {"fh": HISTORY} if head.extent else {}


def add_extent(parent: Any, head: Document) -> None:
    if head.extent:
        add(parent, f"{{{HISTORY}}}{head.extent}")


def add(parent: Any, name: str, text: str | None = None, **attributes: str | None) -> Any:
    """A new last child; attributes that are None or empty are left out."""
    element = etree.SubElement(parent, name, {key: value for key, value in attributes.items() if value})
    element.text = text
    return element
