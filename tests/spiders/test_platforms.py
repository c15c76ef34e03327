"""What each platform's addresses say, where a walk begins, and which platform a page shows."""

import urllib.request
from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar

import attrs
import pytest

from sources.sample import SampleNewsroom
from spiders.detect import recognise
from spiders.errors import NotAnArticle
from spiders.listing import FeedListing, SitemapListing
from spiders.page import NewsPage
from spiders.platforms import CMSS, platform

HOST = "https://yazd.example.ir"
SLUG = "%D8%AE%D8%A8%D8%B1-%D8%AA%D8%A7%D8%B2%D9%87"  # خبر-تازه

ADDRESSES = {
    "fa_portal": [
        ("/fa/news/20117/خبر-تازه", "20117"),
        (f"/fa/news/20117/{SLUG}", "20117"),
        ("/fa/news/20117", "20117"),
        ("/fa/news/20117/", "20117"),
        ("/fa/news/20117/خبر/?utm_source=x#top", "20117"),
        ("/fa/newsagency/24406/", "24406"),
        ("/fa/news/20117/97%2F96", "20117"),
        ("/fa/news/20117/1400-نفر", "20117"),
        ("/fa/news/1396/11/16/123", None),
        ("/fa/news/1396/11/16", None),
        ("/fa/news/1396/11", None),
        ("/fa/news", None),
        ("/fa/news?page=2", None),
        ("/fa/news/rss", None),
        ("/fa/print/20117", None),
        ("/fa/law/225", None),
        ("/en/news/20117", None),
        ("/files/fa/news/1400/1/1/20117.jpg", None),
        ("/", None),
    ],
    "iransamaneh": [
        ("/fa/news/7489/خبر-تازه", "7489"),
        (f"/fa/news/7489/{SLUG}", "7489"),
        ("/fa/news/7489", "7489"),
        ("/fa/news/7489/", "7489"),
        ("/fa/news/7489?ref=x", "7489"),
        ("/fa/news/7489/97%2f96", "7489"),
        ("/fa/news/1396/11/16/123", None),
        ("/fa/news/1396/11/16", None),
        ("/fa/news/1396/11", None),
        ("/fa/print/7489", None),
        ("/fa/send/7489", None),
        ("/fa/save/7489", None),
        ("/fa/amp/news/7489", None),
        ("/fa/archive?p=2", None),
        ("/fa/rss/allnews", None),
        ("/fa/services/34/208", None),
        ("/fa/tags/7887/129/خبر", None),
        ("/files/fa/news/1400/9/15/7489_434.jpg", None),
    ],
    "nastooh": [
        ("/news/170375/مدارک", "170375"),
        ("/news/170375/", "170375"),
        ("/photo/170375/x", "170375"),
        ("/xj8Kw/170375", "170375"),
        ("/news/1396/11/16/123", None),
        ("/news/1396/11", None),
        ("/fa/doc/news/170375/x", None),
        ("/fa/news/170375/x", None),
        ("/archive?pi=2", None),
        ("/service/12", None),
        ("/tag/12/x", None),
        ("/print/170375", None),
        ("/d/2021/12/06/3/170375.jpg", None),
        ("/rss/tp/1", None),
    ],
    "studiokhabar": [
        ("/fa/doc/news/77660/پاسداران", "77660"),
        ("/fa/doc/report/77660/", "77660"),
        ("/news/77660", "77660"),
        ("/fa/news/77660", None),
        ("/news/1396/11/16/1", None),
        ("/fa/doc/tag/77660", None),
        ("/vfr3k.-er48--4q.html", None),
        ("/images/docs/000077/n00077660-b.jpg", None),
        ("/political", None),
    ],
    "aasaam": [
        ("/بخش-استان-15/502318-خبر", "502318"),
        (f"/%D8%A8%D8%AE%D8%B4-15/502318-{SLUG}", "502318"),
        ("/fa/tiny/news-502318", "502318"),
        ("/fa/news-politics-12/502318-x", "502318"),
        ("/fa/news/502318-x", "502318"),
        ("/fa/news/502318/x", None),
        ("/fa/news/1396/11/16/1", None),
        ("/بخش-استان-15", None),
        ("/بخش-استان-15?page=2", None),
        ("/tags/12-x", None),
        ("/thumbnail/502318/big.jpg", None),
        ("/files-1/12-a.pdf", None),
        ("/feeds/", None),
    ],
    "mfa": [
        ("/portal/newsview/760512", "760512"),
        ("/Portal/NewsView/760512/دیدار", "760512"),
        ("/portal/newsagencyshow/699", None),
        ("/portal/newsarchive/699", None),
        ("/portal/ministrinfo/13756", None),
        ("/newsview/760512", None),
    ],
}
SKINNED = {  # of an article without a number: ""
    "joomla": [
        ("/index.php?option=com_content&view=article&id=12:band&catid=8&Itemid=101", "12"),
        ("/index.php?Itemid=101&catid=8&id=12&view=article&option=com_content", "12"),
        ("/?option=com_k2&view=item&id=12:band", "12"),
        ("/index.php/akhbar/12-خبر-تازه", "12"),
        ("/akhbar/8-omran/12-band.html", "12"),
        ("/akhbar/12-band?utm_source=x#top", "12"),
        ("/fa/akhbar/item/12-band", "12"),
        ("/index.php/component/content/article?id=12:band&catid=8", "12"),
        ("/index.php/component/content/article/8-omran/12-band", "12"),
        ("/component/k2/item/12-band", "12"),
        ("/index.php/akhbar?view=article&id=12:band&catid=8", "12"),
        ("/akhbar/se-band-khaki-sakhteh-shod", ""),
        ("/index.php?option=com_content&view=category&id=8&Itemid=101", None),
        ("/index.php/akhbar?start=8", None),
        ("/index.php/akhbar?format=feed&type=rss", None),
        ("/index.php/akhbar/12-band?tmpl=component&print=1", None),
        ("/index.php/component/tags/tag/7-ab", None),
        ("/index.php/component/banners/click/2", None),
        ("/akhbar/itemlist/category/8-omran", None),
        ("/images/12-band.jpg", None),
        ("/index.php/akhbar", None),
        ("/index.php", None),
        ("/", None),
        ("", None),
        ("/index.php/darbareh/tarikhche-ma", None),
        ("/1400/12-05", None),
    ],
    "drupal": [
        ("/node/12", "12"),
        ("/fa/node/12", "12"),
        ("/?q=node/12", "12"),
        ("/news/band-khaki", ""),
        ("/fa/akhbar/خبر-تازه", ""),
        ("/content/band", ""),
        ("/node/12/edit", None),
        ("/node/add", None),
        ("/node", None),
        ("/taxonomy/term/4", None),
        ("/fa/taxonomy/term/4", None),
        ("/user/login", None),
        ("/rss.xml", None),
        ("/sites/default/files/a.pdf", None),
        ("/search/node", None),
        ("/news", None),
        ("/fa/news", None),
        ("/fa", None),
        ("/", None),
        ("/news?page=2", None),
        ("/news/rss.xml", None),
        ("/tags/ab", None),
        ("/news/1400", None),
    ],
    "dnn": [
        ("/اخبار/ArtMID/415/ArticleID/12/خبر", "12"),
        ("/News/ArtMID/415/ArticleID/12", "12"),
        ("/fa-ir/news/artmid/415/articleid/12/band.aspx", "12"),
        ("/tabid/86/articleType/ArticleView/articleId/12/band.aspx", "12"),
        ("/default.aspx?tabid=86&ArticleID=12", "12"),
        ("/Blog/EntryId/12/band", ""),
        ("/اخبار/PgrID/415/PageID/2", None),
        ("/اخبار", None),
        ("/DesktopModules/EasyDNNNews/RssHandler.ashx?portalid=0&tabid=86&moduleid=415", None),
        ("/Portals/0/a.pdf", None),
        ("/اخبار/PgrID/415/TagName/x", None),
        ("/articleType/CategoryView/categoryId/3", None),
        ("/", None),
        ("/tabid/86", None),
        ("/News/ArtMID/415/ArticleID/12/97%2F96", "12"),
    ],
    "douran": [
        ("/fa-IR/DouranPortal/4832/news/view/14711/12/خبر", "12"),
        ("/fa-IR/DouranPortal/4832/news/view/14711/12", "12"),
        ("/fa-IR/qom.post/4832/news/view/12/97-band", "12"),
        ("/HomePage.aspx?TabID=4832&Site=DouranPortal&Lang=fa-IR&ItemID=12", "12"),
        ("/fa-IR/DouranPortal/4832/page/اخبار", None),
        ("/fa-IR/DouranPortal/4832/page/اخبار?page=2", None),
        ("/HomePage.aspx?TabID=4832&Site=DouranPortal&Lang=fa-IR", None),
        ("/fa-IR/DouranPortal/4832/news/print/12", None),
        ("/fa-IR/DouranPortal/4832/news/tag/آب", None),
        ("/fa-IR/DouranPortal/4832", None),
        ("/_DouranPortal/Documents/a.pdf", None),
        ("/", None),
    ],
    "highportal": [
        ("/index.aspx?siteid=1&fkeyid=&siteid=1&pageid=158&newsview=12", "12"),
        ("/index.jsp?siteid=1&pageid=158&newsview=12&siteid=1", "12"),
        ("/?newsview=12&siteid=1&pageid=158", "12"),
        ("/index.aspx?siteid=1&fkeyid=&siteid=1&pageid=158&newsview=&newsview=12", "12"),
        ("/index.aspx?siteid=1&fkeyid=&siteid=1&pageid=157", None),
        ("/index.aspx?siteid=1&fkeyid=&siteid=1&pageid=157&p=2", None),
        ("/uploads/12.pdf", None),
        ("/adv.aspx?id=6", None),
        ("/", None),
        ("/index.aspx", None),
    ],
    "liferay": [
        ("/web/guest/akhbar/-/asset_publisher/Ab12/content/band-khaki", ""),
        ("/-/band-khaki", ""),
        ("/fa/w/band-khaki", ""),
        ("/web/guest/-/journal_content/56/10157/12", "12"),
        ("/web/guest/akhbar", None),
        ("/-/journal/rss/12", None),
        ("/documents/12/a.pdf", None),
        ("/web/guest/home?p_p_id=x", None),
        ("/", None),
        ("/c/portal/login", None),
    ],
    "sharepoint": [
        ("/akhbar/Pages/band.aspx", ""),
        ("/SitePages/band.aspx", ""),
        ("/Lists/News/DispForm.aspx?ID=12", ""),
        ("/Pages/default.aspx", None),
        ("/SitePages/Home.aspx", None),
        ("/Lists/News/AllItems.aspx", None),
        ("/_layouts/15/listfeed.aspx?List=x", None),
        ("/Pages/Forms/AllItems.aspx", None),
        ("/SiteAssets/a.pdf", None),
        ("/", None),
    ],
}
POSTS = [
    ("/2025/10/05/خبر-تازه/", True),
    (f"/2025/10/05/{SLUG}/", True),
    (f"/{SLUG}", True),
    ("/archives/123", True),
    ("/news/khabar/?utm_source=x", True),
    ("/2025/10/05/", False),
    ("/2025/10", False),
    ("/1404/07/", False),
    ("/page/2/", False),
    ("/Page/2", False),
    ("/category/omran/", False),
    ("/category/omran/page/2/", False),
    ("/khabar/feed/", False),
    ("/tag/%D8%A2%D8%A8/", False),
    ("/author/modir/", False),
    ("/feed/", False),
    ("/feed", False),
    ("/comments/feed/", False),
    ("/wp-json/wp/v2/posts", False),
    ("/wp-content/uploads/1404/07/a.pdf", False),
    ("/wp-sitemap.xml", False),
    ("/wp-login.php", False),
    ("/", False),
    ("", False),
]


@pytest.mark.parametrize(("key", "address", "number"), [(key, *row) for key, rows in ADDRESSES.items() for row in rows])
def test_an_articles_address_holds_its_number_and_no_other_address_is_an_articles(key, address, number):
    assert platform(key).native_id(HOST + address) == number
    assert platform(key).is_article(HOST + address) is (number is not None)


@pytest.mark.parametrize(("key", "address", "number"), [(key, *row) for key, rows in SKINNED.items() for row in rows])
def test_an_address_is_an_articles_with_or_without_a_number(key, address, number):
    assert platform(key).is_article(HOST + address) is (number is not None)
    assert platform(key).native_id(HOST + address) == (number or None)


@pytest.mark.parametrize(("address", "is_post"), POSTS)
def test_wordpress_posts_have_any_address_but_those_it_keeps_for_itself(address, is_post):
    assert platform("wordpress").is_article(HOST + address) is is_post
    assert platform("wordpress").native_id(HOST + address) is None


# ---- entrances ----


@pytest.fixture(scope="module")
def newsroom():
    with SampleNewsroom() as running:
        yield running


def get(url):
    with urllib.request.urlopen(url, timeout=5) as response:
        return response.read().decode()


@pytest.mark.parametrize(
    ("key", "addresses"),
    [
        ("fa_portal", ["/fa/news", "/fa/news/rss"]),
        ("iransamaneh", ["/fa/archive?service_id=-1&sec_id=-1&cat_id=-1&rpp=100&p=1", "/fa/rss/allnews"]),
        ("wordpress", ["/", "/feed/"]),
    ],
)
def test_a_walk_begins_at_the_platforms_listing_and_feed(office, key, addresses):
    entrances = platform(key).entrances(office(), whole=False)

    assert [url for url, _ in entrances] == [HOST + address for address in addresses]
    assert [kind for _, kind in entrances] == [platform(key).listing, FeedListing]


@pytest.mark.parametrize(
    ("key", "address"), [("iransamaneh", "/fa-sitemap-newsarchive"), ("wordpress", "/wp-sitemap.xml")]
)
def test_a_whole_walk_asks_the_sitemap_too(office, key, address):
    assert platform(key).entrances(office(), whole=True)[-1] == (HOST + address, SitemapListing)


def test_what_a_source_states_stands_in_for_the_platforms_own(office):
    own = {"listing": f"{HOST}/akhbar", "feed": f"{HOST}/khorak", "sitemap": f"{HOST}/naghshe.xml"}
    found = platform("wordpress").entrances(office(**own), whole=True)

    assert [url for url, _ in found] == list(own.values())


@pytest.mark.parametrize(
    ("path", "holds_posts"),
    [
        ("/wp-sitemap-posts-post-1.xml", True),
        ("/wp-sitemap-posts-post-12.xml", True),
        ("/wp-sitemap-posts-page-1.xml", False),
        ("/wp-sitemap-taxonomies-category-1.xml", False),
        ("/wp-sitemap-users-1.xml", False),
    ],
)
def test_of_wordpress_sitemaps_those_of_posts_are_asked(path, holds_posts):
    assert bool(platform("wordpress").sitemap_path.search(path)) is holds_posts


@pytest.mark.parametrize("office_key", ["yazd", "gilan", "hormozgan"])
def test_a_platforms_listing_gives_the_newest_releases_with_their_dates(newsroom, office, respond, office_key):
    (sampled,) = (each for each in newsroom.offices if each.key == office_key)
    source = office(platform=sampled.platform, url=f"{sampled.url}/")
    url, kind = platform(sampled.platform).entrances(source, whole=False)[0]
    listing = kind(response=respond(get(url), url=url), source=source, fetched_at=datetime.now(UTC))
    newest = [release for release in newsroom.releases if release.office == office_key]

    links = list(listing.links())

    assert len(links) >= 5
    for link, release in zip(links, newest, strict=False):
        assert link.url == newsroom.url(release.id)
        assert link.published.gregorian == release.published


# ---- recognition ----


FRONTS = [("yazd", "/fa"), ("yazd", "/fa/news"), ("gilan", "/"), ("hormozgan", "/fa"), ("hormozgan", "/fa/archive")]


@pytest.mark.parametrize(("office_key", "path"), FRONTS)
def test_a_platform_is_recognised_by_its_front_page_and_its_lists(newsroom, respond, office_key, path):
    (sampled,) = (each for each in newsroom.offices if each.key == office_key)

    assert recognise(respond(get(sampled.url + path))).platform.key == sampled.platform


def test_every_article_of_the_sample_shows_its_platform_with_the_evidence(newsroom, respond):
    platforms = {each.key: each.platform for each in newsroom.offices}
    for release in newsroom.releases:
        found = recognise(respond(get(newsroom.url(release.id))))
        assert found.platform.key == platforms[release.office]
        assert len(found.evidence) > 1
        assert found.confidence == "sure"


@pytest.mark.parametrize("page", ["", "<html><h1>عنوان</h1></html>", '<a href="/fa/news/12">خبر</a>'])
def test_a_page_with_no_more_than_a_hint_is_unknown(respond, page):
    assert recognise(respond(page)) is None


def test_of_two_platforms_the_one_with_more_marks_is_meant(respond):
    page = '<div class="news_pdate_c"></div><link href="/client/themes/x"><img src="/wp-content/a.jpg">'

    assert recognise(respond(page)).platform.key == "iransamaneh"


def test_pages_of_one_site_are_judged_together(respond):
    front, article = respond('<a href="/fa/news/12">خبر</a>'), respond('<div class="news_pdate_c">۱ آذر</div>')

    assert recognise(front) is None
    assert recognise(front, article).platform.key == "iransamaneh"


def test_a_header_alone_gives_a_platform_away(respond):
    found = recognise(respond("<html></html>", Link='<https://gilan.example.ir/wp-json/>; rel="https://api.w.org/"'))

    assert (found.platform.key, found.confidence) == ("wordpress", "sure")
    assert found.evidence == ("Link: https://api.w.org/",)


# ---- the register ----


def test_every_platform_that_is_read_is_found_under_its_key():
    for key in (*CMSS, "generic"):
        assert platform(key).key == platform(key).page.platform == key


def test_asking_for_a_platform_does_not_change_what_the_package_offers():
    import spiders.platforms  # noqa: PLC0415 - the package itself is the subject

    platform("wordpress")

    assert spiders.platforms.platform is platform


def test_a_wordpress_post_without_permalinks_is_known_by_its_number():
    wordpress = platform("wordpress")

    assert wordpress.is_article(HOST + "/?p=123")
    assert wordpress.native_id(HOST + "/?p=123") == "123"
    assert not wordpress.is_article(HOST + "/?cat=3")
    assert not wordpress.is_article(HOST + "/")


# ---- layouts that change ----


@attrs.define(kw_only=True)
class NewLayout(NewsPage):
    platform: ClassVar[str] = "dated"
    version: ClassVar[int] = 2
    body_css: ClassVar[tuple[str, ...]] = (".matn",)


@attrs.define(kw_only=True)
class OldLayout(NewLayout):
    title_css: ClassVar[tuple[str, ...]] = (".titr",)
    body_css: ClassVar[tuple[str, ...]] = (".body",)


@pytest.mark.parametrize(
    "markup", ['<h1>{}</h1><div class="matn">{}</div>', '<p class="titr">{}</p><p class="body">{}']
)
def test_a_layout_that_an_office_has_left_behind_stays_readable(office, respond, markup):
    dated = replace(platform("wordpress"), key="dated", page=NewLayout, older=(OldLayout,))
    page = respond(markup.format("گشایش کارگاه", "متن خبر."))

    article = dated.read(page, source=office(), fetched_at=datetime.now(UTC))

    assert (article.title, article.body, article.extractor) == ("گشایش کارگاه", "متن خبر.", "dated/2")


def test_of_several_layouts_that_find_no_article_the_newest_says_why(office, respond):
    dated = replace(platform("wordpress"), key="dated", page=NewLayout, older=(OldLayout,))

    with pytest.raises(NotAnArticle, match="no title"):
        dated.read(respond("<p>هیچ</p>"), source=office(), fetched_at=datetime.now(UTC))
