"""States of a published answer, and the ways by which questions come. States of a question stand where halls report
them (``province.opinion.states``)."""

from typing import Final

from django.db import models

from foundation.states import Transitions


class QuestionChannel(models.TextChoices):
    """How a question or complaint came; what came by another way than the site was written down at the desk."""

    SITE = "site", "网站"
    PHONE = "phone", "电话"
    WINDOW = "window", "窗口"
    LETTER = "letter", "来信"
    # a complaint that nobody in a hall below may read
    BELOW = "below", "下级厅转来"


# at which somebody of the hall writes it down
DESK_CHANNELS: Final = (QuestionChannel.WINDOW, QuestionChannel.PHONE, QuestionChannel.LETTER)


class PublishedState(models.TextChoices):
    SHOWN = "shown", "已公开"
    WITHDRAWN = "withdrawn", "已撤下"


# shown again: with other words
PUBLISHED_TRANSITIONS: Final = Transitions[PublishedState](
    {
        PublishedState.SHOWN: frozenset({PublishedState.SHOWN, PublishedState.WITHDRAWN}),
        PublishedState.WITHDRAWN: frozenset({PublishedState.SHOWN}),
    }
)
