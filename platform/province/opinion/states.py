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
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已办结"
    REFUSED = "refused", "不属本厅"


# to wait again: it goes to another department, or something further is asked; answered again: something is added
QUESTION_TRANSITIONS: Final = Transitions[QuestionState](
    {
        QuestionState.WAITING: frozenset({QuestionState.WAITING, QuestionState.ANSWERED, QuestionState.REFUSED}),
        QuestionState.ANSWERED: frozenset({QuestionState.ANSWERED, QuestionState.WAITING, QuestionState.CLOSED}),
        QuestionState.CLOSED: frozenset(),
        QuestionState.REFUSED: frozenset(),
    }
)
