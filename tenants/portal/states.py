from django.db import models

from foundation.states import Transitions


class ArticleState(models.TextChoices):
    """What readers see of an article."""

    DRAFT = "draft", "未发布"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤下"


ARTICLE_TRANSITIONS = Transitions(
    {
        ArticleState.DRAFT: frozenset({ArticleState.PUBLISHED}),
        # a corrected version follows
        ArticleState.PUBLISHED: frozenset({ArticleState.PUBLISHED, ArticleState.WITHDRAWN}),
        ArticleState.WITHDRAWN: frozenset({ArticleState.PUBLISHED}),
    }
)


class DraftState(models.TextChoices):
    """How far the draft is on its way to the readers, who meanwhile go on reading what was published before."""

    EDITING = "editing", "编辑中"
    FIRST = "first", "待初审"
    SECOND = "second", "待复审"
    FINAL = "final", "待终审"
    RETURNED = "returned", "已退回"
    DONE = "done", "已定稿"


# in their order; which of them a hall asks for is its own setting
REVIEW_STEPS = (DraftState.FIRST, DraftState.SECOND, DraftState.FINAL)

_FROM_DESK = frozenset({*REVIEW_STEPS, DraftState.DONE})

# a step may lead to any later one: a hall may leave out those between
DRAFT_TRANSITIONS = Transitions(
    {
        DraftState.EDITING: _FROM_DESK,
        DraftState.RETURNED: _FROM_DESK | {DraftState.EDITING},
        DraftState.DONE: frozenset({DraftState.EDITING}),
        DraftState.FIRST: frozenset(
            {DraftState.SECOND, DraftState.FINAL, DraftState.DONE, DraftState.RETURNED, DraftState.EDITING}
        ),
        DraftState.SECOND: frozenset({DraftState.FINAL, DraftState.DONE, DraftState.RETURNED, DraftState.EDITING}),
        DraftState.FINAL: frozenset({DraftState.DONE, DraftState.RETURNED, DraftState.EDITING}),
    }
)
