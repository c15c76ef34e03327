"""Everything configurable: `MONADI_*` in the environment, or the same names without the prefix in `monadi.toml`."""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings.exceptions import SettingsError

from archive.errors import ArchiveError

FILE = "monadi.toml"
GAP = re.compile(r"[\s,]+(?=[A-Za-z][A-Za-z0-9+.-]*://)")


class ConfigurationError(ArchiveError):
    """A setting that cannot be used; the text names it and says what would be right."""


def _listed(stated: Any) -> Any:
    """A list as the environment has it, with commas between, or as TOML has it."""
    return [part for each in stated.split(",") if (part := each.strip())] if isinstance(stated, str) else stated


def _at_once() -> int:
    """Crawls wait for their sites most of the time, and take some 120 MB of memory each."""
    return min(max(2 * (os.cpu_count() or 1), 4), 16)


def _addresses(stated: Any) -> Any:
    """Addresses as the environment has them, with blanks or commas between; commas within one are its own."""
    if not isinstance(stated, str):
        return stated
    return [each for part in GAP.split(stated) if (each := part.strip().rstrip(","))]


class Configuration(BaseSettings):
    """The settings; the environment wins over `monadi.toml` in the working directory."""

    model_config = SettingsConfigDict(env_prefix="MONADI_", env_ignore_empty=True, toml_file=FILE, extra="forbid")

    data: Path = Field(Path("monadi-data"), description="directory of the archive, the search index and state")
    archive: str | None = Field(
        None, description="SQLAlchemy URL of the archive; default: monadi.db in the data directory"
    )
    catalogue: Path | None = Field(None, description="directory of a catalogue that stands in for the built-in one")
    allow_hosts: str = Field("", description="addresses and networks that the guard would refuse, comma-separated")
    contact: str = Field("", description="the operator's address (URL or e-mail) in the User-Agent")
    images: Literal["off", "on"] = Field("off", description="whether the images of releases are fetched and kept")
    crawls: int = Field(
        default_factory=_at_once, ge=1, description="crawls at once; default: two for each core, 4 to 16"
    )
    crawl_limit: float = Field(
        120, gt=0, description="minutes after which a crawl on schedule is stopped; the next one goes on where it stood"
    )
    base_url: str | None = Field(None, description="where subscribers reach this Monadi; default: where it listens")
    hub: str | None = Field(None, description="address of the WebSub hub that feeds name and that is told of news")
    rate: str = Field("300/minute", description='requests of one client at the API: "120/minute", or "none"')
    proxies: str = Field("", description="networks whose word on where a request came from is taken, comma-separated")
    tokens: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        (), description='tokens of the API, each "<name>:<role>:<sha256 hex>", a list or comma-separated'
    )

    alerts: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_addresses)] = Field(
        (), description="where operators are told of troubles: addresses of apprise, a list or with blanks between"
    )
    language: Literal["fa", "en"] = Field("fa", description="the language of what operators are told")
    quiet: str = Field("", description='hours in which only the gravest troubles are told: "22:00-07:00", Tehran time')
    digest: str = Field("saturday 08:00", description='when the week is told of, Tehran time, or "none"')

    log: Literal["text", "json"] = Field("text", description="how logs are written: for people, or a JSON line each")

    @property
    def archive_url(self) -> str:
        from archive.database import sqlite_url  # noqa: PLC0415 - what only reads settings does without a database

        return self.archive or sqlite_url(self.data / "monadi.db")

    @property
    def public_url(self) -> str:
        """Where feeds say that they are found, when no server is running to tell."""
        return self.base_url or "http://127.0.0.1:8000"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def read_configuration(**changes: Any) -> Configuration:
    """The configuration in force, with changes from the command line on top; raises `ConfigurationError`."""
    try:
        return Configuration(**{name: value for name, value in changes.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(f"{FILE} or MONADI_{name.upper()}: {first['msg']}") from None
    except (SettingsError, ValueError) as error:
        raise ConfigurationError(f"{FILE}: {error}") from None
