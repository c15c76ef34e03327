"""What can go wrong with an archive, by the decision its caller makes.

ArchiveError                    base; its text is one line that says what, where and what to do
├── ArchiveUnavailable          cannot be opened: a directory, permission or server to mend
│   ├── ArchiveDamaged          what its database holds is broken: restore a backup
│   └── NotAnArchive            what stands there is another program's, or no database: name the archive
├── ArchiveMissing              nothing has been archived here yet
├── SchemaTooNew                written by a newer Monadi: upgrade the program
├── SchemaTooOld                written by an older Monadi: upgrade the archive
├── QueueMissing                no crawls are handed out to workers, or by another version: start what does
├── Claimed                     a source that another crawl is reading: leave it to that one
├── BackupRefused               a file that is no backup, or an archive that holds something already
├── QueryError                  a filter that cannot be understood; `parameter` names it
├── TookTooLong                 a question that was given up after the time its asker allowed: ask for less
├── NoSuchArticle               an id or a revision that the archive does not hold
├── SnapshotDamaged             a response that was kept cannot be had again
├── NotWarc                     a file that is to be read as WARC and is none
└── WarcDamaged                 a WARC file that breaks off; what stands before that is whole
"""


class ArchiveError(Exception):
    pass


def reason_of(error: BaseException | None) -> str:
    """What a driver says of a failure, in one line."""
    return (str(error).strip() or "no reason given").splitlines()[0]


class ArchiveUnavailable(ArchiveError):
    pass


class ArchiveDamaged(ArchiveUnavailable):
    """A database that holds what cannot be read; `reason` is what shows it."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"the archive at {name} is damaged: {reason}; `monadi archive verify` names what is broken: keep it aside "
            "and restore a backup (`monadi archive restore`)"
        )
        self.reason = reason


class NotAnArchive(ArchiveUnavailable):
    pass


class ArchiveMissing(ArchiveError):
    pass


class SchemaTooNew(ArchiveError):
    pass


class SchemaTooOld(ArchiveError):
    pass


class QueueMissing(ArchiveError):
    pass


class Claimed(ArchiveError):
    pass


class BackupRefused(ArchiveError):
    pass


class QueryError(ArchiveError):
    """A filter that cannot be understood; `parameter` is its name, the same in every face."""

    def __init__(self, parameter: str, reason: str) -> None:
        super().__init__(f"{parameter}: {reason}")
        self.parameter = parameter


class TookTooLong(ArchiveError):
    pass


class NoSuchArticle(ArchiveError):
    pass


class SnapshotDamaged(ArchiveError):
    pass


class NotWarc(ArchiveError):
    pass


class WarcDamaged(ArchiveError):
    pass
