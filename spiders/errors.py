"""What can be wrong with a page or a run, by the decision that follows.

SpiderError
├── PageError              the page is held in quarantine and counted under its class
│   ├── NotAnArticle       answered, but the parts of an article are not there
│   ├── SoftNotFound       the platform's own "no such page", whatever its status
│   ├── OtherLanguage      what it says is not in Persian
│   ├── TooComplex         more markup, or more in one field, than any release has
│   ├── DateUnreadable     there is a date that cannot be read; inventing one would be worse
│   └── ReaderFailed       the reader itself fails at it
├── Forbidden              the guard refuses the address
├── TurnedAway             a request is not let in, or not sent; `kind` names the class in counts
│   ├── Disallowed         robots.txt asks not to
│   ├── Offsite            it leads to another host, or to no address at all
│   ├── RobotsUnreachable  what robots.txt asks cannot be learned, so all is disallowed (RFC 9309 §2.3.1.4)
│   ├── Untrusted          the host's certificate is not to be trusted
│   ├── Busy               the host says 429 or 503, for longer than a run waits; it ends the run
│   ├── TooLarge           its answer, its head or what it unfolds to is larger than is read
│   ├── Garbled            what it is coded in cannot be taken off
│   ├── Stalled            nothing of an answer that has begun comes any more
│   ├── Wall               something stands before the pages: a challenge, a login, a cookie that is never enough
│   └── Ended              the run has ended, or its window has closed, while the request waited
├── NotRecorded            a page cannot be recorded, or has been that day
├── ReaderEnded            a process that read archived pages was ended from outside
├── Unanswered             a request of a visit got no page; `error` is what it ended in
└── SelectorError          a selector in a source's TOML is no CSS
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


class OtherLanguage(PageError):
    kind = "language"


class TooComplex(PageError):
    kind = "too-complex"


class DateUnreadable(PageError):
    kind = "date"


class ReaderFailed(PageError):
    kind = "parse"


class Forbidden(SpiderError):
    pass


class TurnedAway(SpiderError):
    kind = "turned-away"


class Disallowed(TurnedAway):
    kind = "robots"


class Offsite(TurnedAway):
    kind = "offsite"


class RobotsUnreachable(TurnedAway):
    kind = "robots-unreachable"


class Untrusted(TurnedAway):
    """`kind` is one of `spiders.failures.TLS`."""

    def __init__(self, reason: str, kind: str = "tls") -> None:
        super().__init__(reason)
        self.kind = kind


class TooLarge(TurnedAway):
    kind = "too-large"


class Garbled(TurnedAway):
    kind = "coding"


class Stalled(TurnedAway):
    kind = "timeout"


class Busy(TurnedAway):
    """`seconds` is when the host asks us back, from now; None where it does not say."""

    kind = "busy"

    def __init__(self, reason: str, *, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Wall(TurnedAway):
    """`kind` is one of `spiders.politeness.walls.KINDS`."""

    def __init__(self, reason: str, kind: str) -> None:
        super().__init__(reason)
        self.kind = kind


class Ended(TurnedAway):
    kind = "ended"


class NotRecorded(SpiderError):
    pass


class ReaderEnded(SpiderError):
    pass


class Unanswered(SpiderError):
    def __init__(self, reason: str, error: Exception) -> None:
        super().__init__(reason)
        self.error = error


class SelectorError(SpiderError):
    pass
