"""What Scrapy is told, as a crawl started in an operator's environment sees it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
SHOW = """
import json, sys
from scrapy.settings import Settings
from spiders import settings as ours

settings = Settings()
settings.setmodule(ours, priority="project")
handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
names = ("BOT_NAME", "USER_AGENT", "ROBOTSTXT_OBEY", "DOWNLOAD_MAXSIZE", "DOWNLOAD_VERIFY_CERTIFICATES",
         "MONADI_ALLOW_HOSTS", "MONADI_CATALOGUE", "TWISTED_DNS_RESOLVER", "DOWNLOADER_MIDDLEWARES")
shown = {name: settings.get(name) for name in names}
shown["DOWNLOADER_MIDDLEWARES"] = dict(shown["DOWNLOADER_MIDDLEWARES"])
kinds = "EXTENSIONS", "DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES"
shown["parts"] = [path for kind in kinds for path in settings.get_component_priority_dict_with_base(kind)]
shown["stock"] = [path for kind in kinds for path in Settings().getwithbase(kind)]
shown["loaded"] = [name for name in ("aiohttp", "scrapy.downloadermiddlewares.cookies") if name in sys.modules]
shown["schemes"] = sorted(scheme for scheme, handler in handlers.items() if handler)
print(json.dumps(shown))
"""


@pytest.fixture
def show(tmp_path):
    def shown(**environment):
        done = subprocess.run(
            [sys.executable, "-c", SHOW],
            env={"PYTHONPATH": str(PROJECT), **environment},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return shown


def test_what_a_crawl_does_without_is_not_even_loaded(show):
    shown = show()
    parts, stock = ({path.rpartition(".")[2] for path in shown[name]} for name in ("parts", "stock"))
    doors = {"RemoteControl", "TelnetConsole"}
    telling = {"CookiesMiddleware", "RefererMiddleware"}  # sites more than they need to know
    others = {"MetaRefreshMiddleware", "HttpProxyMiddleware", "RobotsTxtMiddleware", "UrlLengthMiddleware"}

    assert {"AutoThrottle", "GuardMiddleware", "RobotsMiddleware", "HttpErrorMiddleware"} <= parts
    assert doors | telling | others <= stock - parts  # by the names that Scrapy gives them
    assert shown["loaded"] == []


def test_a_crawl_is_a_polite_guest(show):
    assert show()["ROBOTSTXT_OBEY"] is True


def test_only_pages_of_the_web_are_fetched_and_no_endless_ones(show):
    shown = show()

    assert set(shown["schemes"]) == {"http", "https"}
    assert shown["DOWNLOAD_MAXSIZE"] <= 16 * 1024 * 1024
    assert shown["DOWNLOAD_VERIFY_CERTIFICATES"] is True


def test_the_guard_stands_before_everything_that_fetches(show):
    shown = show()

    assert shown["TWISTED_DNS_RESOLVER"] == "spiders.guard.GuardedResolver"
    assert shown["DOWNLOADER_MIDDLEWARES"]["spiders.guard.GuardMiddleware"] < 100  # robots.txt is asked for at 100


def test_the_user_agent_names_program_version_and_the_operators_contact(show):
    agent = show(MONADI_CONTACT="mailto:omid@example.org")["USER_AGENT"]

    assert agent.startswith("Monadi/")
    assert "mailto:omid@example.org" in agent


def test_the_user_agent_says_when_no_contact_is_given(show):
    assert "no contact given" in show()["USER_AGENT"]


def test_what_the_operator_opens_and_asks_for_reaches_the_crawl(show):
    shown = show(MONADI_ALLOW_HOSTS="127.0.0.0/8", MONADI_CATALOGUE="/srv/monadi")

    assert (shown["MONADI_ALLOW_HOSTS"], shown["MONADI_CATALOGUE"]) == ("127.0.0.0/8", "/srv/monadi")


def test_nothing_is_open_and_the_catalogue_is_built_in_by_default(show):
    shown = show()

    assert (shown["MONADI_ALLOW_HOSTS"], shown["MONADI_CATALOGUE"]) == ("", None)


def test_settings_may_stand_in_a_file(show, tmp_path):
    (tmp_path / "monadi.toml").write_text('contact = "https://example.org/us"\n', "utf-8")

    assert "https://example.org/us" in show()["USER_AGENT"]


def test_scrapy_lists_the_catalogue_from_the_projects_directory():
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"], cwd=PROJECT, capture_output=True, text=True, timeout=60, check=True
    )

    assert "mcls-yazd" in done.stdout.split()
