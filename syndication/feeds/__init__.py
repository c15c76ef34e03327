"""Feeds: queries with subscribers, in RSS 2.0, Atom 1.0 and JSON Feed 1.1.

    from syndication import feeds

    feed = feeds.find("province/yazd", catalogue)
    feeds.render(archive, feed, "atom", "https://news.example.ir")

`feed`       which feeds there are, and the words that ask for them (`options`, `pattern`)
`issue`      what a document of a feed holds at the moment, the current one or an archived one
`edits`      the same for the feed of edits and removals
`announced`  an article in a feed: its `entries.Entry`, rendered once a format (`atom`, `rss`, `jsonfeed`; `fragments`)
`writing`    documents as bytes: their heads (`documents`) and the fragments joined; what cannot be told (`omissions`)
"""

from syndication.feeds.documents import Format
from syndication.feeds.feed import CHANGES, Feed, Part, find, known, located
from syndication.feeds.writing import Place, compose, feed_format, fragments, issue_of, parts_of, render, slices_of

__all__ = [
    "CHANGES",
    "Feed",
    "Format",
    "Part",
    "Place",
    "compose",
    "feed_format",
    "find",
    "fragments",
    "issue_of",
    "known",
    "located",
    "parts_of",
    "render",
    "slices_of",
]
