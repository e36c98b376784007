"""What the province knows of the hall's articles, for the search over all halls: written with each change."""

from collections.abc import Iterable
from itertools import batched
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from foundation.html import text_of
from province.halls.models import Hall
from province.search.operations import ArticleFacts, report_articles, report_articles_again
from tenants.portal.models import Article, Column
from tenants.portal.states import ArticleState

_BATCH: Final = 200


def report_article(hall: Hall, article: Article) -> None:
    """The caller holds the article's row."""
    report(hall, [article])


def report_column(hall: Hall, column: Column) -> None:
    """Its articles come and go with it. The caller holds the columns."""
    articles = _with_text(column.articles.filter(state=ArticleState.PUBLISHED)).order_by("pk")
    for some in batched(articles.select_for_update(of=("self",)).iterator(_BATCH), _BATCH, strict=False):
        report(hall, some)


@transaction.atomic
def report_site_again(hall: Hall) -> None:
    """All of them, once the hall's rows came out of an archive."""
    articles = _with_text(Article.objects.filter(state=ArticleState.PUBLISHED, column__is_visible=True))
    report_articles_again(hall_id=hall.pk, shown=[_facts(one) for one in articles.select_for_update(of=("self",))])


def report(hall: Hall, articles: Iterable[Article]) -> None:
    shown = {one.pk: _facts(one) for one in articles if one.state == ArticleState.PUBLISHED and one.column.is_visible}
    report_articles(hall_id=hall.pk, shown=[*shown.values()], gone=[one.pk for one in articles if one.pk not in shown])


def _with_text(articles: QuerySet[Article]) -> QuerySet[Article]:
    return articles.select_related("column", "published")


def _facts(article: Article) -> ArticleFacts:
    version, published_at = article.published, article.published_at
    if version is None or published_at is None:
        message = f"{article.pk} is published without a version"
        raise ValueError(message)
    return ArticleFacts(
        id=article.pk,
        column=article.column.code,
        title=version.title,
        source=version.source,
        text=text_of(version.body),
        search_words=version.search_words,
        published_at=published_at,
    )
