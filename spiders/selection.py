"""CSS over a parsed page: each selector is compiled once for all pages."""

from functools import lru_cache
from typing import Any

from cssselect import ExpressionError
from cssselect import SelectorError as CssSelectorError
from lxml.etree import XPath
from lxml.html import HtmlElement
from parsel.csstranslator import HTMLTranslator

from spiders.errors import SelectorError


def select(element: HtmlElement, css: str) -> list[HtmlElement]:
    """The elements that a selector matches, in the page's order. Raises `SelectorError` for what is no CSS."""
    found: Any = compiled(css)(element)
    return list(found)


@lru_cache(maxsize=4096)
def compiled(css: str) -> XPath:
    """A selector as libxml2 runs it; raises `SelectorError`."""
    try:
        return XPath(HTMLTranslator().css_to_xpath(css))
    except (CssSelectorError, ExpressionError) as error:
        raise SelectorError(f"{css!r} is no CSS selector ({error})") from None
