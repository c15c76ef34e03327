"""Whose newsroom an address is, as far as its host and its title tell: guesses, said as such."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from persian.text import search_key
from sources import Catalogue, Province, UnknownProvince
from sources.writing import agency_head
from spiders.byline import province_in

PART = 4  # letters that a part of a host's label has to have before it counts as the name of a place
WORDLESS = frozenset("www gov ir com org net ac news portal fa en web old new".split())  # noqa: SIM905 - read as words
SECTION = re.compile(
    r"^(?:آخرین|تازه ?ترین)? ?(?:اخبار|خبر ?ها|خبرها|صفحه (?:اصلی|نخست)|خانه|پرتال|پورتال)\s*[-–|:]?\s*"
)

CAPITALS: Mapping[str, tuple[str, ...]] = {
    "markazi": ("اراک", "arak"),
    "gilan": ("رشت", "rasht"),
    "mazandaran": ("ساری", "sari"),
    "east-azerbaijan": ("تبریز", "tabriz"),
    "west-azerbaijan": ("ارومیه", "urmia", "orumieh"),
    "khuzestan": ("اهواز", "ahvaz"),
    "fars": ("شیراز", "shiraz"),
    "razavi-khorasan": ("مشهد", "mashhad"),
    "sistan-baluchestan": ("زاهدان", "zahedan"),
    "kurdistan": ("سنندج", "sanandaj"),
    "chaharmahal-bakhtiari": ("شهرکرد", "shahrekord"),
    "lorestan": ("خرم آباد", "khorramabad"),
    "kohgiluyeh-boyer-ahmad": ("یاسوج", "yasuj"),
    "hormozgan": ("بندرعباس", "bandarabbas"),
    "golestan": ("گرگان", "gorgan"),
    "north-khorasan": ("بجنورد", "bojnord", "bojnourd"),
    "south-khorasan": ("بیرجند", "birjand"),
    "alborz": ("کرج", "karaj"),
}
"""The capitals that are not called as their provinces, by province."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Guess:
    """A value and what it rests on; `why` is None for what the operator states."""

    value: str
    why: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """An agency that may not be in the catalogue yet: the [agency] of its file, and what it rests on."""

    id: str
    head: Mapping[str, Any] = field(default_factory=dict)
    why: str | None = None


def _known(id_: str, fa: str, en: str, office: str, *hosts: str) -> tuple[str, str, str, str, tuple[str, ...]]:
    return id_, fa, en, office, (id_, *hosts)


KNOWN = (
    _known("behzisti", "سازمان بهزیستی", "State Welfare Organization", "اداره کل بهزیستی"),
    _known("medu", "وزارت آموزش و پرورش", "Ministry of Education", "اداره کل آموزش و پرورش"),
    _known(
        "farhang",
        "وزارت فرهنگ و ارشاد اسلامی",
        "Ministry of Culture and Islamic Guidance",
        "اداره کل فرهنگ و ارشاد اسلامی",
        "ershad",
    ),
    _known("mrud", "وزارت راه و شهرسازی", "Ministry of Roads and Urban Development", "اداره کل راه و شهرسازی"),
    _known(
        "tvto",
        "سازمان آموزش فنی و حرفه\u200cای",
        "Technical and Vocational Training Organization",
        "اداره کل آموزش فنی و حرفه\u200cای",
        "irantvto",
    ),
    _known("post", "شرکت ملی پست", "National Post Company", "اداره کل پست"),
    _known("abfa", "شرکت آب و فاضلاب", "Water and Wastewater Company", "شرکت آب و فاضلاب"),
    _known(
        "frw",
        "سازمان منابع طبیعی و آبخیزداری",
        "Natural Resources and Watershed Management Organization",
        "اداره کل منابع طبیعی و آبخیزداری",
    ),
    _known("doe", "سازمان حفاظت محیط زیست", "Department of Environment", "اداره کل حفاظت محیط زیست"),
    _known("maj", "وزارت جهاد کشاورزی", "Ministry of Agriculture Jihad", "سازمان جهاد کشاورزی", "agri-jahad"),
    _known("mimt", "وزارت صنعت، معدن و تجارت", "Ministry of Industry, Mine and Trade", "سازمان صنعت، معدن و تجارت"),
    _known("msy", "وزارت ورزش و جوانان", "Ministry of Sport and Youth", "اداره کل ورزش و جوانان"),
    _known("shahrdari", "شهرداری", "Municipality", "شهرداری"),
    _known("farmandari", "فرمانداری", "County governorate", "فرمانداری"),
)
"""Agencies with offices in every province: id, names, what their offices are called, labels of their hosts."""


def guess_province(catalogue: Catalogue, url: str, title: str | None, bylines: Iterable[str | None]) -> Guess | None:
    """By the host, by the title, by what most of the articles say that they are from; the value is a key."""
    host = urlsplit(url).hostname or ""
    for label in _labels(host):
        parts = [part for part in label.split("-") if len(part) >= PART]
        for name in (label, *parts):
            if found := _place_named(catalogue, name):
                return Guess(value=found, why=f'"{name}" in the host')
    if found := _office_hosts().get(next(iter(_labels(host)), "")):
        return Guess(value=found, why=f'"{next(iter(_labels(host)))}" in the host, as other offices there have it')
    if title and (named := province_in(title)):
        return Guess(value=named.key, why="the site's title")
    if title and (key := _capital_in(title)):
        return Guess(value=key, why="the city in the site's title")
    stated = [iso for iso in bylines if iso]
    if stated and stated.count(best := max(set(stated), key=stated.count)) * 2 > len(stated):
        return Guess(value=catalogue.province(best).key, why="the office that its articles name")
    return None


def guess_agency(catalogue: Catalogue, url: str, title: str | None, province: Province | None) -> Family | None:
    """By the host of other offices or the agency's own name in it, then by the name of the office in the title."""
    host = urlsplit(url).hostname or ""
    labels = _labels(host)
    for known in (catalogue, _built_in()):
        for source in known.sources.values():
            domain = source.host.partition(".")[2]
            if domain.count(".") >= 1 and domain not in ("gov.ir", "ac.ir") and host.endswith(f".{domain}"):
                return family(source.agency.id, catalogue, f"other offices are at {domain}")
    parts = {part for label in labels for part in (label, *label.split("-"))}
    for id_ in [*catalogue.agencies, *_built_in().agencies]:
        if id_ in parts:
            return family(id_, catalogue, f'"{id_}" in the host')
    for id_, *_, hosts in KNOWN:
        if named := next((name for name in hosts if name in parts), None):
            return family(id_, catalogue, f'"{named}" in the host')
    if title and (called := _agency_in(title, catalogue)):
        return family(called, catalogue, "the site's title")
    return _of_host(labels, title, province)


def family(id_: str, catalogue: Catalogue, why: str | None, *, title: str | None = None) -> Family:
    """The agency with this id: the catalogue's, the built-in one's, a known one, or a new one of that name."""
    if id_ in catalogue.agencies:
        return Family(id=id_, why=why)
    if head := agency_head(id_, None):
        return Family(id=id_, head={key: value for key, value in head.items() if key != "unverified"}, why=why)
    for known, fa, en, office, _ in KNOWN:
        if known == id_:
            names = {"name_fa": fa, "name_en": en}
            patterns = {"office_fa": f"{office} {{province}}", "office_en": f"{en}, {{province}}"}
            return Family(id=id_, head={**names, **patterns}, why=why)
    return Family(id=id_, head={"name_fa": _name_in(title) or id_, "name_en": id_.replace("-", " ").title()}, why=why)


def _labels(host: str) -> list[str]:
    """The parts of a host name that may name an office; none of a bare address."""
    if re.fullmatch(r"[0-9.]+|.*:.*|localhost", host):
        return []
    return [label for label in host.lower().split(".") if label not in WORDLESS]


def _place_named(catalogue: Catalogue, name: str) -> str | None:
    with suppress(UnknownProvince):
        return catalogue.province(name).key
    return next((key for key, names in CAPITALS.items() if name in names and key in catalogue.provinces), None)


def _capital_in(title: str) -> str | None:
    words = f" {search_key(title)} "
    return next((key for key, (fa, *_) in CAPITALS.items() if f" {search_key(fa)} " in words), None)


@cache
def _built_in() -> Catalogue:
    return Catalogue.load()


@cache
def _office_hosts() -> dict[str, str]:
    """The first labels of the built-in offices' hosts that stand for one province: "azsh", "ostan-as"."""
    found: dict[str, set[str]] = {}
    for source in _built_in().sources.values():
        for label in _labels(source.host)[:1]:
            found.setdefault(label, set()).add(source.province.key)
    return {label: next(iter(keys)) for label, keys in found.items() if len(keys) == 1}


def _agency_in(title: str, catalogue: Catalogue) -> str | None:
    """The agency whose offices are called as the title says, the longest name first."""
    names = {search_key(office): id_ for id_, _, _, office, _ in KNOWN}
    for known in (_built_in(), catalogue):
        for source in known.sources.values():
            office = source.name_fa.replace(source.province.fa, "").replace("استان ", "").strip()
            names[search_key(office)] = source.agency.id
    words = f" {search_key(title)} "
    return next((names[name] for name in sorted(names, key=len, reverse=True) if name and f" {name} " in words), None)


def _of_host(labels: list[str], title: str | None, province: Province | None) -> Family | None:
    """A new agency named by what a host says beside its province: "abc" of yazd.abc.ir."""
    own = [part for label in labels for part in label.split("-") if not _is_of(part, province)]
    name = next((part for part in own if re.fullmatch("[a-z][a-z0-9]+", part)), None)
    if name is None or len(own) == sum(len(label.split("-")) for label in labels):
        return None  # nothing in the host stands for a province, so what is left is no agency
    head = {"name_fa": _name_in(title) or name, "name_en": name.title()}
    return Family(id=name, head=head, why=f'"{name}" in the host; its names are guesses too')


def _is_of(part: str, province: Province | None) -> bool:
    names = (province.key, province.en, *province.variants, *CAPITALS.get(province.key, ())) if province else ()
    return part in {name.lower() for name in names} or part in _office_hosts()


def _name_in(title: str | None) -> str | None:
    """An agency's name in a site's title: without «اخبار -» and without «استان یزد»."""
    if not title:
        return None
    text = SECTION.sub("", title).strip()
    named = province_in(text)
    cut = re.sub(rf"\s*(?:استان\s+)?{re.escape(named.fa)}\s*$", "", text) if named else text
    return cut.strip(" -–|:") or None
