"""The sample office on the portal whose addresses are `/fa/<module>/<id>/<slug>`."""

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
    persian,
    picture,
    url_set,
    when,
)

if TYPE_CHECKING:
    from sources.sample.releases import Release

ON_A_PAGE = 10
DATE = "{day} {name} {year} {clock}"


class FaPortal(Site):
    """Ten releases a list page at `/fa/news?page=N`; the slug is decoration; unknown addresses are a true 404."""

    platform = "fa_portal"
    feed = "/fa/news/rss"
    site_map = "/sitemap.xml"
    disallowed = ("/fa/print/", "/admin/")

    def routes(self) -> list[tuple[str, Handler]]:
        return [
            ("/", lambda _: moved("/fa")),
            ("/fa/?", lambda _: self._home()),
            ("/fa/news/?", self._list),
            ("/fa/news/(?P<id>[0-9]+)(?:/[^/]*)?", self._article),
            ("/fa/print/(?P<id>[0-9]+)", self._print),
            ("/sitemap.xml", lambda _: url_set(self.url(self.path(release)) for release in self.shown)),
            *self.files("/fa/file/"),
        ]

    def path(self, release: Release) -> str:
        return f"/fa/news/{release.id}/{encoded(release.slug)}"

    def missing(self) -> Answer:
        text = self._frame("یافت نشد", "<p>چنین برگی در این تارنما نیست.</p>")
        return Answer(text=text, status=404)

    def _home(self) -> Answer:
        news = f'<section class="latest"><h2>تازه\u200cترین خبرها</h2>{self.links(self.shown[:5])}</section>'
        return Answer(text=self._frame(self.office.name_fa, news))

    def _list(self, params: Params) -> Answer | None:
        page = Page.cut(self.listed(params), params.get("page", "1"), ON_A_PAGE)
        if not page:
            return None
        items = "\n".join(self._list_item(release) for release in page.releases)
        query = "".join(f"&amp;{key}={encoded(params[key])}" for key in ("tag", "category") if key in params)
        onward = f'<a rel="next" href="/fa/news?page={page.following}{query}">برگ بعد</a>' if page.following else ""
        pager = f'<div class="pagination"><span>برگ {persian(page.number)}</span> {onward}</div>'
        main = f'<h2>خبرها</h2>\n<ul class="news-list">\n{items}\n</ul>\n{pager}'
        return Answer(text=self._frame("خبرها", main))

    def _list_item(self, release: Release) -> str:
        date = when(release, DATE)
        return f'<li class="news-item">{self.link(release)} <span class="date">{date}</span></li>'

    def _article(self, params: Params) -> Answer | None:
        release = self.release(params["id"])
        if not release:
            return None
        head = f'<link rel="canonical" href="{self.url(self.path(release))}"/>'
        return Answer(text=self._frame(release.title, self._view(release) + self._around(release), head))

    def _view(self, release: Release) -> str:
        category = f'<a href="/fa/news?category={encoded(release.category)}">{escape(release.category)}</a>'
        return f"""<ol class="breadcrumb"><li><a href="/fa">صفحه نخست</a></li><li>{category}</li></ol>
<article class="article-view">
{element("div", "kicker", release.kicker)}
<h1>{escape(release.title)}</h1>
<div class="info">
<span class="date-info">{when(release, DATE)}</span>
<span class="code">کد: {persian(release.id)}</span>
<span class="views">بازدید: {VIEWS}</span>
<a class="print" rel="nofollow" href="/fa/print/{release.id}">چاپ</a>
</div>
{element("div", "summary", release.lead)}
{picture(release, f"/fa/file/{release.id}.jpg")}
<div class="content">
{self.body(release)}
</div>
{attachment(release, f"/fa/file/{release.id}.pdf")}
<div class="tags">برچسب\u200cها: {self._tags(release)}</div>
<div class="share"><span>هم\u200cرسانی</span> <a href="#telegram">تلگرام</a> <a href="#email">رایانامه</a></div>
</article>
"""

    def _tags(self, release: Release) -> str:
        return " ".join(f'<a href="/fa/news?tag={encoded(tag)}">{escape(tag)}</a>' for tag in release.tags)

    def _around(self, release: Release) -> str:
        return f"""<aside class="related"><h3>خبرهای مرتبط</h3>{self.links(self.related(release))}</aside>
<section class="comments">
<h3>نظرات بینندگان</h3>
<form method="post" action="/fa/comment/{release.id}">
<input type="text" name="name" placeholder="نام را وارد کنید"/>
<textarea name="text" rows="4" cols="40" maxlength="500" placeholder="نظر خود را وارد کنید"></textarea>
<span class="counter">تعداد کاراکتر باقیمانده: 500</span>
<button type="submit">فرستادن</button>
</form>
</section>"""

    def _print(self, params: Params) -> Answer | None:
        release = self.release(params["id"])
        if not release:
            return None
        text = f"""<!DOCTYPE html>
<html lang="fa" dir="rtl"><head><meta charset="utf-8"/><title>{escape(release.title)}</title></head>
<body class="print"><h1>{escape(release.title)}</h1>
<p>{when(release, DATE)}</p>
{self.body(release)}
</body></html>
"""
        return Answer(text=text)

    def _frame(self, title: str, main: str, head: str = "") -> str:
        name = escape(self.office.name_fa)
        return f"""<!DOCTYPE html>
<html lang="fa" dir="rtl">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>{escape(title)} | {name}</title>
<link rel="stylesheet" href="{self.style}"/>
<link rel="alternate" type="application/rss+xml" title="{name}" href="{self.feed}"/>
{head}
</head>
<body>
<header><a class="brand" href="/fa">{name}</a>
<nav><a href="/fa">خانه</a> <a href="/fa/news">خبرها</a>
<a rel="nofollow" href="/admin/">ورود همکاران</a></nav></header>
<main>
{main}
</main>
<footer><p>میز خدمت شنبه تا چهارشنبه، ساعت ۸ تا ۱۳</p><p class="sample-note">{NOTE}</p></footer>
</body>
</html>
"""
