"""What a page has around its article: told by the names of its elements, and by the words of its labels."""

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

from persian.text import ZWNJ


class Role:
    """What the names of an element (its class, id, role and tag) say that it holds: a bit each.

    Plain numbers, for they are asked for some thousand times a page and members of `enum.Flag` are slow.
    """

    NONE: Final = 0
    TITLE: Final = 1 << 0
    KICKER: Final = 1 << 1
    LEAD: Final = 1 << 2
    SUBTITLE: Final = 1 << 3  # a kicker above the title, a lead below it
    BODY: Final = 1 << 4
    DATE: Final = 1 << 5
    CAPTION: Final = 1 << 6
    CATEGORY: Final = 1 << 7
    TAGS: Final = 1 << 8
    PATH: Final = 1 << 9
    RELATED: Final = 1 << 10
    COMMENTS: Final = 1 << 11
    SHARE: Final = 1 << 12
    ADS: Final = 1 << 13
    NAVIGATION: Final = 1 << 14
    SIDE: Final = 1 << 15
    HEAD: Final = 1 << 16
    FOOT: Final = 1 << 17
    COUNT: Final = 1 << 18
    TOOLS: Final = 1 << 19
    FORM: Final = 1 << 20


FURNITURE: Final = (
    Role.TAGS
    | Role.PATH
    | Role.RELATED
    | Role.COMMENTS
    | Role.SHARE
    | Role.ADS
    | Role.NAVIGATION
    | Role.SIDE
    | Role.HEAD
    | Role.FOOT
    | Role.COUNT
    | Role.TOOLS
    | Role.FORM
)
APART: Final = FURNITURE | Role.CAPTION
"""What is none of a body's text."""
ELSEWHERE: Final = Role.RELATED | Role.COMMENTS | Role.ADS | Role.NAVIGATION | Role.SIDE
"""Where a date or a title is that of something else."""

_WORDS: Final[dict[int, str]] = {
    Role.TITLE: "title titr titre titer headline heading subject onvan",
    Role.KICKER: "kicker rutitr rotitr rootitr ruotitr uptitle suptitle supertitle overtitle overline pretitle toptitle"
    " upperheadline surtitle rutitre headtitle overhead eyebrow titrrou tagline",
    Role.SUBTITLE: "subtitle subtitr zirtitr subhead subheading subheadline soutitr sutitr",
    Role.LEAD: "lead lid leed summary intro introtext excerpt abstract chekide chekideh kholase kholaseh standfirst"
    " deck teasertext sharhekootah introduction",
    Role.BODY: "body content text matn matne sharh sharhe story articlebody maintext fulltext mohtava detail details"
    " echo entry editor",
    Role.DATE: "date datetime time tarikh tarikhe zaman pdate pubdate published publish created posted publishdate"
    " newsdate",
    Role.CAPTION: "caption figcaption",
    Role.TAGS: "tags keyword keywords barchasb barchasbha tagcloud hashtags kelidvajeh",
    Role.CATEGORY: "category cat newscategory newsgroup catname genre goruh daste dastebandi",
    Role.PATH: "path location breadcrumb breadcrumbs crumb crumbs masir",
    Role.RELATED: "related relate relates relatednews relnews reldoc reldocs similar suggest suggested suggestion"
    " suggestions recommend recommended recommendation recommendations readmore morenews othernews lastnews latest"
    " latestnews recentnews recent popular mostviewed mostvisited mostview porbazdid mortabet mortabett moshabeh"
    " teaser"
    " teasers ticker carousel slider slideshow seealso relateditems yarpp newslist listnews moretoread",
    Role.COMMENTS: "comment comments commentlist commentform nazar nazarat didgah didgahha reply replies respond disqus"
    " feedback",
    Role.SHARE: "share sharing sharebar shares social socials socialmedia addthis eshterak sharethis sharedaddy",
    Role.ADS: "ad ads adv advert adverts advertise advertisement advertisements banner banners bannergroup sponsor"
    " sponsored tabligh tablighat promo adsense adbox adzone",
    Role.NAVIGATION: "nav navigation menu navbar topmenu mainmenu submenu pager pagination pagenav pagenavi topbar"
    " sitemap navmenu megamenu skip",
    Role.SIDE: "sidebar side aside widget widgets sidenav",
    Role.HEAD: "masthead logo topheader siteheader",
    Role.FOOT: "footer copyright copyrights foot siteinfo",
    Role.COUNT: "visit visits visitcount hits hit counter viewcount bazdid rating ratings vote votes emtiaz viewscount"
    " likes pageviews",
    Role.TOOLS: "print printer chap toolbar toolbox tools shortlink shorturl tinyurl qrcode fontsize attachment"
    " attachments attach permalink zamime peyvast",
    Role.FORM: "captcha search login newsletter subscribe subscription poll survey nazarsanji jostoju",
}
_ROLES: Final = {word: role for role, words in _WORDS.items() for word in words.split()}
_PAIRS: Final = {  # words that say it only together
    ("read", "more"): Role.RELATED,
    ("more", "read"): Role.RELATED,
    ("more", "news"): Role.RELATED,
    ("news", "more"): Role.RELATED,
    ("last", "news"): Role.RELATED,
    ("other", "news"): Role.RELATED,
    ("see", "also"): Role.RELATED,
    ("more", "to"): Role.RELATED,
    ("most", "viewed"): Role.RELATED,
    ("most", "visited"): Role.RELATED,
    ("view", "count"): Role.COUNT,
    ("short", "link"): Role.TOOLS,
    ("short", "url"): Role.TOOLS,
    ("cat", "links"): Role.CATEGORY,
    ("cat", "name"): Role.CATEGORY,
    ("category", "name"): Role.CATEGORY,
    ("news", "group"): Role.CATEGORY,
    ("section", "info"): Role.CATEGORY,
    ("tag", "list"): Role.TAGS,
    ("article", "tag"): Role.TAGS,
    ("news", "tag"): Role.TAGS,
    ("page", "footer"): Role.FOOT,
    ("site", "header"): Role.HEAD,
    ("up", "title"): Role.KICKER,
    ("over", "title"): Role.KICKER,
    ("top", "title"): Role.KICKER,
    ("title", "top"): Role.KICKER,
    ("sup", "title"): Role.KICKER,
    ("super", "title"): Role.KICKER,
    ("pre", "title"): Role.KICKER,
    ("ru", "titr"): Role.KICKER,
    ("roo", "titr"): Role.KICKER,
    ("titr", "rou"): Role.KICKER,
    ("sub", "title"): Role.SUBTITLE,
    ("sub", "titr"): Role.SUBTITLE,
    ("sub", "heading"): Role.SUBTITLE,
}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[\u0620-\u06ff]+")
_JOINED = re.compile(  # the end of words written together: newstitle, relatednews, txtbody
    r"(?P<KICKER>r[ou]o?titr|uptitle|suptitle)|(?P<SUBTITLE>subtitle|subtitr)|(?P<RELATED>related)"
    r"|(?P<COMMENTS>comment)"
    r"|(?P<TITLE>title|titr)$|(?P<LEAD>lead|summary|abstract|intro)$|(?P<BODY>body|content|text|matn)$"
    r"|(?P<DATE>date|tarikh|datetime)$|(?P<TAGS>keywords?|tags)$|(?P<PATH>breadcrumb)|(?P<SIDE>sidebar)"
    r"|(?P<NAVIGATION>menu)$|(?P<FOOT>footer)$|(?P<SHARE>share)$"
)
_LONG: Final = 6
_LANDMARKS: Final = {
    "nav": Role.NAVIGATION,
    "aside": Role.SIDE,
    "footer": Role.FOOT,
    "navigation": Role.NAVIGATION,
    "menu": Role.NAVIGATION,
    "menubar": Role.NAVIGATION,
    "banner": Role.HEAD,
    "complementary": Role.SIDE,
    "contentinfo": Role.FOOT,
    "search": Role.FORM,
    "figcaption": Role.CAPTION,
}
_PROPERTIES: Final = {
    "headline": Role.TITLE,
    "articlebody": Role.BODY,
    "datepublished": Role.DATE,
    "description": Role.LEAD,
    "alternativeheadline": Role.SUBTITLE,
    "keywords": Role.TAGS,
    "articlesection": Role.CATEGORY,
    "genre": Role.CATEGORY,
    "comment": Role.COMMENTS,
    "breadcrumb": Role.PATH,
    "interactioncount": Role.COUNT,
}


_REMEMBERED: Final = 8192  # the furniture of a site is the same on all its pages


@lru_cache(maxsize=_REMEMBERED)
def role_of(tag: str, names: str, landmark: str | None, property_: str | None) -> int:
    """The role that an element's names state: `names` are its class and id, as written."""
    role = _LANDMARKS.get(tag, Role.NONE)
    if landmark:
        role |= _LANDMARKS.get(landmark.lower(), Role.NONE)
    if property_:
        for each in property_.lower().split():
            role |= _PROPERTIES.get(each, Role.NONE)
    for token in names.split():
        role |= _token_role(token)
    return role


_STATES: Final = frozenset({"enabled", "disabled", "open", "closed", "allowed", "has", "no", "with", "without", "is"})


def _token_role(token: str) -> int:
    words = [word.lower() for word in _WORD.findall(token)]
    if not _STATES.isdisjoint(words):  # «comments-open», «has-sidebar»: how the page is, not what the element holds
        return Role.NONE
    whole = "".join(words)
    if whole in _ROLES:
        return _ROLES[whole]
    for pair in pairwise(words):
        if pair in _PAIRS:
            return _PAIRS[pair]
    role = Role.NONE
    for word in words:
        known = _ROLES.get(word)
        if known is None and len(word) > _LONG and (found := _JOINED.search(word)):
            known = getattr(Role, found.lastgroup or "NONE")
        role |= known or Role.NONE
    furniture = role & FURNITURE
    return furniture or role  # «related-title», «comment-body»: of what stands around, not of the article


# ---- words ----

_NEWS = (
    "(?:اخبار|اخباری|خبر|خبرها|خبر ?های|مطالب|مطلب ?های|"
    "گزارش ?های|نوشته ?های|پست ?های|مقالات|موضوعات|لینک ?های|پیوندهای|رویدادهای)"
)
_RELATED = (
    rf"{_NEWS} (?:مرتبط|مشابه|پیشنهادی|دیگر|بیشتر|اخیر|تازه|جدید|پربازدید|پر ?بیننده|برگزیده|ویژه|مفید|مهم)(?:"
    rf" .{{0,20}})?"
    r"|(?:پر ?بازدید|پر ?بیننده|محبوب|داغ|جدید|تازه|مهم) ?ترین ?(?:ها|های)?(?: .{0,20})?"
    r"|(?:آخرین|سایر|دیگر|جدیدترین|تازه ?ترین) (?:اخبار|خبر ?ها|خبر ?های|مطالب|رویدادها|اطلاعیه ?ها|عناوین)(?:"
    r" .{0,20})?"
    r"|تازه ?ها(?:ی .{0,20})?|(?:بیشتر|همچنین|این را هم|این خبر را هم|این مطلب را هم)(?: هم)? بخوانید|در همین"
    r" (?:باره|زمینه|رابطه)(?: بخوانید)?"
    r"|بخوانید|پیشنهاد (?:سردبیر|ما|ویژه)|پیوند ?ها|لینک ?ها|(?:خبر|مطلب) (?:قبلی|بعدی)|شاید (?:این|برای).{0,25}"
    r"|مرتبط ?ها"
)
_COMMENTS = (
    r"(?:\d+ )?(?:نظر|نظرات|نظرها|دیدگاه|دیدگاه ?ها|دیدگاه ?های|نظر ?های)(?: (?:کاربران|بینندگان|خوانندگان|مخاطبان"
    r"|شما|ثبت شده|ارسالی"
    r"|برای این .{0,12}|این .{0,12}|درباره .{0,15}))?(?: \d+)?"
    r"|(?:ارسال|ثبت|درج|افزودن|نوشتن) (?:نظر|نظرات|دیدگاه|پاسخ)(?: .{0,15})?|نظر (?:شما|خود|بدهید).{0,25}|(?:نظر"
    r"|دیدگاه)(?:ات|تان)? (?:خود )?را.{0,25}"
)
_SHARE = r"(?:به )?اشتراک ?(?:بگذارید|گذاری|گذاشتن).{0,25}|(?:این )?(?:خبر|مطلب) را به اشتراک.{0,20}"
_TAGS = r"(?:برچسب|تگ|کلید ?واژه|هشتگ) ?(?:ها|های خبر|های مطلب|های)?|(?:کلمات|واژگان|واژه ?های|واژه) کلیدی"
_NO_LETTERS = re.compile(r"[^\w\s]+|_")
_LABEL = re.compile(f"(?P<RELATED>{_RELATED})|(?P<COMMENTS>{_COMMENTS})|(?P<SHARE>{_SHARE})|(?P<TAGS>{_TAGS})")
LONGEST_LABEL: Final = 48

_DATELINE = (
    r"تاریخ(?: و (?:ساعت|زمان))?(?: (?:انتشار|درج|خبر|ثبت|ایجاد|ارسال|مطلب|نشر))?|زمان (?:انتشار|درج|مطالعه)|منتشر"
    r" شده|انتشار|ساعت(?: انتشار)?"
    r"|(?:آخرین )?(?:به ?روز ?رسانی|ویرایش|بروز ?رسانی|تغییرات?|تاریخ ویرایش)|امروز"
)
META = re.compile(
    rf"(?:(?:کد|شماره|شناسه)(?: ?(?:خبر|مطلب|محتوا|نوشته|سند))?|(?:تعداد |میزان |دفعات )?(?:بازدید|مشاهده|نمایش)(?:"
    rf" ?(?:ها|کننده|کنندگان|شده))?"
    rf"|تعداد (?:نظرات|کلیک|دیدگاه ?ها|دانلود)|{_DATELINE}|نویسنده|نگارنده|ارسال (?:کننده|توسط)|ارسال شده(?: در|"
    rf" توسط)?|گروه(?: خبری?)?|دسته(?: ?بندی)?"
    r"|سرویس|رسته|لینک کوتاه|نشانی کوتاه|پیوند کوتاه|امتیاز|میانگین|رای|اندازه (?:متن|فونت|قلم)|عنوان خبر|روتیتر|لید"
    r"|خلاصه(?: خبر)?|متن خبر|شرح خبر|کاربر|مدت مطالعه)"
    r"(?= ?(?:[:：|]|\d|$))"
)
PUBLISHED = re.compile(
    r"تاریخ (?:و .{3,5} )?(?:انتشار|درج|خبر|ثبت|ایجاد|ارسال|مطلب|نشر)|زمان (?:انتشار|درج)|منتشر شده|انتشار|تاریخ"
)
MODIFIED = re.compile(r"به ?روز ?رسانی|بروز ?رسانی|ویرایش|تغییر|اصلاح|updated|modified", re.IGNORECASE)
TODAY = re.compile(r"امروز|today", re.IGNORECASE)
CONTACT: Final = re.compile(
    r"(?:کلیه|تمام|تمامی|همه)(?: ?ی)? (?:حقوق|مطالب)|حقوق (?:مادی|معنوی|این (?:سایت|پایگاه|پورتال|وب))|(?:نشانی|آدرس"
    r"|تلفن|نمابر|فکس|دورنگار|کد ?پستی|صندوق پستی"
    r"|پست الکترونیک|رایانامه|ایمیل) ?:|^(?:نشانی|آدرس|تلفن) |(?:طراحی|تولید|پیاده ?سازی|قدرت گرفته|پشتیبانی)(?: و"
    r" \S+)? ?(?:[:：]|توسط|از)"
    r"|استفاده از مطالب .{0,30}(?:ذکر|منبع)|copyright|©|all rights reserved|powered by",
    re.IGNORECASE,
)
_TOOL_WORDS: Final = frozenset(
    "چاپ نسخه چاپی قابل پرینت ارسال به برای دوست دوستان بازگشت ذخیره فایل متن خبر این تلگرام ایتا واتساپ واتس اپ"  # noqa: SIM905 - words are read as words
    " روبیکا بله سروش گپ آی آیگپ توییتر"
    " توئیتر فیس بوک فیسبوک اینستاگرام لینکدین پینترست ایمیل کپی لینک کوتاه اشتراک گذاری بازدید نظر نظرات پسندیدم"
    " نمی پسندم"
    " پاسخ گزارش خطا بیشتر ادامه مطلب قبلی بعدی صفحه نخست اصلی خانه دانلود پیوست ضمیمه pdf print email share telegram"
    " whatsapp twitter facebook rss a + - | آ ا".split()
)
MISSING = re.compile(
    r"(?:صفحه|خبر|مطلب|محتوا|سند|آدرس|نشانی)(?:[یه]?(?: \S+){0,4})? (?:یافت نشد|پیدا نشد|موجود نیست|موجود نمی ?باشد"
    r"|وجود ندارد|حذف شده است)"
    r"|خطا[ی]? ?(?:404|۴۰۴)|(?:404|۴۰۴) ?(?:خطا|یافت نشد)|^(?:404|۴۰۴)$|not found|page (?:does not|doesn t) exist",
    re.IGNORECASE,
)
SEARCHED = re.compile(
    r"^(?:نتایج (?:جستجو|جست ?و ?جو)|جستجوی?(?: پیشرفته| در سایت| برای:.*)?$|نتیجه ?ای یافت نشد|search results)",
    re.IGNORECASE,
)
ENTERED = re.compile(
    r"^(?:ورود|ثبت ?نام|عضویت|ورود به (?:سامانه|سیستم|حساب|سایت|پورتال|پنل).*|login|sign in)$", re.IGNORECASE
)
_EMPTY_TITLES: Final = frozenset(
    "خبر اخبار اخبار و اطلاعیه ها آرشیو آرشیو اخبار مشروح خبر متن خبر جزئیات خبر نمایش خبر صفحه اصلی خانه صفحه نخست"  # noqa: SIM905 - words are read as words
    " آخرین اخبار اطلاعیه ها"
    " رویدادها گزارش تصویری چندرسانه ای تماس با ما درباره ما".split()
)


def plain(text: str) -> str:
    """A displayed line in the form that the expressions here match, without half-spaces."""
    return text.replace(ZWNJ, " ")


@lru_cache(maxsize=_REMEMBERED)
def label_of(text: str) -> int:
    """What the label that is the whole of a displayed line announces: related news, comments, share links, tags."""
    if len(text) > LONGEST_LABEL:
        return Role.NONE
    words = " ".join(_NO_LETTERS.sub(" ", plain(text)).split())
    found = _LABEL.fullmatch(words)
    return getattr(Role, found.lastgroup) if found and found.lastgroup else Role.NONE


_OPENING = re.compile(r"([^:：]{3,24}) ?[:：]")


@lru_cache(maxsize=_REMEMBERED)
def opening_label(text: str) -> int:
    """What a line's own opening announces: «برچسب‌ها: آب، مصرف»."""
    found = _OPENING.match(text)
    return label_of(found[1]) if found else Role.NONE


@lru_cache(maxsize=_REMEMBERED)
def is_tool(text: str) -> bool:
    """Whether a displayed line is nothing but buttons: «نسخه چاپی | ارسال به دوستان»."""
    words = _NO_LETTERS.sub(" ", plain(text)).lower().split()
    rest = [word for word in words if not word.isdecimal()]
    return bool(rest) and all(word in _TOOL_WORDS for word in rest)


@lru_cache(maxsize=_REMEMBERED)
def is_section_name(text: str) -> bool:
    """Whether a title is that of a section («آرشیو اخبار»), not of a release."""
    words = _NO_LETTERS.sub(" ", plain(text)).split()
    return bool(words) and all(word in _EMPTY_TITLES for word in words)
