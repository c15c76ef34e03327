"""DNN (DotNetNuke): news by modules of other makers, first EasyDNNnews: `/…/ArtMID/<m>/ArticleID/<id>/<slug>`."""

import re
from typing import ClassVar

import attrs

from spiders.platforms.cms import Platform
from spiders.platforms.marks import HINT, LIKELY, SURE, Mark
from spiders.platforms.skins import KICKERS, NEWS_LISTS, SkinnedListing, SkinnedPage

ARTICLE = re.compile(
    r"^(?![^?]*/(?:DesktopModules|Portals)/)(?!.*/(?:print|pdf|rss|categoryview|edit)(?:/|$))"
    r"(?:(?:[^?]*/ArticleID/|[^?]*\?articleid=)(?P<id>\d+)(?:/[^/?]*)?/?$"
    r"|[^?]*/(?:EntryID|NewsID|ItemID)/\d+(?:/[^/?]*)?/?$|[^?]*\?(?:entryid|newsid)=\d+$)",
    re.IGNORECASE,
)


@attrs.define(kw_only=True)
class DnnPage(SkinnedPage):
    """One release of a DNN site.

    Recognised by its generator, the comment «by DotNetNuke Corporation», its cookies, `/Portals/<n>/`,
    `/DesktopModules/`, `dnncore.js` and ids that begin with `dnn_ctr<module>_`. Sure of these, of the address of
    EasyDNNnews and of its `.edn_…` names (public fingerprints). The parts within an `.edn_article` are as its default
    templates name them; the suffixes of ids (`lblTitle`) are those that ASP.NET modules commonly use. Other modules'
    markup is found by the generic reader. Only EasyDNNnews numbers are a site's own: those of other modules count by
    module, and are no identity. A feed names portal, tab and module in its address, and has to be stated in the source.
    """

    platform: ClassVar[str] = "dnn"
    version: ClassVar[int] = 3

    article_css: ClassVar[str] = ".edn_article, .DNNArticle, .ArticleView"
    kicker_css: ClassVar[tuple[str, ...]] = (".edn_articleSubTitle", ".edn_subTitle", *KICKERS)
    title_css: ClassVar[tuple[str, ...]] = (
        ".edn_articleTitle",
        ".edn_article h1",
        ".articleHeadline",
        ".DNNArticle h1",
        "#lblTitle",
    )
    lead_css: ClassVar[tuple[str, ...]] = (".edn_articleSummary", ".edn_summary", ".articleSummary", "#lblSummary")
    body_css: ClassVar[tuple[str, ...]] = (
        ".edn_articleContent",
        ".edn_content",
        ".articleContent",
        ".articleText",
        "#lblArticle",
        "#lblContent",
    )
    date_css: ClassVar[tuple[str, ...]] = (
        ".edn_article time",
        ".edn_publishDate",
        ".edn_date",
        ".edn_metaDetails",
        ".articleDate",
        "#lblDate",
        "#lblPublishDate",
    )
    category_css: ClassVar[tuple[str, ...]] = (".edn_category", ".edn_categories a", ".articleCategory a")
    tags_css: ClassVar[tuple[str, ...]] = (".edn_articleTags a", ".edn_tags a", ".tagsContainer a", ".articleTags a")
    image_css: ClassVar[tuple[str, ...]] = (
        "img.edn_articleImage",
        ".edn_articleImage img",
        ".edn_mainImage img",
        ".main_image img",
        ".articleImage img",
    )
    figure_css: ClassVar[tuple[str, ...]] = ("figure.edn_articleImage",)


@attrs.define(kw_only=True)
class DnnListing(SkinnedListing):
    """A module's list: `/…/PgrID/<m>/PageID/<n>`."""

    platform: ClassVar[str] = "dnn"
    item_css: ClassVar[str] = ".edn_article_list, .edn_article, .edn_list article, .edn_list li"
    date_css: ClassVar[str] = "time, .edn_date, .edn_publishDate"
    next_css: ClassVar[str] = "a[rel=next], .article_pager a.next, .article_pager .next a, a.edn_next"


PLATFORM = Platform(
    key="dnn",
    page=DnnPage,
    listing=DnnListing,
    article_path=ARTICLE,
    query_keys=("articleid", "entryid", "newsid"),
    listings=(),
    followed=NEWS_LISTS,
    marks=(
        Mark("generator", r"DotNetNuke|^\s*DNN\b", SURE),
        Mark(
            "comment",
            r"^\W*(?:DotNetNuke|DNN\b)[^-]{0,20}- *https?://|^\W*(?:Copyright[^<]{0,40})?\bby (?:DotNetNuke|DNN) Corp",
            SURE,
        ),
        Mark("id", r"dnn_(?:ctr\d+|\w+Pane|dnn\w+)\w*|__dnnVariable", SURE),
        Mark("html", r"\bname=\"dnn\$|\b__dnnVariable\b|\bDnnModule(?:-|\b)", SURE),
        Mark("cookie", r"DotNetNukeAnonymous|\.DOTNETNUKE|dnn_IsMobile", SURE),
        Mark("X-Compressed-By", r"DotNetNuke", SURE),
        Mark("DNNOutputCache", r".*", SURE),
        Mark("link", r"/js/dnn(?:core|\.[a-z.]+)?\.js|/DesktopModules/", SURE),
        Mark("link", r"^/(?:[^?]*/)?Portals/(?:\d+|_default)/", SURE),
        Mark("link", r"/LinkClick\.aspx\?(?:[^#]*&)?fileticket=", SURE),
        Mark("link", r"/ArtMID/\d+/ArticleID/\d+", LIKELY),
        Mark("class", r"edn_\w+", LIKELY),
        Mark("link", r"/tabid/\d+(?:/|$)|[?&]tabid=\d+&(?:ctl|mid)=", HINT),
    ),
)
