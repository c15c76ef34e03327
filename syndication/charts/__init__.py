"""Charts of an archive, drawn on the server: numbers in, an SVG with its text alternative and its table out.

    from archive import rhythm
    from syndication import charts

    with archive.reading() as connection:
        hours = rhythm.hours(connection, query)
    chart = charts.week(hours, language, of=office_name)

Pure functions; `language` is how the reader reads (`charts.words.Language`: `syndication.web.language` has both).

| function | of | numbers |
|---|---|---|
| `columns` | releases, or edits and removals, in Jalali time | by (month, part): `facets.counts`, `rhythm.edits` |
| `calendar` | releases by day, a Jalali month a row | `rhythm.days` |
| `week` | releases by weekday and hour in Tehran | `rhythm.hours` |
| `lags` | from publication to harvest | `rhythm.lags` |
| `tiles` | provinces, as a map of links | by ISO code |

A page loads `/static/charts.css` and puts `chart.svg` into `<figure class="chart">` with `chart.title` as its caption,
`chart.said` below and `chart.table` (`heads`, `shown`) within `<details>`. `name` of a chart is in the ids of its
drawing, so it differs from those of the others of the page. `sheet(chart)` is its CSV, `standalone(chart)` an SVG file
of its own.
"""

from syndication.charts.chart import Chart, Table
from syndication.charts.columns import PARTS, REST, Numbers, columns
from syndication.charts.days import calendar
from syndication.charts.inks import standalone
from syndication.charts.lags import lags
from syndication.charts.sheets import sheet
from syndication.charts.tiles import tiles
from syndication.charts.week import week

__all__ = [
    "PARTS",
    "REST",
    "Chart",
    "Numbers",
    "Table",
    "calendar",
    "columns",
    "lags",
    "sheet",
    "standalone",
    "tiles",
    "week",
]
