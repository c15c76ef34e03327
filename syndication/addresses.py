"""Addresses as feeds may state them, and what lies behind them."""

import re
from mimetypes import MimeTypes
from pathlib import PurePosixPath
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from persian.text import without_forbidden

UNKNOWN_TYPE = "application/octet-stream"

# What offices attach and Python 3.11 does not know. The system's own table is not asked: it differs between machines.
MORE_TYPES = {
    ".7z": "application/x-7z-compressed",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".flv": "video/x-flv",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".rar": "application/vnd.rar",
    ".webp": "image/webp",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TYPES = {**MimeTypes().types_map[True], **MORE_TYPES}

STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
RESERVED = "/?:@!$&'()*+,;=~%"  # of RFC 3986 §2.2, and what is escaped already


def address(url: str | None) -> str | None:
    """An absolute http(s) address in the characters of RFC 3986, or None where there is none to be made of it."""
    try:
        parts = urlsplit(without_forbidden(url or "").strip())
        host = _host(parts)
    except ValueError:  # of urlsplit, of the port or of IDNA
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    return urlunsplit((parts.scheme, host, _escaped(parts.path), _escaped(parts.query), _escaped(parts.fragment)))


def media_type(url: str) -> str:
    """The media type that the extension of an address suggests."""
    suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
    return TYPES.get(suffix, UNKNOWN_TYPE)


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if not host.isascii():
        host = host.encode("idna").decode()
    if not re.fullmatch(r"[A-Za-z0-9._-]+|[0-9a-f:.]+", host):
        return ""
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port}" if parts.port is not None else host


def _escaped(part: str) -> str:
    return quote(STRAY_PERCENT.sub("%25", part), safe=RESERVED)
