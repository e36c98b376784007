from typing import Final

from django.db import models

from foundation.states import Transitions

# what open work says that it is
ASSISTANCE_KIND: Final = "assistance"


class AssistanceState(models.TextChoices):
    """How the hall that takes it in has it."""

    DRAFT = "draft", "未交办"
    SENT = "sent", "已交办"
    ENDED = "ended", "已了结"


ASSISTANCE_TRANSITIONS: Final = Transitions(
    {
        AssistanceState.DRAFT: frozenset({AssistanceState.SENT}),
        # taken back, or sent back by the hall that does it; its result is here, or the person has withdrawn
        AssistanceState.SENT: frozenset({AssistanceState.DRAFT, AssistanceState.ENDED}),
    }
)
