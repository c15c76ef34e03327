"""`scrapy list` is the catalogue."""

import pytest
from scrapy import Request
from scrapy.settings import Settings

from sources import Catalogue
from spiders.errors import SelectorError
from spiders.loader import CatalogueLoader, spider_of
from spiders.newsroom import NewsroomSpider

OFFICES = """
[agency]
name_fa = "نمونه"
name_en = "Sample"
platform = "wordpress"

[yazd]
url = "https://www.yazd.example.ir/"
delay = 2.5
connections = 1

[qom]
url = "http://qom.example.ir:8080/fa"
"""


@pytest.fixture
def loader(tmp_path):
    (tmp_path / "agencies").mkdir()
    (tmp_path / "agencies" / "nemuneh.toml").write_text(OFFICES, "utf-8")
    return CatalogueLoader.from_settings(Settings({"MONADI_CATALOGUE": str(tmp_path)}))


def test_the_list_is_that_of_the_catalogue_asked_for(loader):
    assert loader.list() == ["nemuneh-qom", "nemuneh-yazd"]


@pytest.mark.parametrize("settings", [{}, {"MONADI_CATALOGUE": None}, {"MONADI_CATALOGUE": ""}])
def test_without_one_the_list_is_the_built_in_catalogue(settings):
    assert CatalogueLoader.from_settings(Settings(settings)).list() == list(Catalogue.load().sources)


def test_an_unknown_source_is_a_key_error_that_suggests_a_known_one(loader):
    with pytest.raises(KeyError, match="nemuneh-yazd"):
        loader.load("nemuneh-yasd")


def test_a_sources_spider_bears_its_id_and_reads_it(loader):
    spider = loader.load("nemuneh-yazd")

    assert issubclass(spider, NewsroomSpider)
    assert (spider.name, spider.source.id) == ("nemuneh-yazd", "nemuneh-yazd")


def test_a_spider_keeps_its_sources_pace(loader):
    assert loader.load("nemuneh-yazd").custom_settings == {
        "MONADI_DELAY": 2.5,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "MONADI_TLS": "verify",
    }


@pytest.mark.parametrize(("source", "domain"), [("nemuneh-yazd", "yazd.example.ir"), ("nemuneh-qom", "qom.example.ir")])
def test_a_spider_stays_on_its_sources_host_with_and_without_www(loader, source, domain):
    assert loader.load(source).allowed_domains == [domain]


def test_two_spiders_share_nothing(office):
    first, second = spider_of(office(id="nemuneh-a", delay=1.0)), spider_of(office(id="nemuneh-b", delay=9.0))

    assert (first.name, second.name) == ("nemuneh-a", "nemuneh-b")
    assert first.custom_settings["MONADI_DELAY"] == 1.0


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://www.yazd.example.ir/fa/news/1", ["nemuneh-yazd"]),
        ("http://qom.example.ir:8080/", ["nemuneh-qom"]),
        ("http://qom.example.ir/", []),
        ("https://tehran.example.ir/", []),
    ],
)
def test_a_request_is_for_the_sources_of_its_host(loader, url, found):
    assert loader.find_by_request(Request(url)) == found


def test_a_selector_that_is_no_css_is_named_before_anything_is_fetched(office):
    source = office(selectors={"title": "h1..title"})

    with pytest.raises(SelectorError, match=r"nemuneh-yazd: selectors\.title: 'h1\.\.title' is no CSS selector"):
        spider_of(source)
