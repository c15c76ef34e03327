"""The sample office on Iran Samaneh, an older skin: XHTML, and ي and ك for ی and ک."""

from __future__ import annotations

import re
from dataclasses import replace
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
    url_set,
    when,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources.sample.releases import Release

ON_A_PAGE, MOST_ON_A_PAGE = 10, 100
DATE = "{day} {name} {year} - {clock}"
ARABIC_LETTERS = str.maketrans("یک", "يك")
SCRIPT = "document.documentElement.className += ' js';\n"


class IranSamaneh(Site):
    """Archive at `/fa/archive?rpp=&p=`; the slug is decoration; an unknown address answers 200 with an error box."""

    platform = "iransamaneh"
    feed = "/fa/rss/allnews"
    site_map = "/fa-sitemap-newsarchive"
    disallowed = ("/fa/print/", "/admin/")
    style = "/client/themes/fa/main/css/style_101.css"

    def answer(self, target: str) -> Answer:
        answer = super().answer(target)
        return replace(answer, text=answer.text.translate(ARABIC_LETTERS))

    def routes(self) -> list[tuple[str, Handler]]:
        return [
            ("/", lambda _: moved("/fa")),
            ("/fa/?", lambda _: self._home()),
            ("/fa/archive", self._archive),
            ("/fa/news/(?P<id>[0-9]+)(?:/[^/]*)?", self._article),
            ("/fa/print/(?P<id>[0-9]+)", self._print),
            ("/fa/rss", lambda _: moved(self.feed)),
            ("/fa-sitemap-newsarchive", lambda _: self._months()),
            ("/fa-sitemap-newsarchive-(?P<month>[0-9]{4}-[0-9]{2})", self._month),
            ("/client/themes/fa/main/js/lib.iransamaneh_101.js", lambda _: Answer(text=SCRIPT, type="text/javascript")),
            *self.files("/files/fa/news/[0-9]+/[0-9]+/[0-9]+/"),
        ]

    def path(self, release: Release) -> str:
        return f"/fa/news/{release.id}/{encoded(release.slug)}"

    def missing(self) -> Answer:
        box = '<div class="error_container">صفحه درخواستی شما موجود نمی باشد</div>'
        return Answer(text=self._frame("خطا", box))

    def _file_path(self, release: Release, suffix: str) -> str:
        """Files lie under the Jalali day, without leading zeros."""
        year, month, day = map(int, release.jalali.partition("T")[0].split("-"))
        return f"/files/fa/news/{year}/{month}/{day}/{release.id}.{suffix}"

    def _home(self) -> Answer:
        news = f'<div class="last_news"><h2>آخرین اخبار</h2>{self.links(self.shown[:6])}</div>'
        return Answer(text=self._frame(self.office.name_fa, news, '<meta http-equiv="refresh" content="600"/>'))

    def _archive(self, params: Params) -> Answer | None:
        asked = params.get("rpp", "")
        size = min(int(asked), MOST_ON_A_PAGE) if re.fullmatch("[1-9][0-9]{0,5}", asked) else ON_A_PAGE
        page = Page.cut(self._between(params), params.get("p", "1"), size)
        if not page:
            return None
        items = "\n".join(self._archive_item(release) for release in page.releases)
        kept = {key: params[key] for key in ("from_date", "to_date", "tag", "category") if key in params}
        query = "".join(f"&amp;{key}={encoded(value)}" for key, value in kept.items())
        address = f"/fa/archive?service_id=-1&amp;sec_id=-1&amp;cat_id=-1&amp;rpp={size}{query}&amp;p={page.following}"
        onward = f'<a rel="next" href="{address}">صفحه بعد</a>' if page.following else ""
        main = f'<div class="archive_content">\n{items}\n</div>\n<div class="pagination">{onward}</div>'
        return Answer(text=self._frame("آرشیو", main))

    def _between(self, params: Params) -> Sequence[Release]:
        """The releases between two Jalali days, `1400/5/1` or `1400/05/01`, both included."""
        first, last = _day(params.get("from_date", "")), _day(params.get("to_date", ""))
        return [
            release
            for release in self.listed(params)
            if (not first or release.jalali[:10] >= first) and (not last or release.jalali[:10] <= last)
        ]

    def _archive_item(self, release: Release) -> str:
        date = when(release, "{clock} - {year}/{month}/{day}")
        return f'<div class="linear_news"><span class="archive_date">{date}</span> {self.link(release)}</div>'

    def _article(self, params: Params) -> Answer | None:
        release = self.release(params["id"])
        if not release:
            return None
        head = f"""<link rel="canonical" href="{self.url(self.path(release))}"/>
<meta name="description" content="{escape(release.lead or release.title)}"/>"""
        return Answer(text=self._frame(release.title, self._view(release), head))

    def _view(self, release: Release) -> str:
        return f"""<div class="news_path"><a href="/fa">صفحه نخست</a> » {self._category(release)}</div>
<div class="news_content" style="direction: rtl;">
<div class="news_toolbar">
<div class="news_nav news_id_c"><span class="news_nav_title">کد خبر: </span>{persian(release.id)}</div>
<div class="news_nav news_pdate_c"><span class="news_nav_title">تاریخ انتشار: </span>{when(release, DATE)}</div>
<div class="news_nav news_hits">تعداد بازدید: {VIEWS}</div>
<a class="news_print" rel="nofollow" href="/fa/print/{release.id}">نسخه چاپی</a>
</div>
{element("div", "rutitr", release.kicker)}
<h1 class="title">{escape(release.title)}</h1>
{element("div", "subtitle", release.lead)}
{self._picture(release)}
<div class="body">
{self.body(release)}
</div>
{attachment(release, self._file_path(release, "pdf"))}
<div class="tags_container"><span>برچسب ها: </span>{self._tags(release)}</div>
</div>
<div class="related_news"><h3>اخبار مرتبط</h3>{self.links(self.related(release))}</div>
<div class="comments_block"><h3 class="comments_topic">نظرات بینندگان</h3>
<form method="post" action="/fa/news/{release.id}"><p><input type="text" name="comment_name"/>
<input type="text" name="comment_mail"/><input type="submit" value="ارسال"/></p></form></div>"""

    def _picture(self, release: Release) -> str:
        if not release.image:
            return ""
        image = f'<img class="lead_image" src="{self._file_path(release, "jpg")}" alt=""/>'
        return f'<div class="image_box">{image}{element("div", "image_caption", release.image)}</div>'

    def _category(self, release: Release) -> str:
        return f'<a href="/fa/archive?category={encoded(release.category)}">{escape(release.category)}</a>'

    def _tags(self, release: Release) -> str:
        links = (f'<a href="/fa/archive?tag={encoded(tag)}">{escape(tag)}</a>' for tag in release.tags)
        return "".join(f'<span class="tags_title">{link}</span> ' for link in links)

    def _print(self, params: Params) -> Answer | None:
        release = self.release(params["id"])
        if not release:
            return None
        main = f'<h1 class="title">{escape(release.title)}</h1>\n<div class="body">{self.body(release)}</div>'
        return Answer(text=self._frame(release.title, main))

    def _months(self) -> Answer:
        months = sorted({release.jalali[:7] for release in self.shown})
        return url_set((self.url(f"{self.site_map}-{month}") for month in months), index=True)

    def _month(self, params: Params) -> Answer | None:
        month = [release for release in self.shown if release.jalali.startswith(params["month"])]
        return url_set(self.url(self.path(release)) for release in month) if month else None

    def _frame(self, title: str, main: str, head: str = "") -> str:
        name = escape(self.office.name_fa)
        return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" \
"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" lang="fa" xml:lang="fa" dir="rtl">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8"/>
<title>{escape(title)} - {name}</title>
<link rel="stylesheet" type="text/css" href="{self.style}"/>
<link rel="alternate" type="application/rss+xml" title="{name}" href="{self.feed}"/>
<script type="text/javascript" src="/client/themes/fa/main/js/lib.iransamaneh_101.js"></script>
{head}
</head>
<body>
<div id="header"><a href="/fa">{name}</a>
<div class="menu"><a href="/fa/archive">آرشیو</a> <a href="/fa/rss">خوراک</a></div></div>
<div id="main_content">
{main}
</div>
<div id="footer"><p class="sample-note">{NOTE}</p></div>
</body>
</html>
"""


def _day(text: str) -> str:
    """`1400-05-01` of `1400/5/1`; empty for anything else."""
    match = re.fullmatch("([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})", text)
    return "{}-{:0>2}-{:0>2}".format(*match.groups()) if match else ""
