"""One crawl in a process of its own, as a station or a worker begins it: `python -P -m spiders.crawl SOURCE`.

It prints the line that tells of the crawl. Exit status: 0 whatever came of the crawl, which stands in the archive;
`CLAIMED` when another process reads the source, or has done so meanwhile; 1 when nothing could be begun.
"""

import argparse
import sys

from archive.configuration import read_configuration
from archive.cycles import collect_seldom
from archive.errors import ArchiveError
from archive.store import open_archive
from sources import Catalogue
from sources.errors import CatalogueError
from spiders.errors import SpiderError
from spiders.harvest import harvest
from spiders.processes import CLAIMED
from spiders.reach import Reach


def main(words: list[str] | None = None) -> int:
    collect_seldom()
    parser = argparse.ArgumentParser(prog="spiders.crawl", description="Read one source now.")
    parser.add_argument("source")
    parser.add_argument("--after", type=int, help="the newest crawl that is known; nothing is done if there is another")
    asked = parser.parse_args(words)
    configuration = read_configuration()
    try:
        office = Catalogue.load(configuration.catalogue).source(asked.source)
        with open_archive(configuration) as kept:
            reports = harvest(
                kept, [office], Reach(after=asked.after), follow=False, seconds=configuration.crawl_limit * 60
            )
    except (ArchiveError, CatalogueError, SpiderError) as error:
        print(f"{asked.source}: {error}", file=sys.stderr)  # noqa: T201
        return 1
    if not reports:
        print(f"{asked.source}: ended before it had begun", file=sys.stderr)  # noqa: T201
        return 1
    print(*reports, flush=True)  # noqa: T201
    return CLAIMED if reports[0].claimed else 0


if __name__ == "__main__":
    sys.exit(main())
