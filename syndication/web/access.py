"""Who may ask how much: the settings of it as one value."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from syndication.web.api.limits import Rate
from syndication.web.clients import Proxies
from syndication.web.tokens import Tokens


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """`rate` is that of one client at the API, None for no limit; `proxies` tell whose a request is."""

    rate: Rate | None = None
    proxies: Proxies = field(default_factory=Proxies)
    tokens: Tokens = field(default_factory=Tokens)

    @classmethod
    def read(cls, *, rate: str, proxies: str, tokens: Sequence[str]) -> Self:
        """From the settings `MONADI_RATE`, `MONADI_PROXIES` and `MONADI_TOKENS`; raises `WrongSetting`."""
        return cls(rate=Rate.parse(rate), proxies=Proxies.parse(proxies), tokens=Tokens.read(tokens))
