"""What has to hold of every text, address, date and piece of markup that is read from a site, whatever it sent."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date
from urllib.parse import urlsplit

from archive import Article
from benchmarks.hostile import acts
from persian.calendars import TEHRAN, from_jalali
from persian.dates import Published
from persian.text import display

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CONTROLS = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")  # a space is written as it is by many
RELATIVE = re.compile(
    r" (?:href|src)=['\"](?![\s\x00-\x1f]*[a-z][a-z0-9+.-]*:)", re.IGNORECASE
)  # as `acts` tells of it
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


def hold_article(article: Article) -> None:
    """Every promise of the record's docstring."""
    for text in (article.kicker, article.title, article.lead, article.byline, article.category, *article.tags):
        hold_line(text)
    assert article.title
    for line in article.body.split("\n") if article.body else ():
        hold_line(line)
        assert line, "an empty paragraph"
    assert article.native_id is None or not FORBIDDEN.search(article.native_id)
    hold_addresses([*article.aliases, *filter(None, [article.image])])
    hold_addresses(file.url for file in article.attachments)
    for file in article.attachments:
        hold_line(file.title)
        assert file.length is None or 0 <= file.length < 2**63, f"a file of {file.length} bytes"
    hold_markup(article.body_html)
    for published in (article.published, article.modified):
        hold_date(published)
    assert len(article.content_hash) == len("sha256:") + 64
    for stated in article.stated_dates:
        assert stated.raw.strip() == stated.raw or stated.raw


def hold_line(text: str | None) -> None:
    """One line in display form."""
    if text is not None:
        assert not FORBIDDEN.search(text), f"a forbidden character in {text[:60]!r}"
        assert "\n" not in text, f"a line break in {text[:60]!r}"
        assert unicodedata.is_normalized("NFC", text), f"not NFC: {text[:60]!r}"
        assert display(text) == text, f"not in display form: {text[:60]!r}"


def hold_addresses(addresses: Iterable[str]) -> None:
    """Whole addresses of the web."""
    for address in addresses:
        parts = urlsplit(address)
        assert parts.scheme in ("http", "https"), f"no address of the web: {address[:80]!r}"
        assert parts.hostname, f"an address of no host: {address[:80]!r}"
        assert not CONTROLS.search(address), f"a sign that no address holds: {address[:80]!r}"


def hold_markup(html: str, *, resolved: bool = True) -> None:
    """Nothing in it acts, and its addresses are whole where they were `resolved`."""
    assert not FORBIDDEN.search(html)
    if "<" in html:
        found = [each for each in acts(html) if "image without" not in each]
        if not resolved:
            found = [each for each in found if not RELATIVE.search(each)]
        assert not found, f"markup that acts: {found[:3]}"


def hold_date(published: Published | None) -> None:
    """An instant, a day and a Jalali day that are the same; in a range in which there are news."""
    if published is None:
        return
    assert EARLIEST < published.on < LATEST, f"a date out of range: {published.on}"
    year, month, *day = (int(part) for part in published.jalali.partition("T")[0].split("-"))
    assert from_jalali(year, month, *(day or [1])) == published.on
    if published.at is not None:
        assert published.at.tzinfo is UTC
        assert published.at.astimezone(TEHRAN).date() == published.on
    assert Published.from_dict(published.to_dict()) == published
