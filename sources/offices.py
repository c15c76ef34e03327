"""The offices of an agency, each a source, and how agencies/<agency>.toml states them.

[agency]                            # the file's own table; the source ids are <file stem>-<table>
name_fa, name_en                    # of the agency
office_fa, office_en                # name of an office that states none; "{province}" stands for its province
…                                   # any setting below: the default of the offices
[<key of a province>]               # or any name (a-z, 0-9, "-") with `province` stated
url                                 # where the newsroom is
province, county, name_fa, name_en
platform = "auto"                   # one of PLATFORMS
listing, feed, sitemap              # a path or an address on the host of `url`
delay = 1.0                         # seconds between two requests that start at its host; a Crawl-delay of its
                                    # robots.txt and its own slowness raise it (0 at a host of this machine: they don't)
connections = 2                     # at the same time
began = 2011-03-21                  # the (Gregorian) day the newsroom began: an older date on a page is flagged
every = "2h"                        # a fixed pace: a whole number and s, m, h or d
fastest = "5m", slowest = "6h"      # between two visits at the pace that follows what the source publishes
windows = ["08:00-14:30"]           # when it may be read, Tehran time; a window may pass midnight
tls = "verify"                      # one of TLS
unverified = false                  # true: nobody has seen this newsroom yet; it is not read on schedule
selectors = { title = "h1", … }     # CSS of a site that no platform reads; merged key by key with the agency's
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from sources.errors import UnknownProvince, did_you_mean, nearest
from sources.provinces import Province, Provinces
from sources.tables import Readers, Table, boolean, each, of_kind, one_of, text

PLATFORMS = (
    "fa_portal",
    "iransamaneh",
    "nastooh",
    "studiokhabar",
    "aasaam",
    "wordpress",
    "joomla",
    "drupal",
    "dnn",
    "douran",
    "highportal",
    "mfa",
    "liferay",
    "sharepoint",
    "generic",
    "auto",
)
"""The systems that newsrooms run on; `generic` is any other, `auto` is found out at the first visit."""

TLS = ("verify", "old-ciphers", "expired")
"""What is asked of a host: a valid certificate; the same over ciphers now thought weak; one that may have expired."""

LENIENT = {"old-ciphers": "old ciphers are let through", "expired": "an expired certificate is let through"}
"""What operators are told of a source that is not on "verify"."""

DAY = 86_400

FASTEST, SLOWEST = timedelta(minutes=5), timedelta(hours=6)
"""Between two visits to a source, where nothing else is stated."""

FIRST_DAY = date(1996, 3, 20)
"""1 Farvardin 1375: no public office had a website before it, so an earlier date (1970-01-01, say) is an error."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Agency:
    """A family of offices: one file of agencies/, whose stem is the id."""

    id: str
    name_fa: str
    name_en: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Selectors:
    """CSS selectors a source states for itself; None leaves that part to its platform."""

    listing: str | None = None
    next: str | None = None
    title: str | None = None
    kicker: str | None = None
    lead: str | None = None
    body: str | None = None
    date: str | None = None
    tags: str | None = None
    image: str | None = None
    drop: str | None = None

    @property
    def settle(self) -> bool:
        """Whether they say where the parts are that every release has: its title, body and date."""
        return bool(self.title and self.body and self.date)


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One office's newsroom. `delay` is in seconds; `listing`, `feed` and `sitemap` are whole addresses."""

    id: str
    agency: Agency
    province: Province
    county: str | None = None
    name_fa: str
    name_en: str
    platform: str = "auto"
    url: str
    listing: str | None = None
    feed: str | None = None
    sitemap: str | None = None
    delay: float = 1.0
    connections: int = 2
    began: date = FIRST_DAY
    every: timedelta | None = None
    fastest: timedelta = FASTEST
    slowest: timedelta = SLOWEST
    windows: tuple[str, ...] = ()
    tls: str | None = None
    unverified: bool = False
    selectors: Selectors = Selectors()

    @property
    def leniency(self) -> str | None:
        """What is let through of TLS at this source alone, in words; None where nothing is."""
        return LENIENT.get(self.tls or "verify")

    @property
    def host(self) -> str:
        """The host of `url`, in lower case and without port."""
        return urlsplit(self.url).hostname or ""


def parse_duration(written: str) -> timedelta:
    """The duration of "90s", "30m", "2h" or "1d". Raises `ValueError`."""
    parts = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", written)
    if parts is None:
        raise ValueError(f'no duration "{written}", such as "90s", "30m", "2h" or "1d"')
    unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[parts[2]]
    return timedelta(**{unit: int(parts[1])})


def read_agency(agency_id: str, tables: Mapping[str, Table], provinces: Provinces) -> tuple[Agency, list[Source]]:
    """The agency of a file that has an [agency], and its offices in the order of the file. Raises `CatalogueError`."""
    stated = tables["agency"].read({**AGENCY, **SETTINGS}, ("name_fa", "name_en"))
    agency = Agency(id=agency_id, name_fa=stated.pop("name_fa"), name_en=stated.pop("name_en"))
    stated.setdefault("office_fa", f"{agency.name_fa} {{province}}")
    stated.setdefault("office_en", f"{agency.name_en}, {{province}}")
    offices = [table for name, table in tables.items() if name != "agency"]
    return agency, [_read_office(table, agency, stated, provinces) for table in offices]


def _read_office(table: Table, agency: Agency, defaults: Mapping[str, Any], provinces: Provinces) -> Source:
    stated = table.read({**OFFICE, **SETTINGS}, ("url",))
    province = _province(table, stated.pop("province", None), provinces)
    settings = {**defaults, **stated}
    settings.setdefault("name_fa", settings.pop("office_fa").replace("{province}", province.fa))
    settings.setdefault("name_en", settings.pop("office_en").replace("{province}", province.en))
    settings["selectors"] = Selectors(**{**defaults.get("selectors", {}), **stated.get("selectors", {})})
    if settings.get("fastest", FASTEST) > settings.get("slowest", SLOWEST):
        key = "fastest" if "fastest" in settings else "slowest"
        raise table.error(key, "`fastest` is to be less than `slowest`, which are 5m and 6h where nothing is stated")
    for key in ("listing", "feed", "sitemap"):
        if key in settings:
            settings[key] = _address_beside(table, key, settings["url"], settings[key])
    return Source(id=f"{agency.id}-{table.name}", agency=agency, province=province, **settings)


def _province(table: Table, stated: str | None, provinces: Provinces) -> Province:
    named = provinces.get(table.name)
    if stated is None:
        if named is None:
            problem = f"is missing, and [{table.name}] is not the key of a province"
            raise table.error("province", problem + did_you_mean(nearest(table.name, provinces)))
        return named
    try:
        found = provinces.find(stated)
    except UnknownProvince as error:
        raise table.error("province", error) from None
    if named not in (None, found):  # a code of before 2020, most likely
        raise table.error("province", f'"{stated}" is {found.key}, but the table is named [{table.name}]')
    return found


def _address_beside(table: Table, key: str, url: str, stated: str) -> str:
    try:
        address = _web_address(urljoin(url, stated))
    except ValueError as error:
        raise table.error(key, error) from None
    host = urlsplit(url).hostname
    if urlsplit(address).hostname != host:
        raise table.error(key, f'"{stated}" is not on the host of `url`, {host}')
    return address


def _web_address(value: object) -> str:
    url = text(value)
    try:
        valid = _is_web_address(url)
    except ValueError:  # of urlsplit or ip_address
        valid = False
    if not valid:
        raise ValueError(f'no address of http or https "{url}"')
    return url


def _is_web_address(url: str) -> bool:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if re.fullmatch(r"[0-9.]+|.*:.*", host):
        ipaddress.ip_address(host)
    elif not re.fullmatch(r"[\w-]+(\.[\w-]+)*", host):
        return False
    unseen = re.search(r"[\s\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\ufeff]", url)  # urlsplit drops some of these
    return parts.scheme in ("http", "https") and parts.username is None and parts.port != 0 and not unseen


def _name_pattern(value: object) -> str:
    pattern = text(value)
    if "{province}" not in pattern:
        raise ValueError('holds no "{province}"')
    return pattern


def _seconds(value: object) -> float:
    seconds = of_kind(value, float, int)
    if not 0 <= seconds <= DAY:
        raise ValueError(f"expected a number of seconds from 0 to {DAY}, found {seconds}")
    return float(seconds)


def _count(value: object) -> int:
    count: int = of_kind(value, int)
    if count < 1:
        raise ValueError(f"expected a number from 1, found {count}")
    return count


def _day(value: object) -> date:
    day: date = of_kind(value, date)
    return day


def _duration(value: object) -> timedelta:
    return parse_duration(text(value))


def _window(value: object) -> str:
    window = text(value)
    clock = "([01][0-9]|2[0-3]):[0-5][0-9]"
    start, _, end = window.partition("-")
    if not re.fullmatch(f"{clock}-{clock}", window) or start == end:
        raise ValueError(f'no window "{window}", such as "08:00-14:30"')
    return window


AGENCY: Readers = {"name_fa": text, "name_en": text, "office_fa": _name_pattern, "office_en": _name_pattern}
OFFICE: Readers = {"url": _web_address, "province": text, "county": text, "name_fa": text, "name_en": text}
SETTINGS: Readers = {
    "platform": one_of(PLATFORMS, "platform"),
    "listing": text,
    "feed": text,
    "sitemap": text,
    "delay": _seconds,
    "connections": _count,
    "began": _day,
    "every": _duration,
    "fastest": _duration,
    "slowest": _duration,
    "windows": each(_window),
    "tls": one_of(TLS, "way of TLS"),
    "unverified": boolean,
    "selectors": {field.name: text for field in fields(Selectors)},
}
