"""Files named robots.txt as hosts might send them, and the addresses that are held against them."""

import math
from functools import cache
from typing import NamedTuple

from scrapy import Request

from benchmarks.fuzzing.chance import CONTROLS, NUMBERS, ODD, Chance, Target, as_bytes
from benchmarks.hostile import SCHEMES, TEXTS
from spiders.politeness.robots import Rules, text_of

FILES = [
    b"User-agent: *\nDisallow: /admin/\nAllow: /admin/news\nCrawl-delay: 10\nSitemap: https://yazd.example.ir/s.xml\n",
    b"\xef\xbb\xbfUser-agent: Monadi/1.0\r\nDisallow: /*.pdf$\r\n\r\nUser-agent: *\r\nDisallow: /\r\n",
    "User-agent: *\nDisallow: /خبر/*؟\nAllow: /%D8%AE%D8%A8%D8%B1\nRequest-rate: 1/5 0900-1700\n".encode(),
    b"<html><head><title>404</title></head><body>User-agent: *</body></html>",
    b"",
]
WORDS = [
    *("User-agent: ", "user agent ", "Disallow: ", "Allow: ", "Crawl-delay: ", "Sitemap: ", "Request-rate: ", "Host: "),
    *("\n", "\r", "\r\n", "#", ":", "*", "$", "/", "?", "%2F", "%", "%zz", "%D8", "%ff%fe", "/index.html", "Mona"),
    "Monadi",
    *("Visit-time: 0600-0845", ": ", " ", "\t", "1/10m", "5/1d 2500-9999", "/a*b*c*d*e$", "*" * 50, "/*" * 50),
]  # fmt: skip
PATHS = [
    *("/", "/index.html", "/admin/news/1", "/fa/news/12/khabar", "/fa/news/12/%D8%AE%D8%A8%D8%B1?a=%2F&b=/", "/a.pdf"),
    *("/" + "a" * 3000, "/" + "ab" * 1500, "/خبر/۱؟", "/%", "?", "/\ue000", "//", "/a/b/c/d/e", "/" + "%2F" * 500),
]


class Asked(NamedTuple):
    body: bytes
    path: str


@cache
def pieces() -> list[bytes]:
    rules = [f"{word}{value}\n" for word in WORDS[:8] for value in (*NUMBERS, *SCHEMES, *PATHS, *TEXTS)]
    return as_bytes([*WORDS * 8, *rules, *ODD, *CONTROLS, *NUMBERS])


def make(chance: Chance) -> Asked:
    body = chance.choice(FILES) if chance.random() < 0.7 else b"".join(chance.pieces(40, pieces()))
    return Asked(chance.mangled(body, pieces(), FILES), chance.choice(PATHS))


def grown(chance: Chance, size: int) -> Asked:
    path = chance.choice(("/" + "a" * 2000, "/" + "a/b" * 600, chance.choice(PATHS)))
    return Asked(chance.choice(FILES[:3]) + chance.repeated(pieces(), size), path)


def check(asked: Asked) -> str:
    text = text_of(asked.body)
    text.encode()  # there is nothing in it that cannot be kept
    rules = Rules(text)
    url = Request(f"https://yazd.example.ir{asked.path}").url
    allowed = rules.allows(url)
    assert Rules(text).allows(url) == allowed, "it reads otherwise again"
    delay = rules.crawl_delay
    assert delay is None or (math.isfinite(delay) and delay >= 0), f"a delay of {delay}"
    assert all(isinstance(address, str) for address in rules.sitemaps)
    return "allowed" if allowed else "disallowed"


TARGET = Target(name="robots", make=make, check=check, grown=grown, seconds=1.0)
