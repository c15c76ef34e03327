"""One release in the skins of the CMSs whose offices have skins of their own: each is told by its marks, and read the same.

`~` stands for a half-space in the texts, which are written for these tests.
"""

# ruff: noqa: E501 - markup is broken where pages break it

from datetime import UTC, datetime

import pytest
from lxml.html import fromstring
from web_poet import HttpResponse

from spiders.detect import findings
from spiders.names import Names
from spiders.platforms import platform

HOST = "https://yazd.example.ir"
FETCHED = datetime(2021, 12, 6, 8, tzinfo=UTC)
Z = "\u200c"


def z(text: str) -> str:
    return text.replace("~", Z)


KICKER = z("معاون آبخیزداری استان خبر داد:")
TITLE = z("سه بند خاکی در حوضه سرخ~رود به بهره~برداری رسید")
LEAD = z("سه بند خاکی با گنجایش چهارصد هزار متر مکعب در حوضه آبخیز سرخ~رود آماده آبگیری شد.")
BODY = tuple(
    z(text)
    for text in (
        "به گزارش روابط عمومی اداره کل منابع طبیعی استان یزد: این بندها در بالادست پنج روستا ساخته شده~اند و از راه افتادن سیلاب جلوگیری می~کنند.",
        "فریبا داورپناه گفت: برای ساخت آن~ها نود میلیارد ریال هزینه شد و صد و بیست نفر از مردم همان روستاها در کار بودند.",
        "به گفته او، با نفوذ آب این بندها به زمین، آبدهی هفت رشته قنات در سال~های آینده بیشتر خواهد شد.",
    )
)
TAGS = ("آبخیزداری", z("سرخ~رود"))
WHEN = "۱۵ آذر ۱۴۰۰ - ۰۹:۱۹"
AT = "2021-12-06T09:19:00+03:30"
NEVER = (
    "دیدار مدیرکل از ایستگاه",
    "سپاس از زحمت",
    "تلگرام",
    "بازدید",
    "نظر خود",
    "آگهی فروش",
    "انتهای پیام",
    "بخوانید",
)

P1, P2, P3 = (f"<p>{text}</p>" for text in BODY)
MORE = '<div class="read-more"><b>بیشتر بخوانید:</b><ul><li><a href="/x">دیدار مدیرکل از ایستگاه پخش نهال</a></li></ul></div>'
LABELLED = '<p><strong>بیشتر بخوانید:</strong></p><ul><li><a href="/x">دیدار مدیرکل از ایستگاه پخش نهال</a></li></ul>'
END = "<p>انتهای پیام/۲۰۳</p>"
SHARE = '<div class="social-share"><a href="https://t.me/share">تلگرام</a></div>'
AD = '<div class="adv-box"><a href="/adv/3">آگهی فروش نهال</a></div>'
COMMENTS = '<div class="comments-list"><h4>نظرات</h4><p>سپاس از زحمت شما در این کار بزرگ و ماندگار.</p><form><textarea name="t">نظر خود</textarea></form></div>'
RELATED = '<div class="related-news"><h3>اخبار مرتبط</h3><ul><li><a href="/r1">دیدار مدیرکل از ایستگاه پخش نهال</a></li></ul></div>'
MENU = '<nav class="menu"><ul><li><a href="/">صفحه نخست</a></li><li><a href="/about">معرفی اداره</a></li></ul></nav>'
FOOTER = "<footer><p>کلیه حقوق این پایگاه متعلق به اداره کل منابع طبیعی استان یزد است.</p></footer>"


def tags(before: str = "", after: str = "") -> str:
    return "".join(f'{before}<a href="/tag/{tag}">{tag}</a>{after}' for tag in TAGS)


def page(head: str, main: str, body: str = "<body>") -> str:
    return (
        f'<!DOCTYPE html><html lang="fa" dir="rtl"><head><meta charset="utf-8"><title>{TITLE} - منابع طبیعی یزد</title>{head}</head>'
        f"{body}{MENU}{main}{FOOTER}</body></html>"
    )


SKINS = {
    "joomla 3 with single quotes and no generator": (
        "joomla",
        "/index.php/akhbar/12-manabe/451-band",
        page(
            "<base href='https://yazd.example.ir/index.php/akhbar'><script src='/media/jui/js/bootstrap.min.js'></script>",
            f"""<main id='content'><div class='extra item-page blog' itemscope itemtype='https://schema.org/Article'>
<div class='page-header'><h1> اخبار اداره کل </h1></div><span class='roo-titr'>{KICKER}</span>
<div class='page-header'><h2 itemprop='headline'> {TITLE} </h2></div>
<dl class='article-info'><dd class='published'><span class='icon-calendar'></span>
<time datetime='2021-12-06T05:49:00+00:00' itemprop='datePublished'>انتشار: {WHEN}</time></dd><dd class='hits'>بازدید: ۱۲</dd></dl>
{SHARE}<div itemprop='articleBody'><p class='lead'>{LEAD}</p>{P1}{MORE}{P2}{AD}{P3}{END}</div>
<ul class='tags inline'>{tags("<li>", "</li>")}</ul><ul class='pager pagenav'><li><a rel='next' href='/index.php/akhbar/9-x'>بعدی</a></li></ul>
{RELATED}{COMMENTS}</div></main>""",
        ),
    ),
    "joomla 5 without microdata": (
        "joomla",
        "/index.php?option=com_content&view=article&id=451:band&catid=12&Itemid=101",
        page(
            '<meta content="Joomla! - Open Source Content Management" name="GENERATOR">'
            '<script type="application/json" class="joomla-script-options new">{"a":1}</script>',
            f"""<div class="site-grid"><div class="com-content-article item-page"><p class="up-title">{KICKER}</p>
<div class="page-header"><h1>{TITLE}</h1></div><dl class="article-info text-muted"><dt class="article-info-term">جزئیات</dt>
<dd class="category-name">دسته: <a href="/index.php/akhbar">خبرها</a></dd>
<dd class="published"><time datetime="2021-12-06T05:49:00+00:00">{WHEN}</time></dd>
<dd class="modified"><time datetime="2021-12-07T05:00:00+00:00">بروزرسانی: ۱۶ آذر ۱۴۰۰</time></dd></dl>
<figure class="left item-image"><img src="/images/band.jpg" alt=""></figure>
<div class="com-content-article__body"><p class="lead">{LEAD}</p>{P1}{P2}{P3}{END}</div>
<div class="com-content-article__tags tags-list"><ul class="tags list-inline">{tags("<li>", "</li>")}</ul></div></div>
<div class="container-sidebar-right"><div class="latest-news"><h3>تازه‌ها</h3><p class="up-title">پیش‌خبر</p>{RELATED}</div></div></div>""",
        ),
    ),
    "joomla with K2": (
        "joomla",
        "/akhbar/item/451-band",
        page(
            "<script src='/media/k2/assets/js/k2.frontend.js'></script><link rel='stylesheet' href='/components/com_k2/css/k2.css'>",
            f"""<div id="k2Container" class="itemView"><span id="startOfPageId451"></span><div class="itemHeader">
<div class="rutitr">{KICKER}</div><span class="itemDateCreated">{WHEN}</span><h2 class="itemTitle">{TITLE}</h2></div>
<div class="itemToolbar">{SHARE}</div><div class="itemBody"><div class="itemImageBlock"><img src="/media/k2/items/cache/a.jpg"></div>
<div class="itemIntroText"><p>{LEAD}</p></div><div class="itemFullText">{P1}{P2}{MORE}{P3}{END}</div></div>
<div class="itemContentFooter"><span class="itemHits">بازدید <b>۱۲</b></span></div>
<div class="itemLinks"><div class="itemTagsBlock"><span>برچسب‌ها</span><ul class="itemTags">{tags("<li>", "</li>")}</ul></div></div>
<div class="itemRelated">{RELATED}</div><div class="itemComments">{COMMENTS}</div></div>""",
        ),
    ),
    "drupal 7": (
        "drupal",
        "/node/451",
        page(
            '<script>jQuery.extend(Drupal.settings, {"basePath":"/"});</script><link rel="shortlink" href="/node/451">',
            f"""<div id="main"><h1 class="title" id="page-title">{TITLE}</h1><div class="region region-content">
<div id="node-451" class="node node-khabar clearfix"><div class="meta submitted">ارسال شده توسط مدیر در {WHEN}</div>
<div class="content"><div class="field field-name-field-rotitr field-type-text field-label-above"><div class="field-label">روتیتر:&nbsp;</div>
<div class="field-items"><div class="field-item even">{KICKER}</div></div></div>
<div class="field field-name-field-kholase field-type-text-long field-label-hidden"><div class="field-items"><div class="field-item even">{LEAD}</div></div></div>
<div class="field field-name-body field-type-text-with-summary field-label-hidden"><div class="field-items">
<div class="field-item even" property="content:encoded">{P1}{P2}{AD}{P3}{END}</div></div></div>
<div class="field field-name-field-tags field-type-taxonomy-term-reference field-label-above"><div class="field-label">برچسب‌ها:&nbsp;</div>
<div class="field-items">{tags('<div class="field-item">', "</div>")}</div></div></div>
<ul class="links inline"><li class="statistics_counter"><span>۱۲ بازدید</span></li></ul></div>{COMMENTS}</div></div>{RELATED}""",
            '<body class="html not-front page-node page-node-451 node-type-khabar">',
        ),
    ),
    "drupal 10": (
        "drupal",
        "/fa/news/band-sorkhrud",
        page(
            "<link rel='shortlink' href='https://yazd.example.ir/node/451'><link rel='stylesheet' href='/sites/default/files/css/a.css'>",
            f"""<main><div class='region region-content'><div data-drupal-messages-fallback class='hidden'></div>
<h1 class='page-title'><span class='field field--name-title'>{TITLE}</span></h1>
<article data-history-node-id='451' class='node node--type-article node--view-mode-full'><footer class='node__meta'>
<div class='node__submitted'><span class='field field--name-created'><time datetime='2021-12-06T09:19:00+03:30'>{WHEN}</time></span></div></footer>
<div class='node__content'><div class='field field--name-field-ru-titr field__item'>{KICKER}</div>
<div class='field field--name-field-lead field--type-string-long field__item'>{LEAD}</div>
<div class='clearfix text-formatted field field--name-body field--type-text-with-summary field__item'>{P1}{MORE}{P2}{P3}</div>
<div class='field field--name-field-tags'><div class='field__label'>برچسب‌ها</div><div class='field__items'>{tags("<div class='field__item'>", "</div>")}</div></div>
</div></article><section class='field field--name-comment'>{COMMENTS}</section></div></main>""",
        ),
    ),
    "dnn in capitals and without its assets": (
        "dnn",
        "/fa/akhbar/ArtMID/415/ArticleID/451",
        page(
            '<META NAME="generator" CONTENT="DotNetNuke ">',
            f"""<FORM ID="Form"><DIV ID="dnn_ctr415_ModuleContent"><DIV CLASS="skin EDN_article"><P CLASS="Edn_ArticleSubTitle">{KICKER}</P>
<H1 CLASS="edn_articleTitle">{TITLE}</H1><DIV CLASS="edn_metaDetails"><TIME>{WHEN}</TIME> <SPAN>بازدید ۱۲</SPAN></DIV>
<DIV CLASS="edn_articleSummary">{LEAD}</DIV><DIV CLASS="edn_articleContent">{P1}{P2}{MORE}{P3}{END}</DIV>
<DIV CLASS="edn_articleTags">{tags()}</DIV>{SHARE}{RELATED}{COMMENTS}</DIV></DIV></FORM>""",
        ),
    ),
    "dnn with another module": (
        "dnn",
        "/akhbar/tabid/86/articleType/ArticleView/articleId/451/band.aspx",
        page(
            '<link rel="stylesheet" href="/Portals/_default/default.css"><link href="/Portals/0/skin.css" rel="stylesheet">',
            f"""<form id="Form" method="post"><div id="dnn_ContentPane"><div class="DnnModule DnnModule-NewsManager"><div id="dnn_ctr501_View_pnl">
<div class="khabar"><span class="roo-titr">{KICKER}</span><h1><span id="dnn_ctr501_View_lblTitle">{TITLE}</span></h1>
<div class="khabar-info"><span id="dnn_ctr501_View_lblDate">{WHEN}</span><span class="visit-count">بازدید: ۱۲</span></div>
<div class="khabar-lead">{LEAD}</div><div class="khabar-matn">{P1}{P2}{P3}{END}</div>
<div class="khabar-tags"><span>برچسب‌ها:</span> {tags()}</div>{SHARE}</div>{RELATED}{COMMENTS}</div></div></div></form>""",
        ),
    ),
    "douran with other names": (
        "douran",
        "/fa-IR/manabe.yazd/4832/news/view/14711/451/band",
        page(
            "<link href='/_DouranPortal/css/p.css' rel='stylesheet'>",
            f"""<form action='HomePage.aspx?TabID=4832&amp;Site=manabe.yazd&amp;Lang=fa-IR'><table><tr><td><div class='news-view skin2'>
<span id='ctl00_ctl03_lblRuTitr'>{KICKER}</span><h1 class='news-title'>{TITLE}</h1><span class='date news_date'>{WHEN}</span>
<p class='news-lead'>{LEAD}</p><div class='news-body'>{P1}{P2}{MORE}{P3}{END}</div>
<div class='news-tags'>{tags()}</div><div class='NewsVisit'>بازدید: ۱۲</div>{SHARE}{RELATED}{COMMENTS}</div></td></tr></table></form>""",
        ),
    ),
    "douran in a skin that nobody knows": (
        "douran",
        "/fa-IR/DouranPortal/4832/news/view/14711/451/band",
        page(
            "",
            f"""<form action="/HomePage.aspx?TabID=4832&amp;Site=DouranPortal&amp;Lang=fa-IR"><div id="ctl01_ctl00_pnl"><div class="detail-box">
<h4 class="over-title">{KICKER}</h4><h2 class="onvan">{TITLE}</h2><div class="tarikh">تاریخ درج: {WHEN}</div>
<div class="kholase">{LEAD}</div><div class="matn">{P1}{P2}{P3}{END}</div><div class="kelidvajeh"><span>کلیدواژه‌ها:</span> {tags()}</div></div>
{RELATED}{COMMENTS}</div></form>""",
        ),
    ),
    "highportal with other names": (
        "highportal",
        "/index.jsp?siteid=1&fkeyid=&siteid=1&pageid=158&newsview=451",
        page(
            "<META CONTENT='Aryanic.com' NAME='Generator'><meta content='1-158' name='siteid-pageid'>",
            f"""<div id='portalBody'><div class='News-View box'><h4 class='news_rutitr'>{KICKER}</h4><h2 class='news_title'>{TITLE}</h2>
<span class='news_date'>1400/09/15 09:19</span><p class='news_summary'>{LEAD}</p><div class='news_body'><p>{LEAD}</p>{P1}{P2}{P3}{END}</div>
<div class='news_keywords'>{tags()}</div>{SHARE}{RELATED}{COMMENTS}</div></div>""",
        ),
    ),
    "highportal in a skin that nobody knows": (
        "highportal",
        "/index.aspx?siteid=1&fkeyid=&siteid=1&pageid=158&newsview=451",
        page(
            '<meta name="publisher" content="highportal.com"><link rel="stylesheet" href="/includes/cms.css">',
            f"""<div id="portalBody"><a href="/index.aspx?siteid=1&fkeyid=&siteid=1&pageid=157">اخبار</a><div class="show">
<div class="roo-titr">{KICKER}</div><h1>{TITLE}</h1><div class="time">{WHEN}</div><div class="lid">{LEAD}</div>
<div class="sharh">{P1}{P2}{P3}{END}</div><div class="tags">{tags()}</div></div>{RELATED}{COMMENTS}</div>""",
        ),
    ),
    "liferay 6": (
        "liferay",
        "/web/guest/akhbar/-/asset_publisher/Ab12/content/band-sorkhrud",
        page(
            '<script>Liferay.Portlet.list=["101"];var themeDisplay={};Liferay.ThemeDisplay={getLayoutId:function(){return "1"}};</script>',
            f"""<div id="p_p_id_101_INSTANCE_Ab12_" class="portlet-boundary"><div class="asset-full-content"><h1 class="header-title"><span>{TITLE}</span></h1>
<div class="asset-content"><div class="journal-content-article"><p class="rutitr">{KICKER}</p><p class="lead">{LEAD}</p>{P1}{P2}{MORE}{P3}{END}</div></div>
<div class="asset-metadata"><span class="metadata-entry metadata-publish-date">{WHEN}</span><span class="metadata-view-count">۱۲ بازدید</span></div>
<div class="taglib-asset-tags-summary">{tags()}</div>{SHARE}</div></div>{RELATED}{COMMENTS}""",
        ),
    ),
    "liferay 7 with a display page": (
        "liferay",
        "/fa/w/band-sorkhrud",
        page(
            "<link href='/o/classic-theme/css/main.css?browserId=chrome&themeId=x' rel='stylesheet'><link href='/x?p_p_id=com_liferay' rel='y'>",
            f"""<div class='columns-1'><div class='lfr-layout-structure-item-container'><div class='rootitr'>{KICKER}</div>
<h1 class='component-heading'>{TITLE}</h1><div class='component-paragraph date'>{WHEN}</div><div class='component-paragraph lead'>{LEAD}</div>
<div class='component-paragraph text-break matn'>{P1}{P2}{P3}{END}</div><div class='tags'>{tags()}</div></div></div>{RELATED}{COMMENTS}""",
        ),
    ),
    "sharepoint 2013": (
        "sharepoint",
        "/akhbar/Pages/band-sorkhrud.aspx",
        page(
            '<meta name="GENERATOR" content="Microsoft SharePoint"><script src="/_layouts/15/init.js"></script>',
            f"""<form id="aspnetForm"><div id="s4-workspace"><div id="DeltaPlaceHolderMain"><div class="article article-left"><div class="article-header">
<div class="rutitr">{KICKER}</div><h1 class="article-title">{TITLE}</h1><div class="date-line">{WHEN}</div></div><div class="article-lead">{LEAD}</div>
<div class="article-content"><div id="ctl00_PlaceHolderMain_ctl01__ControlWrapper_RichHtmlField" class="ms-rtestate-field">{P1}{P2}{MORE}{P3}{END}</div></div>
<div class="tags">{tags()}</div></div>{SHARE}{RELATED}{COMMENTS}</div></div></form>""",
        ),
    ),
    "sharepoint, modern": (
        "sharepoint",
        "/SitePages/band-sorkhrud.aspx",
        page(
            "<script>var _spPageContextInfo={webTitle:'x'};</script>",
            f"""<div id='spPageChromeAppDiv'><div data-automation-id='pageHeader'><div class='kicker'>{KICKER}</div><h1 data-automation-id='TitleTextId'>{TITLE}</h1>
<span data-automation-id='publishDate'>{WHEN}</span></div><div class='lead'>{LEAD}</div><div id='spPageCanvasContent'><div data-automation-id='CanvasZone'>
<div data-automation-id='textBox' class='cke_editable'>{P1}{P2}</div><div data-automation-id='textBox'>{P3}{END}</div></div></div>
<div class='tags'>{tags()}</div></div>{RELATED}{COMMENTS}""",
        ),
    ),
    "fa_portal with other wrappers": (
        "fa_portal",
        "/fa/news/451/band",
        page(
            "",
            f"""<div class='row'><section class='col-9 article-view rtl'><header><span class='kicker'>{KICKER}</span><h1 class='t'>{TITLE}</h1></header>
<p class='summary'>{LEAD}</p><div class='content text-justify'>{P1}{P2}{MORE}{AD}{P3}{END}</div><time class='small date-info'>{WHEN}</time>
<ul class='tags'>{tags("<li>", "</li>")}</ul>{SHARE}</section></div>{RELATED}{COMMENTS}""",
        ),
    ),
    "fa_portal without its frame": (
        "fa_portal",
        "/fa/newsagency/451",
        page(
            '<link rel="alternate" type="application/rss+xml" href="/fa/newsagency/rss">',
            f"""<DIV CLASS="article-view"><H4 CLASS="rutitr">{KICKER}</H4><H1>{TITLE}</H1><DIV CLASS="date-info">{WHEN}</DIV><DIV CLASS="summary">{LEAD}</DIV>
<DIV CLASS="content">{P1}{P2}{P3}{END}</DIV><DIV CLASS="tags">{tags()}</DIV></DIV>{RELATED}{COMMENTS}""",
        ),
    ),
    "joomla 2.5, where nothing is around the text": (
        "joomla",
        "/index.php/news/451-band",
        page(
            '<meta name="generator" content="Joomla! - Open Source Content Management" />',
            f"""<div class="item-page"><h1>اخبار</h1><h2><a href="/index.php/news/451-band">{TITLE}</a></h2><dl class="article-info"><dt>جزئیات</dt><dd class="category-name">دسته: خبر</dd><dd class="published">منتشر شده در {WHEN}</dd></dl><p class="rutitr">{KICKER}</p><p class="lead">{LEAD}</p>{P1}{P2}{LABELLED}{P3}{END}<div class="tags">{tags()}</div></div>{RELATED}{COMMENTS}""",
        ),
    ),
    "drupal 7 with the lead in the body again": (
        "drupal",
        "/content/band",
        page(
            '<meta name="Generator" content="Drupal 7 (http://drupal.org)" /><link rel="shortlink" href="/node/451">',
            f"""<h1 id="page-title">{TITLE}</h1><article id="node-451" class="node node-article"><div class="field field-name-field-uptitle"><div class="field-items"><div class="field-item even">{KICKER}</div></div></div><span class="date-display-single" property="dc:date" content="2021-12-06T09:19:00+03:30">{WHEN}</span><div class="field field-name-field-abstract field-label-hidden"><div class="field-items"><div class="field-item even"><p>{LEAD}</p></div></div></div><div class="field field-name-body"><div class="field-items"><div class="field-item even"><p>{LEAD}</p>{P1}{P2}{MORE}{P3}{END}</div></div></div><div class="field field-name-field-keywords"><div class="field-label">کلیدواژه:</div>{tags()}</div></article>{COMMENTS}""",
        ),
    ),
    "drupal 9 without its classes": (
        "drupal",
        "/fa/news/band",
        page(
            '<link rel="stylesheet" href="/themes/custom/yazd/css/a.css"><script data-drupal-selector="drupal-settings-json" type="application/json">{}</script><link rel="shortlink" href="/node/451">',
            f"""<main><article><header><div class="title-top">{KICKER}</div><h1>{TITLE}</h1><span class="created">{WHEN}</span></header><div class="lead">{LEAD}</div><div class="body">{P1}{P2}{LABELLED}{P3}{END}</div><div class="tags">{tags()}</div></article></main>{RELATED}{COMMENTS}""",
        ),
    ),
    "dnn with names of its own": (
        "dnn",
        "/news/ArtMID/415/ArticleID/451/x",
        page(
            "<!-- by DotNetNuke Corporation --><link href=/Portals/3/skin.css rel=stylesheet>",
            f"""<form><div id=dnn_ctr415_ModuleContent><article class="eds_article"><div class="eds_upTitle">{KICKER}</div><h2 class="eds_title">{TITLE}</h2><span class="eds_date">{WHEN}</span><div class="eds_summary">{LEAD}</div><section class="eds_text">{P1}{P2}{LABELLED}{P3}{END}</section><div class="eds_tags">{tags()}</div></article></div>{RELATED}{COMMENTS}</form>""",
        ),
    ),
    "highportal with half of the names": (
        "highportal",
        "/index.aspx?siteid=1&fkeyid=&siteid=1&pageid=158&newsview=451",
        page(
            '<meta name="generator" content="Aryanic.com">',
            f"""<div class='newsview'><div class='rotitr'>{KICKER}</div><div class='title'><h2>{TITLE}</h2></div><div class='info'><span class='date'>{WHEN}</span><span class='hits'>بازدید: ۱۲</span></div><div class='lead'>{LEAD}</div><div class='newstext'>{P1}{P2}{LABELLED}{P3}{END}</div><div class='keywords'>{tags()}</div>{SHARE}{RELATED}{COMMENTS}</div>""",
        ),
    ),
    "fa_portal with all within the body": (
        "fa_portal",
        "/fa/news/451/x",
        page(
            "",
            f"""<main><article class='article-view'><div class="rutitr">{KICKER}</div><h1>{TITLE}</h1><div class="date-info"><span>تاریخ انتشار:</span> {WHEN} <span>بازدید: ۱۲</span></div><p class="summary">{LEAD}</p><div class="content">{P1}{P2}{LABELLED}{P3}{END}{SHARE}<div class="tags">{tags()}</div></div></article></main>{RELATED}{COMMENTS}""",
        ),
    ),
}
CASES = [pytest.param(*skin, id=name) for name, skin in SKINS.items()]


def answer(page, address):
    return HttpResponse(HOST + address, body=page.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


@pytest.mark.parametrize(("key", "address", "page"), CASES)
def test_a_skin_shows_its_cms_and_no_other(key, address, page):
    found = findings([answer(page, address)])

    assert found[0].platform.key == key
    assert found[0].confidence == "sure"
    assert all(other.score < 10 for other in found[1:])


@pytest.mark.parametrize(("key", "address", "page"), CASES)
def test_a_release_reads_the_same_in_every_skin(office, key, address, page):
    reader = platform(key)
    article = reader.read(answer(page, address), source=office(platform=key), fetched_at=FETCHED)

    assert reader.is_article(HOST + address)
    assert article.native_id == (None if key in ("liferay", "sharepoint") else "451")
    assert article.title == TITLE
    assert article.kicker == KICKER
    assert article.lead == LEAD
    assert tuple(article.body.split("\n")) == BODY
    assert article.published.gregorian == AT
    assert article.tags == TAGS
    for foreign in NEVER:
        assert foreign not in article.body
        assert foreign not in article.body_html


LISTED = "/fa-IR/DouranPortal/4832/news/view/14711"


def listing_of(office, page):
    return platform("douran").listing(response=answer(page, "/"), source=office(platform="douran"), fetched_at=FETCHED)


def test_the_entries_of_a_known_list_have_their_dates(office):
    rows = f'<tr><td><span class="listDate">۱۴ آذر ۱۴۰۰</span><a href="/about">اداره</a><a href="{LISTED}/12/a">خبر</a></td></tr>'
    (link,) = listing_of(
        office, f'<table id="ctl01_ctl00_myDataList">{rows}</table><a href="{LISTED}/9/b">دیگر</a>'
    ).links()

    assert link.url == f"{HOST}{LISTED}/12/a"
    assert link.published.gregorian == "2021-12-05"


def test_in_an_unknown_list_every_link_to_an_article_counts_once(office):
    page = f'<ul class="x"><li><a href="{LISTED}/12/a">خبر</a> <a href="{LISTED}/12/a">بیشتر</a></li><li><a href="/about">اداره</a></li></ul>'

    assert [link.url for link in listing_of(office, page).links()] == [f"{HOST}{LISTED}/12/a"]


def test_the_outermost_of_elements_are_found_in_whatever_order_they_come():
    root = fromstring("<div><p id='a'><b id='b'>x</b></p><p id='c'>y</p></div>")
    a, b, c = (root.get_element_by_id(each) for each in "abc")

    assert [*Names(root).outermost([c, b, a, a])] == [a, c]
