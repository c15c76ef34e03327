"""Full-text search: tantivy in a directory beside the archive, fed by the change log and rebuildable at any time.

`archive.search.grammar`   what a person types becomes an `Expression`; every text is a search
`archive.search.matching`  an `Expression` becomes a query of tantivy, in any spelling (`persian.spelling`)
`archive.search.engine`    one index of tantivy; the only module, with `matching`, that loads it
`archive.search.homes`     the directory: which index counts, and who may write
`archive.search.mark`      how far the change log is indexed, and what has changed since
`archive.search.index`     `SearchIndex`: catching up, asking, rebuilding
"""

from archive.search.grammar import parse
from archive.search.index import SearchIndex

__all__ = ["SearchIndex", "parse"]
