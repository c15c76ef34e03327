"""What stands before the pages, recognised as what it is: pure functions of an answer, none of which runs a script.

A wall is told by marks of its own *and* by having next to nothing else to say: releases quote such words, and many
portals show a login box or a CAPTCHA beside every release.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from spiders.politeness.sight import headings, seen

HEADERS = ("cf-mitigated", "content-type")  # what of an answer's headers is looked at
KINDS = ("challenge", "login", "cookie-gate")

SHORT = 600  # characters that a reader sees: a wall says less, a release with its frame more
LARGE = 64 * 1024  # bytes; an answer of 200 that is larger is no wall
LARGEST = 1024 * 1024  # bytes of any other answer
FEW = 12  # links; a listing has more

ERRORS = (HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A wall: its kind, of `KINDS`, and the reason in words."""

    kind: str
    reason: str


# Marks of the pages that guards serve in place of a page (lower case); Cloudflare's scripts/jsd/ stands in any page.
GUARDS = {
    b"__arcsjs": "ArvanCloud",
    b"_cf_chl_opt": "Cloudflare",
    b"challenge-platform/h/": "Cloudflare",
    b"cf-browser-verification": "Cloudflare",
    b"sucuri_cloudproxy_js": "Sucuri",
    b'id="main-iframe" src="/_incapsula_resource': "Imperva",
    b"slowaes.decrypt": "testcookie",
    b"awswafintegration": "AWS WAF",
}
# Names that also stand in the addresses of what an ordinary page loads: believed beside a script that makes a cookie.
NETWORKS = {b"arvancloud": "ArvanCloud", b"ddos-guard": "DDoS-Guard", b"derak": "DerakCloud"}
CAPTCHAS = (b"captcha", b"cf-turnstile", "کد امنیتی".encode(), "ربات نیستم".encode(), "من روبات نیستم".encode())
RELOADS = re.compile(
    rb"location\s*\.\s*(?:reload|replace|assign|href)|location\s*=|http-equiv=[\"']?refresh", re.IGNORECASE
)

SPACE = re.compile(r"\s+")
LINKS = re.compile(rb"<a\s[^>]{0,500}?href", re.IGNORECASE)
PASSWORD = re.compile(rb"<input\b[^>]{0,500}?type\s{0,9}=\s{0,9}[\"']?password", re.IGNORECASE)
ARTICLE = re.compile(rb"<article\b|articlebody|\"NewsArticle\"|article:published_time", re.IGNORECASE)

LOGIN_WORDS = re.compile(
    r"(?<!\w)(?:ورود(?!ی)|لاگین|احراز هویت|شناسایی کاربر|log[ -]?in|sign[ -]?in|authenticat\w*)(?!\w)", re.IGNORECASE
)
LOGIN_STEPS = re.compile(
    r"/(?:log-?in|sign-?in|logon|sso|cas|oauth2?|authorize|ورود|wp-login)(?:\.(?:aspx?|php|jsp|html?))?(?:/|$)",
    re.IGNORECASE,
)
CHECK_WORDS = re.compile(
    r"captcha|کپچا|ربات نیست|روبات نیست|(?:not|aren't) a robot|are (?:you )?human|security check|کد امنیتی"
    r"|attention required|just a moment|checking your browser|بررسی مرورگر|بررسی امنیتی",
    re.IGNORECASE,
)

NOT_FOUND = re.compile(
    r"صفحه[^.!؟<>]{0,40}(?:یافت|پیدا) (?:نشد|نگردید|نمی ?شود)"
    r"|(?:خبر|مطلب|محتوا|محتوای|نشانی|آدرس)(?: ?ی)? (?:مورد نظر|درخواستی|درخواست شده|مورد درخواست)"
    r"[^.!؟<>]{0,40}(?:(?:یافت|پیدا) (?:نشد|نگردید)|(?:موجود|وجود) (?:نیست|ندارد|نمی ?باشد))"
    r"|صفحه[^.!؟<>]{0,40}(?:موجود|وجود) (?:نیست|ندارد|نمی ?باشد)"
    r"|(?:خطای|ارور|خطا) ?:? ?404|404 ?[-|:،] ?(?:صفحه|یافت|not found)|^404(?= ?(?:$|[-|:]))"
    r"|page (?:was )?not found|404 not found",
    re.IGNORECASE,
)
PARKED = re.compile(
    r"(?:domain|دامنه)[^.!؟<>]{0,60}(?:for sale|parked|has expired|به فروش|فروشی|منقضی)|buy this domain"
    r"|account (?:has been )?suspended|(?:سایت|میزبانی|حساب)[^.!؟<>]{0,40}(?:مسدود|تعلیق|معلق) (?:شده|گردیده)",
    re.IGNORECASE,
)
SAME = str.maketrans("يىكةۀ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "ییکهه01234567890123456789") | dict.fromkeys(
    map(ord, "\u200c\u200d\u00a0"), " "
)
ROUGHLY = ("نشد", "نگرد", "نیست", "نيست", "ندارد", "باشد", "شود", "404", "۴۰۴", "٤٠٤", "ound", "OUND")


def wall(status: int, headers: Mapping[str, str], body: bytes) -> Found | None:
    """The wall that an answer is, if it is one; header names are in lower case, the body is decompressed."""
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return _challenge("Cloudflare")
    kind = headers.get("content-type", "").lower()
    if (kind and "html" not in kind) or not body or len(body) > (LARGE if status == HTTPStatus.OK else LARGEST):
        return None
    if status not in ERRORS and not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    return _challenge_in(status, body) or _login_in(body)


def _challenge_in(status: int, body: bytes) -> Found | None:
    small = body.lower()
    scripted = b"<script" in small
    makes = scripted and (b"cookie" in small or b"eval(" in small or status in ERRORS)
    guard = next((name for mark, name in GUARDS.items() if mark in small), None)
    guard = guard or next((name for mark, name in NETWORKS.items() if makes and mark in small), None)
    reloads = makes and b"document.cookie" in small and RELOADS.search(small)
    captcha = any(mark in small for mark in CAPTCHAS)
    if not (guard or reloads or captcha) or not says_little(body):
        return None
    if guard:
        return _challenge(guard)
    if reloads:
        return Found(kind="challenge", reason="it wants a script to be run before it shows anything")
    text = body.decode(errors="replace")
    if CHECK_WORDS.search(_plain(" ".join((*headings(text), seen(text))))):
        return Found(kind="challenge", reason="it wants a CAPTCHA to be solved before it shows anything")
    return None


def _challenge(guard: str) -> Found:
    return Found(kind="challenge", reason=f"{guard} wants a script to be run before it shows anything")


def _login_in(body: bytes) -> Found | None:
    if not PASSWORD.search(body) or not says_little(body):
        return None
    named = LOGIN_WORDS.search(_plain(" ".join(headings(body.decode(errors="replace")))))
    return Found(kind="login", reason="it shows a login instead of the page") if named else None


def says_little(body: bytes) -> bool:
    """Whether a page has neither the parts of an article nor the links of a listing nor much to read."""
    if ARTICLE.search(body) or len(LINKS.findall(body)) > FEW:
        return False
    return len(seen(body.decode(errors="replace"))) <= SHORT


def leads_to_login(url: str) -> bool:
    """Whether an address is that of a login page, by a step of its path or by its host."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(LOGIN_STEPS.search(unquote(parts.path))) or host.partition(".")[0] in (
        "sso",
        "login",
        "auth",
        "accounts",
    )


def missing(text: str) -> bool:
    """Whether a page in which no article was found says that there is none («صفحه مورد نظر یافت نشد»).

    Its title or a heading says so, or it says little else.
    """
    if not any(word in text for word in ROUGHLY):
        return False
    if any(NOT_FOUND.search(_plain(heading)) for heading in headings(text)):
        return True
    shown = _plain(seen(text))
    return len(shown) <= SHORT and NOT_FOUND.search(shown) is not None


def parked(text: str) -> bool:
    """Whether a page on which nothing was recognised says that the domain is for sale or the site suspended."""
    said = _plain(" ".join((*headings(text), seen(text)[:SHORT])))
    return PARKED.search(said) is not None


def is_notice(title: str, body: str) -> bool:
    """Whether what was read as an article is the notice that there is none: its title says hardly anything else."""
    if len(body) > SHORT:
        return False
    title = _plain(title)
    return sum(len(found[0]) for found in NOT_FOUND.finditer(title)) > len(title) / 2


def _plain(text: str) -> str:
    """A text in which the spellings of a word are one."""
    return SPACE.sub(" ", text.translate(SAME)).strip()
