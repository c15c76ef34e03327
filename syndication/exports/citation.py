"""How a release, or a whole export, is cited: a line of text, an entry for BibLaTeX (biber) and one of RIS, in UTF-8.

A reading has a permanent address where the Monadi that keeps it is on the web: its `permalink`. Where that is known, it
is what an entry leads to, with the office's address beside it; the office may have changed the page or taken it down.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import quote

from archive import ArchivedArticle
from archive.article import stamp
from archive.offices import Office
from persian.published import Published, written

SPECIALS = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # \{ would still count as a brace
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{letter: f"\\{letter}" for letter in "#$%&_"},
}
UNWRITTEN = re.compile(r"[\s\x00-\x1f\x7f]+")


def text(item: ArchivedArticle, office: Office, permalink: str | None = None) -> str:
    """One line: the office in both languages, title, both dates, address, permanent id, revision, hash, retrieval."""
    return ". ".join(parts(item, office, permalink)) + "."


def parts(item: ArchivedArticle, office: Office, permalink: str | None = None) -> list[str]:
    """What the line consists of; shown apart, Persian and Latin leave each other's order alone."""
    article = item.article
    return [
        f"{office.name_fa} ({office.name_en})",
        f"«{_line(article.title)}»",
        _dates(article.published),
        article.url,
        *([permalink] if permalink else []),
        _kept(item),
    ]


def bibtex(item: ArchivedArticle, office: Office, permalink: str | None = None) -> str:
    """An `@online` entry; its key bears the revision, so two readings of one release can both be cited."""
    article = item.article
    published = article.published
    origin = f"Published at {article.url}. " if permalink else ""
    return _entry(
        "online",
        _name(item),
        {
            "author": f"{{{_escaped(office.name_fa)}}}",
            "title": f"{{{_escaped(article.title)}}}",
            "date": _gregorian(published) if published else "",
            "url": _address(permalink or article.url),
            "urldate": article.fetched_at.date().isoformat(),
            "organization": _escaped(office.name_en),
            "note": _escaped(f"{_dates(published)}. {origin}{_kept(item)}"),
            "langid": "persian",
        },
    )


def ris(item: ArchivedArticle, office: Office, permalink: str | None = None) -> str:
    """An entry of type NEWS, as Zotero, EndNote and Mendeley read it: a field a line, lines ended by CRLF.

    A Jalali month lies in two Gregorian ones, so that its entry has a year alone; all of the date is in the note.
    """
    article = item.article
    published = article.published
    day = published.on if published and published.precision != "month" else None
    fields = [
        ("ID", _name(item)),
        ("TI", article.title),
        ("AU", office.name_fa),
        ("PB", office.name_en),
        ("PY", str(published.on.year) if published else ""),
        ("DA", f"{day:%Y/%m/%d}" if day else ""),
        ("AB", article.lead or ""),
        *(("KW", str(tag)) for tag in article.tags),
        ("UR", permalink or article.url),
        ("LK", article.url if permalink else ""),
        ("LA", "fa"),
        ("AN", item.id),
        ("N1", f"{_dates(published)}. {_kept(item)}"),
        ("Y2", f"{article.fetched_at:%Y/%m/%d}"),
    ]
    told = [("TY", "NEWS"), *((name, line) for name, value in fields if (line := _line(value))), ("ER", "")]
    return "".join(f"{name}  - {value}\r\n" for name, value in told)


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


def _kept(item: ArchivedArticle) -> str:
    """What finds a reading again in any copy of the archive."""
    return (
        f"Monadi archive {item.id} ({item.guid}), revision {item.revision} of {item.revisions}, {item.content_hash}, "
        f"retrieved {stamp(item.article.fetched_at)}"
    )


def _name(item: ArchivedArticle) -> str:
    return f"{item.id}-r{item.revision}"


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
