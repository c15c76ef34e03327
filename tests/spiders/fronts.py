# ruff: noqa: E501 - markup in the lines that a site writes
"""Front pages and articles that show only some of the marks of what they run on, and pages of none of the CMSs known.

Each is (what is particular about it, the page, its address, its headers). Written for the tests.
"""

Front = tuple[str, str, str, dict[str, str]]

HOME = "https://yazd.example.ir/"
NEWS = "<p>اداره کل استان یزد از گشایش سه کارگاه تازه در شهرستان‌ها خبر داد.</p>"


def front(what: str, body: str = "", head: str = "", url: str = HOME, attrs: str = "", **headers: str) -> Front:
    page = f'<!DOCTYPE html><html lang="fa" dir="rtl"{attrs}><head><title>اداره کل</title>{head}</head><body>{body}{NEWS}</body></html>'
    return what, page, url, headers


def bare(what: str, page: str, url: str = HOME, **headers: str) -> Front:
    return what, page, url, headers


def links(*addresses: str) -> str:
    return "".join(f'<a href="{address}">خبر</a>' for address in addresses)


CDN = "https://cdn.yazd.example.ir"
FILES = "https://files.example.net"
ELSEWHERE = "https://weblog.example.org"
BLOG = f'<a href="{ELSEWHERE}/wp-content/uploads/a.pdf">وبلاگ</a><img src="{ELSEWHERE}/wp-content/uploads/a.jpg">'
QUOTED = (
    '<!-- <meta name="generator" content="Joomla!"> <link href="/media/jui/a.css"> Drupal.settings by DotNetNuke -->'
)
SPOKEN = "<p>این سایت پیش‌تر با وردپرس (WordPress)، DotNetNuke، HighPortal، دوران پورتال و Liferay.Portlet کار می‌کرد؛ wp-content و Drupal.settings.</p>"

FRONTS: dict[str, list[Front]] = {
    "fa_portal": [
        front("links alone", links("/fa/news/rss", "/fa/news/20691/خبر", "/fa/news")),
        front(
            "absolute links on www",
            links("https://www.yazd.example.ir/fa/news/rss", "https://www.yazd.example.ir/fa/law/225"),
        ),
        front("the older module", links("/fa/newsagency", "/fa/newsagency/24406/خبر")),
        front(
            "sections in Persian after a dash",
            links("/fa/rahnama/karegaran-قوانین-کار", "/fa/downloaddata-دانلودداده", "/fa/regulation/1149/آیین"),
        ),
        bare(
            "an article in capitals",
            '<HTML><BODY><DIV CLASS="x article-view"><H1>خبر</H1><SPAN CLASS=date-info>۱۵ آذر ۱۴۰۰</SPAN></DIV><A HREF="/fa/news/1">خبر</A>',
        ),
        front("another language", links("/en/news/rss", "/en/news/12/report"), url=f"{HOME}en"),
        front(
            "another CMS is spoken of, quoted and linked to",
            QUOTED + SPOKEN + BLOG + links("/fa/news/rss", "/fa/law/225"),
        ),
    ],
    "iransamaneh": [
        front("a theme on a CDN", head=f'<link rel=stylesheet href="{CDN}/client/themes/fa/main/css/x_46107.css">'),
        front(
            "absolute links alone",
            links(*(f"http://www.yazd.example.ir/fa/{each}" for each in ("archive", "links", "contacts", "rss"))),
        ),
        front(
            "another language",
            links("/en/archive?service_id=-1&sec_id=-1", "/en/links", "/en/contacts", "/en/rss/allnews"),
            url=f"{HOME}en",
        ),
        front(
            "images by Jalali day",
            '<IMG SRC="/files/fa/news/1396/12/16/713811_434.jpg">' + links("/fa/news/713811/خبر"),
        ),
        front(
            "the script's name, and a Drupal quoted", QUOTED, head='<script src="/js/lib.iransamaneh_9.js"></script>'
        ),
        bare(
            "an article, minified, in capitals",
            "<html><DIV CLASS='news_nav news_pdate_c'>۱۵ آذر</DIV><H1 CLASS=title>خبر</H1><DIV class=body>متن</DIV>",
        ),
        front(
            "a new skin without old names",
            '<div class="news_path"></div><h2 class="news-rutitr">خ</h2><ul class="tags_title"></ul>'
            + links("/fa/news/12/x"),
        ),
        front(
            "its maker in the foot",
            '<p class="foot">طراحی و تولید: <a href="http://www.iransamaneh.com">ایران سامانه</a></p>'
            + links("/fa/news/1/x"),
        ),
    ],
    "nastooh": [
        front("no generator, a theme", head='<link href="/resources/theme/ostan/css/style.css?_=9" rel="stylesheet">'),
        front("a generator in capitals", head='<META NAME=GENERATOR CONTENT="WWW.NASTOOH.IR">'),
        front(
            "images of a CDN by Gregorian day",
            f'<img src="{CDN}/d/2018/03/19/1/2214384.jpg">' + links("/news/2214384/x", "/service/eco"),
        ),
        front(
            "absolute links to archive and feeds",
            links(
                "http://yazd.example.ir/rss/tp/2",
                "http://yazd.example.ir/archive?pi=1&ms=0&dy=1",
                "http://yazd.example.ir/news/1",
            ),
        ),
        front(
            "names of an article",
            '<div class="item-header"></div><p class="introtext">ل</p><div class="item-body"><div class="item-text" itemprop="articleBody">م</div></div>'
            + links("/news/12/x"),
        ),
        bare("the body's names", '<html><body class="rtl nt-body pt-home"><a href="/news/12/x">خبر</a></body></html>'),
        bare(
            "a WordPress linked to",
            f'<html><link rel=search href=/opensearch.xhtml><a href="/page/archive.xhtml?ms=0">آرشیو</a>{BLOG}{SPOKEN}',
        ),
    ],
    "studiokhabar": [
        front("author for generator", head='<meta content="Behnegarsoft.com" name="author">'),
        bare(
            "a generator in capitals, unquoted",
            '<HTML><META NAME=generator CONTENT="News Studio, http://www.news-studio.com"><A HREF=/vdca.html>x</A>',
        ),
        front(
            "images and a skin",
            '<img src="/images/docs/000357/n00357284-b.jpg">',
            head='<link rel="stylesheet" href="/skins/default/fa/12/ch01_fa_style.css">',
        ),
        front(
            "obfuscated links",
            links("/vfr3k.-er48r6--4q.html", "/fa/doc/news/12/x"),
            head='<link rel="alternate" href="/rssb5.-er48--4q.xml" type="application/rss+xml">',
        ),
        front(
            "an article with ids in capitals",
            "<DIV ID='docDiv3TitrMain'>خبر</DIV><DIV ID=doctextarea>متن</DIV>" + QUOTED,
        ),
        front(
            "an article with classes",
            '<div class="doc_content"><span class="doc_date">۱۵ آذر</span><div class="user-comment-name">ع</div></div>'
            + links("/news/12/x"),
        ),
        front("addresses alone", links("/fa/doc/report/12/x", "/fa/doc/interview/13/y")),
    ],
    "aasaam": [
        bare("the comment of its makers", "<!-- AASAAM\n job [at] aasaam [dot] com --><html><body>خبر</body></html>"),
        bare("an application's name", '<html class="rtl fa" data-ng-app="aasaamApp"><body>خبر</body></html>'),
        front("sections and short addresses", links("/بخش-راه-7", "/بخش-راه-7/12-خبر", "/feeds/")),
        front(
            "encoded sections, absolute",
            links(
                "https://www.yazd.example.ir/%D8%A8%D8%AE%D8%B4-%D8%B1%D8%A7%D9%87-7/12-x",
                "https://www.yazd.example.ir/fa/tiny/news-12",
            ),
        ),
        front("an article", '<div class="primary-files"></div><h1>خبر</h1><DIV ID="echo_detail">متن</DIV>' + SPOKEN),
        front(
            "names of its templates",
            '<ul class="breadcrumb_list"></ul><ul class="article_tags"></ul><span class="news_time"></span><input class="short_link_cnt">',
        ),
    ],
    "wordpress": [
        front(
            "no generator, absolute on www",
            head='<link rel="stylesheet" href="https://www.yazd.example.ir/wp-content/themes/ostan/style.css">',
        ),
        front(
            "all files on another host",
            head=f'<link rel="stylesheet" href="{FILES}/wp-content/cache/min/a.css"><script src="{FILES}/wp-content/cache/min/a.js"></script>',
        ),
        front("a header alone", Link='<https://yazd.example.ir/wp-json/>; rel="https://api.w.org/"'),
        front("a pingback header alone", X_Pingback="https://yazd.example.ir/xmlrpc.php"),
        front("a cookie alone", Set_Cookie="wordpress_test_cookie=1; path=/"),
        bare(
            "minified, unquoted",
            "<!doctype html><link rel=https://api.w.org/ href=https://yazd.example.ir/wp-json/><body class=home>خبر",
        ),
        front(
            "hidden paths, its class names",
            '<div class="wp-block-group"><li class="menu-item menu-item-object-page"></li></div>',
        ),
        front("Drupal and Joomla quoted", QUOTED + '<img class="wp-post-image" src="/wp-content/uploads/a.jpg">'),
        front(
            "read under another name",
            '<img src="https://ostan.example.com/wp-content/uploads/a.jpg">',
            '<link rel="alternate" type="application/rss+xml" href="https://ostan.example.com/feed/">',
            url="http://127.0.0.1:8700/",
        ),
    ],
    "joomla": [
        front("a generator", head='<META content="Joomla! - Open Source Content Management" NAME="Generator">'),
        front("a header alone", X_Content_Encoded_By="Joomla! 3.9"),
        front("no generator, its files", head='<script src="/media/jui/js/jquery.min.js"></script>'),
        front("its files on a CDN", head=f'<script src="{CDN}/media/vendor/joomla-custom-elements/js/a.js"></script>'),
        front("addresses without search-engine names", links("/index.php?option=com_content&view=article&id=12")),
        front(
            "an article, WordPress linked to", BLOG + '<div class="com-content-article item-page"><h2>خبر</h2></div>'
        ),
        front("K2", '<DIV ID="k2Container" CLASS="itemView"><div class="itemFullText">م</div></DIV>'),
    ],
    "drupal": [
        front("a header alone", X_Generator="Drupal 9 (https://www.drupal.org)"),
        front("a header of its cache alone", X_Drupal_Cache="HIT"),
        front("no generator, its files", '<img src="/sites/default/files/a.jpg">'),
        front("files on a CDN, minified", head=f"<link rel=stylesheet href={CDN}/sites/default/files/css/css_a.css>"),
        front(
            "an article's names",
            '<article class="node node--type-article node--view-mode-full"><div class="field field--name-body">م</div></article>',
        ),
        front(
            "Drupal 7", '<div class="region-content"><div class="field field-name-body field-type-text"></div></div>'
        ),
        front(
            "settings, WordPress linked to",
            BLOG + '<script type="application/json" data-drupal-selector="drupal-settings-json">{}</script>',
        ),
        front("addresses and the date of its birth", links("/fa/node/12"), Expires="Sun, 19 Nov 1978 05:00:00 GMT"),
    ],
    "dnn": [
        bare(
            "the comment of its makers",
            "<!-- DNN Platform - http://www.dnnsoftware.com   --><html><body>خبر</body></html>",
        ),
        bare(
            "the older comment",
            "<!-- Copyright (c) 2002-2012 by DotNetNuke Corporation --><html><body>خبر</body></html>",
        ),
        front("cookies alone", Set_Cookie="DotNetNukeAnonymous=1; path=/"),
        front("a header alone", DNNOutputCache="true"),
        front("a skin's files", head='<LINK REL=stylesheet HREF="/Portals/_default/Skins/ostan/skin.css">'),
        front(
            "an office's files, absolute",
            '<img src="https://www.yazd.example.ir/Portals/0/logo.png">'
            + links("/fa/akhbar/ArtMID/430/ArticleID/12/x"),
        ),
        front("ids", '<div id="dnn_ContentPane"><div id="dnn_ctr430_ModuleContent"></div></div>' + SPOKEN),
        front(
            "addresses and EasyDNNnews",
            links("/tabid/95/default.aspx", "/fa/ArtMID/430/ArticleID/12/x") + '<div class="edn_article"></div>',
        ),
    ],
    "douran": [
        front("a cookie alone", Set_Cookie="Site=DouranPortal; path=/"),
        front("a header alone", Server="Douran"),
        front("its files", '<IMG SRC="/_DouranPortal/images/logo.png">'),
        front(
            "older addresses, absolute",
            links("http://www.yazd.example.ir/HomePage.aspx?TabID=4654&Site=DouranPortal&Lang=fa-IR"),
        ),
        front(
            "a site of another name",
            links("/fa-IR/ostan.yazd/4654/page/اخبار", "/fa-IR/ostan.yazd/4654/news/view/1/2/x")
            + '<table id="ctl01_ctl00_myDataList"></table>',
        ),
        front(
            "its maker in the foot",
            '<div>طراحی و پشتیبانی: <a href="http://www.douran.com">دورتال</a></div><div id="ctl01_ctl00_x"></div>',
        ),
        front("another language", links("/en-US/DouranPortal/4654/page/News"), url=f"{HOME}en-US/"),
    ],
    "highportal": [
        front("a generator in capitals", head='<META NAME="GENERATOR" CONTENT="ARYANIC.COM">'),
        front("a publisher", head='<meta content="highportal.com" name="publisher">'),
        front("a page's number", head="<meta name='siteid-pageid' content='1-125'>"),
        front(
            "addresses, absolute", links("http://www.yazd.example.ir/index.aspx?siteid=1&fkeyid=&siteid=1&pageid=125")
        ),
        front(
            "shorter addresses and its files",
            links("/index.jsp?siteid=1&pageid=125") + '<img src="/cms/fmenuimages/a.gif">' + QUOTED,
        ),
        front(
            "copyright, WordPress spoken of",
            SPOKEN + BLOG,
            head='<meta name="copyright" content="©2018 HighCMS/HighPortal" version="12.4">',
        ),
    ],
    "mfa": [
        front("links", links("/portal/newsview/612345/x", "/portal/NewsAgencyShow/699")),
        front(
            "links in capitals, absolute",
            links("HTTPS://EN.YAZD.EXAMPLE.IR/Portal/NewsView/612345"),
            url="https://en.yazd.example.ir/",
        ),
        front(
            "an article",
            '<DIV CLASS="row news-text-full"><H4>خبر</H4></DIV><SPAN CLASS=nv-info>2020/10/18 - 09:29</SPAN>',
        ),
        front(
            "its archive and search",
            links("/portal/newsarchive/700") + '<form action="/portal/search"></form>' + QUOTED,
        ),
    ],
    "liferay": [
        front("a header alone", Liferay_Portal="Liferay Community Edition Portal 7.0"),
        front("its script", "<script>var Liferay=Liferay||{};Liferay.ThemeDisplay={};</script>"),
        front("addresses of portlets", links("/web/guest/home?p_p_id=3&p_p_lifecycle=0")),
        front(
            "a cookie and addresses",
            links("/web/guest/akhbar/-/asset_publisher/a/content/x"),
            Set_Cookie="GUEST_LANGUAGE_ID=fa_IR; path=/",
        ),
        front("an article's names", '<div class="journal-content-article lfr-x">م</div>' + BLOG),
        front(
            "a theme on a CDN",
            links("/fa/web/guest/akhbar"),
            head=f'<link rel=stylesheet href="{CDN}/o/ostan-theme/css/main.css">',
        ),
    ],
    "sharepoint": [
        front("a header alone", MicrosoftSharePointTeamServices="15.0.0.4569"),
        front("another header alone", SPRequestGuid="x"),
        front("its script", "<script>var _spPageContextInfo={webServerRelativeUrl:'/'};</script>"),
        front("its files in capitals", '<SCRIPT SRC="/_LAYOUTS/15/init.js"></SCRIPT>'),
        front(
            "images and pages, absolute",
            '<img src="https://www.yazd.example.ir/PublishingImages/a.jpg">'
            + links("https://www.yazd.example.ir/Pages/khabar1.aspx"),
        ),
        front(
            "a page's parts",
            '<div id="s4-workspace" class="ms-core-overlay"><div class="ms-rtestate-field">م</div></div><a href="/Pages/x.aspx">x</a>',
        ),
    ],
}

UNKNOWN: list[Front] = [
    front("plain files", '<div id="content" class="main"><a href="news1.html">خبر</a><img src="images/a.jpg"></div>'),
    front(
        "ASP.NET MVC",
        '<form action="/Account/Login"><input name="__RequestVerificationToken" type="hidden" value="x"></form><article class="article-view">م</article>'
        + links("/News/Details/12", "/Content/site.css"),
        X_AspNetMvc_Version="5.2",
        Set_Cookie="ASP.NET_SessionId=x",
    ),
    front(
        "Web Forms",
        '<form id="aspnetForm"><input name="__VIEWSTATE" value="/wEP"><div id="ctl00_ctl00_Main"></div></form>'
        + links("/ShowNews.aspx?ID=12"),
    ),
    front(
        "Laravel",
        '<div class="entry-content"><h1>خبر</h1></div>' + links("/fa/news/12/x", "/fa/contacts", "/fa/services"),
        '<meta name="csrf-token" content="x"><script src="/js/app.js"></script>',
        Set_Cookie="XSRF-TOKEN=x; laravel_session=y",
    ),
    bare(
        "Bootstrap's distances",
        '<html><body class="pt-5 pt-md-4 bg-light"><ol class="breadcrumb"><li class="breadcrumb-item">خ</li></ol><p class="introtext">ل</p><a href="/news/12/x">خبر</a><a href="/portal/search">جستجو</a></body></html>',
    ),
    front(
        "Next.js",
        '<div id="__next"><main class="hentry"></main></div><script id="__NEXT_DATA__" type="application/json">{"html":"<div class=\\"wp-block-group\\">Drupal.settings Liferay.Portlet"}</script>',
        '<script src="/_next/static/chunks/main.js"></script>',
    ),
    front(
        "Django",
        '<form><input type="hidden" name="csrfmiddlewaretoken" value="x"></form><img src="/media/news/2021/a.jpg">'
        + links("/fa/news/12/", "/fa/archive/"),
        '<link rel="stylesheet" href="/static/css/a.css">',
    ),
    front(
        "Moodle",
        '<div id="page-site-index" class="page-id-x course-1"></div><img src="/pluginfile.php/1/theme/a.png">',
        '<meta name="keywords" content="moodle, Drupal, WordPress"><script src="/theme/javascript.php/boost/1/head"></script>',
        Set_Cookie="MoodleSession=x",
    ),
    front(
        "a WordPress linked to",
        BLOG + links(f"{ELSEWHERE}/wp-json/", f"{ELSEWHERE}/?p=12", f"{ELSEWHERE}/wp-login.php"),
    ),
    front(
        "CMSs spoken of",
        SPOKEN + "<p>دوران پورتال و استودیو خبر و نستوه و آریانیک سامانه‌های خبری‌اند.</p>",
        '<meta name="description" content="HighPortal, HighCMS, Behnegarsoft.com, Liferay.ThemeDisplay"><meta property="og:title" content="DotNetNuke and Aryanic.com">',
    ),
    front(
        "CMSs quoted in comments",
        QUOTED
        + "<!-- moved from DotNetNuke (http://www.dotnetnuke.com) --><!-- /wp-content/themes/x aasaamApp news_pdate_c -->",
    ),
    front(
        "code that is shown",
        "<pre>&lt;div class=\"entry-content wp-block-group\"&gt; &lt;link href=/wp-content/a.css&gt;</pre><textarea><img src='/sites/default/files/a.jpg'></textarea>",
    ),
    front(
        "many other sites linked to",
        links(
            "http://other.example.com/Portals/0/a.pdf",
            "http://www.example.net/sites/default/files/a.pdf",
            "http://x.example.org/_layouts/15/a.aspx",
            "http://y.example.org/index.php?option=com_content",
            "http://z.example.org/portal/newsview/12",
            "http://w.example.org/fa/rss/allnews",
            "http://v.example.org/web/guest/home?p_p_id=1",
        ),
    ),
    front(
        "one script of another site",
        f'<script src="{ELSEWHERE}/wp-includes/js/wp-embed.min.js"></script><iframe src="{ELSEWHERE}/wp-json/embed"></iframe>',
    ),
    front(
        "Jalali days in addresses",
        links("/fa/news/1396/11/16/1652345/x", "/fa/news/1400/09/15/2000000/y")
        + '<h1 class="title">خ</h1><h3 class="lead">ل</h3><div class="story">م</div>',
    ),
    front(
        "Kentico",
        '<img src="/getattachment/a/logo.png">',
        '<meta name="generator" content="Kentico CMS 9"><link href="/CMSPages/GetResource.ashx?stylesheetname=a" rel="stylesheet">',
        Set_Cookie="CMSPreferredCulture=fa-IR; CMSCookieLevel=0",
    ),
    front(
        "another theme's names",
        '<div class="single-post-wrap"><h6>ر</h6><h2>خ</h2><div class="news-lead">ل</div><div class="news-content">م</div><ul class="es-news-tags"></ul></div>',
    ),
    front(
        "names that others have too",
        '<div class="news-detail-page"><span class="news-rutitr">ر</span><span class="news-date">۱</span><div class="news-text">م</div><b class="rating user-comment-x">ع</b></div>'
        + links("/fa/news/12"),
    ),
    front("a form's fields", '<input id="field-name-input" class="field-name-input form-control">' + links("/node/12")),
    front(
        "a text brought from elsewhere",
        '<div class="ms-rteElement-P MsoNormal">م</div><p class="wp-caption-text">زیرنویس</p>' + links("/akhbar/12"),
    ),
    front("one Persian address", links("/fa/about-درباره", "/fa/news/12-x") + '<div class="news_time">۱</div>'),
    front("its maker named, another's", '<p>طراحی وب‌سایت: <a href="https://wp.example.org">گروه وردپرس</a></p>'),
    front(
        "pictures of other sites",
        '<img src="http://www.example.net/sites/default/files/a.png"><img src="http://other.example.com/Portals/0/a.png">',
    ),
    front(
        "microformats",
        '<article class="hentry"><h1 class="entry-title">خ</h1><div class="entry-content">م</div></article>',
        '<meta name="generator" content="Hugo 0.100">',
    ),
    bare("nothing at all", ""),
    bare("no markup", "سلام"),
]
