import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import IO

from foundation.confinement import Limits, confined_text
from foundation.errors import Invalid
from foundation.html.tokens import Tag, tags_of, tokens_of, unescaped

LONGEST_BODY = 400_000  # characters
# a longer one is cleaned in a process of its own: what a browser's rules ask for may take time with the square of it
_AT_ONCE = 8_000
# elements inside each other, or ended in another order than they were begun; an article has some ten
_DEEPEST = 500

_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code"),
    *("ul", "ol", "li", "dl", "dt", "dd"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("figure", "figcaption", "img", "a"),
    *("strong", "b", "em", "i", "u", "s", "del", "ins", "sub", "sup"),
}
# where text goes in the page but means nothing to readers: dropped with all that is in them
_SILENT_TAGS = {"head", "style", "title", "template", "noscript", "svg", "math", "select", "textarea", "button"}
_LINK_SCHEMES = {"http", "https", "mailto", "tel"}
# pictures are ours, by the id of their row; whatever else a browser would fetch tells somebody who reads what
_OUR_FILE = re.compile(r"/media/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/?\Z")

# what nh3 writes is canonical (attributes quoted, "<" and ">" escaped inside them), so these may read it
_IMAGE = re.compile(r"<img[^>]*>")
_LINK = re.compile(r"</?a(?:\s[^>]*)?>")
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
_H1 = re.compile(r"<(/?)h1>")
_MEDIA = re.compile(r'"/media/([0-9a-f-]{36})/?"')

_TITLE_BEGINS = re.compile(r"<title(?:\s[^<>]*+)?>", re.IGNORECASE)
_TITLE_ENDS = re.compile(r"</title", re.IGNORECASE)

_ACTIVE_TAGS = {
    "script": "脚本",
    "iframe": "内嵌网页",
    "frame": "内嵌网页",
    "object": "插件",
    "embed": "插件",
    "applet": "插件",
    "base": "网址基准",
    "meta": "页面跳转指令",
}
_ACTIVE_SCHEMES = ("javascript:", "vbscript:", "data:text", "data:application", "data:image/svg")
_BLANKS = re.compile(r"[\x00-\x20\x7f-\xa0]")
_ADDRESSES = frozenset(("href", "src", "action", "formaction", "xlink:href", "poster", "srcset"))
# they have no end, or end where the next one begins
_NEVER_DEEP = frozenset(
    (
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"),
        *("p", "li", "dt", "dd", "option", "caption", "colgroup", "thead", "tbody", "tfoot", "tr", "th", "td"),
    )
)
TOO_HARD = "正文的格式过于复杂：有大量没有结束或层层嵌套的标记。请用“清除格式”后重新排版，或分成几篇再保存。"
LIMITS = Limits(seconds=1)


# until the text is read as it was written
_PASSES = 4


def clean_html(html: str) -> str:
    """The part of ``html`` that an article may hold: headings, paragraphs, lists, tables, figures, links.

    Styles, forms, foreign pictures and everything unknown are dropped silently, as a paste from elsewhere brings them
    along; a page's own heading (h1) becomes h2, because the article's title is the only h1. Raises Invalid where
    something is meant to run (scripts, event handlers, ``javascript:`` links, frames): that is no slip of an editor;
    and where the markup is such that no browser would be done with it in good time.
    """
    refuse_too_long(html)
    if len(html) <= _AT_ONCE:
        return _cleaned(html)
    return confined_text("foundation.html.cleaning:clean_file", html, limits=LIMITS, too_much=TOO_HARD, where="body")


def clean_file(file: IO[bytes]) -> Iterator[bytes]:
    """``clean_html`` as a confined work."""
    yield cleaned_bytes(file.read().decode())


def cleaned_bytes(html: str) -> bytes:
    return _cleaned(html).encode()


def refuse_too_long(html: str) -> None:
    if len(html) > LONGEST_BODY:
        message = f"正文过长，最多 {LONGEST_BODY // 10_000} 万个字符（含格式）。请拆成几篇，或把部分内容改为附件。"
        raise Invalid.at("body", message)


def _pass_through(html: str) -> str:
    import nh3  # noqa: PLC0415 - only those load it who clean

    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_SILENT_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_filter_attribute,
        url_schemes=_LINK_SCHEMES,
    )


def _cleaned(html: str) -> str:
    if found := _active_parts(html):
        message = f"正文中含有不允许的内容：{'、'.join(found)}。请删除后再保存。"
        raise Invalid.at("body", message)
    cleaned = _pass_through(html)
    for _ in range(_PASSES):
        # tags that nobody ended are opened anew in every paragraph
        refuse_too_long(cleaned)
        # what is read differently a second time could show then what was hidden before
        again, cleaned = cleaned, _pass_through(cleaned)
        if again == cleaned:
            break
    else:
        raise Invalid.at("body", TOO_HARD)
    cleaned = _IMAGE.sub(lambda image: image[0] if ' src="' in image[0] else "", cleaned)
    return _H1.sub(r"<\1h2>", cleaned).strip()


def _filter_attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src":
        return value if _OUR_FILE.match(value) else None
    if name in {"width", "height", "colspan", "rowspan", "start"}:
        return value if value.isascii() and value.isdigit() and len(value) <= 4 else None  # noqa: PLR2004 - digits
    return value


def _active_parts(html: str) -> list[str]:
    """What would run. nh3 would drop it all the same: this is so that somebody is told.

    Raises Invalid where elements lie in each other deeper than anybody writes."""
    found: dict[str, None] = {}
    # an end that is not the innermost one's counts as none: a browser may not take it for one either
    opened: list[str] = []
    for tag in tags_of(html):
        if not tag.is_end:
            found |= dict.fromkeys(_active_parts_of(tag))
        if tag.name not in _NEVER_DEEP:
            if not tag.is_end:
                opened.append(tag.name)
            elif opened and opened[-1] == tag.name:
                opened.pop()
            if len(opened) > _DEEPEST:
                raise Invalid.at("body", TOO_HARD)
    return list(found)


def _active_parts_of(tag: Tag) -> Iterator[str]:
    if tag.name in _ACTIVE_TAGS and (tag.name != "meta" or any(name == "http-equiv" for name, _ in tag.attributes)):
        yield f"{_ACTIVE_TAGS[tag.name]}（{tag.name}）"
    for name, value in tag.attributes:
        if name.startswith("on"):
            yield f"事件代码（{name[:30]}）"
        elif name in _ADDRESSES:
            scheme = _BLANKS.sub("", unescaped(value)).lower()
            if scheme.startswith(_ACTIVE_SCHEMES):
                yield f"可执行的链接（{scheme.partition(':')[0]}:）"


# where text as it is read aloud begins a new line
_BREAKS = frozenset(_TAGS) - {"a", "strong", "b", "em", "i", "u", "s", "del", "ins", "sub", "sup", "code", "img"}


def text_of(html: str) -> str:
    """The plain text of cleaned HTML, a line for each paragraph, item and cell; blank lines left out."""
    parts = (token.text or ("\n" if token.name in _BREAKS else "") for token in tokens_of(html))
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def title_of(page: str) -> str:
    """The words of a page's ``<title>``, as anybody wrote it; "" where it has none.

    Only the first counts: to look for the end of each would take time with their square.
    """
    begin = _TITLE_BEGINS.search(page)
    end = begin and _TITLE_ENDS.search(page, begin.end())
    return " ".join(text_of(page[begin.end() : end.start()]).split()) if begin and end else ""


def html_of(text: str) -> str:
    """Plain text as paragraphs: one for each line that is not blank."""
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in text.splitlines() if line.strip())


def media_ids(html: str) -> list[str]:
    """The ids of all files that cleaned HTML shows or links to (``/media/<id>``), each once."""
    return list(dict.fromkeys(_MEDIA.findall(html)))


def replace_media(html: str, new_ids: Mapping[str, object]) -> str:
    """Cleaned HTML with its files' ids changed, after the files were copied elsewhere."""
    return _MEDIA.sub(lambda found: f'"/media/{new_ids.get(found[1], found[1])}"', html)


def picture_ids(html: str) -> list[str]:
    """The ids of the pictures that cleaned HTML shows (``/media/<id>``), each once."""
    return list(dict.fromkeys(_MEDIA.findall(" ".join(_IMAGE.findall(html)))))


def with_addresses(html: str, addresses: Mapping[str, str]) -> str:
    """Cleaned HTML for a place outside: our files by these addresses, for each ``/media/<id>`` the one of its id."""
    return _MEDIA.sub(lambda found: f'"{escape(addresses[found[1]])}"' if found[1] in addresses else found[0], html)


def without_links(html: str) -> str:
    """Cleaned HTML with the words of its links, for places that take no links."""
    return _LINK.sub("", html)


def images_without_alt(html: str) -> int:
    """How many pictures of cleaned HTML have no words for people who cannot see them."""
    images = [dict(_ATTRIBUTE.findall(image)) for image in _IMAGE.findall(html)]
    return sum(not image.get("alt", "").strip() for image in images)
