"""What a visit makes of an address: an entry of the catalogue, of which the operator may have stated parts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sources import Catalogue, CatalogueError, Province
from sources.writing import Draft, defaults_of
from spiders.onboarding.guesses import Family, Guess, family, guess_agency, guess_province
from spiders.onboarding.visit import Visit
from spiders.platforms.generic import PLATFORM as GENERIC


@dataclass(frozen=True, kw_only=True, slots=True)
class Stated:
    """What the operator says of an office: the agency's id, the province by any name, the table's name."""

    agency: str | None = None
    province: str | None = None
    office: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """The office as it would be written; `draft` is None while its agency or province is not known."""

    agency: Guess | None
    province: Guess | None
    draft: Draft | None = None
    twin: str | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The options that have to be given before it can be written."""
        named = {"--agency A": self.agency, "--province P": self.province}
        return tuple(option for option, guess in named.items() if guess is None)


def propose(visit: Visit, catalogue: Catalogue, stated: Stated, directory: Path | None) -> Proposal:
    """The office of a visit, as it would stand in the catalogue of a directory (None: the built-in one).

    Raises `CatalogueError` for a province that there is not.
    """
    bylines = [article.byline_province for article in visit.articles]
    url, title = visit.source.url, visit.title
    province = (
        Guess(value=catalogue.province(stated.province).key)
        if stated.province
        else guess_province(catalogue, url, title, bylines)
    )
    where = catalogue.provinces[province.value] if province else None
    agency = (
        family(stated.agency, catalogue, None, title=title)
        if stated.agency
        else guess_agency(catalogue, url, title, where)
    )
    draft = _draft(agency, where, _values(visit), stated.office) if agency and where else None
    twin = next((each.id for each in catalogue.sources.values() if _bare(each.url) == _bare(url)), None)
    return Proposal(
        agency=Guess(value=agency.id, why=agency.why) if agency else None,
        province=province,
        draft=draft and draft.differing(defaults_of(draft, directory)),
        twin=twin,
    )


def check(proposal: Proposal, visit: Visit) -> Draft:
    """The draft to write. Raises `CatalogueError` for what is missing, or in the catalogue, or could not be read."""
    if proposal.twin:
        raise CatalogueError(
            f"{visit.source.url} is in the catalogue already, as {proposal.twin}; `monadi source check "
            f"{proposal.twin}` visits it"
        )
    if proposal.draft is None:
        raise CatalogueError(
            f"whose office {visit.source.url} is cannot be told from it; say so with {' and '.join(proposal.missing)}"
        )
    return proposal.draft


def _draft(agency: Family, province: Province, values: dict[str, Any], office: str | None) -> Draft:
    name = office or province.key
    named = values if name == province.key else {"url": values["url"], "province": province.iso, **values}
    head = dict(agency.head)
    if head and "platform" not in head and values["platform"] != GENERIC.key:
        head["platform"] = values["platform"]
    return Draft(agency=agency.id, name=name, values=named, head=head)


def _values(visit: Visit) -> dict[str, Any]:
    """The keys of the office; what is the same for all offices of its agency is left out when it is written."""
    source, platform = visit.source, visit.platform or "auto"
    values: dict[str, Any] = {"url": source.url, "platform": platform, "delay": source.delay, "unverified": False}
    values["tls"] = source.tls or "verify"
    if platform == GENERIC.key:
        for kind in ("feed", "sitemap"):
            found = next((each.url for each in visit.tried if each.kind == kind and each.entries), None)
            values |= {kind: found} if found else {}
        values |= {"selectors": dict(visit.selectors)} if visit.selectors else {}
    return values


def _bare(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.").rstrip("/").lower()
