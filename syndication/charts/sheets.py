"""The numbers of a chart as CSV: UTF-8 with a BOM, RFC 4180, cells that no spreadsheet runs as a formula."""

import codecs
import csv
import io

from syndication.charts.chart import Chart
from syndication.exports.sheets import harmless

MEDIA_TYPE = "text/csv; charset=utf-8"


def sheet(chart: Chart) -> bytes:
    """A head of the columns' names, which are the same in every language, and a line a row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(map(harmless, chart.table.keys))
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in chart.table.rows)
    return codecs.BOM_UTF8 + text.getvalue().encode()
