"""What stands before the pages, and the pages that only speak of it. All markup here is written for these tests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.politeness.walls import is_notice, leads_to_login, missing, wall

HTML = {"content-type": "text/html; charset=utf-8"}
WORDS = "به گزارش روابط عمومی، سامانه ثبت درخواست با حضور مدیرکل گشایش یافت و کارشناسان پاسخ مردم را دادند. " * 12
MENU = "".join(f'<li><a href="/fa/{step}">بخش {step}</a></li>' for step in range(20))


def page(body, title="اداره کل", head=""):
    return f"<!DOCTYPE html><html dir=rtl><head><title>{title}</title>{head}</head><body>{body}</body></html>"


ARVAN = page(
    "<script>eval(function(p){return p}('0'));document.cookie='__arcsjs=1';location.reload()</script>", "منتظر بمانید"
)
ARVAN_NAMED = page("<script>var arvancloud=1;eval('x')</script><noscript>Enable JavaScript</noscript>", "")
CLOUDFLARE = page(
    "<h1>yazd.example.ir</h1><p>Checking your browser</p>"
    '<script>window._cf_chl_opt={};var a=document.createElement("script");'
    'a.src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"</script>',
    "Just a moment...",
)
COOKIE_SCRIPT = page("<script>document.cookie = 'k=' + 7*9; window.location.href = '/fa';</script>", "")
REFRESH = page(
    "<script>document.cookie='a=b'</script>لطفاً صبر کنید", head='<meta http-equiv="refresh" content="1;url=/">'
)
TESTCOOKIE = page("<script src=/aes.js></script><script>document.cookie='t='+toHex(slowAES.decrypt(c,2,a,b))</script>")
IMPERVA = '<html><body><iframe id="main-iframe" src="/_Incapsula_Resource?x=1">Unsuccessful.</iframe></body></html>'
CAPTCHA = page('<h1>بررسی امنیتی</h1><p>ثابت کنید که ربات نیستید.</p><div class="g-recaptcha"></div>')
IMAGE_CAPTCHA = page('<form>لطفا کد امنیتی را وارد کنید <img src="/captcha.ashx"><input name="captcha"></form>')
LOGIN = page('<h2>ورود به سامانه</h2><form>نام کاربری <input><input type="password"><button>ورود</button></form>')
LOGIN_ENGLISH = page("<form><input name=user><input type=password></form>", "Sign in - Portal")
LOGIN_ARABIC = page('<form><input type="Password"></form>', "ورود كاربران")

WALLS = [
    (200, ARVAN, "challenge", "ArvanCloud's script"),
    (200, ARVAN_NAMED, "challenge", "ArvanCloud by name"),
    (503, CLOUDFLARE, "challenge", "Cloudflare's interstitial"),
    (403, CLOUDFLARE, "challenge", "Cloudflare's interstitial as 403"),
    (200, CLOUDFLARE, "challenge", "Cloudflare's interstitial as 200"),
    (200, COOKIE_SCRIPT, "challenge", "a script that makes a cookie and goes on"),
    (200, REFRESH, "challenge", "a script that makes a cookie, and a refresh"),
    (200, TESTCOOKIE, "challenge", "testcookie"),
    (200, IMPERVA.replace("<body>", "<body><script></script>"), "challenge", "Imperva"),
    (403, IMPERVA, "challenge", "Imperva as 403"),
    (200, CAPTCHA, "challenge", "a CAPTCHA"),
    (429, CAPTCHA, "challenge", "a CAPTCHA as 429"),
    (200, IMAGE_CAPTCHA, "challenge", "a CAPTCHA that is an image"),
    (200, LOGIN, "login", "a login"),
    (403, LOGIN, "login", "a login as 403"),
    (200, LOGIN_ENGLISH, "login", "an English login"),
    (200, LOGIN_ARABIC, "login", "a login in Arabic letters"),
]


@pytest.mark.parametrize(("status", "body", "kind", "what"), WALLS, ids=[row[3] for row in WALLS])
def test_a_wall_is_recognised_as_what_it_is(status, body, kind, what):
    found = wall(status, HTML, body.encode())

    assert found is not None
    assert found.kind == kind
    assert found.reason


def test_cloudflare_says_so_itself():
    assert wall(403, {"cf-mitigated": "challenge", **HTML}, b"").kind == "challenge"


def test_a_wall_that_states_no_type_is_one():
    assert wall(200, {}, ARVAN.encode()).kind == "challenge"


def test_the_page_that_is_cut_short_for_speed_is_still_one():
    padded = ARVAN.replace("</script>", "/*" + "x" * 40_000 + "*/</script>")

    assert wall(200, HTML, padded.encode()).kind == "challenge"


COMMENTS = '<form>نظر شما <textarea></textarea> کد امنیتی <img src="/captcha.jpg"><input name=captcha></form>'
LOGIN_BOX = '<div class="mod-login"><h3>ورود کاربران</h3><form><input><input type=password></form></div>'
NOT_WALLS = [
    (f"<article><h1>گشایش سامانه</h1><p>خبری کوتاه.</p></article>{COMMENTS}", "a short article with a CAPTCHA below"),
    (f"<article><h1>ورود ممنوع شد</h1><p>خبر.</p></article>{LOGIN_BOX}", "a short article with a login box"),
    (f"<div class=body><h1>سامانه ورود یکپارچه</h1><p>{WORDS}</p></div>{LOGIN_BOX}", "an article on a login"),
    (f"<h1>کد امنیتی چیست؟</h1><p>{WORDS} من ربات نیستم {WORDS}</p>{COMMENTS}", "an article on CAPTCHAs"),
    (f"<h1>ابر آروان arvancloud</h1><p>{WORDS}</p><script>document.cookie='a=1'</script>", "an article on ArvanCloud"),
    (f"<ul>{MENU}</ul>{LOGIN_BOX}<script>document.cookie='a';location.href='#'</script>", "a listing with a login box"),
    ('<p>به زودی</p><script src="https://cdn.arvancloud.example/a.js"></script>', "a small page from a network"),
    ('<p>به زودی</p><script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>', "Cloudflare's measuring"),
    ("<h1>ورود</h1><p>بدون فرم</p>", "a heading without a form"),
    ('<h1>تغییر گذرواژه</h1><input type="password">', "a form that is no login"),
    ("<script>document.cookie='visited=1'</script><p>خبر</p>", "a script that counts visitors"),
    ("", "nothing"),
]


@pytest.mark.parametrize(("body", "what"), NOT_WALLS, ids=[row[1] for row in NOT_WALLS])
def test_a_page_that_only_speaks_of_walls_is_none(body, what):
    assert wall(200, HTML, page(body).encode()) is None


@pytest.mark.parametrize("status", [301, 304, 404, 500, 502])
def test_other_answers_keep_their_status(status):
    assert wall(status, HTML, ARVAN.encode()) is None


@pytest.mark.parametrize("kind", ["application/rss+xml", "text/xml", "application/json", "image/png", "text/plain"])
def test_what_is_no_page_is_no_wall(kind):
    assert wall(200, {"content-type": kind}, ARVAN.encode()) is None


@given(st.binary(max_size=400), st.sampled_from([200, 403, 503]))
def test_no_body_is_an_error(body, status):
    wall(status, HTML, body)
    missing(body.decode(errors="replace"))


# ---- logins that a redirect leads to ----


@pytest.mark.parametrize(
    ("url", "is_login"),
    [
        ("https://yazd.example.ir/login", True),
        ("https://yazd.example.ir/fa/Login?ReturnUrl=%2Ffa%2Fnews", True),
        ("https://yazd.example.ir/Account/Login.aspx", True),
        ("https://yazd.example.ir/wp-login.php?redirect_to=x", True),
        ("https://yazd.example.ir/users/sign-in/", True),
        ("https://sso.example.ir/realms/a", True),
        ("https://yazd.example.ir/%D9%88%D8%B1%D9%88%D8%AF", True),
        ("https://yazd.example.ir/fa/news/12/login-to-the-new-system", False),
        ("https://yazd.example.ir/fa/news/12/%D9%88%D8%B1%D9%88%D8%AF-%D8%A8%D9%87", False),
        ("https://yazd.example.ir/catalog/in", False),
        ("https://ssonews.example.ir/", False),
        ("https://[broken", False),
    ],
)
def test_an_address_of_a_login_is_known_by_a_step_of_its_path_or_its_host(url, is_login):
    assert leads_to_login(url) is is_login


# ---- soft 404s ----

NOTICES = [
    "صفحه مورد نظر یافت نشد",
    "صفحه درخواستی شما موجود نمی باشد",
    "صفحه درخواستی شما موجود نمی\u200cباشد",
    "صفحه مورد نظر شما پیدا نشد!",
    "متاسفانه صفحه‌ای که به دنبال آن بودید یافت نشد",
    "صفحه مورد نظر وجود ندارد",
    "صفحه مورد نظر يافت نشد",
    "خطای ۴۰۴",
    "خطای ٤٠٤",
    "خطا 404",
    "404 - صفحه یافت نشد",
    "404 Not Found",
    "Page not found",
    "خبر مورد نظر یافت نشد",
    "مطلب درخواستی موجود نیست",
    "محتوای درخواست شده وجود ندارد",
]


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize(
    "where", ["<h1>{}</h1>", "<h2> {}\n</h2>", "<div class=error_container>{}</div>", "<p>پیام: <b>{}</b></p>"]
)
def test_a_page_that_says_there_is_none_is_missing(notice, where):
    assert missing(page(where.format(notice)))


@pytest.mark.parametrize("notice", NOTICES)
def test_its_title_is_enough_whatever_frame_stands_around_it(notice):
    assert missing(page(f"<ul>{MENU}</ul><p>{WORDS}</p>", f"{notice} | اداره کل"))


@pytest.mark.parametrize("heading", ["404", " 404 ", "۴۰۴ | اداره کل", "404: اداره کل"])
def test_a_heading_of_the_number_alone_is_enough(heading):
    assert missing(page(f"<h1>{heading}</h1><p>{WORDS}</p>"))
    assert is_notice(heading, "") is (heading.strip() == "404")


def test_a_heading_is_enough_whatever_frame_stands_around_it():
    assert missing(page(f"<ul>{MENU}</ul><h2>صفحه مورد نظر یافت نشد</h2><p>{WORDS}</p>"))


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>سامانه تازه</h1><p>{WORDS} کاربران با پیام «صفحه مورد نظر یافت نشد» روبه‌رو می‌شدند.</p>",
        "<h1>گم شده‌ای پیدا نشد</h1><p>جست‌وجو ادامه دارد.</p>",
        "<h1>نشست ۴۰۴</h1><p>اتاق ۴۰۴ میزبان نشست بود.</p>",
        "<h1>برنامه روز</h1><p>کمبودی وجود ندارد.</p>",
        f"<ul>{MENU}</ul>",
    ],
)
def test_a_page_that_has_something_else_to_say_is_not_missing(body):
    assert not missing(page(body))


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_that_was_read_as_an_article_is_one(notice):
    assert is_notice(notice, "به صفحه اصلی بازگردید.")


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("خطای ۴۰۴ در سامانه ثبت نام برطرف شد", "خبر کوتاه."),
        ("«صفحه یافت نشد»؛ نمایشگاه عکسی از شهرهای فراموش شده در نگارخانه یزد", "خبر کوتاه."),
        ("صفحه مورد نظر یافت نشد", WORDS),
        ("نشست روابط عمومی‌ها", "صفحه مورد نظر یافت نشد"),
    ],
)
def test_an_article_about_a_notice_is_an_article(title, body):
    assert not is_notice(title, body)
