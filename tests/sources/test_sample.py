"""The sample newsroom: its releases, its three sites, and what changes while it runs."""

import http.client
import re
import socket
import threading
import tomllib
from datetime import date
from html.parser import HTMLParser
from itertools import combinations
from types import SimpleNamespace
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest

from sources.sample import Release, ReleaseError, SampleNewsroom, read_releases
from sources.sample.releases import gregorian_date

ZWNJ = "\u200c"
RELEASES = read_releases()
LISTS = {"yazd": "/fa/news", "gilan": "/", "hormozgan": "/fa/archive?rpp=5"}
FEEDS = {"yazd": "/fa/news/rss", "gilan": "/feed/", "hormozgan": "/fa/rss/allnews"}
NEW = Release(
    id="99001",
    office="gilan",
    title="خبر آزمایشی",
    body="یک بند.\n\n- مورد نخست\n- مورد دوم\n\n| نام | شمار |\n| رشت | ۳ |",
    jalali="1404-09-10T08:00:00",
)


@pytest.fixture(scope="module")
def newsroom():
    with SampleNewsroom() as running:
        yield running


@pytest.fixture
def changing():
    with SampleNewsroom() as running:
        yield running


def get(url, method="GET", **headers):
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, headers=headers)
        response = connection.getresponse()
        data = response.read()
        text = "" if data.startswith((b"\xff", b"%PDF")) else data.decode()
        return SimpleNamespace(url=url, status=response.status, headers=response.headers, data=data, text=text)
    finally:
        connection.close()


def office_url(newsroom, key):
    return next(office.url for office in newsroom.offices if office.key == key)


def ours(text):
    """Iran Samaneh's letters as the releases write them."""
    return text.translate(str.maketrans("يك", "یک"))


class Shown(HTMLParser):
    """The text of a page as one line, and its links with their `rel`."""

    def __init__(self, page):
        super().__init__()
        self.pieces, self.links = [], []
        self.feed(page.text)
        self.text = " ".join(ours(" ".join(self.pieces)).split())

    def handle_data(self, data):
        self.pieces.append(data)

    def handle_starttag(self, tag, attrs):
        if tag in {"a", "link"}:
            self.links.append((dict(attrs).get("rel"), dict(attrs).get("href")))

    handle_startendtag = handle_starttag


def article_links(newsroom, key):
    """The addresses on all pages of an office's list, by following rel=next."""
    found, page = [], get(office_url(newsroom, key) + LISTS[key])
    while True:
        assert page.status == 200
        links = Shown(page).links
        addresses = [urljoin(page.url, href) for _, href in links]
        found += [address for address in addresses if re.search(r"/fa/news/\d+/|/\d{4}/\d\d/\d\d/", address)]
        onward = [href for rel, href in links if rel == "next"]
        if not onward:
            return found
        page = get(urljoin(page.url, onward[0]))


# The releases


def test_there_are_enough_releases_and_each_has_an_id_of_its_own():
    assert len(RELEASES) >= 36
    assert len({release.id for release in RELEASES}) == len(RELEASES)
    assert {release.office for release in RELEASES} == set(LISTS)


def test_releases_are_written_with_half_spaces_and_persian_letters():
    for release in RELEASES:
        text = "\n".join((release.title, release.kicker or "", release.lead or "", *release.paragraphs))
        assert ZWNJ in text, release.id
        assert not re.search("[يكىة\u0640\u00a0\u200e\u200f]|[0-9]|  ", text), release.id
        assert not re.search(f"(?<![آ-ی]){ZWNJ}|{ZWNJ}(?![آ-ی])", text), release.id


def test_a_body_has_two_to_six_paragraphs():
    for release in RELEASES:
        assert 2 <= sum(block.kind == "paragraph" for block in release.blocks) <= 6, release.id


def test_releases_vary_in_what_they_have():
    kinds = {block.kind for release in RELEASES for block in release.blocks}
    assert kinds == {"paragraph", "heading", "quotation", "item", "row"}
    for name in ("kicker", "lead", "image", "attachment"):
        values = {getattr(release, name) is None for release in RELEASES}
        assert values == {True, False}, name


def test_two_offices_share_one_release_and_no_others_are_alike():
    def shingles(release):
        words = " ".join(release.paragraphs).split()
        return {tuple(words[i : i + 3]) for i in range(len(words) - 2)}

    sets = {release.id: shingles(release) for release in RELEASES}
    alike = [(a, b) for a, b in combinations(sets, 2) if len(sets[a] & sets[b]) > 0.1 * len(sets[a] | sets[b])]
    assert alike == [("20581", "7398")]


def test_ids_of_an_office_rise_with_time():
    for key in LISTS:
        moments = [release.moment for release in RELEASES if release.office == key]
        ids = [int(release.id) for release in RELEASES if release.office == key]
        assert moments == sorted(moments)
        assert ids == sorted(ids)


def test_releases_spread_over_five_years_and_both_offsets():
    assert {release.jalali[:4] for release in RELEASES} == {"1400", "1401", "1402", "1403", "1404"}
    summer = {release.jalali[:4] for release in RELEASES if release.published.endswith("+04:30")}
    assert summer == {"1400", "1401"}


@pytest.mark.parametrize(
    ("jalali", "published"),
    [
        ("1400-09-15T09:19:00", "2021-12-06T09:19:00+03:30"),
        ("1400-05-11T08:35:00", "2021-08-02T08:35:00+04:30"),
        ("1401-06-29T08:15:00", "2022-09-20T08:15:00+04:30"),
        ("1402-06-08T08:55:00", "2023-08-30T08:55:00+03:30"),
        ("1403-12-30T09:00:00", "2025-03-20T09:00:00+03:30"),
        ("1404-01-01T00:00:00", "2025-03-21T00:00:00+03:30"),
    ],
)
def test_an_instant_has_the_offset_that_tehran_had(jalali, published):
    assert Release(id="1", office="yazd", title="-", body="-", jalali=jalali).published == published


@pytest.mark.parametrize("day", [(1400, 12, 30), (1400, 7, 31), (1400, 13, 1), (1400, 1, 0)])
def test_a_jalali_day_that_does_not_exist_is_refused(day):
    with pytest.raises(ValueError, match="no such Jalali day"):
        gregorian_date(*day)


def test_jalali_days_follow_one_another_for_a_century():
    ends = [(year, month) for year in range(1350, 1450) for month in range(1, 13)]
    starts = [gregorian_date(year, month, 1) for year, month in ends]
    assert starts[50 * 12] == date(2021, 3, 21)
    for (year, month), start, following in zip(ends, starts, starts[1:], strict=False):
        assert gregorian_date(year, month, (following - start).days) < following


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('title = "a"', "KeyError|published"),
        ('title = "a"\nbody = "b"\npublished = "1400-12-30 10:00"', "no such Jalali day"),
        ('titel = "a"', "titel: no such key"),
    ],
)
def test_a_file_with_a_mistake_is_refused_naming_file_release_and_key(tmp_path, text, message):
    path = tmp_path / "releases.toml"
    path.write_text(f'[[release]]\nid = "7"\noffice = "yazd"\n{text}\n', "utf-8")
    with pytest.raises(ReleaseError, match=message) as caught:
        read_releases(path)
    assert f"{path}: release 7" in str(caught.value)


def test_items_and_rows_are_paragraphs_in_their_order():
    assert NEW.paragraphs == ("یک بند.", "مورد نخست", "مورد دوم", "نام شمار", "رشت ۳")


# What the sites answer


@pytest.mark.parametrize("key", LISTS)
def test_every_release_is_reached_by_following_next_newest_first(newsroom, key):
    links = list(dict.fromkeys(article_links(newsroom, key)))
    listed = [release for release in newsroom.releases if release.office == key]
    assert [link for link in links if link in {newsroom.url(release.id) for release in listed}] == links[: len(listed)]
    assert {newsroom.url(release.id) for release in listed} == set(links)


def test_a_list_of_the_portal_has_ten_releases_a_page(newsroom):
    page = get(office_url(newsroom, "yazd") + "/fa/news?page=1")
    assert page.text.count('class="news-item"') == 10
    assert get(office_url(newsroom, "yazd") + "/fa/news?page=9").status == 404


def test_the_archive_keeps_to_the_days_asked_for(newsroom):
    url = office_url(newsroom, "hormozgan") + "/fa/archive?rpp=100&from_date=1403/1/1&to_date=1403/08/15&p=1"
    assert re.findall(r"/fa/news/(\d+)/", get(url).text) == ["7398", "7366", "7331"]


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.id)
def test_an_article_page_shows_all_of_its_release(newsroom, release):
    page = get(newsroom.url(release.id))
    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    shown = Shown(page).text
    for text in (release.title, release.kicker, release.lead, release.image, release.attachment, release.category):
        assert (text or "") in shown
    for text in (*release.paragraphs, *release.tags):
        assert text in shown


def test_pages_and_feeds_are_well_formed(newsroom):
    pages = [newsroom.url(release.id) for release in newsroom.releases]
    pages += [office_url(newsroom, key) + path for key, path in [*LISTS.items(), *FEEDS.items()]]
    pages += [office_url(newsroom, key) + path for key in ("yazd", "hormozgan") for path in ("/fa", "/fa/none")]
    for url in pages:
        ET.fromstring(get(url).text)


@pytest.mark.parametrize(
    ("native_id", "date"),
    [
        ("20117", "۱۸ اردیبهشت ۱۴۰۰ ۱۰:۴۲"),
        ("3226", "۱۴۰۱/۰۲/۰۵ - ۱۰:۳۰"),
        ("7366", "تاریخ انتشار: ۱۱ شهریور ۱۴۰۳ - ۱۱:۲۰"),
    ],
)
def test_each_office_writes_dates_in_its_own_style(newsroom, native_id, date):
    assert date in Shown(get(newsroom.url(native_id))).text


def test_the_older_site_writes_arabic_ye_and_kaf_and_the_others_do_not(newsroom):
    for release in newsroom.releases:
        letters = set(get(newsroom.url(release.id)).text) & set("یکيك")
        assert letters == (set("يك") if release.office == "hormozgan" else set("یک")), release.id


def test_some_bodies_carry_an_advertisement_or_a_box_of_links(newsroom):
    for office in newsroom.offices:
        pages = [get(newsroom.url(release.id)).text for release in newsroom.releases if release.office == office.key]
        assert 0 < sum("adv-inline" in page for page in pages) < len(pages)
        assert 0 < sum("read-more" in page for page in pages) < len(pages)


@pytest.mark.parametrize("key", FEEDS)
def test_a_feed_gives_titles_addresses_and_dates(newsroom, key):
    page = get(office_url(newsroom, key) + FEEDS[key])
    assert page.headers["Content-Type"].startswith("application/rss+xml")
    items = ET.fromstring(page.text).findall("channel/item")
    newest = next(release for release in newsroom.releases if release.office == key)
    assert ours(items[0].findtext("title")) == newest.title
    assert items[0].findtext("link") == newsroom.url(newest.id)
    assert items[0].findtext("pubDate") == newest.moment.strftime("%a, %d %b %Y %H:%M:%S %z")


@pytest.mark.parametrize("key", LISTS)
def test_robots_names_what_is_closed_and_a_site_map_that_leads_to_every_release(newsroom, key):
    robots = get(office_url(newsroom, key) + "/robots.txt").text
    assert "Disallow: /admin/\n" in robots
    assert ("Disallow: /fa/print/\n" in robots) == (key != "gilan")
    maps, found = [re.search(r"^Sitemap: (.+)$", robots, re.MULTILINE)[1]], set()
    while maps:
        root = ET.fromstring(get(maps.pop()).text)
        locations = [element.text for element in root.iter() if element.tag.endswith("}loc")]
        (maps.extend if root.tag.endswith("}sitemapindex") else found.update)(locations)
    assert found == {newsroom.url(release.id) for release in newsroom.releases if release.office == key}


@pytest.mark.parametrize("native_id", ["20117", "3112", "7043"])
def test_an_unchanged_page_is_not_sent_again_though_its_counter_moves(newsroom, native_id):
    first = get(newsroom.url(native_id))
    again = get(newsroom.url(native_id), **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    other = get(newsroom.url(native_id), **{"If-None-Match": '"other"'})
    assert other.status == 200
    assert other.text != first.text


@pytest.mark.parametrize("key", ["yazd", "gilan"])
@pytest.mark.parametrize("path", ["/none", "/fa/news/1/x", "/admin/", "/2021/01/01/none/", "/%", "//x?[="])
def test_an_unknown_address_is_not_found(newsroom, key, path):
    assert get(office_url(newsroom, key) + path).status == 404


def test_the_older_site_answers_an_unknown_address_with_an_error_box(newsroom):
    page = get(office_url(newsroom, "hormozgan") + "/fa/news/1/x")
    assert page.status == 200
    assert '<div class="error_container">' in page.text


@pytest.mark.parametrize("native_id", ["20117", "7043"])
def test_a_slug_is_decoration_and_print_pages_exist(newsroom, native_id):
    site = office_url(newsroom, next(release.office for release in RELEASES if release.id == native_id))
    title = next(release.title for release in RELEASES if release.id == native_id)
    for path in (f"/fa/news/{native_id}", f"/fa/news/{native_id}/other", f"/fa/print/{native_id}"):
        assert title in Shown(get(site + path)).text


def test_wordpress_redirects_to_the_address_of_a_post(newsroom):
    page = get(office_url(newsroom, "gilan") + "/?p=3226")
    assert (page.status, page.headers["Location"]) == (301, newsroom.url("3226"))
    assert get(office_url(newsroom, "gilan") + "/?p=1").status == 404


@pytest.mark.parametrize(("native_id", "has"), [("20251", "pdf"), ("20203", "jpg"), ("3359", "pdf"), ("7121", "jpg")])
def test_pictures_and_attachments_are_true_files(newsroom, native_id, has):
    address = re.search(rf'(?:src|href)="([^"]+[.]{has})"', get(newsroom.url(native_id)).text)[1]
    file = get(urljoin(newsroom.url(native_id), address))
    assert (file.status, file.headers["Content-Length"]) == (200, str(len(file.data)))
    assert file.data.startswith(b"%PDF-1.4" if has == "pdf" else b"\xff\xd8\xff")
    assert file.data.endswith(b"%%EOF\n" if has == "pdf" else b"\xff\xd9")


def test_head_tells_what_get_would_send(newsroom):
    page = get(office_url(newsroom, "yazd") + "/robots.txt", method="HEAD")
    assert (page.status, page.data) == (200, b"")
    assert int(page.headers["Content-Length"]) > 0


def test_every_page_says_that_it_is_invented(newsroom):
    for office in newsroom.offices:
        assert "این تارنما نمونه" in Shown(get(office.url + LISTS[office.key])).text


# What changes while it runs


@pytest.mark.parametrize("native_id", ["20117", "3112", "7043"])
def test_an_edit_is_seen_and_changes_the_etag(changing, native_id):
    before = get(changing.url(native_id))
    changing.edit(native_id, body="متن تازه\u200cای آمد.")
    after = get(changing.url(native_id))
    assert "متن تازه\u200cای آمد." in Shown(after).text
    assert after.headers["ETag"] != before.headers["ETag"]


def test_a_removed_release_is_gone_in_the_manner_of_its_platform(changing):
    urls = [changing.url(native_id) for native_id in ("20117", "3112", "7043")]
    for native_id in ("20117", "3112", "7043"):
        changing.remove(native_id)
    assert [get(url).status for url in urls] == [404, 404, 200]
    assert "error_container" in get(urls[2]).text
    assert urls[0] not in article_links(changing, "yazd")


def test_a_release_added_stands_first(changing):
    changing.add(NEW)
    assert article_links(changing, "gilan")[0] == changing.url(NEW.id)
    assert NEW.paragraphs[-1] in Shown(get(changing.url(NEW.id))).text


def test_a_moved_release_answers_at_its_new_address_and_is_found_from_the_old(changing):
    for native_id in ("20117", "3112", "7043"):
        old = changing.url(native_id)
        changing.move(native_id, "نشانی-نو")
        new = changing.url(native_id)
        assert new != old
        assert get(new).status == 200
        left = get(old)
        assert left.headers["Location"] == new if native_id == "3112" else f'rel="canonical" href="{new}"' in left.text


def test_what_cannot_be_served_is_refused(changing):
    with pytest.raises(KeyError):
        changing.edit("1", title="x")
    with pytest.raises(ValueError, match="taken"):
        changing.add(RELEASES[0])
    with pytest.raises(ValueError, match="no office"):
        changing.edit("20117", office="qom")
    assert len(changing.releases) == len(RELEASES)


def test_requests_are_remembered_by_office(changing):
    assert changing.requests == []
    get(office_url(changing, "gilan") + "/feed/?x=1")
    get(office_url(changing, "yazd") + "/fa/print/20117")
    assert changing.requests == [("gilan", "/feed/?x=1"), ("yazd", "/fa/print/20117")]


def test_it_answers_while_it_is_edited(changing):
    stop, statuses = threading.Event(), []

    def read():
        while not stop.is_set():
            statuses.append(get(changing.url("20117")).status)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(50):
        changing.edit("20117", title=f"عنوان {number}")
    stop.set()
    reader.join()
    assert set(statuses) <= {200}


# Start, stop, catalogue


def test_the_catalogue_names_each_office_as_a_source(newsroom, tmp_path):
    newsroom.write_catalogue(tmp_path)
    tables = tomllib.loads((tmp_path / "agencies" / "sample.toml").read_text("utf-8"))
    assert list(tables) == ["agency", "yazd", "gilan", "hormozgan"]
    for office in newsroom.offices:
        table = tables[office.key]
        assert (table["province"], table["platform"]) == (office.province, office.platform)
        assert table["url"] == office.url + "/"
        assert (table["delay"], table["connections"]) == (0.0, 4)


def test_no_catalogue_before_the_start(tmp_path):
    with pytest.raises(RuntimeError):
        SampleNewsroom().write_catalogue(tmp_path)


def test_offices_are_hosts_of_their_own_on_loopback(newsroom):
    assert len({office.url for office in newsroom.offices}) == 3
    assert all(office.url.startswith("http://127.0.0.1:") for office in newsroom.offices)


def test_a_stop_frees_the_ports_and_a_start_takes_them_again():
    newsroom = SampleNewsroom()
    with newsroom:
        ports = [urlsplit(office.url).port for office in newsroom.offices]
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            get(f"http://127.0.0.1:{port}/")
    with newsroom:
        assert [urlsplit(office.url).port for office in newsroom.offices] == ports
        assert get(newsroom.url("20117")).status == 200


def test_a_taken_port_leaves_nothing_open():
    with SampleNewsroom() as running:
        taken = urlsplit(running.offices[1].url).port
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            SampleNewsroom(ports=[port, taken, 0]).start()
        with pytest.raises(ConnectionRefusedError):
            get(f"http://127.0.0.1:{port}/")


def test_ports_are_one_an_office():
    with pytest.raises(ValueError, match="3 offices"):
        SampleNewsroom(ports=[1])


def test_other_releases_may_be_served():
    with SampleNewsroom(releases=[NEW]) as newsroom:
        assert article_links(newsroom, "gilan")[0] == newsroom.url("99001")
        assert get(office_url(newsroom, "yazd") + "/fa/news").status == 200
        assert article_links(newsroom, "hormozgan") == []
