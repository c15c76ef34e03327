"""What can be wrong with a page or a run, by the decision that follows.

SpiderError
├── PageError              the page is held in quarantine and counted under its class
│   ├── NotAnArticle       answered, but the parts of an article are not there
│   ├── SoftNotFound       the platform's own "no such page", whatever its status
│   └── DateUnreadable     there is a date that cannot be read; inventing one would be worse
├── Forbidden              the guard refuses the address
├── SelectorError          a selector in a source's TOML is no CSS
└── UnreadablePlatform     this version has no reader for the source's platform
"""


class SpiderError(Exception):
    pass


class PageError(SpiderError):
    """A page that is not archived; `kind` names the class in counts and in quarantine."""

    kind = "page"


class NotAnArticle(PageError):
    kind = "not-an-article"


class SoftNotFound(PageError):
    kind = "soft-404"


class DateUnreadable(PageError):
    kind = "date"


class Forbidden(SpiderError):
    pass


class SelectorError(SpiderError):
    pass


class UnreadablePlatform(SpiderError):
    pass
