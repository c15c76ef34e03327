"""Where messages go: addresses in apprise's form (mail, Telegram, Matrix, a webhook…), which hold secrets.

A destination is shown by its number in the settings and its kind, never by its address; what a failure says of itself
has all that stands in the address taken out.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from archive.dialling import guarded
from archive.notices import known_as
from syndication.errors import WrongSetting

SECRET: Final = re.compile(r"\w{4,}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Destination:
    """`key` is what the archive knows it as, `name` what people are shown: "2: mailto"."""

    name: str
    key: str
    address: str = field(repr=False)

    def send(self, title: str, body: str) -> str | None:
        """Send a message; None when it has been taken, else why not, in a line without secrets.

        A web hook that sends us on to an address that is not public is not followed there.
        """
        apprise = _apprise()
        with guarded(self.address), _listening() as heard:
            try:
                told = apprise.Apprise()
                if not told.add(self.address):
                    return "apprise does not know this address"
                if told.notify(title=title, body=body, body_format="text"):
                    return None
            except Exception as error:  # noqa: BLE001 - of a plug-in, whatever it is
                heard.append(f"{type(error).__name__}: {error}")
        return scrubbed("; ".join(heard) or "it was not taken", self.address)


def _apprise() -> Any:
    """apprise, which says nothing by itself: its words name addresses, and so do those of what it sends with."""
    import apprise  # noqa: PLC0415 - it takes a tenth of a second, and there is seldom something to send

    for name in ("apprise", "urllib3"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return apprise


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What apprise warns of within the block, and nobody else hears."""
    heard = _Heard()
    logger = logging.getLogger("apprise")
    logger.propagate = False
    logger.addHandler(heard)
    logger.setLevel(logging.WARNING)
    try:
        yield heard.lines
    finally:
        logger.setLevel(logging.CRITICAL)
        logger.removeHandler(heard)


class _Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(" ".join(record.getMessage().split())[:300])


def read(addresses: Sequence[str]) -> list[Destination]:
    """The destinations of the setting `MONADI_ALERTS`; raises `WrongSetting` for one that apprise does not know."""
    if not addresses:
        return []
    instantiate = _apprise().Apprise.instantiate
    found = []
    for number, address in enumerate(addresses, 1):
        kind = address.partition("://")[0] if "://" in address else "?"
        if instantiate(address) is None:
            raise WrongSetting(
                f"MONADI_ALERTS: destination {number} ({kind}) is no address that apprise knows; "
                "write one like mailto://user:password@example.ir or json://host/path"
            )
        found.append(Destination(name=f"{number}: {kind}", key=known_as(address), address=address))
    return found


def scrubbed(text: str, *addresses: str) -> str:
    """A text without whatever stands in these addresses, their kinds aside."""
    for secret in sorted(_secrets(addresses), key=len, reverse=True):
        text = text.replace(secret, "…")
    return text


def _secrets(addresses: Iterable[str]) -> set[str]:
    found = set()
    for address in addresses:
        rest = address.partition("://")[2]
        found |= {rest} | set(SECRET.findall(rest)) | set(SECRET.findall(unquote(rest)))
    return {secret for secret in found if secret}
