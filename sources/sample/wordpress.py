"""The sample office on WordPress, with a theme of its own that shows Jalali dates."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sources.sample.site import (
    NOTE,
    VIEWS,
    Answer,
    Handler,
    Page,
    Params,
    Site,
    attachment,
    element,
    encoded,
    moved,
    picture,
    url_set,
    when,
)

if TYPE_CHECKING:
    from sources.sample.releases import Release

ON_A_PAGE = 5
DATE = "{year}/{month}/{day} - {clock}"


class WordPress(Site):
    """Addresses by Gregorian day and slug; an address that a release has left, and `?p=<id>`, redirect to it."""

    platform = "wordpress"
    feed = "/feed/"
    site_map = "/wp-sitemap.xml"
    disallowed = ("/wp-admin/", "/admin/")
    style = "/wp-content/themes/namuneh/style.css"

    def routes(self) -> list[tuple[str, Handler]]:
        return [
            ("/", self._home),
            ("/page/(?P<page>[0-9]+)/", self._list),
            ("/category/(?P<category>[^/]+)/(?:page/(?P<page>[0-9]+)/)?", self._list),
            ("/tag/(?P<tag>[^/]+)/(?:page/(?P<page>[0-9]+)/)?", self._list),
            ("(?P<path>/[0-9]{4}/[0-9]{2}/[0-9]{2}/[^/]+)/?", self._post),
            ("/wp-sitemap.xml", lambda _: url_set([self.url("/wp-sitemap-posts-post-1.xml")], index=True)),
            ("/wp-sitemap-posts-post-1.xml", lambda _: url_set(self.url(self.path(post)) for post in self.shown)),
            *self.files("/wp-content/uploads/"),
        ]

    def path(self, release: Release) -> str:
        return f"/{release.moment:%Y/%m/%d}/{encoded(release.slug)}/"

    def missing(self) -> Answer:
        main = '<section class="error-404 not-found"><h1>برگه پیدا نشد</h1><p>شاید نشانی آن عوض شده باشد.</p></section>'
        return Answer(text=self._frame("برگه پیدا نشد", main, "error404"), status=404)

    def _home(self, params: Params) -> Answer | None:
        if "p" not in params:
            return self._list(params)
        release = self.release(params["p"])
        return moved(self.url(self.path(release))) if release else None

    def _list(self, params: Params) -> Answer | None:
        page = Page.cut(self.listed(params), params.get("page", ""), ON_A_PAGE)
        if not page or not page.releases:
            return None
        base = next((f"/{key}/{encoded(params[key])}" for key in ("category", "tag") if params.get(key)), "")
        following = f"{base}/page/{page.following}/"
        onward = (
            f'<a class="next page-numbers" rel="next" href="{following}">نوشته\u200cهای بعدی</a>'
            if page.following
            else ""
        )
        head = f'<link rel="next" href="{self.url(following)}"/>' if page.following else ""
        posts = "\n".join(self._excerpt(release) for release in page.releases)
        main = f'{posts}\n<nav class="navigation pagination">{onward}</nav>'
        return Answer(text=self._frame("نوشته\u200cها", main, "blog hfeed", head))

    def _excerpt(self, release: Release) -> str:
        return f"""<article id="post-{release.id}" class="post-{release.id} post type-post status-publish">
<h2 class="entry-title">{self.link(release)}</h2>
{self._time(release)}
<p class="entry-summary">{escape(release.lead or release.paragraphs[0][:90] + " […]")}</p>
</article>"""

    def _post(self, params: Params) -> Answer | None:
        path = params["path"]
        address = "/".join(map(encoded, path.split("/"))) + "/"
        release = next((release for release in self.releases if self.path(release) == address), None)
        if release:
            return Answer(
                text=self._frame(release.title, self._single(release), self._classes(release), self._head(release))
            )
        former = self.release(self.former.get(address, ""))
        return moved(self.url(self.path(former))) if former else None

    def _classes(self, release: Release) -> str:
        return f"single single-post postid-{release.id}"

    def _head(self, release: Release) -> str:
        return f"""<link rel="canonical" href="{self.url(self.path(release))}"/>
<link rel="shortlink" href="{self.url("/?p=" + release.id)}"/>
<meta property="article:published_time" content="{release.published}"/>"""

    def _single(self, release: Release) -> str:
        return f"""<article id="post-{release.id}" class="post-{release.id} post type-post status-publish">
<header class="entry-header">
{element("p", "kicker", release.kicker)}
<h1 class="entry-title">{escape(release.title)}</h1>
<div class="entry-meta">{self._time(release)} <span class="post-views">{VIEWS} بازدید</span></div>
</header>
{element("p", "entry-summary", release.lead)}
<div class="post-thumbnail">{picture(release, f"/wp-content/uploads/{release.id}.jpg")}</div>
<div class="entry-content">
{self.body(release)}
</div>
{attachment(release, f"/wp-content/uploads/{release.id}.pdf")}
<footer class="entry-footer">
<span class="cat-links">{self._term("category", release.category)}</span>
<span class="tags-links tags">{" ".join(self._term("tag", tag) for tag in release.tags)}</span>
</footer>
</article>
<nav class="post-navigation">{self.links(self.related(release, 2))}</nav>"""

    def _term(self, taxonomy: str, name: str) -> str:
        rel = "category tag" if taxonomy == "category" else "tag"
        return f'<a href="/{taxonomy}/{encoded(name)}/" rel="{rel}">{escape(name)}</a>'

    def _time(self, release: Release) -> str:
        return f'<time class="entry-date published" datetime="{release.published}">{when(release, DATE)}</time>'

    def _frame(self, title: str, main: str, classes: str, head: str = "") -> str:
        name = escape(self.office.name_fa)
        return f"""<!DOCTYPE html>
<html dir="rtl" lang="fa-IR">
<head>
<meta charset="UTF-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="generator" content="WordPress 6.6.2"/>
<title>{escape(title)} – {name}</title>
<link rel="stylesheet" href="{self.style}"/>
<link rel="alternate" type="application/rss+xml" title="{name}" href="{self.url(self.feed)}"/>
{head}
</head>
<body class="rtl {classes}">
<header id="masthead" class="site-header"><p class="site-title"><a href="/" rel="home">{name}</a></p>
<nav class="main-navigation"><a href="/">خانه</a> <a href="{self.feed}">خوراک</a></nav></header>
<div id="primary" class="content-area"><main id="main" class="site-main">
{main}
</main></div>
<aside id="secondary" class="widget-area"><section class="widget widget_recent_entries"><h2>نوشته\u200cهای تازه</h2>
{self.links(self.shown[:4])}</section></aside>
<footer id="colophon" class="site-footer"><p class="sample-note">{NOTE}</p></footer>
</body>
</html>
"""
