"""A front page that shows nothing itself leads on by what it states; its scripts are seen and never run."""

from html import escape

import pytest

from spiders.onboarding.onward import led_by_script, led_on

HOME = "https://yazd.example.ir/"


@pytest.mark.parametrize(
    ("stated", "leads"),
    [
        ("0; url=/fa/", "fa/"),
        ("0;URL='fa/news'", "fa/news"),
        (' 5 ; Url = "/fa/" ', "fa/"),
        ("3, /fa/", "fa/"),
        ("0;/Default.aspx?tabid=1", "Default.aspx?tabid=1"),
        ("0.5; url=https://www.yazd.example.ir/fa/", "https://www.yazd.example.ir/fa/"),
        ("300", None),
        ("300; url=/", None),
        ("0; url=https://yazd.example.ir", None),
        ("0; url=https://elsewhere.example.org/", None),
        ("0; url=http://[", None),
        ("0; url=mailto:a@yazd.example.ir", None),
        ("", None),
        ("url=/fa/", None),
    ],
)
def test_a_page_that_says_little_leads_where_it_states(respond, stated, leads):
    page = f"<head><meta charset=utf-8><meta http-equiv=Refresh content='{escape(stated)}'>"
    found = led_on(respond(page, url=HOME))

    assert found == (leads if leads is None or leads.startswith("https:") else HOME + leads)


def test_a_front_page_with_releases_leads_nowhere(respond):
    releases = "".join(f"<a href='/news/{number}'>خبر {number}</a>" for number in range(20))
    page = f"<meta http-equiv='refresh' content='300; url=/fa/'><script>location.href = '/fa/'</script>{releases}"

    assert led_on(respond(page, url=HOME)) is None
    assert not led_by_script(respond(page, url=HOME))


@pytest.mark.parametrize(
    ("script", "leads"),
    [
        ("window.location.href = '/fa/'", True),
        ("location.replace('/fa/')", True),
        ("window.location='/fa/'", True),
        ("var place = 'خبر'", False),
    ],
)
def test_a_script_that_leads_on_is_seen(respond, script, leads):
    assert led_by_script(respond(f"<html><body><script>{script}</script></body></html>", url=HOME)) is leads
