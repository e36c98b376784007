"""What somebody has complained of (投诉)."""

from uuid import UUID

from django.db.models import QuerySet

from province.opinion.states import UNANSWERED
from tenants.engagement.models import Question
from tenants.engagement.queries.questions import with_text


def complaints_about(case_id: UUID, citizen_id: UUID) -> QuerySet[Question]:
    """What the citizen has complained of about the case, the newest first, with its text."""
    return with_text(Question.objects.filter(case_id=case_id, citizen_id=citizen_id)).order_by("-pk")


def has_open_complaint(case_id: UUID, citizen_id: UUID) -> bool:
    """Whether a complaint of theirs about the case waits for an answer."""
    return complaints_about(case_id, citizen_id).filter(state__in=UNANSWERED).exists()
