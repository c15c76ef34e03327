from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from importlib.metadata import packages_distributions
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sources import (
    PLATFORMS,
    Catalogue,
    CatalogueError,
    Selectors,
    UnknownAgency,
    UnknownProvince,
    UnknownSource,
    parse_duration,
)
from tests.pace import within

AGENCY = '[agency]\nname_fa = "شهرداری"\nname_en = "Municipality"\n'
OFFICE = '[yazd]\nurl = "https://yazd.example.ir/fa/"\n'

Write = Callable[..., Path]


@pytest.fixture(scope="module")
def built_in() -> Catalogue:
    return Catalogue.load()


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes the files of a catalogue and gives its directory, `cat`, as a relative path."""
    monkeypatch.chdir(tmp_path)

    def write_files(files: dict[str, str | bytes]) -> Path:
        for name, content in files.items():
            path = Path("cat", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Path("cat")

    return write_files


def one_office(write: Write, *lines: str, agency: str = "") -> Path:
    return write({"agencies/city.toml": AGENCY + agency + "\n" + OFFICE + "\n".join(lines)})


# The built-in catalogue


def test_there_are_31_provinces_with_the_iso_codes_of_2020(built_in: Catalogue) -> None:
    assert [province.iso for province in built_in.provinces.values()] == [f"IR-{number:02}" for number in range(31)]


def test_every_province_has_an_office_of_each_agency(built_in: Catalogue) -> None:
    expected = {f"{agency}-{province}" for agency in ("mcls", "ostandari") for province in built_in.provinces}
    assert set(built_in.sources) == expected
    assert len(expected) == 62


def test_sources_are_in_order_of_their_ids(built_in: Catalogue) -> None:
    assert list(built_in.sources) == sorted(built_in.sources)


def test_the_office_of_yazd(built_in: Catalogue) -> None:
    source = built_in.source("mcls-yazd")
    assert source.agency is built_in.agency("mcls")
    assert source.province is built_in.province("IR-21")
    assert source.name_fa == "اداره کل تعاون، کار و رفاه اجتماعی استان یزد"
    assert source.name_en == "Office of Cooperatives, Labour and Social Welfare of Yazd"
    assert (source.platform, source.url, source.host) == (
        "fa_portal",
        "https://yazd.mcls.gov.ir/",
        "yazd.mcls.gov.ir",
    )
    assert (source.delay, source.connections, source.every, source.windows) == (1.0, 2, None, ())
    assert (source.county, source.listing, source.feed, source.sitemap, source.tls) == (None,) * 5
    assert source.selectors == Selectors()
    assert not source.unverified
    assert source.began == date(1996, 3, 20)


def test_only_stated_hosts_are_scheduled(built_in: Catalogue) -> None:
    scheduled = {source.id for source in built_in.scheduled}
    labour = {"mcls-yazd", "mcls-hormozgan", "mcls-chaharmahal-bakhtiari"}
    governorates = {id_ for id_ in built_in.sources if id_.startswith("ostandari-")}
    assert scheduled == labour | governorates - {"ostandari-kerman", "ostandari-alborz"}


def test_governorates_are_recognised_at_the_first_visit_unless_known(built_in: Catalogue) -> None:
    known = {
        source.id: source.platform
        for source in built_in.sources.values()
        if source.agency.id == "ostandari" and source.platform != "auto"
    }
    assert known == {"ostandari-isfahan": "wordpress", "ostandari-qom": "highportal"}
    assert built_in.source("ostandari-qom").name_fa == "استانداری قم"


def test_no_two_offices_share_a_host(built_in: Catalogue) -> None:
    assert len({source.host for source in built_in.sources.values()}) == 62


def test_the_built_in_catalogue_loads_at_once() -> None:
    with within(0.015 * 5):
        for _ in range(5):
            Catalogue.load()


def test_records_are_frozen(built_in: Catalogue) -> None:
    with pytest.raises(FrozenInstanceError):
        built_in.source("mcls-yazd").url = "https://example.ir/"  # type: ignore[misc]
    with pytest.raises(TypeError):
        built_in.sources["x"] = built_in.source("mcls-yazd")  # type: ignore[index]


# Looking up


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("yazd", "yazd"),
        ("Yazd", "yazd"),
        ("IR-21", "yazd"),
        ("ir-21", "yazd"),
        ("یزد", "yazd"),
        ("يزد", "yazd"),
        (" یزد ", "yazd"),
        ("آذربایجان شرقی", "east-azerbaijan"),
        ("آذربایجان\u200cشرقی", "east-azerbaijan"),
        ("آذربايجان شرقي", "east-azerbaijan"),
        ("اذربایجان شرقی", "east-azerbaijan"),
        ("آذربایجانشرقی", "east-azerbaijan"),
        ("East Azerbaijan", "east-azerbaijan"),
        ("East Azarbayjan", "east-azerbaijan"),
        ("Āz̄ārbāyjān-e Shārqī", "east-azerbaijan"),
        ("كهگيلويه و بويراحمد", "kohgiluyeh-boyer-ahmad"),
        ("کهگیلویه و بویر احمد", "kohgiluyeh-boyer-ahmad"),
        ("چهار محال و بختیاری", "chaharmahal-bakhtiari"),
        ("چهارمحال وبختیاری", "chaharmahal-bakhtiari"),
        ("سیستان\u200cوبلوچستان", "sistan-baluchestan"),
        ("Bakhtaran", "kermanshah"),
        ("باختران", "kermanshah"),
        ("کرمان", "kerman"),
        ("KORDESTĀN", "kurdistan"),
        ("Eşfahān", "isfahan"),
        ("فارس", "fars"),
        ("قم", "qom"),
        ("IR-00", "markazi"),
    ],
)
def test_a_province_is_found_by_key_code_or_name(built_in: Catalogue, name: str, key: str) -> None:
    assert built_in.province(name).key == key


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("فارسی", 'no province "فارسی"; did you mean "فارس"?'),
        ("قمصر", 'no province "قمصر"; did you mean "قم"?'),
        ("east azerbijan", 'no province "east azerbijan"; did you mean "east-azerbaijan"?'),
        ("IR-31", 'no province "IR-31" (codes are those of ISO 3166-2 since 2020)'),
        ("Atlantis", 'no province "Atlantis"'),
        ("21", 'no province "21"'),
        ("", 'no province ""'),
        ("می\u200cروم\nبه\x1b[31m", 'no province "می\u200cروم\ufffdبه\ufffd[31m"'),
        ("ا" * 101, f'no province "{"ا" * 100}…"'),
    ],
)
def test_another_text_is_no_province(built_in: Catalogue, name: str, message: str) -> None:
    with pytest.raises(UnknownProvince) as caught:
        built_in.province(name)
    assert str(caught.value) == message


def test_an_unknown_id_is_told_with_the_nearest(built_in: Catalogue) -> None:
    with pytest.raises(UnknownSource) as source:
        built_in.source("mcls-yzd")
    with pytest.raises(UnknownAgency) as agency:
        built_in.agency("mcl")
    assert str(source.value) == 'no source "mcls-yzd"; did you mean "mcls-yazd"?'
    assert str(agency.value) == 'no agency "mcl"; did you mean "mcls"?'


def test_sources_are_selected_once_each_in_the_order_asked_for(built_in: Catalogue) -> None:
    selected = built_in.select(["ostandari-qom", "mcls-yazd", "ostandari-qom"])
    assert [source.id for source in selected] == ["ostandari-qom", "mcls-yazd"]
    assert built_in.select([]) == ()
    with pytest.raises(UnknownSource):
        built_in.select(["mcls-yazd", "nowhere"])


# Catalogues of one's own


def test_an_office_is_two_lines(write: Write) -> None:
    source = Catalogue.load(one_office(write)).source("city-yazd")
    assert (source.platform, source.url) == ("auto", "https://yazd.example.ir/fa/")
    assert (source.name_fa, source.name_en) == ("شهرداری یزد", "Municipality, Yazd")


def test_an_office_of_another_name_states_its_province(write: Write) -> None:
    office = '[meybod]\nurl = "http://127.0.0.1:8700/"\nprovince = "IR-21"\ncounty = "میبد"\nname_fa = "شهرداری میبد"\n'
    source = Catalogue.load(write({"agencies/city.toml": AGENCY + office})).source("city-meybod")
    assert (source.province.key, source.county, source.name_fa) == ("yazd", "میبد", "شهرداری میبد")
    assert source.host == "127.0.0.1"


def test_the_agency_states_defaults_and_an_office_its_own(write: Write) -> None:
    agency = """
        office_fa = "شهرداری {province}"
        platform = "joomla"
        listing = "/news"
        delay = 2
        connections = 1
        began = 2011-03-21
        every = "2h"
        windows = ["08:00-14:30", "22:00-02:00"]
        tls = "old-ciphers"
        unverified = true
        selectors = { title = "h1", body = ".text" }
    """
    overridden = """
        [qom]
        url = "https://qom.example.ir/"
        platform = "drupal"
        listing = "https://qom.example.ir/fa/all"
        delay = 0.0
        connections = 4
        began = 2012-01-01
        every = "90s"
        windows = []
        tls = "verify"
        unverified = false
        selectors = { body = "article" }
    """
    catalogue = Catalogue.load(one_office(write, overridden, agency=agency))
    yazd, qom = catalogue.source("city-yazd"), catalogue.source("city-qom")
    assert (yazd.platform, yazd.listing, yazd.delay, yazd.connections) == (
        "joomla",
        "https://yazd.example.ir/news",
        2.0,
        1,
    )
    assert (yazd.every, yazd.windows) == (timedelta(hours=2), ("08:00-14:30", "22:00-02:00"))
    assert (yazd.began, qom.began) == (date(2011, 3, 21), date(2012, 1, 1))
    assert (yazd.tls, yazd.unverified) == ("old-ciphers", True)
    assert yazd.selectors == Selectors(title="h1", body=".text")
    assert (qom.platform, qom.listing, qom.delay, qom.connections) == (
        "drupal",
        "https://qom.example.ir/fa/all",
        0.0,
        4,
    )
    assert (qom.every, qom.windows) == (timedelta(seconds=90), ())
    assert (qom.tls, qom.unverified) == ("verify", False)
    assert qom.selectors == Selectors(title="h1", body="article")
    assert catalogue.scheduled == (qom,)


@pytest.mark.parametrize(
    ("stated", "address"),
    [
        ("/rss", "https://yazd.example.ir/rss"),
        ("rss/all", "https://yazd.example.ir/fa/rss/all"),
        ("?page=rss", "https://yazd.example.ir/fa/?page=rss"),
        ("https://yazd.example.ir:8443/rss", "https://yazd.example.ir:8443/rss"),
        ("http://YAZD.example.ir/rss", "http://YAZD.example.ir/rss"),
    ],
)
def test_a_path_is_resolved_against_the_url(write: Write, stated: str, address: str) -> None:
    lines = [f'{key} = "{stated}"' for key in ("listing", "feed", "sitemap")]
    source = Catalogue.load(one_office(write, *lines)).source("city-yazd")
    assert (source.listing, source.feed, source.sitemap) == (address, address, address)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_may_be_stated(write: Write, platform: str) -> None:
    catalogue = Catalogue.load(one_office(write, f'platform = "{platform}"'))
    assert catalogue.source("city-yazd").platform == platform


def test_a_catalogue_may_bring_its_own_provinces(write: Write) -> None:
    directory = write(
        {
            "provinces.toml": '[herat]\niso = "AF-HER"\nfa = "هرات"\nen = "Herat"\nvariants = ["Aria"]\n',
            "agencies/city.toml": AGENCY + '[herat]\nurl = "https://herat.example/"\n',
        }
    )
    catalogue = Catalogue.load(directory)
    assert list(catalogue.provinces) == ["herat"]
    assert catalogue.province("aria") is catalogue.source("city-herat").province


def test_a_byte_order_mark_and_carriage_returns_are_no_matter(write: Write) -> None:
    content = (AGENCY + OFFICE).replace("\n", "\r\n").encode("utf-8-sig")
    assert list(Catalogue.load(write({"agencies/city.toml": content})).sources) == ["city-yazd"]


def test_files_that_are_no_agencies_are_left_alone(write: Write) -> None:
    files = {"agencies/city.toml": AGENCY + OFFICE, "agencies/.city.toml": "half wri", "agencies/city.toml~": "["}
    assert list(Catalogue.load(write(files)).agencies) == ["city"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('ulr = "https://a.ir/"', '[yazd] ulr: no such key; did you mean "url"?'),
        ("colour = 1", "[yazd] colour: no such key"),
        ('platform = "iransamane"', '[yazd] platform: no platform "iransamane"; did you mean "iransamaneh"?'),
        ("platform = 3", "[yazd] platform: expected a text, found a whole number"),
        ('county = ""', "[yazd] county: is blank"),
        ('county = "a\\nb"', "[yazd] county: is more than one line"),
        ('province = "IR-99"', '[yazd] province: no province "IR-99" (codes are those of ISO 3166-2 since 2020)'),
        ('province = "Yezd"', '[yazd] province: no province "Yezd"; did you mean "yazd"?'),
        ('province = "IR-25"', '[yazd] province: "IR-25" is qom, but the table is named [yazd]'),
        ("delay = -1", "[yazd] delay: expected a number of seconds from 0 to 86400, found -1"),
        ("delay = nan", "[yazd] delay: expected a number of seconds from 0 to 86400, found nan"),
        ("delay = true", "[yazd] delay: expected a number, found a boolean"),
        ('delay = "1"', "[yazd] delay: expected a number, found a text"),
        ("connections = 0", "[yazd] connections: expected a number from 1, found 0"),
        ("connections = 1.5", "[yazd] connections: expected a whole number, found a number"),
        ("connections = true", "[yazd] connections: expected a whole number, found a boolean"),
        ('every = "2 hours"', '[yazd] every: no duration "2 hours", such as "90s", "30m", "2h" or "1d"'),
        ('fastest = "soon"', '[yazd] fastest: no duration "soon", such as "90s", "30m", "2h" or "1d"'),
        (
            'fastest = "7h"',
            "[yazd] fastest: `fastest` is to be less than `slowest`, which are 5m and 6h where nothing is stated",
        ),
        (
            'slowest = "1m"',
            "[yazd] slowest: `fastest` is to be less than `slowest`, which are 5m and 6h where nothing is stated",
        ),
        ("every = 12:00:00", "[yazd] every: expected a text, found a time"),
        ('began = "1390"', "[yazd] began: expected a day (2011-03-21), found a text"),
        ("began = 2011-03-21T00:00:00", "[yazd] began: expected a day (2011-03-21), found a time"),
        ('windows = "08:00-14:00"', "[yazd] windows: expected a list, found a text"),
        ('windows = ["8-14"]', '[yazd] windows: no window "8-14", such as "08:00-14:30"'),
        ('windows = ["08:00-24:00"]', '[yazd] windows: no window "08:00-24:00", such as "08:00-14:30"'),
        ('windows = ["08:00-08:00"]', '[yazd] windows: no window "08:00-08:00", such as "08:00-14:30"'),
        ('tls = "expierd"', '[yazd] tls: no way of TLS "expierd"; did you mean "expired"?'),
        ("unverified = 1", "[yazd] unverified: expected a boolean, found a whole number"),
        ('selectors = "h1"', "[yazd] selectors: expected a table, found a text"),
        ('selectors = { titel = "h1" }', '[yazd.selectors] titel: no such key; did you mean "title"?'),
        ("selectors = { title = [] }", "[yazd.selectors] title: expected a text, found a list"),
        (
            'feed = "https://b.example.ir/rss"',
            '[yazd] feed: "https://b.example.ir/rss" is not on the host of `url`, yazd.example.ir',
        ),
        ('listing = "//b.ir/news"', '[yazd] listing: "//b.ir/news" is not on the host of `url`, yazd.example.ir'),
        ('sitemap = "ftp://a.ir/"', '[yazd] sitemap: no address of http or https "ftp://a.ir/"'),
    ],
)
def test_a_wrong_value_is_told_with_file_table_and_key(write: Write, lines: str, message: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        Catalogue.load(one_office(write, lines))
    assert str(caught.value) == f"cat/agencies/city.toml: {message}"


@pytest.mark.parametrize(
    "url",
    [
        "yazd.example.ir",
        "//yazd.example.ir/",
        "ftp://yazd.example.ir/",
        "https:///fa",
        "https://",
        "https://yazd example.ir/",
        " https://yazd.example.ir/",
        "https://yazd.example.ir/\\u200f",
        "https://user:word@yazd.example.ir/",
        "https://yazd.example.ir:99999/",
        "https://127.0.0.300/",
        "https://[::1/",
        "https://.ir/",
    ],
)
def test_a_url_is_a_web_address(write: Write, url: str) -> None:
    with pytest.raises(CatalogueError, match=r"^cat/agencies/city\.toml: \[yazd\] url: no address of http or https"):
        Catalogue.load(write({"agencies/city.toml": f'{AGENCY}[yazd]\nurl = "{url}"\n'}))


@pytest.mark.parametrize(
    "url", ["http://localhost:8000/", "http://[::1]:8000/", "https://yazd.example.ir", "https://یزد.example/خبر"]
)
def test_a_url_may_be_of_any_host(write: Write, url: str) -> None:
    catalogue = Catalogue.load(write({"agencies/city.toml": f'{AGENCY}[yazd]\nurl = "{url}"\n'}))
    assert catalogue.source("city-yazd").host == urlsplit(url).hostname


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (OFFICE, "[agency]: is missing"),
        ('[agency]\nname_en = "City"\n', "[agency] name_fa: is missing"),
        ('[agency]\nname_fa = "شهرداری"\n', "[agency] name_en: is missing"),
        (AGENCY + 'platfrom = "auto"\n', '[agency] platfrom: no such key; did you mean "platform"?'),
        (AGENCY + 'platform = "wordpres"\n', '[agency] platform: no platform "wordpres"; did you mean "wordpress"?'),
        (AGENCY + 'office_fa = "شهرداری"\n', '[agency] office_fa: holds no "{province}"'),
        (AGENCY + "[yazd]\n", "[yazd] url: is missing"),
        (
            AGENCY + '[yzd]\nurl = "https://a.ir/"\n',
            '[yzd] province: is missing, and [yzd] is not the key of a province; did you mean "yazd"?',
        ),
        (AGENCY + "[Yazd]\n", '[Yazd]: the name of a table is written in a-z, 0-9 and "-"'),
        ('url = "https://a.ir/"\n' + AGENCY, "url: expected a table, found a text"),
        (AGENCY + "[[yazd]]\n", "yazd: expected a table, found a list"),
        (AGENCY + "[yazd]\nurl = \n", "not TOML: Invalid value (at line 5, column 7)"),
        (AGENCY + OFFICE + OFFICE, "not TOML: Cannot declare ('yazd',) twice (at line 6, column 6)"),
        (AGENCY.encode("utf-8") + b'[yazd]\nname_fa = "\xed\xd2\xcf"\n', "not UTF-8 (at line 5)"),
    ],
)
def test_a_wrong_file_is_told_with_its_name(write: Write, content: str | bytes, message: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        Catalogue.load(write({"agencies/city.toml": content}))
    assert str(caught.value) == f"cat/agencies/city.toml: {message}"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[yazd]\nfa = "یزد"\nen = "Yazd"\n', "[yazd] iso: is missing"),
        ('[yazd]\niso = "21"\nfa = "یزد"\nen = "Yazd"\n', '[yazd] iso: no ISO 3166-2 code "21"'),
        (
            '[yazd]\niso = "IR-21"\nfa = "یزد"\nen = "Yazd"\nvariants = "Yezd"\n',
            "[yazd] variants: expected a list, found a text",
        ),
        (
            '[yazd]\niso = "IR-21"\nfa = "یزد"\nen = "Yazd"\n[qom]\niso = "IR-25"\nfa = "يزد"\nen = "Qom"\n',
            '[qom]: "يزد" stands for [yazd] too',
        ),
    ],
)
def test_a_wrong_province_is_told_with_its_file(write: Write, content: str, message: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        Catalogue.load(write({"provinces.toml": content, "agencies/city.toml": AGENCY + OFFICE}))
    assert str(caught.value) == f"cat/provinces.toml: {message}"


def test_a_source_id_belongs_to_one_office(write: Write) -> None:
    office = 'url = "https://a.ir/"\nprovince = "IR-21"\n'
    directory = write({"agencies/a.toml": f"{AGENCY}[b-c]\n{office}", "agencies/a-b.toml": f"{AGENCY}[c]\n{office}"})
    with pytest.raises(CatalogueError) as caught:
        Catalogue.load(directory)
    assert str(caught.value) == 'cat/agencies/a.toml: the source id "a-b-c" is that of an office in a-b.toml too'


def test_the_name_of_an_agency_file_is_an_id(write: Write) -> None:
    with pytest.raises(CatalogueError) as caught:
        Catalogue.load(write({"agencies/City Hall.toml": AGENCY + OFFICE}))
    message = 'cat/agencies/City Hall.toml: the name of an agency\'s file is written in a-z, 0-9 and "-"'
    assert str(caught.value) == message


def test_a_directory_that_is_no_catalogue(write: Write) -> None:
    directory = write({"readme.txt": ""})
    for wrong, message in [
        (directory, "cat: no agencies/*.toml"),
        (directory / "readme.txt", "cat/readme.txt: no such directory"),
        (Path("elsewhere"), "elsewhere: no such directory"),
    ]:
        with pytest.raises(CatalogueError) as caught:
            Catalogue.load(wrong)
        assert str(caught.value) == message


def test_a_file_that_cannot_be_read(write: Write) -> None:
    directory = write({"agencies/city.toml/x": ""})
    with pytest.raises(CatalogueError) as caught:
        Catalogue.load(directory)
    assert str(caught.value) == "cat/agencies/city.toml: cannot be read: Is a directory"


@pytest.mark.parametrize(
    ("written", "duration"),
    [
        ("90s", timedelta(seconds=90)),
        ("30m", timedelta(minutes=30)),
        ("2h", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
    ],
)
def test_a_duration(written: str, duration: timedelta) -> None:
    assert parse_duration(written) == duration


@pytest.mark.parametrize("written", ["", "2", "h", "0h", "-1h", "1.5h", "2h30m", "2 h", "2w", "۲h", "2H", "9999999d"])
def test_no_duration(written: str) -> None:
    with pytest.raises(ValueError, match=r"^no duration"):
        parse_duration(written)


# The distribution


@pytest.mark.parametrize("name", ["archive", "monadi", "persian", "sources", "spiders", "syndication"])
def test_no_other_distribution_has_a_package_of_our_names(name: str) -> None:
    assert set(packages_distributions().get(name, [])) <= {"monadi"}
