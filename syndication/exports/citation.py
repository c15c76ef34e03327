"""How a release, or a whole export, is cited: a line of text, and an entry for BibLaTeX (biber) in UTF-8."""

import re
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import quote

from archive import ArchivedArticle
from archive.article import stamp
from archive.offices import Office
from persian.dates import Published, written

SPECIALS = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # \{ would still count as a brace
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{letter: f"\\{letter}" for letter in "#$%&_"},
}
UNWRITTEN = re.compile(r"[\s\x00-\x1f\x7f]+")


def text(item: ArchivedArticle, office: Office) -> str:
    """One line: the office in both languages, title, both dates, address, permanent id, revision, hash, retrieval."""
    article = item.article
    return (
        f"{office.name_fa} ({office.name_en}). «{_line(article.title)}». {_dates(article.published)}. {article.url}. "
        f"Monadi archive {item.id} ({item.guid}), revision {item.revision} of {item.revisions}, {item.content_hash}, "
        f"retrieved {stamp(article.fetched_at)}."
    )


def bibtex(item: ArchivedArticle, office: Office) -> str:
    """An `@online` entry; its key bears the revision, so two readings of one release can both be cited."""
    article = item.article
    published = article.published
    return _entry(
        "online",
        f"{item.id}-r{item.revision}",
        {
            "author": f"{{{_escaped(office.name_fa)}}}",
            "title": f"{{{_escaped(article.title)}}}",
            "date": _gregorian(published) if published else "",
            "url": _address(article.url),
            "urldate": article.fetched_at.date().isoformat(),
            "organization": _escaped(office.name_en),
            "note": _escaped(
                f"{_dates(published)}. Monadi archive {item.id} ({item.guid}), revision {item.revision} of "
                f"{item.revisions}, {item.content_hash}, retrieved {stamp(article.fetched_at)}"
            ),
            "langid": "persian",
        },
    )


def export_text(facts: Mapping[str, str]) -> str:
    """One line for a data file; `facts` are `title`, `contents`, `as_of`, `change`, and `hash` where it is one file."""
    hash_ = f", {facts['hash']}" if facts.get("hash") else ""
    return (
        f"{facts['title']}: {facts['contents']}. State of the Monadi archive at change {facts['change']} "
        f"({facts['as_of']}){hash_}."
    )


def export_bibtex(facts: Mapping[str, str]) -> str:
    """A `@dataset` entry of the same facts."""
    note = f"{facts['contents']}. State at change {facts['change']} ({facts['as_of']}) {facts.get('hash', '')}".strip()
    return _entry(
        "dataset",
        f"monadi-{facts['change']}",
        {
            "author": "{Monadi}",
            "title": f"{{{_escaped(facts['title'])}}}",
            "date": facts["as_of"][:10],
            "version": facts["change"],
            "note": _escaped(note),
        },
    )


def _dates(published: Published | None) -> str:
    """Both calendars: «دوشنبه ۱۵ آذر ۱۴۰۰، ۰۹:۱۹ (1400-09-15T09:19:00 = 2021-12-06T09:19:00+03:30)»."""
    if published is None:
        return "undated"
    return f"{written(published)} ({published.jalali} = {published.gregorian})"


def _gregorian(published: Published) -> str:
    """A day, or for a Jalali month the two Gregorian ones that it lies in (ISO 8601-2, as BibLaTeX reads it)."""
    if published.precision != "month":
        return published.on.isoformat()
    return f"{published.on:%Y-%m}/{published.on + timedelta(days=28):%Y-%m}"


def _entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{kind}{{{re.sub('[^A-Za-z0-9_.-]+', '-', key)},\n{lines}}}\n"


def _escaped(value: str) -> str:
    return "".join(SPECIALS.get(letter, letter) for letter in _line(value))


def _line(value: str) -> str:
    return UNWRITTEN.sub(" ", value).strip()


def _address(url: str) -> str:
    """An address for a field that biber takes as it is: in ASCII, without braces and backslashes."""
    return quote(url, safe="/?:@!$&'()*+,;=~%#[]")
