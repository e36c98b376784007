"""What stands in a hall's own schema: columns, articles, files. Rows are written directly, and the hall is touched, as
the operations do it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from foundation import schemas
from foundation.texts import files_of
from foundation.tokenizing import search_words
from province.halls.models import Hall, HallKind
from province.halls.operations import touch_hall
from tenants.portal.models import Article, ArticleVersion, Column, HallAsset
from tenants.portal.operations.article_reports import report_article
from tenants.portal.operations.columns import STARTING_COLUMNS
from tenants.portal.states import ArticleState, DraftState

_TEXTS = {"subtitle", "source", "author", "summary", "keywords"}
BODY = "<p>本周六，便民服务中心照常开门，居民可就近办理社保、医保业务。</p>"


@contextmanager
def inside(hall: Hall) -> Iterator[None]:
    """Work in the hall's schema; afterwards its pages are new."""
    with schemas.enter(hall.schema_name):
        yield
    touch_hall(hall.pk)


def change_hall(hall: Hall, **fields: Any) -> None:
    """What stands on the hall's own row; its pages are new afterwards."""
    Hall.objects.filter(pk=hall.pk).update(**fields)
    touch_hall(hall.pk)


def make_columns(hall: Hall) -> None:
    """Those that a new hall of its kind begins with."""
    with inside(hall):
        for order, starting in enumerate(STARTING_COLUMNS[HallKind(hall.kind)]):
            Column.objects.get_or_create(
                code=starting.code, defaults={"name": starting.name, "kind": starting.kind, "order": order}
            )


def make_column(hall: Hall, code: str, name: str, **fields: Any) -> Column:
    with inside(hall):
        column, _ = Column.objects.update_or_create(code=code, defaults={"name": name, **fields})
    return column


def make_file(hall: Hall, **fields: Any) -> HallAsset:
    """A picture's row; nothing lies in the store behind it."""
    digest = hashlib.sha256(uuid4().bytes).hexdigest()
    facts = {
        "key": f"{hall.schema_name}/{digest}.jpg",
        "name": "现场.jpg",
        "media_type": "image/jpeg",
        "size": 204_800,
        "sha256": digest,
        "alt": "服务大厅现场",
    }
    with inside(hall):
        return HallAsset.objects.create(**facts | fields)


def make_article(
    hall: Hall,
    title: str,
    *,
    column: str = "news",
    body: str = BODY,
    state: ArticleState = ArticleState.PUBLISHED,
    published_at: datetime | None = None,
    cover: HallAsset | None = None,
    **fields: Any,
) -> Article:
    """An article that readers see, unless ``state`` says otherwise. Takes other fields of an article, too."""
    texts = {"title": title, "body": body} | {name: fields.pop(name) for name in _TEXTS & fields.keys()}
    with inside(hall):
        article = Article.objects.create(
            column=Column.objects.get(code=column),
            state=state,
            draft_state=DraftState.DONE,
            cover=cover,
            **texts,
            **fields,
        )
        if state != ArticleState.DRAFT:
            article.published = ArticleVersion.objects.create(
                article=article,
                number=1,
                cover=cover,
                asset_ids=files_of(body, cover.pk if cover else None),
                submitted_by_name="孙北",
                search_words=search_words(title, body),
                **texts,
            )
            article.published_at = published_at or timezone.now()
            article.save()
            report_article(hall, article)
    return article


def make_articles(hall: Hall, count: int, *, column: str = "news", title: str = "文章") -> list[Article]:
    """Some articles, one a day, the first of them the oldest."""
    newest = timezone.now()
    return [
        make_article(hall, f"{title}{number}", column=column, published_at=newest - timedelta(days=count - number))
        for number in range(count)
    ]
