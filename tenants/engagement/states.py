"""States of a published answer. Those of a question stand where halls report them (``province.opinion.states``)."""

from typing import Final

from django.db import models

from foundation.states import Transitions


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
