"""What people tell halls, its states, and which may follow which."""

from typing import Final

from django.db import models

from foundation.states import Transitions


class QuestionKind(models.TextChoices):
    QUESTION = "question", "咨询"
    # about how a case was handled
    COMPLAINT = "complaint", "投诉"


class QuestionState(models.TextChoices):
    WAITING = "waiting", "待答复"
    # a complaint that nobody in the hall may read: a hall above answers it
    RAISED = "raised", "已转上级"
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已办结"
    REFUSED = "refused", "不属本厅"


# as the asker sees it
UNANSWERED: Final = frozenset({QuestionState.WAITING, QuestionState.RAISED})
# to wait again: it goes to another department, or something further is asked; answered again: something is added
_LEFT: Final = frozenset({QuestionState.ANSWERED, QuestionState.REFUSED})
QUESTION_TRANSITIONS: Final = Transitions[QuestionState](
    {
        QuestionState.WAITING: frozenset({QuestionState.WAITING, QuestionState.RAISED, *_LEFT}),
        QuestionState.RAISED: _LEFT,
        QuestionState.ANSWERED: frozenset({QuestionState.ANSWERED, QuestionState.WAITING, QuestionState.CLOSED}),
        QuestionState.CLOSED: frozenset(),
        QuestionState.REFUSED: frozenset(),
    }
)
