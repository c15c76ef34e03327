"""`scrapy list` is the catalogue: one spider class a source, made when it is asked for."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from sources import Catalogue, Source, UnknownSource
from spiders.errors import SelectorError
from spiders.newsroom import NewsroomSpider
from spiders.selection import compiled


class CatalogueLoader:
    """Scrapy's SPIDER_LOADER_CLASS: names are source ids, of the catalogue that MONADI_CATALOGUE names."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        directory = settings.get("MONADI_CATALOGUE")
        return cls(Catalogue.load(Path(directory) if directory else None))

    def load(self, spider_name: str) -> type[Spider]:
        """The spider of a source; raises KeyError for an unknown one, as Scrapy expects."""
        try:
            return spider_of(self.catalogue.source(spider_name))
        except UnknownSource as error:
            raise KeyError(str(error)) from None

    def list(self) -> list[str]:
        return list(self.catalogue.sources)

    def find_by_request(self, request: Request) -> Sequence[str]:
        host = request.url.split("/")[2].rpartition("@")[2]
        return [source.id for source in self.catalogue.sources.values() if source.url.split("/")[2] == host]


def spider_of(source: Source) -> type[NewsroomSpider]:
    """The spider class that reads a source, at the source's own pace and within its own host.

    Raises `SelectorError` for a selector in the source's TOML that is no CSS.
    """
    check_selectors(source)
    bare = source.host.removeprefix("www.")
    attributes: dict[str, Any] = {
        "name": source.id,
        "source": source,
        "allowed_domains": [bare],
        "custom_settings": settings_of(source),
        "__module__": NewsroomSpider.__module__,
    }
    return type("NewsroomSpider", (NewsroomSpider,), attributes)


def settings_of(source: Source) -> dict[str, Any]:
    """What a source says of how it is to be read, as Scrapy's settings."""
    return {
        "MONADI_DELAY": source.delay,
        "CONCURRENT_REQUESTS_PER_DOMAIN": source.connections,
        "MONADI_TLS": source.tls or "verify",
    }


def check_selectors(source: Source) -> None:
    """Raise `SelectorError` for a selector in a source's TOML that is no CSS."""
    for part, css in asdict(source.selectors).items():
        try:
            compiled(css or "*")
        except SelectorError as error:
            raise SelectorError(f"{source.id}: selectors.{part}: {error}") from None
