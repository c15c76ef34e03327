# ruff: noqa: E501 - what a site writes stands in the lines that it writes
"""Pages that a site may answer with where a release should be: what they are, and what must come of each.

`PAGES`: name → (what is answered, what comes of it): "archived", "held/<kind>", or "nothing", which is neither archived
nor held (the site is asked again at the next crawl, or what it says is not for us).
"""

import gzip
import json
import zlib

import brotli

from sources.sample.site import Answer
from tests.hostile.sites import TEXT, Answers, page
from tests.spiders.loopback import Spoken, Wire

MB = 2**20
LATIN = (
    "<p>The head of the office opened a new workshop in the city today and said that it would stay open until the end of the year for everyone who wishes to attend.</p>"
    * 3
)
ARABIC = (
    "<p>قال المدير العام في المحافظة إن الورشة الجديدة التي افتتحت اليوم في المدينة ستستمر حتى نهاية العام، وأضاف أن البرامج الأخرى التي هي قيد التنفيذ سوف تعلن على الناس من خلال الموقع الرسمي.</p>"
    * 3
)
CHINESE = "<p>局长今天在市里宣布新的培训车间开幕，并表示它将一直开放到年底，供所有希望参加的人使用。</p>" * 5
LOGIN = '<html><head><title>ورود به سامانه</title></head><body><form action="/login" method="post"><input name="u"><input type="password" name="p"></form></body></html>'
CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={}</script></body></html>"
)
MISSING = "<html><head><title>خطا</title></head><body><h1>صفحه مورد نظر یافت نشد</h1></body></html>"


def http(
    body: bytes = b"",
    *head: bytes,
    status: bytes = b"HTTP/1.1 200 OK",
    kind: bytes = b"text/html; charset=utf-8",
    length: bool = True,
) -> bytes:
    lines = [status, b"Content-Type: " + kind, *head]
    lines += [b"Content-Length: %d" % len(body)] if length else []
    return b"\r\n".join([*lines, b"Connection: close", b"", body])


def coded(body: bytes, *codings: str) -> bytes:
    """A page under content codings, each put over the one before."""
    for coding in codings:
        body = (
            gzip.compress(body, mtime=0)
            if coding == "gzip"
            else zlib.compress(body)
            if coding == "deflate"
            else brotli.compress(body, quality=5)
        )
    return http(body, b"Content-Encoding: " + ", ".join(codings).encode())


def zstd(body: bytes) -> bytes:
    from backports import zstd as codec  # noqa: PLC0415 - a bomb is made when it is asked for

    return http(codec.compress(body), b"Content-Encoding: zstd")


def numbered(number: int, what: str, **changes: str) -> str:
    """A page that nothing is wrong with but what its changes say, each with a title of its own."""
    return page(number, **{"title": f"گشایش کارگاه شماره {number}", **changes})


def bomb(megabytes: int = 40) -> bytes:
    return numbered(1, "bomb").encode() + b" " * (megabytes * MB)


def spoken(*parts: bytes) -> Spoken:
    def speak(wire: Wire) -> None:
        for part in parts:
            wire.send(part)

    return speak


def endless(start: bytes, part: bytes) -> Spoken:
    def speak(wire: Wire) -> None:
        wire.send(start)
        while True:
            wire.send(part)

    return speak


def ld(value: str) -> str:
    return f'<script type="application/ld+json">{value}</script>'


_NUMBER = iter(range(1000, 100_000))


def fine(what: str = "", **changes: str) -> str:
    return numbered(next(_NUMBER), what, **changes)


CODINGS: dict[str, tuple[Answers, str]] = {
    "gzip-bomb": (coded(bomb(), "gzip"), "held/too-large"),
    "deflate-bomb": (coded(bomb(), "deflate"), "held/too-large"),
    "br-bomb": (coded(bomb(), "br"), "held/too-large"),
    "zstd-bomb": (zstd(bomb()), "held/too-large"),
    "gzip-in-gzip-bomb": (coded(bomb(), "gzip", "gzip"), "held/too-large"),
    "gzip-in-br-in-deflate-bomb": (coded(bomb(), "gzip", "br", "deflate"), "held/too-large"),
    "ratio-bomb": (coded(bomb(9), "gzip"), "held/too-large"),
    "ten-codings": (coded(fine().encode(), *["gzip"] * 10), "held/coding"),
    "a-thousand-codings": (http(b"x", b"Content-Encoding: " + b", ".join([b"gzip"] * 1000)), "held/coding"),
    "unknown-coding": (http(b"\x93\x12" * 4000, b"Content-Encoding: x-secret"), "held/not-an-article"),
    "gzip-that-is-none": (http(fine().encode(), b"Content-Encoding: gzip"), "held/coding"),
    "br-that-is-none": (http(fine().encode(), b"Content-Encoding: br"), "held/coding"),
    "zstd-that-is-none": (http(fine().encode(), b"Content-Encoding: zstd"), "held/coding"),
    "deflate-that-is-none": (http(fine().encode(), b"Content-Encoding: deflate"), "held/coding"),
    "gzip-cut": (http(gzip.compress(fine().encode() * 1)[:-30], b"Content-Encoding: gzip"), "archived"),
    "coded-fine": (coded(fine().encode(), "br"), "archived"),
}

WIRE: dict[str, tuple[Answers, str]] = {
    "endless-body": (endless(http(length=False), b"<p>x</p>" * 8000), "held/too-large"),
    "endless-chunks": (
        endless(http(b"", b"Transfer-Encoding: chunked", length=False), b"2000\r\n" + b"x" * 0x2000 + b"\r\n"),
        "held/too-large",
    ),
    "endless-headers": (endless(b"HTTP/1.1 200 OK\r\n", b"X-Filler: 1234567890\r\n" * 400), "held/too-large"),
    "endless-header": (endless(b"HTTP/1.1 200 OK\r\nX-Filler: ", b"a" * 8000), "held/reset"),
    "endless-continue": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 400), "held/too-large"),
    "endless-status": (endless(b"HTTP/1.1 200 ", b"O" * 8000), "held/reset"),
    "ten-thousand-headers": (http(fine().encode(), *[b"X-%d: 1" % n for n in range(10_000)]), "held/too-large"),
    "huge-header": (http(fine().encode(), b"X-Filler: " + b"a" * 1_000_000), "held/reset"),
    "huge-length": (http(b"x", b"Content-Length: 99999999999", length=False), "held/too-large"),
    "length-that-overflows": (http(b"x", b"Content-Length: " + b"9" * 5000, length=False), "held/reset"),
    "negative-length": (http(fine().encode(), b"Content-Length: -5", length=False), "held/reset"),
    "length-of-words": (http(fine().encode(), b"Content-Length: many", length=False), "held/reset"),
    "two-lengths": (http(fine().encode(), b"Content-Length: 5", b"Content-Length: 7", length=False), "held/reset"),
    "length-too-long": (http(fine().encode()[:500], b"Content-Length: 90000", length=False), "held/cut-off"),
    "length-too-short": (spoken(http(fine().encode(), b"Content-Length: 40", length=False)), "held/not-an-article"),
    "length-and-chunks": (
        http(b"5\r\nhello\r\n0\r\n\r\n", b"Transfer-Encoding: chunked", b"Content-Length: 3", length=False),
        "held/not-an-article",
    ),
    "chunks-of-garbage": (
        http(b"zz\r\nhello\r\n0\r\n\r\n", b"Transfer-Encoding: chunked", length=False),
        "held/cut-off",
    ),
    "chunk-of-negative-size": (
        http(b"-5\r\nhello\r\n0\r\n\r\n", b"Transfer-Encoding: chunked", length=False),
        "held/cut-off",
    ),
    "chunk-that-overflows": (
        http(b"f" * 400 + b"\r\nhello\r\n", b"Transfer-Encoding: chunked", length=False),
        "held/cut-off",
    ),
    "chunks-cut": (http(b"500\r\nhello", b"Transfer-Encoding: chunked", length=False), "held/cut-off"),
    "unknown-transfer": (http(fine().encode(), b"Transfer-Encoding: gzip, chunked", length=False), "held/reset"),
    "no-status-line": (b"<html>hello</html>\r\n\r\n", "held/reset"),
    "http-0.9": (fine().encode(), "held/reset"),
    "status-of-words": (http(fine().encode(), status=b"HTTP/1.1 fine OK"), "held/reset"),
    "status-9999": (http(fine().encode(), status=b"HTTP/1.1 9999 OK"), "held/http-9999"),
    "status-0": (http(fine().encode(), status=b"HTTP/1.1 0 OK"), "held/http-0"),
    "status-999": (http(fine().encode(), status=b"HTTP/1.1 999 Denied"), "held/http-999"),
    "http-7": (http(fine().encode(), status=b"HTTP/7.7 200 OK"), "archived"),
    "ssh": (b"SSH-2.0-OpenSSH_8.9\r\n", "held/reset"),
    "binary-on-the-wire": (bytes(range(256)) * 200, "held/reset"),
    "closed-at-once": (lambda _: None, "held/reset"),
    "header-without-colon": (http(fine().encode(), b"nothing to see here"), "archived"),
    "header-folded": (http(fine().encode(), b"X-A: 1\r\n  folded\r\n\tmore"), "archived"),
    "header-with-nul": (http(fine().encode(), b"X-A: a\x00b"), "archived"),
    "header-with-escapes": (http(b"x", b"X-A: \x1b[31mred\x1b[0m"), "held/not-an-article"),
    "bare-line-feeds": (http(fine().encode()).replace(b"\r\n", b"\n", 4), "archived"),
    "204": (http(status=b"HTTP/1.1 204 No Content"), "held/not-an-article"),
    "empty-200": (http(), "held/not-an-article"),
    "unasked-206": (
        http(fine().encode()[:400], b"Content-Range: bytes 0-399/90000", status=b"HTTP/1.1 206 Partial Content"),
        "held/cut-off",
    ),
    "unasked-304": (http(status=b"HTTP/1.1 304 Not Modified"), "held/http-304"),
    "101": (http(status=b"HTTP/1.1 101 Switching Protocols"), "held/reset"),
    "408": (Answer(status=408), "held/http-408"),
    "500-with-a-release": (Answer(status=500, text=fine()), "held/http-500"),
    "418": (Answer(status=418), "held/http-418"),
}

CLAIMS: dict[str, tuple[Answers, str]] = {
    "pdf-as-html": (Answer(data=b"%PDF-1.7\n" + bytes(range(256)) * 400), "held/not-an-article"),
    "program-as-html": (Answer(data=b"MZ\x90\x00" + bytes(range(256)) * 400), "held/not-an-article"),
    "elf-as-html": (Answer(data=b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 400), "held/not-an-article"),
    "zip-as-html": (Answer(data=b"PK\x03\x04" + bytes(range(256)) * 400), "held/not-an-article"),
    "picture-as-html": (Answer(data=b"\xff\xd8\xff\xe0" + bytes(range(256)) * 400), "held/not-an-article"),
    "pdf-as-pdf": (Answer(data=b"%PDF-1.7\n" + bytes(range(256)) * 400, type="application/pdf"), "held/not-an-article"),
    "pdf-with-a-release-in-it": (Answer(data=b"%PDF-1.7\n" + fine().encode()), "held/not-an-article"),
    "release-as-text": (Answer(text=fine(), type="text/plain; charset=utf-8"), "archived"),
    "release-as-program": (Answer(text=fine(), type="application/octet-stream"), "archived"),
    "type-of-nonsense": (Answer(text=fine(), type=";;;///\"'%s%n" + "x" * 900), "archived"),
    "charset-that-lies": (Answer(text=fine(), type="text/html; charset=utf-16"), "archived"),
    "charset-of-no-such-kind": (Answer(text=fine(), type="text/html; charset=x-evil-codec"), "archived"),
    "charset-that-is-code": (Answer(text=fine(), type="text/html; charset=rot13"), "archived"),
    "charset-zlib": (Answer(text=fine(), type="text/html; charset=zlib_codec"), "archived"),
    "charset-idna": (Answer(text=fine(), type="text/html; charset=idna"), "archived"),
    "charset-utf-7": (
        Answer(
            text=fine(title="+ADw-script+AD4-alert(1)+ADw-/script+AD4- گشایش کارگاه ۷"), type="text/html; charset=utf-7"
        ),
        "archived",
    ),
    "charset-undefined": (Answer(text=fine(), type="text/html; charset=undefined"), "archived"),
    "charset-in-the-page-lies": (Answer(text=fine(head='<meta charset="utf-32">'), type="text/html"), "archived"),
    "nuls-between": (Answer(data=fine().encode().replace(b"<p>", b"<p>\x00\x00\x00")), "archived"),
    "all-nuls": (Answer(data=b"\x00" * 200_000), "held/not-an-article"),
    "half-utf-8": (Answer(data=fine().encode()[:-40] + b"\xd8"), "archived"),
    "json-as-html": (Answer(text=json.dumps({"title": {"rendered": "خبر"}})), "held/not-an-article"),
}

STAND_INS: dict[str, tuple[Answers, str]] = {
    "soft-404": (MISSING, "held/soft-404"),
    "soft-404-as-a-release": (
        fine(title="صفحه مورد نظر یافت نشد", body="<p>صفحه مورد نظر یافت نشد.</p>"),
        "held/soft-404",
    ),
    "in-english": (fine(title="New workshop opened in the city", body=LATIN), "held/language"),
    "in-chinese": (fine(title="新的培训车间在市里开幕", body=CHINESE), "held/language"),
    "in-arabic": (fine(title="افتتاح الورشة الجديدة في المدينة", body=ARABIC), "held/language"),
    "spam-under-a-persian-title": (fine(body=LATIN * 4), "held/language"),
    "meta-refresh-in-the-body": (
        fine(body=f'<meta http-equiv="refresh" content="0;url={{trap}}/refresh">{TEXT}'),
        "archived",
    ),
    "meta-refresh-in-noscript": (
        fine(head='<noscript><meta http-equiv="refresh" content="0;url={trap}/noscript"></noscript>'),
        "archived",
    ),
    "meta-refresh-alone": (
        '<html><head><meta http-equiv="refresh" content="0;url={trap}/alone"></head></html>',
        "held/not-an-article",
    ),
    "script-redirect": ('<html><script>location.href="{trap}/script"</script></html>', "held/not-an-article"),
    "frames": ('<html><frameset><frame src="{trap}/frame"></frameset></html>', "held/not-an-article"),
    "parked": (
        "<html><head><title>yazd.example</title></head><body><p>This domain is for sale. Buy this domain.</p></body></html>",
        "held/not-an-article",
    ),
    "directory-index": (
        '<html><head><title>Index of /</title></head><body><h1>Index of /</h1><pre><a href="backup.sql">backup.sql</a></pre></body></html>',
        "held/not-an-article",
    ),
    "stack-trace": (
        "<html><head><title>Server Error</title></head><body><h1>Server Error in '/' Application.</h1><pre>at System.Data.SqlClient</pre></body></html>",
        "held/not-an-article",
    ),
    "php-error": (
        "<br />\n<b>Fatal error</b>: Uncaught Error: Call to undefined function in /var/www/index.php:12",
        "held/not-an-article",
    ),
}

MARKUP: dict[str, tuple[Answers, str]] = {
    "nested-100000-deep": (fine(body="<div>" * 100_000 + TEXT + "</div>" * 100_000), "held/too-complex"),
    "nested-1000-deep": (fine(body="<div>" * 1000 + TEXT + "</div>" * 1000), "held/too-complex"),
    "nested-100-deep": (fine(body="<div>" * 100 + TEXT + "</div>" * 100), "archived"),
    "tags-in-tags": (
        fine(body=TEXT + "<div class='tags'>" * 200 + "".join(f"<a href='/tag/{n}'>واژه {n}</a>" for n in range(6000))),
        "archived",
    ),
    "nested-lists": (fine(body="<ul><li>" * 30_000 + TEXT), "held/too-complex"),
    "nested-tables": (fine(body="<table><tr><td>" * 20_000 + TEXT), "held/too-complex"),
    "nested-fonts": (fine(body="<b><i><font>" * 30_000 + TEXT), "held/too-complex"),
    "a-million-siblings": (fine(body="<b></b>" * 1_000_000 + TEXT), "held/too-complex"),
    "a-hundred-thousand-attributes": (
        fine(body="<p " + " ".join(f"a{n}=1" for n in range(100_000)) + f">{TEXT}"),
        "held/too-complex",
    ),
    "attributes-in-quotes": (
        fine(body="<p " + "".join(f'a{n}=">"' for n in range(60_000)) + f">{TEXT}"),
        "held/too-complex",
    ),
    "attributes-behind-a-quote": (
        fine(body='<p a=b="' + " ".join(f"a{n}" for n in range(60_000)) + f'">{TEXT}'),
        "held/too-complex",
    ),
    "attributes-of-a-script": (
        fine(body="<script " + " ".join(f"a{n}=1" for n in range(60_000)) + f"></script>{TEXT}"),
        "held/too-complex",
    ),
    "attribute-of-2-mb": (fine(body=f'<p title="{"x" * 2 * MB}">text</p>{TEXT}'), "archived"),
    "opened-and-never-closed": (fine(body=TEXT + "<" * 500_000), "held/too-complex"),
    "tags-never-closed": (fine(body=TEXT + "<a " * 300_000), "held/too-complex"),
    "scripts-never-closed": (fine(body=TEXT + "<script" * 200_000 + "یافت نشد"), "archived"),
    "styles-opened": ("<html><h1>یافت نشد</h1>" + "<style><script>" * 100_000, "held/not-an-article"),
    "comments-never-closed": (fine(body=TEXT + "<!-- یافت نشد " * 100_000), "archived"),
    "headings-never-closed": ("<html><body>یافت نشد" + "<h1>" * 400_000, "held/too-complex"),
    "comments-and-scripts": ("<html><body>یافت نشد" + "<script><!--x-->" * 100_000, "held/not-an-article"),
    "ampersands": (fine(body=TEXT + "&" * 500_000), "archived"),
    "entities": (fine(body=TEXT + "<p>" + "&#x41;" * 300_000 + "</p>"), "held/language"),
    "entities-that-overflow": (
        fine(body=TEXT + "<p>&#x110000; &#99999999999999999999; &#xD800; &#0; &#x1F;</p>"),
        "archived",
    ),
    "doctype-of-laughs": (
        "<!DOCTYPE html [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>" + fine(body=TEXT + "<p>&b;</p>"),
        "archived",
    ),
    "xml-file-of-the-host": (
        "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + fine(body=TEXT + "<p>&x;</p>"),
        "archived",
    ),
    "spaces": (fine(body=TEXT + "<p>" + " " * 2 * MB + "x</p>"), "archived"),
    "line-breaks": (fine(body=TEXT + "<br>" * 60_000), "archived"),
    "half-spaces": (fine(body=TEXT + "<p>" + "\u200c" * 500_000 + "</p>"), "archived"),
    "base-elsewhere": (
        fine(head='<base href="{trap}/">', body=f'<p><a href="inside">پیوند</a><img src="x.jpg"></p>{TEXT}'),
        "archived",
    ),
    "base-of-script": (
        fine(head='<base href="javascript:alert(1)//">', body=f'<p><a href="x">پیوند</a></p>{TEXT}'),
        "archived",
    ),
    "base-of-nonsense": (
        fine(head='<base href="http://[::1">', body=f'<p><a href="x">پیوند</a></p>{TEXT}'),
        "archived",
    ),
    "script-everywhere": (
        fine(
            title='<b onmouseover="alert(1)">گشایش کارگاه</b> <script>alert(1)</script>تازه',
            body=f'<p onclick="alert(1)" style="background:url(javascript:alert(1))">الف</p><svg onload="alert(1)"><script>alert(1)</script></svg><img src=x onerror="alert(1)"><a href="javascript:alert(1)">ب</a><a href="JaVaScRiPt:alert(1)">پ</a><a href="&#106;avascript:alert(1)">ت</a><a href="data:text/html,<script>alert(1)</script>">ث</a><iframe src="{{trap}}"></iframe><object data="{{trap}}"></object><form action="{{trap}}"><button>ج</button></form><math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>{TEXT}',
        ),
        "archived",
    ),
    "srcset-bomb": (
        fine(body=f'<p><img srcset="{", ".join(f"/i{n}.jpg {n}w" for n in range(100_000))}"></p>{TEXT}'),
        "archived",
    ),
    "images-of-data": (
        fine(
            head='<meta property="og:image" content="data:image/png;base64,AAAA">',
            body=f'<p><img src="data:image/png;base64,{"A" * MB}"></p>{TEXT}',
        ),
        "archived",
    ),
    "image-of-an-endless-address": (fine(head=f'<meta property="og:image" content="/{"a" * MB}.jpg">'), "archived"),
    "canonical-of-another-host": (fine(head='<link rel="canonical" href="{trap}/theirs/">'), "archived"),
    "canonical-of-nonsense": (fine(head='<link rel="canonical" href="http://[">'), "archived"),
    "ten-thousand-canonicals": (
        fine(head="".join(f'<link rel="canonical" href="/c{n}/">' for n in range(10_000))),
        "archived",
    ),
    "canonical-is-the-front-page-1": (fine(head='<link rel="canonical" href="/">'), "archived"),
    "canonical-is-the-front-page-2": (fine(head='<link rel="canonical" href="/">', body=TEXT * 2), "archived"),
    "canonical-is-another-release": (fine(head='<link rel="canonical" href="/sound-0/">', body=TEXT * 3), "archived"),
    "a-hundred-thousand-tags": (
        fine(
            beside='<p class="tags-links">'
            + "".join(f'<a rel="tag" href="/t{n}">برچسب {n}</a>' for n in range(60_000))
            + "</p>"
        ),
        "archived",
    ),
    "ten-thousand-files": (
        fine(body=TEXT + "".join(f'<p><a href="/f{n}.pdf">فایل {n}</a></p>' for n in range(10_000))),
        "archived",
    ),
    "files-of-traversal": (
        fine(
            body=TEXT
            + '<p><a href="/../../../../etc/passwd.pdf">فایل</a> <a href="/..%2f..%2fetc%2fpasswd.pdf">ف</a> <a href="/CON.pdf">ک</a> <a href="/nul.pdf">ن</a> <a href="/a%00b.pdf">ص</a> <a href="/fdp.\u202eexe.pdf">ر</a> <a href="/'
            + "x" * 5000
            + '.pdf">د</a></p>'
        ),
        "archived",
    ),
    "sizes-that-overflow": (
        fine(
            body=TEXT
            + f'<p><a href="/f.pdf" data-size="{"9" * 6000}">فایل</a> <a href="/g.pdf">ف</a> ({"9" * 400} KB)</p>'
        ),
        "archived",
    ),
    "size-beyond-64-bits": (fine(body=TEXT + f'<p><a href="/f.pdf" data-size="{10**30}">فایل</a></p>'), "archived"),
}

TEXTS: dict[str, tuple[Answers, str]] = {
    "title-of-5-mb": (fine(title="بلند " * (MB // 2)), "held/too-complex"),
    "title-of-nothing": (fine(title="\u200b\u200e\u200f \u00ad"), "held/not-an-article"),
    "title-of-controls": (fine(title="گشایش\x00\x07\x08\x1b[31m کارگاه\x7f\x9b سرخ"), "archived"),
    "title-of-line-breaks": (fine(title="گشایش کارگاه\r\n2026-01-01 ERROR forged line\r\nدیگر"), "archived"),
    "title-of-bidi": (fine(title="گشایش \u202eexe.\u2066\u2067\u202dکارگاه\u202c تازه"), "archived"),
    "title-of-zalgo": (fine(title="گ" + "\u0300\u0301\u0489\u064b" * 20_000 + " کارگاه"), "held/language"),
    "title-of-templates": (
        fine(title="{{7*7}} ${7*7} #{7*7} <%= 7*7 %> {0.__class__} %s%n%x %(password)s گشایش"),
        "archived",
    ),
    "title-of-a-formula": (fine(title='=HYPERLINK("http://evil.example";"گشایش کارگاه")'), "archived"),
    "title-of-a-shell": (fine(title="$(touch /tmp/monadi-owned) `id` ; rm -rf / | گشایش"), "archived"),
    "title-of-surrogates": (fine(title="گشایش &#xD83D;&#xDE00; &#xDC00; کارگاه"), "archived"),
    "title-beyond-planes": (fine(title="فراز \U0010ffff \ufffe\uffff \U000e0041 کارگاه"), "archived"),
    "title-of-presentation-forms": (fine(title="ﷺ ﷽ " * 3000 + "کارگاه"), "archived"),
    "body-of-5-mb": (fine(body=TEXT + f"<p>{'بلند ' * (MB // 2)}</p>"), "held/too-complex"),
    "numbers-of-5000-digits": (
        fine(body=f'{TEXT}<p>{"9" * 5000} آذر {"۹" * 5000}</p><p><img width="{"9" * 5000}" src="/a.jpg"></p>'),
        "archived",
    ),
    "references-of-5000-digits": (f"<html><h1>صفحه مورد نظر یافت نشد &#{'9' * 5000};</h1></html>", "held/soft-404"),
    "body-of-surrogates": (fine(body=TEXT + "<p>&#xD800;&#xDFFF; x</p>"), "archived"),
    "body-of-one-letter-lines": (fine(body="".join(f"<p>{n % 10}</p>" for n in range(30_000))), "archived"),
    "date-of-year-9999": (fine(date="۱ فروردین ۹۹۹۹ ۰۰:۰۰"), "held/date"),
    "date-of-year-0": (fine(date="0000/00/00 00:00"), "held/date"),
    "date-of-30-bahman-and-more": (fine(date="۳۲ بهمن ۱۴۰۰ ۲۵:۶۱"), "held/date"),
    "date-of-endless-digits": (fine(date="۱" * 100_000), "held/date"),
    "date-of-endless-words": (fine(date="شنبه " * 50_000), "archived"),
    "date-of-slashes": (fine(date="1400/" * 30_000), "held/date"),
    "date-of-colons": (fine(date="۱۵ آذر ۱۴۰۰ " + "09:19:" * 30_000), "archived"),
    "date-of-ago": (fine(date=f"{'9' * 50} سال پیش"), "held/date"),
    "date-of-mixed-digits": (fine(date="۱٥ آذر 1۴٠۰ ۰9:١9"), "archived"),
    "date-in-the-future": (fine(date="۱۵ آذر ۱۴۹۹ ۰۹:۱۹"), "held/date"),
    "metadata-of-year-99999": (
        fine(head='<meta property="article:published_time" content="99999-99-99T99:99:99+99:99">'),
        "archived",
    ),
    "metadata-of-endless-digits": (
        fine(head=f'<meta property="article:published_time" content="{"9" * 100_000}">'),
        "archived",
    ),
    "metadata-that-overflows": (
        fine(head='<meta property="article:modified_time" content="9999-12-31T23:59:59-14:00">'),
        "archived",
    ),
    "metadata-before-all": (
        fine(head='<meta property="article:modified_time" content="0001-01-01T00:00:00+14:00">'),
        "archived",
    ),
    "clock-of-the-site": (http(fine(date="۲ ساعت پیش").encode(), b"Date: Fri, 31 Dec 9999 23:59:59 GMT"), "archived"),
    "clock-of-nonsense": (http(fine(date="۲ ساعت پیش").encode(), b"Date: %s%n {0}"), "archived"),
    "modified-of-nonsense": (
        http(fine().encode(), b"Last-Modified: Mon, 99 Foo 99999 99:99:99 XYZ", b'ETag: W/"' + b"x" * 9000),
        "archived",
    ),
}

DATA: dict[str, tuple[Answers, str]] = {
    "ld-of-5-mb": (fine(head=ld('{"@type":"NewsArticle","headline":"' + "x" * 5 * MB + '"}')), "archived"),
    "ld-nested": (fine(head=ld("[" * 200_000 + "]" * 200_000)), "archived"),
    "ld-nested-objects": (fine(head=ld('{"@graph":' * 50_000 + "1" + "}" * 50_000)), "archived"),
    "ld-of-a-million-nodes": (fine(head=ld("[" + ",".join(["{}"] * 1_000_000) + "]")), "archived"),
    "ld-of-wrong-types": (
        fine(
            head=ld(
                json.dumps(
                    {
                        "@type": [1, None, {"a": 1}],
                        "headline": {"x": []},
                        "datePublished": [[1]],
                        "image": 5,
                        "keywords": {"a": 1},
                        "articleSection": 3,
                        "articleBody": [],
                    }
                )
            )
        ),
        "archived",
    ),
    "ld-of-wrong-types-of-an-article": (
        fine(
            head=ld(
                json.dumps(
                    {
                        "@type": "NewsArticle",
                        "headline": 12,
                        "datePublished": 1e308,
                        "dateModified": {"@value": 1},
                        "image": [[], {}, {"url": []}],
                        "keywords": [1, [], {}],
                        "articleSection": [],
                        "articleBody": {"a": "b"},
                        "author": [None],
                    }
                )
            )
        ),
        "archived",
    ),
    "ld-of-surrogates": (
        fine(
            head=ld(
                '{"@type":"NewsArticle","headline":"\\ud800","articleSection":"\\udfff","keywords":"\\ud800,\\udc00","image":"https://x/\\ud800"}'
            )
        ),
        "archived",
    ),
    "ld-of-numbers": (fine(head=ld('{"@type":"NewsArticle","position":' + "9" * 100_000 + "}")), "archived"),
    "ld-of-infinity": (
        fine(head=ld('{"@type":"NewsArticle","datePublished":NaN,"dateModified":-Infinity}')),
        "archived",
    ),
    "ld-of-prototypes": (
        fine(head=ld('{"__proto__":{"x":1},"constructor":{"prototype":{}},"@type":"NewsArticle"}')),
        "archived",
    ),
    "ld-of-commas": (fine(head=ld('{"@type":"NewsArticle"' + ", " * 300_000)), "archived"),
    "ld-of-another-office": (
        fine(
            head=ld(
                json.dumps(
                    {
                        "@type": "NewsArticle",
                        "@id": "test-other/1",
                        "identifier": "test-other/1",
                        "url": "https://other.example.ir/1",
                        "publisher": {"name": "دیگر"},
                    }
                )
            )
        ),
        "archived",
    ),
    "a-thousand-metas": (
        fine(head="".join(f'<meta property="og:title" content="عنوان {n}">' for n in range(30_000))),
        "archived",
    ),
}

PAGES: dict[str, dict[str, tuple[Answers, str]]] = {
    "codings": CODINGS,
    "wire": WIRE,
    "claims": CLAIMS,
    "stand-ins": STAND_INS,
    "markup": MARKUP,
    "texts": TEXTS,
    "data": DATA,
}
