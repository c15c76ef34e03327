# ruff: noqa: INP001, T201 - a script that prints
"""Writes the tables of docs/persian.md: sizes from the gold sets, all else from what `language.py --save` measured.

    python benchmarks/persian_doc.py [--check]

No peer is needed. `--check` writes nothing and ends with status 1 if the page is not what would be written.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import gold
from language import RESULTS, figure

PAGE = Path(__file__).parents[1] / "docs/persian.md"
FREE_READERS = ("dateparser", "dateparser, fa and en", "dateparser JalaliCalendar", "htmldate")

_BLOCK = re.compile(r"(<!-- begin: ([a-z ]+) -->\n).*?(<!-- end: \2 -->)", re.DOTALL)
_INVISIBLE = re.compile(
    "[\u0000-\u001f\u007f-\u00a0\u00ad\u0300-\u036f\u061c\u0653-\u0655\u200b-\u200f\u2028-\u202f\u2060-\u2069"
    "\ufb50-\ufd3d\ufe70-\ufeff]"
)
_EDGE = re.compile("^ | $")


def table(heads: Iterable[str], lines: Iterable[Iterable[Any]]) -> str:
    heads = list(heads)
    rows = [heads, ["---"] + ["---:"] * (len(heads) - 1), *lines]
    return "".join(f"| {' | '.join(map(str, row))} |\n" for row in rows)


def plain(heads: Iterable[str], lines: Iterable[Iterable[Any]]) -> str:
    return table(heads, lines).replace("---:", "---")


def quoted(text: str) -> str:
    """A text in a cell, with escapes for what cannot be seen."""
    if not text:
        return "(nothing)"
    seen = _EDGE.sub("\\\\u0020", _INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)).replace("|", "\\|")
    return f"`` {seen} ``" if "`" in seen else f"`{seen}`"


def named(contender: dict[str, Any]) -> str:
    return f"{contender['name']} {contender['version']}"


def sizes() -> str:
    counts = {name: Counter(row["form"] for row in gold.rows(name)) for name in ("dates", "text")}
    return "\n".join(
        table((f"form of {name}", "cases"), [*found.items(), ("**all**", f"**{found.total()}**")])
        for name, found in counts.items()
    )


def rights(results: dict[str, Any]) -> str:
    """How many cases of each form each contender does rightly."""
    contenders = results["contenders"]
    lines: list[list[Any]] = [
        [form, cases, *(each["right"].get(form, 0) for each in contenders)] for form, cases in results["rows"].items()
    ]
    total = sum(results["rows"].values())
    lines.append(["**all**", total, *(sum(each["right"].values()) for each in contenders)])
    lines.append(["**per cent**", "", *(f"{sum(each['right'].values()) / total:.1%}" for each in contenders)])
    return table(("form", "cases", *map(named, contenders)), lines)


def wrong_dates(results: dict[str, Any]) -> str:
    lines = (
        [
            case["form"],
            quoted(case["text"]),
            case["expected"].replace("DateError", "no date"),
            *(case["answers"].get(name, "") for name in FREE_READERS),
        ]
        for case in results["wrong"]
    )
    return plain(("form", "text", "says", *FREE_READERS), lines)


def leap_years(results: dict[str, Any]) -> str:
    return plain(
        ("library", "wrong years"),
        ((named(each), ", ".join(map(str, each["wrong"])) or "none") for each in results["contenders"]),
    )


def wrong_texts(results: dict[str, Any]) -> str:
    names = [each["name"] for each in results["contenders"][1:]]
    lines = (
        [
            case["form"],
            quoted(case["text"]),
            quoted(case["expected"]),
            *(quoted(case["answers"][name] or "") if name in case["answers"] else "" for name in names),
        ]
        for case in results["wrong"]
    )
    return plain(("form", "text", "should be shown as", *names), lines)


def speed(results: dict[str, Any]) -> str:
    found = (
        f"CPU time on Python {results['python']}, contenders by turns in one process, {results['rounds']} rounds. "
        "“Timed” is how much of the very strings it was timed on a contender reads rightly.\n\n"
    )
    for name in ("dates", "texts"):
        part = results[name]
        timed = ("timed",) if name == "dates" else ()
        found += f"{part['material']}; {part['unit']}:\n\n" + table(
            ("", "median", "worst round", "times ours", *timed),
            (
                [
                    named(each),
                    *(figure(each[head]) for head in ("median", "worst", "times")),
                    *(f"{each[head]:.0%}" for head in timed),
                ]
                for each in part["contenders"]
            ),
        )
        found += "\n"
    limits = (f"{limit['of']} {limit['times']:g} times as fast as {limit['peer']}" for limit in results["limits"])
    return found + f"The script fails where ours is not at least this fast: {'; '.join(limits)}.\n"


def page(text: str, results: dict[str, Any]) -> str:
    """The page with its tables as they should be."""
    blocks = {
        "sizes": sizes(),
        "dates": rights(results["dates"]),
        "wrong dates": wrong_dates(results["dates"]),
        "leap years": leap_years(results["leap years"]),
        "texts": rights(results["texts"]),
        "wrong texts": wrong_texts(results["texts"]),
        "speed": speed(results),
    }
    return _BLOCK.sub(lambda found: f"{found[1]}\n{blocks[found[2]]}\n{found[3]}", text)


def main() -> None:
    options = argparse.ArgumentParser(description="The tables of docs/persian.md.")
    options.add_argument("--check", action="store_true", help="only say whether the page is up to date")
    check = options.parse_args().check
    old = PAGE.read_text(encoding="utf-8")
    new = page(old, json.loads(RESULTS.read_text(encoding="utf-8")))
    if not check:
        PAGE.write_text(new, encoding="utf-8")
    elif new != old:
        print(f"{PAGE.name} is out of date: run python benchmarks/{Path(__file__).name}")
        sys.exit(1)


if __name__ == "__main__":
    main()
