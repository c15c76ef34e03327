"""READING: from an office's newsroom to `Article` records.

A platform (`spiders.platforms`) knows how one CMS lists and shows its releases; the one spider
(`spiders.newsroom`) walks any source by its platform; the pipeline hands what it read to the archive.
"""
