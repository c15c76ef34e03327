# ruff: noqa: INP001, T201 - a script that prints
"""What a crawl of each bomb comes to: its outcome, the most memory its process had, the CPU time and the time it took.

    python -m benchmarks.bombs [NAME…]

Each bomb is one page, or one office, of tests/hostile, crawled by a process of its own under the settings of a harvest,
beside three sound releases; but no more than `PAGES_ASKED` pages are asked for, since 50,000 of a loopback take minutes
and show nothing else. Status 1 where one takes more than 1 GB or more than its time.
"""

import sys
import time

from tests.hostile.offices import OFFICES
from tests.hostile.pages import PAGES, bomb, coded, zstd
from tests.hostile.sites import SOUND, Answers, Crawled, Office, crawl

MEMORY = 1000  # MB
SECONDS = 60  # of CPU
PAGES_ASKED = 1_000  # in the place of MONADI_PAGES
LARGE = 400  # MB that the coded bombs unfold to

NAMED = (
    *("endless-body", "endless-chunks", "endless-headers", "endless-continue", "ten-thousand-headers", "ratio-bomb"),
    *("nested-100000-deep", "a-million-siblings", "a-hundred-thousand-attributes", "attribute-of-2-mb", "srcset-bomb"),
    *("a-hundred-thousand-tags", "title-of-5-mb", "body-of-5-mb", "ld-of-5-mb", "ld-nested", "ld-of-a-million-nodes"),
    *("opened-and-never-closed", "comments-and-scripts", "ampersands"),
)
WHOLE = (
    *("robots-of-50-mb", "robots-of-catastrophic-patterns", "feed-of-laughs", "feed-of-quadratic-entities"),
    *("feed-of-a-million-items", "sitemap-of-a-million", "sitemap-of-bytes", "sitemap-index-without-end"),
    *("json-of-a-million", "list-of-100000", "calendar"),
)


def bombs() -> dict[str, tuple[Office, str | None]]:
    """By name: the office, and the address of the page that is the bomb, where it is one page of it."""
    pages: dict[str, Answers] = {name: answer for group in PAGES.values() for name, (answer, _) in group.items()}
    large = {
        f"gzip-{LARGE}-mb": coded(bomb(LARGE), "gzip"),
        f"deflate-{LARGE}-mb": coded(bomb(LARGE), "deflate"),
        f"br-{LARGE}-mb": coded(bomb(LARGE), "br"),
        f"zstd-{LARGE}-mb": zstd(bomb(LARGE)),
        f"gzip-in-gzip-{LARGE}-mb": coded(bomb(LARGE), "gzip", "gzip"),
    }
    single = large | {name: pages[name] for name in NAMED}
    made: dict[str, tuple[Office, str | None]] = {
        name: (Office(answers={f"/{name}/": answer}, listed=(f"/{name}/",)), f"/{name}/")
        for name, answer in single.items()
    }
    return made | {name: (OFFICES[name][0], None) for name in WHOLE}


def line(name: str, crawled: Crawled, path: str | None, seconds: float) -> str:
    came = crawled.came[name]
    sound = sum(each.startswith("/sound-") for each in came.paths)
    what = came.of(path) if path else f"{came.outcome}, {len(came.articles)} read, {len(came.asked)} requests"
    cells = (name, what, f"{sound} of {SOUND}", f"{crawled.megabytes:.0f}", f"{crawled.seconds:.1f}", f"{seconds:.1f}")
    return f"| {' | '.join(cells)} |"


def main(names: list[str]) -> int:
    print("| bomb | what comes of it | sound releases | peak, MB | CPU, s | time, s |\n|---|---|---|---|---|---|")
    faults = 0
    for name, (office, path) in bombs().items():
        if names and name not in names:
            continue
        began = time.monotonic()
        crawled = crawl({name: office}, MONADI_PAGES=PAGES_ASKED)
        print(line(name, crawled, path, time.monotonic() - began), flush=True)
        faults += crawled.megabytes > MEMORY or crawled.seconds > SECONDS or bool(crawled.trapped)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
