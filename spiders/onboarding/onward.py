"""A front page that shows nothing itself, and where it sends its visitors on to."""

import re
from urllib.parse import urlsplit

from web_poet import HttpResponse

from spiders.addresses import joined
from spiders.politeness.walls import RELOADS, says_little
from spiders.responses import root_of

REFRESH = re.compile(r"\s*\d{0,3}(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?(['\"]?)(?P<url>[^'\"]+)\1\s*", re.IGNORECASE)


def led_on(front: HttpResponse) -> str | None:
    """The address on the same site that `<meta http-equiv="refresh">` names, on a page that says little else.

    Portals have browsers load their front page again every few minutes; that leads nowhere else.
    """
    if not says_little(bytes(front.body)):
        return None
    refreshing = (
        node.get("content", "")
        for node in root_of(front).iter("meta")
        if node.get("http-equiv", "").strip().lower() == "refresh"
    )
    return next((address for stated in refreshing if (address := _address(front, stated))), None)


def led_by_script(front: HttpResponse) -> bool:
    """Whether a page that says little has a script that leads elsewhere, which nobody runs."""
    body = bytes(front.body)
    return says_little(body) and RELOADS.search(body) is not None


def _address(front: HttpResponse, stated: str) -> str | None:
    found = REFRESH.fullmatch(stated)
    if not found:
        return None
    try:
        url = joined(str(front.url), found["url"].strip())
        there, here = urlsplit(url), urlsplit(str(front.url))
        hosts = {(each.hostname or "").removeprefix("www.") for each in (there, here)}
    except ValueError:
        return None
    is_near = len(hosts) == 1 and there.scheme in ("http", "https")
    return url if is_near and (there.path.rstrip("/"), there.query) != (here.path.rstrip("/"), here.query) else None
