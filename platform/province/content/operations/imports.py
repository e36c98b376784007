"""Manuscripts from files: Markdown or HTML, whose first heading is the title. Markdown may begin with front matter."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any

from django.db import transaction

from foundation.errors import Fault, Invalid
from foundation.html import clean_html, clean_markdown, text_of, title_of
from province.content.models import Manuscript
from province.content.operations.manuscripts import create_manuscript
from province.content.queries.columns import PUSH_COLUMNS, column_code
from province.rights.actors import Actor

_MARKDOWN = frozenset((".md", ".markdown"))
_HTML = frozenset((".html", ".htm"))
_FRONT = re.compile(r"---[ \t]*\r?\n(.*?)(?:^---|^\.\.\.)[ \t]*\r?(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_LONGEST_FRONT = 4_000
# names, and lists of words
_DEEPEST_FRONT = 3
_UNREADABLE = "文件开头的说明读不懂：每行一项，写项名、半角冒号、空格和内容。"
# as people write them -> what it is
_KEYS = {
    **{name: name for name in ("title", "subtitle", "source", "author", "summary", "keywords", "date", "column")},
    "标题": "title",
    "副标题": "subtitle",
    "来源": "source",
    "作者": "author",
    "摘要": "summary",
    "关键词": "keywords",
    "日期": "date",
    "栏目": "column",
}
_COLUMN = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}\Z")
_FIRST_HEADING = re.compile(r"<(h[2-6])>(.*?)</\1>", re.DOTALL)


@transaction.atomic
def import_manuscript(*, by: Actor, desk_prefix: str, name: str, text: str | bytes) -> Manuscript:
    """A new draft from a file's text. Bytes are read as UTF-8 (with or without BOM) or GB18030.

    Raises Invalid for another kind of file, for text that is neither, for HTML that would run, where there is nothing
    to be the title, and for front matter that is no such thing or has keys that nobody knows (they are named).
    """
    ending = PurePosixPath(name).suffix.lower()
    if ending not in _MARKDOWN | _HTML:
        raise _refuse("只能导入 Markdown（.md）或网页（.html）文件。")
    plain = _decoded(text) if isinstance(text, bytes) else text
    front = FrontMatter()
    if ending in _MARKDOWN:
        front, plain = _split_front(plain)
    html = clean_markdown(plain) if ending in _MARKDOWN else clean_html(plain)
    texts = dict(front.texts)
    if title := texts.pop("title", ""):
        body = html
    else:
        title, body = _split_title(html, plain if ending in _HTML else "")
    made = create_manuscript(by=by, desk_prefix=desk_prefix, title=title, body=body, **texts)
    made.meant_column, made.dated_on = front.column, front.dated_on
    made.save(update_fields=["meant_column", "dated_on"])
    return made


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a Markdown file says of itself between two lines of dashes."""

    texts: dict[str, Any] = field(default_factory=dict)
    column: str = ""
    dated_on: date | None = None


def _split_front(text: str) -> tuple[FrontMatter, str]:
    """The front matter, if the file begins with one, and the rest."""
    found = _FRONT.match(text.lstrip("\ufeff"))
    if found is None:
        return FrontMatter(), text
    rest = text.lstrip("\ufeff")[found.end() :]
    facts = _facts_in(found[1])
    if unknown := sorted(str(key)[:40] for key in facts if key not in _KEYS):
        message = f"文件开头的说明有不认识的项：{'、'.join(unknown[:10])}。可以写：{'、'.join(_KEYS)}。"
        raise _refuse(message)
    values: dict[str, Any] = {}
    for key, value in facts.items():
        name = _KEYS[key]
        if name in values:
            message = f"文件开头的说明里“{key}”写了两次。"
            raise _refuse(message)
        values[name] = value
    dated_on, column = _day(values.pop("date", "")), column_code(_line("column", values.pop("column", "")))
    if column and not _COLUMN.match(column):
        message = f"没有“{column[:32]}”这个栏目。请写{'、'.join(PUSH_COLUMNS.values())}，或服务厅自设栏目的代码。"
        raise _refuse(message)
    keywords = values.pop("keywords", [])
    texts: dict[str, Any] = {name: _line(name, value) for name, value in values.items()}
    if keywords:
        texts["keywords"] = [_line("keywords", one) for one in (keywords if isinstance(keywords, list) else [keywords])]
    return FrontMatter(texts, column, dated_on), rest


def _facts_in(front: str) -> dict[str, Any]:
    """Texts, and lists of them, as they are written. What is long or deep, names a type, or stands for something
    elsewhere is refused: a few lines could stand for more than any memory holds."""
    import yaml  # noqa: PLC0415 - few files have it

    if len(front) > _LONGEST_FRONT:
        message = f"文件开头的说明太长，最多 {_LONGEST_FRONT:,} 个字符。"
        raise _refuse(message)
    depth = 0
    try:
        for event in yaml.parse(front, yaml.BaseLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST_FRONT or isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None):
                raise _refuse(_UNREADABLE)
            getattr(event, "value", "").encode()
        facts = yaml.load(front, yaml.BaseLoader)  # noqa: S506 - it makes texts alone
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # the last two come of characters that there are not, by number and by halves
        raise _refuse(_UNREADABLE) from error
    if facts is None:
        return {}
    if not isinstance(facts, dict):
        raise _refuse(_UNREADABLE)
    return facts


def _line(name: str, value: Any) -> str:
    if not isinstance(value, str):
        message = f"文件开头的说明里“{name}”应是一行文字。"
        raise _refuse(message)
    return value.strip()


def _day(value: Any) -> date | None:
    said = _line("日期", value)
    if not said:
        return None
    with suppress(ValueError):
        return datetime.fromisoformat(said).date()
    for form in ("%Y年%m月%d日", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"):
        with suppress(ValueError):
            return datetime.strptime(said, form).date()  # noqa: DTZ007 - a day has no zone
    raise _refuse("文件开头的说明里“日期”请写成 2026-11-29 或 2026年11月29日。")


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
