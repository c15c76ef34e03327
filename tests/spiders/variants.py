# ruff: noqa: E501 - a page is written as its site writes it, in long lines
"""Pages that no platform class knows, written for the generic reader: the releases of six offices in as many layouts
as there are functions here, each with what should be read of it.

`~` stands for a half-space in the texts. `HELD_OUT` was written apart and first read when the reader was done with `TUNED`
(12 of 14 pages were right in every part then), so that its score said something of pages that are still to come.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from html import escape

Z = "\u200c"
ADDRESS = "https://yazd.example.ir/page/view/8812"


@dataclass(frozen=True, kw_only=True)
class Release:
    """What an office wrote; `when` is what the page shows, `at` the same instant or day as the record has it."""

    kicker: str | None = None
    title: str
    lead: str
    body: tuple[str, ...]
    when: str
    at: str
    stamp: str  # the same in the manner of metadata
    office: str


@dataclass(frozen=True, kw_only=True)
class Variant:
    name: str
    page: str | bytes
    title: str
    kicker: str | None
    lead: str | None
    body: tuple[str, ...]
    at: str | None
    url: str = ADDRESS
    tags: tuple[str, ...] | None = None
    never: tuple[str, ...] = field(default_factory=tuple)


def z(text: str) -> str:
    return text.replace("~", Z)


def release(*, body: Iterable[str], **texts: str) -> Release:
    return Release(body=tuple(z(each) for each in body), **{name: z(text) for name, text in texts.items()})


BRIDGE = release(
    kicker="مدیرکل راه~داری استان خبر داد:",
    title="پل روستای سرچشمه پس از دو سال به بهره~برداری رسید",
    lead="پل روستای سرچشمه که در سیل بهار دو سال پیش آسیب دیده بود، با اعتبار پنجاه میلیارد ریال بازسازی شد و زیر بار ترافیک رفت.",
    body=(
        "به گزارش روابط عمومی اداره کل راه~داری، این پل به طول سی و شش متر در محور روستایی سرچشمه به دره~باغ ساخته شده است.",
        "رضا کاویانی در آیین گشایش این طرح گفت: رفت~وآمد دوازده روستا با بیش از چهار هزار نفر جمعیت از این پس آسان~تر می~شود.",
        "وی افزود: در ساخت این پل از تیرهای پیش~تنیده استفاده شده و عمر مفید آن پنجاه سال پیش~بینی می~شود.",
        "کاویانی با قدردانی از شکیبایی مردم منطقه یادآور شد که بهسازی سه کیلومتر از راه دسترسی نیز تا پایان سال انجام خواهد شد.",
    ),
    when="۱۵ آذر ۱۴۰۰ - ۰۹:۱۹",
    at="2021-12-06T09:19:00+03:30",
    stamp="2021-12-06T09:19:00+03:30",
    office="اداره کل راه~داری استان یزد",
)
SCHOOL = release(
    kicker="در نشست شورای آموزش و پرورش:",
    title="ساخت هفت مدرسه تازه در حاشیه شهر آغاز می~شود",
    lead="رئیس سازمان نوسازی مدارس استان از آغاز ساخت هفت مدرسه در محله~های حاشیه شهر تا پایان شهریور خبر داد.",
    body=(
        "این هفت مدرسه در زمینی به مساحت چهارده هزار متر مربع و با مشارکت خیران ساخته می~شوند و هشتاد و چهار کلاس درس خواهند داشت.",
        "به گفته مسئولان، کمبود فضای آموزشی در این محله~ها سبب شده بود که دانش~آموزان در دو نوبت به مدرسه بروند.",
        "مریم صدوقی، رئیس سازمان نوسازی مدارس، گفت: پیمانکاران برگزیده شده~اند و کار از هفته آینده آغاز می~شود.",
        "او هزینه این طرح را سیصد میلیارد ریال دانست که نیمی از آن را خیران مدرسه~ساز پرداخته~اند.",
        "بر پایه این گزارش، دو مدرسه از این شمار به کودکان با نیازهای ویژه اختصاص می~یابد.",
    ),
    when="12 مرداد 1403 ساعت 10:45",
    at="2024-08-02T10:45:00+03:30",
    stamp="2024-08-02T10:45:00+03:30",
    office="اداره کل نوسازی مدارس استان گیلان",
)
WATER = release(
    kicker="معاون بهره~برداری آبفا:",
    title="مصرف آب در روزهای گرم ده درصد بالا رفت",
    lead="با بالا رفتن دمای هوا مصرف آب آشامیدنی در شهرهای استان ده درصد افزایش یافته است و شهروندان به صرفه~جویی فراخوانده شدند.",
    body=(
        "معاون بهره~برداری شرکت آب و فاضلاب گفت: مصرف هر شهروند در شبانه~روز به دویست و سی لیتر رسیده است.",
        "حسین فرهمند با اشاره به کاهش بارش~ها افزود: ذخیره سدها نسبت به سال گذشته هجده درصد کمتر است.",
        "وی از مشترکان خواست کولرهای آبی را در سایه بگذارند و از شستن حیاط و خودرو با آب آشامیدنی بپرهیزند.",
    ),
    when="۱۳۹۸/۰۴/۲۲ ۱۴:۰۵",
    at="2019-07-13T14:05:00+04:30",
    stamp="2019-07-13T14:05:00+04:30",
    office="شرکت آب و فاضلاب استان همدان",
)
TREES = release(
    kicker="به مناسبت هفته منابع طبیعی",
    title="کاشت بیست هزار نهال در پارک جنگلی شهر",
    lead="آیین درختکاری با حضور خانواده~ها، دانش~آموزان و مسئولان شهری در پارک جنگلی برگزار شد.",
    body=(
        "در این آیین که صبح امروز برگزار شد، گونه~های سازگار با اقلیم منطقه مانند بادام کوهی، بنه و ارژن کاشته شد.",
        "شهردار در سخنانی گفت: سرانه فضای سبز شهر با این کار به هفده متر مربع می~رسد.",
        "دانش~آموزان هر کدام نهالی را به نام خود کاشتند و نگهداری از آن را پذیرفتند.",
        "آبیاری این نهال~ها با پساب تصفیه~شده انجام می~شود تا از منابع آب زیرزمینی برداشت نشود.",
    ),
    when="چهارشنبه ۲۷ اسفند ۱۳۹۹ - ۱۲:۳۰",
    at="2021-03-17T12:30:00+03:30",
    stamp="2021-03-17T12:30:00+03:30",
    office="شهرداری سمنان",
)
CLINIC = release(
    kicker="رئیس بهزیستی شهرستان:",
    title="مرکز روزانه توان~بخشی سالمندان گشایش یافت",
    lead="نخستین مرکز روزانه توان~بخشی سالمندان در این شهرستان با ظرفیت پنجاه نفر گشایش یافت.",
    body=("این مرکز از ساعت هشت تا چهارده پذیرای سالمندان است و خدمات کاردرمانی، گفتاردرمانی و مشاوره ارائه می~کند.",),
    when="۳ بهمن ۱۴۰۲ | ۰۸:۰۰",
    at="2024-01-23T08:00:00+03:30",
    stamp="2024-01-23T08:00:00+03:30",
    office="اداره کل بهزیستی استان فارس",
)
POST = release(
    kicker="در گفت~وگو با مدیرکل پست",
    title="ارسال مرسوله~های دانشجویی با نیم~بها آغاز شد",
    lead="دانشجویان سراسر استان می~توانند تا پایان ترم بسته~های کتاب خود را با نیمی از نرخ معمول بفرستند.",
    body=(
        "مدیرکل پست استان گفت: برای بهره~مندی از این طرح نشان دادن کارت دانشجویی کافی است.",
        "این طرح در همه دفترهای شهری و در صد و ده دفتر روستایی اجرا می~شود.",
        "وزن هر بسته نباید از پنج کیلوگرم بیشتر باشد و هر دانشجو در ماه دو بار می~تواند از آن استفاده کند.",
        "سال گذشته بیش از سی هزار بسته به این شیوه فرستاده شد.",
    ),
    when="پنج~شنبه ۲۵ اردیبهشت ۱۴۰۴",
    at="2025-05-15",
    stamp="2025-05-15",
    office="اداره کل پست استان قم",
)

OTHERS = tuple(
    z(text)
    for text in (
        "دیدار سرزده مدیرکل از کارگاه~های شهرک صنعتی شماره دو",
        "جدول زمان~بندی آزمون~های استخدامی امسال اعلام شد",
        "برگزاری نشست هم~اندیشی با نمایندگان کارگران و کارفرمایان",
        "تمدید مهلت ثبت~نام در دوره~های رایگان مهارت~آموزی تا پایان ماه",
        "پیام تبریک مدیرکل به مناسبت روز پژوهش و فناوری",
        "افتتاح نمایشگاه دستاوردهای بانوان کارآفرین در مرکز استان",
        "کشف و جمع~آوری انشعاب~های غیرمجاز در سه شهرستان",
        "آغاز به کار ستاد نوروزی با شعار سفر ایمن",
    )
)
TEASERS = tuple(
    z(text)
    for text in (
        "مدیرکل در این دیدار از نزدیک در جریان دشواری~های تولیدکنندگان قرار گرفت و دستور پیگیری داد.",
        "داوطلبان می~توانند از روز شنبه با مراجعه به درگاه سازمان کارت ورود به جلسه را دریافت کنند.",
        "در این نشست درباره ایمنی محیط کار، دستمزد و بیمه تکمیلی کارگران گفت~وگو شد.",
        "علاقه~مندان برای نام~نویسی در این دوره~ها می~توانند به مراکز آموزش در سراسر استان مراجعه کنند.",
        "در این پیام آمده است که پژوهش چراغ راه توسعه است و پژوهشگران سرمایه~های این سرزمین هستند.",
        "این نمایشگاه تا پایان هفته هر روز از ساعت نه تا بیست پذیرای بازدیدکنندگان است.",
        "بازرسان شرکت در این عملیات بیش از چهل انشعاب غیرمجاز را شناسایی و قطع کردند.",
        "همه دستگاه~های امدادی در تعطیلات آماده~باش خواهند بود و گشت~های جاده~ای دو برابر می~شود.",
    )
)
REPLIES = tuple(
    z(text)
    for text in (
        "سلام. خدا قوت به همه همکاران. لطفاً برای محله ما هم فکری بکنید، سال~هاست که وعده می~دهید.",
        "بسیار عالی بود. امیدوارم این کار در دیگر شهرهای استان هم انجام شود و فقط در حد خبر نماند.",
        "چرا پاسخ نامه~های ما را نمی~دهید؟ سه ماه است که منتظر جواب هستیم و هر روز ما را به اداره دیگری می~فرستند.",
        "با سپاس از مدیر محترم که به فکر مردم هستند. پیشنهاد می~کنم روند کار را هر ماه گزارش کنید.",
        "این خبر را پارسال هم خوانده بودیم. چه شد که دوباره همان را منتشر کردید؟",
        "من از ساکنان همین منطقه هستم و می~گویم که کار خوب انجام شده است. دستتان درد نکند.",
    )
)
ABOUT = z(
    "این اداره کل با هدف خدمت~رسانی به شهروندان، نظارت بر اجرای طرح~ها و هماهنگی میان دستگاه~ها بنیان گذاشته شده و"
    " در هر شهرستان یک نمایندگی دارد. مراجعان گرامی می~توانند برای آگاهی از خدمات به میز خدمت الکترونیک سر بزنند."
)
NEVER = (*OTHERS, *TEASERS, *REPLIES, ABOUT)


# ---- furniture that the layouts share ----


def paragraphs(texts: Iterable[str], tag: str = "p") -> str:
    return "\n".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)


def items(texts: Iterable[str], href: str = "/page/view/77{0}") -> str:
    return "".join(f'<li><a href="{href.format(n)}">{escape(text)}</a></li>' for n, text in enumerate(texts))


def menu() -> str:
    names = (
        "صفحه نخست",
        "درباره ما",
        "اخبار",
        "خدمات الکترونیک",
        "قوانین و مقررات",
        "مناقصه‌ها",
        "تماس با ما",
        "نقشه سایت",
    )
    return "<ul>" + "".join(f'<li><a href="/m/{n}">{name}</a></li>' for n, name in enumerate(names)) + "</ul>"


def footer(r: Release) -> str:
    return (
        f"<div>نشانی: بلوار دانشجو، نبش کوچه نهم، {r.office}، کد پستی ۸۹۱۵۸۱۳۱۳۱</div>"
        "<div>تلفن: ۰۳۵۳۷۲۵۰۰۱۱ نمابر: ۰۳۵۳۷۲۵۰۰۱۲</div>"
        f"<div>کلیه حقوق مادی و معنوی این سایت متعلق به {r.office} است و استفاده از مطالب با ذکر منبع آزاد است.</div>"
    )


def teasers(tag: str = "div", count: int = 8) -> str:
    return "".join(
        f'<{tag}><h4><a href="/page/view/6{n}">{escape(title)}</a></h4><span>۱۴۰۳/۰۸/{10 + n}</span>'
        f"<p>{escape(text)}</p></{tag}>"
        for n, (title, text) in enumerate(zip(OTHERS[:count], TEASERS[:count], strict=True))
    )


def page(r: Release, main: str, *, head: str = "", title: str | None = None, body: str = "") -> str:
    title = f"{r.title} - {r.office}" if title is None else title
    return (
        f'<!DOCTYPE html><html lang="fa" dir="rtl"><head><meta charset="utf-8"><title>{escape(title)}</title>{head}</head>'
        f"<body{body}>{main}</body></html>"
    )


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value, ensure_ascii=False)}</script>'


def og(**values: str) -> str:
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{escape(value)}">' for name, value in values.items()
    )


VARIANTS: list[Variant] = []
Made = str | bytes | tuple[str | bytes, dict[str, object]]


def variant(r: Release, **changes: object) -> Callable[[Callable[[Release], Made]], None]:
    """Add the page that a function makes of a release; `changes` say where the expected record differs from it."""

    def add(make: Callable[[Release], Made]) -> None:
        made = make(r)
        made, more = made if isinstance(made, tuple) else (made, {})
        VARIANTS.append(
            replace(
                Variant(
                    name=make.__name__,
                    page=made,
                    title=r.title,
                    kicker=None,
                    lead=None,
                    body=r.body,
                    at=r.at,
                    never=NEVER,
                ),
                **{**changes, **more},
            )
        )

    return add


# ---- the layouts ----


@variant(BRIDGE, lead=BRIDGE.lead, kicker=BRIDGE.kicker, tags=("پل", "راه روستایی"))
def drupal_node(r):
    return page(
        r,
        f"""<div class="layout-container"><header role="banner"><div class="region-header"><a href="/">{r.office}</a></div></header>
<nav role="navigation">{menu()}</nav><main role="main"><div class="layout-content"><div class="region region-content">
<h1 class="page-header"><span class="field field--name-title">{r.title}</span></h1>
<article class="node node--type-article node--view-mode-full comment-enabled">
<div class="field field--name-field-rutitr"><div class="field__item">{r.kicker}</div></div>
<footer class="node__meta"><span class="field--name-created">{r.when}</span></footer>
<div class="field field--name-field-lead field__item">{r.lead}</div>
<div class="node__content"><div class="field field--name-body">{paragraphs(r.body)}</div>
<div class="field field--name-field-tags"><div class="field__label">برچسب‌ها</div><div class="field__items"><div class="field__item"><a href="/taxonomy/term/1">پل</a></div><div class="field__item"><a href="/taxonomy/term/2">راه روستایی</a></div></div></div>
</div><section class="comment-wrapper"><h2>دیدگاه‌ها</h2>{paragraphs(REPLIES, "div")}</section></article></div></div>
<aside class="layout-sidebar-second"><div class="block-views">{teasers()}</div></aside></main><footer class="site-footer">{footer(r)}</footer></div>""",
    )


@variant(SCHOOL, lead=SCHOOL.lead)
def liferay_asset(r):
    return page(
        r,
        f"""<div id="wrapper"><header id="banner"><h1 class="site-title"><a class="logo" href="/">{r.office}</a></h1></header>
<div class="columns-2"><div class="portlet-column portlet-column-first">
<section class="portlet"><div class="portlet-body"><div class="asset-full-content"><h3 class="asset-title header-title"><span>{r.title}</span></h3>
<div class="asset-content"><div class="journal-content-article"><div class="asset-summary-text abstract"><p>{r.lead}</p></div>
<div class="matn">{paragraphs(r.body)}</div></div></div>
<div class="asset-metadata"><span class="metadata-entry metadata-publish-date">{r.when}</span><span class="metadata-view-count">تعداد بازدید 315</span></div>
<div class="taglib-ratings">میانگین (0 آرا)</div></div></div></section></div>
<div class="portlet-column portlet-column-last"><h2 class="portlet-title-text">آخرین خبرها</h2>{teasers()}</div></div>{footer(r)}</div>""",
        title=f"{r.title} - {r.office}",
    )


@variant(WATER)
def sharepoint_rich_text(r):
    return page(
        r,
        f"""<form method="post" action="./news.aspx" id="aspnetForm"><input type="hidden" name="__VIEWSTATE" value="/wEP"/>
<div id="s4-workspace"><div id="s4-titlerow">{r.office}</div><div id="DeltaTopNavigation" class="ms-core-navigation">{menu()}</div>
<div class="ms-webpart-zone"><div id="ctl00_PlaceHolderMain_ctl01_label" style="display:none">Page Content</div>
<div id="ctl00_PlaceHolderMain_title" class="welcome"><h2>{r.title}</h2></div>
<div class="article-date">{r.when}</div>
<div class="ms-rtestate-field" aria-labelledby="ctl00_label">{paragraphs(r.body, "div")}</div></div>
<div id="sideNavBox" class="ms-core-sideNavBox">{teasers()}</div></div>{footer(r)}</form>""",
        title=r.office,
    )


@variant(TREES)
def aspnet_nested_tables(r):
    rows = "<br /><br />".join(r.body)
    side = "".join(f'<tr><td><a href="ShowNews.aspx?ID={n}">{t}</a></td></tr>' for n, t in enumerate(OTHERS))
    return page(
        r,
        f"""<form name="form1" id="form1" method="post"><table width="980" align="center"><tr><td colspan="2"><img src="banner.jpg" alt="{r.office}"/></td></tr>
<tr><td colspan="2"><table><tr><td><a href="/">صفحه اصلی</a></td><td><a href="/a">اخبار</a></td><td><a href="/c">تماس با ما</a></td></tr></table></td></tr>
<tr><td width="200" valign="top"><table>{side}</table></td>
<td valign="top"><table width="100%"><tr><td><span id="lblTitle" style="font-weight:bold;font-size:16px">{r.title}</span></td></tr>
<tr><td><span id="lblDate">{r.when}</span></td></tr>
<tr><td><span id="lblText" style="text-align:justify">{rows}</span></td></tr>
<tr><td>تعداد بازدید: 512</td></tr><tr><td><a href="javascript:window.print()">چاپ</a> | <a href="javascript:history.back()">بازگشت</a></td></tr></table></td></tr>
<tr><td colspan="2">{footer(r)}</td></tr></table></form>""",
        title=r.office,
    )


@variant(CLINIC)
def one_sentence_beside_long_column(r):
    return page(
        r,
        f"""<div class="top">{menu()}</div><div class="row"><div class="c4"><h3>درباره ما</h3><p>{ABOUT}</p><p>{ABOUT}</p><h3>تازه‌ها</h3>{teasers()}</div>
<div class="c8"><h1>{r.title}</h1><span class="dt">{r.when}</span><div class="tx"><p>{r.body[0]}</p></div></div></div><div class="btm">{footer(r)}</div>""",
    )


@variant(POST, at="2025-05-15")
def no_classes_at_all(r):
    return page(
        r,
        f"""<div>{menu()}</div><div><div><h2>{r.title}</h2><div>{r.when}</div>{paragraphs(r.body)}<div>اشتراک گذاری: <a href="https://t.me/share">تلگرام</a> <a href="https://eitaa.com/share">ایتا</a></div>
<div>اخبار مرتبط</div><ul>{items(OTHERS)}</ul></div></div><div>{footer(r)}</div>""",
    )


@variant(BRIDGE, lead=BRIDGE.lead)
def microdata_only(r):
    return page(
        r,
        f"""<div itemscope itemtype="http://schema.org/NewsArticle"><div itemprop="headline">{r.title}</div>
<meta itemprop="datePublished" content="{r.stamp}"/><div itemprop="description">{r.lead}</div>
<div itemprop="articleBody">{"<br/>".join(r.body)}</div></div><div>{teasers()}</div>{footer(r)}""",
        title="",
    )


@variant(SCHOOL, lead=SCHOOL.lead)
def json_ld_graph(r):
    data = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": r.office, "datePublished": "2015-01-01"},
            {"@type": "BreadcrumbList", "itemListElement": []},
            {"@type": ["NewsArticle", "Article"], "headline": r.title, "description": r.lead, "datePublished": r.stamp},
        ],
    }
    return page(
        r,
        f"""<div class="x1">{menu()}</div><div class="x2"><div class="x3">{r.title}</div><div class="x4">{r.lead}</div><div class="x5">{paragraphs(r.body)}</div></div>
<div class="x6">{teasers()}</div><div class="x7">{footer(r)}</div>""",
        head=ld(data),
    )


@variant(WATER)
def json_ld_broken_then_array(r):
    broken = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x",, }</script>'
    return page(
        r,
        f"""<main><h1>{r.title}</h1>{paragraphs(r.body)}</main>{footer(r)}""",
        head=broken
        + ld(
            [
                {"@type": "Organization", "name": r.office},
                {"@type": "NewsArticle", "headline": r.title, "datePublished": r.stamp},
            ]
        ),
    )


@variant(TREES, at="2021-03-17T12:30:00+03:30")
def open_graph_only(r):
    head = og(
        og__title=f"{r.title} | {r.office}", og__site_name=r.office, og__type="article", article__published_time=r.stamp
    )
    return page(
        r, f"""<div>{menu()}</div><div>{paragraphs(r.body)}</div><div>{footer(r)}</div>""", head=head, title=r.office
    )


@variant(BRIDGE, kicker=BRIDGE.kicker, lead=BRIDGE.lead)
def today_in_the_header(r):
    return page(
        r,
        f"""<div id="hd"><div class="today">امروز: دوشنبه ۲۸ آبان ۱۴۰۳ - ۱۱:۰۴</div><div>{r.office}</div>{menu()}</div>
<div id="ct"><div class="rotitr">{r.kicker}</div><h2 class="titr">{r.title}</h2><div class="lid">{r.lead}</div>
<div class="info">تاریخ انتشار: {r.when} | کد خبر: ۴۴۱۲۳</div><div class="matne-khabar">{paragraphs(r.body)}</div>
<div class="box"><div class="box-title">خبرهای مرتبط</div>{teasers()}</div></div><div id="ft">{footer(r)}</div>""",
    )


@variant(SCHOOL)
def dates_of_teasers_come_first(r):
    return page(
        r,
        f"""<section class="slider">{teasers()}</section><section class="single"><h1>{r.title}</h1><p class="tarikh">{r.when}</p><div class="desc">{paragraphs(r.body)}</div></section>{footer(r)}""",
    )


@variant(WATER)
def long_thread_of_comments(r):
    thread = "".join(
        f'<div class="c-item"><b>شهروند {n}</b><i>۱۴۰۳/۰۲/{n + 10} - ۱۷:۲۰</i><div>{text}</div></div>'
        for n, text in enumerate(REPLIES * 3)
    )
    return page(
        r,
        f"""<div class="wrap">{menu()}<h1>{r.title}</h1><div class="date-time">{r.when}</div><div class="text">{paragraphs(r.body)}</div>
<h3>نظرات کاربران</h3>{thread}<form><input name="name"><textarea name="text"></textarea><input type="submit" value="ارسال"></form></div>{footer(r)}""",
    )


@variant(TREES, lead=TREES.lead)
def lead_bold_within_the_body(r):
    return page(
        r,
        f"""<article><h1>{r.title}</h1><time>{r.when}</time><div class="post-body"><p><strong>{r.lead}</strong></p>{paragraphs(r.body)}</div></article>{footer(r)}""",
    )


@variant(POST, lead=POST.lead)
def lead_repeated_as_first_paragraph(r):
    return page(
        r,
        f"""<div class="news-single"><h1 class="news-single__title">{r.title}</h1><div class="news-single__lead">{r.lead}</div>
<div class="news-single__date">{r.when}</div><div class="news-single__text"><p>{r.lead}</p>{paragraphs(r.body)}</div></div>{footer(r)}""",
    )


@variant(BRIDGE)
def ending_with_a_staff_code(r):
    return page(
        r,
        f"""<div class="content"><h1>{r.title}</h1><div>{r.when}</div><div id="body">{paragraphs(r.body)}<p>انتهای پیام/ ۷۱۰۲۴</p></div></div>{footer(r)}""",
    )


@variant(SCHOOL)
def breaks_only(r):
    return page(
        r,
        f"""<table><tr><td>{menu()}</td></tr><tr><td><b><font size="4">{r.title}</font></b><br><font color="gray">{r.when}</font><br><br>{"<br><br>".join(r.body)}<br><br>
<a href="print.asp?id=1">نسخه چاپی</a> <a href="send.asp">ارسال به دوست</a></td></tr><tr><td>{footer(r)}</td></tr></table>""",
    )


@variant(WATER)
def windows_1256(r):
    text = page(
        r,
        f"""<div>{menu()}</div><div class="khabar"><h1>{r.title}</h1><div class="tarikh">1398/04/22 14:05</div><div class="sharh">{paragraphs(r.body)}</div></div><div>{footer(r)}</div>""",
    ).replace('charset="utf-8"', 'charset="windows-1256"')
    arabic = str.maketrans("یک۰۱۲۳۴۵۶۷۸۹", "يك0123456789")
    return text.translate(arabic).encode("cp1256", "xmlcharrefreplace")


@variant(TREES)
def in_body_box_of_more(r):
    box = f'<div class="more-to-read"><b>بیشتر بخوانید:</b><ul>{items(OTHERS[:3])}</ul></div>'
    return page(
        r,
        f"""<div class="post"><h1>{r.title}</h1><div class="meta">{r.when}</div><div class="article-text">{paragraphs(r.body[:2])}{box}{paragraphs(r.body[2:])}</div></div>{footer(r)}""",
    )


@variant(POST)
def in_body_plain_more(r):
    more = "<p>بیشتر بخوانید:</p>" + "".join(f'<p><a href="/n/{n}">{t}</a></p>' for n, t in enumerate(OTHERS[:2]))
    return page(
        r,
        f"""<div><h1>{r.title}</h1><p>{r.when}</p><div>{paragraphs(r.body[:2])}{more}{paragraphs(r.body[2:])}</div></div>{footer(r)}""",
    )


@variant(
    SCHOOL,
    body=(*SCHOOL.body[:2], "مدرسه ابتدایی شهید رجایی", "مدرسه متوسطه امید", "مدرسه استثنایی نور", *SCHOOL.body[2:]),
)
def list_within_the_body(r):
    inner = "<ul><li>مدرسه ابتدایی شهید رجایی</li><li>مدرسه متوسطه امید</li><li>مدرسه استثنایی نور</li></ul>"
    return page(
        r,
        f"""<div class="detail"><h1>{r.title}</h1><span>{r.when}</span><div class="detail-content">{paragraphs(r.body[:2])}{inner}{paragraphs(r.body[2:])}</div></div>{footer(r)}""",
    )


@variant(WATER, body=(*WATER.body, "شهر مصرف سهم", "همدان ۱۲۰ ۴۵", "ملایر ۸۰ ۳۰"))
def table_within_the_body(r):
    inner = "<table><tr><th>شهر</th><th>مصرف</th><th>سهم</th></tr><tr><td>همدان</td><td>۱۲۰</td><td>۴۵</td></tr><tr><td>ملایر</td><td>۸۰</td><td>۳۰</td></tr></table>"
    return page(
        r,
        f"""<div class="detail"><h1>{r.title}</h1><span>{r.when}</span><div class="detail-content">{paragraphs(r.body)}{inner}</div></div>{footer(r)}""",
    )


@variant(BRIDGE, body=(*BRIDGE.body[:2], z("مردم این روستا سال~ها چشم~به~راه این روز بودند."), *BRIDGE.body[2:]))
def quote_within_the_body(r):
    inner = "<blockquote><p>" + z("مردم این روستا سال~ها چشم~به~راه این روز بودند.") + "</p></blockquote>"
    return page(
        r,
        f"""<section><h1>{r.title}</h1><span>{r.when}</span><div class="story">{paragraphs(r.body[:2])}{inner}{paragraphs(r.body[2:])}</div></section>{footer(r)}""",
    )


@variant(TREES)
def sections_around_each_paragraph(r):
    inner = "".join(f'<div class="wp-row"><div class="wp-col"><p>{text}</p></div></div>' for text in r.body)
    return page(
        r,
        f"""<div class="page"><div class="hero"><h1>{r.title}</h1><p class="hero-date">{r.when}</p></div><div class="builder">{inner}</div><div class="builder-more"><h3>مطالب پیشنهادی</h3>{teasers()}</div></div>{footer(r)}""",
    )


@variant(CLINIC, kicker=CLINIC.kicker)
def kicker_as_small_heading(r):
    return page(
        r,
        f"""<div class="view"><h5>{r.kicker}</h5><h1>{r.title}</h1><div class="pub">منتشر شده در {r.when}</div><div class="the-text"><p>{r.body[0]}</p></div></div>
<div class="aside-news"><h4>پربازدیدترین‌ها</h4><ul>{items(OTHERS)}</ul></div>{footer(r)}""",
    )


@variant(POST)
def metadata_of_another_day(r):
    head = og(og__title=r.title, article__published_time="2026-11-22T08:00:00+03:30")
    return page(
        r,
        f"""<div class="news"><h1>{r.title}</h1><div class="news-date">تاریخ: {r.when}</div><div class="news-body">{paragraphs(r.body)}</div></div>{footer(r)}""",
        head=head,
    )


@variant(BRIDGE)
def last_update_beside(r):
    return page(
        r,
        f"""<div class="news"><h1>{r.title}</h1><ul class="props"><li>آخرین بروزرسانی: ۲ دی ۱۴۰۰ - ۱۰:۰۰</li><li>تاریخ انتشار: {r.when}</li><li>شناسه: ۱۴۰۰۹۹۱</li></ul><div class="news-body">{paragraphs(r.body)}</div></div>{footer(r)}""",
    )


@variant(SCHOOL, at="2024-08-02T10:45:00+03:30")
def day_and_time_apart(r):
    return page(
        r,
        f"""<div class="news"><div class="row1"><span class="d">۱۲ مرداد ۱۴۰۳</span><span class="t">۱۰:۴۵</span><span class="h">بازدید ۱۲۳</span></div><h1>{r.title}</h1><div class="news-body">{paragraphs(r.body)}</div></div>{footer(r)}""",
    )


@variant(WATER)
def name_in_h1_title_in_h2(r):
    return page(
        r,
        f"""<header><h1>{r.office}</h1><h2>پایگاه اطلاع‌رسانی</h2>{menu()}</header><div class="body-holder"><h2>{r.title}</h2><small>{r.when}</small><div>{paragraphs(r.body)}</div></div>{footer(r)}""",
        title=f"{r.office} :: {r.title}",
    )


@variant(TREES)
def gallery_after_text(r):
    images = "".join(f'<a href="/img/{n}.jpg"><img src="/img/t{n}.jpg" alt="عکس {n}"></a>' for n in range(12))
    return page(
        r,
        f"""<div class="gallery-page"><h1>{r.title}</h1><div class="g-date">{r.when}</div><div class="g-text">{paragraphs(r.body)}</div><div class="g-list">{images}</div><div class="share-links"><a href="#">تلگرام</a></div></div>{footer(r)}""",
    )


@variant(CLINIC, lead=CLINIC.lead)
def short_body_long_comments(r):
    thread = "".join(f"<li><p>{text}</p></li>" for text in REPLIES)
    return page(
        r,
        f"""<div id="main"><h1 class="ttl">{r.title}</h1><p class="summary">{r.lead}</p><div class="publish_time">{r.when}</div><div class="full_text"><p>{r.body[0]}</p></div>
<div id="respond"><h3>۶ دیدگاه برای این خبر</h3><ul>{thread}</ul><form><textarea></textarea></form></div></div>{footer(r)}""",
    )


# ---- held out: the last third ----


@variant(BRIDGE, kicker=BRIDGE.kicker, lead=BRIDGE.lead)
def kentico_module(r):
    return page(
        r,
        f"""<form id="form"><div class="zoneTop"><h1>{r.office}</h1>{menu()}</div><div class="zoneLeft"><div class="NewsItemDetail"><div class="SupTitle">{r.kicker}</div>
<h2>{r.title}</h2><div class="NewsSummary">{r.lead}</div><span class="NewsReleaseDate">{r.when}</span><div class="NewsContent">{paragraphs(r.body)}</div></div></div>
<div class="zoneRight"><div class="WebPartTitle">تازه‌ترین اخبار</div>{teasers()}</div><div class="zoneFooter">{footer(r)}</div></form>""",
        title=r.office,
    )


@variant(SCHOOL, lead=SCHOOL.lead)
def portal_with_summary_list(r):
    return (
        page(
            r,
            f"""<div class="top-bar"><span>سه‌شنبه ۵ تیر ۱۴۰۳</span>{menu()}</div><div class="inner"><div class="breadcrumb"><a href="/">خانه</a> / <a href="/news">اخبار</a> / {r.title}</div>
<div class="inner-title"><h3>{r.title}</h3></div><div class="inner-info"><ul><li>تاریخ درج: {r.when}</li><li>بازدید: ۸۰۱</li><li>نویسنده: روابط عمومی</li></ul></div>
<div class="inner-abstract">{r.lead}</div><div class="inner-desc">{paragraphs(r.body, "div")}</div>
<div class="inner-tags"><span>کلیدواژه‌ها:</span> <a href="/t/1">مدرسه</a>، <a href="/t/2">خیران</a></div></div>{footer(r)}""",
        ),
        {"tags": ("مدرسه", "خیران")},
    )


@variant(WATER)
def title_only_in_head(r):
    return page(
        r,
        f"""<div>{menu()}</div><div><div><span>{r.when}</span></div><div>{paragraphs(r.body)}</div></div><div>{footer(r)}</div>""",
        title=f"{r.title} | {r.office}",
        head=f'<meta property="og:site_name" content="{r.office}">',
    )


@variant(TREES, lead=TREES.lead)
def definition_list_metadata(r):
    return page(
        r,
        f"""<main id="content"><h1>{r.title}</h1><dl><dt>تاریخ</dt><dd>{r.when}</dd><dt>گروه</dt><dd>خبر</dd></dl><p class="introtext">{r.lead}</p><div>{paragraphs(r.body)}</div></main>{footer(r)}""",
    )


@variant(CLINIC)
def one_sentence_amid_teasers(r):
    return page(
        r,
        f"""<div id="a">{menu()}</div><div id="b"><div id="b1">{teasers()}</div><div id="b2"><h2>{r.title}</h2><div>{r.when}</div><p>{r.body[0]}</p><p><a href="/back">بازگشت</a></p></div><div id="b3"><h3>پیوندها</h3><ul>{items(OTHERS)}</ul></div></div>{footer(r)}""",
    )


@variant(POST, lead=POST.lead)
def table_layout_with_labels(r):
    return page(
        r,
        f"""<table><tr><td>{menu()}</td><td><table><tr><td>عنوان خبر:</td><td><h2>{r.title}</h2></td></tr><tr><td>تاریخ خبر:</td><td>{r.when}</td></tr>
<tr><td>خلاصه خبر:</td><td class="kholase">{r.lead}</td></tr><tr><td colspan="2"><div class="sharhe-khabar">{"<br>".join(r.body)}</div></td></tr></table></td></tr><tr><td colspan="2">{footer(r)}</td></tr></table>""",
    )


@variant(BRIDGE)
def text_nodes_between_headings(r):
    return page(
        r,
        f"""<div class="wrapper"><div class="rightcol"><h3>میز خدمت</h3><p>{ABOUT}</p></div><div class="midcol"><h1>{r.title}</h1><em>{r.when}</em><hr>{r.body[0]}<br/>{r.body[1]}<p></p>{r.body[2]}<br/>{r.body[3]}<hr>
<span>کد مطلب: ۱۲۳۸</span> <span>تعداد بازدید: ۵۴</span><hr><b>مطالب مرتبط</b><br/>{"<br/>".join(f'<a href="/v/{n}">{t}</a>' for n, t in enumerate(OTHERS))}</div></div>{footer(r)}""",
    )


@variant(SCHOOL, lead=SCHOOL.lead)
def microdata_with_several_items(r):
    side = "".join(
        f'<div itemscope itemtype="http://schema.org/NewsArticle"><a itemprop="url" href="/z/{n}"><span itemprop="headline">{t}</span></a><meta itemprop="datePublished" content="2024-10-0{n + 1}"><p itemprop="description">{TEASERS[n]}</p></div>'
        for n, t in enumerate(OTHERS)
    )
    return page(
        r,
        f"""<div class="k1">{side}</div><div class="k2" itemscope itemtype="http://schema.org/NewsArticle"><h2 itemprop="headline">{r.title}</h2><time itemprop="datePublished" datetime="{r.stamp}">{r.when}</time>
<p itemprop="description">{r.lead}</p><div itemprop="articleBody">{paragraphs(r.body)}</div></div>{footer(r)}""",
    )


@variant(WATER)
def json_ld_with_body(r):
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": r.title,
        "articleBody": "\n".join(r.body),
        "datePublished": "2019-07-13T09:35:00Z",
    }
    return page(
        r,
        f"""<div class="q"><div class="q1">{r.title}</div><div class="q2">{paragraphs(r.body)}</div><div class="q3">{paragraphs(REPLIES, "div")}</div><div class="q4"><textarea></textarea><button>ارسال نظر</button></div></div>{footer(r)}""",
        head=ld(data),
    )


@variant(TREES)
def share_bar_within_body(r):
    bar = '<div class="sb"><span>به اشتراک بگذارید:</span> <a href="https://t.me/share/url">تلگرام</a> <a href="https://wa.me">واتساپ</a></div>'
    return page(
        r,
        f"""<article class="tag-trees category-news"><h1>{r.title}</h1><div class="byline">روابط عمومی | {r.when}</div><div class="article-main-text">{bar}{paragraphs(r.body)}<p>منبع: روابط عمومی شهرداری</p><p>انتهای پیام</p>{bar}</div></article>{footer(r)}""",
    ), {"body": (*r.body, "منبع: روابط عمومی شهرداری")}


@variant(POST)
def code_and_views_in_text(r):
    return page(
        r,
        f"""<div class="nw"><h1>{r.title}</h1><div>{r.when}</div><div>کد خبر : 88123</div>{"".join(f"<div>{t}</div>" for t in r.body)}<div>تعداد بازدید : 55</div><div>اخبار مشابه</div>{"".join(f'<div><a href="/n/{n}">{t}</a></div>' for n, t in enumerate(OTHERS))}</div>{footer(r)}""",
    )


@variant(CLINIC, lead=CLINIC.lead, kicker=CLINIC.kicker)
def bootstrap_cards(r):
    return page(
        r,
        f"""<nav class="navbar">{menu()}</nav><div class="container"><div class="row"><div class="col-md-8"><div class="card"><div class="card-header"><small class="text-muted over-title">{r.kicker}</small><h4 class="card-title">{r.title}</h4></div>
<div class="card-body"><p class="card-text lead">{r.lead}</p><p class="card-text">{r.body[0]}</p></div><div class="card-footer text-muted">{r.when}</div></div></div>
<div class="col-md-4"><div class="card"><div class="card-header">جدیدترین خبرها</div><ul class="list-group">{items(OTHERS)}</ul></div></div></div></div>{footer(r)}""",
    )


@variant(BRIDGE)
def dated_calendar_widget(r):
    days = "".join(f"<td>{n}</td>" for n in range(1, 31))
    return page(
        r,
        f"""<div class="tqvim"><span>امروز ۲۵ آبان ۱۴۰۳</span><table><tr>{days}</tr></table></div><div class="mohtava"><h1>{r.title}</h1><p>{r.when}</p>{paragraphs(r.body)}</div><div class="payin"><p>آخرین به‌روزرسانی سایت: ۲۵ آبان ۱۴۰۳ - ۰۷:۱۱</p>{footer(r)}</div>""",
    )


@variant(SCHOOL, body=(SCHOOL.body[0], "جزئیات طرح", *SCHOOL.body[1:4], "کودکان با نیازهای ویژه", SCHOOL.body[4]))
def subheadings(r):
    return page(
        r,
        f"""<article><header><h1>{r.title}</h1><p>{r.when}</p></header><p>{r.body[0]}</p><h2>جزئیات طرح</h2>{paragraphs(r.body[1:4])}<h2>کودکان با نیازهای ویژه</h2><p>{r.body[4]}</p></article><aside>{teasers()}</aside>{footer(r)}""",
    )


@variant(WATER, lead=WATER.lead)
def everything_in_spans(r):
    return page(
        r,
        f"""<div><span>{r.office}</span><span>{menu()}</span></div><div><span class="titre">{r.title}</span><br><span class="tarikhe">{r.when}</span><br><span class="chekide">{r.lead}</span><br><span class="matn">{"<br>".join(r.body)}</span><br><span class="barchasb">برچسب ها: <a href="/1">آب</a> <a href="/2">مصرف</a></span></div>{footer(r)}""",
    )


# ---- held out anew, once the second third had been looked at ----


@variant(BRIDGE, lead=BRIDGE.lead, kicker=BRIDGE.kicker)
def sharepoint_publishing_page(r):
    return page(
        r,
        f"""<form action="Page.aspx" method="post" id="aspnetForm"><div id="suiteBar">ورود</div><div class="ms-dialogHidden">{menu()}</div>
<div id="contentBox"><div class="ms-breadcrumb-box"><span><a href="/">خانه</a></span><span><a href="/n">خبرها</a></span></div><h1 id="pageTitle">اخبار</h1>
<div id="MSO_ContentTable"><div class="edit-mode"><div class="upper-title-field">{r.kicker}</div><div class="title-field"><h2>{r.title}</h2></div><div class="summary-field">{r.lead}</div>
<div class="date-field">{r.when}</div><div class="ms-rtestate-field" style="display:inline"><p>\u200b{r.body[0]}</p>{paragraphs(r.body[1:])}</div></div></div></div><div class="s4-notdlg">{footer(r)}</div></form>""",
        title=r.title,
    )


@variant(SCHOOL)
def aspnet_labels_in_rows(r):
    return page(
        r,
        f"""<form id="form1"><div class="TopRow"><span id="lblToday">امروز یکشنبه ۲۰ آبان ۱۴۰۳</span></div><div>{menu()}</div>
<table class="tblNews"><tr><td class="HeaderNews"><span id="ctl00_cph_lblSubject">{r.title}</span></td></tr><tr><td><table><tr><td>تاریخ :</td><td><span id="ctl00_cph_lblTarikh">{r.when}</span></td><td>تعداد بازدید :</td><td><span>312</span></td></tr></table></td></tr>
<tr><td><div align="justify"><span id="ctl00_cph_lblMatn">{"<br /><br />".join(r.body)}</span></div></td></tr><tr><td align="left"><a href="default.aspx">بازگشت به صفحه اصلی</a></td></tr></table>
<table class="tblRight"><tr><td>اخبار مرتبط</td></tr>{"".join(f'<tr><td><a href="News.aspx?id={n}">{t}</a></td></tr>' for n, t in enumerate(OTHERS))}</table>{footer(r)}</form>""",
        title=f"{r.office} - مشروح خبر",
    )


@variant(WATER, lead=WATER.lead)
def og_description_and_plain_blocks(r):
    head = og(og__title=r.title, og__description=r.lead, og__type="article")
    return page(
        r,
        f"""<div class="aa">{menu()}</div><div class="bb"><div class="cc"><strong>{r.title}</strong></div><div class="dd">{r.when}</div><div class="ee">{r.lead}</div><div class="ff">{paragraphs(r.body)}</div><div class="gg">{"".join(f'<a href="/p/{n}">{t}</a>' for n, t in enumerate(OTHERS[:4]))}</div></div><div class="hh">{footer(r)}</div>""",
        head=head,
    )


@variant(TREES, kicker=TREES.kicker, lead=TREES.lead)
def persian_class_names(r):
    return page(
        r,
        f"""<div class="sarbarg">{menu()}</div><div class="khabar-kamel"><div class="ru-titr">{r.kicker}</div><h2 class="titr-asli">{r.title}</h2><div class="tarikh-enteshar">{r.when}</div><div class="chekideh">{r.lead}</div>
<div class="matn-khabar">{paragraphs(r.body)}</div><div class="barchasb">برچسب‌ها: <a href="/b/1">درختکاری</a></div><div class="nazarat"><h4>نظرها</h4>{paragraphs(REPLIES)}</div></div><div class="payan">{footer(r)}</div>""",
    )


@variant(CLINIC, lead=CLINIC.lead)
def narrow_text_in_wide_frame(r):
    return page(
        r,
        f"""<table width="100%"><tr><td width="25%" class="r"><b>درباره سازمان</b><br>{ABOUT}<br><b>پیوندها</b><ul>{items(OTHERS[:4])}</ul></td><td width="50%"><h3>{r.title}</h3><i>{r.when}</i><p><b>{r.lead}</b></p><p>{r.body[0]}</p></td>
<td width="25%" class="l"><b>اخبار پربازدید</b><ul>{items(OTHERS)}</ul><b>نظرسنجی</b><form><p>عملکرد این سازمان را چگونه ارزیابی می‌کنید؟</p><input type="radio">خوب<input type="radio">بد</form></td></tr></table>{footer(r)}""",
    )


@variant(POST)
def time_element_with_gregorian_stamp(r):
    return page(
        r,
        f"""<article><h1>{r.title}</h1><p><time datetime="2025-05-15">{r.when}</time> · <span>{r.office}</span></p><div>{paragraphs(r.body)}</div></article><section><h2>دیگر خبرها</h2>{teasers("article")}</section>{footer(r)}""",
    )


@variant(BRIDGE)
def recent_posts_before_article(r):
    return page(
        r,
        f"""<div id="page"><div id="left"><h3>آخرین مطالب</h3><ul>{items(OTHERS)}</ul><h3>تقویم</h3><p>۲۹ آبان ۱۴۰۳</p></div><div id="right"><div class="entry"><h2><a href="{ADDRESS}">{r.title}</a></h2><p class="meta">نوشته شده توسط مدیر سایت در {r.when}</p>{paragraphs(r.body)}<p class="meta">دسته: اخبار | ۲ دیدگاه</p></div><ol><li><cite>علی</cite> <small>۱ دی ۱۴۰۰</small><p>{REPLIES[0]}</p></li><li><cite>رضا</cite> <small>۲ دی ۱۴۰۰</small><p>{REPLIES[1]}</p></li></ol><form action="/comment"><textarea name="c"></textarea></form></div></div>{footer(r)}""",
        title=f"{r.title} « {r.office}",
    )


@variant(SCHOOL, lead=SCHOOL.lead)
def summary_word_before_the_lead(r):
    return page(
        r,
        f"""<div class="box-view"><div class="view-title">{r.title}</div><div class="view-info"><span>تاریخ انتشار: {r.when}</span><span>کد: ۱۲۲۱</span></div><div class="view-summary">{r.lead}</div><div class="view-body">{"<br/>".join(r.body)}</div><div class="view-print"><a href="#">چاپ</a></div></div><div class="box-list"><div class="box-list-title">خبرهای دیگر</div>{teasers()}</div>{footer(r)}""",
        title=r.office,
    )


@variant(WATER)
def relative_listing_beside(r):
    side = "".join(
        f'<div class="it"><a href="/x/{n}">{t}</a><span>{n + 2} ساعت پیش</span></div>' for n, t in enumerate(OTHERS)
    )
    return page(
        r,
        f"""<div class="z1">{side}</div><div class="z2"><h1>{r.title}</h1><div><span>انتشار:</span> <span>{r.when}</span></div><div>{paragraphs(r.body)}</div></div>{footer(r)}""",
    )


@variant(TREES, lead=TREES.lead)
def json_ld_news_in_page(r):
    data = {
        "@context": "http://schema.org",
        "@type": "WebPage",
        "mainEntity": {
            "@type": "NewsArticle",
            "headline": r.title,
            "description": r.lead,
            "datePublished": "2021-03-17T09:00:00Z",
            "dateModified": "2021-03-18T09:00:00Z",
        },
    }
    return page(
        r,
        f"""<div class="w1">{menu()}</div><div class="w2"><h3>{r.title}</h3><b>{r.lead}</b><div>{paragraphs(r.body)}</div></div><div class="w3"><h3>گزارش تصویری</h3>{teasers()}</div>{footer(r)}""",
        head=ld(data),
    )


@variant(CLINIC)
def title_bold_text_one_cell(r):
    return page(
        r,
        f"""<center><table><tr><td>{menu()}</td></tr><tr><td><p align="center"><b>{r.title}</b></p><p align="left">{r.when}</p><p align="justify">{r.body[0]}</p></td></tr><tr><td>{footer(r)}</td></tr></table></center>""",
        title=f"{r.office} | {r.title}",
    )


@variant(POST, lead=POST.lead, kicker=POST.kicker)
def themed_single(r):
    return page(
        r,
        f"""<body class="single has-sidebar comments-open"><div id="wrapper"><header id="top-header"><div class="logo"><h1><a href="/">{r.office}</a></h1></div></header><div class="main-content col-lg-9"><section class="single-content"><span class="sub-heading">{r.kicker}</span><h2 class="post-title">{r.title}</h2><ul class="post-info"><li class="post-date">{r.when}</li><li class="post-views">۱۲۰ بازدید</li></ul>
<div class="post-excerpt"><p>{r.lead}</p></div><div class="post-text"><p>{r.lead}</p>{paragraphs(r.body)}</div><div class="post-tags"><a href="/t/1" rel="tag">پست</a></div><div class="next-prev"><a href="/p/1">{OTHERS[0]}</a><a href="/p/2">{OTHERS[1]}</a></div></section></div><div class="sidebar col-lg-3">{teasers()}</div></div>{footer(r)}""",
    )


@variant(BRIDGE)
def attributes_in_captions(r):
    photo = '<div class="photo"><img src="/pic/1.jpg" alt=""><div class="caption">نمایی از پل تازه</div></div>'
    return page(
        r,
        f"""<main><h1>{r.title}</h1><p>{r.when}</p><div class="txt">{paragraphs(r.body[:2])}{photo}{paragraphs(r.body[2:])}</div><div class="poll"><h4>نظرسنجی</h4><p>آیا از خدمات این اداره در سال گذشته راضی بوده‌اید؟</p></div></main>{footer(r)}""",
    )


@variant(SCHOOL)
def news_in_accordion_frame(r):
    return page(
        r,
        f"""<div class="portal"><div class="portlet"><div class="portlet-header">منوی اصلی</div><div class="portlet-content">{menu()}</div></div><div class="portlet"><div class="portlet-header">مشروح خبر</div><div class="portlet-content"><div><span>{r.title}</span></div><div><span>۱۲ مرداد ۱۴۰۳</span> <span>ساعت ۱۰:۴۵</span></div><div>{"".join(f"<p>{t}</p>" for t in r.body)}</div></div></div><div class="portlet"><div class="portlet-header">آخرین اخبار</div><div class="portlet-content"><ul>{items(OTHERS)}</ul></div></div></div>{footer(r)}""",
        title=f"{r.title}",
    )


TUNED, HELD_OUT = VARIANTS[:46], VARIANTS[46:]
