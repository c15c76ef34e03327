"""Where a walk begins when the front page, a range of days or an interface for programs says so."""

import json
from datetime import UTC, datetime

import pytest

from spiders.listing import FeedListing, SitemapListing
from spiders.platforms import platform
from spiders.platforms.nastooh import NastoohSitemap
from spiders.platforms.wordpress import WordPressPosts

HOME = "https://yazd.example.ir"
FEED = '<link rel="alternate" type="application/rss+xml" href="/rss1x.-er48--4q.xml">'
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def entrances_in(key, page, respond, office, **stated):
    return platform(key).entrances_in(respond(page, url=f"{HOME}/"), office(platform=key, **stated))


def paths(entrances):
    return [url.removeprefix(HOME) for url, _ in entrances]


# ---- the front page ----


def test_studiokhabars_feed_and_archive_are_found_by_following_links(respond, office):
    page = f'{FEED}<a href="/vfr3k.-er48--4q.html">آرشیو</a><a href="/vdca.b.html">خبر</a><a href="/honar">هنر</a>'
    found = entrances_in("studiokhabar", page, respond, office)

    assert paths(found) == ["/", "/vfr3k.-er48--4q.html", "/rss1x.-er48--4q.xml"]
    assert [kind for _, kind in found] == [platform("studiokhabar").listing] * 2 + [FeedListing]


@pytest.mark.parametrize(
    ("key", "links", "lists"),
    [
        ("aasaam", ["/بخش-راه-7", "/بخش-راه-7/12-خبر", "/about-1", "/tags/x"], ["/", "/بخش-راه-7"]),
        ("mfa", ["/Portal/NewsAgencyShow/699", "/portal/newsview/12", "/portal/newsarchive/700"], None),
    ],
)
def test_sections_are_followed_and_articles_are_not(respond, office, key, links, lists):
    page = "".join(f'<a href="{link}">x</a>' for link in links) + f'<a href="https://other.example{links[0]}">x</a>'

    assert paths(entrances_in(key, page, respond, office)) == (lists or ["/", links[0], links[2]])


def test_the_feed_of_comments_is_not_followed(respond, office):
    page = FEED.replace("/rss1x.-er48--4q.xml", "/comments/feed/")

    assert paths(entrances_in("studiokhabar", page, respond, office)) == ["/"]


def test_what_a_source_states_counts_instead_of_the_front_page(respond, office):
    stated = {"listing": f"{HOME}/vfr.html", "feed": f"{HOME}/rss.xml"}

    assert entrances_in("studiokhabar", FEED, respond, office, **stated) == []
    assert not platform("studiokhabar").asks_front_page(office(**stated))
    assert platform("studiokhabar").asks_front_page(office())


@pytest.mark.parametrize("key", ["fa_portal", "iransamaneh", "nastooh", "wordpress"])
def test_a_platform_with_lists_of_fixed_addresses_needs_no_front_page(office, key):
    assert not platform(key).asks_front_page(office())


# ---- a range of days ----


@pytest.mark.parametrize("whole", [True, False])
def test_iransamanehs_archive_is_asked_for_the_jalali_days_of_a_range_and_no_sitemap(office, whole):
    since, until = datetime(2021, 3, 20, 20, 30, tzinfo=UTC), datetime(2021, 4, 20, 19, 30, tzinfo=UTC)
    found = platform("iransamaneh").entrances(office(), whole=whole, since=since, until=until)

    assert paths(found) == [
        "/fa/archive?service_id=-1&sec_id=-1&cat_id=-1&rpp=100&from_date=1400/01/01&to_date=1400/01/31&p=1",
        "/fa/rss/allnews",
    ]


def test_an_open_range_reaches_from_the_newsrooms_beginning_until_today(office):
    (first, _), *_ = platform("iransamaneh").entrances(office(), whole=False, until=datetime(2021, 4, 20, tzinfo=UTC))
    (last, _), *_ = platform("iransamaneh").entrances(office(), whole=False, since=datetime(2021, 4, 20, tzinfo=UTC))

    assert "from_date=1375/01/01&to_date=1400/01/31" in first
    assert "from_date=1400/01/31&to_date=1" in last


def test_nastoohs_archive_is_asked_day_by_day_for_a_short_range_only(office):
    def found(until):
        return paths(
            platform("nastooh").entrances(office(), whole=False, since=datetime(2018, 6, 20, tzinfo=UTC), until=until)
        )

    assert found(datetime(2018, 6, 21, 19, tzinfo=UTC)) == [
        "/archive?pi=1&ms=0&dy=31&mn=3&yr=1397",
        "/archive?pi=1&ms=0&dy=30&mn=3&yr=1397",
        "/rss",
    ]
    assert found(datetime(2019, 6, 21, tzinfo=UTC))[0] == "/archive?pi=1&ms=0&dy=&mn=&yr="


# ---- the sitemaps of robots.txt ----

STATED = [
    ("/naghshe.xml", ["/naghshe.xml"]),
    (f" {HOME}/naghshe.xml#x ", ["/naghshe.xml"]),
    ("http://www.yazd.example.ir/naghshe.xml", ["http://www.yazd.example.ir/naghshe.xml"]),
    (f"{HOME}/fa-sitemap-newsarchive", []),
    ("http://www.yazd.example.ir/fa-sitemap-newsarchive", []),
    ("https://news.yazd.example.ir/a.xml", []),
    ("https://not-yazd.example.ir/a.xml", []),
    ("ftp://yazd.example.ir/a.xml", []),
    ("https://[broken", []),
]


@pytest.mark.parametrize(("stated", "more"), STATED)
def test_a_whole_walk_asks_the_sitemaps_of_robots_txt_that_lie_on_the_sources_host(office, stated, more):
    iransamaneh = platform("iransamaneh")
    known = iransamaneh.entrances(office(), whole=True)
    found = iransamaneh.entrances(office(), whole=True, sitemaps=[stated, stated])

    assert found[: len(known)] == known
    assert paths(found[len(known) :]) == more
    assert {kind for _, kind in found[len(known) :]} <= {SitemapListing}


@pytest.mark.parametrize(
    "changes",
    [{"whole": False}, {"whole": True, "since": datetime(2021, 3, 20, tzinfo=UTC)}],
)
def test_no_other_walk_asks_them(office, changes):
    iransamaneh = platform("iransamaneh")

    assert iransamaneh.entrances(office(), **changes, sitemaps=["/a.xml"]) == iransamaneh.entrances(office(), **changes)


def test_a_sitemap_that_the_source_states_counts_instead_of_those_of_robots_txt(office):
    stated = platform("generic").entrances(office(sitemap=f"{HOME}/own.xml"), whole=True, sitemaps=["/a.xml"])

    assert paths(stated) == ["/own.xml"]


# ---- sitemaps as JSON, and by Jalali year ----


@pytest.fixture
def listing(office, respond):
    def made(kind, body, path="/x", **headers):
        return kind(response=respond(body, url=HOME + path, **headers), source=office(), fetched_at=NOW)

    return made


@pytest.mark.parametrize("mark", ["", "\ufeff", "\n "])
def test_a_json_leaf_of_a_sitemap_is_read_like_an_xml_one(listing, mark):
    leaf = mark + json.dumps({"urls": [{"loc": f"{HOME}/news/1", "lastmode": "x"}, {"loc": None}, "x", {}]})
    index = mark + json.dumps({"sitemaps": [{"loc": "/sitemap/1400/1/1/sitemap.xml"}]})

    assert [link.url for link in listing(SitemapListing, leaf).links()] == [f"{HOME}/news/1"]
    assert listing(SitemapListing, index).next_urls() == [f"{HOME}/sitemap/1400/1/1/sitemap.xml"]


@pytest.mark.parametrize("body", ["{", "[1]", '{"urls": 1}', '{"urls": null}', "[" * 100_000, "{}"])
def test_json_that_is_no_sitemap_gives_nothing(listing, body):
    assert list(listing(SitemapListing, body).links()) == listing(SitemapListing, body).next_urls() == []


@pytest.mark.parametrize(
    ("path", "parts", "before"),
    [
        ("/sitemap/all/sitemap.xml", ["/sitemap/1404/sitemap.xml", "/sitemap/1405/sitemap.xml"], "1403"),
        ("/sitemap/all/sitemap.xml", ["/sitemap/1405/8/27/sitemap.xml"], "1404"),
        ("/sitemap/1404/sitemap.xml", ["/sitemap/1404/8/27/sitemap.xml"], "1403"),
        ("/sitemap/1375/sitemap.xml", ["/sitemap/1375/8/27/sitemap.xml"], None),
        ("/sitemap/1404/sitemap.xml", [], None),
    ],
)
def test_the_sitemap_of_one_year_leads_to_that_of_the_year_before(listing, path, parts, before):
    index = "".join(f"<sitemap><loc>{part}</loc></sitemap>" for part in parts)
    found = listing(NastoohSitemap, f"<sitemapindex>{index}</sitemapindex>", path).next_urls()

    assert [url.removeprefix(HOME) for url in found] == parts + ([f"/sitemap/{before}/sitemap.xml"] if before else [])


# ---- WordPress's interface ----

POSTS = "/wp-json/wp/v2/posts?per_page=100&page={}&_fields=id,link,date_gmt"


def test_a_whole_walk_asks_wordpress_for_all_posts_unless_the_source_states_its_list(office):
    wordpress = platform("wordpress")

    assert (HOME + POSTS.format(1), WordPressPosts) in wordpress.entrances(office(), whole=True)
    assert (HOME + POSTS.format(1), WordPressPosts) not in wordpress.entrances(office(), whole=False)
    assert len(wordpress.entrances(office(listing=f"{HOME}/akhbar"), whole=True)) == 4


def test_posts_come_with_their_instants_and_the_next_page_as_long_as_there_is_one(listing):
    body = json.dumps([{"id": 1, "link": f"{HOME}/khabar", "date_gmt": "2021-12-06T05:49:00"}, {"link": 3}, None])
    first = listing(WordPressPosts, body, POSTS.format(1), X_WP_TotalPages="2")
    (link,) = first.links()

    assert (link.url, link.published.gregorian) == (f"{HOME}/khabar", "2021-12-06T09:19:00+03:30")
    assert first.next_urls() == [HOME + POSTS.format(2)]
    assert listing(WordPressPosts, body, POSTS.format(2), X_WP_TotalPages="2").next_urls() == []


@pytest.mark.parametrize("body", ['{"code": "rest_forbidden"}', "<html>", "", "[]", "null"])
def test_a_closed_interface_gives_nothing(listing, body):
    found = listing(WordPressPosts, body, POSTS.format(1), X_WP_TotalPages="9")

    assert list(found.links()) == found.next_urls() == []


def test_a_paged_feed_leads_on(listing):
    links = '<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="next" href="/feed/?paged=2"/>'

    assert listing(FeedListing, f"<rss><channel>{links}</channel></rss>").next_urls() == [f"{HOME}/feed/?paged=2"]


# ---- lists of unknown markup ----


def test_a_list_of_an_unknown_theme_gives_the_links_that_look_like_articles(listing):
    page = '<div><a href="/news/12/x">خبر</a><a href="/service/1">گروه</a><a href="/news/12/x#c">نظر</a></div>'

    assert [link.url for link in listing(platform("nastooh").listing, page).links()] == [f"{HOME}/news/12/x"]


@pytest.mark.parametrize(
    "entry",
    [
        '<a href="/news/12" title="۲۸ اسفند ۱۳۹۶">خبر</a>',
        '<a href="/news/12">خبر</a><time>۱۳۹۶/۱۲/۲۸</time>',
        '<a href="/service/1">گروه</a><a href="/news/12">خبر</a><time datetime="2018-03-19">دیروز</time>',
    ],
)
def test_an_entry_gives_its_date_wherever_the_theme_has_it(listing, entry):
    (link,) = listing(platform("nastooh").listing, f'<ul><li class="news">{entry}</li></ul>').links()

    assert (link.url, link.published.gregorian) == (f"{HOME}/news/12", "2018-03-19")
