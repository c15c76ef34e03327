"""Which item a page is: the keys it can be recognised by, whatever became of its address.

An item is announced once. It is recognised by its source's own id, then by its address without what addresses change
for no reason (scheme, `www`, default port, tracking, order of the query, a trailing slash), then by an address it was
met under before, then as the same title of the same Jalali day with a nearly equal body.
"""

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from string import punctuation
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode, urlsplit
from uuid import UUID

from archive.article import Article
from persian.text import search_key

NAMESPACE = UUID("3b1f0a52-6d4c-5c0e-9a53-8f6a4c1f7e21")  # of every id that Monadi mints
TRACKING = re.compile(r"utm_\w+|fbclid|gclid|yclid|_ga|mc_[ce]id|ref_src|igshid", re.IGNORECASE)
DEFAULT_PORTS = {"http": 80, "https": 443}
PLAIN = re.compile(  # an address that is its own key but for its scheme, `www` and a trailing slash
    r"https?://(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*(?!:(?:80|443)(?:/|$))(?::[1-9][0-9]{0,3})?)"
    r"((?:/(?:[\w/:@!$&'()*+,;=~.-]|%[89A-F][0-9A-F])*)?)",  # letters of slugs, encoded as `quote` encodes them
    re.ASCII,
)
NUMBER = re.compile(r"\d+")
NEARLY_EQUAL = 0.9  # Indel similarity of two bodies' search keys
LONGEST = 1000  # characters of a key; PostgreSQL's index takes 2,700 bytes


def url_key(url: str) -> str:
    """The part of an address that tells one page from another: host, path and what the query asks for."""
    plain = PLAIN.fullmatch(url)
    if plain:
        return _bounded(plain[1] + (plain[2].rstrip("/") or "/"))
    return _bounded(_written_out(url))


def _written_out(url: str) -> str:
    """The key of any address, however it is written."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # no address at all: equal only to itself
        return _escaped(url)
    host = _escaped(_ascii((parts.hostname or "").rstrip("."))).removeprefix("www.")
    if port is not None and port != DEFAULT_PORTS.get(parts.scheme):
        host += f":{port}"
    path = quote(unquote_to_bytes(_escaped(parts.path)).rstrip(b"/"), safe="/:@!$&'()*+,;=~-._") or "/"
    pairs = parse_qsl(_escaped(parts.query), keep_blank_values=True, encoding="latin-1")  # a letter a byte
    asked = sorted({pair for pair in pairs if not TRACKING.fullmatch(pair[0])})
    query = urlencode(asked, quote_via=quote, safe="", encoding="latin-1")
    return f"{host}{path}" + (f"?{query}" if query else "")


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode()
    except UnicodeError:  # no name that can be looked up: equal only to itself
        return host


def _escaped(written: str) -> str:
    """In ASCII: whatever stands there as itself, Persian letters first of all, is percent-encoded."""
    return quote(written.encode(errors="surrogatepass"), safe=punctuation)


def _bounded(key: str) -> str:
    return key if len(key) <= LONGEST else f"{key[:LONGEST]}#{hashlib.sha256(key.encode()).hexdigest()}"


def keys(native_id: str | None, url: str, aliases: tuple[str, ...] = ()) -> dict[str, str]:
    """Every key of an item and the address it stands for, strongest first: "id:<native id>", then "url:<url_key>".

    An alias that is the front page of its host names no item: some CMSs give it for every page.
    """
    found = {f"id:{native_id}": url} if native_id else {}
    found[f"url:{url_key(url)}"] = url
    for address in aliases:
        key = url_key(address)
        if not key.endswith("/"):
            found.setdefault(f"url:{key}", address)
    return found


def mint(source: str, native_id: str | None, url: str) -> tuple[str, str]:
    """(id, guid) of a new item; the guid is a URN that follows from its first identity and never changes."""
    local = native_id or "u-" + hashlib.sha256(url_key(url).encode()).hexdigest()[:16]
    id_ = f"{source}/{local}"
    return id_, _urn(id_)


def _urn(name: str) -> str:
    """`uuid5(NAMESPACE, name).urn` at a third of its time; RFC 9562 §5.5."""
    digits = hashlib.sha1(NAMESPACE.bytes + name.encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"urn:uuid:{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"


def first_address(id_: str, addresses: Mapping[str, str]) -> str | None:
    """Of the addresses of an item by its keys, the one under which `id_` was minted: it is never another one."""
    local = id_.partition("/")[2]
    if f"id:{local}" in addresses:
        return addresses[f"id:{local}"]
    named = (url for key, url in addresses.items() if key.startswith("url:") and mint("", None, url)[0] == f"/{local}")
    return next(named, None)


def title_key(article: Article) -> str:
    return _title_key(article.title)


@lru_cache(maxsize=4096)  # a batch asks for each several times
def _title_key(title: str) -> str:
    return search_key(title)[:300]


def same_release(article: Article, other: Article) -> bool:
    """The last rung: same title and Jalali day, and bodies that differ by little and by no number.

    Two tenders of a day may share a title and all but their sums, two albums a title and no text. Undated releases are
    one only when their bodies are equal.
    """
    if day(article) != day(other) or title_key(article) != title_key(other):
        return False
    one, two = search_key(article.body), search_key(other.body)
    if not one or not article.published:
        return bool(one) and one == two
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - the last rung is seldom come to

    return NUMBER.findall(one) == NUMBER.findall(two) and Indel.normalized_similarity(one, two) >= NEARLY_EQUAL


def day(article: Article) -> str | None:
    """The Jalali day of a release, or its month where no more is known: "1400-09-15"; None without a date."""
    return article.published.jalali[:10] if article.published else None
