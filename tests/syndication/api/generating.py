"""What schemathesis is told of the API: values of the formats that the document names, and what it cannot say."""

from contextlib import suppress

import schemathesis
from hypothesis import strategies as st

from archive.errors import QueryError
from archive.query import cursor_of, position
from sources import Catalogue

CATALOGUE = Catalogue.load()
YEARS = st.integers(1206, 1498) | st.integers(1800, 2200)
MONTHS = st.builds("{}-{:02}".format, YEARS, st.integers(1, 12))
DAYS = st.builds("{}-{:02}-{:02}".format, YEARS, st.integers(1, 12), st.integers(1, 28))
PERSIAN = str.maketrans("0123456789-", "۰۱۲۳۴۵۶۷۸۹/")

FORMATS = {
    "province": st.sampled_from(
        [name for each in CATALOGUE.provinces.values() for name in (each.iso, each.key, each.fa)]
    ),
    "agency": st.sampled_from(sorted(CATALOGUE.agencies)),
    "source": st.sampled_from(sorted(CATALOGUE.sources)),
    "jalali-or-gregorian": (YEARS.map(str) | MONTHS | DAYS).flatmap(
        lambda written: st.sampled_from([written, written.translate(PERSIAN)])
    ),
    "cursor": st.builds(cursor_of, st.datetimes(), st.integers(0, 2**40)),
    "article": st.integers(0, 75).map("mcls-yazd/{}".format) | st.text(max_size=30),
}
for name, strategy in FORMATS.items():
    schemathesis.openapi.format(name, strategy)


@schemathesis.hook
def before_call(context, case, kwargs):
    """What OpenAPI cannot say of two parameters: `best` is best for a text, and goes on from its own answers."""
    query = case.query or {}
    if query.get("sort") != "best":
        return
    if not str(query.get("q", "")).strip():
        query["q"] = "نشست"
    with suppress(QueryError, TypeError):  # what is no cursor at all is to be refused
        position(query.get("cursor"))
        del query["cursor"]
