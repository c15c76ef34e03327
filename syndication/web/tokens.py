"""Tokens: what lets a program read without a limit, or an operator do what the status page offers.

Settings hold their SHA-256 alone, "<name>:<role>:<hex>"; a token is 256 random bits, so its hash needs no salt and can
be told to nobody's use.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from syndication.errors import WrongSetting

PREFIX: Final = "monadi_"  # so that whoever finds one, a scanner of repositories say, knows what it is
LINE: Final = re.compile(r"([A-Za-z0-9._-]{1,64}):([a-z]+):([0-9a-f]{64})")
NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Role(StrEnum):
    """What a token is for: a reader is not limited, an operator may besides do what the status page offers."""

    READER = "reader"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Token:
    """A token that the settings know, by its hash."""

    name: str
    role: Role
    digest: str

    @property
    def line(self) -> str:
        """As the settings have it."""
        return f"{self.name}:{self.role}:{self.digest}"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of the settings; none unless they are named."""

    known: tuple[Token, ...] = ()

    @classmethod
    def read(cls, lines: Iterable[str]) -> Self:
        """From lines of the settings; raises `WrongSetting`, which shows none of them."""
        found = [_token(number, line.strip()) for number, line in enumerate(lines, start=1)]
        return cls(tuple(found))

    def holder(self, token: str) -> Token | None:
        """Whose token this is, None for nobody's; the time that it takes tells nothing of how near it came."""
        digest, found = _digest(token), None
        for each in self.known:
            if hmac.compare_digest(each.digest, digest):
                found = each
        return found

    @property
    def any_operator(self) -> bool:
        """Whether anybody may give orders."""
        return any(each.role is Role.OPERATOR for each in self.known)


def minted(name: str, role: Role) -> tuple[str, Token]:
    """A new token, to be told once, and what the settings know of it; raises `WrongSetting` for such a name."""
    if not NAME.fullmatch(name):
        raise WrongSetting(f"{name!r} is no name for a token: letters of a-z, digits, dots and dashes, 64 at most")
    token = PREFIX + secrets.token_urlsafe(32)
    return token, Token(name, role, _digest(token))


def _token(number: int, line: str) -> Token:
    parts = LINE.fullmatch(line)
    if parts is None or parts[2] not in list(Role):
        raise WrongSetting(
            f"MONADI_TOKENS: entry {number} is not <name>:<{'|'.join(Role)}>:<SHA-256 in hex>; "
            "`monadi token NAME` makes one"
        )
    return Token(parts[1], Role(parts[2]), parts[3])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
