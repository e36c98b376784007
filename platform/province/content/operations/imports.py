"""Manuscripts from files: Markdown or HTML, whose first heading is the title."""

import re
from pathlib import PurePosixPath

from django.db import transaction

from foundation.errors import Fault, Invalid
from foundation.html import clean_html, clean_markdown, text_of, title_of
from province.content.models import Manuscript
from province.content.operations.manuscripts import create_manuscript
from province.rights.actors import Actor

_MARKDOWN = frozenset((".md", ".markdown"))
_HTML = frozenset((".html", ".htm"))
_FIRST_HEADING = re.compile(r"<(h[2-6])>(.*?)</\1>", re.DOTALL)


@transaction.atomic
def import_manuscript(*, by: Actor, desk_prefix: str, name: str, text: str | bytes) -> Manuscript:
    """A new draft from a file's text. Bytes are read as UTF-8 (with or without BOM) or GB18030.

    Raises Invalid for another kind of file, for text that is neither, for HTML that would run, and where there is no
    heading to be the title.
    """
    ending = PurePosixPath(name).suffix.lower()
    if ending not in _MARKDOWN | _HTML:
        raise _refuse("只能导入 Markdown（.md）或网页（.html）文件。")
    plain = _decoded(text) if isinstance(text, bytes) else text
    html = clean_markdown(plain) if ending in _MARKDOWN else clean_html(plain)
    title, body = _split_title(html, plain if ending in _HTML else "")
    return create_manuscript(by=by, desk_prefix=desk_prefix, title=title, body=body)


def _split_title(html: str, page: str) -> tuple[str, str]:
    """The first heading is the title and leaves the body; a page without one may have a <title>."""
    if found := _FIRST_HEADING.search(html):
        return text_of(found[2]).replace("\n", " "), (html[: found.start()] + html[found.end() :]).strip()
    if title := title_of(page):
        return title, html
    raise _refuse("文件中没有标题。请在开头写一行标题（Markdown 中以“# ”开头）。")


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refuse("文件的文字编码无法识别，请另存为 UTF-8 后再导入。")


def _refuse(message: str) -> Invalid:
    return Invalid(message, faults=[Fault("file", message)])
