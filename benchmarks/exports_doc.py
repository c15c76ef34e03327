# ruff: noqa: INP001, T201 - a script that prints
"""Writes the table of docs/exports.md from the one definition of the fields.

    python benchmarks/exports_doc.py [--check]

`--check` writes nothing and ends with status 1 where the page says something else.
"""

import argparse
import re
import sys
from pathlib import Path

from syndication.exports import parquet
from syndication.exports.fields import COLUMNS, Type

PAGE = Path(__file__).parents[1] / "docs/exports.md"
TABLE = re.compile(r"(?<=\n)\| column \|.*?\n(?=\n)", re.DOTALL)
CELLS = {
    Type.LIST: "text, joined by bars",
    Type.OBJECTS: "JSON",
    Type.INSTANT: "`2021-12-06T05:49:00Z`",
    Type.DAY: "`2021-12-06`",
    Type.INTEGER: "number",
    Type.SMALL: "number",
}
TABLES = {Type.LIST: "a table", Type.OBJECTS: "a table", Type.INTEGER: "INTEGER", Type.SMALL: "INTEGER"}


def table() -> str:
    heads = ("column", "what it says", "CSV", "Parquet", "SQLite")
    rows = [heads, ("---",) * len(heads)]
    for column, typed in zip(COLUMNS, parquet.schema(), strict=True):
        arrow = re.sub(r"dictionary<.*>", "dictionary<string>", str(typed.type))
        arrow = re.sub("(item|element): ", "", arrow)
        cells = CELLS.get(column.type, "text"), f"`{arrow}`", TABLES.get(column.type, "TEXT")
        rows.append((f"`{column.name}`", column.field.text, *cells))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; compare")
    checking = parser.parse_args().check
    page = PAGE.read_text("utf-8")
    made = TABLE.sub(lambda _: table(), page)
    if checking and made != page:
        print(f"{PAGE.name}: its table is not that of the fields; run python benchmarks/exports_doc.py")
        return 1
    if not checking:
        PAGE.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
