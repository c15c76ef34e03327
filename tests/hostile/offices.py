# ruff: noqa: E501 - what a site writes stands in the lines that it writes
"""Whole offices that lead a crawl astray: what they answer, and what must come of the crawl.

`OFFICES` and, of those that keep one waiting, `SLOW`: name → (the office, what comes of it). The three sound releases that an office has beside its tricks are
archived, unless `sound` says how many are; `others` are the addresses of further ones; `most` bounds the requests.
"""

import gzip
import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from sources.sample.site import Answer
from tests.hostile.pages import CHALLENGE, LOGIN, MB, MISSING, endless, http
from tests.hostile.sites import ENTRY, SOUND, Answers, Office, page
from tests.spiders.loopback import Wire


@dataclass(frozen=True, kw_only=True)
class Comes:
    sound: int = SOUND
    others: tuple[str, ...] = ()
    outcome: str | None = None
    most: int = 60
    because: str = ""
    held: tuple[str, ...] = ()


def to(place: str, status: int = 302) -> Answer:
    return Answer(status=status, location=place)


PLACES = {
    "file": "file:///etc/passwd",
    "ftp": "ftp://127.0.0.1/a",
    "data": "data:text/html,<h1>x</h1>",
    "javascript": "javascript:alert(1)",
    "gopher": "gopher://127.0.0.1:70/x",
    "loopback": "{trap}/loopback",
    "localhost": "http://localhost/",
    "v6-loopback": "http://[::1]/",
    "mapped": "http://[::ffff:127.0.0.1]/",
    "mapped-hex": "http://[::ffff:7f00:1]/",
    "nat64": "http://[64:ff9b::7f00:1]/",
    "6to4": "http://[2002:7f00:1::]/",
    "unspecified": "http://0.0.0.0/",
    "unspecified-v6": "http://[::]/",
    "decimal": "http://2130706433/",
    "octal": "http://0177.0.0.1/",
    "hex": "http://0x7f000001/",
    "short": "http://127.1/",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "metadata-v6": "http://[fd00:ec2::254]/latest/meta-data/",
    "metadata-shared": "http://100.100.100.200/latest/meta-data/",
    "metadata-azure": "http://168.63.129.16/machine",
    "private": "http://10.0.0.1/",
    "private-172": "http://172.16.0.1/",
    "private-192": "http://192.168.0.1/",
    "shared": "http://100.64.0.1/",
    "multicast": "http://224.0.0.1/",
    "broadcast": "http://255.255.255.255/",
    "zone": "http://[fe80::1%25eth0]/",
    "wide-letters": "http://１２７.０.０.１/",
    "dots-of-other-scripts": "http://127。0。0。1/",
    "user-info": "http://127.1.0.1@127.0.0.1/",
    "user-info-of-the-site": "{origin}@127.0.0.1/",
    "backslash": "http:\\\\127.0.0.1\\x",
    "two-slashes": "//127.0.0.1/x",
    "three-slashes": "///127.0.0.1/x",
    "no-host": "http:///x",
    "port-ssh": "{host}:22/",
    "port-redis": "{host}:6379/",
    "port-of-a-trap": "{host}:{port}/",
    "port-0": "{host}:0/",
    "port-99999": "{host}:99999/",
    "port-of-words": "{host}:http/",
    "line-feeds": "/x\r\nX-Injected: 1",
    "encoded-line-feeds": "/x%0d%0aX-Injected:%201",
    "control-characters": "http://127.0.0.1\x00.example/\x1b[31m",
    "broken-brackets": "http://[::1",
    "overlong": "/" + "a" * 60_000,
    "empty": " ",
    "traversal": "/../../../../etc/passwd",
    "script-in-it": '/"><script>alert(1)</script>',
    "a-template": "/{{7*7}}/%s%n/{0.__class__}",
    "other-host": "http://other.example/",
    "login": "/wp-login.php?redirect_to=x",
}


def redirects() -> Office:
    """Every release but the sound ones leads somewhere else."""
    office = Office(listed=tuple(f"/to-{name}/" for name in PLACES))

    def otherwise(target: str) -> Answers:
        place = PLACES.get(target.strip("/").removeprefix("to-"))
        if place is None:
            return Answer(status=404)
        parts, trap = urlsplit(office.url), urlsplit(office.trap)
        place = place.replace("{host}", f"http://{parts.hostname}").replace("{port}", str(trap.port))
        place = place.replace("{origin}", office.url).replace("{trap}", office.trap)
        return http(b"", b"Location: " + place.encode(), status=b"HTTP/1.1 302 Found")

    office.otherwise = otherwise
    return office


def entries(*addresses: str) -> str:
    return "".join(map(ENTRY.format, addresses))


def sounds() -> str:
    return entries(*(f"/sound-{number}/" for number in range(SOUND)))


def feed(*items: str, head: str = "") -> Answer:
    return Answer(
        text=f'<?xml version="1.0"?>{head}<rss version="2.0"><channel>{"".join(items)}</channel></rss>',
        type="application/rss+xml",
    )


def item(link: str, more: str = "") -> str:
    return f"<item><link>{link}</link>{more}</item>"


def sitemap(*urls: str, name: str = "url", head: str = "") -> Answer:
    locs = "".join(f"<{name}><loc>{url}</loc></{name}>" for url in urls)
    around = "urlset" if name == "url" else "sitemapindex"
    return Answer(
        text=f'<?xml version="1.0"?>{head}<{around} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locs}</{around}>',
        type="application/xml",
    )


INDEX = "/wp-sitemap.xml"
PART = "/wp-sitemap-posts-post-{}.xml"
LAUGHS = (
    '<!DOCTYPE r [<!ENTITY a "ha ha ha ha ha ha ha ha ha ha ">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in itertools.pairwise("abcdefghij"))
    + "]>"
)
FILES = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y SYSTEM "{trap}/entity"><!ENTITY % z SYSTEM "{trap}/parameter"> %z;]>'


def by_index(made: Callable[[Office, int], Answers]) -> Office:
    """An office whose sitemaps are made when they are asked for, by the number in their address."""
    office = Office(answers={INDEX: sitemap("{origin}" + PART.format(0), name="sitemap")})

    def otherwise(target: str) -> Answers:
        number = target.partition("?")[0].removeprefix("/wp-sitemap-posts-post-").removesuffix(".xml")
        return made(office, int(number)) if number.isdecimal() else Answer(status=404)

    office.otherwise = otherwise
    return office


def calendar(named: int) -> Office:
    """Each list leads to another, of a month that has no releases, and names so many, which are always the same one."""
    office = Office()

    def otherwise(target: str) -> Answers:
        path, _, query = target.partition("?")
        if path == "/" and query.startswith("month="):
            number = int(query.removeprefix("month="))
            return (
                entries(*(f"/same/?month={number}&view={number}-{each}" for each in range(named)))
                + f'<a class="next page-numbers" href="/?month={number + 1}">بعد</a>'
            )
        return page(77, title="خبری که همیشه همان است") if path == "/same/" else Answer(status=404)

    office.otherwise = otherwise
    office.answers = {"/": sounds() + '<a class="next page-numbers" href="/?month=1">بعد</a>'}
    return office


def robots(body: bytes, *head: bytes, status: bytes = b"HTTP/1.1 200 OK", kind: bytes = b"text/plain") -> Office:
    return Office(answers={"/robots.txt": http(body, *head, status=status, kind=kind)})


def gate(cookies: int, size: int = 20) -> Office:
    """An office that sets many cookies and sends back every request that does not bring the last of them."""
    sets = [f"Set-Cookie: c{number}={'v' * size}; path=/".encode() for number in range(cookies)]
    return Office(answers={"/": http(sounds().encode(), *sets)})


def jsons(body: str | bytes) -> Office:
    data = body if isinstance(body, bytes) else body.encode()
    return Office(
        answers={
            "/wp-json/wp/v2/posts?per_page=100&page=1&_fields=id,link,date_gmt": Answer(
                data=data, type="application/json"
            )
        }
    )


def everywhere(answer: Answers) -> Office:
    office = Office(otherwise=lambda _: answer)
    office.answers = {"/": answer, "/robots.txt": Answer(status=404)}
    return office


def drip(first: bytes, part: bytes, seconds: float) -> Callable[[Wire], None]:
    def speak(wire: Wire) -> None:
        wire.send(first)
        while True:
            time.sleep(seconds)
            wire.send(part)

    return speak


def silent(first: bytes) -> Callable[[Wire], None]:
    def speak(wire: Wire) -> None:
        wire.send(first)
        time.sleep(60)

    return speak


def ring(length: int) -> Office:
    return Office(
        listed=("/ring-0/",), answers={f"/ring-{n}/": to(f"/ring-{(n + 1) % length}/") for n in range(length)}
    )


def chain(length: int) -> Office:
    answers: dict[str, Answers] = {f"/chain-{n}/": to(f"/chain-{n + 1}/") for n in range(length)}
    return Office(listed=("/chain-0/",), answers={**answers, f"/chain-{length}/": page(55, title="خبری پس از چند گام")})


def growing(target: str) -> Answers:
    return to(target.rstrip("/") + "x/") if target.startswith("/grow") else Answer(status=404)


LIST = "".join(ENTRY.format(f"/many-{n}/") for n in range(100_000))
MILLION = gzip.compress(
    b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    + b"".join(b"<url><loc>/m/%d/</loc></url>" % n for n in range(1_000_000))
    + b"</urlset>",
    1,
    mtime=0,
)
FINE = page(88, title="خبری که فهرست دیگری می‌نامد")

OFFICES: dict[str, tuple[Office, Comes]] = {
    "redirects": (redirects(), Comes(most=4 * len(PLACES), outcome="ok")),
    "ring-of-1": (ring(1), Comes()),
    "ring-of-3": (ring(3), Comes()),
    "ring-of-50": (ring(50), Comes()),
    "chain-of-4": (chain(4), Comes(others=("/chain-4/",))),
    "chain-of-30": (chain(30), Comes()),
    "redirects-that-grow": (Office(listed=("/grow/",), otherwise=growing), Comes()),
    "list-redirects-inward": (Office(answers={"/": to("{trap}/list")}), Comes(sound=0, outcome="empty")),
    "list-redirects-to-itself": (Office(answers={"/": to("/")}), Comes(sound=0, outcome="blocked")),
    "robots-redirects-inward": (Office(answers={"/robots.txt": to("{trap}/robots.txt")}), Comes(sound=0)),
    "robots-redirects-forever": (Office(answers={"/robots.txt": to("/robots.txt")}), Comes(sound=0, outcome="blocked")),
    "robots-redirects-to-a-file": (Office(answers={"/robots.txt": to("file:///etc/passwd")}), Comes(sound=0)),
    "robots-of-50-mb": (
        Office(
            answers={
                "/robots.txt": endless(
                    http(length=False, kind=b"text/plain"), b"User-agent: *\nDisallow: /private\n" * 999
                )
            }
        ),
        Comes(),
    ),
    "robots-of-html": (robots(sounds().encode(), kind=b"text/html"), Comes()),
    "robots-of-one-line": (robots(b"Disallow: /" + b"a" * 400_000), Comes()),
    "robots-of-catastrophic-patterns": (
        robots(b"User-agent: *\n" + b"".join(b"Disallow: /" + b"*a" * 40 + b"b%d$\n" % n for n in range(4000))),
        Comes(),
    ),
    "robots-of-40000-rules": (
        robots(b"User-agent: *\n" + b"".join(b"Disallow: /%d*x\n" % n for n in range(24_000))),
        Comes(),
    ),
    "robots-of-binary": (robots(bytes(range(256)) * 100), Comes()),
    "robots-of-agents": (
        robots(b"".join(b"User-agent: bot%d\n" % n for n in range(20_000)) + b"Disallow: /\n"),
        Comes(),
    ),
    "robots-forbids-all": (robots(b"User-agent: *\nDisallow: /\n"), Comes(sound=0)),
    "robots-asks-for-a-year": (robots(b"User-agent: *\nCrawl-delay: 31536000\n"), Comes()),
    "robots-asks-for-nonsense": (
        robots(b"User-agent: *\nCrawl-delay: 1e999\nRequest-rate: 1/0\nVisit-time: 99:99-88\n"),
        Comes(),
    ),
    "robots-names-sitemaps-elsewhere": (
        robots(
            b"Sitemap: http://169.254.169.254/\nSitemap: file:///etc/passwd\nSitemap: //127.0.0.1/x\nSitemap: http://[\n"
        ),
        Comes(),
    ),
    "robots-names-10000-sitemaps": (
        robots(b"".join(b"Sitemap: /s%d.xml\n" % n for n in range(10_000))),
        Comes(most=300),
    ),
    "robots-500": (robots(b"", status=b"HTTP/1.1 500 Oh"), Comes(sound=0)),
    "cookies-of-200": (gate(200), Comes()),
    "cookies-of-200-kb": (gate(200, 1000), Comes()),
    "cookie-gate-forever": (
        Office(
            answers={
                "/": http(
                    b"",
                    b"Location: /",
                    *[b"Set-Cookie: a%d=%s" % (n, b"x" * 500) for n in range(100)],
                    status=b"HTTP/1.1 302 Found",
                )
            }
        ),
        Comes(sound=0, outcome="blocked"),
    ),
    "feed-of-laughs": (
        Office(answers={"/feed/": feed(item("/fine/", "<title>&j;</title>"), head=LAUGHS), "/fine/": FINE}),
        Comes(),
    ),
    "feed-of-files": (
        Office(
            answers={
                "/feed/": feed(item("/fine/", "<title>&x;&y;</title>"), item("&x;"), item("&y;"), head=FILES),
                "/fine/": FINE,
            }
        ),
        Comes(others=("/fine/",)),
    ),
    "feed-of-quadratic-entities": (
        Office(
            answers={
                "/feed/": feed(
                    item("/fine/", f"<title>{'&a;' * 50_000}</title>"),
                    head=f'<!DOCTYPE r [<!ENTITY a "{"x" * 50_000}">]>',
                ),
                "/fine/": FINE,
            }
        ),
        Comes(),
    ),
    "feed-in-utf-16-without-mark": (
        Office(
            answers={
                "/feed/": Answer(data=feed(item("/fine/")).text.encode("utf-16-le"), type="text/xml"),
                "/fine/": FINE,
            }
        ),
        Comes(others=("/fine/",)),
    ),
    "feed-of-dates": (
        Office(
            answers={
                "/feed/": feed(
                    item("/fine/", "<pubDate>Fri, 31 Dec 9999 23:59:59 -1200</pubDate>"),
                    item("/fine-2/", "<pubDate>Mon, 00 Jan 0000 00:00:00 GMT</pubDate>"),
                    item("/fine-3/", f"<pubDate>{'9' * 9000}</pubDate>"),
                ),
                "/fine/": FINE,
                "/fine-2/": page(89, title="خبر دوم فهرست دیگر"),
                "/fine-3/": page(90, title="خبر سوم فهرست دیگر"),
            }
        ),
        Comes(others=("/fine/", "/fine-2/", "/fine-3/")),
    ),
    "feed-of-sizes": (
        Office(
            answers={
                "/feed/": feed(
                    item(
                        "/fine/",
                        f'<enclosure url="/a.pdf" length="{"9" * 6000}"/><enclosure url="/b.pdf" length="{10**30}"/><enclosure url="/c.pdf" length="-5"/><enclosure url="/d.pdf" length="۱۲"/>',
                    )
                ),
                "/fine/": FINE,
            }
        ),
        Comes(others=("/fine/",)),
    ),
    "feed-nested": (Office(answers={"/feed/": Answer(text="<rss>" + "<channel>" * 100_000, type="text/xml")}), Comes()),
    "feed-of-a-million-items": (
        Office(answers={"/feed/": Answer(text="<rss>" + "<item/>" * 1_000_000 + "</rss>", type="text/xml")}),
        Comes(),
    ),
    "feed-of-attributes": (
        Office(
            answers={
                "/feed/": Answer(text="<rss " + " ".join(f'a{n}="1"' for n in range(60_000)) + "/>", type="text/xml")
            }
        ),
        Comes(),
    ),
    "feed-of-links-elsewhere": (
        Office(
            answers={
                "/feed/": feed(
                    *(
                        item(place)
                        for place in (
                            "{trap}/x/",
                            "file:///etc/passwd",
                            "javascript:alert(1)",
                            "http://[",
                            "//127.0.0.1/x",
                            "http://169.254.169.254/",
                            " ",
                            "\x0b",
                        )
                    )
                )
            }
        ),
        Comes(),
    ),
    "feed-that-is-html": (Office(answers={"/feed/": sounds()}), Comes()),
    "feed-of-nothing": (Office(answers={"/feed/": http()}), Comes()),
    "feed-that-leads-on-forever": (
        Office(
            answers={
                "/feed/": Answer(
                    text='<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="/feed/?p=1"/></feed>',
                    type="text/xml",
                )
            },
            otherwise=lambda target: (
                Answer(
                    text=f'<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="/feed/?p={target.partition("=")[2]}1"/></feed>',
                    type="text/xml",
                )
                if target.startswith("/feed/?p=")
                else Answer(status=404)
            ),
        ),
        Comes(),
    ),
    "sitemap-of-laughs": (Office(answers={INDEX: sitemap("{origin}/&j;", name="sitemap", head=LAUGHS)}), Comes()),
    "sitemap-index-of-itself": (
        Office(
            answers={
                INDEX: sitemap("{origin}" + INDEX, *["{origin}" + PART.format(1)] * 500, name="sitemap"),
                PART.format(1): sitemap("{origin}" + INDEX, "{origin}" + PART.format(1), name="sitemap"),
            }
        ),
        Comes(),
    ),
    "sitemap-index-without-end": (
        by_index(
            lambda _, number: sitemap(
                *("{origin}" + PART.format(number * 10 + each) for each in range(10)), name="sitemap"
            )
        ),
        Comes(most=300),
    ),
    "sitemap-of-a-million": (
        by_index(lambda _, __: Answer(data=MILLION, type="application/x-gzip")),
        Comes(most=600, because="which is 300 pages"),
    ),
    "sitemap-of-bytes": (
        by_index(lambda _, __: Answer(data=gzip.compress(b"\x00" * (60 * MB), 6), type="application/gzip")),
        Comes(),
    ),
    "sitemap-of-deep-json": (by_index(lambda _, __: Answer(text='{"urls":' + "[" * 100_000)), Comes()),
    "sitemap-of-wrong-json": (
        by_index(
            lambda _, __: Answer(
                text=json.dumps(
                    {"urls": [1, None, [], {"loc": 5}, {"loc": {"a": 1}}, {"loc": "\ud800"}], "sitemaps": "x"}
                )
            )
        ),
        Comes(),
    ),
    "json-of-wrong-types": (
        jsons(
            json.dumps(
                [
                    1,
                    None,
                    "x",
                    [],
                    {"link": 5},
                    {"link": ["/a/"]},
                    {"link": None, "date_gmt": 5},
                    {"link": "/fine/", "date_gmt": {"a": 1}},
                ]
            )
        ),
        Comes(),
    ),
    "json-nested": (jsons("[" * 300_000 + "]" * 300_000), Comes()),
    "json-of-numbers": (jsons("[" + "9" * 100_000 + "]"), Comes()),
    "json-of-surrogates": (jsons('[{"link":"/\\ud800/","date_gmt":"\\ud800"},{"link":"\\u0000/\\u202e/"}]'), Comes()),
    "json-of-a-million": (jsons("[" + ",".join(["{}"] * 1_000_000) + "]"), Comes()),
    "json-of-pages-without-end": (
        Office(
            answers={
                "/wp-json/wp/v2/posts?per_page=100&page=1&_fields=id,link,date_gmt": http(
                    b"[{}]", b"X-WP-TotalPages: " + b"9" * 5000, kind=b"application/json"
                )
            }
        ),
        Comes(),
    ),
    "list-of-100000": (Office(answers={"/": LIST + sounds()}), Comes(sound=0, most=600)),
    "list-of-bad-links": (
        Office(
            listed=(
                "http://[::1",
                "http://127.0.0.1:99999/",
                "/\x00\x1b[31m/",
                "/%00/",
                "/" + "a" * 50_000 + "/",
                "/..%2f..%2fetc/passwd",
                "/con/",
                "/nul.txt",
                "/aux",
                "javascript:alert(1)",
                "mailto:a@b",
                "http://user:word@127.0.0.1/",
                "//",
                "///",
                "?",
                "#",
                "/\ud83d/".encode("utf-8", "replace").decode(),
                "/{{7*7}}/",
                "/%s%n%x/",
                "/$(id)/",
                "/;rm -rf ~/",
                "/\u202egnp.exe/",
                "\\\\127.0.0.1\\share\\",
            )
        ),
        Comes(),
    ),
    "list-nested": (Office(answers={"/": "<div>" * 50_000 + sounds()}), Comes(sound=0)),
    "list-of-thousands": (
        Office(answers={"/": "".join(f'<a href="/?tag={n}">واژه {n}</a> ' for n in range(4000)) + sounds()}),
        Comes(),
    ),
    "list-in-lists": (
        Office(answers={"/": "<li><article><a href='/?tag=1'>واژه</a>" * 120 + sounds()}),
        Comes(),
    ),
    "list-with-a-base-elsewhere": (
        Office(answers={"/": '<base href="{trap}/">' + sounds()}),
        Comes(sound=0, outcome="empty"),
    ),
    "calendar": (calendar(1), Comes(others=("/same/",), most=900, because="which is 200 lists")),
    "calendar-of-the-same": (
        calendar(2),
        Comes(others=("/same/",), most=400, because="200 pages in a row held what others do"),
    ),
    "pager-to-itself": (Office(answers={"/": sounds() + '<a class="next page-numbers" href="/">بعد</a>'}), Comes()),
    "soft-404-everywhere": (everywhere(MISSING), Comes(sound=0, outcome="empty")),
    "login-everywhere": (everywhere(LOGIN), Comes(sound=0, outcome="blocked")),
    "challenge-everywhere": (everywhere(Answer(text=CHALLENGE, status=403)), Comes(sound=0, outcome="blocked")),
    "challenge-of-5-mb": (everywhere(Answer(text=CHALLENGE + "<input" * 900_000, status=503)), Comes(sound=0)),
    "json-everywhere": (everywhere(Answer(text='[{"a": 1}]', type="application/json")), Comes(sound=0)),
    "empty-everywhere": (everywhere(http()), Comes(sound=0, outcome="empty")),
    "garbage-everywhere": (everywhere(bytes(range(256)) * 9), Comes(sound=0, outcome="unreachable")),
    "retry-after-an-age": (
        everywhere(http(b"", b"Retry-After: 99999999999999999999", status=b"HTTP/1.1 503 Busy")),
        Comes(sound=0),
    ),
    "retry-after-nonsense": (
        everywhere(
            http(b"", b"Retry-After: Fri, 99 Foo 99999 99:99:99 GMT", b"Date: nonsense", status=b"HTTP/1.1 429 Busy")
        ),
        Comes(sound=0),
    ),
}

SLOW: dict[str, tuple[Office, Comes]] = {
    "silent-from-the-start": (
        Office(listed=("/silent/",), answers={"/silent/": silent(b"")}),
        Comes(held=("/silent/",)),
    ),
    "silent-in-the-head": (
        Office(listed=("/silent/",), answers={"/silent/": silent(b"HTTP/1.1 200 OK\r\nX-A: ")}),
        Comes(held=("/silent/",)),
    ),
    "silent-in-the-body": (
        Office(listed=("/silent/",), answers={"/silent/": silent(http(FINE.encode(), length=False))}),
        Comes(held=("/silent/",)),
    ),
    "silent-in-a-chunk": (
        Office(
            listed=("/silent/",),
            answers={"/silent/": silent(http(b"5\r\nhe", b"Transfer-Encoding: chunked", length=False))},
        ),
        Comes(held=("/silent/",)),
    ),
    "drip-of-the-head": (
        Office(listed=("/drip/",), answers={"/drip/": drip(b"HTTP/1.1 200 OK\r\n", b"X-A: 1\r\n", 0.3)}),
        Comes(held=("/drip/",)),
    ),
    "drip-of-the-body": (
        Office(listed=("/drip/",), answers={"/drip/": drip(http(length=False), b"<p>x</p>", 0.3)}),
        Comes(held=("/drip/",)),
    ),
}
