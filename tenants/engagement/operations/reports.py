"""What the province knows of the hall's questions, made equal to the hall's rows once these came out of an archive."""

from django.db import transaction

from province.halls.models import Hall
from province.opinion.operations import forget_questions_but
from tenants.engagement.models import Question
from tenants.engagement.operations.raising import agree_with_others
from tenants.engagement.operations.rows import set_clocks, tell_province


@transaction.atomic
def report_again(hall: Hall) -> None:
    """Forget what was asked since, report the others as they stood, and set their clocks; complaints
    that went up or came from below are made to agree with what the other halls have said."""
    questions = list(Question.objects.select_for_update())
    forget_questions_but(hall_id=hall.pk, question_ids=[one.pk for one in questions])
    for question in questions:
        set_clocks(hall, question)
        tell_province(hall, question)
    agree_with_others(hall)
