"""An article as a reader sees it, be it the hall's own or a push."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe

from foundation.files.queries import FileFacts
from foundation.html import text_of
from foundation.texts import ArticleText
from province.content.queries.pushes import ListPlace, PushView, push_neighbours
from province.content.states import PageAnswer
from province.halls.models import Hall
from tenants.portal.models import Article
from tenants.portal.queries.site import PICTURE, ListLine, own_neighbours, push_line

# characters that somebody reads in a minute
_READING_SPEED = 400
_LINKED_FILE = re.compile(r'<a [^>]*href="/media/([0-9a-f-]{36})/?"')
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the text links to."""

    address: str
    name: str
    ending: str
    size: int


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """All that an article's page shows. ``notice``: why a withdrawn page still stands."""

    is_push: bool
    column: str
    place: ListPlace
    title: str
    subtitle: str
    source: str
    author: str
    summary: str
    keywords: list[str]
    body: SafeString
    length: int
    cover_id: UUID | None
    attachments: list[Attachment]
    published_by: str = ""
    marker: str = ""
    notice: str = ""
    noticed_at: datetime | None = None

    @property
    def address(self) -> str:
        return f"/{'p' if self.is_push else 'a'}/{self.place.id}/"

    @property
    def published_at(self) -> datetime:
        return self.place.published_at

    @property
    def minutes(self) -> int:
        """How many minutes it takes to read; at least one."""
        return max(1, round(self.length / _READING_SPEED))

    @property
    def picture(self) -> str:
        return f"/media/{self.cover_id}?w={PICTURE}" if self.cover_id else ""


def read_article(article: Article) -> ReadArticle:
    """An own article (of ``article_of_reader``) as its page shows it."""
    text = article.published
    place = ListPlace(article.is_pinned, article.published_at, article.pk)  # type: ignore[arg-type]
    files: list[FileFacts] = article.files  # type: ignore[attr-defined]  # annotated
    return ReadArticle(column=article.column.code, place=place, is_push=False, **_text_facts(text, files))


def read_push(view: PushView) -> ReadArticle:
    """A push as its page shows it, maybe with a notice."""
    has_notice = view.answer == PageAnswer.NOTICE
    return ReadArticle(
        column=view.column,
        place=ListPlace(view.is_pinned, view.published_at, view.id),
        is_push=True,
        published_by=view.desk_name,
        marker=view.marker,
        notice=view.reason if has_notice else "",
        noticed_at=view.changed_at if has_notice else None,
        **_text_facts(view.text, view.files),
    )


def neighbours(hall: Hall, text: ReadArticle) -> tuple[ListLine | None, ListLine | None]:
    """The newer and the older line beside it in its column: two queries."""
    own = own_neighbours(text.column, text.place)
    pushed = [line and push_line(line) for line in push_neighbours(hall, text.column, text.place)]
    newer = min((line for line in (own[0], pushed[0]) if line), key=lambda line: line.place, default=None)
    older = max((line for line in (own[1], pushed[1]) if line), key=lambda line: line.place, default=None)
    return newer, older


def _text_facts(text: ArticleText | None, files: Iterable[FileFacts]) -> dict[str, Any]:
    if text is None:
        message = "nothing that readers may see"
        raise ValueError(message)
    return {
        "title": text.title,
        "subtitle": text.subtitle,
        "source": text.source,
        "author": text.author,
        "summary": text.summary,
        "keywords": text.keywords,
        "body": body_html(text.body),
        "length": len(text_of(text.body)),
        "cover_id": text.cover_id,  # type: ignore[attr-defined]
        "attachments": list(_attachments(text.body, files)),
    }


def _attachments(body: str, files: Iterable[FileFacts]) -> Iterator[Attachment]:
    """The files to which the body links (others are its pictures), in its order."""
    known = {file["id"]: file for file in files}
    for file_id in dict.fromkeys(_LINKED_FILE.findall(body)):
        if file := known.get(file_id):
            ending = file["name"].rpartition(".")[2].upper()
            yield Attachment(f"/media/{file_id}", file["name"], ending, file["size"])


def body_html(body: str) -> SafeString:
    """A clean body for the page: pictures load late, and a wide table scrolls by itself, by keyboard, too."""
    lazy = body.replace("<img ", '<img loading="lazy" decoding="async" ')
    framed = _TABLE.sub(
        lambda table: f'<div class="table-scroll" tabindex="0" role="region" aria-label="表格">{table[0]}</div>', lazy
    )
    return mark_safe(framed)  # noqa: S308 - cleaned by foundation.html before it was kept
