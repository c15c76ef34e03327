"""Pages written otherwise: what other themes, editors and servers do to a page without changing what a reader sees."""

import re
from collections.abc import Callable, Iterator

from lxml import etree, html
from lxml.html import HtmlElement

REWRITINGS: dict[str, Callable[[str], str]] = {}
LINES = ("span", "li", "div", "time", "h1", "h2", "h3", "small", "p", "td", "a")
BLOCKS = (
    "div",
    "p",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "section",
    "article",
    "h1",
    "h2",
    "header",
    "main",
    "figure",
)
SILENT = re.compile(r"(<script\b.*?</script>|<style\b.*?</style>)", re.DOTALL)


def rewriting(change: Callable[[str], str]) -> Callable[[str], str]:
    REWRITINGS[change.__name__.replace("_", " ")] = change
    return change


def on_the_tree(change: Callable[[HtmlElement], object]) -> Callable[[HtmlElement], object]:
    """A rewriting that changes the tree of a page, which is written anew."""

    def rewritten(page: str) -> str:
        tree = html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
        change(tree)
        return "<!DOCTYPE html>\n" + html.tostring(tree, encoding="unicode")

    REWRITINGS[change.__name__.replace("_", " ")] = rewritten
    return change


def elements(tree: HtmlElement, *tags: str) -> list[HtmlElement]:
    return list(tree.iter(*tags)) if tags else list(tree.iter(etree.Element))


def outside_scripts(page: str, pattern: str, new: Callable[[re.Match[str]], str]) -> str:
    parts = SILENT.split(page)
    parts[::2] = [re.sub(pattern, new, part) for part in parts[::2]]
    return "".join(parts)


def said_in(tree: HtmlElement, *tags: str) -> Iterator[HtmlElement]:
    """Elements whose own text begins with something that is said."""
    return (node for node in elements(tree, *(tags or LINES)) if (node.text or "").strip())


def put_first(node: HtmlElement, markup: str) -> None:
    new = html.fragment_fromstring(markup)
    new.tail, node.text = node.text, None
    node.insert(0, new)


def within_new(node: HtmlElement, *tags: str) -> None:
    """All that an element holds is put into new elements, one in the other."""
    inside, text = list(node), node.text
    node.text = None
    for tag in tags:
        node = etree.SubElement(node, tag)
    node.text = text
    node.extend(inside)


# ---- as other programs write the same tree ----


@on_the_tree
def tags_are_closed_and_quoted(tree):
    pass


@rewriting
def lines_end_as_on_windows(page):
    return page.replace("\r\n", "\n").replace("\n", "\r\n")


@rewriting
def it_begins_as_xml(page):
    return f'<?xml version="1.0" encoding="utf-8"?>\n{page}'


@rewriting
def it_begins_with_a_mark_of_its_bytes_order(page):
    return f"\ufeff{page}"


@rewriting
def tags_are_in_capitals(page):
    return outside_scripts(page, r"(</?)([a-z][a-z0-9]*)(?=[\s>/])", lambda tag: tag[1] + tag[2].upper())


@rewriting
def letters_are_references(page):
    return outside_scripts(page, "[\u0600-\u06ff\u200c]", lambda letter: f"&#{ord(letter[0])};")


@rewriting
def half_spaces_are_named(page):
    return outside_scripts(page, "\u200c", lambda _: "&zwnj;")


@on_the_tree
def attributes_come_the_other_way_round(tree):
    for node in elements(tree):
        stated = node.items()[::-1]
        node.attrib.clear()
        node.attrib.update(stated)


@on_the_tree
def blocks_are_on_lines_of_their_own(tree):
    for node in elements(tree, *BLOCKS):
        node.text, node.tail = f"\n\t {node.text or ''}", f"{node.tail or ''}\n\t  "


@on_the_tree
def no_white_space_is_left_between_blocks(tree):
    for node in elements(tree, *BLOCKS, "body", "script", "link", "meta"):
        node.text = node.text if (node.text or "").strip() else None
        node.tail = node.tail if (node.tail or "").strip() else None


# ---- as other themes have it ----


@on_the_tree
def elements_have_more_classes(tree):
    for node in elements(tree):
        if node.get("class"):
            node.set("class", f"x-7f \n {node.get('class')}\tcol-12 ")


@on_the_tree
def elements_are_numbered(tree):
    for number, node in enumerate(elements(tree)):
        node.set(f"data-v-{number}", "")
        if not node.get("id"):
            node.set("id", f"e{number}")


@on_the_tree
def texts_are_styled(tree):
    for node in elements(tree, *LINES):
        node.set("style", f"font-family:Tahoma;{node.get('style') or ''}")


@on_the_tree
def comments_stand_everywhere(tree):
    for node in elements(tree.body):
        if node is not tree.body:
            node.addprevious(etree.Comment(" begin "))


@on_the_tree
def the_page_is_in_a_form_and_a_table(tree):
    within_new(tree.body, "form", "table", "tr", "td")


@on_the_tree
def texts_are_in_elements_of_their_own(tree):
    for node in list(said_in(tree)):
        if not len(node):
            within_new(node, "span")


@on_the_tree
def a_script_stands_before_each_text(tree):
    for node in list(said_in(tree)):
        put_first(node, "<script>var place = 'خبر';</script>")


@on_the_tree
def a_word_to_those_without_scripts_stands_before_each_text(tree):
    for node in list(said_in(tree)):
        put_first(node, "<noscript>اسکریپت را روشن کنید</noscript>")


@on_the_tree
def a_style_stands_before_each_text(tree):
    for node in list(said_in(tree)):
        put_first(node, "<style>.icon { color: red }</style>")


@on_the_tree
def an_icon_stands_before_each_text(tree):
    for node in list(said_in(tree)):
        put_first(node, "<svg viewBox='0 0 1 1'><title>نشان</title><path d='M0 0'/></svg>")


@on_the_tree
def an_icon_of_a_font_stands_before_each_text(tree):
    for node in list(said_in(tree)):
        put_first(node, "<i class='icon icon-7f' aria-hidden='true'></i>")


@on_the_tree
def texts_have_direction_marks(tree):
    for node in said_in(tree):
        node.text = f"\u200f{node.text}\u200e"


@on_the_tree
def spaces_do_not_break(tree):
    for node in said_in(tree):
        node.text = node.text.replace(" ", "\u00a0")


@on_the_tree
def texts_are_broken_into_lines(tree):
    for node in said_in(tree):
        node.text = node.text.replace(" ", "\n    ")


@on_the_tree
def titles_are_broken_into_two_lines(tree):
    for node in said_in(tree, "h1", "h2"):
        first, space, second = node.text.strip().partition(" ")
        if space:
            node.text = first
            node.insert(0, node.makeelement("br"))
            node[0].tail = second


@on_the_tree
def a_day_and_its_time_are_in_elements_of_their_own(tree):
    for node in said_in(tree, "span", "li", "div", "time", "small", "td"):
        apart = re.fullmatch(r"(.*\d{4}|.*/\d\d) (\d\d:\d\d)\s*", node.text)
        if apart and not len(node):
            node.text = None
            for part in apart.groups():
                etree.SubElement(node, "span").text = part


@on_the_tree
def empty_paragraphs_part_the_others(tree):
    for node in elements(tree, "p"):
        new = html.fragment_fromstring("<p>\u00a0</p>")
        new.tail, node.tail = node.tail, None
        node.addnext(new)


@on_the_tree
def a_hidden_form_comes_first(tree):
    form = "<div class='modal' style='display:none'><h3>ورود کاربران</h3><p>نام کاربری خود را وارد کنید</p></div>"
    tree.body.insert(0, html.fragment_fromstring(form))


@on_the_tree
def the_bar_above_says_what_day_it_is(tree):
    bar = "<div class='topbar'><span class='today'>شنبه ۱۰ آذر ۱۴۰۳</span> <span class='clock'>۱۲:۳۰</span></div>"
    tree.body.insert(0, html.fragment_fromstring(bar))


@rewriting
def addresses_have_a_base(page):
    return page.replace("<head>", '<head><base href="/">', 1)


@rewriting
def no_language_is_stated(page):
    return re.sub("<html[^>]*>", "<html>", page, count=1)
