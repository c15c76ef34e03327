"""Screenshots of the reading room, for docs/screenshots: the sample newsroom, harvested, edited and harvested again.

    apt-get install chromium && .venv/bin/python .ci/screenshots.py [DIRECTORY]

Each page is taken on a desk and on a phone, in Persian or in English; of a long page the beginning. They are PNG files
of 64 colours. Whoever changes how pages look makes them anew, and looks at them.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from sources.sample import SampleNewsroom

ROOT = Path(__file__).parents[1]
DESK, PHONE = {"width": 1200, "height": 1300}, {"width": 390, "height": 844}
ARTICLE = "/articles/sample-yazd/20691"
SHOTS = {
    "home": ("/", DESK),
    "home-phone": ("/", PHONE),
    "home-en": ("/en/", DESK),
    "search": ("/search?q=کارگاه&province=yazd", DESK),
    "search-phone-en": ("/en/search?q=کارگاه", PHONE),
    "article-en": (f"/en{ARTICLE}", DESK),
    "article-phone": (ARTICLE, PHONE),
    "comparison": (f"{ARTICLE}/diff/1/2", DESK),
    "comparison-phone-en": (f"/en{ARTICLE}/diff/1/2", PHONE),
    "changes": ("/changes", DESK),
    "feed": ("/feeds/all.rss", DESK),
    "province": ("/provinces/yazd", DESK),
    "province-phone-en": ("/en/provinces/yazd", PHONE),
    "charts-en": ("/en/charts", DESK),
    "status": ("/status", DESK),
    "status-phone-en": ("/en/status", PHONE),
}


def run(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "monadi", *words], check=True, stdout=subprocess.DEVNULL)


@contextmanager
def served(place: Path) -> Iterator[str]:
    """The address of a Monadi that has seen the newsroom twice."""
    with SampleNewsroom() as newsroom:
        newsroom.write_catalogue(place)
        os.environ.update(
            MONADI_DATA=str(place / "data"),
            MONADI_CATALOGUE=str(place),
            MONADI_ALLOW_HOSTS="127.0.0.0/8",
        )
        run("harvest")
        release = next(each for each in newsroom.releases if each.id == "20691")
        body = release.body.replace("۲۱۰", "۱۹۰").replace("سه هفته", "چهار هفته")
        newsroom.edit("20691", body=body, title=release.title.replace("قهرمان", "قهرمانان"))
        newsroom.remove(newsroom.releases[5].id)
        other = next(each for each in newsroom.releases if each.office == "hormozgan")
        newsroom.add(replace(release, id="7770", office=other.office, slug=None, tags=()))
        run("harvest", "--full")
        command = [sys.executable, "-m", "monadi", "serve", "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                line = next(each for each in server.stdout if "http://" in each)
                yield re.search(r"http://[^/]+", line)[0]
            finally:
                server.terminate()


def main() -> int:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs/screenshots"
    target.mkdir(parents=True, exist_ok=True)
    program = os.environ.get("MONADI_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as place, served(Path(place)) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name, (path, size) in SHOTS.items():
            with browser.new_context(viewport=size, device_scale_factor=1) as context:
                page = context.new_page()
                page.goto(site + path, wait_until="networkidle")
                page.screenshot(path=target / f"{name}.png")
            with Image.open(target / f"{name}.png") as image:
                image.convert("RGB").quantize(64).save(target / f"{name}.png", optimize=True)
            print(name, (target / f"{name}.png").stat().st_size)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
