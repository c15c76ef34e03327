"""The paths under which a Monadi keeps releases for good, below its base URL."""

from urllib.parse import quote


def of_article(id_: str) -> str:
    """The release as it reads now."""
    return "/articles/" + quote(id_, safe="/")


def of_revision(id_: str, number: int) -> str:
    """The release as one of its revisions read; only a better reading of the same page takes its place."""
    return f"{of_article(id_)}/revisions/{number}"


def of_comparison(id_: str, old: int, new: int) -> str:
    return f"{of_article(id_)}/diff/{old}/{new}"
