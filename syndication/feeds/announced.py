"""What a feed announces of an article: its entry in each format, rendered once for all that it says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive import ArchivedArticle
from syndication.feeds import atom, entries, jsonfeed, rss
from syndication.feeds.documents import Format
from syndication.feeds.fragments import Fragments
from syndication.feeds.options import USUAL, Options

RENDERERS: Final = {Format.RSS: rss.item, Format.ATOM: atom.item, Format.JSON: jsonfeed.item}

FRAGMENTS: Final = Fragments(capacity=64 * 2**20)


@dataclass(frozen=True, kw_only=True, slots=True)
class Announced:
    """An article in a feed, with its office's name; `again` is the revision that is announced as an entry of its own,
    0 where the entry is that of the article.
    """

    item: ArchivedArticle
    office: str
    options: Options = USUAL
    again: int = 0

    @property
    def name(self) -> str:
        return self.item.id

    @property
    def updated(self) -> datetime:
        return entries.updated(self.item)

    def fragment(self, format_: Format) -> bytes:
        """Its entry in a format."""
        item, told = self.item, (self.options.content, self.options.date_line, self.again)
        said = hash((item.guid, item.revision, item.first_seen, item.revised_at, item.article, self.office))
        return FRAGMENTS.get((format_, item.id, said, told), lambda: RENDERERS[format_](self._entry()))

    def _entry(self) -> entries.Entry:
        options = self.options
        return entries.entry(
            self.item, self.office, content=options.content, date_line=options.date_line, again=self.again
        )
