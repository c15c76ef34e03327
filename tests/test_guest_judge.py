"""The judge of access logs (.ci/guest.py) sees what it is there to see."""

import importlib.util
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).parents[1] / ".ci" / "guest.py"


@pytest.fixture(scope="module")
def guest():
    specification = importlib.util.spec_from_file_location("guest", FILE)
    module = importlib.util.module_from_spec(specification)
    sys.modules["guest"] = module
    specification.loader.exec_module(module)
    yield module
    del sys.modules["guest"]


def log(guest, *visits, agent="Monadi/0.1.0 (news archive; mailto:omid@example.org)"):
    return [guest.Visit(host="h", at=at, target=target, agent=agent) for at, target in visits]


GOOD = ((0.0, "/robots.txt"), (1.0, "/fa/news/1"), (2.0, "/fa/news/2"))
ROBOTS = "User-agent: *\nDisallow: /fa/print/\nAllow: /fa/print/ok\n"


def test_a_good_guest_is_told_nothing(guest):
    assert guest.judge(log(guest, *GOOD), {"h": guest.wishes_of(ROBOTS)}, latency=0.5) == []


@pytest.mark.parametrize(
    ("visits", "robots", "said"),
    [
        ((*GOOD, (3.0, "/fa/print/9")), ROBOTS, "/fa/print/9 is disallowed"),
        ((*GOOD, (2.5, "/fa/news/3")), ROBOTS, "0.500 s between two requests, where 1 s are asked for"),
        (GOOD, ROBOTS + "Crawl-delay: 5\n", "where 5 s are asked for"),
        ((*GOOD, (2.1, "/a"), (2.2, "/b")), ROBOTS, "3 requests at once"),
        (GOOD[1:], ROBOTS, "before robots.txt"),
    ],
)
def test_each_breach_is_named(guest, visits, robots, said):
    broken = guest.judge(log(guest, *visits), {"h": guest.wishes_of(robots)}, latency=0.5)

    assert any(said in line for line in broken)


@pytest.mark.parametrize("agent", ["", "Mozilla/5.0", "Monadi", "Scrapy/2.19 (+https://scrapy.org)"])
def test_a_user_agent_that_hides_us_is_named(guest, agent):
    assert guest.judge(log(guest, *GOOD, agent=agent), {}, latency=0.1) == [f"h: the User-Agent {agent!r}"]


@pytest.mark.parametrize(
    ("rule", "target", "allowed"),
    [
        ("Disallow: /fa/print/", "/fa/print/1", False),
        ("Disallow: /fa/print/", "/fa/news/1", True),
        ("Disallow: /\nAllow: /fa", "/fa/1", True),
        ("Disallow: /*.pdf$", "/a/b.pdf", False),
        ("Disallow: /*.pdf$", "/a/b.pdf?x", True),
        ("Disallow: /خبر", "/%D8%AE%D8%A8%D8%B1/1", False),
        ("Disallow:", "/a", True),
    ],
)
def test_the_judge_reads_robots_txt_by_itself(guest, rule, target, allowed):
    assert guest.wishes_of(f"User-agent: *\n{rule}\n").allow(target) is allowed


def test_the_judge_takes_no_others_rules_for_ours(guest):
    assert guest.wishes_of("User-agent: other\nDisallow: /\n\nUser-agent: *\nDisallow: /b\n").allow("/a")
