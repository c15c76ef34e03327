"""Full-text search: tantivy in a directory beside the archive, fed by the change log and rebuildable at any time.

`archive.search.grammar`   what a person types becomes an `Expression`; every text is a search
`archive.search.matching`  an `Expression` becomes a query of tantivy, in any spelling (`persian.spelling`)
`archive.search.engine`    one index of tantivy: its fields, and how it is written
`archive.search.reader`    one state of it, and what is asked of that; only these three modules load tantivy
`archive.search.homes`     the directory: which index counts, and who may write
`archive.search.mark`      how far the change log is indexed, and what has changed since
`archive.search.index`     `SearchIndex`: catching up, asking, rebuilding
`archive.search.matches`   `Matches`: what a search found, in any order, counted by month and state
`archive.search.highlights` where a text has what was searched
"""

from archive.search.grammar import parse
from archive.search.index import SearchIndex
from archive.search.matches import Matches

__all__ = ["Matches", "SearchIndex", "parse"]
