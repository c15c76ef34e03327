"""A small newsroom of three invented offices on loopback: what `monadi demo` harvests and the tests read."""

from sources.sample.newsroom import SampleNewsroom
from sources.sample.releases import Block, Release, ReleaseError, read_releases
from sources.sample.site import Office

__all__ = ["Block", "Office", "Release", "ReleaseError", "SampleNewsroom", "read_releases"]
