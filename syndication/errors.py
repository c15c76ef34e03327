"""What can go wrong with publishing, by the decision its caller makes. Each text is one line, fit to be shown as it is.

SyndicationError        base
├── NoSuchFeed          no feed has this path
├── UnknownFormat       feeds or exports are not written in this format
├── MissingExtra        the format needs a package that is not installed; the text says which extra brings it
├── WrongHub            the setting of the hub is to be corrected
├── WrongSetting        another setting of the web face is to be corrected; the text names it
├── HubAway             the hub does not answer, or not now; it is told again later
├── CannotWrite         a directory, permission or disk to mend; nothing is half-written
└── CannotListen        an address or a port that cannot be served at; choose another one
"""


class SyndicationError(Exception):
    pass


class NoSuchFeed(SyndicationError):
    pass


class UnknownFormat(SyndicationError):
    pass


class MissingExtra(SyndicationError):
    pass


class WrongHub(SyndicationError):
    pass


class WrongSetting(SyndicationError):
    pass


class HubAway(SyndicationError):
    pass


class CannotWrite(SyndicationError):
    pass


class CannotListen(SyndicationError):
    pass
