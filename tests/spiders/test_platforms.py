"""What each platform's addresses say, where a walk begins, and which platform a page shows."""

import urllib.request
from datetime import UTC, datetime

import pytest

from sources.sample import SampleNewsroom
from spiders.detect import recognise
from spiders.errors import UnreadablePlatform
from spiders.listing import FeedListing, SitemapListing
from spiders.platforms import READ, platform

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
    for key in READ:
        assert platform(key).key == platform(key).page.platform == key


@pytest.mark.parametrize("key", ["nastooh", "auto", "generic", "no-such", ""])
def test_a_platform_without_a_reader_is_named_with_those_that_have_one(key):
    with pytest.raises(UnreadablePlatform, match=f'"{key}" is not read .* fa_portal, iransamaneh, wordpress'):
        platform(key)


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
