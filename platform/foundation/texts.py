"""The fields of a piece of writing, wherever it stands, and what editors may put into them."""

import re
from collections.abc import Iterable
from typing import Any, TypedDict, cast
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.errors import Fault, Invalid
from foundation.html import clean_html, media_ids

TITLE_LENGTH = 80  # characters; lists show 26 of them, a home page's lead 40
SUMMARY_LENGTH = 200
SOURCE_LENGTH = 80
AUTHOR_LENGTH = 40
KEYWORD_LENGTH = 20
MOST_KEYWORDS = 10
# what neither PostgreSQL (NUL, lone surrogates) nor a reader (controls, overrides of direction) can use
_UNUSABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SEPARATORS = re.compile(r"[,，;；、\s]+")


class ArticleText(models.Model):
    """Title, body and what editors write around them. ``body`` is HTML cleaned by ``foundation.html``."""

    title = models.CharField("标题", max_length=TITLE_LENGTH)
    subtitle = models.CharField("副标题", max_length=TITLE_LENGTH, blank=True)
    source = models.CharField("来源", max_length=SOURCE_LENGTH, blank=True)
    author = models.CharField("作者", max_length=AUTHOR_LENGTH, blank=True)
    summary = models.CharField("摘要", max_length=SUMMARY_LENGTH, blank=True)
    body = models.TextField("正文", blank=True)
    keywords = ArrayField(models.CharField(max_length=KEYWORD_LENGTH), default=list, blank=True)

    class Meta:
        abstract = True


class SideTexts(TypedDict, total=False):
    """What stands around a title and a body."""

    subtitle: str
    source: str
    author: str
    summary: str
    keywords: list[str]


class Texts(SideTexts, total=False):
    """The fields of ArticleText that somebody writes; those left out stay as they are."""

    title: str
    body: str


TEXT_FIELDS = tuple(Texts.__annotations__)
LINE_LENGTHS = {
    "title": TITLE_LENGTH,
    "subtitle": TITLE_LENGTH,
    "source": SOURCE_LENGTH,
    "author": AUTHOR_LENGTH,
    "summary": SUMMARY_LENGTH,
}


def field_label(name: str) -> str:
    """As forms and lists name the field: 标题, 来源, …"""
    return str(cast("models.Field[Any, Any]", ArticleText._meta.get_field(name)).verbose_name)


def clean_texts(texts: Texts) -> Texts:
    """The fields as they may be kept: single lines without stray blanks, HTML cleaned, each keyword once.

    Raises Invalid with a fault for every field that is wrong, so that an editor sees all of them at once.
    """
    faults: list[Fault] = []
    cleaned: dict[str, Any] = {}
    for name, value in texts.items():
        try:
            cleaned[name] = _CLEANERS.get(name, _clean_line)(name, value)
        except Invalid as error:
            faults += error.faults
    if faults:
        raise Invalid.of(faults)
    return cast("Texts", cleaned)


def _clean_line(name: str, value: Any) -> str:
    line = line_of(str(value))
    most = LINE_LENGTHS[name]
    if len(line) > most:
        message = f"{field_label(name)}过长：最多 {most} 个字，现在有 {len(line)} 个。"
        raise Invalid.at(name, message)
    return line


def _clean_body(_: str, value: Any) -> str:
    return clean_html(visible(str(value)))


def _clean_keywords(name: str, value: Any) -> list[str]:
    pieces: Iterable[str] = [value] if isinstance(value, str) else value
    words = dict.fromkeys(word for piece in pieces for word in _SEPARATORS.split(visible(piece)) if word)
    message = ""
    if len(words) > MOST_KEYWORDS:
        message = f"关键词过多：最多 {MOST_KEYWORDS} 个，现在有 {len(words)} 个。"
    elif long := [word for word in words if len(word) > KEYWORD_LENGTH]:
        message = f"关键词过长：“{long[0][:KEYWORD_LENGTH]}…”，每个最多 {KEYWORD_LENGTH} 个字。"
    if message:
        raise Invalid.at(name, message)
    return list(words)


_CLEANERS = {"body": _clean_body, "keywords": _clean_keywords}


def files_of(body: str, cover_id: UUID | None) -> list[UUID]:
    """The ids of all files that readers of a text are shown: its cover, and what its cleaned body shows or links to."""
    covers = [] if cover_id is None else [cover_id]
    return list(dict.fromkeys([*covers, *map(UUID, media_ids(body))]))


def visible(text: str) -> str:
    """The text without characters that cannot be kept, or that would deceive its readers."""
    return _UNUSABLE.sub("", text)


def line_of(text: str) -> str:
    """The visible text as one line, without stray blanks."""
    return " ".join(visible(text).split())


def lines_of(text: str) -> list[str]:
    """The lines that people typed one below the other, without empty ones and doubles, each as one clean line."""
    return list(dict.fromkeys(line for line in (line_of(one) for one in text.splitlines()) if line))
