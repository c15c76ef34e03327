"""How one of the two languages that Monadi speaks writes numbers and names."""

from dataclasses import dataclass
from typing import Any

from persian.text import persian_digits


@dataclass(frozen=True, kw_only=True, eq=False)
class Tongue:
    """`code` is "fa" or "en"."""

    code: str

    @property
    def is_persian(self) -> bool:
        return self.code == "fa"

    def number(self, number: int) -> str:
        """«۱۲٬۳۴۵» or "12,345"."""
        grouped = f"{number:,}"
        return persian_digits(grouped.replace(",", "٬")) if self.is_persian else grouped

    def digits(self, text: str) -> str:
        """A text of our own making with the digits of the language."""
        return persian_digits(text) if self.is_persian else text

    def name_of(self, thing: Any) -> str:
        """The name of an office, an agency or a province."""
        if self.is_persian:
            return str(thing.fa if hasattr(thing, "fa") else thing.name_fa)
        return str(thing.en if hasattr(thing, "en") else thing.name_en)
