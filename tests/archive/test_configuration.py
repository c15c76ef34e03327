"""The configuration: the environment over monadi.toml over defaults, and one line for what cannot be used."""

from pathlib import Path

import pytest

from archive import open_archive
from archive.configuration import Configuration, ConfigurationError, read_configuration
from archive.errors import ArchiveError


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory without a file, and an environment without a setting."""
    monkeypatch.chdir(tmp_path)
    for name in Configuration.model_fields:
        monkeypatch.delenv(f"MONADI_{name.upper()}", raising=False)
    return tmp_path


def write(text: str) -> None:
    Path("monadi.toml").write_text(text, encoding="utf-8")


def test_without_a_word_everything_has_a_default():
    configuration = read_configuration()
    assert configuration.data == Path("monadi-data")
    assert configuration.archive_url == "sqlite+pysqlite:///monadi-data/monadi.db"
    assert (configuration.catalogue, configuration.allow_hosts, configuration.contact) == (None, "", "")


def test_the_file_is_over_the_defaults():
    write('data = "/var/lib/monadi"\ncontact = "اپراتور@example.ir"')
    configuration = read_configuration()
    assert configuration.archive_url == "sqlite+pysqlite:////var/lib/monadi/monadi.db"
    assert configuration.contact == "اپراتور@example.ir"


def test_the_environment_is_over_the_file(monkeypatch):
    write('data = "from-file"\ncontact = "file@example.ir"')
    monkeypatch.setenv("MONADI_DATA", "from-environment")
    configuration = read_configuration()
    assert (configuration.data, configuration.contact) == (Path("from-environment"), "file@example.ir")


def test_the_command_line_is_over_the_environment(monkeypatch):
    monkeypatch.setenv("MONADI_DATA", "from-environment")
    assert read_configuration(data="from-command", contact=None).data == Path("from-command")


def test_a_variable_set_to_nothing_is_not_set(monkeypatch):
    write('catalogue = "ours"')
    for name in Configuration.model_fields:
        monkeypatch.setenv(f"MONADI_{name.upper()}", "")
    assert read_configuration().catalogue == Path("ours")


def test_an_archive_that_is_named_needs_no_file_in_the_data_directory(monkeypatch):
    monkeypatch.setenv("MONADI_ARCHIVE", "postgresql+psycopg://monadi@db/monadi")
    assert read_configuration().archive_url == "postgresql+psycopg://monadi@db/monadi"


WRONG = {
    "unknown key": ('arcive = "x"', "ARCIVE"),
    "unknown table": ("[web]\nport = 1", "WEB"),
    "wrong type": ("data = 5", "DATA"),
    "wrong type of a text": ('contact = ["a", "b"]', "CONTACT"),
    "no TOML": ("data = ", "monadi.toml"),
    "twice": ('data = "a"\ndata = "b"', "monadi.toml"),
}


@pytest.mark.parametrize(("text", "named"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("read", [read_configuration, open_archive])
def test_what_cannot_be_used_is_named_in_one_line(text, named, read):
    write(text)
    with pytest.raises(ConfigurationError) as caught:
        read()
    assert "monadi.toml" in str(caught.value)
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_in_another_encoding_is_named():
    Path("monadi.toml").write_bytes('contact = "یزد"'.encode("windows-1256", "replace") + b"\xff")
    with pytest.raises(ConfigurationError, match=r"monadi\.toml: "):
        read_configuration()


def test_a_wrong_setting_is_an_error_of_the_archive():
    assert issubclass(ConfigurationError, ArchiveError)


def test_an_archive_is_opened_where_the_configuration_says(elsewhere):
    write('data = "kept"')
    with open_archive() as archive:
        assert archive.upgrade()[0] is None
    assert (elsewhere / "kept" / "monadi.db").is_file()


def test_an_archive_is_opened_where_the_caller_says(elsewhere):
    with open_archive(data="ours") as archive:
        archive.upgrade()
    with open_archive(Configuration(data=elsewhere / "ours")) as archive:
        assert archive.stats()["articles"] == 0


def test_where_feeds_say_that_they_are_found_is_this_machine_until_it_is_stated():
    assert read_configuration().public_url == "http://127.0.0.1:8000"
    write('base_url = "https://news.example.ir"')
    assert read_configuration().public_url == "https://news.example.ir"


def test_addresses_are_a_list_or_stand_beside_each_other_in_a_text(monkeypatch):
    write('alerts = ["mailto:a@b.ir", "tgram://x/y,z"]')
    stated = read_configuration().alerts
    monkeypatch.setenv("MONADI_ALERTS", "mailto:a@b.ir, tgram://x/y,z")
    assert read_configuration().alerts == stated
    assert [each.get_secret_value() for each in stated] == ["mailto:a@b.ir", "tgram://x/y,z"]
