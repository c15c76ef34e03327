"""The Jalali date of a release beside its Gregorian one, in a namespace of its own (docs/jalali-namespace.md).

Core dates of a feed are Gregorian, always: a reader that knows nothing of this namespace misreads nothing. The same
names stand in RSS and Atom as elements and in JSON Feed as the keys of `_jalali`.
"""

from xml.sax.saxutils import escape

from persian.calendars import MONTHS
from persian.published import Published
from syndication.characters import legal

NAMESPACE = "urn:uuid:bb38e106-300f-5c28-97c6-e2a82983480c"
"""The name of the namespace, for ever.

A UUID's URN is the one kind of name that nobody has to own (RFC 9562 §4): a web address would need a domain that never
changes hands, a `tag:` URI one held on some day, and `urn:monadi:` an entry in IANA's registry. It was minted as UUIDv5
of "namespace/jalali/1" within `archive.identity.NAMESPACE`. An incompatible change of the elements takes a new name.
"""

PREFIX = "jalali"

Terms = dict[str, str | int | list[str]]
"""Values by the names of the namespace, in the order in which they are written."""


def terms(published: Published | None) -> Terms:
    """What the namespace says of a date; what is not known is left out.

    A release without a date has the precision "unknown" and nothing else. One of precision "month" has no `date` and
    no `day`, one of precision "day" no `dateTime`.
    """
    if published is None:
        return {"precision": "unknown"}
    return {
        **_calendar_terms(published),
        "rfc9557": published.rfc9557,
        "precision": published.precision,
        "raw": legal(published.raw),
        "origin": legal(published.origin),
        **({"flags": [*published.flags]} if published.flags else {}),
    }


def _calendar_terms(published: Published) -> Terms:
    date, _, clock = published.jalali.partition("T")
    year, month, *day = map(int, date.split("-"))
    return {
        **({"date": date} if day else {}),
        **({"dateTime": published.jalali} if clock else {}),
        "year": year,
        "month": month,
        **({"day": day[0]} if day else {}),
        "monthName": MONTHS[month - 1],
    }


def elements(told: Terms) -> str:
    """The terms as elements, for RSS and Atom."""
    return "".join(
        f"<{PREFIX}:{name}>{escape(' '.join(value) if isinstance(value, list) else str(value))}</{PREFIX}:{name}>"
        for name, value in told.items()
    )
