from django.db import models

from foundation.states import Transitions


class ArticleState(models.TextChoices):
    DRAFT = "draft", "草稿"
    FIRST = "first", "待初审"
    SECOND = "second", "待复审"
    FINAL = "final", "待终审"
    RETURNED = "returned", "已退回"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤下"


_REVIEWS = frozenset({ArticleState.FIRST, ArticleState.SECOND, ArticleState.FINAL})

# which reviews a hall asks for is its own setting, so every review may lead to any later one or to publication
ARTICLE_TRANSITIONS = Transitions(
    {
        ArticleState.DRAFT: _REVIEWS | {ArticleState.PUBLISHED},
        ArticleState.FIRST: frozenset(
            {ArticleState.SECOND, ArticleState.FINAL, ArticleState.PUBLISHED, ArticleState.RETURNED}
        ),
        ArticleState.SECOND: frozenset({ArticleState.FINAL, ArticleState.PUBLISHED, ArticleState.RETURNED}),
        ArticleState.FINAL: frozenset({ArticleState.PUBLISHED, ArticleState.RETURNED}),
        ArticleState.RETURNED: _REVIEWS | {ArticleState.PUBLISHED},
        ArticleState.PUBLISHED: frozenset({ArticleState.WITHDRAWN}),
        ArticleState.WITHDRAWN: frozenset({ArticleState.PUBLISHED}),
    }
)
