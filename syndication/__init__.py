"""PUBLISHING: what the archive holds, announced as feeds and handed out as files. It reads the archive, never a spider.

    from syndication import feeds

    feeds.render(archive, feeds.find("province/yazd", catalogue), "atom", "https://news.example.ir")

`feeds` says which feeds there are and renders them (`rss`, `atom`, `jsonfeed`, from the `entries` they share),
`omissions` names the releases that a feed cannot tell, `publish` writes feeds as files, `exports` writes the records
themselves as data files, `web` serves both.
"""
