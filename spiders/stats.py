"""Scrapy's statistics of a crawl, as `scrapy crawl` shows them at its end."""

from scrapy.statscollectors import MemoryStatsCollector


class Stats(MemoryStatsCollector):
    """Without the look for arguments of older versions at every use of an attribute, of which an answer has dozens."""

    __getattribute__ = object.__getattribute__
