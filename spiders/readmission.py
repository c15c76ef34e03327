"""Reading again what was held back in quarantine, once whatever kept it there has been mended.

A page that is read now comes into the archive as if it had been read when it was first met: its article was first seen
then, and is logged as new. Where the article is known, the page is a visit to it at the time of its last answer. What
still cannot be read stays. What a fallback read meanwhile is read again by its platform, as `reread`.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import sqlalchemy as sa
from scrapy.http import Headers, Response

from archive import Archive, ArchivedArticle, Article, Query, articles, crawls, intake, links, snapshots
from archive.answers import Reference
from archive.crawls import Held
from archive.errors import ArchiveError
from archive.identity import keys
from persian.published import Published
from sources import Catalogue, Source, UnknownSource
from spiders import drift, keeping, reading
from spiders.errors import NotAnArticle, PageError
from spiders.failures import plain
from spiders.platforms import platform
from spiders.platforms.cms import Platform
from spiders.rereading import Rereadings, reader_of, reextract
from spiders.responses import page_response


def readmit(
    archive: Archive,
    query: Query,
    catalogue: Catalogue,
    *,
    problem: Callable[[str], None],
    step: Callable[[], None] = lambda: None,
) -> list[Rereadings]:
    """Read the held pages again of the sources that a query names; what came of it by source.

    Of a query its sources, agencies and provinces count, and `since` and `until` as to when a page was first met. A
    page that still cannot be read is told to `problem` in one line.
    """
    found: dict[str, Rereadings] = {}
    with archive.reading() as connection:
        pages = [page for page in crawls.held(connection) if _is_asked(page, query, catalogue)]
    for page in pages:
        step()
        counts = found.setdefault(page.source, Rereadings(page.source)).counts
        try:
            source = catalogue.source(page.source)
            with archive.writing() as connection:
                counts[_admit(connection, page, source)] += 1
        except (PageError, UnknownSource) as error:
            counts["unread"] += 1
            problem(f"{page.source} {page.url}: {error}")
        except ArchiveError:
            raise
        except Exception as error:  # noqa: BLE001 - what the archive does not take shall not keep the others out
            counts["unread"] += 1
            problem(plain(f"{page.source} {page.url}: {keeping.said(error)}"))
    for again in reextract(archive, query, catalogue, problem=problem, only=_of_fallback(catalogue)):
        found.setdefault(again.source, Rereadings(again.source)).counts.update(again.counts)
    return [found[source] for source in sorted(found)]


def _is_asked(page: Held, query: Query, catalogue: Catalogue) -> bool:
    source = catalogue.sources.get(page.source)
    if source is None:
        return not (query.sources or query.agencies or query.provinces)
    return (
        (not query.sources or source.id in query.sources)
        and (not query.agencies or source.agency.id in query.agencies)
        and (not query.provinces or source.province.iso in query.provinces)
        and (query.since is None or page.first_at >= query.since)
        and (query.until is None or page.first_at < query.until)
    )


def _admit(connection: sa.Connection, page: Held, source: Source) -> str:
    """Take a page in and out of quarantine; the name of what came of it. Raises `PageError` where it stays."""
    status, headers = page.status or 200, Headers(page.headers)
    answer, _ = page_response(Response(page.url, status=status, headers=headers, body=page.body))
    reader = reader_of(source, answer, page.extractor)
    listed = _listed(connection, source, reader, page.url)
    article = reading.read_kept(reader, answer, source=source, fetched_at=page.last_at, listed=listed)
    article = replace(article, snapshot=snapshots.newest(connection, source.id, page.url))
    known = _known(connection, source, article)
    if known:
        _refuse(known.article, article, reader)
    else:
        article = replace(article, fetched_at=page.first_at)
    (saved,) = intake.save(connection, [article])
    crawls.release(connection, source.id, [page.url])
    return str(saved.kind) if saved.kind else "same"


def _listed(connection: sa.Connection, source: Source, reader: Platform, url: str) -> Published | None:
    stated = links.stated(connection, source.id, {url: keys(reader.native_id(url), url)})
    return next(iter(stated[url]), None)


def _known(connection: sa.Connection, source: Source, article: Article) -> ArchivedArticle | None:
    met: Iterator[str] = iter(keys(article.native_id, article.url, article.aliases))
    return next(filter(None, (articles.held(connection, source.id, key) for key in met)), None)


def _refuse(held: Article, read: Article, reader: Platform) -> None:
    """Raise `NotAnArticle` for a reading that may still be the fault of a changed layout, and no edit."""
    generic = platform("generic").page.extractor()
    if read.extractor == generic != held.extractor and reader.key != "generic":
        raise NotAnArticle(f"{held.extractor} read it before, and finds no article in it now")
    if lost := drift.lost(held, read):
        raise NotAnArticle(f"it had a {', a '.join(lost)} before")


def _of_fallback(catalogue: Catalogue) -> Callable[[Reference], bool]:
    """Tells the articles that the generic reader read of sources that have a platform of their own."""

    def tell(item: Reference) -> bool:
        source = catalogue.sources.get(item.source)
        stated = source is not None and source.platform not in ("generic", "auto")
        return stated and item.extractor.startswith("generic/")

    return tell
